//! Driving the loop: running it, what it calls, and what asks it for something.

use super::{Php, Ring, WORLD, active, begin_anew, scheduler, set_active, spawn_call};
use crate::coroutine::origin;
use crate::coroutine::scheduler::{Machine, Outcome};
use crate::coroutine::source::{Phase, Source};
use crate::coroutine::trim;
use crate::zend::call::Thrown;
use crate::zend::callable::Callable;
use crate::zend::{self, sys};
use ext_php_rs::types::Zval;

/// Whether the event loop runs.
pub fn loop_running() -> bool {
    WORLD.0.event_loop.running()
}

/// Runs the event loop until nothing is left to do.
///
/// # Errors
/// [`Thrown`] when a fatal error ended it (the trampoline goes on with PHP's bailout), `exit` did (its exception is pending),
/// or no runtime could be made.
pub fn run_loop() -> Result<Outcome, Thrown> {
    begin_anew();
    let outcome = WORLD.0.event_loop.run(scheduler());
    trim::loop_ended();
    let active = active();
    set_active(false);
    match ended(outcome)? {
        // Only those of an earlier loop are left, which reported them.
        Outcome::Deadlock if !active => Ok(Outcome::Finished),
        outcome => Ok(outcome),
    }
}

/// Runs one round of the event loop: waits until something is due and serves it. `None`, or why nothing will be due.
///
/// # Errors
/// As [`run_loop`].
pub fn run_once() -> Result<Option<Outcome>, Thrown> {
    match WORLD.0.event_loop.run_once(scheduler()).transpose() {
        None => Ok(None),
        Some(outcome) => ended(outcome).map(Some),
    }
}

fn ended(outcome: std::io::Result<Outcome>) -> Result<Outcome, Thrown> {
    match outcome {
        Ok(Outcome::Stopped) => {
            if !zend::exit_pending() {
                zend::request_bailout();
            }
            Err(Thrown)
        }
        Ok(outcome) => Ok(outcome),
        Err(error) => zend::throw(zend::standard_error(), &format!("cannot start the event loop: {error}"), 0),
    }
}

/// Whether the loop would have nothing to do.
pub fn idle() -> bool {
    scheduler().count() == 0 && !scheduler().has_work()
}

/// Whether a loop that has nothing to do need not be made; then this was it. `used` says that something besides coroutines meant it
/// to run.
pub fn ends_at_once(used: bool) -> bool {
    if (used || active()) && !Php::may_end() {
        scheduler().hold_end();
        return false;
    }
    set_active(false);
    true
}

/// Runs `body` where sockets can be made and tasks spawned, whether or not the loop is running.
pub fn within<T>(body: impl FnOnce() -> T) -> T {
    Php::in_runtime(body)
}

/// Has `source` served in every turn of the loop from now on; a second time changes nothing.
pub fn register(source: &'static dyn Source, phase: Phase) {
    begin_anew();
    scheduler().register(source, phase);
}

/// Asks for a turn of the loop, for a source that has something due.
pub fn request_turn() {
    scheduler().request_turn();
}

/// Number of works that are put off and not done.
pub fn put_off_count() -> usize {
    WORLD.0.deferred.len()
}

/// Has `work` done at the end of this or the next turn of the loop, on the root stack, in the order of asking.
pub fn put_off(work: Box<dyn FnOnce()>) {
    let deferred = &WORLD.0.deferred;
    deferred.push(work);
    register(deferred, Phase::Deferred);
    request_turn();
}

/// Names the function that timers' alarms call.
pub fn on_timer(ring: Ring) {
    WORLD.0.ring.set(Some(ring));
}

/// Whether the loop's callbacks run in coroutines of their own (the default) or on the root stack, one after the other.
pub fn set_callbacks_in_coroutines(yes: bool) {
    WORLD.0.callbacks_in_coroutines.set(yes);
}

/// Whether the loop's callbacks run in coroutines of their own.
pub fn callbacks_in_coroutines() -> bool {
    WORLD.0.callbacks_in_coroutines.get()
}

/// Calls a PHP callback as the loop does: in a new coroutine, or directly when coroutines are off. Only from a turn of the loop.
/// An uncaught exception is reported; in a coroutine it is fatal, else the loop goes on.
///
/// # Errors
/// The loop has to end: a fatal error or `exit`.
pub fn callback(callable: &Callable, args: &[Zval]) -> Result<(), Thrown> {
    callback_once(callable.clone(), args)
}

/// [`callback`] with a callable that is given up.
///
/// # Errors
/// As [`callback`].
pub fn callback_once(callable: Callable, args: &[Zval]) -> Result<(), Thrown> {
    if WORLD.0.callbacks_in_coroutines.get() {
        spawn_call(callable, args)?;
        return Ok(());
    }
    scheduler().note_activity(true);
    reported_at_root(|| drop(callable.call(args)))
}

/// [`at_root`] for what may throw: that is reported as a fatal error, and the loop goes on.
///
/// # Errors
/// As [`callback`].
pub fn reported_at_root(body: impl FnOnce()) -> Result<(), Thrown> {
    at_root(|| {
        body();
        if !zend::exit_pending() {
            zend::report_exception(sys::E_ERROR);
        }
    })
}

/// Has `waited` called on the PHP thread whenever the loop has waited for events.
pub fn after_wait(waited: fn()) {
    WORLD.0.event_loop.after_wait(waited);
}

/// Has `waits` called on the PHP thread whenever the loop is about to wait for events, in loops that begin from now on. When it asks for a
/// turn, the loop takes that instead.
pub fn before_wait(waits: fn()) {
    WORLD.0.event_loop.before_wait(waits);
}

/// Asks a PHP function for something on the root stack, from a task of the loop too. `None` when it does not say: what it throws is
/// reported, an `exit` goes no further than itself, and a fatal error ends the loop.
pub fn ask(callable: &Callable, args: &[Zval]) -> Option<Zval> {
    let mut answer = None;
    // A fatal error must not jump over the frames of whoever asks.
    let returned = zend::guarded(|| {
        answer = callable.call(args).ok();
        zend::report_exception(sys::E_WARNING);
    });
    if returned {
        return answer;
    }
    scheduler().stop();
    None
}

/// Runs PHP code in a turn of the loop, on the root stack.
///
/// # Errors
/// The loop has to end, see [`callback`].
pub fn at_root(body: impl FnOnce()) -> Result<(), Thrown> {
    // A fatal error must not jump over the loop's frames.
    let returned = zend::guarded(|| {
        body();
        if zend::exception_pending() && !zend::exit_pending() {
            zend::report_exception(sys::E_ERROR);
            zend::request_bailout();
        }
    });
    if returned && !zend::exit_pending() && !zend::bailout_requested() {
        return Ok(());
    }
    origin::note();
    scheduler().stop();
    Err(Thrown)
}
