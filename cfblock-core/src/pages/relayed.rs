//! Short answers of the edge inside other text: exceptions, log lines, messages of client libraries.

use memchr::memmem;

use super::Finding;
use crate::codes::{self, ErrorCode, edge};
use crate::extract::{Fields, after, first, is_error_number, number};
use crate::fields::RayId;
use crate::vocab::{ChallengeType, Signal};

/// A message is short; a longer text is about errors.
const LONGEST: usize = 4096;

/// How far into a message a shortened object stands.
const NEAR: usize = 512;

/// How many places are looked at.
const PLACES: usize = 8;

/// Words that say that a number is a database's own.
const DATABASES: [&[u8]; 5] = [b"SQL", b"sql", b"MariaDB", b"errno", b"atabase"];

/// Words of those who hand an answer on: they had a body, a status or a failed parser in hand.
const RELAYS: [&[u8]; 9] = [
    b"HTTP",
    b"http",
    b"JSON",
    b"body",
    b"esponse",
    b"Client Error",
    b"Forbidden",
    b"status",
    b"looking for beginning of value",
];

/// Recognises an answer that another program quotes.
pub(crate) fn recognise(text: &[u8]) -> Option<Finding> {
    if text.len() > LONGEST {
        return None;
    }
    mitigated(text).or_else(|| error_code(text)).or_else(|| structured(text)).or_else(|| phrase(text))
}

/// The headers of a challenge, as members of an object.
fn mitigated(text: &[u8]) -> Option<Finding> {
    let value = |name: &[u8]| {
        let rest = after(text, name)?.trim_ascii_start().strip_prefix(b":")?.trim_ascii_start();
        rest.strip_prefix(b"[").unwrap_or(rest).trim_ascii_start().strip_prefix(b"\"")
    };
    let at = memmem::find(text, b"\"cf-mitigated\"")?;
    value(b"\"cf-mitigated\"")?.strip_prefix(b"challenge\"")?;
    let ray = RayId::from_bytes(first(value(b"\"cf-ray\"")?, 16))?;
    let fields = Fields { ray_id: Some(ray), ..Fields::default() };
    Some(Finding::challenge(ChallengeType::Unknown, Signal::QuotedText, at).with(fields))
}

/// `error code: NNNN` where a body was pasted: nothing of a sentence before it or behind it.
fn error_code(text: &[u8]) -> Option<Finding> {
    const LABEL: &[u8] = b"error code: ";
    let mut found: Option<(ErrorCode, usize)> = None;
    for at in memmem::find_iter(text, LABEL).take(PLACES) {
        let (Some(before), Some(rest)) = (text.get(..at), text.get(at + LABEL.len()..)) else { continue };
        let Some(code) = number(rest).filter(|code| is_error_number(*code)) else { continue };
        if codes::by_code(code).is_none() || !ends_there(rest) || !is_pasted(before, rest, code, text) {
            continue;
        }
        // A text with several numbers is about errors.
        if found.is_some_and(|(known, _)| known != code) {
            return None;
        }
        found = found.or(Some((code, at)));
    }
    found.map(|(code, at)| Finding::of_code(code, Signal::QuotedText, at))
}

/// Whether the number is the last word of its line, its string or its bracket.
fn ends_there(rest: &[u8]) -> bool {
    let behind = rest.iter().position(|byte| !byte.is_ascii_digit());
    let Some(behind) = behind.and_then(|at| rest.get(at..)) else { return true };
    match behind.first() {
        Some(b'\n' | b'\r' | b'"' | b'\'' | b'`' | b')' | b']' | b'}' | b'\\' | b'<') => true,
        Some(b' ') => first(behind, 64).trim_ascii_start().is_empty(),
        _ => false,
    }
}

fn is_pasted(before: &[u8], rest: &[u8], code: ErrorCode, text: &[u8]) -> bool {
    let word = before.trim_ascii_end();
    let opened = matches!(before.last(), Some(b'"' | b'\'' | b'`' | b'='));
    let behind_status = behind_status(word);
    let apart = match word.last() {
        None => !text.trim_ascii_start().starts_with(b"error code: "),
        Some(b':' | b'"' | b'\'' | b'`' | b'(' | b'=' | b'-' | b'>' | b'|') => true,
        // On a line of its own.
        Some(_) => before.last() == Some(&b'\n') || behind_status,
    };
    if !apart {
        return false;
    }
    // Only the edge has these; smaller numbers are other programs' as well.
    if matches!(code.get(), 520..=527 | 530) || behind_status {
        return true;
    }
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let closed = rest.get(digits).is_some_and(|byte| matches!(byte, b'"' | b'\'' | b'`' | b'\\'));
    if DATABASES.iter().any(|word| memmem::find(text, word).is_some()) {
        return false;
    }
    (opened && closed) || RELAYS.iter().any(|word| memmem::find(text, word).is_some())
}

/// Whether a text ends in a status with which the edge sends its short answers.
fn behind_status(text: &[u8]) -> bool {
    let text = text.strip_suffix(b":").unwrap_or(text);
    let words = text.strip_suffix(b" Forbidden").unwrap_or(text);
    let Some(status) = words.len().checked_sub(3).and_then(|at| words.get(at..)).and_then(number) else {
        return false;
    };
    let longer =
        words.len().checked_sub(4).and_then(|at| words.get(at)).is_some_and(u8::is_ascii_alphanumeric);
    !longer && matches!(status.get(), 403 | 409 | 429 | 430 | 500..=504 | 520..=527 | 530)
}

/// A structured error of which a client kept only a few members.
fn structured(text: &[u8]) -> Option<Finding> {
    memmem::find_iter(first(text, NEAR), b"Error ").take(PLACES).find_map(|at| {
        let before = text.get(at.saturating_sub(16)..at)?;
        let quoted = matches!(before.last(), Some(b'"' | b'\''));
        if !quoted || memmem::find(before, b"title").is_none() {
            return None;
        }
        let rest = text.get(at + b"Error ".len()..)?;
        let code = number(rest).filter(|code| is_error_number(*code))?;
        let entry = codes::by_code(code)?;
        rest.iter().position(|byte| *byte == b':').filter(|end| *end <= 4)?;
        let near = text.get(at.saturating_sub(1024)..text.len().min(at + 1024))?;
        // An object that gives its number itself is read by its members, not by its title.
        let own = after(near, b"error_code").map(|rest| {
            let digits = rest.iter().take(8).position(u8::is_ascii_digit).and_then(|at| rest.get(at..));
            digits.and_then(number)
        });
        if own.is_some_and(|own| own != Some(code)) {
            return None;
        }
        let named =
            [&b"cloudflare_error"[..], b"error_name"].iter().any(|mark| memmem::find(near, mark).is_some());
        let linked = memmem::find_iter(near, b"/error-")
            .take(PLACES)
            .any(|at| near.get(at + b"/error-".len()..).and_then(number) == Some(code));
        (named || linked).then(|| Finding { code: Some(code), ..Finding::new(entry, Signal::QuotedText, at) })
    })
}

/// What clients say of a status that only the edge has, when they have nothing else.
fn phrase(text: &[u8]) -> Option<Finding> {
    const LONGEST: usize = 512;
    const BEHIND: [&[u8]; 2] = [b" status code (no body)", b" <unknown status code>"];
    const BEFORE: [&[u8]; 3] =
        [b"Invalid status code: ", b"Request failed with status code ", b"unexpected HTTP status code "];
    if text.len() > LONGEST {
        return None;
    }
    let before = || {
        BEFORE.iter().find_map(|words| {
            let at = memmem::find(text, words)?;
            Some((number(text.get(at + words.len()..)?)?, at))
        })
    };
    let (code, at) = BEHIND
        .iter()
        .find_map(|words| {
            let at = memmem::find(text, words)?.checked_sub(3)?;
            Some((number(text.get(at..at + 3)?)?, at))
        })
        .or_else(before)
        .or_else(|| {
            // What gRPC says of an answer that is none of its own.
            memmem::find(text, b"; transport: ")?;
            let at = memmem::find(text, b"HTTP status code ")?;
            Some((number(text.get(at + b"HTTP status code ".len()..)?)?, at))
        })?;
    let only_the_edge = matches!(code.get(), 520..=527) && codes::by_code(code) != Some(&edge::unknown_error);
    only_the_edge.then(|| Finding::of_code(code, Signal::QuotedText, at))
}
