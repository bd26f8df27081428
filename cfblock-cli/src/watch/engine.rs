//! Monitor and diagnosis together: records in, events out.

use std::collections::HashMap;

use cfblock_core::{
    Action, Class, Classification, Diagnosis, Event, EventKind, Monitor, Observation, ProbeLimits, Time,
    Vantage, Verdict,
};

use super::case::{Case, Other, is_move};
use super::usual::Pipelines;
use crate::record::{Observed, RecordError};

/// The pipeline of records that name none.
const PIPELINE: &str = "default";
/// Of how many hosts the observations of an incident are kept; the others are still monitored.
const MOST_CASES: usize = 1000;

/// An event, and the diagnosis that it rests on.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) event: Event,
    pub(super) diagnosis: Option<Diagnosis>,
}

/// An answer that was counted for a host.
#[derive(Debug)]
pub(super) struct Counted {
    pub(super) pipeline: String,
    pub(super) host: String,
    pub(super) class: Class,
}

/// What a record led to.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) told: Vec<Told>,
    /// `None` for a probe, and for a record without an answer.
    pub(super) counted: Option<Counted>,
}

/// A pipeline and a host.
type Key = (String, String);

#[derive(Debug)]
pub(super) struct Watch {
    pub(super) monitor: Monitor,
    pub(super) pipelines: Pipelines,
    pub(super) cases: HashMap<Key, Case>,
    /// How many records held no answer and no action for an open incident.
    pub(super) idle: u64,
    limits: ProbeLimits,
    /// The time that the latest of the records that stated one had.
    stated: Option<Time>,
    latest: Option<Time>,
    ticked: Option<Time>,
}

impl Watch {
    pub(super) fn new(monitor: Monitor, limits: ProbeLimits) -> Self {
        Self {
            monitor,
            pipelines: Pipelines::default(),
            cases: HashMap::new(),
            idle: 0,
            limits,
            stated: None,
            latest: None,
            ticked: None,
        }
    }

    /// Takes in the record of one line. `now` is only asked where the stream states no times.
    pub(super) fn take(
        &mut self,
        line: &[u8],
        number: u64,
        now: impl FnOnce() -> Time,
    ) -> Result<Outcome, RecordError> {
        let observed = Observed::from_json_line(line)?;
        let is_answer = observed.is_answer();
        let action = if is_answer { None } else { Observed::action(line)? };
        let stated = observed.record.moment();
        let time = stated.or(self.stated).unwrap_or_else(now);
        self.stated = stated.or(self.stated);
        let pipeline = observed.record.pipeline.clone();
        let id = observed.record.id.clone();
        let observation = observed.into_observation(number).time(time.unix_millis().div_euclid(1000));
        let Some(host) = observation.host.as_deref().map(str::to_owned) else {
            if is_answer || action.is_some() {
                let message = "url: without the host that was asked nothing can be counted".to_owned();
                return Err(RecordError { id, column: 1, message });
            }
            self.idle += 1;
            return Ok(Outcome::default());
        };
        let mut outcome = Outcome { told: self.advance(time), counted: None };
        let probed = if is_answer {
            self.probed_by(pipeline.as_deref(), &host, &observation.vantage)
        } else {
            Vec::new()
        };
        let named = pipeline.is_some();
        let key = (pipeline.unwrap_or_else(|| PIPELINE.to_owned()), host);
        if !is_answer {
            let acted = action.is_some_and(|action| self.acted(&key, action, &observation.vantage, time));
            self.idle += u64::from(!acted);
        } else if !probed.is_empty() {
            for key in probed {
                let may_move = named || key.0 == PIPELINE;
                outcome.told.extend(self.probe(&key, observation.clone(), time, may_move));
            }
        } else {
            let class = class_of(&observation.verdict);
            outcome.told.extend(self.own(&key, observation, time));
            outcome.counted = Some(Counted { pipeline: key.0, host: key.1, class });
        }
        Ok(outcome)
    }

    /// The pipelines with an incident that an answer from another vantage is a probe for.
    ///
    /// An answer that names no pipeline may be one for any.
    fn probed_by(&self, pipeline: Option<&str>, host: &str, vantage: &Vantage) -> Vec<Key> {
        let is_probe = |key: &Key| self.cases.contains_key(key) && self.pipelines.is_other(&key.0, vantage);
        let mut keys: Vec<Key> = match pipeline {
            Some(pipeline) => vec![(pipeline.to_owned(), host.to_owned())],
            None => self.cases.keys().filter(|(_, at)| at == host).cloned().collect(),
        };
        keys.retain(is_probe);
        keys.sort_unstable();
        keys
    }

    /// Somebody reports what was done; whether an incident is open for it.
    fn acted(&mut self, key: &Key, action: Action, vantage: &Vantage, time: Time) -> bool {
        let classes = self.open_classes(key);
        if !classes.is_empty() && is_move(action) && *vantage != Vantage::default() {
            self.pipelines.move_to(&key.0, vantage);
        }
        for class in &classes {
            self.monitor.acted(&key.0, &key.1, *class, action, time);
        }
        !classes.is_empty()
    }

    /// Lets time pass: what has lasted too long is given up.
    fn advance(&mut self, time: Time) -> Vec<Told> {
        // One record with a wrong time ends nothing: it takes two in a row.
        let time = self.latest.replace(time).map_or(time, |latest| latest.min(time));
        if self.ticked.is_some_and(|ticked| time.seconds_since(ticked) < 1.0) {
            return Vec::new();
        }
        self.ticked = Some(time);
        let events = self.monitor.tick(time);
        self.settle(events)
    }

    /// An answer to a request of the pipeline's own.
    fn own(&mut self, key: &Key, observation: Observation, time: Time) -> Vec<Told> {
        self.pipelines.learn(&key.0, &observation.vantage);
        let events = self.monitor.observe_verdict(&key.0, &key.1, &observation.verdict, time);
        let opened = events.iter().any(|event| {
            event.event == EventKind::IncidentOpened && event.pipeline_id == key.0 && event.host == key.1
        });
        if let Some(case) = self.cases.get_mut(key) {
            let probes = case.own(observation);
            if probes > 0 {
                self.probed(key, probes, time);
            }
        } else if opened && self.cases.len() < MOST_CASES {
            let mut case = Case::default();
            case.own(observation);
            self.cases.insert(key.clone(), case);
        }
        self.settle(events)
    }

    /// An answer from another vantage while an incident is open.
    fn probe(&mut self, key: &Key, observation: Observation, time: Time, may_move: bool) -> Vec<Told> {
        let Some(case) = self.cases.get_mut(key) else { return Vec::new() };
        match case.other(observation, time, may_move) {
            Other::Probes(number) => {
                self.probed(key, number, time);
                let classes = self.open_classes(key);
                classes.into_iter().filter_map(|class| self.tell(key, class, time)).collect()
            }
            Other::Moved(action, answers) => {
                if let Some((first, began)) = answers.first() {
                    self.acted(key, action, &first.vantage, *began);
                }
                answers.into_iter().flat_map(|(answer, time)| self.own(key, answer, time)).collect()
            }
        }
    }

    fn probed(&mut self, key: &Key, number: usize, time: Time) {
        for class in self.open_classes(key) {
            for _ in 0..number {
                self.monitor.probed(&key.0, &key.1, class, time);
            }
        }
    }

    /// Adds what the open incidents look like to events, and drops what is over.
    fn settle(&mut self, events: Vec<Event>) -> Vec<Told> {
        let mut told = Vec::new();
        for event in events {
            let key = (event.pipeline_id.clone(), event.host.clone());
            let (class, time) = (event.class, event.time);
            match event.event {
                EventKind::ProbeWanted => {
                    let diagnosis = self.cases.get(&key).map(|case| case.diagnose(class, &self.limits));
                    let decided = diagnosis.as_ref().is_some_and(is_decided);
                    told.push(Told { event, diagnosis });
                    if decided {
                        told.extend(self.tell(&key, class, time));
                    }
                    continue;
                }
                EventKind::Recovered | EventKind::GivenUp => {
                    if let Some(case) = self.cases.get_mut(&key) {
                        case.close(class);
                    }
                    if self.open_classes(&key).is_empty() {
                        self.cases.remove(&key);
                    }
                }
                _ => {}
            }
            told.push(Told { event, diagnosis: None });
        }
        told
    }

    /// Diagnoses an incident; an event if that says anything new.
    fn tell(&mut self, key: &Key, class: Class, time: Time) -> Option<Told> {
        let case = self.cases.get_mut(key)?;
        let diagnosis = case.diagnose(class, &self.limits);
        if diagnosis.classification == Classification::NoFault {
            return None;
        }
        let is_news = case.is_news(class, &diagnosis);
        let mut event = self.monitor.diagnosed(&key.0, &key.1, class, &diagnosis, time)?;
        if !is_decided(&diagnosis) && diagnosis.next_probe.is_some() {
            // Not known yet: another look is what it takes.
            event.event = EventKind::ProbeWanted;
            return Some(Told { event, diagnosis: Some(diagnosis) });
        }
        is_news.then_some(Told { event, diagnosis: Some(diagnosis) })
    }

    /// The classes for which incidents are open at a host.
    fn open_classes(&self, (pipeline, host): &Key) -> Vec<Class> {
        let is_open = |class: &Class| self.monitor.incident(pipeline, host, *class).is_some();
        Class::ALL.iter().copied().filter(is_open).collect()
    }
}

/// Whether a diagnosis says what it is.
fn is_decided(diagnosis: &Diagnosis) -> bool {
    !matches!(diagnosis.classification, Classification::Undetermined | Classification::NoFault)
}

/// The class under which a verdict is counted.
fn class_of(verdict: &Verdict) -> Class {
    if verdict.preview { Class::Passed } else { verdict.class }
}
