//! Instruction counts of `classify`: the gate against regressions.
//!
//! A count hardly changes from run to run, also on a machine that others use.
//! The counts below are the committed ones; a case that needs 5 % more fails.
//! They hold for one compiler. With another one nothing is compared.
#![allow(clippy::exit, reason = "gungraun's main ends the process with the result of the check")]

use std::hint::black_box;
use std::process::Command;
use std::sync::LazyLock;

use cfblock_benches::{Pairs, case};
use cfblock_core::{ResponseParts, Verdict, classify};
use gungraun::prelude::*;
use gungraun::{Callgrind, EventKind};

/// The compiler with which the counts below were made.
const COUNTED_WITH: &str = "rustc 1.95.";

static COMPARABLE: LazyLock<bool> = LazyLock::new(|| {
    let version = Command::new("rustc").arg("--version").output();
    let comparable = version.is_ok_and(|version| version.stdout.starts_with(COUNTED_WITH.as_bytes()));
    if !comparable {
        #[allow(clippy::print_stderr, reason = "the reader must not take this run for a check")]
        {
            eprintln!("the counts are of {COUNTED_WITH}x; with this compiler nothing is compared");
        }
    }
    comparable
});

/// At most 5 % more instructions than were counted.
fn counted(instructions: u64) -> LibraryBenchmarkConfig {
    let mut callgrind = Callgrind::default();
    if *COMPARABLE {
        callgrind.hard_limits([(EventKind::Ir, instructions + instructions / 20)]);
    }
    LibraryBenchmarkConfig::default().tool(callgrind).clone()
}

/// A case, prepared outside of what is counted.
fn prepared(name: &str) -> ResponseParts<'static> {
    let case = Box::leak(Box::new(case(name)));
    let pairs: &Pairs<'static> = Box::leak(Box::new(case.pairs()));
    case.parts(pairs)
}

#[library_benchmark(setup = prepared)]
#[bench::challenge_headers(args = ("challenge-headers"), config = counted(3_114))]
#[bench::challenge(args = ("challenge"), config = counted(9_867))]
#[bench::error_1015(args = ("error-1015"), config = counted(22_413))]
#[bench::error_1020(args = ("error-1020"), config = counted(22_576))]
#[bench::error_1015_json(args = ("error-1015-json"), config = counted(17_365))]
#[bench::error_1020_text(args = ("error-1020-text"), config = counted(2_434))]
#[bench::origin_403(args = ("origin-403"), config = counted(10_240))]
#[bench::ordinary(args = ("ordinary"), config = counted(5_068))]
#[bench::ordinary_404(args = ("ordinary-404"), config = counted(46_408))]
#[bench::hostile_mixed(args = ("hostile-mixed"), config = counted(498_297))]
fn verdict(parts: ResponseParts<'static>) -> Verdict {
    classify(black_box(&parts))
}

library_benchmark_group!(name = instructions, benchmarks = verdict);
main!(library_benchmark_groups = instructions);
