//! Finds when a healthy pipeline turns sick, and follows it until it is well again.
//!
//! For each pipeline, host and class a baseline is learned from the stream
//! and a sequential test looks for a rise above it. A class that is always
//! there is baseline. Time only ever comes in as an argument, and nothing is
//! asked, sent or waited for: the caller probes and acts, and says so.

#![allow(
    clippy::indexing_slicing,
    reason = "each place is one of its own table, or within an array of a stated length"
)]

mod chunks;
mod config;
mod detector;
mod event;
mod hosts;
mod incident;
mod key;
mod state;
mod tally;
#[cfg(test)]
mod tests;
mod time;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use serde::Serialize;

use crate::codes::ErrorCode;
use crate::diagnose::Diagnosis;
use crate::verdict::Verdict;
use crate::vocab::{Action, Class, EventKind};

pub use config::{ConfigError, MonitorConfig};
use detector::Tuning;
pub use event::{Event, Timings};
use hosts::Hosts;
pub use incident::Incident;
pub use state::{MonitorState, StateError};
pub use tally::{Tally, TallyRow, TallyState};
pub use time::Time;

/// Watches streams of verdicts, by pipeline and host.
///
/// ```
/// use cfblock_core::{Class, ErrorCode, EventKind, Monitor, Time};
///
/// let mut monitor = Monitor::default();
/// let mut now = Time::from_unix_millis(1_795_176_000_000);
/// let mut answer = |class, code| {
///     now = Time::from_unix_millis(now.unix_millis() + 500);
///     monitor.observe("prices", "shop.example", class, code, now)
/// };
/// for _ in 0..2_000 {
///     assert!(answer(Class::Passed, None).is_empty());
/// }
/// let code = Some(ErrorCode::new(1002));
/// let events: Vec<_> = (0..3).flat_map(|_| answer(Class::SiteMisconfigured, code)).collect();
/// assert_eq!(events[0].event, EventKind::IncidentOpened);
/// assert_eq!(events[0].timings.detect_s, 1.0);
/// assert_eq!(events[1].event, EventKind::ProbeWanted);
/// ```
///
/// Times may be out of order. A response counts whenever it arrives; one that
/// is older than the newest is also counted in [`Counters::late`], and within
/// an incident its time is read as the incident's latest.
#[derive(Clone, Debug)]
pub struct Monitor {
    config: MonitorConfig,
    tuning: Tuning,
    hosts: Hosts,
    /// By the host's key, then by class.
    incidents: BTreeMap<(u64, Class), Incident>,
    counted: Counted,
}

/// What has happened in a monitor so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Counters {
    /// Responses.
    pub responses: u64,
    /// Responses that were older than one before them.
    pub late: u64,
    /// Hosts that are remembered.
    pub hosts: u64,
    /// Hosts that were forgotten because others came.
    pub hosts_left: u64,
    /// Incidents that are open.
    pub open: u64,
    /// Incidents that were opened.
    pub opened: u64,
    /// Incidents that ended well.
    pub recovered: u64,
    /// Incidents that were given up.
    pub given_up: u64,
}

/// The counters that nothing else tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, serde::Deserialize)]
struct Counted {
    responses: u64,
    late: u64,
    opened: u64,
    recovered: u64,
    given_up: u64,
    newest: Option<Time>,
}

impl Counted {
    fn take(&mut self, time: Time) {
        self.responses += 1;
        if self.newest.is_some_and(|newest| time < newest) {
            self.late += 1;
        } else {
            self.newest = Some(time);
        }
    }
}

impl Default for Monitor {
    fn default() -> Self {
        Self::with(MonitorConfig::default())
    }
}

impl Monitor {
    /// A monitor that has seen nothing yet.
    pub fn new(config: MonitorConfig) -> Result<Self, ConfigError> {
        config.check()?;
        Ok(Self::with(config))
    }

    fn with(config: MonitorConfig) -> Self {
        Self {
            tuning: Tuning::new(config.responses_per_false_alarm, config.baseline_responses),
            hosts: Hosts::new(config.max_hosts, config.most_open()),
            incidents: BTreeMap::new(),
            counted: Counted::default(),
            config,
        }
    }

    /// What it is set to.
    #[must_use]
    pub fn config(&self) -> &MonitorConfig {
        &self.config
    }

    /// Takes one response of a pipeline into account.
    ///
    /// Responses to probes from other vantages do not belong here: the
    /// baseline is that of the pipeline's own requests. Where nothing happens
    /// and the host is known, nothing is allocated.
    pub fn observe(
        &mut self,
        pipeline: &str,
        host: &str,
        class: Class,
        error_code: Option<ErrorCode>,
        time: Time,
    ) -> Vec<Event> {
        self.counted.take(time);
        let key = self.key(pipeline, host);
        let place = self.hosts.touch(key);
        let mut events = Vec::new();
        if self.hosts.host(place).is_pinned() && self.follow(key, class, error_code, time, &mut events) {
            // The class that an incident is about is not what the host is
            // like: it counts neither for its own baseline nor for another's.
            return events;
        }
        let count = self.hosts.count(place);
        if class == Class::Passed {
            return events;
        }
        let cell = self.hosts.cell_or_new(place, class, count.wrapping_sub(1), self.tuning);
        if let Some(alarm) = cell.take(count, time.tick(), self.tuning) {
            let incident = Incident::open(pipeline, host, class, error_code, time, &alarm);
            self.open(key, incident, &mut events);
        }
        events
    }

    /// Like [`Monitor::observe`], with what a verdict says. A preview page counts as passed.
    pub fn observe_verdict(
        &mut self,
        pipeline: &str,
        host: &str,
        verdict: &Verdict,
        time: Time,
    ) -> Vec<Event> {
        let class = if verdict.preview { Class::Passed } else { verdict.class };
        self.observe(pipeline, host, class, verdict.error_code, time)
    }

    /// Takes in that a probe was made for an incident; whether it is open.
    pub fn probed(&mut self, pipeline: &str, host: &str, class: Class, time: Time) -> bool {
        self.incident_mut(pipeline, host, class).map(|incident| incident.probed(time)).is_some()
    }

    /// Takes in what a diagnosis says about an incident; nothing where it is not open.
    pub fn diagnosed(
        &mut self,
        pipeline: &str,
        host: &str,
        class: Class,
        diagnosis: &Diagnosis,
        time: Time,
    ) -> Option<Event> {
        let incident = self.incident_mut(pipeline, host, class)?;
        incident.diagnosed(diagnosis.classification, diagnosis.action, time);
        Some(incident.event(EventKind::Diagnosed))
    }

    /// Takes in what was done about an incident; whether it is open.
    pub fn acted(&mut self, pipeline: &str, host: &str, class: Class, action: Action, time: Time) -> bool {
        self.incident_mut(pipeline, host, class).map(|incident| incident.acted(action, time)).is_some()
    }

    /// Gives up what has lasted too long. Call it now and then: a host that
    /// is paused sends nothing that could.
    pub fn tick(&mut self, time: Time) -> Vec<Event> {
        let is_overdue = |incident: &Incident| incident.is_overdue(time, &self.config);
        let overdue: Vec<(u64, Class)> =
            self.incidents.iter().filter(|(_, incident)| is_overdue(incident)).map(|(at, _)| *at).collect();
        overdue.into_iter().filter_map(|at| self.close(at, Some(time), false)).collect()
    }

    /// The open incidents.
    pub fn incidents(&self) -> impl Iterator<Item = &Incident> {
        self.incidents.values()
    }

    /// The open incident of a class at a host.
    #[must_use]
    pub fn incident(&self, pipeline: &str, host: &str, class: Class) -> Option<&Incident> {
        self.incidents.get(&(self.key(pipeline, host), class))
    }

    /// The share of responses that counts as normal, for a class that occurred at a host.
    ///
    /// It lies somewhat above the share that was learned, the more the less is known.
    #[must_use]
    pub fn baseline(&self, pipeline: &str, host: &str, class: Class) -> Option<f64> {
        let mut cells = self.hosts.cells(self.hosts.find(self.key(pipeline, host))?);
        cells.find(|(known, _)| *known == class).map(|(_, cell)| f64::from(cell.baseline()))
    }

    /// What has happened so far.
    #[must_use]
    pub fn counters(&self) -> Counters {
        let Counted { responses, late, opened, recovered, given_up, .. } = self.counted;
        Counters {
            responses,
            late,
            hosts: self.hosts.len() as u64,
            hosts_left: self.hosts.turns().left,
            open: self.incidents.len() as u64,
            opened,
            recovered,
            given_up,
        }
    }

    /// Everything it knows, to be stored.
    #[must_use]
    pub fn save(&self) -> MonitorState {
        state::save(self)
    }

    /// Goes on where a saved monitor stopped.
    pub fn restore(state: MonitorState) -> Result<Self, StateError> {
        state::restore(state)
    }

    fn key(&self, pipeline: &str, host: &str) -> u64 {
        key::key(self.config.hash_seed, pipeline, host)
    }

    fn incident_mut(&mut self, pipeline: &str, host: &str, class: Class) -> Option<&mut Incident> {
        self.incidents.get_mut(&(self.key(pipeline, host), class))
    }

    /// The keys of the incidents of a host lie between these two.
    fn all_of(key: u64) -> RangeInclusive<(u64, Class)> {
        (key, Class::ALL[0])..=(key, Class::ALL[Class::ALL.len() - 1])
    }

    /// Takes a response into the open incidents of its host; whether one is about its class.
    fn follow(
        &mut self,
        key: u64,
        class: Class,
        error_code: Option<ErrorCode>,
        time: Time,
        events: &mut Vec<Event>,
    ) -> bool {
        let mut ended = Vec::new();
        for (at, incident) in self.incidents.range_mut(Self::all_of(key)) {
            incident.advance(time);
            if incident.take(class, error_code) {
                ended.push((*at, true));
            } else if incident.is_overdue(time, &self.config) {
                ended.push((*at, false));
            } else if incident.class == class && incident.wants_probe(&self.config) {
                events.push(incident.event(EventKind::ProbeWanted));
            }
        }
        let about_it = self.incidents.contains_key(&(key, class));
        events.extend(ended.into_iter().filter_map(|(at, recovered)| self.close(at, None, recovered)));
        about_it
    }

    fn open(&mut self, key: u64, incident: Incident, events: &mut Vec<Event>) {
        if self.incidents.len() >= self.config.most_open() as usize {
            let longest = self.incidents.iter().min_by_key(|(at, incident)| (incident.opened_at, **at));
            if let Some(at) = longest.map(|(at, _)| *at) {
                events.extend(self.close(at, None, false));
            }
        }
        self.counted.opened += 1;
        if let Some(place) = self.hosts.find(key) {
            self.hosts.pin(place);
        }
        events.push(incident.event(EventKind::IncidentOpened));
        events.push(incident.event(EventKind::ProbeWanted));
        self.incidents.insert((key, incident.class), incident);
    }

    fn close(&mut self, at: (u64, Class), time: Option<Time>, recovered: bool) -> Option<Event> {
        let mut incident = self.incidents.remove(&at)?;
        if let Some(time) = time {
            incident.advance(time);
        }
        let (key, class) = at;
        if let Some(place) = self.hosts.find(key) {
            let count = self.hosts.host(place).count;
            if let Some(cell) = self.hosts.cell(place, class) {
                if recovered {
                    cell.settle(count);
                } else {
                    cell.take_over(incident.share(), count);
                }
            }
            if self.incidents.range(Self::all_of(key)).next().is_none() {
                self.hosts.unpin(place);
            }
        }
        *(if recovered { &mut self.counted.recovered } else { &mut self.counted.given_up }) += 1;
        Some(incident.end(recovered, &self.config))
    }
}
