//! The event loop of one thread: a tokio `current_thread` runtime that lives from the first use to the end of the loop.
//!
//! It is made lazily (a script without coroutines never pays for it) and dropped when its loop has ended, so that a later
//! `fork` copies no live epoll descriptor.

use super::scheduler::{Machine, Outcome, Scheduler};
use crate::local_task;
use std::cell::{Cell, RefCell};
use std::io;
use tokio::runtime::{Builder, Runtime};

/// The runtime of one thread.
pub struct EventLoop {
    runtime: RefCell<Option<Runtime>>,
    handle: RefCell<Option<tokio::runtime::Handle>>,
    running: Cell<bool>,
}

impl Default for EventLoop {
    fn default() -> Self {
        Self::new()
    }
}

impl EventLoop {
    /// No runtime yet.
    pub const fn new() -> Self {
        Self { runtime: RefCell::new(None), handle: RefCell::new(None), running: Cell::new(false) }
    }

    /// Whether the loop is running (somewhere below on this thread's stacks).
    pub fn running(&self) -> bool {
        self.running.get()
    }

    fn ensure(&self) -> io::Result<()> {
        if self.handle.borrow().is_none() {
            let runtime = Builder::new_current_thread().enable_all().build()?;
            *self.handle.borrow_mut() = Some(runtime.handle().clone());
            *self.runtime.borrow_mut() = Some(runtime);
        }
        Ok(())
    }

    /// Runs `body` in the runtime's context, so that it can make timers and sockets and spawn tasks.
    ///
    /// # Panics
    /// When the operating system refuses a runtime (no descriptors left).
    #[inline]
    pub fn within<T>(&self, body: impl FnOnce() -> T) -> T {
        if self.running.get() {
            return body();
        }
        if let Err(error) = self.ensure() {
            panic!("cannot start the event loop: {error}");
        }
        let handle = self.handle.borrow().clone();
        let _context = handle.as_ref().map(tokio::runtime::Handle::enter);
        body()
    }

    /// Runs the loop until the scheduler has nothing left to do, then drops the runtime.
    ///
    /// # Errors
    /// The operating system refused a runtime.
    pub fn run<M: Machine>(&self, scheduler: &'static Scheduler<M>) -> io::Result<Outcome> {
        self.ensure()?;
        let Some(runtime) = self.runtime.borrow_mut().take() else {
            return Err(io::Error::other("the event loop is already running"));
        };
        Ok(self.run_on(runtime, scheduler))
    }

    /// Runs the loop on this runtime.
    pub(super) fn run_on<M: Machine>(&self, runtime: Runtime, scheduler: &'static Scheduler<M>) -> Outcome {
        self.running.set(true);
        let outcome = runtime.block_on(async {
            local_task::spawn(tokio::task::unconstrained(scheduler.drain()));
            scheduler.until_idle().await
        });
        self.running.set(false);
        *self.handle.borrow_mut() = None;
        // Connections and other tasks go with it; suspended stacks stay mapped, their timers and sockets are deregistered.
        runtime.shutdown_background();
        scheduler.detach();
        outcome
    }
}
