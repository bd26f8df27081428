//! Text and bytes of Python, as the bytes that the core reads.

use pyo3::buffer::PyBuffer;
use pyo3::exceptions::{PyBufferError, PyTypeError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

/// What a text or a byte string holds, kept alive by a reference to it.
pub(crate) enum Octets<'py> {
    Text(Bound<'py, PyString>),
    Bytes(Bound<'py, PyBytes>),
    /// A copy of what other threads could change, or of text that is not Unicode.
    Owned(Vec<u8>),
}

impl<'py> Octets<'py> {
    /// `None` for anything that holds neither text nor bytes.
    pub(super) fn read(value: &Bound<'py, PyAny>) -> PyResult<Option<Self>> {
        if let Ok(bytes) = value.cast::<PyBytes>() {
            return Ok(Some(Self::Bytes(bytes.clone())));
        }
        if let Ok(text) = value.cast::<PyString>() {
            let unicode = text.to_str().is_ok();
            return Ok(Some(if unicode { Self::Text(text.clone()) } else { Self::Owned(undecoded(text)?) }));
        }
        let py = value.py();
        match PyBuffer::<u8>::get(value) {
            Ok(buffer) => Ok(Some(Self::Owned(buffer.to_vec(py)?))),
            Err(error) if error.is_instance_of::<PyTypeError>(py) => Ok(None),
            Err(error) if error.is_instance_of::<PyBufferError>(py) => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(super) fn as_slice(&self) -> &[u8] {
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
