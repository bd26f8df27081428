//! What is likely before anything was compared, by the fault alone.
//!
//! The shares follow the causes that the catalogue names for the code: a
//! number that Cloudflare documents for one kind of rule leaves little to the
//! others, 1020 and the page without a number leave everything open.

#![allow(
    clippy::indexing_slicing,
    reason = "each place is counted from the same list, or from an array as long as the words it stands for"
)]

use super::fault::is_dns;
use crate::verdict::Verdict;
use crate::vocab::{Aim, Attribute, Class, Scope};

/// How many scopes there are, [`Scope::Undetermined`] left out.
pub(super) const SCOPES: usize = Scope::ALL.len() - 1;

/// The scopes whose rule looks at one attribute of the vantage.
pub(super) const RULES: [(Scope, Attribute); 9] = [
    (Scope::ByCountry, Attribute::Country),
    (Scope::ByAsn, Attribute::Asn),
    (Scope::ByNetworkKind, Attribute::Network),
    (Scope::ByIp, Attribute::Ip),
    (Scope::ByTlsFingerprint, Attribute::TlsFingerprint),
    (Scope::ByUserAgent, Attribute::UserAgent),
    (Scope::BySession, Attribute::Session),
    (Scope::ByPath, Attribute::Path),
    (Scope::ByRate, Attribute::Rate),
];

/// What each scope is worth before anything was compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Prior {
    pub(super) scopes: [f64; SCOPES],
    /// Of `targeted`, the share in which only having a real browser counts.
    pub(super) browser: f64,
    /// Of `intermittent`, the share in which the data centre decides.
    pub(super) colo: f64,
}

impl Prior {
    /// The prior for a fault.
    pub(super) fn of(fault: &Verdict) -> Self {
        let aim = fault.entry().and_then(|entry| entry.hits);
        let scopes = match (fault.class, aim) {
            (Class::SiteMisconfigured, Some(Aim::NullRoute)) => NULL_ROUTE,
            (Class::SiteMisconfigured, _) if is_dns(fault) => OWNER_DNS,
            (Class::SiteMisconfigured, _) => OWNER_CONFIG,
            (Class::EdgeFailed | Class::ProxyFailed, _) => EDGE,
            (Class::AccessDenied, Some(Aim::Network)) => mostly(Scope::ByAsn),
            (Class::LegalBlock, _) | (Class::AccessDenied, Some(Aim::Country)) => mostly(Scope::ByCountry),
            (Class::AccessDenied, Some(Aim::Address)) => mostly(Scope::ByIp),
            (Class::AccessDenied, Some(Aim::Signature)) => SIGNATURE,
            (Class::AccessDenied, Some(Aim::Reputation)) => REPUTATION,
            (Class::AccessDenied, Some(Aim::Page)) => mostly(Scope::ByPath),
            (Class::AccessDenied, Some(Aim::Everybody)) => mostly(Scope::Global),
            (Class::RateLimited, _) => mostly(Scope::ByRate),
            (Class::Challenge, _) => CHALLENGE,
            (Class::WaitingRoom | Class::PhishingWarning | Class::SignInRequired | Class::BadRequest, _) => {
                GATE
            }
            (Class::OriginFailed, Some(Aim::NowAndThen)) => FLAPPING,
            (Class::OriginFailed, _) => ORIGIN,
            (Class::Passed, _) if fault.status.is_some_and(|status| status >= 500) => ORIGIN,
            _ => RULE,
        };
        let (browser, colo) = match fault.class {
            Class::Challenge => (0.4, 0.1),
            Class::OriginFailed | Class::EdgeFailed => (0.1, 0.4),
            Class::SiteMisconfigured => (0.1, 0.15),
            _ => (0.2, 0.1),
        };
        Self { scopes: normal(scopes), browser, colo }
    }
}

// In the order of `Scope`: global, targeted, country, asn, network kind, ip,
// TLS fingerprint, User-Agent, session, path, rate, intermittent.
/// A custom rule may look at anything.
const RULE: [f64; SCOPES] = [5., 11., 11., 10., 11., 10., 11., 10., 8., 9., 2., 2.];
/// A challenge is mostly aimed at what looks automated.
const CHALLENGE: [f64; SCOPES] = [10., 18., 9., 9., 10., 8., 10., 8., 8., 6., 3., 3.];
/// 1002: aimed at suspected bots, or the owner's fault, seldom anything else.
const NULL_ROUTE: [f64; SCOPES] = [31., 52., 0.5, 0.6, 0.8, 0.4, 0.7, 0.5, 0.5, 1., 4., 8.];
const OWNER_DNS: [f64; SCOPES] = [61., 0.6, 0.5, 0.4, 0.4, 0.3, 0.2, 0.2, 0.2, 0.8, 0.4, 35.];
const OWNER_CONFIG: [f64; SCOPES] = [40., 1., 1., 0.5, 0.5, 0.3, 0.5, 0.5, 2., 40., 2., 12.];
/// 521, 523, 525 and 526: nothing listens there, or nothing that fits.
const ORIGIN: [f64; SCOPES] = [66., 0.5, 0.5, 0.4, 0.4, 0.3, 0.3, 0.3, 0.5, 3., 1., 27.];
/// 502, 504, 520, 522 and 524: something listens, and does not always answer.
const FLAPPING: [f64; SCOPES] = [28., 0.4, 0.4, 0.3, 0.3, 0.2, 0.2, 0.2, 0.4, 4., 1.5, 65.];
const EDGE: [f64; SCOPES] = [35., 0.5, 1., 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 2., 1., 58.];
/// 1010: what the client looks like.
const SIGNATURE: [f64; SCOPES] = [3., 10., 0.5, 0.5, 0.5, 0.5, 32., 48., 2., 1., 1., 1.];
/// 1012: the address, or the network around it.
const REPUTATION: [f64; SCOPES] = [2., 1., 0.5, 9., 1., 82., 1., 0.5, 1., 1., 0.5, 0.5];
const GATE: [f64; SCOPES] = [60., 1., 4., 1., 2., 3., 2., 2., 6., 14., 2., 3.];

/// A number that is documented for one kind of rule.
fn mostly(scope: Scope) -> [f64; SCOPES] {
    let mut shares = [1.; SCOPES];
    shares[Scope::Global as usize] = 3.;
    shares[scope as usize] = 86.;
    shares
}

fn normal(shares: [f64; SCOPES]) -> [f64; SCOPES] {
    let sum: f64 = shares.iter().sum();
    shares.map(|share| share / sum)
}

/// How a rule picks its values: the chance that it also takes one not seen yet, and how common that is.
///
/// Most rules list a few values; some list those that are let in.
pub(super) fn reach(attribute: Attribute) -> &'static [(f64, f64)] {
    match attribute {
        Attribute::Country => &[(0.12, 0.9), (0.7, 0.1)],
        Attribute::Asn => &[(0.1, 0.92), (0.5, 0.08)],
        Attribute::Ip => &[(0.05, 0.94), (0.4, 0.06)],
        Attribute::TlsFingerprint | Attribute::UserAgent => &[(0.12, 0.92), (0.5, 0.08)],
        Attribute::Session => &[(0.03, 1.0)],
        // Kinds of network and paths.
        _ => &[(0.15, 0.92), (0.5, 0.08)],
    }
}
