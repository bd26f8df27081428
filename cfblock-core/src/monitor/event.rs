//! What the monitor reports, in one shape.

use serde::{Deserialize, Serialize};

use super::time::Time;
use crate::codes::ErrorCode;
use crate::vocab::{Action, Class, Classification, EventKind, Recovery};

/// One report; serialized, the record of `cfblock watch`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Event {
    /// What is reported.
    pub event: EventKind,
    /// The pipeline that sent the requests.
    pub pipeline_id: String,
    /// The host that was asked.
    pub host: String,
    /// What stands in the way.
    pub class: Class,
    /// The error number of the first response of the incident that had one.
    pub error_code: Option<ErrorCode>,
    /// When it happened.
    pub time: Time,
    /// When the incident was opened.
    pub opened_at: Time,
    /// How many responses of this host the pipeline has had since the change began.
    pub responses: u64,
    /// How many probes were reported.
    pub probes: u32,
    /// What the diagnosis says it is.
    pub classification: Option<Classification>,
    /// What was done; before that, what the diagnosis says to do.
    pub action: Option<Action>,
    /// How it ended.
    pub recovery: Option<Recovery>,
    /// How long the stages took.
    pub timings: Timings,
}

/// How long the stages of an incident took, in seconds; they follow one another without a gap.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Timings {
    /// From the beginning of the change, as far as it can be told, to the incident.
    pub detect_s: f64,
    /// From the incident to the first action.
    pub act_s: Option<f64>,
    /// From the first action, or the incident where nothing was done, to the recovery.
    pub recover_s: Option<f64>,
    /// Whether the three together kept within the objective; known when the incident has ended.
    pub objective_met: Option<bool>,
}
