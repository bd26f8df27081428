//! What a site does to whom.

use cfblock_core::Scope;
use cfblock_core::vocab::{Attribute, Network};
use fastrand::Rng;
use serde::{Deserialize, Serialize};

use super::asker::{Asker, looks_like_a_browser};

/// Whom the fault of a world reaches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Rule {
    /// Nobody: the site is healthy.
    Nobody,
    /// Everybody.
    Everybody,
    /// Whoever has one of the values, or, with `except`, whoever has none of them.
    ///
    /// Addresses and paths are matched by how they begin.
    Listed {
        attribute: Attribute,
        values: Vec<String>,
        #[serde(default)]
        except: bool,
    },
    /// Whoever asks more often, in requests a second.
    Rate { limit: f64 },
    /// Whoever's bot score stays below the threshold; a Worker sees to it, while it is switched on.
    BotScore { score: Score, switched_on: bool },
    /// Whoever is no real browser.
    NoBrowser,
    /// Anybody, by chance.
    Chance { chance: f64 },
    /// Whoever is answered by this data centre.
    Colo { colo: String },
    /// Some at first, then ever fewer, as a change spreads: half of them after so many seconds.
    Spreading { first: f64, half: f64 },
    /// Whom another rule reaches, while it is in force.
    During { from: f64, until: Option<f64>, rule: Box<Rule> },
}

/// What makes a request look human, and how much of it is needed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Score {
    /// For coming from homes, phones or offices.
    pub network: f64,
    /// For a network that was not seen to send bots.
    pub asn: f64,
    /// For an address that was not seen to send bots.
    pub ip: f64,
    pub tls_fingerprint: f64,
    pub user_agent: f64,
    pub session: f64,
    pub browser: f64,
    pub threshold: f64,
    /// Whose network, address and session were seen to send bots.
    pub seen: Seen,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    pub asn: u32,
    pub ip: String,
    pub session: String,
}

impl Score {
    /// From 0, surely a bot, to about 1.
    #[must_use]
    pub fn of(&self, asker: &Asker) -> f64 {
        let human = matches!(asker.network, Network::Residential | Network::Mobile | Network::Corporate);
        let of = |counts: bool, share: f64| if counts { share } else { 0.0 };
        of(human, self.network)
            + of(asker.asn != self.seen.asn, self.asn)
            + of(asker.ip != self.seen.ip, self.ip)
            + of(looks_like_a_browser(&asker.tls_fingerprint), self.tls_fingerprint)
            + of(looks_like_a_browser(&asker.user_agent), self.user_agent)
            + of(asker.session != self.seen.session, self.session)
            + of(asker.browser, self.browser)
    }
}

impl Rule {
    /// Whether the fault reaches a request, at a time in seconds and answered by a data centre.
    pub fn reaches(&self, asker: &Asker, colo: &str, time: f64, rng: &mut Rng) -> bool {
        match self {
            Self::Nobody => false,
            Self::Everybody => true,
            Self::Listed { attribute, values, except } => {
                let listed = values.iter().any(|value| matches(*attribute, value, asker));
                listed != *except
            }
            Self::Rate { limit } => asker.rate > *limit,
            Self::BotScore { score, switched_on } => {
                // Scores are no constants: they move a little between two requests.
                *switched_on && score.of(asker) + (rng.f64() - 0.5) * 0.06 < score.threshold
            }
            Self::NoBrowser => !asker.browser,
            Self::Chance { chance } => rng.f64() < *chance,
            Self::Colo { colo: failing } => colo == failing,
            Self::Spreading { first, half } => rng.f64() < first * 0.5_f64.powf(time / half),
            Self::During { from, until, rule } => {
                time >= *from
                    && until.is_none_or(|until| time < until)
                    && rule.reaches(asker, colo, time, rng)
            }
        }
    }

    /// Whom it hits, in the words of a diagnosis.
    #[must_use]
    pub fn scope(&self) -> Scope {
        match self {
            Self::Nobody => Scope::Undetermined,
            Self::Everybody => Scope::Global,
            Self::BotScore { .. } | Self::NoBrowser => Scope::Targeted,
            Self::Rate { .. } => Scope::ByRate,
            Self::Chance { .. } | Self::Colo { .. } | Self::Spreading { .. } => Scope::Intermittent,
            Self::During { rule, .. } => rule.scope(),
            Self::Listed { attribute, .. } => match attribute {
                Attribute::Network => Scope::ByNetworkKind,
                Attribute::Asn => Scope::ByAsn,
                Attribute::Country => Scope::ByCountry,
                Attribute::Ip => Scope::ByIp,
                Attribute::TlsFingerprint | Attribute::HttpVersion => Scope::ByTlsFingerprint,
                Attribute::UserAgent => Scope::ByUserAgent,
                Attribute::Session => Scope::BySession,
                Attribute::Path => Scope::ByPath,
                Attribute::Rate => Scope::ByRate,
                _ => Scope::Targeted,
            },
        }
    }
}

fn matches(attribute: Attribute, value: &str, asker: &Asker) -> bool {
    match attribute {
        Attribute::Network => asker.network.as_str() == value,
        Attribute::Asn => asker.asn.to_string() == value,
        Attribute::Country => asker.country == value,
        Attribute::Ip => asker.ip.starts_with(value),
        Attribute::TlsFingerprint => asker.tls_fingerprint == value,
        Attribute::UserAgent => asker.user_agent == value,
        Attribute::HttpVersion => asker.http_version == value,
        Attribute::Session => asker.session == value,
        Attribute::Path => asker.path.starts_with(value),
        Attribute::Browser => asker.browser.to_string() == value,
        _ => false,
    }
}
