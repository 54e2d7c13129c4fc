//! Waiting for other coroutines to end.
//!
//! Each coroutine is joined by one other at most. Its end counts down; the last one resumes the waiter at the end of the turn, not
//! at once, so that a coroutine is gone when its end is seen.

use super::engine::{put_off, scheduler};
use super::scheduler::{Parked, Waiting};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

/// Why a join ended without success.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum JoinError {
    /// Nobody to wait for.
    Nobody,
    /// It would wait for itself.
    Itself,
    /// One of them is being joined by another coroutine, or was named twice.
    Taken,
    /// The time passed.
    TimedOut,
    /// The waiter was cancelled.
    Canceled,
}

struct Join {
    waiter: i64,
    /// Coroutines that have not ended.
    left: Cell<usize>,
    /// The waiter waits no more.
    over: Cell<bool>,
}

thread_local! {
    /// Who is being joined.
    static JOINED: RefCell<HashMap<i64, Rc<Join>>> = RefCell::new(HashMap::new());
}

/// What Swoole calls the top level: it never ends.
const MAIN: i64 = -1;

/// Parks the current coroutine until all of `ids` that exist have ended, for at most `timeout` (`None`: for ever).
///
/// # Errors
/// See [`JoinError`].
///
/// # Panics
/// Outside a coroutine.
pub fn join(ids: &[i64], timeout: Option<Duration>) -> Result<(), JoinError> {
    let waiter = scheduler().current().expect("join() is called inside a coroutine").id.get();
    let join = Rc::new(Join { waiter, left: Cell::new(0), over: Cell::new(false) });
    let outcome = enlist(ids, &join).and_then(|()| match scheduler().park_for(Waiting::Internal, timeout) {
        Ok(Parked::Resumed) => Ok(()),
        Ok(Parked::TimedOut) => Err(JoinError::TimedOut),
        Err(_) => Err(JoinError::Canceled),
    });
    join.over.set(true);
    if outcome.is_err() {
        JOINED.with_borrow_mut(|joined| {
            for id in ids {
                if joined.get(id).is_some_and(|other| Rc::ptr_eq(other, &join)) {
                    joined.remove(id);
                }
            }
        });
    }
    outcome
}

fn enlist(ids: &[i64], join: &Rc<Join>) -> Result<(), JoinError> {
    for &id in ids {
        if id == join.waiter {
            return Err(JoinError::Itself);
        }
        let coroutine = scheduler().find(id);
        if coroutine.is_none() && id != MAIN {
            continue;
        }
        let free = JOINED.with_borrow_mut(|joined| match joined.entry(id) {
            std::collections::hash_map::Entry::Occupied(_) => false,
            std::collections::hash_map::Entry::Vacant(place) => {
                place.insert(Rc::clone(join));
                true
            }
        });
        if !free {
            return Err(JoinError::Taken);
        }
        if let Some(coroutine) = coroutine {
            coroutine.local.joined.set(true);
        }
        join.left.set(join.left.get() + 1);
    }
    if join.left.get() == 0 { Err(JoinError::Nobody) } else { Ok(()) }
}

/// A coroutine that was named in a join ends.
#[cold]
pub(super) fn ended(id: i64) {
    let Some(join) = JOINED.with_borrow_mut(|joined| joined.remove(&id)) else { return };
    join.left.set(join.left.get() - 1);
    if join.left.get() == 0 && !join.over.get() {
        put_off(Box::new(move || {
            if !join.over.get() {
                scheduler().resume(join.waiter, Waiting::Internal);
            }
        }));
    }
}

/// Forgets everything: no suspended coroutine will run again.
pub(super) fn reset() {
    JOINED.with_borrow_mut(HashMap::clear);
}
