//! The next probe: what tells the most for its price.

#![allow(
    clippy::indexing_slicing,
    reason = "each place is counted from the same list, or from an array as long as the words it stands for"
)]

use std::fmt::Write as _;

use serde::{Serialize, Serializer};

use super::evidence::{Evidence, Values};
use super::limits::ProbeLimits;
use super::model::Component;
use super::observation::Candidate;
use super::prior::SCOPES;
use super::probe::{price_of, proposals};
use super::vantage::Opaque;
use crate::vocab::{Attribute, Scope};

/// Below this many bits a probe is not worth making.
const WORTHLESS: f64 = 0.01;

/// The next probe worth making.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct NextProbe {
    /// Which of the candidates, where some were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Opaque>,
    /// What to vary of the vantage that failed, where no candidates were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vary: Option<Vary>,
    /// What it tells.
    pub why: String,
}

/// What to vary of the vantage that failed; nothing, to repeat the request as it was.
///
/// The value `"other"` stands for any that was not tried yet. What follows from
/// a change is not listed: another network has other addresses, and a real
/// browser has its own fingerprint, User-Agent and session.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Vary {
    /// Attributes with their new values.
    pub attributes: Vec<(Attribute, Opaque)>,
}

impl Vary {
    /// The new value of an attribute, if it is varied.
    #[must_use]
    pub fn get(&self, attribute: Attribute) -> Option<&Opaque> {
        self.attributes.iter().find(|(varied, _)| *varied == attribute).map(|(_, value)| value)
    }
}

impl Serialize for Vary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.attributes.iter().map(|(attribute, value)| (attribute, value)))
    }
}

/// The best of the candidates, or of everything that the limits allow.
pub(super) fn next(
    evidence: &Evidence<'_>,
    components: &[Component],
    candidates: &[Candidate],
    limits: &ProbeLimits,
) -> Option<NextProbe> {
    if candidates.is_empty() {
        let proposals = proposals(evidence, limits)
            .into_iter()
            .map(|proposal| (proposal.values(evidence), proposal.price(), proposal));
        let (proposal, forecast) = best(evidence, components, proposals)?;
        Some(NextProbe { id: None, vary: Some(proposal.vary(evidence)), why: forecast.why() })
    } else {
        let candidates = candidates.iter().filter_map(|candidate| {
            let values = evidence.find(&candidate.vantage, candidate.path.as_deref());
            let price = price_of(evidence, &values, limits)?;
            Some((values, price, candidate))
        });
        let (candidate, forecast) = best(evidence, components, candidates)?;
        Some(NextProbe { id: Some(candidate.id.clone()), vary: None, why: forecast.why() })
    }
}

/// What tells the most for its price, the first of several; `None` if nothing tells enough.
fn best<T>(
    evidence: &Evidence<'_>,
    components: &[Component],
    probes: impl Iterator<Item = (Values, f64, T)>,
) -> Option<(T, Forecast)> {
    let mut best: Option<(f64, T, Forecast)> = None;
    for (values, price, probe) in probes {
        let forecast = Forecast::of(evidence, components, &values);
        let bits = forecast.bits();
        if bits > WORTHLESS && best.as_ref().is_none_or(|(worth, ..)| bits / price > worth + 1e-9) {
            best = Some((bits / price, probe, forecast));
        }
    }
    best.map(|(_, probe, forecast)| (probe, forecast))
}

/// What each scope expects of a probe.
struct Forecast {
    hit: [f64; SCOPES],
    page: [f64; SCOPES],
}

impl Forecast {
    fn of(evidence: &Evidence<'_>, components: &[Component], values: &Values) -> Self {
        let mut forecast = Self { hit: [0.0; SCOPES], page: [0.0; SCOPES] };
        for component in components {
            let hit = component.weight * component.chance(evidence, values);
            forecast.hit[component.scope as usize] += hit;
            forecast.page[component.scope as usize] += component.weight - hit;
        }
        forecast
    }

    /// By how many bits the probe is expected to narrow the scope down.
    fn bits(&self) -> f64 {
        let spread = |shares: &mut dyn Iterator<Item = f64>| -> f64 {
            shares.filter(|share| *share > 0.0).map(|share| -share * share.log2()).sum()
        };
        let outcome = |shares: &[f64; SCOPES]| {
            let sum: f64 = shares.iter().sum();
            // The spread after the outcome, times the chance of the outcome.
            spread(&mut shares.iter().copied()) - spread(&mut std::iter::once(sum))
        };
        let before = spread(&mut self.hit.iter().zip(&self.page).map(|(hit, page)| hit + page));
        before - outcome(&self.hit) - outcome(&self.page)
    }

    fn why(&self) -> String {
        let mut why = String::new();
        for (outcome, shares, others) in
            [("the page", &self.page, &self.hit), ("the same answer", &self.hit, &self.page)]
        {
            let (sum, rest): (f64, f64) = (shares.iter().sum(), others.iter().sum());
            let mut gains: Vec<(f64, Scope)> = Scope::ALL
                .iter()
                .take(SCOPES)
                .map(|scope| (shares[*scope as usize] / sum, others[*scope as usize] / rest, *scope))
                .filter(|(after, other, _)| after > other && *after > 0.04)
                .map(|(after, _, scope)| (after, scope))
                .collect();
            gains.sort_by(|one, another| another.0.total_cmp(&one.0));
            let scopes: Vec<&str> = gains.iter().take(3).map(|(_, scope)| scope.as_str()).collect();
            let separator = if why.is_empty() { "" } else { ", " };
            let _ = write!(why, "{separator}{outcome} would point to {}", scopes.join(" or "));
        }
        why
    }
}
