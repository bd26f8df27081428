//! `cfblock scan`: many records in, one verdict a line out.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cfblock_core::classify;
use cfblock_tests::case::{self, Case};
use cfblock_tests::record;
use serde_json::{Value, json};

use super::{cfblock, shell};

#[test]
fn good_and_bad_lines_are_answered_in_order() {
    let input = concat!(
        r#"{"id": "a", "status": 429, "headers": [["server", "cloudflare"]], "body": "error code: 1015"}"#,
        "\n",
        r#"{"id": "b", "status": "abc"}"#,
        "\n",
        "no record\n",
        "\n",
        r#"{"id": 4, "status": 200, "headers": [["server", "nginx"]], "body": "hello"}"#,
        "\n",
        r#"{"id": "e", "verdict": {"error_code": 1020}}"#,
        "\n",
        r#"{"id": "f", "status": 503"#,
    );
    let run = cfblock(&["scan", "--format", "jsonl", "-"], input.as_bytes());
    let answers = run.ends_with(2).json_lines();
    let seen: Vec<(&Value, &Value)> = answers
        .iter()
        .map(|answer| {
            (
                &answer["id"],
                if answer["error"].is_null() { &answer["class"] } else { &answer["error"]["line"] },
            )
        })
        .collect();
    let expected = [
        (json!("a"), json!("rate_limited")),
        (json!("b"), json!(2)),
        (Value::Null, json!(3)),
        (json!(4), json!("passed")),
        (json!("e"), json!("access_denied")),
        (json!("f"), json!(7)),
    ];
    assert_eq!(seen, expected.iter().map(|(id, value)| (id, value)).collect::<Vec<_>>(), "{}", run.out);
    for answer in answers.iter().filter(|answer| !answer["error"].is_null()) {
        let error = &answer["error"];
        assert!(error["column"].as_u64() > Some(0), "{answer}");
        assert!(error["message"].as_str().is_some_and(|message| message.len() > 5), "{answer}");
    }
    assert!(run.err.contains('3'), "the count of unreadable lines is not in: {}", run.err);
}

#[test]
fn a_wrong_member_is_named() {
    for (line, word) in [
        (r#"{"status": 70000}"#, "status"),
        (r#"{"headers": [["server"]]}"#, "headers"),
        (r#"{"headers": {"server": "x"}}"#, "headers"),
        (r#"{"body_base64": "***"}"#, "body_base64"),
        (r#"{"peer_ip": "here"}"#, "peer_ip"),
        (r#"{"time": "yesterday"}"#, "time"),
        (r#"{"history": [{"status": "x"}]}"#, "history"),
        (r#"{"verdict": {"class": "teapot"}}"#, "teapot"),
        (r#"{"verdict": {}}"#, "class"),
        (r"[1, 2]", "object"),
    ] {
        let run = cfblock(&["scan", "-"], line.as_bytes());
        let answer = run.ends_with(2).json();
        let message = answer["error"]["message"].as_str().unwrap_or_default();
        assert!(message.contains(word), "{line}: {word:?} is not in {answer}");
    }
}

#[test]
fn clean_input_ends_with_0() {
    assert_eq!(cfblock(&["scan"], b"").ends_with(0).out, "");
    let run = cfblock(&["scan", "-"], b"{\"id\": 1, \"status\": 200}\r\n\n{\"id\": 2, \"status\": 200}\n");
    let ids: Vec<Value> = run.ends_with(0).json_lines().iter().map(|answer| answer["id"].clone()).collect();
    assert_eq!(ids, [json!(1), json!(2)]);
    assert_eq!(run.err, "");
}

/// The corpus as records: what the process answers is what the library says.
#[test]
fn the_corpus_is_answered_as_by_the_library() {
    let mut lines = Vec::new();
    let mut expected = Vec::new();
    for case in case::all() {
        // Of a wrapped body the command reads what is inside, and it refuses a record with nothing to judge.
        let nothing = case.response.with_parts(|parts| parts.is_empty());
        if nothing || case.is_wrapped() || case.response.size() > 1024 * 1024 {
            continue;
        }
        lines.push(record_of(case).to_string());
        let verdict = case.response.with_parts(|parts| classify(&parts));
        let line = record::parity_line(&case.name, &verdict);
        expected.push(line.replacen("\"case\":", "\"id\":", 1).trim_end().to_owned());
    }
    let run = cfblock(&["scan", "--format", "jsonl", "-"], lines.join("\n").as_bytes());
    let got: Vec<&str> = run.ends_with(0).out.lines().collect();
    assert_eq!(got.len(), expected.len());
    for (got, expected) in got.into_iter().zip(&expected) {
        assert_eq!(got, expected);
    }
}

fn record_of(case: &Case) -> Value {
    let response = &case.response;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut record = json!({"id": case.name, "truncated": response.truncated});
    if let Some(status) = response.status {
        record["status"] = json!(status);
    }
    if let Some(headers) = &response.headers {
        record["headers"] = headers.iter().map(|(name, value)| json!([text(name), text(value)])).collect();
    }
    match &response.body {
        None => {}
        Some(body) => match std::str::from_utf8(body) {
            Ok(body) => record["body"] = json!(body),
            Err(_) => record["body_base64"] = json!(STANDARD.encode(body)),
        },
    }
    if let Some(url) = &response.url {
        record["url"] = json!(url);
    }
    if let Some(peer) = response.peer {
        record["peer_ip"] = json!(peer);
    }
    if let Some(time) = &case.time {
        record["time"] = json!(time);
    }
    let hops =
        response.history.iter().map(|(status, location)| json!({"status": status, "location": location}));
    record["history"] = hops.collect();
    record
}

#[test]
fn a_live_pipe_is_answered_line_by_line() {
    let run = shell(
        "coproc cfblock scan -; echo '{\"id\": 7}' >&\"${COPROC[1]}\"; \
         read -r -t 30 line <&\"${COPROC[0]}\"; echo \"$line\"; kill $COPROC_PID",
    );
    assert_eq!(run.json()["id"], 7, "{}", run.err);
}

#[test]
fn a_closed_pipe_ends_the_scan() {
    let run = shell("yes '{\"id\": 7}' | timeout 60 cfblock scan - | head -1; echo \"${PIPESTATUS[1]}\"");
    assert!(run.out.ends_with("\n0\n"), "{}", run.out);
    assert_eq!(run.err, "");
}

/// 32 MB of records pass through a process that may use less than that.
#[test]
fn memory_does_not_grow_with_the_input() {
    let run = shell(
        "record=$(head -c 64000 /dev/zero | tr '\\0' x | sed 's/.*/{\"status\": 200, \"body\": \"&\"}/'); \
         for _ in {1..500}; do echo \"$record\"; done | (ulimit -v 24000; cfblock scan -) | wc -l",
    );
    assert_eq!(run.ends_with(0).out.trim(), "500", "{}", run.err);
}

#[test]
fn a_record_with_nothing_to_judge_is_refused_by_the_names_that_it_has() {
    let input = concat!(
        r#"{"id": 1, "status_code": 403, "html": "<html></html>"}"#,
        "\n",
        r#"{"id": 2}"#,
        "\n",
        r#"{"id": 3, "log": {"entries": []}}"#,
        "\n",
        r#"{"id": 4, "body": ""}"#,
        "\n",
    );
    let run = cfblock(&["scan", "--format", "jsonl", "-"], input.as_bytes());
    let answers = run.ends_with(2).json_lines();
    assert_eq!(answers[0]["id"], 1);
    let message = |at: usize| answers[at]["error"]["message"].as_str().unwrap_or_default();
    assert!(message(0).ends_with("nothing to judge; it has html, status_code"), "{}", message(0));
    assert!(message(1).ends_with("nothing to judge"), "{}", message(1));
    assert!(message(2).ends_with("it has log"), "{}", message(2));
    assert_eq!(answers[3]["class"], "passed", "an empty body is an answer");
}
