//! Pages inside strings of other programs: JSON, byte literals, HTML that shows HTML.

use memchr::memmem;

use crate::extract::first;

/// How often a string can stand in another one.
const LEVELS: usize = 3;

/// Takes a text out of the strings in which it stands, as far as it is escaped at all.
///
/// Only texts that hold the start of a page come here, so an ordinary body costs nothing.
pub(crate) fn unescaped(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = once(text)?;
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
    let (mark, escapes): (u8, &[Escape]) = if text.starts_with(b"&lt;") {
        (b'&', &ENTITIES)
    } else if memmem::find(first(text, 1024), b"=3D\"").is_some() {
        (b'=', &QUOTED_PRINTABLE)
    } else {
        (b'\\', &BACKSLASHES)
    };
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    let mut changed = false;
    while let Some(at) = memchr::memchr(mark, rest) {
        let (before, from) = rest.split_at_checked(at)?;
        out.extend_from_slice(before);
        let (meant, length) = escapes.iter().find(|(escape, _)| from.starts_with(escape)).map_or(
            (from.get(..1).unwrap_or_default(), 1),
            |(escape, meant)| {
                changed = true;
                (*meant, escape.len())
            },
        );
        out.extend_from_slice(meant);
        rest = from.get(length..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    changed.then_some(out)
}

/// An escape, and what it stands for.
type Escape = (&'static [u8], &'static [u8]);

const ENTITIES: [Escape; 7] = [
    (b"&lt;", b"<"),
    (b"&gt;", b">"),
    (b"&amp;", b"&"),
    (b"&quot;", b"\""),
    (b"&#34;", b"\""),
    (b"&#39;", b"'"),
    (b"&#x27;", b"'"),
];

const QUOTED_PRINTABLE: [Escape; 3] = [(b"=3D", b"="), (b"=\r\n", b""), (b"=\n", b"")];

const BACKSLASHES: [Escape; 16] = [
    (b"\\u003c", b"<"),
    (b"\\u003C", b"<"),
    (b"\\u003e", b">"),
    (b"\\u003E", b">"),
    (b"\\u0026", b"&"),
    (b"\\u0022", b"\""),
    (b"\\u0027", b"'"),
    (b"\\x3c", b"<"),
    (b"\\x3e", b">"),
    (b"\\\"", b"\""),
    (b"\\'", b"'"),
    (b"\\/", b"/"),
    (b"\\\\", b"\\"),
    (b"\\n", b"\n"),
    (b"\\r", b"\r"),
    (b"\\t", b"\t"),
];

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
