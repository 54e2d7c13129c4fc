//! `Swoole\Lock`.

use super::{ce, constants, constructed_twice, slots::swoole_lock as slot};
use crate::native_handlers;
use crate::shm::mutex::{Failure, Mutex, Patience};
use crate::shm::pool::Shared;
use crate::shm::rwlock::{Mode, RwLock};
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::object::{self, Native};
use crate::zend::throw;
use std::cell::OnceCell;
use std::time::{Duration, Instant};

/// A lock in shared memory; none until the constructor has run.
pub struct Lock(OnceCell<Kind>);

enum Kind {
    /// A mutex; also a spin lock, which differs only in that the processor works while it waits.
    Mutex(Shared<Mutex>),
    ReadWrite(Shared<RwLock>),
}

impl Native for Lock {
    native_handlers!();

    fn new() -> Self {
        Self(OnceCell::new())
    }
}

impl Kind {
    fn lock(&self, mode: Mode, patience: Patience) -> Result<(), Failure> {
        match self {
            Self::Mutex(mutex) => mutex.lock(patience),
            Self::ReadWrite(lock) => lock.lock(mode, patience),
        }
    }

    fn unlock(&self) {
        match self {
            Self::Mutex(mutex) => mutex.unlock(),
            Self::ReadWrite(lock) => lock.unlock(),
        }
    }
}

fn made<'a>(call: &Call<'a>) -> Result<&'a Kind, Thrown> {
    match call.native::<Lock>().0.get() {
        Some(kind) => Ok(kind),
        None => throw(ce::swoole_error(), "must call constructor first", constants::SWOOLE_ERROR_WRONG_OPERATION),
    }
}

/// `__construct(int $type = SWOOLE_MUTEX)`
pub fn __construct(call: &mut Call<'_>) -> Return {
    let place = &call.native::<Lock>().0;
    if place.get().is_some() {
        return constructed_twice(call);
    }
    let kind = if call.is_empty() { constants::SWOOLE_MUTEX } else { call.long_arg(0)? };
    let made = match kind {
        constants::SWOOLE_MUTEX | constants::SWOOLE_SPINLOCK => Shared::new().map(Kind::Mutex),
        constants::SWOOLE_RWLOCK => Shared::new().map(Kind::ReadWrite),
        // Swoole's own words: it never fills the number in, but gives it as the exception's code.
        _ => return throw(ce::swoole_exception(), "lock type[%d] is not support", i64::from(kind as i32)),
    };
    match made {
        Ok(lock) => {
            let _ = place.set(lock);
            call.return_bool(true)
        }
        Err(_) => {
            throw(ce::swoole_exception(), "global memory allocation failure", constants::SWOOLE_ERROR_MALLOC_FAIL)
        }
    }
}

/// `lock(int $operation = LOCK_EX, float $timeout = -1): bool`
pub fn lock(call: &mut Call<'_>) -> Return {
    let operation = if call.is_empty() { i64::from(libc::LOCK_EX) } else { call.long_arg(0)? };
    let seconds = if call.len() < 2 { -1.0 } else { call.double_arg(1)? };
    let kind = made(call)?;
    let has = |flag: i32| operation & i64::from(flag) != 0;
    let mode = if has(libc::LOCK_SH) { Mode::Read } else { Mode::Write };
    // Whole milliseconds; less than one is no limit.
    let milliseconds = (seconds * 1000.0) as i64 as i32;
    let patience = match u64::try_from(milliseconds) {
        _ if has(libc::LOCK_NB) => Patience::Try,
        Ok(limit) if limit > 0 => Patience::Until(Instant::now() + Duration::from_millis(limit)),
        _ => Patience::Endless,
    };
    let Err(failure) = kind.lock(mode, patience) else { return call.return_bool(true) };
    let number = match failure {
        Failure::Busy => libc::EBUSY,
        Failure::TimedOut => libc::ETIMEDOUT,
        Failure::Deadlock => libc::EDEADLK,
        Failure::TooMany => libc::EAGAIN,
    };
    object::set_long_slot(call.this(), slot::ERR_CODE, number.into());
    call.return_bool(false)
}

/// `unlock(): bool`
pub fn unlock(call: &mut Call<'_>) -> Return {
    made(call)?.unlock();
    call.return_bool(true)
}
