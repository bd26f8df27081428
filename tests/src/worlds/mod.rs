//! Simulated sites behind Cloudflare, to measure diagnoses on and to serve to real clients.
//!
//! A [`World`] has one fault and a rule that says whom it reaches. What it
//! answers are responses of the corpus. A diagnosis sees the answers and the
//! vantages, never the rule.

mod answers;
mod asker;
mod follow;
mod generate;
mod measure;
mod rule;
mod world;

pub use answers::{Answers, PAGE};
pub use asker::{Asker, Prober};
pub use follow::{MOST_PROBES, Run, Strategy, follow};
pub use generate::{Start, generate};
pub use measure::{Pair, Summary, pairs};
pub use rule::{Rule, Score, Seen};
pub use world::World;
