//! The command `cfblock`. Everything it does is in the library.

use std::io;
use std::process::ExitCode;

use anstream::AutoStream;
use cfblock_cli::{Terminal, run};

fn main() -> ExitCode {
    // `run` decides about colour; `always` only makes old Windows consoles understand it.
    let stdout = AutoStream::always(io::stdout().lock());
    let stderr = AutoStream::always(io::stderr().lock());
    run(std::env::args_os(), io::stdin().lock(), stdout, stderr, Terminal::detect()).into()
}
