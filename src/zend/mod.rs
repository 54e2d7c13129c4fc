//! The only place that touches the PHP engine: safe values, calls, objects and stacks out of raw pointers.
//!
//! Everything above (`coroutine`, `classes`) sees [`call::Call`], [`callable::Callable`], [`object`], [`fiber`] and the helpers
//! here. The C shim (`shim.c`) holds what only C can say: macros, `setjmp`, and differences between PHP versions.

pub mod call;
pub mod callable;
pub mod object;
pub mod sys;

use call::Thrown;
use ext_php_rs::types::Zval;
use std::any::Any;
use std::ffi::{CStr, CString};

/// The engine's globals, fresh: never keep the reference across a switch or a call into PHP.
pub(crate) fn globals() -> *mut sys::zend_executor_globals {
    // SAFETY: NTS build: the address is constant.
    unsafe { sys::ext_php_rs_executor_globals() }
}

/// Whether a PHP exception is waiting to be handled.
pub fn exception_pending() -> bool {
    // SAFETY: read on the PHP thread.
    unsafe { !(*globals()).exception.is_null() }
}

fn c_string(text: &str) -> CString {
    CString::new(text.replace('\0', "\\0")).unwrap_or_default()
}

/// Throws a new exception of `class` with `message` and `code`; always `Err`, for `return throw(...)`.
pub fn throw<T>(class: &sys::zend_class_entry, message: &str, code: i64) -> Result<T, Thrown> {
    let message = c_string(message);
    // SAFETY: the engine copies the message.
    unsafe {
        sys::zend_throw_exception(std::ptr::from_ref(class).cast_mut(), message.as_ptr(), code);
    }
    Err(Thrown)
}

/// Raises a PHP warning in the words `Class::method(): text`, as Swoole's `php_swoole_error` does.
///
/// A user's error handler may turn it into an exception: callers check [`exception_pending`] when that matters.
pub fn warning(text: &str) {
    docref(sys::E_WARNING as i32, text);
}

/// Raises an error of `level` (an `E_*` value) with the running function's name in front.
///
/// `E_ERROR` does not return: it longjmps, so callers hold nothing with a destructor.
pub fn docref(level: i32, text: &str) {
    const FORMAT: &CStr = c"%s";
    let text = c_string(text);
    // SAFETY: a constant format with one string argument.
    unsafe { sys::php_error_docref(std::ptr::null(), level, FORMAT.as_ptr(), text.as_ptr()) };
}

/// Turns a caught Rust panic into a PHP `Error`, unless an exception is already on its way.
fn throw_panic(panic: &(dyn Any + Send)) {
    if exception_pending() {
        return;
    }
    let text = panic
        .downcast_ref::<&str>()
        .map(|s| (*s).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "unknown".to_owned());
    let text = c_string(&format!("steelwool internal error: {text}"));
    // SAFETY: `zend_ce_error` is the engine's `Error`; constant format.
    unsafe { sys::zend_throw_error(sys::zend_ce_error, c"%s".as_ptr(), text.as_ptr()) };
}

/// A PHP string value of `bytes`.
pub fn string(bytes: &[u8]) -> Zval {
    let mut value = Zval::new();
    value.set_zend_string(ext_php_rs::types::ZendStr::new(bytes, false));
    value
}

/// A PHP int value.
pub fn long(number: i64) -> Zval {
    let mut value = Zval::new();
    value.set_long(number);
    value
}
