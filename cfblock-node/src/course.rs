//! The course of a request, and which bodies are worth reading.

use cfblock_core::triage::Next;
use cfblock_core::{Action, Course, Failure, Headers, ResponseParts};
use napi::Result;
use napi_derive::napi;
use serde::{Deserialize, Serialize};

use crate::classify::pairs_of;
use crate::convert::{from_value, to_json};
use crate::latin1::Latin1;
use crate::snapshot;
use crate::triage::read_policy;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    method: Option<String>,
    #[serde(default)]
    repeatable: bool,
    #[serde(default)]
    can: Vec<Action>,
    #[serde(default)]
    sent: u32,
}

#[derive(Serialize)]
struct Step<'a> {
    course: &'a Course,
    attempts: u32,
    next: Next,
}

/// The state of a new course, as JSON; `options` are its method, whether it is repeatable and what the caller can do.
#[napi(catch_unwind)]
pub fn course(policy: Option<String>, options: String) -> Result<String> {
    let options: Options = from_value("course", &options)?;
    let course = Course::new(read_policy(policy.as_deref())?)
        .method(options.method.as_deref().unwrap_or("GET"))
        .repeatable(options.repeatable)
        .can(&options.can)
        .sent(options.sent);
    to_json(&course)
}

/// A state that was stored, checked.
#[napi(catch_unwind)]
pub fn course_state(state: String) -> Result<String> {
    to_json(&from_value::<Course>("course", &state)?)
}

/// The next state of a course and what comes next, as JSON; a failure where there are no facts of an answer.
#[napi(catch_unwind)]
pub fn course_next(
    state: String,
    facts: Option<String>,
    failure: Option<String>,
    others: Option<bool>,
    random: f64,
) -> Result<String> {
    let mut course: Course = from_value("course", &state)?;
    let next = match (facts, failure) {
        (Some(facts), _) => course.next(&snapshot::read(&facts)?, others, random),
        (None, failure) => {
            let name = serde_json::Value::from(failure).to_string();
            course.next(from_value::<Failure>("outcome", &name)?, others, random)
        }
    };
    to_json(&Step { course: &course, attempts: course.attempts(), next })
}

/// Whether a body could change what status and headers say; the headers as in `classify`.
#[napi(catch_unwind)]
pub fn needs_body(status: Option<u16>, headers: Option<Latin1>, fields: u32) -> Option<bool> {
    let mut parts = ResponseParts::new();
    if let Some(status) = status {
        parts = parts.status(status);
    }
    let Some(lines) = &headers else { return Some(cfblock_core::needs_body(&parts)) };
    let pairs = pairs_of(lines, fields as usize)?;
    Some(cfblock_core::needs_body(&parts.headers(Headers::Bytes(&pairs))))
}
