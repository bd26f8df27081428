//! Which parts of a body are searched, and in which order.
//!
//! The work is bounded for any bytes: a window at either end, and between
//! them one pass for a single rare byte.

#![allow(
    clippy::indexing_slicing,
    reason = "each place comes from a search in the same bytes, so it lies within them"
)]

use memchr::memmem;

use crate::extract::first;
use crate::pages::{
    Finding, find_structured, page_start, recognise_cleaned, recognise_copied_text,
    recognise_error_code_text, recognise_html, recognise_relayed, recognise_structured, recognise_tiny,
    recognise_title, title_of, unescaped,
};

/// How much of a body is searched.
///
/// The pages of the edge are a few kilobytes. Owners' own pages that keep a
/// mark of it can be large; the mark is then found at the end, or between the
/// windows by a cheaper search of at most `between` bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Window {
    /// Bytes from the start.
    pub head: usize,
    /// Bytes before the end.
    pub tail: usize,
    /// Bytes between head and tail that are looked through for a mark.
    pub between: usize,
}

impl Default for Window {
    fn default() -> Self {
        Self { head: 64 * 1024, tail: 8 * 1024, between: 1024 * 1024 }
    }
}

/// How many underscores are followed between the windows. An ordinary page
/// has a few thousand in a megabyte.
const UNDERSCORES: usize = 16 * 1024;

/// Whether a body that claims to be compressed still is.
pub(crate) fn is_compressed(body: &[u8], encoding: &[u8]) -> bool {
    let last = encoding.rsplit(|byte| *byte == b',').next().unwrap_or_default().trim_ascii();
    match last {
        b"gzip" | b"x-gzip" => body.starts_with(&[0x1f, 0x8b]),
        b"zstd" => body.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]),
        // Deflate and brotli have no mark of their own, but never look like text.
        b"deflate" | b"br" => !body.is_empty() && !looks_like_text(first(body, 64)),
        _ => false,
    }
}

fn looks_like_text(start: &[u8]) -> bool {
    let text = match std::str::from_utf8(start) {
        Ok(_) => start,
        Err(error) if error.error_len().is_none() => &start[..error.valid_up_to()],
        Err(_) => return false,
    };
    text.iter().all(|byte| *byte >= 0x20 || matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c))
}

/// The body without a byte order mark and leading white space.
fn start_of(body: &[u8]) -> &[u8] {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let blank = body.iter().take(1024).take_while(|byte| byte.is_ascii_whitespace()).count();
    &body[blank..]
}

/// Looks for any page of the edge.
pub(crate) fn search(body: &[u8], window: Window) -> Option<Finding> {
    let text = start_of(body);
    let skipped = body.len() - text.len();
    let head = first(text, window.head);
    let finding = match text.first()? {
        b'<' => search_html(text, window)
            .or_else(|| find_structured(head))
            .or_else(|| recognise_tiny(text))
            .or_else(|| recognise_cleaned(text)),
        b'e' => recognise_error_code_text(text).or_else(|| search_text(head)),
        b'{' | b'-' => recognise_structured(text).or_else(|| search_text(head)),
        _ => match page_in_text(head) {
            Some(PageInText::Relayed(start)) => page_in_string(head, window)
                .or_else(|| search_html(&text[start..], window).map(|finding| moved(finding, start)))
                .or_else(|| search_text(head)),
            Some(PageInText::Literal) => None,
            None => search_text(head),
        },
    };
    finding.map(|finding| Finding { at: finding.at + skipped, ..finding })
}

/// Looks for what is left of a page: the title of a cut one, or what another program quotes of one.
pub(crate) fn search_rest(body: &[u8], window: Window) -> Option<Finding> {
    let page = start_of(body);
    let title = recognise_title(page, title_of(page)).map(|finding| moved(finding, body.len() - page.len()));
    title.or_else(|| search_relayed(body, window))
}

/// Looks for what another program quotes: a short answer, or a page in a string or far behind other text.
pub(crate) fn search_relayed(body: &[u8], window: Window) -> Option<Finding> {
    let text = start_of(body);
    let skipped = body.len() - text.len();
    let head = first(text, window.head);
    let finding = match text.first()? {
        // An article shows a page somewhere; a document made of a page begins with it.
        b'<' => page_start(first(head, 512)).filter(|at| *at > 0).and_then(|_| page_in_string(head, window)),
        _ => recognise_relayed(head).or_else(|| page_in_string(head, window)),
    };
    finding.map(|finding| moved(finding, skipped))
}

fn page_in_string(text: &[u8], window: Window) -> Option<Finding> {
    let at = page_start(text)?;
    let (before, page) = text.split_at_checked(at)?;
    if is_literal(before) {
        return None;
    }
    let finding = match unescaped(page) {
        Some(page) => {
            let page = page.as_slice();
            let finding = search_html(page, window);
            let finding = finding.or_else(|| recognise_title(page, title_of(page)))?;
            Finding { at: 0, ..finding }
        }
        None => search_html(page, window)?,
    };
    Some(moved(finding, at))
}

/// Looks only for structured errors, which programs hand on in their own answers.
pub(crate) fn search_structured(body: &[u8], window: Window) -> Option<Finding> {
    let text = start_of(body);
    recognise_structured(text).or_else(|| find_structured(first(text, window.head)))
}

/// Whether a page bears a title that pages of the edge have.
pub(crate) fn has_template_title(body: &[u8]) -> bool {
    let title = title_of(start_of(body));
    title.ends_with(b"| Cloudflare")
        || title.ends_with(b"Cloudflare Access")
        || title.starts_with(b"Just a moment")
        || title.starts_with(b"Waiting Room")
        || memmem::find(title, b" used Cloudflare to restrict access").is_some()
}

/// Whether the body is the JSON of a waiting room in which the visitor still is.
pub(crate) fn is_waiting_room_json(body: &[u8]) -> bool {
    let text = start_of(body);
    let head = first(text, 4096);
    head.starts_with(b"{")
        && memmem::find(head, b"\"cfWaitingRoom\"").is_some_and(|at| {
            let rest = &head[at..];
            memmem::find(rest, b"\"inWaitingRoom\"").is_some_and(|at| {
                rest[at + b"\"inWaitingRoom\"".len()..]
                    .trim_ascii_start()
                    .strip_prefix(b":")
                    .is_some_and(|rest| rest.trim_ascii_start().starts_with(b"true"))
            })
        })
}

/// The interval in which a waiting room asks to be refreshed, in seconds.
pub(crate) fn refresh_interval(body: &[u8]) -> Option<u64> {
    let head = first(body, 8192);
    let digits = |rest: &[u8]| {
        let length = rest.iter().take(6).take_while(|byte| byte.is_ascii_digit()).count();
        std::str::from_utf8(&rest[..length]).ok()?.parse().ok()
    };
    if let Some(at) = memmem::find(head, b"\"refreshIntervalSeconds\"") {
        let rest = head[at + b"\"refreshIntervalSeconds\"".len()..].trim_ascii_start();
        return digits(rest.strip_prefix(b":")?.trim_ascii_start());
    }
    let at = ["http-equiv=\"refresh\"", "http-equiv='refresh'", "http-equiv=refresh"]
        .iter()
        .find_map(|mark| memmem::find(head, mark.as_bytes()).map(|at| at + mark.len()))?;
    let tag = first(&head[at..], 64);
    let content = memmem::find(tag, b"content=")? + b"content=".len();
    digits(
        tag[content..]
            .strip_prefix(b"\"")
            .or_else(|| tag[content..].strip_prefix(b"'"))
            .unwrap_or(&tag[content..]),
    )
}

/// A page that starts behind a few words.
enum PageInText {
    /// A log or a report hands it on, from this byte.
    Relayed(usize),
    /// A program has it as a constant.
    Literal,
}

fn page_in_text(text: &[u8]) -> Option<PageInText> {
    let start = first(text, 256);
    let at =
        ["<!DOCTYPE", "<!doctype", "<html"].iter().find_map(|tag| memmem::find(start, tag.as_bytes()))?;
    let literal = is_literal(&start[..at]);
    Some(if literal { PageInText::Literal } else { PageInText::Relayed(at) })
}

/// Whether what follows is a constant of a program: quotes behind `=`, `(` or `return`.
fn is_literal(before: &[u8]) -> bool {
    let before = before.trim_ascii_end();
    let is_quote = |byte: &u8| matches!(byte, b'`' | b'"' | b'\'');
    let assigned = before.iter().rposition(|byte| !is_quote(byte)).map_or(0, |last| last + 1);
    let (assigned, quotes) = before.split_at_checked(assigned).unwrap_or_default();
    let assigned = assigned.trim_ascii_end();
    !quotes.is_empty() && (matches!(assigned.last(), Some(b'=' | b'(')) || assigned.ends_with(b"return"))
}

fn search_html(page: &[u8], window: Window) -> Option<Finding> {
    let title = title_of(page);
    let head = first(page, window.head);
    let whole = head.len() == page.len();
    if let Some(finding) = recognise_html(head, title, whole) {
        return Some(finding);
    }
    if whole {
        return None;
    }
    let tail_start = page.len().saturating_sub(window.tail);
    let tail = recognise_html(&page[tail_start..], title, false).map(|finding| moved(finding, tail_start));
    tail.or_else(|| search_between(page, head.len(), tail_start, window, title))
}

/// Follows underscores, which all marks of owners' pages have, and searches around the first mark.
fn search_between(page: &[u8], start: usize, end: usize, window: Window, title: &[u8]) -> Option<Finding> {
    let end = end.min(start.saturating_add(window.between));
    let at = memchr::memchr_iter(b'_', page.get(start..end)?).take(UNDERSCORES).map(|at| start + at).find(
        |at| {
            let rest = &page[*at..];
            let before = &page[at.saturating_sub(7)..*at];
            rest.starts_with(b"_cf_chl_opt")
                || (rest.starts_with(b"_details\"") && before == b"cferror")
                || (rest.starts_with(b"_captcha_kind\"") && before.ends_with(b"cf"))
                || (rest.starts_with(b"_vc\"") && before.ends_with(b"jschl"))
        },
    )?;
    let from = at.saturating_sub(4096);
    let around = &page[from..page.len().min(at + 16 * 1024)];
    recognise_html(around, title, false).map(|finding| moved(finding, from))
}

fn moved(finding: Finding, by: usize) -> Finding {
    Finding { at: finding.at + by, ..finding }
}

fn search_text(text: &[u8]) -> Option<Finding> {
    let is_json = text.starts_with(b"{");
    find_structured(text).or_else(|| if is_json { None } else { recognise_copied_text(text) })
}
