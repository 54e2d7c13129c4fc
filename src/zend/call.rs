//! How PHP calls us: one [`Call`] per invocation, one trampoline for every method.
//!
//! The generated tables (`build/`) point each PHP function at an `extern "C"` trampoline that counts the arguments and
//! calls the Rust function declared for it: `fn(&mut Call) -> Return`. A method reads its arguments with the `*_arg`
//! functions, which raise PHP's own `TypeError`s, and sets its result with the `return_*` functions.

use super::{callable::Callable, object, sys};
use ext_php_rs::types::{ZendHashTable, ZendObject, ZendStr, Zval};
use std::ffi::CStr;

/// A PHP exception is pending in the engine; the caller returns at once and lets it travel.
#[derive(Debug)]
pub struct Thrown;

/// What every PHP-visible function returns: its value goes into the [`Call`].
pub type Return = Result<(), Thrown>;

/// Indexes into PHP's `zend_expected_type`, for "must be of type ..." errors.
#[derive(Clone, Copy)]
#[repr(u32)]
enum Expected {
    Long = 0,
    Bool = 2,
    String = 4,
    StringOrNull = 5,
    Array = 6,
    ArrayOrNull = 7,
    Double = 20,
}

/// One invocation of a PHP-visible function: its arguments, its `$this` and its return value.
pub struct Call<'a> {
    frame: &'a mut sys::zend_execute_data,
    result: &'a mut Zval,
}

unsafe extern "C" {
    // shim.c
    fn steelwool_assign_reference(argument: *mut Zval, value: *mut Zval);
}

impl<'a> Call<'a> {
    /// Number of arguments passed.
    pub fn len(&self) -> usize {
        // SAFETY: every frame's `This` carries the argument count in u2.
        unsafe { self.frame.This.u2.num_args as usize }
    }

    /// Whether no argument was passed.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[inline]
    fn slot(&self, index: usize) -> *mut Zval {
        const FRAME_SLOTS: usize = size_of::<sys::zend_execute_data>().div_ceil(size_of::<sys::zval>());
        let base = std::ptr::from_ref(&*self.frame).cast::<Zval>().cast_mut();
        // SAFETY: arguments follow the frame; callers compare `index` with `len()` first.
        unsafe { base.add(FRAME_SLOTS + index) }
    }

    /// Argument `index` (from 0) as passed, references followed, or `None` when it was left out.
    pub fn value(&self, index: usize) -> Option<&'a Zval> {
        // SAFETY: within `len()`; arguments live as long as the frame does.
        (index < self.len()).then(|| unsafe { &*self.raw(index) })
    }

    #[inline]
    fn raw(&self, index: usize) -> *mut Zval {
        assert!(index < self.len(), "argument {index} is optional: read it through `optional`");
        let slot = self.slot(index);
        // SAFETY: within `len()`.
        unsafe { if (*slot).u1.v.type_ == sys::IS_REFERENCE as u8 { &raw mut (*(*slot).value.ref_).val } else { slot } }
    }

    /// Assigns to the variable that was passed by reference as argument `index`, if it was. A variable with a type may refuse the value
    /// with an exception.
    pub fn assign(&mut self, index: usize, value: Zval) {
        if index < self.len() {
            let mut value = std::mem::ManuallyDrop::new(value);
            // SAFETY: within `len()`; the shim takes the value over, whatever becomes of it.
            unsafe { steelwool_assign_reference(self.slot(index), &mut *value) };
        }
    }

    /// Whether optional argument `index` was passed and is not null.
    pub fn given(&self, index: usize) -> bool {
        self.value(index).is_some_and(|v| !v.is_null())
    }

    fn wrong<T>(&self, index: usize, expected: Expected) -> Result<T, Thrown> {
        if !super::exception_pending() {
            // SAFETY: called on the PHP thread inside the call that is being described.
            unsafe {
                sys::zend_wrong_parameter_type_error(index as u32 + 1, expected as u32, self.raw(index));
            }
        }
        Err(Thrown)
    }

    /// Argument `index` as an int, coerced as PHP does.
    pub fn long_arg(&self, index: usize) -> Result<i64, Thrown> {
        let arg = self.raw(index);
        // SAFETY: `arg` is a live argument slot.
        unsafe {
            if (*arg).u1.v.type_ == sys::IS_LONG as u8 {
                return Ok((*arg).value.lval);
            }
            let mut out = 0;
            if sys::zend_parse_arg_long_slow(arg, &mut out, index as u32 + 1) {
                return Ok(out);
            }
        }
        self.wrong(index, Expected::Long)
    }

    /// Argument `index` as a float, coerced as PHP does.
    pub fn double_arg(&self, index: usize) -> Result<f64, Thrown> {
        let arg = self.raw(index);
        // SAFETY: `arg` is a live argument slot.
        unsafe {
            if (*arg).u1.v.type_ == sys::IS_DOUBLE as u8 {
                return Ok((*arg).value.dval);
            }
            let mut out = 0.0;
            if sys::zend_parse_arg_double_slow(arg, &mut out, index as u32 + 1) {
                return Ok(out);
            }
        }
        self.wrong(index, Expected::Double)
    }

    /// Argument `index` as a bool, coerced as PHP does.
    pub fn bool_arg(&self, index: usize) -> Result<bool, Thrown> {
        let arg = self.raw(index);
        // SAFETY: `arg` is a live argument slot.
        unsafe {
            if let Some(b) = (*arg).bool() {
                return Ok(b);
            }
            let mut out = false;
            if sys::zend_parse_arg_bool_slow(arg, &mut out, index as u32 + 1) {
                return Ok(out);
            }
        }
        self.wrong(index, Expected::Bool)
    }

    /// Argument `index` as a string, coerced as PHP does; it lives as long as the call.
    pub fn str_arg(&self, index: usize) -> Result<&'a ZendStr, Thrown> {
        let arg = self.raw(index);
        // SAFETY: `arg` is a live argument slot; a coerced string is stored back into it and so outlives this function.
        unsafe {
            if let Some(s) = (*arg).zend_str() {
                return Ok(&*std::ptr::from_ref(s));
            }
            let mut out = std::ptr::null_mut();
            if sys::zend_parse_arg_str_slow(arg, &mut out, index as u32 + 1) {
                return Ok(&*out);
            }
        }
        self.wrong(index, Expected::String)
    }

    /// Argument `index` as the name of a file: a string without NUL.
    pub fn path_arg(&self, index: usize) -> Result<&'a ZendStr, Thrown> {
        let path = self.str_arg(index)?;
        if path.as_bytes().contains(&0) {
            // SAFETY: a constant format without arguments, inside the call that is being described.
            unsafe { sys::zend_argument_value_error(index as u32 + 1, c"must not contain any null bytes".as_ptr()) };
            return Err(Thrown);
        }
        Ok(path)
    }

    /// Optional argument `index` as a string, coerced as PHP does; `None` when it was left out or is null.
    pub fn nullable_str_arg(&self, index: usize) -> Result<Option<&'a ZendStr>, Thrown> {
        let Some(value) = self.value(index).filter(|value| !value.is_null()) else { return Ok(None) };
        if value.is_array() || value.is_resource() || value.is_object() {
            let mut out = std::ptr::null_mut();
            // SAFETY: `raw` is a live argument slot; an object's text is stored back into it.
            unsafe {
                if value.is_object() && sys::zend_parse_arg_str_slow(self.raw(index), &mut out, index as u32 + 1) {
                    return Ok(Some(&*out));
                }
            }
            return self.wrong(index, Expected::StringOrNull);
        }
        self.str_arg(index).map(Some)
    }

    /// Argument `index` as an array.
    pub fn array_arg(&self, index: usize) -> Result<&'a ZendHashTable, Thrown> {
        // SAFETY: `raw` is a live argument slot and its array is held by the caller.
        match unsafe { (*self.raw(index)).array() } {
            // SAFETY: as above, for the length of the call.
            Some(array) => Ok(unsafe { &*std::ptr::from_ref(array) }),
            None => self.wrong(index, Expected::Array),
        }
    }

    /// Argument `index` as an array, or `None` when it is null or was left out.
    pub fn array_or_null_arg(&self, index: usize) -> Result<Option<&'a ZendHashTable>, Thrown> {
        if !self.given(index) {
            return Ok(None);
        }
        // SAFETY: as in `array_arg`.
        match unsafe { (*self.raw(index)).array() } {
            // SAFETY: as in `array_arg`.
            Some(array) => Ok(Some(unsafe { &*std::ptr::from_ref(array) })),
            None => self.wrong(index, Expected::ArrayOrNull),
        }
    }

    /// Argument `index` as an object.
    pub fn object_arg(&self, index: usize) -> Result<&'a Zval, Thrown> {
        // SAFETY: `raw` is a live argument slot.
        let value = unsafe { &*self.raw(index) };
        if value.is_object() { Ok(value) } else { self.wrong_class(index, c"object") }
    }

    /// The Rust half of argument `index`, an object of `class`.
    pub fn native_arg<T: object::Native>(&self, index: usize, class: &CStr) -> Result<&'a T, Thrown> {
        // SAFETY: `raw` is a live argument slot, and the caller holds its object.
        match unsafe { (*self.raw(index)).object() }.and_then(object::native::<T>) {
            // SAFETY: as above, for the length of the call.
            Some(native) => Ok(unsafe { &*std::ptr::from_ref(native) }),
            None => self.wrong_class(index, class),
        }
    }

    /// Argument `index` as a resource.
    pub fn resource_arg(&self, index: usize) -> Result<&'a Zval, Thrown> {
        // SAFETY: `raw` is a live argument slot.
        let value = unsafe { &*self.raw(index) };
        if value.is_resource() { Ok(value) } else { self.wrong_class(index, c"resource") }
    }

    /// Argument `index`, an object of `class`.
    pub fn instance_arg(
        &self,
        index: usize,
        class: &'static sys::zend_class_entry,
        name: &CStr,
    ) -> Result<&'a mut ZendObject, Thrown> {
        let value = self.object_arg(index)?;
        match super::objects::is_a(value, class) {
            // SAFETY: an object, held by the caller for the length of the call.
            true => Ok(unsafe { &mut *value.value.obj }),
            false => self.wrong_class(index, name),
        }
    }

    fn wrong_class<T>(&self, index: usize, class: &CStr) -> Result<T, Thrown> {
        // SAFETY: called on the PHP thread inside the call that is being described.
        unsafe { sys::zend_wrong_parameter_class_error(index as u32 + 1, class.as_ptr(), self.raw(index)) };
        Err(Thrown)
    }

    /// Argument `index` as a callable that may be kept and called later.
    pub fn callable_arg(&self, index: usize) -> Result<Callable, Thrown> {
        Callable::from_arg(self.raw(index), index as u32 + 1)
    }

    /// Optional argument `index`: `read` it when given, else `default`.
    pub fn optional<T>(
        &self,
        index: usize,
        default: T,
        read: impl FnOnce(&Self, usize) -> Result<T, Thrown>,
    ) -> Result<T, Thrown> {
        if self.given(index) { read(self, index) } else { Ok(default) }
    }

    /// All arguments from `index` on, as passed (variadic functions).
    pub fn rest(&self, index: usize) -> &'a [Zval] {
        let count = self.len().saturating_sub(index);
        if count == 0 {
            return &[];
        }
        // SAFETY: `count` initialised slots start at `index`.
        unsafe { std::slice::from_raw_parts(self.slot(index), count) }
    }

    /// `$this`.
    ///
    /// # Panics
    /// In a static method or plain function; the tables never declare those as instance methods.
    pub fn this(&mut self) -> &'a mut ZendObject {
        // SAFETY: an instance method's frame owns a reference to its object for the length of the call.
        unsafe { &mut *self.frame.This.value.obj }
    }

    /// `$this` as a value, with a reference of its own.
    ///
    /// # Panics
    /// As [`Call::this`].
    pub fn this_value(&mut self) -> Zval {
        self.this().gc.refcount += 1;
        let mut value = Zval::new();
        value.value.obj = self.this();
        value.u1.type_info = sys::IS_OBJECT_EX;
        value
    }

    /// The Rust half of `$this`.
    ///
    /// Shared, never exclusive: another coroutine may enter a method of the same object while this one is parked.
    pub fn native<T: object::Native>(&self) -> &'a T {
        // SAFETY: the class that declares this method was registered with `T` (the tables tie them together), and its
        // children inherit `create_object`, so the object was allocated by `object::create::<T>`.
        unsafe { object::native_of::<T>(self.frame.This.value.obj) }
    }

    /// The return value, null until set.
    pub fn result(&mut self) -> &mut Zval {
        self.result
    }

    /// Returns a bool. Like every `return_*`, once per call: the result is still the null that the engine put there.
    #[inline]
    pub fn return_bool(&mut self, value: bool) -> Return {
        self.result.u1.type_info = if value { sys::IS_TRUE } else { sys::IS_FALSE };
        Ok(())
    }

    /// Returns an int.
    #[inline]
    pub fn return_long(&mut self, value: i64) -> Return {
        self.result.value.lval = value;
        self.result.u1.type_info = sys::IS_LONG;
        Ok(())
    }

    /// Returns bytes as a PHP string.
    pub fn return_bytes(&mut self, value: &[u8]) -> Return {
        self.return_value(super::string(value))
    }

    /// Returns a value that is moved out of Rust's hands.
    #[inline]
    pub fn return_value(&mut self, value: Zval) -> Return {
        super::put(self.result, value);
        Ok(())
    }
}

/// Body of every generated handler: counts arguments, calls `function`, turns a panic into a PHP `Error`.
///
/// # Safety
/// `frame` and `result` come from the engine, for a function registered with these bounds.
#[inline(always)]
pub unsafe fn trampoline(
    frame: *mut sys::zend_execute_data,
    result: *mut sys::zval,
    min: u32,
    max: u32,
    function: impl FnOnce(&mut Call<'_>) -> Return,
) {
    // SAFETY: both pointers are live for the whole call (engine contract).
    let (frame, result) = unsafe { (&mut *frame, &mut *result) };
    // SAFETY: u2 of `This` is the argument count in every call frame.
    let count = unsafe { frame.This.u2.num_args };
    if count < min || count > max {
        // SAFETY: we are the called function.
        unsafe { sys::zend_wrong_parameters_count_error(min, max) };
        return;
    }
    let mut call = Call { frame, result };
    super::catch_panic(|| {
        // An error is already pending as an exception.
        let _ = function(&mut call);
    });
    super::continue_bailout();
}
