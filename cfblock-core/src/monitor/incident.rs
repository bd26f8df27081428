//! An open incident: what it knows, and when it is over.

use serde::{Deserialize, Serialize};

use super::config::MonitorConfig;
use super::detector::Alarm;
use super::event::{Event, Timings};
use super::time::Time;
use crate::codes::ErrorCode;
use crate::vocab::{Action, Class, Classification, EventKind, Phase, Recovery};

/// How much likelier the baseline has to be than the incident before it counts as over.
const OVER: f32 = 10_000.0;
/// No share above this is assumed, so that a single answer never ends an incident.
const HIGHEST: f32 = 0.97;
/// How many responses the rate counts for with which an incident begins.
const PRESUMED: f32 = 4.0;

/// An incident that is open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Incident {
    /// The pipeline that sends the requests.
    pub pipeline_id: String,
    /// The host that is asked.
    pub host: String,
    /// What stands in the way.
    pub class: Class,
    /// The error number of the first response that had one.
    pub error_code: Option<ErrorCode>,
    /// Where the incident stands.
    pub phase: Phase,
    /// When the change began, as far as it can be told.
    pub began_at: Time,
    /// When the incident was opened.
    pub opened_at: Time,
    /// The latest time that was handed in for it.
    pub latest: Time,
    /// When the first action was reported.
    pub acted_at: Option<Time>,
    /// How many responses of this host the pipeline has had since the change began.
    pub responses: u64,
    /// How many probes were reported.
    pub probes: u32,
    /// What the diagnosis says it is.
    pub classification: Option<Classification>,
    /// What was done; before that, what the diagnosis says to do.
    pub action: Option<Action>,
    /// When a probe was asked for, or an action reported.
    stirred_at: Time,
    /// When the latest action was reported, or the incident was opened.
    due_from: Time,
    /// The share of the class before the incident, the lowest and the present one in it.
    base: f32,
    least: f32,
    share: f32,
    /// How many responses were of the class or passed, and how many of the class.
    judged: f32,
    hits: f32,
    /// What speaks for the baseline against the incident: a sum of logarithms held at zero from below.
    better: f32,
}

impl Incident {
    pub(super) fn open(
        pipeline: &str,
        host: &str,
        class: Class,
        error_code: Option<ErrorCode>,
        time: Time,
        alarm: &Alarm,
    ) -> Self {
        Self {
            pipeline_id: pipeline.to_owned(),
            host: host.to_owned(),
            class,
            error_code,
            phase: Phase::Open,
            began_at: time.at_tick(alarm.since),
            opened_at: time,
            latest: time,
            acted_at: None,
            responses: u64::from(alarm.responses),
            probes: 0,
            classification: None,
            action: None,
            stirred_at: time,
            due_from: time,
            base: alarm.base,
            least: alarm.least,
            share: alarm.rate.min(HIGHEST),
            judged: PRESUMED,
            hits: PRESUMED * alarm.rate.min(HIGHEST),
            better: 0.0,
        }
    }

    /// The share of the class since the incident was opened.
    pub(super) fn share(&self) -> f32 {
        self.share
    }

    /// Times never run backwards within an incident: an earlier one is read as the latest.
    pub(super) fn advance(&mut self, time: Time) -> Time {
        self.latest = self.latest.max(time);
        self.latest
    }

    /// Takes a response of the host into account; whether the incident is over.
    ///
    /// What is neither of the class nor passed says nothing: the site does
    /// not answer as before, and another incident may be open for it.
    pub(super) fn take(&mut self, class: Class, error_code: Option<ErrorCode>) -> bool {
        self.responses += 1;
        if class == self.class {
            self.error_code = self.error_code.or(error_code);
            self.judged += 1.0;
            self.hits += 1.0;
            // Taken at the class's own responses only, so that the answers
            // after the end do not dilute what they are compared with.
            self.share = (self.hits / self.judged).clamp(self.least.min(HIGHEST), HIGHEST);
            self.better = (self.better + (self.base / self.share).ln()).max(0.0);
        } else if class == Class::Passed {
            self.judged += 1.0;
            self.better += ((1.0 - self.base) / (1.0 - self.share)).ln();
        }
        self.better >= OVER.ln()
    }

    /// Whether another probe should be asked for: the class goes on long after the last step.
    ///
    /// Who does not answer is asked less and less often: each pause is as long
    /// as the incident had lasted when it was asked last.
    pub(super) fn wants_probe(&mut self, config: &MonitorConfig) -> bool {
        let lasted = self.stirred_at.seconds_since(self.opened_at);
        let wants = self.latest.seconds_since(self.stirred_at) >= lasted.max(config.objective_s);
        if wants {
            self.stirred_at = self.latest;
        }
        wants
    }

    /// Whether the time to end it has run out.
    pub(super) fn is_overdue(&self, time: Time, config: &MonitorConfig) -> bool {
        time.seconds_since(self.due_from) >= config.give_up_s
    }

    pub(super) fn probed(&mut self, time: Time) {
        self.advance(time);
        self.probes = self.probes.saturating_add(1);
        if self.phase == Phase::Open {
            self.phase = Phase::Probing;
        }
    }

    pub(super) fn diagnosed(&mut self, classification: Classification, action: Action, time: Time) {
        self.advance(time);
        self.classification = Some(classification);
        if self.acted_at.is_none() {
            self.action = Some(action);
        }
        if self.phase == Phase::Open {
            self.phase = Phase::Probing;
        }
    }

    pub(super) fn acted(&mut self, action: Action, time: Time) {
        let time = self.advance(time);
        self.action = Some(action);
        self.phase = Phase::Acting;
        self.acted_at = self.acted_at.or(Some(time));
        self.stirred_at = time;
        self.due_from = time;
    }

    /// A report about the incident as it stands.
    pub(super) fn event(&self, event: EventKind) -> Event {
        Event {
            event,
            pipeline_id: self.pipeline_id.clone(),
            host: self.host.clone(),
            class: self.class,
            error_code: self.error_code,
            time: self.latest,
            opened_at: self.opened_at,
            responses: self.responses,
            probes: self.probes,
            classification: self.classification,
            action: self.action,
            recovery: None,
            timings: Timings {
                detect_s: self.opened_at.seconds_since(self.began_at),
                act_s: self.acted_at.map(|acted| acted.seconds_since(self.opened_at)),
                recover_s: None,
                objective_met: None,
            },
        }
    }

    /// The last report: how it ended.
    pub(super) fn end(&self, recovered: bool, config: &MonitorConfig) -> Event {
        let mut event = self.event(if recovered { EventKind::Recovered } else { EventKind::GivenUp });
        event.recovery = Some(match (recovered, self.acted_at) {
            (false, _) => Recovery::Failed,
            (true, Some(_)) => Recovery::AfterAction,
            (true, None) => Recovery::Unaided,
        });
        if recovered {
            let from = self.acted_at.unwrap_or(self.opened_at);
            event.timings.recover_s = Some(self.latest.seconds_since(from));
        }
        let total = self.latest.seconds_since(self.began_at);
        event.timings.objective_met = Some(recovered && total <= config.objective_s);
        event
    }
}
