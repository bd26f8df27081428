//! From where the own requests of a pipeline usually come, and as whom.

use std::collections::BTreeMap;

use cfblock_core::{Attribute, Opaque, Vantage};
use serde::{Deserialize, Serialize};

/// How many pipelines are remembered; the one that was not seen for the longest leaves.
const MOST_PIPELINES: usize = 4096;
/// How many values of one attribute are counted; further ones only count as others.
const MOST_VALUES: usize = 16;
/// At this many requests the counts are halved, so that a pipeline may change slowly.
const MEMORY: u32 = 1000;
/// One of so many requests makes a value usual.
const USUAL: u32 = 20;

const ATTRIBUTES: [Attribute; 9] = [
    Attribute::Network,
    Attribute::Asn,
    Attribute::Country,
    Attribute::Ip,
    Attribute::TlsFingerprint,
    Attribute::UserAgent,
    Attribute::HttpVersion,
    Attribute::Browser,
    Attribute::Session,
];

/// What is usual, by pipeline.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Pipelines {
    known: BTreeMap<String, Usual>,
    #[serde(skip)]
    clock: u64,
}

impl Pipelines {
    /// Counts an own request of a pipeline.
    pub(super) fn learn(&mut self, pipeline: &str, vantage: &Vantage) {
        self.clock += 1;
        let clock = self.clock;
        if let Some(usual) = self.known.get_mut(pipeline) {
            usual.seen = clock;
            return usual.learn(vantage);
        }
        if self.known.len() >= MOST_PIPELINES {
            let oldest = self.known.iter().min_by_key(|(_, usual)| usual.seen);
            if let Some(name) = oldest.map(|(name, _)| name.clone()) {
                self.known.remove(&name);
            }
        }
        let usual = self.known.entry(pipeline.to_owned()).or_default();
        usual.seen = clock;
        usual.learn(vantage);
    }

    /// Forgets what was usual: from now on this is.
    pub(super) fn move_to(&mut self, pipeline: &str, vantage: &Vantage) {
        self.known.remove(pipeline);
        self.learn(pipeline, vantage);
    }

    /// Whether a request comes from elsewhere than the pipeline's own, or as somebody else.
    pub(super) fn is_other(&self, pipeline: &str, vantage: &Vantage) -> bool {
        self.known.get(pipeline).is_some_and(|usual| usual.is_other(vantage))
    }
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Usual {
    requests: u32,
    /// Of these the requests that stated any vantage.
    placed: u32,
    values: BTreeMap<Attribute, Values>,
    #[serde(skip)]
    seen: u64,
}

/// How often which value of an attribute was stated.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Values {
    all: u32,
    of: Vec<(String, u32)>,
}

impl Usual {
    fn learn(&mut self, vantage: &Vantage) {
        self.requests += 1;
        let mut placed = false;
        for attribute in ATTRIBUTES {
            if let Some(value) = value(vantage, attribute) {
                placed = true;
                self.values.entry(attribute).or_default().learn(value);
            }
        }
        self.placed += u32::from(placed);
        if self.requests >= MEMORY {
            self.requests /= 2;
            self.placed /= 2;
            self.values.values_mut().for_each(Values::halve);
        }
    }

    fn is_other(&self, vantage: &Vantage) -> bool {
        let mut stated = ATTRIBUTES
            .iter()
            .filter_map(|attribute| Some((attribute, value(vantage, *attribute)?)))
            .peekable();
        if stated.peek().is_some() && self.placed.saturating_mul(USUAL) < self.requests {
            // The pipeline's own requests state nothing, so what states something is none of them.
            return true;
        }
        stated
            .any(|(attribute, value)| self.values.get(attribute).is_some_and(|values| values.exclude(&value)))
    }
}

impl Values {
    fn learn(&mut self, value: String) {
        self.all += 1;
        if let Some((_, count)) = self.of.iter_mut().find(|(known, _)| *known == value) {
            *count += 1;
        } else if self.of.len() < MOST_VALUES {
            self.of.push((value, 1));
        }
    }

    fn halve(&mut self) {
        self.all /= 2;
        for (_, count) in &mut self.of {
            *count /= 2;
        }
        self.of.retain(|(_, count)| *count > 0);
    }

    /// Whether a value is unusual, for an attribute that has usual values: addresses that rotate have none.
    fn exclude(&self, value: &str) -> bool {
        let is_usual = |count: u32| count.saturating_mul(USUAL) >= self.all;
        let usual: u32 = self.of.iter().map(|(_, count)| *count).filter(|count| is_usual(*count)).sum();
        let settled = self.all > 0 && usual.saturating_mul(5) >= self.all.saturating_mul(4);
        settled && !self.of.iter().any(|(known, count)| known == value && is_usual(*count))
    }
}

fn value(vantage: &Vantage, attribute: Attribute) -> Option<String> {
    let text = |value: &Option<Opaque>| value.as_ref().map(Opaque::to_string);
    match attribute {
        Attribute::Network => vantage.network.map(|network| network.to_string()),
        Attribute::Asn => text(&vantage.asn).map(|asn| asn.strip_prefix("AS").unwrap_or(&asn).to_owned()),
        Attribute::Country => text(&vantage.country),
        Attribute::Ip => text(&vantage.ip),
        Attribute::TlsFingerprint => text(&vantage.tls_fingerprint),
        Attribute::UserAgent => text(&vantage.user_agent),
        Attribute::HttpVersion => text(&vantage.http_version),
        Attribute::Browser => vantage.browser.map(|browser| browser.to_string()),
        Attribute::Session => text(&vantage.session),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use cfblock_core::{Network, Vantage};

    use super::Pipelines;

    #[test]
    fn what_is_usual_is_learned() {
        let mut pipelines = Pipelines::default();
        let home = Vantage::new().network(Network::Residential);
        assert!(!pipelines.is_other("p", &home), "nothing is known yet");
        for session in 0..3000_u32 {
            let own = Vantage::new().network(Network::Datacenter).asn("AS64500").session(session % 700);
            pipelines.learn("p", &own);
        }
        assert!(pipelines.is_other("p", &home));
        assert!(pipelines.is_other("p", &Vantage::new().asn(64501_u32)));
        assert!(!pipelines.is_other("p", &Vantage::new().asn(64500_u32).session("new")));
        assert!(!pipelines.is_other("p", &Vantage::new()), "what states nothing is the pipeline's own");
        assert!(!pipelines.is_other("q", &home), "another pipeline's");

        pipelines.move_to("p", &home);
        assert!(!pipelines.is_other("p", &home));
        assert!(pipelines.is_other("p", &Vantage::new().network(Network::Datacenter)));
    }

    #[test]
    fn whoever_never_states_a_vantage_is_told_by_that() {
        let mut pipelines = Pipelines::default();
        for _ in 0..50 {
            pipelines.learn("p", &Vantage::new());
        }
        assert!(pipelines.is_other("p", &Vantage::new().network(Network::Mobile)));
        assert!(!pipelines.is_other("p", &Vantage::new()));
    }

    #[test]
    fn the_number_of_pipelines_is_bounded() {
        let mut pipelines = Pipelines::default();
        for name in 0..super::MOST_PIPELINES + 10 {
            pipelines.learn(&name.to_string(), &Vantage::new().network(Network::Vpn));
        }
        assert_eq!(pipelines.known.len(), super::MOST_PIPELINES);
        assert!(!pipelines.known.contains_key("0") && pipelines.known.contains_key("10"));
    }
}
