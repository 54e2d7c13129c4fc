//! Which families of functions are hooked (`SWOOLE_HOOK_*`), as Swoole keeps it.
//!
//! There are two values. What was *set* (`hook_flags`, `Runtime::setHookFlags()`) is what PHP reads back. What is *in force* is that,
//! taken over when the first coroutine of a loop starts, or at once by `Runtime`; when the loop ends nothing is in force.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// `SWOOLE_HOOK_*`, as the stubs declare them for PHP.
pub mod hook {
    #![allow(missing_docs, reason = "each is the PHP constant of its name")]
    pub const TCP: u32 = 1 << 1;
    pub const UDP: u32 = 1 << 2;
    pub const UNIX: u32 = 1 << 3;
    pub const UDG: u32 = 1 << 4;
    pub const SSL: u32 = 1 << 5;
    pub const TLS: u32 = 1 << 6;
    pub const STREAM_FUNCTION: u32 = 1 << 7;
    pub const FILE: u32 = 1 << 8;
    pub const SLEEP: u32 = 1 << 9;
    pub const PROC: u32 = 1 << 10;
    pub const CURL: u32 = 1 << 11;
    pub const NATIVE_CURL: u32 = 1 << 12;
    pub const SOCKETS: u32 = 1 << 14;
    pub const STDIO: u32 = 1 << 15;
    pub const PDO_PGSQL: u32 = 1 << 16;
    pub const PDO_SQLITE: u32 = 1 << 19;
    pub const NET_FUNCTION: u32 = 1 << 21;
}

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

/// Whether any of these families may suspend now.
#[inline]
pub fn on(flags: u32) -> bool {
    in_force() & flags != 0
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
