//! Parts of files on their way to a client.

use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, RawFd};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::SystemTime;

/// A part of an open file.
#[derive(Clone, Debug)]
pub struct FileRange {
    file: Rc<File>,
    offset: u64,
    length: u64,
}

/// A regular file that is open, and what the system said about it then.
#[derive(Clone, Debug)]
pub struct OpenFile {
    file: Rc<File>,
    /// Its size in bytes.
    pub size: u64,
    /// When it was changed last.
    pub modified: SystemTime,
}

impl OpenFile {
    /// Opens a regular file for reading; pipes and devices are refused without being waited for.
    ///
    /// # Errors
    /// What the system says; `InvalidInput` when it is no regular file.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::options().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(path)?;
        let data = file.metadata()?;
        if !data.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
        }
        let modified = data.modified().unwrap_or(SystemTime::UNIX_EPOCH);
        Ok(Self { file: Rc::new(file), size: data.size(), modified })
    }

    /// `length` bytes from `offset` on. The caller keeps within `size`.
    pub fn range(&self, offset: u64, length: u64) -> FileRange {
        FileRange { file: Rc::clone(&self.file), offset, length }
    }
}

impl FileRange {
    /// Where the file is, for a process that shall open it; `None` when it has no name any more.
    pub fn path(&self) -> Option<PathBuf> {
        use std::os::unix::ffi::OsStrExt;
        let path = std::fs::read_link(format!("/proc/self/fd/{}", self.file.as_raw_fd())).ok()?;
        let gone = path.as_os_str().as_bytes().ends_with(b" (deleted)");
        Some(path).filter(|path| !gone && path.is_absolute())
    }

    /// Bytes that are left.
    pub fn len(&self) -> u64 {
        self.length
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// No more of it than so many bytes.
    #[must_use]
    pub fn up_to(self, length: u64) -> Self {
        Self { length: self.length.min(length), ..self }
    }

    /// Where it begins.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// The file's descriptor.
    pub fn fd(&self) -> RawFd {
        self.file.as_raw_fd()
    }

    fn advance(&mut self, count: usize) {
        self.offset += count as u64;
        self.length -= count as u64;
    }

    /// Reads on, at most `most` bytes.
    ///
    /// # Errors
    /// What the system says; `UnexpectedEof` when the file has become shorter than it was.
    pub fn read(&mut self, most: usize) -> io::Result<Vec<u8>> {
        let mut data = vec![0; usize::try_from(self.length).map_or(most, |length| length.min(most))];
        let count = self.file.read_at(&mut data, self.offset)?;
        if count == 0 && !data.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        data.truncate(count);
        self.advance(count);
        Ok(data)
    }

    /// Has the kernel copy at most `most` bytes to a socket, which takes what it has room for.
    ///
    /// # Errors
    /// As [`read`](Self::read), `WouldBlock` among them.
    pub fn send(&mut self, socket: RawFd, most: usize) -> io::Result<usize> {
        let length = usize::try_from(self.length).map_or(most, |length| length.min(most));
        let mut offset = i64::try_from(self.offset).map_err(|_| io::ErrorKind::InvalidInput)?;
        // SAFETY: both descriptors are open, the file's through `self` and the socket's through the caller; the offset is ours.
        let count = unsafe { libc::sendfile(socket, self.fd(), &mut offset, length) };
        match usize::try_from(count) {
            Err(_) => Err(io::Error::last_os_error()),
            Ok(0) if length > 0 => Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => {
                self.advance(count);
                Ok(count)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn reads_a_part_and_notices_a_cut() {
        let mut file = tempfile();
        file.1.write_all(b"0123456789").unwrap();
        let open = OpenFile::open(&file.0).unwrap();
        assert_eq!(open.size, 10);
        let mut range = open.range(3, 5);
        assert_eq!((range.read(2).unwrap(), range.offset(), range.len()), (b"34".to_vec(), 5, 3));
        file.1.set_len(6).unwrap();
        assert_eq!(range.read(100).unwrap(), b"5");
        assert_eq!(range.read(100).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
        std::fs::remove_file(&file.0).unwrap();
    }

    #[test]
    fn takes_regular_files_only() {
        assert_eq!(OpenFile::open(Path::new("/")).unwrap_err().kind(), io::ErrorKind::InvalidInput);
        assert_eq!(OpenFile::open(Path::new("/dev/null")).unwrap_err().kind(), io::ErrorKind::InvalidInput);
        assert_eq!(OpenFile::open(Path::new("/no/such")).unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    fn tempfile() -> (std::path::PathBuf, File) {
        let path = std::env::temp_dir().join(format!("steelwool-range-{}", std::process::id()));
        let file = File::options().read(true).write(true).create(true).truncate(true).open(&path).unwrap();
        (path, file)
    }
}
