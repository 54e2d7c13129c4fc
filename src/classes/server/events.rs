//! The events of the server itself, and calls of their callbacks.

use super::Server;
use super::running::Running;
use crate::classes::slots::swoole_server as slot;
use crate::coroutine::engine;
use crate::zend;
use crate::zend::callable::Callable;
use ext_php_rs::types::Zval;

/// An event of the server itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(usize)]
pub(super) enum Event {
    Start,
    BeforeShutdown,
    Shutdown,
    WorkerStart,
    WorkerStop,
    BeforeReload,
    AfterReload,
    Task,
    Finish,
    WorkerExit,
    WorkerError,
    ManagerStart,
    ManagerStop,
    PipeMessage,
}

/// Each with its name and the slot of the private property that shows its callback.
const EVENTS: [(Event, &str, usize); Event::COUNT] = [
    (Event::Start, "start", slot::ON_START),
    (Event::BeforeShutdown, "beforeshutdown", slot::ON_BEFORE_SHUTDOWN),
    (Event::Shutdown, "shutdown", slot::ON_SHUTDOWN),
    (Event::WorkerStart, "workerstart", slot::ON_WORKER_START),
    (Event::WorkerStop, "workerstop", slot::ON_WORKER_STOP),
    (Event::BeforeReload, "beforereload", slot::ON_BEFORE_RELOAD),
    (Event::AfterReload, "afterreload", slot::ON_AFTER_RELOAD),
    (Event::Task, "task", slot::ON_TASK),
    (Event::Finish, "finish", slot::ON_FINISH),
    (Event::WorkerExit, "workerexit", slot::ON_WORKER_EXIT),
    (Event::WorkerError, "workererror", slot::ON_WORKER_ERROR),
    (Event::ManagerStart, "managerstart", slot::ON_MANAGER_START),
    (Event::ManagerStop, "managerstop", slot::ON_MANAGER_STOP),
    (Event::PipeMessage, "pipemessage", slot::ON_PIPE_MESSAGE),
];

impl Event {
    pub(super) const COUNT: usize = 14;

    /// The event of this name, whatever its case.
    pub(super) fn of_name(name: &str) -> Option<Self> {
        EVENTS.iter().find(|(_, known, _)| name.eq_ignore_ascii_case(known)).map(|(event, ..)| *event)
    }

    /// The slot of the private property that shows the callback.
    pub(super) fn slot(self) -> usize {
        EVENTS[self as usize].2
    }
}

impl Server {
    pub(super) fn has(&self, event: Event) -> bool {
        self.callbacks.borrow()[event as usize].is_some()
    }
}

/// Calls the event's callback with the server and `args` as the loop does: in a coroutine if the settings say so. From a turn of the loop.
pub(super) fn emit(running: &Running, event: Event, args: &[Zval]) {
    if let Some(callback) = running.server().callback(event) {
        let args = running.with_server(args);
        // The loop sees for itself that it has to end.
        let _ = engine::callback(&callback, &args);
    }
}

/// Calls the event's callback in a turn of the loop, on the root stack.
pub(super) fn emit_at_root(running: &Running, event: Event, args: &[Zval]) {
    if let Some(callback) = running.server().callback(event) {
        let args = running.with_server(args);
        // As above.
        let _ = engine::reported_at_root(move || drop(callback.call(&args)));
    }
}

/// Calls a callback for a message of another process as the loop does. What it throws is a warning: one bad message shall not take the
/// others along.
pub(super) fn deliver(running: &Running, callback: Callable, args: &[Zval]) {
    let args = running.with_server(args);
    let call = move || {
        if callback.call(&args).is_err() && !zend::exit_pending() {
            zend::report_exception(zend::sys::E_WARNING);
        }
    };
    // As above; without memory for a stack there is an exception.
    let failed = if engine::callbacks_in_coroutines() {
        crate::coroutine::spawn(call).is_err()
    } else {
        engine::at_root(call).is_err()
    };
    if failed && zend::exception_pending() && !zend::exit_pending() {
        zend::report_exception(zend::sys::E_WARNING);
    }
}

/// Calls the event's callback where no loop runs. An exception that it does not catch is reported, and life goes on.
pub(super) fn invoke(running: &Running, event: Event, args: &[Zval]) {
    if let Some(callback) = running.server().callback(event) {
        call(&callback, &running.with_server(args));
    }
}

/// Calls `callback` where no loop runs. An exception that it does not catch is reported, and life goes on.
pub(super) fn call(callback: &Callable, args: &[Zval]) {
    if callback.call(args).is_err() && !zend::exit_pending() {
        zend::report_exception(zend::sys::E_ERROR);
    }
}

/// Calls a function of Swoole's library for servers, if it has something to do.
pub(super) fn help(running: &Running, function: &str, args: &[Zval]) {
    if running.uses_helper()
        && let Some(callback) = Callable::new(&zend::string(format!("Swoole\\Server\\Helper::{function}").as_bytes()))
    {
        call(&callback, &running.with_server(args));
    }
}
