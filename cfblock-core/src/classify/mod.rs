//! From the parts of a response to a verdict.
//!
//! The cheapest source that decides is the last one that is read: headers,
//! then the body, then the status alone.

mod confidence;
mod needs;
mod passed;
mod tables;

pub use needs::needs_body;

use self::tables::{class_of_status, crawler_entry, error_page_entry, is_structured, place_of};
use crate::body::{self, Window};
use crate::codes::{self, ErrorCode, access, crawl, edge, gate, proxy, site_dns};
use crate::extract::{Fields, first, host, number};
use crate::fields::Price;
use crate::pages::{ChallengeOptions, Finding};
use crate::parts::ResponseParts;
use crate::signals::{Content, HeaderSigns, Preview, access_host, host_of, in_cloudflare_ranges, path_of};
use crate::verdict::Verdict;
use crate::vocab::{ChallengeType, Class, Place, Producer, Provenance, Signal};

/// The longest wait that is passed on, in seconds: a day, the longest that a rate limiting rule can set.
const LONGEST_WAIT: u32 = 86_400;

/// A stated wait as it is passed on.
fn capped(seconds: u64) -> u32 {
    u32::try_from(seconds).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT)
}

/// Says what one response is. Any input gives a verdict.
///
/// Headers are read first, the body only where they leave a question, and
/// then only a [`Window`] of it.
#[must_use]
pub fn classify(parts: &ResponseParts<'_>) -> Verdict {
    classify_within(parts, Window::default())
}

/// Like [`classify`], with another bound on how much of the body is searched.
#[must_use]
pub fn classify_within(parts: &ResponseParts<'_>, window: Window) -> Verdict {
    let case = Case { parts, signs: HeaderSigns::read(parts.headers), window };
    let finding = case.by_headers().or_else(|| case.by_body()).or_else(|| case.by_status());
    match finding {
        Some(finding) => case.intercepted(finding),
        None => case.passed(),
    }
}

/// One response with what its headers say.
struct Case<'a> {
    parts: &'a ResponseParts<'a>,
    signs: HeaderSigns<'a>,
    window: Window,
}

impl<'a> Case<'a> {
    fn status_in(&self, range: std::ops::RangeInclusive<u16>) -> bool {
        self.parts.status.is_some_and(|status| range.contains(&status))
    }

    fn url(&self) -> &'a [u8] {
        self.parts.url.unwrap_or_default().as_bytes()
    }

    fn body(&self) -> &'a [u8] {
        self.parts.body.bytes()
    }

    fn by_headers(&self) -> Option<Finding> {
        let signs = &self.signs;
        if let Some(finding) = self.by_proxy() {
            return Some(finding);
        }
        let accompanied = signs.challenge_ray.is_seen() || signs.challenge_bypass;
        if signs.mitigated || (accompanied && self.status_in(400..=599)) {
            return Some(self.challenge());
        }
        if let Some(error) = signs.crawler_error {
            return Some(Finding::new(crawler_entry(error), Signal::CrawlerError, 0));
        }
        if signs.crawler_price.is_some() && self.parts.status == Some(402) {
            return Some(Finding::new(&crawl::missing_crawler_price, Signal::CrawlerPrice, 0));
        }
        if self.status_in(300..=399) {
            let to_login = signs.location.is_some_and(access_host);
            if to_login || signs.access_challenge {
                let signal = if to_login { Signal::AccessLogin } else { Signal::AccessChallenge };
                return Some(Finding::new(&access::access_login_redirect, signal, 0));
            }
            return None;
        }
        if signs.access_challenge && self.status_in(401..=403) {
            return Some(Finding::new(&access::access_xhr_401, Signal::AccessChallenge, 0));
        }
        if signs.access_headers && self.status_in(401..=403) {
            return Some(Finding::new(&access::access_forbidden, Signal::AccessHeaders, 0));
        }
        if self.ended_at_login() {
            return Some(Finding::new(&access::access_login_page, Signal::AccessLogin, 0));
        }
        if let Some(code) = signs.error_type.and_then(number).filter(|_| self.status_in(400..=599)) {
            let finding = body::search(self.body(), self.window).filter(|finding| finding.code == Some(code));
            return finding.or_else(|| Some(Finding::of_code(code, Signal::CfErrorHeader, 0)));
        }
        self.waiting_room()
    }

    /// An answer of something between the caller and Cloudflare.
    fn by_proxy(&self) -> Option<Finding> {
        let signs = &self.signs;
        let (entry, signal) = match self.parts.status? {
            _ if signs.edge_stamped() => return None,
            407 => (&proxy::proxy_authentication_required, Signal::ProxyAuthentication),
            511 => (&proxy::network_sign_in_required, Signal::ProxyAuthentication),
            // Sites stand behind such servers too, with headers of their own; but these failures are the proxy's own.
            502..=504 if signs.proxy && !signs.origin => (&proxy::proxy_error, Signal::ProxyHeaders),
            _ => return None,
        };
        Some(Finding { producer: Producer::Other, ..Finding::new(entry, signal, 0) })
    }

    /// A challenge that the headers state; the body only tells of which kind.
    fn challenge(&self) -> Finding {
        let signal = if self.signs.mitigated {
            Signal::CfMitigated
        } else if self.signs.challenge_ray.is_seen() {
            Signal::ChallengeTiming
        } else {
            Signal::ChallengeBypass
        };
        let page = first(self.body(), self.window.head);
        match ChallengeOptions::find(page) {
            Some(options) => Finding { signal, ..options.kind() },
            None => Finding::challenge(ChallengeType::Unknown, signal, 0),
        }
    }

    /// Whether a chain of redirects ended at the login of Cloudflare Access.
    fn ended_at_login(&self) -> bool {
        match self.parts.url {
            Some(url) => {
                // Its keys and the visitor's identity are JSON under the same path.
                access_host(url.as_bytes())
                    && path_of(url.as_bytes()).starts_with(b"/cdn-cgi/access/")
                    && self.signs.content != Content::Other
            }
            None => self.parts.history.last().and_then(|hop| hop.location).is_some_and(access_host),
        }
    }

    fn place_of_login(&self) -> (Place, Option<usize>) {
        if self.status_in(300..=399) {
            (Place::Location, None)
        } else if self.parts.url.is_some() {
            (Place::Url, None)
        } else {
            (Place::History, self.parts.history.len().checked_sub(1))
        }
    }

    fn waiting_room(&self) -> Option<Finding> {
        if !matches!(self.parts.status, None | Some(200 | 202 | 429)) {
            return None;
        }
        let body = self.body();
        let refresh = || body::refresh_interval(body);
        let (signal, retry_after) = if body::is_waiting_room_json(body) {
            (Signal::WaitingRoomJson, refresh())
        } else if self.signs.waiting_room && !self.signs.cache_status && self.signs.content != Content::Other
        {
            (Signal::WaitingRoomPage, Some(refresh()?))
        } else {
            return None;
        };
        let fields = Fields { retry_after, ..Fields::default() };
        let finding = Finding::new(&gate::waiting_room, signal, 0).with(fields);
        Some(Finding { producer: Producer::Owner, ..finding })
    }

    fn by_body(&self) -> Option<Finding> {
        let body = self.body();
        if body.is_empty()
            || self.is_compressed()
            || self.status_in(300..=399)
            || self.is_challenge_platform()
        {
            return None;
        }
        if self.signs.foreign() {
            return body::search_structured(body, self.window).filter(|_| !self.status_in(200..=299));
        }
        let succeeded = self.status_in(200..=299);
        if succeeded && self.signs.edge_stamped() && !body::has_template_title(body) {
            return None;
        }
        // The edge never sends its pages as words without markup.
        let copied = |finding: &Finding| finding.signal == Signal::CopiedText && self.signs.edge_stamped();
        let found =
            body::search(body, self.window).filter(|finding| !copied(finding) && !self.is_likeness(finding));
        found.or_else(|| self.by_what_is_left())
    }

    /// Whether a page only looks like the edge's: it names another request than
    /// the headers do, and comes as the edge's own pages never come.
    fn is_likeness(&self, finding: &Finding) -> bool {
        let differ = match (finding.fields.ray_id, self.signs.ray.value()) {
            (Some(named), Some(own)) => named != own,
            _ => false,
        };
        differ && (self.signs.cache_status || self.status_in(200..=299))
    }

    /// A cut page, or a text that quotes a short answer.
    fn by_what_is_left(&self) -> Option<Finding> {
        let signs = &self.signs;
        let refused = self.status_in(400..=599);
        let text_alone = self.parts.status.is_none() && !signs.any;
        // The edge neither caches its pages nor adds the headers of an origin to them.
        let of_the_edge = refused && signs.edge_stamped() && !signs.cache_status && !signs.origin;
        let unseen = !signs.any && (refused || self.parts.status.is_none());
        let finding = body::search_rest(self.body(), self.window)?;
        let fits = match finding.signal {
            Signal::TemplateTitle => of_the_edge || unseen,
            _ => text_alone,
        };
        fits.then_some(finding)
    }

    /// Statuses that only the edge makes, with a body that tells nothing.
    fn by_status(&self) -> Option<Finding> {
        let status = self.parts.status?;
        if self.signs.foreign() || (self.signs.any && !self.signs.edge_stamped()) {
            return None;
        }
        let (entry, signal) = match status {
            520..=527 => (codes::by_code(ErrorCode::new(status))?, Signal::EdgeStatus),
            530 => (&site_dns::unnamed_530, Signal::EdgeStatus),
            400.. if self.body().is_empty() && self.signs.error_page() => {
                (error_page_entry(status), Signal::ErrorPageHeaders)
            }
            400.. if self.signs.error_origin || self.signs.error_type.is_some() => {
                (error_page_entry(status), Signal::CfErrorHeader)
            }
            _ => return None,
        };
        // These say that there is a number, but not which.
        let numbered = matches!(status, 520..=527);
        Some(Finding { code: entry.code.filter(|_| numbered), ..Finding::new(entry, signal, 0) })
    }

    /// The challenge's own sub-requests answer 401 by design.
    fn is_challenge_platform(&self) -> bool {
        path_of(self.url()).starts_with(b"/cdn-cgi/challenge-platform/")
    }

    fn is_compressed(&self) -> bool {
        self.signs.encoding.is_some_and(|encoding| body::is_compressed(self.body(), encoding))
    }

    fn intercepted(&self, mut finding: Finding) -> Verdict {
        let preview = Preview::at(self.url());
        if let Some(code) = preview.and_then(|preview| preview.code) {
            // The page for 1026 shows the status 451 in place of its number.
            let entry = codes::by_code(code).filter(|entry| entry.class == finding.class);
            if let (Some(entry), None | Some(451)) = (entry, finding.code.map(ErrorCode::get)) {
                finding.entry = entry;
                finding.code = Some(code);
            }
        }
        if finding.signal == Signal::BlockPage && self.parts.status == Some(429) {
            finding.entry = &gate::edge_rate_limited;
            finding.class = Class::RateLimited;
        }
        if finding.entry == &edge::unknown_error && !is_structured(finding.signal) {
            finding.class = class_of_status(self.parts.status);
        }

        let mut verdict = Verdict::new(finding.class, self.confidence(&finding));
        verdict.entry = Some(finding.entry);
        verdict.error_code = finding.code;
        verdict.challenge_type = finding.challenge_type;
        verdict.producer = finding.producer;
        verdict.preview = preview.is_some();
        let (place, at) = match finding.signal {
            Signal::AccessLogin => self.place_of_login(),
            signal => place_of(signal, finding.at),
        };
        verdict.evidence.push(finding.signal, place, at);
        if finding.entry == &gate::waiting_room && self.signs.waiting_room {
            verdict.evidence.push(Signal::WaitingRoomCookie, Place::SetCookie, None);
        }
        self.describe(&mut verdict);

        let fields = finding.fields;
        let signs = &self.signs;
        verdict.ray_id = signs.ray.value().or(fields.ray_id).or(signs.challenge_ray.value());
        verdict.colo = signs.colo.or(fields.colo);
        verdict.client_ip = fields.client_ip;
        verdict.country = fields.country;
        verdict.host = fields.host.or_else(|| host_of(self.url()).and_then(host));
        verdict.timestamp = fields.timestamp;
        verdict.error_name = fields.error_name;
        verdict.error_category = fields.error_category;
        verdict.retryable = Some(fields.retryable.unwrap_or(finding.entry.retryable));
        verdict.owner_action_required = fields.owner_action_required;
        if let Some(wait) = signs.retry_after(self.parts.now).max(fields.retry_after) {
            verdict.retry_after = Some(capped(wait));
            if wait > u64::from(LONGEST_WAIT) {
                let place = if fields.retry_after == Some(wait) { Place::Body } else { Place::RetryAfter };
                verdict.evidence.push(Signal::RetryAfterCapped, place, None);
            }
        }
        if let Some(price) = signs.crawler_price {
            if finding.signal != Signal::CrawlerPrice {
                verdict.evidence.push(Signal::CrawlerPrice, Place::CrawlerPrice, None);
            }
            verdict.price = Price::from_bytes(price);
        }
        if verdict.preview {
            verdict.evidence.push(Signal::PreviewUrl, Place::Url, None);
        }
        verdict
    }

    /// What holds for every verdict: status, provenance and the signs of who answered.
    fn describe(&self, verdict: &mut Verdict) {
        let signs = &self.signs;
        verdict.status = self.parts.status;
        verdict.provenance = match self.parts.peer.map(in_cloudflare_ranges) {
            Some(true) => {
                verdict.evidence.push(Signal::PeerInRange, Place::Peer, None);
                Provenance::Verified
            }
            Some(false) => {
                verdict.evidence.push(Signal::PeerOutOfRange, Place::Peer, None);
                Provenance::Contradicted
            }
            None if signs.edge_stamped() => Provenance::Consistent,
            None if signs.foreign() => Provenance::Contradicted,
            None => Provenance::Unknown,
        };
        if signs.edge_server || signs.ray.is_seen() {
            let place = if signs.ray.is_seen() { Place::CfRay } else { Place::Server };
            verdict.evidence.push(Signal::EdgeHeaders, place, None);
        } else if signs.foreign() {
            verdict.evidence.push(Signal::ForeignServer, Place::Server, None);
        }
        if signs.cache_status {
            verdict.evidence.push(Signal::CacheStatus, Place::CfCacheStatus, None);
        }
        if signs.origin {
            verdict.evidence.push(Signal::OriginHeaders, Place::Headers, None);
        }
        if signs.cut {
            verdict.evidence.push(Signal::HeadersCut, Place::Headers, None);
        }
    }
}
