//! Stack traces of coroutines.

use super::sys;
use ext_php_rs::types::{ZendStr, Zval};
use std::ffi::c_void;

/// Where a PHP stack stands: its newest call frame, and its memory.
#[derive(Clone, Copy)]
pub struct Frame {
    call: *mut sys::zend_execute_data,
    pages: *mut c_void,
}

/// `DEBUG_BACKTRACE_IGNORE_ARGS`.
pub const IGNORE_ARGUMENTS: i64 = 2;

/// How much of a trace is wanted.
#[derive(Clone, Copy, Default)]
pub struct Extent {
    /// PHP's `DEBUG_BACKTRACE_*`.
    pub options: i64,
    /// Number of frames; 0 is all.
    pub limit: i64,
    /// Whether the newest frame is left out.
    pub without_newest: bool,
}

impl Extent {
    fn raw(self) -> (i32, i32, i32) {
        // Swoole's `int` takes the lower half of PHP's.
        (i32::from(self.without_newest), self.options as i32, self.limit as i32)
    }
}

impl Frame {
    /// No frame.
    pub const NONE: Self = Self { call: std::ptr::null_mut(), pages: std::ptr::null_mut() };

    /// Where the running stack stands.
    #[inline]
    pub fn current() -> Self {
        // SAFETY: read on the PHP thread.
        unsafe {
            let globals = super::globals();
            Self { call: (*globals).current_execute_data, pages: (*globals).vm_stack.cast() }
        }
    }

    /// The trace from here on, as `debug_print_backtrace()` words it.
    ///
    /// # Safety
    /// The frame is alive: its stack runs, or is suspended where the frame was taken.
    pub unsafe fn text(self, extent: Extent) -> String {
        let (skip, options, limit) = extent.raw();
        // SAFETY: the caller's promise; the string is ours.
        unsafe {
            let text: *mut ZendStr = sys::steelwool_backtrace_text(self.call, skip, options, limit);
            let owned = String::from_utf8_lossy((*text).as_bytes()).into_owned();
            sys::ext_php_rs_zend_string_release(text);
            owned
        }
    }

    /// The trace from here on, as `debug_backtrace()` returns it.
    ///
    /// # Safety
    /// As for [`Frame::text`].
    pub unsafe fn array(self, extent: Extent) -> Zval {
        let (skip, options, limit) = extent.raw();
        let mut trace = Zval::new();
        // SAFETY: the caller's promise; the engine fills the value.
        unsafe { sys::steelwool_backtrace(&mut trace, self.call, skip, options, limit) };
        trace
    }

    /// Bytes of VM stack that it holds.
    ///
    /// # Safety
    /// As for [`Frame::text`].
    pub unsafe fn stack_usage(self) -> usize {
        // SAFETY: the caller's promise.
        unsafe { sys::steelwool_vm_usage(self.pages) }
    }
}
