//! `Policy` and `Triage`.

use cfblock_core::triage::Tried;
use cfblock_core::{Action, Audience, Context, Policy as CorePolicy, Triage as CoreTriage};
use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyMapping, PyString};

use crate::convert::{expected, from_python, to_json, to_python, whole, without_place, word};

/// What the caller is willing to do, and how long.
///
/// - `base`: "full", or "cooperative", which never advises to change who asks.
/// - `exclude`: actions that are never advised.
/// - `changes`: what may be changed about who asks.
/// - `max_wait`: the longest acceptable wait, in seconds.
/// - `max_attempts`: how often a request may be sent at most.
/// - `max_queue`: how long to stay in a waiting room, in seconds, over all its refreshes.
///
/// Raises `TypeError` or `ValueError` that names the member.
#[pyclass(frozen, eq, module = "cfblock")]
#[derive(Clone, PartialEq)]
pub(crate) struct Policy(CorePolicy);

#[pymethods]
impl Policy {
    #[new]
    #[pyo3(signature = (base="full", *, exclude=None, changes=None, max_wait=None, max_attempts=None, max_queue=None))]
    #[allow(clippy::too_many_arguments, reason = "these are the members of a policy")]
    fn new(
        py: Python<'_>,
        base: &str,
        exclude: Option<&Bound<'_, PyAny>>,
        changes: Option<&Bound<'_, PyAny>>,
        max_wait: Option<&Bound<'_, PyAny>>,
        max_attempts: Option<&Bound<'_, PyAny>>,
        max_queue: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let members = PyDict::new(py);
        members.set_item("base", base)?;
        for (name, list) in [("exclude", exclude), ("changes", changes)] {
            if let Some(list) = list {
                members.set_item(name, words_of(name, list)?)?;
            }
        }
        let numbers = [("max_wait", max_wait), ("max_attempts", max_attempts), ("max_queue", max_queue)];
        for (name, number) in numbers {
            if let Some(number) = number {
                members.set_item(name, whole(name, number, u32::MAX)?)?;
            }
        }
        read_members(&members.into_any())
    }

    /// Actions that are never advised.
    #[getter]
    fn exclude(&self) -> Vec<&'static str> {
        self.0.exclude.iter().map(|action| action.as_str()).collect()
    }

    /// What may be changed about who asks.
    #[getter]
    fn changes(&self) -> Vec<&'static str> {
        self.0.changes.iter().map(|change| change.as_str()).collect()
    }

    /// The longest wait that is acceptable, in seconds.
    #[getter]
    fn max_wait(&self) -> u32 {
        self.0.max_wait
    }

    /// How often a request may be sent at most.
    #[getter]
    fn max_attempts(&self) -> u32 {
        self.0.max_attempts
    }

    /// How long to stay in a waiting room, in seconds, over all its refreshes.
    #[getter]
    fn max_queue(&self) -> u32 {
        self.0.max_queue
    }

    fn __repr__(&self) -> PyResult<String> {
        Ok(format!("Policy({})", to_json(&self.0)?))
    }

    fn __hash__(&self) -> u64 {
        u64::from(self.0.max_wait) << 32 | u64::from(self.0.max_attempts)
    }

    /// The arguments of an equal policy, for copies and pickles.
    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<((&'static str,), Bound<'py, PyDict>)> {
        let members = PyDict::new(py);
        members.set_item("exclude", self.exclude())?;
        members.set_item("max_wait", self.max_wait())?;
        members.set_item("max_attempts", self.max_attempts())?;
        members.set_item("max_queue", self.max_queue())?;
        members.set_item("changes", self.changes())?;
        Ok((("full",), members))
    }

    /// Reads a policy from JSON, such as the content of a file.
    #[staticmethod]
    fn from_json(text: &str) -> PyResult<Self> {
        CorePolicy::from_json(text).map(Self).map_err(|error| PyValueError::new_err(error.to_string()))
    }
}

fn words_of(name: &str, list: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    let wrong = || expected(name, "a list of words", list);
    if list.is_instance_of::<PyString>() {
        return Err(wrong());
    }
    let words = list.try_iter().map_err(|_| wrong())?;
    words.map(|word| word?.extract::<String>().map_err(|_| wrong())).collect()
}

fn read_members(members: &Bound<'_, PyAny>) -> PyResult<Policy> {
    let py = members.py();
    let text = py.import(intern!(py, "json"))?.call_method1(intern!(py, "dumps"), (members,))?;
    let text = text.cast::<PyString>()?;
    serde_json::from_str(text.to_str()?)
        .map(Policy)
        .map_err(|error| PyValueError::new_err(format!("policy: {}", without_place(&error))))
}

/// A policy, its name, or a mapping of its members.
pub(crate) fn policy(value: Option<&Bound<'_, PyAny>>) -> PyResult<CorePolicy> {
    let Some(value) = value else { return Ok(CorePolicy::full()) };
    if let Ok(policy) = value.cast::<Policy>() {
        return Ok(policy.get().0.clone());
    }
    if let Ok(name) = value.cast::<PyString>() {
        let name = name.to_str()?;
        return CorePolicy::named(name).ok_or_else(|| {
            PyValueError::new_err(format!("policy is {name:?}, expected full, cooperative or a Policy"))
        });
    }
    if value.is_instance_of::<PyDict>() {
        return Ok(read_members(value)?.0);
    }
    Err(expected("policy", "a Policy, its name, a dict of its members or None", value))
}

/// The next steps, with their reasons.
#[pyclass(frozen, eq, module = "cfblock")]
#[derive(Clone, PartialEq)]
pub(crate) struct Triage(CoreTriage);

#[pymethods]
impl Triage {
    /// The first step.
    #[getter]
    fn action(&self) -> &'static str {
        self.0.action.as_str()
    }

    /// What to do, the cheapest and most cooperative step first.
    #[getter]
    fn steps<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &self.0.steps)
    }

    /// What leads to it, the likeliest first.
    #[getter]
    fn causes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &self.0.causes)
    }

    /// The advice in words, by audience.
    #[getter]
    fn audience<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &self.0.audience)
    }

    /// Whether everything that the policy allows was tried.
    #[getter]
    fn exhausted(&self) -> bool {
        self.0.exhausted
    }

    /// Whether no further request follows.
    #[getter]
    fn is_final(&self) -> bool {
        self.0.is_final()
    }

    /// The advice in words for one audience.
    fn text(&self, audience: &Bound<'_, PyAny>) -> PyResult<&str> {
        Ok(self.0.text(word::<Audience>("audience", audience)?))
    }

    /// The triage as a dict.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &self.0)
    }

    /// The triage as JSON in one line.
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
        let steps: Vec<&str> = self.0.steps.iter().map(|step| step.action.as_str()).collect();
        format!("<Triage {}>", steps.join(", "))
    }

    fn __str__(&self) -> &str {
        self.0.text(Audience::Scraper)
    }
}

/// Triage with the arguments of `Verdict.triage`.
pub(crate) fn of(
    verdict: &cfblock_core::Verdict,
    policy_asked: Option<&Bound<'_, PyAny>>,
    attempt: Option<&Bound<'_, PyAny>>,
    tried: Option<&Bound<'_, PyAny>>,
    others_succeed: Option<&Bound<'_, PyAny>>,
    method: &str,
    repeatable: bool,
) -> PyResult<Triage> {
    let mut context = Context::new().method(method).repeatable(repeatable);
    if let Some(attempt) = attempt {
        context = context.attempt(whole("attempt", attempt, u32::MAX)?);
    }
    if let Some(tried) = tried {
        let wrong = || expected("tried", "a list of actions or steps", tried);
        if tried.is_instance_of::<PyString>() {
            return Err(wrong());
        }
        for (at, step) in tried.try_iter().map_err(|_| wrong())?.enumerate() {
            context = context.tried(read_tried(&format!("tried[{at}]"), &step?)?);
        }
    }
    if let Some(flag) = others_succeed {
        let flag = flag.cast::<PyBool>().map_err(|_| expected("others_succeed", "a bool or None", flag))?;
        context = context.others_succeed(flag.is_true());
    }
    Ok(Triage(cfblock_core::triage(verdict, &policy(policy_asked)?, &context)))
}

/// An action, or a step as it was advised.
fn read_tried(name: &str, step: &Bound<'_, PyAny>) -> PyResult<Tried> {
    if step.is_instance_of::<PyString>() {
        return Ok(Tried::from(word::<Action>(name, step)?));
    }
    let Ok(mapping) = step.cast::<PyMapping>() else {
        return Err(expected(name, "an action or a step", step));
    };
    let members = PyDict::new(step.py());
    for member in ["action", "change"] {
        if mapping.contains(member)? {
            members.set_item(member, mapping.get_item(member)?)?;
        }
    }
    from_python(name, &members)
}
