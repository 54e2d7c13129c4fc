//! A read-write lock between processes that the dead cannot keep.
//!
//! Its holders are listed by name: one slot for each read lock, so that those of a dead process can be told from the others'. A
//! [`Mutex`] guards the list for the few instructions that looking and taking need; it recovers by itself, and the list is valid at any moment,
//! because taking and giving back are one store each. Readers go first, as with pthread: a waiting writer keeps no reader out.

use super::futex::{self, Wake};
use super::mutex::{Failure, Mutex, Patience, Slices};
use super::pool::Shareable;
use super::process;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// How many read locks can be held at a time.
pub const READERS: usize = 508;

/// The lock, a page; all zero is unlocked.
#[derive(Debug)]
#[repr(C)]
pub struct RwLock {
    guard: Mutex,
    writer: AtomicU64,
    /// Changes whenever those who wait should look again.
    changes: AtomicU32,
    /// Whether somebody may be waiting.
    waiting: AtomicU32,
    /// No reader has ever been at this slot or above.
    top: AtomicU64,
    readers: [AtomicU64; READERS],
}

// SAFETY: all fields are atomics, for which zero is valid.
unsafe impl Shareable for RwLock {}

/// What a holder may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Read, beside other readers.
    Read,
    /// Write, alone.
    Write,
}

impl RwLock {
    /// Takes it.
    ///
    /// # Errors
    /// `Busy`, `TimedOut`, `TooMany`, or `Deadlock` when this process has it for writing and would wait for itself.
    pub fn lock(&self, mode: Mode, patience: Patience) -> Result<(), Failure> {
        let mut slices = Slices::new(patience);
        // Asking whether holders live takes a while: only when not waiting, or after waiting in vain.
        let mut doubt = matches!(patience, Patience::Try);
        loop {
            self.guard()?;
            let taken = self.take(mode, doubt);
            if taken.is_err() {
                self.waiting.store(1, Ordering::Relaxed);
            }
            let seen = self.changes.load(Ordering::Relaxed);
            let own = self.writer.load(Ordering::Relaxed) == process::me();
            self.guard.unlock();
            match taken {
                Err(Failure::Busy) if own && !matches!(patience, Patience::Try) => return Err(Failure::Deadlock),
                Err(Failure::Busy) => {}
                done => return done,
            }
            doubt = futex::wait(&self.changes, seen, Some(slices.next()?)) == Wake::TimedOut;
        }
    }

    /// Gives back what this process holds; what another holds if this one holds nothing; nothing if it is free.
    pub fn unlock(&self) {
        if self.guard().is_err() {
            return;
        }
        let me = process::me();
        let of_me = |slot: &&AtomicU64| slot.load(Ordering::Relaxed) == me;
        let of_any = |slot: &&AtomicU64| slot.load(Ordering::Relaxed) != 0;
        let writer = &self.writer;
        let held = Some(writer).filter(of_me).or_else(|| self.slots().iter().find(of_me));
        let held = held.or_else(|| Some(writer).filter(of_any)).or_else(|| self.slots().iter().find(of_any));
        if let Some(slot) = held {
            slot.store(0, Ordering::Relaxed);
        }
        let waiting = self.waiting.swap(0, Ordering::Relaxed) != 0;
        if waiting {
            self.changes.fetch_add(1, Ordering::Relaxed);
        }
        self.guard.unlock();
        if waiting {
            futex::wake(&self.changes, i32::MAX);
        }
    }

    fn guard(&self) -> Result<(), Failure> {
        self.guard.lock(Patience::Endless)
    }

    /// The slots that may be in use.
    fn slots(&self) -> &[AtomicU64] {
        &self.readers[..(self.top.load(Ordering::Relaxed) as usize).min(READERS)]
    }

    /// Takes it if it is free. With `doubt`, what the dead hold is free. The guard is held.
    fn take(&self, mode: Mode, doubt: bool) -> Result<(), Failure> {
        if is_held(&self.writer, doubt) {
            return Err(Failure::Busy);
        }
        if mode == Mode::Write {
            if self.slots().iter().any(|slot| is_held(slot, doubt)) {
                return Err(Failure::Busy);
            }
            self.writer.store(process::me(), Ordering::Relaxed);
            return Ok(());
        }
        let top = self.slots().len();
        let mut free = self.slots().iter().position(|slot| slot.load(Ordering::Relaxed) == 0);
        if free.is_none() && top == READERS {
            free = self.slots().iter().position(|slot| !is_held(slot, true));
        }
        let slot = free.unwrap_or(top);
        let place = self.readers.get(slot).ok_or(Failure::TooMany)?;
        if slot == top {
            self.top.store(slot as u64 + 1, Ordering::Relaxed);
        }
        place.store(process::me(), Ordering::Relaxed);
        Ok(())
    }
}

/// Whether somebody holds this slot; with `doubt`, a dead holder is removed.
fn is_held(slot: &AtomicU64, doubt: bool) -> bool {
    let owner = slot.load(Ordering::Relaxed);
    if owner != 0 && doubt && process::is_dead(owner) {
        slot.store(0, Ordering::Relaxed);
        return false;
    }
    owner != 0
}
