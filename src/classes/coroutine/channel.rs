//! `Swoole\Coroutine\Channel`.

use super::timeout;
use crate::classes::{self, ce, slots::swoole_coroutine_channel as slot};
use crate::coroutine::channel::{Channel as Queue, ChannelError};
use crate::coroutine::engine::Php;
use crate::log;
use crate::native_handlers;
use crate::zend;
use crate::zend::array::Array;
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::object::{self, Native};
use ext_php_rs::types::{ZendObject, Zval};
use std::cell::OnceCell;
use std::time::Duration;

/// A queue of PHP values; empty until the constructor has run.
pub struct Channel {
    queue: OnceCell<Queue<Zval>>,
}

impl Native for Channel {
    native_handlers!();

    fn new() -> Self {
        Self { queue: OnceCell::new() }
    }

    fn visit(&self, visit: &mut dyn FnMut(&Zval)) {
        if let Some(queue) = self.queue.get() {
            queue.for_each(|value| visit(value));
        }
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        let Some(queue) = self.queue.get() else { return };
        for (count, who) in [(queue.producers(), "producers"), (queue.consumers(), "consumers")] {
            if count > 0 {
                let text = format!("channel is destroyed, {count} {who} will be discarded");
                let number = classes::errors::CO_HAS_BEEN_DISCARDED;
                log::error(log::WARNING, "Channel::~Channel()", number, text.as_bytes());
            }
        }
    }
}

impl Channel {
    /// The queue.
    ///
    /// # Errors
    /// A child class did not call the parent constructor.
    fn queue(&self) -> Result<&Queue<Zval>, Thrown> {
        match self.queue.get() {
            Some(queue) => Ok(queue),
            None => zend::throw(ce::swoole_error(), "must call constructor first", 0),
        }
    }

    /// Gives it a capacity; only the first call counts.
    pub(super) fn open(&self, capacity: usize) {
        let _ = self.queue.set(Queue::new(capacity));
    }

    pub(super) fn push_value(
        &self,
        value: Zval,
        timeout: Option<Duration>,
    ) -> Result<Result<(), ChannelError>, Thrown> {
        let queue = self.queue()?;
        classes::current_coroutine()?;
        Ok(queue.push::<Php>(value, timeout).map_err(|(_, error)| error))
    }

    pub(super) fn pop_value(&self, timeout: Option<Duration>) -> Result<Result<Zval, ChannelError>, Thrown> {
        let queue = self.queue()?;
        classes::current_coroutine()?;
        Ok(queue.pop::<Php>(timeout))
    }
}

fn set_error(object: &mut ZendObject, error: Option<ChannelError>) {
    object::set_long_slot(object, slot::ERR_CODE, error.map_or(0, |error| error as i64));
}

/// `__construct(int $size = 1)`
pub fn __construct(call: &mut Call<'_>) -> Return {
    let size = call.optional(0, 1, Call::long_arg)?.max(1);
    call.native::<Channel>().open(usize::try_from(size).unwrap_or(1));
    object::set_slot(call.this(), slot::CAPACITY, size);
    Ok(())
}

/// `push(mixed $data, float $timeout = -1): bool`
pub fn push(call: &mut Call<'_>) -> Return {
    let value = call.value(0).map(Zval::shallow_clone).unwrap_or_default();
    let wait = timeout(call.optional(1, -1.0, Call::double_arg)?);
    let outcome = call.native::<Channel>().push_value(value, wait)?;
    set_error(call.this(), outcome.err());
    call.return_bool(outcome.is_ok())
}

/// `pop(float $timeout = -1): mixed`
pub fn pop(call: &mut Call<'_>) -> Return {
    let wait = timeout(call.optional(0, -1.0, Call::double_arg)?);
    match call.native::<Channel>().pop_value(wait)? {
        Ok(value) => {
            set_error(call.this(), None);
            call.return_value(value)
        }
        Err(error) => {
            set_error(call.this(), Some(error));
            call.return_bool(false)
        }
    }
}

/// `isEmpty(): bool`
pub fn is_empty(call: &mut Call<'_>) -> Return {
    let empty = call.native::<Channel>().queue()?.is_empty();
    call.return_bool(empty)
}

/// `isFull(): bool`
pub fn is_full(call: &mut Call<'_>) -> Return {
    let full = call.native::<Channel>().queue()?.is_full();
    call.return_bool(full)
}

/// `close(): bool`
pub fn close(call: &mut Call<'_>) -> Return {
    let closed = call.native::<Channel>().queue()?.close::<Php>();
    call.return_bool(closed)
}

/// `stats(): array`
pub fn stats(call: &mut Call<'_>) -> Return {
    let queue = call.native::<Channel>().queue()?;
    let mut stats = Array::new();
    stats.set_long("consumer_num", queue.consumers() as i64);
    stats.set_long("producer_num", queue.producers() as i64);
    stats.set_long("queue_num", queue.len() as i64);
    call.return_value(stats.into())
}

/// `length(): int`
pub fn length(call: &mut Call<'_>) -> Return {
    let length = call.native::<Channel>().queue()?.len();
    call.return_long(length as i64)
}
