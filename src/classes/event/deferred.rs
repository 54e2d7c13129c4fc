//! `Event::defer()` and `Event::cycle()`: what runs at the end of a round of the loop, and what runs before the next.

use crate::coroutine::engine::{self, scheduler};
use crate::coroutine::scheduler::{Canceled, Waiting};
use crate::coroutine::source::{Leaving, Source};
use crate::zend::call::Thrown;
use crate::zend::callable::Callable;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Context;

thread_local! {
    /// Called at the end of each round, and before the next.
    static CYCLES: RefCell<[Option<Callable>; 2]> = const { RefCell::new([None, None]) };
    /// The loop runs round by round, in [`one_round`].
    static ONE_ROUND: Cell<bool> = const { Cell::new(false) };
}

fn put_off(work: impl FnOnce() + 'static) {
    scheduler().keep_rounds(true);
    engine::put_off(Box::new(move || {
        scheduler().note_activity(true);
        work();
    }));
}

/// Calls a function at the end of the round.
pub(super) fn call_later(callable: Callable) {
    put_off(move || {
        // A fatal error has stopped the loop: nothing else is called.
        let _ = engine::callback(&callable, &[]);
    });
}

/// Lets go of something at the end of the round: its callback may be running now.
pub(super) fn free_later(value: impl Sized + 'static) {
    put_off(move || drop(value));
}

/// Suspends the current coroutine until what was put off before has been done.
pub(super) fn next_round() -> Result<(), Canceled> {
    let Some(id) = engine::current_id() else { return Ok(()) };
    let waits = Rc::new(Cell::new(true));
    let still = Rc::clone(&waits);
    put_off(move || {
        if still.get() {
            scheduler().resume(id, Waiting::External);
        }
    });
    let waited = engine::park(Waiting::External);
    waits.set(false);
    waited
}

/// Runs one round of the loop.
pub(super) fn one_round() -> Result<(), Thrown> {
    ONE_ROUND.set(true);
    scheduler().keep_rounds(true);
    let served = engine::run_once();
    ONE_ROUND.set(false);
    served.map(drop)
}

/// Has the current coroutine go on where Swoole would: an event of a descriptor resumes it at the end of the round, after what
/// was put off before.
pub(crate) fn after_deferred() -> Result<(), Canceled> {
    if engine::put_off_count() == 0 { Ok(()) } else { next_round() }
}

/// Sets or ends what is called in each round. False when there was nothing before.
pub(super) fn set_cycle(before: bool, callable: Option<Callable>) -> bool {
    let old = CYCLES.with_borrow_mut(|cycles| std::mem::replace(&mut cycles[usize::from(before)], callable));
    scheduler().keep_rounds(true);
    old.map(free_later).is_some()
}

/// The loop has ended.
pub(super) fn forget() {
    drop(CYCLES.take());
    scheduler().keep_rounds(false);
}

fn call_cycle(before: bool) -> Result<(), Thrown> {
    let callable = CYCLES.with_borrow(|cycles| cycles[usize::from(before)].clone());
    match callable {
        Some(callable) => engine::callback(&callable, &[]),
        None => Ok(()),
    }
}

/// The first round begins.
pub(super) fn begin() -> Result<(), Thrown> {
    if CYCLE.begun.swap(true, Ordering::Relaxed) {
        return Ok(());
    }
    let before = scheduler().in_round();
    call_cycle(true)?;
    scheduler().note_activity(before);
    Ok(())
}

/// `Event::cycle()`.
pub(super) struct Cycle {
    /// The first round of this loop has begun.
    begun: AtomicBool,
}

/// The one source of cyclic calls.
pub(super) static CYCLE: Cycle = Cycle { begun: AtomicBool::new(false) };

impl Source for Cycle {
    fn turn(&self, _context: &mut Context<'_>) {
        if scheduler().in_round() {
            if call_cycle(false).is_err() {
                return;
            }
            if scheduler().outcome().is_none() && call_cycle(true).is_err() {
                return;
            }
        }
        let cycles = CYCLES.with_borrow(|cycles| cycles.iter().any(Option::is_some));
        scheduler().keep_rounds(cycles || ONE_ROUND.get() || engine::put_off_count() > 0);
    }

    fn alive(&self) -> bool {
        false
    }

    fn detach(&self, _leaving: Leaving) {
        self.begun.store(false, Ordering::Relaxed);
    }

    fn reset(&self) {
        forget();
    }
}
