//! Diagnoses of simulated worlds, as the program `worlds` measures them over many more.

use cfblock_core::{Scope, Verdict};
use cfblock_tests::worlds::{Answers, Pair, Summary, generate, pairs};

#[test]
fn diagnoses_find_the_scope_with_few_probes() {
    let seed = 1;
    let pairs = pairs(&Answers::load(), 500, seed);
    let summary = Summary::of(&pairs.iter().collect::<Vec<&Pair>>());
    assert!(summary.is_as_promised(), "seed {seed}: {summary:?}");
}

#[test]
fn worlds_answer_with_the_corpus() {
    let answers = Answers::load();
    let mut rng = fastrand::Rng::with_seed(7);
    for seed in 0..200 {
        let start = generate(seed);
        let response = answers.pick(&start.world.fault, "FRA", &mut rng);
        let verdict: Verdict = start.world.observe(&response, &start.asker, 0).verdict;
        assert_eq!(verdict.reason(), Some(start.world.fault.as_str()), "seed {seed}");
        assert_ne!(start.world.scope(), Scope::Undetermined, "seed {seed}");
    }
}

#[test]
fn worlds_are_their_seeds() {
    let debug = |seed| format!("{:?}", generate(seed));
    assert_eq!(debug(11), debug(11));
    assert_ne!(debug(11), debug(12));
}
