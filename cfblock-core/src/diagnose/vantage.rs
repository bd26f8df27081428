//! From where a request was sent, and as whom.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::vocab::{Attribute, Network};

/// A value that is compared and handed back, never interpreted: a text, a number, or true and false.
///
/// Two values are the same if they read the same, so the text `"64500"` is the
/// number `64500`.
///
/// ```
/// use cfblock_core::Opaque;
///
/// assert_eq!(Opaque::from(64500_u32), Opaque::from("64500"));
/// assert_eq!(serde_json::to_string(&Opaque::from(64500_u32))?, "64500");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Opaque(Inner);

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a text, a number, true or false")]
enum Inner {
    Flag(bool),
    Number(serde_json::Number),
    Text(Box<str>),
}

impl Opaque {
    /// The text, if the value is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.0 {
            Inner::Text(text) => Some(text),
            Inner::Flag(_) | Inner::Number(_) => None,
        }
    }
}

impl fmt::Display for Opaque {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Inner::Flag(flag) => fmt::Display::fmt(flag, f),
            Inner::Number(number) => fmt::Display::fmt(number, f),
            Inner::Text(text) => f.pad(text),
        }
    }
}

impl PartialEq for Opaque {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Inner::Text(one), Inner::Text(another)) => one == another,
            _ => self.to_string() == other.to_string(),
        }
    }
}

impl Eq for Opaque {}

impl From<&str> for Opaque {
    fn from(text: &str) -> Self {
        Self(Inner::Text(text.into()))
    }
}

impl From<String> for Opaque {
    fn from(text: String) -> Self {
        Self(Inner::Text(text.into()))
    }
}

impl From<u32> for Opaque {
    fn from(number: u32) -> Self {
        Self(Inner::Number(number.into()))
    }
}

impl From<u64> for Opaque {
    fn from(number: u64) -> Self {
        Self(Inner::Number(number.into()))
    }
}

impl From<bool> for Opaque {
    fn from(flag: bool) -> Self {
        Self(Inner::Flag(flag))
    }
}

/// A number that JSON cannot hold, such as infinity, becomes its text.
impl From<f64> for Opaque {
    fn from(number: f64) -> Self {
        Self(match serde_json::Number::from_f64(number) {
            Some(number) => Inner::Number(number),
            None => Inner::Text(number.to_string().into()),
        })
    }
}

/// From where a request was sent, and as whom. Every member may be unknown.
///
/// ```
/// use cfblock_core::{Network, Vantage};
///
/// let vantage: Vantage = serde_json::from_str(r#"{"network": "mobile", "country": "DE", "rate": 0.5}"#)?;
/// assert_eq!(vantage, Vantage::new().network(Network::Mobile).country("DE").rate(0.5));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Vantage {
    /// The kind of network.
    pub network: Option<Network>,
    /// The network's number; `AS64500` and `64500` are the same.
    pub asn: Option<Opaque>,
    /// The country of the address.
    pub country: Option<Opaque>,
    /// The address.
    pub ip: Option<Opaque>,
    /// The fingerprint of the TLS handshake, in any notation, or the name of the tool.
    pub tls_fingerprint: Option<Opaque>,
    /// The User-Agent header.
    pub user_agent: Option<Opaque>,
    /// The version of HTTP.
    pub http_version: Option<Opaque>,
    /// Whether a real browser asks.
    pub browser: Option<bool>,
    /// Cookies and whatever else ties requests together, by any name.
    pub session: Option<Opaque>,
    /// Requests a second, finite and not negative.
    #[serde(deserialize_with = "rate")]
    pub rate: Option<f64>,
}

fn rate<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    match Option::<f64>::deserialize(deserializer)? {
        Some(rate) if !rate.is_finite() || rate < 0.0 => {
            Err(serde::de::Error::custom("a rate is a number of requests a second, 0 or more"))
        }
        rate => Ok(rate),
    }
}

impl Vantage {
    /// A vantage of which nothing is known.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the kind of network.
    #[must_use]
    pub fn network(mut self, network: Network) -> Self {
        self.network = Some(network);
        self
    }

    /// Sets the network's number.
    #[must_use]
    pub fn asn(mut self, asn: impl Into<Opaque>) -> Self {
        self.asn = Some(asn.into());
        self
    }

    /// Sets the country of the address.
    #[must_use]
    pub fn country(mut self, country: impl Into<Opaque>) -> Self {
        self.country = Some(country.into());
        self
    }

    /// Sets the address.
    #[must_use]
    pub fn ip(mut self, ip: impl Into<Opaque>) -> Self {
        self.ip = Some(ip.into());
        self
    }

    /// Sets the fingerprint of the TLS handshake.
    #[must_use]
    pub fn tls_fingerprint(mut self, fingerprint: impl Into<Opaque>) -> Self {
        self.tls_fingerprint = Some(fingerprint.into());
        self
    }

    /// Sets the User-Agent header.
    #[must_use]
    pub fn user_agent(mut self, user_agent: impl Into<Opaque>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// Sets the version of HTTP.
    #[must_use]
    pub fn http_version(mut self, version: impl Into<Opaque>) -> Self {
        self.http_version = Some(version.into());
        self
    }

    /// Sets whether a real browser asks.
    #[must_use]
    pub fn browser(mut self, real: bool) -> Self {
        self.browser = Some(real);
        self
    }

    /// Sets the session.
    #[must_use]
    pub fn session(mut self, session: impl Into<Opaque>) -> Self {
        self.session = Some(session.into());
        self
    }

    /// Sets the requests a second. What is negative or not finite counts as unknown.
    #[must_use]
    pub fn rate(mut self, rate: f64) -> Self {
        self.rate = Some(rate).filter(|rate| rate.is_finite() && *rate >= 0.0);
        self
    }

    /// The value of one attribute; the path is no part of a vantage.
    pub(super) fn get(&self, attribute: Attribute) -> Option<Opaque> {
        match attribute {
            Attribute::Network => self.network.map(|network| network.as_str().into()),
            Attribute::Asn => self.asn.clone(),
            Attribute::Country => self.country.clone(),
            Attribute::Ip => self.ip.clone(),
            Attribute::TlsFingerprint => self.tls_fingerprint.clone(),
            Attribute::UserAgent => self.user_agent.clone(),
            Attribute::HttpVersion => self.http_version.clone(),
            Attribute::Browser => self.browser.map(Opaque::from),
            Attribute::Session => self.session.clone(),
            Attribute::Rate => self.rate.map(Opaque::from),
            Attribute::Path => None,
        }
    }
}
