//! Waiting for child processes and signals.

use crate::classes::coroutine::timeout;
use crate::classes::process::signal::{self, NoChild, NoSignal};
use crate::classes::{current_coroutine, errors, process};
use crate::io::process::Exit;
use crate::zend;
use crate::zend::array;
use crate::zend::call::{Call, Return};
use std::convert::Infallible;

fn ended(call: &mut Call<'_>, ended: Result<Exit, NoChild>) -> Return {
    let number = match ended {
        Ok(exit) => return call.return_value(process::exit_array(exit)),
        Err(NoChild::System(error)) => {
            zend::set_errno(error.raw_os_error().unwrap_or(0));
            return call.return_bool(false);
        }
        Err(NoChild::TimedOut) => libc::ETIMEDOUT,
        Err(NoChild::Canceled) => errors::CO_CANCELED,
    };
    errors::set_last(number);
    zend::set_errno(number);
    call.return_bool(false)
}

/// `wait(float $timeout = -1): array|false`
pub fn wait(call: &mut Call<'_>) -> Return {
    let limit = timeout(call.optional(0, -1.0, Call::double_arg)?);
    current_coroutine()?;
    let exit = signal::wait_any(limit);
    ended(call, exit)
}

/// `waitPid(int $pid, float $timeout = -1): array|false`
pub fn wait_pid(call: &mut Call<'_>) -> Return {
    let pid = call.long_arg(0)? as i32;
    let limit = timeout(call.optional(1, -1.0, Call::double_arg)?);
    current_coroutine()?;
    let exit = signal::wait_one(pid, limit);
    ended(call, exit)
}

/// `waitSignal(array|int $signals, float $timeout = -1): int|false`
pub fn wait_signal(call: &mut Call<'_>) -> Return {
    let mut signals = Vec::new();
    if let Some(given) = call.value(0) {
        match given.array() {
            Some(list) => {
                let Ok(()) = array::try_each(list, |_, number| {
                    signals.push(zend::to_long(number) as i32);
                    Ok::<(), Infallible>(())
                });
            }
            None => signals.push(zend::to_long(given) as i32),
        }
    }
    let limit = timeout(call.optional(1, -1.0, Call::double_arg)?);
    current_coroutine()?;
    let number = match signal::wait_signal(signals, limit) {
        Ok(number) => return call.return_long(i64::from(number)),
        Err(NoSignal::Busy) => {
            errors::warn("Unable to wait signal, async signal listener has been registered");
            return refused(call);
        }
        Err(NoSignal::Invalid) => {
            errors::warn("Invalid signal in the given list");
            return refused(call);
        }
        Err(NoSignal::TimedOut) => errors::CO_TIMEDOUT,
        Err(NoSignal::Canceled) => errors::CO_CANCELED,
    };
    errors::set_last(number);
    zend::set_errno(number);
    call.return_bool(false)
}

/// What a warning said is the error number, too.
fn refused(call: &mut Call<'_>) -> Return {
    zend::set_errno(errors::last());
    call.return_bool(false)
}
