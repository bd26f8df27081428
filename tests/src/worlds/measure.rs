//! Many worlds, and what comes of them.

use cfblock_core::Scope;

use super::answers::Answers;
use super::follow::{Run, Strategy, follow};
use super::generate::generate;

/// One world, probed as the diagnosis asks and in the fixed order.
#[derive(Clone, Debug)]
pub struct Pair {
    pub noise: f64,
    pub next_probe: Run,
    pub fixed: Run,
}

/// So many random worlds.
#[must_use]
pub fn pairs(answers: &Answers, number: u64, seed: u64) -> Vec<Pair> {
    (0..number)
        .map(|number| {
            let seed = seed.wrapping_mul(1_000_003).wrapping_add(number);
            let start = generate(seed);
            Pair {
                noise: start.world.noise,
                next_probe: follow(&start, answers, Strategy::NextProbe, seed),
                fixed: follow(&start, answers, Strategy::Fixed, seed),
            }
        })
        .collect()
}

/// Shares and means over several worlds.
#[derive(Clone, Copy, Debug)]
pub struct Summary {
    /// The share in which the true scope was named.
    pub right: f64,
    /// The share in which another was named, with a probability of 0.9 or more.
    pub confidently_wrong: f64,
    /// The share in which none was named.
    pub undetermined: f64,
    /// The mean number of probes that the diagnosis asked for.
    pub probes: f64,
    /// The mean number of probes in the fixed order, until the same diagnosis had enough.
    pub fixed_probes: f64,
}

impl Summary {
    #[must_use]
    pub fn of(pairs: &[&Pair]) -> Self {
        let mean = |of: &dyn Fn(&Pair) -> f64| {
            let (sum, count) =
                pairs.iter().fold((0.0, 0.0), |(sum, count), pair| (sum + of(pair), count + 1.0));
            sum / f64::max(count, 1.0)
        };
        let share = |test: &dyn Fn(&Run) -> bool| mean(&|pair| f64::from(test(&pair.next_probe)));
        Self {
            right: share(&Run::is_right),
            confidently_wrong: share(&Run::is_confidently_wrong),
            undetermined: share(&|run| run.diagnosis.scope == Scope::Undetermined),
            probes: mean(&|pair| f64::from(pair.next_probe.probes)),
            fixed_probes: mean(&|pair| f64::from(pair.fixed.probes)),
        }
    }

    /// Whether a diagnosis does as well as it is said to.
    #[must_use]
    pub fn is_as_promised(&self) -> bool {
        self.right >= 0.97 && self.confidently_wrong <= 0.01 && self.probes <= 0.6 * self.fixed_probes
    }
}
