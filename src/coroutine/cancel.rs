//! Exceptions that one coroutine raises in another: `cancel()` with an exception, and time limits.
//!
//! The exception is noted in the record and raised on the coroutine's own stack, where control next returns to it: from what it
//! waits for, or from a coroutine that it has entered. So its file and line are the target's, and what the stack is in the middle of
//! is unwound as by any other exception.

use super::alarm::Alarm;
use super::engine::{Local, OnPhpThread, scheduler};
use crate::zend;
use crate::zend::sys::zend_class_entry as Class;
use std::cell::Cell;
use std::time::Duration;
use tokio::time::Instant;

/// Coroutines with an exception noted: almost always none, which is all that a switch looks at.
static NOTED: OnPhpThread<Cell<usize>> = OnPhpThread(Cell::new(0));

/// What [`after`] was given: there is one function for all.
static RING: OnPhpThread<Cell<fn(i64)>> = OnPhpThread(Cell::new(|_| ()));

/// Why no exception could be raised.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refused {
    /// There is no such coroutine.
    Unknown,
    /// The same exception is on its way to it already.
    Noted,
}

/// Raises an exception of `class` in the coroutine `id`: at once if it can be cancelled, else when it next runs.
///
/// # Errors
/// See [`Refused`].
pub fn throw_into(id: i64, class: &'static Class) -> Result<(), Refused> {
    let coroutine = scheduler().find(id).ok_or(Refused::Unknown)?;
    match coroutine.local.thrown.replace(Some(class)) {
        Some(before) if std::ptr::eq(before, class) => return Err(Refused::Noted),
        Some(_) => {}
        None => NOTED.0.set(NOTED.0.get() + 1),
    }
    if scheduler().current().is_some_and(|current| current.id.get() == id) {
        raise(&coroutine.local);
    } else {
        scheduler().cancel(id);
    }
    Ok(())
}

/// Has `ring` called with `id` when this time has passed; the loop waits for it.
pub fn after(time: Duration, id: i64, ring: fn(i64)) {
    RING.0.set(ring);
    if let Some(deadline) = Instant::now().checked_add(time) {
        scheduler().set_alarm(deadline, Alarm::TimeLimit(id));
    }
}

/// An alarm of [`after`] goes off.
pub(super) fn ring(id: i64) {
    RING.0.get()(id);
}

/// Whether any coroutine has an exception noted.
#[inline]
pub(super) fn any() -> bool {
    NOTED.0.get() != 0
}

/// Raises what is noted for the running coroutine, whose part of the record this is.
#[cold]
pub(super) fn raise(local: &Local) {
    if let Some(class) = take(local) {
        let _ = zend::throw::<()>(class, "", 0);
    }
}

/// Forgets what is noted for a coroutine that ends.
pub(super) fn take(local: &Local) -> Option<&'static Class> {
    let class = local.thrown.take()?;
    NOTED.0.set(NOTED.0.get() - 1);
    Some(class)
}

/// Forgets everything: no suspended coroutine will run again.
pub(super) fn reset() {
    NOTED.0.set(0);
}
