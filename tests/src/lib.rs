//! What the tests of cfblock share: the corpus, and the texts generated from the catalogue.
//!
//! The tests themselves are `conformance/` (one named test a case) and
//! `suite/` (everything else).

use std::path::PathBuf;

pub mod captures;
pub mod case;
pub mod courses;
pub mod edge;
pub mod generate;
pub mod record;
pub mod response;
pub mod streams;
pub mod words;
pub mod worlds;

/// The Rust blocks of the README, compiled and run as documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;

/// The root of the repository.
#[must_use]
pub fn repository() -> PathBuf {
    let mut root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.pop();
    root
}

/// The folder of the corpus.
#[must_use]
pub fn corpus() -> PathBuf {
    repository().join("tests/corpus")
}
