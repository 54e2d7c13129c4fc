//! What the engine holds: objects and resources.

use super::sys;
use ext_php_rs::types::Zval;

/// `OBJ_BUCKET_INVALID`: a free place in the store.
const FREE: usize = 1;

/// A reference to what stands at `handle` in the store, if that is an object.
///
/// # Safety
/// `handle` is within the store.
unsafe fn at(store: &sys::zend_objects_store, handle: u32) -> Option<Zval> {
    // SAFETY: the caller's promise; a valid place holds a live object, of which the value gets a reference.
    unsafe {
        let object = *store.object_buckets.add(handle as usize);
        if object.is_null() || object.addr() & FREE != 0 {
            return None;
        }
        (*object).gc.refcount += 1;
        let mut value = Zval::new();
        value.value.obj = object;
        value.u1.type_info = sys::IS_OBJECT_EX;
        Some(value)
    }
}

/// All objects.
pub fn all() -> Vec<Zval> {
    // SAFETY: read on the PHP thread; handle 0 is never used.
    unsafe {
        let store = &(*super::globals()).objects_store;
        (1..store.top).filter_map(|handle| at(store, handle)).collect()
    }
}

/// The handle (`spl_object_id()`) of an object; 0 for other values.
pub fn handle(value: &Zval) -> i64 {
    value.object().map_or(0, |object| i64::from(object.handle))
}

/// The object with this handle (`spl_object_id()`).
pub fn by_handle(handle: i64) -> Option<Zval> {
    // SAFETY: read on the PHP thread, within the store.
    unsafe {
        let store = &(*super::globals()).objects_store;
        let handle = u32::try_from(handle).ok().filter(|handle| *handle > 0 && *handle < store.top)?;
        at(store, handle)
    }
}

/// Whether `value` is an object of `class` or a child of it.
pub fn is_a(value: &Zval, class: &sys::zend_class_entry) -> bool {
    value.object().is_some_and(|object| {
        // SAFETY: an object's class is alive as long as the object; the engine compares classes.
        let inherits = || unsafe { sys::instanceof_function_slow(object.ce, class) };
        object.ce.cast_const() == std::ptr::from_ref(class) || inherits()
    })
}

/// Whether both are the same object.
pub fn same(one: &Zval, other: &Zval) -> bool {
    match (one.object(), other.object()) {
        (Some(one), Some(other)) => std::ptr::eq(one, other),
        _ => false,
    }
}

/// Number of resources.
pub fn resources() -> usize {
    // SAFETY: read on the PHP thread.
    unsafe { sys::zend_array_count(&raw mut (*super::globals()).regular_list) as usize }
}
