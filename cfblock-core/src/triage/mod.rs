//! From a verdict to the next sensible step.
//!
//! [`triage`] takes the steps of the catalogue's entry and fits them to what
//! the answer states, to what the caller is willing to do ([`Policy`]) and to
//! what was tried already ([`Context`]). It advises; it never waits, retries
//! or changes anything itself.

mod context;
mod course;
mod next;
mod plan;
mod policy;
mod texts;

use serde::Serialize;

use crate::verdict::Verdict;
use crate::vocab::{Action, Audience};

pub use crate::advice::{Advice, Backoff};
pub use context::{Context, Tried};
pub use course::Course;
pub use next::{Next, Outcome};
pub use policy::{Policy, PolicyError};
pub use texts::Texts;

/// What to do about a verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Triage {
    /// The first of the steps.
    pub action: Action,
    /// What to do, the cheapest and most cooperative step first; at least one.
    pub steps: Vec<Advice>,
    /// What may have led to it, the likeliest first.
    pub causes: Vec<Cause>,
    /// What happened and what to do, in words.
    pub audience: Texts,
    /// Whether every step was tried or is not allowed. What stands in `steps`
    /// then only ends it: stop, or leave the host alone for a while.
    pub exhausted: bool,
}

impl Triage {
    /// What happened and what to do, in words for this audience.
    #[must_use]
    pub fn text(&self, audience: Audience) -> &str {
        match audience {
            Audience::Scraper => &self.audience.scraper,
            Audience::Visitor => &self.audience.visitor,
            Audience::Owner => &self.audience.owner,
        }
    }

    /// Whether there is nothing further to try: the answer can be used, or the advice is to stop.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        self.exhausted || matches!(self.action, Action::Stop | Action::Proceed)
    }
}

/// What may have led to a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Cause {
    /// The cause.
    pub cause: &'static str,
    /// Its rank: 1 is the likeliest.
    pub likelihood: usize,
}

/// Says what to do about a verdict.
///
/// - No step sends a request sooner than the answer states.
/// - What Cloudflare says is not retryable is not sent again unchanged.
/// - A step that was tried is not advised again. Following the advice ends,
///   at the latest with [`Action::Stop`].
/// - Nothing outside the policy is advised.
///
/// ```
/// use cfblock_core::triage::{triage, Context, Policy};
/// use cfblock_core::{classify, Action, Audience, ResponseParts};
///
/// let parts = ResponseParts::new()
///     .status(429)
///     .header_strs(&[("server", "cloudflare"), ("retry-after", "45")])
///     .body(b"error code: 1015");
/// let advice = triage(&classify(&parts), &Policy::full(), &Context::new());
/// assert_eq!(advice.action, Action::Wait);
/// assert_eq!(advice.steps[0].wait, Some(45));
/// assert_eq!(advice.steps[1].action, Action::SlowDown);
/// assert!(advice.text(Audience::Visitor).contains("Wait"));
/// ```
#[must_use]
pub fn triage(verdict: &Verdict, policy: &Policy, context: &Context) -> Triage {
    let plan = plan::make(verdict, policy, context);
    let action = plan.steps.first().map_or(Action::Stop, |step| step.action);
    let audience = texts::write(verdict, &plan);
    Triage { action, causes: plan.causes, audience, exhausted: plan.exhausted, steps: plan.steps }
}
