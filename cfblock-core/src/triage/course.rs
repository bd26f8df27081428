//! What was advised for one request so far, and what comes next.

use serde::{Deserialize, Serialize};

use super::next::{Next, Outcome};
use super::plan::{self, Plan};
use super::{Context, Policy, Tried};
use crate::advice::{Advice, Backoff, is_fault};
use crate::verdict::{Verdict, is_idempotent};
use crate::vocab::{Action, Class, Failure, Held, ReachedOrigin};

/// The shortest pause after a failure without an answer, in seconds.
const AFTER_FAILURE: u32 = 1;

/// The way of one request: what was advised for it so far, and what comes next.
///
/// Ask [`Course::next`] after each answer, or after each failure without one,
/// and do what it says. It has no clock and draws no random numbers.
///
/// - It ends: after the policy's attempts, or where nothing can help.
/// - It never sends sooner than an answer states.
/// - What the site's own server may have received is sent again only where
///   the method allows it, or the caller says so ([`Course::repeatable`]).
/// - Refreshing a queue is no attempt. A queue is left only after the policy's
///   `max_queue` seconds.
///
/// A course can be stored with its request and goes on where it was.
///
/// ```
/// use cfblock_core::triage::{Course, Next, Policy};
/// use cfblock_core::{classify, Action, Held, ResponseParts};
///
/// let limited = classify(
///     &ResponseParts::new()
///         .status(429)
///         .header_strs(&[("server", "cloudflare"), ("retry-after", "45")])
///         .body(b"error code: 1015"),
/// );
/// let mut course = Course::new(Policy::full()).method("GET");
/// match course.next(&limited, None, 0.0) {
///     Next::Hold { whom: Held::Site, seconds, step } => {
///         assert_eq!((step.action, seconds), (Action::Wait, 45.0));
///     }
///     other => panic!("{other:?}"),
/// }
/// let page = classify(&ResponseParts::new().status(200).body(b"<title>Shop</title>"));
/// assert!(matches!(course.next(&page, None, 0.0), Next::End { step, .. } if step.action == Action::Proceed));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Course {
    policy: Policy,
    #[serde(default = "get")]
    method: Box<str>,
    #[serde(default)]
    repeatable: bool,
    #[serde(default)]
    can: Vec<Action>,
    #[serde(default)]
    attempts: u32,
    /// The seconds spent in a queue.
    #[serde(default)]
    queued: u32,
    #[serde(default)]
    tried: Vec<TriedFor>,
    /// The step that was advised last: what comes next says how it went.
    #[serde(default)]
    last: Option<TriedFor>,
}

fn get() -> Box<str> {
    "GET".into()
}

/// A step, and the answer for which it was advised.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TriedFor {
    about: Box<str>,
    step: Tried,
}

impl Course {
    /// The course of a request that was sent once, with GET.
    #[must_use]
    pub fn new(policy: Policy) -> Self {
        Self {
            policy,
            method: get(),
            repeatable: false,
            can: Vec::new(),
            attempts: 0,
            queued: 0,
            tried: Vec::new(),
            last: None,
        }
    }

    /// The request's method.
    #[must_use]
    pub fn method(mut self, method: &str) -> Self {
        self.method = method.into();
        self
    }

    /// Whether the request can be sent again whatever its method: it is
    /// idempotent or carries an idempotency key. The caller's own word.
    #[must_use]
    pub const fn repeatable(mut self, repeatable: bool) -> Self {
        self.repeatable = repeatable;
        self
    }

    /// What the caller can do by itself besides waiting for one request, such
    /// as a change of identity.
    ///
    /// A caller with a queue names [`Action::PauseHost`]: the request then
    /// comes back once after the pause, instead of ending with a `hold`.
    #[must_use]
    pub fn can(mut self, actions: &[Action]) -> Self {
        self.can = actions.to_vec();
        self
    }

    /// How often the request was sent before this course is asked for the first time.
    ///
    /// For callers whose framework counts attempts itself: the answer that comes first is one more.
    #[must_use]
    pub const fn sent(mut self, times: u32) -> Self {
        self.attempts = times;
        self
    }

    /// How often the request was sent so far, as far as this course was asked; refreshes of a queue do not count.
    #[must_use]
    pub const fn attempts(&self) -> u32 {
        self.attempts
    }

    /// What comes next, after an answer or a failure.
    ///
    /// - `others`: whether other requests to the host succeed at present;
    ///   `None` where nobody knows.
    /// - `random`: a number from 0 to 1, by which pauses are drawn.
    pub fn next<'a>(&mut self, outcome: impl Into<Outcome<'a>>, others: Option<bool>, random: f64) -> Next {
        let outcome = outcome.into();
        self.note_what_failed();
        let next = match outcome {
            Outcome::Answer(verdict) => self.after(verdict, others, random),
            Outcome::Failure(failure) => self.after_failure(failure, random),
        };
        self.remember(about(outcome), &next);
        next
    }

    /// The last step led to another answer that needs a step: it failed, unless it stays open.
    fn note_what_failed(&mut self) {
        let refreshed = self.last.as_ref().is_some_and(|last| last.step.action == Action::JoinQueue);
        if !refreshed {
            self.attempts = self.attempts.saturating_add(1);
        }
        if let Some(last) = self.last.take()
            && !last.step.action.conduct().open_ended
            && !self.tried.contains(&last)
        {
            self.tried.push(last);
        }
    }

    fn remember(&mut self, about: Box<str>, next: &Next) {
        if let (Action::JoinQueue, Some(seconds)) = (next.step().action, next.wait()) {
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a wait of at most a day"
            )]
            let seconds = seconds.ceil() as u32;
            self.queued = self.queued.saturating_add(seconds.max(1));
        }
        if !matches!(next, Next::End { .. }) {
            self.last = Some(TriedFor { about, step: next.step().into() });
        }
    }

    fn after(&self, verdict: &Verdict, others: Option<bool>, random: f64) -> Next {
        let about = about(verdict.into());
        let context = Context {
            attempt: self.attempts.max(1),
            tried: self
                .tried
                .iter()
                .filter(|tried| tried.about == about)
                .map(|tried| tried.step.clone())
                .collect(),
            others_succeed: others,
            method: self.method.clone(),
            repeatable: self.repeatable,
        };
        let Plan { steps, over_limit, .. } = plan::make(verdict, &self.policy, &context);
        let may_repeat = context.may_repeat(verdict);
        let pauses = |step: &&Advice| step.action == Action::PauseHost;
        let hold = over_limit
            .or_else(|| steps.first().filter(pauses).and_then(|step| Some((step.action, step.wait?))))
            .map(|(action, seconds)| (whom(verdict, action, others), f64::from(seconds)))
            .filter(|(whom, _)| *whom != Held::Request);
        let end = |steps: Vec<Advice>| {
            let nothing = || Advice::new(Action::Stop, "nothing is left to try");
            Next::End { step: steps.into_iter().next().unwrap_or_else(nothing), hold }
        };
        // A caller who cannot do the first step of a refusal is not told to wait instead.
        let queues = steps.iter().any(|step| step.action == Action::JoinQueue);
        let is_open = |(at, step): &(usize, &Advice)| {
            // A pause of the host is for where nothing comes before it, such as a probe.
            (step.action != Action::PauseHost || (may_repeat && *at == 0))
                && self.can_follow(step, verdict)
                // Any other wait would give up the place in the queue.
                && (!queues || step.action == Action::JoinQueue || self.can.contains(&step.action))
                && (*at == 0 || is_waited_out(verdict) || self.can.contains(&step.action))
        };
        let ends = |step: &Advice| matches!(step.action, Action::Stop | Action::Proceed);
        match steps.iter().enumerate().take_while(|(_, step)| !ends(step)).find(is_open) {
            Some((_, step)) => self.follow(step.clone(), verdict, others, random),
            None => end(steps),
        }
    }

    fn can_follow(&self, step: &Advice, verdict: &Verdict) -> bool {
        match step.action {
            Action::JoinQueue => self.queued < self.policy.max_queue,
            Action::PauseHost => {
                let comes_back =
                    self.can.contains(&Action::PauseHost) && self.attempts < self.policy.max_attempts;
                comes_back && step.wait.is_some()
            }
            // The pace of others is one thing, this request another.
            Action::SlowDown => verdict.retryable != Some(false) || verdict.class == Class::Challenge,
            action => action.repeats() || self.can.contains(&action),
        }
    }

    fn follow(&self, step: Advice, verdict: &Verdict, others: Option<bool>, random: f64) -> Next {
        if !step.action.repeats() && step.action != Action::PauseHost {
            return Next::Act { step };
        }
        let seconds = match step.backoff {
            Some(backoff) => backoff.draw(self.attempts.max(1), random),
            None => f64::from(step.wait.unwrap_or(0)),
        };
        match whom(verdict, step.action, others) {
            Held::Request if step.action != Action::JoinQueue => Next::SendAgain { after: seconds, step },
            whom => Next::Hold { whom, seconds, step },
        }
    }

    fn after_failure(&self, failure: Failure, random: f64) -> Next {
        let end = |action, why: &'static str| Next::End { step: Advice::new(action, why), hold: None };
        if failure == Failure::Tls {
            return end(
                Action::Inspect,
                "check the TLS settings and certificates on your side: the same handshake fails the same way",
            );
        }
        let unreached = failure.reached_origin() == ReachedOrigin::No;
        if !(unreached || self.repeatable || is_idempotent(&self.method)) {
            return end(
                Action::Inspect,
                "find out whether the request did its work before you send it again: no answer came, but the site's \
                 server may have received it",
            );
        }
        let attempt = self.attempts.max(1);
        let longest = self.policy.max_wait;
        if !self.policy.allows(Action::BackOff)
            || attempt >= self.policy.max_attempts
            || longest < AFTER_FAILURE
        {
            return end(Action::Inspect, "check the connection: no answer came, however often it was tried");
        }
        let backoff = Backoff::new(AFTER_FAILURE, longest, self.policy.max_attempts);
        let why = "no answer came: try again, with longer pauses";
        let step = Advice {
            wait: Some(backoff.pause(attempt)),
            backoff: Some(backoff),
            ..Advice::new(Action::BackOff, why)
        };
        Next::SendAgain { after: backoff.draw(attempt, random), step }
    }
}

/// What an answer is about, so that what failed for one reason can be tried for another.
fn about(outcome: Outcome<'_>) -> Box<str> {
    match outcome {
        Outcome::Answer(verdict) => verdict.reason().unwrap_or(verdict.class.as_str()).into(),
        Outcome::Failure(failure) => failure.as_str().into(),
    }
}

/// Whether waiting can end it, so that a step of waiting further down the list is worth following.
fn is_waited_out(verdict: &Verdict) -> bool {
    is_fault(verdict.class)
        || matches!(verdict.class, Class::RateLimited | Class::WaitingRoom)
        || (verdict.class == Class::Passed
            && verdict.status.is_some_and(|status| status == 429 || status >= 500))
}

/// What is held back while a step is followed.
fn whom(verdict: &Verdict, action: Action, others: Option<bool>) -> Held {
    let own_trouble = verdict.class == Class::Passed && verdict.status != Some(429);
    // What fails one page while others are answered says nothing about the host.
    let alone = others == Some(true) && !verdict.is_blocked() && verdict.status != Some(429);
    match action.conduct().holds {
        Held::Request => Held::Request,
        _ if own_trouble || alone => Held::Request,
        Held::Host if verdict.class == Class::RateLimited => Held::Site,
        held => held,
    }
}
