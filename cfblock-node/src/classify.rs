//! From the parts of a response to the snapshot of its verdict.

#![allow(
    clippy::indexing_slicing,
    reason = "each place comes from a search in the same bytes, so it lies within them"
)]

use std::net::IpAddr;

use cfblock_core::{Headers, Hop, ResponseParts};
use napi::Result;
use napi::bindgen_prelude::Uint8ArraySlice;
use napi_derive::napi;
use serde::Deserialize;

use crate::convert::{from_value, refuse};
use crate::latin1::{Latin1, OneByteString};
use crate::snapshot;

/// What is seldom known of a response.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Surroundings {
    history: Vec<Redirect>,
    peer_ip: Option<String>,
    /// Seconds since 1970.
    now: Option<i64>,
    truncated: bool,
}

#[derive(Deserialize)]
struct Redirect {
    status: Option<u16>,
    location: Option<String>,
}

/// Classifies one response.
///
/// `headers` has the name and the value of each field, in turn, a line each.
/// If these are not so many lines as `fields` need, a name or a value holds a
/// line end, and nothing is returned. `around` is JSON.
#[napi(catch_unwind)]
pub fn classify(
    status: Option<u16>,
    headers: Option<Latin1>,
    fields: u32,
    body: Option<Uint8ArraySlice<'_>>,
    url: Option<String>,
    around: Option<String>,
) -> Result<Option<OneByteString>> {
    let around: Surroundings =
        around.map_or_else(|| Ok(Surroundings::default()), |text| from_value("response", &text))?;
    let hops: Vec<Hop<'_>> = around
        .history
        .iter()
        .map(|hop| Hop::new(hop.status, hop.location.as_deref().map(str::as_bytes)))
        .collect();
    let mut parts = ResponseParts::new().history(&hops);
    if let Some(status) = status {
        parts = parts.status(status);
    }
    let pairs;
    if let Some(lines) = &headers {
        let Some(found) = pairs_of(lines, fields as usize) else { return Ok(None) };
        pairs = found;
        parts = parts.headers(Headers::Bytes(&pairs));
    }
    if let Some(body) = body.as_deref() {
        parts = if around.truncated { parts.partial_body(body) } else { parts.body(body) };
    }
    if let Some(url) = &url {
        parts = parts.url(url);
    }
    if let Some(address) = &around.peer_ip {
        let peer: IpAddr =
            address.parse().map_err(|_| refuse(format!("peerIp is {address:?}, expected an IP address")))?;
        parts = parts.peer(peer);
    }
    if let Some(now) = around.now {
        parts = parts.now(now);
    }
    snapshot::write(&cfblock_core::classify(&parts)).map(Some)
}

/// The names and values of lines, if there are exactly so many fields.
pub(crate) fn pairs_of(lines: &[u8], fields: usize) -> Option<Vec<(&[u8], &[u8])>> {
    let mut pairs = Vec::with_capacity(fields);
    if fields == 0 {
        return Some(pairs);
    }
    let mut name = None;
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', lines).chain([lines.len()]) {
        let line = &lines[start..end];
        start = end + 1;
        match name.take() {
            None => name = Some(line),
            Some(name) => pairs.push((name, line)),
        }
    }
    (pairs.len() == fields && name.is_none()).then_some(pairs)
}

/// The snapshot of a record, or of its facts.
#[napi(catch_unwind)]
pub fn snapshot_of_record(record: String) -> Result<OneByteString> {
    snapshot::write(&from_value("record", &record)?)
}

/// The whole record of a verdict, as JSON.
#[napi(catch_unwind)]
pub fn record(facts: String) -> Result<String> {
    crate::convert::to_json(&snapshot::read(&facts)?)
}

/// Whether a request with this method can be sent again without doing its work twice.
#[napi(catch_unwind)]
pub fn safe_to_repeat(facts: String, method: String) -> Result<bool> {
    Ok(snapshot::read(&facts)?.safe_to_repeat(&method))
}

/// What `String(verdict)` says.
#[napi(catch_unwind)]
pub fn summary(facts: String) -> Result<String> {
    Ok(snapshot::read(&facts)?.summary())
}
