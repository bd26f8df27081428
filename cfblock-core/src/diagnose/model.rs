//! How likely each hypothesis makes what was seen.
//!
//! A hypothesis says of every request whether the fault reaches it. Some
//! answers are noise: with a small, unknown chance the page comes where the
//! fault should, or the other way round. Everything unknown (how much noise,
//! which values a rule lists besides the one that failed, where a threshold
//! lies) is summed over, in closed form.

#![allow(
    clippy::indexing_slicing,
    reason = "each place is counted from the same list, or from an array as long as the words it stands for"
)]

use std::rc::Rc;

use super::evidence::{Case, Evidence, Values};
use super::noise::{Noise, float, noises, sum_of_logs};
use super::prior::{Prior, RULES, SCOPES, reach};
use super::score::{SCORES, improvement, is_browser};
use crate::fields::Colo;
use crate::vocab::{Attribute, Scope};

/// By how much a limit may lie below the rate that failed.
const LIMIT_SPAN: f64 = 40.0;

/// How many of the faults that come and go have one beginning or one end, rather than coming by chance.
const SPELL: f64 = 0.25;

/// What an attribute is worth that nobody recorded, while something else was varied.
const UNRECORDED: f64 = 0.12;

/// One hypothesis with everything else about it settled.
#[derive(Debug)]
pub(super) struct Component {
    pub(super) scope: Scope,
    pub(super) value: Turn,
    /// Its share after what was seen; all shares sum to 1.
    pub(super) weight: f64,
    noise: f64,
    reach: Reach,
}

/// What a scope turns on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Turn {
    Nothing,
    Value(Attribute, u32),
    Colo(Colo),
    Rate(f64),
}

impl Turn {
    /// The same number for the same thing.
    pub(super) fn key(self) -> (u8, u64) {
        match self {
            Self::Nothing => (0, 0),
            Self::Value(attribute, number) => (1 + attribute as u8, u64::from(number)),
            Self::Colo(colo) => {
                (100, colo.as_str().bytes().fold(0, |key, letter| key * 256 + u64::from(letter)))
            }
            Self::Rate(rate) => (101, rate.to_bits()),
        }
    }
}

/// Whom the fault reaches.
#[derive(Clone, Debug)]
enum Reach {
    All,
    Nobody,
    /// Anybody, by chance.
    Chance(f64),
    /// Whoever has the value; of others it is only known how likely they are listed too.
    Value {
        attribute: Attribute,
        anchor: u32,
        listed: Rc<[f64]>,
        fresh: f64,
    },
    /// Whoever asks at least this often.
    Rate(f64),
    /// Whoever's bot score improves by less.
    Score(f64),
    /// Whoever is no real browser.
    NoBrowser,
}

impl Component {
    /// The chance that a request with these values meets the fault.
    pub(super) fn chance(&self, evidence: &Evidence<'_>, values: &Values) -> f64 {
        let reached = match &self.reach {
            Reach::Chance(chance) => return *chance,
            Reach::All => 1.0,
            Reach::Nobody => 0.0,
            Reach::Value { attribute, anchor, listed, fresh } => match values.of[*attribute as usize] {
                Some(value) if value == *anchor => 1.0,
                Some(value) => listed.get(value as usize).copied().unwrap_or(*fresh),
                None => 0.5,
            },
            Reach::Rate(limit) => f64::from(values.rate >= *limit),
            Reach::Score(needed) => f64::from(improvement(evidence, values) < *needed),
            Reach::NoBrowser => f64::from(!is_browser(evidence, values)),
        };
        reached * (1.0 - self.noise) + (1.0 - reached) * self.noise
    }
}

/// Every hypothesis with its share after the cases that are not left out.
pub(super) fn weigh(evidence: &Evidence<'_>, prior: &Prior, keep: impl Fn(&Case) -> bool) -> Vec<Component> {
    let cases: Vec<&Case> = evidence.cases.iter().filter(|case| keep(case)).collect();
    let prior = discount(evidence, prior);
    let mut model = Model { evidence, cases: &cases, prior: &prior, components: Vec::new() };
    for noise in noises(evidence.unrelated, cases.len()) {
        model.global(noise);
        model.targeted(noise);
        for (scope, attribute) in RULES {
            match attribute {
                Attribute::Rate => model.rate(noise),
                attribute => model.rule(scope, attribute, noise),
            }
        }
        model.spell(noise);
        model.colo(noise);
    }
    model.chance();

    let mut components = model.components;
    let best = components.iter().map(|component| component.weight).fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for component in &mut components {
        component.weight = (component.weight - best).exp();
        sum += component.weight;
    }
    for component in &mut components {
        component.weight /= sum;
    }
    components
}

/// The shares of the scopes.
pub(super) fn by_scope(components: &[Component]) -> [f64; SCOPES] {
    let mut shares = [0.0; SCOPES];
    for component in components {
        shares[component.scope as usize] += component.weight;
    }
    shares
}

/// Whoever compares vantages records what they vary; the rest is less likely to have differed.
fn discount(evidence: &Evidence<'_>, prior: &Prior) -> Prior {
    let varied = Attribute::ALL.iter().any(|attribute| evidence.varies(*attribute));
    let mut prior = *prior;
    if varied {
        for (scope, attribute) in RULES {
            if !evidence.stated[attribute as usize] {
                prior.scopes[scope as usize] *= UNRECORDED;
            }
        }
    }
    prior
}

struct Model<'a> {
    evidence: &'a Evidence<'a>,
    cases: &'a [&'a Case],
    prior: &'a Prior,
    /// With the logarithm of the weight, until they are made to sum to 1.
    components: Vec<Component>,
}

impl Model<'_> {
    fn push(&mut self, scope: Scope, value: Turn, noise: f64, reach: Reach, likelihood: f64) {
        let share = self.prior.scopes[scope as usize].ln();
        self.components.push(Component { scope, value, weight: share + likelihood, noise, reach });
    }

    /// Hits and pages where everybody who is told to be is reached.
    fn likelihood(&self, noise: Noise, reached: impl Fn(&Case) -> bool) -> f64 {
        let agree = self.cases.iter().filter(|case| reached(case) == case.hit).count();
        noise.share + noise.of(float(agree), float(self.cases.len() - agree))
    }

    fn global(&mut self, noise: Noise) {
        let likelihood = self.likelihood(noise, |_| true);
        self.push(Scope::Global, Turn::Nothing, noise.rate, Reach::All, likelihood);
    }

    fn targeted(&mut self, noise: Noise) {
        let evidence = self.evidence;
        for (needed, share) in SCORES {
            let likelihood = self.likelihood(noise, |case| improvement(evidence, &case.values) < needed)
                + share.ln()
                + (1.0 - self.prior.browser).ln();
            self.push(Scope::Targeted, Turn::Nothing, noise.rate, Reach::Score(needed), likelihood);
        }
        let likelihood =
            self.likelihood(noise, |case| !is_browser(evidence, &case.values)) + self.prior.browser.ln();
        self.push(Scope::Targeted, Turn::Nothing, noise.rate, Reach::NoBrowser, likelihood);
    }

    fn rule(&mut self, scope: Scope, attribute: Attribute, noise: Noise) {
        let mut counts = vec![(0.0, 0.0); self.evidence.count(attribute)];
        let mut unknown = 0_usize;
        for case in self.cases {
            match case.values.of[attribute as usize].and_then(|value| counts.get_mut(value as usize)) {
                Some((hits, _)) if case.hit => *hits += 1.0,
                Some((_, pages)) => *pages += 1.0,
                None => unknown += 1,
            }
        }
        let anchors = counts.iter().filter(|(hits, _)| *hits > 0.0).count();
        if anchors == 0 {
            return;
        }
        for (chance, share) in reach(attribute) {
            let mut whole = noise.share + share.ln() - float(anchors).ln() + float(unknown) * 0.5_f64.ln();
            let mut listed = Vec::with_capacity(counts.len());
            let mut terms = Vec::with_capacity(counts.len());
            for count in &counts {
                let (inside, outside) = noise.both(*count);
                let either = sum_of_logs(inside + chance.ln(), outside + (1.0 - chance).ln());
                listed.push((inside + chance.ln() - either).exp());
                terms.push((inside, either));
                whole += either;
            }
            let listed: Rc<[f64]> = listed.into();
            for (number, (inside, either)) in (0_u32..).zip(terms) {
                if counts[number as usize].0 > 0.0 {
                    let reach =
                        Reach::Value { attribute, anchor: number, listed: listed.clone(), fresh: *chance };
                    let value = Turn::Value(attribute, number);
                    self.push(scope, value, noise.rate, reach, whole - either + inside);
                }
            }
        }
    }

    fn rate(&mut self, noise: Noise) {
        let mut rates: Vec<f64> = self.cases.iter().map(|case| case.values.rate).collect();
        rates.sort_by(f64::total_cmp);
        rates.dedup_by(|one, another| *one <= *another * 1.05);
        // Somewhere below the rate that failed, evenly by magnitude.
        let floor = self.evidence.reference.rate / LIMIT_SPAN;
        let mut limits = vec![(floor, 0.1)];
        let mut below = floor;
        for rate in rates {
            if rate > below {
                let share = (rate / below).ln();
                limits.push((rate, share));
                below = rate;
            }
        }
        let sum: f64 = limits.iter().map(|(_, share)| share).sum();
        for (limit, share) in limits {
            let likelihood =
                self.likelihood(noise, |case| case.values.rate * 1.05 >= limit) + (share / sum).ln();
            self.push(Scope::ByRate, Turn::Rate(limit), noise.rate, Reach::Rate(limit), likelihood);
        }
    }

    /// A fault that began or ended between two observations.
    fn spell(&mut self, noise: Noise) {
        const ENDS: f64 = 0.15;
        let share = (1.0 - self.prior.colo).ln() + SPELL.ln() + noise.share;
        let hits = float(self.cases.iter().filter(|case| case.hit).count());
        let pages = float(self.cases.len()) - hits;
        let (mut hits_before, mut pages_before) = (0.0, 0.0);
        let (mut ended, mut began) = (f64::NEG_INFINITY, f64::NEG_INFINITY);
        for (at, case) in self.cases.iter().enumerate() {
            if at > 0 {
                let here = ENDS.ln() + float(at - 1) * (1.0 - ENDS).ln();
                let (faulty, sound) = noise.both((hits_before, pages_before));
                let (faulty_after, sound_after) = noise.both((hits - hits_before, pages - pages_before));
                ended = sum_of_logs(ended, here + faulty + sound_after);
                began = sum_of_logs(began, here + sound + faulty_after);
            }
            if case.hit { hits_before += 1.0 } else { pages_before += 1.0 }
        }
        self.push(
            Scope::Intermittent,
            Turn::Nothing,
            noise.rate,
            Reach::Nobody,
            share + ended + 0.5_f64.ln(),
        );
        self.push(Scope::Intermittent, Turn::Nothing, noise.rate, Reach::All, share + began + 0.5_f64.ln());
    }

    /// A fault of one data centre, or of several.
    fn colo(&mut self, noise: Noise) {
        const ANOTHER: f64 = 0.06;
        let mut counts: Vec<(Colo, (f64, f64))> = Vec::new();
        let mut unknown = 0_usize;
        for case in self.cases {
            let Some(colo) = case.colo else {
                unknown += 1;
                continue;
            };
            let at = counts.iter().position(|(seen, _)| *seen == colo).unwrap_or_else(|| {
                counts.push((colo, (0.0, 0.0)));
                counts.len() - 1
            });
            let (hits, pages) = &mut counts[at].1;
            if case.hit { *hits += 1.0 } else { *pages += 1.0 }
        }
        let anchors = counts.iter().filter(|(_, (hits, _))| *hits > 0.0).count();
        if anchors == 0 {
            return;
        }
        let mut whole =
            noise.share + self.prior.colo.ln() - float(anchors).ln() + float(unknown) * 0.5_f64.ln();
        let mut terms = Vec::new();
        for (colo, count) in &counts {
            let (inside, outside) = noise.both(*count);
            let either = sum_of_logs(inside + ANOTHER.ln(), outside + (1.0 - ANOTHER).ln());
            whole += either;
            terms.push((*colo, inside, either, count.0, count.0 + count.1));
        }
        for (colo, inside, either, hits, all) in terms {
            if hits > 0.0 {
                // Which data centre answers next is not for the client to choose.
                let chance = (all + 0.5) / (float(self.cases.len()) + 1.0);
                let value = Turn::Colo(colo);
                self.push(
                    Scope::Intermittent,
                    value,
                    noise.rate,
                    Reach::Chance(chance),
                    whole - either + inside,
                );
            }
        }
    }

    /// A fault that comes by chance, equally for everybody.
    fn chance(&mut self) {
        const BEFORE: f64 = 2.5;
        let hits = float(self.cases.iter().filter(|case| case.hit).count());
        let pages = float(self.cases.len()) - hits;
        let count = |number: f64| (0_u32..).take_while(move |step| f64::from(*step) < number).map(f64::from);
        // The beta-binomial distribution, as a product of the chances one after the other.
        let likelihood = count(hits).map(|step| (BEFORE + step).ln()).sum::<f64>()
            + count(pages).map(|step| (BEFORE + step).ln()).sum::<f64>()
            - count(hits + pages).map(|step| (BEFORE * 2.0 + step).ln()).sum::<f64>();
        let chance = (BEFORE + hits) / (BEFORE * 2.0 + hits + pages);
        let share = (1.0 - self.prior.colo).ln() + (1.0 - SPELL).ln();
        self.push(Scope::Intermittent, Turn::Nothing, 0.0, Reach::Chance(chance), likelihood + share);
    }
}
