//! The steps, in order: the catalogue's, less what does not fit.

use std::borrow::Cow;

use super::{Advice, Backoff, Cause, Context, Policy};
use crate::codes::{Entry, access, challenge, crawl, edge, gate, passed, request, site_dns};
use crate::verdict::Verdict;
use crate::vocab::{Action, Class};

/// The least pause, in seconds, where neither the answer nor the catalogue names one.
const UNSTATED: u32 = 30;

/// How long to leave a host alone when nothing else is left, in seconds.
const LAST_PAUSE: u32 = 900;

/// The steps and what they rest on.
pub(super) struct Plan {
    /// The entry, or the one that stands for the class.
    pub(super) entry: Option<&'static Entry>,
    pub(super) steps: Vec<Advice>,
    pub(super) causes: Vec<Cause>,
    pub(super) exhausted: bool,
}

pub(super) fn make(verdict: &Verdict, policy: &Policy, context: &Context) -> Plan {
    let entry = entry_of(verdict);
    let case = Case { verdict, policy, context, stated: verdict.retry_after.filter(|wait| *wait > 0) };
    let mut steps = case.steps(entry);
    let exhausted = steps.is_empty();
    if exhausted {
        steps.push(case.last());
    }
    for step in &mut steps {
        case.name_facts(step);
    }
    Plan { entry, steps, causes: case.causes(entry), exhausted }
}

/// The entry of a verdict, or the one that stands for its class.
fn entry_of(verdict: &Verdict) -> Option<&'static Entry> {
    // A number without an entry takes its class from the status beside it.
    let numberless = matches!(verdict.class, Class::RateLimited | Class::LegalBlock);
    verdict
        .entry()
        .filter(|entry| entry.class == verdict.class || !numberless)
        .or_else(|| entry_of_class(verdict.class, verdict.status))
}

fn entry_of_class(class: Class, status: Option<u16>) -> Option<&'static Entry> {
    Some(match class {
        Class::Passed => {
            return status.filter(|status| *status >= 400).map(|_| &passed::unattributed_refusal);
        }
        Class::Challenge => &challenge::challenge_of_unknown_type,
        Class::AccessDenied => &gate::waf_block_page,
        Class::RateLimited => &gate::edge_rate_limited,
        Class::WaitingRoom => &gate::waiting_room,
        Class::PaymentRequired => &crawl::unknown_crawler_error,
        Class::SignInRequired => &access::access_login_redirect,
        Class::LegalBlock => &gate::edge_legal_block,
        Class::PhishingWarning => &gate::phishing_interstitial,
        Class::BadRequest => &request::edge_client_error,
        Class::SiteMisconfigured => &edge::unknown_error,
        Class::OriginFailed | Class::EdgeFailed => &edge::edge_server_error,
    })
}

struct Case<'a> {
    verdict: &'a Verdict,
    policy: &'a Policy,
    context: &'a Context,
    /// The wait that the answer states; 0 states none.
    stated: Option<u32>,
}

impl Case<'_> {
    fn steps(&self, entry: Option<&'static Entry>) -> Vec<Advice> {
        let mut steps = self.listed(entry);
        self.time_waits(&mut steps);
        self.drop_vain_repeats(&mut steps);
        let probe_is_asked_for = precedes(&steps, Action::Probe, Action::ChangeIdentity);
        self.set_waits(&mut steps, entry);
        self.keep_limits(&mut steps);
        steps.retain(|step| {
            self.policy.allows(step.action)
                && step.change.iter().all(|change| self.policy.allows_change(*change))
                && !self.context.has_tried(step.action, &step.change)
                && !(step.action == Action::PauseHost && self.context.others_succeed == Some(true))
        });
        let probe_is_open = steps.iter().any(|step| step.action == Action::Probe);
        if probe_is_asked_for && !probe_is_open && self.context.others_succeed != Some(true) {
            steps.retain(|step| step.action != Action::ChangeIdentity);
        }
        self.pause_earlier(&mut steps);
        let mut seen: Vec<(Action, Vec<_>)> = Vec::new();
        steps.retain(|step| {
            let new = !seen.iter().any(|(action, change)| *action == step.action && *change == step.change);
            seen.push((step.action, step.change.clone()));
            new
        });
        steps
    }

    /// The steps as the catalogue lists them.
    fn listed(&self, entry: Option<&'static Entry>) -> Vec<Advice> {
        if self.verdict.preview {
            return vec![Advice::new(
                Action::FixRequest,
                "leave out addresses below /cdn-cgi/: this one shows a sample of an error page, and nothing \
                 happened to the site",
            )];
        }
        let Some(entry) = entry else {
            return vec![Advice::new(Action::Proceed, "the site itself answered: use the answer")];
        };
        let steps = entry.client.iter().copied().map(Advice::from);
        let may_repeat = self.verdict.retryable == Some(true);
        match self.stated.filter(|_| may_repeat && !entry.client.iter().any(|step| step.action.is_wait())) {
            Some(wait) => {
                let why = "Cloudflare states that the request may succeed after this time";
                [Advice { wait: Some(wait), ..Advice::new(Action::Wait, why) }]
                    .into_iter()
                    .chain(steps)
                    .collect()
            }
            None => steps.collect(),
        }
    }

    /// A wait without a time is a back-off.
    fn time_waits(&self, steps: &mut Vec<Advice>) {
        let timeless =
            |step: &Advice| step.action == Action::Wait && step.wait.is_none() && self.stated.is_none();
        let Some(at) = steps.iter().position(timeless) else { return };
        match steps.iter().position(|step| step.action == Action::BackOff) {
            Some(other) => {
                let backoff = steps[other].clone();
                steps[at] = backoff;
                steps.remove(other);
            }
            None => steps[at].action = Action::BackOff,
        }
    }

    /// Does not send again what cannot succeed unchanged.
    fn drop_vain_repeats(&self, steps: &mut Vec<Advice>) {
        let refused_by_origin = self.verdict.class == Class::Passed
            && self.stated.is_none()
            && self.verdict.status.is_some_and(|status| (400..500).contains(&status) && status != 429);
        if refused_by_origin {
            steps.retain(|step| !step.action.is_wait());
        }
        if self.verdict.retryable != Some(false) {
            return;
        }
        // A fault may be mended meanwhile: come back later instead of trying again.
        let pauses = steps.iter().any(|step| step.action == Action::PauseHost);
        if is_fault(self.verdict.class) && !pauses {
            for step in steps.iter_mut().filter(|step| step.action.is_wait()) {
                step.action = Action::PauseHost;
                step.wait = step.wait.max(Some(UNSTATED));
            }
        }
        steps.retain(|step| !step.action.is_wait());
    }

    /// No request sooner than stated, and none at once where a rate is limited.
    fn set_waits(&self, steps: &mut Vec<Advice>, entry: Option<&'static Entry>) {
        let limited = self.verdict.class == Class::RateLimited
            || (self.verdict.class == Class::Passed && self.verdict.status == Some(429));
        let default = entry.and_then(|entry| entry.retry_after).unwrap_or(UNSTATED);
        let least = self.stated.or(limited.then_some(default));
        for step in &mut *steps {
            match step.action {
                Action::Wait | Action::JoinQueue => step.wait = self.stated.or(step.wait).max(least),
                Action::BackOff => {
                    step.wait = Some(step.wait.max(least).filter(|wait| *wait > 0).unwrap_or(UNSTATED));
                }
                Action::PauseHost => step.wait = step.wait.max(self.stated),
                _ if step.sends() => step.wait = step.wait.max(least),
                _ => {}
            }
        }
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
        if let Some(at) = at.filter(|_| down && !probing && self.context.attempt > 1) {
            steps[..=at].rotate_right(1);
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
            let wait = Some(LAST_PAUSE.max(self.stated.unwrap_or(0)));
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

    /// Puts what the answer names into the words of a step.
    fn name_facts(&self, step: &mut Advice) {
        match (step.action, self.verdict.ray_id, price(self.verdict)) {
            (Action::ContactOwner, Some(ray), _) => {
                if step.why.contains("the Ray ID") {
                    step.why = step.why.replacen("the Ray ID", &format!("the Ray ID {ray}"), 1).into();
                } else if self.verdict.is_intercepted() {
                    step.why = format!("{} (Ray ID {ray})", step.why).into();
                }
            }
            (Action::Pay, _, Some(price)) => {
                step.why = format!("the site asks {price} for this request: {}", step.why).into();
            }
            _ => {}
        }
    }

    fn causes(&self, entry: Option<&'static Entry>) -> Vec<Cause> {
        let mut causes = entry.map_or_else(Vec::new, |entry| entry.causes.to_vec());
        if self.verdict.preview {
            causes = vec!["the address is a preview, which anybody can open"];
        }
        let probe_failed =
            self.context.has_tried(Action::Probe, &[]) && self.context.others_succeed == Some(false);
        if probe_failed && entry == Some(&site_dns::dns_points_to_local_or_disallowed_ip) {
            // The error is not aimed at one vantage, so a null route is less likely than a DNS fault.
            causes.swap(0, 1);
        }
        causes.into_iter().enumerate().map(|(rank, cause)| Cause { cause, likelihood: rank + 1 }).collect()
    }
}

/// Whether the class is a fault that may be mended, rather than a refusal.
pub(super) const fn is_fault(class: Class) -> bool {
    matches!(class, Class::SiteMisconfigured | Class::OriginFailed | Class::EdgeFailed)
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

/// The price, if it is one: it may stem from a record that somebody wrote by hand.
pub(super) fn price(verdict: &Verdict) -> Option<&str> {
    let harmless = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'.' | b',');
    verdict.price.as_deref().filter(|price| (1..=32).contains(&price.len()) && price.bytes().all(harmless))
}
