//! Numbers of Swoole's errors (`SWOOLE_ERROR_*`), for `errCode`, exceptions' codes and `swoole_last_error()`.

use super::constants;
use super::surface::ERRORS;

/// `SWOOLE_ERROR_CO_OUT_OF_COROUTINE`.
pub(crate) const CO_OUT_OF_COROUTINE: i32 = constants::SWOOLE_ERROR_CO_OUT_OF_COROUTINE as i32;
/// `SWOOLE_ERROR_CO_HAS_BEEN_BOUND`.
pub(crate) const CO_HAS_BEEN_BOUND: i32 = constants::SWOOLE_ERROR_CO_HAS_BEEN_BOUND as i32;
/// `SWOOLE_ERROR_CO_HAS_BEEN_DISCARDED`.
pub(crate) const CO_HAS_BEEN_DISCARDED: i32 = constants::SWOOLE_ERROR_CO_HAS_BEEN_DISCARDED as i32;
/// `SWOOLE_ERROR_CO_NOT_EXISTS`.
pub(crate) const CO_NOT_EXISTS: i32 = constants::SWOOLE_ERROR_CO_NOT_EXISTS as i32;
/// `SWOOLE_ERROR_CO_CANCELED`.
pub(crate) const CO_CANCELED: i32 = constants::SWOOLE_ERROR_CO_CANCELED as i32;
/// `SWOOLE_ERROR_CO_CANNOT_CANCEL`.
pub(crate) const CO_CANNOT_CANCEL: i32 = constants::SWOOLE_ERROR_CO_CANNOT_CANCEL as i32;
/// `SWOOLE_ERROR_CO_TIMEDOUT`.
pub(crate) const CO_TIMEDOUT: i32 = constants::SWOOLE_ERROR_CO_TIMEDOUT as i32;
/// `SWOOLE_ERROR_DNSLOOKUP_RESOLVE_FAILED`.
pub(crate) const DNSLOOKUP_RESOLVE_FAILED: i32 = constants::SWOOLE_ERROR_DNSLOOKUP_RESOLVE_FAILED as i32;
/// `SWOOLE_ERROR_BAD_HOST_ADDR`.
pub(crate) const BAD_HOST_ADDR: i32 = constants::SWOOLE_ERROR_BAD_HOST_ADDR as i32;
/// `SWOOLE_ERROR_BAD_PORT`.
pub(crate) const BAD_PORT: i32 = constants::SWOOLE_ERROR_BAD_PORT as i32;
/// `SWOOLE_ERROR_DIR_NOT_EXIST`.
pub(crate) const DIR_NOT_EXIST: i32 = constants::SWOOLE_ERROR_DIR_NOT_EXIST as i32;
/// `SWOOLE_ERROR_SERVER_IS_NOT_REGULAR_FILE`.
pub(crate) const NOT_REGULAR_FILE: i32 = constants::SWOOLE_ERROR_SERVER_IS_NOT_REGULAR_FILE as i32;
/// `SWOOLE_ERROR_HTTP_CONFLICT_HEADER`.
pub(crate) const HTTP_CONFLICT_HEADER: i32 = constants::SWOOLE_ERROR_HTTP_CONFLICT_HEADER as i32;
/// `SWOOLE_ERROR_HTTP_CONTEXT_UNAVAILABLE`.
pub(crate) const HTTP_CONTEXT_UNAVAILABLE: i32 = constants::SWOOLE_ERROR_HTTP_CONTEXT_UNAVAILABLE as i32;
/// `SWOOLE_ERROR_WRONG_OPERATION`.
pub(crate) const WRONG_OPERATION: i32 = constants::SWOOLE_ERROR_WRONG_OPERATION as i32;
/// `SWOOLE_ERROR_OPERATION_NOT_SUPPORT`.
pub(crate) const OPERATION_NOT_SUPPORT: i32 = constants::SWOOLE_ERROR_OPERATION_NOT_SUPPORT as i32;
/// `SWOOLE_ERROR_INVALID_PARAMS`.
pub(crate) const INVALID_PARAMS: i32 = constants::SWOOLE_ERROR_INVALID_PARAMS as i32;
/// `SWOOLE_ERROR_NO_PAYLOAD`.
pub(crate) const NO_PAYLOAD: i32 = constants::SWOOLE_ERROR_NO_PAYLOAD as i32;

/// `SWOOLE_ERROR_TASK_DISPATCH_FAIL`.
pub(crate) const TASK_DISPATCH_FAIL: i32 = constants::SWOOLE_ERROR_TASK_DISPATCH_FAIL as i32;
/// `SWOOLE_ERROR_TASK_TIMEOUT`.
pub(crate) const TASK_TIMEOUT: i32 = constants::SWOOLE_ERROR_TASK_TIMEOUT as i32;
/// `SWOOLE_ERROR_SERVER_INVALID_COMMAND`.
pub(crate) const INVALID_COMMAND: i32 = constants::SWOOLE_ERROR_SERVER_INVALID_COMMAND as i32;
/// `SWOOLE_ERROR_SYSTEM_CALL_FAIL`.
pub(crate) const SYSTEM_CALL_FAIL: i32 = constants::SWOOLE_ERROR_SYSTEM_CALL_FAIL as i32;
/// `SWOOLE_ERROR_SERVER_TOO_MANY_LISTEN_PORT`.
pub(crate) const TOO_MANY_LISTEN_PORT: i32 = constants::SWOOLE_ERROR_SERVER_TOO_MANY_LISTEN_PORT as i32;
/// `SWOOLE_ERROR_SERVER_NO_IDLE_WORKER`.
pub(crate) const SERVER_NO_IDLE_WORKER: i32 = constants::SWOOLE_ERROR_SERVER_NO_IDLE_WORKER as i32;
/// `SWOOLE_ERROR_SERVER_INVALID_CALLBACK`.
pub(crate) const SERVER_INVALID_CALLBACK: i32 = constants::SWOOLE_ERROR_SERVER_INVALID_CALLBACK as i32;
/// `SWOOLE_ERROR_SESSION_DISCARD_TIMEOUT_DATA`.
pub(crate) const SESSION_DISCARD_TIMEOUT_DATA: i32 = constants::SWOOLE_ERROR_SESSION_DISCARD_TIMEOUT_DATA as i32;
/// `SWOOLE_ERROR_SESSION_NOT_EXIST`.
pub(crate) const SESSION_NOT_EXIST: i32 = constants::SWOOLE_ERROR_SESSION_NOT_EXIST as i32;
/// `SWOOLE_ERROR_UNREGISTERED_SIGNAL`.
pub(crate) const UNREGISTERED_SIGNAL: i32 = constants::SWOOLE_ERROR_UNREGISTERED_SIGNAL as i32;
/// `SWOOLE_ERROR_SERVER_WORKER_EXIT_TIMEOUT`.
pub(crate) const WORKER_EXIT_TIMEOUT: i32 = constants::SWOOLE_ERROR_SERVER_WORKER_EXIT_TIMEOUT as i32;
/// `SWOOLE_ERROR_SERVER_WORKER_TERMINATED`.
pub(crate) const WORKER_TERMINATED: i32 = constants::SWOOLE_ERROR_SERVER_WORKER_TERMINATED as i32;

/// `SWOOLE_ERROR_PHP_FATAL_ERROR`.
pub(crate) const PHP_FATAL_ERROR: i32 = constants::SWOOLE_ERROR_PHP_FATAL_ERROR as i32;

/// Raises a fatal error, which does not return: callers hold nothing with a destructor.
pub(crate) fn fatal(text: &str) {
    set_last(PHP_FATAL_ERROR);
    crate::zend::docref(crate::zend::sys::E_ERROR as i32, text);
}

/// `SWOOLE_ERROR_PHP_RUNTIME_NOTICE`.
const PHP_RUNTIME_NOTICE: i32 = constants::SWOOLE_ERROR_PHP_RUNTIME_NOTICE as i32;

/// Warns of misuse, whatever the setting `display_errors`.
pub(crate) fn warn(text: &str) {
    set_last(PHP_FATAL_ERROR);
    crate::zend::warning(text);
}

/// Warns of what went wrong at run time, while the setting `display_errors` is on.
pub(crate) fn notice(text: &str) {
    set_last(PHP_RUNTIME_NOTICE);
    if super::settings::display_errors() {
        crate::zend::warning(text);
    }
}

/// Warns, while the setting `display_errors` is on, of an operation that failed with this error.
pub(crate) fn warn_of(number: i32, text: &str) {
    set_last(number);
    if super::settings::display_errors() {
        crate::zend::warning(text);
    }
}

/// Warns, while the setting `display_errors` is on, that a system call failed; its reason is the last error and `errno`.
pub(crate) fn warn_of_system(what: &str, error: &std::io::Error) {
    let number = error.raw_os_error().unwrap_or(0);
    set_last(number);
    if super::settings::display_errors() {
        crate::zend::warning(&format!("{what}, Error: {}[{number}]", self::text(number)));
    }
    crate::zend::set_errno(number);
}

thread_local! {
    static LAST: std::cell::Cell<i32> = const { std::cell::Cell::new(0) };
}

/// Sets the errno, which `swoole_errno()` returns.
pub(crate) fn set_errno(number: i32) {
    // SAFETY: this thread's errno.
    unsafe { *libc::__errno_location() = number };
}

/// What `swoole_last_error()` returns.
pub(crate) fn last() -> i32 {
    LAST.get()
}

/// Sets what `swoole_last_error()` returns.
pub(crate) fn set_last(number: i32) {
    LAST.set(number);
}

/// The words for an error number: Swoole's for its own, else the system's.
pub(crate) fn text(number: i32) -> String {
    match ERRORS.iter().find(|(value, _)| *value == i64::from(number)) {
        Some((_, name)) => words(name),
        // SAFETY: strerror returns a pointer to static or thread-local text.
        None => unsafe { std::ffi::CStr::from_ptr(libc::strerror(number)) }.to_string_lossy().into_owned(),
    }
}

/// Swoole's text for an error is the words of its constant.
fn words(name: &str) -> String {
    let (first, rest) = name.split_once('_').unwrap_or((name, ""));
    let first = match first {
        "SSL" | "PHP" => first.to_owned(),
        "CO" => "Coroutine".to_owned(),
        "DNSLOOKUP" => "DNS Lookup".to_owned(),
        word => word[..1].to_owned() + &word[1..].to_ascii_lowercase(),
    };
    format!("{first} {}", rest.to_ascii_lowercase().replace('_', " "))
}
