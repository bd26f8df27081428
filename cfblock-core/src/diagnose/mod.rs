//! From several observations to whom a fault hits, and to the next probe worth making.
//!
//! Hypotheses (everybody, now and then, each rule by an attribute, a bot
//! score) start with a prior from the fault's code and are weighed by what
//! each vantage saw, with room for answers that are noise. Nothing is named
//! before it is likely.

#![allow(
    clippy::indexing_slicing,
    reason = "each place is counted from the same list, or from an array as long as the words it stands for"
)]

mod conclude;
mod evidence;
mod fault;
mod limits;
mod model;
mod noise;
mod observation;
mod plan;
mod prior;
mod probe;
mod score;
#[cfg(test)]
mod tests;
mod vantage;

use std::collections::HashMap;

use serde::{Serialize, Serializer};

use crate::vocab::{Action, Change, Classification, Scope};

use evidence::{Case, Evidence};
pub use limits::ProbeLimits;
use model::{Component, Turn};
pub use observation::{Candidate, Observation};
pub use plan::{NextProbe, Vary};
use prior::Prior;
pub use vantage::{Opaque, Vantage};

/// From here on a scope is named.
const NAMED: f64 = 0.6;

/// From here on no further probe is asked for.
const SETTLED: f64 = 0.97;

/// How much of the probability has to lie on one name of the fault while its scope is open.
const AGREED: f64 = 0.9;

/// Below this a hypothesis is not listed.
const NEGLIGIBLE: f64 = 0.005;

/// Whom a fault hits, what it is, what to do, and what to look at next.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Diagnosis {
    /// Whom it hits.
    pub scope: Scope,
    /// The value of the attribute that the scope turns on, as it was stated:
    /// the country of [`Scope::ByCountry`], the lowest rate that was refused
    /// of [`Scope::ByRate`], the data centre of [`Scope::Intermittent`].
    pub value: Option<Opaque>,
    /// How likely the scope is; where it is undetermined, how likely the best guess is.
    #[serde(serialize_with = "rounded")]
    pub probability: f64,
    /// What it is.
    pub classification: Classification,
    /// What to do; [`Action::Probe`] while nothing is named and a probe would tell.
    pub action: Action,
    /// What to change, for [`Action::ChangeIdentity`]; all of it together.
    pub change: &'static [Change],
    /// The next probe worth making; `None` where no further one would tell enough.
    pub next_probe: Option<NextProbe>,
    /// The observations without which it would be the least certain, by their ids.
    ///
    /// One without an id is named by its place, counted from 1. Of several
    /// that say the same, the first stands for all.
    pub decided_by: Vec<Opaque>,
    /// What else it could be, the likeliest first.
    pub hypotheses: Vec<Hypothesis>,
}

/// One thing that it could be.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Hypothesis {
    /// Whom it would hit.
    pub scope: Scope,
    /// The value of the attribute that the scope turns on.
    pub value: Option<Opaque>,
    /// How likely it is.
    #[serde(serialize_with = "rounded")]
    pub probability: f64,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
fn rounded<S: Serializer>(probability: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((probability * 10_000.0).round() / 10_000.0)
}

/// Says whom a fault hits, from what several vantages saw of one host.
///
/// The fault is the most frequent one of the observations. Those of another
/// host, and those with another fault, count neither for nor against.
///
/// The next probe is chosen among the candidates, where some are given, and
/// otherwise described by what to vary of the vantage that failed.
#[must_use]
pub fn diagnose(observations: &[Observation], candidates: &[Candidate], limits: &ProbeLimits) -> Diagnosis {
    let Some(evidence) = Evidence::read(observations) else {
        let page = observations.iter().any(|seen| fault::answer(&seen.verdict) == fault::Answer::Page);
        let proves_nothing = !page && !observations.is_empty();
        return Diagnosis {
            scope: Scope::Undetermined,
            value: None,
            probability: 0.0,
            classification: if proves_nothing {
                Classification::Undetermined
            } else {
                Classification::NoFault
            },
            action: if proves_nothing { Action::Inspect } else { Action::Proceed },
            change: &[],
            next_probe: None,
            decided_by: Vec::new(),
            hypotheses: Vec::new(),
        };
    };
    let prior = Prior::of(evidence.fault);
    let components = model::weigh(&evidence, &prior, |_| true);
    let shares = model::by_scope(&components);
    let best =
        (0..shares.len()).max_by(|one, another| shares[*one].total_cmp(&shares[*another])).unwrap_or(0);
    let probability = shares[best];

    let probes = probability < SETTLED && !conclude::keeps_its_action(evidence.fault);
    let next_probe = if probes { plan::next(&evidence, &components, candidates, limits) } else { None };
    let hypotheses = hypotheses(&evidence, &components);
    // As long as nobody has seen the page, a prior is all that speaks for a rule about who asks.
    let contrast = Scope::ALL[best] == Scope::Global || evidence.cases.iter().any(|case| !case.hit);
    let named = contrast && probability >= NAMED;
    let scope = if named { Scope::ALL[best] } else { Scope::Undetermined };
    let turn = components
        .iter()
        .filter(|component| component.scope == scope)
        .max_by(|one, another| one.weight.total_cmp(&another.weight))
        .map_or(Turn::Nothing, |component| component.value);
    let classification = if named {
        conclude::classify(evidence.fault, scope, turn)
    } else {
        shared_classification(&evidence, &components)
    };
    let (mut action, change) = conclude::act(classification, evidence.fault, limits);
    if classification == Classification::Undetermined && next_probe.is_some() {
        action = Action::Probe;
    }
    Diagnosis {
        scope,
        value: value(&evidence, turn),
        probability,
        classification,
        action,
        change,
        next_probe,
        decided_by: if named {
            decided_by(&evidence, &prior, observations, best, probability)
        } else {
            Vec::new()
        },
        hypotheses,
    }
}

/// What it is, if the scopes that are still open agree about that.
fn shared_classification(evidence: &Evidence<'_>, components: &[Component]) -> Classification {
    let mut shares = vec![0.0; Classification::ALL.len()];
    for component in components {
        shares[conclude::classify(evidence.fault, component.scope, component.value) as usize] +=
            component.weight;
    }
    let named = Classification::ALL.iter().zip(shares).find(|(_, share)| *share >= AGREED);
    named.map_or(Classification::Undetermined, |(classification, _)| *classification)
}

fn value(evidence: &Evidence<'_>, turn: Turn) -> Option<Opaque> {
    match turn {
        Turn::Nothing => None,
        Turn::Value(attribute, number) => evidence.shown(attribute, number),
        Turn::Colo(colo) => Some(colo.as_str().into()),
        Turn::Rate(rate) => Some(rate.into()),
    }
}

fn hypotheses(evidence: &Evidence<'_>, components: &[Component]) -> Vec<Hypothesis> {
    let mut places = HashMap::new();
    let mut turns: Vec<(Scope, Turn, f64)> = Vec::new();
    for component in components {
        let place = *places.entry((component.scope, component.value.key())).or_insert_with(|| {
            turns.push((component.scope, component.value, 0.0));
            turns.len() - 1
        });
        turns[place].2 += component.weight;
    }
    turns.retain(|(.., share)| *share >= NEGLIGIBLE);
    turns.sort_by(|one, another| another.2.total_cmp(&one.2));
    turns
        .into_iter()
        .map(|(scope, turn, probability)| Hypothesis { scope, value: value(evidence, turn), probability })
        .collect()
}

/// The observations without which the scope would lose the most.
fn decided_by(
    evidence: &Evidence<'_>,
    prior: &Prior,
    observations: &[Observation],
    best: usize,
    probability: f64,
) -> Vec<Opaque> {
    const GROUPS: usize = 64;
    const LISTED: usize = 6;
    let alike = |one: &Case, another: &Case| {
        one.hit == another.hit
            && one.values.of == another.values.of
            && one.colo == another.colo
            && one.values.rate.total_cmp(&another.values.rate).is_eq()
    };
    let mut groups: Vec<&Case> = Vec::new();
    for case in &evidence.cases {
        if groups.len() < GROUPS && !groups.iter().any(|group| alike(group, case)) {
            groups.push(case);
        }
    }
    let mut losses: Vec<(f64, &Case)> = groups
        .into_iter()
        .map(|group| {
            let others = |case: &Case| !alike(group, case);
            let fails = evidence.cases.iter().any(|case| case.hit && others(case));
            let without = model::by_scope(&model::weigh(evidence, prior, others))[best];
            (if fails { probability - without } else { probability }, group)
        })
        .collect();
    losses.sort_by(|one, another| another.0.total_cmp(&one.0));
    let most = losses.first().map_or(0.0, |(loss, _)| *loss);
    losses
        .into_iter()
        .take(LISTED)
        .filter(|(loss, _)| *loss >= most.min(0.01))
        .map(|(_, case)| match &observations[case.place].id {
            Some(id) => id.clone(),
            None => u64::try_from(case.place + 1).unwrap_or(u64::MAX).into(),
        })
        .collect()
}
