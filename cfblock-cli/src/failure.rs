//! What can go wrong, in words that name the place.

use std::io::{self, Write};

use cfblock_core::{ParseError, ParseErrorKind};

use crate::input::Source;
use crate::paper::{Paper, style};

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
            _ => None,
        }
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

/// A reader that went away, as in `cfblock codes | head -1`, is no error.
pub(crate) fn unless_closed(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
