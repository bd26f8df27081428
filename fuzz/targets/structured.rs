//! A structured error says the same whether it is read as JSON, or found in
//! other text by the reader that demands no valid JSON.

#![no_main]

use cfblock_core::{ResponseParts, Signal, Verdict, classify};
use libfuzzer_sys::fuzz_target;
use serde::Deserialize;
use serde_json::{Map, Value};

/// The members that Cloudflare sends, in their types. A member that stands twice is an error.
#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
#[allow(dead_code, reason = "only whether it can be read counts")]
struct Members {
    cloudflare_error: bool,
    error_code: Option<u16>,
    error_name: Option<String>,
    error_category: Option<String>,
    ray_id: Option<String>,
    timestamp: Option<String>,
    zone: Option<String>,
    retryable: Option<bool>,
    retry_after: Option<u64>,
    owner_action_required: Option<bool>,
}

const NAMES: [&str; 10] = [
    "cloudflare_error",
    "error_code",
    "error_name",
    "error_category",
    "ray_id",
    "timestamp",
    "zone",
    "retryable",
    "retry_after",
    "owner_action_required",
];

fuzz_target!(|data: &[u8]| {
    let Some(json) = structured_error(data) else { return };
    let exact = classify(&ResponseParts::new().body(json));
    let relayed = format!("API Error: {json}");
    let found = classify(&ResponseParts::new().body(&relayed));
    if exact.is_intercepted() {
        assert_eq!(facts(&exact), facts(&found), "{json}");
    } else {
        // The text may still hold the words of another page.
        assert!(found.evidence().iter().all(|evidence| evidence.signal != Signal::RelayedJson), "{json}");
    }
});

/// The input as text, if it is the flat object that Cloudflare sends.
///
/// In other objects the two readers may differ: a name or a page can stand in a value,
/// and what is nested or escaped is read by the one that knows JSON only. Without its number
/// it is a shortened object, which a reader of its own recognises, by where it stands in a text.
fn structured_error(data: &[u8]) -> Option<&str> {
    let json = std::str::from_utf8(data).ok().filter(|json| json.len() <= 4000)?;
    let flat = json.starts_with('{') && json.matches(['{', '}', '[', ']']).count() == 2;
    if !flat || json.contains(['\\', '\'', '<']) {
        return None;
    }
    let members: Members = serde_json::from_str(json).ok()?;
    let object: Map<String, Value> = serde_json::from_str(json).ok()?;
    let named_once =
        NAMES.iter().all(|name| json.matches(name).count() == usize::from(object.contains_key(*name)));
    let short = object.values().all(|value| value.as_str().is_none_or(|text| text.len() <= 500));
    (members.cloudflare_error && members.error_code.is_some() && named_once && short).then_some(json)
}

/// The members of the record that come from the error.
fn facts(verdict: &Verdict) -> Vec<(&'static str, Value)> {
    let record = serde_json::to_value(verdict).expect("a verdict is serialized");
    let members = [
        "class",
        "reason",
        "error_code",
        "ray_id",
        "host",
        "timestamp",
        "error_name",
        "error_category",
        "retryable",
        "retry_after",
        "owner_action_required",
        "party",
        "action",
        "steps",
    ];
    members.into_iter().map(|member| (member, record[member].clone())).collect()
}
