//! A bounded queue between coroutines, with Swoole's order: whoever makes room or brings a value resumes the first waiter
//! at once, before going on itself.

use super::scheduler::{Canceled, Machine, Parked, Waiting};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::time::Duration;

/// Why a push or pop came back without success; the number is Swoole's `errCode`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ChannelError {
    /// The time-out passed: `SWOOLE_CHANNEL_TIMEOUT`.
    TimedOut = -1,
    /// The channel is closed: `SWOOLE_CHANNEL_CLOSED`.
    Closed = -2,
    /// The coroutine was cancelled: `SWOOLE_CHANNEL_CANCELED`.
    Canceled = -3,
}

/// A queue of at most `capacity` values.
pub struct Channel<T> {
    capacity: usize,
    closed: Cell<bool>,
    values: RefCell<VecDeque<T>>,
    producers: RefCell<VecDeque<i64>>,
    consumers: RefCell<VecDeque<i64>>,
}

impl<T> Channel<T> {
    /// An open, empty channel; a capacity below 1 counts as 1.
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity: capacity.max(1),
            closed: Cell::new(false),
            values: RefCell::new(VecDeque::new()),
            producers: RefCell::new(VecDeque::new()),
            consumers: RefCell::new(VecDeque::new()),
        }
    }

    /// Appends a value, waiting for room for at most `timeout` (`None`: for ever).
    ///
    /// # Errors
    /// The value comes back with the reason.
    pub fn push<M: Machine>(&self, value: T, timeout: Option<Duration>) -> Result<(), (T, ChannelError)> {
        if self.closed.get() {
            return Err((value, ChannelError::Closed));
        }
        if self.is_full() || !self.producers.borrow().is_empty() {
            if let Err(error) = Self::wait::<M>(&self.producers, timeout) {
                return Err((value, error));
            }
            if self.closed.get() {
                return Err((value, ChannelError::Closed));
            }
        }
        self.values.borrow_mut().push_back(value);
        Self::wake_first::<M>(&self.consumers);
        Ok(())
    }

    /// Takes the oldest value, waiting for one for at most `timeout` (`None`: for ever).
    ///
    /// # Errors
    /// Nothing came: the reason.
    pub fn pop<M: Machine>(&self, timeout: Option<Duration>) -> Result<T, ChannelError> {
        if self.closed.get() && self.is_empty() {
            return Err(ChannelError::Closed);
        }
        if self.is_empty() || !self.consumers.borrow().is_empty() {
            Self::wait::<M>(&self.consumers, timeout)?;
        }
        // Empty after a wake-up means that the channel was closed.
        let value = self.values.borrow_mut().pop_front().ok_or(ChannelError::Closed)?;
        Self::wake_first::<M>(&self.producers);
        Ok(value)
    }

    /// Closes it and resumes all waiters, producers first. False when it was closed before.
    pub fn close<M: Machine>(&self) -> bool {
        if self.closed.replace(true) {
            return false;
        }
        while Self::wake_first::<M>(&self.producers) {}
        while Self::wake_first::<M>(&self.consumers) {}
        true
    }

    fn wait<M: Machine>(queue: &RefCell<VecDeque<i64>>, timeout: Option<Duration>) -> Result<(), ChannelError> {
        let scheduler = M::scheduler();
        let Some(id) = scheduler.current().map(|coroutine| coroutine.id.get()) else {
            return Err(ChannelError::Canceled);
        };
        queue.borrow_mut().push_back(id);
        let failure = match scheduler.park_for(Waiting::Internal, timeout) {
            Ok(Parked::Resumed) => return Ok(()),
            Ok(Parked::TimedOut) => ChannelError::TimedOut,
            Err(Canceled) => ChannelError::Canceled,
        };
        queue.borrow_mut().retain(|waiter| *waiter != id);
        Err(failure)
    }

    fn wake_first<M: Machine>(queue: &RefCell<VecDeque<i64>>) -> bool {
        let first = queue.borrow_mut().pop_front();
        first.is_some_and(|id| {
            M::scheduler().resume(id, Waiting::Internal);
            true
        })
    }

    /// Number of values in the queue.
    pub fn len(&self) -> usize {
        self.values.borrow().len()
    }

    /// Whether no value is in the queue.
    pub fn is_empty(&self) -> bool {
        self.values.borrow().is_empty()
    }

    /// Whether a push would have to wait.
    pub fn is_full(&self) -> bool {
        self.len() >= self.capacity
    }

    /// Number of coroutines waiting to pop.
    pub fn consumers(&self) -> usize {
        self.consumers.borrow().len()
    }

    /// Number of coroutines waiting to push.
    pub fn producers(&self) -> usize {
        self.producers.borrow().len()
    }

    /// Shows every queued value.
    pub fn for_each(&self, visit: impl FnMut(&T)) {
        self.values.borrow().iter().for_each(visit);
    }
}
