//! Worlds that have a name.

use cfblock_core::vocab::Attribute;

use crate::worlds::{Rule, Score, Seen, World, generate};

/// What [`named`] knows, beside the number of any seed.
pub const NAMES: [&str; 7] =
    ["healthy", "down", "null-route", "country-rule", "rate-rule", "browser-only", "flaky"];

/// The world of a name, or of a seed.
#[must_use]
pub fn named(name: &str) -> Option<World> {
    let (rule, fault) = match name {
        "healthy" => (Rule::Nobody, "origin_refused"),
        "down" => (Rule::Everybody, "origin_refused"),
        "null-route" => (null_route(), "dns_points_to_local_or_disallowed_ip"),
        "country-rule" => {
            let values = vec!["DE".to_owned(), "FR".to_owned()];
            (Rule::Listed { attribute: Attribute::Country, values, except: false }, "firewall_rule_blocked")
        }
        "rate-rule" => (Rule::Rate { limit: 5.0 }, "rate_limited"),
        "browser-only" => (Rule::NoBrowser, "managed_challenge"),
        "flaky" => (Rule::Chance { chance: 0.3 }, "unknown_origin_error"),
        seed => return seed.parse().ok().map(|seed| generate(seed).world),
    };
    Some(World { host: format!("{name}.example"), rule, fault: fault.to_owned(), noise: 0.0 })
}

/// A home's network, a browser's handshake and a new session together are let in, no two of them.
fn null_route() -> Rule {
    let seen = Seen { asn: 64_500, ip: String::new(), session: "session-0".to_owned() };
    let score = Score {
        network: 0.4,
        asn: 0.0,
        ip: 0.0,
        tls_fingerprint: 0.3,
        user_agent: 0.0,
        session: 0.2,
        browser: 0.0,
        threshold: 0.8,
        seen,
    };
    Rule::BotScore { score, switched_on: true }
}
