//! `cfblock [FILE|-]`: one response in, one verdict out.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::PathBuf;
use std::thread;

use cfblock_core::{RawMessage, classify};
use cfblock_tests::{case, record};
use serde_json::Value;

use super::{cfblock, shell};

pub(super) const RATE_LIMITED: &str = "HTTP/2 429\r\nserver: cloudflare\r\ncf-ray: 8f1b2c3d4e5f6071-FRA\r\n\
     retry-after: 10\r\ncontent-type: text/plain\r\n\r\nerror code: 1015";
const PASSED: &str =
    "HTTP/1.1 200 OK\nserver: cloudflare\ncf-ray: 8f1b2c3d4e5f6071-FRA\n\n<title>Shop</title>\n";

/// A file of this test's own.
fn file(name: &str, text: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text).unwrap();
    path
}

#[test]
fn an_intercepted_response_ends_with_1_and_says_why() {
    let run = cfblock(&[], RATE_LIMITED.as_bytes());
    run.ends_with(1);
    for fact in ["Rate limited", "1015", "8f1b2c3d4e5f6071", "FRA", "10"] {
        assert!(run.out.contains(fact), "{fact} is not in:\n{}", run.out);
    }
    assert_eq!(run.err, "");
}

#[test]
fn an_answer_that_quotes_another_one_says_so() {
    let relay = "HTTP/1.1 502 Bad Gateway\nContent-Type: application/json\n\n{\"body\":\"error code: 1020\"}";
    let run = cfblock(&[], relay.as_bytes());
    run.ends_with(0);
    assert!(
        run.out.contains("It quotes") && run.out.contains("Access denied 1020 (possible)"),
        "{}",
        run.out
    );
}

#[test]
fn a_passed_response_ends_with_0() {
    let run = cfblock(&[], PASSED.as_bytes());
    run.ends_with(0);
    assert!(!run.out.is_empty() && run.err.is_empty());
    assert_eq!(cfblock(&["--format", "json"], PASSED.as_bytes()).ends_with(0).json()["class"], "passed");
}

#[test]
fn a_file_a_dash_and_nothing_are_the_same() {
    let path = file("rate-limited.http", RATE_LIMITED);
    let from_file = cfblock(&[path.to_str().unwrap()], b"");
    from_file.ends_with(1);
    assert_eq!(from_file.out, cfblock(&["-"], RATE_LIMITED.as_bytes()).ends_with(1).out);
    assert_eq!(from_file.out, cfblock(&[], RATE_LIMITED.as_bytes()).ends_with(1).out);
}

#[test]
fn the_json_is_the_record_of_the_library() {
    let run = cfblock(&["--format", "json"], RATE_LIMITED.as_bytes());
    let message = RawMessage::parse(RATE_LIMITED.as_bytes()).unwrap();
    let expected = serde_json::to_string(&classify(&message.parts())).unwrap();
    assert_eq!(run.ends_with(1).out.trim_end(), expected);
}

#[test]
fn heads_before_the_last_one_are_history() {
    let message = "HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n\
         HTTP/1.1 302 Found\r\nlocation: https://team.cloudflareaccess.com/cdn-cgi/access/login/app.example\r\n\r\n\
         HTTP/2 200\r\nserver: cloudflare\r\n\r\n<title>Sign in</title>";
    let record = cfblock(&["--format", "json"], message.as_bytes()).ends_with(1).json();
    assert_eq!(record["class"], "sign_in_required");
    assert_eq!(record["status"], 200);
}

#[test]
fn what_is_known_beside_the_message_counts() {
    let verified = ["--format", "json", "--peer-ip", "104.16.0.1", "--url", "https://shop.example/a"];
    let record = cfblock(&verified, RATE_LIMITED.as_bytes()).ends_with(1).json();
    assert_eq!(
        (&record["provenance"], &record["host"]),
        (&Value::from("verified"), &Value::from("shop.example"))
    );
    let elsewhere = ["--format", "json", "--peer-ip", "192.0.2.1"];
    assert_eq!(cfblock(&elsewhere, RATE_LIMITED.as_bytes()).json()["provenance"], "contradicted");
}

#[test]
fn a_stored_body_needs_its_own_flag() {
    let record = cfblock(&["--body-only", "--format", "json"], b"error code: 1015").ends_with(1).json();
    assert_eq!((&record["error_code"], &record["status"]), (&Value::from(1015), &Value::Null));
    assert_eq!(record["confidence"], "likely");
}

#[test]
fn every_small_case_is_reported_in_text() {
    let mut tried = 0;
    for case in case::all().iter().filter(|case| case.response.size() < 64 * 1024) {
        let Some(message) = case.response.raw_message("\n") else { continue };
        let run = cfblock(&[], &message);
        if !case.is_wrapped() {
            let verdict = classify(&RawMessage::parse(&message).unwrap().parts());
            let expected = i32::from(verdict.is_intercepted());
            assert_eq!(run.status, Some(expected), "{}: {}{}", case.name, run.out, run.err);
        }
        let strange = run.out.chars().find(|c| c.is_control() && *c != '\n');
        assert!(!run.out.is_empty() && strange.is_none(), "{}: {strange:?} in {}", case.name, run.out);
        tried += 1;
    }
    assert!(tried > 100, "only {tried} cases are raw messages");
}

#[test]
fn colour_is_for_terminals() {
    let path = file("coloured.http", RATE_LIMITED);
    let command = format!("cfblock {}", path.display());
    let on_terminal = format!("TERM=xterm script -qec '{command}' /dev/null");
    let coloured = |script: &str| shell(script).out.contains('\u{1b}');
    assert!(!coloured(&command), "colour in a pipe");
    assert!(coloured(&format!("{command} --color always")), "no colour though asked for");
    assert!(coloured(&on_terminal), "no colour on a terminal");
    assert!(!coloured(&format!("NO_COLOR=1 {on_terminal}")), "colour in spite of NO_COLOR");
    assert!(
        !coloured(&on_terminal.replace("cfblock ", "cfblock --color never ")),
        "colour in spite of --color never"
    );
}

/// A server on loopback that gives one answer, and its address.
fn serve(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        let mut chunk = [0; 512];
        while !request.ends_with(b"\r\n\r\n") {
            let length = stream.read(&mut chunk).unwrap();
            assert!(length > 0, "the request ended early");
            request.extend_from_slice(&chunk[..length]);
        }
        stream.write_all(answer.as_bytes()).unwrap();
    });
    address
}

#[test]
fn curl_is_piped_in() {
    let url = serve(
        "HTTP/1.1 403 Forbidden\r\nServer: cloudflare\r\nCF-RAY: 8f1b2c3d4e5f6071-AMS\r\nContent-Length: 16\r\n\
         Content-Type: text/plain\r\nConnection: close\r\n\r\nerror code: 1020",
    );
    let run = shell(&format!("curl -si --noproxy '*' {url} | cfblock --format json --url {url}"));
    let record = run.ends_with(1).json();
    assert_eq!(record["reason"], "firewall_rule_blocked");
    assert_eq!(record["colo"], "AMS");
}

#[test]
fn records_have_the_documented_members_in_their_order() {
    let run = cfblock(&["--format", "json"], RATE_LIMITED.as_bytes());
    let expected = "class intercepted blocked reason error_code challenge_type confidence producer provenance \
                    preview reached_origin site upstream status ray_id colo client_ip country host timestamp error_name error_category retryable \
                    retry_after owner_action_required price party action steps causes evidence docs_url";
    let record = record::of(&classify(&RawMessage::parse(RATE_LIMITED.as_bytes()).unwrap().parts()));
    assert_eq!(record.len(), expected.split_whitespace().count());
    let mut from = 0;
    for member in expected.split_whitespace() {
        let at = run.out[from..].find(&format!("\"{member}\":"));
        from += at.unwrap_or_else(|| panic!("{member} is missing or in another place: {}", run.out));
    }
}

#[test]
fn transcripts_of_curl_wget_and_python_are_read() {
    let curl = "*   Trying 192.0.2.10:443...\n> GET /rss.xml HTTP/2\n> Host: feed.example\n>\n< HTTP/2 301\n\
                < location: /feed\n<\n* Ignoring the response-body\n< HTTP/2 403\n< content-type: text/html\n\
                < cf-mitigated: challenge\n< server: cloudflare\n< cf-ray: 8f1b2c3d4e5f6071-FRA\n<\n\
                <!DOCTYPE html><title>Just a moment...</title>\n* Connection #0 to host feed.example left intact\n";
    let wget = "--2026-06-12 10:00:00--  https://shop.example/feed\nHTTP request sent, awaiting response...\n\
                \u{20} HTTP/1.1 403 Forbidden\n  cf-mitigated: challenge\n  Server: cloudflare\n\
                \u{20} CF-RAY: 8f1b2c3d4e5f6071-FRA\n2026-06-12 10:00:00 ERROR 403: Forbidden.\n";
    let python = "send: b'GET /g/1 HTTP/1.1\\r\\nHost: img.example\\r\\n\\r\\n'\nreply: 'HTTP/1.1 403 Forbidden\\r\\n'\n\
                  header: cf-mitigated: challenge\nheader: Server: cloudflare\n\
                  header: CF-RAY: 8f1b2c3d4e5f6071-FRA\n";
    for text in [curl, wget, python] {
        let record = cfblock(&["--format", "json"], text.as_bytes()).ends_with(1).json();
        assert_eq!(record["class"], "challenge", "{text}");
        assert_eq!((&record["status"], &record["colo"]), (&403.into(), &"FRA".into()), "{text}");
    }
    let prose = "This is a log.\n  HTTP is a protocol.\n";
    assert!(cfblock(&[], prose.as_bytes()).ends_with(2).err.contains("status line"), "no transcript");
}
