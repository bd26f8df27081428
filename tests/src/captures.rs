//! Real captured responses, which are not part of the repository.
//!
//! Where the folder lies beside the repository, the conformance runner holds
//! the verdicts to its labels. One folder a case: `response.json`, `body.bin`
//! and the label `expected.json`.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::response::Response;

/// The folder, relative to the root of the repository.
pub const FOLDER: &str = "../shared/captures";

const ACCESS_DENIED: [u64; 13] =
    [1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1020, 1106, 1107, 1108, 1109];

/// One capture and its label.
#[derive(Clone, Debug)]
pub struct Capture {
    pub name: String,
    pub response: Response,
    pub label: Label,
}

/// What a person read in the body.
#[derive(Clone, Debug, Deserialize)]
pub struct Label {
    /// What records call `intercepted`.
    pub blocked: bool,
    pub kind: String,
    pub code: Option<u64>,
    pub ray_id: Option<String>,
    pub client_ip: Option<String>,
    pub country: Option<String>,
    pub retry_after: Option<f64>,
    /// An excerpt or copied text: counted, but not held to the label.
    #[serde(default)]
    pub partial: bool,
}

#[derive(Deserialize)]
struct Head {
    status: Option<u16>,
    headers: Option<Vec<(String, String)>>,
    url: Option<String>,
}

/// Every capture, or `None` where the folder is not there.
///
/// # Panics
/// Where a capture cannot be read.
#[must_use]
pub fn all() -> Option<Vec<Capture>> {
    let root = crate::repository().join(FOLDER);
    let mut folders: Vec<PathBuf> =
        fs::read_dir(root).ok()?.filter_map(Result::ok).map(|entry| entry.path()).collect();
    folders.retain(|path| path.join("expected.json").is_file());
    folders.sort();
    Some(
        folders
            .iter()
            .map(|folder| load(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())))
            .collect(),
    )
}

fn load(folder: &Path) -> Result<Capture, Box<dyn std::error::Error>> {
    let head: Head = serde_json::from_slice(&fs::read(folder.join("response.json"))?)?;
    let headers = head.headers.filter(|pairs| !pairs.is_empty());
    let response = Response {
        status: head.status,
        headers: headers.map(|pairs| {
            pairs.into_iter().map(|(name, value)| (name.into_bytes(), value.into_bytes())).collect()
        }),
        body: Some(fs::read(folder.join("body.bin"))?),
        url: head.url.filter(|url| !url.is_empty()),
        ..Response::default()
    };
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Capture { name, response, label: serde_json::from_slice(&fs::read(folder.join("expected.json"))?)? })
}

impl Label {
    /// What is wrong with a record; empty when nothing is.
    #[must_use]
    pub fn faults(&self, record: &Map<String, Value>) -> Vec<String> {
        let get = |member: &str| record.get(member).unwrap_or(&Value::Null);
        let mut faults = Vec::new();
        if *get("intercepted") != self.blocked {
            faults.push(if self.blocked { "missed".to_owned() } else { "false alarm".to_owned() });
        } else if !self.classes().iter().any(|class| get("class") == class) {
            faults.push(format!("class {}, not {}", get("class"), self.classes().join("/")));
        }
        if !self.blocked {
            return faults;
        }
        let texts = [("ray_id", &self.ray_id), ("client_ip", &self.client_ip), ("country", &self.country)];
        for (member, label) in texts {
            if let Some(label) = label
                && get(member) != label.as_str()
            {
                faults.push(format!("{member} {}, not {label}", get(member)));
            }
        }
        if let Some(code) = self.code
            && get("error_code").as_u64() != Some(code)
        {
            faults.push(format!("error_code {}, not {code}", get("error_code")));
        }
        if let Some(seconds) = self.retry_after
            && get("retry_after").as_f64() != Some(seconds)
        {
            faults.push(format!("retry_after {}, not {seconds}", get("retry_after")));
        }
        faults
    }

    /// The classes that fit the label.
    fn classes(&self) -> &'static [&'static str] {
        match self.kind.as_str() {
            "none" => &["passed"],
            "challenge" => &["challenge"],
            "block" => &["access_denied"],
            "rate_limit" => &["rate_limited"],
            "waiting_room" => &["waiting_room"],
            "access" => &["sign_in_required"],
            "payment" => &["payment_required", "access_denied"],
            "legal" => &["legal_block"],
            "interstitial" => &["phishing_warning"],
            "origin_error" => &["origin_failed", "edge_failed"],
            "cf_error" if self.code.is_some_and(|code| ACCESS_DENIED.contains(&code)) => &["access_denied"],
            "cf_error" => &[
                "access_denied",
                "bad_request",
                "payment_required",
                "site_misconfigured",
                "origin_failed",
                "edge_failed",
                "legal_block",
                "rate_limited",
                "sign_in_required",
            ],
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_held_to_every_labelled_member() {
        let label: Label = serde_json::from_str(
            r#"{"blocked": true, "kind": "rate_limit", "code": 1015, "ray_id": "8f1b2c3d4e5f6071", "client_ip": null, "country": "DE", "retry_after": 10}"#,
        )
        .unwrap();
        let right = r#"{"intercepted": true, "class": "rate_limited", "error_code": 1015, "ray_id": "8f1b2c3d4e5f6071", "client_ip": "192.0.2.1", "country": "DE", "retry_after": 10}"#;
        let record: Map<String, Value> = serde_json::from_str(right).unwrap();
        assert!(label.faults(&record).is_empty());
        for member in ["intercepted", "class", "error_code", "ray_id", "country", "retry_after"] {
            let mut wrong = record.clone();
            wrong.insert(member.to_owned(), Value::Null);
            assert_eq!(label.faults(&wrong).len(), 1, "{member}");
        }
    }
}
