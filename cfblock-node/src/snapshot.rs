//! The form in which a verdict crosses the border: six characters for what is
//! read most, then the JSON of its facts.
//!
//! | character | holds |
//! |---|---|
//! | 0 | the class, by its place in the set of words |
//! | 1 | 1 intercepted, 2 blocked, 4 preview, 8 has an error code |
//! | 2 | the action, by its place |
//! | 3 | the confidence, by its place |
//! | 4, 5 | the error code, its high and its low byte |

#![allow(
    clippy::indexing_slicing,
    reason = "each place comes from a search in the same bytes, so it lies within them"
)]

use cfblock_core::Verdict;
use napi::Result;

use crate::convert::{self, refuse};
use crate::latin1::OneByteString;

/// How many characters stand before the facts.
pub(crate) const PREFIX: usize = 6;

pub(crate) fn write(verdict: &Verdict) -> Result<OneByteString> {
    let mut text = Vec::with_capacity(512);
    let flags = u8::from(verdict.is_intercepted())
        | u8::from(verdict.is_blocked()) << 1
        | u8::from(verdict.preview) << 2
        | u8::from(verdict.error_code.is_some()) << 3;
    let [high, low] = verdict.error_code.map_or(0, cfblock_core::ErrorCode::get).to_be_bytes();
    text.extend([verdict.class as u8, flags, verdict.action() as u8, verdict.confidence as u8, high, low]);
    serde_json::to_writer(&mut text, &verdict.facts()).map_err(convert::json_error)?;
    if !text[PREFIX..].is_ascii() {
        text = escaped(text);
    }
    Ok(OneByteString(text))
}

/// The same JSON in which each character is one byte.
fn escaped(text: Vec<u8>) -> Vec<u8> {
    let mut plain = text[..PREFIX].to_vec();
    for unit in String::from_utf8_lossy(&text[PREFIX..]).encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii() => plain.push(byte),
            _ => plain.extend(format!("\\u{unit:04x}").into_bytes()),
        }
    }
    plain
}

/// The verdict of a snapshot, or of its facts alone.
pub(crate) fn read(facts: &str) -> Result<Verdict> {
    serde_json::from_str(facts)
        .map_err(|error| refuse(format!("the verdict: {}", convert::without_place(&error))))
}
