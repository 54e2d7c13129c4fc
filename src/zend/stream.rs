//! Descriptors inside PHP's streams and sockets.

use super::sys;
use ext_php_rs::types::{ZendObject, Zval};
use std::ffi::c_void;
use std::os::fd::RawFd;

unsafe extern "C" {
    // shim.c
    fn steelwool_stream_fd(value: *mut sys::zval) -> i32;
    fn steelwool_stream_socket(value: *mut sys::zval) -> i32;
    fn steelwool_socket_fd(object: *const ZendObject) -> i32;
    fn steelwool_new_socket(result: *mut sys::zval, class: *mut sys::zend_class_entry, fd: i32, import: Import)
    -> bool;
    fn steelwool_register_async_file();
    fn steelwool_tell_transports();
}

/// Files that are opened as `async.file://` tell when that begins, and which descriptor it made.
#[derive(Clone, Copy)]
pub struct AsyncFiles {
    /// The running coroutine begins to open one.
    pub opens: fn(),
    /// It is open, with this descriptor; -1 if that failed.
    pub opened: fn(RawFd),
}

static ASYNC_FILES: std::sync::OnceLock<AsyncFiles> = std::sync::OnceLock::new();

/// Makes the scheme `async.file://`; once, at module start.
pub fn register_async_files(calls: AsyncFiles) {
    if ASYNC_FILES.set(calls).is_ok() {
        // SAFETY: module start, where stream wrappers may be registered.
        unsafe { steelwool_register_async_file() };
    }
}

/// Called by shim.c.
#[unsafe(no_mangle)]
extern "C" fn steelwool_file_opens() {
    if let Some(calls) = ASYNC_FILES.get() {
        (calls.opens)();
    }
}

/// Called by shim.c.
#[unsafe(no_mangle)]
extern "C" fn steelwool_file_opened(fd: i32) {
    if let Some(calls) = ASYNC_FILES.get() {
        (calls.opened)(fd);
    }
}

/// Streams over TCP, by the transport that was asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Transport {
    /// `tcp://`, also as a part of other protocols.
    Tcp,
    /// `ssl://`, which is also what `https://` and `ftps://` use.
    Ssl,
    /// `tls://`.
    Tls,
}

static TRANSPORT_USED: std::sync::OnceLock<fn(Transport)> = std::sync::OnceLock::new();

/// Has `used` told, from now on, that the running coroutine makes a stream; what it makes it with connects or listens next.
pub fn tell_transports(used: fn(Transport)) {
    if TRANSPORT_USED.set(used).is_ok() {
        // SAFETY: on the PHP thread, between calls of transports; they are put in the same places as before.
        unsafe { steelwool_tell_transports() };
    }
}

/// Called by shim.c, with an index into its list.
#[unsafe(no_mangle)]
extern "C" fn steelwool_transport_used(which: usize) {
    if let Some(used) = TRANSPORT_USED.get() {
        used([Transport::Tcp, Transport::Ssl, Transport::Tls][which.min(2)]);
    }
}

/// ext/sockets' `socket_import_file_descriptor`.
type Import = unsafe extern "C" fn(i32, *mut c_void) -> bool;

/// An object of PHP's class `Socket` with a descriptor of its own for the same socket as `fd`.
///
/// # Errors
/// Says why there is none: ext/sockets is not loaded, or the system refused.
pub fn new_socket(fd: RawFd) -> Result<Zval, String> {
    // SAFETY: looks names up. ext/sockets exports both, of these types; it stays loaded.
    let (class, import) = unsafe {
        let class = libc::dlsym(libc::RTLD_DEFAULT, c"socket_ce".as_ptr()).cast::<*mut sys::zend_class_entry>();
        (class, libc::dlsym(libc::RTLD_DEFAULT, c"socket_import_file_descriptor".as_ptr()))
    };
    if class.is_null() || import.is_null() {
        return Err("the extension sockets is not loaded".to_owned());
    }
    // SAFETY: any number may be asked; the copy is closed below, or by the object.
    let copy = unsafe { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 0) };
    if copy < 0 {
        return Err(format!("unable to copy the descriptor: {}", std::io::Error::last_os_error()));
    }
    let mut value = Zval::new();
    // SAFETY: the class is linked when its extension has started; the shim makes an object of it.
    let made = unsafe {
        let import = std::mem::transmute::<*mut c_void, Import>(import);
        !(*class).is_null() && steelwool_new_socket(&mut value, *class, copy, import)
    };
    if made {
        return Ok(value);
    }
    let reason = std::io::Error::last_os_error();
    if value.object().is_none_or(|object| socket_descriptor(object) != Some(copy)) {
        // SAFETY: the object has not taken it.
        unsafe { libc::close(copy) };
    }
    Err(format!("unable to make a Socket: {reason}"))
}

/// The descriptor of a stream resource, for select and its kin. `None` after PHP's own warning or `TypeError`.
pub fn descriptor(resource: &Zval) -> Option<RawFd> {
    // SAFETY: any value may be asked; the engine keeps the stream.
    let fd = unsafe { steelwool_stream_fd(std::ptr::from_ref(resource).cast_mut()) };
    (fd >= 0).then_some(fd)
}

/// The descriptor of a stream resource that is a socket. `None` after PHP's own warning or `TypeError`.
pub fn socket(resource: &Zval) -> Option<RawFd> {
    // SAFETY: as above.
    let fd = unsafe { steelwool_stream_socket(std::ptr::from_ref(resource).cast_mut()) };
    (fd >= 0).then_some(fd)
}

/// The descriptor of an object of PHP's class `Socket`; `None` when it is of another class.
pub fn socket_descriptor(object: &ZendObject) -> Option<RawFd> {
    // SAFETY: an object's class outlives it; only ext/sockets makes objects of the internal class `Socket`.
    unsafe {
        let class = &*object.ce;
        let internal = class.type_ == 1;
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
