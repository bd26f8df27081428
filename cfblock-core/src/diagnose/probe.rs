//! The probes that could be proposed, and what they cost.

#![allow(
    clippy::indexing_slicing,
    reason = "each place is counted from the same list, or from an array as long as the words it stands for"
)]

use super::evidence::{Evidence, FRESH, Values};
use super::limits::ProbeLimits;
use super::plan::Vary;
use super::vantage::Opaque;
use crate::vocab::{Attribute, Change, Network};

/// By how much a slower probe is slower.
const SLOWER: f64 = 20.0;

/// Where a probe comes from.
#[derive(Clone, Copy)]
enum Origin {
    Same,
    Ip,
    Asn,
    Country,
    Network(Network),
    NetworkAndCountry(Network),
}

/// Who asks.
#[derive(Clone, Copy)]
struct Client {
    tls_fingerprint: bool,
    user_agent: bool,
    session: bool,
    browser: bool,
}

/// A probe that differs from the failing vantage in a few attributes.
#[derive(Clone, Copy)]
pub(super) struct Proposal {
    origin: Origin,
    client: Client,
    path: bool,
    slower: bool,
}

/// Every probe that the limits allow.
pub(super) fn proposals(evidence: &Evidence<'_>, limits: &ProbeLimits) -> Vec<Proposal> {
    let allows = |change| limits.allows(change);
    let mut origins = vec![Origin::Same];
    if allows(Change::Ip) {
        origins.push(Origin::Ip);
        if allows(Change::Asn) {
            origins.push(Origin::Asn);
            if allows(Change::Country) {
                origins.push(Origin::Country);
            }
            for network in limits.networks.iter().copied() {
                if evidence.reference.network != Some(network) {
                    origins.push(Origin::Network(network));
                    if allows(Change::Country) {
                        origins.push(Origin::NetworkAndCountry(network));
                    }
                }
            }
        }
    }
    let mut clients = Vec::new();
    for bits in 0..8_u8 {
        let client = Client {
            tls_fingerprint: bits & 1 != 0,
            user_agent: bits & 2 != 0,
            session: bits & 4 != 0,
            browser: false,
        };
        let allowed = (!client.tls_fingerprint || allows(Change::TlsFingerprint))
            && (!client.user_agent || allows(Change::UserAgent))
            && (!client.session || allows(Change::Session));
        if allowed {
            clients.push(client);
        }
    }
    if allows(Change::Browser) && !evidence.reference.browser {
        clients.push(Client { tls_fingerprint: true, user_agent: true, session: true, browser: true });
    }
    let mut proposals = Vec::with_capacity(origins.len() * clients.len() * 4);
    for origin in origins {
        for client in &clients {
            for (path, slower) in [(false, false), (true, false), (false, true), (true, true)] {
                proposals.push(Proposal { origin, client: *client, path, slower });
            }
        }
    }
    proposals
}

impl Proposal {
    pub(super) fn values(self, evidence: &Evidence<'_>) -> Values {
        use Attribute as A;
        let mut values = evidence.reference.clone();
        let mut change = |attributes: &[Attribute]| {
            for attribute in attributes {
                values.of[*attribute as usize] = Some(FRESH);
            }
        };
        match self.origin {
            Origin::Same => {}
            Origin::Ip => change(&[A::Ip]),
            Origin::Asn => change(&[A::Ip, A::Asn]),
            Origin::Country => change(&[A::Ip, A::Asn, A::Country]),
            Origin::Network(_) => change(&[A::Ip, A::Asn, A::Network]),
            Origin::NetworkAndCountry(_) => change(&[A::Ip, A::Asn, A::Network, A::Country]),
        }
        for (changed, attribute) in [
            (self.client.tls_fingerprint, A::TlsFingerprint),
            (self.client.user_agent, A::UserAgent),
            (self.client.session, A::Session),
            (self.client.browser, A::Browser),
            (self.path, A::Path),
        ] {
            if changed {
                change(&[attribute]);
            }
        }
        values.browser = self.client.browser || values.browser;
        if self.slower {
            values.rate = slower(evidence);
        }
        if let Origin::Network(network) | Origin::NetworkAndCountry(network) = self.origin {
            values.network = Some(network);
            // A kind of network is no fresh value if it was tried before.
            values.of[A::Network as usize] = Some(evidence.number_of(A::Network, network.as_str()));
        }
        values
    }

    pub(super) fn price(self) -> f64 {
        let origin = match self.origin {
            Origin::Same => 0.0,
            Origin::Ip => 0.1,
            Origin::Asn => 0.2,
            Origin::Country => 0.25,
            Origin::Network(network) => network_price(network),
            Origin::NetworkAndCountry(network) => network_price(network) + 0.15,
        };
        let client = if self.client.browser {
            0.3
        } else {
            f64::from(self.client.tls_fingerprint) * 0.1
                + f64::from(self.client.user_agent) * 0.05
                + f64::from(self.client.session) * 0.05
        };
        1.0 + origin + client + f64::from(self.path) * 0.05 + f64::from(self.slower) * 0.15
    }

    pub(super) fn vary(self, evidence: &Evidence<'_>) -> Vary {
        let mut attributes: Vec<(Attribute, Opaque)> = Vec::new();
        let mut other = |attribute| attributes.push((attribute, "other".into()));
        match self.origin {
            Origin::Same => {}
            Origin::Ip => other(Attribute::Ip),
            Origin::Asn => other(Attribute::Asn),
            Origin::Country => other(Attribute::Country),
            Origin::Network(network) => attributes.push((Attribute::Network, network.as_str().into())),
            Origin::NetworkAndCountry(network) => {
                other(Attribute::Country);
                attributes.push((Attribute::Network, network.as_str().into()));
            }
        }
        let client = self.client;
        if client.browser {
            attributes.push((Attribute::Browser, true.into()));
        } else {
            for (changed, attribute) in [
                (client.tls_fingerprint, Attribute::TlsFingerprint),
                (client.user_agent, Attribute::UserAgent),
                (client.session, Attribute::Session),
            ] {
                if changed {
                    attributes.push((attribute, "other".into()));
                }
            }
        }
        if self.path {
            attributes.push((Attribute::Path, "other".into()));
        }
        if self.slower {
            attributes.push((Attribute::Rate, slower(evidence).into()));
        }
        Vary { attributes }
    }
}

fn slower(evidence: &Evidence<'_>) -> f64 {
    evidence.reference.rate / SLOWER
}

fn network_price(network: Network) -> f64 {
    match network {
        Network::Datacenter => 0.2,
        Network::Vpn => 0.25,
        Network::Residential => 0.3,
        Network::Mobile => 0.35,
        Network::Corporate => 0.5,
    }
}

/// What a candidate costs; `None` if it changes what must not be changed.
pub(super) fn price_of(evidence: &Evidence<'_>, values: &Values, limits: &ProbeLimits) -> Option<f64> {
    let mut price = 1.0;
    for (attribute, change, share) in [
        (Attribute::Ip, Some(Change::Ip), 0.1),
        (Attribute::Asn, Some(Change::Asn), 0.1),
        (Attribute::Country, Some(Change::Country), 0.05),
        (Attribute::TlsFingerprint, Some(Change::TlsFingerprint), 0.1),
        (Attribute::UserAgent, Some(Change::UserAgent), 0.05),
        (Attribute::Session, Some(Change::Session), 0.05),
        (Attribute::Browser, Some(Change::Browser), 0.2),
        (Attribute::Path, None, 0.05),
    ] {
        if evidence.differs(values, attribute) {
            if change.is_some_and(|change| !limits.allows(change)) {
                return None;
            }
            price += share;
        }
    }
    if evidence.differs(values, Attribute::Network) {
        let network = values.network?;
        if !limits.networks.contains(&network) {
            return None;
        }
        price += network_price(network);
    }
    Some(price)
}
