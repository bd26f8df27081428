#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![warn(
    missing_docs,
    clippy::exhaustive_enums,
    clippy::exhaustive_structs,
    clippy::unwrap_used,
    clippy::expect_used
)]

pub mod vocab;

pub mod codes;

mod fields;
mod parts;

mod signals;

mod extract;

mod pages;

mod body;

mod verdict;

mod classify;

#[cfg(feature = "html")]
mod page;

pub mod triage;

pub mod owner;

mod diagnose;

pub use body::Window;
pub use classify::{classify, classify_within};
pub use codes::{Entry, ErrorCode, Step};
pub use diagnose::{
    Candidate, Diagnosis, Hypothesis, NextProbe, Observation, Opaque, ProbeLimits, Vantage, Vary, diagnose,
};
pub use fields::{ClientIp, Colo, Country, FieldError, RayId, Timestamp};
#[cfg(feature = "html")]
pub use page::Page;
pub use parts::{Body, Headers, Hop, ParseError, ParseErrorKind, RawMessage, ResponseParts};
pub use triage::{Context, Policy, Triage, triage};
pub use verdict::{Evidence, Intercepted, Verdict};
pub use vocab::{
    Action, Attribute, Audience, ChallengeType, Change, Class, Classification, Confidence, Network, Party,
    Place, Producer, Provenance, Scope, Signal,
};
