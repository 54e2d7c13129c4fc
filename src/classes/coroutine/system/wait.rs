//! Waiting for child processes and signals.

use crate::classes::not_in_this_release;
use crate::zend::call::{Call, Return};

/// `wait(float $timeout = -1): array|false`
pub fn wait(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine\\System::wait()")
}

/// `waitPid(int $pid, float $timeout = -1): array|false`
pub fn wait_pid(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine\\System::waitPid()")
}

/// `waitSignal(array|int $signals, float $timeout = -1): int|false`
pub fn wait_signal(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine\\System::waitSignal()")
}
