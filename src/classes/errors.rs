//! Numbers of Swoole's errors (`SWOOLE_ERROR_*`), for `errCode`, exceptions' codes and `swoole_last_error()`.

/// `SWOOLE_ERROR_CO_OUT_OF_COROUTINE`.
pub(crate) const CO_OUT_OF_COROUTINE: i32 = 10001;
/// `SWOOLE_ERROR_CO_HAS_BEEN_DISCARDED`.
pub(crate) const CO_HAS_BEEN_DISCARDED: i32 = 10003;
