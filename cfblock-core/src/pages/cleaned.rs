//! Pages from which a cleaner took classes, ids and scripts: only words and plain tags are left.

use memchr::memmem;

use super::Finding;
use super::copied;

/// A cleaned page of the edge is about a kilobyte.
const LARGEST: usize = 8 * 1024;

/// Recognises the words of a cleaned page.
pub(crate) fn recognise(page: &[u8]) -> Option<Finding> {
    if page.len() > LARGEST || memmem::find(page, b"loudflare").is_none() {
        return None;
    }
    // What has classes and scripts is a page of somebody's, and was looked at as such.
    let kept = [&b" class="[..], b"<script", b"<style", b"<article", b"<main"];
    if kept.iter().any(|mark| memmem::find(page, mark).is_some()) {
        return None;
    }
    let mut words = Vec::with_capacity(page.len());
    let mut rest = page;
    while let Some(open) = memchr::memchr(b'<', rest) {
        let (text, tag) = rest.split_at_checked(open)?;
        words.extend_from_slice(text);
        words.push(if starts_a_line(tag) { b'\n' } else { b' ' });
        rest = memchr::memchr(b'>', tag).and_then(|end| tag.get(end + 1..)).unwrap_or_default();
    }
    words.extend_from_slice(rest);
    copied::recognise(words.trim_ascii())
}

fn starts_a_line(tag: &[u8]) -> bool {
    let name = tag.strip_prefix(b"</").or_else(|| tag.strip_prefix(b"<")).unwrap_or_default();
    name.first().is_some_and(|byte| matches!(byte | 0x20, b'h' | b'p' | b'd' | b'l' | b'u'))
}
