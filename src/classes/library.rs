//! The classes and functions that are written in PHP (`php-library/`), compiled in and parsed on first use.

use super::surface;
use crate::zend::library::{self, Library};
use crate::zend::{ini, registry};

mod tables {
    #![allow(unreachable_pub, reason = "written by the build")]
    use crate::zend::library::{LibraryClass, Source};

    include!(concat!(env!("OUT_DIR"), "/library.rs"));
}

static LIBRARY: Library = Library { sources: tables::SOURCES, classes: tables::CLASSES, enabled, short_names };

/// Registers the library's functions and makes the engine find its classes; once, at module start.
pub fn register(module_number: i32) {
    if !enabled() {
        return;
    }
    registry::register_functions(&surface::LIBRARY_FUNCTIONS);
    if short_names() {
        registry::register_functions(&surface::LIBRARY_SHORT_FUNCTIONS);
    }
    registry::register_constant(c"SWOOLE_LIBRARY", registry::Value::Bool(true), module_number);
    library::install(&LIBRARY);
}

fn enabled() -> bool {
    ini::boolean(c"swoole.enable_library")
}

fn short_names() -> bool {
    ini::boolean(c"swoole.use_shortname")
}
