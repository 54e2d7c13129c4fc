//! Commands that one process of the server has another one run.

use super::control::started;
use super::inbox::{self, Kind};
use super::messages::{To, php, send};
use super::port;
use super::running::Running;
use crate::classes::{constants, current_coroutine, errors};
use crate::coroutine::engine::{self, scheduler};
use crate::coroutine::scheduler::Waiting;
use crate::log;
use crate::server::bus::Frame;
use crate::server::layout::{Mode, Part};
use crate::zend;
use crate::zend::call::{Call, Return};
use crate::zend::callable::Callable;
use ext_php_rs::types::Zval;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

const MASTER: i64 = constants::SWOOLE_SERVER_COMMAND_MASTER;
const REACTOR_THREAD: i64 = constants::SWOOLE_SERVER_COMMAND_REACTOR_THREAD;
const EVENT_WORKER: i64 = constants::SWOOLE_SERVER_COMMAND_EVENT_WORKER;
const TASK_WORKER: i64 = constants::SWOOLE_SERVER_COMMAND_TASK_WORKER;
const MANAGER: i64 = constants::SWOOLE_SERVER_COMMAND_MANAGER;

/// A command.
#[derive(Clone)]
pub(super) struct Command {
    name: Vec<u8>,
    accepted: i64,
    pub(super) callback: Callable,
}

/// A coroutine that waits for an answer.
struct Waiter {
    coroutine: i64,
    answer: RefCell<Option<Vec<u8>>>,
}

thread_local! {
    static NEXT: Cell<i64> = const { Cell::new(1) };
    static WAITERS: RefCell<HashMap<i64, Rc<Waiter>>> = RefCell::new(HashMap::new());
}

/// `addCommand(string $name, int $accepted_process_types, callable $callback): bool`
pub fn add_command(call: &mut Call<'_>) -> Return {
    let server = super::constructed(call)?;
    if server.is_started() {
        errors::warn("server is running, can't add command");
        return call.return_bool(false);
    }
    let name = call.str_arg(0)?.as_bytes().to_vec();
    let accepted = call.long_arg(1)?;
    if accepted & REACTOR_THREAD != 0 {
        errors::warn("only support worker/task_worker process");
        return call.return_bool(false);
    }
    let Some(callback) = call.value(2).and_then(port::callback_of) else { return call.return_bool(false) };
    let known = server.commands.borrow().iter().any(|command| command.name == name);
    if !known {
        server.commands.borrow_mut().push(Command { name, accepted, callback });
    }
    call.return_bool(!known)
}

/// `command(string $name, int $process_id, int $process_type, mixed $data, bool $json_decode = true): array|string|false`
pub fn command(call: &mut Call<'_>) -> Return {
    let Some(running) = started(call) else { return Ok(()) };
    let name = call.str_arg(0)?.as_bytes().to_vec();
    let (process, kind) = (call.long_arg(1)?, call.long_arg(2)?);
    let data = php("json_encode", &[call.value(3).map(Zval::shallow_clone).unwrap_or_default()])?;
    let decodes = call.optional(4, true, Call::bool_arg)?;
    let Some(data) = data.zend_str().map(|text| text.as_bytes().to_vec()) else { return call.return_bool(false) };
    current_coroutine()?;
    let place = running.server().commands.borrow().iter().position(|command| command.name == name);
    let to = match place {
        None => Err((errors::INVALID_COMMAND, format!("Unknown command[{}]", String::from_utf8_lossy(&name)))),
        Some(place) => destination(&running, place, process, kind).map(|to| (place, to)),
    };
    let (place, to) = match to {
        Ok(found) => found,
        Err((number, words)) => {
            errors::set_last(number);
            log::error(log::NOTICE, "Server::command()", number, words.as_bytes());
            return call.return_bool(false);
        }
    };
    let answer = match to {
        None => Some(run(&running, place, &data)),
        Some(index) => ask(&running, index, place, &data),
    };
    let Some(answer) = answer else { return call.return_bool(false) };
    if !decodes {
        return call.return_bytes(&answer);
    }
    let decoded = php("json_decode", &[zend::string(&answer), zend::boolean(true)])?;
    call.return_value(if decoded.is_null() { zend::boolean(false) } else { decoded })
}

/// The process that is meant; `None` is this one.
fn destination(running: &Running, place: usize, process: i64, kind: i64) -> Result<Option<usize>, (i32, String)> {
    let refuse = |number: i32, words: &str| Err((number, words.to_owned()));
    match running.layout.mode {
        Mode::Process if running.part() != Some(Part::Master) => {
            return refuse(errors::INVALID_PARAMS, "command() can only be used in master process");
        }
        Mode::Base if running.worker_id() != Some(0) => {
            return refuse(errors::INVALID_PARAMS, "command() can only be used in worker process 0");
        }
        _ => {}
    }
    let kind = if running.layout.mode == Mode::Base && kind == EVENT_WORKER && process == 0 { MASTER } else { kind };
    let accepted = running.server().commands.borrow()[place].accepted;
    if kind & accepted == 0 {
        return refuse(errors::OPERATION_NOT_SUPPORT, "unsupported [process_type]");
    }
    let within = |count: usize| usize::try_from(process).ok().filter(|index| *index < count);
    match kind {
        MASTER => Ok(None),
        MANAGER => Ok(Some(running.layout.manager())),
        EVENT_WORKER => match within(running.layout.workers) {
            Some(index) => Ok(Some(index)),
            None => refuse(errors::INVALID_PARAMS, &format!("invalid worker_id[{process}]")),
        },
        TASK_WORKER => match within(running.layout.tasks) {
            Some(index) => Ok(Some(running.layout.workers + index)),
            None => refuse(errors::INVALID_PARAMS, &format!("invalid task_worker_id[{process}]")),
        },
        _ => refuse(errors::OPERATION_NOT_SUPPORT, "unsupported [process_type]"),
    }
}

/// Has another process run a command, and waits for its answer.
fn ask(running: &Running, index: usize, place: usize, data: &[u8]) -> Option<Vec<u8>> {
    let id = NEXT.get();
    NEXT.set(id + 1);
    let waiter = Rc::new(Waiter { coroutine: engine::current_id()?, answer: RefCell::new(None) });
    WAITERS.with_borrow_mut(|waiters| waiters.insert(id, Rc::clone(&waiter)));
    let head = [id.to_ne_bytes(), (place as i64).to_ne_bytes()].concat();
    if send(running, To::Index(index), Kind::Command, &head, data) {
        // Cancelled, there is no answer.
        let _ = engine::park(Waiting::External);
    }
    WAITERS.with_borrow_mut(|waiters| waiters.remove(&id));
    waiter.answer.take()
}

/// Runs a command in this process.
fn run(running: &Running, place: usize, data: &[u8]) -> Vec<u8> {
    let command = running.server().commands.borrow().get(place).cloned();
    let Some(command) = command else { return br#"{"data": "failed to call function", "code": -1}"#.to_vec() };
    match command.callback.call(&running.with_server(&[zend::string(data)])) {
        Ok(answer) => match answer.zend_str() {
            Some(text) => text.as_bytes().to_vec(),
            None => br#"{"data": "wrong return type", "code": -2}"#.to_vec(),
        },
        Err(_) => {
            if !zend::exit_pending() {
                zend::report_exception(zend::sys::E_WARNING);
            }
            br#"{"data": "failed to call function", "code": -1}"#.to_vec()
        }
    }
}

/// Another process wants a command to be run here.
pub(super) fn asked(running: &Running, frame: Frame<'_>) {
    let place = frame.head.get(8..).map_or(-1, inbox::number);
    let answer = run(running, usize::try_from(place).unwrap_or(usize::MAX), frame.payload);
    let id = &frame.head[..frame.head.len().min(8)];
    send(running, To::Back(frame.back), Kind::CommandResult, id, &answer);
}

/// An answer has come.
pub(super) fn answered(frame: Frame<'_>) {
    let waiter = WAITERS.with_borrow(|waiters| waiters.get(&inbox::number(frame.head)).cloned());
    if let Some(waiter) = waiter {
        *waiter.answer.borrow_mut() = Some(frame.payload.to_vec());
        scheduler().resume(waiter.coroutine, Waiting::External);
    }
}
