//! Stack traces of suspended coroutines.

use super::sys;
use ext_php_rs::types::ZendStr;

/// The trace from `frame` on, as `debug_print_backtrace` words it, at most `limit` frames, without arguments.
pub fn text(frame: *mut sys::zend_execute_data, limit: i64) -> String {
    let limit = i32::try_from(limit).unwrap_or(0);
    // SAFETY: `frame` belongs to a suspended coroutine, whose frames stay until it is resumed; the string is ours.
    unsafe {
        let text: *mut ZendStr = sys::steelwool_backtrace(frame, limit);
        let owned = String::from_utf8_lossy((*text).as_bytes()).into_owned();
        sys::ext_php_rs_zend_string_release(text);
        owned
    }
}
