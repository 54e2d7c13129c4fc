//! `Swoole\Coroutine\WaitGroup`: a counter and a channel that carries its end.
//!
//! In Swoole it is a PHP class; its protected properties are part of what a child class may use, so the state stays there.

use super::channel::Channel;
use super::timeout;
use crate::classes::{ce, slots::swoole_coroutine_wait_group as slot};
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::{self, object};
use ext_php_rs::types::{ZendObject, Zval};

fn count_of(object: &ZendObject) -> i64 {
    object::slot(object, slot::COUNT).long().unwrap_or(0)
}

fn waiting(object: &ZendObject) -> bool {
    object::slot(object, slot::WAITING).is_true()
}

/// Does something with the channel, which lives until then: a second call of the constructor replaces it while somebody waits on it.
fn with_channel<T>(object: &ZendObject, act: impl FnOnce(&Channel) -> T) -> Result<T, Thrown> {
    let held = object::slot(object, slot::CHAN).shallow_clone();
    match held.object() {
        // SAFETY: the property is declared with type Channel, so its object has a Channel inside; `held` keeps it.
        Some(channel) => Ok(act(unsafe { object::native_of::<Channel>(channel) })),
        None => zend::throw(ce::swoole_error(), "must call constructor first", 0),
    }
}

fn misuse<T>(text: &str) -> Result<T, Thrown> {
    zend::throw(zend::spl_bad_method_call(), &format!("WaitGroup misuse: {text}"), 0)
}

fn add_to(object: &mut ZendObject, delta: i64) -> Return {
    if waiting(object) {
        return misuse("add called concurrently with wait");
    }
    let count = count_of(object).saturating_add(delta);
    if count < 0 {
        return zend::throw(zend::spl_invalid_argument(), "WaitGroup misuse: negative counter", 0);
    }
    object::set_slot(object, slot::COUNT, count);
    Ok(())
}

/// `__construct(int $delta = 0)`
pub fn __construct(call: &mut Call<'_>) -> Return {
    let delta = call.optional(0, 0, Call::long_arg)?;
    let made = object::construct(ce::swoole_coroutine_channel(), &[])?;
    let this = call.this();
    object::set_slot(this, slot::CHAN, made);
    if delta > 0 { add_to(this, delta) } else { Ok(()) }
}

/// `add(int $delta = 1): void`
pub fn add(call: &mut Call<'_>) -> Return {
    let delta = call.optional(0, 1, Call::long_arg)?;
    add_to(call.this(), delta)
}

/// `done(): void`
pub fn done(call: &mut Call<'_>) -> Return {
    let this = call.this();
    let count = count_of(this) - 1;
    if count < 0 {
        return misuse("negative counter");
    }
    object::set_slot(this, slot::COUNT, count);
    if count == 0 && waiting(this) {
        let mut yes = Zval::new();
        yes.set_bool(true);
        // The waiter is there and the channel has room: it cannot fail.
        let _ = with_channel(this, |channel| channel.push_value(yes, None))??;
    }
    Ok(())
}

/// `wait(float $timeout = -1): bool`
pub fn wait(call: &mut Call<'_>) -> Return {
    let limit = timeout(call.optional(0, -1.0, Call::double_arg)?);
    let this = call.this();
    if waiting(this) {
        return misuse("reused before previous wait has returned");
    }
    if count_of(this) == 0 {
        return call.return_bool(true);
    }
    object::set_slot(this, slot::WAITING, true);
    let outcome = with_channel(this, |channel| channel.pop_value(limit))?;
    object::set_slot(call.this(), slot::WAITING, false);
    let done = outcome?.is_ok();
    call.return_bool(done)
}

/// `count(): int`
pub fn count(call: &mut Call<'_>) -> Return {
    let count = count_of(call.this());
    call.return_long(count)
}
