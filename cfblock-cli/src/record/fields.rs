//! The members of a record whose JSON form is not that of a type of serde's.

use std::fmt;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// Text, as its bytes.
///
/// Unlike a `String` it takes the lone surrogates (`"\udc80"`) with which
/// Python and JavaScript write bytes that were no UTF-8.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bytes(pub(super) Vec<u8>);

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Bytes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text")
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Bytes, E> {
                Ok(Bytes(bytes.to_owned()))
            }
        }
        deserializer.deserialize_bytes(Text)
    }
}

/// Bytes in base64, with or without padding.
#[derive(Debug)]
pub(super) struct Base64(pub(super) Vec<u8>);

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Base64;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("base64")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Base64, E> {
                BASE64.decode(text).map(Base64).map_err(|error| E::custom(format!("not base64: {error}")))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

/// A time as RFC 3339 writes it, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Moment(pub(super) i64);

impl Moment {
    pub(super) const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }
}

impl TryFrom<String> for Moment {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let time: jiff::Timestamp =
            text.parse().map_err(|_| "expected a time with its zone, such as 2026-11-20T12:00:00Z")?;
        Ok(Self(time.as_millisecond()))
    }
}

/// Header fields as lines `name: value`, the form in which the core reads a whole block.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(from = "Vec<Pair>")]
pub(super) struct HeaderFields {
    pub(super) block: Vec<u8>,
    /// The values of all `content-encoding` fields.
    pub(super) content_encoding: Vec<u8>,
}

impl From<Vec<Pair>> for HeaderFields {
    fn from(pairs: Vec<Pair>) -> Self {
        let mut fields = Self::default();
        for Pair(name, value) in &pairs {
            // HTTP/2's `:status` and the like are no fields, and must not become another one.
            if name.0.is_empty() || name.0.iter().any(|byte| matches!(byte, b':' | b'\r' | b'\n')) {
                continue;
            }
            fields.block.extend_from_slice(&name.0);
            fields.block.extend_from_slice(b": ");
            let on_one_line = |byte: &u8| if matches!(byte, b'\r' | b'\n') { b' ' } else { *byte };
            fields.block.extend(value.0.iter().map(on_one_line));
            fields.block.push(b'\n');
            if name.0.eq_ignore_ascii_case(b"content-encoding") {
                fields.content_encoding.extend_from_slice(&value.0);
                fields.content_encoding.push(b',');
            }
        }
        fields
    }
}

#[derive(Debug, serde::Deserialize)]
#[serde(try_from = "Vec<Bytes>")]
struct Pair(Bytes, Bytes);

impl TryFrom<Vec<Bytes>> for Pair {
    type Error = &'static str;

    fn try_from(pair: Vec<Bytes>) -> Result<Self, Self::Error> {
        match <[Bytes; 2]>::try_from(pair) {
            Ok([name, value]) => Ok(Self(name, value)),
            Err(_) => Err("expected [name, value]"),
        }
    }
}
