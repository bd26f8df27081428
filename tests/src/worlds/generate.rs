//! Random worlds. Every scope is equally frequent; what shows it is drawn from the answers that fit.

use cfblock_core::Scope;
use cfblock_core::vocab::{Attribute, Network};
use fastrand::Rng;

use super::asker::{
    Asker, COUNTRIES, FINGERPRINTS, PATHS, USER_AGENTS, asn, looks_like_a_browser, pick_weighted,
};
use super::rule::{Rule, Score, Seen};
use super::world::World;

/// A world, and the request that met its fault first.
#[derive(Clone, Debug)]
pub struct Start {
    pub world: World,
    pub asker: Asker,
}

/// The world of a seed.
#[must_use]
pub fn generate(seed: u64) -> Start {
    let rng = &mut Rng::with_seed(seed);
    let scopes = &Scope::ALL[..Scope::ALL.len() - 1];
    let scope = scopes[rng.usize(..scopes.len())];
    let mut asker = Asker::random(rng);
    while scope == Scope::ByPath && asker.path == "/" {
        // What begins with that is everything.
        asker = Asker::random(rng);
    }
    let (rule, fault) = match scope {
        Scope::Global => (Rule::Everybody, global(rng)),
        Scope::Intermittent => intermittent(&asker, rng),
        Scope::Targeted => targeted(&mut asker, rng),
        Scope::ByRate => {
            let limit = asker.rate * (0.1 + rng.f64() * 0.8);
            (
                Rule::Rate { limit },
                pick(rng, &[(17, "rate_limited"), (2, "edge_rate_limited"), (1, NULL_ROUTE)]),
            )
        }
        Scope::ByCountry if rng.f64() < 0.1 => {
            (abroad(&asker, rng), own_or_any(rng, 0.4, &[(1, "country_banned")]))
        }
        scope => listed(scope, &asker, rng),
    };
    let world =
        World { host: format!("site-{seed}.example"), rule, fault: fault.to_owned(), noise: rng.f64() * 0.2 };
    Start { world, asker }
}

const NULL_ROUTE: &str = "dns_points_to_local_or_disallowed_ip";

/// What any rule of an owner may answer.
const REFUSALS: [(u32, &str); 3] =
    [(45, "firewall_rule_blocked"), (35, "waf_block_page"), (20, "managed_challenge")];

fn pick(rng: &mut Rng, choices: &[(u32, &'static str)]) -> &'static str {
    pick_weighted(rng, choices)
}

/// A number of its own for some of the rules, and what any rule answers for the others.
fn own_or_any(rng: &mut Rng, share: f64, own: &[(u32, &'static str)]) -> &'static str {
    if rng.f64() < share { pick(rng, own) } else { pick(rng, &REFUSALS) }
}

fn global(rng: &mut Rng) -> &'static str {
    pick(
        rng,
        &[
            (16, "origin_dns_error"),
            (8, "dns_resolution_error"),
            (5, "could_not_find_host"),
            // The owner's DNS; the Worker that could do it is switched off.
            (12, NULL_ROUTE),
            (14, "origin_refused"),
            (12, "connection_timeout"),
            (8, "origin_unreachable"),
            (6, "ssl_handshake_failed"),
            (6, "worker_threw_exception"),
            (4, "edge_service_unavailable"),
            (4, "firewall_rule_blocked"),
            (5, "managed_challenge"),
        ],
    )
}

fn intermittent(asker: &Asker, rng: &mut Rng) -> (Rule, &'static str) {
    let failures = [
        (30, "unknown_origin_error"),
        (25, "origin_bad_gateway"),
        (20, "connection_timeout"),
        (25, "origin_response_timeout"),
    ];
    match rng.u32(..10) {
        0..=4 => (Rule::Chance { chance: 0.25 + rng.f64() * 0.4 }, pick(rng, &failures)),
        5..=7 => {
            let colo = World::colo(asker, rng).to_owned();
            let edge =
                [(40, "unknown_origin_error"), (30, "connection_timeout"), (30, "internal_server_error")];
            (Rule::Colo { colo }, pick(rng, &edge))
        }
        _ => {
            let spreading =
                [(35, "dns_resolution_error"), (35, "origin_dns_error"), (30, "host_not_configured")];
            let rule = Rule::Spreading { first: 0.4 + rng.f64() * 0.3, half: 30.0 + rng.f64() * 120.0 };
            (rule, pick(rng, &spreading))
        }
    }
}

fn targeted(asker: &mut Asker, rng: &mut Rng) -> (Rule, &'static str) {
    if rng.f64() < 0.25 {
        return (Rule::NoBrowser, pick(rng, &[(80, "managed_challenge"), (20, "firewall_rule_blocked")]));
    }
    // The program that is suspected comes from a server and says so in its handshake.
    asker.network = if rng.f64() < 0.8 { Network::Datacenter } else { Network::Vpn };
    asker.asn = asn(&asker.country, asker.network, 0);
    asker.ip = format!("2001:db8:{:x}:0::bad", asker.asn);
    let between = |rng: &mut Rng, low: f64, high: f64| low + rng.f64() * (high - low);
    let mut score = Score {
        network: between(rng, 0.25, 0.45),
        asn: between(rng, 0.0, 0.1),
        ip: between(rng, 0.0, 0.06),
        tls_fingerprint: between(rng, 0.2, 0.35),
        user_agent: between(rng, 0.0, 0.1),
        session: between(rng, 0.1, 0.25),
        browser: between(rng, 0.2, 0.4),
        threshold: 0.0,
        seen: Seen { asn: asker.asn, ip: asker.ip.clone(), session: asker.session.clone() },
    };
    // The score that the program has already; no single trait lifts it over the threshold, three do.
    let own = if looks_like_a_browser(&asker.user_agent) { score.user_agent } else { 0.0 };
    let place = score.network + score.asn + score.ip;
    let one = place.max(score.tls_fingerprint).max(score.session);
    let three = place + score.tls_fingerprint + score.session;
    score.threshold = own + one + (three - one) * between(rng, 0.1, 0.9);
    let fault = pick(
        rng,
        &[(50, NULL_ROUTE), (20, "managed_challenge"), (20, "firewall_rule_blocked"), (10, "waf_block_page")],
    );
    (Rule::BotScore { score, switched_on: true }, fault)
}

/// A site that lets in a few countries, and not the asker's.
fn abroad(asker: &Asker, rng: &mut Rng) -> Rule {
    let mut others: Vec<&str> = COUNTRIES.into_iter().filter(|country| *country != asker.country).collect();
    rng.shuffle(&mut others);
    let values = others[..rng.usize(3..=6)].iter().map(|country| (*country).to_owned()).collect();
    Rule::Listed { attribute: Attribute::Country, values, except: true }
}

/// A rule that looks at one attribute, and lists the asker's value and perhaps a few others.
fn listed(scope: Scope, asker: &Asker, rng: &mut Rng) -> (Rule, &'static str) {
    let strings = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>();
    let (attribute, own, others, more, fault) = match scope {
        Scope::ByCountry => {
            let fault = own_or_any(rng, 0.4, &[(1, "country_banned")]);
            (Attribute::Country, asker.country.clone(), strings(&COUNTRIES), 3, fault)
        }
        Scope::ByAsn => {
            let nearby =
                (0..4).map(|number| asn(&asker.country, asker.network, number).to_string()).collect();
            (Attribute::Asn, asker.asn.to_string(), nearby, 1, own_or_any(rng, 0.35, &[(1, "asn_banned")]))
        }
        Scope::ByNetworkKind => {
            let kinds: Vec<&str> = Network::ALL.iter().map(|kind| kind.as_str()).collect();
            let fault = pick(rng, &REFUSALS);
            (Attribute::Network, asker.network.to_string(), strings(&kinds), 1, fault)
        }
        Scope::ByIp => {
            let bans = [
                (35, "ip_banned"),
                (10, "ip_banned_1008"),
                (10, "zone_lockdown_or_ip_ban"),
                (45, "malicious_activity_ban"),
            ];
            // Some bans take the whole block around the address.
            let whole = rng.f64() < 0.2;
            let block =
                asker.ip.rsplit_once("::").map_or(asker.ip.as_str(), |(block, _)| block).to_owned() + "::";
            let own = if whole { block } else { asker.ip.clone() };
            (Attribute::Ip, own, Vec::new(), 0, own_or_any(rng, 0.5, &bans))
        }
        Scope::ByTlsFingerprint => {
            let fault = own_or_any(rng, 0.2, &[(1, "browser_signature_banned")]);
            (Attribute::TlsFingerprint, asker.tls_fingerprint.clone(), strings(&FINGERPRINTS), 2, fault)
        }
        Scope::ByUserAgent => {
            let fault = own_or_any(rng, 0.3, &[(1, "browser_signature_banned")]);
            (Attribute::UserAgent, asker.user_agent.clone(), strings(&USER_AGENTS), 2, fault)
        }
        Scope::BySession => (Attribute::Session, asker.session.clone(), Vec::new(), 0, pick(rng, &REFUSALS)),
        _ => {
            let section = asker.path.rfind('/').map_or("/", |slash| &asker.path[..=slash]);
            let own = if section == "/" { asker.path.clone() } else { section.to_owned() };
            let fault = own_or_any(rng, 0.2, &[(1, "worker_threw_exception")]);
            (Attribute::Path, own, strings(&PATHS), 1, fault)
        }
    };
    let mut values = vec![own.clone()];
    let mut left: Vec<String> = others.into_iter().filter(|other| *other != own && *other != "/").collect();
    for _ in 0..rng.usize(..=more) {
        if left.len() > 1 {
            values.push(left.swap_remove(rng.usize(..left.len())));
        }
    }
    (Rule::Listed { attribute, values, except: false }, fault)
}
