//! Every entry of the catalogue is complete.

use std::collections::{BTreeMap, BTreeSet};

use cfblock_core::codes::{self, Entry};
use cfblock_core::{Action, Class};

use crate::assert_none;

/// Numbers that two entries share, because the branded and the bare page print the same one.
const SHARED_NUMBERS: [u16; 0] = [];

/// Words that give away an unfinished entry, or a place on somebody's machine.
const FORBIDDEN: [&str; 9] =
    ["TODO", "FIXME", "TBD", "XXX", "orem ipsum", "/home/", "/root/", ".json:", "../"];

fn offenders(wrong: impl Fn(&Entry) -> bool) -> Vec<String> {
    codes::all().filter(|entry| wrong(entry)).map(|entry| entry.reason.to_owned()).collect()
}

/// Every text of an entry that a person reads.
fn texts(entry: &Entry) -> impl Iterator<Item = String> {
    let others = [entry.title, entry.docs_url]
        .into_iter()
        .chain(entry.class_note)
        .chain(entry.causes.iter().copied())
        .chain(entry.client.iter().map(|step| step.why))
        .chain(entry.owner.iter().copied());
    others.map(str::to_owned).chain([entry.explanation.to_string()])
}

#[test]
fn there_are_entries_for_every_class() {
    let present: BTreeSet<Class> = codes::all().map(|entry| entry.class).collect();
    let missing = Class::ALL.iter().filter(|class| !present.contains(class));
    assert_none("every class has an entry", missing.map(ToString::to_string));
}

#[test]
fn entries_are_complete() {
    assert_none("entries have a title", offenders(|entry| entry.title.trim().is_empty()));
    assert_none(
        "entries are explained",
        offenders(|entry| entry.explanation.to_string().split_whitespace().count() < 8),
    );
    assert_none("entries name a cause", offenders(|entry| entry.causes.is_empty()));
    assert_none("entries advise the client", offenders(|entry| entry.client.is_empty()));
    assert_none("texts are not blank", offenders(|entry| texts(entry).any(|text| text.trim().is_empty())));
}

#[test]
fn texts_hold_no_placeholders() {
    assert_none(
        "texts hold no placeholder and no local path",
        codes::all().flat_map(|entry| {
            texts(entry).flat_map(move |text| {
                let found = FORBIDDEN.into_iter().filter(move |word| text.contains(word));
                found.map(move |word| format!("{}: {word}", entry.reason))
            })
        }),
    );
}

#[test]
fn steps_name_what_to_change_and_when() {
    assert_none(
        "change_identity, and only it, names what to change",
        offenders(|entry| {
            entry.client.iter().any(|step| (step.action == Action::ChangeIdentity) == step.change.is_empty())
        }),
    );
    assert_none(
        "only a kind of waiting has a time, and it is above 0",
        offenders(|entry| {
            entry.client.iter().any(|step| step.wait.is_some_and(|time| time == 0 || !is_timed(step.action)))
        }),
    );
    assert_none(
        "a default wait belongs to a retryable entry",
        offenders(|entry| entry.retry_after.is_some() && !entry.retryable),
    );
    assert_none(
        "no step is advised twice in the same words",
        offenders(|entry| {
            let distinct: BTreeSet<_> = entry.client.iter().map(|step| (step.action, step.why)).collect();
            distinct.len() != entry.client.len()
        }),
    );
}

fn is_timed(action: Action) -> bool {
    action.is_wait()
        || matches!(action, Action::PauseHost | Action::JoinQueue | Action::SlowDown | Action::Probe)
}

#[test]
fn sources_are_dated_links() {
    assert_none(
        "docs_url is an https address",
        offenders(|entry| {
            !entry.docs_url.starts_with("https://") || entry.docs_url.contains(char::is_whitespace)
        }),
    );
    assert_none("checked is a date", offenders(|entry| !is_date(entry.checked)));
}

fn is_date(text: &str) -> bool {
    format!("{text}T00:00:00Z").parse::<cfblock_core::Timestamp>().is_ok()
}

#[test]
fn reasons_are_unique_snake_case_words() {
    let snake = |reason: &str| {
        reason.starts_with(|first: char| first.is_ascii_lowercase())
            && reason.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
            && !reason.contains("__")
            && !reason.ends_with('_')
    };
    assert_none("reasons are snake_case", offenders(|entry| !snake(entry.reason)));
    assert_none(
        "a reason leads to its entry, so each is there once",
        offenders(|entry| codes::by_reason(entry.reason).is_none_or(|found| !std::ptr::eq(found, entry))),
    );
}

#[test]
fn numbers_lead_to_their_entries() {
    let mut by_number: BTreeMap<u16, Vec<&str>> = BTreeMap::new();
    for entry in codes::all() {
        if let Some(code) = entry.code {
            by_number.entry(code.get()).or_default().push(entry.reason);
            assert_eq!(codes::by_code(code).and_then(|found| found.code), Some(code), "{}", entry.reason);
        }
    }
    assert_none(
        "a number belongs to one entry",
        by_number
            .iter()
            .filter(|(number, reasons)| reasons.len() > 1 && !SHARED_NUMBERS.contains(number))
            .map(|(number, reasons)| format!("{number}: {}", reasons.join(", "))),
    );
    assert_none(
        "1xxx numbers and statuses are the only ones",
        by_number.keys().filter(|number| !matches!(number, 400..=599 | 1000..=1299)).map(ToString::to_string),
    );
}

#[test]
fn statuses_are_statuses() {
    assert_none(
        "statuses lie between 200 and 599",
        offenders(|entry| entry.http_status.iter().any(|status| !(200..600).contains(status))),
    );
}
