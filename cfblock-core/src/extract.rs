//! Reading single values out of the bytes of a page.

#![allow(
    clippy::indexing_slicing,
    reason = "each place comes from a search in the same bytes, so it lies within them"
)]

use memchr::memmem;

use crate::codes::ErrorCode;
use crate::fields::{ClientIp, Colo, Country, Host, RayId, Timestamp};

/// What a page says beside its class. Everything is validated.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields {
    pub(crate) ray_id: Option<RayId>,
    pub(crate) colo: Option<Colo>,
    pub(crate) client_ip: Option<ClientIp>,
    pub(crate) country: Option<Country>,
    pub(crate) host: Option<Host>,
    pub(crate) timestamp: Option<Timestamp>,
    pub(crate) error_name: Option<Box<str>>,
    pub(crate) error_category: Option<Box<str>>,
    pub(crate) retryable: Option<bool>,
    pub(crate) retry_after: Option<u64>,
    pub(crate) owner_action_required: Option<bool>,
}

impl Fields {
    /// What every footer of the edge says: the Ray ID and the visitor's address.
    pub(crate) fn of_footer(page: &[u8]) -> Self {
        Self { ray_id: labelled_ray_id(page), client_ip: footer_ip(page), ..Self::default() }
    }
}

/// What follows the first occurrence of a text.
pub(crate) fn after<'a>(page: &'a [u8], text: &[u8]) -> Option<&'a [u8]> {
    memmem::find(page, text).map(|at| &page[at + text.len()..])
}

/// The first bytes of a page.
pub(crate) fn first(page: &[u8], length: usize) -> &[u8] {
    &page[..page.len().min(length)]
}

/// What stands between the start and the first occurrence of a byte, within `limit` bytes.
pub(crate) fn until(page: &[u8], end: u8, limit: usize) -> Option<&[u8]> {
    let page = first(page, limit);
    memchr::memchr(end, page).map(|at| &page[..at])
}

/// Skips white space and up to three tags.
pub(crate) fn skip_tags(page: &[u8]) -> &[u8] {
    let mut rest = page.trim_ascii_start();
    for _ in 0..3 {
        if rest.first() != Some(&b'<') {
            break;
        }
        let Some(end) = memchr::memchr(b'>', first(rest, 256)) else { break };
        rest = rest[end + 1..].trim_ascii_start();
    }
    rest
}

/// Reads a number of three or four digits that no further digit follows.
pub(crate) fn number(text: &[u8]) -> Option<ErrorCode> {
    let length = text.iter().take(5).take_while(|byte| byte.is_ascii_digit()).count();
    matches!(length, 3 | 4).then(|| {
        ErrorCode::new(text[..length].iter().fold(0, |number, digit| number * 10 + u16::from(digit - b'0')))
    })
}

/// Whether Cloudflare's error pages can bear a number. Other networks copy the pages with numbers of their own.
pub(crate) fn is_error_number(code: ErrorCode) -> bool {
    matches!(code.get(), 1000..=1299 | 500..=504 | 520..=527 | 530)
}

/// Reads a Ray ID that no further hexadecimal digit follows.
pub(crate) fn ray_id(text: &[u8]) -> Option<RayId> {
    let ray = text.get(..16).and_then(RayId::from_bytes)?;
    (!text.get(16).is_some_and(u8::is_ascii_alphanumeric)).then_some(ray)
}

/// A Ray ID a few characters behind its label, as Markdown and accessibility trees print it.
pub(crate) fn nearby_ray_id(text: &[u8]) -> Option<RayId> {
    let rest = first(after(text, b"Ray ID:")?, 64);
    rest.split(|byte| !byte.is_ascii_alphanumeric()).find_map(RayId::from_bytes)
}

/// The Ray ID behind the label `Ray ID`, which may stand several times with or without a value.
pub(crate) fn labelled_ray_id(page: &[u8]) -> Option<RayId> {
    memmem::find_iter(page, b"Ray ID").take(4).find_map(|at| {
        let rest = &page[at + 6..];
        ray_id(skip_tags(rest.strip_prefix(b":").unwrap_or(rest)))
    })
}

/// Reads an IP address at the start of a text, behind white space and tags.
pub(crate) fn ip_address(text: &[u8]) -> Option<ClientIp> {
    let text = skip_tags(text);
    let length = text
        .iter()
        .take(46)
        .take_while(|byte| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':'))
        .count();
    let text = &text[..length];
    ClientIp::from_bytes(text.strip_suffix(b".").unwrap_or(text))
}

/// The visitor's address in the footer, or wherever an owner's page shows it.
pub(crate) fn footer_ip(page: &[u8]) -> Option<ClientIp> {
    if let Some(rest) = after(page, b"Your IP") {
        // Newer footers hide the address behind a button.
        let hidden = || behind_label(after(first(rest, 1024), b"id=\"cf-footer-ip\"")?);
        return behind_label(rest.strip_prefix(b" address").unwrap_or(rest)).or_else(hidden);
    }
    let labels = ["id=\"cf-footer-ip\"", "Client IP", "IP Address", "IP address", "ipAddress"];
    labels.iter().find_map(|label| {
        memmem::find_iter(page, label.as_bytes())
            .take(16)
            .find_map(|at| behind_label(&page[at + label.len()..]))
    })
}

/// Reads an address behind the rest of its label: quotes, colons and tags.
fn behind_label(text: &[u8]) -> Option<ClientIp> {
    let mut rest = text;
    for _ in 0..6 {
        rest = skip_tags(rest);
        match rest.first() {
            Some(b'"' | b'\'' | b'>' | b':' | b'*') => rest = &rest[1..],
            Some(b'C') => rest = rest.strip_prefix(b"Click to reveal").unwrap_or_default(),
            _ => break,
        }
    }
    ip_address(rest)
}

/// The time before ` UTC`, as pages print it.
pub(crate) fn utc_timestamp(page: &[u8]) -> Option<Timestamp> {
    memmem::find_iter(page, b" UTC")
        .take(4)
        .find_map(|at| Timestamp::from_bytes(page.get(at.checked_sub(19)?..at)?))
}

/// A host name, owned, if it is one.
pub(crate) fn host(text: &[u8]) -> Option<Host> {
    Host::from_bytes(text.trim_ascii())
}

/// The host behind one of the labels of a heading: `<span data-translate="…">…</span> shop.example<`.
pub(crate) fn host_behind(page: &[u8], labels: &[&str]) -> Option<Host> {
    labels.iter().find_map(|label| {
        let rest = after(page, label.as_bytes())?.strip_prefix(b"\">")?;
        let name = until(after(first(rest, 256), b"</span>")?, b'<', 256)?.trim_ascii();
        host(name.strip_suffix(b".").unwrap_or(name))
    })
}
