//! Time slices: a coroutine that has run for more than 10 ms is taken off at its next VM interrupt and goes on in the next turn.
//!
//! A thread raises the engine's interrupt flag every 5 ms for as long as coroutines are alive; compiled loops and calls look at that
//! flag anyway. The handler parks the coroutine and puts its resumption off to the end of the turn, so timers, sockets and every other
//! coroutine that is ready get theirs first. While the option is off there is no thread and no handler, and a switch costs one look at
//! a flag.

use super::engine::{OnPhpThread, Record, put_off, scheduler};
use super::scheduler::Waiting;
use crate::zend::{self, interrupt};
use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// A coroutine may run this long, in milliseconds.
const SLICE: u64 = 10;

/// Time between two interrupts.
const TICK: Duration = Duration::from_millis(5);

struct State {
    wanted: Cell<bool>,
    running: Cell<bool>,
    ticker: RefCell<Option<Ticker>>,
}

static STATE: OnPhpThread<State> =
    OnPhpThread(State { wanted: Cell::new(false), running: Cell::new(false), ticker: RefCell::new(None) });

/// The thread that raises the flag.
struct Ticker {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Ticker {
    fn start() -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let flag = interrupt::flag();
        let (seen, signals) = (Arc::clone(&stop), interrupt::BlockedSignals::new());
        let thread = std::thread::Builder::new().name("time slices".to_owned()).stack_size(64 << 10).spawn(move || {
            while !seen.load(Ordering::Relaxed) {
                flag.store(true, Ordering::Relaxed);
                std::thread::park_timeout(TICK);
            }
        });
        drop(signals);
        Ok(Self { stop, thread: thread? })
    }

    fn stop(self) {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.thread().unpark();
        // It has no way to panic, and nothing to say.
        let _ = self.thread.join();
    }
}

/// Puts the handler in place; once, at module start: the JIT looks then whether there is one.
pub fn install() {
    interrupt::install(interrupted);
}

/// Whether coroutines get time slices from the next loop on.
pub fn set_wanted(yes: bool) {
    STATE.0.wanted.set(yes);
}

/// Coroutines get time slices now.
#[inline]
pub(super) fn running() -> bool {
    STATE.0.running.get()
}

/// Before the first coroutine of a loop.
pub(super) fn begin() {
    if !STATE.0.wanted.get() && !zend::ini::boolean(c"swoole.enable_preemptive_scheduler") {
        return;
    }
    match Ticker::start() {
        Ok(ticker) => {
            *STATE.0.ticker.borrow_mut() = Some(ticker);
            STATE.0.running.set(true);
        }
        Err(error) => zend::warning(&format!("cannot start the thread of the preemptive scheduler: {error}")),
    }
}

/// After a loop.
pub(super) fn end() {
    STATE.0.running.set(false);
    if let Some(ticker) = STATE.0.ticker.take() {
        ticker.stop();
    }
}

/// In a fork's child, which has not got the thread.
pub(super) fn forked() {
    STATE.0.running.set(false);
    std::mem::forget(STATE.0.ticker.take());
}

/// At the end of a request.
pub(super) fn reset() {
    STATE.0.wanted.set(false);
}

/// Milliseconds on the monotonic clock.
pub(super) fn now() -> u64 {
    super::engine::nanoseconds(libc::CLOCK_MONOTONIC) / 1_000_000
}

/// The VM noticed an interrupt, on the stack of whoever runs.
fn interrupted() {
    let Some(coroutine) = scheduler().current().filter(|_| running()) else { return };
    let local = &coroutine.local;
    if local.keeps_running.get() || now().saturating_sub(local.entered_at.get()) <= SLICE || zend::exception_pending() {
        return;
    }
    let id = coroutine.id.get();
    put_off(Box::new(move || {
        scheduler().resume(id, Waiting::Turn);
    }));
    // It cannot be cancelled; an exception that was noted for it is raised when it goes on.
    let _ = scheduler().park(Waiting::Turn);
}

/// Whether this coroutine may be taken off. Returns false when that is what it was.
pub fn set_preemptible(coroutine: &Record, yes: bool) -> bool {
    coroutine.local.keeps_running.replace(!yes) == yes
}
