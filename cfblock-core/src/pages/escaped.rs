//! Pages inside strings of other programs: JSON, byte literals, HTML that shows HTML.

use memchr::memmem;

use crate::extract::first;

/// How often a string can stand in another one.
const LEVELS: usize = 3;

/// How much of a page is taken out: what tells it stands near its start.
const LONGEST: usize = 32 * 1024;

/// Takes a text out of the strings in which it stands, as far as it is escaped at all.
///
/// Only texts that hold the start of a page come here, so an ordinary body costs nothing.
pub(crate) fn unescaped(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = once(first(text, LONGEST))?;
    for _ in 1..LEVELS {
        match once(&out) {
            Some(deeper) => out = deeper,
            None => break,
        }
    }
    Some(out)
}

/// Removes one level; none if there is nothing to remove.
fn once(text: &[u8]) -> Option<Vec<u8>> {
    // How the page's first byte is written tells how the rest is: a plain page keeps its entities.
    let (mark, meaning): (u8, Meaning) = if text.starts_with(b"&lt;") {
        (b'&', entity)
    } else if memmem::find(first(text, 1024), b"=3D\"").is_some() {
        (b'=', quoted_printable)
    } else {
        (b'\\', backslash)
    };
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    let mut changed = false;
    while let Some(at) = memchr::memchr(mark, rest) {
        let (before, from) = rest.split_at_checked(at)?;
        out.extend_from_slice(before);
        let (meant, length) = match meaning(from) {
            Some(escape) => {
                changed = true;
                escape
            }
            None => (from.get(..1).unwrap_or_default(), 1),
        };
        out.extend_from_slice(meant);
        rest = from.get(length..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    changed.then_some(out)
}

/// What an escape stands for, and how long it is.
type Escape = (&'static [u8], usize);

/// Reads the escape at the start of a text.
type Meaning = fn(&[u8]) -> Option<Escape>;

fn backslash(text: &[u8]) -> Option<Escape> {
    Some(match text.get(1)? {
        b'"' => (b"\"", 2),
        b'\'' => (b"'", 2),
        b'/' => (b"/", 2),
        b'\\' => (b"\\", 2),
        b'n' => (b"\n", 2),
        b'r' => (b"\r", 2),
        b't' => (b"\t", 2),
        b'u' => (character(text.get(2..6)?.strip_prefix(b"00")?)?, 6),
        b'x' => (character(text.get(2..4)?)?, 4),
        _ => return None,
    })
}

/// The characters of markup by their numbers.
fn character(digits: &[u8]) -> Option<&'static [u8]> {
    Some(match digits {
        b"3c" | b"3C" => b"<",
        b"3e" | b"3E" => b">",
        b"26" => b"&",
        b"22" => b"\"",
        b"27" => b"'",
        _ => return None,
    })
}

fn entity(text: &[u8]) -> Option<Escape> {
    let known: &[(&[u8], &'static [u8])] = match text.get(1)? {
        b'l' => &[(b"&lt;", b"<")],
        b'g' => &[(b"&gt;", b">")],
        b'a' => &[(b"&amp;", b"&")],
        b'q' => &[(b"&quot;", b"\"")],
        b'#' => &[(b"&#34;", b"\""), (b"&#39;", b"'"), (b"&#x27;", b"'")],
        _ => &[],
    };
    known.iter().find(|(escape, _)| text.starts_with(escape)).map(|(escape, meant)| (*meant, escape.len()))
}

fn quoted_printable(text: &[u8]) -> Option<Escape> {
    Some(match text.get(1)? {
        b'3' if text.get(2) == Some(&b'D') => (b"=", 3),
        b'\n' => (b"", 2),
        b'\r' if text.get(2) == Some(&b'\n') => (b"", 3),
        _ => return None,
    })
}

/// Where the first page in a text starts, escaped or not.
pub(crate) fn page_start(text: &[u8]) -> Option<usize> {
    const TAGS: [&[u8]; 7] = [
        b"!DOCTYPE html",
        b"!doctype html",
        b"html>",
        b"html lang=",
        b"html class=",
        b"html\\u003e",
        b"html&gt;",
    ];
    const OPENINGS: [&[u8]; 5] = [b"<", b"\\u003c", b"\\u003C", b"&lt;", b"\\x3c"];
    TAGS.iter()
        .filter_map(|tag| {
            memmem::find_iter(text, tag).take(4).find_map(|at| {
                let before = text.get(..at)?;
                let opening = OPENINGS.iter().find(|opening| before.ends_with(opening))?;
                Some(at - opening.len())
            })
        })
        .min()
}
