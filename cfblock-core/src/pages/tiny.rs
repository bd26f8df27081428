//! Documents that a browser or a parser made of a short text.

use super::Finding;
use super::text;

/// A browser's frame around a text is a few hundred bytes.
const LARGEST: usize = 2048;

/// The longest text that is one of the edge's.
const LONGEST: usize = 64;

/// Elements whose content nobody sees.
const HIDDEN: [&[u8]; 3] = [b"head", b"script", b"style"];

/// Recognises a document whose whole visible text is `error code: NNNN`.
pub(crate) fn recognise(page: &[u8]) -> Option<Finding> {
    if page.len() > LARGEST {
        return None;
    }
    let mut visible = [0; LONGEST];
    let mut length = 0;
    let mut start = None;
    let mut rest = page;
    while let Some(byte) = rest.first() {
        if *byte == b'<' {
            rest = behind_tag(rest)?;
            continue;
        }
        let blank = byte.is_ascii_whitespace();
        if !(blank && length == 0) {
            start = start.or(Some(page.len() - rest.len()));
            // Blanks behind the text have no end in some frames.
            match visible.get_mut(length) {
                Some(slot) => *slot = *byte,
                None if blank => break,
                None => return None,
            }
            length += 1;
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    let finding = text::recognise(visible.get(..length)?)?;
    Some(Finding { at: start?, ..finding })
}

/// What follows a tag, or a hidden element with all that it holds.
fn behind_tag(text: &[u8]) -> Option<&[u8]> {
    let end = memchr::memchr(b'>', text)?;
    let tag = text.get(1..end)?;
    let rest = text.get(end + 1..)?;
    let name = tag.split(u8::is_ascii_whitespace).next().unwrap_or_default();
    let Some(hidden) = HIDDEN.iter().find(|hidden| name.eq_ignore_ascii_case(hidden)) else {
        return Some(rest);
    };
    let closing = |at: &usize| {
        let name = rest
            .get(*at..)
            .and_then(|rest| rest.strip_prefix(b"</"))
            .and_then(|rest| rest.get(..hidden.len()));
        name.is_some_and(|name| name.eq_ignore_ascii_case(hidden))
    };
    let at = memchr::memchr_iter(b'<', rest).find(closing)?;
    behind_tag(rest.get(at..)?)
}
