//! Which bodies are worth reading.

use memchr::memmem;

use super::Case;
use crate::body::Window;
use crate::parts::{Body, Headers, ResponseParts};
use crate::signals::{Content, HeaderSigns};

/// How many header fields are looked at.
const FIELDS: usize = 1024;

/// Whether a body could change what status and headers say.
///
/// An adapter that would have to wait for the body, or to keep a copy of its
/// start, asks this first: most answers need neither. The address counts too
/// where it is given, and the body of `parts` is not looked at.
///
/// ```
/// use cfblock_core::{ResponseParts, needs_body};
///
/// let page = ResponseParts::new().status(403).header_strs(&[("content-type", "text/html")]);
/// assert!(needs_body(&page));
/// let film = ResponseParts::new().status(200).header_strs(&[("content-type", "video/mp4")]);
/// assert!(!needs_body(&film));
/// ```
#[must_use]
pub fn needs_body(parts: &ResponseParts<'_>) -> bool {
    let without = ResponseParts { body: Body::Missing, ..*parts };
    let case = Case { parts: &without, signs: HeaderSigns::read(without.headers), window: Window::default() };
    if case.status_in(100..=199) || case.status_in(300..=399) || matches!(parts.status, Some(204 | 205)) {
        return false;
    }
    if case.status_in(200..=299) {
        // Of successful answers only pages and queues can be other than they look.
        let stored = matches!(parts.headers, Headers::Unknown);
        let is_text = case.signs.content != Content::Other || is_json(parts.headers);
        return stored || (is_text && !case.signs.foreign());
    }
    true
}

/// A waiting room answers programs with JSON, and never with a stream of it.
fn is_json(headers: Headers<'_>) -> bool {
    let mut found = false;
    headers.visit(FIELDS, |name, value| {
        found |= name.eq_ignore_ascii_case(b"content-type")
            && memmem::find(value, b"json").is_some_and(|at| {
                let stream =
                    value.get(at + 4..).is_some_and(|rest| matches!(rest.first(), Some(b'l' | b'-')));
                !stream && !value.get(..at).unwrap_or_default().ends_with(b"nd")
            });
    });
    found
}
