//! One test a case of the corpus, and the file of all records.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use cfblock_core::{RawMessage, ResponseParts, Verdict, classify};
use cfblock_tests::case::{self, Case};
use cfblock_tests::record;
use libtest_mimic::{Failed, Trial};
use serde_json::{Map, Value};

/// Cases up to this size are also read in the other forms of input.
const SMALL: usize = 64 * 1024;

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials: Vec<Trial> = case::folders()
        .into_iter()
        .map(|(name, folder)| {
            Trial::test(format!("corpus::{name}"), move || check(&Case::load(&name, &folder)?))
        })
        .collect();
    trials.push(Trial::test("parity::records_are_written", write_parity_file));
    trials
}

fn check(case: &Case) -> Result<(), Failed> {
    let mut wrong = Vec::new();
    let verdict = case.response.with_parts(|parts| classify(&parts));
    let record = record::of(&verdict);
    if case.expect.get("class").and_then(Value::as_str) != Some(case.class()) {
        wrong.push(format!("expect.class is not the folder's, {}", case.class()));
    }
    wrong.extend(record::differences(&case.expect, &record));
    if case.response.size() < SMALL {
        wrong.extend(in_other_forms(case, &record));
    }
    wrong.extend(read_back(&verdict));
    if wrong.is_empty() { Ok(()) } else { Err(report(case, &wrong, &verdict).into()) }
}

/// The same response in each form that can carry it gives the same record.
fn in_other_forms(case: &Case, record: &Map<String, Value>) -> Vec<String> {
    let response = &case.response;
    let mut wrong = Vec::new();
    let mut compare = |form: &str, parts: ResponseParts<'_>| {
        let verdict = classify(&response.add_surroundings(parts));
        for difference in record::mismatch(record, &record::of(&verdict)) {
            wrong.push(format!("as {form}: {difference}"));
        }
    };
    for (form, line_end) in [("a raw message with LF", "\n"), ("a raw message with CRLF", "\r\n")] {
        if let Some(text) = response.raw_message(line_end) {
            match RawMessage::parse(&text) {
                Ok(message) => compare(form, message.parts()),
                Err(error) => panic!("{}: {form} does not parse: {error}", case.name),
            }
        }
    }
    if let Some(http) = response.http_response() {
        compare("an http::Response", ResponseParts::from(&http).history(&response.hops()));
    }
    wrong
}

/// A verdict survives its record, and the record's facts.
fn read_back(verdict: &Verdict) -> Vec<String> {
    let texts =
        [("record", serde_json::to_string(verdict)), ("facts", serde_json::to_string(&verdict.facts()))];
    let mut wrong = Vec::new();
    for (form, text) in texts {
        let text = text.unwrap_or_default();
        match serde_json::from_str::<Verdict>(&text) {
            Ok(other) if other == *verdict => {}
            other => wrong.push(format!("read back from its {form}: {other:?}")),
        }
    }
    wrong
}

fn write_parity_file() -> Result<(), Failed> {
    let mut lines = String::new();
    for (name, folder) in case::folders() {
        let case = Case::load(&name, &folder)?;
        let verdict = case.response.with_parts(|parts| classify(&parts));
        lines.push_str(&record::parity_line(&name, &verdict));
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("parity");
    let name = if cfg!(feature = "html") { "rust.jsonl" } else { "rust-no-html.jsonl" };
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(name), lines)?;
    Ok(())
}

fn report(case: &Case, wrong: &[String], verdict: &Verdict) -> String {
    let mut text = format!("{}: {}\n", case.name, case.about);
    for line in wrong {
        let _ = writeln!(text, "  {line}");
    }
    for piece in verdict.evidence() {
        let _ = writeln!(text, "  evidence: {} in {} at {:?}", piece.signal, piece.place, piece.at);
    }
    let _ = write!(text, "  folder: {}", case.folder.display());
    text
}
