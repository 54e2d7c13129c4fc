//! `Swoole\Runtime`.

use crate::classes::{ce, coroutine, errors};
use crate::coroutine::engine;
use crate::hooks;
use crate::io::readiness::Direction;
use crate::zend::call::{Call, Return};
use crate::zend::{self, sys};
use std::cell::Cell;
use std::os::fd::RawFd;

/// Another coroutine (`by`) waits for this descriptor in the same direction.
pub(crate) fn throw_bound(fd: RawFd, by: i64, direction: Direction) {
    let doing = match direction {
        Direction::Read => "reading",
        Direction::Write => "writing",
    };
    let own = engine::current_id().unwrap_or(-1);
    let text = format!(
        "Socket#{fd} has already been bound to another coroutine#{by}, {doing} of the same socket in coroutine#{own} at the same time is not allowed"
    );
    let _ = zend::throw::<()>(ce::swoole_error(), &text, i64::from(errors::CO_HAS_BEEN_BOUND));
    BOUND.set(Some((pending(), by)));
}

/// Another coroutine (`by`) executes this curl handle.
pub(crate) fn throw_in_use(by: i64) {
    let text = format!("This cURL handle is currently executing in coroutine#{by}, cannot be operated");
    let _ = zend::throw::<()>(ce::swoole_error(), &text, i64::from(errors::CO_HAS_BEEN_BOUND));
    BOUND.set(Some((pending(), by)));
}

/// Where the pending exception lies, to know it again; 0 for none.
fn pending() -> usize {
    zend::pending_exception().map_or(0, |exception| std::ptr::from_ref(exception).addr())
}

thread_local! {
    /// The last exception of the two above, and the coroutine that it names.
    static BOUND: Cell<Option<(usize, i64)>> = const { Cell::new(None) };
}

/// Where the other coroutine stands, when the pending exception names one.
pub(crate) fn where_bound() -> Option<String> {
    let (exception, by) = BOUND.take()?;
    let line = "-".repeat(67);
    let coroutine = engine::scheduler().find(by).filter(|_| exception == pending())?;
    Some(format!("\n [Coroutine-{by}] Stack trace:\n {line}\n{}", coroutine.full_trace()))
}

/// `enableCoroutine(int $flags = SWOOLE_HOOK_ALL): bool`
pub fn enable_coroutine(call: &mut Call<'_>) -> Return {
    let flags = call.optional(0, super::constants::SWOOLE_HOOK_ALL, Call::long_arg)?;
    if !zend::sapi_is_cli() {
        // Does not return.
        zend::docref(sys::E_ERROR as i32, "must be used in PHP CLI mode");
    }
    // Swoole keeps 32 bits of it.
    let flags = flags as u32;
    coroutine::note_hook_flags(flags);
    hooks::enable(flags);
    call.return_bool(true)
}

/// `getHookFlags(): int`
pub fn get_hook_flags(call: &mut Call<'_>) -> Return {
    call.return_long(i64::from(hooks::flags::configured()))
}

/// `setHookFlags(int $flags): bool`
pub fn set_hook_flags(call: &mut Call<'_>) -> Return {
    enable_coroutine(call)
}
