//! JSON, words and times at the border.

use std::fmt::Display;
use std::str::FromStr;

use cfblock_core::Time;
use napi::{Error, Result, Status};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The error for an argument of a wrong value.
pub(crate) fn refuse(message: impl Display) -> Error {
    Error::new(Status::InvalidArg, message.to_string())
}

pub(crate) fn json_error(error: serde_json::Error) -> Error {
    refuse(error)
}

pub(crate) fn to_json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(json_error)
}

/// Reads JSON that the package made of a value; `name` is the member's.
pub(crate) fn from_value<T: DeserializeOwned>(name: &str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| refuse(format!("{name}: {}", without_place(&error))))
}

/// Reads JSON that the caller has; places in it count.
pub(crate) fn from_text<T: DeserializeOwned>(name: &str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| refuse(format!("{name}: {error}")))
}

pub(crate) fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&place).unwrap_or(&text).to_owned()
}

pub(crate) fn word<T>(name: &str, text: &str) -> Result<T>
where
    T: FromStr,
    T::Err: Display,
{
    text.parse().map_err(|error| refuse(format!("{name}: {error}")))
}

/// A time in milliseconds since 1970, as JavaScript has it.
pub(crate) fn time(milliseconds: f64) -> Time {
    #[allow(clippy::cast_possible_truncation, reason = "a time beyond the range becomes its end")]
    let milliseconds = milliseconds.round() as i64;
    Time::from_unix_millis(milliseconds)
}
