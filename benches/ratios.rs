//! Prints how long each case takes, as a ratio to one `memchr` pass over the same body.
//!
//! A ratio holds on a machine that others use too; the nanoseconds beside it
//! are of this run. Names given as arguments choose among the cases.

use std::hint::black_box;

use cfblock_benches::{ABSENT, Case, ROUNDS, cases, timing};
use cfblock_core::classify;

#[allow(clippy::print_stdout, reason = "the table is what this program is for")]
fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let rounds = if arguments.iter().any(|argument| argument == "--test") { 1 } else { ROUNDS };
    let chosen: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with("--")).collect();

    println!("| case | body, bytes | ns | memchr passes | allocations |");
    println!("|---|--:|--:|--:|--:|");
    for case in cases() {
        if chosen.is_empty() || chosen.iter().any(|part| case.name.contains(*part)) {
            println!("{}", row(&case, rounds));
        }
    }
}

fn row(case: &Case, rounds: usize) -> String {
    let pairs = case.pairs();
    let parts = case.parts(&pairs);
    let body = case.bytes();
    let mut verdict = || {
        black_box(classify(black_box(&parts)));
    };
    let mut pass = || {
        black_box(memchr::memchr(ABSENT, black_box(body)));
    };
    let allocations = allocation_counter::measure(verdict).count_total;
    let [verdict, pass] = timing::medians(rounds, [&mut verdict, &mut pass]);
    let passes = if body.len() < 64 { "–".to_owned() } else { format!("{:.2}", verdict / pass) };
    format!("| {} | {} | {verdict:.0} | {passes} | {allocations} |", case.name, body.len())
}
