//! The closed sets of words that every part of cfblock shares.
//!
//! A word is spelled once, here. The record, the command line, the corpus and
//! the other languages all use this spelling.

mod action;
mod diagnosis;
mod evidence;
mod monitoring;
mod outcome;

pub use action::{Action, Change, Conduct, Held, Sends};
pub use diagnosis::{Attribute, Classification, Network, Scope};
pub use evidence::{Place, Signal};
pub use monitoring::{EventKind, Phase, Recovery};
pub use outcome::{Aim, Failure, ReachedOrigin, SiteState};

/// Declares an enum whose variants each carry one word and one explanation.
///
/// The doc comment of a variant is its explanation, so that the documentation
/// and `cfblock explain` cannot disagree.
macro_rules! words {
    (
        $(#[doc = $about:literal])+
        pub enum $name:ident {
            $($(#[doc = $doc:literal])+ $variant:ident = $word:literal,)+
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl $name {
            /// Every member of the set, in the order of the declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word as it stands in records: `snake_case`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// What the word means, in a sentence or two.
            #[must_use]
            pub const fn explanation(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc,)+).trim_ascii(),)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::vocab::UnknownWord;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|known| known.as_str() == word).ok_or_else(|| $crate::vocab::UnknownWord {
                    set: stringify!($name),
                    word: word.chars().take(64).collect(),
                    known: Self::ALL.iter().map(|known| known.as_str()).collect(),
                })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                word.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

use words;

/// A word that is not a member of the set it was read for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown {set} {word:?}, expected one of {}", known.join(", "))]
#[non_exhaustive]
pub struct UnknownWord {
    /// The set, by the name of its type.
    pub set: &'static str,
    /// The word that was found, at most 64 characters of it.
    pub word: String,
    /// The words that the set has.
    pub known: Vec<&'static str>,
}

words! {
    /// What stands in the way.
    pub enum Class {
        /// The site's own answer, whatever its status.
        Passed = "passed",
        /// The edge asks for proof that you are a browser or a person.
        Challenge = "challenge",
        /// A security rule of the site refuses you.
        AccessDenied = "access_denied",
        /// You asked more often than the site allows.
        RateLimited = "rate_limited",
        /// You are in a queue that the site put in front of itself.
        WaitingRoom = "waiting_room",
        /// The site asks crawlers to pay for this page.
        PaymentRequired = "payment_required",
        /// Cloudflare Access asks you to sign in.
        SignInRequired = "sign_in_required",
        /// The page is withheld for legal reasons.
        LegalBlock = "legal_block",
        /// Cloudflare warns that the page was reported for phishing.
        PhishingWarning = "phishing_warning",
        /// The edge refuses the form of your request.
        BadRequest = "bad_request",
        /// The owner's DNS, zone, Worker, snippet or quota is at fault.
        SiteMisconfigured = "site_misconfigured",
        /// The edge could not get an answer from the origin server.
        OriginFailed = "origin_failed",
        /// Cloudflare itself failed.
        EdgeFailed = "edge_failed",
        /// A proxy, a captive portal or a filter on your own side answered: neither the site nor Cloudflare did.
        ProxyFailed = "proxy_failed",
    }
}

impl Class {
    /// Whether somebody answered in place of the site: the edge, what the
    /// owner configured there, or a proxy on your own side.
    #[must_use]
    pub const fn is_intercepted(self) -> bool {
        !matches!(self, Self::Passed)
    }

    /// Whether the answer refuses *you*, rather than failing for everybody.
    #[must_use]
    pub const fn is_blocked(self) -> bool {
        matches!(
            self,
            Self::Challenge
                | Self::AccessDenied
                | Self::RateLimited
                | Self::WaitingRoom
                | Self::PaymentRequired
                | Self::SignInRequired
                | Self::LegalBlock
                | Self::PhishingWarning
        )
    }
}

words! {
    /// The kind of challenge, where the page tells.
    pub enum ChallengeType {
        /// Cloudflare picks the test for each visitor.
        Managed = "managed",
        /// A JavaScript test that needs no click.
        NonInteractive = "non_interactive",
        /// A test that a person has to solve.
        Interactive = "interactive",
        /// The five-second "Checking your browser" page of I'm Under Attack mode, until about 2021.
        LegacyIuam = "legacy_iuam",
        /// The reCAPTCHA and hCaptcha page, until about 2022.
        LegacyCaptcha = "legacy_captcha",
        /// A challenge whose page does not say of which kind it is.
        Unknown = "unknown",
    }
}

words! {
    /// How far a verdict can be relied on.
    pub enum Confidence {
        /// Something fits, and other readings fit too.
        Possible = "possible",
        /// The signs agree, but the page could have been copied or relayed.
        Likely = "likely",
        /// Signs that only one author leaves, in an answer that shows where it came from.
        Certain = "certain",
        /// Cloudflare says so in a structured field or header.
        Stated = "stated",
    }
}

words! {
    /// Who wrote the body.
    pub enum Producer {
        /// Cloudflare's edge.
        Edge = "edge",
        /// The site's owner, who configured a page or a response at the edge.
        Owner = "owner",
        /// The site's own server.
        Origin = "origin",
        /// Somebody else: another vendor, a gateway, an imitation.
        Other = "other",
        /// Nothing says who.
        Unknown = "unknown",
    }
}

words! {
    /// Whether the answer came from Cloudflare's network.
    pub enum Provenance {
        /// The peer's address lies in Cloudflare's published ranges.
        Verified = "verified",
        /// The headers look like Cloudflare's; no peer address was given.
        Consistent = "consistent",
        /// The peer's address lies outside Cloudflare's published ranges, or the headers name another server.
        Contradicted = "contradicted",
        /// Neither headers nor address tell.
        Unknown = "unknown",
    }
}

words! {
    /// Who can change what happened.
    pub enum Party {
        /// You, who sent the request.
        Client = "client",
        /// The site's owner, in the security rules.
        SiteOwnerSecurity = "site_owner_security",
        /// The site's owner, in DNS, zone, Worker or plan.
        SiteOwnerConfig = "site_owner_config",
        /// Whoever runs the site's own server.
        Origin = "origin",
        /// Cloudflare.
        Cloudflare = "cloudflare",
        /// A court or another authority.
        Law = "law",
    }
}

words! {
    /// Whom a text is written for.
    pub enum Audience {
        /// Whoever runs the program that sent the request.
        Scraper = "scraper",
        /// A person in front of a browser.
        Visitor = "visitor",
        /// The site's owner.
        Owner = "owner",
    }
}
