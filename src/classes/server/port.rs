//! `Swoole\Server\Port`.

use super::options;
use crate::classes::{errors, framing, slots::swoole_server_port as slot};
use crate::io::framing::{Framing as Rules, Length, Precedence, Rule, Settings as Framing};
use crate::native_handlers;
use crate::server::listen::ListenPort;
use crate::zend;
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::callable::{self, Callable};
use crate::zend::object::{self, Native};
use crate::zend::stream;
use ext_php_rs::types::Zval;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// The events of a port's connections, and the slot of the private property that shows the callback.
const EVENTS: [(&str, usize); 12] = [
    ("connect", slot::ON_CONNECT),
    ("receive", slot::ON_RECEIVE),
    ("close", slot::ON_CLOSE),
    ("packet", slot::ON_PACKET),
    ("bufferfull", slot::ON_BUFFER_FULL),
    ("bufferempty", slot::ON_BUFFER_EMPTY),
    ("request", slot::ON_REQUEST),
    ("handshake", slot::ON_HANDSHAKE),
    ("beforehandshakeresponse", slot::ON_BEFORE_HANDSHAKE_RESPONSE),
    ("open", slot::ON_OPEN),
    ("message", slot::ON_MESSAGE),
    ("disconnect", slot::ON_DISCONNECT),
];

/// Bytes of the request of HTTP/1 that these begin with; 0 while that cannot be told.
fn request_length(bytes: &[u8]) -> i64 {
    let find = |bytes: &[u8], mark: &[u8]| bytes.windows(mark.len()).position(|part| part == mark);
    let Some(head) = find(bytes, b"\r\n\r\n").map(|at| at + 4) else { return 0 };
    let lines = bytes[..head].split(|byte| *byte == b'\n');
    let value = |name: &[u8]| {
        lines.clone().find_map(|line| {
            let (start, rest) = line.split_at_checked(name.len())?;
            let value = rest.strip_prefix(b":")?.trim_ascii();
            start.eq_ignore_ascii_case(name).then_some(value)
        })
    };
    if value(b"transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case(b"chunked")) {
        let end: &[u8] = b"\r\n0\r\n\r\n";
        // The last chunk may follow the head at once.
        return find(&bytes[head - 2..], end).map_or(0, |at| (head - 2 + at + end.len()) as i64);
    }
    let body = value(b"content-length").map_or(Some(0), |text| std::str::from_utf8(text).ok()?.parse::<i64>().ok());
    body.map_or(-1, |body| (head as i64).saturating_add(body))
}

/// The Rust half of a port.
pub struct Port {
    listen: RefCell<Option<Rc<ListenPort>>>,
    /// In the order of [`EVENTS`].
    callbacks: RefCell<[Option<Rc<Callable>>; EVENTS.len()]>,
    framing: RefCell<Framing>,
    /// The server that it belongs to has been started.
    started: Cell<bool>,
}

impl Native for Port {
    native_handlers!();

    fn new() -> Self {
        Self {
            listen: RefCell::new(None),
            callbacks: RefCell::default(),
            framing: RefCell::new(Framing::of_port()),
            started: Cell::new(false),
        }
    }

    fn visit(&self, visit: &mut dyn FnMut(&Zval)) {
        self.callbacks.borrow().iter().flatten().for_each(|callback| callback.visit(visit));
    }
}

impl Port {
    /// Its socket.
    pub(super) fn listen(&self) -> Option<Rc<ListenPort>> {
        self.listen.borrow().clone()
    }

    /// Gives it its socket.
    pub(super) fn open(&self, listen: Rc<ListenPort>) {
        self.listen.replace(Some(listen));
    }

    /// Its server has ended: the address is free again.
    pub(super) fn close(&self) {
        drop(self.listen.take());
    }

    /// Where its packets end.
    pub(super) fn framing(&self) -> Framing {
        self.framing.borrow().clone()
    }

    /// Packets are requests of HTTP.
    pub(super) fn requests_as_packets(&self) -> Rules {
        let length = Length { rule: Rule::Function(Rc::new(request_length)), ..Length::default() };
        let settings = Framing { length_check: true, eof_check: false, length, ..self.framing() };
        settings.framing(Precedence::Length)
    }

    /// The callback of this event, named in lower case.
    pub(super) fn callback(&self, event: &str) -> Option<Rc<Callable>> {
        let index = EVENTS.iter().position(|(name, _)| *name == event)?;
        self.callbacks.borrow()[index].clone()
    }

    /// From now on it takes no callbacks.
    pub(super) fn start(&self) {
        self.started.set(true);
    }
}

/// `__construct()`, which is private.
pub fn __construct(_call: &mut Call<'_>) -> Return {
    zend::throw(zend::standard_error(), "please use the Swoole\\Server->listen method", 0)
}

/// `__destruct()`
pub fn __destruct(_call: &mut Call<'_>) -> Return {
    Ok(())
}

/// `set(array $settings): void`
pub fn set(call: &mut Call<'_>) -> Return {
    let given = call.array_arg(0)?;
    let port = call.native::<Port>();
    let mut framing = port.framing();
    if !framing::apply(&mut framing, given, framing::Reader::Port)? {
        return Ok(());
    }
    *port.framing.borrow_mut() = framing;
    options::check_names(given)?;
    options::merge(call.this(), slot::SETTING, given);
    Ok(())
}

/// `on(string $event_name, callable $callback): bool`
pub fn on(call: &mut Call<'_>) -> Return {
    let port = call.native::<Port>();
    if port.started.get() {
        errors::warn("can't register event callback function after server started");
        return call.return_bool(false);
    }
    let given = String::from_utf8_lossy(call.str_arg(0)?.as_bytes()).into_owned();
    let Some(index) = EVENTS.iter().position(|(name, _)| given.eq_ignore_ascii_case(name)) else {
        errors::notice(&format!("unknown event types[{given}]"));
        return call.return_bool(false);
    };
    let value = call.value(1).map(Zval::shallow_clone).unwrap_or_default();
    object::set_slot(call.this(), EVENTS[index].1, value.shallow_clone());
    let made = callback_of(&value).map(Rc::new);
    let set = made.is_some();
    let old = std::mem::replace(&mut port.callbacks.borrow_mut()[index], made);
    drop(old);
    call.return_bool(set)
}

/// `getCallback(string $event_name): ?Closure`
pub fn get_callback(call: &mut Call<'_>) -> Return {
    let name = String::from_utf8_lossy(call.str_arg(0)?.as_bytes()).to_ascii_lowercase();
    match EVENTS.iter().find(|(known, _)| *known == name) {
        Some((_, index)) => {
            let value = object::slot(call.this(), *index).shallow_clone();
            call.return_value(value)
        }
        None => Ok(()),
    }
}

/// `getSocket(): Socket|false`
pub fn get_socket(call: &mut Call<'_>) -> Return {
    let listen = call.native::<Port>().listen();
    socket_of(call, listen.as_deref())
}

/// Gives PHP an object of the extension sockets for a port.
pub(super) fn socket_of(call: &mut Call<'_>, listen: Option<&ListenPort>) -> Return {
    let made = match listen {
        Some(listen) => stream::new_socket(listen.fd()),
        None => Err("the port is not open".to_owned()),
    };
    match made {
        Ok(socket) => call.return_value(socket),
        Err(text) => {
            errors::warn(&text);
            call.return_bool(false)
        }
    }
}

/// A callback out of a PHP value, or a warning that says why it is none.
pub(crate) fn callback_of(value: &Zval) -> Option<Callable> {
    if !value.coerce_to_bool() {
        errors::warn("illegal callback function");
        return None;
    }
    let found = Callable::new(value);
    if found.is_none() {
        errors::warn(&format!("function '{}' is not callable", callable::name(value)));
    }
    found
}

/// The Rust half of a port object.
pub(super) fn of(value: &Zval) -> Result<&Port, Thrown> {
    match value.object().and_then(object::native::<Port>) {
        Some(port) => Ok(port),
        None => zend::throw(zend::standard_error(), "please use the Swoole\\Server->listen method", 0),
    }
}

#[cfg(test)]
mod tests {
    use super::request_length;

    #[test]
    fn requests_end_where_they_say() {
        let cases: [(&[u8], i64); 7] = [
            (b"GET / HTTP/1.1\r\nHost: x\r\n", 0),
            (b"GET / HTTP/1.1\r\nHost: x\r\n\r\nmore", 27),
            (b"POST / HTTP/1.1\r\ncontent-length: 5\r\n\r\nab", 43),
            (b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", -1),
            (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n", 0),
            (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", 58),
            (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 52),
        ];
        for (bytes, length) in cases {
            assert_eq!(request_length(bytes), length, "{}", String::from_utf8_lossy(bytes));
        }
    }
}
