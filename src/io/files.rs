//! Whole files by blocking calls, for the runtime's blocking pool.

use std::ffi::{CString, OsStr};
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;

/// A call that failed: what it was, and why.
#[derive(Debug)]
pub struct Failure {
    /// The call, such as `open(name, O_RDONLY) failed`.
    pub call: String,
    /// Its errno.
    pub errno: i32,
}

impl Failure {
    fn new(call: String, error: &io::Error) -> Self {
        Self { call, errno: errno(error) }
    }
}

fn errno(error: &io::Error) -> i32 {
    error.raw_os_error().unwrap_or(libc::EIO)
}

fn lock(file: &File, name: &[u8], operation: i32, operation_name: &str) -> Result<(), Failure> {
    loop {
        // SAFETY: an open descriptor; it blocks this thread of the pool.
        if unsafe { libc::flock(file.as_raw_fd(), operation) } == 0 {
            return Ok(());
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            let name = String::from_utf8_lossy(name);
            return Err(Failure::new(format!("flock({name}, {operation_name}) failed"), &error));
        }
    }
}

/// Reads a file, under a shared lock if `locked`: what it holds, and the errno of a read that failed half-way, or 0.
///
/// # Errors
/// It cannot be opened or locked.
pub fn read(name: &[u8], locked: bool) -> Result<(Vec<u8>, i32), Failure> {
    let file = File::open(OsStr::from_bytes(name))
        .map_err(|error| Failure::new(format!("open({}, O_RDONLY) failed", String::from_utf8_lossy(name)), &error))?;
    if locked {
        lock(&file, name, libc::LOCK_SH, "LOCK_SH")?;
    }
    let size = file.metadata().map_or(0, |data| data.len());
    // One byte more than it holds, so that its end is seen without growing. Files of /proc say 0.
    let mut content = Vec::with_capacity(usize::try_from(size).unwrap_or(0).saturating_add(1).min(1 << 30));
    let outcome = if size > 0 { file.take(size).read_to_end(&mut content) } else { (&file).read_to_end(&mut content) };
    Ok((content, outcome.err().map_or(0, |error| errno(&error))))
}

/// Writes `content` to a file that is made if needed, at its end or in place of what it holds, under a lock if `locked`:
/// how many bytes were written, and the errno of a write that failed, or 0. A symbolic link is not followed.
///
/// # Errors
/// It cannot be opened or locked.
pub fn write(name: &[u8], content: &[u8], append: bool, locked: bool) -> Result<(usize, i32), Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).append(append).truncate(!append).mode(0o644).custom_flags(libc::O_NOFOLLOW);
    let mut file = options.open(OsStr::from_bytes(name)).map_err(|error| {
        let mode = if append { libc::O_APPEND } else { libc::O_TRUNC };
        let flags = libc::O_CREAT | libc::O_WRONLY | libc::O_NOFOLLOW | mode;
        Failure::new(format!("open({}, {flags}) failed", String::from_utf8_lossy(name)), &error)
    })?;
    if locked {
        lock(&file, name, libc::LOCK_EX, "LOCK_EX")?;
    }
    let mut written = 0;
    while written < content.len() {
        match file.write(&content[written..]) {
            Ok(count) => written += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Ok((written, errno(&error))),
        }
    }
    Ok((written, 0))
}

/// Sizes of the file system that holds `path`.
///
/// # Errors
/// The errno.
pub fn file_system(path: &[u8]) -> Result<libc::statvfs, i32> {
    let path = CString::new(path).map_err(|_| libc::EINVAL)?;
    // SAFETY: the kernel fills a struct of ours; all-zero is a valid value of it.
    unsafe {
        let mut sizes: libc::statvfs = std::mem::zeroed();
        match libc::statvfs(path.as_ptr(), &mut sizes) {
            0 => Ok(sizes),
            _ => Err(errno(&io::Error::last_os_error())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_back_as_they_were_written() {
        let name = std::env::temp_dir().join(format!("steelwool-files-{}", std::process::id()));
        let bytes = name.as_os_str().as_bytes();
        assert_eq!(write(bytes, b"one", false, true).unwrap(), (3, 0));
        assert_eq!(write(bytes, b" two", true, false).unwrap(), (4, 0));
        assert_eq!(read(bytes, true).unwrap(), (b"one two".to_vec(), 0));
        assert_eq!(write(bytes, b"3", false, false).unwrap(), (1, 0));
        assert_eq!(read(bytes, false).unwrap(), (b"3".to_vec(), 0));
        std::fs::remove_file(&name).unwrap();
        assert_eq!(read(b"/", false).unwrap(), (Vec::new(), libc::EISDIR));
        assert_eq!(read(bytes, false).unwrap_err().errno, libc::ENOENT);
        assert!(!read(b"/proc/self/status", false).unwrap().0.is_empty());
        assert_eq!(file_system(b"/nowhere").err(), Some(libc::ENOENT));
        assert!(file_system(b"/").unwrap().f_bsize > 0);
    }
}
