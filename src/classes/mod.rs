//! The PHP surface: one file per class, folders are namespaces.
//!
//! `php-stubs/` declares every class and function; the build writes the tables in [`surface`] from it, in which a method
//! `Swoole\A\B::someMethod` is the Rust function `classes::a::b::some_method`. Only here do errors become `false` and an
//! `errCode`, or an exception.

pub mod coroutine;
pub mod exit_exception;
pub mod functions;

use crate::zend::call::Return;
use crate::zend::{registry, throw};

mod surface {
    #![allow(unreachable_pub, unused_imports, reason = "written by the build, whatever the stubs declare")]
    use crate::php_function;
    use crate::zend::object;
    use crate::zend::registry::{
        Arguments, ClassConstantSpec, ClassEntry, ClassSpec, ConstantSpec, Entries, PropertySpec, Type, Value,
        argument, class_flags, entry,
    };

    include!(concat!(env!("OUT_DIR"), "/surface.rs"));
}

pub use surface::{ce, slots};

/// Registers everything the stubs declare; called once, at module start.
///
/// # Errors
/// Names what the running PHP lacks.
pub fn register(module_number: i32, short_names: bool) -> Result<(), String> {
    let surface = registry::Surface {
        classes: surface::CLASSES,
        functions: surface::FUNCTIONS.as_ptr(),
        short_functions: surface::SHORT_FUNCTIONS.as_ptr(),
        constants: surface::CONSTANTS,
    };
    registry::register(&surface, module_number, short_names)
}

/// Throws the `Swoole\Error` of something that is declared and comes with a later release.
pub(crate) fn not_in_this_release(what: &str) -> Return {
    throw(ce::swoole_error(), &format!("{what} is not in this release"), 0)
}
