//! The record of one coroutine, and what it waits for.

use super::Machine;
use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::{Context, Poll};

/// What a suspended coroutine waits for; decides who may resume it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Waiting {
    /// Nothing: it runs, or is an ancestor of the one that runs.
    Nothing,
    /// `Coroutine::yield()`: only `Coroutine::resume()` brings it back.
    Yield,
    /// A channel, wait group, lock or join: another coroutine brings it back.
    Internal,
    /// A socket, timer, signal or process: the runtime brings it back.
    External,
    /// Its next turn, or the end of what must not be broken off: cannot be cancelled.
    Turn,
}

/// Why a suspended coroutine runs again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wake {
    /// Its future is ready.
    Ready,
    /// Its deadline has passed.
    TimedOut,
    /// Another coroutine resumed it.
    Resumed,
    /// It was cancelled.
    Canceled,
}

/// How a wait with a time-out ended, when it was not cancelled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Parked {
    /// Another coroutine resumed it.
    Resumed,
    /// The time passed.
    TimedOut,
}

/// A wait ended because the coroutine was cancelled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Canceled;

pub(super) trait Pending {
    /// Polls; true when the output is in place.
    fn poll(&mut self, context: &mut Context<'_>) -> bool;
}

pub(super) struct Slot<F: Future> {
    pub(super) future: F,
    pub(super) output: Option<F::Output>,
}

impl<F: Future> Pending for Slot<F> {
    fn poll(&mut self, context: &mut Context<'_>) -> bool {
        // SAFETY: a Slot lives in one frame of `wait_until` and is never moved between its first poll and its drop.
        let future = unsafe { Pin::new_unchecked(&mut self.future) };
        match future.poll(context) {
            Poll::Ready(output) => {
                self.output = Some(output);
                true
            }
            Poll::Pending => false,
        }
    }
}

/// The record of one coroutine, at the top of its stack.
pub struct Coroutine<M: Machine> {
    /// Its id, from 1, never reused.
    pub id: Cell<i64>,
    /// Id of the coroutine that created it; -1 for none.
    pub parent: Cell<i64>,
    pub(super) waiting: Cell<Waiting>,
    pub(super) wake: Cell<Wake>,
    pub(super) ended: Cell<bool>,
    pub(super) pending: Cell<Option<NonNull<dyn Pending>>>,
    /// Who entered it last; `None` for the root stack.
    pub(super) caller: Cell<Option<NonNull<Self>>>,
    /// The machine's part.
    pub local: M::Local,
}

impl<M: Machine> Coroutine<M> {
    /// A record for a stack that has not run yet.
    pub fn new(local: M::Local) -> Self {
        Self {
            id: Cell::new(0),
            parent: Cell::new(-1),
            waiting: Cell::new(Waiting::Nothing),
            wake: Cell::new(Wake::Ready),
            ended: Cell::new(false),
            pending: Cell::new(None),
            caller: Cell::new(None),
            local,
        }
    }

    /// While it runs: the coroutine that waits for it to suspend or end.
    pub fn caller(&self) -> Option<&Self> {
        // SAFETY: whoever entered a running coroutine is alive below it.
        self.caller.get().map(|caller| unsafe { &*caller.as_ptr() })
    }

    /// Whether its last wait was cancelled.
    pub fn canceled(&self) -> bool {
        self.wake.get() == Wake::Canceled
    }

    /// What it waits for.
    pub fn waiting(&self) -> Waiting {
        self.waiting.get()
    }

    /// Says that its job is done; the machine then leaves the stack for the last time.
    pub fn end(&self) {
        self.ended.set(true);
    }
}
