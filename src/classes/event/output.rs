//! What `Event::write()` could not send at once.

use crate::classes::{constants, errors, settings};
use crate::log;
use std::collections::VecDeque;
use std::io;
use std::os::fd::RawFd;

/// Bytes that wait for room in the kernel's buffer.
#[derive(Default)]
pub(super) struct Output(VecDeque<u8>);

fn refused(errno: i64, text: &str) -> bool {
    errors::set_last(errno as i32);
    log::error(log::WARNING, "Reactor::write_func()", errno as i32, text.as_bytes());
    false
}

impl Output {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Sends `data`, or what the kernel takes of it, and keeps the rest. False when it is refused: too much, or an error.
    pub(super) fn write(&mut self, fd: RawFd, mut data: &[u8]) -> bool {
        // Most bytes that wait at one descriptor.
        let limit = settings::socket_buffer_size();
        if data.len() > limit {
            let number = constants::SWOOLE_ERROR_PACKAGE_LENGTH_TOO_LARGE;
            return refused(number, "data packet is too large, cannot exceed the socket buffer size");
        }
        if self.is_empty() {
            match send(fd, data) {
                Ok(sent) => data = &data[sent..],
                Err(errno) => {
                    errors::set_last(errno);
                    return false;
                }
            }
        } else if self.0.len() + data.len() > limit {
            let text = format!("socket#{fd} output buffer overflow: ({}/{limit})", self.0.len());
            return refused(constants::SWOOLE_ERROR_OUTPUT_BUFFER_OVERFLOW, &text);
        }
        self.0.extend(data);
        true
    }

    /// Sends what the kernel takes. What an error makes unsendable is dropped.
    pub(super) fn flush(&mut self, fd: RawFd) {
        while !self.is_empty() {
            let (first, _) = self.0.as_slices();
            match send(fd, first) {
                Ok(0) => return,
                Ok(sent) => drop(self.0.drain(..sent)),
                Err(_) => self.0.clear(),
            }
        }
        self.0.shrink_to(0);
    }
}

/// Number of bytes that the kernel took: 0 when there is no room. The error is its number.
fn send(fd: RawFd, data: &[u8]) -> Result<usize, i32> {
    loop {
        // SAFETY: bytes of ours; any number is allowed for `fd`.
        let mut sent = unsafe { libc::send(fd, data.as_ptr().cast(), data.len(), libc::MSG_NOSIGNAL) };
        let mut error = io::Error::last_os_error();
        if sent < 0 && error.raw_os_error() == Some(libc::ENOTSOCK) {
            // SAFETY: as above. PHP ignores SIGPIPE.
            sent = unsafe { libc::write(fd, data.as_ptr().cast(), data.len()) };
            error = io::Error::last_os_error();
        }
        match (usize::try_from(sent), error.raw_os_error()) {
            (Ok(sent), _) => return Ok(sent),
            (Err(_), Some(libc::EINTR)) => {}
            (Err(_), Some(libc::EAGAIN | libc::ENOBUFS)) => return Ok(0),
            (Err(_), errno) => return Err(errno.unwrap_or(libc::EIO)),
        }
    }
}
