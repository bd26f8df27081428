//! `explain`, `codes`, `completions` and `man`.

use cfblock_core::codes::{self, Entry};
use cfblock_core::{
    Action, Attribute, Audience, Class, Classification, EventKind, Network, Phase, Recovery, Scope,
};
use serde_json::Value;

use super::{cfblock, shell};

#[test]
fn codes_are_explained() {
    for (word, facts) in [
        ("1020", ["firewall_rule_blocked", "access_denied", "site_owner_security"]),
        ("1002", ["dns_points_to_local_or_disallowed_ip", "site_misconfigured", "site_owner_config"]),
        ("522", ["connection_timeout", "origin_failed", "origin"]),
    ] {
        let run = cfblock(&["explain", word], b"");
        run.ends_with(0);
        for fact in facts {
            assert!(run.out.contains(fact), "{fact} is not in:\n{}", run.out);
        }
    }
}

#[test]
fn every_reason_class_and_action_is_explained() {
    let reasons = codes::all().map(|entry| entry.reason);
    let classes = Class::ALL.iter().map(|class| class.as_str());
    let actions = Action::ALL.iter().map(|action| action.as_str());
    for word in reasons.chain(classes).chain(actions) {
        let run = cfblock(&["explain", word], b"");
        assert!(run.status == Some(0) && run.out.contains(word), "{word}: {}{}", run.out, run.err);
    }
}

#[test]
fn the_words_of_a_diagnosis_are_explained() {
    let scopes = Scope::ALL.iter().map(|word| (word.as_str(), word.explanation(), "(scope)"));
    let classifications =
        Classification::ALL.iter().map(|word| (word.as_str(), word.explanation(), "(classification)"));
    let networks = Network::ALL.iter().map(|word| (word.as_str(), word.explanation(), "(network)"));
    let attributes = Attribute::ALL.iter().map(|word| (word.as_str(), word.explanation(), "(attribute)"));
    let audiences = Audience::ALL.iter().map(|word| (word.as_str(), word.explanation(), "(audience)"));
    let events = EventKind::ALL.iter().map(|word| (word.as_str(), word.explanation(), "(event)"));
    let phases = Phase::ALL.iter().map(|word| (word.as_str(), word.explanation(), "(phase)"));
    let recoveries = Recovery::ALL.iter().map(|word| (word.as_str(), word.explanation(), "(recovery)"));
    let words = scopes.chain(classifications).chain(networks).chain(attributes).chain(audiences);
    let words = words.chain(events).chain(phases).chain(recoveries);
    for (word, explanation, set) in words {
        let run = cfblock(&["explain", word], b"");
        let text = run.ends_with(0).out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(set) && text.contains(explanation), "{word}: {text}");
    }
}

#[test]
fn a_class_lists_its_entries() {
    let run = cfblock(&["explain", "legal_block"], b"");
    run.ends_with(0);
    assert!(run.out.contains("1026") && run.out.contains("china_blocked_site"), "{}", run.out);
}

#[test]
fn an_explanation_is_json_too() {
    let text = cfblock(&["explain", "1015", "--format", "json"], b"").ends_with(0).json().to_string();
    assert!(text.contains("\"reason\":\"rate_limited\"") && text.contains("\"causes\":["), "{text}");
}

#[test]
fn an_unknown_word_is_refused_with_a_hint() {
    let run = cfblock(&["explain", "wating_room"], b"");
    assert!(run.ends_with(2).err.contains("waiting_room"), "{}", run.err);
    for word in ["teapot", "99999", ""] {
        let run = cfblock(&["explain", word], b"");
        assert!(run.ends_with(2).out.is_empty() && !run.err.is_empty(), "{word}: {}", run.out);
    }
}

#[test]
fn codes_lists_the_whole_catalogue() {
    let table = cfblock(&["codes"], b"");
    table.ends_with(0);
    for entry in codes::all() {
        let number = entry.code.map(|code| code.to_string()).unwrap_or_default();
        let line = table.out.lines().find(|line| line.split_whitespace().nth(1) == Some(entry.reason));
        assert!(line.is_some_and(|line| line.contains(&number)), "{} is not in the table", entry.reason);
    }
    assert_eq!(table.out.lines().count(), codes::all().count() + 1);

    let Value::Array(mut listed) = cfblock(&["codes", "--format", "json"], b"").ends_with(0).json() else {
        panic!("codes --format json is no list")
    };
    let mut entries: Vec<&Entry> = codes::all().collect();
    entries.sort_by_key(|entry| entry.reason);
    listed.sort_by_key(|entry| entry["reason"].to_string());
    assert_eq!(Value::Array(listed), serde_json::to_value(entries).unwrap());
}

#[test]
fn a_closed_pipe_is_no_error() {
    for arguments in ["codes", "codes --format json", "completions bash", "man", "explain 1020"] {
        let run = shell(&format!("cfblock {arguments} | head -c 1; echo \" ${{PIPESTATUS[0]}}\""));
        assert!(run.out.trim_end().ends_with(" 0"), "{arguments}: {}", run.out);
        assert_eq!(run.err, "", "{arguments}");
    }
    assert_eq!(shell("cfblock codes | head -1").ends_with(0).out.lines().count(), 1);
}

#[test]
fn completions_and_manual_pages_are_written() {
    for name in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = cfblock(&["completions", name], b"");
        assert!(run.ends_with(0).out.contains("explain"), "{name}");
    }
    shell("cfblock completions bash | bash -n").ends_with(0);
    assert!(cfblock(&["man"], b"").ends_with(0).out.contains(".TH cfblock 1"));
    for command in ["explain", "codes", "scan", "diagnose", "watch", "ticket", "origin"] {
        let run = cfblock(&["man", command], b"");
        assert!(run.ends_with(0).out.contains(".TH"), "{command}: {}", run.out);
    }
    cfblock(&["man", "teapot"], b"").ends_with(2);
}

#[test]
fn help_tells_how() {
    for command in ["", "explain", "codes", "scan", "diagnose", "watch", "ticket", "origin"] {
        let arguments: Vec<&str> = [command, "--help"].into_iter().filter(|word| !word.is_empty()).collect();
        let run = cfblock(&arguments, b"");
        run.ends_with(0);
        assert!(run.out.contains("Usage: cfblock") && run.out.contains("Examples:"), "{}", run.out);
    }
    let version = cfblock(&["--version"], b"");
    assert_eq!(version.ends_with(0).out.trim_end(), format!("cfblock {}", env!("CARGO_PKG_VERSION")));
}
