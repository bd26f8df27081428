//! Records, and what a case asserts about them.

use cfblock_core::Verdict;
use serde_json::{Map, Value};

/// The record of a verdict, as every language and the command print it.
///
/// # Panics
/// Where a verdict is no JSON object, which cannot be.
#[must_use]
pub fn of(verdict: &Verdict) -> Map<String, Value> {
    match serde_json::to_value(verdict) {
        Ok(Value::Object(record)) => record,
        other => panic!("a verdict is no object: {other:?}"),
    }
}

/// One line of the parity file: the name of the case, then the record in its own order.
///
/// # Panics
/// Where a verdict cannot be written as JSON, which cannot be.
#[must_use]
pub fn parity_line(case: &str, verdict: &Verdict) -> String {
    let record = serde_json::to_string(verdict).expect("a verdict is JSON");
    let name = serde_json::to_string(case).expect("a name is JSON");
    format!("{{\"case\":{name},{}\n", &record[1..])
}

/// What differs between the asserted members and the record; empty when nothing does.
///
/// A member that the record does not have differs too, so that a misspelt one
/// cannot pass.
#[must_use]
pub fn differences(expect: &Map<String, Value>, record: &Map<String, Value>) -> Vec<String> {
    let mut wrong = Vec::new();
    for (member, expected) in expect {
        match record.get(member) {
            None => wrong.push(format!("{member}: the record has no such member")),
            Some(got) if agrees(expected, got) => {}
            Some(got) => wrong.push(format!("{member}\n    expected {expected}\n    got      {got}")),
        }
    }
    wrong
}

/// Whether a member is as expected. Of a list (evidence, steps, causes) every
/// expected item must occur, in any place; of an object every listed member.
fn agrees(expected: &Value, got: &Value) -> bool {
    match (expected, got) {
        (Value::Array(items), Value::Array(found)) => {
            items.is_empty() == found.is_empty()
                && items.iter().all(|item| found.iter().any(|other| agrees(item, other)))
        }
        (Value::Object(members), Value::Object(found)) => {
            members.iter().all(|(name, value)| found.get(name).is_some_and(|other| agrees(value, other)))
        }
        _ => expected == got,
    }
}

/// Where two records of the same response differ.
#[must_use]
pub fn mismatch(one: &Map<String, Value>, other: &Map<String, Value>) -> Vec<String> {
    one.iter()
        .filter(|(member, value)| other.get(*member) != Some(value))
        .map(|(member, value)| {
            format!(
                "{member}\n    expected {value}\n    got      {}",
                other.get(member).unwrap_or(&Value::Null)
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(text: &str) -> Map<String, Value> {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn only_listed_members_are_compared() {
        let record =
            object(r#"{"class": "passed", "reason": null, "steps": [{"action": "stop", "wait": null}]}"#);
        assert!(differences(&object(r#"{"class": "passed", "reason": null}"#), &record).is_empty());
        assert!(differences(&object(r#"{"steps": [{"action": "stop"}]}"#), &record).is_empty());
    }

    #[test]
    fn a_wrong_or_misspelt_member_differs() {
        let record = object(r#"{"class": "passed", "steps": [{"action": "stop", "wait": null}]}"#);
        for expect in [
            r#"{"class": "challenge"}"#,
            r#"{"clas": "passed"}"#,
            r#"{"clas": null}"#,
            r#"{"steps": []}"#,
            r#"{"steps": [{"action": "pay"}]}"#,
            r#"{"steps": [{"acton": "stop"}]}"#,
        ] {
            assert_eq!(differences(&object(expect), &record).len(), 1, "{expect}");
        }
    }
}
