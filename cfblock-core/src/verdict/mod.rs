//! The verdict: what one response says.

use serde::{Deserialize, Serialize};

use crate::advice::{self, Advice, Stated};
use crate::codes::{Entry, ErrorCode};
use crate::fields::{ClientIp, Colo, Country, Host, Price, RayId, Timestamp};
use crate::vocab::{
    Action, ChallengeType, Class, Confidence, Party, Producer, Provenance, ReachedOrigin, Signal, SiteState,
};

mod evidence;
mod record;
mod upstream;

pub use evidence::Evidence;
pub(crate) use evidence::EvidenceList;
pub use upstream::Upstream;

/// What one response says: who answered, why, and what is known about it.
///
/// The public members are what was read from the response. The methods look
/// the rest up in the catalogue. Serialized, it is one flat record with both.
///
/// Read back from its record, or from the record's known members alone, it is
/// the same verdict again.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "record::Facts<'_>")]
#[non_exhaustive]
pub struct Verdict {
    /// What stands in the way.
    pub class: Class,
    /// The error number, where one is stated.
    pub error_code: Option<ErrorCode>,
    /// The kind of challenge; only with [`Class::Challenge`].
    pub challenge_type: Option<ChallengeType>,
    /// How far the verdict can be relied on.
    pub confidence: Confidence,
    /// Who wrote the body.
    pub producer: Producer,
    /// Whether the answer came from Cloudflare's network.
    pub provenance: Provenance,
    /// Whether the address is a preview page under `/cdn-cgi/error/`: a demonstration, no incident.
    pub preview: bool,
    /// The HTTP status.
    pub status: Option<u16>,
    /// The Ray ID, without the data centre.
    pub ray_id: Option<RayId>,
    /// The Cloudflare data centre that answered.
    pub colo: Option<Colo>,
    /// Your address, as the page shows it.
    pub client_ip: Option<ClientIp>,
    /// Your country, as the page shows it.
    pub country: Option<Country>,
    /// The host that was asked, for intercepted responses.
    pub host: Option<Host>,
    /// When the page was made.
    pub timestamp: Option<Timestamp>,
    /// Cloudflare's name for the error, where a structured error states it.
    pub error_name: Option<Box<str>>,
    /// Cloudflare's category of the error, where a structured error states it.
    pub error_category: Option<Box<str>>,
    /// Whether the same request may succeed later: as stated, else from the catalogue.
    pub retryable: Option<bool>,
    /// The stated wait in seconds: the longest of what header and body say, at most a day.
    pub retry_after: Option<u32>,
    /// Whether the owner has to act, where a structured error states it.
    pub owner_action_required: Option<bool>,
    /// The price that the site asks of crawlers, such as `USD 0.01`.
    pub price: Option<Price>,
    /// An answer of Cloudflare's that this one quotes: what a relay met behind itself.
    pub upstream: Option<Box<Upstream>>,
    pub(crate) entry: Option<&'static Entry>,
    pub(crate) evidence: EvidenceList,
}

impl Verdict {
    /// A verdict of which only the class and its confidence are known.
    pub(crate) fn new(class: Class, confidence: Confidence) -> Self {
        Self {
            class,
            error_code: None,
            challenge_type: None,
            confidence,
            producer: Producer::Unknown,
            provenance: Provenance::Unknown,
            preview: false,
            status: None,
            ray_id: None,
            colo: None,
            client_ip: None,
            country: None,
            host: None,
            timestamp: None,
            error_name: None,
            error_category: None,
            retryable: None,
            retry_after: None,
            owner_action_required: None,
            price: None,
            upstream: None,
            entry: None,
            evidence: EvidenceList::default(),
        }
    }

    /// Whether the edge, or what the owner configured there, answered in
    /// place of the content.
    #[must_use]
    pub const fn is_intercepted(&self) -> bool {
        self.class.is_intercepted()
    }

    /// Whether the answer refuses *you*, rather than failing for everybody.
    #[must_use]
    pub const fn is_blocked(&self) -> bool {
        self.class.is_blocked()
    }

    /// The entry of the catalogue, if there is one for this code or page kind.
    #[must_use]
    pub const fn entry(&self) -> Option<&'static Entry> {
        self.entry
    }

    /// One `snake_case` word for the code or page kind.
    #[must_use]
    pub fn reason(&self) -> Option<&'static str> {
        self.entry.map(|entry| entry.reason)
    }

    /// Who can change it.
    #[must_use]
    pub fn party(&self) -> Option<Party> {
        self.entry.map(|entry| entry.party)
    }

    /// The first step.
    #[must_use]
    pub fn action(&self) -> Action {
        self.advice().first().map_or(Action::Inspect, |step| step.action)
    }

    /// What to do, the cheapest and most cooperative step first; at least one.
    ///
    /// It is the advice of this one answer, under no policy and without what
    /// was tried before; [`triage`](crate::triage::triage) takes both into account.
    #[must_use]
    pub fn steps(&self) -> Vec<Advice> {
        let mut steps = self.advice();
        advice::name_facts(&mut steps, self.named_ray_id(), self.price.as_ref());
        steps
    }

    /// The steps in the catalogue's own words.
    pub(crate) fn advice(&self) -> Vec<Advice> {
        advice::steps(self.entry, &self.stated())
    }

    /// The Ray ID to quote to the site's owner; a page that passed needs none.
    pub(crate) fn named_ray_id(&self) -> Option<RayId> {
        self.ray_id.filter(|_| self.is_intercepted())
    }

    fn stated(&self) -> Stated {
        Stated {
            class: self.class,
            status: self.status,
            retryable: self.retryable,
            retry_after: self.retry_after,
            preview: self.preview,
            bodiless: self.evidence().iter().any(|one| one.signal == Signal::ErrorPageHeaders),
        }
    }

    /// Whether the site's own server can have received the request.
    ///
    /// With the request's method it says whether sending it again is safe: see
    /// [`Verdict::safe_to_repeat`].
    #[must_use]
    pub fn reached_origin(&self) -> ReachedOrigin {
        match (self.entry, self.class, self.producer) {
            _ if self.preview => ReachedOrigin::No,
            (Some(entry), ..) => entry.reached_origin,
            (None, Class::Passed, Producer::Origin) => ReachedOrigin::Yes,
            _ => ReachedOrigin::Maybe,
        }
    }

    /// What the answer says about the site for everybody else.
    #[must_use]
    pub fn site(&self) -> SiteState {
        match (self.entry, self.class, self.status) {
            _ if self.preview => SiteState::Unknown,
            (Some(entry), ..) => entry.site,
            (None, Class::Passed, Some(..500)) => SiteState::Up,
            _ => SiteState::Unknown,
        }
    }

    /// Whether a request with this method can be sent again without doing its work twice.
    ///
    /// It can where the method is safe or idempotent (RFC 9110, section 9.2),
    /// where the first one cannot have reached the site's server, and where
    /// the answer is a refusal (400 to 498, but for 408), which did no work.
    ///
    /// ```
    /// use cfblock_core::{classify, ResponseParts};
    ///
    /// let timeout = classify(&ResponseParts::new().status(524).body(b"error code: 524"));
    /// assert!(timeout.safe_to_repeat("PUT") && !timeout.safe_to_repeat("POST"));
    ///
    /// let refused = classify(&ResponseParts::new().status(521).body(b"error code: 521"));
    /// assert!(refused.safe_to_repeat("POST"));
    /// ```
    #[must_use]
    pub fn safe_to_repeat(&self, method: &str) -> bool {
        let refused = self.status.is_some_and(|status| matches!(status, 400..=407 | 409..=498));
        refused || self.reached_origin() == ReachedOrigin::No || is_idempotent(method)
    }

    /// What leads to it, the likeliest first.
    #[must_use]
    pub fn causes(&self) -> &'static [&'static str] {
        self.entry.map_or(&[], |entry| entry.causes)
    }

    /// Where Cloudflare documents it.
    #[must_use]
    pub fn docs_url(&self) -> Option<&'static str> {
        self.entry.map(|entry| entry.docs_url)
    }

    /// What the verdict rests on.
    #[must_use]
    pub fn evidence(&self) -> &[Evidence] {
        self.evidence.as_slice()
    }

    /// The verdict itself if the site answered, an error of its class otherwise.
    ///
    /// ```
    /// use cfblock_core::{classify, Intercepted, ResponseParts};
    ///
    /// let verdict = classify(&ResponseParts::new().status(429).body(b"error code: 1015"));
    /// match verdict.into_result() {
    ///     Err(Intercepted::RateLimited(verdict)) => assert_eq!(verdict.error_code.unwrap().get(), 1015),
    ///     other => panic!("{other:?}"),
    /// }
    /// ```
    pub fn into_result(self) -> Result<Self, Intercepted> {
        let class = self.class;
        let boxed = Box::new(self);
        Err(match class {
            Class::Passed => return Ok(*boxed),
            Class::Challenge => Intercepted::Challenge(boxed),
            Class::AccessDenied => Intercepted::AccessDenied(boxed),
            Class::RateLimited => Intercepted::RateLimited(boxed),
            Class::WaitingRoom => Intercepted::WaitingRoom(boxed),
            Class::PaymentRequired => Intercepted::PaymentRequired(boxed),
            Class::SignInRequired => Intercepted::SignInRequired(boxed),
            Class::LegalBlock => Intercepted::LegalBlock(boxed),
            Class::PhishingWarning => Intercepted::PhishingWarning(boxed),
            Class::BadRequest => Intercepted::BadRequest(boxed),
            Class::SiteMisconfigured => Intercepted::SiteMisconfigured(boxed),
            Class::OriginFailed => Intercepted::OriginFailed(boxed),
            Class::EdgeFailed => Intercepted::EdgeFailed(boxed),
            Class::ProxyFailed => Intercepted::ProxyFailed(boxed),
        })
    }

    /// The known members of the record from which the rest follows: much
    /// shorter, and read back to the same verdict.
    ///
    /// ```
    /// use cfblock_core::{classify, ResponseParts, Verdict};
    ///
    /// let verdict = classify(&ResponseParts::new().status(429).body(b"error code: 1015"));
    /// let text = serde_json::to_string(&verdict.facts())?;
    /// assert!(text.contains("rate_limited") && !text.contains("docs_url"));
    /// assert_eq!(serde_json::from_str::<Verdict>(&text)?, verdict);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn facts(&self) -> impl Serialize + '_ {
        record::Facts::from(self)
    }

    /// One line: the class, the number and the title.
    #[must_use]
    pub fn summary(&self) -> String {
        let title = self.entry.map_or("", |entry| entry.title);
        match self.error_code {
            Some(code) => format!("{} {code}: {title}", self.class),
            None if title.is_empty() => self.class.to_string(),
            None => format!("{}: {title}", self.class),
        }
    }
}

/// Whether sending a request with this method twice does no more than sending it once (RFC 9110, section 9.2.2).
pub(crate) fn is_idempotent(method: &str) -> bool {
    ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(method))
}

/// An intercepted response as an error; its variants are the classes.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Intercepted {
    /// See [`Class::Challenge`].
    #[error("{}", .0.summary())]
    Challenge(Box<Verdict>),
    /// See [`Class::AccessDenied`].
    #[error("{}", .0.summary())]
    AccessDenied(Box<Verdict>),
    /// See [`Class::RateLimited`].
    #[error("{}", .0.summary())]
    RateLimited(Box<Verdict>),
    /// See [`Class::WaitingRoom`].
    #[error("{}", .0.summary())]
    WaitingRoom(Box<Verdict>),
    /// See [`Class::PaymentRequired`].
    #[error("{}", .0.summary())]
    PaymentRequired(Box<Verdict>),
    /// See [`Class::SignInRequired`].
    #[error("{}", .0.summary())]
    SignInRequired(Box<Verdict>),
    /// See [`Class::LegalBlock`].
    #[error("{}", .0.summary())]
    LegalBlock(Box<Verdict>),
    /// See [`Class::PhishingWarning`].
    #[error("{}", .0.summary())]
    PhishingWarning(Box<Verdict>),
    /// See [`Class::BadRequest`].
    #[error("{}", .0.summary())]
    BadRequest(Box<Verdict>),
    /// See [`Class::SiteMisconfigured`].
    #[error("{}", .0.summary())]
    SiteMisconfigured(Box<Verdict>),
    /// See [`Class::OriginFailed`].
    #[error("{}", .0.summary())]
    OriginFailed(Box<Verdict>),
    /// See [`Class::EdgeFailed`].
    #[error("{}", .0.summary())]
    EdgeFailed(Box<Verdict>),
    /// See [`Class::ProxyFailed`].
    #[error("{}", .0.summary())]
    ProxyFailed(Box<Verdict>),
}

impl Intercepted {
    /// The verdict.
    #[must_use]
    pub fn verdict(&self) -> &Verdict {
        match self {
            Self::Challenge(verdict)
            | Self::AccessDenied(verdict)
            | Self::RateLimited(verdict)
            | Self::WaitingRoom(verdict)
            | Self::PaymentRequired(verdict)
            | Self::SignInRequired(verdict)
            | Self::LegalBlock(verdict)
            | Self::PhishingWarning(verdict)
            | Self::BadRequest(verdict)
            | Self::SiteMisconfigured(verdict)
            | Self::OriginFailed(verdict)
            | Self::EdgeFailed(verdict)
            | Self::ProxyFailed(verdict) => verdict,
        }
    }
}
