//! How many coroutines there may be, and how large their stacks are.

use super::engine::WORLD;
use crate::zend::fiber;

/// Highest number of coroutines alive at once.
pub fn max() -> usize {
    WORLD.0.max.get()
}

/// Sets `max_coroutine`.
pub fn set_max(max: usize) {
    WORLD.0.max.set(max);
}

/// C stack size of new coroutines, in bytes.
pub fn c_stack_size() -> usize {
    WORLD.0.slabs.borrow().c_stack()
}

/// Sets the C stack size of coroutines started from now on, in bytes.
pub fn set_c_stack_size(bytes: usize) {
    let before = c_stack_size();
    WORLD.0.slabs.borrow_mut().set_c_stack(bytes);
    if c_stack_size() != before {
        let pool = std::mem::take(&mut *WORLD.0.pool.borrow_mut());
        for record in pool {
            // SAFETY: parked in the pool: nothing runs there.
            unsafe {
                let stack = record.as_ref().local.stack.handle();
                stack.retire(&mut WORLD.0.slabs.borrow_mut());
            }
        }
    }
}

/// One line on stacks, for `php --ri steelwool`.
pub fn stack_mode() -> String {
    fiber::mode(&WORLD.0.slabs.borrow())
}
