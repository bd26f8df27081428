//! The cases of the corpus: `tests/corpus/<class>/<name>/{case.json, body.*}`.

use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::response::Response;

/// One case: a response, and what its verdict must say.
#[derive(Clone, Debug)]
pub struct Case {
    /// `class/name`.
    pub name: String,
    pub folder: PathBuf,
    /// One sentence: what the case shows.
    pub about: String,
    pub response: Response,
    /// The time of the response as the case writes it.
    pub time: Option<String>,
    /// The members of the record that are asserted.
    pub expect: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    about: String,
    input: Input,
    body: Option<Vec<Part>>,
    #[serde(default)]
    more_headers: Vec<MoreHeaders>,
    expect: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    status: Option<u16>,
    headers: Option<Vec<(String, String)>>,
    url: Option<String>,
    #[serde(default)]
    history: Vec<Redirect>,
    peer_ip: Option<IpAddr>,
    time: Option<String>,
    #[serde(default)]
    truncated: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Redirect {
    status: Option<u16>,
    location: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    text: Option<String>,
    base64: Option<String>,
    #[serde(default = "once")]
    times: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MoreHeaders {
    name: String,
    #[serde(default)]
    value: String,
    #[serde(default = "once")]
    value_times: usize,
    #[serde(default = "once")]
    times: usize,
}

fn once() -> usize {
    1
}

/// The folders of all cases, sorted by `class/name`.
///
/// # Panics
/// Where the corpus cannot be listed.
#[must_use]
pub fn folders() -> Vec<(String, PathBuf)> {
    let mut found = Vec::new();
    for class in subfolders(&crate::corpus()) {
        for case in subfolders(&class) {
            found.push((format!("{}/{}", file_name(&class), file_name(&case)), case));
        }
    }
    found.sort();
    found
}

/// Every case.
///
/// # Panics
/// Where a case cannot be read.
#[must_use]
pub fn all() -> Vec<Case> {
    folders()
        .iter()
        .map(|(name, folder)| Case::load(name, folder).unwrap_or_else(|error| panic!("{error}")))
        .collect()
}

impl Case {
    /// Reads one case.
    pub fn load(name: &str, folder: &Path) -> Result<Self, String> {
        let at = |error: &dyn std::fmt::Display| format!("{name}: {error}");
        let text = fs::read_to_string(folder.join("case.json"))
            .map_err(|error| at(&format!("case.json: {error}")))?;
        let file: CaseFile =
            serde_json::from_str(&text).map_err(|error| at(&format!("case.json: {error}")))?;
        let body = read_body(folder, file.body).map_err(|error| at(&error))?;
        let mut headers: Option<Vec<(Vec<u8>, Vec<u8>)>> = file.input.headers.map(|pairs| {
            pairs.into_iter().map(|(name, value)| (name.into_bytes(), value.into_bytes())).collect()
        });
        for more in file.more_headers {
            let pair = (more.name.into_bytes(), more.value.repeat(more.value_times).into_bytes());
            headers.get_or_insert_default().extend(std::iter::repeat_n(pair, more.times));
        }
        let time = file.input.time;
        let now = match &time {
            None => None,
            Some(text) => {
                Some(unix_seconds(text).ok_or_else(|| at(&format!("the time {text:?} is not UTC")))?)
            }
        };
        let response = Response {
            status: file.input.status,
            headers,
            body,
            truncated: file.input.truncated,
            url: file.input.url,
            history: file.input.history.into_iter().map(|hop| (hop.status, hop.location)).collect(),
            peer: file.input.peer_ip,
            now,
        };
        Ok(Self {
            name: name.to_owned(),
            folder: folder.to_owned(),
            about: file.about,
            response,
            time,
            expect: file.expect,
        })
    }

    /// The folder's class, which the verdict must have.
    #[must_use]
    pub fn class(&self) -> &str {
        self.name.split('/').next().unwrap_or_default()
    }

    /// Whether the headers say that the body is compressed or chunked, which the command undoes.
    #[must_use]
    pub fn is_wrapped(&self) -> bool {
        self.response.headers.iter().flatten().any(|(name, _)| {
            name.eq_ignore_ascii_case(b"content-encoding") || name.eq_ignore_ascii_case(b"transfer-encoding")
        })
    }

    /// Whether the case is one of those that try to break the reader.
    #[must_use]
    pub fn is_hostile(&self) -> bool {
        self.name.split('/').nth(1).is_some_and(|name| name.starts_with("hostile-"))
    }
}

fn read_body(folder: &Path, parts: Option<Vec<Part>>) -> Result<Option<Vec<u8>>, String> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| error.to_string())? {
        let path = entry.map_err(|error| error.to_string())?.path();
        match file_name(&path) {
            "case.json" => {}
            name if name.starts_with("body.") => files.push(path),
            name => return Err(format!("{name} is neither case.json nor body.*")),
        }
    }
    match (files.as_slice(), parts) {
        ([], None) => Ok(None),
        ([file], None) => fs::read(file).map(Some).map_err(|error| error.to_string()),
        ([], Some(parts)) => generate_body(parts).map(Some),
        _ => Err("has more than one body".to_owned()),
    }
}

fn generate_body(parts: Vec<Part>) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    for part in parts {
        let bytes = match (part.text, part.base64) {
            (Some(text), None) => text.into_bytes(),
            (None, Some(coded)) => {
                STANDARD.decode(coded).map_err(|error| format!("base64 of the body: {error}"))?
            }
            _ => return Err("a part of the body has either text or base64".to_owned()),
        };
        body.extend(bytes.repeat(part.times));
    }
    Ok(body)
}

/// Reads a time such as `2026-11-20T12:00:00Z`.
fn unix_seconds(time: &str) -> Option<i64> {
    let time: cfblock_core::Timestamp = time.parse().ok()?;
    let number = |from: usize, to: usize| time.as_str().get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    // Days since 1970-01-01 in the Gregorian calendar, with years that begin in March.
    let (shifted_year, shifted_month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = shifted_year / 4 - shifted_year / 100 + shifted_year / 400;
    let days = shifted_year * 365 + leap_days + (shifted_month * 153 + 2) / 5 + day - 1 - 719_468;
    Some(days * 86_400 + number(11, 13)? * 3_600 + number(14, 16)? * 60 + number(17, 19)?)
}

fn subfolders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries.filter_map(Result::ok).map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
}

fn file_name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_become_seconds_since_1970() {
        assert_eq!(unix_seconds("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(unix_seconds("2000-02-29T23:59:59Z"), Some(951_868_799));
        assert_eq!(unix_seconds("2026-11-20T12:00:00Z"), Some(1_795_176_000));
        assert_eq!(unix_seconds("2026-11-20T12:00:00+01:00"), None);
    }
}
