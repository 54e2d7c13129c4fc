//! Waiting for a descriptor.

use crate::classes::not_in_this_release;
use crate::zend::call::{Call, Return};

/// `waitEvent(mixed $socket, int $events = SWOOLE_EVENT_READ, float $timeout = -1): int|false`
pub fn wait_event(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine\\System::waitEvent()")
}
