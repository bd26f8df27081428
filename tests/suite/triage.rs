//! Advice: what it is by default, and what holds of it always.

mod course;
mod defaults;
mod laws;
mod policy;

use cfblock_core::triage::{Context, Policy, Triage, triage};
use cfblock_core::{Action, ResponseParts, Verdict, classify};
use serde_json::{Value, json};

/// A verdict as a record has it: the entry of a reason, with more members on top.
fn verdict_of(reason: &str, more: &Value) -> Verdict {
    let mut record = json!({ "reason": reason, "confidence": "certain" });
    let members = more.as_object().unwrap();
    record.as_object_mut().unwrap().extend(members.clone());
    serde_json::from_value(record).unwrap()
}

/// An answer that bears the edge's stamp.
fn edge_answer(status: u16, headers: &[(&str, &str)], body: &str) -> Verdict {
    let mut all = vec![("server", "cloudflare"), ("cf-ray", "8f1b2c3d4e5f6071-FRA")];
    all.extend(headers);
    classify(
        &ResponseParts::new().status(status).header_strs(&all).url("https://shop.example/list").body(body),
    )
}

fn advise(verdict: &Verdict) -> Triage {
    triage(verdict, &Policy::full(), &Context::new())
}

fn actions(triage: &Triage) -> Vec<Action> {
    triage.steps.iter().map(|step| step.action).collect()
}
