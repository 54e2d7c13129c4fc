//! A mutex between processes that the dead cannot keep.
//!
//! One 64-bit word: 0, or the holder's [`Owner`] with [`WAITERS`] when somebody may sleep. Whoever waits sleeps on its lower half in
//! slices; after a slice in which the holder did not change he asks the kernel whether the holder still lives, and if not takes
//! its place with one compare-and-swap. Slices also make it harmless that a process dies between "unlock" and "wake", or after it
//! was woken and before it locked.
//!
//! Why not pthread's robust mutexes: they insist that the holder unlocks. Swoole's mutex may be unlocked by any process (one
//! process locks, another lets the waiters go), which programs use. And the kernel's list of robust futexes, which would tell of a death at
//! once, belongs to libc and lives in the holder's private memory: another process could not take the lock out of it.

use super::futex::{self, Wake};
use super::process::{self, Owner};
use super::sync::{AtomicU64, Ordering, SPINS, spin_loop};
use std::time::{Duration, Instant};

/// Somebody may sleep; the bit that no pid has.
const WAITERS: u64 = 1 << 31;
/// The first slice: short, because the holder may have died long ago.
const FIRST_SLICE: Duration = Duration::from_millis(2);
/// The longest slice: how late a death may be noticed.
pub const LONGEST_SLICE: Duration = Duration::from_millis(100);

/// Why a lock was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Somebody has it, and the caller did not want to wait.
    Busy,
    /// The time passed.
    TimedOut,
    /// The caller has it already, for writing.
    Deadlock,
    /// It has more holders than it can count.
    TooMany,
}

/// How long to wait for a lock.
#[derive(Clone, Copy, Debug)]
pub enum Patience {
    /// Not at all.
    Try,
    /// Until then.
    Until(Instant),
    /// For ever.
    Endless,
}

/// Sleeps of growing length that end with the caller's patience.
pub(crate) struct Slices {
    patience: Patience,
    next: Duration,
}

impl Slices {
    pub(crate) fn new(patience: Patience) -> Self {
        Self { patience, next: FIRST_SLICE }
    }

    /// The length of the next sleep.
    pub(crate) fn next(&mut self) -> Result<Duration, Failure> {
        let slice = self.next;
        self.next = (slice * 4).min(LONGEST_SLICE);
        match self.patience {
            Patience::Try => Err(Failure::Busy),
            Patience::Endless => Ok(slice),
            Patience::Until(end) => match end.saturating_duration_since(Instant::now()) {
                Duration::ZERO => Err(Failure::TimedOut),
                left => Ok(slice.min(left)),
            },
        }
    }
}

/// The mutex; all zero is unlocked.
#[derive(Debug)]
#[repr(transparent)]
pub struct Mutex {
    word: AtomicU64,
}

impl Default for Mutex {
    fn default() -> Self {
        Self { word: AtomicU64::new(0) }
    }
}

impl Mutex {
    /// Takes it.
    ///
    /// # Errors
    /// `Busy` or `TimedOut`.
    #[inline]
    pub fn lock(&self, patience: Patience) -> Result<(), Failure> {
        let me = process::me();
        match self.word.compare_exchange(0, me, Ordering::Acquire, Ordering::Relaxed) {
            Ok(_) => Ok(()),
            Err(_) => self.lock_contended(me, patience),
        }
    }

    #[cold]
    fn lock_contended(&self, me: Owner, patience: Patience) -> Result<(), Failure> {
        if matches!(patience, Patience::Try) {
            let seen = self.word.load(Ordering::Relaxed);
            let free = seen == 0 || process::is_dead(seen & !WAITERS);
            return if free && self.replace(seen, me | seen & WAITERS) { Ok(()) } else { Err(Failure::Busy) };
        }
        for _ in 0..SPINS {
            spin_loop();
            if self.word.load(Ordering::Relaxed) == 0 && self.replace(0, me) {
                return Ok(());
            }
        }
        let mut slices = Slices::new(patience);
        loop {
            let seen = self.word.load(Ordering::Relaxed);
            // With the bit: others may sleep too, and it is we who must wake the next one.
            if seen == 0 {
                if self.replace(0, me | WAITERS) {
                    return Ok(());
                }
                continue;
            }
            let marked = seen | WAITERS;
            if seen != marked && !self.replace(seen, marked) {
                continue;
            }
            let woken = futex::wait_low(&self.word, marked, slices.next()?);
            if woken == Wake::TimedOut && process::is_dead(marked & !WAITERS) && self.replace(marked, me | WAITERS) {
                return Ok(());
            }
        }
    }

    #[inline]
    fn replace(&self, old: u64, new: u64) -> bool {
        self.word.compare_exchange(old, new, Ordering::Acquire, Ordering::Relaxed).is_ok()
    }

    /// Lets it go, whoever has it.
    #[inline]
    pub fn unlock(&self) {
        if self.word.swap(0, Ordering::Release) & WAITERS != 0 {
            futex::wake_low(&self.word, 1);
        }
    }

    /// Whether somebody has it.
    #[inline]
    pub fn is_locked(&self) -> bool {
        self.word.load(Ordering::Acquire) != 0
    }
}
