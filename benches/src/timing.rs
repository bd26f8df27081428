//! Times that can be compared on a machine that others use too.

use std::time::{Duration, Instant};

/// How long one measurement takes at least.
const MEASUREMENT: Duration = Duration::from_millis(10);

/// The time of each call in nanoseconds: the median of so many rounds.
///
/// The calls take turns, so that a busy moment hits all of them. In a single
/// round each is called once: that shows that it runs, not how fast.
pub fn medians<const N: usize>(rounds: usize, mut calls: [&mut dyn FnMut(); N]) -> [f64; N] {
    let mut times = [const { Vec::new() }; N];
    for _ in 0..rounds {
        for (call, times) in calls.iter_mut().zip(&mut times) {
            times.push(nanoseconds(*call, rounds > 1));
        }
    }
    times.map(median)
}

fn nanoseconds(call: &mut dyn FnMut(), repeat: bool) -> f64 {
    let mut calls = 1_u32;
    loop {
        let start = Instant::now();
        for _ in 0..calls {
            call();
        }
        let taken = start.elapsed();
        if taken >= MEASUREMENT || !repeat {
            return taken.as_secs_f64() * 1e9 / f64::from(calls);
        }
        calls = calls.saturating_mul(2);
    }
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
