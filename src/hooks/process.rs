//! `waitpid`, `wait4`, `pclose`: ends of child processes. PHP's `exec`, `popen` and `proc_open` wait in these after they have
//! read what the child wrote.

use super::flags::hook;
use super::gate::{self, Ended, KeepErrno};
use crate::coroutine::engine;
use crate::io::readiness::{self, Interest};
use crate::local_task;
use crate::zend;
use libc::{pid_t, rusage};
use std::ffi::c_int;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

/// Suspends until this child has ended; false when the call has to be made as it is.
///
/// # Errors
/// The coroutine was cancelled.
fn ended(id: i64, child: pid_t) -> Result<bool, Ended> {
    let _errno = KeepErrno::new();
    // SAFETY: makes a descriptor, close-on-exec as they all are.
    let fd = unsafe { libc::syscall(libc::SYS_pidfd_open, child, 0) };
    let Some(fd) = c_int::try_from(fd).ok().filter(|fd| *fd >= 0) else { return Ok(false) };
    // SAFETY: just made, nobody else has it.
    let fd = unsafe { OwnedFd::from_raw_fd(fd) };
    let waited = gate::ready(id, fd.as_raw_fd(), Interest::READ, None);
    // PHP's own functions forget the child now; those of pcntl may ask for it again.
    if waited.is_err() && !zend::internal_function().is_some_and(|name| name.starts_with(b"pcntl_")) {
        reap(fd);
    }
    waited.map(|_| true)
}

/// Takes this child's status when it ends, which nobody else does, for as long as the loop runs: or it would stay as a zombie.
fn reap(child: OwnedFd) {
    engine::within(|| {
        local_task::spawn(async move {
            if readiness::wait(child.as_raw_fd(), Interest::READ, 0).await.is_ok() {
                // SAFETY: all zero is what is filled.
                let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
                // SAFETY: fills a struct of ours. A child that somebody else has waited for is not there: nothing to do.
                unsafe {
                    libc::waitid(libc::P_PIDFD, child.as_raw_fd() as _, &mut info, libc::WEXITED | libc::WNOHANG);
                }
            }
            readiness::closing(child.as_raw_fd());
        });
    });
}

/// Waits for `child` with `call`, which is given whether not to wait.
fn wait(child: pid_t, options: c_int, call: impl Fn(c_int) -> pid_t) -> pid_t {
    // Only one child can be told by a descriptor, and only its end.
    let simple = child > 0 && options & !libc::__WALL == 0;
    let Some(id) = gate::coroutine_if(hook::PROC).filter(|_| simple) else { return call(options) };
    let errno = gate::errno();
    loop {
        let result = call(options | libc::WNOHANG);
        if result != 0 {
            if result > 0 {
                gate::set_errno(errno);
            }
            return result;
        }
        match ended(id, child) {
            Ok(true) => {}
            Ok(false) => return call(options),
            Err(ended) => return gate::fail(ended.errno()),
        }
    }
}

pub(super) unsafe extern "C" fn waitpid(child: pid_t, status: *mut c_int, options: c_int) -> pid_t {
    wait(child, options, |options| {
        // SAFETY: the caller's arguments as they are.
        unsafe { libc::waitpid(child, status, options) }
    })
}

pub(super) unsafe extern "C" fn wait4(child: pid_t, status: *mut c_int, options: c_int, usage: *mut rusage) -> pid_t {
    wait(child, options, |options| {
        // SAFETY: the caller's arguments as they are.
        unsafe { libc::wait4(child, status, options, usage) }
    })
}

/// A `FILE` that another thread closes.
struct File(*mut libc::FILE);

// SAFETY: the C library locks each file; its owner gives it up with this call.
unsafe impl Send for File {}

pub(super) unsafe extern "C" fn pclose(file: *mut libc::FILE) -> c_int {
    unsafe extern "C" {
        fn pclose(file: *mut libc::FILE) -> c_int;
    }
    let Some(id) = gate::coroutine_if(hook::PROC).filter(|_| !file.is_null()) else {
        // SAFETY: the caller's argument as it is.
        return unsafe { pclose(file) };
    };
    // SAFETY: open until it is closed below.
    let fd = unsafe { libc::fileno(file) };
    gate::closing(fd);
    let errno = KeepErrno::new();
    let file = File(file);
    let close = move || {
        let File(file) = { file };
        // SAFETY: handed over by the caller, closed once.
        let status = unsafe { pclose(file) };
        (status, gate::errno())
    };
    if gate::broken_off(id, fd).is_some() {
        // A cancelled coroutine does not wait for a child that it no longer reads.
        gate::leave_behind(close);
        errno.discard();
        return gate::fail(libc::ECANCELED);
    }
    match gate::offload(close) {
        Ok((status, number)) => {
            if status < 0 {
                errno.discard();
                gate::set_errno(number);
            }
            status
        }
        Err(_) => {
            errno.discard();
            gate::last_error(libc::ECANCELED);
            gate::fail(libc::ECANCELED)
        }
    }
}
