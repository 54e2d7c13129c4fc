//! A shared anonymous mapping.

use std::io;
use std::ptr::NonNull;

/// Zeroed memory that this process and the children it forks from now on share. The kernel gives pages when they are first touched.
#[derive(Debug)]
pub struct Region {
    start: NonNull<u8>,
    size: usize,
}

// SAFETY: a region is an address range that any thread may unmap; what is in it is the business of those who use it.
unsafe impl Send for Region {}

impl Region {
    /// Maps `size` bytes.
    ///
    /// # Errors
    /// The kernel refused: no address space, or no memory under strict accounting.
    pub fn new(size: usize) -> io::Result<Self> {
        Self::map(size, 0)
    }

    /// Maps `size` bytes without asking whether there is so much memory.
    ///
    /// # Errors
    /// No address space.
    pub fn new_unreserved(size: usize) -> io::Result<Self> {
        Self::map(size, libc::MAP_NORESERVE)
    }

    fn map(size: usize, flags: libc::c_int) -> io::Result<Self> {
        let (read_write, shared) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_SHARED | libc::MAP_ANONYMOUS | flags);
        // SAFETY: a new mapping at an address of the kernel's choice.
        let start = unsafe { libc::mmap(std::ptr::null_mut(), size.max(1), read_write, shared, -1, 0) };
        if start == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        let start = NonNull::new(start.cast()).ok_or(io::ErrorKind::OutOfMemory)?;
        Ok(Self { start, size: size.max(1) })
    }

    /// Its first byte; mappings start at a page.
    pub fn start(&self) -> NonNull<u8> {
        self.start
    }

    /// Its length in bytes.
    pub fn size(&self) -> usize {
        self.size
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        // SAFETY: our own mapping, which nothing of this process uses any more: its users borrow the region or own it. Other
        // processes keep theirs.
        unsafe { libc::munmap(self.start.as_ptr().cast(), self.size) };
    }
}

#[cfg(test)]
mod tests {
    use super::Region;

    #[test]
    fn is_zeroed_and_writable() {
        let region = Region::new(10_000).expect("maps");
        assert_eq!(region.size(), 10_000);
        // SAFETY: within the region; only this test has it.
        let bytes = unsafe { std::slice::from_raw_parts_mut(region.start().as_ptr(), 10_000) };
        assert!(bytes.iter().all(|byte| *byte == 0));
        bytes[9_999] = 1;
    }

    #[test]
    fn too_much_is_an_error() {
        assert!(Region::new(usize::MAX / 2).is_err());
    }
}
