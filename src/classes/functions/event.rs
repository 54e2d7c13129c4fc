//! `swoole_event_*`.

use crate::classes::coroutine;
use crate::coroutine::engine;
use crate::zend::call::{Call, Return};
use crate::zend::{self, sys};

/// `swoole_event_wait()`: runs the event loop until every coroutine has ended.
pub fn swoole_event_wait(_call: &mut Call<'_>) -> Return {
    wait()
}

/// `swoole_event_rshutdown()`: the same at the end of a script.
pub fn swoole_event_rshutdown(_call: &mut Call<'_>) -> Return {
    let scheduler = engine::scheduler();
    if scheduler.stopped() {
        return Ok(());
    }
    if engine::active() || !engine::idle() {
        zend::docref(sys::E_DEPRECATED as i32, "Event::wait() in shutdown function is deprecated");
    }
    let outcome = wait();
    // A fatal error or `exit` in the loop ends the loop; the other shutdown functions have their turn all the same.
    if outcome.is_err() && zend::forgive_bailout() { Ok(()) } else { outcome }
}

/// Runs the event loop until nothing is left to do.
pub(crate) fn wait() -> Return {
    if engine::current_id().is_some() || engine::loop_running() {
        // A second loop inside the first would never end. Does not return: a fatal error, as in Swoole.
        zend::docref(sys::E_ERROR as i32, "Unable to call Event::wait() in coroutine");
    }
    let scheduler = engine::scheduler();
    // After a fatal error nothing runs any more.
    if scheduler.stopped() || engine::ends_at_once() { Ok(()) } else { coroutine::drive() }
}
