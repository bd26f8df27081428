//! A response that owns its parts, and the ways in which it reaches the core.

use std::fmt;
use std::net::IpAddr;

use cfblock_core::{Hop, ResponseParts};
use http::{HeaderName, HeaderValue};

/// One response as a case describes it.
#[derive(Clone, Default)]
pub struct Response {
    pub status: Option<u16>,
    /// `None` where the headers are not known.
    pub headers: Option<Vec<(Vec<u8>, Vec<u8>)>>,
    /// `None` where the body is missing.
    pub body: Option<Vec<u8>>,
    /// Whether reading the body stopped before its end.
    pub truncated: bool,
    pub url: Option<String>,
    pub history: Vec<(Option<u16>, Option<String>)>,
    pub peer: Option<IpAddr>,
    pub now: Option<i64>,
}

impl Response {
    /// Lends the parts, as a caller with borrowed bytes would.
    pub fn with_parts<T>(&self, look: impl FnOnce(ResponseParts<'_>) -> T) -> T {
        let pairs: Option<Vec<(&[u8], &[u8])>> =
            self.headers.as_ref().map(|headers| headers.iter().map(|(n, v)| (&n[..], &v[..])).collect());
        let mut parts = ResponseParts::new();
        if let Some(status) = self.status {
            parts = parts.status(status);
        }
        if let Some(pairs) = &pairs {
            parts = parts.headers(&pairs[..]);
        }
        match &self.body {
            Some(body) if self.truncated => parts = parts.partial_body(body),
            Some(body) => parts = parts.body(body),
            None => {}
        }
        let hops = self.hops();
        look(self.add_surroundings(parts).history(&hops))
    }

    /// Adds what stands outside the response itself: address, peer and time.
    #[must_use]
    pub fn add_surroundings<'a>(&'a self, mut parts: ResponseParts<'a>) -> ResponseParts<'a> {
        if let Some(url) = &self.url {
            parts = parts.url(url);
        }
        if let Some(peer) = self.peer {
            parts = parts.peer(peer);
        }
        if let Some(now) = self.now {
            parts = parts.now(now);
        }
        parts
    }

    /// The redirects that led to the response.
    #[must_use]
    pub fn hops(&self) -> Vec<Hop<'_>> {
        self.history
            .iter()
            .map(|(status, location)| Hop::new(*status, location.as_deref().map(str::as_bytes)))
            .collect()
    }

    /// The response as a raw message, where that form can carry all of it.
    ///
    /// It cannot say that the status or the headers are unknown or that a body
    /// was cut, and it takes a body that begins with a status line for the
    /// real response.
    #[must_use]
    pub fn raw_message(&self, line_end: &str) -> Option<Vec<u8>> {
        let status = self.status.filter(|status| (0..=999).contains(status))?;
        let headers = self.headers.as_ref()?;
        if self.truncated || self.body.as_ref().is_some_and(|body| body.starts_with(b"HTTP/")) {
            return None;
        }
        let announced = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(b"content-length"));
        if announced && self.body.as_ref().is_some_and(Vec::is_empty) {
            return None;
        }
        let mut text = Vec::new();
        for (status, location) in &self.history {
            let status = (*status).filter(|status| (0..=999).contains(status))?;
            text.extend_from_slice(format!("HTTP/1.1 {status:03}{line_end}").as_bytes());
            if let Some(location) = location {
                push_header(&mut text, b"location", location.as_bytes(), line_end)?;
            }
            text.extend_from_slice(line_end.as_bytes());
        }
        text.extend_from_slice(format!("HTTP/2 {status:03} {line_end}").as_bytes());
        for (name, value) in headers {
            push_header(&mut text, name, value, line_end)?;
        }
        if let Some(body) = &self.body {
            text.extend_from_slice(line_end.as_bytes());
            text.extend_from_slice(body);
        }
        Some(text)
    }

    /// The response as the crate `http` holds it, where that form can carry all of it.
    #[must_use]
    pub fn http_response(&self) -> Option<http::Response<Vec<u8>>> {
        if self.truncated {
            return None;
        }
        let mut response = http::Response::new(self.body.clone()?);
        *response.status_mut() = http::StatusCode::from_u16(self.status?).ok()?;
        for (name, value) in self.headers.as_ref()? {
            let name = HeaderName::from_bytes(name).ok()?;
            let value = HeaderValue::from_bytes(value).ok()?;
            response.headers_mut().try_append(name, value).ok()?;
        }
        Some(response)
    }

    /// The bytes of headers and body together.
    #[must_use]
    pub fn size(&self) -> usize {
        let headers: usize =
            self.headers.iter().flatten().map(|(name, value)| name.len() + value.len() + 4).sum();
        headers + self.body.as_ref().map_or(0, Vec::len)
    }
}

/// Shows bytes as text, so that a person can read a failure.
impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |bytes: &[u8]| bytes.escape_ascii().to_string();
        let line = |(name, value): &(Vec<u8>, Vec<u8>)| format!("{}: {}", shown(name), shown(value));
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("headers", &self.headers.as_ref().map(|pairs| pairs.iter().map(line).collect::<Vec<_>>()))
            .field("body", &self.body.as_deref().map(shown))
            .field("truncated", &self.truncated)
            .field("url", &self.url)
            .field("history", &self.history)
            .field("peer", &self.peer)
            .field("now", &self.now)
            .finish()
    }
}

/// Adds one header line; `None` where the form cannot carry it.
fn push_header(text: &mut Vec<u8>, name: &[u8], value: &[u8], line_end: &str) -> Option<()> {
    let breaks = |bytes: &[u8]| bytes.contains(&b'\n') || bytes.contains(&b'\r');
    let carried = !name.is_empty()
        && !name.contains(&b':')
        && name == name.trim_ascii()
        && value == value.trim_ascii()
        && !breaks(name)
        && !breaks(value);
    if !carried {
        return None;
    }
    text.extend_from_slice(name);
    text.extend_from_slice(b": ");
    text.extend_from_slice(value);
    text.extend_from_slice(line_end.as_bytes());
    Some(())
}
