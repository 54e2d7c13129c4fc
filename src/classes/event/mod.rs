//! `Swoole\Event`: watching descriptors, calls put off to the end of a round, and the loop itself.
//!
//! * `watch`: what is watched, and the callbacks.
//! * `output`: what `Event::write()` could not send at once.
//! * `deferred`: `defer()` and `cycle()`.

mod deferred;
mod output;
mod watch;

pub(crate) use deferred::after_deferred;
pub(crate) use watch::{add_native, count, is_waited_for, is_watched, number, remove_native, set_native};

use super::{coroutine, descriptor, errors, timer};
use crate::coroutine::engine::{self, scheduler};
use crate::coroutine::source::Phase;
use crate::io::readiness;
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::callable::{self, Callable};
use crate::zend::{self, sys};
use deferred::CYCLE;
use ext_php_rs::types::Zval;
use std::cell::Cell;
use watch::WATCHED;

/// `SWOOLE_EVENT_READ`.
pub(crate) const READ: i64 = super::constants::SWOOLE_EVENT_READ;
/// `SWOOLE_EVENT_WRITE`.
pub(crate) const WRITE: i64 = super::constants::SWOOLE_EVENT_WRITE;

thread_local! {
    /// Something was given to the loop outside of `run()`, and the loop has not ended since: it is driven when the script has
    /// ended, if nobody does it before.
    static EXISTS: Cell<bool> = const { Cell::new(false) };
    /// The shutdown function that drives it is registered and has not run.
    static REGISTERED: Cell<bool> = const { Cell::new(false) };
}

/// What is started outside `run()` is driven when the script has ended.
pub(crate) fn init() {
    engine::register(&WATCHED, Phase::Events);
    engine::register(&CYCLE, Phase::Cycle);
    EXISTS.set(true);
    if !REGISTERED.replace(true)
        && let Some(register) = Callable::new(&zend::string(b"register_shutdown_function"))
    {
        // It cannot fail: the callback is a function of ours.
        let _ = register.call(&[zend::string(b"swoole_event_rshutdown")]);
    }
}

/// Runs the event loop until nothing is left to do.
pub(crate) fn run() -> Return {
    if engine::current_id().is_some() || engine::loop_running() {
        // A second loop inside the first would never end. Does not return: a fatal error, as in Swoole.
        errors::fatal("Unable to call Event::wait() in coroutine");
    }
    // After a fatal error nothing runs any more.
    let nothing = scheduler().stopped() || !has_something() && engine::ends_at_once(EXISTS.get());
    let ran = if nothing { Ok(()) } else { coroutine::drive() };
    if ran.is_ok() {
        EXISTS.set(false);
        timer::forget();
        watch::forget();
        deferred::forget();
    }
    ran
}

/// A server's loop was the last one: nothing is left to be driven when the script ends.
pub(crate) fn is_over() {
    EXISTS.set(false);
}

/// Whether a loop has something to do that no server may take over.
pub(crate) fn is_made() -> bool {
    scheduler().count() > 0 || EXISTS.get() && scheduler().has_work()
}

/// Whether the loop would have something to do. Coroutines that an earlier loop left behind are nothing.
fn has_something() -> bool {
    scheduler().has_work() || engine::active() && scheduler().count() > 0
}

/// Forgets what belongs to a request.
pub(crate) fn request_shutdown() {
    EXISTS.set(false);
    REGISTERED.set(false);
}

/// In a fork's child: the waits of the parent's coroutines are not this process's.
fn forked() {
    EXISTS.set(false);
    readiness::forked();
}

/// A callable that may be null. What is none gets Swoole's warning and, with a name, its exception.
fn optional_callable(call: &Call<'_>, index: usize, name: &str) -> Option<Callable> {
    let value = call.value(index).filter(|value| !value.is_null())?;
    let found = resolve(value);
    if found.is_none() && !zend::exception_pending() {
        let text = format!("{name} must be of type callable, {} given", zend::type_name(value));
        let _ = zend::throw::<()>(super::ce::swoole_exception(), &text, i64::from(errors::INVALID_PARAMS));
    }
    found
}

/// A callback, or Swoole's warning that it is none.
pub(crate) fn resolve(value: &Zval) -> Option<Callable> {
    if value.is_null() {
        errors::warn("illegal callback function");
        return None;
    }
    let found = Callable::new(value);
    if found.is_none() {
        errors::warn(&format!("function '{}' is not callable", callable::name(value)));
    }
    found
}

fn thrown() -> Return {
    if zend::exception_pending() { Err(Thrown) } else { Ok(()) }
}

/// Whether there is a loop to change; warns otherwise.
fn ready(name: &str) -> bool {
    let ready = exists();
    if !ready {
        errors::warn(&format!("reactor is not ready, cannot call swoole_event_{name}"));
    }
    ready
}

/// Whether something uses the loop.
fn exists() -> bool {
    EXISTS.get() || engine::loop_running() || engine::active() || has_something()
}

/// `add(mixed $fd, ?callable $read_callback = null, ?callable $write_callback = null, int $events = SWOOLE_EVENT_READ): int|false`
pub fn add(call: &mut Call<'_>) -> Return {
    let events = call.optional(3, READ, Call::long_arg)?;
    init();
    let Some(value) = call.value(0) else { return call.return_bool(false) };
    let Some(fd) = descriptor::of(value) else {
        errors::warn("unknown fd type");
        return call.return_bool(false);
    };
    let refused = |call: &mut Call<'_>, text: &str| {
        errors::warn(text);
        call.return_bool(false)
    };
    if fd == 0 && events & WRITE != 0 {
        return refused(call, "invalid socket fd [0]");
    }
    if is_watched(fd) {
        return refused(call, "already exist");
    }
    if events & (READ | WRITE) == 0 {
        return refused(call, "invalid events");
    }
    let read = optional_callable(call, 1, "readable_callback");
    if events & READ != 0 && read.is_none() {
        return refused(call, &missing("readable", fd));
    }
    let write = optional_callable(call, 2, "writable_callback");
    if events & WRITE != 0 && write.is_none() {
        return refused(call, &missing("writable", fd));
    }
    thrown()?;
    descriptor::set_nonblocking(fd);
    if !watch::add(fd, value, [read, write], events) {
        return refused(call, "swoole_event_add failed");
    }
    engine::request_turn();
    call.return_long(i64::from(fd))
}

fn missing(which: &str, fd: i32) -> String {
    format!("Swoole\\Event: unable to find {which} callback of fd [{fd}]")
}

/// `set(mixed $fd, ?callable $read_callback = null, ?callable $write_callback = null, int $events = 0): bool`
pub fn set(call: &mut Call<'_>) -> Return {
    if !ready("set") {
        return call.return_bool(false);
    }
    let events = call.optional(3, 0, Call::long_arg)?;
    let Some(fd) = call.value(0).and_then(descriptor::of) else { return call.return_bool(false) };
    if !is_watched(fd) {
        errors::warn(&format!("socket[{fd}] is not found in the reactor"));
        return call.return_bool(false);
    }
    let read = optional_callable(call, 1, "readable_callback");
    let write = optional_callable(call, 2, "writable_callback");
    let [has_read, has_write] = watch::set_callbacks(fd, [read, write]);
    for (bit, has, which) in [(READ, has_read, "readable"), (WRITE, has_write, "writable")] {
        if events & bit != 0 && !has {
            errors::warn(&missing(which, fd));
            return call.return_bool(false);
        }
    }
    let changed = watch::set_events(fd, events);
    if !changed {
        errors::warn("Swoole\\Event::set failed");
    }
    call.return_bool(changed)
}

/// `del(mixed $fd): bool`
pub fn del(call: &mut Call<'_>) -> Return {
    if !ready("del") {
        return call.return_bool(false);
    }
    let Some(fd) = call.value(0).and_then(descriptor::of) else {
        errors::warn("unknown type");
        return call.return_bool(false);
    };
    call.return_bool(watch::remove(fd))
}

/// `isset(mixed $fd, int $events = SWOOLE_EVENT_READ | SWOOLE_EVENT_WRITE): bool`
pub fn isset(call: &mut Call<'_>) -> Return {
    if !exists() {
        return call.return_bool(false);
    }
    let events = call.optional(1, READ | WRITE, Call::long_arg)?;
    let Some(fd) = call.value(0).and_then(descriptor::of) else {
        errors::warn("unknown type");
        return call.return_bool(false);
    };
    call.return_bool(watch::events(fd) & events != 0)
}

/// `write(mixed $fd, string $data): bool`
pub fn write(call: &mut Call<'_>) -> Return {
    let data = call.str_arg(1)?.as_bytes();
    if data.is_empty() {
        errors::warn("data empty");
        return call.return_bool(false);
    }
    let Some(fd) = call.value(0).and_then(descriptor::of) else {
        errors::warn("unknown type");
        return call.return_bool(false);
    };
    if !is_watched(fd) {
        errors::warn(&format!("socket[{fd}] is not found in the reactor"));
        return call.return_bool(false);
    }
    init();
    call.return_bool(watch::write(fd, data))
}

/// `defer(callable $callback): bool`
pub fn defer(call: &mut Call<'_>) -> Return {
    init();
    let Some(callable) = call.value(0).and_then(resolve) else { return call.return_bool(false) };
    deferred::call_later(callable);
    call.return_bool(true)
}

/// `cycle(?callable $callback, bool $before = false): bool`
pub fn cycle(call: &mut Call<'_>) -> Return {
    let before = call.optional(1, false, Call::bool_arg)?;
    init();
    let callable = match call.value(0).filter(|value| !value.is_null()) {
        Some(value) => match resolve(value) {
            Some(callable) => Some(callable),
            None => return call.return_bool(false),
        },
        None => None,
    };
    let ends = callable.is_none();
    let replaced = deferred::set_cycle(before, callable);
    call.return_bool(replaced || !ends)
}

/// `dispatch(): bool`
pub fn dispatch(call: &mut Call<'_>) -> Return {
    if !exists() || scheduler().stopped() {
        return call.return_bool(false);
    }
    if engine::current_id().is_some() {
        // The round that this coroutine asks for is the loop's own.
        let served = deferred::next_round();
        return call.return_bool(served.is_ok());
    }
    if engine::loop_running() {
        errors::warn("the event loop is running");
        return call.return_bool(false);
    }
    deferred::one_round()?;
    call.return_bool(true)
}

/// `wait(): void`
pub fn wait(_call: &mut Call<'_>) -> Return {
    if exists() && !is_ruined() { run() } else { Ok(()) }
}

/// `rshutdown(): void`
pub fn rshutdown(_call: &mut Call<'_>) -> Return {
    REGISTERED.set(false);
    if !exists() || scheduler().stopped() || is_ruined() {
        return Ok(());
    }
    zend::docref(sys::E_DEPRECATED as i32, "Event::wait() in shutdown function is deprecated");
    let outcome = run();
    // A fatal error or `exit` in the loop ends the loop; the other shutdown functions have their turn all the same.
    if outcome.is_err() && zend::forgive_bailout() { Ok(()) } else { outcome }
}

/// A fatal error has ended the script: coroutines and timers end with it, instead of keeping the process.
fn is_ruined() -> bool {
    zend::last_fatal_error().is_some()
}

/// `exit(): void`
pub fn exit(_call: &mut Call<'_>) -> Return {
    if exists() {
        timer::forget();
        // A loop that begins later does not know of it.
        if engine::loop_running() {
            scheduler().leave();
        }
    }
    Ok(())
}
