//! Where a process takes its datagrams to: memory that outlives it.
//!
//! ```text
//!   [ next | heads of 16 datagrams | 16 rooms ]     in shared memory, written by the process whose inbox it is
//! ```
//!
//! The kernel writes the length of each datagram when it has copied it, and `next` goes on before a datagram is handled: whatever instruction
//! its process is killed at, a successor finds what was taken and not begun, and nothing that was begun.

use super::frame::DATAGRAM;
use crate::shm::region::Region;
use std::io;
use std::os::fd::RawFd;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};

/// Datagrams taken in one call.
pub(super) const BATCH: usize = 16;

#[repr(C)]
struct Layout {
    /// The next datagram to handle.
    next: AtomicUsize,
    /// What the last process said of its progress.
    mark: AtomicU64,
    /// Its last process has died, and the next one goes on with it.
    orphaned: AtomicBool,
    heads: [libc::mmsghdr; BATCH],
    pieces: [libc::iovec; BATCH],
    rooms: [[u8; DATAGRAM]; BATCH],
}

/// The datagrams that a process has taken and not handled.
#[derive(Debug)]
pub(super) struct Mailbox(Region);

impl Mailbox {
    pub(super) fn new() -> io::Result<Self> {
        let mailbox = Self(Region::new_unreserved(size_of::<Layout>())?);
        let layout = mailbox.layout();
        for place in 0..BATCH {
            // SAFETY: fields of our mapping, which nobody else knows yet; zeroed, which is a value of all of them. The kernel is given
            // pointers into the mapping, which is at the same address in every process that is forked later.
            unsafe {
                let piece = &raw mut (*layout).pieces[place];
                (*piece).iov_base = (&raw mut (*layout).rooms[place]).cast();
                (*piece).iov_len = DATAGRAM;
                let head = &raw mut (*layout).heads[place].msg_hdr;
                (*head).msg_iov = piece;
                (*head).msg_iovlen = 1;
            }
        }
        Ok(mailbox)
    }

    fn layout(&self) -> *mut Layout {
        self.0.start().as_ptr().cast()
    }

    fn next(&self) -> &AtomicUsize {
        // SAFETY: an atomic in a mapping that lives as long as `self`.
        unsafe { &(*self.layout()).next }
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

    /// The length of a datagram, 0 where there is none.
    fn length(&self, place: usize) -> usize {
        // SAFETY: our mapping; besides the kernel, only the thread that is here writes it.
        unsafe { (*self.layout()).heads[place].msg_len as usize }
    }

    /// Whether there is one to handle.
    pub(super) fn has_next(&self) -> bool {
        let next = self.next().load(Relaxed);
        next < BATCH && self.length(next) > 0
    }

    /// Begins to handle the next datagram: its place.
    pub(super) fn begin(&self) -> Option<usize> {
        let place = self.next().load(Relaxed);
        let there = place < BATCH && self.length(place) > 0;
        there.then(|| {
            self.next().store(place + 1, Relaxed);
            place
        })
    }

    /// The datagram at this place, until the next [`Mailbox::fill`].
    pub(super) fn datagram(&self, place: usize) -> &[u8] {
        let length = self.length(place).min(DATAGRAM);
        // SAFETY: a room of our mapping, `DATAGRAM` bytes long, which only `fill` has written; the bus calls that only when no
        // datagram is being handled.
        unsafe { std::slice::from_raw_parts((&raw const (*self.layout()).rooms[place]).cast(), length) }
    }

    /// Takes datagrams out of the inbox, without waiting; how many. All before them have been handled.
    pub(super) fn fill(&self, from: RawFd) -> io::Result<usize> {
        let layout = self.layout();
        for place in 0..BATCH {
            // SAFETY: our mapping, as above.
            unsafe { (*layout).heads[place].msg_len = 0 };
        }
        self.next().store(0, Relaxed);
        loop {
            let none = std::ptr::null_mut();
            // SAFETY: the heads describe rooms of the same mapping.
            let heads = unsafe { (&raw mut (*layout).heads).cast() };
            // SAFETY: `BATCH` live heads, each with one room.
            let taken = unsafe { libc::recvmmsg(from, heads, BATCH as u32, libc::MSG_DONTWAIT as _, none) };
            if let Ok(taken) = usize::try_from(taken) {
                return Ok(taken);
            }
            let error = io::Error::last_os_error();
            match error.kind() {
                io::ErrorKind::Interrupted => {}
                io::ErrorKind::WouldBlock => return Ok(0),
                _ => return Err(error),
            }
        }
    }

    /// Forgets what is in it.
    pub(super) fn clear(&self) {
        self.next().store(BATCH, Relaxed);
    }
}
