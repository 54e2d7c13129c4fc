//! `Swoole\Coroutine\Lock`: mutual exclusion between coroutines, of one process or of several.
//!
//! The number is 1 while somebody holds the lock. Coroutines of one process wait in a queue, and unlocking lets the first one try at
//! the end of the turn; another process cannot tell us, so a shared lock is tried again after growing pauses.

use crate::classes::{ce, errors, slots::swoole_coroutine_lock as slot};
use crate::coroutine::engine::{self, Record, put_off, scheduler};
use crate::coroutine::scheduler::Waiting;
use crate::native_handlers;
use crate::shm::pool::Shared;
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::object::{self, Native};
use crate::{log, zend};
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// First and longest pause between two tries of a shared lock.
const PAUSES: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(100));

/// The lock; empty until the constructor has run.
pub struct Lock {
    state: OnceCell<State>,
}

struct State {
    number: Number,
    /// The coroutine of this process that holds it; 0 for none.
    holder: Cell<i64>,
}

enum Number {
    /// Of this process, with those who wait.
    Own { held: Cell<bool>, waiters: Rc<RefCell<VecDeque<i64>>> },
    /// Of all processes that were forked since.
    Shared(Shared<AtomicU32>),
}

impl Native for Lock {
    native_handlers!();

    fn new() -> Self {
        Self { state: OnceCell::new() }
    }
}

impl State {
    fn take(&self) -> bool {
        match &self.number {
            Number::Own { held, .. } => !held.replace(true),
            Number::Shared(number) => number.compare_exchange(0, 1, Ordering::AcqRel, Ordering::Relaxed).is_ok(),
        }
    }

    /// Takes it, waiting for it if `blocking`; fails with an errno.
    fn lock(&self, coroutine: &Record, blocking: bool) -> Result<(), i32> {
        let id = coroutine.id.get();
        if self.holder.get() == id {
            return Ok(());
        }
        let mut pause = PAUSES.0;
        while !self.take() {
            if !blocking {
                return Err(libc::EBUSY);
            }
            let waited = match &self.number {
                Number::Own { waiters, .. } => {
                    waiters.borrow_mut().push_back(id);
                    let woken = engine::park(Waiting::Internal);
                    waiters.borrow_mut().retain(|waiter| *waiter != id);
                    woken
                }
                Number::Shared(_) => {
                    let slept = scheduler().park_for(Waiting::External, Some(pause)).map(|_| ());
                    pause = if pause >= PAUSES.1 { PAUSES.0 } else { (pause * 2).min(PAUSES.1) };
                    slept
                }
            };
            if waited.is_err() {
                errors::set_last(errors::CO_CANCELED);
                return Err(errors::CO_CANCELED);
            }
        }
        self.holder.set(id);
        Ok(())
    }

    fn unlock(&self) {
        self.holder.set(0);
        match &self.number {
            Number::Shared(number) => number.store(0, Ordering::Release),
            Number::Own { held, waiters } => {
                held.set(false);
                if waiters.borrow().is_empty() {
                    return;
                }
                let waiters = Rc::clone(waiters);
                put_off(Box::new(move || {
                    let first = waiters.borrow().front().copied();
                    if let Some(id) = first {
                        scheduler().resume(id, Waiting::Internal);
                    }
                }));
            }
        }
    }
}

fn state<'a>(call: &Call<'a>) -> Result<&'a State, Thrown> {
    match call.native::<Lock>().state.get() {
        Some(state) => Ok(state),
        None => zend::throw(ce::swoole_error(), "must call constructor first", i64::from(errors::WRONG_OPERATION)),
    }
}

/// The running coroutine, or the errno of having none, with Swoole's line in the log.
fn current(origin: &str) -> Result<&'static Record, i32> {
    scheduler().current().ok_or_else(|| {
        log::warning(origin, "The coroutine lock can only be used in a coroutine environment");
        errors::CO_OUT_OF_COROUTINE
    })
}

fn answer(call: &mut Call<'_>, outcome: Result<(), i32>) -> Return {
    if let Err(errno) = outcome {
        object::set_long_slot(call.this(), slot::ERR_CODE, i64::from(errno));
    }
    call.return_bool(outcome.is_ok())
}

/// `__construct(bool $shared = false)`
pub fn __construct(call: &mut Call<'_>) -> Return {
    let lock = call.native::<Lock>();
    if lock.state.get().is_some() {
        let text = "Constructor of Swoole\\Coroutine\\Lock can only be called once";
        return zend::throw(zend::standard_error(), text, 0);
    }
    let number = if call.optional(0, false, Call::bool_arg)? {
        match Shared::new() {
            Ok(number) => Number::Shared(number),
            Err(error) => return zend::throw(ce::swoole_error(), &format!("cannot create the lock: {error}"), 0),
        }
    } else {
        Number::Own { held: Cell::new(false), waiters: Rc::default() }
    };
    let _ = lock.state.set(State { number, holder: Cell::new(0) });
    Ok(())
}

/// `lock(int $operation = LOCK_EX): bool`
pub fn lock(call: &mut Call<'_>) -> Return {
    /// PHP's `LOCK_NB`.
    const NON_BLOCKING: i64 = 4;
    let operation = call.optional(0, 0, Call::long_arg)?;
    let state = state(call)?;
    let outcome = current("CoroutineLock::lock_impl()")
        .and_then(|coroutine| state.lock(coroutine, operation & NON_BLOCKING == 0));
    answer(call, outcome)
}

/// `unlock(): bool`
pub fn unlock(call: &mut Call<'_>) -> Return {
    let state = state(call)?;
    let outcome = current("CoroutineLock::unlock()").map(|_| state.unlock());
    answer(call, outcome)
}
