//! `sleep`, `usleep`, `nanosleep`, `clock_nanosleep`: sleeping coroutines.
//!
//! A cancelled sleep ends early and succeeds, as in Swoole; `swoole_last_error()` says that it was cancelled.

use super::caller::Caller;
use super::gate::{self, CO_CANCELED, KeepErrno};
use std::ffi::{c_int, c_uint};
use std::time::{Duration, Instant};

/// Suspends for `duration`; what is left of it when the coroutine was cancelled.
fn pause(duration: Duration) -> Duration {
    let _errno = KeepErrno::new();
    let start = Instant::now();
    if gate::pause(duration) {
        return Duration::ZERO;
    }
    gate::last_error(CO_CANCELED);
    duration.saturating_sub(start.elapsed())
}

pub(super) unsafe extern "C" fn sleep<C: Caller>(seconds: c_uint) -> c_uint {
    if gate::coroutine_if(C::SLEEP).is_none() {
        // SAFETY: takes any number.
        return unsafe { libc::sleep(seconds) };
    }
    let left = pause(Duration::from_secs(seconds.into()));
    left.as_secs() as c_uint + c_uint::from(left.subsec_nanos() > 0)
}

pub(super) unsafe extern "C" fn usleep<C: Caller>(microseconds: c_uint) -> c_int {
    if gate::coroutine_if(C::SLEEP).is_none() {
        // SAFETY: takes any number.
        return unsafe { libc::usleep(microseconds) };
    }
    pause(Duration::from_micros(microseconds.into()));
    0
}

/// A time that libc accepts.
///
/// # Safety
/// As for `nanosleep`: readable.
unsafe fn duration(time: *const libc::timespec) -> Option<Duration> {
    // SAFETY: promised by the caller.
    let time = unsafe { time.as_ref() }?;
    let seconds = u64::try_from(time.tv_sec).ok()?;
    let nanoseconds = u32::try_from(time.tv_nsec).ok().filter(|number| *number < 1_000_000_000)?;
    Some(Duration::new(seconds, nanoseconds))
}

pub(super) unsafe extern "C" fn nanosleep<C: Caller>(
    request: *const libc::timespec,
    left: *mut libc::timespec,
) -> c_int {
    // SAFETY: the caller's struct.
    match unsafe { duration(request) } {
        Some(duration) if gate::coroutine_if(C::SLEEP).is_some() => {
            pause(duration);
            0
        }
        // SAFETY: the caller's arguments as they are.
        _ => unsafe { libc::nanosleep(request, left) },
    }
}

pub(super) unsafe extern "C" fn clock_nanosleep<C: Caller>(
    clock: libc::clockid_t,
    flags: c_int,
    request: *const libc::timespec,
    left: *mut libc::timespec,
) -> c_int {
    // SAFETY: the caller's struct.
    let wanted = unsafe { duration(request) };
    let known = matches!(clock, libc::CLOCK_MONOTONIC | libc::CLOCK_REALTIME) && flags & !libc::TIMER_ABSTIME == 0;
    if let Some(mut wanted) = wanted
        && known
        && gate::coroutine_if(C::SLEEP).is_some()
    {
        if flags & libc::TIMER_ABSTIME != 0 {
            let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
            // SAFETY: fills a struct of ours.
            unsafe { libc::clock_gettime(clock, &mut now) };
            // SAFETY: ours.
            wanted = wanted.saturating_sub(unsafe { duration(&now) }.unwrap_or_default());
        }
        pause(wanted);
        return 0;
    }
    // SAFETY: the caller's arguments as they are.
    unsafe { libc::clock_nanosleep(clock, flags, request, left) }
}
