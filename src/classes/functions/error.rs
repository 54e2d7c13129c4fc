//! Error numbers, and the log.

use crate::classes::{constants, errors};
use crate::log;
use crate::zend::call::{Call, Return};
use std::ffi::CStr;

/// `swoole_last_error()`.
pub fn swoole_last_error(call: &mut Call<'_>) -> Return {
    call.return_long(i64::from(errors::last()))
}

/// `swoole_errno()`.
pub fn swoole_errno(call: &mut Call<'_>) -> Return {
    let errno = std::io::Error::last_os_error().raw_os_error().unwrap_or(0);
    call.return_long(i64::from(errno))
}

/// `swoole_clear_error()`.
pub fn swoole_clear_error(_call: &mut Call<'_>) -> Return {
    errors::set_last(0);
    Ok(())
}

/// `swoole_strerror()`.
pub fn swoole_strerror(call: &mut Call<'_>) -> Return {
    let number = i32::try_from(call.long_arg(0)?).unwrap_or(-1);
    let text = match call.optional(1, constants::SWOOLE_STRERROR_SYSTEM, Call::long_arg)? {
        // SAFETY: takes any number and returns a pointer to static text.
        constants::SWOOLE_STRERROR_GAI => unsafe { CStr::from_ptr(libc::gai_strerror(number)) },
        // SAFETY: as above.
        constants::SWOOLE_STRERROR_DNS => unsafe { CStr::from_ptr(libc::hstrerror(number)) },
        _ => return call.return_bytes(errors::text(number).as_bytes()),
    };
    call.return_bytes(text.to_bytes())
}

/// `swoole_error_log()`: writes a line to Swoole's log.
pub fn swoole_error_log(call: &mut Call<'_>) -> Return {
    log::put(call.long_arg(0)? as i32, call.str_arg(1)?.as_bytes());
    Ok(())
}

/// `swoole_error_log_ex()`: the same with an error number, unless that is ignored.
pub fn swoole_error_log_ex(call: &mut Call<'_>) -> Return {
    let (level, number) = (call.long_arg(0)? as i32, call.long_arg(1)? as i32);
    let text = call.str_arg(2)?.as_bytes();
    errors::set_last(number);
    log::error(level, "zif_swoole_error_log_ex()", number, text);
    Ok(())
}

/// `swoole_ignore_error()`: this error is no longer logged.
pub fn swoole_ignore_error(call: &mut Call<'_>) -> Return {
    log::ignore(call.long_arg(0)? as i32);
    Ok(())
}
