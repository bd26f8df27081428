//! What is left of a page: the text of a tiny document, the title of a cut
//! one, and a short answer that some other text quotes.

use memchr::memmem;

use super::Finding;
use super::html::{code_in_title, host_in_title};
use super::text;
use crate::codes::{self, ErrorCode, access, gate};
use crate::extract::{Fields, after, first, is_error_number, number};
use crate::fields::RayId;
use crate::vocab::{ChallengeType, Signal};

/// A browser wraps a short text in some 200 bytes of markup.
const TINY: usize = 1024;

/// A log line or the text of an exception, not an article.
const LONGEST_QUOTE: usize = 4096;

/// How far before a number its status may stand.
const NEAR: usize = 160;

/// Recognises a tiny document whose whole visible text is `error code: NNNN`:
/// what a browser makes of a plain text, or a library that writes HTML anew.
pub(crate) fn tiny_document(page: &[u8]) -> Option<Finding> {
    if page.len() > TINY {
        return None;
    }
    let at = memmem::find(page, b"error code: ")?;
    let shown = page.get(at..)?;
    let end = memchr::memchr(b'<', shown)?;
    let (words, behind) = shown.split_at_checked(end)?;
    let finding = text::recognise(words)?;
    let alone = has_no_text(page.get(..at)?) && has_no_text(behind);
    alone.then_some(Finding { at, ..finding })
}

/// Whether there is nothing but tags and white space.
fn has_no_text(markup: &[u8]) -> bool {
    let mut in_tag = false;
    for byte in markup {
        match byte {
            b'<' if !in_tag => in_tag = true,
            b'>' if in_tag => in_tag = false,
            byte if in_tag || byte.is_ascii_whitespace() => {}
            _ => return false,
        }
    }
    !in_tag
}

/// Recognises a page of which only the start was kept, by a title that only the edge writes.
pub(crate) fn cut_page(page: &[u8], title: &[u8]) -> Option<Finding> {
    if title.is_empty() || memmem::find(page, b"</html").is_some() || memmem::find(page, b"</HTML").is_some()
    {
        return None;
    }
    let at = memmem::find(page, title)?;
    let fields = Fields { host: host_in_title(title), ..Fields::default() };
    if title == b"Just a moment..." || title.starts_with(b"Please Wait... | Cloud") {
        return Some(Finding::challenge(ChallengeType::Unknown, Signal::TemplateTitle, at));
    }
    if title.starts_with(b"Attention Required! | Cloud") {
        return Some(Finding::new(&gate::waf_block_page, Signal::TemplateTitle, at));
    }
    if let Some(code) = code_in_title(title).filter(|code| is_error_number(*code)) {
        return Some(Finding::of_code(code, Signal::TemplateTitle, at).with(fields));
    }
    let words = title.strip_suffix(b" | Cloudflare")?;
    let name = words.get(..memmem::find(words, b" | ")?)?;
    let mut named = codes::all().filter(|entry| entry.title.as_bytes() == name && entry.code.is_some());
    let entry = named.next()?;
    // Some codes share their title: the class is all that it shows then.
    let alone = named.next().is_none();
    let finding = Finding::new(entry, Signal::TemplateTitle, at).with(fields);
    Some(Finding { code: finding.code.filter(|_| alone), ..finding })
}

/// Recognises `error code: NNNN` where the text of a log or of an exception quotes it.
///
/// Applications number their own errors too, so the number has to end the
/// line or the quotation, and a status that Cloudflare sends with such texts,
/// or what a parser says of one, has to stand near it.
pub(crate) fn quoted_code(text: &[u8]) -> Option<Finding> {
    if text.len() > LONGEST_QUOTE {
        return None;
    }
    memmem::find_iter(text, b"error code: ").take(4).find_map(|at| {
        let rest = after(text.get(at..)?, b"error code: ")?;
        let code = number(rest).filter(|code| is_error_number(*code))?;
        let known = code.is_1xxx() || codes::by_code(code).is_some();
        let behind = rest.get(rest.iter().take_while(|byte| byte.is_ascii_digit()).count()..)?;
        let ends = matches!(
            behind.first(),
            None | Some(b'\n' | b'\r' | b'"' | b'\'' | b'`' | b')' | b']' | b'}' | b'\\')
        );
        let before = text.get(at.saturating_sub(NEAR)..at)?;
        let quoted = matches!(before.last(), Some(b'"' | b'\''));
        let about_json = || memmem::find(first(behind, 64), b"is not valid JSON").is_some();
        let vouched = has_status(before) || (quoted && (about_json() || before.len() < 4)) || {
            let prefix = before.trim_ascii();
            at < 32 && code.get() >= 520 && prefix.ends_with(b":")
        };
        (known && ends && vouched).then(|| Finding::of_code(code, Signal::QuotedText, at))
    })
}

/// Whether a status that comes with the edge's short texts stands in a text, as a number of its own.
fn has_status(text: &[u8]) -> bool {
    text.split(|byte| !byte.is_ascii_alphanumeric()).any(|word| {
        matches!(
            word,
            b"403" | b"409" | b"429" | b"430" | b"500" | b"502" | b"503" | b"504" | b"520" | b"521"
        ) || matches!(word, b"522" | b"523" | b"524" | b"525" | b"526" | b"530")
    })
}

/// Recognises a refusal of Cloudflare Access: its JSON, or the text of its page.
pub(crate) fn access_refusal(body: &[u8]) -> Option<Finding> {
    const WORDS: &[u8] = b"You don't have permission to view this. Please contact your system administrator.";
    if body.len() > TINY || memmem::find(body, WORDS).is_none() {
        return None;
    }
    let is_key = |text: &[u8]| {
        let digits = text.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        (60..=64).contains(&digits)
    };
    let status = |label: &[u8]| number(after(body, label)?.trim_ascii_start()).map(ErrorCode::get);
    let (keyed, status) = if body.starts_with(b"{") {
        let keyed = after(body, b"\"aud\"").and_then(|rest| after(first(rest, 8), b"\"").map(|_| rest));
        let key = keyed.and_then(|rest| after(rest, b"\"")).is_some_and(is_key);
        (key, status(b"\"status_code\":"))
    } else {
        (after(body, b"App AUD: ").is_some_and(is_key), status(b"Status code: "))
    };
    let entry = match status? {
        401 => &access::access_xhr_401,
        403 => &access::access_forbidden,
        _ => return None,
    };
    let ray_id = after(body, b"\"ray_id\"")
        .and_then(|rest| after(first(rest, 32), b"\""))
        .and_then(|rest| RayId::from_bytes(rest.get(..16)?));
    keyed.then(|| Finding::new(entry, Signal::AccessPage, 0).with(Fields { ray_id, ..Fields::default() }))
}
