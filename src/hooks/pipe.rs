//! `read`, `write`, `readv`, `writev` on whatever the descriptor is: a pipe or terminal waits as sockets do, a socket is received
//! from or sent to; regular files are `file`'s.
//!
//! The standard output and error are never waited for: `echo` writes there in the middle of PHP's output layer.

use super::caller::Caller;
use super::file;
use super::flags::hook;
use super::gate::{self, KeepErrno};
use super::socket::{after, non_blocking, recv, send};
use crate::io::readiness::Interest;
use libc::{iovec, size_t, ssize_t};
use std::ffi::{c_int, c_void};
use std::os::fd::RawFd;

/// Descriptors that are no sockets.
const PIPES: u32 = hook::FILE | hook::STDIO | hook::PROC;

/// What a descriptor leads to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Socket,
    Regular,
    /// A pipe, terminal or other device.
    Stream,
    Unknown,
}

fn kind(fd: RawFd) -> Kind {
    // SAFETY: all zero; filled by the call.
    let mut status: libc::stat = unsafe { std::mem::zeroed() };
    // SAFETY: fills a struct of ours.
    if unsafe { libc::fstat(fd, &mut status) } != 0 {
        return Kind::Unknown;
    }
    match status.st_mode & libc::S_IFMT {
        libc::S_IFSOCK => Kind::Socket,
        libc::S_IFREG => Kind::Regular,
        libc::S_IFIFO | libc::S_IFCHR => Kind::Stream,
        _ => Kind::Unknown,
    }
}

/// The coroutine that may wait for this pipe or terminal.
fn streamer(fd: RawFd) -> Option<i64> {
    gate::coroutine_if(PIPES).filter(|_| !non_blocking(fd))
}

/// Suspends until the descriptor is ready, unless it is; the error number when that failed.
fn wait(id: i64, fd: RawFd, interest: Interest) -> Result<(), c_int> {
    let events = if interest == Interest::WRITE { libc::POLLOUT } else { libc::POLLIN };
    let mut one = libc::pollfd { fd, events, revents: 0 };
    // SAFETY: a struct of ours; does not wait.
    if unsafe { libc::poll(&mut one, 1, 0) } != 0 {
        return Ok(());
    }
    gate::quietly(false);
    gate::ready(id, fd, interest, None).map(drop).map_err(|ended| ended.errno())
}

pub(super) unsafe extern "C" fn read<C: Caller>(fd: c_int, buffer: *mut c_void, length: size_t) -> ssize_t {
    // SAFETY: the caller's arguments as they are.
    let call = || unsafe { libc::read(fd, buffer, length) };
    if length == 0 || gate::coroutine().is_none() {
        return call();
    }
    match kind(fd) {
        // SAFETY: the caller's arguments; on a socket this is the same call.
        Kind::Socket => unsafe { recv::<C>(fd, buffer, length, 0) },
        Kind::Stream => {
            if let Some(id) = streamer(fd) {
                let errno = KeepErrno::new();
                if let Err(number) = wait(id, fd, Interest::READ) {
                    errno.discard();
                    return gate::fail(number);
                }
            }
            call()
        }
        // SAFETY: the caller's buffer.
        Kind::Regular if file::applies_to(fd) => unsafe { file::read(fd, buffer, length) }.unwrap_or_else(call),
        Kind::Regular | Kind::Unknown => call(),
    }
}

pub(super) unsafe extern "C" fn read_checked<C: Caller>(
    fd: c_int,
    buffer: *mut c_void,
    length: size_t,
    size: size_t,
) -> ssize_t {
    super::socket::check(length, size);
    // SAFETY: the caller's arguments.
    unsafe { read::<C>(fd, buffer, length) }
}

/// A pipe that is ready to be written to takes as much without blocking, and whole.
const PIPE_PART: usize = libc::PIPE_BUF;

pub(super) unsafe extern "C" fn write<C: Caller>(fd: c_int, buffer: *const c_void, length: size_t) -> ssize_t {
    // SAFETY: the caller's arguments as they are.
    let call = || unsafe { libc::write(fd, buffer, length) };
    if (0..=libc::STDERR_FILENO).contains(&fd) || length == 0 || gate::coroutine().is_none() {
        return call();
    }
    match kind(fd) {
        // SAFETY: the caller's arguments; on a socket this is the same call.
        Kind::Socket => unsafe { send::<C>(fd, buffer, length, 0) },
        Kind::Stream => match streamer(fd) {
            // SAFETY: the caller's buffer.
            Some(id) => unsafe { write_parts(id, fd, buffer, length) },
            None => call(),
        },
        // SAFETY: the caller's buffer.
        Kind::Regular if file::applies_to(fd) => unsafe { file::write(fd, buffer, length) }.unwrap_or_else(call),
        Kind::Regular | Kind::Unknown => call(),
    }
}

/// # Safety
/// `buffer` has `length` bytes.
unsafe fn write_parts(id: i64, fd: RawFd, buffer: *const c_void, length: usize) -> ssize_t {
    let errno = KeepErrno::new();
    let mut done = 0;
    while done < length {
        let result = match wait(id, fd, Interest::WRITE) {
            // SAFETY: what is left of the caller's buffer.
            Ok(()) => unsafe { libc::write(fd, buffer.byte_add(done), (length - done).min(PIPE_PART)) },
            Err(number) => gate::fail(number),
        };
        let Ok(count) = usize::try_from(result) else {
            if done == 0 {
                errno.discard();
                return result;
            }
            break;
        };
        done += count;
    }
    done as ssize_t
}

pub(super) unsafe extern "C" fn readv<C: Caller>(fd: c_int, parts: *const iovec, count: c_int) -> ssize_t {
    // SAFETY: the caller's list.
    if let Some(first) = unsafe { list(parts, count) }.iter().find(|part| part.iov_len > 0)
        && gate::coroutine().is_some()
        && C::waits_for(fd)
    {
        // A read may always return less than was asked for.
        // SAFETY: the caller's buffer.
        return unsafe { read::<C>(fd, first.iov_base, first.iov_len) };
    }
    // SAFETY: the caller's arguments as they are.
    unsafe { libc::readv(fd, parts, count) }
}

pub(super) unsafe extern "C" fn writev<C: Caller>(fd: c_int, parts: *const iovec, count: c_int) -> ssize_t {
    // SAFETY: the caller's list.
    let all = unsafe { list(parts, count) };
    let waits = fd > libc::STDERR_FILENO
        && gate::coroutine().is_some()
        && C::waits_for(fd)
        && matches!(kind(fd), Kind::Socket | Kind::Stream)
        && !non_blocking(fd);
    if !waits {
        // SAFETY: the caller's arguments as they are.
        return unsafe { libc::writev(fd, parts, count) };
    }
    let mut done = 0_usize;
    loop {
        let rest = after(all, done);
        let Some(part) = rest.iter().find(|part| part.iov_len > 0) else { return done as ssize_t };
        // SAFETY: the caller's buffer.
        let result = unsafe { write::<C>(fd, part.iov_base, part.iov_len) };
        match usize::try_from(result) {
            Ok(count) if count > 0 => done += count,
            _ => return if done > 0 { done as ssize_t } else { result },
        }
    }
}

/// # Safety
/// `parts` has `count` elements.
unsafe fn list<'a>(parts: *const iovec, count: c_int) -> &'a [iovec] {
    match usize::try_from(count) {
        // SAFETY: promised by the caller.
        Ok(count) if count > 0 && !parts.is_null() => unsafe { std::slice::from_raw_parts(parts, count) },
        _ => &[],
    }
}
