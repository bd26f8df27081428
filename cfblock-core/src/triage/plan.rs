//! The steps of an answer, less what policy and context leave out.

use std::borrow::Cow;

use super::{Cause, Context, Policy};
use crate::advice::{self, Advice, Backoff, UNSTATED, is_fault};
use crate::codes::{self, Entry};
use crate::verdict::Verdict;
use crate::vocab::{Action, Class};

/// How long to leave a host alone when nothing else is left, in seconds.
const LAST_PAUSE: u32 = 900;

/// The steps and what they rest on.
pub(super) struct Plan {
    /// The entry, or the one that stands for the class.
    pub(super) entry: Option<&'static Entry>,
    pub(super) steps: Vec<Advice>,
    pub(super) causes: Vec<Cause>,
    pub(super) exhausted: bool,
    /// The step whose wait the policy does not allow, and its seconds.
    pub(super) over_limit: Option<(Action, u32)>,
}

pub(super) fn make(verdict: &Verdict, policy: &Policy, context: &Context) -> Plan {
    let entry = codes::advised(verdict.entry(), verdict.class, verdict.status);
    let case = Case { verdict, policy, context };
    let mut steps = case.steps();
    let over_limit = case.over_limit(&verdict.advice());
    let exhausted = steps.is_empty();
    if exhausted {
        steps.push(case.last());
    }
    advice::name_facts(&mut steps, verdict.named_ray_id(), verdict.price.as_ref());
    Plan { entry, steps, causes: case.causes(entry), exhausted, over_limit }
}

struct Case<'a> {
    verdict: &'a Verdict,
    policy: &'a Policy,
    context: &'a Context,
}

impl Case<'_> {
    fn steps(&self) -> Vec<Advice> {
        let mut steps = self.verdict.advice();
        let probe_is_asked_for = precedes(&steps, Action::Probe, Action::ChangeIdentity);
        self.keep_unsafe_requests(&mut steps);
        self.keep_limits(&mut steps);
        steps.retain(|step| {
            self.policy.allows(step.action)
                && step.change.iter().all(|change| self.policy.allows_change(*change))
                && !self.context.has_tried(step.action, step.change)
                && !(step.action == Action::PauseHost && self.context.others_succeed == Some(true))
        });
        let probe_is_open = steps.iter().any(|step| step.action == Action::Probe);
        if probe_is_asked_for && !probe_is_open && self.context.others_succeed != Some(true) {
            steps.retain(|step| step.action != Action::ChangeIdentity);
        }
        self.pause_earlier(&mut steps);
        steps
    }

    /// What the site's server may have acted on already is not sent again.
    fn keep_unsafe_requests(&self, steps: &mut Vec<Advice>) {
        if self.context.may_repeat(self.verdict) || !steps.iter().any(Advice::sends) {
            return;
        }
        steps.retain(|step| !step.sends());
        let why = "find out whether the request did its work before you send it again: the site's server may have \
                   received it, and its method does not allow a blind repeat";
        steps.retain(|step| step.action != Action::Inspect);
        steps.insert(0, Advice::new(Action::Inspect, why));
    }

    /// Keeps to the policy's limits, and spaces what is repeated.
    fn keep_limits(&self, steps: &mut Vec<Advice>) {
        let (longest, attempts) = (self.policy.max_wait, self.policy.max_attempts.max(1));
        let attempt = self.context.attempt.max(1);
        let mut too_long = None;
        let mut at = 0;
        steps.retain_mut(|step| {
            let over = step.wait.filter(|wait| *wait > longest);
            if step.action == Action::PauseHost {
                if let Some(wait) = over {
                    step.why = Cow::Owned(over_limit(wait, longest));
                    step.wait = None;
                }
                at += 1;
                return true;
            }
            if let Some(wait) = over.filter(|_| step.sends()) {
                too_long.get_or_insert((at, wait));
                return false;
            }
            let fits = step.action == Action::JoinQueue || !step.sends() || attempt < attempts;
            let keep = fits && self.space(step, longest, attempts);
            at += usize::from(keep);
            keep
        });
        if let Some((at, wait)) = too_long
            && !steps.iter().any(|step| step.action == Action::PauseHost)
        {
            steps.insert(at, Advice::new(Action::PauseHost, over_limit(wait, longest)));
        }
    }

    fn over_limit(&self, steps: &[Advice]) -> Option<(Action, u32)> {
        let first = steps.iter().find(|step| step.action.repeats() || step.action == Action::PauseHost)?;
        let wait = first.wait.max(self.verdict.retry_after)?;
        (wait > self.policy.max_wait).then_some((first.action, wait))
    }

    /// Spaces a step that is repeated; false where its pauses cannot grow any more.
    fn space(&self, step: &mut Advice, longest: u32, attempts: u32) -> bool {
        if !matches!(step.action, Action::Wait | Action::BackOff) {
            return true;
        }
        let backoff = Backoff::new(step.wait.unwrap_or(UNSTATED), longest, attempts);
        let attempt = self.context.attempt.max(1);
        if step.action == Action::BackOff {
            step.wait = Some(backoff.pause(attempt));
            if attempt > 1 && backoff.pause(attempt) == backoff.pause(attempt - 1) {
                return false;
            }
        }
        step.backoff = Some(backoff);
        true
    }

    /// Where nobody gets through, repeated attempts only add to the load.
    fn pause_earlier(&self, steps: &mut [Advice]) {
        let down = is_fault(self.verdict.class) && self.context.others_succeed == Some(false);
        let at = steps.iter().position(|step| step.action == Action::PauseHost);
        let probing = steps.first().is_some_and(|step| step.action == Action::Probe);
        if let Some(first) = at.filter(|_| down && !probing && self.context.attempt > 1)
            && let Some(head) = steps.get_mut(..=first)
        {
            head.rotate_right(1);
        }
    }

    /// What is left when nothing else is.
    fn last(&self) -> Advice {
        let class = self.verdict.class;
        let may_pass = !self.verdict.preview
            && (is_fault(class) || matches!(class, Class::RateLimited | Class::WaitingRoom));
        let pause = Action::PauseHost;
        if may_pass
            && self.policy.allows(pause)
            && !self.context.has_tried(pause, &[])
            && self.context.others_succeed != Some(true)
        {
            let wait = Some(LAST_PAUSE.max(self.verdict.retry_after.unwrap_or(0)));
            return Advice {
                wait: wait.filter(|wait| *wait <= self.policy.max_wait),
                ..Advice::new(
                    pause,
                    "all other steps were tried or are not allowed, but it may end by itself",
                )
            };
        }
        Advice::new(Action::Stop, "all other steps were tried or are not allowed")
    }

    fn causes(&self, entry: Option<&'static Entry>) -> Vec<Cause> {
        let ranked = |causes: Vec<&'static str>| {
            causes.into_iter().enumerate().map(|(at, cause)| Cause { cause, likelihood: at + 1 }).collect()
        };
        if self.verdict.preview {
            return ranked(vec!["the address is a preview, which anybody can open"]);
        }
        let Some(entry) = entry else { return Vec::new() };
        let mut causes: Vec<(bool, &'static str)> = (1..)
            .zip(entry.causes)
            .map(|(number, cause)| (entry.aimed_causes.contains(&number), *cause))
            .collect();
        if self.context.has_tried(Action::Probe, &[]) && self.context.others_succeed == Some(false) {
            // Somebody else met it too, so a cause that hits only some visitors is less likely.
            causes.sort_by_key(|(aimed, _)| *aimed);
        }
        ranked(causes.into_iter().map(|(_, cause)| cause).collect())
    }
}

fn precedes(steps: &[Advice], first: Action, then: Action) -> bool {
    let at = |action| steps.iter().position(|step| step.action == action);
    matches!((at(first), at(then)), (Some(first), Some(then)) if first < then)
}

fn over_limit(wait: u32, longest: u32) -> String {
    format!(
        "leave the host for now: {wait} seconds are asked for, and the policy allows a wait of {longest} at \
         most"
    )
}
