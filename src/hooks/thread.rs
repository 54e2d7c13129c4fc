//! `pthread_join` in libcurl, which ends a look-up that is no longer wanted by waiting for its thread: for as long as the name
//! server takes, so the coroutine waits instead of everybody.

use super::caller::Caller;
use super::gate::{self, KeepErrno, Parked};
use crate::coroutine::engine;
use std::ffi::{c_int, c_void};

pub(super) unsafe extern "C" fn pthread_join<C: Caller>(thread: libc::pthread_t, value: *mut *mut c_void) -> c_int {
    if gate::coroutine_if(C::CONNECT_NAMES).is_none() {
        // SAFETY: the caller's arguments as they are.
        return unsafe { libc::pthread_join(thread, value) };
    }
    let _errno = KeepErrno::new();
    let _parked = Parked::new();
    let mut task = engine::within(|| {
        tokio::task::spawn_blocking(move || {
            let mut result = std::ptr::null_mut();
            // SAFETY: the caller gives the thread up; it is joined once, here.
            let code = unsafe { libc::pthread_join(thread, &mut result) };
            (code, result.expose_provenance())
        })
    });
    loop {
        // Its caller frees what the thread uses: a cancelled coroutine waits on.
        match engine::wait(&mut task) {
            Ok(Ok((code, result))) => {
                if !value.is_null() {
                    // SAFETY: the caller's place for the result.
                    unsafe { *value = std::ptr::with_exposed_provenance_mut(result) };
                }
                return code;
            }
            Ok(Err(_)) => return libc::ESRCH,
            Err(_) => {}
        }
    }
}
