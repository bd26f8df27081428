//! `--policy`: by its name, or from a file in TOML or JSON.

#![allow(
    clippy::indexing_slicing,
    reason = "each place comes from a search in the same bytes, so it lies within them"
)]

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use cfblock_core::Policy;

use crate::failure::Failure;
use crate::input::Source;

/// How much of a file is read; a policy has a few lines.
const LIMIT: u64 = 1 << 20;

/// The policy of this name or in this file; the full one where none is asked for.
pub(crate) fn read(asked: Option<&Path>) -> Result<Policy, Failure> {
    let Some(path) = asked else { return Ok(Policy::full()) };
    if let Some(policy) = path.to_str().and_then(Policy::named) {
        return Ok(policy);
    }
    let text = text(path).map_err(|error| Failure::NoPolicyFile { path: path.to_owned(), error })?;
    let refuse = |place: String, message: String| Failure::Policy {
        from: Source::File(path.to_owned()),
        place,
        message,
    };
    let text = std::str::from_utf8(&text).map_err(|error| {
        let (line, column) = place(&text, error.valid_up_to());
        refuse(format!("line {line}, column {column}"), "the text is not UTF-8".to_owned())
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if is_json(path, text) {
        return Policy::from_json(text)
            .map_err(|error| refuse(format!("line {}, column {}", error.line, error.column), error.message));
    }
    toml::from_str(text).map_err(|error: toml::de::Error| {
        let (line, column) = place(text.as_bytes(), error.span().map_or(0, |span| span.start));
        refuse(format!("line {line}, column {column}"), error.message().trim_end().replace('\n', "; "))
    })
}

fn text(path: &Path) -> io::Result<Vec<u8>> {
    let file = crate::input::open_file(path)?;
    let mut text = Vec::new();
    File::take(file, LIMIT + 1).read_to_end(&mut text)?;
    if text.len() as u64 > LIMIT {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "a policy has at most 1 MiB"));
    }
    Ok(text)
}

fn is_json(path: &Path, text: &str) -> bool {
    let extension = path.extension().map(OsStr::to_ascii_lowercase);
    match extension.as_deref().and_then(|extension| extension.to_str()) {
        Some("json") => true,
        Some("toml") => false,
        _ => text.trim_start().starts_with('{'),
    }
}

/// Line and column of a byte, both counted from 1.
fn place(text: &[u8], at: usize) -> (usize, usize) {
    let lines = text[..at.min(text.len())].split(|byte| *byte == b'\n');
    lines.fold((0, 1), |(number, _), line| (number + 1, line.len() + 1))
}
