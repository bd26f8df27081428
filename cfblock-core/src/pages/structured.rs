//! Cloudflare's structured errors: RFC 9457 JSON, and Markdown with front matter.

use memchr::memmem;
use serde::Deserialize;

use super::Finding;
use crate::codes::{self, ErrorCode, edge};
use crate::extract::{Fields, first, host, is_error_number, until};
use crate::fields::{RayId, Timestamp, valid_word};
use crate::vocab::{Class, Signal};

/// A structured error is about a kilobyte; members are looked for within this distance of its mark.
const REACH: usize = 4096;

/// The members that count. Others, such as `title` and `detail`, are passed over.
#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct Members {
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

/// Recognises a body that is a structured error and nothing else.
pub(crate) fn recognise(body: &[u8]) -> Option<Finding> {
    let text = body.trim_ascii();
    if text.starts_with(b"---") {
        let front_matter = text[3..].trim_ascii_start();
        let end = memmem::find(front_matter, b"\n---").unwrap_or(front_matter.len());
        let members = read(first(&front_matter[..end], REACH), Style::FrontMatter);
        return finding(members, Signal::StructuredMarkdown, 0);
    }
    if !text.starts_with(b"{") || text.len() > 64 * 1024 {
        return None;
    }
    memmem::find(text, b"cloudflare_error")?;
    let members: Members = serde_json::from_slice(text).ok()?;
    finding(members, Signal::StructuredJson, 0)
}

/// Finds a structured error in other text, cut short, or re-printed by another program.
pub(crate) fn find(text: &[u8]) -> Option<Finding> {
    memmem::find_iter(text, b"cloudflare_error").take(4).find_map(|at| {
        let quoted = matches!(at.checked_sub(1).map(|before| text[before]), Some(b'"' | b'\''));
        if !quoted {
            return None;
        }
        // The object starts at the last brace before the mark: it is flat.
        let from = at.saturating_sub(REACH);
        let start = memchr::memrchr(b'{', &text[from..at]).map_or(from, |brace| from + brace);
        let object = first(&text[start..], REACH + (at - start));
        let end =
            memchr::memchr(b'}', &object[at - start..]).map_or(object.len(), |brace| at - start + brace + 1);
        finding(read(&object[..end], Style::Object), Signal::RelayedJson, at)
    })
}

fn finding(members: Members, signal: Signal, at: usize) -> Option<Finding> {
    let code = members.error_code.map(ErrorCode::new).filter(|_| members.cloudflare_error)?;
    if !is_error_number(code) && codes::by_code(code).is_none() && !code.is_1xxx() {
        return None;
    }
    let mut finding = Finding::of_code(code, signal, at);
    if finding.entry == &edge::unknown_error {
        finding.class = class_of(members.error_category.as_deref());
    }
    let word = |word: Option<String>| word.filter(|word| valid_word(word)).map(Into::into);
    Some(finding.with(Fields {
        ray_id: members.ray_id.and_then(|ray| RayId::from_bytes(ray.as_bytes())),
        timestamp: members.timestamp.and_then(|time| Timestamp::from_bytes(time.as_bytes())),
        host: members.zone.and_then(|zone| host(zone.as_bytes())),
        error_name: word(members.error_name),
        error_category: word(members.error_category),
        retryable: members.retryable,
        retry_after: members.retry_after,
        owner_action_required: members.owner_action_required,
        ..Fields::default()
    }))
}

/// The class of a number that the catalogue does not know, from the category beside it.
fn class_of(category: Option<&str>) -> Class {
    match category {
        Some("access_denied") => Class::AccessDenied,
        Some("rate_limit") => Class::RateLimited,
        Some("tls" | "unsupported") => Class::BadRequest,
        Some("legal") => Class::LegalBlock,
        Some("origin" | "ssl") => Class::OriginFailed,
        Some("cloudflare") => Class::EdgeFailed,
        _ => Class::SiteMisconfigured,
    }
}

/// How members are written.
#[derive(Clone, Copy, PartialEq)]
enum Style {
    /// `"name": value`, in double or single quotes, with `true` or `True`.
    Object,
    /// `name: value`, a line each.
    FrontMatter,
}

/// Reads the members without demanding that the text be valid JSON.
fn read(text: &[u8], style: Style) -> Members {
    let raw = |name: &str| value(text, name.as_bytes(), style);
    let string = |name: &str| raw(name).and_then(|value| std::str::from_utf8(value).ok()).map(str::to_owned);
    let boolean = |name: &str| match raw(name)? {
        b"true" | b"True" => Some(true),
        b"false" | b"False" => Some(false),
        _ => None,
    };
    let integer = |name: &str| std::str::from_utf8(raw(name)?).ok()?.parse::<u64>().ok();
    Members {
        cloudflare_error: boolean("cloudflare_error") == Some(true),
        error_code: integer("error_code").and_then(|code| u16::try_from(code).ok()),
        error_name: string("error_name"),
        error_category: string("error_category"),
        ray_id: string("ray_id"),
        timestamp: string("timestamp"),
        zone: string("zone"),
        retryable: boolean("retryable"),
        retry_after: integer("retry_after"),
        owner_action_required: boolean("owner_action_required"),
    }
}

/// The value of one member, without its quotes.
fn value<'a>(text: &'a [u8], name: &[u8], style: Style) -> Option<&'a [u8]> {
    memmem::find_iter(text, name).take(8).find_map(|at| {
        let before = at.checked_sub(1).map(|before| text[before]);
        let rest = &text[at + name.len()..];
        match (style, before) {
            (Style::Object, Some(quote @ (b'"' | b'\''))) => {
                // The object may stand in a string of another one: `\"error_code\":1010`.
                let rest = unescape(rest).strip_prefix(&[quote])?.trim_ascii_start();
                let rest = unescape(rest.strip_prefix(b":")?.trim_ascii_start());
                if let Some(quote @ (b'"' | b'\'')) = rest.first() {
                    return until(&rest[1..], *quote, 512)
                        .map(|text| text.strip_suffix(b"\\").unwrap_or(text));
                }
                let end = rest.iter().position(|byte| matches!(byte, b',' | b'}' | b'\n' | b'\r'))?;
                Some(rest[..end].trim_ascii())
            }
            (Style::FrontMatter, None | Some(b'\n')) => {
                let rest = rest.strip_prefix(b":")?;
                let line = until(rest, b'\n', 512).unwrap_or(rest).trim_ascii();
                let unquoted = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\""));
                Some(unquoted.unwrap_or(line))
            }
            _ => None,
        }
    })
}

/// Skips the backslashes before a quote.
fn unescape(text: &[u8]) -> &[u8] {
    let slashes = text.iter().take_while(|byte| **byte == b'\\').count();
    &text[slashes..]
}
