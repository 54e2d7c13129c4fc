//! What the engine exports and ext-php-rs does not bind, and our own C shim.
#![allow(missing_docs)]

use std::ffi::{c_char, c_int, c_void};

pub use ext_php_rs::ffi::*;
pub use ext_php_rs::ffi::{zend_class_entry, zend_fcall_info, zend_fcall_info_cache, zend_object, zend_string, zval};

/// `zend_fiber_context`, opaque: its layout is the shim's business.
#[repr(C)]
pub struct FiberContext {
    _private: [u8; 0],
}

unsafe extern "C" {
    pub fn zend_parse_arg_bool_slow(arg: *mut zval, dest: *mut bool, num: u32) -> bool;
    pub fn zend_parse_arg_long_slow(arg: *mut zval, dest: *mut i64, num: u32) -> bool;
    pub fn zend_parse_arg_double_slow(arg: *mut zval, dest: *mut f64, num: u32) -> bool;
    pub fn zend_parse_arg_str_slow(arg: *mut zval, dest: *mut *mut zend_string, num: u32) -> bool;
    pub fn zend_wrong_parameter_type_error(num: u32, expected: u32, arg: *mut zval);
    pub fn zend_wrong_parameter_class_error(num: u32, name: *const c_char, arg: *mut zval);
    pub fn zend_argument_value_error(num: u32, format: *const c_char, ...);
    pub fn zend_wrong_callback_error(num: u32, error: *mut c_char);
    pub fn zend_release_fcall_info_cache(fcc: *mut zend_fcall_info_cache);
    pub fn zend_call_function(fci: *mut zend_fcall_info, fcc: *mut zend_fcall_info_cache) -> c_int;
    pub fn zend_error(kind: c_int, format: *const c_char, ...);
    pub fn zend_clear_exception();
    pub fn zend_zval_type_name(value: *const zval) -> *const c_char;
    pub fn zend_get_executed_filename() -> *const c_char;
    pub fn zend_is_unwind_exit(exception: *const zend_object) -> bool;
    pub static mut zend_autoload:
        Option<unsafe extern "C" fn(*mut zend_string, *mut zend_string) -> *mut zend_class_entry>;
    pub fn zend_hash_merge(
        target: *mut HashTable,
        source: *mut HashTable,
        copy: Option<unsafe extern "C" fn(*mut zval)>,
        overwrite: bool,
    );
    pub fn zval_add_ref(value: *mut zval);
    pub fn zval_get_long_func(value: *mut zval, strict: bool) -> i64;
    pub fn zval_get_double_func(value: *mut zval) -> f64;
    pub fn zend_ini_parse_quantity(value: *mut zend_string, error: *mut *mut zend_string) -> i64;
    pub static zend_ce_type_error: *mut zend_class_entry;
    pub static spl_ce_BadMethodCallException: *mut zend_class_entry;
    pub static spl_ce_InvalidArgumentException: *mut zend_class_entry;
    pub fn object_init_ex(value: *mut zval, class: *mut zend_class_entry) -> c_int;
}

// The shim (shim.c): macros, setjmp and what differs between PHP versions.
unsafe extern "C" {
    pub fn steelwool_gc_buffer() -> *mut c_void;
    pub fn steelwool_gc_add(buffer: *mut c_void, value: *mut zval);
    pub fn steelwool_gc_use(buffer: *mut c_void, table: *mut *mut zval, count: *mut c_int);
    pub fn steelwool_context_size() -> usize;
    pub fn steelwool_own_stacks() -> bool;
    pub fn steelwool_context_init(
        context: *mut FiberContext,
        record: *mut c_void,
        stack_limit: *mut u8,
        stack_top: *mut u8,
        vm: *mut u8,
        vm_size: usize,
    ) -> bool;
    pub fn steelwool_context_retire(context: *mut FiberContext);
    pub fn steelwool_switch(to: *mut FiberContext);
    pub fn steelwool_flush_output();
    pub fn steelwool_set_error_reporting(level: c_int);
    pub fn steelwool_error_reporting() -> c_int;
    pub fn steelwool_hook_exit();
    pub fn steelwool_bailout() -> !;
    pub fn steelwool_leave() -> !;
    pub fn steelwool_guarded(run: unsafe extern "C" fn(*mut c_void), data: *mut c_void) -> bool;
    pub fn steelwool_report_exception(severity: c_int);
    pub fn steelwool_backtrace(
        result: *mut zval,
        frame: *mut zend_execute_data,
        skip: c_int,
        options: c_int,
        limit: c_int,
    );
    pub fn steelwool_backtrace_text(
        frame: *mut zend_execute_data,
        skip: c_int,
        options: c_int,
        limit: c_int,
    ) -> *mut zend_string;
    pub fn steelwool_vm_usage(pages: *mut c_void) -> usize;
    pub fn steelwool_interrupt_flag() -> *mut bool;
    pub fn steelwool_hook_interrupt();
    pub fn steelwool_serve_interrupt();
    pub fn steelwool_disable_functions(names: *const *const c_char, count: usize);
    pub fn steelwool_enable_functions();
    pub fn steelwool_host_buffer_take(buffer: *mut c_void, length: *mut usize) -> bool;
    pub fn steelwool_host_buffer_put(buffer: *mut c_void, length: usize);
    pub fn steelwool_resolve_closure(value: *mut zval, fcc: *mut zend_fcall_info_cache) -> bool;
}
