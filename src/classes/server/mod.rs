//! `Swoole\Server`: several processes that share connections, tasks and messages.
//!
//! ```text
//!   SWOOLE_BASE, one worker        start() ── worker ── returns
//!   SWOOLE_BASE                    start() ── manager ─┬─ workers, task workers, user processes
//!   SWOOLE_PROCESS                 start() ── master ── manager ─┬─ the same
//! ```
//!
//! * `options`, `port`: what can be set before the start; `start`: what is checked then, and what all processes share.
//! * `running`: the server that runs in this process. `events`: calls of its callbacks.
//! * `master`, `manager`, `worker`, `task_worker`, `user`: the lives of processes. `inbox`: what an event loop serves of the bus.
//! * `control`: what PHP asks for. `connections`: everything about connections.

mod busy;
mod commands;
pub mod connections;
mod control;
mod events;
mod inbox;
mod manager;
mod master;
mod messages;
mod options;
mod plan;
pub mod port;
mod running;
mod start;
pub mod task;
mod task_queue;
mod task_worker;
mod tasks;
mod turn;
mod user;
mod worker;

pub use commands::{add_command, command};
pub use connections::{
    bind, close, exists, get_client_info, get_client_list, heartbeat, pause, protect, resume, send, sendfile, sendto,
    sendwait,
};
pub use control::{
    get_last_error, get_manager_pid, get_master_pid, get_socket, get_worker_id, get_worker_pid, get_worker_status,
    reload, shutdown, stats, stop,
};
pub use messages::send_message;
pub use options::set;
pub(crate) use running::runs_here;
pub(crate) use start::request_shutdown;
pub use start::start;
pub use tasks::{finish, task, task_co, task_wait_multi, taskwait};
pub use user::add_process;

use super::{ce, connection::iterator, errors, slots::swoole_server as slots, slots::swoole_server_port as port_slots};
use crate::coroutine::engine;
use crate::io::process;
use crate::log;
use crate::native_handlers;
use crate::server::layout::Mode;
use crate::server::listen::{Kind, LONGEST_HOST, ListenError, ListenPort};
use crate::server::settings::Settings;
use crate::zend::array::Array;
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::callable::Callable;
use crate::zend::object::{self, Native, set_slot};
use crate::zend::{self, sapi_is_cli, standard_error, throw};
use events::Event;
use ext_php_rs::types::{ZendObject, Zval};
use port::Port;
use std::cell::{Cell, OnceCell, Ref, RefCell, RefMut};
use std::collections::HashMap;
use std::os::fd::AsRawFd;
use std::rc::Rc;

/// The flag for TLS in a socket's type.
const TLS: i64 = 512;
/// Most ports of a server.
const MOST_PORTS: usize = 60_000;

thread_local! {
    /// A process has one server at a time, from its construction to the end of its run.
    static EXISTS: Cell<bool> = const { Cell::new(false) };
}

/// Whether there is a server that may start: timers of the script then wait for its loop, in the process that starts it.
pub(crate) fn awaits_start() -> bool {
    EXISTS.get() && running::running().is_none()
}

/// How far a server has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    Made,
    Started,
    Over,
}

/// The Rust half of a server object.
pub struct Server {
    settings: OnceCell<RefCell<Settings>>,
    /// Its port objects, the constructor's first.
    ports: RefCell<Vec<Zval>>,
    /// By [`Event`].
    callbacks: RefCell<[Option<Callable>; Event::COUNT]>,
    dispatch: RefCell<Option<Rc<Callable>>>,
    /// The process objects of its user processes.
    users: RefCell<Vec<Zval>>,
    commands: RefCell<Vec<commands::Command>>,
    /// Of a `Redis\Server`, by the command in lower case.
    redis: RefCell<HashMap<Vec<u8>, Rc<Callable>>>,
    stage: Cell<Stage>,
    /// The ids of its last master and manager, once it has ended.
    ids: Cell<(i32, i32)>,
}

impl Native for Server {
    native_handlers!();

    fn new() -> Self {
        Self {
            settings: OnceCell::new(),
            ports: RefCell::default(),
            callbacks: RefCell::default(),
            dispatch: RefCell::default(),
            users: RefCell::default(),
            commands: RefCell::default(),
            redis: RefCell::default(),
            stage: Cell::new(Stage::Made),
            ids: Cell::new((0, 0)),
        }
    }

    fn visit(&self, visit: &mut dyn FnMut(&Zval)) {
        self.callbacks.borrow().iter().flatten().for_each(|callback| callback.visit(visit));
        self.ports.borrow().iter().chain(self.users.borrow().iter()).for_each(&mut *visit);
        self.commands.borrow().iter().for_each(|command| command.callback.visit(visit));
        self.redis.borrow().values().for_each(|handler| handler.visit(visit));
        if let Some(dispatch) = &*self.dispatch.borrow() {
            dispatch.visit(visit);
        }
    }
}

impl Server {
    /// What is set. After construction.
    fn settings(&self) -> Ref<'_, Settings> {
        self.cell().borrow()
    }

    fn settings_mut(&self) -> RefMut<'_, Settings> {
        self.cell().borrow_mut()
    }

    fn cell(&self) -> &RefCell<Settings> {
        self.settings.get_or_init(|| RefCell::new(Settings::new(Mode::Base, process::processors(), descriptors())))
    }

    fn is_started(&self) -> bool {
        self.stage.get() == Stage::Started
    }

    fn port_values(&self) -> Ref<'_, Vec<Zval>> {
        self.ports.borrow()
    }

    fn callback(&self, event: Event) -> Option<Callable> {
        self.callbacks.borrow()[event as usize].clone()
    }

    /// The handler of this command of Redis's, in lower case.
    pub(crate) fn redis_handler(&self, command: &[u8]) -> Option<Rc<Callable>> {
        self.redis.borrow().get(command).cloned()
    }

    /// Sets the handler of a command of Redis's, in lower case.
    pub(crate) fn set_redis_handler(&self, command: Vec<u8>, handler: Callable) {
        let old = self.redis.borrow_mut().insert(command, Rc::new(handler));
        drop(old);
    }

    fn set_dispatch(&self, callback: Callable) {
        let old = self.dispatch.borrow_mut().replace(Rc::new(callback));
        drop(old);
    }
}

/// How many descriptors this process may have.
fn descriptors() -> usize {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: fills a struct of ours.
    unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit) };
    usize::try_from(limit.rlim_cur).unwrap_or(usize::MAX)
}

fn class_name(call: &mut Call<'_>) -> String {
    call.this().get_class_name().unwrap_or_default()
}

/// The server, once its constructor has run.
fn constructed<'a>(call: &mut Call<'a>) -> Result<&'a Server, Thrown> {
    let server = call.native::<Server>();
    if server.settings.get().is_none() {
        let class = class_name(call);
        let text = format!("Invalid instance of {class}: its parent's constructor was not called");
        return throw(standard_error(), &text, 0);
    }
    Ok(server)
}

/// `$object->$method(...$args)`.
fn call_method(object: &Zval, method: &str, args: &[Zval]) -> Result<Zval, Thrown> {
    let mut pair = Array::new();
    pair.push(object.shallow_clone());
    pair.push(zend::string(method.as_bytes()));
    match Callable::new(&Zval::from(pair)) {
        Some(callable) => callable.call(args),
        None => throw(standard_error(), &format!("{method}() cannot be called"), 0),
    }
}

/// `Server::__construct`.
pub fn __construct(call: &mut Call<'_>) -> Return {
    let class = class_name(call);
    let server = call.native::<Server>();
    if server.settings.get().is_some() {
        return throw(standard_error(), &format!("Constructor of {class} can only be called once"), 0);
    }
    if !sapi_is_cli() {
        return throw(ce::swoole_exception(), &format!("{class} can only be used in CLI mode"), -1);
    }
    let host = call.str_arg(0)?;
    let port = call.optional(1, 0, Call::long_arg)?;
    let number = call.optional(2, Mode::Base as i64, Call::long_arg)?;
    let kind = call.optional(3, Kind::Tcp as i64, Call::long_arg)?;
    let mode = match number {
        1 => Mode::Base,
        2 => Mode::Process,
        _ => {
            errors::set_last(errors::INVALID_PARAMS);
            return throw(standard_error(), &format!("invalid $mode parameters {number}"), 0);
        }
    };
    if EXISTS.get() {
        errors::set_last(errors::OPERATION_NOT_SUPPORT);
        return throw(ce::swoole_exception(), &format!("server is running. unable to create {class}"), -3);
    }
    refuse_dtls(kind)?;
    let host = String::from_utf8_lossy(host.as_bytes()).into_owned();
    let bound = match bind_address(&host, port, kind) {
        Ok(bound) => bound,
        Err(error) => {
            let (text, code) = (error.text(), error.code());
            let message = format!("failed to listen server port[{host}:{port}], Error: {text}[{code}]");
            return throw(ce::swoole_exception(), &message, code);
        }
    };
    let settings = Settings::new(mode, process::processors(), descriptors());
    let mut settings = settings;
    settings.enable_coroutine = engine::callbacks_in_coroutines();
    settings.send_yield = settings.enable_coroutine;
    // The check above found none.
    let _ = server.settings.set(RefCell::new(settings));
    EXISTS.set(true);
    let this = call.this();
    set_slot(this, slots::HOST, host.as_str());
    set_slot(this, slots::PORT, i64::from(bound.port));
    set_slot(this, slots::TYPE, bound.kind as i64);
    set_slot(this, slots::SSL, kind & TLS != 0);
    set_slot(this, slots::MODE, number);
    set_slot(this, slots::CONNECTIONS, iterator::new(None));
    add_port(this, server, &host, bound, kind & TLS != 0);
    Ok(())
}

/// Datagrams are not encrypted: nobody is to believe so.
fn refuse_dtls(kind: i64) -> Return {
    let datagrams = [Kind::Udp as i64, Kind::Udp6 as i64, Kind::UnixDatagram as i64];
    if kind & TLS != 0 && datagrams.contains(&(kind & !TLS)) {
        return super::not_in_this_release("TLS over datagrams (DTLS)");
    }
    Ok(())
}

/// Binds an address; what is wrong is in the log and in `swoole_last_error()`.
fn bind_address(host: &str, port: i64, kind: i64) -> Result<ListenPort, ListenError> {
    let number = (kind & !TLS) as i32;
    let bound = Kind::from_number(kind & !TLS).and_then(|kind| ListenPort::bind(kind, host, port));
    if let Err(error) = &bound {
        let (code, warning) = (error.code() as i32, log::WARNING);
        match error {
            ListenError::InvalidPort => {
                log::error(log::ERROR, "Server::add_port()", code, format!("invalid port [{port}]").as_bytes());
            }
            ListenError::LongHost => {
                let text = format!("address '{host}' exceeds the limit of {LONGEST_HOST} characters");
                log::error(log::ERROR, "Server::add_port()", code, text.as_bytes());
            }
            ListenError::InvalidHost => {
                let version = if number == Kind::Tcp6 as i32 || number == Kind::Udp6 as i32 { 6 } else { 4 };
                log::put(
                    warning,
                    format!("ListenPort::create_socket(): Invalid IPv{version} address '{host}:{port}'").as_bytes(),
                );
            }
            ListenError::Os(libc::ESOCKTNOSUPPORT) => {
                log::warning("make_socket()", &format!("unknown socket type [{number}]"));
            }
            ListenError::Os(_) => {}
        }
        errors::set_last(code);
    }
    bound
}

/// Adds a port object to the server's.
fn add_port(this: &mut ZendObject, server: &Server, host: &str, bound: ListenPort, tls: bool) -> Zval {
    let mut value = object::instantiate(ce::swoole_server_port());
    if let Some(port) = value.object_mut() {
        set_slot(port, port_slots::HOST, host);
        set_slot(port, port_slots::PORT, i64::from(bound.port));
        set_slot(port, port_slots::TYPE, bound.kind as i64);
        set_slot(port, port_slots::SOCK, i64::from(bound.socket().as_raw_fd()));
        set_slot(port, port_slots::SSL, tls);
        set_slot(port, port_slots::CONNECTIONS, iterator::new(Some(server.port_values().len())));
        if let Some(native) = object::native::<Port>(port) {
            native.open(Rc::new(bound));
        }
    }
    object::push_to_slot(this, slots::PORTS, value.shallow_clone());
    server.ports.borrow_mut().push(value.shallow_clone());
    value
}

/// `Server::__destruct`: what there is to free goes with the object.
pub fn __destruct(_call: &mut Call<'_>) -> Return {
    Ok(())
}

/// `Server::on`.
pub fn on(call: &mut Call<'_>) -> Return {
    let server = constructed(call)?;
    if server.is_started() {
        errors::warn("server is running, unable to register event callback function");
        return call.return_bool(false);
    }
    let name = String::from_utf8_lossy(call.str_arg(0)?.as_bytes()).into_owned();
    let value = call.value(1).map(Zval::shallow_clone).unwrap_or_default();
    let Some(event) = Event::of_name(&name) else {
        let first = server.port_values().first().map(Zval::shallow_clone).unwrap_or_default();
        let set = call_method(&first, "on", &[zend::string(name.as_bytes()), value])?;
        return call.return_value(set);
    };
    set_slot(call.this(), event.slot(), value.shallow_clone());
    let made = port::callback_of(&value);
    let set = made.is_some();
    let old = std::mem::replace(&mut server.callbacks.borrow_mut()[event as usize], made);
    drop(old);
    call.return_bool(set)
}

/// `Server::getCallback`.
pub fn get_callback(call: &mut Call<'_>) -> Return {
    let server = call.native::<Server>();
    let name = String::from_utf8_lossy(call.str_arg(0)?.as_bytes()).into_owned();
    if let Some(event) = Event::of_name(&name) {
        let value = object::slot(call.this(), event.slot()).shallow_clone();
        return call.return_value(value);
    }
    // A child class that forgot its parent's constructor has none.
    let Some(first) = server.port_values().first().map(Zval::shallow_clone) else { return Ok(()) };
    let value = call_method(&first, "getCallback", &[zend::string(name.as_bytes())])?;
    call.return_value(value)
}

/// `Server::listen`.
pub fn listen(call: &mut Call<'_>) -> Return {
    let server = constructed(call)?;
    if server.is_started() {
        errors::warn("server is running, cannot add listener");
        return call.return_bool(false);
    }
    let host = String::from_utf8_lossy(call.str_arg(0)?.as_bytes()).into_owned();
    let (port, kind) = (call.long_arg(1)?, call.long_arg(2)?);
    refuse_dtls(kind)?;
    if server.port_values().len() >= MOST_PORTS {
        let text = format!("up to {MOST_PORTS} listening ports are allowed");
        log::error(log::ERROR, "Server::add_port()", errors::TOO_MANY_LISTEN_PORT, text.as_bytes());
        return call.return_bool(false);
    }
    match bind_address(&host, port, kind) {
        Ok(bound) => {
            let value = add_port(call.this(), server, &host, bound, kind & TLS != 0);
            call.return_value(value)
        }
        Err(_) => call.return_bool(false),
    }
}
