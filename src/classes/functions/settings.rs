//! `swoole_async_set()`.

use crate::classes::{errors, settings};
use crate::coroutine::engine;
use crate::zend::call::{Call, Return};

/// `swoole_async_set()`: settings of the process, before its event loop exists.
pub fn swoole_async_set(call: &mut Call<'_>) -> Return {
    let given = call.array_arg(0)?;
    if engine::loop_running() || engine::active() || !engine::idle() {
        // Does not return: as in Swoole.
        errors::fatal("eventLoop has already been created. unable to change settings");
    }
    settings::set_global(given)?;
    settings::set_asynchronous(given)?;
    call.return_bool(true)
}
