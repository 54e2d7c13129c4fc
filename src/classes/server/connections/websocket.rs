//! WebSocket connections of a server: handshakes, messages, and what PHP sends.

use super::dispatch::Type;
use super::forward::{Forward, Head, kind};
use super::http::answer;
use super::methods::running;
use super::{Endpoint, events};
use crate::classes::http::body::Piece;
use crate::classes::http::{request, response};
use crate::classes::websocket::frame::{self, Outgoing};
use crate::classes::websocket::{Settings, note_failure};
use crate::classes::{constants as c, errors};
use crate::coroutine::{self, engine};
use crate::io::http::{Request, Responder};
use crate::io::websocket::frame::{flag, opcode};
use crate::io::websocket::{Failure, Message, close, handshake};
use crate::server::hub::websocket::status;
use crate::server::hub::{Hub, Origin, SendError};
use crate::server::layout::Part;
use crate::server::session::{CLOSED, CLOSING, OVERFLOW, now};
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::callable::Callable;
use crate::zend::text::Text;
use crate::zend::{self, sys};
use bytes::Buf;
use ext_php_rs::types::{ZendHashTable, Zval};
use std::rc::Rc;

/// `SWOOLE_ERROR_WEBSOCKET_PACK_FAILED`.
const PACK_FAILED: i32 = c::SWOOLE_ERROR_WEBSOCKET_PACK_FAILED as i32;

/// What a port that speaks WebSocket has, besides what it has for HTTP.
pub struct WebSocket {
    settings: Rc<Settings>,
    /// `open`
    open: Option<Rc<Callable>>,
    /// `message`
    message: Option<Rc<Callable>>,
    /// `handshake`
    handshake: Option<Rc<Callable>>,
    /// `beforeHandshakeResponse`
    before_response: Option<Rc<Callable>>,
    /// `disconnect`
    disconnect: Option<Rc<Callable>>,
}

impl WebSocket {
    /// Reads a port's settings; `callback` finds the callback of a name in lower case.
    ///
    /// # Errors
    /// When a value's conversion threw.
    pub fn new(
        options: Option<&ZendHashTable>,
        callback: impl Fn(&str) -> Option<Rc<Callable>>,
    ) -> Result<Self, Thrown> {
        Ok(Self {
            settings: Rc::new(Settings::read(options)?),
            open: callback("open"),
            message: callback("message"),
            handshake: callback("handshake"),
            before_response: callback("beforehandshakeresponse"),
            disconnect: callback("disconnect"),
        })
    }
}

/// Whether a request asks for a WebSocket.
fn is_upgrade(request: &Request) -> bool {
    request.fields.contains("upgrade") && handshake::is_upgrade(&request.fields.map())
}

impl Endpoint {
    fn websocket(&self, port: usize) -> Option<&WebSocket> {
        self.plan.ports.get(port)?.http.as_ref()?.websocket.as_ref()
    }

    /// A request has come to the process that owns its connection: it may become a WebSocket, whoever answers it.
    pub(super) fn offer_websocket<D: Buf>(&self, port: usize, request: &Request, responder: &Responder<D>) {
        let Some(websocket) = self.websocket(port).filter(|_| is_upgrade(request)) else { return };
        let Some(hub) = self.hub() else { return };
        let session = request.link.session.get();
        if let Some(row) = self.plan.sessions.row(session) {
            row.set_websocket(status::CONNECTION);
        }
        let Some(settings) = self.plan.ports.get(port).map(|port| &port.settings) else { return };
        let (options, compresses) = (websocket.settings.options(true, None), websocket.settings.compression.is_some());
        hub.offer_websocket(session, responder, settings, options, compresses);
    }

    /// Whether a request asks for a WebSocket where there are some.
    #[inline]
    pub(super) fn is_handshake(&self, port: usize, request: &Request) -> bool {
        self.websocket(port).is_some() && is_upgrade(request)
    }

    /// A request that asks for a WebSocket: PHP's own handshake, or ours.
    pub(super) fn on_handshake(self: &Rc<Self>, port: usize, request: Request, responder: Responder<Piece>) {
        let Some(http) = self.plan.ports.get(port).and_then(|port| port.http.as_ref()) else { return };
        let Some(websocket) = &http.websocket else { return };
        let session = request.link.session.get();
        let response = response::object(responder, session);
        let answered = websocket.handshake.as_ref().map(|_| self.when_answered(session));
        response::may_become_websocket(&response, &request, &websocket.settings, answered);
        let request = request::object(request, Rc::clone(&http.parsing));
        match &websocket.handshake {
            Some(callable) => {
                if let Some(row) = self.plan.sessions.row(session) {
                    row.set_websocket(status::HANDSHAKE);
                }
                let callable = Rc::clone(callable);
                self.run(move || answer(&callable, &[request, response]));
            }
            None => self.shake(port, request, response, session),
        }
    }

    /// Runs PHP as the server's settings say: in a coroutine, or on the root stack.
    pub(super) fn run(self: &Rc<Self>, body: impl FnOnce() + 'static) {
        if !self.plan.coroutines {
            // The loop sees by itself when it has to end.
            return self.at_root(move || drop(engine::at_root(body)));
        }
        if coroutine::spawn(body).is_err() && zend::exception_pending() {
            zend::report_exception(sys::E_WARNING);
        }
    }

    /// Hears that PHP code has answered a handshake, whenever it does.
    fn when_answered(self: &Rc<Self>, session: i64) -> response::Answered {
        let endpoint = Rc::downgrade(self);
        Box::new(move |switched| {
            let Some(endpoint) = endpoint.upgrade() else { return };
            let Some(row) = endpoint.plan.sessions.row(session) else { return };
            row.set_websocket(if switched { status::ACTIVE } else { status::FAILED });
            if !switched {
                // the object of the answer may be on its way out, where no PHP code can run
                engine::put_off(Box::new(move || {
                    let _ = endpoint.close_connection(session, false);
                }));
            }
        })
    }

    /// Answers a handshake, and tells PHP of the connection.
    fn shake(self: &Rc<Self>, port: usize, request: Zval, mut response: Zval, session: i64) {
        if !response::begin_switch(&mut response) {
            let _ = self.close_connection(session, false);
            return;
        }
        let Some(websocket) = self.websocket(port) else { return };
        if let Some(row) = self.plan.sessions.row(session) {
            row.set_websocket(status::ACTIVE);
        }
        let endpoint = Rc::clone(self);
        if let Some(callable) = &websocket.before_response {
            let callable = Rc::clone(callable);
            self.run(move || {
                let mut args = [endpoint.server(), request, response];
                if callable.call(&args).is_err() && !zend::exit_pending() {
                    zend::report_exception(sys::E_WARNING);
                    response::give_up(&mut args[2]);
                    let _ = endpoint.close_connection(session, false);
                    return;
                }
                let [_, request, response] = args;
                endpoint.opened(port, request, response, session);
            });
        } else {
            self.opened(port, request, response, session);
        }
    }

    fn opened(self: &Rc<Self>, port: usize, request: Zval, mut response: Zval, session: i64) {
        // PHP code may have closed it
        if self.plan.sessions.row(session).is_none_or(|row| row.flags() & (CLOSED | CLOSING) != 0) {
            return response::give_up(&mut response);
        }
        if !response::finish_switch(&response) {
            let _ = self.close_connection(session, false);
            return;
        }
        let Some(callable) = self.websocket(port).and_then(|websocket| websocket.open.as_ref()) else { return };
        let endpoint = Rc::downgrade(self);
        let done = move |fine: bool| {
            if let Some(endpoint) = endpoint.upgrade().filter(|_| !fine) {
                let _ = endpoint.close_connection(session, false);
            }
        };
        self.call(callable, [self.server(), request], self.plan.coroutines, done);
    }

    /// The callback that hears of a connection's end that was no WebSocket, or is none any more.
    pub(super) fn on_disconnect(&self, origin: Origin) -> Option<&Rc<Callable>> {
        let callable = self.websocket(origin.port)?.disconnect.as_ref()?;
        let row = self.plan.sessions.row(origin.session);
        row.is_none_or(|row| row.websocket() != status::ACTIVE).then_some(callable)
    }

    /// A message has come.
    pub(super) fn on_message(self: &Rc<Self>, origin: Origin, time: f64, kind: u8, flags: u8, payload: &[u8]) {
        self.count_request();
        let session = origin.session;
        if let Some(row) = self.plan.sessions.row(session) {
            row.was_dispatched(time);
        }
        let Some(callable) = self.websocket(origin.port).and_then(|websocket| websocket.message.as_ref()) else {
            return;
        };
        let endpoint = Rc::downgrade(self);
        let done = move |fine: bool| {
            if let Some(endpoint) = endpoint.upgrade().filter(|_| !fine) {
                let _ = endpoint.close_connection(session, false);
            }
        };
        let frame = frame::object(session, kind, flags, payload);
        self.call(callable, [self.server(), frame], self.plan.coroutines, done);
    }

    /// Sends a frame to a connection of any process, waiting for room where the settings say so. False with the last error set.
    fn push(self: &Rc<Self>, session: i64, frame: &Outgoing) -> bool {
        if session <= 0 {
            errors::warn(&format!("fd[{session}] is invalid"));
            return false;
        }
        loop {
            match self.try_push(session, frame.opcode, frame.flags | flag::COMPRESS, frame.payload()) {
                Ok(()) => {
                    self.count_answer(frame.payload().len());
                    return true;
                }
                Err(SendError::Overflow) => {
                    if !self.make_room(session) {
                        return false;
                    }
                }
                Err(SendError::NotBytes) if frame.payload().len() > 125 && opcode::is_control(frame.opcode) => {
                    errors::warn("a control frame takes at most 125 bytes");
                    errors::set_last(PACK_FAILED);
                    return false;
                }
                Err(_) if self.is_closing(session) => return false,
                Err(_) => {
                    errors::warn(&format!(
                        "the connected client of connection[{session}] is not a websocket client or closed"
                    ));
                    return false;
                }
            }
        }
    }

    fn try_push(&self, session: i64, opcode: u8, flags: u8, data: &[u8]) -> Result<(), SendError> {
        let row = self.plan.sessions.row(session).ok_or(SendError::NotExist)?;
        if row.websocket() < status::HANDSHAKE || row.flags() & CLOSED != 0 {
            return Err(SendError::Closed);
        }
        if row.flags() & OVERFLOW != 0 {
            return Err(SendError::Overflow);
        }
        let owner = usize::from(row.owner());
        if owner == self.index()
            && let Some(hub) = self.hub()
        {
            return engine::within(|| hub.push(session, opcode, flags, data));
        }
        if opcode::is_control(opcode) && data.len() > 125 {
            return Err(SendError::NotBytes);
        }
        let head = Head { more: bits(opcode, flags), ..Head::of(session) };
        // what may block, as processes without coroutines do, would keep waiting what waits for it to come back to the loop
        if self.plan.coroutines && self.part() == Part::Worker {
            return self.broadcast_to_owner(row, head, data);
        }
        self.send_to_owner(row, kind::PUSH, head, data)
    }

    /// A connection that this process has just closed, while the master still has it: that is told by the last error alone.
    fn is_closing(&self, session: i64) -> bool {
        let row = self.plan.sessions.row(session).filter(|_| !self.is_base());
        let closing = row.is_some_and(|row| row.websocket() >= status::HANDSHAKE && row.flags() & CLOSED != 0);
        if closing {
            errors::set_last(c::SWOOLE_ERROR_SESSION_CLOSED as i32);
        }
        closing
    }

    /// Whether messages can be pushed to a connection.
    fn is_established(&self, session: i64) -> bool {
        let row = self.plan.sessions.row(session);
        row.is_some_and(|row| row.flags() & (CLOSED | CLOSING) == 0 && row.websocket() >= status::ACTIVE)
    }
}

fn bits(opcode: u8, flags: u8) -> u64 {
    u64::from(opcode) | u64::from(flags) << 8
}

/// Another process sends a message over a connection of this one.
pub(super) fn pushed(hub: &Hub, head: &Head, data: &[u8]) {
    let [opcode, flags, ..] = head.more.to_le_bytes();
    // whoever asked cannot be told that it is gone by now
    let _ = hub.push(head.session, opcode, flags, data);
}

/// The master has a message for this worker.
pub(super) fn arrived(endpoint: &Rc<Endpoint>, origin: Origin, head: &Head, payload: &[u8]) {
    let [kind, flags, ..] = head.more.to_le_bytes();
    endpoint.on_message(origin, head.time, kind, flags, payload);
}

impl events::Local {
    pub(super) fn on_message(&self, origin: Origin, message: &Message) {
        self.with(|endpoint| {
            // as packets do, messages that came together have one time
            let time = endpoint.plan.sessions.row(origin.session).map_or_else(now, |row| row.last_received());
            endpoint.on_message(origin, time, message.opcode, message.flags, &message.payload);
        });
    }
}

impl Forward {
    pub(super) fn on_message(&self, origin: Origin, message: &Message) {
        let head = Head { more: bits(message.opcode, message.flags), ..Head::event(origin) };
        self.tell_with(origin, Type::Data, kind::MESSAGE, head, &message.payload);
    }
}

/// A client has broken the rules.
pub(super) fn broken(failure: &Failure) {
    note_failure(failure);
}

/// `push(int $fd, Frame|string $data, int $opcode = WEBSOCKET_OPCODE_TEXT, int $flags = SWOOLE_WEBSOCKET_FLAG_FIN): bool`
pub fn push(call: &mut Call<'_>) -> Return {
    let Some(endpoint) = running(call)? else { return Ok(()) };
    let session = call.long_arg(0)?;
    let Some(data) = call.value(1) else { return call.return_bool(false) };
    let opcode = call.optional(2, i64::from(opcode::TEXT), Call::long_arg)?;
    let given = call.value(3).filter(|flags| !flags.is_null());
    let flags = given.map_or(i64::from(flag::FIN), zend::to_long);
    if endpoint.is_closing(session) {
        return call.return_bool(false);
    }
    if endpoint.plan.sessions.row(session).is_none_or(|row| row.flags() & CLOSED != 0) {
        errors::warn(&format!("session#{session} does not exists"));
        return call.return_bool(false);
    }
    let Some(frame) = Outgoing::read(data, opcode, flags)? else {
        errors::set_last(PACK_FAILED);
        return call.return_bool(false);
    };
    let pushed = endpoint.push(session, &frame);
    call.return_bool(pushed)
}

/// `disconnect(int $fd, int $code = SWOOLE_WEBSOCKET_CLOSE_NORMAL, string $reason = ""): bool`
pub fn disconnect(call: &mut Call<'_>) -> Return {
    let Some(endpoint) = running(call)? else { return Ok(()) };
    let session = call.long_arg(0)?;
    let code = call.optional(1, i64::from(close::NORMAL), Call::long_arg)?;
    let reason = match call.value(2) {
        Some(_) => Some(Text::share(call.str_arg(2)?).into()),
        None => None,
    };
    let frame = Outgoing::new(opcode::CLOSE.into(), flag::FIN.into(), reason.as_ref(), code)?;
    let Some(frame) = frame else { return call.return_bool(false) };
    if !endpoint.push(session, &frame) {
        return call.return_bool(false);
    }
    if let Some(row) = endpoint.plan.sessions.row(session) {
        row.set_websocket(status::CLOSING);
    }
    let before = endpoint.called.replace(true);
    let closed = endpoint.close_connection(session, false);
    endpoint.called.set(before);
    call.return_bool(closed)
}

/// `ping(int $fd, string $data = ""): bool`
pub fn ping(call: &mut Call<'_>) -> Return {
    let Some(endpoint) = running(call)? else { return Ok(()) };
    let session = call.long_arg(0)?;
    let data = call.optional(1, &[][..], |call, index| Ok(call.str_arg(index)?.as_bytes()))?;
    let pushed = endpoint.push(session, &Outgoing::control(opcode::PING, data));
    call.return_bool(pushed)
}

/// `isEstablished(int $fd): bool`
pub fn is_established(call: &mut Call<'_>) -> Return {
    let Some(endpoint) = running(call)? else { return Ok(()) };
    let session = call.long_arg(0)?;
    call.return_bool(endpoint.is_established(session))
}
