//! What the site's owner is given: look-ups, exceptions, tickets, answers about addresses.

use std::collections::BTreeSet;

use cfblock_core::owner::{
    ApiRequest, ClientDetails, OwnerReport, TicketDetails, origin_address, owner_report, owner_report_for,
    ticket,
};
use cfblock_core::{Confidence, Verdict, codes};
use serde_json::{Value, json};

const RAY: &str = "8f1b2c3d4e5f6071";

fn verdict(record: Value) -> Verdict {
    serde_json::from_value(record).unwrap()
}

fn of_code(code: u16) -> Verdict {
    verdict(json!({
        "error_code": code, "ray_id": RAY, "host": "shop.example", "client_ip": "203.0.113.7",
        "timestamp": "2026-11-20T23:12:05Z", "confidence": "certain", "status": 403,
    }))
}

fn report(code: u16) -> OwnerReport {
    owner_report(&of_code(code)).unwrap()
}

fn body(request: &ApiRequest) -> &Value {
    request.body.as_ref().unwrap()
}

#[test]
fn a_report_needs_a_ray_id_and_a_reason() {
    assert!(owner_report(&verdict(json!({ "error_code": 1020 }))).is_none());
    assert!(owner_report(&verdict(json!({ "class": "passed", "status": 200, "ray_id": RAY }))).is_none());
    assert!(owner_report(&verdict(json!({ "error_code": 1020, "ray_id": RAY }))).is_some());
}

#[test]
fn the_event_is_looked_up_by_its_ray_id() {
    let report = report(1020);
    assert!(report.look_up.dashboard.contains("Events") && report.look_up.dashboard.contains(RAY));
    let query = &report.look_up.query;
    assert_eq!((query.method, query.path), ("POST", "/graphql"));
    assert_eq!(
        body(query)["variables"],
        json!({
            "zoneTag": "$ZONE_ID", "rayName": RAY,
            "since": "2026-11-20T00:00:00Z", "until": "2026-11-20T23:59:59Z",
        })
    );
    let text = body(query)["query"].as_str().unwrap();
    assert!(text.contains("firewallEventsAdaptive"));
    for variable in body(query)["variables"].as_object().unwrap().keys() {
        assert!(text.matches(&format!("${variable}")).count() >= 2, "{variable} is declared and used");
    }
    assert_eq!(text.matches('{').count(), text.matches('}').count());
    let timeless = owner_report(&verdict(json!({ "error_code": 1020, "ray_id": RAY }))).unwrap();
    assert_eq!(body(&timeless.look_up.query)["variables"]["since"], "$SINCE");
}

#[test]
fn causes_stand_beside_what_ends_them() {
    let dns = report(1002);
    let fixes = |at: usize| dns.table[at].fixes.join(" ");
    assert!(dns.table[0].cause.contains("null-routes") && fixes(0).contains("block page"));
    assert!(dns.table[1].cause.contains("DNS") && fixes(1).contains("correct the A, AAAA or CNAME record"));
    assert!(dns.table[4].cause.contains("routing") && dns.table[4].fixes.is_empty());
    let rule = report(1020);
    assert!(rule.table.iter().all(|row| row.fixes.len() == 3), "an event look-up fits every cause");
}

#[test]
fn an_exception_skips_what_stopped_the_client_and_no_more() {
    let skipped = |code: u16| body(&report(code).exceptions[0])["action_parameters"].clone();
    assert_eq!(skipped(1015), json!({ "phases": ["http_ratelimit"] }));
    assert_eq!(skipped(1010), json!({ "products": ["bic", "uaBlock"] }));
    assert_eq!(skipped(1011), json!({ "products": ["hot"] }));
    assert_eq!(skipped(1106), json!({ "products": ["zoneLockdown"] }));
    assert_eq!(skipped(1020), json!({ "ruleset": "current" }));

    let report = report(1020);
    let rule = &report.exceptions[0];
    assert_eq!((rule.method, rule.path), ("POST", "/zones/$ZONE_ID/rulesets/$RULESET_ID/rules"));
    assert_eq!(
        body(rule),
        &json!({
            "action": "skip",
            "expression": "(ip.src eq 203.0.113.7 and http.host eq \"shop.example\")",
            "description": "Exception after error 1020, Ray ID 8f1b2c3d4e5f6071",
            "enabled": true,
            "logging": { "enabled": true },
            "action_parameters": { "ruleset": "current" },
            "position": { "index": 1 },
        })
    );
    let ruleset = report.ruleset.unwrap();
    assert_eq!(ruleset.method, "GET");
    assert!(ruleset.path.ends_with("/http_request_firewall_custom/entrypoint"));
}

#[test]
fn what_no_rule_refused_gets_no_exception() {
    for code in [1000, 1002, 1003, 1016, 1026, 502, 522, 525] {
        let report = report(code);
        assert!(report.exceptions.is_empty() && report.access_rules.is_empty(), "{code}");
        assert!(report.ruleset.is_none(), "{code}");
        assert!(!report.table.is_empty(), "{code}");
    }
}

#[test]
fn an_access_rule_admits_the_address_or_the_network() {
    let verdict = of_code(1005);
    let report = owner_report_for(&verdict, &ClientDetails::new().asn(64496)).unwrap();
    assert!(report.exceptions.is_empty(), "IP Access rules are not skipped by custom rules");
    let bodies: Vec<_> = report.access_rules.iter().map(body).collect();
    assert_eq!(bodies[0]["configuration"], json!({ "target": "ip", "value": "203.0.113.7" }));
    assert_eq!(bodies[1]["configuration"], json!({ "target": "asn", "value": "AS64496" }));
    assert!(bodies.iter().all(|body| body["mode"] == "whitelist"));
    assert!(
        report.access_rules.iter().all(|rule| rule.path == "/zones/$ZONE_ID/firewall/access_rules/rules")
    );

    let v6 = ClientDetails::new().ip("2001:db8::7".parse().unwrap());
    let report = owner_report_for(&verdict, &v6).unwrap();
    assert_eq!(body(&report.access_rules[0])["configuration"]["target"], "ip6");
    let mapped = ClientDetails::new().ip("::ffff:203.0.113.9".parse().unwrap());
    let report = owner_report_for(&verdict, &mapped).unwrap();
    assert_eq!(
        body(&report.access_rules[0])["configuration"],
        json!({ "target": "ip", "value": "203.0.113.9" })
    );
}

#[test]
fn a_user_agent_is_quoted_and_never_trusted_alone() {
    let verdict = verdict(json!({ "error_code": 1010, "ray_id": RAY }));
    let agent = "tool/1 \" or true or http.user_agent eq \"\\";
    let report = owner_report_for(&verdict, &ClientDetails::new().user_agent(agent)).unwrap();
    assert_eq!(
        body(&report.exceptions[0])["expression"],
        r#"(http.user_agent eq "tool/1 \" or true or http.user_agent eq \"\\")"#
    );
    assert!(report.exceptions[0].about.contains("anybody can"));
    for unusable in ["", "a\nb", "über", &"x".repeat(600)] {
        let report = owner_report_for(&verdict, &ClientDetails::new().user_agent(unusable)).unwrap();
        assert!(report.exceptions.is_empty(), "{unusable:?}");
    }
    let both = ClientDetails::new().asn(64496).user_agent("tool/1");
    let report = owner_report_for(&verdict, &both).unwrap();
    assert_eq!(
        body(&report.exceptions[0])["expression"],
        r#"(ip.src.asnum eq 64496 and http.user_agent eq "tool/1")"#
    );
}

#[test]
fn reports_of_every_entry_are_plain_data() {
    for entry in codes::all() {
        let verdict = verdict(json!({
            "reason": entry.reason, "class": entry.class, "ray_id": RAY, "client_ip": "203.0.113.7",
        }));
        let report = owner_report(&verdict).unwrap();
        assert_eq!(report.table.len(), entry.causes.len(), "{}", entry.reason);
        let used: BTreeSet<_> = report.table.iter().flat_map(|row| row.fixes.iter().copied()).collect();
        assert_eq!(used.len(), entry.owner.len(), "{}: a fix that ends no cause", entry.reason);
        assert!(serde_json::to_value(&report).unwrap()["look_up"]["query"]["body"].is_object());
    }
}

#[test]
fn a_hostile_host_does_not_get_in() {
    let record = json!({ "error_code": 1020, "ray_id": RAY, "host": "a.example\" or true or \"" });
    let error = serde_json::from_value::<Verdict>(record).unwrap_err();
    assert_eq!(error.to_string(), "not a Host: expected a host name such as shop.example");

    let details: TicketDetails =
        serde_json::from_value(json!({ "url": "https://a.example\" or true/" })).unwrap();
    let anywhere = verdict(json!({ "error_code": 1020, "ray_id": RAY }));
    assert!(!ticket(&anywhere, &details).contains("or true"));
}

fn details() -> TicketDetails {
    serde_json::from_value(json!({
        "method": "GET",
        "url": "https://me:secret@shop.example/catalogue?token=abc#top",
        "time": "2026-11-20T12:00:00Z",
        "purpose": "comparing public prices once a day",
        "contact": "Prices Ltd <crawler@prices.example>",
        "user_agent": "prices-bot/2 (+https://prices.example/bot)",
        "requests_per_minute": 6,
    }))
    .unwrap()
}

#[test]
fn a_ticket_says_what_is_known() {
    let text = ticket(&of_code(1020), &details());
    for known in [
        "Subject: Our requests to shop.example are refused (Cloudflare error 1020)\n",
        "    Ray ID:      8f1b2c3d4e5f6071\n",
        "    Time:        2026-11-20T12:00:00Z\n",
        "    Host:        shop.example\n",
        "    Request:     GET /catalogue\n",
        "    Our address: 203.0.113.7\n",
        "    User-Agent:  prices-bot/2 (+https://prices.example/bot)\n",
        "    Requests:    about 6 a minute\n",
        "What the requests are for: comparing public prices once a day\n",
        "Prices Ltd <crawler@prices.example>\n",
    ] {
        assert!(text.contains(known), "{known:?} is missing:\n{text}");
    }
    assert!(!text.contains("secret") && !text.contains("token"), "{text}");
    assert!(text.lines().count() < 30);
}

#[test]
fn a_ticket_leaves_out_what_is_not_known() {
    let bare = verdict(json!({ "error_code": 522, "confidence": "likely" }));
    let text = ticket(&bare, &TicketDetails::default());
    assert!(text.starts_with("Subject: Our requests to your site fail (Cloudflare error 522)\n"), "{text}");
    assert!(text.contains("It looks as if Cloudflare"), "only likely:\n{text}");
    for unknown in ["Ray ID", "Time:", "Host:", "Request:", "Our address", "What the requests are for"] {
        assert!(!text.contains(unknown), "{unknown}:\n{text}");
    }
    let origin = verdict(json!({
        "class": "passed", "reason": "origin_forbidden", "producer": "origin", "status": 403,
    }));
    let text = ticket(&origin, &TicketDetails::default());
    assert!(text.contains("Your server answers our requests with HTTP 403; it was not Cloudflare"), "{text}");
}

#[test]
fn a_ticket_holds_one_line_for_each_text() {
    let hostile: TicketDetails = serde_json::from_value(json!({
        "method": "GET\r\nX: y",
        "url": "https://shop.example/a b\n",
        "purpose": "line one\r\nBcc: everybody@victim.example\u{202e}\u{200b}\u{1b}[2J",
        "contact": "me\n\n\nSubject: other",
        "user_agent": "\u{0}",
    }))
    .unwrap();
    let text = ticket(&of_code(1020), &hostile);
    assert_eq!(text.lines().filter(|line| line.starts_with("Subject:")).count(), 1, "{text}");
    assert!(!text.lines().any(|line| line.starts_with("Bcc:")), "{text}");
    assert!(!text.contains(['\u{202e}', '\u{200b}', '\u{1b}', '\r', '\0']), "{text:?}");
    assert!(!text.contains("Request:") && !text.contains("User-Agent:"), "{text}");
    let mut endless = TicketDetails::default();
    endless.purpose = Some("x".repeat(9000));
    assert!(ticket(&of_code(1020), &endless).len() < 3000);
}

#[test]
fn every_entry_has_a_ticket() {
    for entry in codes::all() {
        let verdict = verdict(json!({ "reason": entry.reason, "class": entry.class, "ray_id": RAY }));
        let text = ticket(&verdict, &details());
        assert!(text.starts_with("Subject: Our requests to shop.example "), "{}:\n{text}", entry.reason);
        assert!(text.contains(RAY) && text.len() < 2500, "{}:\n{text}", entry.reason);
        assert!(!text.contains("\n\n\n") && !text.contains("..\n"), "{}:\n{text}", entry.reason);
    }
}

#[test]
fn addresses_that_cloudflare_refuses() {
    for (address, code, word) in [
        ("127.0.0.1", 1002, "loopback"),
        ("::1", 1002, "loopback"),
        ("0.0.0.0", 1002, "no address"),
        ("::", 1002, "no address"),
        ("10.1.2.3", 1002, "private"),
        ("172.16.0.1", 1002, "private"),
        ("192.168.1.1", 1002, "private"),
        ("fd00::1", 1002, "private"),
        ("169.254.169.254", 1002, "link-local"),
        ("fe80::1", 1002, "link-local"),
        ("100.64.0.1", 1002, "NAT"),
        ("224.0.0.1", 1002, "multicast"),
        ("ff02::1", 1002, "multicast"),
        ("255.255.255.255", 1002, "reserved"),
        ("::ffff:127.0.0.1", 1002, "loopback"),
        ("64:ff9b::7f00:1", 1002, "loopback"),
        ("2002:0a00:0001::", 1002, "private"),
        ("104.16.0.1", 1000, "Cloudflare's own"),
        ("2606:4700::1", 1000, "Cloudflare's own"),
        ("1.1.1.1", 1034, "resolver"),
    ] {
        let answer = origin_address(address.parse().unwrap());
        assert!(answer.refused, "{address}");
        assert_eq!(answer.code.map(codes::ErrorCode::get), Some(code), "{address}");
        assert!(answer.why.contains(word), "{address}: {}", answer.why);
        assert!(answer.confidence <= Confidence::Likely, "{address}: no range is documented");
    }
}

#[test]
fn addresses_that_cloudflare_accepts() {
    for (address, word) in [
        ("9.9.9.9", "public"),
        ("2620:fe::fe", "public"),
        ("172.32.0.1", "public"),
        ("100.128.0.1", "public"),
        ("192.0.2.1", "placeholder"),
        ("100::", "placeholder"),
        ("203.0.113.7", "documentation"),
        ("2001:db8::1", "documentation"),
    ] {
        let answer = origin_address(address.parse().unwrap());
        assert!(!answer.refused && answer.code.is_none(), "{address}");
        assert!(answer.why.contains(word), "{address}: {}", answer.why);
    }
    let record = serde_json::to_value(origin_address("127.0.0.1".parse().unwrap())).unwrap();
    assert_eq!(
        (&record["address"], &record["refused"], &record["code"]),
        (&json!("127.0.0.1"), &json!(true), &json!(1002))
    );
}
