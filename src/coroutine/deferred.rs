//! What is put off to the end of a turn of the loop: first come, first served, and what is added meanwhile waits for the next turn.

use super::source::{Leaving, Source};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::task::Context;

/// A queue of work for the root stack.
pub struct Deferred {
    queue: RefCell<VecDeque<Box<dyn FnOnce()>>>,
    /// Counts resets, so that a turn notices one under its feet: a fork's child starts over.
    resets: Cell<u64>,
    stopped: fn() -> bool,
}

impl Deferred {
    /// An empty queue that serves nobody any more once `stopped` says so.
    pub const fn new(stopped: fn() -> bool) -> Self {
        Self { queue: RefCell::new(VecDeque::new()), resets: Cell::new(0), stopped }
    }

    /// Adds to the end of the queue.
    pub fn push(&self, work: Box<dyn FnOnce()>) {
        self.queue.borrow_mut().push_back(work);
    }

    /// Number of calls that wait for their turn.
    pub fn len(&self) -> usize {
        self.queue.borrow().len()
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.queue.borrow().is_empty()
    }
}

impl Source for Deferred {
    fn turn(&self, _: &mut Context<'_>) {
        let (due, resets) = (std::mem::take(&mut *self.queue.borrow_mut()), self.resets.get());
        for work in due {
            if (self.stopped)() || resets != self.resets.get() {
                break;
            }
            work();
        }
    }

    fn alive(&self) -> bool {
        !self.is_empty()
    }

    fn detach(&self, _: Leaving) {}

    fn reset(&self) {
        self.resets.set(self.resets.get() + 1);
        let forgotten = std::mem::take(&mut *self.queue.borrow_mut());
        drop(forgotten);
    }
}

#[cfg(test)]
mod tests {
    use super::{Deferred, Source};
    use std::cell::RefCell;
    use std::task::{Context, Waker};

    thread_local! {
        static SEEN: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
        static QUEUE: &'static Deferred = Box::leak(Box::new(Deferred::new(|| false)));
    }

    fn note(number: u32) {
        SEEN.with_borrow_mut(|seen| seen.push(number));
    }

    #[test]
    fn serves_in_order_and_leaves_what_comes_meanwhile_for_the_next_turn() {
        let queue = QUEUE.with(|queue| *queue);
        let mut context = Context::from_waker(Waker::noop());
        queue.push(Box::new(|| {
            note(1);
            QUEUE.with(|queue| queue.push(Box::new(|| note(3))));
        }));
        queue.push(Box::new(|| note(2)));
        queue.turn(&mut context);
        assert_eq!(SEEN.take(), [1, 2]);
        assert!(queue.alive());
        queue.turn(&mut context);
        assert_eq!(SEEN.take(), [3]);
        assert!(!queue.alive());
    }

    #[test]
    fn a_reset_ends_the_turn() {
        let queue = QUEUE.with(|queue| *queue);
        queue.push(Box::new(|| QUEUE.with(|queue| queue.reset())));
        queue.push(Box::new(|| note(9)));
        queue.turn(&mut Context::from_waker(Waker::noop()));
        assert!(SEEN.take().is_empty());
    }
}
