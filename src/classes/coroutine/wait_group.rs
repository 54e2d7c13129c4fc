//! `Swoole\Coroutine\WaitGroup`.

use crate::classes::not_in_this_release;
use crate::zend::call::{Call, Return};

/// `WaitGroup::__construct`.
pub fn __construct(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine\\WaitGroup::__construct()")
}

/// `WaitGroup::add`.
pub fn add(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine\\WaitGroup::add()")
}

/// `WaitGroup::done`.
pub fn done(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine\\WaitGroup::done()")
}

/// `WaitGroup::wait`.
pub fn wait(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine\\WaitGroup::wait()")
}

/// `WaitGroup::count`.
pub fn count(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine\\WaitGroup::count()")
}
