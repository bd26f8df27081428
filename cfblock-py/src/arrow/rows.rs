//! A table's columns as responses.

#![allow(
    clippy::indexing_slicing,
    reason = "each place is counted from the same list, or from an array as long as the words it stands for"
)]

use arrow_data::ArrayData;
use arrow_schema::{DataType, Fields};
use cfblock_core::{Hop, ResponseParts};

use super::Failure;
use super::fields::{Headers, History, Pairs};
use super::values::{Corrupt, Flags, Integers, Moments, Texts, is_null};

/// The columns that are read; each may be missing.
pub(crate) const INPUT: [&str; 8] =
    ["status", "headers", "body", "url", "truncated", "peer_ip", "time", "history"];

/// The columns of one batch.
pub(super) struct Responses<'a> {
    batch: &'a ArrayData,
    status: Option<Integers<'a>>,
    headers: Option<Headers<'a>>,
    body: Option<Texts<'a>>,
    url: Option<Texts<'a>>,
    truncated: Option<Flags<'a>>,
    peer_ip: Option<Texts<'a>>,
    time: Option<Moments<'a>>,
    history: Option<History<'a>>,
}

/// Lists that are filled anew for each row.
#[derive(Default)]
pub(super) struct Scratch<'a> {
    fields: Pairs<'a>,
    hops: Vec<Hop<'a>>,
}

impl<'a> Responses<'a> {
    /// Finds the columns by their names.
    pub(super) fn of(batch: &'a ArrayData, fields: &Fields) -> Result<Self, Failure> {
        let columns = Columns { fields, data: batch.child_data() };
        let [status, headers, body, url, truncated, peer_ip, time, history] = INPUT;
        let text = "string or binary";
        let responses = Self {
            batch,
            status: columns.read(status, "an integer", Integers::of)?,
            headers: columns.read(
                headers,
                "a list of structs of name and value, a list of pairs, or a map, of string or binary",
                Headers::of,
            )?,
            body: columns.read(body, "binary or string", Texts::of)?,
            url: columns.read(url, text, Texts::of)?,
            truncated: columns.read(truncated, "bool", Flags::of)?,
            peer_ip: columns.read(peer_ip, text, Texts::of)?,
            time: columns.read(time, "a timestamp with a time zone, or RFC 3339 strings", Moments::of)?,
            history: columns.read(history, "a list of structs of status and location", History::of)?,
        };
        if responses.status.is_none() && responses.headers.is_none() && responses.body.is_none() {
            let found: Vec<_> = fields.iter().map(|field| field.name().as_str()).collect();
            return Err(Failure::Value(format!(
                "data has none of the columns status, headers, body; it has {}",
                if found.is_empty() { "none".to_owned() } else { found.join(", ") },
            )));
        }
        Ok(responses)
    }

    /// The response in one row; of a row that is null nothing is known.
    pub(super) fn row<'s>(
        &self,
        row: usize,
        scratch: &'s mut Scratch<'a>,
    ) -> Result<ResponseParts<'s>, Corrupt> {
        let mut parts = ResponseParts::new();
        if is_null(self.batch.nulls(), row)? {
            return Ok(parts);
        }
        if let Some(status) = get(self.status.as_ref(), |column| column.get(row))? {
            parts = parts.status(status);
        }
        if let Some(headers) = &self.headers
            && headers.read(row, &mut scratch.fields)?
        {
            parts = parts.headers(scratch.fields.as_slice());
        }
        if let Some(body) = get(self.body.as_ref(), |column| column.get(row))? {
            let truncated = get(self.truncated.as_ref(), |column| column.get(row))?;
            parts = if truncated == Some(true) { parts.partial_body(body) } else { parts.body(body) };
        }
        if let Some(url) = get(self.url.as_ref(), |column| column.text(row))? {
            parts = parts.url(url);
        }
        let peer = get(self.peer_ip.as_ref(), |column| column.text(row))?;
        if let Some(peer) = peer.and_then(|text| text.parse().ok()) {
            parts = parts.peer(peer);
        }
        if let Some(now) = get(self.time.as_ref(), |column| column.get(row))? {
            parts = parts.now(now);
        }
        if let Some(history) = &self.history {
            history.read(row, &mut scratch.hops)?;
            parts = parts.history(&scratch.hops);
        }
        Ok(parts)
    }
}

fn get<C, T>(
    column: Option<C>,
    read: impl FnOnce(C) -> Result<Option<T>, Corrupt>,
) -> Result<Option<T>, Corrupt> {
    column.map_or(Ok(None), read)
}

struct Columns<'a, 'b> {
    fields: &'b Fields,
    data: &'a [ArrayData],
}

impl<'a> Columns<'a, '_> {
    fn read<T>(
        &self,
        name: &str,
        expected: &str,
        read: impl FnOnce(&'a ArrayData) -> Option<T>,
    ) -> Result<Option<T>, Failure> {
        let mut places = self.fields.iter().enumerate().filter(|(_, field)| field.name() == name);
        let Some((place, field)) = places.next() else { return Ok(None) };
        if places.next().is_some() {
            return Err(Failure::Value(format!("data has two columns {name:?}")));
        }
        match read(&self.data[place]) {
            Some(column) => Ok(Some(column)),
            None => Err(Failure::Type(format!(
                "column {name:?} is {}, expected {expected}",
                described(field.data_type())
            ))),
        }
    }
}

/// A type, in the spelling that Python programs know for the simple ones.
pub(super) fn described(data_type: &DataType) -> String {
    let text = data_type.to_string();
    if data_type.is_nested() { text } else { text.to_lowercase() }
}
