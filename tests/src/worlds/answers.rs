//! What the edge and the sites answer: responses from the corpus, by their reason.

use std::collections::BTreeMap;

use cfblock_core::{Confidence, classify};
use fastrand::Rng;

use crate::case;
use crate::response::Response;

/// The largest body that is served.
const LARGEST: usize = 64 * 1024;

/// Stands for the reason of a page of the site itself.
pub const PAGE: &str = "page";

/// Responses by their reason.
#[derive(Debug)]
pub struct Answers {
    by_reason: BTreeMap<String, Vec<Response>>,
}

impl Answers {
    /// Reads the corpus. Only what a server can send as it stands is kept.
    ///
    /// # Panics
    /// Where the corpus cannot be read.
    #[must_use]
    pub fn load() -> Self {
        let mut by_reason: BTreeMap<String, Vec<Response>> = BTreeMap::new();
        for case in case::all() {
            let response = &case.response;
            let sent = response.status.is_some_and(|status| (200..600).contains(&status))
                && response.headers.is_some()
                && response.body.as_ref().is_some_and(|body| body.len() <= LARGEST)
                && !response.truncated
                && response.peer.is_none()
                && response.history.is_empty();
            let header = |name: &[u8]| {
                response.headers.iter().flatten().any(|(known, _)| known.eq_ignore_ascii_case(name))
            };
            if !sent || case.is_hostile() || header(b"content-encoding") {
                continue;
            }
            // Somewhere else it must say the same as in its case.
            let moved = Response { url: None, ..response.clone() };
            let verdict = moved.with_parts(|parts| classify(&parts));
            let name = match verdict.reason() {
                _ if verdict.preview => continue,
                None if response.status == Some(200) && header(b"cf-ray") => PAGE,
                Some(_) if verdict.is_intercepted() && verdict.confidence < Confidence::Certain => continue,
                Some(reason) => reason,
                None => continue,
            };
            by_reason.entry(name.to_owned()).or_default().push(moved);
        }
        Self { by_reason }
    }

    /// The reasons that there are answers for.
    pub fn reasons(&self) -> impl Iterator<Item = &str> {
        self.by_reason.keys().map(String::as_str)
    }

    /// One of the responses with this reason, sent by this data centre.
    ///
    /// # Panics
    /// Where the corpus has none.
    pub fn pick(&self, reason: &str, colo: &str, rng: &mut Rng) -> Response {
        let responses =
            self.by_reason.get(reason).unwrap_or_else(|| panic!("no case of the corpus is {reason}"));
        let mut response = responses[rng.usize(..responses.len())].clone();
        for (name, value) in response.headers.iter_mut().flatten() {
            if name.eq_ignore_ascii_case(b"cf-ray") {
                *value = format!("{:016x}-{colo}", rng.u64(..)).into_bytes();
            }
        }
        response
    }
}
