//! An answer of Cloudflare's that somebody else hands on in an answer of their own.

use serde::{Deserialize, Serialize};

use super::Evidence;
use crate::codes::ErrorCode;
use crate::fields::RayId;
use crate::vocab::{Class, Confidence};

/// What a relay, an API or a client library quotes of an answer that it got from Cloudflare.
///
/// It says why the relay failed; the verdict around it is on the relay's own answer.
///
/// ```
/// use cfblock_core::{Class, ResponseParts, classify};
///
/// let body = br#"{"error": {"message": "upstream said", "body": "error code: 1042"}}"#;
/// let verdict = classify(&ResponseParts::new().status(502).body(body));
/// let upstream = verdict.upstream.unwrap();
/// assert_eq!((verdict.class, upstream.class), (Class::Passed, Class::SiteMisconfigured));
/// assert_eq!(upstream.reason.as_deref(), Some("worker_nothing_here"));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Upstream {
    /// What stood in the relay's way.
    pub class: Class,
    /// One `snake_case` word for the code or page kind.
    #[serde(default)]
    pub reason: Option<Box<str>>,
    /// The error number, where one is stated.
    #[serde(default)]
    pub error_code: Option<ErrorCode>,
    /// How far it can be relied on.
    pub confidence: Confidence,
    /// The HTTP status that the relay got, where the number is one.
    #[serde(default)]
    pub status: Option<u16>,
    /// The Ray ID of the relay's request.
    #[serde(default)]
    pub ray_id: Option<RayId>,
    /// The stated wait in seconds.
    #[serde(default)]
    pub retry_after: Option<u32>,
    /// What it rests on.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
}
