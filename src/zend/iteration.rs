//! `foreach` over an object of ours without calling its methods: each loop has a state of its own.

use super::object::{self, Native};
use super::sys;
use ext_php_rs::types::Zval;
use std::ffi::c_int;
use std::mem::ManuallyDrop;

unsafe extern "C" {
    fn zend_iterator_init(iterator: *mut sys::zend_object_iterator);
}

/// One loop over objects of a class that iterates by itself.
pub trait Loop: Sized + 'static {
    /// The class's Rust half.
    type Object: Native;

    /// A loop over this object; it begins with [`rewind`](Self::rewind).
    fn new(object: &Self::Object) -> Self;

    /// Goes back to the beginning.
    fn rewind(&mut self);

    /// The next key and value.
    fn next(&mut self) -> Option<(i64, i64)>;
}

/// What the engine has of a loop; it frees the memory itself.
#[repr(C)]
struct Running<T> {
    engine: sys::zend_object_iterator,
    value: Zval,
    key: i64,
    is_valid: bool,
    state: ManuallyDrop<T>,
}

/// Has `foreach` over objects of this class go through `T`. To be called from [`Native::customise_class`].
pub fn install<T: Loop>(class: &mut sys::zend_class_entry) {
    class.get_iterator = Some(begin::<T>);
}

struct Functions<T>(T);

impl<T: Loop> Functions<T> {
    const TABLE: sys::zend_object_iterator_funcs = sys::zend_object_iterator_funcs {
        dtor: Some(end::<T>),
        valid: Some(is_valid::<T>),
        get_current_data: Some(value::<T>),
        get_current_key: Some(key::<T>),
        move_forward: Some(next::<T>),
        rewind: Some(rewind::<T>),
        invalidate_current: None,
        get_gc: None,
    };
}

unsafe extern "C" fn begin<T: Loop>(
    _: *mut sys::zend_class_entry,
    over: *mut Zval,
    by_reference: c_int,
) -> *mut sys::zend_object_iterator {
    // SAFETY: the engine gives an object of a class that `install` was called for, or of one that inherits from it; the memory is the engine's to free,
    // and all of it is written before anybody sees it.
    unsafe {
        let object = (*over).object().and_then(object::native::<T::Object>);
        let Some(object) = object.filter(|_| by_reference == 0) else {
            let words = c"An iterator cannot be used with foreach by reference";
            sys::zend_throw_error(std::ptr::null_mut(), c"%s".as_ptr(), words.as_ptr());
            return std::ptr::null_mut();
        };
        let running = sys::_emalloc(size_of::<Running<T>>()).cast::<Running<T>>();
        zend_iterator_init(&raw mut (*running).engine);
        (&raw mut (*running).engine.data).write((*over).shallow_clone());
        (*running).engine.funcs = &raw const *const { &Functions::<T>::TABLE };
        (&raw mut (*running).value).write(Zval::new());
        (*running).key = 0;
        (*running).is_valid = false;
        (&raw mut (*running).state).write(ManuallyDrop::new(T::new(object)));
        running.cast()
    }
}

unsafe extern "C" fn end<T: Loop>(running: *mut sys::zend_object_iterator) {
    let running = running.cast::<Running<T>>();
    // SAFETY: made by `begin`, and ended once.
    unsafe {
        ManuallyDrop::drop(&mut (*running).state);
        sys::zval_ptr_dtor(&raw mut (*running).engine.data);
    }
}

unsafe extern "C" fn is_valid<T: Loop>(running: *mut sys::zend_object_iterator) -> c_int {
    // SAFETY: made by `begin`, and not ended.
    let is_valid = unsafe { (*running.cast::<Running<T>>()).is_valid };
    if is_valid { 0 } else { -1 }
}

unsafe extern "C" fn value<T: Loop>(running: *mut sys::zend_object_iterator) -> *mut Zval {
    // SAFETY: as above.
    unsafe { &raw mut (*running.cast::<Running<T>>()).value }
}

unsafe extern "C" fn key<T: Loop>(running: *mut sys::zend_object_iterator, key: *mut Zval) {
    // SAFETY: as above; the engine's key is there to be written.
    unsafe { (*key).set_long((*running.cast::<Running<T>>()).key) };
}

unsafe extern "C" fn next<T: Loop>(running: *mut sys::zend_object_iterator) {
    // SAFETY: as above; nobody else has the loop while the engine goes on with it.
    let running = unsafe { &mut *running.cast::<Running<T>>() };
    let next = running.state.next();
    running.is_valid = next.is_some();
    if let Some((key, value)) = next {
        running.key = key;
        running.value.set_long(value);
    }
}

unsafe extern "C" fn rewind<T: Loop>(running: *mut sys::zend_object_iterator) {
    // SAFETY: as above.
    unsafe {
        (*running.cast::<Running<T>>()).state.rewind();
        next::<T>(running);
    }
}
