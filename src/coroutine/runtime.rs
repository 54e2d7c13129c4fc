//! The event loop of one thread: a tokio `current_thread` runtime that lives from the first use to the end of the loop.
//!
//! It is made lazily (a script without coroutines never pays for it) and dropped when its loop has ended, so that a later
//! `fork` copies no live epoll descriptor. A fork that happens meanwhile is told by [`EventLoop::forked`]: the child leaves the
//! parent's runtime alone and makes its own.
//!
//! The loop alternates between tokio (tasks, I/O, coroutines that become ready) and turns of the scheduler's sources and timers
//! outside of it.

use super::pool;
use super::scheduler::{Event, Machine, Outcome, Scheduler};
use super::source::Leaving;
use crate::local_task;
use std::cell::{Cell, RefCell};
use std::io;
use std::mem::ManuallyDrop;
use tokio::runtime::{Builder, Runtime};

/// Turns in a row, when each asks for the next one, before tokio's tasks and I/O have theirs: to wake tokio's main future costs two
/// system calls.
const TURNS: u32 = 4;

/// The runtime of one thread.
pub struct EventLoop {
    runtime: RefCell<Option<Runtime>>,
    handle: RefCell<Option<tokio::runtime::Handle>>,
    running: Cell<bool>,
    /// Forks of which this process is the child.
    forks: Cell<u32>,
    /// The runtime has its drain task.
    drains: Cell<bool>,
    /// Called whenever the thread has waited for events.
    waited: Cell<fn()>,
    /// Called whenever the thread is about to wait for events.
    waits: Cell<Option<fn()>>,
}

impl Default for EventLoop {
    fn default() -> Self {
        Self::new()
    }
}

/// Threads of the blocking pool take no signals: PHP's handlers belong on PHP's thread.
fn leave_signals_alone() {
    // SAFETY: fills a set of ours and sets this thread's mask.
    unsafe {
        let mut all = std::mem::zeroed();
        libc::sigfillset(&mut all);
        libc::pthread_sigmask(libc::SIG_SETMASK, &all, std::ptr::null_mut());
    }
}

impl EventLoop {
    /// No runtime yet.
    pub const fn new() -> Self {
        Self {
            runtime: RefCell::new(None),
            handle: RefCell::new(None),
            running: Cell::new(false),
            forks: Cell::new(0),
            drains: Cell::new(false),
            waited: Cell::new(|| ()),
            waits: Cell::new(None),
        }
    }

    /// Has `waited` called whenever the thread has waited for events, in runtimes made from now on.
    pub fn after_wait(&self, waited: fn()) {
        self.waited.set(waited);
    }

    /// Has `waits` called whenever the thread is about to wait for events, in runtimes made from now on.
    pub fn before_wait(&self, waits: fn()) {
        self.waits.set(Some(waits));
    }

    /// Whether the loop is running (somewhere below on this thread's stacks).
    pub fn running(&self) -> bool {
        self.running.get()
    }

    fn ensure(&self) -> io::Result<()> {
        if self.handle.borrow().is_none() {
            let mut builder = Builder::new_current_thread();
            builder.enable_all().on_thread_unpark(self.waited.get());
            if let Some(waits) = self.waits.get() {
                builder.on_thread_park(waits);
            }
            let runtime = pool::configure(&mut builder, leave_signals_alone).build()?;
            *self.handle.borrow_mut() = Some(runtime.handle().clone());
            *self.runtime.borrow_mut() = Some(runtime);
            self.drains.set(false);
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
        Ok(self.run_on(self.take()?, scheduler))
    }

    /// Runs the loop on this runtime.
    pub(super) fn run_on<M: Machine>(&self, runtime: Runtime, scheduler: &'static Scheduler<M>) -> Outcome {
        self.running.set(true);
        scheduler.begin();
        let mut runtime = ManuallyDrop::new(runtime);
        let mut ours = self.forks.get();
        self.start_drain(&runtime, scheduler);
        let mut held = scheduler.begins_held();
        let outcome = loop {
            match local_task::inside(|| runtime.block_on(scheduler.next_event(held))) {
                Event::End(outcome) => {
                    let _context = runtime.enter();
                    if outcome == Outcome::Stopped || scheduler.leaving() || M::may_end() {
                        break outcome;
                    }
                    held = true;
                }
                Event::Turn => {
                    held = false;
                    let _context = runtime.enter();
                    local_task::outside(|| {
                        for _ in 0..TURNS {
                            scheduler.turn();
                            if !scheduler.goes_on() || ours != self.forks.get() {
                                break;
                            }
                        }
                    });
                }
            }
            if scheduler.leaving()
                && let Some(outcome) = scheduler.outcome()
            {
                break outcome;
            }
            if ours != self.forks.get() {
                // A source's callback forked and this is the child, back in a loop that was its parent's.
                ours = self.forks.get();
                match self.take() {
                    Ok(own) => runtime = ManuallyDrop::new(own),
                    Err(_) => break Outcome::Stopped,
                }
                self.running.set(true);
                self.start_drain(&runtime, scheduler);
            }
        };
        self.running.set(false);
        scheduler.begin();
        *self.handle.borrow_mut() = None;
        scheduler.detach(Leaving::Ended);
        local_task::give_up();
        // Connections and other tasks go with it; suspended stacks stay mapped, their timers and sockets are deregistered.
        ManuallyDrop::into_inner(runtime).shutdown_background();
        outcome
    }

    /// Runs one round of the loop and leaves the runtime as it is: waits until something is due and serves it. The answer is
    /// `None`, or why nothing will be due.
    ///
    /// # Errors
    /// The operating system refused a runtime, or the loop is running already.
    pub fn run_once<M: Machine>(&self, scheduler: &'static Scheduler<M>) -> io::Result<Option<Outcome>> {
        let runtime = ManuallyDrop::new(self.take()?);
        let ours = self.forks.get();
        self.running.set(true);
        scheduler.begin();
        self.start_drain(&runtime, scheduler);
        let outcome = loop {
            let round = match local_task::inside(|| runtime.block_on(scheduler.next_event(false))) {
                Event::End(outcome) => break Some(outcome),
                Event::Turn => {
                    let _context = runtime.enter();
                    local_task::outside(|| scheduler.turn())
                }
            };
            if scheduler.stopped() {
                break Some(Outcome::Stopped);
            }
            if round || ours != self.forks.get() {
                break None;
            }
        };
        if ours == self.forks.get() {
            self.running.set(false);
            *self.runtime.borrow_mut() = Some(ManuallyDrop::into_inner(runtime));
        }
        Ok(outcome)
    }

    fn start_drain<M: Machine>(&self, runtime: &Runtime, scheduler: &'static Scheduler<M>) {
        if self.drains.replace(true) {
            return;
        }
        let _context = runtime.enter();
        local_task::spawn(tokio::task::unconstrained(scheduler.drain()));
    }

    fn take(&self) -> io::Result<Runtime> {
        self.ensure()?;
        self.runtime.borrow_mut().take().ok_or_else(|| io::Error::other("the event loop is already running"))
    }

    /// In a fork's child: the runtime is the parent's. It is forgotten, neither used nor closed; the next use makes another.
    pub fn forked(&self) {
        pool::forked();
        local_task::forked();
        self.forks.set(self.forks.get() + 1);
        self.running.set(false);
        std::mem::forget(self.runtime.borrow_mut().take());
        std::mem::forget(self.handle.borrow_mut().take());
    }
}
