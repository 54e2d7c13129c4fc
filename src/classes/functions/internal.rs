//! What the engine holds, and functions for Swoole's own tests.

use crate::classes::{ce, constants, not_in_this_release};
use crate::zend::array::Array;
use crate::zend::call::{Call, Return};
use crate::zend::callable::Callable;
use crate::zend::{self, ini, objects};
use std::cell::Cell;

/// `swoole_get_objects()`
pub fn swoole_get_objects(call: &mut Call<'_>) -> Return {
    let all = objects::all();
    if all.is_empty() {
        return call.return_bool(false);
    }
    let mut list = Array::new();
    for object in all {
        list.push(object);
    }
    call.return_value(list.into())
}

/// `swoole_get_object_by_handle()`
pub fn swoole_get_object_by_handle(call: &mut Call<'_>) -> Return {
    match objects::by_handle(call.long_arg(0)?) {
        Some(object) => call.return_value(object),
        None => call.return_bool(false),
    }
}

/// `swoole_get_vm_status()`
pub fn swoole_get_vm_status(call: &mut Call<'_>) -> Return {
    let mut status = Array::new();
    status.set_long("object_num", objects::all().len() as i64);
    status.set_long("resource_num", objects::resources() as i64);
    call.return_value(status.into())
}

thread_local! {
    /// Whether the shutdown functions of the user have begun.
    static SHUTTING_DOWN: Cell<bool> = const { Cell::new(false) };
}

/// Forgets what belongs to a request.
pub(crate) fn request_shutdown() {
    SHUTTING_DOWN.set(false);
}

/// `swoole_internal_call_user_shutdown_begin()`
pub fn swoole_internal_call_user_shutdown_begin(call: &mut Call<'_>) -> Return {
    if SHUTTING_DOWN.replace(true) {
        zend::warning("can not call this function in user level");
        return call.return_bool(false);
    }
    call.return_bool(true)
}

/// `swoole_implicit_fn()`
pub fn swoole_implicit_fn(call: &mut Call<'_>) -> Return {
    let name = String::from_utf8_lossy(call.str_arg(0)?.as_bytes()).into_owned();
    let argument = call.value(1);
    match &*name.to_ascii_lowercase() {
        "fatal_error" => {
            let _ = zend::throw::<()>(ce::swoole_error(), "test", constants::SWOOLE_ERROR_FOR_TEST);
            zend::report_exception(zend::sys::E_ERROR);
            zend::end_request(255);
            Err(zend::call::Thrown)
        }
        "bailout" => {
            zend::end_request(argument.map_or(95, zend::to_long) as i32);
            Err(zend::call::Thrown)
        }
        "abort" => std::process::abort(),
        "refcount" => call.return_long(argument.map_or(0, zend::reference_count)),
        "func_handler" => {
            // Swoole prints an address of its own code.
            if argument.and_then(Callable::new).is_none() { call.return_bool(false) } else { Ok(()) }
        }
        _ => {
            zend::throw(ce::swoole_exception(), &format!("unknown fn '{name}'"), constants::SWOOLE_ERROR_INVALID_PARAMS)
        }
    }
}

/// `swoole_tracer_leak_detect()`
pub fn swoole_tracer_leak_detect(_call: &mut Call<'_>) -> Return {
    if ini::boolean(c"swoole.leak_detection") {
        return not_in_this_release("swoole_tracer_leak_detect() with swoole.leak_detection");
    }
    Ok(())
}

/// `swoole_tracer_prof_begin()`
pub fn swoole_tracer_prof_begin(call: &mut Call<'_>) -> Return {
    if ini::boolean(c"swoole.profile") {
        return not_in_this_release("swoole_tracer_prof_begin() with swoole.profile");
    }
    call.return_bool(false)
}

/// `swoole_tracer_prof_end()`: nothing was begun.
pub fn swoole_tracer_prof_end(call: &mut Call<'_>) -> Return {
    call.return_bool(false)
}
