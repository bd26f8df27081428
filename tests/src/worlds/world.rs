//! One site behind Cloudflare, with what is wrong there.

use cfblock_core::{Observation, Scope, classify};
use fastrand::Rng;
use serde::{Deserialize, Serialize};

use super::answers::{Answers, PAGE};
use super::asker::{Asker, COUNTRIES};
use super::rule::Rule;
use crate::response::Response;

/// The data centres of Cloudflare's, the nearest one of each country in the order of [`COUNTRIES`].
const COLOS: [&str; 12] =
    ["SYD", "GRU", "FRA", "MAD", "CDG", "LHR", "BOM", "NRT", "AMS", "WAW", "IAD", "JNB"];

/// What else goes wrong anywhere, now and then.
const UNRELATED: [&str; 6] = [
    "origin_bad_gateway",
    "unknown_origin_error",
    "connection_timeout",
    "edge_service_unavailable",
    "origin_response_timeout",
    "internal_server_error",
];

/// One site, and whom its fault reaches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct World {
    pub host: String,
    pub rule: Rule,
    /// The reason of the verdict that the fault gets, such as `firewall_rule_blocked`.
    pub fault: String,
    /// How often an answer says nothing about the rule: it is the page, the
    /// fault or an unrelated failure, each as likely as the others.
    #[serde(default)]
    pub noise: f64,
}

impl World {
    /// Whom the fault hits.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.rule.scope()
    }

    /// The data centre that answers: mostly the nearest one, at times one nearby.
    pub fn colo(asker: &Asker, rng: &mut Rng) -> &'static str {
        let nearest = COUNTRIES.iter().position(|country| *country == asker.country).unwrap_or_default();
        let away = if rng.f64() < 0.6 { 0 } else { 1 + rng.usize(..2) };
        COLOS[(nearest + away) % COLOS.len()]
    }

    /// The answer to a request, `time` seconds after the world began.
    pub fn answer(&self, answers: &Answers, asker: &Asker, time: f64, rng: &mut Rng) -> Response {
        let colo = Self::colo(asker, rng);
        let mut reached = self.rule.reaches(asker, colo, time, rng);
        if rng.f64() < self.noise {
            match rng.u32(..3) {
                0 => return answers.pick(UNRELATED[rng.usize(..UNRELATED.len())], colo, rng),
                draw => reached = draw == 1,
            }
        }
        answers.pick(if reached { &self.fault } else { PAGE }, colo, rng)
    }

    /// What is seen of an answer: its verdict, and from where it was asked for.
    #[must_use]
    pub fn observe(&self, answer: &Response, asker: &Asker, id: u32) -> Observation {
        let url = format!("https://{}{}", self.host, asker.path);
        let seen = Response { url: Some(url.clone()), ..answer.clone() };
        Observation::new(seen.with_parts(|parts| classify(&parts))).id(id).vantage(asker.vantage()).url(&url)
    }
}
