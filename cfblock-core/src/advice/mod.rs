//! The steps of one answer, from its entry and from what it states itself.
//!
//! One engine serves [`Verdict::steps`](crate::Verdict::steps) and triage: no
//! policy and no history come in here, they only take away from what this
//! module lists.

mod backoff;

use std::borrow::Cow;

use serde::Serialize;

use crate::codes::{self, Entry, Step};
use crate::fields::{Price, RayId};
use crate::vocab::{Action, Change, Class};

pub use backoff::Backoff;

/// The least pause, in seconds, where neither the answer nor the catalogue names one.
pub(crate) const UNSTATED: u32 = 30;

/// One step of advice, fitted to the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Advice {
    /// What to do.
    pub action: Action,
    /// Why this step, and how.
    pub why: Cow<'static, str>,
    /// How many seconds to let pass before it sends a request, or, for
    /// [`Action::PauseHost`], how long to pause. Never less than the answer states.
    pub wait: Option<u32>,
    /// What to change together, for [`Action::ChangeIdentity`].
    pub change: &'static [Change],
    /// How to space repeated attempts, where triage advises to repeat with growing pauses.
    pub backoff: Option<Backoff>,
}

impl Advice {
    pub(crate) fn new(action: Action, why: impl Into<Cow<'static, str>>) -> Self {
        Self { action, why: why.into(), wait: None, change: &[], backoff: None }
    }

    /// The step as it stands in a verdict's record: `action`, `why`, `wait`, `change`.
    #[must_use]
    pub fn as_record(&self) -> impl Serialize + '_ {
        #[derive(Serialize)]
        struct Step<'a> {
            action: Action,
            why: &'a str,
            wait: Option<u32>,
            change: &'a [Change],
        }
        Step { action: self.action, why: &self.why, wait: self.wait, change: self.change }
    }

    /// Whether the step sends another request to the host.
    #[must_use]
    pub const fn sends(&self) -> bool {
        self.action.sends()
    }
}

impl From<Step> for Advice {
    fn from(step: Step) -> Self {
        Self { wait: step.wait, change: step.change, ..Self::new(step.action, step.why) }
    }
}

/// What one answer states about what may follow.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stated {
    pub(crate) class: Class,
    pub(crate) status: Option<u16>,
    /// What the answer states, or what its own entry says.
    pub(crate) retryable: Option<bool>,
    /// In seconds; 0 states none.
    pub(crate) retry_after: Option<u32>,
    pub(crate) preview: bool,
    /// Whether the page that would name the reason did not come along, as after a HEAD.
    pub(crate) bodiless: bool,
}

impl Stated {
    fn wait(&self) -> Option<u32> {
        self.retry_after.filter(|wait| *wait > 0)
    }

    /// Whether somebody asks for fewer requests: nothing is sent at once then, and nothing from elsewhere.
    fn is_limited(&self) -> bool {
        self.class == Class::RateLimited || self.status == Some(429)
    }
}

/// What to do, the cheapest and most cooperative step first; at least one.
pub(crate) fn steps(entry: Option<&'static Entry>, stated: &Stated) -> Vec<Advice> {
    if stated.preview {
        let why = "leave out addresses below /cdn-cgi/: this one shows a sample of an error page, and nothing \
                   happened to the site";
        return vec![Advice { wait: stated.wait(), ..Advice::new(Action::FixRequest, why) }];
    }
    let Some(advised) = codes::advised(entry, stated.class, stated.status) else {
        return vec![match stated.class {
            Class::Passed => Advice::new(Action::Proceed, "the site itself answered: use the answer"),
            _ => Advice::new(Action::Inspect, "look at the answer: the catalogue knows nothing about it"),
        }];
    };
    let own = entry.map(|entry| entry.retryable);
    let retryable = if stated.retryable == own { Some(advised.retryable) } else { stated.retryable };

    let mut steps: Vec<Advice> = advised.client.iter().copied().map(Advice::from).collect();
    ask_with_get(&mut steps, stated);
    announce_stated_wait(&mut steps, stated, retryable);
    slow_down_first(&mut steps, stated);
    back_off_without_a_time(&mut steps, stated);
    drop_vain_repeats(&mut steps, stated, retryable);
    set_waits(&mut steps, stated, advised);
    let mut seen: Vec<(Action, &[Change])> = Vec::with_capacity(steps.len());
    steps.retain(|step| {
        let known = seen.contains(&(step.action, step.change));
        seen.push((step.action, step.change));
        !known
    });
    if steps.is_empty() {
        steps.push(Advice::new(Action::Stop, "sending the request again, unchanged, gets the same answer"));
    }
    steps
}

/// Puts what the answer names into the words of the steps.
pub(crate) fn name_facts(steps: &mut [Advice], ray_id: Option<RayId>, price: Option<&Price>) {
    for step in steps {
        match (step.action, ray_id, price) {
            (Action::ContactOwner, Some(ray), _) => {
                step.why = if step.why.contains("the Ray ID") {
                    step.why.replacen("the Ray ID", &format!("the Ray ID {ray}"), 1).into()
                } else {
                    format!("{} (Ray ID {ray})", step.why).into()
                };
            }
            (Action::Pay, _, Some(price)) => {
                step.why = format!("the site asks {price} for this request: {}", step.why).into();
            }
            _ => {}
        }
    }
}

/// An answer without a page cannot name its reason.
fn ask_with_get(steps: &mut Vec<Advice>, stated: &Stated) {
    if stated.bodiless && !stated.is_limited() {
        let why = "send the request once with GET and read the page: this answer came without one, and only the \
                   page names the rule or the fault";
        steps.retain(|step| step.action != Action::FixRequest);
        steps.insert(0, Advice::new(Action::FixRequest, why));
    }
}

fn announce_stated_wait(steps: &mut Vec<Advice>, stated: &Stated, retryable: Option<bool>) {
    let listed = steps.iter().any(|step| step.action.is_wait());
    if let Some(wait) = stated.wait().filter(|_| retryable == Some(true) && !listed) {
        let why = "the answer states that the request may succeed after this time";
        steps.insert(0, Advice { wait: Some(wait), ..Advice::new(Action::Wait, why) });
    }
}

/// Whoever is asked for fewer requests slows down before anything else, and does not come back from elsewhere.
fn slow_down_first(steps: &mut Vec<Advice>, stated: &Stated) {
    if !stated.is_limited() {
        return;
    }
    steps.retain(|step| !matches!(step.action, Action::Probe | Action::ChangeIdentity));
    if stated.class == Class::Challenge {
        let why =
            "send fewer requests: the challenge comes with 429, so the rate of your requests set it off";
        steps.insert(0, Advice::new(Action::SlowDown, why));
    }
}

/// A wait without a time is a back-off.
fn back_off_without_a_time(steps: &mut [Advice], stated: &Stated) {
    if stated.wait().is_some() {
        return;
    }
    let listed = steps.iter().find(|step| step.action == Action::BackOff).cloned();
    if let Some(step) = steps.iter_mut().find(|step| step.action == Action::Wait && step.wait.is_none()) {
        // The duplicate further down is dropped with the others.
        *step = listed.unwrap_or_else(|| Advice { action: Action::BackOff, ..step.clone() });
    }
}

/// Does not send again what cannot succeed unchanged.
fn drop_vain_repeats(steps: &mut Vec<Advice>, stated: &Stated, retryable: Option<bool>) {
    let refused_by_origin = stated.class == Class::Passed
        && stated.wait().is_none()
        && stated.status.is_some_and(|status| (400..500).contains(&status) && status != 429);
    if refused_by_origin {
        steps.retain(|step| !step.action.is_wait());
    }
    if retryable != Some(false) {
        return;
    }
    // A fault may be mended meanwhile: come back later instead of trying again.
    let pauses = steps.iter().any(|step| step.action == Action::PauseHost);
    if is_fault(stated.class) && !pauses {
        for step in steps.iter_mut().filter(|step| step.action.is_wait()) {
            step.action = Action::PauseHost;
            step.wait = step.wait.max(Some(UNSTATED));
        }
    }
    steps.retain(|step| !step.action.is_wait());
}

/// No request sooner than stated, and none at once where a rate is limited.
fn set_waits(steps: &mut [Advice], stated: &Stated, advised: &Entry) {
    let default = advised.retry_after.unwrap_or(UNSTATED);
    let wait = stated.wait();
    let least = wait.or(stated.is_limited().then_some(default));
    for step in steps {
        match step.action {
            Action::Wait | Action::JoinQueue => step.wait = wait.or(step.wait).max(least),
            Action::BackOff => {
                step.wait = Some(step.wait.max(least).filter(|wait| *wait > 0).unwrap_or(UNSTATED));
            }
            Action::PauseHost => step.wait = step.wait.max(wait),
            _ if step.sends() => step.wait = step.wait.max(least),
            _ => {}
        }
    }
}

/// Whether the class is a fault that may be mended, rather than a refusal.
pub(crate) const fn is_fault(class: Class) -> bool {
    matches!(class, Class::SiteMisconfigured | Class::OriginFailed | Class::EdgeFailed | Class::ProxyFailed)
}
