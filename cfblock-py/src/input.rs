//! A response as Python programs hold it, borrowed for one call.

use std::borrow::Cow;
use std::net::IpAddr;

use cfblock_core::{Headers, Hop, ResponseParts, Verdict};
use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3::types::{PyByteArray, PyBytes, PyDict, PyList, PyMapping, PyMemoryView, PyString, PyTuple};

use crate::convert::{expected, moment, whole};

/// The names of the arguments of `classify`.
const MEMBERS: [&str; 8] = ["status", "headers", "body", "url", "history", "peer_ip", "now", "truncated"];

/// The arguments of `classify`.
#[derive(Default)]
pub(crate) struct Response<'py> {
    status: Option<u16>,
    headers: Option<Vec<Field<'py>>>,
    body: Option<Octets<'py>>,
    truncated: bool,
    url: Option<PyBackedStr>,
    history: Vec<(Option<u16>, Option<Octets<'py>>)>,
    peer: Option<IpAddr>,
    now: Option<i64>,
}

/// The optional members of a response, as they were passed.
pub(crate) struct Surroundings<'a, 'py> {
    pub(crate) url: Option<&'a Bound<'py, PyAny>>,
    pub(crate) history: Option<&'a Bound<'py, PyAny>>,
    pub(crate) peer_ip: Option<&'a Bound<'py, PyAny>>,
    pub(crate) now: Option<&'a Bound<'py, PyAny>>,
    pub(crate) truncated: bool,
}

/// Header fields and hops, as the core takes them.
type Lists<'a> = (Vec<(&'a [u8], &'a [u8])>, Vec<Hop<'a>>);

type Field<'py> = (Octets<'py>, Octets<'py>);

/// What a text or a byte string holds, kept alive by a reference to it.
pub(crate) enum Octets<'py> {
    Text(Bound<'py, PyString>),
    Bytes(Bound<'py, PyBytes>),
    /// A copy of what other threads could change, or of text that is not Unicode.
    Owned(Vec<u8>),
}

impl<'py> Octets<'py> {
    /// `None` for anything that is neither text nor bytes.
    fn read(value: &Bound<'py, PyAny>) -> PyResult<Option<Self>> {
        Ok(Some(if let Ok(text) = value.cast::<PyString>() {
            if text.to_str().is_ok() { Self::Text(text.clone()) } else { Self::Owned(undecoded(text)?) }
        } else if let Ok(bytes) = value.cast::<PyBytes>() {
            Self::Bytes(bytes.clone())
        } else if value.is_instance_of::<PyByteArray>() || value.is_instance_of::<PyMemoryView>() {
            Self::Owned(value.extract::<Cow<'_, [u8]>>()?.into_owned())
        } else {
            return Ok(None);
        }))
    }

    fn as_slice(&self) -> &[u8] {
        match self {
            // Read before, so that it is Unicode is known.
            Self::Text(text) => text.to_str().unwrap_or_default().as_bytes(),
            Self::Bytes(bytes) => bytes.as_bytes(),
            Self::Owned(bytes) => bytes,
        }
    }
}

/// The bytes of a text with lone surrogates, which stand for bytes that were no Unicode.
fn undecoded(text: &Bound<'_, PyString>) -> PyResult<Vec<u8>> {
    let encode = |errors| text.call_method1(intern!(text.py(), "encode"), ("utf-8", errors));
    Ok(encode("surrogateescape").or_else(|_| encode("replace"))?.cast::<PyBytes>()?.as_bytes().to_vec())
}

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
        response.headers = headers.map(read_headers).transpose()?;
        if let Some(body) = body {
            let read = Octets::read(body)?;
            response.body = Some(
                read.ok_or_else(|| expected("body", "bytes, bytearray, memoryview, str or None", body))?,
            );
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

    /// Reads one item of `classify_many`: a tuple of up to three, or a mapping of the arguments.
    pub(crate) fn read_item(name: &str, item: &Bound<'py, PyAny>) -> PyResult<Self> {
        let py = item.py();
        let none = py.None().into_bound(py);
        if let Ok(tuple) = item.cast::<PyTuple>() {
            if (1..=3).contains(&tuple.len()) {
                let part = |at| tuple.get_item(at).ok().filter(|part: &Bound<'_, PyAny>| !part.is_none());
                let around =
                    Surroundings { url: None, history: None, peer_ip: None, now: None, truncated: false };
                return Self::read(&part(0).unwrap_or(none), part(1).as_ref(), part(2).as_ref(), &around);
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
        Err(expected(name, "a tuple (status, headers, body) or a mapping of the arguments of classify", item))
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

    /// The verdict about it.
    pub(crate) fn classify(&self) -> Verdict {
        let (fields, hops) = self.lists();
        cfblock_core::classify(&self.parts(&fields, &hops))
    }

    /// Header fields and hops as the core takes them, for [`Response::parts`].
    pub(crate) fn lists(&self) -> Lists<'_> {
        let fields = self.headers.iter().flatten();
        let hops = self.history.iter();
        (
            fields.map(|(name, value)| (name.as_slice(), value.as_slice())).collect(),
            hops.map(|(status, location)| Hop::new(*status, location.as_ref().map(Octets::as_slice)))
                .collect(),
        )
    }

    /// The parts, with what [`Response::lists`] returned.
    pub(crate) fn parts<'a>(
        &'a self,
        fields: &'a [(&'a [u8], &'a [u8])],
        hops: &'a [Hop<'a>],
    ) -> ResponseParts<'a> {
        let mut parts = ResponseParts::new().history(hops);
        if let Some(status) = self.status {
            parts = parts.status(status);
        }
        if self.headers.is_some() {
            parts = parts.headers(Headers::Bytes(fields));
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

/// Reads pairs, a mapping, or any of the header types of the HTTP libraries.
fn read_headers<'py>(headers: &Bound<'py, PyAny>) -> PyResult<Vec<Field<'py>>> {
    let py = headers.py();
    if let Ok(list) = headers.cast_exact::<PyList>() {
        let mut fields = Vec::with_capacity(list.len());
        for pair in list {
            read_pair(&pair, &mut fields)?;
        }
        return Ok(fields);
    }
    let mut fields = Vec::with_capacity(16);
    if let Ok(dict) = headers.cast_exact::<PyDict>() {
        for (name, value) in dict {
            read_field(&name, &value, &mut fields)?;
        }
        return Ok(fields);
    }
    let wrong = || expected("headers", "pairs of str or bytes, a mapping or None", headers);
    if headers.is_instance_of::<PyString>() || headers.is_instance_of::<PyBytes>() {
        return Err(wrong());
    }
    // httpx and curl_cffi keep repeated names apart only there.
    let pairs = if headers.hasattr(intern!(py, "multi_items"))? {
        headers.call_method0(intern!(py, "multi_items"))?
    } else if headers.hasattr(intern!(py, "items"))? {
        headers.call_method0(intern!(py, "items"))?
    } else {
        headers.clone()
    };
    for pair in pairs.try_iter().map_err(|_| wrong())? {
        read_pair(&pair?, &mut fields)?;
    }
    Ok(fields)
}

fn read_pair<'py>(pair: &Bound<'py, PyAny>, fields: &mut Vec<Field<'py>>) -> PyResult<()> {
    if let Ok(tuple) = pair.cast::<PyTuple>() {
        if tuple.len() == 2 {
            return read_field(&tuple.get_item(0)?, &tuple.get_item(1)?, fields);
        }
    } else if let Ok(list) = pair.cast::<PyList>()
        && list.len() == 2
    {
        return read_field(&list.get_item(0)?, &list.get_item(1)?, fields);
    }
    let at = format!("headers[{}]", fields.len());
    Err(expected(&at, "a pair (name, value) of str or bytes", pair))
}

/// One name with its value, or with a list of values as mappings of repeated names have.
fn read_field<'py>(
    name: &Bound<'py, PyAny>,
    value: &Bound<'py, PyAny>,
    fields: &mut Vec<Field<'py>>,
) -> PyResult<()> {
    let at = || format!("headers[{}]", fields.len());
    let wrong_name = || expected(&format!("the name of {}", at()), "str or bytes", name);
    let key = Octets::read(name)?.ok_or_else(wrong_name)?;
    if let Some(value) = Octets::read(value)? {
        fields.push((key, value));
        return Ok(());
    }
    let wrong_value = |value| expected(&format!("the value of {}", at()), "str or bytes", value);
    if !(value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>()) {
        return Err(wrong_value(value));
    }
    for one in value.try_iter()? {
        let one = one?;
        let Some(text) = Octets::read(&one)? else {
            return Err(expected(&format!("a value of headers[{}]", fields.len()), "str or bytes", &one));
        };
        if let Some(key) = Octets::read(name)? {
            fields.push((key, text));
        }
    }
    Ok(())
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
