//! Prints how long each case takes, as a ratio to one `memchr` pass over the same body.
//!
//! A ratio holds on a machine that others use too; the nanoseconds beside it
//! are of this run. Names given as arguments choose among the cases.

use std::hint::black_box;
use std::time::{Duration, Instant};

use cfblock_benches::{ABSENT, Case, cases};
use cfblock_core::classify;

const ROUNDS: usize = 15;
const ROUND: Duration = Duration::from_millis(10);

#[allow(clippy::print_stdout, reason = "the table is what this program is for")]
fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let smoke = arguments.iter().any(|argument| argument == "--test");
    let chosen: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with("--")).collect();
    let rounds = if smoke { 1 } else { ROUNDS };

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
    let allocations = allocation_counter::measure(|| {
        black_box(classify(&parts));
    });

    // Both in turn, so that a busy moment hits both.
    let mut verdicts = Vec::with_capacity(rounds);
    let mut passes = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        verdicts.push(nanoseconds(rounds, || {
            black_box(classify(black_box(&parts)));
        }));
        passes.push(nanoseconds(rounds, || {
            black_box(memchr::memchr(ABSENT, black_box(body)));
        }));
    }
    let (verdict, pass) = (median(verdicts), median(passes));
    let ratio = if body.len() < 64 { "–".to_owned() } else { format!("{:.2}", verdict / pass) };
    format!("| {} | {} | {verdict:.0} | {ratio} | {} |", case.name, body.len(), allocations.count_total)
}

/// The time of one call, from as many as fill a round.
fn nanoseconds(rounds: usize, mut call: impl FnMut()) -> f64 {
    let mut calls = 1_u32;
    loop {
        let start = Instant::now();
        for _ in 0..calls {
            call();
        }
        let taken = start.elapsed();
        if taken >= ROUND || rounds == 1 {
            return taken.as_secs_f64() * 1e9 / f64::from(calls);
        }
        calls = calls.saturating_mul(2);
    }
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
