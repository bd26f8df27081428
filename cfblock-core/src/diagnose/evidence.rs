//! The observations in the terms of the model: hit or not, and which values.

#![allow(
    clippy::indexing_slicing,
    reason = "each place is counted from the same list, or from an array as long as the words it stands for"
)]

use std::collections::HashMap;

use super::fault::{Answer, answer, own_answer};
use super::observation::Observation;
use super::vantage::{Opaque, Vantage};
use crate::fields::Colo;
use crate::verdict::Verdict;
use crate::vocab::{Attribute, Network};

pub(super) const ATTRIBUTES: usize = Attribute::ALL.len();

/// A value that no observation has.
pub(super) const FRESH: u32 = u32::MAX;

/// Requests a second where nothing is known about the rate.
const ORDINARY_RATE: f64 = 1.0;

/// What attributes have, for one observation or for a probe.
#[derive(Clone, Debug)]
pub(super) struct Values {
    /// The number of each value; `None` where it is unknown and may be any.
    pub(super) of: [Option<u32>; ATTRIBUTES],
    pub(super) network: Option<Network>,
    pub(super) browser: bool,
    pub(super) rate: f64,
}

/// One observation that counts.
#[derive(Clone, Debug)]
pub(super) struct Case {
    /// Whether the fault showed.
    pub(super) hit: bool,
    pub(super) values: Values,
    pub(super) colo: Option<Colo>,
    /// Its place among the observations, as given.
    pub(super) place: usize,
}

/// The observations of one fault on one host.
#[derive(Debug)]
pub(super) struct Evidence<'a> {
    pub(super) fault: &'a Verdict,
    pub(super) cases: Vec<Case>,
    /// How many answers neither showed the fault nor the page.
    pub(super) unrelated: usize,
    /// The vantage that failed, from which probes vary.
    pub(super) reference: Values,
    /// Whether any observation states the attribute.
    pub(super) stated: [bool; ATTRIBUTES],
    names: Vec<Names<'a>>,
    base: &'a Observation,
}

/// The values of one attribute, numbered.
#[derive(Debug, Default)]
struct Names<'a> {
    numbers: HashMap<String, u32>,
    /// Who stated the value first; `None` where it only follows from another attribute's.
    stated_by: Vec<Option<&'a Observation>>,
}

impl<'a> Evidence<'a> {
    /// Picks the fault and reads the observations; `None` if nothing failed.
    pub(super) fn read(observations: &'a [Observation]) -> Option<Self> {
        let mut order: Vec<usize> = (0..observations.len()).collect();
        if observations.iter().all(|observation| observation.time.is_some()) {
            order.sort_by_key(|place| observations[*place].time);
        }
        let faults = |read: fn(&Verdict) -> Answer| {
            let mut counts: Vec<((Answer, Option<&str>), usize)> = Vec::new();
            let mut found: HashMap<(Answer, Option<&str>), usize> = HashMap::new();
            for place in &order {
                let observation = &observations[*place];
                let kind = read(&observation.verdict);
                if matches!(kind, Answer::Fault(..)) {
                    let key = (kind, observation.host.as_deref());
                    let at = *found.entry(key).or_insert_with(|| {
                        counts.push((key, 0));
                        counts.len() - 1
                    });
                    counts[at].1 += 1;
                }
            }
            // The most frequent one, the first one of several.
            counts.into_iter().rev().max_by_key(|(_, count)| *count).map(|(key, _)| key)
        };
        let (read, (fault, host)): (fn(&Verdict) -> Answer, _) = match faults(answer) {
            Some(fault) => (answer, fault),
            None => (own_answer, faults(own_answer)?),
        };

        order.retain(|place| {
            observations[*place].host.as_deref().is_none_or(|other| host.is_none_or(|host| host == other))
        });
        let is_hit = |observation: &Observation| read(&observation.verdict) == fault;
        let base = order
            .iter()
            .map(|place| &observations[*place])
            .filter(|observation| is_hit(observation))
            .rev()
            .max_by_key(|observation| stated(observation).iter().filter(|stated| **stated).count())?;

        let mut evidence = Self {
            fault: &base.verdict,
            cases: Vec::new(),
            unrelated: 0,
            reference: Values {
                of: [None; ATTRIBUTES],
                network: base.vantage.network,
                browser: base.vantage.browser == Some(true),
                rate: ORDINARY_RATE,
            },
            stated: [false; ATTRIBUTES],
            names: Vec::new(),
            base,
        };
        evidence.names.resize_with(ATTRIBUTES, Names::default);
        for place in &order {
            for (any, this) in evidence.stated.iter_mut().zip(stated(&observations[*place])) {
                *any |= this;
            }
        }
        evidence.set_reference(&order, observations, is_hit);
        for place in order {
            let observation = &observations[place];
            let hit = match read(&observation.verdict) {
                Answer::Page => false,
                kind if kind == fault => true,
                _ => {
                    evidence.unrelated += 1;
                    continue;
                }
            };
            let values = evidence.number(observation);
            evidence.cases.push(Case { hit, values, colo: observation.verdict.colo, place });
        }
        Some(evidence)
    }

    fn set_reference(
        &mut self,
        order: &[usize],
        observations: &[Observation],
        is_hit: impl Fn(&Observation) -> bool,
    ) {
        let rates = order.iter().map(|place| &observations[*place]).filter(|seen| is_hit(seen));
        let fastest = rates.filter_map(|seen| seen.vantage.rate).reduce(f64::max);
        self.reference.rate = self.base.vantage.rate.or(fastest).unwrap_or(ORDINARY_RATE);
        for attribute in Attribute::ALL {
            let at = *attribute as usize;
            let key = key(*attribute, &self.base.vantage, self.base.path.as_deref());
            // What nobody states is taken as the same throughout.
            if key.is_some() || !self.stated[at] {
                self.reference.of[at] = Some(0);
                let names = &mut self.names[at];
                names.stated_by.push(key.is_some().then_some(self.base));
                names.numbers.insert(key.unwrap_or_default(), 0);
            }
        }
    }

    /// How many values an attribute has.
    pub(super) fn count(&self, attribute: Attribute) -> usize {
        self.names[attribute as usize].stated_by.len()
    }

    /// A value by its number, as it was stated.
    pub(super) fn shown(&self, attribute: Attribute, number: u32) -> Option<Opaque> {
        let observation = (*self.names[attribute as usize].stated_by.get(number as usize)?)?;
        match attribute {
            Attribute::Path => observation.path.as_deref().map(Opaque::from),
            Attribute::TlsFingerprint => observation
                .vantage
                .tls_fingerprint
                .clone()
                .or_else(|| observation.vantage.http_version.clone()),
            attribute => observation.vantage.get(attribute),
        }
    }

    /// Whether the attribute has more than one value, or more than one rate.
    pub(super) fn varies(&self, attribute: Attribute) -> bool {
        if attribute == Attribute::Rate {
            return self
                .cases
                .iter()
                .any(|case| (case.values.rate - self.reference.rate).abs() > f64::EPSILON);
        }
        self.stated[attribute as usize] && self.count(attribute) > 1
    }

    /// Whether a value is known to differ from the failing vantage's.
    pub(super) fn differs(&self, values: &Values, attribute: Attribute) -> bool {
        match (values.of[attribute as usize], self.reference.of[attribute as usize]) {
            (Some(one), Some(another)) => one != another,
            _ => false,
        }
    }

    /// The values of a probe; what no observation has is fresh.
    pub(super) fn find(&self, vantage: &Vantage, path: Option<&str>) -> Values {
        let path = path.or(self.base.path.as_deref());
        self.values(vantage, path, |evidence, attribute, key| Some(evidence.number_of(attribute, &key)))
    }

    /// The number of a value by its text, if any observation has it.
    pub(super) fn number_of(&self, attribute: Attribute, text: &str) -> u32 {
        self.names[attribute as usize].numbers.get(text).copied().unwrap_or(FRESH)
    }

    fn number(&mut self, observation: &'a Observation) -> Values {
        let mut new = Vec::new();
        let values =
            self.values(&observation.vantage, observation.path.as_deref(), |evidence, attribute, key| {
                let names = &evidence.names[attribute as usize];
                let number = names.numbers.get(&key).copied();
                Some(number.unwrap_or_else(|| {
                    let number = u32::try_from(names.stated_by.len()).unwrap_or(FRESH - 1);
                    new.push((attribute, key, number));
                    number
                }))
            });
        for (attribute, key, number) in new {
            let names = &mut self.names[attribute as usize];
            let derived = key.starts_with(DERIVED);
            names.stated_by.push((!derived).then_some(observation));
            names.numbers.insert(key, number);
        }
        values
    }

    fn values(
        &self,
        vantage: &Vantage,
        path: Option<&str>,
        mut number: impl FnMut(&Self, Attribute, String) -> Option<u32>,
    ) -> Values {
        let of = std::array::from_fn(|at| {
            let attribute = Attribute::ALL[at];
            match key(attribute, vantage, path).or_else(|| self.derived(attribute, vantage)) {
                Some(key) => number(self, attribute, key),
                None if self.stated[at] => None,
                None => Some(0),
            }
        });
        Values {
            of,
            network: vantage.network,
            browser: vantage.browser == Some(true),
            rate: vantage.rate.unwrap_or(self.reference.rate),
        }
    }

    /// Another country, network or kind of network has other addresses, stated or not.
    fn derived(&self, attribute: Attribute, vantage: &Vantage) -> Option<String> {
        let from: &[Attribute] = match attribute {
            Attribute::Ip => &[Attribute::Network, Attribute::Asn, Attribute::Country],
            Attribute::Asn => &[Attribute::Network, Attribute::Country],
            _ => return None,
        };
        let mut text = String::from(DERIVED);
        for parent in from {
            let (this, base) = (key(*parent, vantage, None), key(*parent, &self.base.vantage, None));
            if let (Some(this), Some(base)) = (this, base)
                && this != base
            {
                text = text + parent.as_str() + "=" + &this + ";";
            }
        }
        (text.len() > DERIVED.len()).then_some(text)
    }
}

/// Begins the key of a value that nobody stated, so that none that somebody did can be the same.
const DERIVED: &str = "\0";

/// Which attributes an observation states.
fn stated(observation: &Observation) -> [bool; ATTRIBUTES] {
    std::array::from_fn(|at| match Attribute::ALL[at] {
        Attribute::Path => observation.path.is_some(),
        attribute => observation.vantage.get(attribute).is_some(),
    })
}

/// By what two values are compared.
fn key(attribute: Attribute, vantage: &Vantage, path: Option<&str>) -> Option<String> {
    match attribute {
        Attribute::Path => path.map(str::to_owned),
        Attribute::Asn => {
            let text = vantage.asn.as_ref()?.to_string();
            Some(text.strip_prefix("AS").map_or(text.clone(), str::to_owned))
        }
        // The version of HTTP is negotiated in the handshake, so it is part of its fingerprint.
        Attribute::TlsFingerprint => {
            let version = vantage.http_version.as_ref().map(Opaque::to_string);
            match (&vantage.tls_fingerprint, version) {
                (None, None) => None,
                (tls, version) => {
                    let tls = tls.as_ref().map(Opaque::to_string).unwrap_or_default();
                    Some(tls + "\n" + &version.unwrap_or_default())
                }
            }
        }
        attribute => vantage.get(attribute).map(|value| value.to_string()),
    }
}
