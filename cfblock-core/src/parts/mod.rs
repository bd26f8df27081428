//! The parts of a response, borrowed from wherever they are.

#![allow(
    clippy::indexing_slicing,
    reason = "each place comes from a search in the same bytes, so it lies within them"
)]

use std::net::IpAddr;

use http::HeaderMap;

mod raw;

pub use raw::{ParseError, ParseErrorKind, RawMessage};

/// One response, as far as the caller has it. Nothing is copied.
///
/// Every part may be missing; the fewer there are, the less a verdict can say.
///
/// ```
/// use cfblock_core::{classify, Class, ResponseParts};
///
/// let parts = ResponseParts::new()
///     .status(403)
///     .header_strs(&[("server", "cloudflare"), ("cf-ray", "8f1b2c3d4e5f6071-FRA")])
///     .body(b"error code: 1020");
/// assert_eq!(classify(&parts).class, Class::AccessDenied);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct ResponseParts<'a> {
    pub(crate) status: Option<u16>,
    pub(crate) headers: Headers<'a>,
    pub(crate) body: Body<'a>,
    pub(crate) url: Option<&'a str>,
    pub(crate) history: &'a [Hop<'a>],
    pub(crate) peer: Option<IpAddr>,
    pub(crate) now: Option<i64>,
}

impl<'a> ResponseParts<'a> {
    /// A response of which nothing is known.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The status, as a number; any number is accepted.
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// The headers, from any of the shapes of [`Headers`].
    #[must_use]
    pub fn headers(mut self, headers: impl Into<Headers<'a>>) -> Self {
        self.headers = headers.into();
        self
    }

    /// The headers as pairs of text, repeated names in the order they came.
    #[must_use]
    pub fn header_strs(mut self, pairs: &'a [(&'a str, &'a str)]) -> Self {
        self.headers = Headers::Text(pairs);
        self
    }

    /// The whole body.
    #[must_use]
    pub fn body(mut self, body: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        self.body = Body::Complete(body.as_ref());
        self
    }

    /// The first part of the body: reading stopped before its end.
    #[must_use]
    pub fn partial_body(mut self, body: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        self.body = Body::Partial(body.as_ref());
        self
    }

    /// The address that was asked, or on which a chain of redirects ended.
    #[must_use]
    pub fn url(mut self, url: &'a str) -> Self {
        self.url = Some(url);
        self
    }

    /// The redirects that were followed before this response, the first one first.
    #[must_use]
    pub fn history(mut self, history: &'a [Hop<'a>]) -> Self {
        self.history = history;
        self
    }

    /// The address of the server that answered.
    #[must_use]
    pub fn peer(mut self, peer: IpAddr) -> Self {
        self.peer = Some(peer);
        self
    }

    /// The time of the response in seconds since 1970-01-01T00:00:00Z.
    ///
    /// Only a `Retry-After` that is a date needs it. Without it the
    /// response's own `Date` header is used.
    #[must_use]
    pub fn now(mut self, unix_seconds: i64) -> Self {
        self.now = Some(unix_seconds);
        self
    }

    /// Whether there is nothing to judge: no status, no headers and no body.
    ///
    /// [`classify`](crate::classify()) gives a verdict on any parts. Whoever takes
    /// responses from elsewhere refuses empty ones: they are some other object
    /// or file, not an answer of the site.
    ///
    /// ```
    /// use cfblock_core::ResponseParts;
    ///
    /// assert!(ResponseParts::new().url("https://shop.example/").is_empty());
    /// assert!(!ResponseParts::new().status(200).is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let mut has_headers = false;
        self.headers.visit(1, |_, _| has_headers = true);
        self.status.is_none() && !has_headers && self.body.bytes().is_empty()
    }
}

impl<'a, B: AsRef<[u8]>> From<&'a http::Response<B>> for ResponseParts<'a> {
    fn from(response: &'a http::Response<B>) -> Self {
        Self::new().status(response.status().as_u16()).headers(response.headers()).body(response.body())
    }
}

/// How much of a block of header lines is looked through for their ends.
const BLOCK: usize = 4 * 1024 * 1024;

/// How much of one header line is read.
const LINE: usize = 8 * 1024;

/// Header fields in one of the shapes in which callers hold them.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub enum Headers<'a> {
    /// The headers are not known.
    #[default]
    Unknown,
    /// Pairs of bytes.
    Bytes(&'a [(&'a [u8], &'a [u8])]),
    /// Pairs of text.
    Text(&'a [(&'a str, &'a str)]),
    /// The map of the crate `http`.
    Map(&'a HeaderMap),
    /// Lines `name: value`, each ended by LF or CRLF; a line without a colon is passed over.
    Block(&'a [u8]),
}

impl<'a> Headers<'a> {
    /// Calls `visit` with the name and value of at most `limit` fields, in order.
    ///
    /// Returns whether that was all of them.
    pub(crate) fn visit(self, limit: usize, mut visit: impl FnMut(&'a [u8], &'a [u8])) -> bool {
        match self {
            Self::Unknown => true,
            Self::Bytes(pairs) => {
                pairs.iter().take(limit).for_each(|(name, value)| visit(name, value));
                pairs.len() <= limit
            }
            Self::Text(pairs) => {
                pairs.iter().take(limit).for_each(|(name, value)| visit(name.as_bytes(), value.as_bytes()));
                pairs.len() <= limit
            }
            Self::Map(map) => {
                map.iter()
                    .take(limit)
                    .for_each(|(name, value)| visit(name.as_str().as_bytes(), value.as_bytes()));
                map.len() <= limit
            }
            Self::Block(block) => {
                let mut rest = &block[..block.len().min(BLOCK)];
                for _ in 0..limit {
                    if rest.is_empty() {
                        return block.len() <= BLOCK;
                    }
                    let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                    let line = rest[..end].strip_suffix(b"\r").unwrap_or(&rest[..end]);
                    if let Some(colon) = memchr::memchr(b':', line) {
                        let value = &line[colon + 1..];
                        visit(line[..colon].trim_ascii(), value[..value.len().min(LINE)].trim_ascii());
                    }
                    rest = &rest[rest.len().min(end + 1)..];
                }
                rest.is_empty() && block.len() <= BLOCK
            }
        }
    }
}

impl<'a> From<&'a HeaderMap> for Headers<'a> {
    fn from(map: &'a HeaderMap) -> Self {
        Self::Map(map)
    }
}

impl<'a> From<&'a [(&'a [u8], &'a [u8])]> for Headers<'a> {
    fn from(pairs: &'a [(&'a [u8], &'a [u8])]) -> Self {
        Self::Bytes(pairs)
    }
}

impl<'a> From<&'a [(&'a str, &'a str)]> for Headers<'a> {
    fn from(pairs: &'a [(&'a str, &'a str)]) -> Self {
        Self::Text(pairs)
    }
}

/// The body, as far as the caller has it.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub enum Body<'a> {
    /// The body was not read or not kept.
    #[default]
    Missing,
    /// The first part of the body.
    Partial(&'a [u8]),
    /// The whole body, which may be empty.
    Complete(&'a [u8]),
}

impl<'a> Body<'a> {
    /// The bytes there are.
    #[must_use]
    pub const fn bytes(self) -> &'a [u8] {
        match self {
            Self::Missing => &[],
            Self::Partial(bytes) | Self::Complete(bytes) => bytes,
        }
    }
}

/// One redirect that was followed.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Hop<'a> {
    /// Its status.
    pub status: Option<u16>,
    /// Its `location` header.
    pub location: Option<&'a [u8]>,
}

impl<'a> Hop<'a> {
    /// A redirect with its status and where it led.
    #[must_use]
    pub const fn new(status: Option<u16>, location: Option<&'a [u8]>) -> Self {
        Self { status, location }
    }
}
