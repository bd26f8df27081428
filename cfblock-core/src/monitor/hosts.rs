//! The hosts that are remembered, and a cell for each class that occurred at one.
//!
//! A host takes 24 bytes, a cell 32, the index 6 bytes a host. The names are
//! not kept: a host is known by 64 bits of hash over pipeline and name.

use super::detector::{Cell, Tuning};
use crate::vocab::Class;

/// No host, no cell.
const NONE: u32 = LINK;
/// The part of a link that is a cell's place; a cell keeps its class in the rest.
const LINK: u32 = 0x0fff_ffff;
/// Marks a host with an open incident, in its link.
const PINNED: u32 = 0x8000_0000;
const _: () = assert!(Class::ALL.len() <= 16, "a link has four bits for the class");

/// The link of a place without a host.
const FREE: u32 = LINK - 1;

/// One host of one pipeline.
#[derive(Clone, Copy, Debug)]
pub(super) struct Host {
    pub(super) key: u64,
    /// The neighbours in the order of use; `older` also links what is free.
    older: u32,
    newer: u32,
    /// How many responses there were, apart from those of an open incident.
    pub(super) count: u32,
    /// The first cell, and whether an incident is open.
    link: u32,
}

/// A table that forgets the hosts that were not asked for the longest.
#[derive(Clone, Debug)]
pub(super) struct Hosts {
    limit: u32,
    cell_limit: usize,
    entries: Vec<Host>,
    free_host: u32,
    cells: Vec<Cell>,
    free_cell: u32,
    /// Places of hosts plus one, 0 where empty; probed linearly from the key's home.
    index: Vec<u32>,
    oldest: u32,
    newest: u32,
    live: u32,
    left: u64,
}

impl Hosts {
    /// The largest number of hosts that links can address.
    pub(super) const MOST: u32 = LINK / 2;

    pub(super) fn new(most_hosts: u32, most_pinned: u32) -> Self {
        // Enough that cells can always be had by forgetting hosts that are not pinned.
        let most_cells = most_hosts as usize + Class::ALL.len() * (most_pinned as usize + 1);
        Self {
            limit: most_hosts,
            cell_limit: most_cells.min(FREE as usize),
            entries: Vec::new(),
            free_host: NONE,
            cells: Vec::new(),
            free_cell: NONE,
            index: Vec::new(),
            oldest: NONE,
            newest: NONE,
            live: 0,
            left: 0,
        }
    }

    /// How many hosts are remembered.
    pub(super) fn len(&self) -> u32 {
        self.live
    }

    /// How many were forgotten to make room.
    pub(super) fn left(&self) -> u64 {
        self.left
    }

    /// The place of a host, which becomes the latest used.
    pub(super) fn touch(&mut self, key: u64) -> u32 {
        match self.find(key) {
            Some(place) => {
                if place != self.newest && !self.is_pinned(place) {
                    self.unlink(place);
                    self.link_newest(place);
                }
                place
            }
            None => self.insert(key),
        }
    }

    /// The place of a host that is remembered.
    pub(super) fn find(&self, key: u64) -> Option<u32> {
        if self.index.is_empty() {
            return None;
        }
        let mut at = self.home(key);
        loop {
            let place = self.index[at].checked_sub(1)?;
            if self.host(place).key == key {
                return Some(place);
            }
            at = self.after(at);
        }
    }

    pub(super) fn host(&self, place: u32) -> &Host {
        &self.entries[place as usize]
    }

    /// Counts one response; the new count.
    pub(super) fn count(&mut self, place: u32) -> u32 {
        let host = &mut self.entries[place as usize];
        host.count = host.count.wrapping_add(1);
        host.count
    }

    pub(super) fn is_pinned(&self, place: u32) -> bool {
        self.host(place).link & PINNED != 0
    }

    /// Keeps a host until [`Self::unpin`], however long it is not asked for.
    pub(super) fn pin(&mut self, place: u32) {
        if !self.is_pinned(place) {
            self.unlink(place);
            self.entries[place as usize].link |= PINNED;
        }
    }

    pub(super) fn unpin(&mut self, place: u32) {
        if self.is_pinned(place) {
            self.entries[place as usize].link &= !PINNED;
            self.link_newest(place);
        }
    }

    /// The cell of a class that occurred at a host.
    pub(super) fn cell(&mut self, place: u32, class: Class) -> Option<&mut Cell> {
        let at = self.cells_of(place).find(|at| self.class_of(*at) == Some(class))?;
        self.cells.get_mut(at as usize)
    }

    /// The cell of a class, made where there is none yet.
    pub(super) fn cell_or_new(&mut self, place: u32, class: Class, others: u32, tuning: Tuning) -> &mut Cell {
        let known = self.cells_of(place).find(|at| self.class_of(*at) == Some(class));
        let at = known.unwrap_or_else(|| self.add_cell(place, class, Cell::new(others, tuning)));
        &mut self.cells[at as usize]
    }

    /// Gives a host a cell for a class that has none there.
    fn add_cell(&mut self, place: u32, class: Class, mut cell: Cell) -> u32 {
        while self.free_cell == NONE && self.cells.len() >= self.cell_limit {
            // The host itself was just used, so that its turn comes last.
            self.forget(self.oldest);
        }
        let host = &mut self.entries[place as usize];
        cell.link = (class as u32) << 28 | (host.link & LINK);
        let at = if self.free_cell == NONE {
            grow(&mut self.cells, self.cell_limit);
            self.cells.push(cell);
            place_of(self.cells.len() - 1)
        } else {
            let at = self.free_cell;
            self.free_cell = self.cells[at as usize].link;
            self.cells[at as usize] = cell;
            at
        };
        host.link = (host.link & PINNED) | at;
        at
    }

    /// The hosts from the one that was not asked for the longest to the latest, then the pinned ones.
    pub(super) fn in_order(&self) -> impl Iterator<Item = u32> + '_ {
        let step = |at: u32| (at != NONE).then_some(at);
        let listed = std::iter::successors(step(self.oldest), move |at| step(self.host(*at).newer));
        // What is free is in no list and not pinned either.
        let pinned = (0..place_of(self.entries.len())).filter(|place| self.is_pinned(*place));
        listed.chain(pinned)
    }

    /// The cells of a host with their classes, the latest made first.
    pub(super) fn cells(&self, place: u32) -> impl Iterator<Item = (Class, &Cell)> + '_ {
        self.cells_of(place).filter_map(|at| Some((self.class_of(at)?, &self.cells[at as usize])))
    }

    /// Puts a saved host in as the latest used; its cells come the latest made first.
    pub(super) fn restore(&mut self, key: u64, count: u32, cells: &[(Class, Cell)]) -> u32 {
        let place = self.insert(key);
        self.entries[place as usize].count = count;
        for (class, cell) in cells.iter().rev() {
            self.add_cell(place, *class, *cell);
        }
        place
    }

    /// Takes over how many hosts were forgotten before the state was saved.
    pub(super) fn restore_left(&mut self, left: u64) {
        self.left = left;
    }

    fn cells_of(&self, place: u32) -> impl Iterator<Item = u32> + '_ {
        let step = |link: u32| (link & LINK != NONE).then_some(link & LINK);
        let first = step(self.host(place).link);
        std::iter::successors(first, move |at| step(self.cells[*at as usize].link))
    }

    fn class_of(&self, cell: u32) -> Option<Class> {
        Class::ALL.get((self.cells[cell as usize].link >> 28) as usize).copied()
    }

    fn insert(&mut self, key: u64) -> u32 {
        if self.live >= self.limit {
            self.forget(self.oldest);
        }
        let host = Host { key, older: NONE, newer: NONE, count: 0, link: NONE };
        let place = if self.free_host == NONE {
            grow(&mut self.entries, self.limit as usize);
            self.entries.push(host);
            place_of(self.entries.len() - 1)
        } else {
            let place = self.free_host;
            self.free_host = self.host(place).older;
            self.entries[place as usize] = host;
            place
        };
        self.live += 1;
        self.link_newest(place);
        if self.live as usize * 3 > self.index.len() * 2 {
            self.rebuild_index();
        } else {
            self.enter(place);
        }
        place
    }

    /// Forgets a host that is not pinned.
    fn forget(&mut self, place: u32) {
        self.unlink(place);
        self.leave(place);
        let mut at = self.host(place).link & LINK;
        while at != NONE {
            let link = &mut self.cells[at as usize].link;
            let next = *link & LINK;
            *link = self.free_cell;
            self.free_cell = at;
            at = next;
        }
        let host = &mut self.entries[place as usize];
        host.older = self.free_host;
        host.link = FREE;
        self.free_host = place;
        self.live -= 1;
        self.left += 1;
    }

    fn unlink(&mut self, place: u32) {
        let Host { older, newer, .. } = *self.host(place);
        match older {
            NONE => self.oldest = newer,
            older => self.entries[older as usize].newer = newer,
        }
        match newer {
            NONE => self.newest = older,
            newer => self.entries[newer as usize].older = older,
        }
    }

    fn link_newest(&mut self, place: u32) {
        let older = std::mem::replace(&mut self.newest, place);
        match older {
            NONE => self.oldest = place,
            older => self.entries[older as usize].newer = place,
        }
        let host = &mut self.entries[place as usize];
        host.older = older;
        host.newer = NONE;
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
        let mut at = self.home(self.host(place).key);
        while self.index[at] != 0 {
            at = self.after(at);
        }
        self.index[at] = place + 1;
    }

    /// Takes a host out of the index and closes the gap.
    fn leave(&mut self, place: u32) {
        let mut gap = self.home(self.host(place).key);
        while self.index[gap] != place + 1 {
            gap = self.after(gap);
        }
        let length = self.index.len();
        let mut at = gap;
        loop {
            at = self.after(at);
            let Some(moved) = self.index[at].checked_sub(1) else { break };
            // It may fill the gap only if its search begins at or before the gap.
            let home = self.home(self.host(moved).key);
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
        for place in 0..place_of(self.entries.len()) {
            if self.host(place).link != FREE {
                self.enter(place);
            }
        }
    }
}

/// The hash of a host in a pipeline; upper and lower case of a host's name are the same.
pub(super) fn key(seed: u64, pipeline: &str, host: &str) -> u64 {
    // Digits of pi: any odd numbers without a pattern do.
    let state = feed(seed ^ 0x243f_6a88_85a3_08d3, pipeline, false);
    let state = feed(state ^ 0x1319_8a2e_0370_7345, host, true);
    fold(state, 0xa409_3822_299f_31d1)
}

fn feed(mut state: u64, text: &str, any_case: bool) -> u64 {
    for chunk in text.as_bytes().chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        if any_case {
            word.make_ascii_lowercase();
        }
        state = fold(state ^ u64::from_le_bytes(word), 0x082e_fa98_ec4e_6c89);
    }
    fold(state ^ text.len() as u64, 0x4528_21e6_38d0_1377)
}

/// Mixes by the two halves of a product.
#[allow(clippy::cast_possible_truncation, reason = "the two halves are taken apart")]
fn fold(value: u64, factor: u64) -> u64 {
    let product = u128::from(value) * u128::from(factor);
    product as u64 ^ (product >> 64) as u64
}

/// Makes room for another item, never for more than `most`.
fn grow<T>(items: &mut Vec<T>, most: usize) {
    if items.len() == items.capacity() {
        let more = items.len().max(16).min(most.saturating_sub(items.len())).max(1);
        items.reserve_exact(more);
    }
}

/// The place of an item; tables are too short for it to overflow.
fn place_of(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(NONE)
}
