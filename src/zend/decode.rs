//! Values written as text, read by PHP itself.

use super::sys;
use ext_php_rs::types::{ZendHashTable, Zval};
use std::ffi::{CStr, c_char};

unsafe extern "C" {
    // ext/standard/php_var.h
    fn php_unserialize_with_options(
        result: *mut sys::zval,
        text: *const c_char,
        length: usize,
        options: *mut sys::HashTable,
        function: *const c_char,
    );
    // shim.c: `json_decode()` without its checks; the text ends with a NUL that does not count
    fn steelwool_json_decode(result: *mut sys::zval, text: *const c_char, length: usize, flags: i64, depth: i64);
    // Zend/zend_hash.h
    fn zend_hash_func(text: *const c_char, length: usize) -> sys::zend_ulong;
}

/// `unserialize()` into `result`; errors name `function`.
pub fn unserialize(result: &mut Zval, text: &[u8], options: Option<&ZendHashTable>, function: &CStr) {
    let options = options.map_or(std::ptr::null_mut(), |options| std::ptr::from_ref(options).cast_mut());
    // SAFETY: reads the text within its bounds and the options; fills the result, or throws.
    unsafe {
        php_unserialize_with_options(result, text.as_ptr().cast(), text.len(), options, function.as_ptr());
    }
}

/// `json_decode()` into `result`, with `JSON_*` flags.
pub fn json(result: &mut Zval, text: &[u8], flags: i64, depth: i64) {
    // Its scanner wants a NUL at the end.
    let text = [text, b"\0"].concat();
    // SAFETY: reads the text up to the NUL; fills the result, or throws.
    unsafe { steelwool_json_decode(result, text.as_ptr().cast(), text.len() - 1, flags, depth) };
}

/// The engine's hash of a key.
pub fn hash(text: &[u8]) -> i64 {
    // SAFETY: reads the text within its bounds.
    unsafe { zend_hash_func(text.as_ptr().cast(), text.len()) as i64 }
}
