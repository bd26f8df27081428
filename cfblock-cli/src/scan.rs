//! `cfblock scan`: many stored responses, one verdict a line.

use std::io::{self, BufWriter, Read, Write};

use cfblock_core::Verdict;
use serde::Serialize;

use crate::args::{ScanArgs, ScanFormat};
use crate::failure::{Failure, unless_closed};
use crate::input::Source;
use crate::lines::Lines;
use crate::record::{Id, Record, RecordError};
use crate::status;
use crate::terminal::Terminal;

const BUFFER: usize = 64 << 10;

pub(crate) fn run(
    args: &ScanArgs,
    stdin: &mut dyn Read,
    stdout: &mut dyn Write,
    stderr: &mut dyn Write,
    terminal: Terminal,
) -> Result<u8, Failure> {
    let ScanFormat::Jsonl = args.format;
    let (from, input) = Source::open(args.file.as_deref(), stdin, terminal)?;
    let mut lines = Lines::new(input);
    let mut out = BufWriter::with_capacity(BUFFER, stdout);
    let mut unreadable = 0_u64;
    let done = loop {
        match lines.next() {
            Ok(true) => {}
            Ok(false) => break out.flush(),
            Err(error) => {
                unless_closed(out.flush())?;
                return Err(Failure::Read { from, error });
            }
        }
        let record = Record::from_json_line(lines.line()).and_then(|record| {
            if record.is_blank() { Err(RecordError::blank(lines.line(), record.id)) } else { Ok(record) }
        });
        let written = match record {
            Ok(record) => write(&mut out, &Answer { id: record.id.as_ref(), verdict: &record.verdict() }),
            Err(error) => {
                unreadable += 1;
                write(&mut out, &Refusal::new(lines.number(), &error))
            }
        };
        // Nothing more is at hand: whoever feeds a live pipe gets the answers so far.
        let written = written.and_then(|()| if lines.is_dry() { out.flush() } else { Ok(()) });
        if written.is_err() {
            break written;
        }
    };
    if let Err(error) = done {
        return unless_closed(Err(error)).map(|()| status::PASSED).map_err(Failure::from);
    }
    if unreadable == 0 {
        return Ok(status::PASSED);
    }
    let _ = writeln!(stderr, "{unreadable} of {} lines could not be read", lines.number());
    Ok(status::UNREADABLE)
}

fn write(out: &mut impl Write, answer: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, answer)?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct Answer<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a Id>,
    #[serde(flatten)]
    verdict: &'a Verdict,
}

#[derive(Serialize)]
struct Refusal<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a Id>,
    error: Place<'a>,
}

#[derive(Serialize)]
struct Place<'a> {
    line: u64,
    column: usize,
    message: &'a str,
}

impl<'a> Refusal<'a> {
    fn new(line: u64, error: &'a RecordError) -> Self {
        Self { id: error.id.as_ref(), error: Place { line, column: error.column, message: &error.message } }
    }
}
