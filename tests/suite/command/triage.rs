//! What to do under a verdict: `--for` and `--policy`.

use std::fs;
use std::path::PathBuf;

use cfblock_core::owner::owner_report;
use cfblock_core::{Action, Context, Policy, RawMessage, classify, triage};
use serde_json::{Value, json};

use super::report::RATE_LIMITED;
use super::{cfblock, shell};

const REFUSED: &str = "HTTP/2 403\nserver: cloudflare\ncf-ray: 8f1b2c3d4e5f6071-FRA\n\nerror code: 1020\n";
const NULL_ROUTE: &str = "HTTP/2 403\nserver: cloudflare\ncf-ray: 8f1b2c3d4e5f6071-FRA\n\nerror code: 1002\n";

/// A file of this test's own.
fn file(name: &str, text: &[u8]) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

/// The actions of the member `triage`.
fn actions(answer: &Value) -> Vec<&str> {
    let steps = answer["triage"]["steps"].as_array().expect("a triage has steps");
    steps.iter().map(|step| step["action"].as_str().expect("a step has an action")).collect()
}

#[test]
fn the_steps_are_those_of_the_library() {
    let advice = triage(
        &classify(&RawMessage::parse(NULL_ROUTE.as_bytes()).unwrap().parts()),
        &Policy::full(),
        &Context::new(),
    );
    let answer =
        cfblock(&["--format", "json", "--for", "scraper"], NULL_ROUTE.as_bytes()).ends_with(1).json();
    assert_eq!(answer["triage"], serde_json::to_value(&advice).unwrap());
    assert_eq!(answer.get("owner"), None);

    let run = cfblock(&[], NULL_ROUTE.as_bytes());
    let text = run.ends_with(1).out.split_whitespace().collect::<Vec<_>>().join(" ");
    for step in &advice.steps {
        assert!(text.contains(&*step.why), "{} is not in:\n{}", step.why, run.out);
    }
}

#[test]
fn a_back_off_says_how_it_is_spaced() {
    let down = b"HTTP/2 521\nserver: cloudflare\n\nerror code: 521\n";
    let text = cfblock(&[], down).ends_with(1).out.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in ["Back off (2 min)", "2 min to 4 min, at random", "up to 1 h", "6 attempts at most"] {
        assert!(text.contains(words), "{words} is not in: {text}");
    }
}

#[test]
fn the_record_alone_stays_the_record() {
    let plain = cfblock(&["--format", "json"], REFUSED.as_bytes()).ends_with(1).json();
    assert_eq!(plain.get("triage"), None);
    let mut with = cfblock(&["--format", "json", "--policy", "full"], REFUSED.as_bytes()).ends_with(1).json();
    assert_ne!(with.as_object_mut().unwrap().remove("triage"), None);
    assert_eq!(with, plain);
}

#[test]
fn the_cooperative_policy_changes_and_hides_nothing() {
    for input in [REFUSED, NULL_ROUTE, RATE_LIMITED] {
        let run = cfblock(&["--format", "json", "--policy", "cooperative"], input.as_bytes());
        let answer = run.ends_with(1).json();
        for excluded in [Action::Probe, Action::ChangeIdentity, Action::UseBrowser] {
            assert!(!actions(&answer).contains(&excluded.as_str()), "{answer}");
        }
        let text = cfblock(&["--policy", "cooperative"], input.as_bytes());
        assert!(!text.ends_with(1).out.contains("Change identity"), "{}", text.out);
    }
}

#[test]
fn policies_are_read_from_toml_and_json() {
    let toml =
        file("policy.toml", b"# one wait, and no questions\nmax_wait = 20\nexclude = [\"contact_owner\"]\n");
    let json = file("policy.json", br#"{"max_wait": 20, "exclude": ["contact_owner"]}"#);
    let bare = file("policy", b"\xEF\xBB\xBF {\"max_wait\": 20, \"exclude\": [\"contact_owner\"]}");
    let slow = RATE_LIMITED.replace("retry-after: 10", "retry-after: 60");
    for policy in [toml, json, bare] {
        let answer = cfblock(&["--format", "json", "--policy", &policy], slow.as_bytes()).ends_with(1).json();
        assert_eq!(actions(&answer), ["pause_host"], "{policy}");
    }
}

#[test]
fn wrong_policies_are_refused_with_their_place() {
    let broken: [(&str, &[u8], &[&str]); 9] = [
        ("negative.toml", b"base = \"full\"\nmax_wait = -5\n", &["line 2", "max_wait", "-5", "0 or more"]),
        ("negative.json", b"{\n  \"max_wait\": -5\n}", &["line 2", "max_wait", "-5", "0 or more"]),
        ("unknown.toml", b"max_wiat = 5\n", &["line 1, column 1", "max_wiat", "max_wait"]),
        ("word.toml", b"\nexclude = [\"fly\"]\n", &["line 2", "exclude", "fly", "pause_host"]),
        ("word.json", b"{\"base\": \"kind\"}", &["line 1", "base", "kind", "cooperative"]),
        ("none.toml", b"max_attempts = 0\n", &["max_attempts", "0", "1 or more"]),
        ("open.toml", b"base = \"full\n", &["line 1", "column 13"]),
        ("cut.json", b"{\"max_wait\": 5", &["line 1", "EOF"]),
        ("bytes.toml", b"max_wait = 5\nbase = \"\xff\"", &["line 2, column 9", "UTF-8"]),
    ];
    for (name, text, words) in broken {
        let path = file(name, text);
        let run = cfblock(&["--policy", &path], REFUSED.as_bytes());
        assert_eq!(run.ends_with(2).out, "", "{name}");
        for word in words.iter().chain(&[name]) {
            assert!(run.err.contains(word), "{name}: {word:?} is not in:\n{}", run.err);
        }
    }
    for (policy, words) in [
        ("coperative", ["coperative", "full, cooperative, or a file"]),
        ("tests", ["tests", "directory"]),
        ("/dev/zero", ["/dev/zero", "1 MiB"]),
    ] {
        let run = cfblock(&["--policy", policy], REFUSED.as_bytes());
        assert!(words.iter().all(|word| run.ends_with(2).err.contains(word)), "{policy}: {}", run.err);
    }
}

#[test]
fn a_visitor_reads_what_concerns_a_visitor() {
    let run = cfblock(&["--for", "visitor"], REFUSED.as_bytes());
    let text = run.ends_with(1).out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("quote the Ray ID 8f1b2c3d4e5f6071"), "{text}");
    assert!(!text.contains("tls_fingerprint") && !text.contains("Evidence"), "{text}");
}

#[test]
fn an_owner_gets_the_look_up_and_the_payloads() {
    let run = cfblock(&["--for", "owner", "--url", "https://shop.example/"], REFUSED.as_bytes());
    let words = [
        "Security > Analytics > Events",
        "Ray ID equals 8f1b2c3d4e5f6071",
        "query EventsOfOneRay(",
        "\"rayName\": \"8f1b2c3d4e5f6071\"",
        "Nothing was sent",
    ];
    let text = run.ends_with(1).out.split_whitespace().collect::<Vec<_>>().join(" ");
    for word in words {
        assert!(text.contains(word), "{word} is not in:\n{}", run.out);
    }
    let path = "examples/rate-limited.http";
    let answer = cfblock(&["--for", "owner", "--format", "json", path], b"").ends_with(1).json();
    let input = fs::read(cfblock_tests::repository().join(path)).unwrap();
    let report = owner_report(&classify(&RawMessage::parse(&input).unwrap().parts()));
    assert_eq!(answer["owner"], serde_json::to_value(report).unwrap());
    assert_ne!(answer["triage"], Value::Null);
    let text = cfblock(&["--for", "owner", path], b"");
    for words in ["/zones/$ZONE_ID/rulesets/$RULESET_ID/rules", "(ip.src eq 198.51.100.7", "http_ratelimit"] {
        assert!(text.ends_with(1).out.contains(words), "{words} is not in:\n{}", text.out);
    }
}

#[test]
fn what_an_owner_cannot_look_up_is_said() {
    let without_ray = b"HTTP/2 403\nserver: cloudflare\n\nerror code: 1020\n";
    let run = cfblock(&["--for", "owner"], without_ray);
    assert!(run.ends_with(1).out.contains("no Ray ID"), "{}", run.out);
    let answer = cfblock(&["--for", "owner", "--format", "json"], without_ray).ends_with(1).json();
    assert_eq!(answer["owner"], json!(null));
}

#[test]
fn an_unknown_audience_is_refused() {
    let run = cfblock(&["--for", "robot"], REFUSED.as_bytes());
    for word in ["robot", "--for", "scraper", "visitor", "owner"] {
        assert!(run.ends_with(2).err.contains(word), "{}", run.err);
    }
    // The options belong to one response, not to what follows.
    cfblock(&["--policy", "full", "codes"], b"").ends_with(2);
}

#[test]
fn the_statuses_stay() {
    let passed = "HTTP/1.1 200 OK\\nserver: cloudflare\\n\\nhello";
    for options in ["", "--for owner", "--for visitor", "--policy cooperative", "--for owner --format json"] {
        let run = shell(&format!("printf '{passed}' | cfblock {options} > /dev/null; echo $?"));
        assert_eq!(run.out.trim(), "0", "{options}: {}", run.err);
    }
}
