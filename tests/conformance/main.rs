//! Holds the verdicts to the corpus, and to real captures where they are at hand.
//!
//! One named test a case: `cargo test -p cfblock-tests --test conformance -- NAME`.

use std::process::ExitCode;

mod captures;
mod corpus;

fn main() -> ExitCode {
    let arguments = libtest_mimic::Arguments::from_args();
    let mut trials = corpus::trials();
    trials.extend(captures::trials(arguments.list));
    libtest_mimic::run(&arguments, trials).exit_code()
}
