//! `Swoole\Http\Response` as a WebSocket connection, on servers inside of coroutines.

use super::{Response, slot};
use crate::classes::runtime::throw_bound;
use crate::classes::settings;
use crate::classes::websocket::frame::{self, Outgoing};
use crate::classes::websocket::{Settings, note_failure};
use crate::classes::{self, constants, errors};
use crate::coroutine::{self, Canceled, engine};
use crate::io::http::{Head, Request, Socket, Upgraded};
use crate::io::readiness::Direction;
use crate::io::websocket::frame::{flag, opcode};
use crate::io::websocket::handshake::{self, Accepted, Refusal};
use crate::io::websocket::{Connection, Ended, SendError, close as code};
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::text::Text;
use crate::zend::{self, exception_pending, object};
use ::http::{HeaderValue, StatusCode, header};
use ext_php_rs::types::{ZendObject, Zval};
use std::cell::{Cell, RefCell};
use std::os::fd::RawFd;
use std::rc::Rc;
use std::time::Duration;

/// `SWOOLE_ERROR_WEBSOCKET_PACK_FAILED`.
const PACK_FAILED: i32 = constants::SWOOLE_ERROR_WEBSOCKET_PACK_FAILED as i32;
/// `SWOOLE_ERROR_SESSION_CLOSED`.
const SESSION_CLOSED: i32 = constants::SWOOLE_ERROR_SESSION_CLOSED as i32;
/// `SWOOLE_ERROR_OUTPUT_BUFFER_OVERFLOW`.
const QUEUE_FULL: i32 = constants::SWOOLE_ERROR_OUTPUT_BUFFER_OVERFLOW as i32;

/// Bytes that may wait for a slow reader before `push()` has to.
const QUEUE: usize = 256 << 10;

/// The part of a response that is about WebSocket.
#[derive(Default)]
pub(super) struct State {
    /// What the request says about it, and how connections behave.
    handshake: RefCell<Option<Box<Handshake>>>,
    connection: RefCell<Option<Rc<Connection<Socket>>>>,
    /// PHP code knows that the connection is closed.
    closed: Cell<bool>,
    /// The coroutine that waits in `recv()`, or 0.
    reader: Cell<i64>,
}

struct Handshake {
    accepted: Result<Accepted, Refusal>,
    settings: Rc<Settings>,
    /// A `Swoole\Server` does it; `upgrade()` is not for those.
    by_server: bool,
    /// PHP code makes the answer: hears once whether that was a `101`.
    answered: Option<Answered>,
}

/// See [`Handshake`].
pub(crate) type Answered = Box<dyn FnOnce(bool)>;

impl State {
    fn connection(&self) -> Option<Rc<Connection<Socket>>> {
        self.connection.borrow().clone()
    }

    /// Nobody can use the connection any more.
    pub(super) fn end(&self) {
        if let Some(connection) = self.connection.take() {
            engine::within(|| connection.end());
        }
    }

    /// A `101` that PHP code makes by itself, for a server: what it has not said about compression is said. Any other answer is the last
    /// one of its connection.
    pub(super) fn complete(&self, head: &mut Head) {
        let handshake = self.handshake.borrow();
        let Some(handshake) = handshake.as_ref() else { return };
        if head.status() != StatusCode::SWITCHING_PROTOCOLS {
            if handshake.answered.is_some() && !head.contains(&header::CONNECTION) {
                head.append(header::CONNECTION, HeaderValue::from_static("close"));
            }
            return;
        }
        if head.contains(&header::SEC_WEBSOCKET_EXTENSIONS) {
            return;
        }
        let extensions = handshake.accepted.as_ref().ok().and_then(|accepted| accepted.extensions.as_deref());
        if let Some(extensions) = extensions.and_then(|extensions| HeaderValue::from_str(extensions).ok()) {
            head.append(header::SEC_WEBSOCKET_EXTENSIONS, extensions);
        }
    }

    /// An answer has been given, a `101` or another one.
    pub(super) fn answered(&self, switched: bool) {
        let answered = self.handshake.borrow_mut().as_mut().and_then(|handshake| handshake.answered.take());
        if let Some(answered) = answered {
            answered(switched);
        }
    }

    /// The handler threw.
    pub(super) fn fail(&self) {
        if let Some(connection) = self.connection() {
            self.closed.set(true);
            engine::within(|| connection.close(code::SERVER_ERROR, b""));
        }
    }
}

/// Tells a fresh response what the request says about WebSocket.
pub(crate) fn may_upgrade(response: &Zval, request: &mut Request, settings: &Rc<Settings>) {
    if remember(response, request, settings, false, None) {
        // a handler has it for as long as the connection lives
        request.fields.shrink();
    }
}

/// The same for the response of a `Swoole\Server`, which does the handshake itself or, with `answered`, has PHP code answer it.
pub(crate) fn may_become_websocket(
    response: &Zval,
    request: &Request,
    settings: &Rc<Settings>,
    answered: Option<Answered>,
) {
    remember(response, request, settings, true, answered);
}

/// False for requests that ask for something else.
fn remember(
    response: &Zval,
    request: &Request,
    settings: &Rc<Settings>,
    by_server: bool,
    answered: Option<Answered>,
) -> bool {
    // all other requests, which are most
    if !request.fields.contains("upgrade") {
        return false;
    }
    let Some(response) = response.object().and_then(object::native::<Response>) else { return false };
    let accepted = handshake::accept(
        &request.method,
        request.version,
        &request.fields.map(),
        settings.protocol.as_deref(),
        settings.compression,
    );
    let handshake = Handshake { accepted, settings: Rc::clone(settings), by_server, answered };
    response.websocket.handshake.replace(Some(Box::new(handshake)));
    true
}

/// `upgrade(): bool`
pub fn upgrade(call: &mut Call<'_>) -> Return {
    let response = call.native::<Response>();
    if !response.is_open() {
        return call.return_bool(false);
    }
    if response.started.get() || response.responder.borrow().is_none() {
        errors::set_last(errors::HTTP_CONTEXT_UNAVAILABLE);
        return call.return_bool(false);
    }
    if response.websocket.handshake.borrow().as_ref().is_some_and(|handshake| handshake.by_server) {
        errors::warn("async server dose not support protocol upgrade");
        return call.return_bool(false);
    }
    classes::current_coroutine()?;
    let handshake = response.websocket.handshake.take();
    let refusal = match handshake.map(|handshake| (handshake.accepted, handshake.settings)) {
        Some((Ok(accepted), settings)) => {
            let upgraded = switch(response, call.this(), &accepted, &settings)?;
            return call.return_bool(upgraded);
        }
        Some((Err(refusal), _)) => refusal,
        None => Refusal::BadRequest,
    };
    response.status.set(if refusal == Refusal::Version { 426 } else { 400 });
    set_version(call.this(), refusal);
    response.finish(call.this(), None);
    if exception_pending() { Err(Thrown) } else { call.return_bool(false) }
}

/// Says which version there is to a client that wants another one.
fn set_version(object: &mut ZendObject, refusal: Refusal) {
    if refusal == Refusal::Version {
        object::set_in_slot(object, slot::HEADER, b"Sec-WebSocket-Version", Text::new(b"13").into());
    }
}

/// Puts what the handshake says into a server's response. False when the request is refused, which has been answered then.
pub(crate) fn begin_switch(response: &mut Zval) -> bool {
    let Some(object) = response.object_mut() else { return false };
    let Some(native) = object::native::<Response>(object) else { return false };
    let accepted = native.websocket.handshake.borrow().as_ref().map(|handshake| handshake.accepted.clone());
    let accepted = accepted.unwrap_or(Err(Refusal::BadRequest));
    let status = match accepted {
        Ok(_) => 101,
        Err(Refusal::BadRequest) => 400,
        Err(Refusal::Version) => 426,
    };
    native.status.set(status);
    match &accepted {
        Ok(accepted) => set_headers(object, accepted),
        Err(refusal) => {
            set_version(object, *refusal);
            object::set_in_slot(object, slot::HEADER, b"Connection", Text::new(b"close").into());
        }
    }
    if accepted.is_err()
        && let Some(object) = response.object()
        && let Some(native) = object::native::<Response>(object)
    {
        native.finish(object, None);
    }
    accepted.is_ok()
}

/// Sends what [`begin_switch`] has begun, unless PHP code has answered meanwhile; false when that was no `101`, or the client is gone.
pub(crate) fn finish_switch(response: &Zval) -> bool {
    let Some(object) = response.object() else { return false };
    let Some(native) = object::native::<Response>(object) else { return false };
    if !native.is_writable() {
        return native.status.get() == 101;
    }
    native.status.set(101);
    native.finish(object, None)
}

/// Takes back what [`begin_switch`] has begun, unless it has been sent: the answer is 500.
pub(crate) fn give_up(response: &mut Zval) {
    if let Some(object) = response.object_mut() {
        object::set_slot(object, slot::HEADER, Zval::null());
        object::set_in_slot(object, slot::HEADER, b"Connection", Text::new(b"close").into());
    }
    super::fail(response);
}

impl Response {
    /// Gives the answer, or its end. False when the client is gone.
    pub(super) fn finish(&self, object: &ZendObject, content: Option<Text>) -> bool {
        let given = self.give(object, content);
        if !self.is_writable() {
            self.websocket.answered(given && self.status.get() == 101);
        }
        given
    }
}

fn set_headers(object: &mut ZendObject, accepted: &Accepted) {
    let mut set = |name: &[u8], value: &[u8]| object::set_in_slot(object, slot::HEADER, name, Text::new(value).into());
    if let Some(accept) = &accepted.accept {
        set(b"Upgrade", b"websocket");
        set(b"Connection", b"Upgrade");
        set(b"Sec-WebSocket-Accept", accept.as_bytes());
        set(b"Sec-WebSocket-Version", b"13");
    }
    if let Some(protocol) = &accepted.protocol {
        set(b"Sec-WebSocket-Protocol", protocol.as_bytes());
    }
    if let Some(extensions) = &accepted.extensions {
        set(b"Sec-WebSocket-Extensions", extensions.as_bytes());
    }
}

/// Answers 101 and takes the socket, or the stream.
fn switch(
    response: &Response,
    object: &mut ZendObject,
    accepted: &Accepted,
    settings: &Settings,
) -> Result<bool, Thrown> {
    let headers = object::slot(object, slot::HEADER).shallow_clone();
    set_headers(object, accepted);
    response.status.set(101);
    response.reason.borrow_mut().clear();
    let head = response.head(object, super::Length::Sent)?;
    // what nobody reads any more is not kept for as long as the connection lives
    object::set_slot(object, slot::HEADER, headers);
    let Some(responder) = response.responder.borrow_mut().take() else { return Ok(false) };
    let Ok(upgrade) = responder.upgrade(head) else { return Ok(false) };
    let Ok(Ok(Upgraded { socket, early })) = coroutine::wait(upgrade) else { return Ok(false) };
    let connection = Connection::over(socket, &early, settings.options(true, accepted.terms), QUEUE);
    response.websocket.connection.replace(Some(connection));
    Ok(true)
}

/// The connection, or `None` after a warning that there is none.
fn connection(call: &mut Call<'_>) -> Option<Rc<Connection<Socket>>> {
    let response = call.native::<Response>();
    let connection = response.websocket.connection();
    if connection.is_none() {
        if object::slot(call.this(), slot::FD).long().unwrap_or(0) == 0 {
            errors::set_last(SESSION_CLOSED);
        } else {
            not_a_websocket(call);
        }
    }
    connection
}

fn not_a_websocket(call: &mut Call<'_>) {
    let fd = object::slot(call.this(), slot::FD).long().unwrap_or(0);
    errors::warn(&format!("fd[{fd}] is not a websocket conncetion"));
}

/// `recv(float $timeout = 0): Frame|string|false`
pub fn recv(call: &mut Call<'_>) -> Return {
    let timeout = call.optional(0, 0.0, Call::double_arg)?;
    let Some(connection) = connection(call) else { return call.return_bool(false) };
    classes::current_coroutine()?;
    let state = &call.native::<Response>().websocket;
    let fd = object::slot(call.this(), slot::FD).long().unwrap_or(0);
    if state.reader.get() != 0 {
        throw_bound(fd as RawFd, state.reader.get(), Direction::Read);
        return Err(Thrown);
    }
    if state.closed.get() {
        errors::set_last(libc::EBADF);
        return call.return_bool(false);
    }
    let seconds = if timeout == 0.0 { settings::with(|settings| settings.socket_read_timeout) } else { timeout };
    // a negative number is for ever
    let limit = Duration::try_from_secs_f64(seconds).ok();
    state.reader.set(engine::current_id().unwrap_or(0));
    let outcome = engine::scheduler().wait_for(connection.receive(), limit);
    state.reader.set(0);
    let ended = match outcome {
        Ok(Some(Ok(message))) => {
            // a server's callbacks hear that control frames were masked, this does not
            let flags = if opcode::is_control(message.opcode) { flag::FIN } else { message.flags };
            return call.return_value(frame::object(fd, message.opcode, flags, &message.payload));
        }
        Ok(Some(Err(ended))) => ended,
        Ok(None) => {
            errors::set_last(libc::ETIMEDOUT);
            return call.return_bool(false);
        }
        Err(Canceled) => {
            errors::set_last(libc::ECANCELED);
            return call.return_bool(false);
        }
    };
    let known = state.closed.replace(true);
    match ended {
        // another coroutine has closed it meanwhile
        Ended::Closed if known => errors::set_last(libc::ECANCELED),
        Ended::Closed => {
            errors::set_last(0);
            return call.return_bytes(b"");
        }
        Ended::Failed(failure) => note_failure(&failure),
        Ended::Io(error) => errors::set_last(error.raw_os_error().unwrap_or(libc::EIO)),
    }
    call.return_bool(false)
}

/// `push(Frame|string $data, int $opcode = WEBSOCKET_OPCODE_TEXT, int $flags = SWOOLE_WEBSOCKET_FLAG_FIN): bool`
pub fn push(call: &mut Call<'_>) -> Return {
    let Some(connection) = connection(call) else { return call.return_bool(false) };
    let Some(data) = call.value(0) else { return call.return_bool(false) };
    let opcode = call.optional(1, i64::from(opcode::TEXT), Call::long_arg)?;
    let given = call.value(2).filter(|flags| !flags.is_null());
    let flags = given.map_or(i64::from(flag::FIN), zend::to_long);
    let Some(frame) = Outgoing::read(data, opcode, flags)? else {
        errors::set_last(PACK_FAILED);
        return call.return_bool(false);
    };
    let sent = send(call, &connection, &frame);
    call.return_bool(sent)
}

/// Sends a frame, waiting while the client is slow. False, with the last error set, when it was not sent.
fn send(call: &Call<'_>, connection: &Rc<Connection<Socket>>, frame: &Outgoing) -> bool {
    let error = loop {
        // whole messages are compressed wherever that was agreed on
        let sent = engine::within(|| connection.send(frame.opcode, frame.flags | flag::COMPRESS, frame.payload()));
        match sent {
            Ok(()) => return true,
            Err(SendError::Full) if coroutine::current_id().is_some() => {
                let limit = settings::with(|settings| settings.socket_write_timeout);
                let room = connection.room(frame.payload().len());
                match engine::scheduler().wait_for(room, Duration::try_from_secs_f64(limit).ok()) {
                    Ok(Some(_)) => {}
                    Ok(None) => break libc::ETIMEDOUT,
                    Err(Canceled) => break libc::ECANCELED,
                }
            }
            Err(SendError::Full) => break QUEUE_FULL,
            Err(SendError::TooLong) => {
                errors::warn("a control frame takes at most 125 bytes");
                break PACK_FAILED;
            }
            Err(SendError::Closed) if call.native::<Response>().websocket.closed.get() => break libc::EBADF,
            Err(SendError::Closed) => break libc::EPIPE,
        }
    };
    errors::set_last(error);
    false
}

/// A frame of HTTP/2 about the connection.
pub(super) fn frame(kind: u8, flags: u8, payload: &[u8]) -> Vec<u8> {
    let length = (payload.len() as u32).to_be_bytes();
    [&length[1..], &[kind, flags, 0, 0, 0, 0], payload].concat()
}

/// Types of frames.
const PING: u8 = 6;
pub(super) const GOAWAY: u8 = 7;

/// `ping(string $data = ""): bool`
pub fn ping(call: &mut Call<'_>) -> Return {
    let data = call.optional(0, &[][..], |call, index| Ok(call.str_arg(index)?.as_bytes()))?;
    let response = call.native::<Response>();
    let sent = response.over_http2(|_| frame(PING, 0, &[0; 8]));
    if let Some(sent) = sent {
        return call.return_bool(sent);
    }
    let Some(connection) = call.native::<Response>().websocket.connection() else {
        errors::warn("only supports websocket or http2 client");
        return call.return_bool(false);
    };
    let sent = send(call, &connection, &Outgoing::control(opcode::PING, data));
    call.return_bool(sent)
}

/// `disconnect(int $code = SWOOLE_WEBSOCKET_CLOSE_NORMAL, string $reason = ""): bool`
pub fn disconnect(call: &mut Call<'_>) -> Return {
    let Some(connection) = connection(call) else { return call.return_bool(false) };
    let code = call.optional(0, i64::from(code::NORMAL), Call::long_arg)?;
    let reason = match call.value(1) {
        Some(_) => Some(Text::share(call.str_arg(1)?).into()),
        None => None,
    };
    let Some(frame) = Outgoing::new(opcode::CLOSE.into(), flag::FIN.into(), reason.as_ref(), code)? else {
        errors::set_last(PACK_FAILED);
        return call.return_bool(false);
    };
    let sent = send(call, &connection, &frame);
    if sent {
        call.native::<Response>().websocket.closed.set(true);
        engine::within(|| connection.end());
    }
    call.return_bool(sent)
}

/// `close(): bool`
pub fn close(call: &mut Call<'_>) -> Return {
    let response = call.native::<Response>();
    if let Some(connection) = response.websocket.connection() {
        if response.websocket.closed.replace(true) {
            errors::set_last(libc::EBADF);
            return call.return_bool(false);
        }
        engine::within(|| connection.end());
        return call.return_bool(true);
    }
    let Some(responder) = response.responder.borrow_mut().take() else {
        errors::set_last(SESSION_CLOSED);
        return call.return_bool(false);
    };
    responder.cut();
    call.return_bool(true)
}
