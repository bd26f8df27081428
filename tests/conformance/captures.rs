//! One test a whole capture; the partial ones are only counted.

#![allow(clippy::print_stdout, reason = "a missing folder must be seen, not passed over")]

use cfblock_core::classify;
use cfblock_tests::captures::{self, Capture, FOLDER};
use cfblock_tests::record;
use libtest_mimic::{Failed, Trial};

pub(crate) fn trials(silent: bool) -> Vec<Trial> {
    let Some(captures) = captures::all() else {
        if !silent {
            println!("captures not present: no folder {FOLDER}");
        }
        return Vec::new();
    };
    let (partial, whole): (Vec<Capture>, Vec<Capture>) =
        captures.into_iter().partition(|capture| capture.label.partial);
    if !silent {
        let perfect = partial.iter().filter(|capture| faults(capture).is_empty()).count();
        println!("captures: {} whole; of {} partial ones {perfect} are perfect", whole.len(), partial.len());
    }
    whole
        .into_iter()
        .map(|capture| Trial::test(format!("captures::{}", capture.name), move || check(&capture)))
        .collect()
}

fn check(capture: &Capture) -> Result<(), Failed> {
    let faults = faults(capture);
    if faults.is_empty() { Ok(()) } else { Err(format!("{}: {}", capture.name, faults.join("; ")).into()) }
}

fn faults(capture: &Capture) -> Vec<String> {
    capture.label.faults(&record::of(&capture.response.with_parts(|parts| classify(&parts))))
}
