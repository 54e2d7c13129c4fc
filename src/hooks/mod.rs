//! Runtime hooks: blocking calls of C code wait as coroutines do.
//!
//! * [`flags`]: which families are on, and when.

pub mod flags;

/// Turns these families on, at once and for later loops.
#[cfg(feature = "php")]
pub fn enable(flags: u32) {
    flags::enable(flags);
}

/// Ties the hooks to the coroutines' life; once, at module start.
#[cfg(feature = "php")]
pub fn install() {
    crate::coroutine::engine::on_activity(flags::begin, flags::end);
}
