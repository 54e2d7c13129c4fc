//! What `Swoole\Process` says and does to the operating system.

use super::{may_fork, this};
use crate::classes::{descriptor, errors};
use crate::coroutine::engine::scheduler;
use crate::io::{children, process};
use crate::log;
use crate::zend;
use crate::zend::array::{self, Array};
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::callable::Callable;
use crate::zend::text::Text;
use ext_php_rs::types::Zval;
use std::ffi::CString;
use std::io;
use std::time::Duration;

/// How a child ended, as PHP gets it.
pub(crate) fn exit_array(exit: process::Exit) -> Zval {
    let mut array = Array::new();
    array.set_long("pid", i64::from(exit.pid));
    array.set_long("code", i64::from(exit.code()));
    array.set_long("signal", i64::from(exit.signal()));
    array.into()
}

/// `wait(bool $blocking = true): array|false`
pub fn wait(call: &mut Call<'_>) -> Return {
    let block = call.optional(0, true, Call::bool_arg)?;
    match children::any(block) {
        Ok(Some(exit)) => call.return_value(exit_array(exit)),
        Ok(None) => call.return_bool(false),
        Err(error) => {
            zend::set_errno(error.raw_os_error().unwrap_or(0));
            call.return_bool(false)
        }
    }
}

/// `kill(int $pid, int $signal_no = SIGTERM): bool`
pub fn kill(call: &mut Call<'_>) -> Return {
    let pid = call.long_arg(0)? as i32;
    let signal = call.optional(1, i64::from(libc::SIGTERM), Call::long_arg)? as i32;
    let Err(error) = process::kill(pid, signal) else { return call.return_bool(true) };
    if signal == 0 && error.raw_os_error() == Some(libc::ESRCH) {
        zend::set_errno(libc::ESRCH);
    } else {
        errors::warn_of_system(&format!("kill({pid}, {signal}) failed"), &error);
    }
    call.return_bool(false)
}

/// `alarm(int $usec, int $type = ITIMER_REAL): bool`
pub fn alarm(call: &mut Call<'_>) -> Return {
    let interval = Duration::from_micros(u64::try_from(call.long_arg(0)?).unwrap_or(0));
    let clock = call.optional(1, 0, Call::long_arg)?;
    if scheduler().alarms() > 0 {
        errors::warn("cannot use both 'timer' and 'alarm' at the same time");
        return call.return_bool(false);
    }
    if let Err(error) = process::alarm(clock as i32, interval) {
        errors::warn_of_system("setitimer() failed", &error);
        return call.return_bool(false);
    }
    call.return_bool(true)
}

/// `daemon(bool $nochdir = true, bool $noclose = true, array $pipes = []): bool`
pub fn daemon(call: &mut Call<'_>) -> Return {
    let keep_folder = call.optional(0, true, Call::bool_arg)?;
    let keep_output = call.optional(1, true, Call::bool_arg)?;
    if call.given(2) {
        let mut target = 0;
        array::try_each(call.array_arg(2)?, |_, value| {
            if target <= 2
                && !value.is_null()
                && let Some(source) = descriptor::of(value)
                && let Err(error) = process::redirect(source, target)
            {
                let what = format!("dup2({source}, {target}) failed");
                log::system_warning("zim_swoole_process_daemon()", &what, error.raw_os_error().unwrap_or(0));
            }
            target += 1;
            Ok::<(), Thrown>(())
        })?;
    }
    may_fork()?;
    let gone = process::daemon(keep_folder, keep_output).is_ok();
    if gone {
        super::forked();
    }
    call.return_bool(gone)
}

/// `setAffinity(array $cpu_settings): bool`
pub fn set_affinity(call: &mut Call<'_>) -> Return {
    let wanted = call.array_arg(0)?;
    let online = process::processors();
    if wanted.is_empty() {
        return call.return_bool(false);
    }
    if wanted.len() > online {
        errors::warn("More than the number of CPU");
        return call.return_bool(false);
    }
    let mut processors = Vec::new();
    let valid = array::try_each(wanted, |_, value| {
        let number = value.coerce_to_long().unwrap_or(0);
        if number >= online as i64 {
            errors::warn(&format!("invalid cpu id [{number}]"));
            return Err(());
        }
        processors.extend(usize::try_from(number));
        Ok(())
    });
    if valid.is_err() {
        return call.return_bool(false);
    }
    if let Err(error) = process::set_affinity(&processors) {
        errors::warn_of_system("sched_setaffinity() failed", &error);
        return call.return_bool(false);
    }
    call.return_bool(true)
}

/// `getAffinity(): array`
pub fn get_affinity(call: &mut Call<'_>) -> Return {
    match process::affinity() {
        Ok(processors) => {
            let mut list = Array::new();
            for processor in processors {
                list.push(zend::long(processor as i64));
            }
            call.return_value(list.into())
        }
        Err(error) => {
            errors::warn_of_system("sched_getaffinity() failed", &error);
            call.return_bool(false)
        }
    }
}

/// Whose priority is meant: argument `index`, or this object's process. `None` with a warning when nobody is named.
fn who(call: &Call<'_>, which: i64, index: usize) -> Result<Option<u32>, Thrown> {
    if call.given(index) {
        return Ok(Some(call.long_arg(index)? as u32));
    }
    if which == i64::from(libc::PRIO_PROCESS) {
        return Ok(Some(this(call)?.pid.get() as u32));
    }
    errors::warn("$who parameter must not be null");
    errors::set_last(errors::INVALID_PARAMS);
    Ok(None)
}

fn no_priority(call: &mut Call<'_>, error: &io::Error) -> Return {
    errors::set_last(error.raw_os_error().unwrap_or(0));
    call.return_bool(false)
}

/// `setPriority(int $which, int $priority, ?int $who = null): bool`
pub fn set_priority(call: &mut Call<'_>) -> Return {
    let which = call.long_arg(0)?;
    let priority = call.long_arg(1)?;
    let Some(who) = who(call, which, 2)? else { return call.return_bool(false) };
    match process::set_priority(which as i32, who, priority as i32) {
        Ok(()) => call.return_bool(true),
        Err(error) => no_priority(call, &error),
    }
}

/// `getPriority(int $which, ?int $who = null): int|false`
pub fn get_priority(call: &mut Call<'_>) -> Return {
    let which = call.long_arg(0)?;
    let Some(who) = who(call, which, 1)? else { return call.return_bool(false) };
    match process::priority(which as i32, who) {
        Ok(priority) => call.return_long(i64::from(priority)),
        Err(error) => no_priority(call, &error),
    }
}

/// `exec(string $exec_file, array $args): bool`
pub fn exec(call: &mut Call<'_>) -> Return {
    let file = call.str_arg(0)?.as_bytes();
    let given = call.array_arg(1)?;
    if file.is_empty() {
        errors::warn("exec file name is empty");
        return call.return_bool(false);
    }
    let path = c_string(file);
    let mut arguments = vec![path.clone()];
    array::try_each(given, |_, value| {
        arguments.push(c_string(Text::of(value)?.as_bytes()));
        Ok::<(), Thrown>(())
    })?;
    let error = process::exec(&path, &arguments);
    errors::warn_of_system(&format!("execv({}) failed", path.to_string_lossy()), &error);
    call.return_bool(false)
}

/// A NUL ends an argument, as it does for the program that gets it.
fn c_string(bytes: &[u8]) -> CString {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    CString::new(&bytes[..end]).unwrap_or_default()
}

/// `name(string $process_name): bool`
pub fn name(call: &mut Call<'_>) -> Return {
    let Some(set) = Callable::new(&zend::string(b"cli_set_process_title")) else {
        errors::warn("swoole_set_process_name only support in CLI mode");
        return call.return_bool(false);
    };
    let done = set.call(call.rest(0))?;
    call.return_value(done)
}
