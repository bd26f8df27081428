//! `cfblock codes`: the whole catalogue.

use std::fmt::Write as _;
use std::io::Write;

use cfblock_core::codes::{self, Entry, ErrorCode};

use crate::args::{CodesArgs, CodesFormat};
use crate::failure::Failure;
use crate::generate;
use crate::paper::{Paper, duration, style};
use crate::terminal::Terminal;

pub(crate) fn run(args: &CodesArgs, stdout: &mut dyn Write, terminal: Terminal) -> Result<u8, Failure> {
    let mut entries: Vec<&Entry> = codes::all().collect();
    // By number; entries without one keep the catalogue's order at the end.
    entries.sort_by_key(|entry| entry.code.map_or(u16::MAX, ErrorCode::get));
    let text = match args.format {
        CodesFormat::Json => generate::json(&entries, terminal)?,
        CodesFormat::Table => table(&entries, &Paper::new(terminal)),
    };
    generate::print(text.as_bytes(), stdout)
}

const HEADINGS: [&str; 6] = ["CODE", "REASON", "CLASS", "PARTY", "RETRY", "TITLE"];

fn table(entries: &[&Entry], paper: &Paper) -> String {
    let rows: Vec<[String; 6]> = entries.iter().map(|entry| row(entry)).collect();
    let mut widths = HEADINGS.map(str::len);
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut text = paper.paint(style::STRONG, &line(&HEADINGS.map(str::to_owned), &widths)) + "\n";
    for row in &rows {
        text += &line(row, &widths);
        text.push('\n');
    }
    text
}

fn row(entry: &Entry) -> [String; 6] {
    let retry = match (entry.retryable, entry.retry_after) {
        (false, _) => "no".to_owned(),
        (true, None) => "yes".to_owned(),
        (true, Some(wait)) => duration(wait),
    };
    let title = if entry.retired { format!("{} (retired)", entry.title) } else { entry.title.to_owned() };
    [
        entry.code.map_or_else(|| "-".to_owned(), |code| code.to_string()),
        entry.reason.to_owned(),
        entry.class.to_string(),
        entry.party.to_string(),
        retry,
        title,
    ]
}

fn line(cells: &[String; 6], widths: &[usize; 6]) -> String {
    let mut line = String::new();
    for (cell, width) in cells.iter().zip(widths) {
        // Writing to a String cannot fail.
        let _ = write!(line, "{cell:width$}  ");
    }
    line.trim_end().to_owned()
}
