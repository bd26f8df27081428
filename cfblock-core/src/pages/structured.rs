//! Cloudflare's structured errors: RFC 9457 JSON, and Markdown with front matter.

#![allow(
    clippy::indexing_slicing,
    reason = "each place comes from a search in the same bytes, so it lies within them"
)]

use memchr::memmem;
use serde::Deserialize;

use super::Finding;
use crate::codes::{self, ErrorCode, access, edge, gate};
use crate::extract::{Fields, first, host, is_error_number, until};
use crate::fields::{RayId, Timestamp, valid_word};
use crate::vocab::{Class, Signal};

/// A structured error is about a kilobyte; members are looked for within this distance of its mark.
const REACH: usize = 4096;

/// The largest JSON that is parsed whole.
const LARGEST: usize = 16 * 1024;

/// A program that hands a structured error on puts few words before it.
const NEAR: usize = 1024;

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
    if let Some(text) = body.strip_prefix(b"---") {
        let front_matter = first(text, REACH).trim_ascii_start();
        let end = memmem::find(front_matter, b"\n---").unwrap_or(front_matter.len());
        let members = read(&front_matter[..end], Style::FrontMatter);
        return finding(members, Signal::StructuredMarkdown, 0);
    }
    if !body.starts_with(b"{") || body.len() > LARGEST {
        return None;
    }
    if memmem::find(body, b"cloudflare_error").is_none() {
        return access_refusal(body).or_else(|| older(body));
    }
    let members: Members = serde_json::from_slice(body).ok()?;
    finding(members, Signal::StructuredJson, 0)
}

/// The JSON with which Cloudflare Access refuses: the application's tag beside the Ray ID.
fn access_refusal(body: &[u8]) -> Option<Finding> {
    #[derive(Deserialize)]
    struct Refusal<'a> {
        status_code: u16,
        #[serde(borrow)]
        aud: &'a str,
        #[serde(borrow)]
        ray_id: &'a str,
    }
    memmem::find(first(body, 2048), b"\"aud\"")?;
    let Refusal { status_code, aud, ray_id } = serde_json::from_slice(body).ok()?;
    let tagged = aud.len() == 64 && aud.bytes().all(|byte| byte.is_ascii_hexdigit());
    let entry = match status_code {
        401 => &access::access_xhr_401,
        403 => &access::access_forbidden,
        _ => return None,
    };
    if !tagged {
        return None;
    }
    let ray_id = Some(RayId::from_bytes(ray_id.as_bytes())?);
    let fields = Fields { ray_id, ..Fields::default() };
    Some(Finding::new(entry, Signal::AccessPage, 0).with(fields))
}

/// The JSON that the edge sent before RFC 9457: the status, and the title of the HTML page.
fn older(body: &[u8]) -> Option<Finding> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Older<'a> {
        status: u16,
        #[serde(borrow)]
        error: &'a str,
    }
    if body.len() > 1024 {
        return None;
    }
    let Older { status, error } = serde_json::from_slice(body).ok()?;
    if let Some(words) = error.strip_suffix(" used Cloudflare to restrict access") {
        let entry = if status == 429 { &gate::rate_limited } else { &gate::edge_forbidden };
        let name = words.strip_prefix("Access denied | ")?;
        let fields = Fields { host: host(name.as_bytes()), ..Fields::default() };
        let finding = Finding::new(entry, Signal::ErrorPage, 0).with(fields);
        return Some(Finding { code: entry.code.filter(|code| code.is_1xxx()), ..finding });
    }
    let words = error.strip_suffix(" | Cloudflare")?;
    let (title, name) = words.split_once(" | ").unwrap_or((words, ""));
    let entry = codes::all().find(|entry| entry.title == title)?;
    let fields = Fields { host: host(name.as_bytes()), ..Fields::default() };
    Some(Finding::new(entry, Signal::ErrorPage, 0).with(fields))
}

/// Finds a structured error in other text, cut short, or re-printed by another program.
pub(crate) fn find(text: &[u8]) -> Option<Finding> {
    memmem::find_iter(text, b"cloudflare_error").take(4).find_map(|at| {
        let quoted = matches!(at.checked_sub(1).map(|before| text[before]), Some(b'"' | b'\''));
        if !quoted {
            return None;
        }
        // An object deep in a long text is an example in an article.
        let (start, object) = object_around(text, at);
        if start > NEAR && object.len() * 4 < text.len() {
            return None;
        }
        finding(read(object, Style::Object), Signal::RelayedJson, at)
    })
}

/// The object in which a member stands, or as much of it as there is, and where it starts.
fn object_around(text: &[u8], at: usize) -> (usize, &[u8]) {
    let nested = |depth: &mut usize, byte: u8, deeper: u8, out: u8| {
        if byte == deeper {
            *depth += 1;
        } else if byte == out {
            if *depth == 0 {
                return true;
            }
            *depth -= 1;
        }
        false
    };
    let from = at.saturating_sub(REACH);
    let mut depth = 0;
    let start = text[from..at].iter().rposition(|byte| nested(&mut depth, *byte, b'}', b'{'));
    let reached = first(text, at + REACH);
    depth = 0;
    let end = reached[at..].iter().position(|byte| nested(&mut depth, *byte, b'{', b'}'));
    let start = start.map_or(from, |start| from + start);
    (start, &reached[start..end.map_or(reached.len(), |end| at + end + 1)])
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
    let string = |name: &str| match raw(name)? {
        Value::Quoted(text) | Value::Line(text) => std::str::from_utf8(text).ok().map(str::to_owned),
        Value::Word(_) => None,
    };
    let bare = |name: &str| match raw(name)? {
        Value::Line(word) | Value::Word(word) => Some(word),
        Value::Quoted(_) => None,
    };
    let boolean = |name: &str| match bare(name)? {
        b"true" | b"True" => Some(true),
        b"false" | b"False" => Some(false),
        _ => None,
    };
    let integer = |name: &str| std::str::from_utf8(bare(name)?).ok()?.parse::<u64>().ok();
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

/// How a value is written.
enum Value<'a> {
    /// In quotes, which are left out.
    Quoted(&'a [u8]),
    /// A number or a name.
    Word(&'a [u8]),
    /// A line of front matter, which has no types.
    Line(&'a [u8]),
}

/// The value of one member.
fn value<'a>(text: &'a [u8], name: &[u8], style: Style) -> Option<Value<'a>> {
    memmem::find_iter(text, name).take(8).find_map(|at| {
        let before = at.checked_sub(1).map(|before| text[before]);
        let rest = &text[at + name.len()..];
        match (style, before) {
            (Style::Object, Some(quote @ (b'"' | b'\''))) => {
                // The object may stand in a string of another one: `\"error_code\":1010`.
                let rest = unescape(rest).strip_prefix(&[quote])?.trim_ascii_start();
                let rest = unescape(rest.strip_prefix(b":")?.trim_ascii_start());
                if let Some(quote @ (b'"' | b'\'')) = rest.first() {
                    let text = until(&rest[1..], *quote, 512)?;
                    return Some(Value::Quoted(text.strip_suffix(b"\\").unwrap_or(text)));
                }
                let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
                let cut = length == rest.len() && rest[..length].iter().all(u8::is_ascii_digit);
                (!cut).then_some(Value::Word(&rest[..length]))
            }
            (Style::FrontMatter, None | Some(b'\n')) => {
                let rest = rest.strip_prefix(b":")?;
                let line = until(rest, b'\n', 512).unwrap_or(rest).trim_ascii();
                let unquoted = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\""));
                (line != b"null").then_some(Value::Line(unquoted.unwrap_or(line)))
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
