//! Simulated streams: how seldom the monitor is wrong, and how soon it is right.
//!
//! One class beside `passed`, each response independent of the others, ten
//! responses a second. Beside the monitor stands the usual rule of thumb,
//! "five in sixty seconds".

use std::collections::VecDeque;
use std::fmt::Write;

use cfblock_core::{Class, EventKind, Monitor, Tally, Time};
use fastrand::Rng;

/// The shares of the class before a change.
pub const BASES: [f64; 4] = [0.0, 0.001, 0.01, 0.05];
/// The shares after one.
pub const JUMPS: [f64; 3] = [0.05, 0.3, 1.0];
/// The promised number of responses for each false alarm.
pub const PROMISE: f64 = 1e6;

const CLASS: Class = Class::Challenge;
const MILLISECONDS: i64 = 100;
/// After so many responses that pass, whatever spoke for a change is forgotten.
const REST: u64 = 400;
/// At most this part of a baseline is learned from them.
const REST_SHARE: u64 = 100;
/// No change is waited for any longer.
const PATIENCE: u64 = 100_000;

/// Ten responses a second, each of the class with a given probability.
struct Stream {
    random: Rng,
    time: i64,
}

impl Stream {
    fn new(seed: u64) -> Self {
        Self { random: Rng::with_seed(seed), time: 1_795_176_000_000 }
    }

    fn next(&mut self, share: f64) -> (Class, Time) {
        self.time += MILLISECONDS;
        let class = if self.random.f64() < share { CLASS } else { Class::Passed };
        (class, Time::from_unix_millis(self.time))
    }
}

/// "Five in sixty seconds".
#[derive(Clone, Debug, Default)]
struct Naive(VecDeque<i64>);

impl Naive {
    fn alarms(&mut self, class: Class, time: Time) -> bool {
        if class == Class::Passed {
            return false;
        }
        let now = time.unix_millis();
        self.0.push_back(now);
        while self.0.front().is_some_and(|first| now - first > 60_000) {
            self.0.pop_front();
        }
        let alarms = self.0.len() >= 5;
        if alarms {
            self.0.clear();
        }
        alarms
    }
}

/// How often a stream without a change raised an alarm.
#[derive(Clone, Copy, Debug)]
pub struct FalseAlarms {
    /// Responses.
    pub responses: u64,
    /// Incidents that the monitor opened.
    pub ours: u64,
    /// Alarms of the rule of thumb.
    pub naive: u64,
}

/// Streams without a change: `responses` in all, `per_host` for each host.
#[must_use]
pub fn false_alarms(base: f64, responses: u64, per_host: u64, seed: u64) -> FalseAlarms {
    drifting(base, base, responses, per_host, seed)
}

/// Streams whose share drifts slowly, anew for each host.
#[must_use]
pub fn drifting(from: f64, to: f64, responses: u64, per_host: u64, seed: u64) -> FalseAlarms {
    let mut stream = Stream::new(seed);
    let mut monitor = Monitor::default();
    let mut naive = Naive::default();
    let mut found = FalseAlarms { responses, ours: 0, naive: 0 };
    let mut host = String::new();
    for number in 0..responses {
        if number % per_host == 0 {
            host.clear();
            let _ = write!(host, "shop-{}.example", number / per_host);
            naive = Naive::default();
        }
        let (class, time) = stream.next(from + (to - from) * ratio(number % per_host, per_host));
        found.naive += u64::from(naive.alarms(class, time));
        let events = monitor.observe("prices", &host, class, None, time);
        found.ours += events.iter().filter(|event| event.event == EventKind::IncidentOpened).count() as u64;
    }
    found
}

/// How long it took to find a change, in responses.
#[derive(Clone, Copy, Debug)]
pub struct Delay {
    /// The share before the change.
    pub base: f64,
    /// The share after it.
    pub jump: f64,
    /// The mean over the changes that were found.
    pub mean: f64,
    /// The longest.
    pub longest: u64,
    /// Changes that were not found in 100 000 responses.
    pub missed: u64,
    /// The mean of the learned baseline.
    pub baseline: f64,
    /// The mean for the rule of thumb, had it not been raised before.
    pub naive: f64,
}

impl Delay {
    /// Lorden's bound for a detector that knows both shares, with this baseline.
    ///
    /// The least worst-case mean delay of any detector with that rate of false alarms is about ln(ARL) / KL.
    #[must_use]
    pub fn bound(&self, base: f64) -> f64 {
        PROMISE.ln() / divergence(self.jump, base)
    }
}

/// The Kullback–Leibler divergence of two shares, in nats.
fn divergence(share: f64, base: f64) -> f64 {
    let term = |share: f64, base: f64| if share == 0.0 { 0.0 } else { share * (share / base).ln() };
    term(share, base) + term(1.0 - share, 1.0 - base)
}

/// Jumps after `learned` responses of a healthy stream.
///
/// The change comes when nothing speaks for it yet, which is the worst case
/// for a cumulative sum and what Lorden's bound is about. `healthy` streams
/// are learned from, and each is continued by `changes` changes.
#[must_use]
pub fn delay(base: f64, jump: f64, learned: u64, healthy: u64, changes: u64, seed: u64) -> Delay {
    let host = "shop.example";
    let mut stream = Stream::new(seed);
    let mut found = Delay { base, jump, mean: 0.0, longest: 0, missed: 0, baseline: 0.0, naive: 0.0 };
    let (mut sum, mut count, mut naive_sum) = (0, 0, 0);
    let rest = REST.min(learned / REST_SHARE);
    let mut streams = 0;
    while streams < healthy {
        let mut before = Monitor::default();
        for number in 0..learned + rest {
            let (class, time) = stream.next(if number < learned { base } else { 0.0 });
            before.observe("prices", host, class, None, time);
        }
        if before.counters().opened > 0 {
            // A false alarm: counted elsewhere, and not a healthy stream.
            continue;
        }
        streams += 1;
        for _ in 0..changes {
            let (mut monitor, mut naive) = (before.clone(), Naive::default());
            let (mut ours, mut theirs) = (None, None);
            for number in 1..=PATIENCE {
                let (class, time) = stream.next(jump);
                if theirs.is_none() && naive.alarms(class, time) {
                    theirs = Some(number);
                }
                let opened = !monitor.observe("prices", host, class, None, time).is_empty();
                if ours.is_none() && opened {
                    ours = Some(number);
                }
                if ours.is_some() && theirs.is_some() {
                    break;
                }
            }
            count += 1;
            match ours {
                Some(number) => {
                    sum += number;
                    found.longest = found.longest.max(number);
                }
                None => found.missed += 1,
            }
            naive_sum += theirs.unwrap_or(PATIENCE);
            found.baseline += monitor.baseline("prices", host, CLASS).unwrap_or_default();
        }
    }
    found.mean = ratio(sum, count - found.missed);
    found.naive = ratio(naive_sum, count);
    found.baseline /= ratio(count, 1);
    found
}

/// Whether partial tallies of many workers, shuffled, repeated and out of date, give what one tally gives.
#[must_use]
pub fn merge_agrees(workers: u64, responses: u64, seed: u64) -> bool {
    let mut random = Rng::with_seed(seed);
    let mut single = Tally::new();
    let mut own: Vec<Tally> = (0..workers).map(|_| Tally::new()).collect();
    let mut delivered = Vec::new();
    for _ in 0..responses {
        let worker = random.usize(..own.len());
        let host = format!("shop-{}.example", random.u32(..200));
        let class = Class::ALL[random.usize(..Class::ALL.len())];
        let part = format!("worker-{worker}");
        own[worker].add(&part, "prices", &host, class, None);
        single.add("all", "prices", &host, class, None);
        if random.f64() < 0.002 {
            // A worker reports before it is done.
            delivered.push(own[worker].clone());
        }
    }
    delivered.extend(own.iter().cloned());
    delivered.extend(own);
    random.shuffle(&mut delivered);
    let mut merged = Tally::new();
    for tally in &delivered {
        merged.merge(tally);
    }
    merged.rows() == single.rows() && merged.responses() == responses
}

/// A quotient of two counts.
#[allow(clippy::cast_precision_loss, reason = "counts of a simulation are small")]
#[must_use]
pub fn ratio(count: u64, of: u64) -> f64 {
    count as f64 / of as f64
}
