//! Room to build frames in, used again.

use std::cell::Cell;

thread_local! {
    static SCRATCH: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Room, as it was given back.
pub(super) fn take() -> Vec<u8> {
    SCRATCH.take()
}

/// Gives room back, unless it is much.
pub(super) fn give(mut bytes: Vec<u8>) {
    bytes.clear();
    if bytes.capacity() <= 256 << 10 {
        SCRATCH.set(bytes);
    }
}
