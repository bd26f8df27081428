//! `Tally`.

use std::sync::{Mutex, MutexGuard};

use cfblock_core::{Class, Tally as CoreTally, TallyState};
use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::MutexExt;

use crate::convert::{self, from_json, to_json, to_python, word};
use crate::verdict::Verdict;

/// Counts of responses that many workers make and that can be put together in any order.
///
/// Each worker counts for a part that has its name; tallies are then merged, each as often as it arrives: twice is
/// the same as once.
#[pyclass(frozen, module = "cfblock")]
pub(crate) struct Tally(Mutex<CoreTally>);

impl Tally {
    fn lock(&self, py: Python<'_>) -> MutexGuard<'_, CoreTally> {
        self.0.lock_py_attached(py).unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[pymethods]
impl Tally {
    #[new]
    fn new() -> Self {
        Self(Mutex::new(CoreTally::new()))
    }

    /// Counts one response, for a part that nobody else counts for.
    #[pyo3(signature = (part, pipeline, host, answer, error_code=None))]
    fn add(
        &self,
        py: Python<'_>,
        part: &str,
        pipeline: &str,
        host: &str,
        answer: &Bound<'_, PyAny>,
        error_code: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        let (class, code) = if let Ok(verdict) = answer.cast::<Verdict>() {
            if error_code.is_some() {
                return Err(PyValueError::new_err("error_code goes with a class; a Verdict has its own"));
            }
            let verdict = &verdict.get().0;
            (verdict.class, verdict.error_code)
        } else {
            (word::<Class>("answer", answer)?, convert::error_code(error_code)?)
        };
        self.lock(py).add(part, pipeline, host, class, code);
        Ok(())
    }

    /// Takes in what another tally knows; twice is the same as once.
    fn merge(&self, py: Python<'_>, other: &Self) {
        let other = other.lock(py).clone();
        self.lock(py).merge(&other);
    }

    /// The sums by pipeline, host, class and error code.
    fn rows<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let rows = self.lock(py).rows();
        to_python(py, &rows)
    }

    /// Everything it knows, as JSON to be stored or sent.
    fn save(&self, py: Python<'_>) -> PyResult<String> {
        let state = self.lock(py).save();
        to_json(&state)
    }

    /// Goes on where a saved tally stopped.
    #[staticmethod]
    fn restore(state: &str) -> PyResult<Self> {
        let state: TallyState = from_json("state", state)?;
        let tally = CoreTally::restore(state).map_err(|error| PyValueError::new_err(error.to_string()))?;
        Ok(Self(Mutex::new(tally)))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        Ok((py.get_type::<Self>().getattr(intern!(py, "restore"))?, (self.save(py)?,)))
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        let rows = self.lock(py).rows();
        format!("<Tally rows={} responses={}>", rows.len(), rows.iter().map(|row| row.responses).sum::<u64>())
    }

    fn __eq__(&self, py: Python<'_>, other: &Self) -> bool {
        let other = other.lock(py).clone();
        *self.lock(py) == other
    }
}
