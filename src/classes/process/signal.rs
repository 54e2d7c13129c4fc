//! Signals and the end of children, served by the event loop: `Process::signal()`, `System::waitSignal()`, `System::wait()`.

use super::callback_of;
use crate::classes::{errors, event, settings};
use crate::coroutine::engine::{self, scheduler};
use crate::coroutine::scheduler::{Canceled, Parked, Waiting};
use crate::coroutine::source::{Leaving, Phase, Source};
use crate::io::children;
use crate::io::process::Exit;
use crate::io::signal::{self, Who};
use crate::zend;
use crate::zend::call::{Call, Return};
use crate::zend::callable::Callable;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::rc::Rc;
use std::task::Context;
use std::time::Duration;

/// Swoole's table of signals has this many places.
const PLACES: i64 = 128;

/// A coroutine that waits for one of several signals.
struct SignalWaiter {
    coroutine: i64,
    signals: Vec<i32>,
    arrived: Rc<Cell<Option<i32>>>,
}

/// A coroutine that waits for any child.
struct ChildWaiter {
    coroutine: i64,
    exit: Rc<Cell<Option<Exit>>>,
}

/// What the loop serves.
struct Signals {
    callbacks: RefCell<BTreeMap<i32, Callable>>,
    waiters: RefCell<Vec<SignalWaiter>>,
    children: RefCell<VecDeque<ChildWaiter>>,
    /// Functions of our own.
    ours: RefCell<BTreeMap<i32, fn()>>,
}

/// Only the PHP thread has it.
struct OnPhpThread<T>(T);

// SAFETY: reached only from PHP functions and from the loop, both on the PHP thread.
unsafe impl<T> Sync for OnPhpThread<T> {}

static SIGNALS: OnPhpThread<Signals> = OnPhpThread(Signals {
    callbacks: RefCell::new(BTreeMap::new()),
    waiters: RefCell::new(Vec::new()),
    children: RefCell::new(VecDeque::new()),
    ours: RefCell::new(BTreeMap::new()),
});

impl Source for Signals {
    fn turn(&self, context: &mut Context<'_>) {
        for number in signal::poll_take(context) {
            self.serve(number);
            if scheduler().stopped() {
                break;
            }
        }
    }

    fn alive(&self) -> bool {
        !self.waiters.borrow().is_empty()
            || !self.children.borrow().is_empty()
            || settings::with(|settings| settings.wait_signal) && !self.callbacks.borrow().is_empty()
    }

    fn detach(&self, leaving: Leaving) {
        if leaving == Leaving::Forked {
            forked();
        } else {
            signal::detach(false);
        }
    }

    fn reset(&self) {
        signal::release_all();
        self.waiters.borrow_mut().clear();
        self.children.borrow_mut().clear();
        self.ours.borrow_mut().clear();
        // Dropped outside of the borrow: a destructor may listen again.
        drop(self.callbacks.take());
    }
}

impl Signals {
    /// Tells everyone who listens to this signal.
    fn serve(&self, number: i32) {
        if number == libc::SIGCHLD {
            self.serve_children();
        }
        let ours = self.ours.borrow().get(&number).copied();
        // who waits for a signal has it to himself: the server does not end by itself of what a coroutine shall end it for
        let has_taker = self.wake(number);
        if let Some(ours) = ours.filter(|_| !has_taker) {
            ours();
        }
        let callback = self.callbacks.borrow().get(&number).cloned();
        if let Some(callback) = callback {
            // The loop sees for itself that it has to end.
            let _ = engine::callback(&callback, &[zend::long(i64::from(number))]);
        }
    }

    /// Resumes every coroutine that waits for this signal by now; one that waits again waits for the next. Whether there was any.
    fn wake(&self, number: i32) -> bool {
        let woken: Vec<SignalWaiter> =
            self.waiters.borrow_mut().extract_if(.., |waiter| waiter.signals.contains(&number)).collect();
        let some = !woken.is_empty();
        for waiter in woken {
            waiter.arrived.set(Some(number));
            scheduler().resume(waiter.coroutine, Waiting::External);
        }
        some
    }

    /// Gives children that have ended to the coroutines that wait for any, first come first served.
    fn serve_children(&self) {
        while !self.children.borrow().is_empty()
            && let Ok(Some(exit)) = children::any(false)
        {
            let Some(waiter) = self.children.borrow_mut().pop_front() else { break };
            waiter.exit.set(Some(exit));
            scheduler().resume(waiter.coroutine, Waiting::External);
        }
    }
}

/// Tells everyone who listens to a signal that was taken without the loop.
pub(crate) fn serve(number: i32) {
    SIGNALS.0.serve(number);
}

/// Has `ours` called when the signal arrives.
pub(crate) fn listen_for_us(number: i32, ours: fn()) {
    engine::register(&SIGNALS.0, Phase::Signals);
    SIGNALS.0.ours.borrow_mut().insert(number, ours);
    // A signal that cannot be listened to never arrives.
    let _ = signal::listen(number, Who::Supervisor);
    engine::request_turn();
}

/// How many signals are listened to, counted as Swoole does: callbacks, and coroutines that wait.
pub(crate) fn listeners() -> usize {
    SIGNALS.0.callbacks.borrow().len() + SIGNALS.0.waiters.borrow().len()
}

/// `signal(int $signal_no, ?callable $callback = null): bool`
pub fn signal(call: &mut Call<'_>) -> Return {
    let number = call.long_arg(0)?;
    if !(0..PLACES).contains(&number) {
        errors::warn(&format!("invalid signal number [{number}]"));
        return call.return_bool(false);
    }
    let number = number as i32;
    if number == libc::SIGINT {
        // A server listens only as long as the script does not.
        SIGNALS.0.ours.borrow_mut().remove(&number);
        signal::release(number, Who::Supervisor);
    }
    if signal::is_listened(number, Who::Wait) || signal::is_listened(number, Who::Supervisor) {
        errors::warn(&format!("signal [{number}] processor has been registered by the system"));
        return call.return_bool(false);
    }
    let forget = || {
        let old = SIGNALS.0.callbacks.borrow_mut().remove(&number);
        signal::release(number, Who::Script);
        old
    };
    if !call.given(1) {
        let old = forget();
        if old.is_none() {
            errors::notice(&format!("unable to find the callback of signal [{number}]"));
        }
        return call.return_bool(old.is_some());
    }
    if call.value(1).and_then(ext_php_rs::types::Zval::long) == Some(libc::SIG_IGN as i64) {
        drop(forget());
        let ignored = signal::ignore(number).is_ok();
        return call.return_bool(ignored);
    }
    let Some(callback) = call.value(1).and_then(callback_of) else { return call.return_bool(false) };
    if !engine::loop_running() {
        event::init();
    }
    engine::register(&SIGNALS.0, Phase::Signals);
    // Numbers that have no signal, and those that nobody can listen to, are accepted and never arrive, as in Swoole.
    let _ = signal::listen(number, Who::Script);
    let old = SIGNALS.0.callbacks.borrow_mut().insert(number, callback);
    drop(old);
    engine::request_turn();
    call.return_bool(true)
}

/// Why a wait for a signal did not begin or ended without one.
pub(crate) enum NoSignal {
    /// `Process::signal()` listens: who would get it?
    Busy,
    /// One of them is no signal, or SIGCHLD, which belongs to waits for children.
    Invalid,
    /// The time passed.
    TimedOut,
    /// The coroutine was cancelled.
    Canceled,
}

/// Suspends the current coroutine until one of these signals arrives.
pub(crate) fn wait_signal(signals: Vec<i32>, timeout: Option<Duration>) -> Result<i32, NoSignal> {
    if !SIGNALS.0.callbacks.borrow().is_empty() {
        return Err(NoSignal::Busy);
    }
    if signals.iter().any(|number| !(0..PLACES as i32).contains(number) || *number == libc::SIGCHLD) {
        return Err(NoSignal::Invalid);
    }
    engine::register(&SIGNALS.0, Phase::Signals);
    for number in &signals {
        // As above: what cannot be listened to never arrives.
        let _ = signal::listen(*number, Who::Wait);
    }
    let arrived = Rc::new(Cell::new(None));
    let coroutine = engine::current_id().unwrap_or(-1);
    let waiter = SignalWaiter { coroutine, signals: signals.clone(), arrived: Rc::clone(&arrived) };
    SIGNALS.0.waiters.borrow_mut().push(waiter);
    engine::request_turn();
    let parked = scheduler().park_for(Waiting::External, timeout);
    let still_wanted = {
        let mut waiters = SIGNALS.0.waiters.borrow_mut();
        waiters.retain(|waiter| !Rc::ptr_eq(&waiter.arrived, &arrived));
        move |number: &i32| waiters.iter().any(|waiter| waiter.signals.contains(number))
    };
    for number in signals.iter().filter(|number| !still_wanted(number)) {
        signal::release(*number, Who::Wait);
    }
    match (arrived.get(), parked) {
        (Some(number), _) => Ok(number),
        (None, Err(Canceled)) => Err(NoSignal::Canceled),
        (None, Ok(_)) => Err(NoSignal::TimedOut),
    }
}

/// Why a wait for a child ended without one.
pub(crate) enum NoChild {
    /// The system's reason: there is no such child.
    System(io::Error),
    /// The time passed.
    TimedOut,
    /// The coroutine was cancelled.
    Canceled,
}

/// Suspends the current coroutine until a child ends that nobody else waits for.
pub(crate) fn wait_any(timeout: Option<Duration>) -> Result<Exit, NoChild> {
    engine::register(&SIGNALS.0, Phase::Signals);
    // Before the first look: a child that ends in between is announced.
    signal::listen(libc::SIGCHLD, Who::Children).map_err(NoChild::System)?;
    let ended = wait_any_listening(timeout);
    if SIGNALS.0.children.borrow().is_empty() {
        signal::release(libc::SIGCHLD, Who::Children);
    }
    ended
}

fn wait_any_listening(timeout: Option<Duration>) -> Result<Exit, NoChild> {
    match children::any(false) {
        Ok(Some(exit)) => return Ok(exit),
        Ok(None) => {}
        Err(error) => return Err(NoChild::System(error)),
    }
    let exit = Rc::new(Cell::new(None));
    let coroutine = engine::current_id().unwrap_or(-1);
    SIGNALS.0.children.borrow_mut().push_back(ChildWaiter { coroutine, exit: Rc::clone(&exit) });
    engine::request_turn();
    let parked = scheduler().park_for(Waiting::External, timeout);
    SIGNALS.0.children.borrow_mut().retain(|waiter| !Rc::ptr_eq(&waiter.exit, &exit));
    match (exit.get(), parked) {
        (Some(exit), _) => Ok(exit),
        (None, Err(Canceled)) => Err(NoChild::Canceled),
        (None, Ok(Parked::Resumed | Parked::TimedOut)) => Err(NoChild::TimedOut),
    }
}

/// Suspends the current coroutine until this child ends.
pub(crate) fn wait_one(pid: i32, timeout: Option<Duration>) -> Result<Exit, NoChild> {
    if pid <= 0 {
        return wait_any(timeout);
    }
    let claimed = children::claim(pid);
    match claimed.look() {
        Ok(Some(exit)) => return Ok(exit),
        Ok(None) => {}
        Err(error) => return Err(NoChild::System(error)),
    }
    let waited = match timeout {
        Some(limit) => engine::wait(async { tokio::time::timeout(limit, claimed.exit()).await.ok() }),
        None => engine::wait(async { Some(claimed.exit().await) }),
    };
    match waited {
        Ok(Some(exit)) => exit.map_err(NoChild::System),
        Ok(None) => Err(NoChild::TimedOut),
        Err(Canceled) => Err(NoChild::Canceled),
    }
}

/// In a fork's child: no child and no signal of the parent's is known.
pub(super) fn forked() {
    signal::forked();
    children::forked();
}
