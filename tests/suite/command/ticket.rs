//! `cfblock ticket` and `cfblock origin`.

use cfblock_core::owner::origin_address;
use serde_json::{Value, json};

use super::cfblock;

const REFUSED: &[u8] = b"HTTP/2 403\nserver: cloudflare\ncf-ray: 8f1b2c3d4e5f6071-FRA\n\nerror code: 1020\n";

#[test]
fn a_ticket_has_what_the_owner_needs() {
    let arguments = [
        "ticket",
        "--method",
        "GET",
        "--url",
        "https://shop.example/catalogue?page=2",
        "--purpose",
        "comparing public prices once a day",
        "--contact",
        "crawler@prices.example",
        "--user-agent",
        "PriceBot/2.0",
        "--rate",
        "10",
        "--time",
        "2026-11-20T13:00:00.25+01:00",
    ];
    let run = cfblock(&arguments, REFUSED);
    assert!(run.ends_with(0).out.starts_with("Subject: "), "{}", run.out);
    for fact in [
        "8f1b2c3d4e5f6071",
        "2026-11-20T12:00:00Z",
        "shop.example",
        "GET /catalogue\n",
        "1020",
        "comparing public prices once a day",
        "crawler@prices.example",
        "PriceBot/2.0",
        "10 a minute",
    ] {
        assert!(run.out.contains(fact), "{fact} is not in:\n{}", run.out);
    }
    assert!(!run.out.contains("page=2"), "the query is in:\n{}", run.out);
}

#[test]
fn the_time_is_that_of_the_response() {
    let run = cfblock(&["ticket", "examples/refused.http"], b"");
    assert!(run.ends_with(0).out.contains("2026-11-20T12:00:00Z"), "{}", run.out);
    let odd = b"HTTP/2 403\nserver: cloudflare\ndate: noon\n\nerror code: 1020\n";
    assert!(!cfblock(&["ticket"], odd).ends_with(0).out.contains("Time:"));
}

#[test]
fn what_the_sender_writes_stays_on_its_line() {
    let run = cfblock(&["ticket", "--purpose", "a\u{1b}[2J\nSubject: b\u{202e}c"], REFUSED);
    let strange = run.ends_with(0).out.chars().find(|c| (c.is_control() && *c != '\n') || *c == '\u{202e}');
    assert_eq!(strange, None, "{}", run.out);
    assert_eq!(run.out.lines().filter(|line| line.starts_with("Subject:")).count(), 1, "{}", run.out);
}

#[test]
fn nothing_to_report_is_refused() {
    let passed: [(&[&str], &[u8], &str); 3] = [
        (&["ticket"], b"HTTP/1.1 200 OK\nserver: cloudflare\n\nhello", "nobody refused"),
        (&["ticket", "--body-only"], b"hello", "nothing shows"),
        (&["ticket", "--url", "https://shop.example/cdn-cgi/error/1020"], REFUSED, "preview"),
    ];
    for (arguments, input, words) in passed {
        let run = cfblock(arguments, input);
        assert_eq!(run.ends_with(2).out, "");
        assert!(run.err.contains("nothing to report") && run.err.contains(words), "{}", run.err);
    }
    // A refusal of the site's own server is the owner's to change, too.
    let refused = b"HTTP/1.1 403 Forbidden\nserver: nginx\n\nno";
    assert!(cfblock(&["ticket"], refused).ends_with(0).out.contains("403"));
}

#[test]
fn wrong_details_are_refused() {
    for (arguments, word) in [
        (["ticket", "--time", "yesterday"], "2026-11-20T12:00:00Z"),
        (["ticket", "--rate", "-1"], "-1"),
        (["ticket", "--rate", "often"], "often"),
    ] {
        let run = cfblock(&arguments, REFUSED);
        assert!(run.ends_with(2).out.is_empty() && run.err.contains(word), "{}", run.err);
    }
    assert!(cfblock(&["ticket"], b"").ends_with(2).err.contains("empty"));
}

#[test]
fn origins_are_judged_one_by_one() {
    let run = cfblock(&["origin", "9.9.9.9", "127.0.0.1"], b"");
    assert!(run.ends_with(1).out.contains("9.9.9.9: accepted"), "{}", run.out);
    assert!(run.out.contains("127.0.0.1: refused, with 1002"), "{}", run.out);
    cfblock(&["origin", "9.9.9.9"], b"").ends_with(0);

    let addresses = ["::1", "104.16.0.1", "10.0.0.1", "9.9.9.9"];
    let arguments: Vec<&str> = ["origin", "--format", "json"].into_iter().chain(addresses).collect();
    let answers = cfblock(&arguments, b"").ends_with(1).json_lines();
    let expected: Vec<Value> =
        addresses.iter().map(|address| json!(origin_address(address.parse().unwrap()))).collect();
    assert_eq!(answers, expected);
}

#[test]
fn what_is_no_address_is_said_and_the_rest_answered() {
    let run = cfblock(&["origin", "shop.example", "127.0.0.1", "1.2.3.4:80", ""], b"");
    assert!(run.ends_with(2).out.contains("127.0.0.1: refused"), "{}", run.out);
    for word in ["shop.example", "1.2.3.4:80", "\"\"", "not an IP address"] {
        assert!(run.err.contains(word), "{word} is not in:\n{}", run.err);
    }
    assert!(cfblock(&["origin"], b"").ends_with(2).err.contains("<ADDRESS>"));
}
