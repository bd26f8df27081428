//! The records that `cfblock scan`, `diagnose` and `watch` read: one JSON object a line.

use std::borrow::Cow;
use std::net::IpAddr;

use cfblock_core::{Headers, Hop, ResponseParts, Time, Verdict, classify};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::decode;

mod error;
mod fields;
mod observed;

pub use error::RecordError;
use fields::{Base64, Bytes, HeaderFields, Moment};
pub(crate) use observed::Observed;

/// One stored response, or a verdict somebody reached before.
///
/// ```
/// use cfblock_cli::record::Record;
///
/// let record = Record::from_json_line(br#"{"id": 7, "status": 429, "body": "error code: 1015"}"#)?;
/// assert_eq!(record.verdict().reason(), Some("rate_limited"));
/// # Ok::<(), cfblock_cli::record::RecordError>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Record {
    /// The caller's own name for the record.
    pub id: Option<Id>,
    /// The address that was asked.
    pub url: Option<String>,
    /// The HTTP status.
    pub status: Option<u16>,
    /// The address of the server that answered.
    pub peer_ip: Option<IpAddr>,
    /// The time of the response, in seconds since 1970-01-01T00:00:00Z.
    pub time: Option<i64>,
    /// The crawl or monitor that the response belongs to.
    pub pipeline: Option<String>,
    /// Where the request came from; its members are opaque here.
    pub vantage: Option<Map<String, Value>>,
    /// The verdict, where it stands in the record in place of a response.
    pub classified: Option<Verdict>,
    moment: Option<Moment>,
    headers: Vec<u8>,
    body: Option<Vec<u8>>,
    truncated: bool,
    history: Vec<WireHop>,
}

impl Record {
    /// Reads one line. White space around the object is allowed, and so is its line end.
    ///
    /// The body is taken out of its `content-encoding` at once.
    pub fn from_json_line(line: &[u8]) -> Result<Self, RecordError> {
        let text = std::str::from_utf8(line).map_err(|error| RecordError::not_utf8(line, error))?;
        // A list would be read as the members in their order.
        let whole = text.trim_ascii_start().starts_with('{').then(|| serde_json::from_str::<Wire>(text).ok());
        whole.flatten().map(Self::from).ok_or_else(|| RecordError::explain::<Wire>(text))
    }

    /// The time of the response, to the millisecond.
    pub(crate) fn moment(&self) -> Option<Time> {
        self.moment.map(|moment| Time::from_unix_millis(moment.0))
    }

    /// The redirects before this response, for [`Record::parts`].
    #[must_use]
    pub fn hops(&self) -> Vec<Hop<'_>> {
        self.history
            .iter()
            .map(|hop| Hop::new(hop.status, hop.location.as_ref().map(|location| location.0.as_slice())))
            .collect()
    }

    /// The parts of the response, with what [`Record::hops`] returned.
    #[must_use]
    pub fn parts<'a>(&'a self, hops: &'a [Hop<'a>]) -> ResponseParts<'a> {
        let mut parts = ResponseParts::new().history(hops);
        if let Some(status) = self.status {
            parts = parts.status(status);
        }
        if !self.headers.is_empty() {
            parts = parts.headers(Headers::Block(&self.headers));
        }
        if let Some(body) = &self.body {
            parts = if self.truncated { parts.partial_body(body) } else { parts.body(body) };
        }
        if let Some(url) = &self.url {
            parts = parts.url(url);
        }
        if let Some(peer) = self.peer_ip {
            parts = parts.peer(peer);
        }
        if let Some(time) = self.time {
            parts = parts.now(time);
        }
        parts
    }

    /// Whether the record has nothing to judge: no status, no headers, no body and no verdict.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.status.is_none() && self.headers.is_empty() && self.body.is_none() && self.classified.is_none()
    }

    /// The verdict of the record itself, or else the one that its response gives.
    #[must_use]
    pub fn verdict(&self) -> Cow<'_, Verdict> {
        match &self.classified {
            Some(verdict) => Cow::Borrowed(verdict),
            None => Cow::Owned(classify(&self.parts(&self.hops()))),
        }
    }
}

/// The caller's own name for a record: a string or a number, written back as it was read.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct Id(Box<RawValue>);

impl Id {
    /// The name as it stands in the JSON, a string with its quotes.
    #[must_use]
    pub fn as_json(&self) -> &str {
        self.0.get()
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        match raw.get().as_bytes().first() {
            Some(b'"' | b'-' | b'0'..=b'9') => Ok(Self(raw)),
            _ => Err(serde::de::Error::custom("expected a string or a number")),
        }
    }
}

/// The record as it stands on the wire. `null` is the same as a missing member.
#[derive(Deserialize)]
struct Wire {
    id: Option<Id>,
    url: Option<String>,
    status: Option<u16>,
    headers: Option<HeaderFields>,
    body: Option<Bytes>,
    body_base64: Option<Base64>,
    truncated: Option<bool>,
    peer_ip: Option<IpAddr>,
    time: Option<Moment>,
    pipeline: Option<String>,
    vantage: Option<Map<String, Value>>,
    history: Option<Vec<WireHop>>,
    verdict: Option<Verdict>,
}

#[derive(Clone, Debug, Deserialize)]
struct WireHop {
    status: Option<u16>,
    location: Option<Bytes>,
}

impl From<Wire> for Record {
    fn from(wire: Wire) -> Self {
        let headers = wire.headers.unwrap_or_default();
        // With both, the bytes are the more faithful one.
        let mut body = wire.body_base64.map(|body| body.0).or(wire.body.map(|body| body.0));
        let mut truncated = wire.truncated.unwrap_or(false);
        let encoded = body.as_deref().filter(|_| !headers.content_encoding.is_empty());
        if let Some(decoded) = encoded.and_then(|body| decode::content(body, &headers.content_encoding)) {
            truncated |= !decoded.whole;
            body = Some(decoded.bytes);
        }
        Self {
            id: wire.id,
            url: wire.url,
            status: wire.status,
            peer_ip: wire.peer_ip,
            time: wire.time.map(Moment::seconds),
            moment: wire.time,
            pipeline: wire.pipeline,
            vantage: wire.vantage,
            classified: wire.verdict,
            headers: headers.block,
            body,
            truncated,
            history: wire.history.unwrap_or_default(),
        }
    }
}
