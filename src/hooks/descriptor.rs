//! `close`: nobody may go on waiting for a descriptor that is no more.

use super::{file, flags, gate, lock, socket, transport};
use crate::coroutine::engine::Php;
use crate::coroutine::scheduler::Machine;
use std::ffi::c_int;

pub(super) unsafe extern "C" fn close(fd: c_int) -> c_int {
    if flags::in_force() == 0 || !Php::on_thread() || gate::is_forked() {
        // SAFETY: the caller's argument as it is.
        return unsafe { libc::close(fd) };
    }
    gate::closing(fd);
    socket::closed(fd);
    file::closed(fd);
    transport::closed(fd);
    let waiters = lock::waiters(fd);
    // SAFETY: as above.
    let result = unsafe { libc::close(fd) };
    if let Some(waiters) = waiters {
        // A lock that nobody else holds is free now.
        waiters.notify_one();
    }
    result
}
