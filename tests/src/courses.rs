//! What each verdict's course is, as every language has to follow it.

use std::fmt::Write as _;

use cfblock_core::triage::{Course, Policy};
use cfblock_core::{Action, Verdict, codes};
use serde_json::{Value, json};

/// So many steps are written of a course that stays open, such as a queue.
const STEPS: usize = 8;

/// One line a verdict, policy and method: the steps of a request that meets the same answer over and over.
///
/// Pauses are drawn with 0.5; the caller can pause a host and change its identity.
#[must_use]
pub fn table() -> String {
    let mut lines = String::new();
    for entry in codes::all() {
        for policy in ["full", "cooperative"] {
            for method in ["GET", "POST"] {
                let record = json!({
                    "reason": entry.reason,
                    "status": entry.http_status.first(),
                    "retry_after": entry.retry_after.map(|wait| wait + 1),
                });
                let Ok(verdict) = serde_json::from_value::<Verdict>(record.clone()) else { continue };
                let steps = walk(&verdict, policy, method);
                let line = json!({ "verdict": record, "policy": policy, "method": method, "steps": steps });
                let _ = writeln!(lines, "{line}");
            }
        }
    }
    lines
}

fn walk(verdict: &Verdict, policy: &str, method: &str) -> Vec<Value> {
    let policy = Policy::named(policy).unwrap_or_default();
    let mut course = Course::new(policy).method(method).can(&[Action::PauseHost, Action::ChangeIdentity]);
    let mut steps = Vec::new();
    while steps.len() < STEPS {
        let next = serde_json::to_value(course.next(verdict, None, 0.5)).unwrap_or_default();
        let ends = next["next"] == "end";
        steps.push(json!([
            next["next"],
            next["seconds"],
            next["whom"],
            next["step"]["action"],
            next["hold"]
        ]));
        if ends {
            break;
        }
    }
    steps
}
