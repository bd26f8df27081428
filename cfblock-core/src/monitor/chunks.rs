//! A list that grows without ever moving what it holds.

#![allow(
    clippy::indexing_slicing,
    reason = "each place is one of its own table, or within an array of a stated length"
)]

use std::ops::{Index, IndexMut};

/// How many items a chunk has: about 100 kB of hosts or cells.
const CHUNK: usize = 4096;

/// A list in chunks: growing it copies nothing and leaves no holes behind.
#[derive(Clone, Debug)]
pub(super) struct Chunks<T>(Vec<Vec<T>>);

impl<T> Chunks<T> {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    pub(super) fn len(&self) -> u32 {
        let items = self.0.last().map_or(0, |last| (self.0.len() - 1) * CHUNK + last.len());
        u32::try_from(items).unwrap_or(u32::MAX)
    }

    /// Adds an item; its place.
    pub(super) fn push(&mut self, item: T) -> u32 {
        let place = self.len();
        match self.0.last_mut() {
            Some(last) if last.len() < CHUNK => last.push(item),
            // The first chunk grows as needed: most monitors watch a few hosts.
            None => self.0.push(vec![item]),
            Some(_) => {
                let mut chunk = Vec::with_capacity(CHUNK);
                chunk.push(item);
                self.0.push(chunk);
            }
        }
        place
    }
}

impl<T> Index<u32> for Chunks<T> {
    type Output = T;

    fn index(&self, place: u32) -> &T {
        &self.0[place as usize / CHUNK][place as usize % CHUNK]
    }
}

impl<T> IndexMut<u32> for Chunks<T> {
    fn index_mut(&mut self, place: u32) -> &mut T {
        &mut self.0[place as usize / CHUNK][place as usize % CHUNK]
    }
}
