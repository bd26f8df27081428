//! What the benchmarks rely on, checked where time plays no part.

use cfblock_benches::{Case, cases};
use cfblock_core::{Verdict, classify};

fn verdict(case: &Case) -> Verdict {
    let pairs = case.pairs();
    classify(&case.parts(&pairs))
}

#[test]
fn every_case_is_what_it_claims_to_be() {
    for case in cases() {
        let record = serde_json::to_value(verdict(&case)).unwrap();
        for (member, expected) in &case.expect {
            assert_eq!(&record[member], expected, "{}: {member}", case.name);
        }
    }
}

#[test]
fn no_case_holds_the_byte_that_the_yardstick_looks_for() {
    for case in cases() {
        assert_eq!(memchr::memchr(cfblock_benches::ABSENT, case.bytes()), None, "{}", case.name);
    }
}

#[test]
fn what_is_not_intercepted_is_classified_without_an_allocation() {
    for case in cases() {
        let pairs = case.pairs();
        let parts = case.parts(&pairs);
        let mut intercepted = false;
        let counted = allocation_counter::measure(|| intercepted = classify(&parts).is_intercepted());
        assert!(intercepted || counted.count_total == 0, "{}: {counted:?}", case.name);
    }
}
