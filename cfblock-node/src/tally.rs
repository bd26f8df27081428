//! Tallies.

use cfblock_core::{ErrorCode, Tally as CoreTally};
use napi::Result;
use napi_derive::napi;

use crate::convert::{from_text, refuse, to_json, word};

/// Counts of responses that many workers make and that can be put together in any order.
#[napi]
#[derive(Debug, Default)]
pub struct Tally(CoreTally);

#[napi]
impl Tally {
    /// Nothing counted yet.
    #[napi(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts one response, for a part that nobody else counts for.
    #[napi(catch_unwind)]
    pub fn add(
        &mut self,
        part: String,
        pipeline: String,
        host: String,
        class: String,
        error_code: Option<u16>,
    ) -> Result<()> {
        let code = error_code.map(ErrorCode::new);
        self.0.add(&part, &pipeline, &host, word("class", &class)?, code);
        Ok(())
    }

    /// Takes in what another tally knows.
    #[napi(catch_unwind)]
    pub fn merge(&mut self, other: String) -> Result<()> {
        self.0.merge(&Self::restore(other)?.0);
        Ok(())
    }

    /// The sums, as JSON.
    #[napi(catch_unwind)]
    pub fn rows(&self) -> Result<String> {
        to_json(&self.0.rows())
    }

    /// Everything it knows, as JSON.
    #[napi(catch_unwind)]
    pub fn save(&self) -> Result<String> {
        to_json(&self.0.save())
    }

    /// Goes on where a saved tally stopped.
    #[napi(factory, catch_unwind)]
    pub fn restore(state: String) -> Result<Self> {
        CoreTally::restore(from_text("state", &state)?).map(Self).map_err(refuse)
    }
}
