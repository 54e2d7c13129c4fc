//! `connect`, `accept`, `recv`, `send` and their relatives on blocking sockets.
//!
//! Each call is first tried without blocking, so one that need not wait costs what it always did. A socket that its owner made
//! non-blocking is left alone. `SO_RCVTIMEO` and `SO_SNDTIMEO` hold; `MSG_WAITALL` and blocking writes finish everything.

use super::caller::{Caller, Sockets};
use super::gate::{self, Ended, KeepErrno};
use crate::io::readiness::Interest;
use libc::{iovec, msghdr, size_t, sockaddr, socklen_t, ssize_t};
use std::cell::RefCell;
use std::ffi::{c_int, c_void};
use std::os::fd::RawFd;
use std::time::Duration;

const DONTWAIT: c_int = libc::MSG_DONTWAIT;

/// Whether its owner wants `EAGAIN` instead of a wait.
pub(super) fn non_blocking(fd: RawFd) -> bool {
    // SAFETY: asks for flags.
    let flags = unsafe { libc::fcntl(fd, libc::F_GETFL) };
    flags < 0 || flags & libc::O_NONBLOCK != 0
}

/// `SO_RCVTIMEO` or `SO_SNDTIMEO`; none for ever.
fn time_limit(fd: RawFd, name: c_int) -> Option<Duration> {
    let mut time = libc::timeval { tv_sec: 0, tv_usec: 0 };
    let mut size = size_of::<libc::timeval>() as socklen_t;
    // SAFETY: fills a struct of ours.
    let result = unsafe { libc::getsockopt(fd, libc::SOL_SOCKET, name, (&raw mut time).cast(), &mut size) };
    let limit = Duration::from_secs(time.tv_sec.max(0) as u64) + Duration::from_micros(time.tv_usec.max(0) as u64);
    (result == 0 && !limit.is_zero()).then_some(limit)
}

fn would_block() -> bool {
    matches!(gate::errno(), libc::EAGAIN)
}

/// Repeats `attempt`, which does not block, until it does something else than ask to wait.
fn repeat<C: Caller>(
    id: i64,
    fd: RawFd,
    (interest, limit): (Interest, c_int),
    mut attempt: impl FnMut() -> ssize_t,
) -> ssize_t {
    if let Some(errno) = gate::broken_off(id, fd) {
        return gate::fail(errno);
    }
    let errno = KeepErrno::new();
    let mut first = true;
    loop {
        let result = attempt();
        if result >= 0 {
            return result;
        }
        if !would_block() {
            errno.discard();
            return result;
        }
        if first && non_blocking(fd) {
            errno.discard();
            return if interest == Interest::READ { gate::fail(C::TIME_OUT) } else { result };
        }
        first = false;
        gate::quietly(false);
        if let Err(ended) = gate::ready(id, fd, interest, time_limit(fd, limit)) {
            errno.discard();
            return gate::fail(if ended == Ended::TimedOut { C::TIME_OUT } else { C::number(ended) });
        }
    }
}

/// Sends or receives `length` bytes in as many parts as it takes; `part` is given what is done already.
fn whole<C: Caller>(
    id: i64,
    fd: RawFd,
    direction: (Interest, c_int),
    length: usize,
    part: impl Fn(usize) -> ssize_t,
) -> ssize_t {
    let mut done = 0_usize;
    loop {
        let result = repeat::<C>(id, fd, direction, || part(done));
        let Some(count) = usize::try_from(result).ok().filter(|count| *count > 0) else {
            // What arrived counts; the error comes back with the next call.
            return if done > 0 { done as ssize_t } else { result };
        };
        done += count;
        if done >= length {
            return done as ssize_t;
        }
    }
}

const READING: (Interest, c_int) = (Interest::READ, libc::SO_RCVTIMEO);
const WRITING: (Interest, c_int) = (Interest::WRITE, libc::SO_SNDTIMEO);

/// The coroutine that may wait for this socket.
#[inline]
fn waiter<C: Caller>(fd: RawFd, flags: c_int) -> Option<i64> {
    if flags & DONTWAIT != 0 {
        return None;
    }
    gate::coroutine().filter(|_| C::waits_for(fd))
}

pub(super) unsafe extern "C" fn recv<C: Caller>(
    fd: c_int,
    buffer: *mut c_void,
    length: size_t,
    flags: c_int,
) -> ssize_t {
    let Some(id) = waiter::<C>(fd, flags) else {
        // PHP's streams wait with `poll`, ignore what it says and read without blocking.
        if flags & DONTWAIT != 0
            && let Some(errno) = gate::coroutine().and_then(|id| gate::broken_off(id, fd))
        {
            return gate::fail(errno);
        }
        // SAFETY: the caller's arguments as they are.
        return unsafe { libc::recv(fd, buffer, length, flags) };
    };
    // SAFETY: the caller's buffer, from what is filled already on.
    let part = |done| unsafe { libc::recv(fd, buffer.cast::<u8>().add(done).cast(), length - done, flags | DONTWAIT) };
    if flags & (libc::MSG_WAITALL | libc::MSG_PEEK) == libc::MSG_WAITALL && length > 0 {
        return whole::<C>(id, fd, READING, length, part);
    }
    repeat::<C>(id, fd, READING, || part(0))
}

pub(super) unsafe extern "C" fn recv_checked<C: Caller>(
    fd: c_int,
    buffer: *mut c_void,
    length: size_t,
    size: size_t,
    flags: c_int,
) -> ssize_t {
    check(length, size);
    // SAFETY: the caller's arguments.
    unsafe { recv::<C>(fd, buffer, length, flags) }
}

/// What the checked functions of libc do with a buffer that is shorter than its caller says.
pub(super) fn check(length: size_t, size: size_t) {
    if length > size {
        // SAFETY: ends the process, as libc would.
        unsafe { libc::abort() };
    }
}

pub(super) unsafe extern "C" fn recvfrom<C: Caller>(
    fd: c_int,
    buffer: *mut c_void,
    length: size_t,
    flags: c_int,
    address: *mut sockaddr,
    size: *mut socklen_t,
) -> ssize_t {
    let call = |flags| {
        // SAFETY: the caller's arguments as they are.
        unsafe { libc::recvfrom(fd, buffer, length, flags, address, size) }
    };
    match waiter::<C>(fd, flags) {
        // Datagrams come whole; a stream's WAITALL is asked for with recv.
        Some(id) => repeat::<C>(id, fd, READING, || call(flags | DONTWAIT)),
        None => call(flags),
    }
}

pub(super) unsafe extern "C" fn recvfrom_checked<C: Caller>(
    fd: c_int,
    buffer: *mut c_void,
    length: size_t,
    limit: size_t,
    flags: c_int,
    address: *mut sockaddr,
    size: *mut socklen_t,
) -> ssize_t {
    check(length, limit);
    // SAFETY: the caller's arguments.
    unsafe { recvfrom::<C>(fd, buffer, length, flags, address, size) }
}

pub(super) unsafe extern "C" fn recvmsg<C: Caller>(fd: c_int, message: *mut msghdr, flags: c_int) -> ssize_t {
    let call = |flags| {
        // SAFETY: the caller's arguments as they are.
        unsafe { libc::recvmsg(fd, message, flags) }
    };
    match waiter::<C>(fd, flags) {
        Some(id) => repeat::<C>(id, fd, READING, || call(flags | DONTWAIT)),
        None => call(flags),
    }
}

pub(super) unsafe extern "C" fn send<C: Caller>(
    fd: c_int,
    buffer: *const c_void,
    length: size_t,
    flags: c_int,
) -> ssize_t {
    let Some(id) = waiter::<C>(fd, flags) else {
        gate::asked(fd);
        // SAFETY: the caller's arguments as they are.
        return unsafe { libc::send(fd, buffer, length, flags) };
    };
    gate::asked(fd);
    // SAFETY: the caller's buffer, from what is sent already on.
    let part = |done| unsafe { libc::send(fd, buffer.cast::<u8>().add(done).cast(), length - done, flags | DONTWAIT) };
    if non_blocking(fd) {
        return part(0);
    }
    whole::<C>(id, fd, WRITING, length, part)
}

pub(super) unsafe extern "C" fn sendto<C: Caller>(
    fd: c_int,
    buffer: *const c_void,
    length: size_t,
    flags: c_int,
    address: *const sockaddr,
    size: socklen_t,
) -> ssize_t {
    if address.is_null() {
        // SAFETY: the caller's arguments; this is the same call.
        return unsafe { send::<C>(fd, buffer, length, flags) };
    }
    let call = |flags| {
        // SAFETY: the caller's arguments as they are.
        unsafe { libc::sendto(fd, buffer, length, flags, address, size) }
    };
    match waiter::<C>(fd, flags) {
        Some(id) => repeat::<C>(id, fd, WRITING, || call(flags | DONTWAIT)),
        None => call(flags),
    }
}

pub(super) unsafe extern "C" fn sendmsg<C: Caller>(fd: c_int, message: *const msghdr, flags: c_int) -> ssize_t {
    let Some(id) = waiter::<C>(fd, flags).filter(|_| !non_blocking(fd) && !message.is_null()) else {
        // SAFETY: the caller's arguments as they are.
        return unsafe { libc::sendmsg(fd, message, flags) };
    };
    // SAFETY: the caller's message, read only.
    let original = unsafe { &*message };
    let parts = match original.msg_iovlen {
        0 => &[][..],
        // C libraries differ in the number's type.
        #[allow(clippy::unnecessary_cast)]
        // SAFETY: the caller's list.
        count => unsafe { std::slice::from_raw_parts(original.msg_iov, count as usize) },
    };
    let length = parts.iter().map(|part| part.iov_len).sum();
    whole::<C>(id, fd, WRITING, length, |done| {
        let rest = after(parts, done);
        // SAFETY: a plain struct, copied to shorten its list.
        let mut copy = unsafe { std::ptr::read(message) };
        copy.msg_iov = rest.as_ptr().cast_mut();
        copy.msg_iovlen = rest.len() as _;
        if done > 0 {
            // Descriptors and the like went with the first part.
            copy.msg_control = std::ptr::null_mut();
            copy.msg_controllen = 0;
        }
        // SAFETY: the caller's buffers, less what is sent.
        unsafe { libc::sendmsg(fd, &copy, flags | DONTWAIT) }
    })
}

/// These buffers without their first `done` bytes.
pub(super) fn after(parts: &[iovec], mut done: usize) -> Vec<iovec> {
    let mut rest = Vec::with_capacity(parts.len());
    for part in parts {
        let skip = done.min(part.iov_len);
        done -= skip;
        if skip < part.iov_len || part.iov_len == 0 {
            let start = part.iov_base.wrapping_byte_add(skip);
            rest.push(iovec { iov_base: start, iov_len: part.iov_len - skip });
        }
    }
    rest
}

/// Runs `call` while the descriptor is non-blocking.
fn without_blocking<T>(fd: RawFd, call: impl FnOnce() -> T) -> T {
    // SAFETY: asks for flags and sets them.
    let flags = unsafe { libc::fcntl(fd, libc::F_GETFL) };
    // SAFETY: as above.
    unsafe { libc::fcntl(fd, libc::F_SETFL, flags | libc::O_NONBLOCK) };
    let result = call();
    let errno = gate::errno();
    // SAFETY: as above.
    unsafe { libc::fcntl(fd, libc::F_SETFL, flags) };
    gate::set_errno(errno);
    result
}

pub(super) unsafe extern "C" fn connect<C: Caller>(fd: c_int, address: *const sockaddr, size: socklen_t) -> c_int {
    let call = || {
        // SAFETY: the caller's arguments as they are.
        unsafe { libc::connect(fd, address, size) }
    };
    C::begins(fd);
    let Some(id) = waiter::<C>(fd, 0).filter(|_| !non_blocking(fd)) else { return call() };
    let errno = KeepErrno::new();
    let limit = time_limit(fd, libc::SO_SNDTIMEO);
    loop {
        if without_blocking(fd, call) == 0 {
            return 0;
        }
        match gate::errno() {
            libc::EINPROGRESS => break,
            // A Unix socket whose listener has no room: nothing tells when it has.
            libc::EAGAIN if limit.is_none() => {
                if !gate::pause(Duration::from_millis(1)) {
                    errno.discard();
                    return gate::fail(libc::ECANCELED);
                }
            }
            _ => {
                errno.discard();
                return -1;
            }
        }
    }
    gate::quietly(false);
    let failure = match gate::ready(id, fd, Interest::WRITE, limit) {
        Ok(_) => socket_error(fd),
        Err(Ended::TimedOut) if C::TIME_OUT == libc::ETIMEDOUT => libc::ETIMEDOUT,
        Err(Ended::TimedOut) => libc::EINPROGRESS,
        Err(ended) => ended.errno(),
    };
    if failure == 0 {
        return 0;
    }
    errno.discard();
    gate::fail(failure)
}

pub(super) unsafe extern "C" fn listen<C: Caller>(fd: c_int, backlog: c_int) -> c_int {
    C::begins(fd);
    // SAFETY: the caller's arguments as they are.
    unsafe { libc::listen(fd, backlog) }
}

/// `SO_ERROR`, which asking clears.
fn socket_error(fd: RawFd) -> c_int {
    let mut value = 0;
    let mut size = size_of::<c_int>() as socklen_t;
    // SAFETY: fills an int of ours.
    match unsafe { libc::getsockopt(fd, libc::SOL_SOCKET, libc::SO_ERROR, (&raw mut value).cast(), &mut size) } {
        0 => value,
        _ => gate::errno(),
    }
}

pub(super) unsafe extern "C" fn accept<C: Caller>(fd: c_int, address: *mut sockaddr, size: *mut socklen_t) -> c_int {
    let call = || {
        // SAFETY: the caller's arguments as they are.
        unsafe { libc::accept(fd, address, size) }
    };
    accepted::<C>(fd, call)
}

pub(super) unsafe extern "C" fn accept4<C: Caller>(
    fd: c_int,
    address: *mut sockaddr,
    size: *mut socklen_t,
    flags: c_int,
) -> c_int {
    let call = || {
        // SAFETY: the caller's arguments as they are.
        unsafe { libc::accept4(fd, address, size, flags) }
    };
    accepted::<C>(fd, call)
}

fn accepted<C: Caller>(fd: RawFd, call: impl Fn() -> c_int) -> c_int {
    let taken = match waiter::<C>(fd, 0).filter(|_| !non_blocking(fd)) {
        Some(id) => repeat::<C>(id, fd, READING, || without_blocking(fd, &call) as ssize_t) as c_int,
        None => call(),
    };
    if taken >= 0 {
        C::accepted(fd, taken);
    }
    taken
}

/// A time limit as it was set; the kernel rounds it to its ticks.
#[derive(Clone, Copy)]
struct Set {
    fd: RawFd,
    option: c_int,
    exact: (i64, i64),
    rounded: (i64, i64),
}

thread_local! {
    static SET: RefCell<Vec<Set>> = const { RefCell::new(Vec::new()) };
}

fn is_limit(level: c_int, option: c_int, size: usize) -> bool {
    level == libc::SOL_SOCKET
        && matches!(option, libc::SO_RCVTIMEO | libc::SO_SNDTIMEO)
        && size == size_of::<libc::timeval>()
}

fn kernel_limit(fd: RawFd, option: c_int) -> Option<(i64, i64)> {
    let mut time = libc::timeval { tv_sec: 0, tv_usec: 0 };
    let mut size = size_of::<libc::timeval>() as socklen_t;
    // SAFETY: fills a struct of ours.
    let result = unsafe { libc::getsockopt(fd, libc::SOL_SOCKET, option, (&raw mut time).cast(), &mut size) };
    (result == 0).then_some((time.tv_sec, time.tv_usec))
}

/// For ext/sockets: remembers time limits as they are set.
pub(super) unsafe extern "C" fn setsockopt(
    fd: c_int,
    level: c_int,
    option: c_int,
    value: *const c_void,
    size: socklen_t,
) -> c_int {
    // SAFETY: the caller's arguments as they are.
    let result = unsafe { libc::setsockopt(fd, level, option, value, size) };
    if result == 0 && is_limit(level, option, size as usize) && gate::coroutine_if(Sockets::SLEEP).is_some() {
        // SAFETY: the caller's struct, of which the kernel has just read as much.
        let time = unsafe { value.cast::<libc::timeval>().read_unaligned() };
        if let Some(rounded) = kernel_limit(fd, option) {
            SET.with_borrow_mut(|all| {
                all.retain(|set| (set.fd, set.option) != (fd, option));
                let exact = (time.tv_sec, time.tv_usec);
                if exact != rounded {
                    all.push(Set { fd, option, exact, rounded });
                }
            });
        }
    }
    result
}

/// For ext/sockets: tells a time limit as it was set, if it is still that one.
pub(super) unsafe extern "C" fn getsockopt(
    fd: c_int,
    level: c_int,
    option: c_int,
    value: *mut c_void,
    size: *mut socklen_t,
) -> c_int {
    // SAFETY: the caller's arguments as they are.
    let result = unsafe { libc::getsockopt(fd, level, option, value, size) };
    // SAFETY: the caller's, just written by the kernel.
    if result == 0 && is_limit(level, option, unsafe { *size } as usize) && gate::coroutine_if(Sockets::SLEEP).is_some()
    {
        let set = SET.with_borrow(|all| all.iter().find(|set| (set.fd, set.option) == (fd, option)).copied());
        // SAFETY: as above: a whole struct.
        unsafe {
            let time = value.cast::<libc::timeval>();
            let now = time.read_unaligned();
            if let Some(set) = set
                && set.rounded == (now.tv_sec, now.tv_usec)
            {
                time.write_unaligned(libc::timeval { tv_sec: set.exact.0, tv_usec: set.exact.1 });
            }
        }
    }
    result
}

/// A loop begins.
pub(super) fn begin() {
    SET.with_borrow_mut(Vec::clear);
}

/// A descriptor is closed.
pub(super) fn closed(fd: RawFd) {
    SET.with_borrow_mut(|all| all.retain(|set| set.fd != fd));
}
