//! What PHP code may pass for a descriptor: its number, a stream, a `Socket`, or an object of Swoole's that has one.

use super::errors;
use crate::zend::stream;
use ext_php_rs::types::{ZendObject, Zval};
use std::os::fd::RawFd;

/// Swoole's classes whose objects have a descriptor, and the property that holds it.
const CLASSES: [(&str, &str); 3] =
    [("Swoole\\Coroutine\\Socket", "fd"), ("Swoole\\Client", "sock"), ("Swoole\\Process", "pipe")];

/// The descriptor that `value` stands for. `None` when there is none, mostly after a warning.
pub(crate) fn of(value: &Zval) -> Option<RawFd> {
    if value.is_resource() {
        let found = stream::descriptor(value);
        if found.is_none() {
            errors::warn("fd argument must be either valid PHP stream or valid PHP socket resource");
        }
        return found;
    }
    if let Some(number) = value.long() {
        let fd = number as RawFd;
        if fd < 0 {
            errors::warn(&format!("invalid file descriptor#{fd} passed"));
            return None;
        }
        return Some(fd);
    }
    match value.object() {
        Some(object) => of_object(object),
        None => {
            errors::warn("invalid file descriptor passed");
            None
        }
    }
}

fn of_object(object: &ZendObject) -> Option<RawFd> {
    let fd = match stream::socket_descriptor(object) {
        Some(fd) => {
            if fd < 0 {
                errors::warn("contains a closed socket");
            }
            fd
        }
        None => {
            let (_, property) = CLASSES.into_iter().find(|(class, _)| stream::is_a(object, class))?;
            object.get_property::<&Zval>(property).ok()?.long()? as RawFd
        }
    };
    (fd >= 0).then_some(fd)
}

/// Makes reads and writes of `fd` return instead of waiting. A failure is logged, no more, as in Swoole.
pub(crate) fn set_nonblocking(fd: RawFd) {
    const ORIGIN: &str = "network::_fcntl_set_option()";
    let failed = |what: &str| {
        let errno = std::io::Error::last_os_error().raw_os_error().unwrap_or(0);
        crate::log::system_warning(ORIGIN, &format!("fcntl({fd}, {what}) failed"), errno);
    };
    // SAFETY: any number may be asked; a flag of the file is read.
    let flags = unsafe { libc::fcntl(fd, libc::F_GETFL) };
    if flags < 0 {
        failed("GETFL");
    }
    if flags >= 0 && flags & libc::O_NONBLOCK != 0 {
        return;
    }
    // SAFETY: as above; a flag of the file is set.
    if unsafe { libc::fcntl(fd, libc::F_SETFL, flags.max(0) | libc::O_NONBLOCK) } < 0 {
        failed("SETFL, opts");
    }
}
