//! Words of an error page that somebody copied, or that an accessibility tree shows.

#![allow(
    clippy::indexing_slicing,
    reason = "each place comes from a search in the same bytes, so it lies within them"
)]

use memchr::memmem;

use super::Finding;
use crate::codes::{ErrorCode, access, gate, site_worker};
use crate::extract::{
    Fields, after, first, footer_ip, ip_address, is_error_number, labelled_ray_id, nearby_ray_id, number,
    utc_timestamp,
};
use crate::fields::{Colo, Country};
use crate::vocab::{ChallengeType, Signal};

/// A copied page is a paragraph or two, not an article.
const LONGEST: usize = 4096;

/// The words of the phishing warning.
const PHISHING: [&[u8]; 2] = [
    b"has been reported for potential phishing",
    b"attempts to steal sensitive information by falsely presenting",
];

/// Words of challenge pages, each in use for some years.
const CHALLENGE: [&[u8]; 6] = [
    b"uses a security service to protect against malicious bots",
    b"Completing the CAPTCHA proves you are a human",
    b"needs to review the security of your connection before proceeding",
    b"Verifying you are human. This may take a few seconds",
    b"Checking if the site connection is secure",
    b"Checking your browser before accessing",
];

/// Words with which a page starts, and words that stand nowhere but on the same page: enough without a Ray ID.
const PAIRS: [(&[u8], &[u8], Kind); 11] = [
    (b"Just a moment...", b"Enable JavaScript and cookies to continue", Kind::Challenge),
    (
        b"Performing security verification",
        b"uses a security service to protect against malicious bots",
        Kind::Challenge,
    ),
    (b"Checking your browser before accessing", b"This process is automatic", Kind::Iuam),
    (b"Checking your browser before accessing", b"DDoS protection by Cloud", Kind::Iuam),
    (
        b"Checking if the site connection is secure",
        b"needs to review the security of your connection",
        Kind::Challenge,
    ),
    (b"Verifying you are human", b"needs to review the security of your connection", Kind::Challenge),
    (b"One more step", b"Completing the CAPTCHA proves you are a human", Kind::Captcha),
    (b"Error 1027", b"the owner has reached their plan limits", Kind::Limits),
    (b"Please check back later", b"the owner has reached their plan limits", Kind::Limits),
    (
        b"Sorry, you have been blocked",
        b"using a security service to protect itself from online attacks",
        Kind::Block,
    ),
    (b"Attention Required!", b"using a security service to protect itself from online attacks", Kind::Block),
];

#[derive(Clone, Copy)]
enum Kind {
    Challenge,
    Iuam,
    Captcha,
    Limits,
    Block,
}

impl Kind {
    fn finding(self) -> Finding {
        let of_kind = |kind| Finding::challenge(kind, Signal::CopiedText, 0);
        match self {
            Self::Challenge => of_kind(ChallengeType::Unknown),
            Self::Iuam => of_kind(ChallengeType::LegacyIuam),
            Self::Captcha => of_kind(ChallengeType::LegacyCaptcha),
            Self::Limits => Finding::new(&site_worker::worker_daily_limit, Signal::CopiedText, 0),
            Self::Block => Finding::new(&gate::waf_block_page, Signal::CopiedText, 0),
        }
    }
}

/// Recognises copied words: a Ray ID in its label, and what only an error page says beside one.
pub(crate) fn recognise(text: &[u8]) -> Option<Finding> {
    if text.len() > LONGEST {
        return None;
    }
    let has = |words: &[u8]| memmem::find(text, words).is_some();
    if text.len() <= 1024 && PHISHING.iter().all(|words| has(words)) {
        return Some(Finding::new(&gate::phishing_interstitial, Signal::CopiedText, 0));
    }
    if let Some(finding) = access_refusal(text) {
        return Some(finding);
    }
    let Some(ray_id) = labelled_ray_id(text).or_else(|| nearby_ray_id(text)) else {
        return without_ray_id(text);
    };
    let fields = Fields {
        ray_id: Some(ray_id),
        client_ip: ["\nIP:", "IP address ("]
            .iter()
            .find_map(|label| ip_address(after(text, label.as_bytes())?))
            .or_else(|| footer_ip(text)),
        colo: after(text, b"Data center: ").and_then(colo),
        country: after(text, b"Country: ").and_then(|rest| Country::from_bytes(first(rest, 2))),
        timestamp: utc_timestamp(text),
        ..Fields::default()
    };
    let mut codes = memmem::find_iter(text, b"Error").take(8).filter_map(|at| {
        let rest = text.get(at + b"Error".len()..)?;
        let blank = rest
            .strip_prefix(b" code")
            .is_some_and(|rest| rest.first().is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b':'));
        let rest = if blank { rest.get(b" code".len()..)? } else { rest };
        let rest = rest.strip_prefix(b":").unwrap_or(rest);
        rest.first().filter(|byte| byte.is_ascii_whitespace())?;
        number(rest.trim_ascii_start()).filter(|code| is_error_number(*code)).map(|code| (code, at))
    });
    if let Some((code, at)) = codes.next() {
        // A text with several numbers is about errors.
        let only = codes.all(|(other, _)| other == code) && is_most_of(text, at);
        return only.then(|| Finding::of_code(code, Signal::CopiedText, 0).with(fields));
    }
    let opens = |words: &[u8]| memmem::find(text, words).is_some_and(|at| is_most_of(text, at));
    if opens(b"Sorry, you have been blocked") || opens(b"Why have I been blocked") {
        return Some(Finding::new(&gate::waf_block_page, Signal::CopiedText, 0).with(fields));
    }
    if opens(b"Access denied") && has(b"using a security service to protect itself") {
        let finding = Finding::new(&gate::edge_forbidden, Signal::CopiedText, 0).with(fields);
        return Some(Finding { code: None, ..finding });
    }
    let known = CHALLENGE.iter().any(|words| opens(words));
    (known || ends_as_a_page(text)).then(|| challenge(fields))
}

/// How far into a copied text its page can begin: readers put title and address before it.
const OPENING: usize = 640;

/// How much can follow the last that a page says of Cloudflare.
const CLOSING: usize = 640;

/// Whether a page begins a text and is most of it. Others quote one, with words of their own around it.
fn is_most_of(text: &[u8], at: usize) -> bool {
    let (Some(before), Some(rest)) = (text.get(..at), text.get(at..)) else { return false };
    let fence = memmem::rfind(before, b"```").filter(|fence| *fence > 0);
    // A test's report shows the tree of the page in a fence.
    let fenced =
        fence.and_then(|fence| before.get(fence..)).is_some_and(|fence| !fence.starts_with(b"```yaml"));
    let line = before
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(before, |end| before.get(end..).unwrap_or(before));
    // A parser that puts a page on one line leaves its title before its words.
    let titled = [
        &b"| Cloudflare"[..],
        b" | 5",
        b"used Cloudflare to restrict access",
        b"used CloudFlare to restrict access",
    ]
    .iter()
    .any(|title| memmem::find(before, title).is_some());
    let sentence = !titled && line.iter().filter(|byte| byte.is_ascii_lowercase()).count() > 40;
    let last = [&b"Ray ID"[..], b"loudflare"].iter().filter_map(|words| memmem::rfind(rest, words)).max();
    let follows = last.and_then(|last| rest.get(last..)).map_or(0, <[u8]>::len);
    at <= OPENING && !fenced && !sentence && follows <= CLOSING
}

/// Whether a short text ends as every page of the edge does: the Ray ID, then a line with Cloudflare's name.
///
/// Challenges are translated, so their words tell less than their form.
fn ends_as_a_page(text: &[u8]) -> bool {
    let text = text.trim_ascii_end();
    if text.len() > 1024 {
        return false;
    }
    let mut lines = text.rsplit(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let named =
        lines.next().is_some_and(|line| line.len() <= 96 && memmem::find(line, b"loudflare").is_some());
    let labelled = lines.take(2).any(|line| line.len() <= 96 && memmem::find(line, b"Ray ID").is_some());
    named && labelled
}

fn without_ray_id(text: &[u8]) -> Option<Finding> {
    if text.len() > 2048 {
        return None;
    }
    PAIRS.iter().find_map(|(start, words, kind)| {
        let at = memmem::find(text, start)?;
        memmem::find(text.get(at..)?, words)?;
        let closing = memmem::rfind(text, words)? + words.len();
        let follows = text.len() - closing;
        let opens = at <= 256 && memmem::find(text.get(..at)?, b". ").is_none() && is_most_of(text, at);
        (opens && follows <= 1024).then(|| kind.finding())
    })
}

/// The words of the page with which Cloudflare Access refuses: its name, and the application's tag.
fn access_refusal(text: &[u8]) -> Option<Finding> {
    let at = memmem::find(first(text, 256), b"Cloudflare Access")?;
    let tag = first(after(text, b"App AUD:")?.trim_ascii_start(), 64);
    let tagged = tag.len() == 64 && tag.iter().all(u8::is_ascii_hexdigit);
    let status =
        after(text, b"Status code:").and_then(|rest| number(rest.trim_ascii_start())).map(ErrorCode::get);
    let entry = if status == Some(401) { &access::access_xhr_401 } else { &access::access_forbidden };
    (tagged && text.len() <= 1024).then(|| Finding::new(entry, Signal::CopiedText, at))
}

fn challenge(fields: Fields) -> Finding {
    Finding::challenge(ChallengeType::Unknown, Signal::CopiedText, 0).with(fields)
}

/// The data centre as the details of a page write it: `dfw06`.
pub(super) fn colo(text: &[u8]) -> Option<Colo> {
    Colo::from_bytes(&first(text, 3).to_ascii_uppercase())
}
