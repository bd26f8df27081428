//! The extension module `cfblock._cfblock`: converts in, calls the core, converts out.

#![warn(clippy::indexing_slicing, clippy::string_slice)]
#![allow(clippy::needless_pass_by_value, reason = "arguments come by value from the interpreter")]

use pyo3::prelude::*;

mod arrow;
mod catalogue;
mod command;
mod convert;
mod course;
mod diagnosis;
mod input;
mod monitor;
mod tally;
mod triage;
mod verdict;

/// The compiled part of the package `cfblock`.
#[pymodule(gil_used = false)]
mod _cfblock {
    #[pymodule_export]
    use crate::arrow::{VerdictBatch, VerdictSchema, VerdictStream, classify_arrow};
    #[pymodule_export]
    use crate::catalogue::{codes, explain, ticket, words};
    #[pymodule_export]
    use crate::command::run_command;
    #[pymodule_export]
    use crate::course::{Course, needs_body};
    #[pymodule_export]
    use crate::diagnosis::{Diagnosis, diagnose};
    #[pymodule_export]
    use crate::monitor::Monitor;
    #[pymodule_export]
    use crate::tally::Tally;
    #[pymodule_export]
    use crate::triage::{Policy, Triage};
    #[pymodule_export]
    use crate::verdict::{Verdict, classify, classify_many};

    /// The version of the package.
    #[pymodule_export]
    #[allow(non_upper_case_globals, reason = "the name that Python packages use")]
    const __version__: &str = env!("CARGO_PKG_VERSION");

    /// The columns that `classify_arrow` reads.
    #[pymodule_export]
    const ARROW_INPUT: [&str; 8] = crate::arrow::INPUT;
}
