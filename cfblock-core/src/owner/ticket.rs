//! A short message to the site's owner.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::codes::Entry;
use crate::fields::{Host, Timestamp};
use crate::signals::{host_of, path_of};
use crate::verdict::Verdict;
use crate::vocab::{Class, Confidence, Party, Producer};

/// The longest text of the sender's own that gets into a message, in characters.
const LONGEST_TEXT: usize = 600;

/// The longest path that gets into a message, in characters.
const LONGEST_PATH: usize = 300;

/// What the sender of a request tells the site's owner. Nothing is required.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct TicketDetails {
    /// The method of the request, such as `GET`.
    pub method: Option<String>,
    /// The address that was asked; its query stays out of the message.
    pub url: Option<String>,
    /// When it was asked; the page's own time is used where this is missing.
    pub time: Option<Timestamp>,
    /// What the requests are for.
    pub purpose: Option<String>,
    /// Where to answer.
    pub contact: Option<String>,
    /// The User-Agent header that was sent.
    pub user_agent: Option<String>,
    /// How many requests a minute are sent to the site, about.
    pub requests_per_minute: Option<u32>,
}

/// Writes a short message to the site's owner, with a subject in its first line.
///
/// It says only what the verdict and the details hold. What stems from the
/// response is held to an alphabet, and what the sender wrote becomes one
/// line each, without control characters.
///
/// ```
/// use cfblock_core::owner::{ticket, TicketDetails};
/// use cfblock_core::{classify, ResponseParts};
///
/// let parts = ResponseParts::new()
///     .status(403)
///     .header_strs(&[("server", "cloudflare"), ("cf-ray", "8f1b2c3d4e5f6071-FRA")])
///     .url("https://shop.example/catalogue?page=2")
///     .body(b"error code: 1020");
/// let mut details = TicketDetails::default();
/// details.method = Some("GET".to_owned());
/// details.url = Some("https://shop.example/catalogue?page=2".to_owned());
/// details.purpose = Some("comparing public prices once a day".to_owned());
/// details.contact = Some("crawler@prices.example".to_owned());
///
/// let message = ticket(&classify(&parts), &details);
/// assert!(message.starts_with("Subject: Our requests to shop.example are refused (Cloudflare error 1020)"));
/// assert!(message.contains("GET /catalogue\n") && message.contains("8f1b2c3d4e5f6071"));
/// ```
#[must_use]
pub fn ticket(verdict: &Verdict, details: &TicketDetails) -> String {
    let url = details.url.as_deref().filter(|url| is_plain(url));
    let of_url = || url.and_then(|url| host_of(url.as_bytes())).and_then(Host::from_bytes);
    let host = verdict.host.clone().or_else(of_url);
    let host = host.as_deref();
    let path = url.map(|url| path_of(url.as_bytes())).and_then(|path| std::str::from_utf8(path).ok());

    let mut message = format!("Subject: {}\n\nHello,\n\n", subject(verdict, host));
    let mut paragraph = |text: &str| {
        if !text.is_empty() {
            message.push_str(text);
            message.push_str("\n\n");
        }
    };
    paragraph(&format!("{} {}", what_happened(verdict), request(verdict)));
    paragraph(&facts(verdict, details, host, path));
    let purpose = details.purpose.as_deref().map(one_line).filter(|purpose| !purpose.is_empty());
    paragraph(&purpose.map_or_else(String::new, |purpose| format!("What the requests are for: {purpose}")));
    paragraph(&help(verdict));
    if verdict.is_blocked() || !verdict.is_intercepted() {
        paragraph("If you would rather not have our requests at all, tell us, and they stop.");
    }
    match details.contact.as_deref().map(one_line).filter(|contact| !contact.is_empty()) {
        Some(contact) => {
            let _ = writeln!(message, "Kind regards\n{contact}");
        }
        None => message.push_str("Kind regards\n"),
    }
    message
}

fn subject(verdict: &Verdict, host: Option<&str>) -> String {
    let whose = match host {
        Some(host) => format!("Our requests to {host}"),
        None => "Our requests to your site".to_owned(),
    };
    let how = match verdict.class {
        Class::Passed if !is_failure(verdict) => "raise a question",
        Class::Passed
        | Class::OriginFailed
        | Class::EdgeFailed
        | Class::ProxyFailed
        | Class::SiteMisconfigured => "fail",
        Class::RateLimited => "are rate limited",
        Class::Challenge => "meet a challenge",
        Class::WaitingRoom => "wait in a queue",
        Class::PaymentRequired => "are asked to pay",
        Class::SignInRequired => "are asked to sign in",
        Class::PhishingWarning => "meet a phishing warning",
        Class::AccessDenied | Class::LegalBlock | Class::BadRequest => "are refused",
    };
    match (verdict.error_code.filter(|_| verdict.is_intercepted()), verdict.status) {
        (Some(code), _) => format!("{whose} {how} (Cloudflare error {code})"),
        (None, Some(status)) if status >= 400 => format!("{whose} {how} (HTTP {status})"),
        _ => format!("{whose} {how}"),
    }
}

fn is_failure(verdict: &Verdict) -> bool {
    verdict.status.is_some_and(|status| status >= 400)
}

fn what_happened(verdict: &Verdict) -> String {
    if !verdict.is_intercepted() {
        return match (verdict.status, verdict.producer) {
            (Some(status), Producer::Origin) if status >= 400 => {
                format!(
                    "Your server answers our requests with HTTP {status}; it was not Cloudflare that did."
                )
            }
            (Some(status), _) if status >= 400 => {
                format!("Our requests get HTTP {status}, and the answer does not tell what sent it.")
            }
            _ => "We send requests to your site.".to_owned(),
        };
    }
    let who = if verdict.confidence >= Confidence::Certain {
        "Cloudflare, which delivers your site, answers our requests in its place"
    } else {
        "It looks as if Cloudflare, which delivers your site, answers our requests in its place"
    };
    match (verdict.entry(), verdict.error_code) {
        (Some(entry), Some(code)) => format!("{who}: error {code}, \"{}\".", entry.title),
        (Some(entry), None) => format!("{who}: \"{}\".", entry.title),
        (None, Some(code)) => format!("{who}: error {code}."),
        (None, None) => format!("{who}."),
    }
}

fn request(verdict: &Verdict) -> &'static str {
    match verdict.class {
        Class::AccessDenied | Class::Challenge => {
            "If you want it so, no answer is needed, and we stay away. If not, could you let these requests \
             through, or point us to another way, such as an API?"
        }
        Class::RateLimited => {
            "We slow down. Could you tell us which pace suits you, or point us to a better way, such as an \
             export?"
        }
        Class::WaitingRoom => {
            "Could you let requests like these pass the queue, or name a better time for them?"
        }
        Class::PaymentRequired => "Could you tell us on which terms we may read your pages?",
        Class::SignInRequired => "Could you give us access, or tell us that you would rather not?",
        Class::LegalBlock => "We leave the page alone and only let you know.",
        Class::PhishingWarning => {
            "Your site may have been broken into. You can ask Cloudflare for a review once the page is gone."
        }
        Class::Passed => "Could you tell us whether you want it so?",
        Class::BadRequest => "Could you tell us what a request to your site has to look like?",
        Class::SiteMisconfigured | Class::OriginFailed | Class::EdgeFailed | Class::ProxyFailed => {
            "It does not look intended, so we thought you would want to know."
        }
    }
}

fn facts(verdict: &Verdict, details: &TicketDetails, host: Option<&str>, path: Option<&str>) -> String {
    let method = details.method.as_deref().filter(|method| {
        (1..=20).contains(&method.len())
            && method.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    });
    let path = path.filter(|path| !path.is_empty()).map(|path| shortened(path, LONGEST_PATH));
    let request = match (method, path) {
        (Some(method), Some(path)) => Some(format!("{method} {path}")),
        (Some(one), None) => Some(one.to_owned()),
        (None, path) => path,
    };
    let time = details.time.or(verdict.timestamp);
    let rate = details.requests_per_minute.map(|rate| format!("about {rate} a minute"));
    let lines = [
        ("Ray ID", verdict.ray_id.map(|ray| ray.to_string())),
        ("Time", time.map(|time| time.to_string())),
        ("Host", host.map(str::to_owned)),
        ("Request", request),
        ("Our address", verdict.client_ip.and_then(|ip| ip.address()).map(|ip| ip.to_string())),
        ("User-Agent", details.user_agent.as_deref().map(one_line).filter(|agent| !agent.is_empty())),
        ("Requests", rate),
    ];
    let lines = lines.into_iter().filter_map(|(name, value)| Some((name, value?)));
    lines.map(|(name, value)| format!("    {:<13}{value}", format!("{name}:"))).collect::<Vec<_>>().join("\n")
}

fn help(verdict: &Verdict) -> String {
    let fix = verdict.entry().and_then(|entry: &Entry| entry.owner.first());
    match (verdict.ray_id, verdict.entry().map(|entry| entry.party)) {
        (Some(_), Some(Party::SiteOwnerSecurity)) => {
            "In your Cloudflare dashboard the Ray ID leads to the rule: Security > Analytics > Events, filter \
             by Ray ID."
                .to_owned()
        }
        (_, Some(Party::SiteOwnerConfig | Party::Origin)) if verdict.is_intercepted() => {
            fix.map_or_else(String::new, |fix| format!("What may help: {fix}."))
        }
        _ => String::new(),
    }
}

/// Whether a URL has only characters that a URL can have.
fn is_plain(url: &str) -> bool {
    url.len() <= 4096
        && url
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'\\' | b'`'))
}

/// A text of the sender's own as one line of visible characters.
fn one_line(text: &str) -> String {
    let visible = text.chars().map(|c| if c.is_control() || c.is_whitespace() { ' ' } else { c });
    let visible: String = visible.filter(|c| !is_invisible(*c)).collect();
    let words: Vec<&str> = visible.split(' ').filter(|word| !word.is_empty()).collect();
    shortened(&words.join(" "), LONGEST_TEXT)
}

/// Characters that cannot be seen, or that turn the direction of what follows.
const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    )
}

fn shortened(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    text.chars().take(longest).chain(['…']).collect()
}
