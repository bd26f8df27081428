//! The corpus covers everything, and names nobody real.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use cfblock_core::codes;
use cfblock_core::{ChallengeType, Class, Confidence, Place, Producer, Provenance, Signal, classify};
use cfblock_tests::case::{self, Case};
use serde_json::Value;

use crate::assert_none;

mod names;

/// Entries that no single response shows; they are there to be explained.
const WITHOUT_A_CASE: [(&str, &str); 7] = [
    (
        "waf_custom_response",
        "the owner chooses status and body, so nothing tells it from the site's own answer",
    ),
    ("ai_crawl_control_block", "the block page of a rule does not name the feature that wrote the rule"),
    ("client_closed", "who closed the connection does not receive the answer"),
    ("turnstile_widget", "a part of a page that passed, whatever the page is"),
    ("javascript_detections", "a script on a page that passed"),
    ("ai_labyrinth", "made to look like a page of the site"),
    ("always_online", "a stored copy of a page that passed"),
];

#[test]
fn there_are_enough_cases_of_each_kind() {
    let cases = case::all();
    let count = |wanted: fn(&Case) -> bool| cases.iter().filter(|case| wanted(case)).count();
    let passed = count(|case| case.class() == "passed");
    let hostile = count(Case::is_hostile);
    let enough = cases.len() >= 180 && passed >= 70 && hostile >= 25;
    assert!(
        enough,
        "{} cases, of which {passed} passed and {hostile} hostile; expected 180, 70 and 25",
        cases.len()
    );
}

#[test]
fn every_case_says_what_it_shows_and_asserts_enough() {
    let cases = case::all();
    assert_none(
        "a case says what it shows",
        cases.iter().filter(|case| case.about.trim().len() < 10).map(|case| case.name.clone()),
    );
    assert_none(
        "a case asserts class and intercepted",
        cases
            .iter()
            .filter(|case| ["class", "intercepted"].iter().any(|member| !case.expect.contains_key(*member)))
            .map(|case| case.name.clone()),
    );
}

#[test]
fn every_entry_has_a_case() {
    let cases = case::all();
    let shown: BTreeSet<&str> =
        cases.iter().filter_map(|case| case.expect.get("reason").and_then(Value::as_str)).collect();
    let excused: BTreeMap<&str, &str> = WITHOUT_A_CASE.into_iter().collect();
    assert_none(
        "entries have a case that produces them",
        codes::all()
            .map(|entry| entry.reason)
            .filter(|reason| !shown.contains(reason) && !excused.contains_key(reason))
            .map(str::to_owned),
    );
    assert_none(
        "excused entries exist and have no case",
        excused
            .keys()
            .filter(|reason| shown.contains(*reason) || codes::by_reason(reason).is_none())
            .map(|reason| (*reason).to_owned()),
    );
}

/// A word that no case brings out is either dead or untested.
#[test]
fn every_word_of_a_verdict_occurs() {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for case in case::all() {
        let verdict = case.response.with_parts(|parts| classify(&parts));
        seen.insert(format!("class {}", verdict.class));
        seen.insert(format!("confidence {}", verdict.confidence));
        seen.insert(format!("producer {}", verdict.producer));
        seen.insert(format!("provenance {}", verdict.provenance));
        seen.extend(verdict.challenge_type.map(|kind| format!("challenge_type {kind}")));
        for piece in verdict.evidence() {
            seen.insert(format!("signal {}", piece.signal));
            seen.insert(format!("place {}", piece.place));
        }
    }
    let words = Class::ALL.iter().map(|word| format!("class {word}"));
    let words = words.chain(Confidence::ALL.iter().map(|word| format!("confidence {word}")));
    let words = words.chain(Producer::ALL.iter().map(|word| format!("producer {word}")));
    let words = words.chain(Provenance::ALL.iter().map(|word| format!("provenance {word}")));
    let words = words.chain(ChallengeType::ALL.iter().map(|word| format!("challenge_type {word}")));
    let words = words.chain(Signal::ALL.iter().map(|word| format!("signal {word}")));
    let words = words.chain(Place::ALL.iter().map(|word| format!("place {word}")));
    assert_none("words occur in the verdict of some case", words.filter(|word| !seen.contains(word)));
}

/// Every text of a case in which a name or an address could stand.
fn texts(case: &Case) -> Vec<String> {
    let response = &case.response;
    let mut texts: Vec<String> = response.url.iter().cloned().collect();
    texts.extend(response.history.iter().filter_map(|(_, location)| location.clone()));
    for (name, value) in response.headers.iter().flatten().take(200) {
        let line = [name.as_slice(), value.get(..2000).unwrap_or(value)].join(&b"\n"[..]);
        texts.push(String::from_utf8_lossy(&line).into_owned());
    }
    let body = response.body.as_deref().unwrap_or_default();
    texts.push(String::from_utf8_lossy(&body[..body.len().min(64 * 1024)]).into_owned());
    texts
}

#[test]
fn addresses_are_for_documentation() {
    let mut offenders = BTreeSet::new();
    for case in case::all() {
        let peer =
            case.response.peer.iter().filter(|peer| !is_documentation(**peer) && !is_of_cloudflare(**peer));
        offenders.extend(peer.map(|peer| format!("{}: peer {peer}", case.name)));
        for text in texts(&case) {
            let found = names::addresses(&text).into_iter().filter(|address| !is_documentation(*address));
            offenders.extend(found.map(|address| format!("{}: {address}", case.name)));
        }
    }
    assert_none("addresses are of the ranges for documentation", offenders);
}

#[test]
fn hosts_are_for_documentation() {
    let mut offenders = BTreeSet::new();
    for case in case::all() {
        for text in texts(&case) {
            let found = names::hosts(&text).into_iter().filter(|host| !names::is_allowed(host));
            offenders.extend(found.map(|host| format!("{}: {host}", case.name)));
        }
    }
    assert_none("hosts are of the domains for documentation, or on the list of known ones", offenders);
}

fn is_documentation(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_documentation() || v4.is_private() || v4.is_loopback() || v4.is_unspecified(),
        IpAddr::V6(v6) => {
            v6.segments()[..2] == [0x2001, 0xdb8] || v6.is_loopback() || v6.is_unspecified() || is_mapped(v6)
        }
    }
}

fn is_mapped(address: Ipv6Addr) -> bool {
    address.to_ipv4_mapped().is_some_and(|v4| v4.is_documentation())
}

/// An address of Cloudflare's own, which `peer_ip` needs to be verified.
fn is_of_cloudflare(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            (Ipv4Addr::new(104, 16, 0, 0)..Ipv4Addr::new(104, 28, 0, 0)).contains(&v4)
                || (Ipv4Addr::new(172, 64, 0, 0)..Ipv4Addr::new(172, 72, 0, 0)).contains(&v4)
        }
        IpAddr::V6(v6) => v6.segments()[..2] == [0x2606, 0x4700],
    }
}
