//! `Swoole\Atomic`.

pub mod long;

use super::{ce, constants};
use crate::native_handlers;
use crate::shm::atomic::{self, Limit};
use crate::shm::pool::{Shareable, Shared};
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::object::Native;
use crate::zend::throw;
use std::sync::atomic::{AtomicU32, Ordering};

/// A number in shared memory; it exists as long as the object, constructor called or not.
pub struct Atomic(Option<Shared<AtomicU32>>);

impl Native for Atomic {
    native_handlers!();

    fn new() -> Self {
        Self(Shared::new().ok())
    }
}

fn number<'a>(call: &Call<'a>) -> Result<&'a AtomicU32, Thrown> {
    existing(call.native::<Atomic>().0.as_ref())
}

/// The number, if there was memory for it.
fn existing<T: Shareable>(number: Option<&Shared<T>>) -> Result<&T, Thrown> {
    match number {
        Some(number) => Ok(&**number),
        None => throw(ce::swoole_exception(), "global memory allocation failure", constants::SWOOLE_ERROR_MALLOC_FAIL),
    }
}

/// Argument `index`, where null is a (deprecated) 0, not the default.
fn long_or(call: &Call<'_>, index: usize, default: i64) -> Result<i64, Thrown> {
    if index < call.len() { call.long_arg(index) } else { Ok(default) }
}

/// `__construct(int $value = 0)`
pub fn __construct(call: &mut Call<'_>) -> Return {
    let value = long_or(call, 0, 0)?;
    number(call)?.store(value as u32, Ordering::SeqCst);
    Ok(())
}

/// `add(int $add_value = 1): int`
pub fn add(call: &mut Call<'_>) -> Return {
    let value = long_or(call, 0, 1)? as u32;
    let sum = number(call)?.fetch_add(value, Ordering::SeqCst).wrapping_add(value);
    call.return_long(sum.into())
}

/// `sub(int $sub_value = 1): int`
pub fn sub(call: &mut Call<'_>) -> Return {
    let value = long_or(call, 0, 1)? as u32;
    let difference = number(call)?.fetch_sub(value, Ordering::SeqCst).wrapping_sub(value);
    call.return_long(difference.into())
}

/// `get(): int`
pub fn get(call: &mut Call<'_>) -> Return {
    let value = number(call)?.load(Ordering::SeqCst);
    call.return_long(value.into())
}

/// `set(int $value): void`
pub fn set(call: &mut Call<'_>) -> Return {
    let value = call.long_arg(0)?;
    number(call)?.store(value as u32, Ordering::SeqCst);
    Ok(())
}

/// `cmpset(int $cmp_value, int $new_value): bool`
pub fn cmpset(call: &mut Call<'_>) -> Return {
    let (old, new) = (call.long_arg(0)? as u32, call.long_arg(1)? as u32);
    let done = number(call)?.compare_exchange(old, new, Ordering::SeqCst, Ordering::SeqCst).is_ok();
    call.return_bool(done)
}

/// `wait(float $timeout = 1): bool`
pub fn wait(call: &mut Call<'_>) -> Return {
    let seconds = if call.is_empty() { 1.0 } else { call.double_arg(0)? };
    let done = atomic::wait(number(call)?, Limit::seconds(seconds));
    call.return_bool(done)
}

/// `wakeup(int $count = 1): bool`
pub fn wakeup(call: &mut Call<'_>) -> Return {
    let count = long_or(call, 0, 1)?;
    atomic::wakeup(number(call)?, count as i32);
    call.return_bool(true)
}
