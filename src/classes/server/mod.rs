//! `Swoole\Server`: the object and its settings; `start()` belongs to a later release.

pub mod connections;

use super::{ce, errors, slots::swoole_server as slots};
use crate::server::listen::{Kind, ListenError, ListenPort};
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::callable::Callable;
use crate::zend::object::{Native, set_slot, slot};
use crate::zend::{sapi_is_cli, standard_error, throw, warning};
pub use connections::{
    bind, close, exists, get_client_info, get_client_list, heartbeat, pause, protect, resume, send, sendfile, sendto,
    sendwait,
};
use ext_php_rs::types::Zval;
use std::cell::{Cell, OnceCell, RefCell};

/// The server's own events, and the slot of the private property that shows the callback.
const SERVER_EVENTS: [(&str, usize); 14] = [
    ("start", slots::ON_START),
    ("beforeshutdown", slots::ON_BEFORE_SHUTDOWN),
    ("shutdown", slots::ON_SHUTDOWN),
    ("workerstart", slots::ON_WORKER_START),
    ("workerstop", slots::ON_WORKER_STOP),
    ("beforereload", slots::ON_BEFORE_RELOAD),
    ("afterreload", slots::ON_AFTER_RELOAD),
    ("task", slots::ON_TASK),
    ("finish", slots::ON_FINISH),
    ("workerexit", slots::ON_WORKER_EXIT),
    ("workererror", slots::ON_WORKER_ERROR),
    ("managerstart", slots::ON_MANAGER_START),
    ("managerstop", slots::ON_MANAGER_STOP),
    ("pipemessage", slots::ON_PIPE_MESSAGE),
];

/// Events of a port; on the server they mean its first port.
const PORT_EVENTS: [&str; 12] = [
    "connect",
    "receive",
    "close",
    "packet",
    "bufferfull",
    "bufferempty",
    "request",
    "handshake",
    "beforehandshakeresponse",
    "open",
    "message",
    "disconnect",
];

thread_local! {
    /// A process has one server, from its construction to the end of the process.
    static EXISTS: Cell<bool> = const { Cell::new(false) };
}

/// The Rust half of a server object.
#[derive(Default)]
pub struct Server {
    /// Bound by the constructor; empty when a child class did not call its parent's.
    port: OnceCell<ListenPort>,
    /// Callbacks by lower-case event name, in the order of their first registration.
    callbacks: RefCell<Vec<(String, Callable)>>,
}

impl Native for Server {
    fn new() -> Self {
        Self::default()
    }

    crate::native_handlers!();

    fn visit(&self, visit: &mut dyn FnMut(&Zval)) {
        for (_, callback) in self.callbacks.borrow().iter() {
            callback.visit(visit);
        }
    }
}

impl Server {
    fn replace(&self, event: String, callback: Callable) {
        let mut callbacks = self.callbacks.borrow_mut();
        // The old callback is dropped after the borrow: its destructor may run PHP that comes back here.
        let _old = match callbacks.iter_mut().find(|(name, _)| *name == event) {
            Some(found) => Some(std::mem::replace(&mut found.1, callback)),
            None => {
                callbacks.push((event, callback));
                None
            }
        };
        drop(callbacks);
    }
}

fn class_name(call: &mut Call<'_>) -> String {
    call.this().get_class_name().unwrap_or_default()
}

/// The server, once its constructor has run.
fn constructed<'a>(call: &mut Call<'a>) -> Result<&'a Server, Thrown> {
    let server = call.native::<Server>();
    if server.port.get().is_none() {
        let class = class_name(call);
        return throw(
            standard_error(),
            &format!("Invalid instance of {class}: its parent's constructor was not called"),
            0,
        );
    }
    Ok(server)
}

/// `Server::__construct`.
pub fn __construct(call: &mut Call<'_>) -> Return {
    const TLS: i64 = 512;
    const SWOOLE_BASE: i64 = 1;
    const SWOOLE_PROCESS: i64 = 2;
    let class = class_name(call);
    let server = call.native::<Server>();
    if server.port.get().is_some() {
        return throw(standard_error(), &format!("Constructor of {class} can only be called once"), 0);
    }
    if !sapi_is_cli() {
        return throw(ce::swoole_exception(), &format!("{class} can only be used in CLI mode"), -1);
    }
    let host = call.str_arg(0)?;
    let port = call.optional(1, 0, Call::long_arg)?;
    let mode = call.optional(2, SWOOLE_BASE, Call::long_arg)?;
    let kind = call.optional(3, Kind::Tcp as i64, Call::long_arg)?;
    if ![SWOOLE_BASE, SWOOLE_PROCESS].contains(&mode) {
        return throw(standard_error(), &format!("invalid $mode parameters {mode}"), 0);
    }
    if EXISTS.get() {
        return throw(ce::swoole_exception(), &format!("server is running. unable to create {class}"), -3);
    }
    let host = String::from_utf8_lossy(host.as_bytes()).into_owned();
    let bound = match Kind::from_number(kind & !TLS).and_then(|kind| ListenPort::bind(kind, &host, port)) {
        Ok(bound) => bound,
        Err(error) => return refuse(&host, port, error),
    };
    let this = call.this();
    set_slot(this, slots::HOST, host.as_str());
    set_slot(this, slots::PORT, i64::from(bound.port));
    set_slot(this, slots::TYPE, bound.kind as i64);
    set_slot(this, slots::SSL, kind & TLS != 0);
    set_slot(this, slots::MODE, mode);
    if server.port.set(bound).is_ok() {
        EXISTS.set(true);
    }
    Ok(())
}

fn refuse(host: &str, port: i64, error: ListenError) -> Return {
    let (text, code) = (error.text(), error.code());
    errors::set_last(code as i32);
    let message = format!("failed to listen server port[{host}:{port}], Error: {text}[{code}]");
    throw(ce::swoole_exception(), &message, code)
}

/// `Server::__destruct`: what there is to free goes with the object.
pub fn __destruct(_call: &mut Call<'_>) -> Return {
    Ok(())
}

/// `Server::set`.
pub fn set(call: &mut Call<'_>) -> Return {
    constructed(call)?;
    let given = call.array_arg(0)?;
    let place = slot(call.this(), slots::SETTING);
    let mut settings = place.array().map(|old| old.to_owned()).unwrap_or_default();
    let mut value = Zval::new();
    for (key, setting) in given {
        let _ = settings.insert(key, setting.shallow_clone());
    }
    value.set_hashtable(settings);
    set_slot(call.this(), slots::SETTING, value);
    call.return_bool(true)
}

/// `Server::on`.
pub fn on(call: &mut Call<'_>) -> Return {
    let server = constructed(call)?;
    let given = call.str_arg(0)?;
    let event = String::from_utf8_lossy(given.as_bytes()).to_ascii_lowercase();
    let own = SERVER_EVENTS.iter().find(|(name, _)| *name == event);
    if own.is_none() && !PORT_EVENTS.contains(&event.as_str()) {
        warning(&format!("unknown event types[{}]", String::from_utf8_lossy(given.as_bytes())));
        return call.return_bool(false);
    }
    let value = call.value(1).map(Zval::shallow_clone).unwrap_or_default();
    let Some(callback) = Callable::new(&value) else {
        match value.string() {
            Some(name) => warning(&format!("function '{name}' is not callable")),
            None => warning("illegal callback function"),
        }
        return call.return_bool(false);
    };
    if let Some((_, index)) = own {
        set_slot(call.this(), *index, value);
    }
    server.replace(event, callback);
    call.return_bool(true)
}

/// `Server::getCallback`.
pub fn get_callback(call: &mut Call<'_>) -> Return {
    let event = String::from_utf8_lossy(call.str_arg(0)?.as_bytes()).to_ascii_lowercase();
    let server = call.native::<Server>();
    let found =
        server.callbacks.borrow().iter().find(|(name, _)| *name == event).map(|(_, c)| c.value().shallow_clone());
    match found {
        Some(value) => call.return_value(value),
        None => Ok(()),
    }
}

/// `Server::start`.
pub fn start(call: &mut Call<'_>) -> Return {
    constructed(call)?;
    let class = class_name(call);
    let message = format!(
        "{class}::start(): the multi-process server is not in this release, use Swoole\\Coroutine\\Http\\Server"
    );
    throw(ce::swoole_exception(), &message, i64::from(libc::ENOSYS))
}
