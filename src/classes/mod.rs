//! The PHP surface: one file per class, folders are namespaces.
//!
//! `php-stubs/` declares every class and function; the build writes the tables in [`surface`] from it, in which a method
//! `Swoole\A\B::someMethod` is the Rust function `classes::a::b::some_method`. Only here do errors become `false` and an
//! `errCode`, or an exception.

pub mod r#async;
pub mod atomic;
pub mod client;
pub mod connection;
pub mod coroutine;
pub(crate) mod descriptor;
pub(crate) mod errors;
pub mod event;
pub mod exit_exception;
#[allow(dead_code, reason = "its users land next")]
pub(crate) mod framing;
pub mod functions;
pub mod http;
pub mod library;
pub mod lock;
pub mod name_resolver;
pub mod process;
pub(crate) mod proxy;
pub mod redis;
pub mod runtime;
pub mod server;
pub mod settings;
mod socket_constants;
pub mod table;
pub mod timer;
pub mod tls_settings;
pub mod websocket;

use crate::coroutine::engine;
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::{self, object, registry, throw};
use ext_php_rs::types::{ZendHashTable, Zval};
use std::ffi::CStr;

mod surface {
    #![allow(unreachable_pub, unused_imports, reason = "written by the build, whatever the stubs declare")]
    use crate::zend::object;
    use crate::zend::registry::{
        Arguments, ClassConstantSpec, ClassEntry, ClassSpec, ConstantSpec, Entries, PropertySpec, Type, Value,
        argument, class_flags, entry,
    };
    use crate::{library_function, php_function};

    include!(concat!(env!("OUT_DIR"), "/surface.rs"));
}

pub use surface::{ce, constants, slots};

/// The version of Swoole whose API this is.
pub const API_VERSION: &CStr = c"6.2.2";

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
    registry::register(&surface, module_number, short_names)?;
    if !crate::zend::module::loaded(c"sockets") {
        socket_constants::register(module_number);
    }
    Ok(())
}

/// Throws the `Swoole\Error` of something that is declared and comes with a later release.
pub(crate) fn not_in_this_release(what: &str) -> Return {
    throw(ce::swoole_error(), &format!("{what} is not in this release"), 0)
}

/// Throws what a second call of a constructor deserves.
pub(crate) fn constructed_twice(call: &mut Call<'_>) -> Return {
    let class = call.this().get_class_name().unwrap_or_default();
    throw(crate::zend::standard_error(), &format!("Constructor of {class} can only be called once"), 0)
}

/// Warns about options that Swoole has and this release has not, when they are switched on.
pub(crate) fn warn_of_later(given: &ZendHashTable, names: &[&str]) {
    for name in names {
        if given.get(*name).is_some_and(Zval::coerce_to_bool) {
            crate::zend::warning(&format!("{name} is not in this release"));
        }
    }
}

/// The running coroutine.
///
/// # Errors
/// Throws `Swoole\Error` outside of coroutines.
pub(crate) fn current_coroutine() -> Result<&'static engine::Record, Thrown> {
    match engine::scheduler().current() {
        Some(coroutine) => Ok(coroutine),
        None => {
            throw(ce::swoole_error(), "API must be called in the coroutine", i64::from(errors::CO_OUT_OF_COROUTINE))
        }
    }
}

/// Where `exit()` throws: in coroutines, and in all processes of a server that runs.
fn exit_flags() -> i64 {
    let in_coroutine = if engine::current_id().is_some() { EXIT_IN_COROUTINE } else { 0 };
    in_coroutine | if server::runs_here() { EXIT_IN_SERVER } else { 0 }
}

/// `exit()` where it throws: `Swoole\ExitException` with this status.
fn throw_exit(status: &Zval) {
    let text = match status.zend_str() {
        Some(text) if zend::version::EXIT_HAS_MESSAGE => String::from_utf8_lossy(text.as_bytes()).into_owned(),
        _ => "swoole exit".to_owned(),
    };
    let _ = throw::<()>(ce::swoole_exit_exception(), &text, 0);
    if let Some(exception) = crate::zend::pending_exception() {
        object::set_slot(exception, slots::swoole_exit_exception::FLAGS, exit_flags());
        object::set_slot(exception, slots::swoole_exit_exception::STATUS, status.shallow_clone());
    }
}

/// `SWOOLE_EXIT_IN_COROUTINE`.
const EXIT_IN_COROUTINE: i64 = 2;

/// `SWOOLE_EXIT_IN_SERVER`.
const EXIT_IN_SERVER: i64 = 4;

/// Puts Swoole's meaning of `exit` in place; once, at module start.
pub fn hook_exit() {
    crate::zend::exit::install(|| exit_flags() != 0, throw_exit);
}

/// Ties the runtime hooks to the coroutines and to our errors; once, at module start.
pub fn install_hooks() {
    crate::hooks::install(crate::hooks::Upcalls {
        bound: runtime::throw_bound,
        in_use: runtime::throw_in_use,
        last_error: errors::set_last,
    });
    crate::coroutine::engine::on_uncaught(runtime::where_bound);
}

/// Forgets what belongs to a request.
pub fn request_shutdown() {
    client::request_shutdown();
    server::request_shutdown();
    coroutine::request_shutdown();
    event::request_shutdown();
    name_resolver::request_shutdown();
    functions::request_shutdown();
}
