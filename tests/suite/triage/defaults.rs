//! The advice for each kind of answer.

use cfblock_core::triage::{Context, Policy, triage};
use cfblock_core::{Action, Audience, Change, classify, codes};
use serde_json::json;

use super::{actions, advise, edge_answer, verdict_of};

/// The advice for a numbered answer without anything stated.
fn by_code(code: u16) -> cfblock_core::triage::Triage {
    let entry = codes::by_code(codes::ErrorCode::new(code)).unwrap();
    advise(&verdict_of(entry.reason, &json!({ "error_code": code, "ray_id": "8f1b2c3d4e5f6071" })))
}

#[test]
fn a_rate_limit_waits_as_stated_then_slows_the_whole_domain() {
    for (stated, expected) in [("10", 10), ("45", 45), ("7200", 7200), ("0", 30)] {
        let advice = advise(&edge_answer(429, &[("retry-after", stated)], "error code: 1015"));
        assert_eq!(actions(&advice)[..2], [Action::Wait, Action::SlowDown], "{stated}");
        assert_eq!(advice.steps[0].wait, Some(expected));
        assert!(advice.steps[1].wait >= Some(expected), "never at once: {:?}", advice.steps[1]);
        assert!(advice.steps[1].why.contains("the whole site"));
        assert!(!advice.steps.iter().any(|step| step.action == Action::Retry));
        assert!(advice.text(Audience::Scraper).contains("every worker"));
    }
    let unstated = advise(&edge_answer(429, &[], "error code: 1015"));
    assert_eq!((unstated.action, unstated.steps[0].wait), (Action::Wait, Some(30)));
}

#[test]
fn what_cloudflare_calls_not_retryable_is_not_sent_again_unchanged() {
    for code in [1005, 1006, 1009, 1010, 1012, 1020, 1016, 1101, 525, 526] {
        let advice = by_code(code);
        assert!(!advice.steps.iter().any(|step| step.action.is_wait()), "{code}: {advice:?}");
        assert!(advice.text(Audience::Scraper).contains("unchanged"), "{code}");
    }
    let stated =
        r#"{"cloudflare_error": true, "error_code": 1015, "error_name": "rate_limited", "retryable": false}"#;
    let advice = advise(&edge_answer(429, &[("content-type", "application/json")], stated));
    assert_eq!(advice.action, Action::SlowDown);
}

#[test]
fn a_stated_permission_to_retry_comes_first() {
    let stated = verdict_of("asn_banned", &json!({ "retryable": true, "retry_after": 120 }));
    let advice = advise(&stated);
    assert_eq!((advice.action, advice.steps[0].wait), (Action::Wait, Some(120)));
}

#[test]
fn a_client_signature_is_corrected_before_anything_is_disguised() {
    let advice = by_code(1010);
    assert_eq!(advice.action, Action::FixRequest);
    let at = |action| actions(&advice).iter().position(|one| *one == action).unwrap();
    assert!(at(Action::ContactOwner) < at(Action::ChangeIdentity));
    assert!(at(Action::ChangeIdentity) < at(Action::UseBrowser));
    assert_eq!(actions(&advice).last(), Some(&Action::Stop), "a refusal ends in stop");
}

#[test]
fn a_firewall_rule_is_probed_before_an_identity_is_changed() {
    let verdict = edge_answer(403, &[], "error code: 1020");
    let advice = advise(&verdict);
    assert_eq!(actions(&advice), [Action::Probe, Action::ContactOwner, Action::ChangeIdentity, Action::Stop]);
    assert!(advice.steps[1].why.contains("the Ray ID 8f1b2c3d4e5f6071"), "{}", advice.steps[1].why);

    let failed = Context::new().failed(&advice.steps[0]).others_succeed(false);
    let after_failure = triage(&verdict, &Policy::full(), &failed);
    assert_eq!(actions(&after_failure), [Action::ContactOwner, Action::Stop]);

    let passed = Context::new().attempt(2).tried(Action::Probe).others_succeed(true);
    let after_success = triage(&verdict, &Policy::full(), &passed);
    assert_eq!(actions(&after_success), [Action::ContactOwner, Action::ChangeIdentity, Action::Stop]);

    let without_probe = Policy::full().exclude([Action::Probe]);
    let advice = triage(&verdict, &without_probe, &Context::new());
    assert_eq!(actions(&advice), [Action::ContactOwner, Action::Stop]);
}

#[test]
fn each_ban_names_what_it_looks_at() {
    let changes = |code: u16| -> Vec<Change> {
        by_code(code).steps.iter().flat_map(|step| step.change.iter().copied()).collect()
    };
    assert_eq!(changes(1005), [Change::Asn, Change::Ip]);
    for code in [1006, 1007, 1008] {
        assert_eq!(changes(code), [Change::Ip], "{code}");
    }
    assert_eq!(changes(1009), [Change::Country]);
    assert_eq!(changes(1012), [Change::Ip, Change::Asn]);
    let malicious = by_code(1012);
    assert_eq!(malicious.action, Action::Probe);
    assert!(malicious.steps[0].why.contains("reputation of your address and its network"));
    assert!(malicious.steps[0].why.contains("not the country"));
}

#[test]
fn a_malformed_request_is_corrected() {
    for code in [1003, 1013] {
        let advice = by_code(code);
        assert_eq!(actions(&advice), [Action::FixRequest], "{code}");
    }
}

#[test]
fn dns_faults_wait_for_propagation_or_the_owner() {
    let missing = by_code(1016);
    assert_eq!(actions(&missing), [Action::PauseHost, Action::ContactOwner]);
    assert_eq!(missing.steps[0].wait, Some(600));
    let spreading = by_code(1023);
    assert_eq!(actions(&spreading), [Action::BackOff, Action::ContactOwner]);
    assert_eq!(spreading.steps[0].wait, Some(180));
    // Stated as not retryable, it is not sent again, but the host is looked at later.
    let stated = verdict_of("could_not_find_host_1023", &json!({ "retryable": false }));
    let advice = advise(&stated);
    assert_eq!(actions(&advice), [Action::PauseHost, Action::ContactOwner]);
    assert_eq!(advice.steps[0].wait, Some(180));
}

#[test]
fn failures_of_the_origin_back_off_in_minutes_or_stop() {
    for code in [521, 522, 523] {
        let advice = by_code(code);
        assert_eq!((advice.action, advice.steps[0].wait), (Action::BackOff, Some(120)), "{code}");
        assert_eq!(*advice.steps[0].backoff.unwrap().range(1).start(), 120);
    }
    let slow = by_code(524);
    assert_eq!((slow.action, slow.steps[0].wait), (Action::BackOff, Some(300)));
    for code in [525, 526] {
        assert_eq!(actions(&by_code(code)), [Action::Stop, Action::ContactOwner], "{code}");
    }
    let stated = advise(&edge_answer(524, &[("retry-after", "120")], "error code: 524"));
    assert_eq!(stated.steps[0].wait, Some(300), "several minutes, whatever the default header says");
}

#[test]
fn a_back_off_grows_with_each_attempt() {
    let verdict = edge_answer(522, &[], "error code: 522");
    let waits: Vec<_> = (1..6)
        .map(|attempt| triage(&verdict, &Policy::full(), &Context::new().attempt(attempt)).steps[0].wait)
        .collect();
    assert_eq!(waits, [Some(120), Some(240), Some(480), Some(960), Some(1920)]);
    let given_up = triage(&verdict, &Policy::full(), &Context::new().attempt(6));
    assert_eq!(actions(&given_up), [Action::PauseHost, Action::ContactOwner]);
}

#[test]
fn where_nobody_gets_through_the_host_is_paused_early() {
    let verdict = edge_answer(522, &[], "error code: 522");
    let everybody = Context::new().attempt(2).others_succeed(false);
    assert_eq!(triage(&verdict, &Policy::full(), &everybody).action, Action::PauseHost);
    let only_this = Context::new().attempt(2).others_succeed(true);
    let advice = triage(&verdict, &Policy::full(), &only_this);
    assert!(!actions(&advice).contains(&Action::PauseHost), "the host answers others");
}

#[test]
fn a_challenge_goes_to_a_browser() {
    for reason in ["managed_challenge", "non_interactive_challenge", "interactive_challenge"] {
        assert_eq!(advise(&verdict_of(reason, &json!({}))).action, Action::UseBrowser, "{reason}");
    }
    let stated = edge_answer(429, &[("cf-mitigated", "challenge"), ("retry-after", "60")], "");
    let advice = advise(&stated);
    assert_eq!((advice.action, advice.steps[0].wait), (Action::SlowDown, Some(60)), "the rate set it off");
    assert_eq!((advice.steps[1].action, advice.steps[1].wait), (Action::UseBrowser, Some(60)));
    assert!(!actions(&advice).contains(&Action::ChangeIdentity), "429 is never answered from elsewhere");
}

#[test]
fn a_queue_is_kept_at_the_stated_interval() {
    let queue = verdict_of("waiting_room", &json!({ "status": 200, "retry_after": 35 }));
    let advice = advise(&queue);
    assert_eq!((advice.action, advice.steps[0].wait), (Action::JoinQueue, Some(35)));
    assert!(advice.steps[0].why.contains("cookie"));
    let long = triage(&queue, &Policy::full(), &Context::new().attempt(500));
    assert_eq!(long.action, Action::JoinQueue, "refreshes are no attempts");
}

#[test]
fn a_price_is_named() {
    let headers = [("crawler-error", "MissingCrawlerPrice"), ("crawler-price", "USD 0.01")];
    let advice = advise(&edge_answer(402, &headers, ""));
    // The programme is a closed beta: without an account there, nobody can pay.
    assert_eq!((advice.action, advice.steps[1].action), (Action::Stop, Action::Pay));
    assert!(advice.steps[1].why.contains("USD 0.01"), "{}", advice.steps[1].why);
    assert!(advice.text(Audience::Scraper).contains("The price is USD 0.01."));
}

#[test]
fn access_signs_in() {
    for reason in ["access_login_redirect", "access_login_page", "access_xhr_401", "access_forbidden"] {
        assert_eq!(advise(&verdict_of(reason, &json!({}))).action, Action::SignIn, "{reason}");
    }
}

#[test]
fn the_origins_own_refusals_are_said_to_be_its_own() {
    for (status, first) in [(403, Action::Inspect), (429, Action::BackOff), (503, Action::BackOff)] {
        let advice = advise(&edge_answer(status, &[("cf-cache-status", "DYNAMIC")], "no"));
        assert_eq!(advice.action, first, "{status}");
        let text = advice.text(Audience::Scraper);
        assert!(text.starts_with(&format!("The site's own server answered {status}")), "{text}");
        assert!(advice.text(Audience::Owner).starts_with("Your own server"), "{status}");
    }
    let headers = [("cf-cache-status", "DYNAMIC"), ("retry-after", "12")];
    let timed = advise(&edge_answer(429, &headers, "slow down"));
    assert_eq!((timed.action, timed.steps[0].wait), (Action::Wait, Some(12)));
    assert!(timed.steps.iter().filter(|step| step.sends()).all(|step| step.wait >= Some(12)));
}

#[test]
fn a_bare_refusal_is_only_inspected() {
    let bare = edge_answer(
        403,
        &[],
        "<html><head><title>403 Forbidden</title></head><body><center><h1>403 Forbidden</h1></center>\
         <hr><center>cloudflare</center></body></html>",
    );
    assert_eq!(bare.reason(), Some("edge_forbidden"));
    assert_eq!(advise(&bare).action, Action::Inspect);
    let unattributed = edge_answer(403, &[], "no");
    assert_eq!(unattributed.reason(), Some("unattributed_refusal"));
    let advice = advise(&unattributed);
    assert_eq!(advice.action, Action::Inspect);
    assert!(!advice.steps.iter().any(|step| step.action.is_wait()), "a 403 does not end by waiting");
    assert!(advice.text(Audience::Scraper).contains("nothing in it tells"));
}

#[test]
fn a_1002_is_never_called_an_outage() {
    let verdict = edge_answer(403, &[], "error code: 1002");
    let advice = advise(&verdict);
    assert_eq!(advice.action, Action::Probe);
    let causes: Vec<&str> = advice.causes.iter().map(|cause| cause.cause).collect();
    let order = ["null-routes suspected bots", "owner's DNS", "stale DNS cache", "tarpitting", "routing"];
    for (cause, word) in causes.iter().zip(order) {
        assert!(cause.contains(word), "{cause:?} should speak of {word}");
    }
    assert_eq!(causes.len(), order.len());
    let text = advice.text(Audience::Scraper);
    assert!(text.contains("does not show that the site is down"));
    assert!(text.contains("Overriding DNS on your side cannot help"));
    assert!(text.contains("a new address of your own, changed alone, seldom does"));
    for audience in Audience::ALL {
        assert!(!advice.text(*audience).contains("the site is down."), "{audience}");
    }

    let aimed = Context::new().attempt(2).tried(Action::Probe).others_succeed(true);
    let advice = triage(&verdict, &Policy::full(), &aimed);
    assert_eq!(advice.action, Action::ChangeIdentity);
    assert_eq!(advice.steps[0].change, [Change::TlsFingerprint, Change::Asn, Change::Session]);

    let everywhere = Context::new().attempt(2).tried(Action::Probe).others_succeed(false);
    let advice = triage(&verdict, &Policy::full(), &everywhere);
    assert_eq!(actions(&advice), [Action::PauseHost, Action::ContactOwner]);
    assert!(advice.causes[0].cause.contains("owner's DNS"), "the probe spoke against a null route");
}

#[test]
fn a_success_is_used_and_a_preview_is_no_incident() {
    let page = edge_answer(200, &[], "<p>hello</p>");
    let advice = advise(&page);
    assert_eq!((actions(&advice), advice.is_final()), (vec![Action::Proceed], true));
    assert!(!advice.exhausted && advice.causes.is_empty());
    let preview = verdict_of("rate_limited", &json!({ "preview": true }));
    let advice = advise(&preview);
    assert_eq!(actions(&advice), [Action::FixRequest]);
    assert!(advice.text(Audience::Scraper).contains("not an incident"));
}

#[test]
fn a_class_alone_is_enough() {
    for class in cfblock_core::Class::ALL {
        let verdict: cfblock_core::Verdict = serde_json::from_value(json!({ "class": class })).unwrap();
        let advice = advise(&verdict);
        assert!(!advice.exhausted, "{class}");
        assert!(class.is_intercepted() || advice.action == Action::Proceed, "{class}");
    }
    let limited = serde_json::from_value(json!({ "class": "rate_limited" })).unwrap();
    assert_eq!((advise(&limited).action, advise(&limited).steps[0].wait), (Action::BackOff, Some(30)));
}

#[test]
fn records_hold_nothing_hostile() {
    for hostile in [json!({ "host": "a.example\u{1b}[31m<b>" }), json!({ "price": "$(reboot)" })] {
        let mut record = json!({ "class": "payment_required", "status": 402 });
        record.as_object_mut().unwrap().extend(hostile.as_object().unwrap().clone());
        let error = serde_json::from_value::<cfblock_core::Verdict>(record).unwrap_err().to_string();
        assert!(error.starts_with("not a "), "{error}");
    }
}

#[test]
fn every_entry_has_words_for_every_audience() {
    for entry in codes::all() {
        let advice = advise(&verdict_of(entry.reason, &json!({ "status": entry.http_status.first() })));
        for audience in Audience::ALL {
            let text = advice.text(*audience);
            assert!(text.len() > 20 && text.ends_with('.'), "{} for {audience}: {text:?}", entry.reason);
            assert!(!text.ends_with("..") && !text.contains("  "), "{}: {text:?}", entry.reason);
        }
    }
}

#[test]
fn the_records_steps_are_triage_s_without_history() {
    for case in cfblock_tests::case::all() {
        let verdict = case.response.with_parts(|parts| classify(&parts));
        let advised = advise(&verdict);
        let own: Vec<_> =
            verdict.steps().iter().map(|step| (step.action, step.wait, step.why.clone())).collect();
        let listed: Vec<_> =
            advised.steps.iter().map(|step| (step.action, step.wait, step.why.clone())).collect();
        assert_eq!(own, listed, "{}", case.name);
        assert_eq!(verdict.action(), advised.action, "{}", case.name);
    }
}

#[test]
fn a_cause_that_hits_only_some_is_less_likely_once_others_met_it() {
    let null_route = verdict_of("dns_points_to_local_or_disallowed_ip", &json!({ "status": 403 }));
    let first = |context: &Context| triage(&null_route, &Policy::full(), context).causes[0].cause;
    assert!(first(&Context::new()).contains("null-routes"));
    let alone = Context::new().tried(Action::Probe).others_succeed(false);
    assert!(first(&alone).contains("DNS names"), "{}", first(&alone));
    // The same context with a preview page, which has a single cause.
    let preview = verdict_of("dns_points_to_local_or_disallowed_ip", &json!({ "preview": true }));
    assert_eq!(triage(&preview, &Policy::full(), &alone).causes.len(), 1);
}
