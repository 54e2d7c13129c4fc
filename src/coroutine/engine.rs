//! PHP coroutines: the scheduler's [`Machine`] on the engine's stacks.
//!
//! A stack loops over jobs ([`steelwool_run_jobs`]): it runs one, ends the coroutine, and parks itself in the pool until the
//! next one. A fatal error (PHP's bailout, a longjmp) inside a job lands in the shim's `zend_first_try`, which calls
//! [`steelwool_bailed_out`]: the scheduler is stopped and control jumps to the root stack, whose `enter` returns as usual;
//! the loop then ends, the runtime is dropped, and the trampoline of the PHP function that ran the loop continues the
//! bailout from a frame without destructors (`zend::call::trampoline`). Suspended stacks are never touched again.

use super::alarm::{Alarm, Timer};
use super::deferred::Deferred;
use super::origin::{self, Origin};
use super::runtime::EventLoop;
use super::scheduler::{Canceled, Coroutine, Machine, Scheduler, Waiting};
use super::source::Leaving;
use super::waker::Remote;
use super::{cancel, exit_condition, join, preempt, trim};
use crate::zend::backtrace::Frame;
use crate::zend::call::Thrown;
use crate::zend::callable::Callable;
use crate::zend::fiber::{Context, Stack};
use crate::zend::stack::Slabs;
use crate::zend::{self, sys};
use ext_php_rs::types::Zval;
use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::future::Future;
use std::io::Write;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::time::Instant;

mod driving;

pub use super::limits::{c_stack_size, max, set_c_stack_size, set_max, stack_mode};
pub use driving::{
    after_wait, ask, at_root, before_wait, callback, callback_once, callbacks_in_coroutines, ends_at_once, idle,
    loop_running, on_timer, put_off, put_off_count, register, reported_at_root, request_turn, run_loop, run_once,
    set_callbacks_in_coroutines, within,
};

/// PHP's own stacks and thread.
pub struct Php;

/// The record of a PHP coroutine.
pub type Record = Coroutine<Php>;

/// Idle stacks kept warm; more than these give their memory back.
const POOL: usize = 1024;

/// Default `max_coroutine`.
pub const DEFAULT_MAX: usize = 100_000;

/// What a PHP coroutine carries besides its record.
pub struct Local {
    pub(super) stack: Stack<Record>,
    /// Where to go on when resumed: the coroutine's own context, or a user's Fiber that was running in it.
    suspended_at: Cell<Context>,
    entered_from: Cell<Context>,
    job: Cell<Option<Job>>,
    pub(super) defers: RefCell<Vec<Callable>>,
    /// `Coroutine::getContext()`; undefined until asked for.
    pub(super) context: RefCell<Option<Zval>>,
    /// Its context has been given up: the coroutine is ending.
    pub(super) context_gone: Cell<bool>,
    /// Where it was suspended, for back traces.
    pub(super) frame: Cell<Frame>,
    /// Where its caller stands while it runs.
    pub(super) caller_frame: Cell<Frame>,
    /// An exception to raise when it goes on, see `cancel`.
    pub(super) thrown: Cell<Option<&'static sys::zend_class_entry>>,
    /// Another coroutine waits for its end.
    pub(super) joined: Cell<bool>,
    /// When it was entered, on the clock of `preempt`, while that is in force.
    pub(super) entered_at: Cell<u64>,
    /// `Coroutine::disableScheduler()`.
    pub(super) keeps_running: Cell<bool>,
    /// When it was started, in nanoseconds of the monotonic clock.
    pub(super) started: Cell<u64>,
    pub(super) origin: Origin,
    error_reporting: Cell<i32>,
}

/// A closure on the starter's stack: run before `start` returns control to it for the first time.
#[derive(Clone, Copy)]
struct Job {
    run: unsafe fn(*mut c_void),
    data: *mut c_void,
}

/// Who is told of a timer that goes off, and when the turn began.
type Ring = fn(Timer, Instant);

pub(super) struct World {
    scheduler: Scheduler<Php>,
    event_loop: EventLoop,
    pub(super) slabs: RefCell<Slabs>,
    pub(super) pool: RefCell<Vec<NonNull<Record>>>,
    /// The context that first entered a coroutine; a fatal error returns to it.
    root: Cell<Context>,
    pub(super) max: Cell<usize>,
    /// Stacks retired since memory was given back last, and when that was.
    pub(super) retired: Cell<usize>,
    pub(super) trimmed: Cell<Option<std::time::Instant>>,
    /// Whether a coroutine was started since the last loop ended.
    active: Cell<bool>,
    /// Called when that changes.
    activity: Cell<[fn(); 2]>,
    /// Who is told of alarms, see [`on_alarm`].
    ring: Cell<Option<Ring>>,
    callbacks_in_coroutines: Cell<bool>,
    deferred: Deferred,
}

/// State of the PHP thread.
pub(super) struct OnPhpThread<T>(pub(super) T);

// SAFETY: only the PHP thread calls into this crate; other threads see nothing but `Remote`.
unsafe impl<T> Sync for OnPhpThread<T> {}

pub(super) static WORLD: OnPhpThread<World> = OnPhpThread(World {
    scheduler: Scheduler::new(),
    event_loop: EventLoop::new(),
    slabs: RefCell::new(Slabs::new(2 << 20)),
    pool: RefCell::new(Vec::new()),
    root: Cell::new(Context::NONE),
    max: Cell::new(DEFAULT_MAX),
    retired: Cell::new(0),
    trimmed: Cell::new(None),
    active: Cell::new(false),
    activity: Cell::new([|| (), || ()]),
    ring: Cell::new(None),
    callbacks_in_coroutines: Cell::new(true),
    deferred: Deferred::new(|| scheduler().stopped()),
});

static REMOTE: Remote = Remote::new();

thread_local! {
    static PHP_THREAD: Cell<bool> = const { Cell::new(false) };
}

impl Machine for Php {
    type Local = Local;
    type Alarm = Alarm;

    #[inline]
    fn scheduler() -> &'static Scheduler<Self> {
        &WORLD.0.scheduler
    }

    fn remote() -> &'static Remote {
        &REMOTE
    }

    #[inline]
    fn on_thread() -> bool {
        PHP_THREAD.get()
    }

    #[inline(always)]
    fn enter(coroutine: &Record) {
        let here = Context::current();
        if WORLD.0.root.get() == Context::NONE {
            WORLD.0.root.set(here);
        }
        let local = &coroutine.local;
        local.entered_from.set(here);
        local.caller_frame.set(Frame::current());
        if preempt::running() {
            local.entered_at.set(preempt::now());
        }
        // SAFETY: a suspended or fresh coroutine's context; what this side keeps across the switch lives on this stack.
        unsafe { local.suspended_at.get().switch() };
        if WORLD.0.root.get() == here {
            WORLD.0.root.set(Context::NONE);
        }
        if cancel::any()
            && let Some(caller) = coroutine.caller()
            && !scheduler().stopped()
        {
            cancel::raise(&caller.local);
        }
    }

    #[inline(always)]
    fn leave(coroutine: &Record) {
        let local = &coroutine.local;
        local.suspended_at.set(Context::current());
        local.frame.set(Frame::current());
        // SAFETY: whoever entered is suspended inside `enter`, on a stack below this one.
        unsafe { local.entered_from.get().switch() };
        if cancel::any() {
            cancel::raise(local);
        }
    }

    fn release(record: NonNull<Record>) {
        let mut pool = WORLD.0.pool.borrow_mut();
        if pool.len() < POOL {
            pool.push(record);
            return;
        }
        // SAFETY: ended: its stack stands parked in `steelwool_run_jobs`, which holds nothing.
        unsafe {
            let stack = record.as_ref().local.stack.handle();
            stack.retire(&mut WORLD.0.slabs.borrow_mut());
        }
        drop(pool);
        trim::note();
    }

    #[inline]
    fn in_runtime<T>(body: impl FnOnce() -> T) -> T {
        WORLD.0.event_loop.within(body)
    }

    fn ring(alarm: Alarm, now: Instant) {
        match alarm {
            Alarm::TimeLimit(id) => cancel::ring(id),
            Alarm::Call(call) => call(),
            Alarm::Timer(timer) => {
                if let Some(ring) = WORLD.0.ring.get() {
                    ring(timer, now);
                }
            }
        }
    }

    fn may_end() -> bool {
        exit_condition::may_end()
    }
}

fn acquire() -> Result<NonNull<Record>, Thrown> {
    if let Some(record) = WORLD.0.pool.borrow_mut().pop() {
        return Ok(record);
    }
    PHP_THREAD.set(true);
    let made = Stack::with_record(&mut WORLD.0.slabs.borrow_mut(), |stack| {
        Coroutine::new(Local {
            stack: stack.handle(),
            suspended_at: Cell::new(stack.context()),
            entered_from: Cell::new(Context::NONE),
            job: Cell::new(None),
            defers: RefCell::new(Vec::new()),
            context: RefCell::new(None),
            context_gone: Cell::new(false),
            frame: Cell::new(Frame::NONE),
            caller_frame: Cell::new(Frame::NONE),
            thrown: Cell::new(None),
            joined: Cell::new(false),
            entered_at: Cell::new(0),
            keeps_running: Cell::new(false),
            started: Cell::new(0),
            origin: Origin::new(),
            error_reporting: Cell::new(0),
        })
    });
    made.or_else(|error| {
        zend::throw(crate::zend::standard_error(), &format!("cannot allocate a coroutine stack: {error}"), 0)
    })
}

/// Nanoseconds on a clock. A coroutine's start is taken from the coarse one, a quarter of the price and late by a tick (up to 4 ms)
/// at most: elapsed times are never too short.
#[inline]
pub(super) fn nanoseconds(id: libc::clockid_t) -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: fills a struct of ours; these clocks exist on every Linux.
    unsafe { libc::clock_gettime(id, &mut time) };
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

/// The scheduler of the PHP thread.
#[inline]
pub fn scheduler() -> &'static Scheduler<Php> {
    Php::scheduler()
}

/// Has `begin` called before the first coroutine of a loop starts, and `end` when the loop has ended.
pub fn on_activity(begin: fn(), end: fn()) {
    WORLD.0.activity.set([begin, end]);
}

/// Whether a coroutine was started since the last loop ended.
pub fn active() -> bool {
    WORLD.0.active.get()
}

/// Notes whether there are coroutines, and tells who asked for it.
#[cold]
fn set_active(active: bool) {
    if WORLD.0.active.replace(active) != active {
        let [begin, end] = WORLD.0.activity.get();
        if active {
            preempt::begin()
        } else {
            preempt::end()
        }
        if active { begin() } else { end() }
    }
}

/// Starts a coroutine that runs `body`; returns its id when it first suspends or ends.
///
/// `body` runs on the coroutine's stack. A fatal error inside it abandons that stack: whatever `body` owns is leaked then.
/// An exception that is pending when `body` returns is fatal, as in Swoole.
///
/// # Errors
/// An exception was thrown: no memory for a stack.
#[inline]
pub fn spawn<F: FnOnce()>(body: F) -> Result<i64, Thrown> {
    unsafe fn run<F: FnOnce()>(data: *mut c_void) {
        // SAFETY: `data` is the closure in `spawn`'s frame, which is suspended below us and gives it up.
        let body = unsafe { data.cast::<F>().read() };
        zend::catch_panic(body);
    }
    if !WORLD.0.active.get() {
        begin_anew();
        set_active(true);
    }
    let record = acquire()?;
    let mut body = std::mem::ManuallyDrop::new(body);
    // SAFETY: just acquired; nobody else has it.
    let local = unsafe { &record.as_ref().local };
    local.job.set(Some(Job { run: run::<F>, data: (&raw mut body).cast() }));
    local.started.set(nanoseconds(libc::CLOCK_MONOTONIC_COARSE));
    local.origin.begin();
    // SAFETY: reads the engine's current level on the PHP thread.
    local.error_reporting.set(unsafe { sys::steelwool_error_reporting() });
    let late = scheduler().stopped() && !loop_running();
    if late {
        // After a fatal error, in a shutdown function: it runs as far as it can without the loop.
        FATAL.0.set(false);
        scheduler().go_on();
    }
    let id = scheduler().start(record);
    if late && !scheduler().stopped() {
        scheduler().stop();
        return Ok(id);
    }
    if scheduler().stopped() {
        if !loop_running() {
            zend::request_bailout();
        }
        return Err(Thrown);
    }
    Ok(id)
}

/// Starts a coroutine that calls `callable` with `args`, as `go()` does; returns its id when it first suspends or ends.
///
/// # Errors
/// An exception was thrown: no memory for a stack.
#[inline]
pub fn spawn_call(callable: Callable, args: &[Zval]) -> Result<i64, Thrown> {
    spawn(move || {
        let result = callable.call(args);
        // The exception must be reported before defers run, and they still run.
        if result.is_err() {
            report_uncaught();
        }
        if let Some(coroutine) = scheduler().current()
            && coroutine.has_defers()
        {
            run_defers(coroutine, &result.unwrap_or_else(|_| Zval::null()));
        }
    })
}

fn report_uncaught() {
    let more = EXPLAIN.0.get().and_then(|explain| explain());
    zend::report_exception(sys::E_ERROR);
    if let Some(text) = more {
        // Nothing can be done for somebody who has closed it.
        let _ = std::io::stderr().write_all(text.as_bytes());
    }
    FATAL.0.set(true);
}

/// Says more of an uncaught exception.
type Explain = fn() -> Option<String>;

static EXPLAIN: OnPhpThread<Cell<Option<Explain>>> = OnPhpThread(Cell::new(None));

/// Names the function that is asked for more to say, on standard error, of an uncaught exception, which is still pending.
pub fn on_uncaught(explain: Explain) {
    EXPLAIN.0.set(Some(explain));
}

/// An uncaught exception was reported: the process ends once the coroutine's defers have run.
static FATAL: OnPhpThread<Cell<bool>> = OnPhpThread(Cell::new(false));

/// Calls the deferred functions, last added first, with what the coroutine's function returned.
fn run_defers(coroutine: &Record, result: &Zval) {
    loop {
        let next = coroutine.local.defers.borrow_mut().pop();
        let Some(defer) = next else { break };
        if defer.call(std::slice::from_ref(result)).is_err() {
            // As in Swoole, an exception in a deferred function leaves the rest uncalled.
            report_uncaught();
            coroutine.local.defers.borrow_mut().clear();
        }
    }
}

/// Runs jobs on this stack for ever.
///
/// # Safety
/// Called by the shim, on the stack of `record`.
#[unsafe(no_mangle)]
unsafe extern "C" fn steelwool_run_jobs(record: *mut c_void) {
    // SAFETY: the shim passes the record that it was initialised with.
    let coroutine = unsafe { &*record.cast::<Record>() };
    let local = &coroutine.local;
    loop {
        if let Some(job) = local.job.take() {
            // SAFETY: changes this context's own level.
            unsafe { sys::steelwool_set_error_reporting(local.error_reporting.get()) };
            // SAFETY: `spawn` made the pair.
            unsafe { (job.run)(job.data) };
            if zend::exception_pending() {
                report_uncaught();
            }
            if coroutine.has_defers() {
                run_defers(coroutine, &Zval::null());
            }
            local.context_gone.set(true);
            drop(local.context.take());
            local.context_gone.set(false);
            // SAFETY: on the PHP thread, with the coroutine's own output state active.
            unsafe { sys::steelwool_flush_output() };
            if FATAL.0.get() {
                abandon();
            }
            local.keeps_running.set(false);
            if cancel::any() {
                cancel::take(local);
            }
            if local.joined.take() {
                join::ended(coroutine.id.get());
            }
        }
        coroutine.end();
        Php::leave(coroutine);
    }
}

/// A bailout reached the bottom of this stack.
///
/// # Safety
/// Called by the shim, on the stack of `record`.
#[unsafe(no_mangle)]
unsafe extern "C" fn steelwool_bailed_out(_record: *mut c_void) {
    abandon();
}

/// Stops everything and jumps to the root stack, for good.
#[cold]
fn abandon() {
    origin::note();
    scheduler().stop();
    // SAFETY: the root is suspended in `enter`; this stack is never entered again.
    unsafe { WORLD.0.root.get().switch() };
}

/// Id of the running coroutine; `None` outside of coroutines.
#[inline]
pub fn current_id() -> Option<i64> {
    scheduler().current().map(|coroutine| coroutine.id.get())
}

/// Suspends the current coroutine until `future` is ready. It is polled once first, on this stack.
///
/// # Errors
/// [`Canceled`] when the coroutine was cancelled; the future is dropped.
///
/// # Panics
/// Outside a coroutine: classes check first (`classes::require_coroutine`).
#[inline]
pub fn wait<F: Future>(future: F) -> Result<F::Output, Canceled> {
    scheduler().wait(future)
}

/// This process is a fork's child and has not been told by [`forked`].
static FORKED: AtomicBool = AtomicBool::new(false);

/// Notices forks that others make, `pcntl_fork()` above all. Once, at module start.
pub fn watch_forks() {
    extern "C" fn child() {
        FORKED.store(true, Ordering::Relaxed);
    }
    // SAFETY: `child` only stores a flag. It fails only without memory, when nothing else works either.
    unsafe { libc::pthread_atfork(None, None, Some(child)) };
}

/// In the child of a fork that somebody else made, before it uses the loop: the loop is not the parent's.
#[inline]
fn begin_anew() {
    if FORKED.load(Ordering::Relaxed) && scheduler().current().is_none() {
        forked();
    }
}

/// In the child of a fork, at the top level or in a callback of the loop: forgets coroutines, timers and everything the loop
/// served. The parent's runtime and descriptors are left alone; the next use makes a runtime of this process's own.
pub fn forked() {
    FORKED.store(false, Ordering::Relaxed);
    scheduler().detach(Leaving::Forked);
    WORLD.0.event_loop.forked();
    WORLD.0.root.set(Context::NONE);
    FATAL.0.set(false);
    preempt::forked();
    set_active(false);
    forget_waits();
    origin::reset();
    scheduler().reset();
}

/// Forgets what suspended coroutines wait for, who will never run again.
fn forget_waits() {
    cancel::reset();
    join::reset();
}

/// Adds a callable that runs when the current coroutine ends; the last one added runs first.
pub fn defer(coroutine: &Record, callable: Callable) {
    coroutine.local.defers.borrow_mut().push(callable);
}

/// Called at the end of a request, after destructors: forgets coroutines that will never run again.
pub fn request_shutdown() {
    FATAL.0.set(false);
    WORLD.0.root.set(Context::NONE);
    WORLD.0.callbacks_in_coroutines.set(true);
    super::autoload::reset();
    set_active(false);
    preempt::reset();
    exit_condition::set(None);
    forget_waits();
    origin::reset();
    scheduler().reset();
}

/// Parks the current coroutine until another one resumes it.
///
/// # Errors
/// [`Canceled`] when it was cancelled.
#[inline]
pub fn park(waiting: Waiting) -> Result<(), Canceled> {
    scheduler().park(waiting)
}
