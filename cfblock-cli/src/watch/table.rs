//! The live table: what each pipeline gets from each host.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::time::{Duration, Instant};

use cfblock_core::{Class, Counters, Event, Time};

use super::engine::{Counted, Watch};
use crate::paper::{Paper, style};
use crate::render::printable;
use crate::terminal::Terminal;

/// How many hosts are remembered for the table; the one that was not seen for the longest leaves.
const MOST_HOSTS: usize = 1000;
/// Over how many responses a rate averages.
const MEMORY: u8 = 100;
/// How often the table is drawn at most.
const PAUSE: Duration = Duration::from_millis(100);
/// Lines that are not hosts: the heading, the sum and the line of the cursor.
const OTHER_LINES: usize = 3;

const HEADINGS: [&str; 6] = ["PIPELINE", "HOST", "RESPONSES", "RATES", "INCIDENTS", "LAST EVENT"];
/// No column takes more of the line.
const WIDEST: [usize; 6] = [16, 32, 12, 40, 40, 40];

/// The table, and where it stands on the terminal.
#[derive(Debug)]
pub(super) struct Table {
    rows: HashMap<(String, String), Row>,
    paper: Paper,
    columns: usize,
    height: usize,
    /// How many lines of it stand above the cursor.
    drawn: usize,
    last: Option<Instant>,
    clock: u64,
}

#[derive(Debug, Default)]
struct Row {
    responses: u64,
    /// The share of each class, over the latest responses.
    shares: Vec<(Class, f32)>,
    event: Option<(Time, &'static str)>,
    seen: u64,
}

impl Table {
    /// A table for a terminal on which it can be drawn anew; `None` for anything else.
    pub(super) fn new(terminal: Terminal) -> Option<Self> {
        let (columns, height) = (terminal.columns?, terminal.rows?);
        terminal.output.then(|| Self {
            rows: HashMap::new(),
            paper: Paper::new(terminal),
            columns: columns.into(),
            height: usize::from(height).saturating_sub(OTHER_LINES).max(1),
            drawn: 0,
            last: None,
            clock: 0,
        })
    }

    /// Takes an answer into account.
    pub(super) fn count(&mut self, counted: &Counted) {
        let row = self.row(&counted.pipeline, &counted.host);
        row.responses += 1;
        let weight = 1.0 / f32::from(u8::try_from(row.responses).unwrap_or(MEMORY).min(MEMORY));
        for (_, share) in &mut row.shares {
            *share *= 1.0 - weight;
        }
        row.shares.retain(|(class, share)| *class == counted.class || *share > 0.001);
        match row.shares.iter_mut().find(|(class, _)| *class == counted.class) {
            Some((_, share)) => *share += weight,
            None => row.shares.push((counted.class, weight)),
        }
    }

    /// Notes an event for its host.
    pub(super) fn note(&mut self, event: &Event) {
        self.row(&event.pipeline_id, &event.host).event = Some((event.time, event.event.as_str()));
    }

    fn row(&mut self, pipeline: &str, host: &str) -> &mut Row {
        let key = (pipeline.to_owned(), host.to_owned());
        if self.rows.len() >= MOST_HOSTS && !self.rows.contains_key(&key) {
            let oldest = self.rows.iter().min_by_key(|(_, row)| row.seen).map(|(key, _)| key.clone());
            oldest.map(|key| self.rows.remove(&key));
        }
        self.clock += 1;
        let row = self.rows.entry(key).or_default();
        row.seen = self.clock;
        row
    }

    /// Whether it is time to draw again.
    pub(super) fn is_due(&self) -> bool {
        self.last.is_none_or(|last| last.elapsed() >= PAUSE)
    }

    /// Writes lines above the table, and draws it below them.
    pub(super) fn draw(&mut self, out: &mut impl Write, events: &[String], watch: &Watch) -> io::Result<()> {
        let mut text = String::new();
        if self.drawn > 0 {
            // To the beginning of the table, and away with it.
            let _ = write!(text, "\x1b[{}A\r\x1b[J", self.drawn);
        }
        for event in events {
            text += event;
            text.push('\n');
        }
        let lines = self.lines(watch);
        self.drawn = lines.len();
        for line in lines {
            text += &line;
            text.push('\n');
        }
        self.last = Some(Instant::now());
        out.write_all(text.as_bytes())?;
        out.flush()
    }

    /// Takes the table away.
    pub(super) fn clear(&mut self, out: &mut impl Write) -> io::Result<()> {
        if self.drawn > 0 {
            write!(out, "\x1b[{}A\r\x1b[J", self.drawn)?;
            self.drawn = 0;
        }
        out.flush()
    }

    fn lines(&self, watch: &Watch) -> Vec<String> {
        let mut incidents: HashMap<(String, String), Vec<String>> = HashMap::new();
        for incident in watch.monitor.incidents() {
            let what = match incident.error_code {
                Some(code) => format!("{} {code} {}", incident.class, incident.phase),
                None => format!("{} {}", incident.class, incident.phase),
            };
            let key = (incident.pipeline_id.clone(), incident.host.clone());
            incidents.entry(key).or_default().push(what);
        }
        let mut rows: Vec<_> = self.rows.iter().collect();
        rows.sort_by_key(|(key, row)| {
            (!incidents.contains_key(*key), row.event.is_none(), std::cmp::Reverse(row.responses), *key)
        });
        let mut cells: Vec<([String; 6], bool)> = Vec::new();
        for (key, row) in rows.iter().take(self.height) {
            let open = incidents.get(*key);
            let event =
                row.event.map_or_else(String::new, |(time, event)| format!("{} {event}", clock(time)));
            let incidents = open.map_or_else(String::new, |open| open.join(", "));
            let (pipeline, host) = (printable(&key.0), printable(&key.1));
            cells.push((
                [pipeline, host, row.responses.to_string(), row.rates(), incidents, event],
                open.is_some(),
            ));
        }
        let mut widths = HEADINGS.map(str::len);
        for (row, _) in &cells {
            for ((width, cell), widest) in widths.iter_mut().zip(row).zip(WIDEST) {
                *width = width_of(cell).max(*width).min(widest);
            }
        }
        let heading = self.line(&HEADINGS.map(str::to_owned), &widths);
        let mut lines = vec![self.paper.paint(style::STRONG, &heading)];
        for (row, is_open) in &cells {
            let line = self.line(row, &widths);
            lines.push(if *is_open { self.paper.paint(style::BLOCKED, &line) } else { line });
        }
        let hidden = self.rows.len() - cells.len();
        lines.push(self.cut(&sum(&watch.monitor.counters(), hidden, watch.idle)));
        lines
    }

    fn line(&self, cells: &[String; 6], widths: &[usize; 6]) -> String {
        let mut line = String::new();
        for (cell, width) in cells.iter().zip(widths) {
            let cell = shortened(cell, *width);
            let gap = (width + 2).saturating_sub(width_of(&cell));
            let _ = write!(line, "{cell}{:gap$}", "");
        }
        self.cut(line.trim_end())
    }

    /// A line that would be wrapped would spoil the place of the table.
    fn cut(&self, line: &str) -> String {
        shortened(line, self.columns.saturating_sub(1))
    }
}

impl Row {
    fn rates(&self) -> String {
        let mut shares: Vec<_> =
            self.shares.iter().filter(|(class, share)| *class != Class::Passed && *share >= 0.005).collect();
        shares.sort_by(|(_, one), (_, another)| another.total_cmp(one));
        let rate = |(class, share): &&(Class, f32)| format!("{class} {:.0} %", share * 100.0);
        shares.iter().map(rate).collect::<Vec<_>>().join(", ")
    }
}

/// What has happened in all.
pub(super) fn sum(counters: &Counters, hidden: usize, idle: u64) -> String {
    let Counters { responses, hosts, opened, recovered, given_up, open, late, .. } = *counters;
    let mut parts = vec![
        format!("{responses} responses of {}", counted(hosts, "host")),
        format!("incidents: {opened} opened, {open} open, {recovered} recovered, {given_up} given up"),
    ];
    if late > 0 {
        parts.push(format!("{} late", counted(late, "response")));
    }
    if idle > 0 {
        parts.push(format!("{} without an answer", counted(idle, "record")));
    }
    if hidden > 0 {
        parts.push(format!("{} not shown", counted(hidden as u64, "host")));
    }
    parts.join("; ")
}

fn counted(number: u64, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

/// The time of day.
fn clock(time: Time) -> String {
    time.to_string().get(11..19).unwrap_or_default().to_owned()
}

fn shortened(text: &str, longest: usize) -> String {
    if width_of(text) <= longest {
        return text.to_owned();
    }
    let mut left = longest.saturating_sub(1);
    let fits = |letter: &char| {
        let width = width(*letter);
        let fits = width <= left;
        left = left.saturating_sub(width);
        fits
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

fn width_of(text: &str) -> usize {
    text.chars().map(width).sum()
}

/// How many columns a letter takes at most: a line that is longer than it looks would spoil the table.
const fn width(letter: char) -> usize {
    if letter.is_ascii() || letter == '…' { 1 } else { 2 }
}

#[cfg(test)]
mod tests {
    use super::{shortened, width_of};

    #[test]
    fn lines_fit() {
        assert_eq!(shortened("shop.example", 12), "shop.example");
        assert_eq!(shortened("shop.example", 6), "shop.…");
        assert_eq!(shortened("商店.example", 4), "商…");
        for longest in 0..12 {
            assert!(width_of(&shortened("商店.example", longest)) <= longest.max(1));
        }
    }
}
