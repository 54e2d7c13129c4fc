//! `Swoole\Process\Pool`: a master and its workers.
//!
//! The master is a [`crate::server::supervisor`]; what a worker does is in [`worker`].

mod master;
mod worker;

use super::{Process, callback_of, outbox};
use crate::classes::{
    ce, coroutine, errors, settings, slots::swoole_process as process_slot, slots::swoole_process_pool as slot,
};
use crate::coroutine::engine;
use crate::io::message_bus::Sender;
use crate::io::message_queue::MessageQueue;
use crate::io::pipe::{self, Kind, Pipe};
use crate::io::process;
use crate::log;
use crate::native_handlers;
use crate::server::packets::Port;
use crate::shm::pool::Shared;
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::callable::Callable;
use crate::zend::object::{self, Native};
use crate::zend::{self, ini};
use ext_php_rs::types::{ZendObject, Zval};
use std::cell::{Cell, OnceCell, RefCell};
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// How messages come to the workers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(i64)]
enum Ipc {
    None = 0,
    UnixSocket = 1,
    Queue = 2,
    Clients = 3,
}

/// Default `max_wait_time`.
const PATIENCE: Duration = Duration::from_secs(3);
/// Default `max_package_size`.
const LONGEST: usize = 2 << 20;
/// Workers of one pool: Swoole's shared memory has room for so many.
const MOST_WORKERS: usize = 16_383;

/// The functions of the events.
#[derive(Default)]
struct Callbacks {
    start: RefCell<Option<Callable>>,
    shutdown: RefCell<Option<Callable>>,
    worker_start: RefCell<Option<Callable>>,
    worker_stop: RefCell<Option<Callable>>,
    worker_exit: RefCell<Option<Callable>>,
    message: RefCell<Option<Callable>>,
}

impl Callbacks {
    fn all(&self) -> [(&'static str, &RefCell<Option<Callable>>); 6] {
        [
            ("start", &self.start),
            ("shutdown", &self.shutdown),
            ("workerstart", &self.worker_start),
            ("workerstop", &self.worker_stop),
            ("workerexit", &self.worker_exit),
            ("message", &self.message),
        ]
    }
}

/// What a pool is, in the master and, copied by the fork, in each worker.
struct State {
    count: usize,
    ipc: Ipc,
    coroutine: Cell<bool>,
    has_bus: Cell<bool>,
    patience: Cell<Option<Duration>>,
    longest: Cell<usize>,
    callbacks: Callbacks,
    /// One for each worker, which has the worker's end; everybody else writes to the master's end.
    pipes: Vec<Pipe>,
    queue: Option<Rc<MessageQueue>>,
    port: RefCell<Option<Port>>,
    /// The workers' process ids, for all to see.
    pids: Vec<Shared<AtomicU32>>,
    sender: RefCell<Sender>,
    started: Cell<bool>,
}

impl State {
    fn pid(&self, index: usize) -> i32 {
        self.pids.get(index).map_or(0, |pid| pid.load(Ordering::Acquire).cast_signed())
    }
}

/// The pool that runs in this process.
struct Running {
    state: Rc<State>,
    master: i32,
    /// This process's number, if it is a worker.
    worker: Option<usize>,
    /// Whether this process was not told to end.
    goes_on: Cell<bool>,
    /// Where workers write their process id to leave the pool.
    leave: OwnedFd,
    /// The answer to the client whose message is handled, while one is.
    answer: RefCell<Option<Vec<u8>>>,
}

thread_local! {
    static RUNNING: RefCell<Option<Rc<Running>>> = const { RefCell::new(None) };
}

/// The pool that runs in this process, if one does.
fn running() -> Option<Rc<Running>> {
    RUNNING.with_borrow(Option::clone)
}

/// The Rust half of a pool.
pub struct Pool(OnceCell<Rc<State>>);

impl Native for Pool {
    native_handlers!();

    fn new() -> Self {
        Self(OnceCell::new())
    }

    fn visit(&self, visit: &mut dyn FnMut(&Zval)) {
        let Some(state) = self.0.get() else { return };
        for (_, callback) in state.callbacks.all() {
            if let Some(callback) = &*callback.borrow() {
                callback.visit(visit);
            }
        }
    }
}

/// The state of `$this`, its constructor called.
fn this(call: &Call<'_>) -> Result<Rc<State>, Thrown> {
    match call.native::<Pool>().0.get() {
        Some(state) => Ok(Rc::clone(state)),
        None => zend::throw(ce::swoole_error(), "must call constructor first", i64::from(errors::WRONG_OPERATION)),
    }
}

/// `__construct(int $worker_num, int $ipc_type = SWOOLE_IPC_NONE, int $msgqueue_key = 0, bool $enable_coroutine = false)`
pub fn __construct(call: &mut Call<'_>) -> Return {
    let refuse = |text: &str| {
        errors::set_last(errors::OPERATION_NOT_SUPPORT);
        zend::throw(zend::standard_error(), text, 0)
    };
    if !zend::sapi_is_cli() {
        return refuse("Swoole\\Process\\Pool can only be used in PHP CLI mode");
    }
    if running().is_some() {
        return refuse("A process pool instance has already been created and cannot be created again");
    }
    let count = call.long_arg(0)?;
    let ipc = call.optional(1, 0, Call::long_arg)?;
    let key = call.optional(2, 0, Call::long_arg)?;
    let in_coroutines = call.optional(3, false, Call::bool_arg)?;
    let Some(count) = usize::try_from(count).ok().filter(|count| *count > 0) else {
        return zend::throw(ce::swoole_exception(), "the parameter $worker_num must be greater than 0", 0);
    };
    if count > MOST_WORKERS {
        return zend::throw(ce::swoole_exception(), "failed to create process pool", 0);
    }
    if in_coroutines && ipc > 0 && ipc != Ipc::UnixSocket as i64 {
        let text = "the parameter $ipc_type must be SWOOLE_IPC_UNIXSOCK when enable coroutine";
        return zend::throw(zend::standard_error(), text, 0);
    }
    let ipc = match ipc {
        1 => Ipc::UnixSocket,
        2 => Ipc::Queue,
        3 => Ipc::Clients,
        _ => Ipc::None,
    };
    match open(count, ipc, key as libc::key_t) {
        Ok(state) => {
            state.coroutine.set(in_coroutines);
            // A second constructor call begins anew nowhere: the first pool stays.
            let _ = call.native::<Pool>().0.set(Rc::new(state));
            Ok(())
        }
        Err(error) => {
            let number = i64::from(error.raw_os_error().unwrap_or(0));
            zend::throw(ce::swoole_exception(), "failed to create process pool", number)
        }
    }
}

fn open(count: usize, ipc: Ipc, key: libc::key_t) -> std::io::Result<State> {
    let buffer = usize::try_from(ini::long(c"swoole.socket_buffer_size")).unwrap_or(0);
    let pipes = if ipc == Ipc::UnixSocket { count } else { 0 };
    let queue = if ipc == Ipc::Queue { Some(Rc::new(MessageQueue::open(key, true)?)) } else { None };
    Ok(State {
        count,
        ipc,
        coroutine: Cell::new(false),
        has_bus: Cell::new(false),
        patience: Cell::new(Some(PATIENCE)),
        longest: Cell::new(LONGEST),
        callbacks: Callbacks::default(),
        pipes: (0..pipes).map(|_| Pipe::open(Kind::Datagram, buffer)).collect::<Result<_, _>>()?,
        queue,
        port: RefCell::new(None),
        pids: (0..count).map(|_| Shared::new()).collect::<Result<_, _>>()?,
        sender: RefCell::new(Sender::new(0)),
        started: Cell::new(false),
    })
}

/// `__destruct()`
pub fn __destruct(_call: &mut Call<'_>) -> Return {
    Ok(())
}

/// `set(array $settings): void`
pub fn set(call: &mut Call<'_>) -> Return {
    let given = call.array_arg(0)?;
    let state = this(call)?;
    settings::set_global(given)?;
    coroutine::apply(given)?;
    let option = |name: &str| given.get(name).filter(|value| !value.is_null());
    if let Some(value) = option("enable_coroutine") {
        state.coroutine.set(value.coerce_to_bool());
    }
    if let Some(value) = option("enable_message_bus") {
        state.has_bus.set(value.coerce_to_bool());
    }
    if let Some(Ok(bytes)) = option("max_package_size").map(zend::to_size) {
        state.longest.set(usize::try_from(bytes).unwrap_or(0));
    }
    if let Some(value) = option("max_wait_time") {
        let seconds = u64::try_from(zend::to_long(value)).unwrap_or(0).min(u64::from(u32::MAX));
        state.patience.set((seconds > 0).then(|| Duration::from_secs(seconds)));
    }
    Ok(())
}

/// `on(string $name, callable $callback): bool`
pub fn on(call: &mut Call<'_>) -> Return {
    let state = this(call)?;
    if state.started.get() {
        errors::warn("process pool is started. unable to register event callback function");
        return call.return_bool(false);
    }
    let name = String::from_utf8_lossy(call.str_arg(0)?.as_bytes()).into_owned();
    let events = state.callbacks.all();
    let Some((event, place)) = events.iter().find(|(event, _)| name.eq_ignore_ascii_case(event)) else {
        errors::notice(&format!("unknown event type[{name}]"));
        return call.return_bool(false);
    };
    if *event == "message" && state.ipc == Ipc::None {
        let code = i64::from(errors::INVALID_PARAMS);
        return zend::throw(ce::swoole_exception(), "cannot set `onMessage` event with ipc_type=0", code);
    }
    let made = call.value(1).and_then(callback_of);
    let old = std::mem::replace(&mut *place.borrow_mut(), made);
    drop(old);
    call.return_bool(true)
}

fn wrong_ipc(call: &mut Call<'_>, state: &State) -> Return {
    errors::warn(&format!("unsupported ipc type[{}]", state.ipc as i64));
    call.return_bool(false)
}

/// `listen(string $host, int $port = 0, int $backlog = 2048): bool`
pub fn listen(call: &mut Call<'_>) -> Return {
    let state = this(call)?;
    if state.started.get() {
        errors::warn("process pool is started. unable to listen");
        return call.return_bool(false);
    }
    let host = String::from_utf8_lossy(call.str_arg(0)?.as_bytes()).into_owned();
    let port = call.optional(1, 0, Call::long_arg)?;
    let backlog = call.optional(2, 2048, Call::long_arg)? as i32;
    if state.ipc != Ipc::Clients {
        return wrong_ipc(call, &state);
    }
    let is_unix = host.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("unix:/"));
    let opened =
        if is_unix { Port::unix(PathBuf::from(&host[5..]), backlog) } else { Port::tcp(&host, port as u16, backlog) };
    match opened {
        Ok(opened) => {
            *state.port.borrow_mut() = Some(opened);
            call.return_bool(true)
        }
        Err(error) => {
            let number = error.raw_os_error().unwrap_or(0);
            let what = format!("listen({host}:{port}, {backlog}) failed");
            log::system_warning("ProcessPool::listen()", &what, number);
            errors::set_last(number);
            call.return_bool(false)
        }
    }
}

/// `write(string $data): bool`
pub fn write(call: &mut Call<'_>) -> Return {
    let data = call.str_arg(0)?.as_bytes();
    let state = this(call)?;
    if state.ipc != Ipc::Clients {
        return wrong_ipc(call, &state);
    }
    let written = running().is_some_and(|running| match &mut *running.answer.borrow_mut() {
        Some(answer) if !data.is_empty() => {
            answer.extend_from_slice(data);
            true
        }
        _ => false,
    });
    if !written && !data.is_empty() {
        errors::set_last(errors::INVALID_PARAMS);
    }
    call.return_bool(written)
}

/// `sendMessage(string $data, int $dst_worker_id): bool`
pub fn send_message(call: &mut Call<'_>) -> Return {
    let state = this(call)?;
    if !state.started.get() {
        errors::warn("process pool is not started.");
        return call.return_bool(false);
    }
    if state.ipc != Ipc::UnixSocket {
        return wrong_ipc(call, &state);
    }
    let data = call.str_arg(0)?.as_bytes();
    let to = call.long_arg(1)?;
    let Some(index) = usize::try_from(to).ok().filter(|index| *index < state.count) else {
        errors::notice(&format!("invalid worker_id[{to}]"));
        return call.return_bool(false);
    };
    let sent = send(&state, index, data);
    call.return_bool(sent)
}

/// Sends a message to worker `index`; what has no room waits in the event loop, or here when none runs.
fn send(state: &State, index: usize, message: &[u8]) -> bool {
    let to = fd(&state.pipes[index].master);
    let frames = if state.has_bus.get() { state.sender.borrow_mut().frames(message) } else { vec![message.to_vec()] };
    frames.into_iter().all(|frame| {
        let sent =
            if engine::loop_running() { outbox::send(to, frame) } else { pipe::send_wait(to, &frame, None).map(drop) };
        if let Err(error) = &sent {
            let number = error.raw_os_error().unwrap_or(0);
            log::system_warning("ProcessPool::send_message()", &format!("send to worker#{index} failed"), number);
            errors::set_last(number);
        }
        sent.is_ok()
    })
}

/// `getProcess(int $work_id = -1): Swoole\Process|false`
pub fn get_process(call: &mut Call<'_>) -> Return {
    let Some(running) = running() else { return call.return_bool(false) };
    let wanted = call.optional(0, -1, Call::long_arg)?;
    let own = running.worker.unwrap_or(0);
    if wanted >= running.state.count as i64 {
        errors::notice(&format!("invalid worker_id[{wanted}]"));
        return call.return_bool(false);
    }
    let index = usize::try_from(wanted).unwrap_or(own);
    let pid = running.state.pid(index);
    let known = object::slot(call.this(), slot::WORKERS)
        .array()
        .and_then(|workers| workers.get_index(index as i64))
        .filter(|known| !known.is_null())
        .map(Zval::shallow_clone);
    if let Some(mut known) = known {
        if let Some(object) = known.object_mut() {
            if let Some(process) = object::native::<Process>(object) {
                process.pid.set(pid);
            }
            object::set_slot(object, process_slot::PID, i64::from(pid));
        }
        return call.return_value(known);
    }
    let made = object::instantiate_with(ce::swoole_process(), |process: &Process, object: &mut ZendObject| {
        fill(&running, index, process, object);
    });
    object::set_in_slot(call.this(), slot::WORKERS, index.to_string().as_bytes(), made.shallow_clone());
    call.return_value(made)
}

/// Makes `process` the object of worker `index`, as this process sees it.
fn fill(running: &Running, index: usize, process: &Process, object: &mut ZendObject) {
    let state = &running.state;
    process.ready.set(true);
    process.id.set(index as i64);
    process.pid.set(state.pid(index));
    // As in Swoole: the id of the process that asks.
    object::set_slot(object, process_slot::ID, running.worker.unwrap_or(0) as i64);
    object::set_slot(object, process_slot::PID, i64::from(state.pid(index)));
    if let Some(pipe) = state.pipes.get(index) {
        let end = if running.worker == Some(index) { &pipe.worker } else { &pipe.master };
        let fd = end.as_ref().map(AsRawFd::as_raw_fd);
        object::set_slot(object, process_slot::PIPE, i64::from(fd.unwrap_or(-1)));
        // The message bus alone uses the pipes, if there is one.
        process.fd.set(fd.filter(|_| !state.has_bus.get()));
    }
    // Without a function for messages the worker takes them from the queue by itself.
    if state.callbacks.message.borrow().is_none() {
        *process.queue.borrow_mut() = state.queue.clone();
    }
}

/// `start(): ?false`
pub fn start(call: &mut Call<'_>) -> Return {
    let state = this(call)?;
    if state.started.get() {
        errors::warn("process pool is started");
        return call.return_bool(false);
    }
    super::may_fork()?;
    if state.has_bus.get() && state.ipc != Ipc::UnixSocket {
        log::error(
            log::WARNING,
            "ProcessPool::create_message_bus()",
            errors::OPERATION_NOT_SUPPORT,
            b"not support, ipc_mode must be SW_IPC_UNIXSOCK",
        );
        return call.return_bool(false);
    }
    let callbacks = &state.callbacks;
    if callbacks.worker_start.borrow().is_none() && callbacks.message.borrow().is_none() {
        if state.coroutine.get() {
            drop(state);
            errors::fatal("require 'onWorkerStart' callback");
            return Err(Thrown);
        }
        if state.ipc != Ipc::None {
            drop(state);
            errors::fatal("require 'onMessage' callback");
            return Err(Thrown);
        }
    }
    if callbacks.worker_exit.borrow().is_some() && !state.coroutine.get() {
        let code = i64::from(errors::INVALID_PARAMS);
        return zend::throw(ce::swoole_exception(), "cannot set `onWorkerExit` without enable_coroutine", code);
    }
    if state.ipc == Ipc::Clients && state.port.borrow().is_none() {
        let text = b"must first listen to an tcp port";
        log::error(log::WARNING, "ProcessPool::start_check()", errors::WRONG_OPERATION, text);
        return call.return_bool(false);
    }
    master::run(call, state)
}

/// `stop(): void`
pub fn stop(_call: &mut Call<'_>) -> Return {
    if let Some(running) = running() {
        running.goes_on.set(false);
        if running.worker.is_some() {
            engine::request_turn();
        }
    }
    Ok(())
}

/// `shutdown(): bool`
pub fn shutdown(call: &mut Call<'_>) -> Return {
    let Some(running) = running() else {
        let code = i64::from(errors::INVALID_PARAMS);
        return zend::throw(ce::swoole_exception(), "The process pool is not started", code);
    };
    if running.worker.is_none() {
        running.goes_on.set(false);
        return call.return_bool(true);
    }
    let told = process::kill(running.master, libc::SIGTERM).is_ok();
    call.return_bool(told)
}

/// `detach(): bool`
pub fn detach(call: &mut Call<'_>) -> Return {
    let left = running().is_some_and(|running| running.goes_on.get() && worker::leave(&running));
    call.return_bool(left)
}

/// Calls a function of the pool's on the root stack; an exception that it does not catch is reported, and life goes on.
fn invoke(callback: &RefCell<Option<Callable>>, arguments: &[Zval]) {
    let callback = callback.borrow().clone();
    if let Some(callback) = callback
        && callback.call(arguments).is_err()
    {
        zend::report_exception(zend::sys::E_ERROR);
    }
}

/// Says in the pool's properties whether this process goes on.
fn set_running(object: &mut ZendObject, yes: bool) {
    object::set_slot(object, slot::RUNNING, yes);
    object::set_slot(object, slot::WORKER_RUNNING, yes);
}

/// The descriptor of an end of a pipe that nothing closes.
fn fd(end: &Option<OwnedFd>) -> RawFd {
    end.as_ref().map_or(-1, AsRawFd::as_raw_fd)
}
