//! What happened before this verdict.

use serde::{Deserialize, Serialize};

use crate::advice::Advice;
use crate::verdict::Verdict;
use crate::vocab::{Action, Change};

/// What is known beyond the one verdict: how often, what was tried, how others fare.
///
/// ```
/// use cfblock_core::triage::{triage, Context, Policy};
/// use cfblock_core::{classify, Action, ResponseParts};
///
/// let blocked = classify(&ResponseParts::new().status(403).body(b"error code: 1020"));
/// let mut context = Context::new();
/// let first = triage(&blocked, &Policy::full(), &context);
/// assert_eq!(first.action, Action::Probe);
///
/// // The probe met the same answer: it is not advised again, nor what it should have shown.
/// context = context.failed(&first.steps[0]);
/// let next = triage(&blocked, &Policy::full(), &context);
/// assert_eq!(next.action, Action::ContactOwner);
/// assert!(next.steps.iter().all(|step| step.action != Action::ChangeIdentity));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Context {
    /// How often the request was sent so far. The first answer is attempt 1.
    pub attempt: u32,
    /// The steps that were tried and failed.
    ///
    /// A back-off is one step with many attempts: it belongs here when it was
    /// given up, not after each of them.
    pub tried: Vec<Tried>,
    /// Whether other requests to this host succeed at present, a probe from
    /// another vantage included; `None` where nobody looked.
    pub others_succeed: Option<bool>,
    /// The request's method; `GET` where nobody says.
    pub method: Box<str>,
    /// Whether the request can be sent again whatever its method: it is
    /// idempotent or carries an idempotency key. The caller's own word.
    pub repeatable: bool,
}

impl Context {
    /// The first answer, with nothing known about others.
    #[must_use]
    pub fn new() -> Self {
        Self { attempt: 1, tried: Vec::new(), others_succeed: None, method: "GET".into(), repeatable: false }
    }

    /// The request's method.
    #[must_use]
    pub fn method(mut self, method: &str) -> Self {
        self.method = method.into();
        self
    }

    /// Whether the request can be sent again whatever its method, on the caller's word.
    #[must_use]
    pub const fn repeatable(mut self, repeatable: bool) -> Self {
        self.repeatable = repeatable;
        self
    }

    /// How often the request was sent so far.
    #[must_use]
    pub const fn attempt(mut self, attempt: u32) -> Self {
        self.attempt = attempt;
        self
    }

    /// Adds a step that was tried and failed.
    #[must_use]
    pub fn tried(mut self, step: impl Into<Tried>) -> Self {
        self.tried.push(step.into());
        self
    }

    /// Whether other requests to this host succeed at present.
    #[must_use]
    pub const fn others_succeed(mut self, succeed: bool) -> Self {
        self.others_succeed = Some(succeed);
        self
    }

    /// The context after a step of advice was followed and failed.
    ///
    /// It counts the attempt where the step sent one; the refresh of a queue
    /// is none. A back-off goes on, with longer waits, until the policy's
    /// attempts are used up, and a queue is refreshed until it ends.
    #[must_use]
    pub fn failed(mut self, step: &Advice) -> Self {
        if step.sends() && step.action != Action::JoinQueue {
            self.attempt = self.attempt.max(1).saturating_add(1);
        }
        if step.action.conduct().open_ended { self } else { self.tried(step) }
    }

    /// Whether the request can be sent again after this answer.
    pub(super) fn may_repeat(&self, verdict: &Verdict) -> bool {
        self.repeatable || verdict.safe_to_repeat(&self.method)
    }

    /// Whether this very step was tried and failed.
    pub(super) fn has_tried(&self, action: Action, change: &[Change]) -> bool {
        let same = |tried: &[Change]| {
            tried.is_empty()
                || (tried.iter().all(|one| change.contains(one))
                    && change.iter().all(|one| tried.contains(one)))
        };
        self.tried.iter().any(|tried| tried.action == action && same(&tried.change))
    }
}

impl Default for Context {
    fn default() -> Self {
        Self::new()
    }
}

/// A step that was tried and failed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Tried {
    /// What was done.
    pub action: Action,
    /// What was changed; empty for a change of identity means: every one there is.
    #[serde(default)]
    pub change: Vec<Change>,
}

impl From<Action> for Tried {
    fn from(action: Action) -> Self {
        Self { action, change: Vec::new() }
    }
}

impl From<&Advice> for Tried {
    fn from(step: &Advice) -> Self {
        Self { action: step.action, change: step.change.to_vec() }
    }
}
