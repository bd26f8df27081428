//! What a diagnosis may ask for.

use crate::vocab::{Change, Network};

/// What the caller is willing to do in order to find out, and afterwards.
///
/// Repeating a request, asking for another path and asking more slowly are
/// always allowed: they change nothing about who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProbeLimits {
    /// What may be changed about who asks. [`Change::Browser`] stands for handing over to a real browser.
    pub changes: Vec<Change>,
    /// The kinds of network that a probe may be sent from, besides the one that failed.
    pub networks: Vec<Network>,
}

impl ProbeLimits {
    /// Everything may be changed.
    #[must_use]
    pub fn full() -> Self {
        Self { changes: Change::ALL.to_vec(), networks: Network::ALL.to_vec() }
    }

    /// Nothing about who asks may be changed.
    #[must_use]
    pub fn cooperative() -> Self {
        Self { changes: Vec::new(), networks: Vec::new() }
    }

    pub(super) fn allows(&self, change: Change) -> bool {
        self.changes.contains(&change)
    }
}

impl Default for ProbeLimits {
    fn default() -> Self {
        Self::full()
    }
}
