//! Diagnosis.

use cfblock_core::{Candidate, Diagnosis as CoreDiagnosis, Observation};
use napi::Result;
use napi_derive::napi;
use serde::de::DeserializeOwned;

use crate::convert::{from_value, to_json};
use crate::triage;

/// A diagnosis, which a monitor takes as it is.
#[napi]
#[derive(Debug)]
pub struct Diagnosis(pub(crate) CoreDiagnosis);

#[napi]
impl Diagnosis {
    /// The diagnosis as JSON.
    #[napi(catch_unwind)]
    pub fn record(&self) -> Result<String> {
        to_json(&self.0)
    }
}

/// Says whom a fault hits; each observation and candidate is JSON.
#[napi(catch_unwind)]
pub fn diagnose(
    observations: Vec<String>,
    candidates: Vec<String>,
    policy: Option<String>,
) -> Result<Diagnosis> {
    let observations: Vec<Observation> = read("observations", &observations)?;
    let candidates: Vec<Candidate> = read("candidates", &candidates)?;
    let limits = triage::limits(policy.as_deref())?;
    Ok(Diagnosis(cfblock_core::diagnose(&observations, &candidates, &limits)))
}

fn read<T: DeserializeOwned>(name: &str, items: &[String]) -> Result<Vec<T>> {
    items.iter().enumerate().map(|(at, text)| from_value(&format!("{name}[{at}]"), text)).collect()
}
