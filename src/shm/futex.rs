//! The kernel's futexes, shared between processes.

use std::sync::atomic::{AtomicU32, AtomicU64};
use std::time::Duration;

/// Why [`wait`] returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// Somebody woke it, or the kernel pretended so.
    Woken,
    /// The word did not hold the expected value.
    Changed,
    /// The time passed.
    TimedOut,
    /// A signal arrived.
    Interrupted,
    /// The kernel refused the arguments.
    Refused,
}

/// Sleeps while `word` holds `expected`, at most `limit`.
pub fn wait(word: &AtomicU32, expected: u32, limit: Option<Duration>) -> Wake {
    let limit = limit.map(|limit| libc::timespec {
        tv_sec: limit.as_secs().try_into().unwrap_or(libc::time_t::MAX),
        tv_nsec: limit.subsec_nanos().into(),
    });
    let limit = limit.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
    // SAFETY: the word is live memory and stays so for the call; the kernel copies the time.
    let result = unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), libc::FUTEX_WAIT, expected, limit) };
    if result == 0 {
        return Wake::Woken;
    }
    match std::io::Error::last_os_error().raw_os_error() {
        Some(libc::EAGAIN) => Wake::Changed,
        Some(libc::ETIMEDOUT) => Wake::TimedOut,
        Some(libc::EINTR) => Wake::Interrupted,
        _ => Wake::Refused,
    }
}

/// Wakes at most `count` who wait for `word`. How many it woke.
pub fn wake(word: &AtomicU32, count: i32) -> usize {
    // SAFETY: only the word's address is used.
    let woken = unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), libc::FUTEX_WAKE, count) };
    usize::try_from(woken).unwrap_or(0)
}

/// [`wait`] for the lower half of `word` while that is the lower half of `expected`.
pub fn wait_low(word: &AtomicU64, expected: u64, limit: Duration) -> Wake {
    wait(low(word), expected as u32, Some(limit))
}

/// [`wake`] for the lower half of `word`.
pub fn wake_low(word: &AtomicU64, count: i32) -> usize {
    wake(low(word), count)
}

fn low(word: &AtomicU64) -> &AtomicU32 {
    let half = if cfg!(target_endian = "little") { 0 } else { 1 };
    // SAFETY: half of a live atomic, aligned. It only goes to the kernel, which reads it as an aligned 32-bit word; nobody in here accesses it
    // by halves.
    unsafe { &*word.as_ptr().cast::<AtomicU32>().add(half) }
}
