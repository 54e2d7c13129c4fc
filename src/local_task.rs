//! Tasks that stay on their thread.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Spawns a task that need not be `Send` on the `current_thread` runtime that runs here. A `LocalSet` would say the same at the
/// price of a second queue between each wake-up and its poll.
///
/// # Panics
/// Outside of a runtime, and on a runtime with more threads.
pub fn spawn(future: impl Future<Output = ()> + 'static) {
    use tokio::runtime::{Handle, RuntimeFlavor};
    assert!(Handle::current().runtime_flavor() == RuntimeFlavor::CurrentThread, "tasks must stay on their thread");
    tokio::spawn(OnThisThread(future));
}

struct OnThisThread<F>(F);

// SAFETY: a `current_thread` runtime (checked by `spawn`) polls and drops its tasks on the thread that drives it, and this crate
// drives each of its runtimes on the thread that made it.
unsafe impl<F> Send for OnThisThread<F> {}

impl<F: Future> Future for OnThisThread<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        // SAFETY: structural pinning of the only field.
        unsafe { self.map_unchecked_mut(|this| &mut this.0) }.poll(context)
    }
}
