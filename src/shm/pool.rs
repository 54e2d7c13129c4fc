//! Values in shared memory: small ones have a cache line each, so that what two processes count does not slow them both.
//!
//! A cell that no other process can know is used again; one that was alive during a fork is not: the other side may still use it.

use super::process;
use super::region::Region;
use std::io;
use std::marker::PhantomData;
use std::ops::Deref;
use std::ptr::NonNull;
use std::sync::{Mutex, PoisonError};

/// Size of a cell.
const CELL: usize = 64;
/// Size of a mapping.
const BLOCK: usize = 64 * 1024;

/// A type that may live in memory of several processes.
///
/// # Safety
/// All-zero bytes are a valid value, every field is an atomic (so that `&T` is all that anyone ever has), and it has no destructor.
pub unsafe trait Shareable: Sync {}

// SAFETY: an atomic integer.
unsafe impl Shareable for std::sync::atomic::AtomicU32 {}
// SAFETY: an atomic integer.
unsafe impl Shareable for std::sync::atomic::AtomicI64 {}
// SAFETY: an atomic integer.
unsafe impl Shareable for std::sync::atomic::AtomicU64 {}
// SAFETY: an atomic integer.
unsafe impl Shareable for super::mutex::Mutex {}

/// A value in shared memory, all bytes zero at first. Dropping it ends this process's use of it, not the others'.
#[derive(Debug)]
pub struct Shared<T> {
    at: NonNull<u8>,
    /// `process::forks` when it was made.
    born: u64,
    /// A mapping of its own, when it is larger than a cell.
    own: Option<Region>,
    of: PhantomData<T>,
}

impl<T: Shareable> Shared<T> {
    /// A new value.
    ///
    /// # Errors
    /// No memory.
    pub fn new() -> io::Result<Self> {
        const { assert!(align_of::<T>() <= CELL && !std::mem::needs_drop::<T>()) };
        let born = process::forks();
        if size_of::<T>() > CELL {
            let own = Region::new(size_of::<T>())?;
            return Ok(Self { at: own.start(), born, own: Some(own), of: PhantomData });
        }
        let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Self { at: pool.take()?, born, own: None, of: PhantomData })
    }
}

impl<T: Shareable> Deref for Shared<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: a cell or mapping of ours, large enough and aligned, zeroed when it was taken; `Shareable` says the rest.
        unsafe { self.at.cast::<T>().as_ref() }
    }
}

impl<T> Drop for Shared<T> {
    fn drop(&mut self) {
        if self.own.is_none() && self.born == process::forks() {
            POOL.lock().unwrap_or_else(PoisonError::into_inner).free.push(Cell(self.at));
        }
    }
}

struct Cell(NonNull<u8>);

// SAFETY: an address that nobody uses; the pool hands it to one thread.
unsafe impl Send for Cell {}

/// Mappings are never unmapped: cells live as long as the process.
struct Pool {
    /// `process::depth` of the process that this state belongs to: a child must not hand out what its parent hands out too.
    depth: u64,
    /// What is left of the newest mapping.
    fresh: Vec<Cell>,
    free: Vec<Cell>,
}

static POOL: Mutex<Pool> = Mutex::new(Pool { depth: 0, fresh: Vec::new(), free: Vec::new() });

impl Pool {
    fn take(&mut self) -> io::Result<NonNull<u8>> {
        let depth = process::depth();
        if self.depth != depth {
            *self = Self { depth, fresh: Vec::new(), free: Vec::new() };
        }
        if let Some(Cell(at)) = self.free.pop() {
            // SAFETY: a cell that its only user gave back.
            unsafe { at.write_bytes(0, CELL) };
            return Ok(at);
        }
        if self.fresh.is_empty() {
            let block = std::mem::ManuallyDrop::new(Region::new(BLOCK)?);
            let cell = |index| {
                // SAFETY: an offset within the mapping, which stays for ever.
                Cell(unsafe { block.start().add(index * CELL) })
            };
            self.fresh = (0..BLOCK / CELL).rev().map(cell).collect();
        }
        match self.fresh.pop() {
            Some(Cell(at)) => Ok(at),
            None => Err(io::ErrorKind::OutOfMemory.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Shared;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[test]
    fn is_shared_with_a_child_and_not_reused_after_it() {
        let first = Shared::<AtomicU32>::new().expect("memory");
        let at = first.at;
        // SAFETY: the child touches only shared atomics and memory of its own, and leaves without running anything else.
        let child = unsafe { libc::fork() };
        if child == 0 {
            first.store(7, Ordering::Relaxed);
            // SAFETY: ends the child.
            unsafe { libc::_exit(0) };
        }
        // SAFETY: our own child.
        unsafe { libc::waitpid(child, std::ptr::null_mut(), 0) };
        assert_eq!(first.load(Ordering::Relaxed), 7);
        drop(first);
        let others: Vec<_> = (0..3000).map(|_| Shared::<AtomicU32>::new().expect("memory")).collect();
        assert!(others.iter().all(|other| other.at != at && other.load(Ordering::Relaxed) == 0));
    }
}
