//! The cases that the diagnosis exists for, each by its name.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use serde_json::{Value, json};

use super::*;
use crate::vocab::{Attribute, Network};

/// One observation from `[what came, vantage]`: a number, or 200 for the page.
fn seen(rows: &[(&str, Value, Value)]) -> Vec<Observation> {
    rows.iter()
        .map(|(id, verdict, vantage)| {
            let verdict = match verdict.as_u64() {
                Some(200) => json!({"class": "passed", "status": 200}),
                Some(code) => json!({"error_code": code}),
                None => verdict.clone(),
            };
            serde_json::from_value(json!({"id": id, "verdict": verdict, "vantage": vantage})).unwrap()
        })
        .collect()
}

fn shown(diagnosis: &Diagnosis) -> String {
    serde_json::to_string(diagnosis).unwrap()
}

fn full(observations: &[Observation]) -> Diagnosis {
    diagnose(observations, &[], &ProbeLimits::full())
}

#[track_caller]
fn assert_found(
    diagnosis: &Diagnosis,
    scope: Scope,
    value: Option<&str>,
    classification: Classification,
    action: Action,
) {
    let found = (
        diagnosis.scope,
        diagnosis.value.as_ref().map(ToString::to_string),
        diagnosis.classification,
        diagnosis.action,
    );
    assert_eq!(found, (scope, value.map(str::to_owned), classification, action), "{}", shown(diagnosis));
}

#[test]
fn null_route_for_the_datacenter_only_is_targeted() {
    let diagnosis = full(&seen(&[
        ("dc", json!(1002), json!({"network": "datacenter"})),
        ("home", json!(200), json!({"network": "residential"})),
    ]));
    assert_found(
        &diagnosis,
        Scope::Targeted,
        None,
        Classification::TargetedNullRoute,
        Action::ChangeIdentity,
    );
    assert_eq!(diagnosis.change, [Change::TlsFingerprint, Change::Asn, Change::Session]);
    let mut deciders: Vec<_> = diagnosis.decided_by.iter().map(ToString::to_string).collect();
    deciders.sort();
    assert_eq!(deciders, ["dc", "home"]);
}

#[test]
fn null_route_with_everything_recorded_is_targeted() {
    let diagnosis = full(&seen(&[
        (
            "dc",
            json!(1002),
            json!({"network": "datacenter", "asn": 64500, "country": "US", "ip": "192.0.2.1",
                "tls_fingerprint": "tool", "session": "a", "user_agent": "tool/1"}),
        ),
        (
            "home",
            json!(200),
            json!({"network": "residential", "asn": 64510, "country": "US", "ip": "198.51.100.1",
                "tls_fingerprint": "browser", "session": "b", "user_agent": "Mozilla/5.0"}),
        ),
    ]));
    assert_found(
        &diagnosis,
        Scope::Targeted,
        None,
        Classification::TargetedNullRoute,
        Action::ChangeIdentity,
    );
}

#[test]
fn null_route_from_both_is_the_target_down() {
    let diagnosis = full(&seen(&[
        ("dc", json!(1002), json!({"network": "datacenter"})),
        ("home", json!(1002), json!({"network": "residential"})),
    ]));
    assert_found(&diagnosis, Scope::Global, None, Classification::TargetDown, Action::PauseHost);
}

#[test]
fn null_route_alone_asks_for_a_probe() {
    let diagnosis = full(&seen(&[("dc", json!(1002), json!({"network": "datacenter"}))]));
    assert_found(&diagnosis, Scope::Undetermined, None, Classification::Undetermined, Action::Probe);
    let vary = diagnosis.next_probe.unwrap().vary.unwrap();
    assert!(vary.get(Attribute::Network).is_some() || vary.get(Attribute::Browser).is_some(), "{vary:?}");
}

#[test]
fn firewall_rule_in_one_region_of_four_is_geographic() {
    let regions = [("eu", 1020, "DE"), ("us", 200, "US"), ("jp", 200, "JP"), ("br", 200, "BR")];
    let rows: Vec<_> =
        regions.map(|(id, code, country)| (id, json!(code), json!({"country": country}))).to_vec();
    let diagnosis = full(&seen(&rows));
    assert_found(&diagnosis, Scope::ByCountry, Some("DE"), Classification::GeoRule, Action::ChangeIdentity);
    assert_eq!(diagnosis.change, [Change::Country]);
    assert_eq!(diagnosis.decided_by[0].to_string(), "eu");
}

#[test]
fn firewall_rule_for_one_tool_names_fingerprint_or_user_agent_after_the_probe() {
    let tool = json!({"ip": "192.0.2.1", "tls_fingerprint": "tool", "user_agent": "tool/1"});
    let browser = json!({"ip": "192.0.2.1", "tls_fingerprint": "browser", "user_agent": "Mozilla/5.0"});
    let disguised = json!({"ip": "192.0.2.1", "tls_fingerprint": "tool", "user_agent": "Mozilla/5.0"});
    let mut rows = vec![
        ("tool", json!(1020), tool.clone()),
        ("again", json!(1020), tool),
        ("browser", json!(200), browser),
    ];
    let open = full(&seen(&rows));
    assert_eq!((open.scope, open.action), (Scope::Undetermined, Action::Probe), "{}", shown(&open));
    let best: Vec<_> = open.hypotheses.iter().take(2).map(|hypothesis| hypothesis.scope).collect();
    assert!(
        best.contains(&Scope::ByTlsFingerprint) && best.contains(&Scope::ByUserAgent),
        "{}",
        shown(&open)
    );
    let vary = open.next_probe.unwrap().vary.unwrap();
    let client = [Attribute::TlsFingerprint, Attribute::UserAgent];
    let varied = client.iter().filter(|attribute| vary.get(**attribute).is_some()).count();
    assert_eq!(varied, 1, "one of the two must stay: {vary:?}");

    rows.push(("disguised", json!(1020), disguised.clone()));
    let fingerprint = full(&seen(&rows));
    assert_found(
        &fingerprint,
        Scope::ByTlsFingerprint,
        Some("tool"),
        Classification::FingerprintRule,
        Action::ChangeIdentity,
    );
    rows.pop();
    rows.push(("disguised", json!(200), disguised));
    let user_agent = full(&seen(&rows));
    assert_found(
        &user_agent,
        Scope::ByUserAgent,
        Some("tool/1"),
        Classification::UserAgentRule,
        Action::ChangeIdentity,
    );
}

#[test]
fn bad_reputation_of_the_office_is_not_one_of_the_phone() {
    let diagnosis = full(&seen(&[
        ("office", json!(1012), json!({"network": "corporate"})),
        ("phone", json!(200), json!({"network": "mobile"})),
    ]));
    assert_eq!(diagnosis.classification, Classification::IpReputation, "{}", shown(&diagnosis));
    assert_eq!((diagnosis.scope, diagnosis.action), (Scope::ByIp, Action::ChangeIdentity));
}

#[test]
fn rate_limit_above_a_rate_is_a_rate_rule() {
    let diagnosis = full(&seen(&[
        ("a", json!(200), json!({"rate": 0.5})),
        ("b", json!(200), json!({"rate": 2})),
        ("c", json!(1015), json!({"rate": 8})),
        ("d", json!(1015), json!({"rate": 20})),
    ]));
    assert_found(&diagnosis, Scope::ByRate, Some("8.0"), Classification::RateRule, Action::SlowDown);
}

#[test]
fn unresolved_origin_everywhere_is_the_owners_dns() {
    let diagnosis = full(&seen(&[
        ("a", json!(1016), json!({"network": "datacenter", "country": "US"})),
        ("b", json!(1016), json!({"network": "residential", "country": "DE"})),
        ("c", json!(1016), json!({"network": "mobile", "country": "FR"})),
    ]));
    assert_found(&diagnosis, Scope::Global, None, Classification::OwnerDns, Action::PauseHost);
}

#[test]
fn challenge_for_headless_only_is_for_automation() {
    let challenge = json!({"class": "challenge", "challenge_type": "managed"});
    let diagnosis = full(&seen(&[
        ("headless", challenge.clone(), json!({"ip": "192.0.2.1", "browser": false})),
        ("headless again", challenge, json!({"ip": "192.0.2.1", "browser": false})),
        ("headed", json!(200), json!({"ip": "192.0.2.1", "browser": true})),
    ]));
    assert_found(&diagnosis, Scope::Targeted, None, Classification::AutomationChallenge, Action::UseBrowser);
}

#[test]
fn failures_of_one_data_centre_are_intermittent() {
    let from = |colo: &str, code: u64| match code {
        200 => json!({"class": "passed", "status": 200, "colo": colo}),
        code => json!({"error_code": code, "colo": colo}),
    };
    let rows: Vec<_> = ["FRA", "AMS", "FRA", "FRA", "AMS", "LHR", "FRA", "AMS"]
        .iter()
        .map(|colo| ("", from(colo, if *colo == "FRA" { 520 } else { 200 }), json!({"country": "DE"})))
        .collect();
    let diagnosis = full(&seen(&rows));
    assert_found(&diagnosis, Scope::Intermittent, Some("FRA"), Classification::EdgeFault, Action::BackOff);
}

#[test]
fn failures_by_chance_are_intermittent() {
    let rows =
        [520, 200, 520, 200, 200, 520, 200, 520].map(|code| ("", json!(code), json!({"country": "DE"})));
    let diagnosis = full(&seen(&rows));
    assert_found(&diagnosis, Scope::Intermittent, None, Classification::UnstableOrigin, Action::BackOff);
}

#[test]
fn change_that_is_still_spreading() {
    let rows = [1016, 200, 1016, 200, 200].map(|code| ("", json!(code), json!({"country": "DE"})));
    let diagnosis = full(&seen(&rows));
    assert_found(&diagnosis, Scope::Intermittent, None, Classification::PropagatingConfig, Action::BackOff);
}

#[test]
fn nothing_to_diagnose() {
    let diagnosis = full(&seen(&[("a", json!(200), json!({"country": "DE"}))]));
    assert_found(&diagnosis, Scope::Undetermined, None, Classification::NoFault, Action::Proceed);
    assert_eq!(diagnosis.next_probe, None);
    assert_eq!(full(&[]).classification, Classification::NoFault);
}

#[test]
fn observations_without_a_vantage_count() {
    let bare = |code: u64| {
        let verdict =
            if code == 200 { json!({"class": "passed", "status": 200}) } else { json!({"error_code": code}) };
        serde_json::from_value::<Observation>(json!({"verdict": verdict})).unwrap()
    };
    let down = full(&[bare(521), bare(521), bare(521), bare(521)]);
    assert_found(&down, Scope::Global, None, Classification::OriginDown, Action::PauseHost);
    assert!(down.decided_by.len() <= 1 || down.decided_by[0].to_string() == "1", "{:?}", down.decided_by);
    let unstable = full(&[bare(520), bare(200), bare(520), bare(200), bare(520), bare(200)]);
    assert_eq!(unstable.scope, Scope::Intermittent, "{}", shown(&unstable));
}

#[test]
fn cooperative_limits_change_nobody() {
    let observations = seen(&[
        ("a", json!(1020), json!({"network": "datacenter", "country": "US", "browser": false})),
        ("b", json!(1020), json!({"network": "datacenter", "country": "US", "browser": false})),
    ]);
    let limits = ProbeLimits::cooperative();
    let vary = diagnose(&observations, &[], &limits).next_probe.unwrap().vary.unwrap();
    assert!(vary.attributes.iter().all(|(varied, _)| matches!(varied, Attribute::Path | Attribute::Rate)));

    let elsewhere = Candidate::new("vpn", Vantage::new().network(Network::Vpn));
    assert_eq!(diagnose(&observations, &[elsewhere], &limits).next_probe, None);

    let targeted = seen(&[
        ("dc", json!(1002), json!({"network": "datacenter"})),
        ("home", json!(200), json!({"network": "residential"})),
    ]);
    let diagnosis = diagnose(&targeted, &[], &limits);
    assert_eq!((diagnosis.action, diagnosis.change), (Action::ContactOwner, &[][..]));
}

#[test]
fn candidates_are_asked_for_by_their_id() {
    let observations = seen(&[("dc", json!(1002), json!({"network": "datacenter", "country": "US"}))]);
    let candidates = [
        Candidate::new(1_u32, Vantage::new().network(Network::Datacenter).country("US")),
        Candidate::new(2_u32, Vantage::new().network(Network::Residential).country("US")),
    ];
    let probe = diagnose(&observations, &candidates, &ProbeLimits::full()).next_probe.unwrap();
    assert_eq!((probe.id, probe.vary), (Some(2_u32.into()), None));
}

#[test]
fn unknown_words_are_typed_errors() {
    let error = serde_json::from_str::<Vantage>(r#"{"network": "satellite"}"#).unwrap_err().to_string();
    assert!(error.contains("unknown Network \"satellite\", expected one of datacenter"), "{error}");
    let error =
        serde_json::from_str::<Observation>(r#"{"verdict": {"class": "blocked"}}"#).unwrap_err().to_string();
    assert!(error.contains("unknown Class \"blocked\""), "{error}");
    let error = serde_json::from_str::<Vantage>(r#"{"rate": -1}"#).unwrap_err().to_string();
    assert!(error.contains("a rate is"), "{error}");
    let error = serde_json::from_str::<Vantage>(r#"{"country": ["DE"]}"#).unwrap_err().to_string();
    assert!(error.contains("expected a text, a number"), "{error}");
}

#[test]
fn another_host_does_not_count() {
    let at = |host: &str, code: u64| {
        let verdict =
            if code == 200 { json!({"class": "passed", "status": 200}) } else { json!({"error_code": code}) };
        serde_json::from_value::<Observation>(json!({"verdict": verdict, "url": format!("https://{host}/")}))
            .unwrap()
    };
    let own: Vec<_> = [at("a.example", 521), at("a.example", 521), at("a.example", 521)].to_vec();
    let mixed: Vec<_> = own.iter().cloned().chain([at("b.example", 200), at("b.example", 200)]).collect();
    assert_eq!(full(&own).probability.to_bits(), full(&mixed).probability.to_bits());
}

#[test]
fn the_record_has_the_members_of_the_contract() {
    let diagnosis = full(&seen(&[("dc", json!(1020), json!({"country": "DE"}))]));
    let record = serde_json::to_value(&diagnosis).unwrap();
    let members: Vec<&str> = record.as_object().unwrap().keys().map(String::as_str).collect();
    let mut expected = [
        "scope",
        "value",
        "probability",
        "classification",
        "action",
        "change",
        "next_probe",
        "decided_by",
        "hypotheses",
    ];
    expected.sort_unstable();
    assert_eq!(members, expected);
    assert!(record["next_probe"]["why"].is_string() && record["next_probe"]["vary"].is_object());
}

#[test]
fn the_class_comes_before_the_scope() {
    let classes = ["legal_block", "phishing_warning", "payment_required", "sign_in_required", "waiting_room"];
    let reasons = classes.map(|class| serde_json::json!({ "class": class }));
    let refusal = serde_json::json!({ "reason": "crawler_forbidden" });
    for fault in reasons.into_iter().chain([refusal]) {
        let seen = |id: u32, verdict: &serde_json::Value, country: &str| -> Observation {
            serde_json::from_value(serde_json::json!({
                "id": id, "verdict": verdict, "url": "https://shop.example/",
                "vantage": { "country": country, "user_agent": country, "session": country },
            }))
            .unwrap()
        };
        let page = serde_json::json!({ "class": "passed", "status": 200 });
        let observations: Vec<Observation> =
            (0..8).map(|id| if id < 4 { seen(id, &fault, "DE") } else { seen(id, &page, "FR") }).collect();
        let diagnosis = diagnose(&observations, &[], &ProbeLimits::full());
        let own = observations[0].verdict.action();
        assert!(matches!(diagnosis.action, action if action == own), "{fault}: {diagnosis:?}");
        assert!(diagnosis.change.is_empty() && diagnosis.next_probe.is_none(), "{fault}: {diagnosis:?}");
        assert!(!matches!(own, Action::Proceed | Action::ChangeIdentity), "{fault}: {own}");
    }
}

#[test]
fn what_a_proxy_answered_is_no_evidence_about_the_site() {
    let seen = |verdict: serde_json::Value, network: &str| -> Observation {
        serde_json::from_value(serde_json::json!({ "verdict": verdict, "vantage": { "network": network } }))
            .unwrap()
    };
    let proxy = || seen(serde_json::json!({ "class": "proxy_failed", "status": 407 }), "datacenter");
    let alone = diagnose(&[proxy(), proxy()], &[], &ProbeLimits::full());
    assert_eq!(alone.classification, Classification::Undetermined);
    assert_eq!(alone.action, Action::Inspect);
    let page = seen(serde_json::json!({ "class": "passed", "status": 200 }), "residential");
    let beside = diagnose(&[proxy(), page], &[], &ProbeLimits::full());
    assert_eq!(beside.classification, Classification::NoFault);
}
