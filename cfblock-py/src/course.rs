//! `Course` and `needs_body`.

use cfblock_core::triage::Outcome;
use cfblock_core::{Action, Course as CoreCourse, Failure};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyString};

use crate::convert::{expected, from_json, to_json, to_python, whole, word};
use crate::input::{Response, Surroundings};
use crate::triage::policy;
use crate::verdict::Verdict;

/// The way of one request: what was advised for it so far, and what comes next.
///
/// Ask `next` after each answer, or after each failure without one, and do what it says.
///
/// - `policy`: a `Policy`, its name, or a dict of its members; `full` by default.
/// - `method`: the request's method.
/// - `repeatable`: your word that the request can be sent again whatever its method, because it is idempotent or
///   carries an idempotency key.
/// - `sent`: how often the request was sent before the first answer that you ask about, if your framework counts.
/// - `can`: the actions that you can take by yourself besides waiting, such as `change_identity`.
///
/// Raises `TypeError` or `ValueError` that names the argument.
#[pyclass(eq, module = "cfblock")]
#[derive(Clone, PartialEq)]
pub(crate) struct Course(CoreCourse);

#[pymethods]
impl Course {
    #[new]
    #[pyo3(signature = (policy=None, *, method="GET", repeatable=false, can=None, sent=None))]
    fn new(
        policy: Option<&Bound<'_, PyAny>>,
        method: &str,
        repeatable: bool,
        can: Option<&Bound<'_, PyAny>>,
        sent: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let sent = sent.map_or(Ok(0), |sent| whole("sent", sent, u32::MAX))?;
        let course = CoreCourse::new(self::policy(policy)?).method(method).repeatable(repeatable).sent(sent);
        let Some(can) = can else { return Ok(Self(course)) };
        let wrong = || expected("can", "a list of actions", can);
        if can.is_instance_of::<PyString>() {
            return Err(wrong());
        }
        let mut actions: Vec<Action> = Vec::new();
        for (at, action) in can.try_iter().map_err(|_| wrong())?.enumerate() {
            actions.push(word(&format!("can[{at}]"), &action?)?);
        }
        Ok(Self(course.can(&actions)))
    }

    /// What comes next, after an answer or a failure: a dict with `next`, `seconds`, `whom`, `step` and `hold`.
    ///
    /// `next` is `send_again` (send this request after `seconds`), `hold` (send nothing to the request, host or
    /// site that `whom` names for `seconds`, then this request), `act` (do the `step`, one of those in `can`, then
    /// send) or `end` (give the answer to the caller; where `hold` is not None, its `whom` stays held for its
    /// `seconds`).
    ///
    /// - `outcome`: a `Verdict`, or why there was no answer: `timeout`, `connection_refused`, `connection_reset`,
    ///   `tls`, `dns` or `proxy`.
    /// - `others_succeed`: whether other requests to this host succeed meanwhile; None where nobody knows.
    /// - `random`: a number from 0 to 1 by which pauses are drawn; by default one of `random.random()`.
    ///
    /// Raises `TypeError` or `ValueError` that names the argument.
    #[pyo3(signature = (outcome, *, others_succeed=None, random=None))]
    fn next<'py>(
        &mut self,
        py: Python<'py>,
        outcome: &Bound<'py, PyAny>,
        others_succeed: Option<&Bound<'py, PyAny>>,
        random: Option<f64>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let others = others_succeed
            .map(|flag| flag.cast::<PyBool>().map_err(|_| expected("others_succeed", "a bool or None", flag)))
            .transpose()?
            .map(pyo3::types::PyBoolMethods::is_true);
        let random = match random {
            Some(random) => random,
            None => py.import("random")?.call_method0("random")?.extract()?,
        };
        let next = if let Ok(verdict) = outcome.cast::<Verdict>() {
            self.0.next(Outcome::Answer(&verdict.get().0), others, random)
        } else if outcome.is_instance_of::<PyString>() {
            self.0.next(word::<Failure>("outcome", outcome)?, others, random)
        } else {
            return Err(expected("outcome", "a Verdict or the name of a failure", outcome));
        };
        to_python(py, &next)
    }

    /// How often the request was sent so far; refreshes of a queue do not count.
    #[getter]
    fn attempts(&self) -> u32 {
        self.0.attempts()
    }

    /// The course as JSON in one line, from which `from_json` goes on.
    fn to_json(&self) -> PyResult<String> {
        to_json(&self.0)
    }

    /// The course that `to_json` wrote.
    ///
    /// Raises `ValueError` for any other text.
    #[staticmethod]
    fn from_json(text: &str) -> PyResult<Self> {
        from_json("course", text).map(Self)
    }

    fn __getstate__(&self) -> PyResult<String> {
        self.to_json()
    }

    fn __setstate__(&mut self, state: &str) -> PyResult<()> {
        *self = Self::from_json(state)?;
        Ok(())
    }

    fn __copy__(&self) -> Self {
        self.clone()
    }

    fn __deepcopy__(&self, _memo: &Bound<'_, PyAny>) -> Self {
        self.clone()
    }

    fn __repr__(&self) -> String {
        format!("<Course after {} attempts>", self.0.attempts())
    }
}

/// Whether a body could change what status and headers say.
///
/// An adapter that would have to wait for the body asks this first: most answers need none.
///
/// Raises `TypeError` or `ValueError` that names the argument.
#[pyfunction]
#[pyo3(signature = (status, headers=None))]
pub(crate) fn needs_body(status: &Bound<'_, PyAny>, headers: Option<&Bound<'_, PyAny>>) -> PyResult<bool> {
    let mut response = Response::read(status, headers, None, &Surroundings::default())?;
    response.with_parts(cfblock_core::needs_body)
}
