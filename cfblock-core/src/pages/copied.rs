//! Words of an error page that somebody copied, or that an accessibility tree shows.

use memchr::memmem;

use super::Finding;
use crate::codes::gate;
use crate::extract::{
    Fields, after, first, ip_address, is_error_number, labelled_ray_id, number, utc_timestamp,
};
use crate::fields::{Colo, Country, RayId};
use crate::vocab::Signal;

/// A copied page is a paragraph or two, not an article.
const LONGEST: usize = 4096;

/// The words of the phishing warning.
const PHISHING: [&[u8]; 2] = [
    b"has been reported for potential phishing",
    b"attempts to steal sensitive information by falsely presenting",
];

/// Recognises copied words: a Ray ID in its label, and what only an error page says beside one.
pub(crate) fn recognise(text: &[u8]) -> Option<Finding> {
    if text.len() > LONGEST {
        return None;
    }
    if text.len() <= 1024 && PHISHING.iter().all(|words| memmem::find(text, words).is_some()) {
        return Some(Finding::new(&gate::phishing_interstitial, Signal::CopiedText, 0));
    }
    let ray_id = labelled_ray_id(text).or_else(|| nearby_ray_id(text))?;
    let labelled = after(text, b"Error code: ").or_else(|| after(text, b"Error ")).and_then(number);
    let finding = match labelled.filter(|code| is_error_number(*code)) {
        Some(code) => Finding::of_code(code, Signal::CopiedText, 0),
        None if memmem::find(text, b"Sorry, you have been blocked").is_some() => {
            Finding::new(&gate::waf_block_page, Signal::CopiedText, 0)
        }
        None => return None,
    };
    let client_ip = after(text, b"\nIP:")
        .and_then(ip_address)
        .or_else(|| after(text, b"Your IP:").and_then(ip_address))
        .or_else(|| after(text, b"IP address (").and_then(ip_address));
    Some(finding.with(Fields {
        ray_id: Some(ray_id),
        client_ip,
        colo: after(text, b"Data center: ").and_then(colo),
        country: after(text, b"Country: ").and_then(|rest| Country::from_bytes(first(rest, 2))),
        timestamp: utc_timestamp(text),
        ..Fields::default()
    }))
}

/// A Ray ID a few words behind its label, as an accessibility tree prints it.
fn nearby_ray_id(text: &[u8]) -> Option<RayId> {
    let rest = first(after(text, b"Ray ID:")?, 64);
    rest.split(|byte| !byte.is_ascii_alphanumeric()).find_map(RayId::from_bytes)
}

/// The data centre as the details of a page write it: `dfw06`.
pub(super) fn colo(text: &[u8]) -> Option<Colo> {
    Colo::from_bytes(&first(text, 3).to_ascii_uppercase())
}
