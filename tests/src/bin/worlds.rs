//! How well diagnoses do on simulated worlds: `cargo run --release -p cfblock-tests --bin worlds`.
//!
//! `worlds [NUMBER [SEED]]`, by default 10,000 worlds from the seed 1.

#![allow(clippy::print_stdout, reason = "the numbers are what the program is for")]

use std::process::ExitCode;

use cfblock_tests::worlds::{Answers, Pair, Summary, pairs};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse::<u64>());
    let (number, seed) = match (arguments.next(), arguments.next(), arguments.next()) {
        (None, None, None) => (10_000, 1),
        (Some(Ok(number)), None, None) => (number, 1),
        (Some(Ok(number)), Some(Ok(seed)), None) => (number, seed),
        _ => {
            println!("worlds [NUMBER [SEED]]");
            return ExitCode::FAILURE;
        }
    };
    let pairs = pairs(&Answers::load(), number, seed);
    let all: Vec<&Pair> = pairs.iter().collect();
    println!("{number} worlds, seed {seed}");
    println!(
        "{:20} {:>6} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8}",
        "", "worlds", "right", "wrong*", "open", "probes", "fixed", "of fixed"
    );
    print("all", &all);
    for band in 0..4_u32 {
        let (from, to) = (f64::from(band) * 0.05, f64::from(band + 1) * 0.05);
        let group: Vec<&Pair> = pairs.iter().filter(|pair| (from..to).contains(&pair.noise)).collect();
        print(&format!("noise {:2} to {:2} %", band * 5, band * 5 + 5), &group);
    }
    for scope in cfblock_core::Scope::ALL {
        let group: Vec<&Pair> = pairs.iter().filter(|pair| pair.next_probe.truth == *scope).collect();
        if !group.is_empty() {
            print(scope.as_str(), &group);
        }
    }
    println!("* another scope named with a probability of 0.9 or more; open: none named after 12 probes");
    let summary = Summary::of(&all);
    println!("to show: right >= 97 %, wrong <= 1 %, probes <= 60 % of the fixed order's");
    if summary.is_as_promised() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn print(name: &str, group: &[&Pair]) {
    let summary = Summary::of(group);
    println!(
        "{name:20} {:6} {:7.2}% {:7.2}% {:7.2}% {:8.2} {:8.2} {:7.1}%",
        group.len(),
        summary.right * 100.0,
        summary.confidently_wrong * 100.0,
        summary.undetermined * 100.0,
        summary.probes,
        summary.fixed_probes,
        summary.probes / summary.fixed_probes * 100.0,
    );
}
