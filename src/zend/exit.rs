//! `exit` inside a coroutine or a server: instead of ending the process it calls a handler, which throws.

use super::sys;
use ext_php_rs::types::Zval;
use std::sync::OnceLock;

struct Hook {
    applies: fn() -> bool,
    throw: fn(&Zval),
}

static HOOK: OnceLock<Hook> = OnceLock::new();

/// From now on `exit` calls `throw` with its status wherever `applies` says so. Only the first call counts.
pub fn install(applies: fn() -> bool, throw: fn(&Zval)) {
    if HOOK.set(Hook { applies, throw }).is_ok() {
        // SAFETY: module start: no PHP code has been compiled or runs.
        unsafe { sys::steelwool_hook_exit() };
    }
}

/// Called by the shim at every `exit`.
#[unsafe(no_mangle)]
extern "C" fn steelwool_exit_throws() -> bool {
    HOOK.get().is_some_and(|hook| (hook.applies)())
}

/// Called by the shim where `exit` must throw.
///
/// # Safety
/// `status` is a live value.
#[unsafe(no_mangle)]
unsafe extern "C" fn steelwool_throw_exit(status: *mut Zval) {
    if let Some(hook) = HOOK.get() {
        // SAFETY: the shim passes its local.
        (hook.throw)(unsafe { &*status });
    }
}
