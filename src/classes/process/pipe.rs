//! The pipe between a process and its parent.

use super::{Process, outbox, this};
use crate::classes::coroutine::socket::core::Core;
use crate::classes::coroutine::socket::{need_loop, object_of};
use crate::classes::{errors, event};
use crate::coroutine::engine::{self, scheduler};
use crate::io::{pipe, socket};
use crate::zend;
use crate::zend::call::{Call, Return};
use std::os::fd::RawFd;
use std::rc::Rc;
use std::time::Duration;

/// Values of `close()`'s argument, as the class's constants have them.
const MASTER: i64 = 1;
const WORKER: i64 = 2;
const READ: i64 = 3;
const WRITE: i64 = 4;

/// The most that one call reads: a pipe holds less, and what a caller asks for may be any number.
const LONGEST: usize = 16 << 20;

/// This side's end, or a warning that there is none for `what`.
fn end(process: &Process, what: &str) -> Option<RawFd> {
    if process.fd.get().is_none() {
        errors::warn(&format!("no pipe, cannot {what}"));
    }
    process.fd.get()
}

/// `read(int $size = 8192): string|false`
pub fn read(call: &mut Call<'_>) -> Return {
    let size = call.optional(0, 8192, Call::long_arg)?;
    let process = this(call)?;
    let Some(fd) = end(process, "read from pipe") else { return call.return_bool(false) };
    let mut room = vec![0; usize::try_from(size).unwrap_or(0).min(LONGEST)];
    let count = if process.waits.get() {
        pipe::read_wait(fd, &mut room, process.limit.get())
    } else {
        pipe::read(fd, &mut room)
    };
    match count {
        Ok(count) => call.return_bytes(&room[..count]),
        Err(error) => {
            zend::set_errno(error.raw_os_error().unwrap_or(0));
            call.return_bool(false)
        }
    }
}

/// `write(string $data): int|false`
pub fn write(call: &mut Call<'_>) -> Return {
    let data = call.str_arg(0)?.as_bytes();
    if data.is_empty() {
        errors::warn("the data to send is empty");
        return call.return_bool(false);
    }
    let process = this(call)?;
    let Some(fd) = end(process, "write into pipe") else { return call.return_bool(false) };
    let sent = if !process.waits.get() && (engine::loop_running() || scheduler().has_work()) {
        event::init();
        outbox::send(fd, data.to_vec()).map(|()| data.len())
    } else {
        pipe::send_wait(fd, data, process.limit.get())
    };
    match sent {
        Ok(count) => call.return_long(count as i64),
        Err(error) => {
            errors::warn_of_system("write() failed", &error);
            call.return_bool(false)
        }
    }
}

/// `setTimeout(float $seconds): bool`
pub fn set_timeout(call: &mut Call<'_>) -> Return {
    let seconds = call.double_arg(0)?;
    let process = this(call)?;
    let Some(fd) = end(process, "setTimeout the pipe") else { return call.return_bool(false) };
    let limit = Duration::try_from_secs_f64(seconds).ok().filter(|limit| !limit.is_zero());
    // As in Swoole, 0 changes nothing.
    if seconds != 0.0 {
        process.limit.set(limit);
    }
    call.return_bool(pipe::set_kernel_timeout(fd, limit).is_ok())
}

/// `setBlocking(bool $blocking): bool`
pub fn set_blocking(call: &mut Call<'_>) -> Return {
    let blocking = call.bool_arg(0)?;
    let process = call.native::<Process>();
    let Some(fd) = end(process, "setBlocking the pipe") else { return call.return_bool(false) };
    process.waits.set(blocking);
    call.return_bool(pipe::set_nonblocking(fd, !blocking).is_ok())
}

/// `close(int $which = 0): bool`
pub fn close(call: &mut Call<'_>) -> Return {
    let which = call.optional(0, 0, Call::long_arg)?;
    let process = this(call)?;
    let Some(fd) = end(process, "close the pipe") else { return call.return_bool(false) };
    let mut held = process.pipe.borrow_mut();
    let Some(pipe) = held.as_mut() else {
        errors::warn("cannot close the pipe");
        return call.return_bool(false);
    };
    let halves = match which {
        READ => Some(libc::SHUT_RD),
        WRITE => Some(libc::SHUT_WR),
        _ => None,
    };
    if let Some(how) = halves {
        if let Err(error) = pipe::shut(fd, how) {
            errors::warn_of_system("close() failed", &error);
            return call.return_bool(false);
        }
        return call.return_bool(true);
    }
    outbox::forget(fd);
    match which {
        MASTER => drop(pipe.master.take()),
        WORKER => drop(pipe.worker.take()),
        _ => *held = None,
    }
    if which == 0 {
        process.fd.set(None);
    }
    call.return_bool(true)
}

/// `exportSocket(): Swoole\Coroutine\Socket|false`
pub fn export_socket(call: &mut Call<'_>) -> Return {
    let process = call.native::<Process>();
    let Some(fd) = end(process, "export stream") else { return call.return_bool(false) };
    if let Some((of, socket)) = &*process.exported.borrow()
        && *of == fd
    {
        return call.return_value(socket.shallow_clone());
    }
    let copy = match socket::duplicate(fd) {
        Ok(copy) => copy,
        Err(error) => {
            errors::warn_of_system(&format!("dup({fd}) failed"), &error);
            return call.return_bool(false);
        }
    };
    need_loop();
    let kind = match process.kind.get() {
        pipe::Kind::Stream => libc::SOCK_STREAM,
        pipe::Kind::Datagram => libc::SOCK_DGRAM,
    };
    let core = Core::from_descriptor(copy, libc::AF_UNIX, kind, 0, false);
    let made = object_of(Rc::new(core), false);
    let old = process.exported.replace(Some((fd, made.shallow_clone())));
    drop(old);
    call.return_value(made)
}
