//! Header fields in the shapes that Python programs hold them in.

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyString, PyTuple};
use pyo3::{Borrowed, intern};

use super::octets::Octets;
use crate::convert::{expected, in_item};

/// Names and values, as the core takes them.
pub(crate) type Pairs<'a> = Vec<(&'a [u8], &'a [u8])>;

/// Header fields, kept alive by references to them.
pub(crate) enum Headers<'py> {
    /// Pairs as they were passed. Whether they hold text and bytes is seen when they are looked at.
    Passed(Vec<Bound<'py, PyTuple>>),
    /// Names and values, each looked at already.
    Read(Vec<(Octets<'py>, Octets<'py>)>),
}

impl<'py> Headers<'py> {
    /// Reads pairs, a mapping, or any of the header types of the HTTP libraries.
    pub(super) fn read(headers: &Bound<'py, PyAny>) -> PyResult<Self> {
        if let Ok(list) = headers.cast_exact::<PyList>()
            && let Some(passed) = tuples(list)
        {
            return Ok(Self::Passed(passed));
        }
        let mut reader = Reader(Vec::with_capacity(16));
        if let Ok(dict) = headers.cast_exact::<PyDict>() {
            for (name, value) in dict {
                reader.read_field(&name, &value)?;
            }
            return Ok(Self::Read(reader.0));
        }
        let wrong = || expected("headers", "pairs of str or bytes, a mapping or None", headers);
        if headers.is_instance_of::<PyString>() || headers.is_instance_of::<PyBytes>() {
            return Err(wrong());
        }
        for pair in pairs_of(headers)?.try_iter().map_err(|_| wrong())? {
            reader.read_pair(&pair?)?;
        }
        Ok(Self::Read(reader.0))
    }

    /// The fields; `None` where a pair holds more than two things, or other things than text and bytes.
    pub(super) fn pairs(&self) -> Option<Pairs<'_>> {
        match self {
            Self::Passed(passed) => {
                let mut pairs = Vec::with_capacity(passed.len());
                for pair in passed {
                    if pair.len() != 2 {
                        return None;
                    }
                    pairs.push((
                        plain(pair.get_borrowed_item(0).ok()?)?,
                        plain(pair.get_borrowed_item(1).ok()?)?,
                    ));
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
            let mut reader = Reader(Vec::with_capacity(passed.len()));
            passed.iter().try_for_each(|pair| reader.read_pair(pair))?;
            *self = Self::Read(reader.0);
        }
        Ok(())
    }
}

/// The items of a list of nothing but tuples.
fn tuples<'py>(list: &Bound<'py, PyList>) -> Option<Vec<Bound<'py, PyTuple>>> {
    let mut tuples = Vec::with_capacity(list.len());
    for item in list {
        tuples.push(item.cast_into_exact().ok()?);
    }
    Some(tuples)
}

fn plain<'a>(value: Borrowed<'a, '_, PyAny>) -> Option<&'a [u8]> {
    match <&str>::extract(value) {
        Ok(text) => Some(text.as_bytes()),
        Err(_) => <&[u8]>::extract(value).ok(),
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

/// Collects fields; the count of them names the place of an error.
struct Reader<'py>(Vec<(Octets<'py>, Octets<'py>)>);

impl<'py> Reader<'py> {
    fn read_pair(&mut self, pair: &Bound<'py, PyAny>) -> PyResult<()> {
        if let Ok(tuple) = pair.cast::<PyTuple>()
            && tuple.len() == 2
        {
            return self.read_field(&tuple.get_item(0)?, &tuple.get_item(1)?);
        }
        if let Ok(list) = pair.cast::<PyList>()
            && list.len() == 2
        {
            return self.read_field(&list.get_item(0)?, &list.get_item(1)?);
        }
        Err(expected(&self.place(), "a pair (name, value) of str or bytes", pair))
    }

    /// One name with its value, or with a list of values as mappings of repeated names have.
    fn read_field(&mut self, name: &Bound<'py, PyAny>, value: &Bound<'py, PyAny>) -> PyResult<()> {
        if let Ok(values) = value.cast::<PyList>() {
            return values.iter().try_for_each(|value| self.push("a value", name, &value));
        }
        if let Ok(values) = value.cast::<PyTuple>() {
            return values.iter().try_for_each(|value| self.push("a value", name, &value));
        }
        self.push("the value", name, value)
    }

    fn push(&mut self, which: &str, name: &Bound<'py, PyAny>, value: &Bound<'py, PyAny>) -> PyResult<()> {
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
