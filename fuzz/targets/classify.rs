//! Any response gives one verdict, and what it says holds together.
//!
//! The input is a line `[flags]status url`, header lines, an empty line and
//! the body. Each of them may be missing, as it may be for a caller.

#![no_main]

use cfblock_core::{Class, Headers, ResponseParts, Verdict, classify};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|data: &[u8]| {
    let parts = response(data);
    let verdict = classify(&parts);
    assert_eq!(verdict, classify(&parts), "the same response, another verdict");
    check(&verdict);
    check_record(&verdict);
});

fn response(data: &[u8]) -> ResponseParts<'_> {
    let (line, rest) = split(data, b"\n");
    let (head, body) = match rest {
        Some(rest) if rest.starts_with(b"\n") => (&[][..], Some(&rest[1..])),
        Some(rest) => split(rest, b"\n\n"),
        None => (&[][..], None),
    };
    let (status, url) = split(line, b" ");
    let digits = status.iter().position(u8::is_ascii_digit).unwrap_or(status.len());
    let (flags, status) = status.split_at(digits);

    let mut parts = ResponseParts::new();
    if let Some(status) = text(status).and_then(|status| status.parse().ok()) {
        parts = parts.status(status);
    }
    if let Some(url) = url.and_then(text) {
        parts = parts.url(url);
    }
    if !head.is_empty() {
        parts = parts.headers(Headers::Block(head));
    }
    match body {
        Some(body) if flags.contains(&b'~') => parts = parts.partial_body(body),
        Some(body) => parts = parts.body(body),
        None => {}
    }
    if flags.contains(&b'@') {
        parts = parts.peer([104, 16, 1, 1].into());
    }
    if flags.contains(&b'!') {
        parts = parts.peer([192, 0, 2, 1].into());
    }
    if flags.contains(&b'+') {
        parts = parts.now(1_795_176_000);
    }
    parts
}

fn split<'a>(data: &'a [u8], at: &[u8]) -> (&'a [u8], Option<&'a [u8]>) {
    match data.windows(at.len()).position(|window| window == at) {
        Some(start) => (&data[..start], Some(&data[start + at.len()..])),
        None => (data, None),
    }
}

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

fn check(verdict: &Verdict) {
    assert_eq!(verdict.class == Class::Passed, !verdict.is_intercepted());
    assert!(!verdict.is_blocked() || verdict.is_intercepted());
    assert_eq!(verdict.clone().into_result().is_ok(), !verdict.is_intercepted());
    assert!(verdict.challenge_type.is_none() || verdict.class == Class::Challenge);
    assert!(verdict.retry_after.is_none_or(|wait| wait <= 86_400));
    assert!(verdict.host.is_none() || verdict.is_intercepted());
    if let Some(ray_id) = verdict.ray_id {
        let ray_id = ray_id.as_str();
        assert_eq!(ray_id.len(), 16);
        assert!(ray_id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')), "{ray_id:?}");
    }
}

/// What comes from the response can be written to a log, and the record reads back.
fn check_record(verdict: &Verdict) {
    let mut record = serde_json::to_value(verdict).expect("a verdict is serialized");
    let from_response = [
        "ray_id",
        "colo",
        "client_ip",
        "country",
        "host",
        "timestamp",
        "error_name",
        "error_category",
        "price",
    ];
    for member in from_response {
        let harmless = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
        assert!(record[member].as_str().is_none_or(harmless), "{member}: {}", record[member]);
    }

    let read: Verdict = serde_json::from_value(record.clone()).expect("a record reads back");
    let mut again = serde_json::to_value(&read).expect("a verdict is serialized");
    // Evidence points into a response, which a verdict that was read back no longer has.
    record["evidence"] = Value::Null;
    again["evidence"] = Value::Null;
    assert_eq!(record, again, "read back, the record says something else");
}
