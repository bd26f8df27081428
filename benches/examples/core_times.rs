//! Prints how many nanoseconds `classify` takes for each named case at its best,
//! as JSON. `bench.py` subtracts it from its own times to see what the border costs.

#![allow(clippy::print_stdout, reason = "a program that prints")]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Instant;

use cfblock_benches::case;
use cfblock_core::classify;

/// Short, so that some samples fall into quiet moments of a shared machine.
const CALLS: u32 = 100;
const SAMPLES: usize = 3000;

fn main() {
    let times: BTreeMap<String, f64> =
        std::env::args().skip(1).map(|name| (name.clone(), best(&name))).collect();
    println!("{}", serde_json::to_string(&times).expect("times are JSON"));
}

fn best(name: &str) -> f64 {
    let case = case(name);
    let pairs = case.pairs();
    let parts = case.parts(&pairs);
    let sample = || {
        let start = Instant::now();
        for _ in 0..CALLS {
            black_box(classify(black_box(&parts)));
        }
        start.elapsed().as_secs_f64() * 1e9 / f64::from(CALLS)
    };
    (0..SAMPLES).map(|_| sample()).fold(f64::INFINITY, f64::min)
}
