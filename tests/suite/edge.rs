//! The server on loopback: its presets, its counters, and the textbook event end to end.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cfblock_core::{RawMessage, classify};
use cfblock_tests::edge::{Edge, NAMES, named};
use cfblock_tests::worlds::World;
use serde_json::{Value, json};

use crate::command::cfblock;

const CURL: &[(&str, &str)] = &[];
const SERVER: &[(&str, &str)] = &[
    ("x-vantage-network", "datacenter"),
    ("x-vantage-asn", "64500"),
    ("x-vantage-country", "DE"),
    ("x-vantage-tls-fingerprint", "python"),
    ("x-vantage-session", "a"),
];
const HOME: &[(&str, &str)] = &[
    ("x-vantage-network", "residential"),
    ("x-vantage-asn", "64501"),
    ("x-vantage-country", "DE"),
    ("x-vantage-tls-fingerprint", "chrome"),
    ("x-vantage-session", "b"),
];

fn start() -> Edge {
    Edge::start(0, named("null-route").unwrap()).expect("a free port")
}

/// What the server sends, byte for byte.
fn send(url: &str, method: &str, path: &str, headers: &[(&str, &str)]) -> Vec<u8> {
    let mut stream = TcpStream::connect(url.strip_prefix("http://").unwrap()).unwrap();
    let mut request = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
    if headers.iter().all(|(name, _)| *name != "host") {
        request += "Host: shop.example\r\n";
    }
    for (name, value) in headers {
        request.extend([name, ": ", value, "\r\n"]);
    }
    stream.write_all((request + "\r\n").as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    answer
}

fn get(edge: &Edge, path: &str, headers: &[(&str, &str)]) -> Vec<u8> {
    send(edge.url(), "GET", path, headers)
}

fn post(edge: &Edge, path: &str) -> Value {
    body_json(&send(edge.url(), "POST", path, CURL))
}

fn body_json(answer: &[u8]) -> Value {
    let text = String::from_utf8_lossy(answer);
    let body = text.split_once("\r\n\r\n").expect("a head and a body").1;
    serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn header(answer: &[u8], name: &str) -> Option<String> {
    let text = String::from_utf8_lossy(answer);
    let head = text.split("\r\n\r\n").next().unwrap_or_default();
    head.lines()
        .filter_map(|line| line.split_once(": "))
        .find_map(|(known, value)| known.eq_ignore_ascii_case(name).then(|| value.to_owned()))
}

/// Class, error code and status of an answer, in the core's words.
fn verdict(answer: &[u8]) -> (String, Option<u32>, Option<u16>) {
    let message = RawMessage::parse(answer).expect("an HTTP message");
    let verdict = classify(&message.parts());
    (
        verdict.class.to_string(),
        verdict.error_code.and_then(|code| code.to_string().parse().ok()),
        verdict.status,
    )
}

#[track_caller]
fn is(answer: &[u8], class: &str, code: Option<u32>, status: u16) {
    let shown = String::from_utf8_lossy(answer);
    assert_eq!(verdict(answer), (class.to_owned(), code, Some(status)), "{shown}");
}

#[test]
fn every_preset_is_what_it_says() {
    let edge = start();
    for (path, class, code, status) in [
        ("/ok", "passed", None, 200),
        ("/ok/any/page", "passed", None, 200),
        ("/news.example/ok", "passed", None, 200),
        ("/blocked-1020", "access_denied", Some(1020), 403),
        ("/limited", "rate_limited", Some(1015), 429),
        ("/challenge", "challenge", None, 403),
        ("/queue", "waiting_room", None, 200),
        ("/null-route", "site_misconfigured", Some(1002), 403),
        ("/site/prices", "passed", None, 200),
        ("/origin-403", "passed", None, 403),
        ("/origin-503", "passed", None, 503),
        ("/about-1020", "passed", None, 200),
    ] {
        let answer = get(&edge, path, CURL);
        is(&answer, class, code, status);
        assert_eq!(header(&answer, "server").as_deref(), Some("cloudflare"), "{path}");
        assert!(header(&answer, "date").is_some_and(|date| date.ends_with(" GMT")), "{path}");
        let ray = header(&answer, "cf-ray").unwrap_or_else(|| panic!("{path} has no Ray ID"));
        assert_ne!(Some(ray), header(&get(&edge, path, CURL), "cf-ray"), "{path}");
    }
    assert_eq!(header(&get(&edge, "/challenge", CURL), "cf-mitigated").as_deref(), Some("challenge"));
    let page = String::from_utf8(get(&edge, "/news.example/blocked-1020", CURL)).unwrap();
    let ray = header(page.as_bytes(), "cf-ray").unwrap();
    assert_eq!(
        classify(&RawMessage::parse(page.as_bytes()).unwrap().parts()).host.as_deref(),
        Some("news.example")
    );
    assert!(
        page.matches(ray.split('-').next().unwrap()).count() > 1,
        "the page has the Ray ID of its header"
    );
    assert!(send(edge.url(), "HEAD", "/ok", CURL).ends_with(b"\r\n\r\n"));
    assert!(get(&edge, "/nothing", CURL).starts_with(b"HTTP/1.1 404 "));
    for wrong in [("x-vantage-network", "moon"), ("x-vantage-asn", "many"), ("x-vantage-browser", "maybe")] {
        let answer = get(&edge, "/ok", &[wrong]);
        assert!(answer.starts_with(b"HTTP/1.1 400 "));
        assert!(String::from_utf8_lossy(&answer).contains(wrong.0), "{wrong:?}");
    }
}

#[test]
fn compressed_pages_are_really_compressed() {
    let edge = start();
    for (path, coding) in [("/gzip-block", "gzip"), ("/br-block", "br")] {
        let answer = get(&edge, path, CURL);
        assert_eq!(header(&answer, "content-encoding").as_deref(), Some(coding));
        assert!(!answer.windows(5).any(|text| text == b"<html"), "{path} is not compressed");
        let record = cfblock(&["--format", "json"], &answer);
        let record = record.ends_with(1).json();
        assert_eq!(
            (&record["class"], &record["error_code"]),
            (&json!("access_denied"), &json!(1020)),
            "{path}"
        );
    }
}

#[test]
fn a_limit_holds_until_its_window_is_over() {
    let edge = start();
    let first = get(&edge, "/limited/a", CURL);
    is(&first, "rate_limited", Some(1015), 429);
    assert_eq!(header(&first, "retry-after").as_deref(), Some("2"));
    is(&get(&edge, "/limited/b", CURL), "rate_limited", Some(1015), 429);
    sleep(Duration::from_millis(2100));
    is(&get(&edge, "/limited/a", CURL), "passed", None, 200);
    is(&get(&edge, "/limited/a", CURL), "passed", None, 200);
    is(&get(&edge, "/limited/a", &[("x-vantage-ip", "192.0.2.9")]), "rate_limited", Some(1015), 429);
    let count = body_json(&get(&edge, "/__count", CURL));
    assert_eq!(count["requests"], json!({"/limited/a": 4, "/limited/b": 1}));
    assert_eq!(count["early_retries"], json!({}));

    post(&edge, "/__reset");
    for _ in 0..3 {
        get(&edge, "/limited/c?page=2", CURL);
    }
    let count = body_json(&get(&edge, "/__count", CURL));
    assert_eq!(count["requests"], json!({"/limited/c": 3}));
    // A slow machine may be past the window.
    if verdict(&get(&edge, "/limited/c", CURL)).2 == Some(429) {
        assert_eq!(body_json(&get(&edge, "/__count", CURL))["early_retries"], json!({"/limited/c": 3}));
    }
}

#[test]
fn the_queue_keeps_the_place_of_a_cookie() {
    let edge = start();
    let first = get(&edge, "/queue", CURL);
    let cookie = header(&first, "set-cookie").unwrap();
    let cookie = cookie.split(';').next().unwrap();
    is(&get(&edge, "/queue", &[("cookie", cookie)]), "waiting_room", None, 200);
    is(&get(&edge, "/queue", CURL), "waiting_room", None, 200);
    is(&get(&edge, "/queue", &[("cookie", &format!("a=b; {cookie}"))]), "passed", None, 200);
    is(&get(&edge, "/queue", &[("cookie", "__cfwaitingroom=forged")]), "waiting_room", None, 200);
}

#[test]
fn the_null_route_lets_nobody_in_who_looks_like_a_bot_it_has_seen() {
    let edge = start();
    let with = |name: &'static str, value: &'static str| -> Vec<(&str, &str)> {
        HOME.iter().map(|pair| if pair.0 == name { (name, value) } else { *pair }).collect()
    };
    is(&get(&edge, "/null-route", SERVER), "site_misconfigured", Some(1002), 403);
    is(&get(&edge, "/null-route", HOME), "passed", None, 200);
    for (name, value) in [
        ("x-vantage-tls-fingerprint", "python"),
        ("x-vantage-session", "a"),
        ("x-vantage-asn", "AS64500"),
        ("x-vantage-network", "vpn"),
    ] {
        is(&get(&edge, "/null-route", &with(name, value)), "site_misconfigured", Some(1002), 403);
    }
}

#[test]
fn worlds_are_answered_by_name_by_seed_and_as_given() {
    let edge = start();
    for name in NAMES {
        verdict(&get(&edge, &format!("/world/{name}/a"), CURL));
    }
    is(&get(&edge, "/world/healthy/a", CURL), "passed", None, 200);
    assert_eq!(verdict(&get(&edge, "/world/down/", CURL)).1, Some(521));
    assert_eq!(verdict(&get(&edge, "/world/country-rule/", SERVER)).1, Some(1020));
    is(&get(&edge, "/world/country-rule/", &[("x-vantage-country", "US")]), "passed", None, 200);
    assert_eq!(verdict(&get(&edge, "/world/rate-rule/", &[("x-vantage-rate", "9")])).1, Some(1015));
    is(&get(&edge, "/world/browser-only/", &[("x-vantage-browser", "true")]), "passed", None, 200);
    // As given: the null route.
    assert_eq!(verdict(&get(&edge, "/world/shop/boots", SERVER)).1, Some(1002));
    let home: Vec<_> =
        HOME.iter().map(|pair| if pair.1 == "chrome" { (pair.0, "chromium") } else { *pair }).collect();
    is(&get(&edge, "/world/shop/boots", &home), "passed", None, 200);
    // The same seed is the same world, answer by answer.
    let run = |edge: &Edge| (0..20).map(|_| verdict(&get(edge, "/world/7/a", SERVER))).collect::<Vec<_>>();
    assert_eq!(run(&edge), run(&start()));
}

#[test]
fn the_program_says_where_it_listens() {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("edge-world.json");
    let world = World { host: "shop.example".to_owned(), ..named("down").unwrap() };
    fs::write(&file, serde_json::to_string(&world).unwrap()).unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_edge-server"));
    program.args(["--port", "0", "--world"]).arg(&file).stdout(Stdio::piped());
    let mut child = program.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let url = line.trim_end().strip_prefix("listening on ").unwrap_or_else(|| panic!("{line:?}"));
    let curl = |arguments: &[&str]| {
        let mut curl = Command::new("curl");
        curl.args(["-si", "--noproxy", "*", "--max-time", "30"]).args(arguments).output().unwrap().stdout
    };
    let down = curl(&[&format!("{url}/world/a")]);
    let refused = cfblock(&["--format", "json"], &curl(&[&format!("{url}/blocked-1020")]));
    let packed = cfblock(&["--format", "json"], &curl(&["--compressed", &format!("{url}/gzip-block")]));
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(verdict(&down).1, Some(521));
    assert_eq!(refused.ends_with(1).json()["error_code"], 1020);
    assert_eq!(packed.ends_with(1).json()["error_code"], 1020);
    for (arguments, words) in [
        (&["--world", "no-such-world"][..], "null-route"),
        (&["--port"], "value"),
        (&["--fast", "1"], "--world"),
    ] {
        let run = Command::new(env!("CARGO_BIN_EXE_edge-server")).args(arguments).output().unwrap();
        assert_eq!(run.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&run.stderr).contains(words), "{run:?}");
    }
}

/// A pipeline that fetches from the server, one request a second, and does what the events say.
struct Pipeline<'a> {
    edge: &'a Edge,
    state: PathBuf,
    lines: Vec<String>,
    events: Vec<Value>,
}

impl Pipeline<'_> {
    /// Fetches a page, and has a record of it.
    fn fetch(&mut self, headers: &[(&str, &str)]) -> Value {
        let second = self.lines.len();
        let path = format!("/site/p/{second}");
        let answer = get(self.edge, &path, headers);
        let status = verdict(&answer).2;
        let text = String::from_utf8_lossy(&answer);
        let (head, _) = text.split_once("\r\n\r\n").unwrap();
        let body = &answer[head.len() + 4..];
        let pairs: Vec<(&str, &str)> = head.lines().filter_map(|line| line.split_once(": ")).collect();
        let of = |name: &str| headers.iter().find(|pair| pair.0 == name).map(|pair| pair.1);
        let record = json!({
            "id": second,
            "pipeline": "prices",
            "time": format!("2026-11-20T12:{:02}:{:02}Z", second / 60, second % 60),
            "url": format!("https://shop.example{path}"),
            "status": status,
            "headers": pairs,
            "body_base64": STANDARD.encode(body),
            "vantage": {
                "network": of("x-vantage-network"),
                "asn": of("x-vantage-asn").and_then(|asn| asn.parse::<u32>().ok()),
                "country": of("x-vantage-country"),
                "tls_fingerprint": of("x-vantage-tls-fingerprint"),
                "session": of("x-vantage-session"),
            },
        });
        self.lines.push(record.to_string());
        record
    }

    /// Has the monitor read the records from the given one on; says which events they are.
    fn watch(&mut self, from: usize) -> Vec<Value> {
        let state = self.state.to_str().unwrap();
        let mut arguments = vec!["watch", "--format", "jsonl", "--save", state];
        if self.state.exists() {
            arguments.extend(["--restore", state]);
        }
        let run = cfblock(&arguments, (self.lines[from..].join("\n") + "\n").as_bytes());
        let events = run.ends_with(0).json_lines();
        self.events.extend(events.clone());
        events
    }

    fn step(&mut self, headers: &[(&str, &str)]) -> Vec<Value> {
        self.fetch(headers);
        self.watch(self.lines.len() - 1)
    }

    fn kinds(&self) -> Vec<&str> {
        self.events.iter().filter_map(|event| event["event"].as_str()).collect()
    }
}

#[test]
#[allow(clippy::print_stdout, reason = "the event is what this is about")]
fn the_textbook_event_behind_the_server() {
    const HEALTHY: usize = 240;
    let edge = start();
    let state = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("edge-watch.json");
    let _ = fs::remove_file(&state);
    let mut pipeline = Pipeline { edge: &edge, state, lines: Vec::new(), events: Vec::new() };
    for _ in 0..HEALTHY {
        assert_eq!(pipeline.fetch(SERVER)["status"], 200);
    }
    assert!(pipeline.watch(0).is_empty());

    assert_eq!(post(&edge, "/__sick?on=1"), json!({"sick": true}));
    let (mut vantage, mut observed) = (SERVER, Vec::new());
    for _ in 0..60 {
        let mut events = pipeline.step(vantage);
        observed.push(pipeline.lines.last().unwrap().clone());
        let had = |events: &[Value], kind: &str| events.iter().any(|event| event["event"] == kind);
        if had(&events, "probe_wanted") && vantage == SERVER {
            events = pipeline.step(HOME);
            observed.push(pipeline.lines.last().unwrap().clone());
        }
        if let Some(found) = events.iter().find(|event| event["action"] == "change_identity")
            && vantage == SERVER
        {
            assert_eq!(found["classification"], "targeted_null_route");
            vantage = HOME;
            let diagnosis = cfblock(&["diagnose", "--format", "json"], observed.join("\n").as_bytes());
            let diagnosis = diagnosis.ends_with(0).json();
            assert_eq!(diagnosis["classification"], "targeted_null_route", "{diagnosis}");
            let change: BTreeSet<&str> =
                diagnosis["change"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
            assert_eq!(change, BTreeSet::from(["tls_fingerprint", "asn", "session"]), "{diagnosis}");
        }
        if had(&pipeline.events, "recovered") {
            break;
        }
    }
    let kinds = pipeline.kinds();
    assert_eq!(kinds.first(), Some(&"incident_opened"), "{:#?}", pipeline.events);
    let mut order = kinds.clone();
    order.dedup();
    assert_eq!(
        order,
        ["incident_opened", "probe_wanted", "diagnosed", "recovered"],
        "{:#?}",
        pipeline.events
    );
    let end = pipeline.events.last().unwrap();
    println!("{end}");
    assert_eq!((&end["class"], &end["error_code"]), (&json!("site_misconfigured"), &json!(1002)));
    assert_eq!((&end["pipeline_id"], &end["host"]), (&json!("prices"), &json!("shop.example")));
    assert_eq!(
        (&end["classification"], &end["recovery"]),
        (&json!("targeted_null_route"), &json!("after_action"))
    );
    assert_eq!(end["timings"]["objective_met"], true, "{end}");

    // Who goes on as before is still sent away, until the owner switches it off.
    is(&get(&edge, "/site/p/1", SERVER), "site_misconfigured", Some(1002), 403);
    assert_eq!(post(&edge, "/__sick?on=0"), json!({"sick": false}));
    is(&get(&edge, "/site/p/1", SERVER), "passed", None, 200);
}
