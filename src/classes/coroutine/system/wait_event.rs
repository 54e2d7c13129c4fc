//! Waiting for a descriptor.

use crate::classes::event::{self, READ, WRITE};
use crate::classes::{self, descriptor, errors};
use crate::coroutine::Canceled;
use crate::coroutine::engine::scheduler;
use crate::io::readiness::{self, Interest, Ready, WaitError};
use crate::log;
use crate::zend::call::{Call, Return};
use std::os::fd::RawFd;

/// The kind of Swoole's sockets that coroutines wait for here, for its log.
const FD_TYPE: i32 = 8;

/// `waitEvent(mixed $socket, int $events = SWOOLE_EVENT_READ, float $timeout = -1): int|false`
pub fn wait_event(call: &mut Call<'_>) -> Return {
    let events = call.optional(1, READ, Call::long_arg)?;
    let seconds = call.optional(2, -1.0, Call::double_arg)?;
    let Some(fd) = call.value(0).and_then(descriptor::of) else {
        errors::warn("unknown fd type");
        return call.return_bool(false);
    };
    let events = events & (READ | WRITE);
    let outcome = if events == 0 {
        Err(libc::EINVAL)
    } else if seconds == 0.0 {
        poll(fd, events)
    } else {
        let id = classes::current_coroutine()?.id.get();
        wait(fd, events, seconds, id).inspect_err(|number| errors::set_errno(*number))
    };
    match outcome {
        Ok(events) => call.return_long(events),
        Err(number) => {
            errors::set_last(number);
            call.return_bool(false)
        }
    }
}

fn of_bits(ready: Ready, wanted: i64) -> i64 {
    let revents = ready.revents();
    let read = if revents & libc::POLLIN != 0 { READ } else { 0 };
    let write = if revents & libc::POLLOUT != 0 { WRITE } else { 0 };
    // An error or a hang-up alone: whatever is tried next will tell.
    if read | write == 0 { wanted } else { read | write }
}

/// Asks without waiting.
fn poll(fd: RawFd, wanted: i64) -> Result<i64, i32> {
    let read = if wanted & READ != 0 { libc::POLLIN } else { 0 };
    let write = if wanted & WRITE != 0 { libc::POLLOUT } else { 0 };
    let mut asked = libc::pollfd { fd, events: read | write, revents: 0 };
    // SAFETY: one struct of ours.
    match unsafe { libc::poll(&mut asked, 1, 0) } {
        0 => Err(libc::ETIMEDOUT),
        1 if asked.revents & libc::POLLNVAL != 0 => Err(libc::EBADF),
        1 => Ok(of_bits(Ready::from_revents(asked.revents), wanted)),
        _ => Err(std::io::Error::last_os_error().raw_os_error().unwrap_or(libc::EIO)),
    }
}

/// Suspends the coroutine `id` until the descriptor is ready. The error is what `swoole_last_error()` says.
fn wait(fd: RawFd, wanted: i64, seconds: f64, id: i64) -> Result<i64, i32> {
    let interest = match (wanted & READ != 0, wanted & WRITE != 0) {
        (true, true) => Interest::READ | Interest::WRITE,
        (false, true) => Interest::WRITE,
        _ => Interest::READ,
    };
    if event::is_watched(fd) || event::is_waited_for(fd) {
        return Err(refused(fd, wanted, libc::EEXIST));
    }
    let waited = scheduler().wait_for(readiness::wait(fd, interest, id), super::super::timeout(seconds));
    match waited {
        Ok(Some(Ok(ready))) => match event::after_deferred() {
            Ok(()) => Ok(of_bits(ready, wanted)),
            Err(Canceled) => Err(errors::CO_CANCELED),
        },
        Ok(Some(Err(error))) => {
            let errno = match error {
                WaitError::Taken { .. } => libc::EEXIST,
                other => other.errno(),
            };
            Err(if error == WaitError::Closed { errno } else { refused(fd, wanted, errno) })
        }
        Ok(None) => Err(errors::CO_TIMEDOUT),
        Err(Canceled) => Err(errors::CO_CANCELED),
    }
}

/// Writes Swoole's line into the log.
fn refused(fd: RawFd, wanted: i64, errno: i32) -> i32 {
    let epoll = readiness::number().or_else(event::number).unwrap_or(-1);
    let text = format!(
        "[Reactor#0] epoll_ctl(epfd={epoll}, EPOLL_CTL_ADD, fd={fd}, fd_type={FD_TYPE}, events={wanted}) failed"
    );
    log::system_warning("ReactorEpoll::add()", &text, errno);
    errno
}
