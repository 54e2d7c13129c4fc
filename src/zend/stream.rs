//! Descriptors inside PHP's streams and sockets.

use super::sys;
use ext_php_rs::types::{ZendObject, Zval};
use std::os::fd::RawFd;

unsafe extern "C" {
    // shim.c
    fn steelwool_stream_fd(value: *mut sys::zval) -> i32;
    fn steelwool_socket_fd(object: *const ZendObject) -> i32;
}

/// The descriptor of a stream resource, for select and its kin. `None` after PHP's own warning or `TypeError`.
pub fn descriptor(resource: &Zval) -> Option<RawFd> {
    // SAFETY: any value may be asked; the engine keeps the stream.
    let fd = unsafe { steelwool_stream_fd(std::ptr::from_ref(resource).cast_mut()) };
    (fd >= 0).then_some(fd)
}

/// The descriptor of an object of PHP's class `Socket`; `None` when it is of another class.
pub fn socket_descriptor(object: &ZendObject) -> Option<RawFd> {
    // SAFETY: an object's class outlives it; only ext/sockets makes objects of the internal class `Socket`.
    unsafe {
        let class = &*object.ce;
        let internal = class.type_.unsigned_abs() == 1;
        (internal && class.name() == Some("Socket")).then(|| steelwool_socket_fd(object))
    }
}

/// Whether an object's class is, or comes from, the one of this name.
pub fn is_a(object: &ZendObject, name: &str) -> bool {
    let mut class = object.ce;
    // SAFETY: classes are linked to their parents before they have objects.
    while let Some(this) = unsafe { class.as_ref() } {
        if this.name().is_some_and(|its| its.eq_ignore_ascii_case(name)) {
            return true;
        }
        // SAFETY: as above.
        class = unsafe { this.__bindgen_anon_1.parent };
    }
    false
}
