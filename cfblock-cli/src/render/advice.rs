//! Steps of advice.

use cfblock_core::triage::{Advice, Backoff};
use cfblock_core::{Action, Change, Triage};

use crate::paper::{Mark, Paper, duration, plain};

/// Sets the steps as a numbered list.
pub(super) fn set(paper: &mut Paper, triage: &Triage) {
    let heading = if triage.exhausted {
        "What to do, now that nothing else is left within the policy"
    } else {
        "What to do"
    };
    paper.list(heading, Mark::Number, triage.steps.iter().map(step));
}

fn step(step: &Advice) -> String {
    let line = line(step.action, step.change, step.wait, &step.why);
    match step.backoff.filter(|_| step.action == Action::BackOff) {
        Some(backoff) => format!("{line}; {}", spacing(&backoff)),
        None => line,
    }
}

/// How repeated attempts are spaced.
fn spacing(backoff: &Backoff) -> String {
    let (low, high) = backoff.range(1).into_inner();
    let first = match (duration(low), duration(high)) {
        (low, high) if low == high => low,
        (low, high) => format!("{low} to {high}, at random"),
    };
    let (cap, attempts) = (duration(backoff.cap), backoff.max_attempts);
    format!("after {first}, then longer each time up to {cap}, {attempts} attempts at most")
}

/// One step on one line.
pub(super) fn line(action: Action, change: &[Change], wait: Option<u32>, why: &str) -> String {
    let mut what = plain(action.as_str());
    if !change.is_empty() {
        what = format!("{what} ({})", changes(change));
    }
    if let Some(wait) = wait {
        what = format!("{what} ({})", duration(wait));
    }
    format!("{what}: {why}")
}

/// What to change, as one would say it.
pub(super) fn changes(change: &[Change]) -> String {
    change.iter().map(|change| change.as_str()).collect::<Vec<_>>().join(", ")
}
