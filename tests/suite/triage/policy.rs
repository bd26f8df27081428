//! Policies and contexts as people write them.

use cfblock_core::triage::{Backoff, Context, Policy, triage};
use cfblock_core::{Action, Change};
use serde_json::json;

use super::{actions, edge_answer, verdict_of};

#[test]
fn presets_and_members() {
    assert_eq!(Policy::from_json("{}").unwrap(), Policy::full());
    assert_eq!(Policy::default(), Policy::full());
    assert_eq!(Policy::from_json(r#"{"base": "cooperative"}"#).unwrap(), Policy::cooperative());
    assert_eq!(Policy::named("cooperative"), Some(Policy::cooperative()));
    assert_eq!(Policy::named("polite"), None);
    let read = Policy::from_json(r#"{"base": "cooperative", "exclude": ["pay"], "max_wait": 60}"#).unwrap();
    assert_eq!(read, Policy::cooperative().exclude([Action::Pay]).max_wait(60));
    assert!(!read.allows(Action::UseBrowser), "what is excluded comes on top of the base");
    let read = Policy::from_json(r#"{"changes": [], "max_attempts": null}"#).unwrap();
    assert!(!read.allows(Action::ChangeIdentity) && !read.allows_change(Change::Ip));
}

#[test]
fn mistakes_are_named_with_their_place() {
    for (text, line, message) in [
        ("{\n \"max_wait\": -5}", 2, "`max_wait` is -5, expected 0 or more seconds"),
        ("{\"max_wait\": 1.5}", 1, "`max_wait` as a whole number"),
        ("{\"max_wait\": \"10s\"}", 1, "`max_wait` as a whole number"),
        ("{\"max_wait\": 5000000000}", 1, "`max_wait` is 5000000000"),
        ("{\n\n\"max_attempts\": 0}", 3, "`max_attempts` is 0, expected 1 or more"),
        ("{\"base\": \"polite\"}", 1, "`base` is \"polite\", expected full or cooperative"),
        ("{\"base\": 7}", 1, "`base`"),
        ("{\"exclude\": [\"fly\"]}", 1, "`exclude`: unknown Action \"fly\", expected one of proceed"),
        ("{\"exclude\": \"pay\"}", 1, "`exclude` as a list of words"),
        ("{\"exclude\": [\"stop\"]}", 1, "`exclude` names stop"),
        ("{\"changes\": [\"shoes\"]}", 1, "`changes`: unknown Change \"shoes\""),
        ("{\"max_wiat\": 5}", 1, "unknown field `max_wiat`"),
        ("{\"max_wait\": 5", 1, "EOF"),
        ("[]", 1, "expected a policy with members"),
    ] {
        let error = Policy::from_json(text).unwrap_err();
        assert!(error.message.contains(message), "{text}: {error}");
        assert_eq!(error.line, line, "{text}: {error}");
        assert!(!error.message.contains(" at line "), "{error}");
    }
    let vain = Policy::from_json(r#"{"base": "cooperative", "changes": ["ip"]}"#).unwrap_err();
    assert!(vain.message.contains("`changes` has no effect"), "{vain}");
}

#[test]
fn a_policy_written_out_reads_back() {
    for policy in [Policy::full(), Policy::cooperative(), Policy::full().changes([]).max_wait(0)] {
        let text = serde_json::to_string(&policy).unwrap();
        assert_eq!(Policy::from_json(&text).unwrap(), policy, "{text}");
    }
}

#[test]
fn a_cooperative_crawler_asks_or_stays_away() {
    let first = |reason: &str| {
        triage(&verdict_of(reason, &json!({})), &Policy::cooperative(), &Context::new()).action
    };
    assert_eq!(first("managed_challenge"), Action::ContactOwner);
    assert_eq!(first("firewall_rule_blocked"), Action::ContactOwner);
    assert_eq!(first("rate_limited"), Action::Wait);
    assert_eq!(first("dns_points_to_local_or_disallowed_ip"), Action::PauseHost);
    assert_eq!(first("waiting_room"), Action::JoinQueue);
}

#[test]
fn a_wait_beyond_the_policy_pauses_the_host() {
    let limited = edge_answer(429, &[("retry-after", "600")], "error code: 1015");
    let advice = triage(&limited, &Policy::full().max_wait(60), &Context::new());
    assert_eq!(actions(&advice), [Action::PauseHost, Action::ContactOwner]);
    assert_eq!(advice.steps[0].wait, None);
    assert!(advice.steps[0].why.contains("600 seconds"), "{}", advice.steps[0].why);
}

#[test]
fn a_change_that_is_not_allowed_is_not_advised_in_part() {
    let banned = verdict_of("asn_banned", &json!({}));
    let advice = triage(&banned, &Policy::full().changes([Change::Ip]), &Context::new());
    assert_eq!(actions(&advice), [Action::ContactOwner, Action::Stop], "another address alone is banned too");
}

#[test]
fn the_end_is_marked() {
    let denied = verdict_of("direct_ip_access", &json!({}));
    let context = Context::new().tried(Action::FixRequest);
    let advice = triage(&denied, &Policy::full(), &context);
    assert_eq!((actions(&advice), advice.exhausted), (vec![Action::Stop], true));
    let down = verdict_of("connection_timeout", &json!({}));
    let context = Context::new().tried(Action::BackOff).tried(Action::PauseHost).tried(Action::ContactOwner);
    assert_eq!(actions(&triage(&down, &Policy::full(), &context)), [Action::Stop]);
    let context = Context::new().tried(Action::BackOff).tried(Action::ContactOwner);
    let no_pause = verdict_of("origin_unreachable", &json!({}));
    let advice = triage(&no_pause, &Policy::full(), &context);
    assert_eq!((actions(&advice), advice.exhausted), (vec![Action::PauseHost], true));
}

#[test]
fn a_context_reads_from_json() {
    let context: Context = serde_json::from_value(json!({
        "attempt": 3,
        "tried": [{"action": "probe"}, {"action": "change_identity", "change": ["ip"]}],
        "others_succeed": true,
    }))
    .unwrap();
    assert_eq!((context.attempt, context.tried.len()), (3, 2));
    assert_eq!(serde_json::from_value::<Context>(json!({})).unwrap(), Context::new());
    assert!(serde_json::from_value::<Context>(json!({ "atempt": 3 })).is_err());
}

fn backoff_of(reason: &str, policy: &Policy) -> Backoff {
    triage(&verdict_of(reason, &json!({})), policy, &Context::new()).steps[0].backoff.unwrap()
}

#[test]
fn a_back_off_in_the_terms_of_others() {
    let backoff = backoff_of("connection_timeout", &Policy::full());
    assert_eq!(
        serde_json::to_value(backoff).unwrap(),
        json!({"floor": 120, "base": 240, "factor": 2, "cap": 3600, "jitter": "full", "max_attempts": 6})
    );
    assert_eq!(
        backoff.tenacity(),
        json!({
            "wait_random_exponential": {"multiplier": 240, "exp_base": 2, "min": 120, "max": 3600},
            "stop_after_attempt": 6,
        })
    );
    assert_eq!(
        backoff.reqwest_retry(),
        json!({
            "retry_bounds": {"min_retry_interval": 240, "max_retry_interval": 3600},
            "base": 2, "jitter": "Bounded", "build_with_max_retries": 5,
        })
    );
    let got = backoff.got();
    assert_eq!((&got["limit"], &got["backoffLimit"]), (&json!(5), &json!(3_600_000)));
    assert!(
        got["calculateDelay"].as_str().unwrap().contains("Math.min(3600, 240 * 2 ** (attemptCount - 1))")
    );
    let scrapy = backoff.scrapy(Some("shop.example"));
    assert_eq!(scrapy["RETRY_TIMES"], 5);
    assert_eq!(scrapy["DOWNLOAD_SLOTS"]["shop.example"]["delay"], 240);
    assert_eq!(backoff.scrapy(None)["DOWNLOAD_DELAY"], 240);
}

#[test]
fn a_back_off_stays_between_its_floor_and_its_cap() {
    let tight = backoff_of("connection_timeout", &Policy::full().max_wait(150));
    for attempt in [0, 1, 2, 40, u32::MAX] {
        for random in [-1.0, 0.0, 0.5, 1.0, f64::NAN] {
            let drawn = tight.draw(attempt, random);
            assert!(drawn.is_nan() || (120.0..=150.0).contains(&drawn), "{attempt}, {random}: {drawn}");
        }
        assert!((120..=150).contains(&tight.pause(attempt)));
    }
    assert_eq!(tight.reqwest_retry()["jitter"], "None", "no room for jitter above the floor");
}
