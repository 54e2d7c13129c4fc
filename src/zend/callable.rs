//! PHP callables that Rust keeps and calls.

use super::{call::Thrown, sys};
use ext_php_rs::types::Zval;
use std::ptr;

/// A callable resolved once, holding references to what it needs (closure, object) until dropped.
pub struct Callable {
    value: Zval,
    cache: sys::zend_fcall_info_cache,
}

impl Callable {
    /// Resolves argument `number` (from 1), throwing PHP's `TypeError` when it is not callable.
    pub(super) fn from_arg(arg: *mut Zval, number: u32) -> Result<Self, Thrown> {
        let mut error = ptr::null_mut();
        match Self::resolve(arg, &mut error) {
            Some(callable) => {
                if !error.is_null() {
                    // SAFETY: allocated by the engine for us to free.
                    unsafe { sys::_efree(error.cast()) };
                }
                Ok(callable)
            }
            None => {
                if !super::exception_pending() {
                    // SAFETY: frees `error` itself.
                    unsafe { sys::zend_wrong_callback_error(number, error) };
                }
                Err(Thrown)
            }
        }
    }

    /// Resolves `value`, or `None` when it is not callable.
    pub fn new(value: &Zval) -> Option<Self> {
        let mut error = ptr::null_mut();
        let found = Self::resolve(ptr::from_ref(value).cast_mut(), &mut error);
        if !error.is_null() {
            // SAFETY: allocated by the engine for us to free.
            unsafe { sys::_efree(error.cast()) };
        }
        found
    }

    fn resolve(value: *mut Zval, error: &mut *mut std::ffi::c_char) -> Option<Self> {
        // SAFETY: out-parameters are ours; on success the cache points to what `value` keeps alive.
        unsafe {
            let mut info = std::mem::zeroed::<sys::zend_fcall_info>();
            let mut cache = std::mem::zeroed::<sys::zend_fcall_info_cache>();
            if sys::zend_fcall_info_init(value, 0, &mut info, &mut cache, ptr::null_mut(), error) != 0 {
                return None;
            }
            sys::steelwool_fcc_addref(&mut cache);
            Some(Self { value: (*value).shallow_clone(), cache })
        }
    }

    /// The callable as PHP passed it.
    pub fn value(&self) -> &Zval {
        &self.value
    }

    /// Calls it. The result is null when it threw; the exception is then pending.
    ///
    /// Runs PHP code on the current stack: a fatal error in there longjmps to the coroutine's entry, so no caller may hold
    /// anything with a destructor that matters.
    pub fn call(&self, args: &[Zval]) -> Result<Zval, Thrown> {
        let mut result = Zval::new();
        let mut cache = self.cache;
        // SAFETY: the engine copies the arguments; `value` and `cache` stay alive for the call.
        unsafe {
            let mut info = std::mem::zeroed::<sys::zend_fcall_info>();
            info.size = size_of::<sys::zend_fcall_info>();
            info.retval = &mut result;
            info.params = args.as_ptr().cast_mut();
            info.param_count = args.len() as u32;
            sys::zend_call_function(&mut info, &mut cache);
        }
        if super::exception_pending() { Err(Thrown) } else { Ok(result) }
    }
}

impl Drop for Callable {
    fn drop(&mut self) {
        // SAFETY: releases exactly what `resolve` took.
        unsafe { sys::steelwool_fcc_release(&mut self.cache) };
    }
}
