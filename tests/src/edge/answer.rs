//! Answers: cases of the corpus as they are sent anew.

use std::collections::HashMap;

use fastrand::Rng;
use serde_json::Value;

use crate::case::Case;
use crate::response::Response;

/// What goes on the wire. The server adds the date and the length.
#[derive(Clone, Debug, Default)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(Vec<u8>, Vec<u8>)>,
    pub(super) body: Vec<u8>,
}

/// What is said by the connection itself, or would be wrong today.
const LEFT_OUT: [&str; 6] =
    ["date", "connection", "content-length", "content-encoding", "transfer-encoding", "expires"];

impl Answer {
    pub(super) fn text(status: u16, text: &str) -> Self {
        let answer = Self { status, body: format!("{text}\n").into_bytes(), ..Self::default() };
        answer.header("content-type", "text/plain; charset=UTF-8")
    }

    pub(super) fn json(value: &Value) -> Self {
        let answer = Self { status: 200, body: format!("{value}\n").into_bytes(), ..Self::default() };
        answer.header("content-type", "application/json")
    }

    /// A response as this server sends it now, with a Ray ID of its own.
    pub(super) fn new(response: Response, rng: &mut Rng) -> Self {
        let mut answer = Self {
            status: response.status.unwrap_or(200),
            headers: response.headers.unwrap_or_default(),
            body: response.body.unwrap_or_default(),
        };
        answer
            .headers
            .retain(|(name, _)| !LEFT_OUT.iter().any(|left| name.eq_ignore_ascii_case(left.as_bytes())));
        if answer.find("server").is_none() {
            answer = answer.header("server", "cloudflare");
        }
        let ray = format!("{:016x}", rng.u64(..) | 1 << 63);
        match answer
            .find("cf-ray")
            .map(|value| value.split(|byte| *byte == b'-').next().unwrap_or_default().to_vec())
        {
            Some(old) => answer.replace(&old, ray.as_bytes()),
            None => answer = answer.header("cf-ray", &format!("{ray}-FRA")),
        }
        answer
    }

    /// Sets a header, whatever it was before.
    pub(super) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name.as_bytes()));
        self.headers.push((name.as_bytes().to_vec(), value.as_bytes().to_vec()));
        self
    }

    /// The body written by an encoder.
    pub(super) fn encoded(self, coding: &str, body: Vec<u8>) -> Self {
        Self { body, ..self }.header("content-encoding", coding)
    }

    fn find(&self, name: &str) -> Option<&[u8]> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name.as_bytes()));
        found.map(|(_, value)| &value[..])
    }

    /// Replaces a text in the values and in the body.
    fn replace(&mut self, from: &[u8], to: &[u8]) {
        for (_, value) in &mut self.headers {
            *value = replaced(value, from, to);
        }
        self.body = replaced(&self.body, from, to);
    }
}

fn replaced(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut left = text;
    let mut result = Vec::with_capacity(text.len());
    while let Some((first, rest)) = left.split_first() {
        if !from.is_empty() && left.starts_with(from) {
            result.extend_from_slice(to);
            left = &left[from.len()..];
        } else {
            result.push(*first);
            left = rest;
        }
    }
    result
}

/// Cases of the corpus, read when they are needed first.
#[derive(Debug, Default)]
pub(super) struct Cases(HashMap<&'static str, Response>);

impl Cases {
    /// The answer of a case, as a site would send it now.
    ///
    /// # Panics
    /// Where the corpus has no such case.
    pub(super) fn answer(&mut self, name: &'static str, host: &str, rng: &mut Rng) -> Answer {
        let response = self.0.entry(name).or_insert_with(|| {
            let case = Case::load(name, &crate::corpus().join(name));
            case.unwrap_or_else(|error| panic!("{error}")).response
        });
        let mut answer = Answer::new(response.clone(), rng);
        let old = response.url.as_deref().and_then(|url| url.split('/').nth(2)).unwrap_or_default();
        answer.replace(old.as_bytes(), host.as_bytes());
        answer
    }
}
