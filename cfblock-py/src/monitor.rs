//! `Monitor`.

use std::sync::{Mutex, MutexGuard};

use cfblock_core::{Class, Monitor as CoreMonitor, MonitorConfig, MonitorState};
use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::MutexExt;

use crate::convert::{self, expected, from_json, moment, number, to_json, to_python, whole, word};
use crate::diagnosis::Diagnosis;
use crate::verdict::Verdict;

/// Watches streams of verdicts, by pipeline and host. Threads may share it.
///
/// It learns how often each class of answer is normal at a host, opens an incident when one becomes frequent,
/// and follows it until it is over. Times are given in, as seconds since 1970, aware datetimes or RFC 3339, so
/// that stored responses can be watched as well as live ones.
///
/// - `responses_per_false_alarm`: a false incident is opened at most once in so many responses.
/// - `baseline_responses`: over how many responses of a host a baseline averages.
/// - `objective_s`: in how many seconds a change should be found, acted on and over.
/// - `give_up_s`: after how many seconds without recovery an incident is given up.
/// - `max_hosts`, `max_incidents`: how many are remembered at the same time.
/// - `hash_seed`: a secret number, against host names that are chosen to share a memory.
///
/// Raises `TypeError` or `ValueError` that names the setting.
#[pyclass(frozen, module = "cfblock")]
pub(crate) struct Monitor(Mutex<CoreMonitor>);

impl Monitor {
    fn lock(&self, py: Python<'_>) -> MutexGuard<'_, CoreMonitor> {
        // A panic inside would have been turned into an exception; the counts stay usable.
        self.0.lock_py_attached(py).unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[pymethods]
impl Monitor {
    #[new]
    #[pyo3(signature = (*, responses_per_false_alarm=None, baseline_responses=None, objective_s=None, give_up_s=None, max_hosts=None, max_incidents=None, hash_seed=None))]
    #[allow(clippy::too_many_arguments, reason = "these are the settings")]
    fn new(
        responses_per_false_alarm: Option<&Bound<'_, PyAny>>,
        baseline_responses: Option<&Bound<'_, PyAny>>,
        objective_s: Option<&Bound<'_, PyAny>>,
        give_up_s: Option<&Bound<'_, PyAny>>,
        max_hosts: Option<&Bound<'_, PyAny>>,
        max_incidents: Option<&Bound<'_, PyAny>>,
        hash_seed: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let mut config = MonitorConfig::default();
        for (name, setting, value) in [
            ("responses_per_false_alarm", &mut config.responses_per_false_alarm, responses_per_false_alarm),
            ("objective_s", &mut config.objective_s, objective_s),
            ("give_up_s", &mut config.give_up_s, give_up_s),
        ] {
            if let Some(value) = value {
                *setting = number(name, value, "a number")?;
            }
        }
        if let Some(seed) = hash_seed {
            config.hash_seed = whole("hash_seed", seed, u64::MAX)?;
        }
        if let Some(number) = baseline_responses {
            config.baseline_responses = whole("baseline_responses", number, u16::MAX)?;
        }
        if let Some(number) = max_hosts {
            config.max_hosts = whole("max_hosts", number, u32::MAX)?;
        }
        if let Some(number) = max_incidents {
            config.max_incidents = whole("max_incidents", number, u32::MAX)?;
        }
        let monitor = CoreMonitor::new(config).map_err(|error| PyValueError::new_err(error.to_string()))?;
        Ok(Self(Mutex::new(monitor)))
    }

    /// Takes one response of a pipeline into account: a Verdict, or a class with its `error_code`.
    ///
    /// Returns the events that follow from it, as dicts; most often none.
    #[pyo3(signature = (pipeline, host, answer, time, error_code=None))]
    fn observe<'py>(
        &self,
        py: Python<'py>,
        pipeline: &str,
        host: &str,
        answer: &Bound<'py, PyAny>,
        time: &Bound<'py, PyAny>,
        error_code: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let time = moment("time", time)?;
        let events = if let Ok(verdict) = answer.cast::<Verdict>() {
            if error_code.is_some() {
                return Err(PyValueError::new_err("error_code goes with a class; a Verdict has its own"));
            }
            self.lock(py).observe_verdict(pipeline, host, &verdict.get().0, time)
        } else {
            let class = word::<Class>("answer", answer)?;
            let code = convert::error_code(error_code)?;
            self.lock(py).observe(pipeline, host, class, code, time)
        };
        to_python(py, &events)
    }

    /// Takes in that a probe was made for an incident; whether it is open.
    fn probed(
        &self,
        py: Python<'_>,
        pipeline: &str,
        host: &str,
        class_: &Bound<'_, PyAny>,
        time: &Bound<'_, PyAny>,
    ) -> PyResult<bool> {
        let (class, time) = (word("class_", class_)?, moment("time", time)?);
        Ok(self.lock(py).probed(pipeline, host, class, time))
    }

    /// Takes in what a diagnosis says about an incident; None where it is not open.
    fn diagnosed<'py>(
        &self,
        py: Python<'py>,
        pipeline: &str,
        host: &str,
        class_: &Bound<'py, PyAny>,
        diagnosis: &Bound<'py, PyAny>,
        time: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (class, time) = (word("class_", class_)?, moment("time", time)?);
        let diagnosis =
            diagnosis.cast::<Diagnosis>().map_err(|_| expected("diagnosis", "a Diagnosis", diagnosis))?;
        let event = self.lock(py).diagnosed(pipeline, host, class, &diagnosis.get().0, time);
        to_python(py, &event)
    }

    /// Takes in what was done about an incident; whether it is open.
    fn acted(
        &self,
        py: Python<'_>,
        pipeline: &str,
        host: &str,
        class_: &Bound<'_, PyAny>,
        action: &Bound<'_, PyAny>,
        time: &Bound<'_, PyAny>,
    ) -> PyResult<bool> {
        let (class, time) = (word("class_", class_)?, moment("time", time)?);
        let action = word("action", action)?;
        Ok(self.lock(py).acted(pipeline, host, class, action, time))
    }

    /// Gives up what has lasted too long. Call it now and then.
    fn tick<'py>(&self, py: Python<'py>, time: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let time = moment("time", time)?;
        let events = self.lock(py).tick(time);
        to_python(py, &events)
    }

    /// The open incidents.
    fn incidents<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let incidents: Vec<_> = self.lock(py).incidents().cloned().collect();
        to_python(py, &incidents)
    }

    /// The share of responses that counts as normal, for a class that occurred at a host.
    fn baseline(
        &self,
        py: Python<'_>,
        pipeline: &str,
        host: &str,
        class_: &Bound<'_, PyAny>,
    ) -> PyResult<Option<f64>> {
        let class = word("class_", class_)?;
        Ok(self.lock(py).baseline(pipeline, host, class))
    }

    /// What has happened so far.
    fn counters<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let counters = self.lock(py).counters();
        to_python(py, &counters)
    }

    /// Everything it knows, as JSON to be stored.
    fn save(&self, py: Python<'_>) -> PyResult<String> {
        let state = self.lock(py).save();
        to_json(&state)
    }

    /// Goes on where a saved monitor stopped.
    #[staticmethod]
    fn restore(state: &str) -> PyResult<Self> {
        let state: MonitorState = from_json("state", state)?;
        let monitor =
            CoreMonitor::restore(state).map_err(|error| PyValueError::new_err(error.to_string()))?;
        Ok(Self(Mutex::new(monitor)))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        Ok((py.get_type::<Self>().getattr(intern!(py, "restore"))?, (self.save(py)?,)))
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        let counters = self.lock(py).counters();
        format!("<Monitor hosts={} responses={} open={}>", counters.hosts, counters.responses, counters.open)
    }
}
