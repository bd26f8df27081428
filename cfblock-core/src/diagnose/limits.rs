//! What a diagnosis may ask for.

use crate::triage::Policy;
use crate::vocab::{Action, Change, Network};

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

impl From<&Policy> for ProbeLimits {
    /// What a policy of triage allows of a probe.
    fn from(policy: &Policy) -> Self {
        let mut limits = Self::full();
        limits.changes.retain(|change| match change {
            Change::Browser => policy.allows(Action::UseBrowser),
            change => policy.allows_change(*change),
        });
        if !policy.allows(Action::Probe) {
            limits.networks.clear();
        }
        limits
    }
}

impl Default for ProbeLimits {
    fn default() -> Self {
        Self::full()
    }
}
