//! The functions.
//!
//! `Swoole\A\b` is `a_b` here, a global function has its own name.

use crate::classes::{API_VERSION, constants, coroutine, errors};
use crate::coroutine::engine;
use crate::zend::call::{Call, Return};
use crate::zend::{self, sys};
use std::ffi::CStr;

/// `swoole_version()`.
pub fn swoole_version(call: &mut Call<'_>) -> Return {
    call.return_bytes(API_VERSION.to_bytes())
}

/// `swoole_cpu_num()`.
pub fn swoole_cpu_num(call: &mut Call<'_>) -> Return {
    // SAFETY: asks for a number; -1 on failure.
    let count = unsafe { libc::sysconf(libc::_SC_NPROCESSORS_ONLN) };
    call.return_long(count.max(1))
}

/// `swoole_last_error()`.
pub fn swoole_last_error(call: &mut Call<'_>) -> Return {
    call.return_long(i64::from(errors::last()))
}

/// `swoole_errno()`.
pub fn swoole_errno(call: &mut Call<'_>) -> Return {
    let errno = std::io::Error::last_os_error().raw_os_error().unwrap_or(0);
    call.return_long(i64::from(errno))
}

/// `swoole_clear_error()`.
pub fn swoole_clear_error(_call: &mut Call<'_>) -> Return {
    errors::set_last(0);
    // SAFETY: this thread's errno.
    unsafe { *libc::__errno_location() = 0 };
    Ok(())
}

/// `swoole_strerror()`.
pub fn swoole_strerror(call: &mut Call<'_>) -> Return {
    let number = i32::try_from(call.long_arg(0)?).unwrap_or(-1);
    let text = match call.optional(1, constants::SWOOLE_STRERROR_SYSTEM, Call::long_arg)? {
        // SAFETY: takes any number and returns a pointer to static text.
        constants::SWOOLE_STRERROR_GAI => unsafe { CStr::from_ptr(libc::gai_strerror(number)) },
        // SAFETY: as above.
        constants::SWOOLE_STRERROR_DNS => unsafe { CStr::from_ptr(libc::hstrerror(number)) },
        _ => return call.return_bytes(errors::text(number).as_bytes()),
    };
    call.return_bytes(text.to_bytes())
}

/// `swoole_event_wait()`: runs the event loop until every coroutine has ended.
pub fn swoole_event_wait(_call: &mut Call<'_>) -> Return {
    wait()
}

/// `swoole_event_rshutdown()`: the same at the end of a script.
pub fn swoole_event_rshutdown(_call: &mut Call<'_>) -> Return {
    let scheduler = engine::scheduler();
    if scheduler.count() > 0 && !scheduler.stopped() {
        zend::docref(sys::E_DEPRECATED as i32, "Event::wait() in shutdown function is deprecated");
    }
    wait()
}

fn wait() -> Return {
    if engine::current_id().is_some() || engine::loop_running() {
        // A second loop inside the first would never end. Does not return: a fatal error, as in Swoole.
        zend::docref(sys::E_ERROR as i32, "Unable to call Event::wait() in coroutine");
    }
    let scheduler = engine::scheduler();
    // After a fatal error nothing runs any more.
    if engine::idle() || scheduler.stopped() { Ok(()) } else { coroutine::drive() }
}

/// `Swoole\Coroutine\run()`.
pub fn coroutine_run(call: &mut Call<'_>) -> Return {
    let callable = call.callable_arg(0)?;
    coroutine::default_hook_flags();
    engine::spawn_call(callable, call.rest(1))?;
    wait()?;
    call.return_bool(true)
}

/// `Swoole\Coroutine\go()`, `go()`, `swoole_coroutine_create()`.
pub fn coroutine_create(call: &mut Call<'_>) -> Return {
    coroutine::start(call)
}

/// `Swoole\Coroutine\defer()`, `defer()`, `swoole_coroutine_defer()`.
pub fn coroutine_defer(call: &mut Call<'_>) -> Return {
    coroutine::defer(call)
}
