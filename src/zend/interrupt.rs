//! The VM's interrupt flag, which compiled loops and calls look at.

use super::sys;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

static HANDLER: OnceLock<fn()> = OnceLock::new();

/// The flag: set from any thread, it has the handler called on the PHP thread soon.
pub fn flag() -> &'static AtomicBool {
    // SAFETY: a byte of the engine's globals, which never move (NTS) and which the engine itself reads and writes atomically.
    unsafe { AtomicBool::from_ptr(sys::steelwool_interrupt_flag()) }
}

/// Has `handler` called at every interrupt from now on, after those that were there before. Only the first call counts.
pub fn install(handler: fn()) {
    if HANDLER.set(handler).is_ok() {
        // SAFETY: on the PHP thread; the shim keeps what was installed before.
        unsafe { sys::steelwool_hook_interrupt() };
    }
}

/// Does what the VM does when it sees the flag: for code that runs when no PHP code does.
pub fn serve() {
    // SAFETY: on the PHP thread, between frames of PHP code.
    unsafe { sys::steelwool_serve_interrupt() };
}

/// Called by the shim on the stack that was interrupted.
#[unsafe(no_mangle)]
extern "C" fn steelwool_interrupted() {
    if let Some(handler) = HANDLER.get() {
        handler();
    }
}

/// Blocks all signals on this thread while it lives; a thread started meanwhile never gets any.
pub struct BlockedSignals(libc::sigset_t);

impl BlockedSignals {
    /// Blocks them.
    #[expect(clippy::new_without_default, reason = "it does something")]
    pub fn new() -> Self {
        // SAFETY: fills two sets of ours; all-zero is a valid set.
        unsafe {
            let (mut all, mut before) = (std::mem::zeroed(), std::mem::zeroed());
            libc::sigfillset(&mut all);
            libc::pthread_sigmask(libc::SIG_BLOCK, &all, &mut before);
            Self(before)
        }
    }
}

impl Drop for BlockedSignals {
    fn drop(&mut self) {
        // SAFETY: puts back the set that `new` read.
        unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &self.0, std::ptr::null_mut()) };
    }
}
