//! One pass over the headers.

#![allow(
    clippy::indexing_slicing,
    reason = "each place comes from a search in the same bytes, so it lies within them"
)]

use crate::fields::{Colo, RayId};
use crate::parts::Headers;

/// How many header fields are read. Servers send a few dozen.
const FIELDS: usize = 1024;

/// How many bytes of a header's value are looked at.
const VALUE: usize = 4096;

/// How many bytes of all values together are looked at. Servers refuse heads of this size.
const BYTES: usize = 64 * 1024;

/// How the edge keeps its own error pages out of caches.
const UNCACHED: &[u8] = b"private, max-age=0, no-store, no-cache, must-revalidate, post-check=0";

/// Servers that are proxies of those who ask, not of sites.
const PROXIES: [&[u8]; 6] = [b"squid", b"tinyproxy", b"privoxy", b"3proxy", b"mitmproxy", b"zscaler"];

/// What the headers say.
#[derive(Debug, Default)]
pub(crate) struct HeaderSigns<'a> {
    /// There is at least one header.
    pub(crate) any: bool,
    /// There were more headers than are read.
    pub(crate) cut: bool,
    /// `server` names Cloudflare.
    pub(crate) edge_server: bool,
    /// `server` names somebody else.
    pub(crate) other_server: bool,
    pub(crate) ray: Seen<RayId>,
    pub(crate) colo: Option<Colo>,
    pub(crate) mitigated: bool,
    pub(crate) challenge_ray: Seen<RayId>,
    /// `cf-chl-bypass`, which came with captcha pages.
    pub(crate) challenge_bypass: bool,
    /// The value of `cache-control` that the edge sets on its own error pages.
    uncached: bool,
    /// The value of `expires` that it sets beside it.
    expired: bool,
    pub(crate) cache_status: bool,
    /// A header that the origin sets and the edge does not.
    pub(crate) origin: bool,
    /// `cf-error-type`, documented for error pages of the edge only.
    pub(crate) error_type: Option<&'a [u8]>,
    /// `cf-error-origin`, which names a system of Cloudflare's on the same pages.
    pub(crate) error_origin: bool,
    pub(crate) crawler_error: Option<&'a [u8]>,
    pub(crate) crawler_price: Option<&'a [u8]>,
    pub(crate) access_challenge: bool,
    pub(crate) access_headers: bool,
    pub(crate) location: Option<&'a [u8]>,
    pub(crate) waiting_room: bool,
    /// A proxy says that the answer is its own: `proxy-status`, `x-squid-error`, or `server`.
    pub(crate) proxy: bool,
    pub(crate) encoding: Option<&'a [u8]>,
    pub(crate) content: Content,
    /// The longest wait that is given in seconds.
    pub(crate) retry_seconds: Option<u64>,
    /// The latest time that is given as a date, in Unix seconds.
    pub(crate) retry_date: Option<i64>,
    /// The response's own `Date`, in Unix seconds; read only beside a wait that is a date.
    date: Option<&'a [u8]>,
}

/// A value that may stand in several headers; two that differ are none.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Seen<T> {
    #[default]
    Never,
    Once(T),
    Differing,
}

impl<T: Copy + PartialEq> Seen<T> {
    fn add(&mut self, value: T) {
        *self = match *self {
            Self::Never => Self::Once(value),
            Self::Once(known) if known == value => Self::Once(known),
            _ => Self::Differing,
        };
    }

    pub(crate) fn value(self) -> Option<T> {
        if let Self::Once(value) = self { Some(value) } else { None }
    }

    pub(crate) fn is_seen(self) -> bool {
        !matches!(self, Self::Never)
    }
}

/// What `content-type` says.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Content {
    #[default]
    Unknown,
    Html,
    Other,
}

impl<'a> HeaderSigns<'a> {
    pub(crate) fn read(headers: Headers<'a>) -> Self {
        let mut signs = Self::default();
        let mut budget = BYTES;
        let whole = headers.visit(FIELDS, |name, value| {
            let value = &value[..value.len().min(VALUE)];
            if value.len() <= budget {
                budget -= value.len();
                signs.see(name, value);
            } else {
                budget = 0;
            }
        });
        signs.cut = !whole || budget == 0;
        signs
    }

    /// Whether the answer came through Cloudflare's edge.
    pub(crate) fn edge_stamped(&self) -> bool {
        self.edge_server
            || self.ray.is_seen()
            || self.mitigated
            || self.cache_status
            || self.access_headers
            || self.access_challenge
            || self.crawler_error.is_some()
            || self.challenge_ray.is_seen()
    }

    /// Whether the headers name another server and nothing of Cloudflare's.
    pub(crate) fn foreign(&self) -> bool {
        self.other_server && !self.edge_stamped()
    }

    /// Whether the edge wrote the answer, as its caching headers tell.
    pub(crate) fn error_page(&self) -> bool {
        self.uncached && self.expired && self.edge_stamped() && !self.cache_status && !self.origin
    }

    /// The longest stated wait in seconds; a date is counted from `now`, else from the `Date` header.
    pub(crate) fn retry_after(&self, now: Option<i64>) -> Option<u64> {
        let from_date = self.retry_date.and_then(|date| {
            let now = now.or_else(|| unix_seconds(self.date?))?;
            Some(u64::try_from(date.saturating_sub(now)).unwrap_or(0))
        });
        self.retry_seconds.max(from_date)
    }

    fn see(&mut self, name: &'a [u8], value: &'a [u8]) {
        self.any = true;
        let name = name.trim_ascii();
        let Some(first) = name.first() else { return };
        match (name.len(), first | 0x20) {
            (4, b'd') if is(name, b"date") => self.date = largest(self.date, value),
            (4, b'e') if is(name, b"etag") => self.origin = true,
            (6, b's') if is(name, b"server") => {
                let edge = value.len() >= 10 && value[..10].eq_ignore_ascii_case(b"cloudflare");
                self.edge_server |= edge;
                self.other_server |= !edge;
                self.proxy |= PROXIES.iter().any(|name| {
                    value.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
                });
            }
            (6, b'c') if is(name, b"cf-ray") => self.see_ray(value),
            (7, b'e') if is(name, b"expires") => self.expired |= value == b"Thu, 01 Jan 1970 00:00:01 GMT",
            (8, b'l') if is(name, b"location") => self.location = largest(self.location, value),
            (10, b's') if is(name, b"set-cookie") => self.see_cookie(value),
            (11, b'r') if is(name, b"retry-after") => self.see_retry_after(value.trim_ascii()),
            (12, b'c') if is(name, b"content-type") => self.see_content_type(value.trim_ascii()),
            (12, b'c') if is(name, b"cf-mitigated") => {
                self.mitigated |= value.trim_ascii().eq_ignore_ascii_case(b"challenge");
            }
            (12, b'x') if is(name, b"x-powered-by") => self.origin = true,
            (13, b'x') if is(name, b"x-squid-error") => self.proxy = true,
            (12, b'p') if is(name, b"proxy-status") => self.proxy |= after(value, b"error=").is_some(),
            (13, b'l') if is(name, b"last-modified") => self.origin = true,
            (13, b's') if is(name, b"server-timing") => {
                const CHALLENGE: &[u8] = b"chlray;desc=\"";
                let rest = value.strip_prefix(CHALLENGE).or_else(|| after(value, CHALLENGE));
                if let Some(ray) = rest.and_then(|rest| RayId::from_bytes(rest.get(..16)?)) {
                    self.challenge_ray.add(ray);
                }
            }
            (13, b'c') if is(name, b"cache-control") => self.uncached |= value.starts_with(UNCACHED),
            (13, b'c') if is(name, b"cf-chl-bypass") => self.challenge_bypass = true,
            (13, b'c') if is(name, b"crawler-error") => {
                self.crawler_error = largest(self.crawler_error, value);
            }
            (13, b'c') if is(name, b"crawler-price") => {
                self.crawler_price = largest(self.crawler_price, value);
            }
            (13, b'c') if is(name, b"cf-access-aud") => self.access_headers = true,
            (13, b'c') if is(name, b"cf-error-type") => self.error_type = largest(self.error_type, value),
            (15, b'c') if is(name, b"cf-error-origin") => self.error_origin = true,
            (15, b'c') if is(name, b"cf-cache-status") => {
                self.cache_status |=
                    !value.eq_ignore_ascii_case(b"none") && !value.eq_ignore_ascii_case(b"unknown");
            }
            (16, b'c') if is(name, b"cf-access-domain") => self.access_headers = true,
            (16, b'c') if is(name, b"content-encoding") => self.encoding = largest(self.encoding, value),
            (16, b'w') if is(name, b"www-authenticate") => {
                self.access_challenge |= value
                    .split(|byte| *byte == b',')
                    .any(|scheme| scheme.trim_ascii_start().starts_with(b"Cloudflare-Access"));
            }
            _ => {}
        }
    }

    fn see_ray(&mut self, value: &[u8]) {
        let value = value.trim_ascii();
        let Some(ray) = value.get(..16).and_then(RayId::from_bytes) else { return };
        match &value[16..] {
            [] => {}
            [b'-', letters @ ..] => match Colo::from_bytes(letters) {
                Some(colo) => self.colo = self.colo.max(Some(colo)),
                None => return,
            },
            _ => return,
        }
        self.ray.add(ray);
        if self.ray == Seen::Differing {
            self.colo = None;
        }
    }

    fn see_cookie(&mut self, value: &[u8]) {
        let value = value.trim_ascii_start();
        let starts =
            |prefix: &[u8]| value.len() >= prefix.len() && value[..prefix.len()].eq_ignore_ascii_case(prefix);
        if starts(b"__cfwaitingroom") {
            self.waiting_room = true;
        } else if !(starts(b"__cf") || starts(b"_cf") || starts(b"cf_")) {
            self.origin = true;
        }
    }

    fn see_content_type(&mut self, value: &[u8]) {
        let html = value.len() >= 9 && value[..9].eq_ignore_ascii_case(b"text/html");
        if html {
            self.content = Content::Html;
        } else if self.content == Content::Unknown {
            self.content = Content::Other;
        }
    }

    /// Some programs join repeated headers with commas; a date has one too, but no item of digits alone.
    fn see_retry_after(&mut self, value: &[u8]) {
        let seconds = value.split(|byte| *byte == b',').filter_map(digits).max();
        if seconds.is_some() {
            self.retry_seconds = self.retry_seconds.max(seconds);
        } else {
            self.retry_date = self.retry_date.max(unix_seconds(value));
        }
    }
}

/// A number without sign, as large as it can be held.
fn digits(text: &[u8]) -> Option<u64> {
    let text = text.trim_ascii();
    let add = |sum: u64, digit: &u8| sum.saturating_mul(10).saturating_add(u64::from(digit - b'0'));
    (!text.is_empty() && text.iter().all(u8::is_ascii_digit)).then(|| text.iter().fold(0, add))
}

/// What follows a text in a header's value.
fn after<'a>(value: &'a [u8], text: &[u8]) -> Option<&'a [u8]> {
    memchr::memmem::find(value, text).map(|at| &value[at + text.len()..])
}

fn is(name: &[u8], known: &[u8]) -> bool {
    name.eq_ignore_ascii_case(known)
}

/// Of two values of the same header the larger one, so that their order does not matter.
fn largest<'a>(known: Option<&'a [u8]>, value: &'a [u8]) -> Option<&'a [u8]> {
    known.max(Some(value.trim_ascii()))
}

/// Reads the date of an HTTP header.
fn unix_seconds(value: &[u8]) -> Option<i64> {
    let time = httpdate::parse_http_date(std::str::from_utf8(value).ok()?).ok()?;
    i64::try_from(time.duration_since(std::time::UNIX_EPOCH).ok()?.as_secs()).ok()
}
