//! Random (verdict, policy, context) triples, and courses over them: `advice-laws [COUNT] [SEED]`.
//!
//! The laws themselves are in `tests/suite/triage/laws.rs`; this command tries
//! far more inputs for what no law may break: no panic, at least one step, no
//! step sooner than stated, and an end. A find becomes a case there.

#![allow(clippy::print_stdout, reason = "it is a command")]

use cfblock_core::triage::{Context, Course, Next, Policy, triage};
use cfblock_core::{Action, Change, Verdict, codes};
use serde_json::json;

/// A small generator of numbers (xorshift64*), so that a seed alone decides.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }

    fn one_in(&mut self, chances: u64) -> bool {
        self.below(chances) == 0
    }

    fn some<T: Copy>(&mut self, of: &[T], one_in: u64) -> Vec<T> {
        of.iter().copied().filter(|_| self.one_in(one_in)).collect()
    }
}

fn verdicts() -> Vec<Verdict> {
    let mut all = Vec::new();
    for entry in codes::all() {
        for status in [None, Some(200), Some(403), Some(429), Some(503)] {
            for retry_after in [None, Some(0), Some(7), Some(86_400)] {
                for (retryable, preview) in
                    [(None, false), (Some(true), false), (Some(false), false), (None, true)]
                {
                    let mut record = json!({
                        "reason": entry.reason, "status": status, "retry_after": retry_after, "preview": preview,
                    });
                    if let Some(retryable) = retryable {
                        record["retryable"] = json!(retryable);
                    }
                    all.extend(serde_json::from_value::<Verdict>(record));
                }
            }
        }
    }
    all
}

fn main() {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse::<u64>().expect("a whole number"));
    let count = arguments.next().unwrap_or(10_000_000);
    let seed = arguments.next().unwrap_or(1);
    let mut numbers = Numbers(seed.max(1));
    let verdicts = verdicts();
    let mut steps = 0_u64;
    for _ in 0..count {
        let at = usize::try_from(numbers.below(verdicts.len() as u64)).unwrap_or(0);
        let Some(verdict) = verdicts.get(at) else { continue };
        #[allow(clippy::cast_possible_truncation, reason = "the bounds are small")]
        let policy = Policy::full()
            .exclude(numbers.some(Action::ALL, 5))
            .changes(numbers.some(Change::ALL, 2))
            .max_wait(numbers.below(100_000) as u32)
            .max_attempts(numbers.below(8) as u32);
        #[allow(clippy::cast_possible_truncation, reason = "the bounds are small")]
        let mut context = Context::new()
            .attempt(numbers.below(10) as u32)
            .method(if numbers.one_in(3) { "POST" } else { "GET" })
            .repeatable(numbers.one_in(4));
        context.others_succeed = match numbers.below(3) {
            0 => None,
            other => Some(other == 1),
        };
        context = numbers.some(Action::ALL, 4).into_iter().fold(context, Context::tried);
        let advice = triage(verdict, &policy, &context);
        assert!(!advice.steps.is_empty(), "{verdict:?} {policy:?} {context:?}");
        let stated = verdict.retry_after.unwrap_or(0);
        let early = advice.steps.iter().any(|step| step.sends() && stated > 0 && step.wait < Some(stated));
        assert!(!early, "{verdict:?} {policy:?} {context:?} {advice:?}");
        steps += advice.steps.len() as u64;
        if numbers.one_in(16) {
            let mut course =
                Course::new(policy.max_queue(600)).method(&context.method).can(&[Action::PauseHost]);
            let ends = (0..1000)
                .any(|_| matches!(course.next(verdict, context.others_succeed, 0.5), Next::End { .. }));
            assert!(ends, "{verdict:?} {course:?}");
        }
    }
    println!(
        "{count} triples of seed {seed}: {steps} steps, no panic, none sooner than stated, every course ended"
    );
}
