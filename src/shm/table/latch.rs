//! The lock of one chain of rows, and how readers do without it.
//!
//! Writers exclude each other with an owner's name in a word; readers take nothing and write nothing. They look, and then make sure
//! that no version was published meanwhile: what a writer is about to write is never what readers are told to look at, and it becomes
//! so with one store, the *commit*. After the commit, and before anything that readers may still be looking at is written again,
//! the writer [publishes](Held::publish) a new version. So:
//!
//! * A reader who sees one version before and after looking has seen one state: all that he read was valid from before he began
//!   until the next version.
//! * A writer who dies before the commit has changed nothing that anyone looks at. One who dies after it has changed everything.
//! * Whoever takes the lock over from the dead publishes first: the dead may have committed and not published.

use crate::shm::process;
use crate::shm::sync::{AtomicU64, Ordering, fence, pause};

/// How often a reader looks again before he takes the lock to get his turn.
const LOOKS: u32 = 100;

/// The lock and the version; all zero is free.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Latch {
    holder: AtomicU64,
    version: AtomicU64,
}

impl Default for Latch {
    fn default() -> Self {
        Self { holder: AtomicU64::new(0), version: AtomicU64::new(0) }
    }
}

/// A look at what the latch protects, which may turn out to be in vain.
pub(crate) struct Look<'a> {
    latch: &'a Latch,
    version: u64,
}

impl Look<'_> {
    /// Whether it is in vain already; for readers who follow links, which could lead them in circles.
    pub(crate) fn is_stale(&self) -> bool {
        fence(Ordering::Acquire);
        self.latch.version.load(Ordering::Relaxed) != self.version
    }
}

impl Latch {
    /// What `look` sees in one state. It may see nonsense in between and be called again; what it returned then is dropped.
    #[inline]
    pub(crate) fn read<T>(&self, mut look: impl FnMut(&Look<'_>) -> T) -> T {
        for _ in 0..LOOKS {
            let glance = Look { latch: self, version: self.version.load(Ordering::Acquire) };
            let seen = look(&glance);
            if !glance.is_stale() {
                return seen;
            }
        }
        let _held = self.lock();
        look(&Look { latch: self, version: self.version.load(Ordering::Relaxed) })
    }

    /// Takes the lock, from the dead if need be.
    #[inline]
    pub(crate) fn lock(&self) -> Held<'_> {
        let me = process::me();
        if self.holder.compare_exchange(0, me, Ordering::Acquire, Ordering::Relaxed).is_err() {
            self.lock_contended(me);
        }
        // Whatever the holder writes from now on comes after every version published so far, also for those who only read.
        fence(Ordering::Release);
        Held(self)
    }

    #[cold]
    fn lock_contended(&self, me: process::Owner) {
        let mut round = 0;
        loop {
            let doubt = pause(round);
            round = round.saturating_add(1);
            let holder = self.holder.load(Ordering::Relaxed);
            if holder != 0 && !(doubt && process::is_dead(holder)) {
                continue;
            }
            if self.holder.compare_exchange(holder, me, Ordering::Acquire, Ordering::Relaxed).is_ok() {
                if holder != 0 {
                    self.next_version();
                }
                return;
            }
        }
    }

    fn next_version(&self) {
        self.version.store(self.version.load(Ordering::Relaxed).wrapping_add(1), Ordering::Release);
    }
}

/// The lock, held; dropping it lets it go.
pub(crate) struct Held<'a>(&'a Latch);

impl Held<'_> {
    /// Makes every reader who began before this look again.
    #[inline]
    pub(crate) fn publish(&self) {
        self.0.next_version();
        fence(Ordering::Release);
    }
}

impl Drop for Held<'_> {
    #[inline]
    fn drop(&mut self) {
        self.0.holder.store(0, Ordering::Release);
    }
}
