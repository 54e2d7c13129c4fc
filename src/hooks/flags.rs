//! Which families of functions are hooked (`SWOOLE_HOOK_*`), as Swoole keeps it.
//!
//! There are two values. What was *set* (`hook_flags`, `Runtime::setHookFlags()`) is what PHP reads back. What is *in force* is that,
//! taken over when the first coroutine of a loop starts, or at once by `Runtime`; when the loop ends nothing is in force.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

static CONFIGURED: AtomicU32 = AtomicU32::new(0);
static IN_FORCE: AtomicU32 = AtomicU32::new(0);

/// What PHP set last.
pub fn configured() -> u32 {
    CONFIGURED.load(Relaxed)
}

/// Sets what the next loop takes over.
pub fn configure(flags: u32) {
    CONFIGURED.store(flags, Relaxed);
}

/// What hooks look at: the families that may suspend now.
#[inline]
pub fn in_force() -> u32 {
    IN_FORCE.load(Relaxed)
}

/// Sets what holds now and for later loops.
pub fn enable(flags: u32) {
    configure(flags);
    IN_FORCE.store(flags, Relaxed);
}

/// A loop's first coroutine starts.
pub fn begin() {
    if configured() != 0 {
        IN_FORCE.store(configured(), Relaxed);
    }
}

/// A loop has ended.
pub fn end() {
    IN_FORCE.store(0, Relaxed);
}

/// The end of a request: nothing was set.
pub fn reset() {
    enable(0);
}
