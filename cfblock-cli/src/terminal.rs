//! What the streams are connected to.

use std::io::{self, IsTerminal};

use anstream::AutoStream;
use clap::ColorChoice;

/// What the streams of a run are connected to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Terminal {
    /// Standard input is a terminal: nothing would ever come from it by itself.
    pub input: bool,
    /// Standard output is a terminal: a person reads it.
    pub output: bool,
    /// Standard output may be coloured.
    pub colour: bool,
    /// Standard error may be coloured.
    pub colour_errors: bool,
    /// The width of the terminal.
    pub columns: Option<u16>,
    /// The height of the terminal, where what stands on it can be drawn anew.
    pub rows: Option<u16>,
}

impl Terminal {
    /// No stream is connected to a terminal.
    #[must_use]
    pub const fn none() -> Self {
        Self { input: false, output: false, colour: false, colour_errors: false, columns: None, rows: None }
    }

    /// Asks the streams of this process; heeds `NO_COLOR`, `CLICOLOR`, `CLICOLOR_FORCE` and `TERM`.
    #[must_use]
    pub fn detect() -> Self {
        let coloured = |choice| choice != anstream::ColorChoice::Never;
        let size = terminal_size::terminal_size();
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        Self {
            input: io::stdin().is_terminal(),
            output: io::stdout().is_terminal(),
            colour: coloured(AutoStream::choice(&io::stdout())),
            colour_errors: coloured(AutoStream::choice(&io::stderr())),
            columns: size.map(|(width, _)| width.0),
            rows: size.map(|(_, height)| height.0).filter(|_| !is_dumb),
        }
    }

    /// What `--color` says takes precedence over what was detected.
    pub(crate) const fn with_choice(mut self, choice: ColorChoice) -> Self {
        let forced = match choice {
            ColorChoice::Auto => return self,
            ColorChoice::Always => true,
            ColorChoice::Never => false,
        };
        self.colour = forced;
        self.colour_errors = forced;
        self
    }
}
