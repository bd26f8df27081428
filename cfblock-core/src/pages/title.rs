//! What a page says of which only the beginning is left: its title.

use memchr::memmem;

use super::Finding;
use super::html::{code_in_title, host_in_title};
use crate::codes::{self, access, gate};
use crate::extract::{Fields, first, is_error_number};
use crate::vocab::{ChallengeType, Signal};

/// How much of a page counts as its beginning.
const BEGINNING: usize = 8 * 1024;

/// Recognises a beginning of a page by a title that only the edge writes.
///
/// A page with an end has more to say than its title.
pub(crate) fn recognise(page: &[u8], title: &[u8]) -> Option<Finding> {
    if title.is_empty() || !page.starts_with(b"<") || page.len() > BEGINNING || is_whole(page) {
        return None;
    }
    let finding = of(title)?;
    let at = memmem::find(page, b"<title>").unwrap_or_default();
    let host = host_in_title(title);
    Some(Finding { at, ..finding.with(Fields { host, ..Fields::default() }) })
}

fn is_whole(page: &[u8]) -> bool {
    ["</html>", "</HTML>", "</body>"].iter().any(|end| memmem::find(page, end.as_bytes()).is_some())
}

fn of(title: &[u8]) -> Option<Finding> {
    let found = |entry| Some(Finding::new(entry, Signal::TemplateTitle, 0));
    let challenge = |kind| Some(Finding::challenge(kind, Signal::TemplateTitle, 0));
    if let Some(code) = code_in_title(title).filter(|code| is_error_number(*code)) {
        let entry = codes::by_code(code)?;
        let words = first(entry.title.as_bytes(), 8);
        // The words behind the number are the page's own.
        memmem::find(&title.to_ascii_lowercase(), &words.to_ascii_lowercase())?;
        return Some(Finding { code: Some(code), ..Finding::new(entry, Signal::TemplateTitle, 0) });
    }
    match title {
        b"Just a moment..." => return challenge(ChallengeType::Unknown),
        b"Please Wait... | Cloudflare" => return challenge(ChallengeType::LegacyCaptcha),
        b"Attention Required! | Cloudflare" | b"Attention Required! | CloudFlare" => {
            return found(&gate::waf_block_page);
        }
        _ => {}
    }
    if title.ends_with(b" used Cloudflare to restrict access")
        || title.ends_with(b" used CloudFlare to restrict access")
    {
        return title
            .starts_with(b"Access denied | ")
            .then_some(())
            .and_then(|()| found(&gate::edge_forbidden).map(|finding| Finding { code: None, ..finding }));
    }
    if title.ends_with(b"Cloudflare Access") && title.starts_with(b"Error") {
        return found(&access::access_forbidden);
    }
    let words = title.strip_suffix(b" | Cloudflare").or_else(|| title.strip_suffix(b" | CloudFlare"))?;
    let words = words.get(..memmem::find(words, b" | ")?)?;
    let entry = codes::all()
        .find(|entry| entry.title.as_bytes() == words && entry.code.is_some_and(codes::ErrorCode::is_1xxx))?;
    found(entry)
}
