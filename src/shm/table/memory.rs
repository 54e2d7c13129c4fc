//! A table's mapping as words and bytes, checked against its bounds: the only unsafe code of the table.

use super::latch::Latch;
use crate::shm::mutex::Mutex;
use crate::shm::region::Region;
use std::sync::atomic::{AtomicU32, AtomicU64};

/// A mapping, addressed by offsets from its start.
#[derive(Debug)]
pub(crate) struct Memory(Region);

impl Memory {
    pub(crate) fn new(size: usize) -> std::io::Result<Self> {
        Region::new_unreserved(size).map(Self)
    }

    /// The address of `size` bytes at `at`.
    #[inline]
    fn at(&self, at: usize, size: usize) -> *mut u8 {
        assert!(at <= self.0.size() && size <= self.0.size() - at, "outside of the table");
        // SAFETY: inside of the mapping, as just checked.
        unsafe { self.0.start().as_ptr().add(at) }
    }

    /// A place for a `T` of atomics, for which any bytes are valid.
    #[inline]
    fn place<T>(&self, at: usize) -> &T {
        let place = self.at(at, size_of::<T>()).cast::<T>();
        assert!(place.is_aligned(), "askew in the table");
        // SAFETY: inside of the mapping and aligned. The callers below pass types made of atomic integers only, so that any bytes are a
        // value and other processes may change them at any time. The mapping lives as long as `self`.
        unsafe { &*place }
    }

    #[inline]
    pub(crate) fn word(&self, at: usize) -> &AtomicU64 {
        self.place(at)
    }

    #[inline]
    pub(crate) fn half(&self, at: usize) -> &AtomicU32 {
        self.place(at)
    }

    #[inline]
    pub(crate) fn latch(&self, at: usize) -> &Latch {
        self.place(at)
    }

    #[inline]
    pub(crate) fn mutex(&self, at: usize) -> &Mutex {
        self.place(at)
    }

    /// Copies `bytes` to `at`.
    #[inline]
    pub(crate) fn put(&self, at: usize, bytes: &[u8]) {
        let to = self.at(at, bytes.len());
        // SAFETY: inside of the mapping. Only the holder of the row's latch writes there; no other thread of this process has the table,
        // and a reader in another process who copies these bytes meanwhile finds a new version and drops them.
        unsafe { to.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
    }

    /// Copies what is at `at` into `bytes`.
    #[inline]
    pub(crate) fn take(&self, at: usize, bytes: &mut [u8]) {
        let from = self.at(at, bytes.len());
        // SAFETY: inside of the mapping. Another process may write there meanwhile: then the copy is any bytes, and is dropped.
        unsafe { libc::memcpy(bytes.as_mut_ptr().cast(), from.cast(), bytes.len()) };
    }

    /// Copies `size` bytes from one place to another that does not overlap it.
    pub(crate) fn copy(&self, from: usize, to: usize, size: usize) {
        assert!(from.abs_diff(to) >= size, "copies do not overlap");
        let (from, to) = (self.at(from, size), self.at(to, size));
        // SAFETY: inside of the mapping, apart from each other; as in `put`.
        unsafe { to.copy_from_nonoverlapping(from, size) };
    }

    /// Whether `bytes` are at `at`.
    #[inline]
    pub(crate) fn is(&self, at: usize, bytes: &[u8]) -> bool {
        let there = self.at(at, bytes.len());
        // SAFETY: inside of the mapping. Another process may write there meanwhile: then the answer is any, and is dropped.
        unsafe { libc::memcmp(there.cast(), bytes.as_ptr().cast(), bytes.len()) == 0 }
    }
}
