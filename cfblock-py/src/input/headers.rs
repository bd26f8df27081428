//! Header fields in the shapes that Python programs hold them in.

use std::ptr;

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyString, PyTuple};
use pyo3::{Borrowed, intern};

use super::octets::Octets;
use crate::convert::{expected, in_item};

/// Names and values, as the core takes them.
pub(crate) type Pairs<'a> = Vec<(&'a [u8], &'a [u8])>;

/// Header fields, kept alive by references to them.
pub(crate) enum Headers<'py> {
    /// Pairs as they were passed, with nothing looked at yet.
    Passed(Bound<'py, PyTuple>),
    /// Names and values, each looked at.
    Read(Vec<(Octets<'py>, Octets<'py>)>),
}

impl<'py> Headers<'py> {
    /// Reads pairs, a mapping, or any of the header types of the HTTP libraries.
    pub(super) fn read(headers: &Bound<'py, PyAny>) -> PyResult<Self> {
        // A tuple does not change while another thread changes the list.
        match headers.cast_exact::<PyList>() {
            Ok(list) => Ok(Self::Passed(list.to_tuple())),
            Err(_) => Reader::read(headers).map(Self::Read),
        }
    }

    /// The fields; `None` where not all of them are tuples of two `str` or `bytes`, or a text is not Unicode.
    pub(super) fn pairs(&self) -> Option<Pairs<'_>> {
        match self {
            Self::Passed(passed) => {
                let mut pairs = Vec::with_capacity(passed.len());
                for at in 0..passed.len() {
                    pairs.push(plain(&passed.get_borrowed_item(at).ok()?)?);
                }
                Some(pairs)
            }
            Self::Read(fields) => {
                Some(fields.iter().map(|(name, value)| (name.as_slice(), value.as_slice())).collect())
            }
        }
    }

    /// Looks at each name and value, after [`Headers::pairs`] could not take them as they are.
    pub(super) fn read_each(&mut self) -> PyResult<()> {
        if let Self::Passed(passed) = self {
            *self = Self::Read(Reader::read(passed)?);
        }
        Ok(())
    }
}

/// The name and the value, where the pair is a tuple of two `str` or `bytes`.
#[allow(
    unsafe_code,
    reason = "pyo3 lends what a tuple holds for a shorter time; asking twice costs 0.1 µs a call"
)]
fn plain<'a>(pair: &Borrowed<'a, '_, PyAny>) -> Option<(&'a [u8], &'a [u8])> {
    let pair = pair.cast_exact::<PyTuple>().ok()?;
    if pair.len() != 2 {
        return None;
    }
    let (name, value) = (pair.get_borrowed_item(0).ok()?, pair.get_borrowed_item(1).ok()?);
    let (name, value) = (plain_bytes(&name)?, plain_bytes(&value)?);
    // SAFETY: a tuple holds the same items, and each the same bytes, as long as it lives, which is `'a`.
    Some(unsafe { (&*ptr::from_ref(name), &*ptr::from_ref(value)) })
}

#[inline]
fn plain_bytes<'a>(value: &'a Bound<'_, PyAny>) -> Option<&'a [u8]> {
    match value.cast_exact::<PyString>() {
        Ok(text) => text.to_str().ok().map(str::as_bytes),
        Err(_) => value.cast_exact::<PyBytes>().ok().map(PyBytesMethods::as_bytes),
    }
}

/// Collects fields; the count of them names the place of an error.
struct Reader<'py>(Vec<(Octets<'py>, Octets<'py>)>);

impl<'py> Reader<'py> {
    fn read(headers: &Bound<'py, PyAny>) -> PyResult<Vec<(Octets<'py>, Octets<'py>)>> {
        let mut reader = Self(Vec::with_capacity(16));
        if let Ok(dict) = headers.cast_exact::<PyDict>() {
            dict.iter().try_for_each(|(name, value)| reader.read_field(&name, &value))?;
            return Ok(reader.0);
        }
        let wrong = || expected("headers", "pairs of str or bytes, a mapping or None", headers);
        if headers.is_instance_of::<PyString>() || headers.is_instance_of::<PyBytes>() {
            return Err(wrong());
        }
        for pair in pairs_of(headers)?.try_iter().map_err(|_| wrong())? {
            reader.read_pair(&pair?)?;
        }
        Ok(reader.0)
    }

    fn read_pair(&mut self, pair: &Bound<'py, PyAny>) -> PyResult<()> {
        if let Ok(tuple) = pair.cast::<PyTuple>() {
            if tuple.len() == 2 {
                return self.read_field(&tuple.get_item(0)?, &tuple.get_item(1)?);
            }
        } else if let Ok(list) = pair.cast::<PyList>()
            && list.len() == 2
        {
            return self.read_field(&list.get_item(0)?, &list.get_item(1)?);
        }
        Err(expected(&self.place(), "a pair (name, value) of str or bytes", pair))
    }

    /// One name with its value, or with a list of values as mappings of repeated names have.
    fn read_field(&mut self, name: &Bound<'py, PyAny>, value: &Bound<'py, PyAny>) -> PyResult<()> {
        if let Ok(values) = value.cast::<PyList>() {
            return values.iter().try_for_each(|value| self.read_value("a value", name, &value));
        }
        if let Ok(values) = value.cast::<PyTuple>() {
            return values.iter().try_for_each(|value| self.read_value("a value", name, &value));
        }
        self.read_value("the value", name, value)
    }

    fn read_value(
        &mut self,
        which: &str,
        name: &Bound<'py, PyAny>,
        value: &Bound<'py, PyAny>,
    ) -> PyResult<()> {
        let name = self.octets("the name", name)?;
        let value = self.octets(which, value)?;
        self.0.push((name, value));
        Ok(())
    }

    fn octets(&self, which: &str, value: &Bound<'py, PyAny>) -> PyResult<Octets<'py>> {
        let at = || format!("{which} of {}", self.place());
        let read = Octets::read(value).map_err(|error| in_item(value.py(), &at(), error))?;
        read.ok_or_else(|| expected(&at(), "str or bytes", value))
    }

    fn place(&self) -> String {
        format!("headers[{}]", self.0.len())
    }
}

/// What to iterate over for pairs of names and values.
fn pairs_of<'py>(headers: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = headers.py();
    // Only there do httpx and curl_cffi keep repeated names apart, and e-mail's messages values as they came.
    for method in [intern!(py, "multi_items"), intern!(py, "raw_items"), intern!(py, "items")] {
        if let Some(method) = headers.getattr_opt(method)? {
            return method.call0();
        }
    }
    Ok(headers.clone())
}
