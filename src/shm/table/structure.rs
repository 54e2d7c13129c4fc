//! What all chains share: how many rows there are, and which slices are free.
//!
//! Changed under one mutex, with a record of what is going on written before and cleared after. Who finds a record when he takes
//! the mutex has it from the dead: he looks whether that change was committed, and computes everything anew from the numbers in the
//! record. That may be done again and again, should he die too. The commit itself is in a chain whose latch the dead one holds,
//! or who took it over: but nobody changes which rows are in a chain without having this mutex, so the answer stays the same.

use super::crash::point;
use super::layout::NEXT_FREE;
use super::{Stats, Table};
use crate::shm::mutex::{Mutex, Patience};
use crate::shm::process;
use std::sync::atomic::{Ordering, fence};

// In the head, from the start of the memory; each group in a cache line of its own.
const MUTEX: usize = 0;
pub(super) const DESTROYED: usize = 8;

const ROWS: usize = 64;
const INSERTS: usize = 72;
const DELETES: usize = 80;
const USED: usize = 88;
/// The first free slice of the list, or 0.
const FREE: usize = 96;
/// Slices above this were never used.
const FRESH: usize = 104;
const CONFLICTS: usize = 112;
const LONGEST: usize = 120;

/// The record: what, where, and the numbers of before.
const CHANGE: usize = 128;
const HOME: usize = 136;
const SLICE: usize = 144;
/// The numbers of before, in the order of [`NUMBERS`].
const BEFORE: usize = 152;
const NUMBERS: [usize; 5] = [INSERTS, DELETES, USED, FREE, FRESH];

/// Counters of changes, of which each process has one, or shares it with few: nobody waits for a cache line.
const UPDATES: usize = 256;
const LANES: usize = 32;

/// A change of the structure, by its commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub(super) enum Change {
    /// A row in a free home.
    First = 1,
    /// A slice at the end of a chain.
    Link = 2,
    /// The only row of a chain goes.
    Last = 3,
    /// A slice leaves a chain.
    Unlink = 4,
}

impl Change {
    fn recorded(number: u64) -> Option<Self> {
        [Self::First, Self::Link, Self::Last, Self::Unlink].into_iter().find(|change| *change as u64 == number)
    }
}

/// The structure of a table.
pub(super) struct Structure<'a>(&'a Table);

/// The structure, with its mutex held.
pub(super) struct Locked<'a>(&'a Table);

/// The structure, with its mutex held and a change on record.
pub(super) struct Changing<'a> {
    locked: Locked<'a>,
    change: Change,
    slice: u32,
}

impl<'a> Structure<'a> {
    pub(super) fn new(table: &'a Table) -> Self {
        Self(table)
    }

    fn mutex(&self) -> &'a Mutex {
        self.0.memory.mutex(MUTEX)
    }

    pub(super) fn lock(&self) -> Locked<'a> {
        // Without a limit it cannot fail.
        let _ = self.mutex().lock(Patience::Endless);
        let locked = Locked(self.0);
        locked.settle();
        locked
    }

    /// Locks, and records a change.
    pub(super) fn open(&self, change: Change, home: u32, slice: u32) -> Changing<'a> {
        self.lock().begin(change, home, slice)
    }

    pub(super) fn len(&self) -> u64 {
        if self.mutex().is_locked() {
            return self.lock().get(ROWS);
        }
        self.0.memory.word(ROWS).load(Ordering::Acquire)
    }

    pub(super) fn stats(&self) -> Stats {
        let locked = self.lock();
        let slices = u64::from(self.0.layout.slices());
        let lanes = (0..LANES).map(|lane| self.0.memory.word(UPDATES + 64 * lane).load(Ordering::Relaxed));
        Stats {
            rows: locked.get(ROWS),
            conflicts: locked.get(CONFLICTS),
            longest_chain: locked.get(LONGEST),
            inserts: locked.get(INSERTS),
            updates: lanes.fold(0, u64::wrapping_add),
            deletes: locked.get(DELETES),
            free_slices: slices - locked.get(USED).min(slices),
            slices,
        }
    }

    /// Counts a change of a row.
    #[inline]
    pub(super) fn count_update(&self) {
        let lane = process::me() as usize % LANES;
        self.0.memory.word(UPDATES + 64 * lane).fetch_add(1, Ordering::Relaxed);
    }
}

impl<'a> Locked<'a> {
    fn get(&self, at: usize) -> u64 {
        self.0.memory.word(at).load(Ordering::Relaxed)
    }

    fn put(&self, at: usize, number: u64) {
        self.0.memory.word(at).store(number, Ordering::Relaxed);
    }

    /// Counts a key that has `level` others before it.
    pub(super) fn count_conflict(&self, level: u32) {
        self.put(CONFLICTS, self.get(CONFLICTS) + 1);
        self.put(LONGEST, self.get(LONGEST).max(level.into()));
    }

    /// A slice that is free; it stays so until a change that uses it is closed.
    pub(super) fn free_slice(&self) -> Option<u32> {
        match self.get(FREE) {
            0 if self.get(FRESH) >= u64::from(self.0.layout.slices()) => None,
            0 => Some(self.get(FRESH) as u32 + 1),
            slice => Some(slice as u32),
        }
    }

    /// Records a change that is about to be committed.
    pub(super) fn begin(self, change: Change, home: u32, slice: u32) -> Changing<'a> {
        self.put(HOME, home.into());
        self.put(SLICE, slice.into());
        for (index, number) in NUMBERS.into_iter().enumerate() {
            self.put(BEFORE + 8 * index, self.get(number));
        }
        fence(Ordering::Release);
        self.put(CHANGE, change as u64);
        fence(Ordering::Release);
        point();
        Changing { locked: self, change, slice }
    }

    /// Finishes what the dead had on record.
    fn settle(&self) {
        let Some(change) = Change::recorded(self.get(CHANGE)) else { return };
        let (home, slice) = (self.get(HOME) as u32, self.get(SLICE) as u32);
        let root = self.0.home_place(home);
        let committed = match change {
            Change::First => self.0.is_row(root),
            Change::Last => !self.0.is_row(root),
            Change::Link => self.is_linked(home, slice),
            Change::Unlink => !self.is_linked(home, slice),
        };
        self.finish(change, slice, committed);
    }

    /// Whether a slice is in the chain of a home row.
    fn is_linked(&self, home: u32, slice: u32) -> bool {
        let mut place = self.0.home_place(home);
        if !self.0.is_row(place) {
            return false;
        }
        loop {
            match self.0.next(self.0.name(place)) {
                0 => return false,
                next if next == slice => return true,
                next => place = self.0.slice_place(next),
            }
        }
    }

    /// Sets the numbers and the list of free slices as the recorded change leaves them, and clears the record.
    fn finish(&self, change: Change, slice: u32, committed: bool) {
        let [inserts, deletes, used, free, fresh] = std::array::from_fn(|index| self.get(BEFORE + 8 * index));
        let next_free = |slice: u32| self.0.memory.half(self.0.slice_place(slice) + NEXT_FREE);
        let (mut inserts, mut deletes, mut used, mut free, mut fresh) = (inserts, deletes, used, free, fresh);
        if committed {
            match change {
                Change::First | Change::Link => inserts += 1,
                Change::Last | Change::Unlink => deletes += 1,
            }
            match change {
                Change::Link if free == u64::from(slice) => {
                    used += 1;
                    free = next_free(slice).load(Ordering::Relaxed).into();
                }
                Change::Link => (used, fresh) = (used + 1, slice.into()),
                Change::Unlink => {
                    next_free(slice).store(free as u32, Ordering::Relaxed);
                    used = used.saturating_sub(1);
                    free = slice.into();
                }
                Change::First | Change::Last => {}
            }
        }
        for (at, number) in NUMBERS.into_iter().zip([inserts, deletes, used, free, fresh]) {
            self.put(at, number);
            point();
        }
        self.put(ROWS, inserts.wrapping_sub(deletes));
        fence(Ordering::Release);
        point();
        self.put(CHANGE, 0);
        point();
    }
}

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        self.0.memory.mutex(MUTEX).unlock();
    }
}

impl Changing<'_> {
    /// The change is committed.
    pub(super) fn close(self) {
        self.locked.finish(self.change, self.slice, true);
    }
}
