//! The responses that every benchmark of cfblock measures: `cases/cases.json`.
//!
//! The file and the bodies beside it are plain data, so that benchmarks in
//! other languages read the same bytes.

use std::fs;
use std::path::{Path, PathBuf};

use cfblock_core::ResponseParts;
use serde::Deserialize;
use serde_json::{Map, Value};

/// A byte that no body holds: to look for it is to pass over the whole body.
pub const ABSENT: u8 = 0x01;

/// One response, with what its verdict must say.
#[derive(Clone, Debug)]
pub struct Case {
    pub name: String,
    /// One sentence: what the case measures.
    pub about: String,
    pub status: Option<u16>,
    /// `None` where the headers are not known.
    pub headers: Option<Vec<(String, String)>>,
    /// `None` where the body was not read.
    pub body: Option<Vec<u8>>,
    pub url: Option<String>,
    /// Members of the record; a benchmark of something else would be none.
    pub expect: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Described {
    name: String,
    about: String,
    status: Option<u16>,
    headers: Option<Vec<(String, String)>>,
    #[serde(default)]
    more_headers: Vec<MoreHeaders>,
    body_file: Option<PathBuf>,
    body: Option<Vec<Part>>,
    url: Option<String>,
    expect: Map<String, Value>,
}

/// Headers that are generated, for hostile responses.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MoreHeaders {
    name: String,
    value: String,
    #[serde(default = "once")]
    value_times: usize,
    #[serde(default = "once")]
    times: usize,
}

/// A part of a body that is generated.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    text: String,
    #[serde(default = "once")]
    times: usize,
}

fn once() -> usize {
    1
}

/// Every case, in the order of the file.
///
/// # Panics
/// Where a file is missing or is not as described.
#[must_use]
pub fn cases() -> Vec<Case> {
    described().into_iter().map(Case::build).collect()
}

/// The case of a name.
///
/// # Panics
/// Where there is none.
#[must_use]
pub fn case(name: &str) -> Case {
    let described = described().into_iter().find(|case| case.name == name);
    Case::build(described.unwrap_or_else(|| panic!("there is no case {name}")))
}

fn described() -> Vec<Described> {
    let file = folder().join("cases.json");
    serde_json::from_slice(&read(&file)).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases")
}

fn read(file: &Path) -> Vec<u8> {
    fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// Header fields as the core borrows them.
pub type Pairs<'a> = Vec<(&'a [u8], &'a [u8])>;

impl Case {
    fn build(described: Described) -> Self {
        let mut headers = described.headers;
        for more in described.more_headers {
            let pair = (more.name, more.value.repeat(more.value_times));
            headers.get_or_insert_default().extend(std::iter::repeat_n(pair, more.times));
        }
        let from_file = described.body_file.map(|name| read(&folder().join(name)));
        let generated = described.body.map(|parts| {
            parts.iter().map(|part| part.text.repeat(part.times)).collect::<String>().into_bytes()
        });
        Self {
            name: described.name,
            about: described.about,
            status: described.status,
            headers,
            body: from_file.or(generated),
            url: described.url,
            expect: described.expect,
        }
    }

    /// The headers, borrowed; prepared apart from what is measured.
    #[must_use]
    pub fn pairs(&self) -> Pairs<'_> {
        self.headers.iter().flatten().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect()
    }

    /// The parts, ready to be classified.
    #[must_use]
    pub fn parts<'a>(&'a self, pairs: &'a Pairs<'a>) -> ResponseParts<'a> {
        let mut parts = ResponseParts::new();
        if let Some(status) = self.status {
            parts = parts.status(status);
        }
        if self.headers.is_some() {
            parts = parts.headers(&pairs[..]);
        }
        if let Some(body) = &self.body {
            parts = parts.body(body);
        }
        if let Some(url) = &self.url {
            parts = parts.url(url);
        }
        parts
    }

    /// The body's bytes, none where it was not read.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.body.as_deref().unwrap_or_default()
    }

    /// Whether the case tries to take the reader's time.
    #[must_use]
    pub fn is_hostile(&self) -> bool {
        self.name.starts_with("hostile-")
    }
}
