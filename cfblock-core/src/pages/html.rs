//! The HTML pages of the edge, of every generation.

#![allow(
    clippy::indexing_slicing,
    reason = "each place comes from a search in the same bytes, so it lies within them"
)]

use memchr::memmem;

use super::Finding;
use super::challenge::{ChallengeOptions, challenge_form, challenge_options};
use super::copied::colo;
use crate::codes::{self, Entry, ErrorCode, access, edge, gate, proxy, request, security, site_worker};
use crate::extract::{
    Fields, after, first, footer_ip, host, host_behind, ip_address, is_error_number, labelled_ray_id,
    nearby_ray_id, number, skip_tags, until, utc_timestamp,
};
use crate::fields::{Country, Host};
use crate::vocab::{ChallengeType, Producer, Signal};

/// A title stands in the first bytes of a page.
const TITLE_WITHIN: usize = 2048;

/// How often a two-letter mark is followed before the search gives up. An
/// ordinary page has a few dozen.
const MARKS: usize = 2048;

/// How many marks are looked at more closely. Real pages show what they are
/// at the first or second.
pub(super) const CLOSER_LOOKS: usize = 4;

/// The text of the first `<title>`.
pub(crate) fn title_of(page: &[u8]) -> &[u8] {
    after(first(page, TITLE_WITHIN), b"<title>")
        .map_or(&b""[..], |rest| until(rest, b'<', 512).unwrap_or_default())
        .trim_ascii()
}

/// Recognises a page of the edge in a part of a body.
///
/// `title` is the title of the whole body, `whole` tells whether the part is all of it.
pub(crate) fn recognise(page: &[u8], title: &[u8], whole: bool) -> Option<Finding> {
    let small = whole && page.len() <= 4096;
    if let Some(finding) = small.then(|| bare_page(page)).flatten().or_else(|| by_title(page, title)) {
        return Some(finding);
    }
    let mut closer_looks = 0;
    for at in memmem::find_iter(page, b"cf").take(MARKS) {
        let before = &page[at.saturating_sub(32)..at];
        let Some(mark) = mark_at(before, &page[at..]) else { continue };
        let finding = match mark {
            Mark::ErrorBox => error_box(page, at, title),
            Mark::ChallengeOptions => challenge_options(page, at).map(|options| options.finding(page)),
            Mark::ChallengeForm => challenge_form(page, at),
            Mark::Footer => footer_only(page, at),
        };
        closer_looks += 1;
        if finding.is_some() {
            return finding;
        }
        if closer_looks == CLOSER_LOOKS {
            break;
        }
    }
    by_title_and_mark(page, title)
}

/// What a mark announces.
enum Mark {
    ErrorBox,
    ChallengeOptions,
    ChallengeForm,
    Footer,
}

/// The mark that starts with the `cf` between two parts of a page.
fn mark_at(before: &[u8], rest: &[u8]) -> Option<Mark> {
    if rest.starts_with(b"cf_chl_opt") {
        return before.ends_with(b"_").then_some(Mark::ChallengeOptions);
    }
    if rest.starts_with(b"cf_captcha_kind\"") {
        return Some(Mark::ChallengeForm);
    }
    let mark = if rest.starts_with(b"cf-error-details") {
        Mark::ErrorBox
    } else if rest.starts_with(b"cf-browser-verification") || rest.starts_with(b"cf-captcha-") {
        Mark::ChallengeForm
    } else if rest.starts_with(b"cf-footer-ip\"") {
        Mark::Footer
    } else {
        return None;
    };
    is_attribute_value(before).then_some(mark)
}

/// Whether what follows stands at the start of a `class` or `id` in a tag.
fn is_attribute_value(before: &[u8]) -> bool {
    let inside = before.strip_suffix(b"\"").or_else(|| before.strip_suffix(b"'"));
    inside.is_some_and(|tag| {
        (tag.ends_with(b" class=") || tag.ends_with(b" id=")) && memchr::memrchr(b'<', tag).is_some()
    })
}

/// The page of a web server without any styling, which ends in `<center>cloudflare</center>`.
fn bare_page(page: &[u8]) -> Option<Finding> {
    let at = memmem::rfind(page, b"<center>")?;
    let name = page[at + b"<center>".len()..].trim_ascii_start().strip_prefix(b"cloudflare")?;
    if !name.strip_prefix(b"-nginx").unwrap_or(name).trim_ascii_start().starts_with(b"</center>") {
        return None;
    }
    let heading = after(page, b"<h1>").or_else(|| after(page, b"<title>"))?.trim_ascii_start();
    // A redirect of the edge stands in the way of nothing.
    let status = number(heading).filter(|status| status.get() >= 400)?;
    let words = |text: &[u8]| memmem::find(first(heading, 96), text).is_some();
    let entry = match status.get() {
        400 if words(b"Header Or Cookie Too Large") => &request::header_too_large,
        400 if words(b"plain HTTP request") => &request::plain_http_to_https_port,
        400 if words(b"No required SSL certificate") => &request::client_certificate_required,
        400 if words(b"SSL certificate error") => &request::client_certificate_error,
        502 => &edge::edge_bad_gateway,
        504 => &edge::edge_gateway_timeout,
        known => match codes::by_code(status) {
            Some(entry) => entry,
            None if known >= 500 => &edge::edge_server_error,
            None => &request::edge_client_error,
        },
    };
    Some(Finding { code: Some(status), ..Finding::new(entry, Signal::BarePage, at) })
}

/// Pages that only their title and a few words tell apart.
fn by_title(page: &[u8], title: &[u8]) -> Option<Finding> {
    let has = |text: &[u8]| memmem::find(page, text);
    if title.ends_with(b"Cloudflare Access") && title.starts_with(b"Sign in") {
        let at = has(b"cloudflareaccess.com").or_else(|| has(b"cdn-cgi"))?;
        return Some(Finding::new(&access::access_login_page, Signal::AccessPage, at));
    }
    let refused = title.ends_with(b"Cloudflare Access")
        && (title.starts_with(b"Forbidden") || title.starts_with(b"Error"));
    if refused || title == b"Cloudflare Access Error" {
        let fields = Fields {
            ray_id: labelled_ray_id(page),
            client_ip: after(page, b"IP Address: ").and_then(ip_address),
            ..Fields::default()
        };
        return Some(Finding::new(&access::access_forbidden, Signal::AccessPage, 0).with(fields));
    }
    if title == b"Blocked by Cloudflare Gateway" || title == b"Cloudflare Gateway" {
        let at = has(b"block")?;
        let finding = Finding::new(&proxy::gateway_filter, Signal::GatewayPage, at);
        return Some(Finding { producer: Producer::Other, ..finding });
    }
    if title.starts_with(b"Suspected ")
        && (title.ends_with(b"| Cloudflare") || title.ends_with(b"| CloudFlare"))
    {
        let at = has(b"/cdn-cgi/phish-bypass").or_else(|| has(b"phishing"))?;
        let finding = Finding::new(&gate::phishing_interstitial, Signal::PhishingPage, at);
        return Some(finding.with(Fields::of_footer(page)));
    }
    if title.starts_with(b"Access denied") {
        // The page of 1020 has no box of the usual name.
        let at = has(b"code-label\">")?;
        return error_box(page, at, title);
    }
    if title == b"Page not found" {
        let at = has(b"There is nothing here yet")?;
        has(b"workers.cloudflare.com/")?;
        return Some(Finding::new(&site_worker::worker_nothing_here, Signal::WorkersPlaceholder, at));
    }
    if title.starts_with(b"Waiting Room") {
        let at = has(b"You are now in line")?;
        let finding = Finding::new(&gate::waiting_room, Signal::WaitingRoomPage, at);
        return Some(Finding { producer: Producer::Owner, ..finding });
    }
    None
}

/// Whether a page names Cloudflare, as its own pages do. Other networks copy the layout.
fn names_cloudflare(page: &[u8]) -> bool {
    let names = ["/cdn-cgi/", "cloudflare.com", " Cloudflare", "CloudFlare"];
    names.iter().any(|name| memmem::find(page, name.as_bytes()).is_some())
}

/// Pages of which only the title and single marks are left, such as the oldest
/// generations and documents that a browser has worked on.
fn by_title_and_mark(page: &[u8], title: &[u8]) -> Option<Finding> {
    let has = |text: &[u8]| memmem::find(page, text);
    let challenge = |kind, at| {
        let fields = Fields::of_footer(page);
        let ray_id = fields.ray_id.or_else(|| nearby_ray_id(page));
        Some(Finding::challenge(kind, Signal::ChallengeForm, at).with(Fields { ray_id, ..fields }))
    };
    if title.starts_with(b"Just a moment") {
        // A site's own gate loads the public widget; the edge's pages load it under a number.
        if has(b"challenges.cloudflare.com/turnstile/v0/api.js").is_some()
            && has(b"/cdn-cgi/challenge-platform/").is_none()
        {
            return None;
        }
        if let Some(at) = has(b"name=\"jschl_vc\"").or_else(|| has(b"name=\"jschl_answer\"")) {
            return challenge(ChallengeType::LegacyIuam, at);
        }
        let at = has(b"/cdn-cgi/challenge-platform/").filter(|_| has(b"/orchestrate/").is_some());
        let at = at.or_else(|| {
            let marks = ["id=\"challenge-", "cf-chl-widget-", "utm_source=challenge"];
            marks.iter().find_map(|mark| has(mark.as_bytes())).filter(|_| names_cloudflare(page))
        })?;
        return challenge(ChallengeType::Unknown, at);
    }
    if title.starts_with(b"Attention Required! | Cloud") {
        let at = has(b"chk_captcha").or_else(|| has(b"recaptcha"))?;
        return challenge(ChallengeType::LegacyCaptcha, at);
    }
    let code = code_in_title(title).filter(|code| is_error_number(*code))?;
    let at = has(b"cf-error").or_else(|| has(b"5xx-error-landing"))?;
    Some(Finding::of_code(code, Signal::ErrorPage, at).with(error_fields(page, 0, title, code)))
}

/// The box that holds the words of an error page: on a page of the edge, or of the owner's own.
fn error_box(page: &[u8], at: usize, title: &[u8]) -> Option<Finding> {
    let box_text = &page[at..];
    let by_owner = box_text.strip_prefix(b"cf-error-details cf-error-").and_then(number);
    let code = by_owner.or_else(|| code_in_heading(&page[at.saturating_sub(512)..]));
    let code = match code {
        Some(code) if code.get() == 451 => code_in_script(page).or(Some(code)),
        Some(code) => Some(code),
        None => {
            let near = first(box_text, 2048);
            if memmem::find(near, b"block_headline").is_some() && !title.starts_with(b"Email Protection") {
                return Some(block_page(page, at));
            }
            if memmem::find(near, b"challenge_headline").is_some()
                || memmem::find(page, b"challenge-form").is_some()
            {
                return match ChallengeOptions::find(page) {
                    Some(options) => Some(options.finding(page)),
                    None => challenge_form(page, at),
                };
            }
            after(near, b"Error reference number: ")
                .and_then(number)
                .or_else(|| code_in_script(page))
                .or_else(|| code_in_title(title))
        }
    }?;
    let of_the_edge = is_error_number(code) || code.get() == 451;
    let listed = by_owner.is_some() && memmem::find(first(box_text, 2048), b"cferror_details").is_some();
    if !of_the_edge || !(listed || names_cloudflare(page)) {
        return None;
    }
    let (signal, producer) = if by_owner.is_some() {
        (Signal::ErrorBox, Producer::Owner)
    } else {
        (Signal::ErrorPage, Producer::Edge)
    };
    let finding = Finding::of_code(code, signal, at).with(error_fields(page, at, title, code));
    Some(Finding { producer, ..finding })
}

/// The number in the heading of an error page, in the spelling of any generation.
///
/// Programs that re-print a page put white space between all of its parts.
fn code_in_heading(page: &[u8]) -> Option<ErrorCode> {
    let heading = first(page, 2560);
    let behind = |label: &[u8], words: &[u8]| -> Option<ErrorCode> {
        let text = after(after(heading, label)?, b">")?.trim_ascii_start().strip_prefix(words)?;
        let text = skip_tags(text);
        let code = number(text.strip_prefix(b"HTTP ").unwrap_or(text))?;
        (is_error_number(code) || code.get() == 451).then_some(code)
    };
    behind(b" data-translate=\"error\"", b"Error")
        .or_else(|| behind(b"code-label\"", b"Error code"))
        .or_else(|| behind(b"class=\"cf-error-code\"", b""))
        .or_else(|| behind(b"class=\"cf-error-type\"", b"Error"))
        // The page of 1025 and 1027 has its words in the heading and the number below.
        .or_else(|| behind(b"class=\"cf-subheadline\"", b"Error "))
}

/// The number that the feedback script of an error page sends.
fn code_in_script(page: &[u8]) -> Option<ErrorCode> {
    number(after(page, b"errorCode:")?.trim_ascii_start())
}

/// The number in a title such as `shop.example | 522: Connection timed out`.
pub(super) fn code_in_title(title: &[u8]) -> Option<ErrorCode> {
    let rest = after(title, b" | ")?;
    number(rest).filter(|_| rest.get(3) == Some(&b':'))
}

fn error_fields(page: &[u8], at: usize, title: &[u8], code: ErrorCode) -> Fields {
    let from = &page[at.saturating_sub(64)..];
    let is = |entry: &Entry| entry.code == Some(code);
    let details = is(&security::firewall_rule_blocked)
        .then(|| after(from, b"Ray ID: "))
        .flatten()
        .map(|rest| first(rest, 512));
    let country = match code {
        _ if is(&security::country_banned) => after(from, b"country or region ").map(|rest| {
            let rest = after(first(rest, 64), b"(").unwrap_or(rest);
            first(rest, rest.iter().take(3).take_while(|byte| byte.is_ascii_alphanumeric()).count())
        }),
        _ => details.and_then(|details| after(details, b"Country: ")).map(|rest| first(rest, 2)),
    };
    Fields {
        ray_id: labelled_ray_id(from),
        colo: details.and_then(|details| after(details, b"Data center: ")).and_then(colo),
        client_ip: details
            .and_then(|details| ip_address(after(details, b"IP: ")?))
            .or_else(|| footer_ip(from)),
        country: country.and_then(Country::from_bytes),
        host: host_in_title(title).or_else(|| host_in_sentence(from)),
        timestamp: utc_timestamp(from),
        ..Fields::default()
    }
}

/// The block page without a number, "Sorry, you have been blocked".
fn block_page(page: &[u8], at: usize) -> Finding {
    let from = &page[at..];
    let fields = Fields { host: host_behind(from, &["unable_to_access"]), ..Fields::of_footer(from) };
    Finding::new(&gate::waf_block_page, Signal::BlockPage, at).with(fields)
}

/// The footer of an error page alone: its link names the number.
fn footer_only(page: &[u8], at: usize) -> Option<Finding> {
    let code =
        after(page, b"utm_source=errorcode_").and_then(number).filter(|code| is_error_number(*code))?;
    memmem::find(page, b"cf-error-footer")?;
    Some(Finding::of_code(code, Signal::ErrorPage, at).with(Fields::of_footer(page)))
}

/// The host in the title of an error page.
pub(super) fn host_in_title(title: &[u8]) -> Option<Host> {
    let bar = memmem::find(title, b" | ")?;
    let (left, right) = (&title[..bar], &title[bar + 3..]);
    let middle = memmem::find(right, b" used Cloud").or_else(|| memmem::find(right, b" | Cloud"));
    match middle {
        Some(end) => host(&right[..end]),
        None => host(left).filter(|_| code_in_title(title).is_some()),
    }
}

/// The host in a sentence such as "The owner of this website (shop.example) has …".
fn host_in_sentence(page: &[u8]) -> Option<Host> {
    if let Some(rest) = after(page, b"website (") {
        return until(rest, b')', 256).and_then(host);
    }
    // The details of the 1020 page, and the list in an error box.
    let rest = after(page, b"an error when visiting ").or_else(|| after(page, b"Requested URL: "))?;
    let end = rest.iter().take(256).position(|byte| matches!(byte, b'/' | b'<' | b' '))?;
    host(rest[..end].strip_suffix(b".").unwrap_or(&rest[..end]))
}
