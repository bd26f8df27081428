//! Words of an error page that somebody copied, or that an accessibility tree shows.

#![allow(
    clippy::indexing_slicing,
    reason = "each place comes from a search in the same bytes, so it lies within them"
)]

use memchr::memmem;

use super::Finding;
use crate::codes::{gate, site_worker};
use crate::extract::{
    Fields, after, first, footer_ip, ip_address, is_error_number, labelled_ray_id, nearby_ray_id, number,
    utc_timestamp,
};
use crate::fields::{Colo, Country};
use crate::vocab::{ChallengeType, Signal};

/// A copied page is a paragraph or two, not an article.
const LONGEST: usize = 4096;

/// Within so many bytes the words stand that say what the page is.
const BEGINNING: usize = 512;

/// The words of the phishing warning.
const PHISHING: [&[u8]; 2] = [
    b"has been reported for potential phishing",
    b"attempts to steal sensitive information by falsely presenting",
];

/// Words of challenge pages, each in use for some years.
const CHALLENGE: [&[u8]; 6] = [
    b"uses a security service to protect against malicious bots",
    b"Completing the CAPTCHA proves you are a human",
    b"needs to review the security of your connection before proceeding",
    b"Verifying you are human. This may take a few seconds",
    b"Checking if the site connection is secure",
    b"Checking your browser before accessing",
];

/// Recognises copied words: a Ray ID in its label, and what only an error page says beside one.
pub(crate) fn recognise(text: &[u8]) -> Option<Finding> {
    if text.len() > LONGEST {
        return None;
    }
    let has = |words: &[u8]| memmem::find(text, words).is_some();
    if text.len() <= 1024 && PHISHING.iter().all(|words| has(words)) {
        return Some(Finding::new(&gate::phishing_interstitial, Signal::CopiedText, 0));
    }
    if text.len() <= 512 && has(b"Just a moment...") && has(b"Enable JavaScript and cookies to continue") {
        return Some(challenge(Fields::default()));
    }
    if let Some(finding) = without_ray_id(text) {
        return Some(finding);
    }
    let fields = Fields {
        ray_id: Some(labelled_ray_id(text).or_else(|| nearby_ray_id(text))?),
        client_ip: ["\nIP:", "IP address ("]
            .iter()
            .find_map(|label| ip_address(after(text, label.as_bytes())?))
            .or_else(|| footer_ip(text)),
        colo: after(text, b"Data center: ").and_then(colo),
        country: after(text, b"Country: ").and_then(|rest| Country::from_bytes(first(rest, 2))),
        timestamp: utc_timestamp(text),
        ..Fields::default()
    };
    // A page that is copied begins the text; what comes later is quoted by a document.
    let begins = |words: &[u8]| memmem::find(first(text, BEGINNING), words).is_some();
    let mut codes = memmem::find_iter(text, b"Error ").take(8).filter_map(|at| {
        let rest = &text[at + b"Error ".len()..];
        let rest = rest.strip_prefix(b"code").map_or(rest, |rest| rest.strip_prefix(b":").unwrap_or(rest));
        number(rest.trim_ascii_start()).filter(|code| is_error_number(*code))
    });
    if let Some(code) = codes.next() {
        // A text with several numbers is about errors.
        let only = begins(b"Error ") && codes.all(|other| other == code);
        return only.then(|| Finding::of_code(code, Signal::CopiedText, 0).with(fields));
    }
    if begins(b"Sorry, you have been blocked") || begins(b"Why have I been blocked") {
        return Some(Finding::new(&gate::waf_block_page, Signal::CopiedText, 0).with(fields));
    }
    if has(b"Access denied") && has(b"using a security service to protect itself") {
        let finding = Finding::new(&gate::edge_forbidden, Signal::CopiedText, 0).with(fields);
        return Some(Finding { code: None, ..finding });
    }
    CHALLENGE.iter().any(|words| begins(words)).then(|| challenge(fields))
}

/// The words of a page that begin a text and are most of it, with nothing beside them that names the request.
fn without_ray_id(text: &[u8]) -> Option<Finding> {
    const SHORT: usize = 1024;
    const START: usize = 96;
    if text.len() > SHORT || labelled_ray_id(text).or_else(|| nearby_ray_id(text)).is_some() {
        return None;
    }
    let starts = |words: &[u8]| memmem::find(first(text, START + words.len()), words).is_some();
    let has = |words: &[u8]| memmem::find(text, words).is_some();
    let copied = |entry| Some(Finding::new(entry, Signal::CopiedText, 0));
    if starts(b"Error 1027")
        && has(b"You cannot access this site because the owner has reached their plan limits")
    {
        return copied(&site_worker::worker_daily_limit);
    }
    if starts(b"Performing security verification") && has(CHALLENGE[0]) {
        return Some(challenge(Fields::default()));
    }
    if starts(b"Checking your browser before accessing") && (has(b"DDoS protection by") || has(b"redirect")) {
        return Some(challenge(Fields::default()));
    }
    if starts(b"Sorry, you have been blocked") && has(b"using a security service to protect itself") {
        return copied(&gate::waf_block_page);
    }
    None
}

fn challenge(fields: Fields) -> Finding {
    Finding::challenge(ChallengeType::Unknown, Signal::CopiedText, 0).with(fields)
}

/// The data centre as the details of a page write it: `dfw06`.
pub(super) fn colo(text: &[u8]) -> Option<Colo> {
    Colo::from_bytes(&first(text, 3).to_ascii_uppercase())
}
