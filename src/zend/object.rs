//! Objects with a Rust half: `[T][zend_object][properties]` in one allocation.
//!
//! A class whose stub says `@native` is registered with a type `T: Native`; the engine allocates its objects (and those of
//! all its children, PHP or Rust) through [`create`], so a method finds `T` at a fixed distance before the `zend_object`.

use super::call::Thrown;
use super::sys;
use ext_php_rs::types::{ZendObject, ZendStr, Zval};
use std::arch::asm;
use std::cell::UnsafeCell;
use std::mem::{ManuallyDrop, offset_of};

/// The Rust half of a PHP class.
///
/// Its `Drop` runs when PHP frees the object. Methods get `&self` (see `Call::native`), so state that changes is in cells.
pub trait Native: Sized + 'static {
    /// State of an object that has just been allocated, before its constructor runs.
    fn new() -> Self;

    /// Per-class storage of the object handlers; write `native_handlers!()`.
    fn handlers() -> &'static Handlers;

    /// Shows the values it holds to the garbage collector.
    fn visit(&self, _visit: &mut dyn FnMut(&Zval)) {}

    /// A last look at the object before it is freed: its properties are still there.
    fn ends(&self, _object: &mut ZendObject) {}

    /// Changes the standard handlers, once, at module start.
    fn customise(_handlers: &mut sys::zend_object_handlers) {}

    /// Changes the class itself, once, at module start.
    fn customise_class(_class: &mut sys::zend_class_entry) {}
}

/// A static home for one class's object handlers, filled at module start.
pub struct Handlers(UnsafeCell<Option<Installed>>);

struct Installed {
    handlers: sys::zend_object_handlers,
    class: *const sys::zend_class_entry,
}

// SAFETY: written once at module start, before any other thread of ours exists; read-only afterwards.
unsafe impl Sync for Handlers {}

impl Handlers {
    /// Empty until the class is registered.
    pub const fn new() -> Self {
        Self(UnsafeCell::new(None))
    }
}

impl Default for Handlers {
    fn default() -> Self {
        Self::new()
    }
}

/// Implements [`Native::handlers`] with a static of the class's own.
#[macro_export]
macro_rules! native_handlers {
    () => {
        fn handlers() -> &'static $crate::zend::object::Handlers {
            static HANDLERS: $crate::zend::object::Handlers = $crate::zend::object::Handlers::new();
            &HANDLERS
        }
    };
}

#[repr(C)]
struct Layout<T> {
    native: ManuallyDrop<T>,
    std: ZendObject,
}

/// The Rust half of `object`.
///
/// # Safety
/// `object` was allocated by [`create::<T>`].
pub unsafe fn native_of<'a, T: Native>(object: *const ZendObject) -> &'a T {
    // SAFETY: `Layout<T>` surrounds the object (caller's promise).
    unsafe { &(*object.byte_sub(offset_of!(Layout<T>, std)).cast::<Layout<T>>()).native }
}

/// `create_object` of every class registered with `T`.
///
/// # Safety
/// Called by the engine with a class that has `T`'s handlers.
pub unsafe extern "C" fn create<T: Native>(class: *mut sys::zend_class_entry) -> *mut ZendObject {
    // SAFETY: the caller's promise.
    unsafe { create_of(class, T::new()) }
}

#[inline(always)]
unsafe fn create_of<T: Native>(class: *mut sys::zend_class_entry, native: T) -> *mut ZendObject {
    // SAFETY: the allocation has room for the layout and the class's property slots; every part is initialised before use.
    unsafe {
        let layout = sys::ext_php_rs_zend_object_alloc(size_of::<Layout<T>>(), class).cast::<Layout<T>>();
        (&raw mut (*layout).native).write(ManuallyDrop::new(native));
        let std = &raw mut (*layout).std;
        sys::zend_object_std_init(std, class);
        init_properties(std, class);
        (*std).handlers = handlers_of::<T>();
        std
    }
}

/// `ZEND_INTERNAL_CLASS`.
const INTERNAL_CLASS: std::ffi::c_char = 1;

/// Gives a new object its default properties.
#[inline]
unsafe fn init_properties(object: *mut ZendObject, class: *mut sys::zend_class_entry) {
    // SAFETY: the object has a slot for each default of its class. Those of an internal class are scalars, interned strings and
    // immutable arrays (the engine demands it, `registry` makes no others): nothing to count, so a plain copy will do.
    unsafe {
        if (*class).type_ != INTERNAL_CLASS {
            return sys::object_properties_init(object, class);
        }
        let count = (*class).default_properties_count.unsigned_abs() as usize;
        let slots = (*object).properties_table.as_mut_ptr();
        std::ptr::copy_nonoverlapping((*class).default_properties_table, slots, count);
    }
}

unsafe extern "C" fn free<T: Native>(object: *mut ZendObject) {
    // SAFETY: the engine frees each object once; `native` was written by `create`.
    unsafe {
        let layout = object.byte_sub(offset_of!(Layout<T>, std)).cast::<Layout<T>>();
        (*layout).native.ends(&mut *object);
        ManuallyDrop::drop(&mut (*layout).native);
        sys::zend_object_std_dtor(object);
    }
}

/// `get_gc`: the properties and whatever [`Native::visit`] shows.
unsafe extern "C" fn gc<T: Native>(
    object: *mut ZendObject,
    table: *mut *mut sys::zval,
    count: *mut std::ffi::c_int,
) -> *mut sys::HashTable {
    // SAFETY: engine contract; the buffer is the engine's own and valid until the next get_gc.
    unsafe {
        let buffer = sys::steelwool_gc_buffer();
        native_of::<T>(object).visit(&mut |value| {
            sys::steelwool_gc_add(buffer, std::ptr::from_ref(value).cast_mut());
        });
        sys::steelwool_gc_use(buffer, table, count);
        sys::zend_std_get_properties(object)
    }
}

unsafe extern "C" {
    /// registry.c: whether the class declares a property of this name.
    fn steelwool_is_declared_property(class: *mut sys::zend_class_entry, name: *mut ZendStr) -> bool;
}

/// `unset_property`: what the internal root class declares stays, as in Swoole.
unsafe extern "C" fn refuse_unset(object: *mut ZendObject, name: *mut ZendStr, cache: *mut *mut std::ffi::c_void) {
    // SAFETY: engine contract; class entries outlive their objects.
    unsafe {
        let mut root = (*object).ce;
        while !(*root).__bindgen_anon_1.parent.is_null() {
            root = (*root).__bindgen_anon_1.parent;
        }
        if !steelwool_is_declared_property(root, name) {
            return sys::zend_std_unset_property(object, name, cache);
        }
        let class = (*(*object).ce).name().unwrap_or_default();
        let text = super::c_string(&format!(
            "Property {} of class {class} cannot be unset",
            String::from_utf8_lossy((*name).as_bytes())
        ));
        sys::zend_throw_error(std::ptr::null_mut(), c"%s".as_ptr(), text.as_ptr());
    }
}

fn handlers_of<T: Native>() -> *const sys::zend_object_handlers {
    // SAFETY: filled by `install` before the first object exists.
    unsafe {
        (*T::handlers().0.get()).as_ref().map_or(&raw const sys::std_object_handlers, |it| &raw const it.handlers)
    }
}

/// Gives `class` objects with a `T` inside. Called by the generated registration, at module start.
///
/// # Safety
/// `class` is being registered and has no objects yet.
pub unsafe fn install<T: Native>(class: *mut sys::zend_class_entry) {
    // SAFETY: module start is single-threaded and comes before any object.
    unsafe {
        let mut handlers = sys::std_object_handlers;
        handlers.offset = offset_of!(Layout<T>, std) as i32;
        handlers.free_obj = Some(free::<T>);
        handlers.get_gc = Some(gc::<T>);
        // Swoole's classes with state refuse `clone`: "Trying to clone an uncloneable object of class ...".
        handlers.clone_obj = None;
        handlers.unset_property = Some(refuse_unset);
        T::customise(&mut handlers);
        *T::handlers().0.get() = Some(Installed { handlers, class });
        (*class).__bindgen_anon_2.create_object = Some(create::<T>);
        T::customise_class(&mut *class);
    }
}

/// A new object of `class`, its constructor not called.
pub fn instantiate(class: &'static sys::zend_class_entry) -> Zval {
    let mut value = Zval::new();
    // SAFETY: `object_init_ex` fills `value` or leaves it null with an exception pending.
    unsafe { sys::object_init_ex(&mut value, std::ptr::from_ref(class).cast_mut()) };
    value
}

/// A new object of `class`, its constructor not called, its Rust half filled by `fill`.
///
/// # Panics
/// When `class` was not registered with `T`.
#[inline]
pub fn instantiate_with<T: Native>(
    class: &'static sys::zend_class_entry,
    fill: impl FnOnce(&T, &mut ZendObject),
) -> Zval {
    instantiate_of(class, T::new(), fill)
}

/// As [`instantiate_with`], with this Rust half.
///
/// # Panics
/// When `class` was not registered with `T`.
#[inline]
pub fn instantiate_of<T: Native>(
    class: &'static sys::zend_class_entry,
    native: T,
    fill: impl FnOnce(&T, &mut ZendObject),
) -> Zval {
    let mut made = Zval::new();
    // SAFETY: what `object_init_ex` would do for an internal class that is neither abstract nor an interface: it is registered
    // with `T` (checked), is seen by nobody else yet, and its Rust half does not overlap the `zend_object`.
    unsafe {
        let installed = (*T::handlers().0.get()).as_ref().map(|it| it.class);
        assert_eq!(installed, Some(std::ptr::from_ref(class)), "the class holds another Rust type");
        let object = create_of::<T>(std::ptr::from_ref(class).cast_mut(), native);
        made.value.obj = object;
        made.u1.type_info = sys::IS_OBJECT_EX;
        fill(native_of::<T>(object), &mut *object);
    }
    made
}

/// The same address, as one that the compiler has not seen before.
///
/// It takes what a function reaches from a `&ZendObject` of its caller's as constant for as long as the function runs: the type knows of no
/// cell. But PHP code changes properties meanwhile, and the Rust half, which lies before the object, has cells.
#[inline(always)]
fn anew(object: &ZendObject) -> *const ZendObject {
    let mut address = std::ptr::from_ref(object).expose_provenance();
    // SAFETY: no instruction.
    unsafe { asm!("/* {0} */", inout(reg) address, options(pure, nomem, nostack, preserves_flags)) };
    std::ptr::with_exposed_provenance(address)
}

/// The Rust half of `object`, if its class was registered with `T`.
pub fn native<T: Native>(object: &ZendObject) -> Option<&T> {
    // SAFETY: only objects made by `create::<T>` have these handlers.
    std::ptr::eq(object.handlers, handlers_of::<T>()).then(|| unsafe { native_of::<T>(anew(object)) })
}

/// A new object of `class` with its constructor called.
///
/// # Errors
/// The constructor threw.
pub fn construct(class: &'static sys::zend_class_entry, args: &[Zval]) -> Result<Zval, Thrown> {
    let made = instantiate(class);
    // SAFETY: the engine copies the arguments; `made` keeps the object alive.
    unsafe {
        if !super::exception_pending() && !class.constructor.is_null() {
            let mut result = Zval::new();
            sys::zend_call_known_function(
                class.constructor,
                made.value.obj,
                std::ptr::from_ref(class).cast_mut(),
                &mut result,
                args.len() as u32,
                args.as_ptr().cast_mut(),
                std::ptr::null_mut(),
            );
        }
    }
    if super::exception_pending() { Err(Thrown) } else { Ok(made) }
}

/// Where declared property number `index` (the generated `slots`) lies. The tables generate `index` from the class's declared properties.
#[inline(always)]
fn place(object: &ZendObject, index: usize) -> *mut Zval {
    let object = anew(object).cast_mut();
    // SAFETY: the object has that many properties, one behind the other.
    unsafe { (&raw mut (*object).properties_table).cast::<Zval>().add(index) }
}

/// Declared property number `index` (the generated `slots`), references followed.
pub fn slot(object: &ZendObject, index: usize) -> &Zval {
    // SAFETY: see `place`.
    unsafe { (*place(object, index)).dereference() }
}

/// Sets declared property number `index`.
pub fn set_slot(object: &mut ZendObject, index: usize, value: impl Into<Property>) {
    // SAFETY: see `place`; the old value is released after the new one is in place, because a destructor may look.
    unsafe { super::put((*place(object, index)).dereference_mut(), value.into().0) };
}

unsafe extern "C" {
    // shim.c: all make the slot an array of its own first, and take the value over
    fn steelwool_slot_set(slot: *mut sys::zval, key: *const std::ffi::c_char, length: usize, value: *mut sys::zval);
    fn steelwool_slot_set_named(slot: *mut sys::zval, key: *mut ZendStr, value: *mut sys::zval);
    fn steelwool_slot_push(slot: *mut sys::zval, value: *mut sys::zval);
}

/// `$object->property[$key] = $value` for declared property number `index`, which becomes an array if it is none.
pub fn set_in_slot(object: &mut ZendObject, index: usize, key: &[u8], value: Zval) {
    let mut value = ManuallyDrop::new(value);
    // SAFETY: see `place`; the shim takes the value over.
    unsafe { steelwool_slot_set(place(object, index), key.as_ptr().cast(), key.len(), &mut *value) };
}

/// As [`set_in_slot`], the key being a PHP string, which the array shares.
pub fn set_named_in_slot(object: &mut ZendObject, index: usize, key: &ZendStr, value: Zval) {
    let mut value = ManuallyDrop::new(value);
    // SAFETY: as in `set_in_slot`; the array takes a reference to the key.
    unsafe { steelwool_slot_set_named(place(object, index), std::ptr::from_ref(key).cast_mut(), &mut *value) };
}

/// `$object->property[] = $value` for declared property number `index`, which becomes an array if it is none.
pub fn push_to_slot(object: &mut ZendObject, index: usize, value: Zval) {
    let mut value = ManuallyDrop::new(value);
    // SAFETY: as in `set_in_slot`.
    unsafe { steelwool_slot_push(place(object, index), &mut *value) };
}

/// Sets declared property number `index` to an int: two stores when it holds a number already, as error codes do.
#[inline]
pub fn set_long_slot(object: &mut ZendObject, index: usize, value: i64) {
    // SAFETY: see `place`.
    let place = unsafe { &mut *place(object, index) };
    // SAFETY: the type is read from the value it describes.
    if unsafe { place.u1.v.type_ } == sys::IS_LONG as u8 {
        place.value.lval = value;
    } else {
        set_slot(object, index, value);
    }
}

/// A value on its way into a property.
pub struct Property(Zval);

impl From<i64> for Property {
    fn from(value: i64) -> Self {
        Self(super::long(value))
    }
}

impl From<f64> for Property {
    fn from(value: f64) -> Self {
        Self(super::float(value))
    }
}

impl From<bool> for Property {
    fn from(value: bool) -> Self {
        Self(super::boolean(value))
    }
}

impl From<&[u8]> for Property {
    fn from(value: &[u8]) -> Self {
        Self(super::row::text(value))
    }
}

impl From<&str> for Property {
    fn from(value: &str) -> Self {
        value.as_bytes().into()
    }
}

impl From<Zval> for Property {
    fn from(value: Zval) -> Self {
        Self(value)
    }
}
