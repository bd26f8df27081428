//! Why a line is no record, and where.

#![allow(
    clippy::indexing_slicing,
    reason = "each place comes from a search in the same bytes, so it lies within them"
)]

use std::fmt;
use std::str::Utf8Error;

use serde::Deserializer as _;
use serde::de::{DeserializeOwned, IgnoredAny, MapAccess, Visitor};
use serde_json::Deserializer;
use serde_json::error::Category;

use super::Id;

/// The longest message in characters; what comes from the line itself may have any length.
const LONGEST: usize = 300;

/// A line that is no record.
#[derive(Clone, Debug, thiserror::Error)]
#[error("column {column}: {message}")]
#[non_exhaustive]
pub struct RecordError {
    /// The name of the record, if it could be read.
    pub id: Option<Id>,
    /// The byte of the line at which reading stopped, counted from 1.
    pub column: usize,
    /// What is wrong, with the member it is wrong in.
    pub message: String,
}

impl RecordError {
    pub(super) fn not_utf8(line: &[u8], error: Utf8Error) -> Self {
        let valid = &line[..error.valid_up_to()];
        Self {
            id: std::str::from_utf8(valid).ok().and_then(find_id),
            column: valid.len() + 1,
            message: "the line is not UTF-8".to_owned(),
        }
    }

    /// A record with nothing to judge, with the members that it has instead.
    pub(crate) fn blank(line: &[u8], id: Option<Id>) -> Self {
        let members: Vec<String> = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(line)
            .map(|members| members.keys().filter(|name| *name != "id").take(6).cloned().collect())
            .unwrap_or_default();
        let found =
            if members.is_empty() { String::new() } else { format!("; it has {}", members.join(", ")) };
        let mut message = format!(
            "the record has none of status, headers, body, body_base64 and verdict, so there is nothing to judge{found}"
        );
        if let Some((end, _)) = message.char_indices().nth(LONGEST) {
            message.truncate(end);
            message.push('…');
        }
        Self { id, column: 1, message }
    }

    /// Reads a line again that could not be read as this type, to say why.
    pub(super) fn explain<T: DeserializeOwned>(text: &str) -> Self {
        if !text.trim_ascii_start().starts_with('{') {
            let column = text.len() - text.trim_ascii_start().len() + 1;
            return Self { id: None, column, message: "expected a JSON object".to_owned() };
        }
        let mut reader = Deserializer::from_str(text);
        let (member, error) = match serde_path_to_error::deserialize::<_, T>(&mut reader) {
            Err(error) => (error.path().to_string(), Some(error.into_inner())),
            Ok(_) => (String::new(), reader.end().err()),
        };
        let column = error.as_ref().map_or(1, |error| error.column().max(1));
        let mut message = error.map_or_else(String::new, |error| explain(&member, &error));
        if let Some((end, _)) = message.char_indices().nth(LONGEST) {
            message.truncate(end);
            message.push('…');
        }
        Self { id: find_id(text), column, message }
    }
}

fn explain(member: &str, error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(text, _)| text);
    if error.classify() != Category::Data {
        return format!("not JSON: {text}");
    }
    let found = text.strip_prefix("invalid type: ").or_else(|| text.strip_prefix("invalid value: "));
    match found.and_then(|found| found.rsplit_once(", expected ")) {
        Some((found, fallback)) => {
            let found = match found {
                "map" => "an object",
                "sequence" => "a list",
                other => other,
            };
            format!("{member}: expected {}, found {found}", expected(member).unwrap_or(fallback))
        }
        None if member.is_empty() || member == "." => text.to_owned(),
        None => format!("{member}: {text}"),
    }
}

/// What belongs into a member, in the words of its description rather than of a type.
fn expected(member: &str) -> Option<&'static str> {
    let deeper = member.matches('[').count();
    Some(match (member.split(['[', '.']).next()?, deeper) {
        ("status", _) => "a number such as 403",
        ("headers", 0) => "[[name, value], …]",
        ("headers", 1) => "[name, value]",
        ("body_base64", _) => "text in base64",
        ("truncated", _) => "true or false",
        ("peer_ip", _) => "an IP address",
        ("time", _) => "a time such as \"2026-11-20T12:00:00Z\"",
        ("vantage", _) => match member.strip_prefix("vantage.") {
            None => "an object",
            Some("rate") => "a number of requests a second",
            Some("browser") => "true or false",
            Some("network") => "a kind of network, such as \"datacenter\"",
            Some(_) => "a text, a number, true or false",
        },
        ("verdict", _) if member == "verdict" => "an object",
        ("history", 0) => "[{status, location}, …]",
        ("history", _) if member.ends_with(']') => "{status, location}",
        ("history", _) if member.ends_with(".status") => "a number such as 302",
        ("id" | "verdict", _) => return None,
        _ => "text",
    })
}

/// The id of a line, even of one that is cut off or broken somewhere after it.
fn find_id(text: &str) -> Option<Id> {
    struct Members<'a>(&'a mut Option<Id>);
    impl<'de> Visitor<'de> for Members<'_> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
            while let Some(name) = members.next_key::<String>()? {
                if name == "id" {
                    *self.0 = members.next_value()?;
                } else {
                    members.next_value::<IgnoredAny>()?;
                }
            }
            Ok(())
        }
    }
    let mut id = None;
    // That reading stops at an error is why this is called.
    let _ = Deserializer::from_str(text).deserialize_map(Members(&mut id));
    id
}
