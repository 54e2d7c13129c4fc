//! PHP callables that Rust keeps and calls.

use super::{call::Thrown, sys, text::Text};
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
        // SAFETY: out-parameters are ours; on success the cache points to what `value` keeps alive, and to an object.
        unsafe {
            let mut cache = std::mem::zeroed::<sys::zend_fcall_info_cache>();
            if !sys::steelwool_resolve_closure(value, &mut cache)
                && !sys::zend_is_callable_ex(value, ptr::null_mut(), 0, ptr::null_mut(), &mut cache, error)
            {
                return None;
            }
            if (*cache.function_handler).common.fn_flags & sys::ZEND_ACC_CALL_VIA_TRAMPOLINE != 0 {
                // `__call`: the engine makes a function for one call only, so it is resolved anew at each.
                sys::zend_release_fcall_info_cache(&mut cache);
                cache = std::mem::zeroed();
            } else if let Some(object) = cache.object.as_mut() {
                object.gc.refcount += 1;
            }
            Some(Self { value: (*value).shallow_clone(), cache })
        }
    }

    /// Shows the references it holds to the garbage collector, for `Native::visit`.
    pub fn visit(&self, visit: &mut dyn FnMut(&Zval)) {
        visit(&self.value);
        if !self.cache.object.is_null() {
            let mut object = std::mem::ManuallyDrop::new(Zval::new());
            object.u1.type_info = sys::IS_OBJECT_EX;
            object.value.obj = self.cache.object;
            visit(&object);
        }
    }

    /// The callable as PHP passed it.
    pub fn value(&self) -> &Zval {
        &self.value
    }

    /// Whether it looks at an argument of this number, from 0.
    pub fn takes(&self, number: u32) -> bool {
        // SAFETY: a function that was found lives as long as what `value` keeps alive.
        let function = unsafe { self.cache.function_handler.as_ref() };
        // SAFETY: what all kinds of functions begin with.
        let common = function.map(|function| unsafe { &function.common });
        common.is_none_or(|common| number < common.num_args || common.fn_flags & sys::ZEND_ACC_VARIADIC != 0)
    }

    /// Calls it. The result is null when it threw; the exception is then pending.
    ///
    /// Runs PHP code on the current stack: a fatal error in there longjmps to the coroutine's entry, so no caller may hold
    /// anything with a destructor that matters.
    #[inline]
    pub fn call(&self, args: &[Zval]) -> Result<Zval, Thrown> {
        let mut result = Zval::new();
        let mut cache = self.cache;
        // SAFETY: the engine copies the arguments; `value` and `cache` stay alive for the call. `info` borrows all of them and
        // is not dropped.
        unsafe {
            let mut info = std::mem::ManuallyDrop::new(std::mem::zeroed::<sys::zend_fcall_info>());
            info.size = size_of::<sys::zend_fcall_info>();
            info.retval = &mut result;
            info.params = args.as_ptr().cast_mut();
            info.param_count = args.len() as u32;
            let resolved = if cache.function_handler.is_null() {
                ptr::copy_nonoverlapping(&self.value, &mut info.function_name, 1);
                ptr::null_mut()
            } else {
                &raw mut cache
            };
            sys::zend_call_function(&mut *info, resolved);
        }
        if super::exception_pending() { Err(Thrown) } else { Ok(result) }
    }
}

impl Clone for Callable {
    /// The same callable, held once more.
    fn clone(&self) -> Self {
        if let Some(object) = std::ptr::NonNull::new(self.cache.object) {
            // SAFETY: held by `self`, so alive.
            unsafe { (*object.as_ptr()).gc.refcount += 1 };
        }
        Self { value: self.value.shallow_clone(), cache: self.cache }
    }
}

impl Drop for Callable {
    fn drop(&mut self) {
        if !self.cache.object.is_null() {
            // SAFETY: releases the reference that `resolve` took.
            unsafe { sys::ext_php_rs_zend_object_release(self.cache.object) };
        }
    }
}

/// What an error message calls `value`, which need not be callable.
pub fn name(value: &Zval) -> String {
    // SAFETY: returns a string of which we own one reference.
    let name = unsafe { Text::from_raw(zend_get_callable_name(ptr::from_ref(value).cast_mut())) };
    String::from_utf8_lossy(name.as_bytes()).into_owned()
}

unsafe extern "C" {
    fn zend_get_callable_name(callable: *mut sys::zval) -> *mut sys::zend_string;
}
