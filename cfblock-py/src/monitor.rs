//! `Monitor`.

use std::sync::{Mutex, MutexGuard};

use cfblock_core::{Class, Monitor as CoreMonitor, MonitorConfig, MonitorState};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::sync::MutexExt;

use crate::convert::{self, expected, from_json, moment, to_json, to_python, whole, word};
use crate::diagnosis::Diagnosis;
use crate::verdict::Verdict;

/// Watches streams of verdicts, by pipeline and host. Threads may share it.
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
        responses_per_false_alarm: Option<f64>,
        baseline_responses: Option<&Bound<'_, PyAny>>,
        objective_s: Option<f64>,
        give_up_s: Option<f64>,
        max_hosts: Option<&Bound<'_, PyAny>>,
        max_incidents: Option<&Bound<'_, PyAny>>,
        hash_seed: Option<u64>,
    ) -> PyResult<Self> {
        let mut config = MonitorConfig::default();
        config.responses_per_false_alarm =
            responses_per_false_alarm.unwrap_or(config.responses_per_false_alarm);
        config.objective_s = objective_s.unwrap_or(config.objective_s);
        config.give_up_s = give_up_s.unwrap_or(config.give_up_s);
        config.hash_seed = hash_seed.unwrap_or(config.hash_seed);
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

    /// Takes one response of a pipeline into account: a verdict, or a class with its error code.
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

    fn __repr__(&self, py: Python<'_>) -> String {
        let counters = self.lock(py).counters();
        format!("<Monitor hosts={} responses={} open={}>", counters.hosts, counters.responses, counters.open)
    }
}
