//! When objects are patched: the first time that hooks come into force, and again when more have been loaded since.

use super::caller::Kind;
use super::{ext_curl, ext_sockets, ext_streams, flags, gate, got, table, transport};
use crate::coroutine::engine::Php;
use crate::coroutine::scheduler::Machine;
use crate::zend;
use std::cell::Cell;
use std::ffi::{c_char, c_int, c_void};

thread_local! {
    static DONE: Cell<Option<(u64, got::Report)>> = const { Cell::new(None) };
}

/// Patches all objects that are loaded and have not been patched.
pub(super) fn patch() {
    let loads = got::loads();
    let before = DONE.get();
    if before.is_some_and(|(seen, _)| seen == loads) {
        return;
    }
    let own = patch as *const () as usize;
    let wanted = |object: &got::Object<'_>| {
        let name = object.name();
        // Opcache's calls are made under locks of its own.
        let left_out = got::belongs_to_libc(name) || name.starts_with(b"opcache.") || object.holds(own);
        (!left_out).then(|| Kind::of(object))
    };
    // SAFETY: the replacements have the signatures of the functions of their names, pass on whatever they do not handle, and
    // stay loaded: PHP unloads extensions at its very end, and this library is marked to stay.
    let report = unsafe { got::patch(wanted, table::replacement) };
    DONE.set(Some((loads, report)));
    if before.is_none() {
        stay_loaded();
        gate::watch_forks();
        ext_curl::install();
        ext_sockets::install();
        ext_streams::install();
        transport::install();
        if report.slots == 0 {
            zend::warning("runtime hooks need a PHP that is linked dynamically: blocking functions will block");
        }
    }
}

/// What is loaded while hooks are in force is patched at once: `dl()`, and plugins of libraries.
pub(super) unsafe extern "C" fn dlopen(name: *const c_char, mode: c_int) -> *mut c_void {
    // SAFETY: the caller's arguments as they are.
    let library = unsafe { libc::dlopen(name, mode) };
    if !library.is_null() && flags::in_force() != 0 && Php::on_thread() && !gate::is_forked() {
        patch();
    }
    library
}

/// Marks this library as one that is never unmapped: PHP unloads extensions, while slots elsewhere hold our functions.
fn stay_loaded() {
    // SAFETY: asks which object an address of ours belongs to, and loads nothing new.
    unsafe {
        let mut info: libc::Dl_info = std::mem::zeroed();
        if libc::dladdr(patch as *const () as *const _, &mut info) != 0 && !info.dli_fname.is_null() {
            libc::dlopen(info.dli_fname, libc::RTLD_NOW | libc::RTLD_NOLOAD | libc::RTLD_NODELETE);
        }
    }
}

/// One line for phpinfo.
pub fn state() -> String {
    match DONE.get() {
        None => "ready, nothing patched yet".to_owned(),
        Some((_, report)) => {
            format!("{} calls in {} objects, {} of them PHP's own", report.slots, report.objects, report.in_program)
        }
    }
}
