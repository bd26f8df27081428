#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![warn(
    missing_docs,
    clippy::exhaustive_enums,
    clippy::exhaustive_structs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice
)]

pub mod vocab;

pub mod codes;

mod fields;
mod parts;

mod signals;

mod extract;

mod pages;

mod body;

pub mod advice;

mod verdict;

mod classify;

#[cfg(feature = "html")]
mod page;

pub mod triage;

pub mod owner;

mod diagnose;

mod monitor;

pub use advice::{Advice, Backoff};
pub use body::Window;
pub use classify::{classify, classify_within, needs_body};
pub use codes::{Entry, ErrorCode, Step};
pub use diagnose::{
    Candidate, Diagnosis, Hypothesis, NextProbe, Observation, Opaque, ProbeLimits, Vantage, Vary, diagnose,
};
pub use fields::{ClientIp, Colo, Country, FieldError, Host, Price, RayId, Timestamp};
pub use monitor::{
    ConfigError, Counters, Event, Incident, Monitor, MonitorConfig, MonitorState, StateError, Tally,
    TallyRow, TallyState, Time, Timings,
};
#[cfg(feature = "html")]
pub use page::Page;
pub use parts::{Body, Headers, Hop, ParseError, ParseErrorKind, RawMessage, ResponseParts};
pub use triage::{Context, Course, Next, Outcome, Policy, Triage, triage};
pub use verdict::{Evidence, Intercepted, Upstream, Verdict};
pub use vocab::{
    Action, Aim, Attribute, Audience, ChallengeType, Change, Class, Classification, Conduct, Confidence,
    EventKind, Failure, Held, Network, Party, Phase, Place, Producer, Provenance, ReachedOrigin, Recovery,
    Scope, Sends, Signal, SiteState,
};
