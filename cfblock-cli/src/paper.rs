//! Sets words on lines: wrapping, lists, fields, colour.

#![allow(
    clippy::indexing_slicing,
    reason = "each place comes from a search in the same bytes, so it lies within them"
)]

use std::fmt::Write as _;

use anstyle::Style;
use textwrap::{Options, WordSplitter};

use crate::terminal::Terminal;

/// The styles, each for one purpose.
pub(crate) mod style {
    use anstyle::{AnsiColor, Style};

    pub(crate) const ERROR: Style = AnsiColor::Red.on_default().bold();
    pub(crate) const HINT: Style = AnsiColor::Cyan.on_default().bold();
    pub(crate) const PASSED: Style = AnsiColor::Green.on_default().bold();
    pub(crate) const BLOCKED: Style = AnsiColor::Red.on_default().bold();
    pub(crate) const FAILED: Style = AnsiColor::Yellow.on_default().bold();
    pub(crate) const STRONG: Style = Style::new().bold();
    pub(crate) const LABEL: Style = Style::new().dimmed();
}

/// The width of lines that do not go to a terminal.
const USUAL: usize = 80;
/// Longer lines are hard to read.
const WIDEST: usize = 100;
const NARROWEST: usize = 40;
/// The width of the labels of fields.
const LABELS: usize = 15;

/// What text is set on.
#[derive(Clone, Debug)]
pub(crate) struct Paper {
    columns: usize,
    colour: bool,
    text: String,
}

impl Paper {
    pub(crate) fn new(terminal: Terminal) -> Self {
        let columns = terminal.columns.map_or(USUAL, usize::from).clamp(NARROWEST, WIDEST);
        Self { columns, colour: terminal.colour, text: String::new() }
    }

    pub(crate) fn for_errors(terminal: Terminal) -> Self {
        Self { colour: terminal.colour_errors, ..Self::new(terminal) }
    }

    /// The text with the codes of a style around it, if colour is wanted.
    pub(crate) fn paint(&self, style: Style, text: &str) -> String {
        if self.colour { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    /// What was set so far.
    pub(crate) fn into_text(self) -> String {
        self.text
    }

    pub(crate) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// One wrapped paragraph.
    pub(crate) fn paragraph(&mut self, text: &str) {
        self.set("", "", text);
    }

    /// A heading in a style, then the items as a list with the given marks.
    pub(crate) fn list<I: AsRef<str>>(&mut self, heading: &str, mark: Mark, items: impl Iterator<Item = I>) {
        let mut items = items.peekable();
        if items.peek().is_none() {
            return;
        }
        self.blank();
        let heading = self.paint(style::STRONG, heading);
        self.paragraph(&heading);
        for (index, item) in items.enumerate() {
            let lead = match mark {
                Mark::Number => format!("  {}. ", index + 1),
                Mark::Dash => "  - ".to_owned(),
            };
            self.item(&lead, item.as_ref());
        }
    }

    /// One item of a list, with what stands before its first line.
    pub(crate) fn item(&mut self, lead: &str, text: &str) {
        self.set(lead, &" ".repeat(lead.chars().count()), text);
    }

    /// Lines to be copied: indented, and never wrapped.
    pub(crate) fn verbatim(&mut self, text: &str) {
        for line in text.lines() {
            let _ = writeln!(self.text, "    {line}");
        }
    }

    /// A label and its value.
    pub(crate) fn field(&mut self, label: &str, value: &str) {
        // Codes of colour have no width, but `{:LABELS$}` would count them.
        let padding = " ".repeat(LABELS.saturating_sub(label.len()));
        let lead = format!("{}{padding}", self.paint(style::LABEL, label));
        self.set(&lead, &" ".repeat(LABELS), value);
    }

    fn set(&mut self, first: &str, others: &str, text: &str) {
        let options = Options::new(self.columns)
            .initial_indent(first)
            .subsequent_indent(others)
            .break_words(false)
            .word_splitter(WordSplitter::NoHyphenation);
        // Writing to a String cannot fail.
        let _ = writeln!(self.text, "{}", textwrap::fill(text, options));
    }
}

/// What stands before the items of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    Number,
    Dash,
}

/// The paragraphs of an explanation, each on one line.
pub(crate) fn paragraphs(explanation: &str) -> Vec<String> {
    let lines: Vec<&str> = explanation.lines().map(str::trim).collect();
    lines
        .split(|line| line.is_empty())
        .filter(|lines| !lines.is_empty())
        .map(|lines| lines.join(" "))
        .collect()
}

/// The first two sentences of an explanation.
pub(crate) fn beginning(explanation: &str) -> String {
    let mut first = paragraphs(explanation).into_iter().next().unwrap_or_default();
    let ends = first.match_indices(". ").map(|(at, _)| at + 1);
    if let Some(end) = ends
        .filter(|end| first.get(end + 1..).is_some_and(|rest| rest.starts_with(char::is_uppercase)))
        .nth(1)
    {
        first.truncate(end);
    }
    first
}

/// A word of the records as a person would write it: `slow_down` → `Slow down`.
pub(crate) fn plain(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters.map(|letter| if letter == '_' { ' ' } else { letter })).collect()
}

/// An explanation of one sentence, to stand inside of another one.
pub(crate) fn phrase(explanation: &str) -> &str {
    explanation.trim().trim_end_matches('.')
}

/// A time in the unit in which a person would say it.
pub(crate) fn duration(seconds: u32) -> String {
    match seconds {
        0 => "0 s".to_owned(),
        _ if seconds.is_multiple_of(3600) => format!("{} h", seconds / 3600),
        _ if seconds.is_multiple_of(60) && seconds > 60 => format!("{} min", seconds / 60),
        _ => format!("{seconds} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::{beginning, duration, plain};

    #[test]
    fn the_beginning_is_two_sentences_of_the_first_paragraph() {
        assert_eq!(beginning(" One, e.g. this.\n Two 1.5. Three.\n\n Four."), "One, e.g. this. Two 1.5.");
        assert_eq!(beginning("Only one"), "Only one");
        assert_eq!(beginning(""), "");
    }

    #[test]
    fn times_are_said_in_their_unit() {
        let said: Vec<String> = [0, 30, 60, 90, 300, 5400, 86400].into_iter().map(duration).collect();
        assert_eq!(said, ["0 s", "30 s", "60 s", "90 s", "5 min", "90 min", "24 h"]);
        assert_eq!(plain("slow_down"), "Slow down");
    }
}
