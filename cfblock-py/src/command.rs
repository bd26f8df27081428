//! The command `cfblock`.

use std::io;

use cfblock_cli::Terminal;
use pyo3::prelude::*;

/// Runs the command with these arguments, the first one being its name, and returns its exit status.
#[pyfunction]
pub(crate) fn run_command(py: Python<'_>, arguments: Vec<String>) -> u8 {
    py.detach(|| {
        cfblock_cli::run(
            arguments,
            io::stdin().lock(),
            io::stdout().lock(),
            io::stderr().lock(),
            Terminal::detect(),
        )
    })
}
