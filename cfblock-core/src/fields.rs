//! Values that a hostile page could forge, held to their exact alphabets.
//!
//! They end up in logs, tickets and shells, so nothing else can get into them.

#![allow(
    clippy::indexing_slicing,
    reason = "each place comes from a search in the same bytes, so it lies within them"
)]

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

/// Prints, reads and serializes a type that is a short text.
macro_rules! text_forms {
    ($name:ident, $expected:literal) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = FieldError;

            fn from_str(text: &str) -> Result<Self, FieldError> {
                Self::from_bytes(text.as_bytes())
                    .ok_or(FieldError { field: stringify!($name), expected: $expected })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

/// Declares a type of a fixed number of ASCII bytes with its text forms.
macro_rules! ascii_field {
    ($(#[doc = $doc:literal])+ $name:ident, $length:literal, $expected:literal) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name([u8; $length]);

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                std::str::from_utf8(&self.0).unwrap_or_default()
            }
        }

        text_forms! { $name, $expected }
    };
}

/// A text that does not have the form of the field it was read for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a {field}: expected {expected}")]
#[non_exhaustive]
pub struct FieldError {
    /// The field, by the name of its type.
    pub field: &'static str,
    /// The form it should have.
    pub expected: &'static str,
}

ascii_field! {
    /// A Ray ID without the data centre: 16 lower-case hexadecimal digits.
    ///
    /// ```
    /// use cfblock_core::RayId;
    ///
    /// let ray: RayId = "8f1b2c3d4e5f6071".parse()?;
    /// assert_eq!(ray.as_str(), "8f1b2c3d4e5f6071");
    /// assert!("8f1b2c3d4e5f6071\n".parse::<RayId>().is_err());
    /// # Ok::<(), cfblock_core::FieldError>(())
    /// ```
    RayId, 16, "16 lower-case hexadecimal digits"
}

impl RayId {
    /// Reads exactly 16 lower-case hexadecimal digits.
    #[must_use]
    pub fn from_bytes(text: &[u8]) -> Option<Self> {
        let digits: [u8; 16] = text.try_into().ok()?;
        // Without a short circuit the compiler checks all digits at once.
        let valid = digits.iter().fold(true, |valid, byte| valid & matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        valid.then_some(Self(digits))
    }
}

ascii_field! {
    /// A Cloudflare data centre: the three letters of an airport, in upper case.
    Colo, 3, "three upper-case letters"
}

impl Colo {
    /// Reads exactly three upper-case letters.
    #[must_use]
    pub fn from_bytes(text: &[u8]) -> Option<Self> {
        let letters: [u8; 3] = text.try_into().ok()?;
        letters.iter().all(u8::is_ascii_uppercase).then_some(Self(letters))
    }
}

ascii_field! {
    /// A country as Cloudflare writes it: two upper-case letters, or `T1` for Tor.
    Country, 2, "two upper-case letters, or T1"
}

impl Country {
    /// Reads exactly two upper-case letters, or `T1`.
    #[must_use]
    pub fn from_bytes(text: &[u8]) -> Option<Self> {
        let letters: [u8; 2] = text.try_into().ok()?;
        (letters.iter().all(u8::is_ascii_uppercase) || letters == *b"T1").then_some(Self(letters))
    }
}

ascii_field! {
    /// A time in UTC to the second, as RFC 3339 writes it: `2026-11-20T12:00:00Z`.
    Timestamp, 20, "a time such as 2026-11-20T12:00:00Z"
}

impl Timestamp {
    /// Reads `2026-11-20T12:00:00Z`, or `2026-11-20 12:00:00` as it stands on pages.
    #[must_use]
    pub fn from_bytes(text: &[u8]) -> Option<Self> {
        let separator = *text.get(10)?;
        let whole = matches!((separator, text.len()), (b'T', 20) | (b' ', 19));
        if !whole || (text.len() == 20 && text[19] != b'Z') {
            return None;
        }
        let mut out = *b"0000-00-00T00:00:00Z";
        for (slot, byte) in out.iter_mut().zip(text) {
            match (*slot, *byte) {
                (b'0', b'0'..=b'9') => *slot = *byte,
                (b'T', b' ') => {}
                (fixed, found) if fixed == found => {}
                _ => return None,
            }
        }
        let two = |at: usize| (out[at] - b'0') * 10 + (out[at + 1] - b'0');
        let valid = matches!(two(5), 1..=12)
            && matches!(two(8), 1..=31)
            && two(11) < 24
            && two(14) < 60
            && two(17) <= 60;
        valid.then_some(Self(out))
    }
}

/// An IP address as a page shows it.
///
/// It has the form of an address, but publishers of captures like to replace
/// the real one, so it need not be one: see [`ClientIp::address`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClientIp {
    text: [u8; Self::LONGEST],
    length: u8,
}

impl ClientIp {
    /// The longest form of an IPv6 address.
    const LONGEST: usize = 45;

    /// Reads four groups of up to three digits, or an IPv6 address.
    #[must_use]
    pub fn from_bytes(text: &[u8]) -> Option<Self> {
        let is_group = |group: &[u8]| matches!(group.len(), 1..=3) && group.iter().all(u8::is_ascii_digit);
        let v4 =
            text.split(|byte| *byte == b'.').count() == 4 && text.split(|byte| *byte == b'.').all(is_group);
        let v6 = || std::str::from_utf8(text).is_ok_and(|text| text.parse::<Ipv6Addr>().is_ok());
        if text.len() > Self::LONGEST || !(v4 || v6()) {
            return None;
        }
        let mut copy = [0; Self::LONGEST];
        copy[..text.len()].copy_from_slice(text);
        Some(Self { text: copy, length: u8::try_from(text.len()).ok()? })
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.text[..usize::from(self.length)]).unwrap_or_default()
    }

    /// The address, unless the text only has the form of one (`000.00.000.00`).
    #[must_use]
    pub fn address(&self) -> Option<IpAddr> {
        self.as_str().parse().ok()
    }
}

text_forms! { ClientIp, "an IP address" }

/// Declares a type of a short text of any length with its text forms.
macro_rules! text_field {
    ($(#[doc = $doc:literal])+ $name:ident, $expected:literal) => {
        $(#[doc = $doc])+
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Box<str>);

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::ops::Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        text_forms! { $name, $expected }
    };
}

text_field! {
    /// A host name or an IP address, with a port where one was given.
    ///
    /// Letters, digits, `-`, `.`, `_`, `:` and brackets, and nothing else.
    ///
    /// ```
    /// use cfblock_core::Host;
    ///
    /// assert_eq!("shop.example".parse::<Host>()?.as_str(), "shop.example");
    /// assert!("shop.example/cart".parse::<Host>().is_err());
    /// # Ok::<(), cfblock_core::FieldError>(())
    /// ```
    Host, "a host name such as shop.example"
}

impl Host {
    /// Reads a host name with at least one dot, or an IPv6 address in brackets.
    #[must_use]
    pub fn from_bytes(text: &[u8]) -> Option<Self> {
        let allowed = |byte: &u8| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b':' | b'[' | b']')
        };
        let plausible = text.len() <= 255
            && text.iter().all(allowed)
            && text.first().is_some_and(|first| !matches!(first, b'.' | b'-' | b':'))
            && (text.contains(&b'.') || text.starts_with(b"["));
        std::str::from_utf8(text).ok().filter(|_| plausible).map(|text| Self(text.into()))
    }
}

text_field! {
    /// A price as a site states it to crawlers: `USD 0.01`.
    Price, "a price such as USD 0.01"
}

impl Price {
    /// Reads at most 32 letters, digits, spaces, dots and commas.
    #[must_use]
    pub fn from_bytes(text: &[u8]) -> Option<Self> {
        let harmless = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'.' | b',');
        let valid = (1..=32).contains(&text.len()) && text.iter().all(harmless);
        std::str::from_utf8(text).ok().filter(|_| valid).map(|text| Self(text.into()))
    }
}

/// A word as Cloudflare's structured errors use it: `snake_case`, at most 64 characters.
pub(crate) fn valid_word(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
}
