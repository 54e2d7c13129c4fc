//! What one coroutine does to another, and to itself: `cancel()`, `join()`, time limits, time slices.

use super::timeout;
use crate::classes::{self, ce, errors};
use crate::coroutine::cancel::{self, Refused};
use crate::coroutine::join::{self, JoinError};
use crate::coroutine::{engine, preempt};
use crate::log;
use crate::zend::call::{Call, Return};
use crate::zend::{self, array};
use ext_php_rs::types::Zval;
use std::time::Duration;

/// Returns false and sets what `swoole_last_error()` says.
fn fail(call: &mut Call<'_>, error: i32) -> Return {
    errors::set_last(error);
    call.return_bool(false)
}

/// `cancel(int $cid, bool $throw_exception = false): bool`
pub fn cancel(call: &mut Call<'_>) -> Return {
    let id = call.long_arg(0)?;
    if call.optional(1, false, Call::bool_arg)? {
        return match cancel::throw_into(id, ce::swoole_coroutine_canceled_exception()) {
            Ok(()) => call.return_bool(true),
            Err(Refused::Unknown) => fail(call, errors::CO_NOT_EXISTS),
            Err(Refused::Noted) => fail(call, errors::CO_CANCELED),
        };
    }
    if engine::scheduler().find(id).is_none() {
        return fail(call, errors::CO_NOT_EXISTS);
    }
    if !engine::scheduler().cancel(id) {
        return fail(call, errors::CO_CANNOT_CANCEL);
    }
    call.return_bool(true)
}

/// `isCanceled(): bool`
pub fn is_canceled(call: &mut Call<'_>) -> Return {
    let canceled = classes::current_coroutine()?.canceled();
    call.return_bool(canceled)
}

/// `join(array $cid_array, float $timeout = -1): bool`
pub fn join(call: &mut Call<'_>) -> Return {
    classes::current_coroutine()?;
    let given = call.array_arg(0)?;
    let limit = timeout(call.optional(1, -1.0, Call::double_arg)?);
    let mut ids = Vec::with_capacity(given.len());
    array::try_each(given, |_, value| {
        ids.push(zend::to_long(value));
        Ok::<(), std::convert::Infallible>(())
    })
    .unwrap_or_else(|never| match never {});
    let error = match join::join(&ids, limit) {
        Ok(()) => return call.return_bool(true),
        Err(JoinError::Nobody) => errors::INVALID_PARAMS,
        Err(JoinError::Itself) => {
            errors::warn_of(errors::WRONG_OPERATION, "can not join self");
            errors::WRONG_OPERATION
        }
        Err(JoinError::Taken) => errors::WRONG_OPERATION,
        Err(JoinError::TimedOut) => errors::CO_TIMEDOUT,
        Err(JoinError::Canceled) => errors::CO_CANCELED,
    };
    drop(ids);
    fail(call, error)
}

/// `setTimeLimit(float $timeout): bool`
pub fn set_time_limit(call: &mut Call<'_>) -> Return {
    let seconds = call.double_arg(0)?;
    let id = classes::current_coroutine()?.id.get();
    if seconds == 0.0 {
        return call.return_bool(false);
    }
    // Whole seconds, as the processor cuts them off: what is no number at all is the smallest one.
    let whole = if seconds.is_finite() && seconds.abs() < 9.2e18 { seconds as i64 } else { i64::MIN };
    let milliseconds = whole.wrapping_mul(1000);
    match u64::try_from(milliseconds).ok().filter(|milliseconds| *milliseconds > 0) {
        Some(milliseconds) => cancel::after(Duration::from_millis(milliseconds), id, time_is_up),
        None => {
            errors::set_last(errors::INVALID_PARAMS);
            let text = format!("msec value[{milliseconds}] is invalid");
            log::error(log::WARNING, "Timer::add()", errors::INVALID_PARAMS, text.as_bytes());
        }
    }
    call.return_bool(true)
}

fn time_is_up(id: i64) {
    if cancel::throw_into(id, ce::swoole_coroutine_timeout_exception()) == Err(Refused::Noted) {
        errors::set_last(errors::CO_CANCELED);
    }
}

/// `enableScheduler(): bool`
pub fn enable_scheduler(call: &mut Call<'_>) -> Return {
    set_preemptible(call, true)
}

/// `disableScheduler(): bool`
pub fn disable_scheduler(call: &mut Call<'_>) -> Return {
    set_preemptible(call, false)
}

fn set_preemptible(call: &mut Call<'_>, yes: bool) -> Return {
    let changed = engine::scheduler().current().is_some_and(|coroutine| preempt::set_preemptible(coroutine, yes));
    call.return_bool(changed)
}

/// The callable of the option `exit_condition`, with a warning if it is none.
pub(super) fn set_exit_condition(value: &Zval) {
    let condition = crate::zend::callable::Callable::new(value);
    if value.is_null() {
        errors::warn("illegal callback function");
    } else if condition.is_none() {
        errors::warn(&format!("function '{}' is not callable", zend::callable::name(value)));
    }
    crate::coroutine::exit_condition::set(condition);
}
