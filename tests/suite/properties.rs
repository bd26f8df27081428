//! Laws that hold for every response.

mod inputs;

use cfblock_core::{Confidence, RawMessage, Verdict, Window, classify, classify_within};
use cfblock_tests::case;
use cfblock_tests::record;
use cfblock_tests::response::Response;
use proptest::prelude::*;
use serde_json::{Map, Value};

use crate::assert_none;
use inputs::responses;

/// Points at which the body of a case is cut; short bodies are cut everywhere.
const CUTS: usize = 400;

/// The same for bodies that are longer than the window in which they are searched.
const FEW_CUTS: usize = 60;

fn verdict(response: &Response) -> Verdict {
    response.with_parts(|parts| classify(&parts))
}

fn without_evidence(verdict: &Verdict) -> Map<String, Value> {
    let mut record = record::of(verdict);
    record.remove("evidence");
    record
}

/// What must hold of any verdict by itself.
fn check_verdict(verdict: &Verdict) -> Result<(), TestCaseError> {
    prop_assert!(!verdict.is_blocked() || verdict.is_intercepted());
    prop_assert_eq!(verdict.clone().into_result().is_err(), verdict.is_intercepted());
    prop_assert_eq!(
        verdict.challenge_type.is_some(),
        verdict.class == cfblock_core::Class::Challenge,
        "a challenge, and nothing else, has a type"
    );
    prop_assert!(verdict.retry_after.is_none_or(|seconds| seconds <= 86_400), "{:?}", verdict.retry_after);
    for (member, value) in record::of(verdict) {
        if let Value::String(text) = value {
            prop_assert!(text.len() <= 255 && !text.contains(char::is_control), "{member}: {text:?}");
        }
    }
    let text = serde_json::to_string(verdict).unwrap();
    let read_back: Verdict =
        serde_json::from_str(&text).map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assert_eq!(
        without_evidence(&read_back),
        without_evidence(verdict),
        "the record does not survive JSON"
    );
    Ok(())
}

/// A longer prefix never overturns a verdict that is stated or certain.
fn check_prefixes(response: &Response, cuts: impl IntoIterator<Item = usize>) -> Result<(), TestCaseError> {
    let whole = response.body.as_deref().unwrap_or_default();
    let mut settled: Option<(usize, Verdict)> = None;
    let mut look = |length: usize, truncated: bool| {
        let prefix = Response { body: Some(whole[..length].to_vec()), truncated, ..response.clone() };
        let next = verdict(&prefix);
        if let Some((at, earlier)) = &settled {
            prop_assert_eq!(
                (earlier.class, earlier.error_code),
                (next.class, next.error_code),
                "{:?} after {} bytes, overturned after {} (truncated: {})",
                earlier.confidence,
                at,
                length,
                truncated
            );
        }
        if next.confidence >= Confidence::Certain {
            settled.get_or_insert((length, next));
        }
        Ok(())
    };
    for length in cuts {
        look(length, true)?;
    }
    look(whole.len(), true)?;
    look(whole.len(), false)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_response_has_one_sound_verdict(response in responses(), bounds in inputs::bounds()) {
        let first = verdict(&response);
        check_verdict(&first)?;
        prop_assert_eq!(first.status, response.status);
        prop_assert_eq!(&first, &verdict(&response), "the same input gave two verdicts");
        let mut window = Window::default();
        (window.head, window.tail, window.between) = bounds;
        check_verdict(&response.with_parts(|parts| classify_within(&parts, window)))?;
    }

    #[test]
    fn order_and_case_of_header_names_are_irrelevant(
        (response, other) in responses().prop_flat_map(|response| {
            let other = inputs::rearranged(&response);
            (Just(response), other)
        })
    ) {
        prop_assert_eq!(record::of(&verdict(&response)), record::of(&verdict(&other)));
    }

    #[test]
    fn longer_prefixes_of_any_body_overturn_nothing(
        response in responses(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 1..12),
    ) {
        let length = response.body.as_ref().map_or(0, Vec::len);
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(length + 1)).collect();
        cuts.sort_unstable();
        if response.body.is_some() {
            check_prefixes(&response, cuts)?;
        }
    }

    #[test]
    fn a_raw_message_keeps_the_response(response in responses(), crlf in any::<bool>()) {
        if let Some(text) = response.raw_message(if crlf { "\r\n" } else { "\n" }) {
            let message = RawMessage::parse(&text).map_err(|error| TestCaseError::fail(error.to_string()))?;
            let read = classify(&response.add_surroundings(message.parts()));
            prop_assert_eq!(record::of(&read), record::of(&verdict(&response)));
        }
    }

    #[test]
    fn any_text_is_a_raw_message_or_an_error_with_a_place(
        text in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..200),
            "(HTTP/[0-9.]{1,3} ?[0-9a-z]{0,4}\r?\n|[a-z-]{0,8}: ?[a-z0-9]{0,8}\r?\n|\r?\n|[ -~]{0,20}){0,12}".prop_map(String::into_bytes),
        ]
    ) {
        match RawMessage::parse(&text) {
            Ok(message) => check_verdict(&classify(&message.parts()))?,
            Err(error) => {
                let lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').collect();
                prop_assert!((1..=lines.len()).contains(&error.line), "{error}");
                prop_assert!((1..=lines[error.line - 1].len() + 1).contains(&error.column), "{error}");
            }
        }
    }
}

#[test]
fn longer_prefixes_of_the_corpus_overturn_nothing() {
    let mut tried = 0;
    let mut offenders = Vec::new();
    for case in case::all() {
        let length = case.response.body.as_ref().map_or(0, Vec::len);
        let cuts = if length > 64 * 1024 { FEW_CUTS } else { CUTS };
        if length == 0 || length > 2 * 1024 * 1024 {
            continue;
        }
        tried += 1;
        if let Err(error) = check_prefixes(&case.response, (0..length).step_by(length.div_ceil(cuts))) {
            offenders.push(format!("{}: {error}", case.name));
        }
    }
    assert!(tried > 100, "only {tried} cases have a body");
    assert_none("longer prefixes overturn nothing that was certain", offenders);
}

/// The windows of a search meet, overlap and part again as a body grows.
#[test]
fn bodies_of_any_length_have_a_verdict() {
    let Window { head, tail, between, .. } = Window::default();
    for start in ["<!DOCTYPE html><title>Shop</title>", "{\"items\": [", "error code: 1020", "plain words "] {
        for filler in ["a_b ", "<p>", "\"}, "] {
            let longest = start.to_owned() + &filler.repeat((head + between + 2 * tail) / filler.len());
            for edge in [tail, head, head + tail, head + between, head + between + tail] {
                for length in [edge - 4096, edge - 1, edge, edge + 1, edge + 4096] {
                    let body = Some(longest.as_bytes()[..length].to_vec());
                    for truncated in [false, true] {
                        let response = Response {
                            status: Some(403),
                            body: body.clone(),
                            truncated,
                            ..Response::default()
                        };
                        check_verdict(&verdict(&response)).unwrap();
                    }
                }
            }
        }
    }
}

#[test]
fn verdicts_of_the_corpus_are_sound() {
    for case in case::all() {
        let first = verdict(&case.response);
        check_verdict(&first).unwrap_or_else(|error| panic!("{}: {error}", case.name));
        assert_eq!(first, verdict(&case.response), "{}", case.name);
    }
}
