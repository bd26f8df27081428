//! What the monitor promises, measured: `cargo run --release -p cfblock-tests --bin monitor-sim [RESPONSES] [SEED]`.
//!
//! RESPONSES is how many are simulated for each base rate, 100 million where
//! nothing is said. Fails where a promise is not kept.
#![allow(clippy::print_stdout, reason = "it prints a report")]

use std::fmt::Write;
use std::process::ExitCode;
use std::sync::OnceLock;
use std::time::Instant;

use cfblock_core::{Class, Monitor, Time};
use cfblock_tests::streams::{self, BASES, FalseAlarms, JUMPS, PROMISE, ratio};

const MILLION: u64 = 1_000_000;

fn main() -> ExitCode {
    let arguments: Vec<u64> = std::env::args().skip(1).filter_map(|text| text.parse().ok()).collect();
    let responses = arguments.first().copied().unwrap_or(100 * MILLION);
    let seed = arguments.get(1).copied().unwrap_or(1);
    println!("seed {seed}; ten responses a second; the rule of thumb is \"five in sixty seconds\"");
    // Memory comes first, so that nothing else is counted with it.
    let kept = [memory(), false_alarms(responses, seed), delays(seed), speed(seed), merge(seed)];
    let all = kept.iter().all(|kept| *kept);
    println!("\nall promises kept: {}", word(all));
    if all { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn false_alarms(responses: u64, seed: u64) -> bool {
    println!("\nFalse alarms, promised: at most 1 in a million responses");
    println!(
        "{:>12} {:>16} {:>14} {:>8} {:>14} {:>14}",
        "share", "responses a host", "responses", "alarms", "in a million", "rule of thumb"
    );
    let mut kept = true;
    let mut line = |share: &str, responses: u64, per_host: u64, found: FalseAlarms, judged: bool| {
        let in_a_million = |alarms| ratio(alarms, responses) * PROMISE;
        kept &= !judged || in_a_million(found.ours) <= 1.0;
        let per_host = if per_host == u64::MAX { "all".to_owned() } else { per_host.to_string() };
        println!(
            "{share:>12} {per_host:>16} {responses:>14} {:>8} {:>14.4} {:>14.1}",
            found.ours,
            in_a_million(found.ours),
            in_a_million(found.naive),
        );
    };
    for base in BASES {
        for per_host in [u64::MAX, 10_000, 1_000, 100] {
            let responses = if per_host == u64::MAX { responses } else { responses / 5 };
            let found = streams::false_alarms(base, responses, per_host, seed);
            line(&base.to_string(), responses, per_host, found, true);
        }
    }
    // Beyond what is promised: other shares, and shares that drift.
    for base in [0.2, 0.5, 0.8] {
        line(
            &base.to_string(),
            responses / 5,
            1_000,
            streams::false_alarms(base, responses / 5, 1_000, seed),
            false,
        );
    }
    for (from, to) in [(0.01, 0.05), (0.05, 0.01), (0.001, 0.01)] {
        let found = streams::drifting(from, to, responses, 400_000, seed);
        line(&format!("{from} to {to}"), responses, 400_000, found, false);
    }
    kept
}

fn delays(seed: u64) -> bool {
    let mut kept = true;
    for (learned, healthy, changes, judged) in
        [(50_000, 200, 20, true), (5_000, 400, 5, true), (2_000, 400, 5, false), (500, 400, 5, false)]
    {
        let promise = if judged {
            "promised: at most 1.5 of the bound for the learned baseline"
        } else {
            "nothing promised"
        };
        println!("\nResponses until a change is found, after {learned} healthy ones; {promise}");
        println!(
            "{:>6} {:>5} {:>9} {:>8} {:>7} {:>9} {:>8} {:>7} {:>13} {:>7} {:>14}",
            "share",
            "to",
            "mean",
            "longest",
            "missed",
            "baseline",
            "bound",
            "ratio",
            "bound (true)",
            "ratio",
            "rule of thumb"
        );
        for base in BASES {
            for jump in JUMPS.into_iter().filter(|jump| *jump > base) {
                let found = streams::delay(base, jump, learned, healthy, changes, seed);
                let (bound, true_bound) = (found.bound(found.baseline), found.bound(base));
                kept &= !judged || (found.missed == 0 && found.mean <= 1.5 * bound);
                println!(
                    "{base:>6} {jump:>5} {:>9.2} {:>8} {:>7} {:>9.5} {bound:>8.2} {:>7.2} {true_bound:>13.2} {:>7.2} {:>14.1}",
                    found.mean,
                    found.longest,
                    found.missed,
                    found.baseline,
                    found.mean / bound,
                    found.mean / true_bound,
                    found.naive,
                );
            }
        }
    }
    kept
}

/// A million hosts: all healthy, and each with one class that occurred once.
fn memory() -> bool {
    println!("\nMemory of a million hosts, promised: at most 64 MB");
    let mut kept = true;
    for (what, classes) in [("all healthy", 0), ("each with a class that occurred", 1)] {
        let before = resident();
        let mut monitor = Monitor::default();
        let mut host = String::new();
        for round in 0..2 {
            for number in 0..MILLION {
                host.clear();
                let _ = write!(host, "www.shop-{number}.example");
                let class = if round < classes { Class::Challenge } else { Class::Passed };
                monitor.observe("prices", &host, class, None, at(number));
            }
        }
        let counters = monitor.counters();
        match (before, resident(), peak()) {
            (Some(before), Some(after), Some(peak)) => {
                let grown = after.saturating_sub(before);
                kept &= grown <= 64 * MILLION && counters.hosts == MILLION;
                println!(
                    "{what:>32}: {} hosts, {:.1} MB, {:.1} bytes a host (whole process: {:.1} MB, {:.1} MB at its peak)",
                    counters.hosts,
                    ratio(grown, MILLION),
                    ratio(grown, counters.hosts),
                    ratio(after, MILLION),
                    ratio(peak, MILLION),
                );
            }
            _ => println!("{what:>32}: not measured on this system"),
        }
    }
    kept
}

fn speed(seed: u64) -> bool {
    println!("\nVerdicts a second on one core, promised: at least 3 million");
    let mut kept = true;
    for (hosts, share) in [(1, 0.0), (1_000, 0.01), (100_000, 0.01), (MILLION, 0.01)] {
        // A name is written in place, so that as little as possible but the monitor is measured.
        let mut name = *b"www.shop-0000000.example";
        let mut random = fastrand::Rng::with_seed(seed);
        let mut monitor = Monitor::default();
        let mut run = |responses: u64| {
            let began = busy();
            for number in 0..responses {
                let mut rest = random.u64(..hosts);
                for digit in name[9..16].iter_mut().rev() {
                    *digit = b'0' + u8::try_from(rest % 10).unwrap_or_default();
                    rest /= 10;
                }
                let host = std::str::from_utf8(&name).unwrap_or_default();
                let class = if random.f64() < share { Class::Challenge } else { Class::Passed };
                monitor.observe("prices", host, class, None, at(number));
            }
            ratio(responses, 1) / (busy() - began)
        };
        run(hosts * 5);
        let found = run(20 * MILLION);
        kept &= found >= 3e6;
        println!(
            "{hosts:>10} hosts in random order, {:>4}% of a class: {:>6.1} million",
            share * 100.0,
            found / 1e6
        );
    }
    kept
}

fn merge(seed: u64) -> bool {
    let agrees = streams::merge_agrees(64, 200_000, seed);
    println!(
        "\nTallies of 64 workers, shuffled, repeated and out of date, equal that of the single stream: {}",
        word(agrees)
    );
    agrees
}

fn at(number: u64) -> Time {
    Time::from_unix_millis(1_795_176_000_000 + number.cast_signed())
}

fn word(yes: bool) -> &'static str {
    if yes { "yes" } else { "NO" }
}

/// The bytes of memory in use, where the system says.
fn resident() -> Option<u64> {
    status("VmRSS:")
}

/// The most bytes of memory that were in use.
fn peak() -> Option<u64> {
    status("VmHWM:")
}

fn status(member: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(member))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

/// The seconds that a processor has spent on this program, where the system says; else those that passed.
fn busy() -> f64 {
    static BEGAN: OnceLock<Instant> = OnceLock::new();
    let began = *BEGAN.get_or_init(Instant::now);
    let spent = std::fs::read_to_string("/proc/self/schedstat").ok();
    let nanoseconds: Option<u64> = spent.and_then(|spent| spent.split_whitespace().next()?.parse().ok());
    nanoseconds.map_or_else(|| began.elapsed().as_secs_f64(), |nanoseconds| ratio(nanoseconds, 1) / 1e9)
}
