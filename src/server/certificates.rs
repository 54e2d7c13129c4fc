//! Certificates that clients have shown, for all processes of a server: a file without a name, which has memory only where one lies.

use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd};
use std::os::unix::fs::FileExt;

/// Room for one: TLS allows 64 KiB for it, and PEM takes a third more.
const PLACE: u64 = 128 << 10;

/// The file.
#[derive(Debug)]
pub(super) struct Certificates {
    file: File,
    /// Whoever writes behind this is killed by the system, `RLIMIT_FSIZE`.
    most: u64,
}

impl Certificates {
    /// None yet; to be made before the first fork.
    pub(super) fn new() -> io::Result<Self> {
        // SAFETY: a name that ends in zero.
        let fd = unsafe { libc::memfd_create(c"steelwool-certificates".as_ptr(), libc::MFD_CLOEXEC) };
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: new, and nobody else's.
        let file = unsafe { File::from_raw_fd(fd) };
        let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        // SAFETY: fills a value of ours; there is such a limit.
        unsafe { libc::getrlimit(libc::RLIMIT_FSIZE, &raw mut limit) };
        Ok(Self { file, most: limit.rlim_cur })
    }

    /// Puts one at this place.
    pub(super) fn put(&self, place: usize, pem: &[u8]) -> io::Result<()> {
        let start = place as u64 * PLACE;
        if pem.len() as u64 > PLACE || start + pem.len() as u64 > self.most {
            return Err(io::Error::from_raw_os_error(libc::EFBIG));
        }
        self.file.write_all_at(pem, start)
    }

    /// The bytes at this place.
    pub(super) fn get(&self, place: usize, length: usize) -> io::Result<Vec<u8>> {
        let mut pem = vec![0; length];
        self.file.read_exact_at(&mut pem, place as u64 * PLACE)?;
        Ok(pem)
    }

    /// Gives the memory of this place back.
    pub(super) fn remove(&self, place: usize) {
        let how = libc::FALLOC_FL_PUNCH_HOLE | libc::FALLOC_FL_KEEP_SIZE;
        // SAFETY: a descriptor of ours. When there is no memory to note it, it is given back with the next one.
        unsafe {
            libc::fallocate(self.file.as_raw_fd(), how, (place as u64 * PLACE).cast_signed(), PLACE.cast_signed())
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::MetadataExt;

    #[test]
    fn memory_is_given_back() -> io::Result<()> {
        let certificates = Certificates::new()?;
        let blocks = || certificates.file.metadata().map(|metadata| metadata.blocks());
        certificates.put(1 << 24, b"one")?;
        certificates.put(3, &vec![7; PLACE as usize])?;
        assert_eq!((certificates.get(1 << 24, 3)?, certificates.get(3, 2)?), (b"one".to_vec(), vec![7, 7]));
        assert!(blocks()? > 0);
        certificates.remove(3);
        assert_eq!(certificates.get(3, 2)?, [0, 0]);
        certificates.remove(1 << 24);
        assert_eq!(blocks()?, 0);
        assert!(certificates.put(3, &vec![7; 1 + PLACE as usize]).is_err());
        Ok(())
    }

    #[test]
    fn nothing_is_written_beyond_the_limit() -> io::Result<()> {
        let certificates = Certificates { most: PLACE + 2, ..Certificates::new()? };
        assert!(certificates.put(1, b"12").is_ok());
        assert!(certificates.put(1, b"123").is_err() && certificates.put(2, b"1").is_err());
        Ok(())
    }
}
