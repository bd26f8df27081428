//! The texts that are written from the core: tables in the README, `docs/codes.md`, words of other languages.
//!
//! `cargo run -p cfblock-tests` writes them; a test compares them. In the
//! README they stand between `<!-- generated: NAME -->` and `<!-- /generated -->`.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use cfblock_core::codes::{self, Entry, Step};
use cfblock_core::{Action, Class, classify};

const OPEN: &str = "<!-- generated: ";
const CLOSE: &str = "<!-- /generated -->";

/// A file that is generated, in whole or in part.
#[derive(Debug)]
pub struct Generated {
    pub path: PathBuf,
    /// What the file should hold.
    pub text: String,
}

impl Generated {
    /// Whether the file in the repository is as it should be.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        fs::read_to_string(&self.path).is_ok_and(|text| text == self.text)
    }
}

/// Every generated file with the text it should hold.
pub fn all() -> Result<Vec<Generated>, String> {
    let root = crate::repository();
    let readme = root.join("README.md");
    let text = fs::read_to_string(&readme).map_err(|error| format!("README.md: {error}"))?;
    let filled = fill(&text).map_err(|error| format!("README.md: {error}"))?;
    Ok(vec![
        Generated { path: readme, text: filled },
        Generated { path: root.join("docs/codes.md"), text: codes_page() },
        Generated {
            path: root.join("cfblock-py/python/cfblock/words.py"),
            text: crate::words::python_module(),
        },
        Generated { path: root.join("cfblock-node/lib/words.d.ts"), text: crate::words::typescript_module() },
        Generated { path: root.join("tests/golden.jsonl"), text: golden_records() },
        Generated { path: root.join("tests/courses.jsonl"), text: crate::courses::table() },
    ])
}

/// The whole record of each case, a line each: what a change changes shows in its diff.
fn golden_records() -> String {
    crate::case::all()
        .iter()
        .map(|case| {
            let verdict = case.response.with_parts(|parts| classify(&parts));
            crate::record::parity_line(&case.name, &verdict)
        })
        .collect()
}

/// Writes the named sections of a text anew.
fn fill(text: &str) -> Result<String, String> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPEN) {
        let (name, after) = after.split_once(" -->").ok_or("a marker is not closed")?;
        let (_, after) = after.split_once(CLOSE).ok_or_else(|| format!("{name} has no end"))?;
        let section = section(name).ok_or_else(|| format!("nothing is called {name}"))?;
        let _ = write!(filled, "{before}{OPEN}{name} -->\n\n{section}\n{CLOSE}");
        rest = after;
    }
    Ok(filled + rest)
}

fn section(name: &str) -> Option<String> {
    match name {
        "classes" => Some(classes_table()),
        "actions" => Some(actions_table()),
        _ => None,
    }
}

fn classes_table() -> String {
    let rows = Class::ALL.iter().map(|class| {
        let hit = match (class.is_intercepted(), class.is_blocked()) {
            (false, _) => "",
            (true, false) => "intercepted",
            (true, true) => "intercepted, blocked",
        };
        format!("| `{class}` | {hit} | {} |", one_line(class.explanation()))
    });
    table("| class | counts as | what stands in the way |\n|---|---|---|", rows)
}

fn actions_table() -> String {
    let rows =
        Action::ALL.iter().map(|action| format!("| `{action}` | {} |", one_line(action.explanation())));
    table("| action | the next step |\n|---|---|", rows)
}

fn table(head: &str, rows: impl Iterator<Item = String>) -> String {
    rows.fold(format!("{head}\n"), |text, row| text + &row + "\n")
}

/// The entries with a number in its order, then the others in the catalogue's.
fn by_number() -> Vec<&'static Entry> {
    let mut entries: Vec<&Entry> = codes::all().collect();
    entries.sort_by_key(|entry| entry.code.map_or(u16::MAX, cfblock_core::ErrorCode::get));
    entries
}

fn retry(entry: &Entry) -> String {
    match (entry.retryable, entry.retry_after) {
        (false, _) => "no".to_owned(),
        (true, None) => "yes".to_owned(),
        (true, Some(seconds)) => format!("after {seconds} s"),
    }
}

fn codes_page() -> String {
    let mut page = String::from(
        "# Codes and page kinds\n\n\
         Everything that cfblock knows about each error code and page kind, as `cfblock explain` prints it.\n\
         This page is generated from `cfblock-core/src/codes/`: edit the entry there, then run\n\
         `cargo run -p cfblock-tests`.\n",
    );
    for entry in by_number() {
        page.push('\n');
        push_entry(&mut page, entry);
    }
    page
}

fn push_entry(page: &mut String, entry: &Entry) {
    let number = entry.code.map(|code| format!("{code}: ")).unwrap_or_default();
    let _ = writeln!(page, "<a id=\"{}\"></a>\n\n## {number}{}\n", entry.reason, entry.title);
    let _ = write!(page, "`{}`, class `{}`", entry.reason, entry.class);
    let _ = write!(page, ", can be changed by `{}`, may repeat: {}", entry.party, retry(entry));
    let _ = write!(page, ", reached the origin: `{}`, the site is: `{}`", entry.reached_origin, entry.site);
    if let [_, ..] = entry.http_status {
        let statuses: Vec<String> = entry.http_status.iter().map(ToString::to_string).collect();
        let _ = write!(page, ", HTTP {}", statuses.join(", "));
    }
    page.push_str(if entry.retired { ". Cloudflare no longer sends it.\n\n" } else { ".\n\n" });
    let _ = writeln!(page, "{}", entry.explanation);
    if let Some(note) = entry.class_note {
        let _ = writeln!(page, "\nWhy this class: {note}.");
    }
    page.push_str("\nCauses, the likeliest first:\n\n");
    for (rank, cause) in entry.causes.iter().enumerate() {
        let _ = writeln!(page, "{}. {cause}", rank + 1);
    }
    page.push_str("\nWhoever sent the request:\n\n");
    for (rank, step) in entry.client.iter().enumerate() {
        let _ = writeln!(page, "{}. {}", rank + 1, step_line(step));
    }
    if let [_, ..] = entry.owner {
        page.push_str("\nThe site's owner:\n\n");
        for advice in entry.owner {
            let _ = writeln!(page, "- {advice}");
        }
    }
    let _ = writeln!(page, "\nSource: <{}>, checked {}.", entry.docs_url, entry.checked);
}

fn step_line(step: &Step) -> String {
    let mut line = format!("`{}`", step.action);
    if let [_, ..] = step.change {
        let changes: Vec<String> = step.change.iter().map(|change| format!("`{change}`")).collect();
        let _ = write!(line, " ({})", changes.join(", "));
    }
    if let Some(wait) = step.wait {
        let _ = write!(line, " ({wait} s)");
    }
    let _ = write!(line, ": {}", step.why);
    line
}

/// A doc comment as one cell of a table.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_markers_is_written() {
        let text = "before\n<!-- generated: actions -->\nold\n<!-- /generated -->\nafter\n";
        let filled = fill(text).unwrap();
        assert!(filled.starts_with("before\n<!-- generated: actions -->\n\n| action |"));
        assert!(filled.ends_with("\n<!-- /generated -->\nafter\n"));
        assert!(filled.contains("| `pay` |") && !filled.contains("old"));
        assert_eq!(fill(&filled).unwrap(), filled);
    }

    #[test]
    fn a_wrong_marker_is_an_error() {
        assert!(fill("<!-- generated: clases -->\n<!-- /generated -->").is_err());
        assert!(fill("<!-- generated: classes -->\n").is_err());
        assert!(fill("<!-- generated: classes").is_err());
    }
}
