//! From the first failure to a diagnosis, one probe after the other.

use cfblock_core::{Diagnosis, ProbeLimits, Scope, diagnose};
use fastrand::Rng;

use super::answers::Answers;
use super::asker::Prober;
use super::generate::Start;

/// After this many probes a diagnosis has failed.
pub const MOST_PROBES: u32 = 12;

/// Seconds between two probes.
const PAUSE: f64 = 5.0;

/// Who chooses the probes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// The diagnosis.
    NextProbe,
    /// A fixed order: another browser, a mobile network, a VPN in another country, a new address.
    Fixed,
}

/// How it went.
#[derive(Clone, Debug)]
pub struct Run {
    pub truth: Scope,
    pub diagnosis: Diagnosis,
    pub probes: u32,
}

impl Run {
    /// Whether the scope that was named is the true one. An undetermined one is not.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.diagnosis.scope == self.truth
    }

    /// Whether another scope was named, with a probability of 0.9 or more.
    #[must_use]
    pub fn is_confidently_wrong(&self) -> bool {
        self.diagnosis.scope != Scope::Undetermined && !self.is_right() && self.diagnosis.probability >= 0.9
    }
}

/// Probes a world until the diagnosis asks for no further probe, or there were too many.
///
/// # Panics
/// Where the corpus has no answer for the world's fault.
#[must_use]
pub fn follow(start: &Start, answers: &Answers, strategy: Strategy, seed: u64) -> Run {
    let Start { world, asker } = start;
    let rng = &mut Rng::with_seed(seed);
    let mut prober = Prober::new(asker.clone(), rng.u64(..));
    let limits = ProbeLimits::full();

    // Somebody looks into it because it failed.
    let first = (0..10_000).find_map(|_| {
        let answer = world.answer(answers, asker, 0.0, rng);
        let observation = world.observe(&answer, asker, 0);
        (observation.verdict.reason() == Some(world.fault.as_str())).then_some(observation)
    });
    let mut observations = vec![first.expect("the world fails for the one who asks first")];
    let mut diagnosis = diagnose(&observations, &[], &limits);
    for probes in 0..MOST_PROBES {
        let Some(probe) = &diagnosis.next_probe else {
            return Run { truth: world.scope(), diagnosis, probes };
        };
        let asker = match strategy {
            Strategy::NextProbe => prober.follow(probe),
            Strategy::Fixed => prober.fixed(probes),
        };
        let number = probes + 1;
        let answer = world.answer(answers, &asker, f64::from(number) * PAUSE, rng);
        observations.push(world.observe(&answer, &asker, number));
        diagnosis = diagnose(&observations, &[], &limits);
    }
    Run { truth: world.scope(), diagnosis, probes: MOST_PROBES }
}
