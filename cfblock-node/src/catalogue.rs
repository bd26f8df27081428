//! The catalogue, the closed sets of words, and tickets.

use cfblock_core::owner;
use cfblock_core::{codes as core_codes, vocab};
use napi::Result;
use napi_derive::napi;
use serde_json::{Map, Value};

use crate::convert::{from_value, refuse, to_json};
use crate::snapshot;

/// What a code or another word of a verdict means, in words.
#[napi(catch_unwind)]
pub fn explain(word: String) -> Result<String> {
    cfblock_cli::explain(&word).map_err(refuse)
}

/// The entries of the catalogue, as JSON.
#[napi(catch_unwind)]
pub fn codes() -> Result<String> {
    to_json(&core_codes::all().collect::<Vec<_>>())
}

/// The closed sets of words as JSON, each in the order of its declaration.
#[napi(catch_unwind)]
pub fn words() -> Result<String> {
    let mut sets = Map::new();
    macro_rules! set {
        ($($set:ident)+) => {
            $(sets.insert(
                stringify!($set).to_owned(),
                vocab::$set::ALL.iter().map(|word| Value::from(word.as_str())).collect(),
            );)+
        };
    }
    set!(Action Attribute Audience ChallengeType Change Class Classification Confidence EventKind Network);
    set!(Party Phase Place Producer Provenance Recovery Scope Signal ReachedOrigin SiteState Held Failure Aim);
    to_json(&sets)
}

/// A message to the site's owner; the details are JSON.
#[napi(catch_unwind)]
pub fn ticket(facts: String, details: String) -> Result<String> {
    Ok(owner::ticket(&snapshot::read(&facts)?, &from_value("details", &details)?))
}

/// The version of the package.
#[napi]
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
