//! A response as Python programs hold it, borrowed for one call.

use std::net::IpAddr;

use cfblock_core::{Headers as CoreHeaders, Hop, ResponseParts};
use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3::types::{PyBytes, PyMapping, PyString, PyTuple};

use crate::convert::{expected, in_item, moment, whole};

mod headers;
mod octets;

use headers::{Headers, Pairs};
use octets::Octets;

/// The names of the arguments of `classify`.
const MEMBERS: [&str; 8] = ["status", "headers", "body", "url", "history", "peer_ip", "now", "truncated"];

/// The arguments of `classify`.
#[derive(Default)]
pub(crate) struct Response<'py> {
    status: Option<u16>,
    headers: Option<Headers<'py>>,
    body: Option<Octets<'py>>,
    truncated: bool,
    url: Option<PyBackedStr>,
    history: Vec<(Option<u16>, Option<Octets<'py>>)>,
    peer: Option<IpAddr>,
    now: Option<i64>,
}

/// The optional members of a response, as they were passed.
#[derive(Default)]
pub(crate) struct Surroundings<'a, 'py> {
    pub(crate) url: Option<&'a Bound<'py, PyAny>>,
    pub(crate) history: Option<&'a Bound<'py, PyAny>>,
    pub(crate) peer_ip: Option<&'a Bound<'py, PyAny>>,
    pub(crate) now: Option<&'a Bound<'py, PyAny>>,
    pub(crate) truncated: bool,
}

/// Header fields and hops, as the core takes them.
pub(crate) type Lists<'a> = (Pairs<'a>, Vec<Hop<'a>>);

impl<'py> Response<'py> {
    /// Reads the arguments of `classify`.
    pub(crate) fn read(
        status: &Bound<'py, PyAny>,
        headers: Option<&Bound<'py, PyAny>>,
        body: Option<&Bound<'py, PyAny>>,
        around: &Surroundings<'_, 'py>,
    ) -> PyResult<Self> {
        let mut response = Self { truncated: around.truncated, ..Self::default() };
        if !status.is_none() {
            response.status = Some(whole("status", status, u16::MAX)?);
        }
        response.headers = headers.map(Headers::read).transpose()?;
        if let Some(body) = body {
            let read = Octets::read(body).map_err(|error| in_item(body.py(), "body", error))?;
            let wrong = || expected("body", "bytes, bytearray, memoryview, str or None", body);
            response.body = Some(read.ok_or_else(wrong)?);
        }
        if let Some(url) = around.url {
            let text = url.extract().map_err(|_| expected("url", "a str or None", url))?;
            response.url = Some(text);
        }
        if let Some(history) = around.history {
            response.history = read_history(history)?;
        }
        if let Some(peer) = around.peer_ip {
            response.peer = Some(read_address(peer)?);
        }
        if let Some(now) = around.now {
            response.now = Some(moment("now", now)?.unix_millis().div_euclid(1000));
        }
        Ok(response)
    }

    /// Reads the item at this place of `classify_many`, so that [`Response::lists`] has its headers.
    pub(crate) fn read_item(at: usize, item: &Bound<'py, PyAny>) -> PyResult<Self> {
        let py = item.py();
        let read = Self::read_tuple_or_mapping(item).and_then(|mut response| {
            if response.lists().is_none() {
                response.read_each_header()?;
            }
            Ok(response)
        });
        read.map_err(|error| in_item(py, &format!("responses[{at}]"), error))
    }

    fn read_tuple_or_mapping(item: &Bound<'py, PyAny>) -> PyResult<Self> {
        let py = item.py();
        let none = py.None().into_bound(py);
        if let Ok(tuple) = item.cast::<PyTuple>() {
            if (1..=3).contains(&tuple.len()) {
                let part = |at| tuple.get_item(at).ok().filter(|part: &Bound<'_, PyAny>| !part.is_none());
                let status = part(0).unwrap_or(none);
                return Self::read(&status, part(1).as_ref(), part(2).as_ref(), &Surroundings::default());
            }
        } else if let Ok(mapping) = item.cast::<PyMapping>() {
            for key in mapping.keys()? {
                if !MEMBERS.iter().any(|member| key.eq(member).unwrap_or(false)) {
                    let known = MEMBERS.join(", ");
                    let text = format!("{} is no argument of classify, expected one of {known}", key.repr()?);
                    return Err(PyValueError::new_err(text));
                }
            }
            return Self::read_members(mapping);
        }
        Err(expected(
            "a response",
            "a tuple (status, headers, body) or a mapping of the arguments of classify",
            item,
        ))
    }

    /// Reads the members of a mapping that are arguments of `classify`.
    pub(crate) fn read_members(mapping: &Bound<'py, PyMapping>) -> PyResult<Self> {
        let py = mapping.py();
        let member = |name| optional_member(mapping, name);
        let truncated = member("truncated")?.map_or(Ok(false), |flag| flag.is_truthy())?;
        let [status, headers, body] = [member("status")?, member("headers")?, member("body")?];
        let [url, history] = [member("url")?, member("history")?];
        let [peer_ip, now] = [member("peer_ip")?, member("now")?];
        let around = Surroundings {
            url: url.as_ref(),
            history: history.as_ref(),
            peer_ip: peer_ip.as_ref(),
            now: now.as_ref(),
            truncated,
        };
        let status = status.unwrap_or_else(|| py.None().into_bound(py));
        Self::read(&status, headers.as_ref(), body.as_ref(), &around)
    }

    /// Lends the parts to the core.
    pub(crate) fn with_parts<T>(&mut self, look: impl FnOnce(&ResponseParts<'_>) -> T) -> PyResult<T> {
        if let Some((pairs, hops)) = self.lists() {
            return Ok(look(&self.parts(&pairs, &hops)));
        }
        self.read_each_header()?;
        let (pairs, hops) = self.lists().unwrap_or_default();
        Ok(look(&self.parts(&pairs, &hops)))
    }

    /// Looks at each header, so that [`Response::lists`] has them.
    fn read_each_header(&mut self) -> PyResult<()> {
        self.headers.as_mut().map_or(Ok(()), Headers::read_each)
    }

    /// Header fields and hops as the core takes them, for [`Response::parts`].
    ///
    /// `None` where each header has to be looked at before.
    pub(crate) fn lists(&self) -> Option<Lists<'_>> {
        let pairs = match &self.headers {
            Some(headers) => headers.pairs()?,
            None => Vec::new(),
        };
        let mut hops = Vec::with_capacity(self.history.len());
        for (status, location) in &self.history {
            hops.push(Hop::new(*status, location.as_ref().map(Octets::as_slice)));
        }
        Some((pairs, hops))
    }

    /// The parts, with what [`Response::lists`] returned.
    pub(crate) fn parts<'a>(
        &'a self,
        pairs: &'a [(&'a [u8], &'a [u8])],
        hops: &'a [Hop<'a>],
    ) -> ResponseParts<'a> {
        let mut parts = ResponseParts::new().history(hops);
        if let Some(status) = self.status {
            parts = parts.status(status);
        }
        if self.headers.is_some() {
            parts = parts.headers(CoreHeaders::Bytes(pairs));
        }
        if let Some(body) = self.body.as_ref().map(Octets::as_slice) {
            parts = if self.truncated { parts.partial_body(body) } else { parts.body(body) };
        }
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
}

/// A member of a mapping; `None` stands for a missing one.
pub(crate) fn optional_member<'py>(
    mapping: &Bound<'py, PyMapping>,
    name: &str,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let value = if mapping.contains(name)? { Some(mapping.get_item(name)?) } else { None };
    Ok(value.filter(|value| !value.is_none()))
}

/// Reads redirects: pairs (status, location) or mappings with these members.
fn read_history<'py>(history: &Bound<'py, PyAny>) -> PyResult<Vec<(Option<u16>, Option<Octets<'py>>)>> {
    let wrong = || expected("history", "a list of pairs (status, location)", history);
    if history.is_instance_of::<PyString>() || history.is_instance_of::<PyBytes>() {
        return Err(wrong());
    }
    let mut hops = Vec::new();
    for hop in history.try_iter().map_err(|_| wrong())? {
        let hop = hop?;
        let at = format!("history[{}]", hops.len());
        let (status, location) = if let Ok(mapping) = hop.cast::<PyMapping>() {
            (optional_member(mapping, "status")?, optional_member(mapping, "location")?)
        } else if let Ok((status, location)) = hop.extract::<(Bound<'py, PyAny>, Bound<'py, PyAny>)>() {
            (Some(status), Some(location))
        } else {
            return Err(expected(&at, "a pair (status, location) or a mapping", &hop));
        };
        let status = status
            .filter(|status| !status.is_none())
            .map(|status| whole(&format!("the status of {at}"), &status, u16::MAX))
            .transpose()?;
        let location = match location.filter(|location| !location.is_none()) {
            None => None,
            Some(location) => Some(
                Octets::read(&location)?
                    .ok_or_else(|| expected(&format!("the location of {at}"), "str or bytes", &location))?,
            ),
        };
        hops.push((status, location));
    }
    Ok(hops)
}

/// An address as text or of the module `ipaddress`.
fn read_address(address: &Bound<'_, PyAny>) -> PyResult<IpAddr> {
    let py = address.py();
    let of_module = address.hasattr(intern!(py, "packed"))?;
    if !of_module && !address.is_instance_of::<PyString>() {
        return Err(expected("peer_ip", "a str, an address of the module ipaddress or None", address));
    }
    let text = address.str()?;
    let text = text.to_str()?;
    text.parse().map_err(|_| PyValueError::new_err(format!("peer_ip is {text:?}, expected an IP address")))
}
