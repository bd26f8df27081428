//! How automated a request looks, beside the one that failed.

#![allow(
    clippy::indexing_slicing,
    reason = "each place is counted from the same list, or from an array as long as the words it stands for"
)]

use super::evidence::{Evidence, Values};
use crate::vocab::{Attribute, Network};

/// How much a bot score must improve to get through, and how common that is.
pub(super) const SCORES: [(f64, f64); 6] =
    [(0.3, 0.1), (0.45, 0.2), (0.6, 0.2), (0.75, 0.2), (0.9, 0.15), (1.1, 0.15)];

/// By how much less automated a request looks than the one that failed, from 0 to about 1.
pub(super) fn improvement(evidence: &Evidence<'_>, values: &Values) -> f64 {
    let differs = |attribute| evidence.differs(values, attribute);
    let stated = |attribute: Attribute| evidence.stated[attribute as usize];
    let elsewhere = differs(Attribute::Network);
    let mut sum = 0.0;
    if differs(Attribute::Network) {
        let clean =
            matches!(values.network, Some(Network::Residential | Network::Mobile | Network::Corporate));
        sum += if clean { 0.35 } else { 0.12 };
    } else if differs(Attribute::Asn) {
        sum += 0.1;
    }
    for (attribute, share) in
        [(Attribute::Ip, 0.05), (Attribute::Country, 0.03), (Attribute::UserAgent, 0.08)]
    {
        if differs(attribute) {
            sum += share;
        }
    }
    // A vantage elsewhere of which no more is told is another client.
    let untold = [Attribute::TlsFingerprint, Attribute::Session, Attribute::UserAgent];
    if elsewhere && !untold.iter().any(|attribute| stated(*attribute)) {
        return 1.5;
    }
    for (attribute, share) in [(Attribute::TlsFingerprint, 0.3), (Attribute::Session, 0.2)] {
        if differs(attribute) || (elsewhere && !stated(attribute)) {
            sum += share;
        }
    }
    if is_browser(evidence, values) {
        sum += 0.25;
    }
    sum
}

/// Whether a real browser asks, where the one that failed was none.
pub(super) fn is_browser(evidence: &Evidence<'_>, values: &Values) -> bool {
    values.browser && !evidence.reference.browser
}
