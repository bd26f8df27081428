//! Prints how long cfblock and published crates that read bodies take for the same cases.
//!
//! The crates get what they ask for, prepared beforehand: a header map, a
//! decoded body, a parsed address. Each column shows the crate's time, how
//! much of it cfblock needs, and what the crate answers. They answer other and
//! smaller questions: none of them reads a Ray ID or an error number.

use std::hint::black_box;

use antibot_rs::detect;
use cfblock_benches::{Case, ROUNDS, cases, timing};
use cfblock_core::classify;
use cloudscraper_rs::{ChallengeDetector, ChallengeResponse};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use stealthscraper_rs::challenge;
use url::Url;

fn main() {
    println!("| case | cfblock | antibot-rs | stealthscraper-rs | cloudscraper-rs |");
    println!("|---|---|---|---|---|");
    for case in cases() {
        if let Some(status) = case.status {
            println!("{}", row(&case, status));
        }
    }
}

fn row(case: &Case, status: u16) -> String {
    let pairs = case.pairs();
    let parts = case.parts(&pairs);
    let headers = header_map(case);
    let body = std::str::from_utf8(case.bytes()).expect("bodies of cases are UTF-8");
    let url = Url::parse(case.url.as_deref().unwrap_or("https://example.test/")).expect("an address");
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());

    let antibot = detect::DetectionInput::new(status, &headers, body, url.as_str());
    let stealthscraper = challenge::DetectionInput {
        status: Some(status),
        server: header("server"),
        cf_mitigated: header("cf-mitigated"),
        cf_ray: header("cf-ray"),
        body,
    };
    let cloudscraper =
        ChallengeResponse { url: &url, status, headers: &headers, body, request_method: &Method::GET };
    let mut detector = ChallengeDetector::new();

    let answers = [
        classify(&parts).class.to_string(),
        detect::detect_challenge(&antibot).map_or("–".to_owned(), |kind| format!("{kind:?}")),
        format!("{:?}", challenge::detect(&stealthscraper).kind),
        detector
            .detect(&cloudscraper)
            .map_or("–".to_owned(), |found| format!("{:?}", found.challenge_type)),
    ];
    let rounds = if case.is_hostile() { 3 } else { ROUNDS };
    let times = timing::medians(
        rounds,
        [
            &mut || {
                black_box(classify(black_box(&parts)));
            },
            &mut || {
                black_box(detect::detect_challenge(black_box(&antibot)));
            },
            &mut || {
                black_box(challenge::detect(black_box(&stealthscraper)));
            },
            &mut || {
                black_box(detector.detect(black_box(&cloudscraper)));
            },
        ],
    );
    let ours = times[0];
    let cells: Vec<String> = times
        .iter()
        .zip(answers)
        .enumerate()
        .map(|(column, (time, answer))| match column {
            0 => format!("{} {answer}", readable(*time)),
            _ => format!("{} ({:.3}) {answer}", readable(*time), ours / time),
        })
        .collect();
    format!("| {} | {} |", case.name, cells.join(" | "))
}

fn header_map(case: &Case) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in case.headers.iter().flatten() {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a header name");
        let value = HeaderValue::from_bytes(value.as_bytes()).expect("a header value");
        // A map takes 32,768 fields; more of them are only for those who read pairs.
        if map.try_append(name, value).is_err() {
            break;
        }
    }
    map
}

fn readable(nanoseconds: f64) -> String {
    match nanoseconds {
        time if time < 1e3 => format!("{time:.0} ns"),
        time if time < 1e6 => format!("{:.2} µs", time / 1e3),
        time => format!("{:.2} ms", time / 1e6),
    }
}
