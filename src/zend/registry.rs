//! Registers classes, functions and constants from the tables that `build/` writes.
//!
//! The tables are constant data; everything the engine wants in another shape on some PHP version is decided here or in the
//! shim, so that the generated file is the same for all.

use super::{sys, version};
use ext_php_rs::types::{ZendObject, Zval};
use std::ffi::{CStr, c_char, c_int};
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

use sys::{zend_class_entry, zend_function_entry, zend_module_entry, zval};

// The engine, and registry.c.
unsafe extern "C" {
    fn zend_register_functions(
        scope: *mut zend_class_entry,
        functions: *const zend_function_entry,
        table: *mut sys::HashTable,
        kind: c_int,
    ) -> c_int;
    fn zend_register_class_alias_ex(
        name: *const c_char,
        length: usize,
        class: *mut zend_class_entry,
        persistent: bool,
    ) -> c_int;
    fn zend_register_internal_module(module: *mut zend_module_entry) -> *mut zend_module_entry;
    fn steelwool_register_class(
        name: *const c_char,
        length: usize,
        methods: *const zend_function_entry,
        parent: *mut zend_class_entry,
        interface: bool,
    ) -> *mut zend_class_entry;
    fn steelwool_interned(value: *mut zval, text: *const c_char, length: usize);
    fn steelwool_empty_array(value: *mut zval);
    fn steelwool_declare_property(
        class: *mut zend_class_entry,
        name: *const c_char,
        length: usize,
        value: *mut zval,
        flags: c_int,
        typed: bool,
        class_name: *const c_char,
        mask: u32,
    );
    fn steelwool_sensitive_parameter(
        class: *mut sys::zend_class_entry,
        method: *const c_char,
        length: usize,
        parameter: u32,
    );
    fn steelwool_declare_class_constant(
        class: *mut zend_class_entry,
        name: *const c_char,
        length: usize,
        value: *mut zval,
        flags: c_int,
    );
    fn steelwool_register_constant(name: *const c_char, length: usize, value: *mut zval, module_number: c_int);
    pub(super) fn steelwool_find_class(name: *const c_char, length: usize) -> *mut zend_class_entry;
    fn steelwool_module_loaded(name: *const c_char, length: usize) -> bool;
}

/// Class flags that stubs can ask for, as the engine numbers them (8.2 to 8.5 agree on all of these).
pub mod class_flags {
    use crate::zend::sys;

    /// Declared in the stub with `interface`.
    pub const INTERFACE: u32 = 1;
    /// `final class`.
    pub const FINAL: u32 = 1 << 5;
    /// `abstract class`.
    pub const ABSTRACT: u32 = 1 << 6;
    /// `@strict-properties`: no property that is not declared.
    pub const NO_DYNAMIC_PROPERTIES: u32 = sys::ZEND_ACC_NO_DYNAMIC_PROPERTIES;
    /// `#[AllowDynamicProperties]`.
    pub const ALLOW_DYNAMIC_PROPERTIES: u32 = 1 << 15;
    /// `@not-serializable`.
    pub const NOT_SERIALIZABLE: u32 = sys::ZEND_ACC_NOT_SERIALIZABLE;
    /// `@not-instantiable`: `new` throws. Ours, not the engine's: the engine gives bit 31 to no class.
    pub const NOT_INSTANTIABLE: u32 = 1 << 31;
}

/// A constant value in a table.
#[derive(Clone, Copy, Debug)]
pub enum Value {
    /// A typed property without a default.
    Undefined,
    /// `null`.
    Null,
    /// A bool.
    Bool(bool),
    /// An int.
    Long(i64),
    /// A float.
    Double(f64),
    /// A string.
    Str(&'static str),
    /// `[]`.
    EmptyArray,
}

impl Value {
    /// As a zval that may live as long as the process.
    fn zval(self) -> Zval {
        let mut zval = Zval::new();
        match self {
            // SAFETY: writes the type tag of our own zval; 0 is IS_UNDEF.
            Self::Undefined => zval.u1.type_info = 0,
            Self::Null => zval.set_null(),
            Self::Bool(value) => zval.set_bool(value),
            Self::Long(value) => zval.set_long(value),
            Self::Double(value) => zval.set_double(value),
            // SAFETY: the engine copies the bytes into a permanent string.
            Self::Str(text) => unsafe { steelwool_interned(&mut zval, text.as_ptr().cast(), text.len()) },
            // SAFETY: the engine's immutable empty array.
            Self::EmptyArray => unsafe { steelwool_empty_array(&mut zval) },
        }
        zval
    }
}

/// The type of a parameter, a return value or a property.
#[derive(Clone, Copy)]
pub struct Type {
    class: Option<&'static CStr>,
    mask: u32,
}

impl Type {
    /// No type declared.
    pub const NONE: Self = Self { class: None, mask: 0 };

    /// Built-in types only, as `MAY_BE_*` bits.
    pub const fn of(mask: u32) -> Self {
        Self { class: None, mask }
    }

    /// Class names (`A|B`), and built-in types beside them.
    pub const fn class(names: &'static CStr, mask: u32) -> Self {
        Self { class: Some(names), mask }
    }

    /// As argument info holds it: a class is a C string there.
    const fn raw(self, extra: u32) -> sys::zend_type {
        match self.class {
            Some(name) => sys::zend_type {
                ptr: name.as_ptr().cast_mut().cast(),
                type_mask: version::LITERAL_NAME | self.mask | extra,
            },
            None => sys::zend_type { ptr: ptr::null_mut(), type_mask: self.mask | extra },
        }
    }
}

/// Rows of an argument table.
pub mod argument {
    use super::{CStr, Type, ptr, sys};

    const TENTATIVE: u32 = 1 << (sys::_ZEND_SEND_MODE_SHIFT + 4);

    /// The first row: how many arguments are required, and what is returned.
    pub const fn returns(
        required: usize,
        by_reference: bool,
        tentative: bool,
        ty: Type,
    ) -> sys::zend_internal_arg_info {
        let extra = (by_reference as u32) << sys::_ZEND_SEND_MODE_SHIFT | if tentative { TENTATIVE } else { 0 };
        sys::zend_internal_arg_info {
            name: ptr::without_provenance(required),
            type_: ty.raw(extra),
            default_value: ptr::null(),
        }
    }

    /// A parameter; `default` is PHP source.
    pub const fn parameter(
        name: &'static CStr,
        ty: Type,
        by_reference: bool,
        variadic: bool,
        default: Option<&'static CStr>,
    ) -> sys::zend_internal_arg_info {
        let variadic = if variadic { sys::_ZEND_IS_VARIADIC_BIT } else { 0 };
        let extra = (by_reference as u32) << sys::_ZEND_SEND_MODE_SHIFT | variadic;
        sys::zend_internal_arg_info {
            name: name.as_ptr(),
            type_: ty.raw(extra),
            default_value: match default {
                Some(text) => text.as_ptr(),
                None => ptr::null(),
            },
        }
    }
}

/// Rows of a function table.
pub mod entry {
    use super::{CStr, sys};

    /// What the engine calls.
    pub type Handler = unsafe extern "C" fn(*mut sys::zend_execute_data, *mut sys::zval);

    /// A function or method.
    pub const fn function(
        name: &'static CStr,
        handler: Option<Handler>,
        arguments: *const sys::zend_internal_arg_info,
        count: u32,
        flags: u32,
    ) -> sys::zend_function_entry {
        let mut row = end();
        row.fname = name.as_ptr();
        row.handler = handler;
        row.arg_info = arguments;
        row.num_args = count;
        row.flags = flags;
        row
    }

    /// The end of the table.
    pub const fn end() -> sys::zend_function_entry {
        // SAFETY: a C struct of pointers and numbers; all-zero is the engine's end marker.
        unsafe { std::mem::zeroed() }
    }
}

macro_rules! table {
    ($(#[$doc:meta])* $name:ident, $row:ty) => {
        $(#[$doc])*
        pub struct $name<const N: usize>([$row; N]);

        // SAFETY: never written; its pointers are to other constants.
        unsafe impl<const N: usize> Sync for $name<N> {}

        impl<const N: usize> $name<N> {
            /// A table of these rows.
            pub const fn new(rows: [$row; N]) -> Self {
                Self(rows)
            }

            /// Its first row.
            pub const fn as_ptr(&self) -> *const $row {
                self.0.as_ptr()
            }
        }
    };
}
table!(
    /// The argument table of one function.
    Arguments,
    sys::zend_internal_arg_info
);
table!(
    /// A table of functions or methods.
    Entries,
    sys::zend_function_entry
);

/// Defines `$name`, the C function behind one PHP function: counts arguments and calls the Rust function.
#[macro_export]
macro_rules! php_function {
    ($name:ident, $min:expr, $max:expr, $function:path) => {
        unsafe extern "C" fn $name(
            frame: *mut $crate::zend::sys::zend_execute_data,
            result: *mut $crate::zend::sys::zval,
        ) {
            const BOUNDS: (u32, u32) = ($min, $max);
            let function = $function;
            // SAFETY: the engine calls it with a frame of this very function.
            unsafe { $crate::zend::call::trampoline(frame, result, BOUNDS.0, BOUNDS.1, function) }
        }
    };
}

/// Where the engine's entry of a registered class is kept.
pub struct ClassEntry(AtomicPtr<sys::zend_class_entry>);

impl ClassEntry {
    /// Empty until the class is registered.
    pub const fn new() -> Self {
        Self(AtomicPtr::new(ptr::null_mut()))
    }
}

impl Default for ClassEntry {
    fn default() -> Self {
        Self::new()
    }
}

/// A declared property.
pub struct PropertySpec {
    /// Its name.
    pub name: &'static str,
    /// Its default.
    pub default: Value,
    /// Its modifiers, as reflection numbers them.
    pub flags: u32,
    /// Its type, if it has one.
    pub ty: Option<Type>,
}

/// A class constant.
pub struct ClassConstantSpec {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: Value,
    /// Its modifiers, as reflection numbers them.
    pub flags: u32,
}

/// A global constant.
pub struct ConstantSpec {
    /// Its name.
    pub name: &'static CStr,
    /// Its value.
    pub value: Value,
}

/// Everything a stub says of one class.
pub struct ClassSpec {
    /// Its name.
    pub name: &'static str,
    /// Its parent's name.
    pub parent: Option<&'static str>,
    /// The interfaces that it adds to its parent's.
    pub interfaces: &'static [&'static str],
    /// Of [`class_flags`].
    pub flags: u32,
    /// Its methods, an [`Entries`].
    pub methods: *const sys::zend_function_entry,
    /// Its properties.
    pub properties: &'static [PropertySpec],
    /// Its constants.
    pub constants: &'static [ClassConstantSpec],
    /// Methods and positions of parameters that back traces do not show (from PHP 8.2 on).
    pub sensitive: &'static [(&'static str, u32)],
    /// Other names.
    pub aliases: &'static [&'static str],
    /// Other names that exist only while `swoole.use_shortname` is on.
    pub short_aliases: &'static [&'static str],
    /// `object::install` for its Rust half.
    pub install: Option<unsafe fn(*mut sys::zend_class_entry)>,
    /// The engine's entry, after registration.
    pub entry: ClassEntry,
}

// SAFETY: constant but for `entry`, which is atomic; pointers are to other constants.
unsafe impl Sync for ClassSpec {}

impl ClassSpec {
    /// The engine's class.
    ///
    /// # Panics
    /// Before the class is registered, that is, before module start.
    pub fn entry(&self) -> &'static sys::zend_class_entry {
        // SAFETY: internal classes live as long as the process.
        match unsafe { self.entry.0.load(Ordering::Relaxed).as_ref() } {
            Some(entry) => entry,
            None => panic!("class {} is not registered", self.name),
        }
    }
}

/// The surface of one module.
pub struct Surface {
    /// Classes, parents first.
    pub classes: &'static [&'static ClassSpec],
    /// Functions.
    pub functions: *const sys::zend_function_entry,
    /// Functions that exist only while `swoole.use_shortname` is on.
    pub short_functions: *const sys::zend_function_entry,
    /// Global constants.
    pub constants: &'static [&'static ConstantSpec],
}

/// Registers everything for the module that is being started; `short_names` is the setting `swoole.use_shortname`.
///
/// # Errors
/// Names a parent or interface that this PHP does not have.
pub fn register(surface: &Surface, module_number: i32, short_names: bool) -> Result<(), String> {
    for class in surface.classes {
        register_class(class, short_names)?;
    }
    register_table(surface.functions);
    if short_names {
        register_table(surface.short_functions);
    }
    for constant in surface.constants {
        let name = constant.name;
        let follows_setting = name == c"SWOOLE_USE_SHORTNAME";
        register_constant(name, if follows_setting { Value::Bool(short_names) } else { constant.value }, module_number);
    }
    Ok(())
}

/// Registers a global constant for the module that is being started.
pub fn register_constant(name: &CStr, value: Value, module_number: i32) {
    let mut value = value.zval();
    // SAFETY: module start; the engine copies the name, the value is permanent.
    unsafe { steelwool_register_constant(name.as_ptr(), name.count_bytes(), &mut value, module_number) };
}

/// Registers the functions of a table for the module that is being started.
pub fn register_functions<const N: usize>(table: &Entries<N>) {
    register_table(table.as_ptr());
}

fn register_table(table: *const sys::zend_function_entry) {
    const MODULE_PERSISTENT: c_int = 1;
    // SAFETY: a table with an end marker; module start.
    unsafe { zend_register_functions(ptr::null_mut(), table, ptr::null_mut(), MODULE_PERSISTENT) };
}

fn find(name: &str, of: &str) -> Result<*mut sys::zend_class_entry, String> {
    // SAFETY: module start; reads the class table.
    let found = unsafe { steelwool_find_class(name.as_ptr().cast(), name.len()) };
    if found.is_null() { Err(format!("{of} needs {name}, which this PHP does not have")) } else { Ok(found) }
}

fn register_class(spec: &ClassSpec, short_names: bool) -> Result<(), String> {
    let parent = spec.parent.map_or(Ok(ptr::null_mut()), |parent| find(parent, spec.name))?;
    let interface = spec.flags & class_flags::INTERFACE != 0;
    // SAFETY: module start is single-threaded; names and tables are 'static, `class` is the entry just registered.
    unsafe {
        let name = spec.name;
        let class = steelwool_register_class(name.as_ptr().cast(), name.len(), spec.methods, parent, interface);
        (*class).ce_flags |= spec.flags & !(class_flags::NOT_INSTANTIABLE | class_flags::INTERFACE);
        for interface in spec.interfaces {
            sys::zend_do_implement_interface(class, find(interface, name)?);
        }
        for property in spec.properties {
            let ty = property.ty.unwrap_or(Type::NONE);
            steelwool_declare_property(
                class,
                property.name.as_ptr().cast(),
                property.name.len(),
                &mut property.default.zval(),
                property.flags as c_int,
                property.ty.is_some(),
                ty.class.map_or(ptr::null(), CStr::as_ptr),
                ty.mask,
            );
        }
        for constant in spec.constants {
            steelwool_declare_class_constant(
                class,
                constant.name.as_ptr().cast(),
                constant.name.len(),
                &mut constant.value.zval(),
                constant.flags as c_int,
            );
        }
        for (method, parameter) in spec.sensitive {
            steelwool_sensitive_parameter(class, method.as_ptr().cast(), method.len(), *parameter);
        }
        if spec.flags & class_flags::NOT_INSTANTIABLE != 0 {
            (*class).__bindgen_anon_2.create_object = Some(refuse_to_create);
        }
        if let Some(install) = spec.install {
            install(class);
        }
        let short: &[&str] = if short_names { spec.short_aliases } else { &[] };
        for alias in spec.aliases.iter().chain(short) {
            zend_register_class_alias_ex(alias.as_ptr().cast(), alias.len(), class, true);
        }
        spec.entry.0.store(class, Ordering::Relaxed);
    }
    Ok(())
}

unsafe extern "C" fn refuse_to_create(class: *mut sys::zend_class_entry) -> *mut ZendObject {
    // SAFETY: the engine wants an object back even while an exception is pending; it frees it without using it.
    unsafe {
        let name = (*class).name().unwrap_or_default();
        let text = super::c_string(&format!("The object of {name} can not be created for security reasons"));
        sys::zend_throw_error(ptr::null_mut(), c"%s".as_ptr(), text.as_ptr());
        sys::zend_objects_new(class)
    }
}

/// Whether the engine has a module of this (lower-case) name.
pub fn module_loaded(name: &str) -> bool {
    // SAFETY: module start; reads the registry.
    unsafe { steelwool_module_loaded(name.as_ptr().cast(), name.len()) }
}

/// Adds a module beside the one that PHP is loading; PHP starts it with the others.
pub fn add_module(module: zend_module_entry) {
    // SAFETY: PHP is loading modules, single-threaded; the entry is never freed.
    unsafe { zend_register_internal_module(Box::into_raw(Box::new(module))) };
}
