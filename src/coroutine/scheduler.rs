//! The scheduler: who runs, who waits, and for what.
//!
//! ```text
//!   root stack (PHP's main stack, inside the tokio loop)        coroutine stacks
//!   ─────────────────────────────────────────────────────       ───────────────────────────────
//!   drain task ── poll(pending future) ── ready? ── resume ──▶  A runs … go(B) ── resume ──▶  B runs
//!        ▲                                                      ▲                             │
//!        └──────────── suspend ◀── A: wait(future) ─────────────┴──────── suspend ◀───────────┘
//! ```
//!
//! * `resume` switches into a coroutine at once and returns when that one suspends or ends; so `go()`, `Channel::push` and
//!   `Coroutine::resume` nest like calls, which is Swoole's observable order.
//! * `suspend` returns to whoever resumed. What is awaited (a pinned future) stays on the suspended stack; the record keeps
//!   an erased pointer to it and the drain task polls it from outside, so a stack is only entered when its future is ready.
//! * A record ([`Coroutine`]) belongs to its stack and is reused with it; a coroutine is named by its id, never reused,
//!   which makes a late wake-up harmless: it finds nobody.
//!
//! * Deadlines (sleeps, time-outs, `Swoole\Timer`) are in one heap, so they fire in the order of their times whoever set them.
//!   They and the [sources](super::source) are served in turns of the loop, on the root stack, see [`Scheduler::turn`].
//!
//! The scheduler knows no PHP: [`Machine`] says how to get, enter and leave a stack. Tests drive it on plain stacks.

mod record;
mod turns;

pub use record::{Canceled, Coroutine, Parked, Waiting, Wake};
use record::{Pending, Slot};

use super::source::{Leaving, Sources};
use super::table::Table;
use super::timers::Timers;
use super::waker;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tokio::time::{Instant, Sleep};

/// How stacks are made and switched. One implementation per world: the PHP engine, and plain stacks in tests.
pub trait Machine: Sized + 'static {
    /// What a stack carries for its machine (engine context, job, defers).
    type Local: 'static;

    /// What goes off at a time besides waits of coroutines, see [`Scheduler::set_alarm`].
    type Alarm: 'static;

    /// The one scheduler of this thread.
    fn scheduler() -> &'static Scheduler<Self>;

    /// Wake-ups that come from other threads.
    fn remote() -> &'static waker::Remote;

    /// Whether the caller is on the scheduler's own thread.
    fn on_thread() -> bool;

    /// Enters the coroutine's stack from the current one; returns when it suspends or ends.
    fn enter(coroutine: &Coroutine<Self>);

    /// Leaves the coroutine's stack (the current one) for whoever entered it; returns when it is entered again.
    fn leave(coroutine: &Coroutine<Self>);

    /// Takes back the stack of a coroutine that has ended.
    fn release(coroutine: NonNull<Coroutine<Self>>);

    /// Runs `body` where tokio's timers and sockets can be made, whether or not the loop is running.
    fn in_runtime<T>(body: impl FnOnce() -> T) -> T;

    /// An alarm goes off, in a turn of the loop that began at `now`.
    fn ring(alarm: Self::Alarm, now: Instant);

    /// Asked on the root stack when nothing is left to do: whether the loop may end. If not it waits for something to happen
    /// and asks again.
    fn may_end() -> bool {
        true
    }
}
/// What goes off at a deadline.
enum Alarm<A> {
    /// The coroutine with this id has waited long enough.
    Coroutine(i64),
    /// Something of the machine's.
    Machine(A),
}

/// All coroutines of one thread.
pub struct Scheduler<M: Machine> {
    records: RefCell<Table<Coroutine<M>>>,
    current: Cell<Option<NonNull<Coroutine<M>>>>,
    ready: RefCell<VecDeque<i64>>,
    last_id: Cell<i64>,
    peak: Cell<usize>,
    /// Suspended coroutines that only the runtime can bring back.
    external: Cell<usize>,
    /// Set while a drain is due, so that a burst of wake-ups costs one.
    drain_due: Cell<bool>,
    drain: RefCell<Option<Waker>>,
    idle: RefCell<Option<Waker>>,
    /// Set while the main future is about to be polled.
    idle_due: Cell<bool>,
    timers: RefCell<Timers<Alarm<M::Alarm>>>,
    /// The runtime's timer that goes off with the next alarm, or before.
    clock: RefCell<Option<Pin<Box<Sleep>>>>,
    /// An alarm has gone off and who it was for has not come back yet.
    ringing: Cell<bool>,
    sources: Sources,
    /// Rounds of the loop are observed, see [`Scheduler::keep_rounds`].
    rounds: Cell<bool>,
    /// Something ran since the last round.
    round: Cell<bool>,
    /// The loop ends after this round.
    leaving: Cell<bool>,
    /// The end was refused before the next loop began.
    held: Cell<bool>,
    /// Set by [`Scheduler::stop`]; nothing is resumed from then on.
    stopped: Cell<bool>,
}

/// Why tokio's loop came back.
pub(super) enum Event {
    /// A deadline has passed or a source asked for it: call [`Scheduler::turn`] and go on.
    Turn,
    /// Nothing is left to do.
    End(Outcome),
}

/// How a loop ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Every coroutine ended.
    Finished,
    /// The rest wait for each other and nothing outside can wake them.
    Deadlock,
    /// [`Scheduler::stop`] was called.
    Stopped,
}

/// Ready coroutines polled in one go before tokio's other tasks and the I/O driver get their turn.
const BATCH: usize = 64;

impl<M: Machine> Default for Scheduler<M> {
    fn default() -> Self {
        Self::new()
    }
}

impl<M: Machine> Scheduler<M> {
    /// An empty scheduler.
    pub const fn new() -> Self {
        Self {
            records: RefCell::new(Table::new()),
            current: Cell::new(None),
            ready: RefCell::new(VecDeque::new()),
            last_id: Cell::new(0),
            peak: Cell::new(0),
            external: Cell::new(0),
            drain_due: Cell::new(false),
            drain: RefCell::new(None),
            idle: RefCell::new(None),
            idle_due: Cell::new(false),
            timers: RefCell::new(Timers::new()),
            clock: RefCell::new(None),
            ringing: Cell::new(false),
            sources: Sources::new(),
            rounds: Cell::new(false),
            round: Cell::new(false),
            leaving: Cell::new(false),
            held: Cell::new(false),
            stopped: Cell::new(false),
        }
    }

    /// The running coroutine, if the caller is in one.
    #[inline]
    pub fn current(&self) -> Option<&Coroutine<M>> {
        // SAFETY: a running coroutine's record stays until it ends, and its caller is it.
        self.current.get().map(|record| unsafe { &*record.as_ptr() })
    }

    /// Number of coroutines that have not ended.
    pub fn count(&self) -> usize {
        self.records.borrow().len()
    }

    /// Highest number of coroutines alive at once so far.
    pub fn peak(&self) -> usize {
        self.peak.get()
    }

    /// Id of the newest coroutine; 0 before the first.
    pub fn last_id(&self) -> i64 {
        self.last_id.get()
    }

    /// Ids of all coroutines alive, newest first (the order in which Swoole lists them).
    pub fn ids(&self) -> Vec<i64> {
        let mut ids: Vec<i64> = self.records.borrow().ids().collect();
        ids.sort_unstable_by(|a, b| b.cmp(a));
        ids
    }

    /// The coroutine with this id, if it is alive. The reference holds until it is next resumed.
    pub fn find(&self, id: i64) -> Option<&Coroutine<M>> {
        // SAFETY: records in the map are alive; they leave it in `resume` when they end.
        self.records.borrow().get(id).map(|record| unsafe { &*record.as_ptr() })
    }

    /// Whether [`Scheduler::stop`] was called.
    pub fn stopped(&self) -> bool {
        self.stopped.get()
    }

    /// Runs nothing any more and ends the loop: the way out of a fatal error. Suspended stacks stay as they are.
    pub fn stop(&self) {
        self.stopped.set(true);
        self.current.set(None);
        self.wake_idle();
    }

    /// Takes [`Scheduler::stop`] back, for coroutines that are started from now on; those from before are forgotten.
    pub fn go_on(&self) {
        self.records.borrow_mut().clear();
        self.stopped.set(false);
    }

    /// Starts a coroutine on a fresh or pooled stack; returns its id when it first suspends or ends.
    pub fn start(&self, record: NonNull<Coroutine<M>>) -> i64 {
        // SAFETY: the machine just gave us this record; nobody else has it.
        let coroutine = unsafe { record.as_ref() };
        let id = self.last_id.get() + 1;
        self.last_id.set(id);
        coroutine.id.set(id);
        coroutine.parent.set(self.current().map_or(-1, |parent| parent.id.get()));
        coroutine.waiting.set(Waiting::Nothing);
        coroutine.wake.set(Wake::Ready);
        coroutine.ended.set(false);
        let count = {
            let mut records = self.records.borrow_mut();
            records.insert(id, record);
            records.len()
        };
        if count > self.peak.get() {
            self.peak.set(count);
        }
        self.enter(record);
        id
    }

    /// Resumes a coroutine that waits on another one (not on the runtime). False when it does not.
    #[inline]
    pub fn resume(&self, id: i64, kind: Waiting) -> bool {
        let Some(record) = self.records.borrow().get(id) else { return false };
        // SAFETY: in the map, so alive.
        let coroutine = unsafe { record.as_ref() };
        if coroutine.waiting.get() != kind {
            return false;
        }
        coroutine.wake.set(Wake::Resumed);
        self.enter(record);
        true
    }

    /// Ends the wait of a suspended coroutine with [`Canceled`]. False when it is not suspended, or waits for its next turn.
    pub fn cancel(&self, id: i64) -> bool {
        let Some(record) = self.records.borrow().get(id) else { return false };
        // SAFETY: in the map, so alive.
        let coroutine = unsafe { record.as_ref() };
        if matches!(coroutine.waiting.get(), Waiting::Nothing | Waiting::Turn) {
            return false;
        }
        coroutine.wake.set(Wake::Canceled);
        self.enter(record);
        true
    }

    /// Switches in, and cleans up when the coroutine has ended by the time it switches out.
    #[inline(always)]
    fn enter(&self, record: NonNull<Coroutine<M>>) {
        if self.stopped.get() {
            return;
        }
        self.round.set(true);
        let caller = self.current.replace(Some(record));
        // SAFETY: alive, see the callers.
        let coroutine = unsafe { record.as_ref() };
        coroutine.caller.set(caller);
        M::enter(coroutine);
        if self.stopped.get() {
            // A fatal error somewhere above jumped here, past whatever ran in between: nothing more is ours to do.
            return;
        }
        self.current.set(caller);
        // Only its own end, seen here, releases a record.
        if coroutine.ended.get() {
            let left = {
                let mut records = self.records.borrow_mut();
                records.remove(coroutine.id.get());
                records.len()
            };
            M::release(record);
            if left == 0 {
                self.wake_idle();
            }
        }
    }

    /// Suspends the current coroutine until it is resumed, cancelled or, with `pending`, its future is ready.
    #[inline(always)]
    fn suspend(&self, coroutine: &Coroutine<M>, waiting: Waiting, pending: Option<NonNull<dyn Pending>>) -> Wake {
        coroutine.pending.set(pending);
        coroutine.waiting.set(waiting);
        if pending.is_some() {
            self.external.set(self.external.get() + 1);
        }
        M::leave(coroutine);
        // Gone when the loop was left meanwhile.
        if coroutine.pending.take().is_some() {
            self.external.set(self.external.get() - 1);
        }
        coroutine.waiting.set(Waiting::Nothing);
        coroutine.wake.get()
    }

    /// Suspends the current coroutine until another one resumes it.
    ///
    /// # Errors
    /// [`Canceled`] when it was cancelled.
    ///
    /// # Panics
    /// Outside a coroutine.
    #[inline]
    pub fn park(&self, waiting: Waiting) -> Result<(), Canceled> {
        let coroutine = self.current().expect("park() is called inside a coroutine");
        match self.suspend(coroutine, waiting, None) {
            Wake::Canceled => Err(Canceled),
            Wake::Ready | Wake::Resumed | Wake::TimedOut => Ok(()),
        }
    }

    /// Suspends the current coroutine until another one resumes it or `deadline` has passed.
    ///
    /// # Errors
    /// [`Canceled`] when it was cancelled.
    ///
    /// # Panics
    /// Outside a coroutine.
    pub fn park_until(&self, waiting: Waiting, deadline: Instant) -> Result<Parked, Canceled> {
        let coroutine = self.current().expect("park_until() is called inside a coroutine");
        let key = self.add_alarm(deadline, Alarm::Coroutine(coroutine.id.get()));
        let wake = self.suspend(coroutine, waiting, None);
        if wake != Wake::TimedOut {
            self.timers.borrow_mut().cancel(key);
        }
        match wake {
            Wake::Canceled => Err(Canceled),
            Wake::TimedOut => Ok(Parked::TimedOut),
            Wake::Ready | Wake::Resumed => Ok(Parked::Resumed),
        }
    }

    /// Suspends the current coroutine until another one resumes it, for at most `timeout` (`None`: for ever).
    ///
    /// # Errors
    /// [`Canceled`] when it was cancelled.
    ///
    /// # Panics
    /// Outside a coroutine.
    pub fn park_for(&self, waiting: Waiting, timeout: Option<Duration>) -> Result<Parked, Canceled> {
        match timeout.and_then(|timeout| Instant::now().checked_add(timeout)) {
            Some(deadline) => self.park_until(waiting, deadline),
            // None, or beyond what a clock can hold.
            None => self.park(waiting).map(|()| Parked::Resumed),
        }
    }

    /// Suspends the current coroutine until `future` is ready.
    ///
    /// # Errors
    /// [`Canceled`] when it was cancelled; the future is dropped.
    ///
    /// # Panics
    /// Outside a coroutine.
    #[inline]
    pub fn wait<F: Future>(&self, future: F) -> Result<F::Output, Canceled> {
        self.wait_until(Waiting::External, future, None)?.ok_or(Canceled)
    }

    /// As [`Scheduler::wait`], for what must not be broken off: [`Scheduler::cancel`] refuses. `None` when the loop is stopped.
    ///
    /// # Panics
    /// Outside a coroutine.
    pub fn wait_firmly<F: Future>(&self, future: F) -> Option<F::Output> {
        self.wait_until(Waiting::Turn, future, None).ok()?
    }

    /// Suspends the current coroutine until `future` is ready, for at most `timeout` (`None`: for ever). The answer is `None`
    /// when the time has passed; the future is dropped then.
    ///
    /// # Errors
    /// [`Canceled`] when it was cancelled; the future is dropped.
    ///
    /// # Panics
    /// Outside a coroutine.
    #[inline]
    pub fn wait_for<F: Future>(&self, future: F, timeout: Option<Duration>) -> Result<Option<F::Output>, Canceled> {
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        self.wait_until(Waiting::External, future, deadline)
    }

    #[inline(always)]
    fn wait_until<F: Future>(
        &self,
        waiting: Waiting,
        future: F,
        deadline: Option<Instant>,
    ) -> Result<Option<F::Output>, Canceled> {
        let coroutine = self.current().expect("wait() is called inside a coroutine");
        let waker = waker::of::<M>(coroutine.id.get());
        let mut slot = Slot { future, output: None };
        let ready = M::in_runtime(|| slot.poll(&mut Context::from_waker(&waker)));
        if !ready {
            let erased: NonNull<dyn Pending + '_> = NonNull::from(&mut slot);
            // SAFETY: only the lifetime is erased. `suspend` clears `pending` before `slot` goes out of scope, and no poll can
            // come between: this frame stays parked until then, and an abandoned stack is never unmapped while wake-ups
            // exist.
            let erased = unsafe { std::mem::transmute::<NonNull<dyn Pending + '_>, NonNull<dyn Pending>>(erased) };
            let key = deadline.map(|deadline| self.add_alarm(deadline, Alarm::Coroutine(coroutine.id.get())));
            let wake = self.suspend(coroutine, waiting, Some(erased));
            if let Some(key) = key
                && wake != Wake::TimedOut
            {
                self.timers.borrow_mut().cancel(key);
            }
            if wake == Wake::Canceled {
                return Err(Canceled);
            }
        }
        Ok(slot.output)
    }

    /// Marks a coroutine for polling by the next drain. Called by wakers on the scheduler's thread.
    pub(super) fn make_ready(&self, id: i64) {
        self.ready.borrow_mut().push_back(id);
        self.schedule_drain();
    }

    fn schedule_drain(&self) {
        if !self.drain_due.replace(true)
            && let Some(waker) = &*self.drain.borrow()
        {
            waker.wake_by_ref();
        }
    }

    fn wake_idle(&self) {
        // Waking the main future is a system call, also from its own thread.
        if !self.idle_due.replace(true)
            && let Some(waker) = &*self.idle.borrow()
        {
            waker.wake_by_ref();
        }
    }

    /// Polls what one ready coroutine waits for and switches in when it is there.
    fn poll_one(&self, id: i64) {
        let Some(record) = self.records.borrow().get(id) else { return };
        // SAFETY: in the map, so alive.
        let coroutine = unsafe { record.as_ref() };
        let Some(mut pending) = coroutine.pending.get() else { return };
        let waker = waker::of::<M>(id);
        // SAFETY: the slot lives in the suspended frame that `pending` points into, see `wait_until`.
        if unsafe { pending.as_mut() }.poll(&mut Context::from_waker(&waker)) {
            coroutine.wake.set(Wake::Ready);
            self.enter(record);
        }
    }

    /// The drain task: polls ready coroutines in batches for as long as the loop lives. Spawn it once per loop.
    pub async fn drain(&self) {
        std::future::poll_fn(|context| {
            self.drain_due.set(false);
            if !self.drain.borrow().as_ref().is_some_and(|waker| waker.will_wake(context.waker())) {
                *self.drain.borrow_mut() = Some(context.waker().clone());
            }
            M::remote().collect(context.waker(), |id| self.ready.borrow_mut().push_back(id));
            if self.rounds.get() && !self.ready.borrow().is_empty() {
                self.request_turn();
            }
            let mut idle = true;
            for _ in 0..BATCH {
                if self.stopped.get() {
                    return Poll::Pending;
                }
                let next = self.ready.borrow_mut().pop_front();
                match next {
                    Some(id) => {
                        idle = false;
                        self.poll_one(id);
                    }
                    None => {
                        if !idle && self.external.get() == 0 {
                            self.wake_idle();
                        }
                        return Poll::Pending;
                    }
                }
            }
            self.drain_due.set(true);
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await
    }

    /// Gives memory back that a burst of coroutines took.
    pub fn shrink(&self) {
        self.records.borrow_mut().shrink();
        self.ready.borrow_mut().shrink_to(BATCH);
    }

    /// Forgets everything: no suspended stack will run again.
    pub fn reset(&self) {
        self.records.borrow_mut().clear();
        self.ready.borrow_mut().clear();
        self.current.set(None);
        self.last_id.set(0);
        self.peak.set(0);
        self.external.set(0);
        self.held.set(false);
        self.stopped.set(false);
        self.rounds.set(false);
        self.leaving.set(false);
        self.forget_alarms();
        self.ringing.set(false);
        self.sources.reset();
        self.forget_wakers();
    }

    /// Forgets what belongs to the loop's runtime, which has ended or is a parent's.
    pub(super) fn detach(&self, leaving: Leaving) {
        self.sources.detach(leaving);
        if leaving == Leaving::Ended && self.external.get() > 0 {
            // The loop was left while these waited. What they wait for belongs to its runtime and must not be polled in another one.
            let records = self.records.borrow();
            for record in records.ids().filter_map(|id| records.get(id)) {
                // SAFETY: in the map, so alive.
                let coroutine = unsafe { record.as_ref() };
                if coroutine.pending.take().is_some() {
                    // Also what must not be broken off can only be cancelled now.
                    coroutine.waiting.set(Waiting::External);
                }
            }
            self.external.set(0);
        }
        let clock = self.clock.take();
        match leaving {
            Leaving::Ended => drop(clock),
            Leaving::Forked => std::mem::forget(clock),
        }
        self.forget_wakers();
    }

    fn forget_wakers(&self) {
        *self.drain.borrow_mut() = None;
        *self.idle.borrow_mut() = None;
        self.idle_due.set(false);
        self.drain_due.set(false);
    }
}
