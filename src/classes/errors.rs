//! Numbers of Swoole's errors (`SWOOLE_ERROR_*`), for `errCode`, exceptions' codes and `swoole_last_error()`.

/// `SWOOLE_ERROR_CO_OUT_OF_COROUTINE`.
pub(crate) const CO_OUT_OF_COROUTINE: i32 = 10001;
/// `SWOOLE_ERROR_CO_HAS_BEEN_DISCARDED`.
pub(crate) const CO_HAS_BEEN_DISCARDED: i32 = 10003;
/// `SWOOLE_ERROR_CO_NOT_EXISTS`.
pub(crate) const CO_NOT_EXISTS: i32 = 10005;
/// `SWOOLE_ERROR_CO_CANCELED`.
pub(crate) const CO_CANCELED: i32 = 10006;

thread_local! {
    static LAST: std::cell::Cell<i32> = const { std::cell::Cell::new(0) };
}

/// What `swoole_last_error()` returns.
pub(crate) fn last() -> i32 {
    LAST.get()
}

/// Sets what `swoole_last_error()` returns.
pub(crate) fn set_last(number: i32) {
    LAST.set(number);
}
