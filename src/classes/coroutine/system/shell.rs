//! Shell commands.

use crate::classes::{self, errors};
use crate::coroutine::engine;
use crate::io::shell::Shell;
use crate::log;
use crate::zend;
use crate::zend::array::Array;
use crate::zend::call::{Call, Return};
use std::ffi::CString;

/// What a shell says of a command that cannot be run.
const NOT_RUN: i64 = 127;

/// `exec(string $command, bool $get_error_stream = false): array|false`
pub fn exec(call: &mut Call<'_>) -> Return {
    let command = call.str_arg(0)?.as_bytes();
    // A NUL ends it.
    let command = CString::new(command.split(|byte| *byte == 0).next().unwrap_or_default()).unwrap_or_default();
    let errors = call.optional(1, false, Call::bool_arg)?;
    classes::current_coroutine()?;
    let mut output = Vec::new();
    let (code, signal) = match engine::within(|| Shell::start(&command, errors)) {
        Ok(mut shell) => {
            if engine::wait(shell.collect(&mut output)).is_err() {
                // As in Swoole: no more of its output, and its end is waited for all the same.
                zend::set_errno(libc::ECANCELED);
            }
            match engine::wait(shell.end()) {
                Ok(Ok(exit)) => (exit.code().into(), exit.signal().into()),
                // Cancelled again, or another coroutine has waited for any child and got this one.
                _ => return call.return_bool(false),
            }
        }
        Err(error) if error.raw_os_error() == Some(libc::E2BIG) => (NOT_RUN, 0),
        Err(error) => {
            let errno = error.raw_os_error().unwrap_or(libc::EIO);
            let text = format!("Unable to execute '{}'", command.to_string_lossy());
            log::system_warning("System::exec()", &text, errno);
            errors::set_last(errno);
            zend::set_errno(errno);
            return call.return_bool(false);
        }
    };
    let mut result = Array::new();
    result.set_long("code", code);
    result.set_long("signal", signal);
    result.set("output", zend::string(&output));
    call.return_value(result.into())
}
