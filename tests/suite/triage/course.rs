//! What holds of a course for every entry, policy, method, history and random number.

use cfblock_core::triage::{Course, Next, Outcome, Policy};
use cfblock_core::{Action, Class, Failure, Held, ReachedOrigin, Verdict, codes};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;

use super::laws::{configuration, every_verdict, policies, random_policies, verdicts};
use super::verdict_of;

const METHODS: [&str; 5] = ["GET", "HEAD", "PUT", "POST", "PATCH"];

fn is_idempotent(method: &str) -> bool {
    !matches!(method, "POST" | "PATCH")
}

/// One step of a course, held to the laws.
fn step(
    course: &mut Course,
    outcome: Outcome<'_>,
    (policy, method, repeatable): (&Policy, &str, bool),
    others: Option<bool>,
    random: f64,
) -> Next {
    let next = course.next(outcome, others, random);
    let shown = || format!("{outcome:?}\n{policy:?}\n{method} {others:?} {random}\n{next:#?}\n{course:?}");
    let action = next.step().action;
    let ends = matches!(action, Action::Stop | Action::Proceed);
    let failed = matches!(outcome, Outcome::Failure(_)) && action == Action::Inspect;
    assert!(ends || failed || !policy.exclude.contains(&action), "excluded: {}", shown());

    let unacted = match outcome {
        Outcome::Answer(verdict) => {
            verdict.reached_origin() == ReachedOrigin::No
                || verdict.status.is_some_and(|status| (400..499).contains(&status) && status != 408)
        }
        Outcome::Failure(failure) => failure.reached_origin() == ReachedOrigin::No,
        _ => unreachable!(),
    };
    let sends = !matches!(next, Next::End { .. });
    let may_repeat = repeatable || is_idempotent(method) || unacted;
    assert!(!sends || may_repeat, "sent twice: {}", shown());
    if let Outcome::Answer(verdict) = outcome {
        let stated = f64::from(verdict.retry_after.unwrap_or(0));
        assert!(next.wait().is_none_or(|wait| wait >= stated), "too soon: {}", shown());
        assert!(
            next.wait().is_none() || verdict.retryable != Some(false) || !action.is_wait(),
            "not retryable: {}",
            shown()
        );
    }
    if let Some(wait) = next.wait() {
        assert!(wait <= f64::from(policy.max_wait.max(policy.max_queue)), "max_wait: {}", shown());
        assert_eq!(course.clone(), serde_json::from_str(&serde_json::to_string(course).unwrap()).unwrap());
    }
    next
}

/// Asks until the course ends, as if each step met the same outcome again; how often the request was sent.
fn follow(
    outcome: Outcome<'_>,
    mut course: Course,
    what: (&Policy, &str, bool),
    others: Option<bool>,
) -> u32 {
    let mut sent = 1;
    for asked in 0_u32.. {
        let random = f64::from(asked % 5) / 4.0;
        let next = step(&mut course, outcome, what, others, random);
        if matches!(next, Next::End { .. }) {
            return sent;
        }
        if next.step().action == Action::JoinQueue {
            assert!(matches!(next, Next::Hold { whom: Held::Request, .. }), "{next:?}");
            let refreshes = what.0.max_queue + 2;
            assert!(asked < refreshes.max(100_000), "a queue without an end");
        } else {
            sent += 1;
        }
    }
    unreachable!()
}

fn course(policy: &Policy, method: &str, repeatable: bool) -> Course {
    Course::new(policy.clone()).method(method).repeatable(repeatable).can(&[Action::PauseHost])
}

#[test]
fn every_course_keeps_the_laws_and_ends() {
    let mut followed = 0_u32;
    for verdict in every_verdict() {
        for policy in policies() {
            let policy = policy.max_queue(600);
            for method in ["GET", "POST"] {
                for others in [None, Some(true), Some(false)] {
                    let what = (&policy, method, false);
                    let sent = follow((&verdict).into(), course(&policy, method, false), what, others);
                    assert!(sent <= policy.max_attempts, "{:?}: sent {sent} times", verdict.reason());
                    followed += 1;
                }
            }
        }
    }
    assert!(followed > 50_000, "{followed}");
}

#[test]
fn failures_without_an_answer_keep_the_laws_and_end() {
    for failure in Failure::ALL {
        for policy in policies() {
            for method in METHODS {
                let policy = policy.clone().max_attempts(policy.max_attempts.min(50));
                let what = (&policy, method, false);
                let sent = follow((*failure).into(), course(&policy, method, false), what, None);
                assert!(sent <= policy.max_attempts, "{failure}: sent {sent} times");
            }
        }
    }
    let mut post = Course::new(Policy::full()).method("POST");
    let unanswered = post.next(Failure::Timeout, None, 0.0);
    assert!(matches!(unanswered, Next::End { step, .. } if step.action == Action::Inspect));
    let mut post = Course::new(Policy::full()).method("POST");
    assert!(matches!(post.next(Failure::ConnectionRefused, None, 0.0), Next::SendAgain { .. }));
}

proptest! {
    #![proptest_config(configuration())]

    #[test]
    fn mixed_answers_keep_the_laws(
        seen in proptest::collection::vec(verdicts(), 1..30),
        policy in random_policies(),
        method in select(METHODS.to_vec()),
        repeatable in any::<bool>(),
        others in proptest::option::of(any::<bool>()),
        random in 0.0..1.0,
    ) {
        let what = (&policy, method, repeatable);
        let mut course = course(&policy, method, repeatable)
            .can(&[Action::ChangeIdentity, Action::UseBrowser, Action::Probe, Action::PauseHost]);
        for verdict in &seen {
            if matches!(step(&mut course, verdict.into(), what, others, random), Next::End { .. }) {
                break;
            }
        }
    }
}

fn of(reason: &str, more: &serde_json::Value) -> Verdict {
    verdict_of(reason, more)
}

/// The actions and waits of a course that meets the same answer over and over.
fn walk(verdict: &Verdict, method: &str) -> Vec<(Action, f64)> {
    let mut course = Course::new(Policy::full()).method(method);
    let mut seen = Vec::new();
    while let (Some(wait), true, next) = {
        let next = course.next(verdict, None, 0.0);
        (next.wait(), seen.len() < 50, next)
    } {
        seen.push((next.step().action, wait));
    }
    seen
}

#[test]
fn a_rate_limit_waits_then_slows_down_then_backs_off() {
    let limited = of("rate_limited", &json!({ "retry_after": 10, "status": 429 }));
    let seen = walk(&limited, "GET");
    assert_eq!(seen[..2], [(Action::Wait, 10.0), (Action::SlowDown, 10.0)]);
    assert!(seen[2..].iter().all(|(action, wait)| *action == Action::BackOff && *wait >= 10.0), "{seen:?}");
    assert_eq!(seen.len(), 5, "six attempts in all: {seen:?}");
    let mut course = Course::new(Policy::full());
    assert!(matches!(course.next(&limited, Some(true), 0.5), Next::Hold { whom: Held::Site, .. }));
}

#[test]
fn a_queue_keeps_its_place_however_long_it_takes() {
    let queue = of("waiting_room", &json!({ "status": 200, "retry_after": 20 }));
    let mut course = Course::new(Policy::full().max_attempts(2).max_queue(3600));
    for refresh in 0..180 {
        let next = course.next(&queue, None, 0.0);
        assert!(
            matches!(&next, Next::Hold { whom: Held::Request, seconds: 20.0, .. }),
            "{refresh}: {next:?}"
        );
    }
    assert!(matches!(course.next(&queue, None, 0.0), Next::End { .. }), "an hour is over");
    assert_eq!(course.attempts(), 1);
}

#[test]
fn a_post_that_may_have_arrived_is_not_sent_again() {
    let unknown = of("origin_response_timeout", &json!({ "status": 524 }));
    assert!(walk(&unknown, "POST").is_empty());
    assert_eq!(walk(&unknown, "PUT").len(), 5);
    let mut with_key = Course::new(Policy::full()).method("POST").repeatable(true);
    assert!(with_key.next(&unknown, None, 0.0).wait().is_some());
    let refused = of("origin_refused", &json!({ "status": 521 }));
    assert_eq!(walk(&refused, "POST").len(), 5, "521 never reached the origin");
}

#[test]
fn what_fails_one_page_does_not_hold_the_host() {
    let timeout = of("connection_timeout", &json!({ "status": 522 }));
    let mut course = Course::new(Policy::full());
    assert!(matches!(course.next(&timeout, None, 0.0), Next::Hold { whom: Held::Host, seconds: 120.0, .. }));
    let mut course = Course::new(Policy::full());
    assert!(matches!(course.next(&timeout, Some(true), 0.0), Next::SendAgain { after: 120.0, .. }));
    let own = of("origin_error", &json!({ "status": 500 }));
    let mut course = Course::new(Policy::full());
    assert!(
        matches!(course.next(&own, None, 0.0), Next::SendAgain { .. }),
        "the site's own 500 is one page's"
    );
}

#[test]
fn impatience_ends_one_request_and_holds_the_others() {
    let limited = of("rate_limited", &json!({ "retry_after": 90, "status": 429 }));
    let mut course = Course::new(Policy::full().max_wait(60));
    match course.next(&limited, None, 0.0) {
        Next::End { hold: Some((Held::Site, 90.0)), step } => {
            assert_eq!(step.action, Action::PauseHost);
            assert!(step.why.contains("90") && step.why.contains("60"), "{}", step.why);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_pause_of_the_host_is_for_those_with_a_queue() {
    let gone = of("origin_dns_error", &json!({ "status": 530 }));
    let mut simple = Course::new(Policy::full());
    let next = simple.next(&gone, None, 0.0);
    assert!(matches!(next, Next::End { hold: Some((Held::Host, 600.0)), .. }), "{next:?}");
    let mut queued = Course::new(Policy::full()).can(&[Action::PauseHost]);
    let next = queued.next(&gone, None, 0.0);
    assert!(matches!(next, Next::Hold { whom: Held::Host, seconds: 600.0, .. }), "{next:?}");
    assert!(matches!(queued.next(&gone, None, 0.0), Next::End { .. }), "it comes back once");
}

#[test]
fn refusals_end_at_once_unless_the_caller_can_do_something() {
    for (reason, status) in [("firewall_rule_blocked", 403), ("managed_challenge", 403), ("legal_block", 451)]
    {
        let refused = of(reason, &json!({ "status": status }));
        assert!(walk(&refused, "GET").is_empty(), "{reason}");
    }
    let banned = of("ip_banned", &json!({ "status": 403 }));
    let mut course = Course::new(Policy::full()).can(&[Action::ChangeIdentity]);
    assert!(matches!(course.next(&banned, None, 0.0), Next::Act { step } if !step.change.is_empty()));
    assert!(matches!(course.next(&banned, None, 0.0), Next::End { .. }), "it failed once");
}

#[test]
fn the_default_patience_is_at_least_the_longest_wait_of_the_catalogue() {
    for policy in [Policy::full(), Policy::cooperative()] {
        for entry in codes::all().filter(|entry| entry.class != Class::Passed) {
            let longest = entry.client.iter().filter_map(|step| step.wait).chain(entry.retry_after).max();
            assert!(longest <= Some(policy.max_wait), "{}", entry.reason);
        }
    }
}
