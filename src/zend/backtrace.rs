//! Stack traces of suspended coroutines.

use super::sys;
use ext_php_rs::types::ZendStr;

/// A PHP call frame: where a coroutine was when it was suspended.
#[derive(Clone, Copy)]
pub struct Frame(*mut sys::zend_execute_data);

impl Frame {
    /// No frame.
    pub const NONE: Self = Self(std::ptr::null_mut());

    /// The running frame.
    #[inline]
    pub fn current() -> Self {
        // SAFETY: read on the PHP thread.
        Self(unsafe { (*super::globals()).current_execute_data })
    }

    /// The trace from here on, as `debug_print_backtrace` words it, at most `limit` frames, without arguments.
    ///
    /// # Safety
    /// The frame is alive: it belongs to a coroutine that is suspended now.
    pub unsafe fn trace(self, limit: i64) -> String {
        let limit = i32::try_from(limit).unwrap_or(0);
        // SAFETY: the caller's promise; the string is ours.
        unsafe {
            let text: *mut ZendStr = sys::steelwool_backtrace(self.0, limit);
            let owned = String::from_utf8_lossy((*text).as_bytes()).into_owned();
            sys::ext_php_rs_zend_string_release(text);
            owned
        }
    }
}
