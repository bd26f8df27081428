//! The hosts that are remembered, and a cell for each class that occurred at one.
//!
//! A host takes 20 bytes, a cell 32, the index 6 bytes a host. The names are
//! not kept: a host is known by 64 bits of hash over pipeline and name.

#![allow(
    clippy::indexing_slicing,
    reason = "each place is one of its own table, or within an array of a stated length"
)]

use serde::{Deserialize, Serialize};

use super::chunks::Chunks;
use super::detector::{Cell, Tuning};
use crate::vocab::Class;

/// No host, no cell.
const NONE: u32 = LINK;
/// The part of a link that is a cell's place; a cell keeps its class in the rest.
const LINK: u32 = 0x0fff_ffff;
/// Marks a host with an open incident, in its link.
const PINNED: u32 = 0x8000_0000;
/// The link of a place without a host.
const FREE: u32 = LINK - 1;
/// From among so many neighbours the least recently used leaves.
const NEIGHBOURS: u32 = 32;

const _: () = assert!(Class::ALL.len() <= 16, "a link has four bits for the class");

/// One host of one pipeline.
#[derive(Clone, Copy, Debug)]
pub(super) struct Host {
    /// The key in two halves, for the sake of the alignment.
    key: [u32; 2],
    /// How many responses there were, apart from those of an open incident.
    pub(super) count: u32,
    /// When the host was last asked for, in responses of the whole table.
    pub(super) used: u32,
    /// The first cell, and whether an incident is open; or that there is no host.
    link: u32,
}

impl Host {
    pub(super) fn key(&self) -> u64 {
        u64::from(self.key[0]) << 32 | u64::from(self.key[1])
    }

    pub(super) fn is_pinned(&self) -> bool {
        self.link & PINNED != 0
    }

    fn has_cells(&self) -> bool {
        self.link & LINK != NONE
    }
}

/// A table that forgets hosts that were not asked for lately.
///
/// Exact order of use would cost two more far reads for each response, so a
/// hand goes round: of the next 32 hosts the least recently used one leaves.
/// In tables of up to 32 hosts that is exact.
#[derive(Clone, Debug)]
pub(super) struct Hosts {
    limit: u32,
    cell_limit: u32,
    entries: Chunks<Host>,
    /// Places without a host; the latest one freed is filled first.
    free: Vec<u32>,
    cells: Chunks<Cell>,
    /// The first free cell, which links the next.
    free_cell: u32,
    /// Places of hosts plus one, 0 where empty; probed linearly from the key's home.
    index: Vec<u32>,
    turns: Turns,
}

/// How the table has been used so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Turns {
    /// How often a host was asked for.
    now: u32,
    /// Where the search for a host to forget goes on.
    hand: u32,
    /// How many hosts were forgotten to make room.
    pub(super) left: u64,
}

impl Hosts {
    /// The largest number of hosts that links can address.
    pub(super) const MOST: u32 = LINK / 2;

    pub(super) fn new(most_hosts: u32, most_pinned: u32) -> Self {
        // Enough that cells can always be had by forgetting hosts that are not pinned.
        let most_cells = most_hosts as usize + Class::ALL.len() * (most_pinned as usize + 1);
        Self {
            limit: most_hosts,
            cell_limit: u32::try_from(most_cells).unwrap_or(FREE).min(FREE),
            entries: Chunks::new(),
            free: Vec::new(),
            cells: Chunks::new(),
            free_cell: NONE,
            index: Vec::new(),
            turns: Turns::default(),
        }
    }

    /// How many hosts are remembered.
    pub(super) fn len(&self) -> usize {
        self.entries.len() as usize - self.free.len()
    }

    pub(super) fn turns(&self) -> Turns {
        self.turns
    }

    /// The place of a host, which becomes the latest used.
    pub(super) fn touch(&mut self, key: u64) -> u32 {
        let place = self.find(key).unwrap_or_else(|| self.insert(key));
        self.turns.now = self.turns.now.wrapping_add(1);
        self.entries[place].used = self.turns.now;
        place
    }

    /// The place of a host that is remembered.
    pub(super) fn find(&self, key: u64) -> Option<u32> {
        if self.index.is_empty() {
            return None;
        }
        let mut at = self.home(key);
        loop {
            let place = self.index[at].checked_sub(1)?;
            if self.entries[place].key() == key {
                return Some(place);
            }
            at = self.after(at);
        }
    }

    pub(super) fn host(&self, place: u32) -> &Host {
        &self.entries[place]
    }

    /// Counts one response; the new count.
    pub(super) fn count(&mut self, place: u32) -> u32 {
        let host = &mut self.entries[place];
        host.count = host.count.wrapping_add(1);
        host.count
    }

    /// Keeps a host until [`Self::unpin`], however long it is not asked for.
    pub(super) fn pin(&mut self, place: u32) {
        self.entries[place].link |= PINNED;
    }

    pub(super) fn unpin(&mut self, place: u32) {
        self.entries[place].link &= !PINNED;
    }

    /// The cell of a class that occurred at a host.
    pub(super) fn cell(&mut self, place: u32, class: Class) -> Option<&mut Cell> {
        let at = self.cells_of(place).find(|at| self.class_of(*at) == Some(class))?;
        Some(&mut self.cells[at])
    }

    /// The cell of a class, made where there is none yet.
    pub(super) fn cell_or_new(&mut self, place: u32, class: Class, others: u32, tuning: Tuning) -> &mut Cell {
        let known = self.cells_of(place).find(|at| self.class_of(*at) == Some(class));
        let at = known.unwrap_or_else(|| self.add_cell(place, class, Cell::new(others, tuning)));
        &mut self.cells[at]
    }

    /// Gives a host a cell for a class that has none there.
    fn add_cell(&mut self, place: u32, class: Class, mut cell: Cell) -> u32 {
        while self.free_cell == NONE && self.cells.len() >= self.cell_limit {
            self.forget_one(|other, host| other != place && host.has_cells());
        }
        let host = &mut self.entries[place];
        cell.link = (class as u32) << 28 | (host.link & LINK);
        let at = if self.free_cell == NONE {
            self.cells.push(cell)
        } else {
            let at = self.free_cell;
            self.free_cell = self.cells[at].link;
            self.cells[at] = cell;
            at
        };
        host.link = (host.link & PINNED) | at;
        at
    }

    /// The cells of a host with their classes, the latest made first.
    pub(super) fn cells(&self, place: u32) -> impl Iterator<Item = (Class, &Cell)> + '_ {
        self.cells_of(place).filter_map(|at| Some((self.class_of(at)?, &self.cells[at])))
    }

    /// Every place in order; whether there is a host.
    pub(super) fn places(&self) -> impl Iterator<Item = (u32, bool)> + '_ {
        (0..self.entries.len()).map(|place| (place, self.entries[place].link != FREE))
    }

    /// The places without a host, in the order in which they became free.
    pub(super) fn free(&self) -> &[u32] {
        &self.free
    }

    /// Adds a place without a host, as it was saved.
    pub(super) fn restore_free(&mut self) {
        self.entries.push(Host { key: [0; 2], count: 0, used: 0, link: FREE });
    }

    /// Adds a place with a host, as it was saved, with its cells in the order of [`Self::cells`].
    ///
    /// `false` where the limits do not allow it.
    pub(super) fn restore(&mut self, key: u64, count: u32, used: u32, cells: &[(Class, Cell)]) -> bool {
        let room = self.cell_limit - self.cells.len();
        if self.entries.len() >= self.limit || cells.len() > room as usize {
            return false;
        }
        let host = Host { key: halves(key), count, used, link: NONE };
        let place = self.entries.push(host);
        self.fill(place, host);
        for (class, cell) in cells.iter().rev() {
            self.add_cell(place, *class, *cell);
        }
        true
    }

    /// Takes over how the table was used before it was saved; `false` where the free places are others.
    pub(super) fn restore_turns(&mut self, turns: Turns, free: Vec<u32>) -> bool {
        let mut sorted = free.clone();
        sorted.sort_unstable();
        self.turns = turns;
        self.free = free;
        self.places().filter(|(_, taken)| !taken).map(|(place, _)| place).eq(sorted)
    }

    fn cells_of(&self, place: u32) -> impl Iterator<Item = u32> + '_ {
        let step = |link: u32| (link & LINK != NONE).then_some(link & LINK);
        let first = step(self.host(place).link);
        std::iter::successors(first, move |at| step(self.cells[*at].link))
    }

    fn class_of(&self, cell: u32) -> Option<Class> {
        Class::ALL.get((self.cells[cell].link >> 28) as usize).copied()
    }

    fn insert(&mut self, key: u64) -> u32 {
        if self.len() >= self.limit as usize {
            self.forget_one(|_, _| true);
        }
        let host = Host { key: halves(key), count: 0, used: 0, link: NONE };
        let place = self.free.pop().unwrap_or_else(|| self.entries.push(host));
        self.fill(place, host);
        place
    }

    /// Puts a host in a place without one.
    fn fill(&mut self, place: u32, host: Host) {
        self.entries[place] = host;
        if self.entries.len() as usize * 3 > self.index.len() * 2 {
            self.rebuild_index();
        } else {
            self.enter(place);
        }
    }

    /// Forgets the least recently used of the next hosts that may leave; there has to be one.
    fn forget_one(&mut self, may_leave: impl Fn(u32, &Host) -> bool) {
        let mut seen = 0;
        let mut oldest: Option<(u32, u32)> = None;
        while seen < NEIGHBOURS || oldest.is_none() {
            let place = self.turns.hand % self.entries.len();
            self.turns.hand = place + 1;
            seen += 1;
            let host = &self.entries[place];
            if host.link != FREE && !host.is_pinned() && may_leave(place, host) {
                let age = self.turns.now.wrapping_sub(host.used);
                if oldest.is_none_or(|(_, oldest)| age > oldest) {
                    oldest = Some((place, age));
                }
            }
        }
        if let Some((place, _)) = oldest {
            self.forget(place);
        }
    }

    fn forget(&mut self, place: u32) {
        self.leave(place);
        let mut at = self.host(place).link & LINK;
        while at != NONE {
            let link = &mut self.cells[at].link;
            let next = *link & LINK;
            *link = self.free_cell;
            self.free_cell = at;
            at = next;
        }
        self.entries[place].link = FREE;
        self.free.push(place);
        self.turns.left += 1;
    }

    /// Where the search for a key begins: its share of the index.
    fn home(&self, key: u64) -> usize {
        let wide = u128::from(key) * self.index.len() as u128;
        usize::try_from(wide >> 64).unwrap_or_default()
    }

    fn after(&self, at: usize) -> usize {
        if at + 1 == self.index.len() { 0 } else { at + 1 }
    }

    fn enter(&mut self, place: u32) {
        let mut at = self.home(self.host(place).key());
        while self.index[at] != 0 {
            at = self.after(at);
        }
        self.index[at] = place + 1;
    }

    /// Takes a host out of the index and closes the gap.
    fn leave(&mut self, place: u32) {
        let mut gap = self.home(self.host(place).key());
        while self.index[gap] != place + 1 {
            gap = self.after(gap);
        }
        let length = self.index.len();
        let mut at = gap;
        loop {
            at = self.after(at);
            let Some(moved) = self.index[at].checked_sub(1) else { break };
            // It may fill the gap only if its search begins at or before the gap.
            let home = self.home(self.host(moved).key());
            if (at + length - home) % length >= (at + length - gap) % length {
                self.index[gap] = moved + 1;
                gap = at;
            }
        }
        self.index[gap] = 0;
    }

    fn rebuild_index(&mut self) {
        let most = self.limit as usize * 3 / 2 + 2;
        let length = (self.index.len() * 2).clamp(16, most.max(16));
        // Freed before the larger one is made.
        self.index = Vec::new();
        self.index = vec![0; length];
        for place in 0..self.entries.len() {
            if self.host(place).link != FREE {
                self.enter(place);
            }
        }
    }
}

#[allow(clippy::cast_possible_truncation, reason = "the two halves are taken apart")]
fn halves(key: u64) -> [u32; 2] {
    [(key >> 32) as u32, key as u32]
}
