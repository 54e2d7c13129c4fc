//! The functions.
//!
//! `Swoole\A\b` is `a_b` here, a global function has its own name.

use crate::classes::not_in_this_release;
use crate::zend::call::{Call, Return};

/// `swoole_version()`.
pub fn swoole_version(_call: &mut Call<'_>) -> Return {
    not_in_this_release("swoole_version()")
}

/// `swoole_cpu_num()`.
pub fn swoole_cpu_num(_call: &mut Call<'_>) -> Return {
    not_in_this_release("swoole_cpu_num()")
}

/// `swoole_last_error()`.
pub fn swoole_last_error(_call: &mut Call<'_>) -> Return {
    not_in_this_release("swoole_last_error()")
}

/// `swoole_errno()`.
pub fn swoole_errno(_call: &mut Call<'_>) -> Return {
    not_in_this_release("swoole_errno()")
}

/// `swoole_clear_error()`.
pub fn swoole_clear_error(_call: &mut Call<'_>) -> Return {
    not_in_this_release("swoole_clear_error()")
}

/// `swoole_strerror()`.
pub fn swoole_strerror(_call: &mut Call<'_>) -> Return {
    not_in_this_release("swoole_strerror()")
}

/// `Swoole\Coroutine\run()`.
pub fn coroutine_run(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine\\run()")
}

/// `Swoole\Coroutine\go()`.
pub fn coroutine_create(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine\\go()")
}

/// `Swoole\Coroutine\defer()`.
pub fn coroutine_defer(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine\\defer()")
}
