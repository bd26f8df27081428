//! `cfblock diagnose`: many observations in, one diagnosis out.

use cfblock_core::{Observation, ProbeLimits, diagnose};
use serde_json::{Value, json};

use super::cfblock;

/// One record a line.
fn lines(records: &[Value]) -> String {
    records.iter().map(|record| record.to_string() + "\n").collect()
}

fn seen(id: &str, code: Option<u16>, vantage: &Value) -> Value {
    let verdict = match code {
        Some(code) => json!({"error_code": code}),
        None => json!({"class": "passed", "status": 200}),
    };
    json!({"id": id, "url": "https://shop.example/a", "verdict": verdict, "vantage": vantage})
}

/// 1002 from a data centre, and the page at home.
fn null_route() -> Vec<Value> {
    let server = json!({"network": "datacenter", "asn": 64500, "tls_fingerprint": "python", "session": 1});
    let home = json!({"network": "residential", "asn": 64501, "tls_fingerprint": "chrome", "session": 2});
    vec![
        seen("a", Some(1002), &server),
        seen("b", Some(1002), &server),
        seen("c", None, &home),
        seen("d", None, &home),
    ]
}

#[test]
fn the_textbook_case_is_told() {
    let records = null_route();
    let answer = cfblock(&["diagnose", "--format", "json", "-"], lines(&records).as_bytes());
    let answer = answer.ends_with(0).json();
    assert_eq!(answer["scope"], "targeted");
    assert_eq!(answer["classification"], "targeted_null_route");
    assert_eq!(answer["action"], "change_identity");
    assert_eq!(answer["change"], json!(["tls_fingerprint", "asn", "session"]));

    let observations: Vec<Observation> = serde_json::from_value(Value::Array(records.clone())).unwrap();
    let expected = diagnose(&observations, &[], &ProbeLimits::full());
    assert_eq!(answer, serde_json::to_value(&expected).unwrap());

    let run = cfblock(&["diagnose"], lines(&records).as_bytes());
    for words in ["Targeted null route", "tls_fingerprint, asn, session", "(targeted)", "2 × passed"] {
        assert!(run.ends_with(0).out.contains(words), "{words} is not in:\n{}", run.out);
    }
    assert_eq!(run.err, "");
}

#[test]
fn the_answer_has_the_documented_members_in_their_order() {
    let run = cfblock(&["diagnose", "--format", "json"], lines(&null_route()).as_bytes());
    let members = "scope value probability classification action change next_probe decided_by hypotheses";
    let mut from = 0;
    for member in members.split_whitespace() {
        let at = run.ends_with(0).out[from..].find(&format!("\"{member}\":"));
        from += at.unwrap_or_else(|| panic!("{member} is missing or in another place: {}", run.out));
    }
    assert_eq!(run.json().as_object().unwrap().len(), members.split_whitespace().count());
}

#[test]
fn responses_are_classified() {
    let response = json!({
        "url": "https://shop.example/",
        "status": 403,
        "headers": [["server", "cloudflare"]],
        "body": "error code: 1002",
        "vantage": {"network": "datacenter"},
    });
    let run = cfblock(&["diagnose"], lines(&[response.clone(), response]).as_bytes());
    assert!(run.ends_with(0).out.contains("2 × dns_points_to_local_or_disallowed_ip (1002)"), "{}", run.out);
}

#[test]
fn a_probe_that_can_be_made_is_asked_for_by_its_id() {
    let mut records = null_route()[..2].to_vec();
    records.push(json!({"id": "same", "vantage": records[0]["vantage"]}));
    records.push(json!({"id": "home", "vantage": {"network": "residential", "asn": 64501,
        "tls_fingerprint": "chrome", "session": 2, "browser": true}}));
    records.push(json!({"id": "elsewhere", "url": "https://other.example/", "vantage": {"browser": true}}));
    let answer = cfblock(&["diagnose", "--format", "json"], lines(&records).as_bytes()).ends_with(0).json();
    assert_eq!(answer["next_probe"]["id"], "home");
    assert_eq!(answer["next_probe"].get("vary"), None);

    records.push(json!({"vantage": {"network": "mobile"}}));
    let run = cfblock(&["diagnose", "--format", "json"], lines(&records).as_bytes());
    assert_eq!(run.ends_with(2).json()["next_probe"]["id"], "home");
    assert!(run.err.contains("line 6") && run.err.contains("id"), "{}", run.err);
}

#[test]
fn bad_lines_are_told_and_the_rest_is_diagnosed() {
    let good = lines(&null_route());
    let expected = cfblock(&["diagnose", "--format", "json"], good.as_bytes()).ends_with(0).json();
    for (line, words) in [
        (
            r#"{"id": 1, "verdict": {"class": "teapot"}}"#,
            ["line 5, column", "verdict", "teapot", "rate_limited"],
        ),
        (
            r#"{"id": 1, "status": 403, "vantage": {"network": "moon"}}"#,
            ["line 5, column", "vantage.network", "moon", "datacenter, residential, mobile, vpn, corporate"],
        ),
        (
            r#"{"id": 1, "status": 403, "vantage": {"rate": "fast"}}"#,
            ["line 5, column", "vantage.rate", "fast", "number"],
        ),
        (
            r#"{"id": 1, "status": 403, "vantage": {"rate": -1}}"#,
            ["line 5, column", "vantage.rate", "0 or more", "rate"],
        ),
        (
            r#"{"id": 1, "status": 403, "vantage": {"browser": "yes"}}"#,
            ["line 5, column", "vantage.browser", "true or false", "yes"],
        ),
        (
            r#"{"id": 1, "status": 403, "vantage": {"asn": [1]}}"#,
            ["line 5, column", "vantage.asn", "a text, a number", "vantage"],
        ),
        (
            r#"{"id": 1, "status": 403, "vantage": "home"}"#,
            ["line 5, column", "vantage", "an object", "home"],
        ),
        (
            r#"{"id": 1, "url": "https://shop.example/"}"#,
            ["line 5, column 1", "response", "verdict", "vantage"],
        ),
        ("{}", ["line 5, column 1", "response", "verdict", "vantage"]),
        ("[1]", ["line 5, column 1", "expected", "JSON", "object"]),
        (r#"{"id": 1, "status": 403"#, ["line 5, column", "not JSON", "EOF", "object"]),
    ] {
        let run = cfblock(&["diagnose", "--format", "json"], format!("{good}{line}\n").as_bytes());
        assert_eq!(run.ends_with(2).json(), expected, "{line}");
        for word in words.iter().chain(&["1 of 5 lines"]) {
            assert!(run.err.contains(word), "{line}: {word:?} is not in:\n{}", run.err);
        }
    }
    let run = cfblock(&["diagnose"], format!("{good}\u{fe}\n").as_bytes());
    assert!(run.ends_with(2).err.contains("line 5"), "{}", run.err);
}

#[test]
fn a_line_cannot_write_to_the_terminal() {
    let line = "{\"status\": 403, \"vantage\": {\"network\": \"\\u001b[2J\\u009b2J\"}}\n";
    let ids =
        lines(&null_route()).replace("\"c\"", "\"\\u001b[2Jc\"").replace("python", "\\u001b]0;x\\u0007");
    let run = cfblock(&["diagnose"], format!("{ids}{line}").as_bytes());
    let strange = |text: &str| text.chars().any(|c| c.is_control() && c != '\n');
    assert!(!strange(&run.ends_with(2).out) && !strange(&run.err), "{:?}", (run.out, run.err));
}

#[test]
fn nothing_to_diagnose_is_an_error() {
    for (input, words) in [
        ("", "no record of an answer"),
        ("\n\n", "no record of an answer"),
        (r#"{"id": 1, "vantage": {"network": "mobile"}}"#, "no answer to diagnose"),
        ("no record", "no record of an answer"),
    ] {
        let run = cfblock(&["diagnose", "-"], input.as_bytes());
        assert!(run.ends_with(2).out.is_empty() && run.err.contains(words), "{input}: {}", run.err);
    }
    assert!(
        cfblock(&["diagnose", "no-such-file.jsonl"], b"").ends_with(2).err.contains("no-such-file.jsonl")
    );
}

#[test]
fn observations_without_a_vantage_count_as_such() {
    let records = [
        json!({"url": "https://shop.example/", "verdict": {"error_code": 1002}}),
        json!({"url": "https://shop.example/", "verdict": {"class": "passed"}}),
    ];
    let run = cfblock(&["diagnose"], lines(&records).as_bytes());
    assert!(run.ends_with(0).out.contains("stated by none of 2"), "{}", run.out);
    let answer = cfblock(&["diagnose", "--format", "json"], lines(&records).as_bytes()).ends_with(0).json();
    assert_ne!(answer["classification"], "no_fault");
    let hypotheses = answer["hypotheses"].as_array().unwrap();
    assert!(hypotheses.iter().any(|one| one["scope"] == "intermittent"), "{answer}");
}

#[test]
fn a_record_without_an_id_is_named_by_its_line() {
    let mut records = null_route();
    for record in &mut records {
        record.as_object_mut().unwrap().remove("id");
    }
    let input = format!("\n{}", lines(&records));
    let answer = cfblock(&["diagnose", "--format", "json"], input.as_bytes()).ends_with(0).json();
    let decided: Vec<u64> =
        answer["decided_by"].as_array().unwrap().iter().filter_map(Value::as_u64).collect();
    assert!(!decided.is_empty() && decided.iter().all(|line| (2..=5).contains(line)), "{answer}");
}

#[test]
fn several_hosts_are_diagnosed_one_by_one() {
    let mut records = null_route();
    records.push(json!({"verdict": {"error_code": 521}, "url": "https://OTHER.example/"}));
    records.push(json!({"verdict": {"class": "passed"}, "url": "https://fine.example/"}));
    let alone = cfblock(&["diagnose", "--format", "json"], lines(&null_route()).as_bytes()).json();
    let answers =
        cfblock(&["diagnose", "--format", "json"], lines(&records).as_bytes()).ends_with(0).json_lines();
    let hosts: Vec<&Value> = answers.iter().map(|answer| &answer["host"]).collect();
    assert_eq!(hosts, ["shop.example", "other.example", "fine.example"]);
    let mut first = answers[0].clone();
    first.as_object_mut().unwrap().remove("host");
    assert_eq!(first, alone);
    assert_eq!(answers[2]["classification"], "no_fault");

    let text = cfblock(&["diagnose"], lines(&records).as_bytes());
    for words in ["== shop.example ==", "== other.example ==", "No fault on 1 of 3 hosts"] {
        assert!(text.ends_with(0).out.contains(words), "{words} is not in:\n{}", text.out);
    }

    let one =
        cfblock(&["diagnose", "--format", "json", "--host", "Shop.example"], lines(&records).as_bytes());
    assert_eq!(one.ends_with(0).json(), alone);
    let none = cfblock(&["diagnose", "--host", "no.example"], lines(&records).as_bytes());
    assert!(none.ends_with(2).err.contains("shop.example, other.example, fine.example"), "{}", none.err);
}

#[test]
fn the_policy_bounds_probes_and_advice() {
    let arguments = ["diagnose", "--format", "json", "--policy", "cooperative"];
    let answer = cfblock(&arguments, lines(&null_route()).as_bytes()).ends_with(0).json();
    assert_eq!(answer["classification"], "targeted_null_route");
    assert_eq!((&answer["action"], &answer["change"]), (&json!("contact_owner"), &json!([])));

    let answer = cfblock(&arguments, lines(&null_route()[..2]).as_bytes()).ends_with(0).json();
    let vary = answer["next_probe"]["vary"].as_object().cloned().unwrap_or_default();
    assert!(vary.keys().all(|attribute| ["path", "rate"].contains(&attribute.as_str())), "{answer}");
    let wrong = cfblock(&["diagnose", "--policy", "kind"], b"");
    assert!(wrong.ends_with(2).err.contains("kind"), "{}", wrong.err);
}
