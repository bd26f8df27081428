//! Values that cross the border as JSON, words and times.

use std::fmt::Display;
use std::str::FromStr;

use cfblock_core::{ErrorCode, Time};
use pyo3::exceptions::{PyOverflowError, PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyString};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A value of the core as dicts, lists and scalars, its members in the order of the record.
pub(crate) fn to_python<'py>(py: Python<'py>, value: &impl Serialize) -> PyResult<Bound<'py, PyAny>> {
    py.import(intern!(py, "json"))?.call_method1(intern!(py, "loads"), (to_json(value)?,))
}

/// A value of the core as JSON in one line.
pub(crate) fn to_json(value: &impl Serialize) -> PyResult<String> {
    serde_json::to_string(value).map_err(|error| PyValueError::new_err(error.to_string()))
}

/// Reads dicts, lists and scalars as a value of the core; `name` is the argument's.
pub(crate) fn from_python<T: DeserializeOwned>(name: &str, value: &Bound<'_, PyAny>) -> PyResult<T> {
    let py = value.py();
    let text = py
        .import(intern!(py, "json"))?
        .call_method1(intern!(py, "dumps"), (value,))
        .map_err(|error| PyTypeError::new_err(format!("{name}: {}", error.value(py))))?;
    from_json(name, text.cast::<PyString>()?.to_str()?)
}

/// Reads JSON as a value of the core; `name` is the argument's.
pub(crate) fn from_json<T: DeserializeOwned>(name: &str, text: &str) -> PyResult<T> {
    serde_json::from_str(text).map_err(|error| PyValueError::new_err(format!("{name}: {error}")))
}

/// Like [`from_json`], for text that was made from a value: places in it say nothing to the caller.
pub(crate) fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&place).unwrap_or(&text).to_owned()
}

/// A word of one of the closed sets.
pub(crate) fn word<T>(name: &str, value: &Bound<'_, PyAny>) -> PyResult<T>
where
    T: FromStr,
    T::Err: Display,
{
    let text = value.cast::<PyString>().map_err(|_| expected(name, "a str", value))?;
    text.to_str()?.parse().map_err(|error| PyValueError::new_err(format!("{name}: {error}")))
}

/// An integer in the range of `T`; `True` and `False` are none.
pub(crate) fn whole<'a, 'py, T>(name: &str, value: &'a Bound<'py, PyAny>, largest: T) -> PyResult<T>
where
    T: FromPyObject<'a, 'py, Error = PyErr> + Display,
{
    let py = value.py();
    if value.is_instance_of::<PyBool>() {
        return Err(expected(name, "an int", value));
    }
    value.extract::<T>().map_err(|error| {
        if error.is_instance_of::<PyOverflowError>(py) {
            out_of_range(name, value, &format!("0 to {largest}"))
        } else if error.is_instance_of::<PyTypeError>(py) {
            expected(name, "an int", value)
        } else {
            error
        }
    })
}

/// A number; `True` and `False` are none.
pub(crate) fn number(name: &str, value: &Bound<'_, PyAny>, what: &str) -> PyResult<f64> {
    let py = value.py();
    if value.is_instance_of::<PyBool>() {
        return Err(expected(name, what, value));
    }
    match value.extract::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        Ok(_) => Err(out_of_range(name, value, "a finite number")),
        Err(error) if error.is_instance_of::<PyOverflowError>(py) => {
            Err(out_of_range(name, value, "a smaller number"))
        }
        Err(error) if error.is_instance_of::<PyTypeError>(py) => Err(expected(name, what, value)),
        Err(error) => Err(error),
    }
}

/// The `ValueError` for a number; one that is too long to be read is not shown.
fn out_of_range(name: &str, value: &Bound<'_, PyAny>, wanted: &str) -> PyErr {
    let shown = value.str().map_or_else(|_| String::new(), |text| text.to_string());
    let shown = if (1..=40).contains(&shown.len()) { &shown } else { "out of range" };
    PyValueError::new_err(format!("{name} is {shown}, expected {wanted}"))
}

/// An error number, where there is one.
pub(crate) fn error_code(value: Option<&Bound<'_, PyAny>>) -> PyResult<Option<ErrorCode>> {
    value.map(|value| whole("error_code", value, u16::MAX).map(ErrorCode::new)).transpose()
}

/// A moment: seconds since 1970, an aware datetime, or RFC 3339.
pub(crate) fn moment(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Time> {
    let py = value.py();
    if let Ok(text) = value.cast::<PyString>() {
        return text.to_str()?.parse().map_err(|error| PyValueError::new_err(format!("{name}: {error}")));
    }
    let what = "seconds since 1970, an aware datetime or an RFC 3339 str";
    let seconds = match value.getattr_opt(intern!(py, "timestamp"))? {
        None => number(name, value, what)?,
        Some(timestamp) => {
            if value.getattr_opt(intern!(py, "tzinfo"))?.is_none_or(|zone| zone.is_none()) {
                return Err(PyValueError::new_err(format!("{name} is a datetime without a time zone")));
            }
            number(name, &timestamp.call0()?, what)?
        }
    };
    #[allow(clippy::cast_possible_truncation, reason = "a time beyond the range becomes its end")]
    let milliseconds = (seconds * 1000.0).round() as i64;
    Ok(Time::from_unix_millis(milliseconds))
}

/// The `TypeError` for an argument of a wrong type.
pub(crate) fn expected(name: &str, what: &str, found: &Bound<'_, PyAny>) -> PyErr {
    let kind = found.get_type().name().map_or_else(|_| "?".to_owned(), |name| name.to_string());
    PyTypeError::new_err(format!("{name} must be {what}, not {kind}"))
}

/// The same error, with the item's place before its message.
pub(crate) fn in_item(py: Python<'_>, name: &str, error: PyErr) -> PyErr {
    let text = error.value(py).to_string();
    if text.starts_with(name) {
        return error;
    }
    let named = error.get_type(py).call1((format!("{name}: {text}"),));
    named.map_or(error, PyErr::from_value)
}
