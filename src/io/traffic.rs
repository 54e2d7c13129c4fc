//! How many bytes the clients of this thread's servers have sent.

use std::cell::Cell;

thread_local! {
    static RECEIVED: Cell<i64> = const { Cell::new(0) };
}

/// A client has sent so many bytes.
#[inline]
pub fn received(bytes: usize) {
    RECEIVED.set(RECEIVED.get() + bytes as i64);
}

/// The bytes that have come since the last call.
pub fn take_received() -> i64 {
    RECEIVED.take()
}
