//! Declared properties that get their value when somebody first looks.
//!
//! Such a property's slot is left undefined. The engine's fast paths take an undefined slot for "ask the handlers", so only the
//! first look costs anything; from then on the property is an ordinary one: it can be changed, referenced and iterated.

use super::object::Native;
use super::sys;
use ext_php_rs::types::{ZendObject, ZendStr, Zval};
use std::ffi::{c_int, c_void};
use std::mem::ManuallyDrop;

/// A class with such properties.
pub trait Lazy: Native {
    /// Their names and slots.
    const PROPERTIES: &'static [(&'static str, usize)];

    /// The value of the property in `slot`.
    fn make(&self, object: &ZendObject, slot: usize) -> Zval;
}

/// Leaves the properties of a new object undefined, to be made on demand; those of which `is_something` is false stay null, which
/// nobody has to make.
#[inline]
pub fn begin<T: Lazy>(object: &mut ZendObject, is_something: impl Fn(usize) -> bool) {
    if super::object::native::<T>(object).is_none() {
        return;
    }
    for (_, slot) in T::PROPERTIES {
        if is_something(*slot) {
            // SAFETY: declared slots of `T`'s class, holding null since the object was made; undefined has the type word 0.
            unsafe { (*object.properties_table.as_mut_ptr().add(*slot)).u1.type_info = 0 };
        }
    }
}

/// Leaves one property undefined, to be made again; it holds nothing that needs to be released.
pub fn forget<T: Lazy>(object: &mut ZendObject, slot: usize) {
    if super::object::native::<T>(object).is_some() && T::PROPERTIES.iter().any(|(_, known)| *known == slot) {
        // SAFETY: a declared slot of `T`'s class.
        unsafe { (*object.properties_table.as_mut_ptr().add(slot)).u1.type_info = 0 };
    }
}

/// Replaces the handlers that look at properties; for `Native::customise`.
pub fn install<T: Lazy>(handlers: &mut sys::zend_object_handlers) {
    handlers.read_property = Some(read::<T>);
    handlers.write_property = Some(write::<T>);
    handlers.has_property = Some(has::<T>);
    handlers.get_property_ptr_ptr = Some(pointer::<T>);
    handlers.get_properties = Some(all::<T>);
    handlers.get_gc = Some(gc);
}

unsafe fn make<T: Lazy>(object: *mut ZendObject, slot: usize) {
    // SAFETY: the handlers' contract: a live object of a class registered with `T`, whose slots are declared.
    unsafe {
        let place = (*object).properties_table.as_mut_ptr().add(slot);
        if (*place).u1.type_info == 0 {
            let mut made = ManuallyDrop::new(Zval::new());
            super::catch_panic(|| made = ManuallyDrop::new(super::object::native_of::<T>(object).make(&*object, slot)));
            // Making it may run PHP code (a warning's handler), which may have looked too.
            super::put(&mut *place, ManuallyDrop::into_inner(made));
        }
    }
}

/// The slot of the property of this name.
unsafe fn slot_of<T: Lazy>(name: *mut ZendStr) -> Option<usize> {
    // SAFETY: the engine passes a live name.
    let name = unsafe { (*name).as_bytes() };
    T::PROPERTIES.iter().find(|(property, _)| property.as_bytes() == name).map(|(_, slot)| *slot)
}

/// Makes the property of this name; false when there is none such.
unsafe fn make_named<T: Lazy>(object: *mut ZendObject, name: *mut ZendStr) -> bool {
    // SAFETY: as in `slot_of` and `make`.
    unsafe { slot_of::<T>(name).map(|slot| make::<T>(object, slot)).is_some() }
}

unsafe fn make_all<T: Lazy>(object: *mut ZendObject) {
    for (_, slot) in T::PROPERTIES {
        // SAFETY: as in `make`.
        unsafe { make::<T>(object, *slot) };
    }
}

/// `BP_VAR_R`
const READ: c_int = 0;

unsafe extern "C" fn read<T: Lazy>(
    object: *mut ZendObject,
    name: *mut ZendStr,
    kind: c_int,
    cache: *mut *mut c_void,
    result: *mut sys::zval,
) -> *mut sys::zval {
    // SAFETY: engine contract. The cache names the class whose property was found through it before; then it is this slot again.
    unsafe {
        if let Some(slot) = slot_of::<T>(name) {
            make::<T>(object, slot);
            if kind == READ && !cache.is_null() && *cache == (*object).ce.cast() {
                return (*object).properties_table.as_mut_ptr().add(slot);
            }
        }
        sys::zend_std_read_property(object, name, kind, cache, result)
    }
}

unsafe extern "C" fn write<T: Lazy>(
    object: *mut ZendObject,
    name: *mut ZendStr,
    value: *mut sys::zval,
    cache: *mut *mut c_void,
) -> *mut sys::zval {
    // SAFETY: engine contract. A property that is not declared gives the object a table of its own, which is iterated without
    // asking us: it must find everything made.
    unsafe {
        if !make_named::<T>(object, name) {
            make_all::<T>(object);
        }
        sys::zend_std_write_property(object, name, value, cache)
    }
}

unsafe extern "C" fn has<T: Lazy>(
    object: *mut ZendObject,
    name: *mut ZendStr,
    kind: c_int,
    cache: *mut *mut c_void,
) -> c_int {
    // SAFETY: engine contract.
    unsafe {
        make_named::<T>(object, name);
        sys::zend_std_has_property(object, name, kind, cache)
    }
}

unsafe extern "C" fn pointer<T: Lazy>(
    object: *mut ZendObject,
    name: *mut ZendStr,
    kind: c_int,
    cache: *mut *mut c_void,
) -> *mut sys::zval {
    // SAFETY: engine contract; as in `write` for names that are not declared.
    unsafe {
        if !make_named::<T>(object, name) {
            make_all::<T>(object);
        }
        sys::zend_std_get_property_ptr_ptr(object, name, kind, cache)
    }
}

unsafe extern "C" fn all<T: Lazy>(object: *mut ZendObject) -> *mut sys::HashTable {
    // SAFETY: engine contract.
    unsafe {
        make_all::<T>(object);
        sys::zend_std_get_properties(object)
    }
}

/// `get_gc`: shows what has been made, and makes nothing.
unsafe extern "C" fn gc(object: *mut ZendObject, table: *mut *mut sys::zval, count: *mut c_int) -> *mut sys::HashTable {
    // SAFETY: engine contract: either a table of properties or the slots themselves.
    unsafe {
        if (*object).properties.is_null() {
            *table = (*object).properties_table.as_mut_ptr();
            *count = (*(*object).ce).default_properties_count;
            return std::ptr::null_mut();
        }
        *table = std::ptr::null_mut();
        *count = 0;
        (*object).properties
    }
}
