//! `cfblock explain`: a word of a verdict in words.

use std::io::Write;

use cfblock_core::{Entry, codes};

use crate::args::{ExplainArgs, Format};
use crate::failure::Failure;
use crate::generate;
use crate::lookup::{self, Found, Meaning};
use crate::paper::{Mark, Paper, duration, phrase, style};
use crate::render;
use crate::terminal::Terminal;

pub(crate) fn run(args: &ExplainArgs, stdout: &mut dyn Write, terminal: Terminal) -> Result<u8, Failure> {
    let found = lookup::find(&args.word)?;
    let text = match args.format {
        Format::Json => generate::json(&found, terminal)?,
        Format::Text => text(&found, terminal),
    };
    generate::print(text.as_bytes(), stdout)
}

pub(crate) fn text(found: &Found, terminal: Terminal) -> String {
    let mut paper = Paper::new(terminal);
    set(&mut paper, found);
    paper.into_text()
}

fn set(paper: &mut Paper, found: &Found) {
    if !found.in_catalogue {
        paper.paragraph(&format!(
            "{} is not in the catalogue, though it is in the range of Cloudflare's own numbers (1000 to 1999). \
             Of such a number no more is known than this:",
            found.word
        ));
        paper.blank();
    }
    for entry in &found.entries {
        set_entry(paper, entry);
    }
    for (index, word) in found.words.iter().enumerate() {
        if index > 0 || !found.entries.is_empty() {
            paper.blank();
        }
        set_word(paper, word);
    }
    if !found.others.is_empty() {
        if !found.entries.is_empty() {
            paper.blank();
        }
        let also = if found.entries.is_empty() { "" } else { "also " };
        paper.paragraph(&format!("HTTP {} {also}comes with: {}", found.word, names(&found.others)));
    }
}

fn set_entry(paper: &mut Paper, entry: &Entry) {
    let number = entry.code.map_or_else(String::new, |code| format!("{code} "));
    let retired = if entry.retired { " (retired: Cloudflare no longer sends it)" } else { "" };
    let line = paper.paint(style::STRONG, &format!("{number}{}: {}", entry.reason, entry.title)) + retired;
    paper.paragraph(&line);
    render::explanation(paper, &entry.explanation.to_string());
    paper.blank();
    let note = entry.class_note.map_or_else(String::new, |note| format!(" ({note})"));
    paper.field("Class", &format!("{}: {}{note}", entry.class, phrase(entry.class.explanation())));
    paper.field("Can change it", &format!("{}: {}", entry.party, phrase(entry.party.explanation())));
    if !entry.http_status.is_empty() {
        let statuses: Vec<String> = entry.http_status.iter().map(u16::to_string).collect();
        paper.field("HTTP status", &statuses.join(", "));
    }
    paper.field("Retry", &retry(entry));
    let reached = entry.reached_origin;
    paper.field("Reached it", &format!("{reached}: {}", phrase(reached.explanation())));
    paper.field("The site", &format!("{}: {}", entry.site, phrase(entry.site.explanation())));
    paper.list("Causes, the likeliest first", Mark::Number, entry.causes.iter());
    paper.list("What to do, if you sent the request", Mark::Number, entry.client.iter().map(render::step));
    paper.list("What to do, if the site is yours", Mark::Dash, entry.owner.iter());
    paper.blank();
    paper.field("Docs", entry.docs_url);
    paper.field("Checked", entry.checked);
}

fn retry(entry: &Entry) -> String {
    match (entry.retryable, entry.retry_after) {
        (false, _) => "no, the same request does not succeed by itself".to_owned(),
        (true, None) => "yes, the same request may succeed later".to_owned(),
        (true, Some(wait)) => format!("yes, after {} where the answer states no time", duration(wait)),
    }
}

fn set_word(paper: &mut Paper, word: &Meaning) {
    let name = paper.paint(style::STRONG, word.word);
    let set = word.set.replace('_', " ");
    paper.paragraph(&format!("{name} ({set}): {}", word.explanation.trim()));
    if !word.entries.is_empty() {
        paper.blank();
        paper.paragraph(&format!("{}: {}", word.relation, names(&word.entries)));
    }
}

/// Reasons with their numbers, where they have any.
fn names(reasons: &[&str]) -> String {
    let name = |reason: &&str| match codes::by_reason(reason).and_then(|entry| entry.code) {
        Some(code) => format!("{reason} ({code})"),
        None => (*reason).to_owned(),
    };
    reasons.iter().map(name).collect::<Vec<_>>().join(", ")
}
