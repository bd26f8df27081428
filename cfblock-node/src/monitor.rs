//! The monitor.

use cfblock_core::{Class, ErrorCode, Event, Monitor as CoreMonitor};
use napi::Result;
use napi_derive::napi;

use crate::convert::{from_text, from_value, refuse, time, to_json, word};
use crate::diagnosis::Diagnosis;
use crate::snapshot;

/// Watches streams of verdicts. Times are milliseconds since 1970; events are JSON.
#[napi]
#[derive(Debug)]
pub struct Monitor(CoreMonitor);

#[napi]
impl Monitor {
    /// A monitor with these settings, as JSON.
    #[napi(constructor, catch_unwind)]
    pub fn new(config: String) -> Result<Self> {
        CoreMonitor::new(from_value("options", &config)?).map(Self).map_err(refuse)
    }

    /// Takes a response into account, by its class.
    #[napi(catch_unwind)]
    pub fn observe(
        &mut self,
        pipeline: String,
        host: String,
        class: String,
        error_code: Option<u16>,
        at: f64,
    ) -> Result<Option<String>> {
        let class: Class = word("class", &class)?;
        events(&self.0.observe(&pipeline, &host, class, error_code.map(ErrorCode::new), time(at)))
    }

    /// Takes a response into account, by its verdict.
    #[napi(catch_unwind)]
    pub fn observe_verdict(
        &mut self,
        pipeline: String,
        host: String,
        facts: String,
        at: f64,
    ) -> Result<Option<String>> {
        let verdict = snapshot::read(&facts)?;
        events(&self.0.observe_verdict(&pipeline, &host, &verdict, time(at)))
    }

    /// Takes in that a probe was made; whether the incident is open.
    #[napi(catch_unwind)]
    pub fn probed(&mut self, pipeline: String, host: String, class: String, at: f64) -> Result<bool> {
        Ok(self.0.probed(&pipeline, &host, word("class", &class)?, time(at)))
    }

    /// Takes in a diagnosis; the event, where the incident is open.
    #[napi(catch_unwind)]
    pub fn diagnosed(
        &mut self,
        pipeline: String,
        host: String,
        class: String,
        diagnosis: &Diagnosis,
        at: f64,
    ) -> Result<Option<String>> {
        let event = self.0.diagnosed(&pipeline, &host, word("class", &class)?, &diagnosis.0, time(at));
        event.as_ref().map(to_json).transpose()
    }

    /// Takes in what was done; whether the incident is open.
    #[napi(catch_unwind)]
    pub fn acted(
        &mut self,
        pipeline: String,
        host: String,
        class: String,
        action: String,
        at: f64,
    ) -> Result<bool> {
        let class = word("class", &class)?;
        Ok(self.0.acted(&pipeline, &host, class, word("action", &action)?, time(at)))
    }

    /// Gives up what has lasted too long.
    #[napi(catch_unwind)]
    pub fn tick(&mut self, at: f64) -> Result<Option<String>> {
        events(&self.0.tick(time(at)))
    }

    /// The open incidents, as JSON.
    #[napi(catch_unwind)]
    pub fn incidents(&self) -> Result<String> {
        to_json(&self.0.incidents().collect::<Vec<_>>())
    }

    /// The share of responses that counts as normal.
    #[napi(catch_unwind)]
    pub fn baseline(&self, pipeline: String, host: String, class: String) -> Result<Option<f64>> {
        Ok(self.0.baseline(&pipeline, &host, word("class", &class)?))
    }

    /// What has happened so far, as JSON.
    #[napi(catch_unwind)]
    pub fn counters(&self) -> Result<String> {
        to_json(&self.0.counters())
    }

    /// Everything it knows, as JSON.
    #[napi(catch_unwind)]
    pub fn save(&self) -> Result<String> {
        to_json(&self.0.save())
    }

    /// Goes on where a saved monitor stopped.
    #[napi(factory, catch_unwind)]
    pub fn restore(state: String) -> Result<Self> {
        CoreMonitor::restore(from_text("state", &state)?).map(Self).map_err(refuse)
    }
}

/// Nothing for no events, which is the usual case.
fn events(events: &[Event]) -> Result<Option<String>> {
    if events.is_empty() { Ok(None) } else { to_json(&events).map(Some) }
}
