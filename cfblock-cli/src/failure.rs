//! What can go wrong, in words that name the place.

use std::io::{self, Write};
use std::path::PathBuf;

use cfblock_core::{ParseError, ParseErrorKind};

use crate::input::Source;
use crate::paper::{Paper, style};
use crate::record::RecordError;
use crate::render::printable;

/// How many hosts a hint names.
const HOSTS: usize = 8;

/// Why the command could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("no FILE was given, and standard input is a terminal")]
    NothingPiped,
    #[error("cannot read {from}: {error}")]
    Read { from: Source, error: io::Error },
    #[error("cannot write the output: {0}")]
    Write(#[from] io::Error),
    #[error("{0} is empty; expected a response as `curl -si` prints it")]
    Empty(Source),
    #[error("{from}: {error}")]
    NoMessage { from: Source, error: ParseError },
    #[error("{word:?} is no code, reason, class, action or other word of a verdict")]
    UnknownWord { word: String, close: Vec<&'static str> },
    #[error("{0} is neither an error number of Cloudflare's nor the status of an answer in the catalogue")]
    UnknownNumber(u16),
    #[error("there is no subcommand {0:?}")]
    UnknownCommand(String),
    #[error("cannot read the policy {}: {error}", path.display())]
    NoPolicyFile { path: PathBuf, error: io::Error },
    #[error("the policy {from}, {place}: {message}")]
    Policy { from: Source, place: String, message: String },
    #[error("{:?} is not an IP address", .0.chars().take(64).collect::<String>())]
    NoAddress(String),
    #[error("the objective cannot be kept: {0}")]
    Objective(String),
    #[error("cannot restore {}: {message}", path.display())]
    State { path: PathBuf, message: String },
    #[error("cannot save the state to {}: {error}", path.display())]
    NotSaved { path: PathBuf, error: io::Error },
    #[error("there is nothing to report: {0}")]
    NothingToReport(&'static str),
    #[error("{from} holds {what}")]
    NothingToDiagnose { from: Source, what: &'static str },
    #[error("{from} holds no record of the host {host:?}")]
    NoSuchHost { from: Source, host: String, known: Vec<Box<str>> },
}

impl Failure {
    /// What to try instead.
    fn hint(&self) -> Option<String> {
        match self {
            Self::NothingPiped => Some(
                "try `curl -si https://shop.example/ | cfblock`, `cfblock saved-response.txt` or `cfblock --help`"
                    .to_owned(),
            ),
            Self::Read { from: Source::File(path), error } if error.kind() == io::ErrorKind::NotFound => {
                let word = path.to_str()?;
                if crate::lookup::find(word).is_ok() {
                    return Some(format!("`cfblock explain {word}` explains the word"));
                }
                let command = crate::args::subcommand_like(word)?;
                Some(format!("did you mean the subcommand {command}?"))
            }
            Self::Empty(Source::Stdin) => Some("did the command before the pipe fail?".to_owned()),
            Self::NoMessage { error, .. } if error.kind == ParseErrorKind::NoStatusLine => {
                Some("for a stored body without status and headers use --body-only".to_owned())
            }
            Self::UnknownWord { close, .. } if !close.is_empty() => {
                Some(format!("did you mean {}?", close.join(" or ")))
            }
            Self::UnknownWord { .. } | Self::UnknownNumber(_) => {
                Some("`cfblock codes` lists every code and reason".to_owned())
            }
            Self::UnknownCommand(_) => Some("`cfblock --help` lists them".to_owned()),
            Self::NoSuchHost { known, .. } if !known.is_empty() => {
                let shown: Vec<String> = known.iter().take(HOSTS).map(|host| printable(host)).collect();
                let more = if known.len() > HOSTS { " …" } else { "" };
                Some(format!("there are records of {}{more}", shown.join(", ")))
            }
            Self::NoAddress(_) => {
                Some("give an address such as 203.0.113.7 or 2001:db8::7, without scheme, port or name".to_owned())
            }
            Self::NoPolicyFile { error, .. } if error.kind() == io::ErrorKind::NotFound => {
                Some("a policy is full, cooperative, or a file in TOML or JSON".to_owned())
            }
            _ => None,
        }
    }

    /// What is wrong, and what to try instead.
    pub(crate) fn in_one_line(&self) -> String {
        self.hint().map_or_else(|| self.to_string(), |hint| format!("{self}; {hint}"))
    }

    /// Writes it as clap writes its own errors.
    pub(crate) fn write(&self, to: &mut dyn Write, paper: &Paper) -> io::Result<()> {
        writeln!(to, "{} {self}", paper.paint(style::ERROR, "error:"))?;
        if let Some(hint) = self.hint() {
            writeln!(to, "\n{} {hint}", paper.paint(style::HINT, "hint:"))?;
        }
        to.flush()
    }
}

/// Writes why a line was left out. That standard error is closed keeps nobody from the rest.
pub(crate) fn report_line(to: &mut dyn Write, paper: &Paper, line: u64, error: &RecordError) {
    let _ = writeln!(
        to,
        "{} line {line}, {}",
        paper.paint(style::ERROR, "error:"),
        printable(&error.to_string())
    );
}

/// A reader that went away, as in `cfblock codes | head -1`, is no error.
pub(crate) fn unless_closed(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
