//! What is known about the open incidents of one host: from where it fails, and from where it does not.

use std::collections::{BTreeMap, VecDeque};

use cfblock_core::{
    Action, Class, Classification, Diagnosis, Network, Observation, Opaque, ProbeLimits, Time, Vantage,
    diagnose,
};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Value, json};

/// How many of the pipeline's own answers are kept, the latest.
const MOST_OWN: usize = 24;
/// How many answers to probes are kept, the latest.
const MOST_PROBES: usize = 48;
/// Fewer answers than these that show the fault are kept for longer.
const RARE: usize = 6;
/// After so many answers in a row from one other vantage the pipeline has moved there.
const MOVED: usize = 3;

/// The observations of one host while incidents are open for it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Case {
    #[serde(serialize_with = "records")]
    own: VecDeque<Observation>,
    #[serde(serialize_with = "records")]
    probes: VecDeque<Observation>,
    /// What was said last, by the class of the incident.
    told: BTreeMap<Class, (Classification, Action)>,
    /// Answers in a row from one other vantage, since something was to be done.
    #[serde(serialize_with = "timed")]
    moving: Vec<(Observation, Time)>,
}

/// What answers from another vantage are.
pub(super) enum Other {
    /// So many of them are probes. Where a change of who asks was advised,
    /// some wait until it is clear whether the pipeline has made it.
    Probes(usize),
    /// The pipeline has done this; the answers are its own.
    Moved(Action, Vec<(Observation, Time)>),
}

impl Case {
    /// Takes in an answer to the pipeline's own requests; how many answers before it turn out to be probes.
    pub(super) fn own(&mut self, observation: Observation) -> usize {
        if self.own.len() >= MOST_OWN {
            // Of a fault that is rare the few that showed it are worth more than the rest.
            let hits = self.own.iter().filter(|seen| seen.verdict.is_intercepted()).count();
            let pass = self.own.iter().position(|seen| !seen.verdict.is_intercepted());
            self.own.remove(pass.filter(|_| hits < RARE).unwrap_or(0));
        }
        self.own.push_back(observation);
        std::mem::take(&mut self.moving).len()
    }

    /// Takes in an answer from another vantage, to which the pipeline may have moved or not.
    pub(super) fn other(&mut self, observation: Observation, time: Time, may_move: bool) -> Other {
        if self.probes.len() >= MOST_PROBES {
            self.probes.pop_front();
        }
        self.probes.push_back(observation.clone());
        if !may_move {
            return Other::Probes(1);
        }
        let Some(action) = self.told.values().map(|(_, action)| *action).find(|action| is_move(*action))
        else {
            return Other::Probes(std::mem::take(&mut self.moving).len() + 1);
        };
        let turned =
            self.moving.first().is_some_and(|(first, _)| !alike(&first.vantage, &observation.vantage));
        let probes = if turned { std::mem::take(&mut self.moving).len() } else { 0 };
        self.moving.push((observation, time));
        if self.moving.len() < MOVED {
            return Other::Probes(probes);
        }
        self.probes.truncate(self.probes.len().saturating_sub(MOVED));
        Other::Moved(action, std::mem::take(&mut self.moving))
    }

    /// Diagnoses the incident about a class.
    pub(super) fn diagnose(&self, class: Class, limits: &ProbeLimits) -> Diagnosis {
        let is_about =
            |seen: &&Observation| matches!(seen.verdict.class, Class::Passed) || seen.verdict.class == class;
        let observations: Vec<Observation> =
            self.own.iter().chain(&self.probes).filter(is_about).cloned().collect();
        diagnose(&observations, &[], limits)
    }

    /// Whether a diagnosis says something that was not said before; it counts as said now.
    pub(super) fn is_news(&mut self, class: Class, diagnosis: &Diagnosis) -> bool {
        let said = (diagnosis.classification, diagnosis.action);
        self.told.insert(class, said) != Some(said)
    }

    /// Forgets what was said about an incident that is over.
    pub(super) fn close(&mut self, class: Class) {
        self.told.remove(&class);
    }
}

/// Whether following the advice changes the vantage.
pub(super) fn is_move(action: Action) -> bool {
    matches!(action, Action::ChangeIdentity | Action::UseBrowser)
}

/// Whether two requests come from the same kind of network and the same client; addresses may rotate.
fn alike(one: &Vantage, another: &Vantage) -> bool {
    let kind = |vantage: &Vantage| -> (Option<Network>, Option<bool>) { (vantage.network, vantage.browser) };
    kind(one) == kind(another)
        && one.tls_fingerprint == another.tls_fingerprint
        && one.user_agent == another.user_agent
}

/// An observation as the record that it can be read from.
fn record(observation: &Observation) -> Value {
    let url = observation.host.as_deref().map(|host| {
        let path = observation.path.as_deref().unwrap_or("/");
        format!("https://{host}{path}")
    });
    let time =
        observation.time.map(|seconds| Time::from_unix_millis(seconds.saturating_mul(1000)).to_string());
    json!({
        "id": observation.id.as_ref().map(Opaque::to_string),
        "url": url,
        "time": time,
        "verdict": observation.verdict,
        "vantage": observation.vantage,
    })
}

fn records<S: Serializer>(seen: &VecDeque<Observation>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(seen.iter().map(record))
}

fn timed<S: Serializer>(seen: &[(Observation, Time)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(seen.iter().map(|(observation, time)| (record(observation), time)))
}
