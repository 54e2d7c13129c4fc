//! `Swoole\Coroutine\Channel`.

use crate::classes::not_in_this_release;
use crate::zend::call::{Call, Return};

/// `Channel::__construct`.
pub fn __construct(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine\\Channel::__construct()")
}

/// `Channel::push`.
pub fn push(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine\\Channel::push()")
}

/// `Channel::pop`.
pub fn pop(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine\\Channel::pop()")
}

/// `Channel::isEmpty`.
pub fn is_empty(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine\\Channel::isEmpty()")
}

/// `Channel::isFull`.
pub fn is_full(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine\\Channel::isFull()")
}

/// `Channel::close`.
pub fn close(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine\\Channel::close()")
}

/// `Channel::stats`.
pub fn stats(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine\\Channel::stats()")
}

/// `Channel::length`.
pub fn length(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine\\Channel::length()")
}
