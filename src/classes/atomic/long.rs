//! `Swoole\Atomic\Long`.

use super::{existing, long_or};
use crate::native_handlers;
use crate::shm::pool::Shared;
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::object::Native;
use std::sync::atomic::{AtomicI64, Ordering};

/// A number in shared memory; it exists as long as the object, constructor called or not.
pub struct Long(Option<Shared<AtomicI64>>);

impl Native for Long {
    native_handlers!();

    fn new() -> Self {
        Self(Shared::new().ok())
    }
}

fn number<'a>(call: &Call<'a>) -> Result<&'a AtomicI64, Thrown> {
    existing(call.native::<Long>().0.as_ref())
}

/// `__construct(int $value = 0)`
pub fn __construct(call: &mut Call<'_>) -> Return {
    let value = long_or(call, 0, 0)?;
    number(call)?.store(value, Ordering::SeqCst);
    // Swoole's constructor returns it, which shows when it is called by hand.
    call.return_bool(true)
}

/// `add(int $add_value = 1): int`
pub fn add(call: &mut Call<'_>) -> Return {
    let value = long_or(call, 0, 1)?;
    let sum = number(call)?.fetch_add(value, Ordering::SeqCst).wrapping_add(value);
    call.return_long(sum)
}

/// `sub(int $sub_value = 1): int`
pub fn sub(call: &mut Call<'_>) -> Return {
    let value = long_or(call, 0, 1)?;
    let difference = number(call)?.fetch_sub(value, Ordering::SeqCst).wrapping_sub(value);
    call.return_long(difference)
}

/// `get(): int`
pub fn get(call: &mut Call<'_>) -> Return {
    let value = number(call)?.load(Ordering::SeqCst);
    call.return_long(value)
}

/// `set(int $value): void`
pub fn set(call: &mut Call<'_>) -> Return {
    let value = call.long_arg(0)?;
    number(call)?.store(value, Ordering::SeqCst);
    Ok(())
}

/// `cmpset(int $cmp_value, int $new_value): bool`
pub fn cmpset(call: &mut Call<'_>) -> Return {
    let (old, new) = (call.long_arg(0)?, call.long_arg(1)?);
    let done = number(call)?.compare_exchange(old, new, Ordering::SeqCst, Ordering::SeqCst).is_ok();
    call.return_bool(done)
}
