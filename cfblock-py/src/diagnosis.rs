//! `diagnose` and `Diagnosis`.

use cfblock_core::{Candidate, Diagnosis as CoreDiagnosis, Observation, ProbeLimits};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyMapping, PyString};

use crate::convert::{expected, from_python, in_item, moment, to_json, to_python};
use crate::input::{Response, optional_member};
use crate::{triage, verdict};

/// Whom a fault hits, what it is, what to do, and what to look at next.
#[pyclass(frozen, eq, module = "cfblock")]
#[derive(Clone, PartialEq)]
pub(crate) struct Diagnosis(pub(crate) CoreDiagnosis);

#[pymethods]
impl Diagnosis {
    /// Whom it hits.
    #[getter]
    fn scope(&self) -> &'static str {
        self.0.scope.as_str()
    }

    /// The value of the attribute that the scope turns on.
    #[getter]
    fn value<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &self.0.value)
    }

    /// How likely the scope is, 0 to 1.
    #[getter]
    fn probability(&self) -> f64 {
        self.0.probability
    }

    /// What it is.
    #[getter]
    fn classification(&self) -> &'static str {
        self.0.classification.as_str()
    }

    /// What to do.
    #[getter]
    fn action(&self) -> &'static str {
        self.0.action.as_str()
    }

    /// What to change, for the action `change_identity`; all of it together.
    #[getter]
    fn change(&self) -> Vec<&'static str> {
        self.0.change.iter().map(|change| change.as_str()).collect()
    }

    /// The next probe worth making.
    #[getter]
    fn next_probe<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &self.0.next_probe)
    }

    /// The ids of the observations that decided it.
    #[getter]
    fn decided_by<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &self.0.decided_by)
    }

    /// What else it could be, the likeliest first.
    #[getter]
    fn hypotheses<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &self.0.hypotheses)
    }

    /// The diagnosis as a dict.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &self.0)
    }

    /// The diagnosis as JSON in one line.
    fn to_json(&self) -> PyResult<String> {
        to_json(&self.0)
    }

    fn __copy__(this: Py<Self>) -> Py<Self> {
        this
    }

    fn __deepcopy__(this: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        this
    }

    fn __repr__(&self) -> String {
        format!(
            "<Diagnosis {} ({:.0} %) classification={} action={}>",
            self.0.scope,
            self.0.probability * 100.0,
            self.0.classification,
            self.0.action
        )
    }
}

/// Says whom a fault hits, from what several vantages saw of one host.
///
/// - `observations`: mappings, each with a "verdict" (a `Verdict` or the dict of its record) or in its place
///   the arguments of `classify`, with the "vantage" it was seen from, and where known "id", "url" and "time".
/// - `candidates`: probes that could still be made, mappings with "id" and "vantage".
/// - `policy`: as in `Verdict.triage`.
///
/// Where the observations leave it open, the `Diagnosis` says "undetermined", and which probe tells most.
/// Raises `TypeError` or `ValueError` that names the item and the member.
#[pyfunction]
#[pyo3(signature = (observations, candidates=None, *, policy=None))]
pub(crate) fn diagnose(
    observations: &Bound<'_, PyAny>,
    candidates: Option<&Bound<'_, PyAny>>,
    policy: Option<&Bound<'_, PyAny>>,
) -> PyResult<Diagnosis> {
    let observations: Vec<Observation> = read_list("observations", observations, read_observation)?;
    let candidates: Vec<Candidate> = match candidates {
        Some(list) => read_list("candidates", list, |name, mapping| from_python(name, mapping))?,
        None => Vec::new(),
    };
    let limits = ProbeLimits::from(&triage::policy(policy)?);
    Ok(Diagnosis(cfblock_core::diagnose(&observations, &candidates, &limits)))
}

fn read_list<T>(
    name: &str,
    list: &Bound<'_, PyAny>,
    read: impl Fn(&str, &Bound<'_, PyMapping>) -> PyResult<T>,
) -> PyResult<Vec<T>> {
    let wrong = || expected(name, "a list of mappings", list);
    if list.is_instance_of::<PyString>() || list.is_instance_of::<PyDict>() {
        return Err(wrong());
    }
    let items = list.try_iter().map_err(|_| wrong())?.enumerate();
    let read_one = |(at, item): (usize, PyResult<Bound<'_, PyAny>>)| {
        let (name, item) = (format!("{name}[{at}]"), item?);
        read(&name, item.cast::<PyMapping>().map_err(|_| expected(&name, "a mapping", &item))?)
    };
    items.map(read_one).collect()
}

/// A mapping with a verdict, or with the response in its place.
fn read_observation(name: &str, mapping: &Bound<'_, PyMapping>) -> PyResult<Observation> {
    let py = mapping.py();
    let member = |name| optional_member(mapping, name);
    let known = match member("verdict")? {
        Some(value) => verdict::read(&format!("{name}: verdict"), &value)?,
        None => Response::read_members(mapping)
            .and_then(|mut response| response.with_parts(cfblock_core::classify))
            .map_err(|error| in_item(py, name, error))?,
    };
    let members = PyDict::new(py);
    members.set_item("verdict", to_python(py, &known.facts())?)?;
    for name in ["id", "vantage", "url"] {
        members.set_item(name, member(name)?)?;
    }
    let observation: Observation = from_python(name, &members)?;
    Ok(match member("time")? {
        Some(time) => {
            observation.time(moment(&format!("{name}: time"), &time)?.unix_millis().div_euclid(1000))
        }
        None => observation,
    })
}
