//! What other programs read: JSON, completions, the manual.

use std::io::Write;

use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;
use serde::Serialize;

use crate::args::Cli;
use crate::failure::{Failure, unless_closed};
use crate::status;
use crate::terminal::Terminal;

/// One line, or for a terminal indented.
pub(crate) fn json(value: &impl Serialize, terminal: Terminal) -> Result<String, Failure> {
    let text =
        if terminal.output { serde_json::to_string_pretty(value) } else { serde_json::to_string(value) };
    Ok(text.map_err(std::io::Error::from)? + "\n")
}

/// `cfblock completions`.
pub(crate) fn completions(shell: Shell, stdout: &mut dyn Write) -> Result<u8, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "cfblock", &mut script);
    print(&script, stdout)
}

/// `cfblock man`.
pub(crate) fn man(command: Option<&str>, stdout: &mut dyn Write) -> Result<u8, Failure> {
    let mut cli = Cli::command();
    cli.build();
    let page = match command {
        None => cli,
        Some(name) => {
            cli.find_subcommand(name).cloned().ok_or_else(|| Failure::UnknownCommand(name.to_owned()))?
        }
    };
    let mut text = Vec::new();
    Man::new(page).source(concat!("cfblock ", env!("CARGO_PKG_VERSION"))).render(&mut text)?;
    print(&text, stdout)
}

/// Writes an answer; a reader that went away is no error.
pub(crate) fn print(text: &[u8], stdout: &mut dyn Write) -> Result<u8, Failure> {
    unless_closed(stdout.write_all(text).and_then(|()| stdout.flush()))?;
    Ok(status::PASSED)
}
