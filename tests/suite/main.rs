//! Everything that is no case of the corpus.

mod catalogue;
mod command;
mod corpus;
mod edge;
mod generated;
mod monitor;
mod owner;
#[cfg(feature = "html")]
mod page;
mod properties;
mod readme;
mod source;
mod triage;
mod worlds;

/// Fails with every offender by name, rather than with the first.
#[track_caller]
fn assert_none(rule: &str, offenders: impl IntoIterator<Item = String>) {
    let offenders: Vec<String> = offenders.into_iter().collect();
    assert!(offenders.is_empty(), "{rule}; {} do not:\n  {}", offenders.len(), offenders.join("\n  "));
}
