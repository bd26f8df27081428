//! The command `cfblock`.

use std::io;

use cfblock_cli::Terminal;
use napi_derive::napi;

/// Runs the command with these arguments, the first one being its name, and returns its exit status.
#[napi(catch_unwind)]
pub fn run_command(arguments: Vec<String>) -> u8 {
    cfblock_cli::run(
        arguments,
        io::stdin().lock(),
        io::stdout().lock(),
        io::stderr().lock(),
        Terminal::detect(),
    )
}
