//! The command `cfblock` as a library: give [`run`] the arguments and the
//! streams, and it does what the command does, in the same process.
//!
//! [`record`] reads the records of `cfblock scan`, `diagnose` and `watch`.

#![warn(clippy::indexing_slicing, clippy::string_slice)]
#![forbid(unsafe_code)]
#![warn(missing_docs, clippy::unwrap_used, clippy::expect_used)]

use std::ffi::OsString;
use std::io::{Read, Write};

mod args;
mod classify;
mod codes;
mod decode;
mod diagnose;
mod explain;
mod failure;
mod generate;
mod input;
mod lines;
mod lookup;
mod origin;
mod paper;
mod policy;
pub mod record;
mod render;
mod response;
mod scan;
mod terminal;
mod ticket;
mod transcript;
mod watch;

use args::{Cli, Command};
use failure::{Failure, unless_closed};
use paper::Paper;
pub use terminal::Terminal;

/// Exit statuses.
mod status {
    /// The site answered; the command did what it was asked.
    pub(crate) const PASSED: u8 = 0;
    /// Cloudflare answered in place of the site.
    pub(crate) const INTERCEPTED: u8 = 1;
    /// The command was used wrongly, or its input could not be read.
    pub(crate) const UNREADABLE: u8 = 2;
}

/// Runs the command and returns its exit status: 0 passed, 1 intercepted, 2
/// wrong use or unreadable input.
///
/// The first argument is the name of the program.
///
/// ```
/// use cfblock_cli::{Terminal, run};
///
/// let message = "HTTP/2 429\nserver: cloudflare\nretry-after: 10\n\nerror code: 1015\n";
/// let (mut out, mut err) = (Vec::new(), Vec::new());
/// let status = run(["cfblock"], message.as_bytes(), &mut out, &mut err, Terminal::none());
/// assert_eq!(status, 1);
/// assert!(String::from_utf8(out)?.starts_with("Rate limited (1015)"));
/// # Ok::<(), std::string::FromUtf8Error>(())
/// ```
pub fn run<A>(
    args: impl IntoIterator<Item = A>,
    mut stdin: impl Read,
    mut stdout: impl Write,
    mut stderr: impl Write,
    terminal: Terminal,
) -> u8
where
    A: Into<OsString> + Clone,
{
    let cli = match Cli::read(args) {
        Ok(cli) => cli,
        Err(error) => return answer_of_clap(&error, &mut stdout, &mut stderr, terminal),
    };
    let terminal = terminal.with_choice(cli.color);
    match dispatch(cli, &mut stdin, &mut stdout, &mut stderr, terminal) {
        Ok(status) => status,
        Err(failure) => {
            // If even standard error is closed, the exit status has to do.
            let _ = failure.write(&mut stderr, &Paper::for_errors(terminal));
            status::UNREADABLE
        }
    }
}

/// What a code, a reason, an action or another word of a verdict means, as
/// `cfblock explain` prints it: lines of at most 80 columns.
///
/// The error says that there is no such word, and what is close to it.
///
/// ```
/// assert!(cfblock_cli::explain("1012")?.starts_with("1012 malicious_activity_ban"));
/// assert!(cfblock_cli::explain("slow_dwon").unwrap_err().contains("slow_down"));
/// # Ok::<(), String>(())
/// ```
pub fn explain(word: &str) -> Result<String, String> {
    match lookup::find(word) {
        Ok(found) => Ok(explain::text(&found, Terminal::none())),
        Err(failure) => Err(failure.in_one_line()),
    }
}

fn dispatch(
    cli: Cli,
    stdin: &mut dyn Read,
    stdout: &mut dyn Write,
    stderr: &mut dyn Write,
    terminal: Terminal,
) -> Result<u8, Failure> {
    match cli.command {
        None => classify::run(&cli.classify, stdin, stdout, terminal),
        Some(Command::Explain(args)) => explain::run(&args, stdout, terminal),
        Some(Command::Codes(args)) => codes::run(&args, stdout, terminal),
        Some(Command::Scan(args)) => scan::run(&args, stdin, stdout, stderr, terminal),
        Some(Command::Diagnose(args)) => diagnose::run(&args, stdin, stdout, stderr, terminal),
        Some(Command::Watch(args)) => watch::run(&args, stdin, stdout, stderr, terminal),
        Some(Command::Ticket(args)) => ticket::run(&args, stdin, stdout, terminal),
        Some(Command::Origin(args)) => origin::run(&args, stdout, stderr, terminal),
        Some(Command::Completions { shell }) => generate::completions(shell, stdout),
        Some(Command::Man { command }) => generate::man(command.as_deref(), stdout),
    }
}

/// Help and version are an answer, everything else that clap reports is wrong use.
fn answer_of_clap(
    error: &clap::Error,
    mut stdout: impl Write,
    mut stderr: impl Write,
    terminal: Terminal,
) -> u8 {
    let (stream, colour, status): (&mut dyn Write, _, _) = if error.use_stderr() {
        (&mut stderr, terminal.colour_errors, status::UNREADABLE)
    } else {
        (&mut stdout, terminal.colour, status::PASSED)
    };
    let text = error.render();
    let text = if colour { text.ansi().to_string() } else { text.to_string() };
    match unless_closed(stream.write_all(text.as_bytes()).and_then(|()| stream.flush())) {
        Ok(()) => status,
        Err(_) => status::UNREADABLE,
    }
}
