//! Policies and triage.

use cfblock_core::{Context, Policy, ProbeLimits};
use napi::Result;
use napi_derive::napi;
use serde::Serialize;

use crate::convert::{from_value, to_json};
use crate::snapshot;

#[derive(Serialize)]
struct Advised<'a> {
    #[serde(flatten)]
    triage: &'a cfblock_core::Triage,
    is_final: bool,
}

/// The members of a policy, with those that its base gives.
#[napi(catch_unwind)]
pub fn policy(members: String) -> Result<String> {
    to_json(&read_policy(Some(&members))?)
}

/// The next steps for a verdict, as JSON.
#[napi(catch_unwind)]
pub fn triage(facts: String, policy: Option<String>, context: Option<String>) -> Result<String> {
    let policy = read_policy(policy.as_deref())?;
    let context: Context =
        context.map_or_else(|| Ok(Context::new()), |text| from_value("the context", &text))?;
    let triage = cfblock_core::triage(&snapshot::read(&facts)?, &policy, &context);
    to_json(&Advised { is_final: triage.is_final(), triage: &triage })
}

pub(crate) fn read_policy(members: Option<&str>) -> Result<Policy> {
    members.map_or_else(|| Ok(Policy::full()), |members| from_value("policy", members))
}

pub(crate) fn limits(policy: Option<&str>) -> Result<ProbeLimits> {
    Ok(ProbeLimits::from(&read_policy(policy)?))
}
