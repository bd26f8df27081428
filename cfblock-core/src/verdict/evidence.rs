//! What a verdict rests on.

#![allow(
    clippy::indexing_slicing,
    reason = "each place is one of its own table, or within an array of a stated length"
)]

use serde::{Deserialize, Serialize};

use crate::vocab::{Place, Signal};

/// One thing that a verdict rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Evidence {
    /// What was found.
    pub signal: Signal,
    /// Where it stands.
    #[serde(rename = "where")]
    pub place: Place,
    /// The byte's offset in the body, or the number of the hop in the history.
    pub at: Option<u32>,
}

/// A few pieces of evidence, kept without an allocation.
#[derive(Clone, Copy)]
pub(crate) struct EvidenceList {
    items: [Evidence; Self::CAPACITY],
    length: u8,
}

impl EvidenceList {
    const CAPACITY: usize = 8;

    /// Adds a piece of evidence; what comes after the eighth is dropped.
    pub(crate) fn push(&mut self, signal: Signal, place: Place, at: Option<usize>) {
        self.add(Evidence { signal, place, at: at.and_then(|at| u32::try_from(at).ok()) });
    }

    fn add(&mut self, evidence: Evidence) {
        if let Some(slot) = self.items.get_mut(usize::from(self.length)) {
            *slot = evidence;
            self.length += 1;
        }
    }

    pub(crate) fn as_slice(&self) -> &[Evidence] {
        &self.items[..usize::from(self.length)]
    }
}

impl Default for EvidenceList {
    fn default() -> Self {
        let unused = Evidence { signal: Signal::EdgeStatus, place: Place::Status, at: None };
        Self { items: [unused; Self::CAPACITY], length: 0 }
    }
}

impl FromIterator<Evidence> for EvidenceList {
    fn from_iter<I: IntoIterator<Item = Evidence>>(items: I) -> Self {
        let mut list = Self::default();
        items.into_iter().take(Self::CAPACITY).for_each(|evidence| list.add(evidence));
        list
    }
}

impl PartialEq for EvidenceList {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl std::fmt::Debug for EvidenceList {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.as_slice().fmt(f)
    }
}
