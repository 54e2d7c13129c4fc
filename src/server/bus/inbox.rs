//! A process's inbox: a ring of datagrams in shared memory, and two bells.
//!
//! ```text
//!   [ senders' lock, tail | receiver's head | state, wanted | ring ]
//!                                                              └─ datagram: its length in 8 bytes, itself, up to a multiple of 8
//! ```
//!
//! A datagram is copied behind the tail, and is there when the tail has moved, with one store; it has been taken when the head has, with another
//! one. So a process may be killed at any instruction: what it was sending has not been sent, the lock that it had is taken over, and its successor
//! goes on at the head. Only then does a receiver that sleeps hear its bell: if the sender was killed in between, somebody else has to
//! ring ([`Inbox::ring`]).
//!
//! Bells cost nothing while the receiver is awake: it says so, and looks once more after it has said that it no longer is.

use super::frame::DATAGRAM;
use crate::shm::mutex::{Mutex, Patience};
use crate::shm::region::Region;
use std::io::{self, IoSlice};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release, SeqCst};
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, fence};

/// Bytes of a ring. Pages that are never needed are never there.
const SIZE: u64 = 4 << 20;
/// An empty ring begins anew behind that many bytes, so that what is sent one at a time stays in the processor's cache.
const REWIND: u64 = 64 << 10;
/// The receiver waits for its bell.
const SLEEPS: u8 = 0;
/// It looks for itself whether something has come.
const AWAKE: u8 = 1;
/// It does nothing else.
const LOOKS_OUT: u8 = 2;
/// In place of a length: the next datagram is at the beginning.
const SKIP: u64 = u64::MAX;

/// Its own cache line: what one side writes all the time does not slow the other one.
#[derive(Debug)]
#[repr(C, align(64))]
struct Line<T>(T);

#[repr(C)]
struct Layout {
    lock: Line<Mutex>,
    /// Bytes that were ever sent, and skipped; its remainder is the place.
    tail: AtomicU64,
    /// Bytes that were ever taken.
    head: Line<AtomicU64>,
    /// What the receiver does: [`SLEEPS`], [`AWAKE`] or [`LOOKS_OUT`].
    state: Line<AtomicU8>,
    /// Somebody waits for room.
    wanted: AtomicBool,
    /// What the last process said of its progress.
    mark: AtomicU64,
    /// Its last process has died, and the next one goes on with it.
    orphaned: AtomicBool,
    ring: Line<[u8; SIZE as usize]>,
}

/// A process's inbox, in the memory of all.
#[derive(Debug)]
pub(super) struct Inbox {
    memory: Region,
    /// Readable since a datagram has come for a receiver that was not awake.
    pub bell: OwnedFd,
    /// Readable since there has been room for those that wanted some.
    pub room: OwnedFd,
}

impl Inbox {
    pub(super) fn open() -> io::Result<Self> {
        const { assert!(REWIND > DATAGRAM as u64 + 16 && SIZE.is_power_of_two() && SIZE > 4 * REWIND) };
        Ok(Self { memory: Region::new_unreserved(size_of::<Layout>())?, bell: bell()?, room: bell()? })
    }

    fn layout(&self) -> *mut Layout {
        self.memory.start().as_ptr().cast()
    }

    /// What is shared besides the ring.
    fn shared(&self) -> (&Mutex, &AtomicU64, &AtomicU64, &AtomicU8, &AtomicBool) {
        let layout = self.layout();
        // SAFETY: atomics, and a lock made of one, in a mapping that lives as long as `self`; zeroed memory is a value of them.
        unsafe { (&(*layout).lock.0, &(*layout).tail, &(*layout).head.0, &(*layout).state.0, &(*layout).wanted) }
    }

    /// What the last process said of its progress, or says.
    pub(super) fn mark(&self) -> &AtomicU64 {
        // SAFETY: as above.
        unsafe { &(*self.layout()).mark }
    }

    /// Whether its last process has died and the next one goes on with it.
    pub(super) fn orphaned(&self) -> &AtomicBool {
        // SAFETY: as above.
        unsafe { &(*self.layout()).orphaned }
    }

    /// Where a count of bytes lies in the ring, and how many bytes are left behind it.
    fn place(&self, count: u64) -> (*mut u8, u64) {
        let offset = count % SIZE;
        // SAFETY: within the ring.
        (unsafe { (&raw mut (*self.layout()).ring).cast::<u8>().add(offset as usize) }, SIZE - offset)
    }

    /// Sends these pieces, `DATAGRAM` bytes at most, as one datagram. False when there is no room: then [`Inbox::room`] will tell.
    pub(super) fn send(&self, pieces: &[IoSlice<'_>]) -> bool {
        let (.., wanted) = self.shared();
        if !self.put(pieces) {
            wanted.store(true, SeqCst);
            // The receiver sees that, or we see what it has taken.
            fence(SeqCst);
            if !self.put(pieces) {
                return false;
            }
        }
        let (.., state, _) = self.shared();
        fence(SeqCst);
        if state.load(Relaxed) == SLEEPS && state.swap(AWAKE, AcqRel) == SLEEPS {
            ring(&self.bell);
        }
        true
    }

    fn put(&self, pieces: &[IoSlice<'_>]) -> bool {
        let (lock, tail, head, ..) = self.shared();
        let length = pieces.iter().map(|piece| piece.len()).sum::<usize>();
        let whole = 8 + (length as u64).next_multiple_of(8);
        // It waits as long as it takes: whoever has it copies a datagram, or is dead.
        let locked = lock.lock(Patience::Endless).is_ok();
        let (first, taken) = (tail.load(Relaxed), head.load(Acquire));
        let (place, left) = self.place(first);
        let skipped = if left < whole || (first == taken && SIZE - left >= REWIND) { left } else { 0 };
        let fits = locked && first.wrapping_sub(taken) + skipped + whole <= SIZE;
        if fits {
            let start = first.wrapping_add(skipped);
            // SAFETY: neither the receiver nor, as we have the lock, another sender looks at what lies between tail and head; the places are
            // multiples of 8 with at least 8 bytes behind them, and `whole` behind the second one.
            unsafe {
                if skipped > 0 {
                    place.cast::<u64>().write(SKIP);
                }
                let mut at = self.place(start).0;
                at.cast::<u64>().write(length as u64);
                at = at.add(8);
                for piece in pieces {
                    at.copy_from_nonoverlapping(piece.as_ptr(), piece.len());
                    at = at.add(piece.len());
                }
            }
            tail.store(start.wrapping_add(whole), Release);
        }
        lock.unlock();
        fits
    }

    /// Whether there is something to take.
    pub(super) fn has_next(&self) -> bool {
        let (_, tail, head, ..) = self.shared();
        tail.load(Acquire) != head.load(Relaxed)
    }

    /// Takes the next datagram into `room`, in place of what is there; false when there is none. For the receiver alone.
    pub(super) fn take(&self, room: &mut Vec<u8>) -> bool {
        let (_, tail, head, _, wanted) = self.shared();
        let (mut first, last) = (head.load(Relaxed), tail.load(Acquire));
        if first == last {
            return false;
        }
        let (mut place, left) = self.place(first);
        // SAFETY: between head and tail lie whole datagrams, which no sender touches before the head has moved. Lengths are checked though senders are
        // processes of ours.
        unsafe {
            if place.cast::<u64>().read() == SKIP {
                first = first.wrapping_add(left);
                place = self.place(first).0;
            }
            let length = place.cast::<u64>().read().min(DATAGRAM as u64);
            room.clear();
            room.extend_from_slice(std::slice::from_raw_parts(place.add(8), length as usize));
            first = first.wrapping_add(8 + length.next_multiple_of(8));
        }
        head.store(first, Release);
        fence(SeqCst);
        if wanted.load(Relaxed) && last.wrapping_sub(first) <= SIZE / 2 && wanted.swap(false, AcqRel) {
            ring(&self.room);
        }
        true
    }

    /// From now on the bell is rung. False when something has come already, and it is not. For the receiver alone.
    pub(super) fn sleep(&self) -> bool {
        let (.., state, _) = self.shared();
        state.store(SLEEPS, Relaxed);
        // A sender sees that, or we see what it has sent.
        fence(SeqCst);
        let sleeps = !self.has_next();
        if !sleeps {
            state.store(AWAKE, Relaxed);
        }
        sleeps
    }

    /// From now on the receiver looks for itself, and does nothing else. For the receiver alone.
    pub(super) fn look_out(&self) {
        let (.., state, _) = self.shared();
        state.store(LOOKS_OUT, Relaxed);
    }

    /// It no longer does that, and still looks for itself.
    pub(super) fn stay_awake(&self) {
        let (.., state, _) = self.shared();
        state.store(AWAKE, Relaxed);
    }

    /// Whether the receiver looks out.
    pub(super) fn looks_out(&self) -> bool {
        let (.., state, _) = self.shared();
        state.load(Relaxed) == LOOKS_OUT
    }

    /// Forgets what is in it. Its receiver is gone.
    pub(super) fn clear(&self) {
        let (_, tail, head, ..) = self.shared();
        head.store(tail.load(Acquire), Release);
        self.tell_of_room();
    }

    /// Has those look again who want room.
    pub(super) fn tell_of_room(&self) {
        ring(&self.room);
    }

    /// Rings both bells: somebody may have been killed who was about to.
    pub(super) fn ring(&self) {
        ring(&self.bell);
        self.tell_of_room();
    }
}

fn bell() -> io::Result<OwnedFd> {
    // SAFETY: opens a descriptor.
    let bell = unsafe { libc::eventfd(0, libc::EFD_NONBLOCK | libc::EFD_CLOEXEC) };
    if bell < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: just opened; nobody else has it.
    Ok(unsafe { OwnedFd::from_raw_fd(bell) })
}

fn ring(bell: &OwnedFd) {
    let once = 1_u64;
    // SAFETY: writes eight live bytes. It fails only when the bell has been rung more often than it can count, and then it is readable.
    unsafe { libc::write(bell.as_raw_fd(), (&raw const once).cast(), 8) };
}

/// Makes a bell quiet that `poll` has found rung. Whoever waits for the edge of its ringing need not.
pub(super) fn silence(bell: RawFd) {
    let mut count = 0_u64;
    // SAFETY: fills eight live bytes. It fails when somebody else was quicker.
    unsafe { libc::read(bell, (&raw mut count).cast(), 8) };
}
