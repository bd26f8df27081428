//! `cfblock watch`: a stream of records in, events out.

use std::io::{self, BufWriter, Read, Write};
use std::time::{Duration, Instant, SystemTime};

use cfblock_core::{ProbeLimits, Time};

use crate::args::{WatchArgs, WatchFormat};
use crate::failure::{Failure, report_line, unless_closed};
use crate::input::Source;
use crate::lines::Lines;
use crate::paper::Paper;
use crate::terminal::Terminal;
use crate::{policy, render, status};

mod case;
mod engine;
mod state;
mod table;
mod usual;

use engine::{Told, Watch};
use table::Table;

/// How often the state is saved while records come in.
const SAVED_EVERY: Duration = Duration::from_secs(30);

pub(crate) fn run(
    args: &WatchArgs,
    stdin: &mut dyn Read,
    stdout: &mut dyn Write,
    stderr: &mut dyn Write,
    terminal: Terminal,
) -> Result<u8, Failure> {
    let limits = ProbeLimits::from(&policy::read(args.policy.policy.as_deref())?);
    let mut watch = state::start(args.restore.as_deref(), args.objective, limits)?;
    let (from, input) = Source::open(args.file.as_deref(), stdin, terminal)?;
    let mut lines = Lines::new(input);
    let mut screen = Screen::new(args.format, BufWriter::new(stdout), terminal);
    let mut saved = Instant::now();
    let mut unreadable = 0_u64;
    let ended = loop {
        match lines.next() {
            Ok(true) => {}
            Ok(false) => break Ok(()),
            Err(error) => break Err(Failure::Read { from, error }),
        }
        let told = match watch.take(lines.line(), lines.number(), now) {
            Ok(outcome) => {
                screen.count(&outcome);
                outcome.told
            }
            Err(error) => {
                unreadable += 1;
                unless_closed(screen.clear())?;
                report_line(stderr, &Paper::for_errors(terminal), lines.number(), &error);
                Vec::new()
            }
        };
        if let Err(error) = screen.show(&told, &watch, lines.is_dry()) {
            break unless_closed(Err(error)).map_err(Failure::from);
        }
        if saved.elapsed() >= SAVED_EVERY {
            saved = Instant::now();
            if let Err(failure) = save(args, &watch) {
                // The disk may have room again before the stream ends.
                let _ = failure.write(stderr, &Paper::for_errors(terminal));
            }
        }
    };
    // Whatever ended the stream, nothing of what was learned is lost.
    save(args, &watch)?;
    ended?;
    unless_closed(screen.finish(&watch))?;
    if unreadable == 0 {
        return Ok(status::PASSED);
    }
    let _ = writeln!(stderr, "{unreadable} of {} lines could not be read", lines.number());
    Ok(status::UNREADABLE)
}

fn save(args: &WatchArgs, watch: &Watch) -> Result<(), Failure> {
    args.save.as_deref().map_or(Ok(()), |path| state::save(watch, path))
}

fn now() -> Time {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Time::from_unix_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Where the events go.
struct Screen<W: Write> {
    format: WatchFormat,
    out: W,
    paper: Paper,
    table: Option<Table>,
}

impl<W: Write> Screen<W> {
    fn new(format: WatchFormat, out: W, terminal: Terminal) -> Self {
        let table = Table::new(terminal).filter(|_| format == WatchFormat::Text);
        Self { format, out, paper: Paper::new(terminal), table }
    }

    fn count(&mut self, outcome: &engine::Outcome) {
        if let Some(table) = &mut self.table {
            for told in &outcome.told {
                table.note(&told.event);
            }
            if let Some(counted) = &outcome.counted {
                table.count(counted);
            }
        }
    }

    fn show(&mut self, told: &[Told], watch: &Watch, is_dry: bool) -> io::Result<()> {
        if self.format == WatchFormat::Jsonl {
            for Told { event, .. } in told {
                serde_json::to_writer(&mut self.out, event)?;
                self.out.write_all(b"\n")?;
            }
            return if told.is_empty() { Ok(()) } else { self.out.flush() };
        }
        let lines: Vec<String> = told
            .iter()
            .map(|told| render::event::line(&self.paper, &told.event, told.diagnosis.as_ref()))
            .collect();
        match &mut self.table {
            Some(table) if !lines.is_empty() || is_dry || table.is_due() => {
                table.draw(&mut self.out, &lines, watch)
            }
            Some(_) => Ok(()),
            None if lines.is_empty() => Ok(()),
            None => {
                for line in lines {
                    writeln!(self.out, "{line}")?;
                }
                self.out.flush()
            }
        }
    }

    /// Takes the table away, for lines of another stream.
    fn clear(&mut self) -> io::Result<()> {
        match &mut self.table {
            Some(table) => table.clear(&mut self.out),
            None => Ok(()),
        }
    }

    fn finish(&mut self, watch: &Watch) -> io::Result<()> {
        match &mut self.table {
            Some(table) => table.draw(&mut self.out, &[], watch)?,
            None if self.format == WatchFormat::Text => {
                writeln!(self.out, "{}", table::sum(&watch.monitor.counters(), 0, watch.idle))?;
            }
            None => {}
        }
        self.out.flush()
    }
}
