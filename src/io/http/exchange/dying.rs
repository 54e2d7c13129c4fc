//! Whether this process ends in the middle of its work.

use std::sync::atomic::{AtomicBool, Ordering};

/// Set once, see [`dies`].
static DIES: AtomicBool = AtomicBool::new(false);

/// This process ends in the middle of its work. What it has not answered by then failed with it, not by itself: responders that are
/// dropped from now on leave it to whoever has the connections to say so. Replies can still be given.
pub fn dies() {
    DIES.store(true, Ordering::Relaxed);
}

/// Whether [`dies`] was called.
pub fn dying() -> bool {
    DIES.load(Ordering::Relaxed)
}
