//! The engine's autoloading, with a place for us in between.

use super::sys;
use ext_php_rs::types::ZendStr;
use std::sync::OnceLock;

/// A class the engine knows, or none.
#[derive(Clone, Copy)]
pub struct Class(*mut sys::zend_class_entry);

impl Class {
    /// No class.
    pub const NONE: Self = Self(std::ptr::null_mut());

    /// Whether it is one.
    pub fn is_some(self) -> bool {
        !self.0.is_null()
    }
}

type Autoload = unsafe extern "C" fn(*mut ZendStr, *mut ZendStr) -> *mut sys::zend_class_entry;

struct Hook {
    load: fn(&[u8], ClassLoader<'_>) -> Class,
    original: Autoload,
}

static HOOK: OnceLock<Hook> = OnceLock::new();

/// Classes that the extension brings along, see [`provide`].
static PROVIDER: OnceLock<fn(&[u8]) -> Class> = OnceLock::new();

/// From now on `class` is asked first, with the lower-case name of a class that the engine does not know. Only the first call counts.
pub fn provide(class: fn(&[u8]) -> Class) {
    let _ = PROVIDER.set(class);
}

/// One class that the engine wants loaded.
pub struct ClassLoader<'a> {
    name: &'a mut ZendStr,
    lower_name: &'a mut ZendStr,
    original: Autoload,
}

impl ClassLoader<'_> {
    /// Runs PHP's autoloaders.
    pub fn load(self) -> Class {
        // SAFETY: the engine's own function with its own arguments.
        Class(unsafe { (self.original)(self.name, self.lower_name) })
    }

    /// Lets other coroutines ask for the same class meanwhile; the engine would tell them that it does not exist.
    pub fn allow_others(&self) {
        // SAFETY: the engine's own list, which holds the name and tolerates its absence later.
        unsafe {
            sys::zend_hash_del((*super::globals()).in_autoload, std::ptr::from_ref(&*self.lower_name).cast_mut());
        }
    }
}

/// From now on the engine asks `load` for classes it does not know. Only the first call counts.
pub fn install(load: fn(&[u8], ClassLoader<'_>) -> Class) {
    // SAFETY: module start; the variable is the engine's own extension point.
    unsafe {
        if let Some(original) = sys::zend_autoload
            && HOOK.set(Hook { load, original }).is_ok()
        {
            sys::zend_autoload = Some(autoload);
        }
    }
}

/// Whether no class of this lower-case name is loaded.
pub fn unknown(lower_name: &[u8]) -> bool {
    !find(lower_name).is_some()
}

/// A class that is loaded, by its lower-case name.
pub fn find(lower_name: &[u8]) -> Class {
    // SAFETY: looks a name up in the engine's table.
    Class(unsafe { super::registry::steelwool_find_class(lower_name.as_ptr().cast(), lower_name.len()) })
}

/// The class of this name, loaded if need be.
pub fn load(name: &str) -> Option<&'static sys::zend_class_entry> {
    let mut name = ZendStr::new(name, false);
    // SAFETY: the engine only reads the name; classes live as long as the request.
    unsafe { sys::zend_lookup_class_ex(&mut *name, std::ptr::null_mut(), 0).as_ref() }
}

unsafe extern "C" fn autoload(name: *mut ZendStr, lower_name: *mut ZendStr) -> *mut sys::zend_class_entry {
    let Some(hook) = HOOK.get() else { return std::ptr::null_mut() };
    // SAFETY: the engine's strings live for the call; the lower-case name is copied before anything runs.
    unsafe {
        if let Some(provide) = PROVIDER.get() {
            let class = provide((*lower_name).as_bytes());
            if class.is_some() {
                return class.0;
            }
        }
        let copy = (*lower_name).as_bytes().to_vec();
        let loader = ClassLoader { name: &mut *name, lower_name: &mut *lower_name, original: hook.original };
        (hook.load)(&copy, loader).0
    }
}
