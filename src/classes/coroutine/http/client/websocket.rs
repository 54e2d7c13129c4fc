//! A client's WebSocket: asked for in a request, begun by its reply, then frames both ways.

use super::link::{Stop, number};
use super::receive::Refusal;
use super::send::Deadline;
use super::{Client, SERVER_RESET, fail, set_error, settings};
use crate::classes::coroutine::timeout;
use crate::classes::slots::swoole_coroutine_http_client as slot;
use crate::classes::websocket::frame::{Outgoing, object as frame_object};
use crate::classes::websocket::{Settings, note_failure};
use crate::classes::{self, constants, errors};
use crate::io::http_client::{Head, Transport};
use crate::io::readiness::Direction;
use crate::io::websocket::handshake::{accept_key, new_key};
use crate::io::websocket::{Compression, Message, Protocol, flag, opcode};
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::object;
use crate::zend::string;
use ext_php_rs::types::ZendObject;
use std::cell::RefCell;

/// The header with the key, as `upgrade()` sets it.
const KEY: &str = "Sec-WebSocket-Key";

/// The header with what a client offers.
const EXTENSIONS: &str = "Sec-Websocket-Extensions";

/// A connection after its handshake.
pub(super) struct WebSocket {
    protocol: RefCell<Protocol>,
    /// What must be answered, while another coroutine is sending.
    replies: RefCell<Vec<u8>>,
}

/// What the property `setting` says about WebSockets.
fn settings_of(this: &ZendObject) -> Result<Settings, Thrown> {
    let setting = object::slot(this, slot::SETTING).shallow_clone();
    Settings::read(setting.array())
}

/// Adds the headers that ask for a WebSocket.
pub(super) fn ask(this: &mut ZendObject) -> Result<(), Thrown> {
    let compression = settings_of(this)?.compression;
    let mut header = |name: &str, value: &str| {
        object::set_in_slot(this, slot::REQUEST_HEADERS, name.as_bytes(), string(value.as_bytes()));
    };
    header("Connection", "Upgrade");
    header("Upgrade", "websocket");
    header("Sec-WebSocket-Version", "13");
    header(KEY, &new_key());
    if let Some(compression) = compression {
        header(EXTENSIONS, &compression.offer());
    }
    Ok(())
}

/// Whether this reply begins a WebSocket.
pub(super) fn is_switch(head: &Head) -> bool {
    head.status == 101 && head.says("upgrade", "websocket")
}

/// Begins a WebSocket after this head; `early` came right behind it.
pub(super) fn begin(client: &Client, this: &mut ZendObject, head: Option<Head>, early: &[u8]) -> Result<(), Refusal> {
    let refused = Refusal::Number(constants::SWOOLE_ERROR_WEBSOCKET_HANDSHAKE_FAILED as i32);
    let Some(head) = head else { return Err(refused) };
    let settings = settings_of(this)?;
    let asked = object::slot(this, slot::REQUEST_HEADERS).array().and_then(|headers| headers.get(KEY)?.zend_str());
    let wanted = asked.map(|key| accept_key(key.as_bytes()));
    if wanted.as_deref().map(str::as_bytes) != head.get("sec-websocket-accept") {
        return Err(refused);
    }
    let answer = head.get("sec-websocket-extensions").map(String::from_utf8_lossy);
    let terms = match (answer, settings.compression) {
        (None, _) => None,
        (Some(answer), Some(offered)) => match offered.agreed(&answer) {
            Ok(terms) => Some(terms),
            Err(_) => return Err(refused),
        },
        // PHP code may have made the offer itself
        (Some(answer), None) => match Compression::read_answer(&answer).filter(|_| offers_compression(this)) {
            Some(terms) => Some(terms),
            None => return Err(refused),
        },
    };
    let mut protocol = Protocol::new(settings.options(false, terms));
    protocol.feed(early);
    let websocket = WebSocket { protocol: RefCell::new(protocol), replies: RefCell::default() };
    *client.link.websocket.borrow_mut() = Some(websocket.into());
    Ok(())
}

/// Takes over settings that were changed after the handshake.
pub(super) fn set(client: &Client, this: &ZendObject) -> Result<(), Thrown> {
    if let Some(websocket) = client.link.websocket.borrow().clone() {
        settings_of(this)?.change(websocket.protocol.borrow_mut().options_mut());
    }
    Ok(())
}

/// Whether a header that PHP code has set offers compression.
fn offers_compression(this: &ZendObject) -> bool {
    let headers = object::slot(this, slot::REQUEST_HEADERS);
    headers.array().is_some_and(|headers| {
        headers.iter().any(|(name, value)| {
            name.to_string().eq_ignore_ascii_case(EXTENSIONS)
                && value.str().is_some_and(|offers| offers.contains("permessage-deflate"))
        })
    })
}

/// Sends a frame, or says that there is none.
pub(super) fn send(client: &Client, this: &mut ZendObject, frame: Option<Outgoing>) -> Result<(), Stop> {
    client.link.not_held(Direction::Write)?;
    let (Some(transport), Some(websocket)) = (client.link.open(), client.link.websocket.borrow().clone()) else {
        return Err(Stop::Failed);
    };
    let mut bytes = Vec::new();
    let packed = frame.is_some_and(|frame| {
        let mut protocol = websocket.protocol.borrow_mut();
        let flags = if protocol.compresses() { frame.flags | flag::COMPRESS } else { frame.flags };
        protocol.send(frame.opcode, flags, frame.payload(), &mut bytes).is_ok()
    });
    if !packed {
        let code = constants::SWOOLE_ERROR_WEBSOCKET_PACK_FAILED as i32;
        errors::set_last(code);
        set_error(this, code, Some("websocket frame pack failed"));
        return Err(Stop::Failed);
    }
    match write(client, this, &transport, &websocket, bytes)? {
        Ok(()) => Ok(()),
        Err(code) => {
            fail(this, code, None, SERVER_RESET);
            client.close(this);
            Err(Stop::Failed)
        }
    }
}

/// Writes `bytes`, and what had to be answered meanwhile.
fn write(
    client: &Client,
    this: &ZendObject,
    transport: &Transport,
    websocket: &WebSocket,
    mut bytes: Vec<u8>,
) -> Result<Result<(), i32>, Thrown> {
    let seconds = match settings::write_timeout(this) {
        0.0 => classes::settings::with(|settings| settings.socket_write_timeout),
        seconds => seconds,
    };
    let deadline = Deadline::after(timeout(seconds));
    while !bytes.is_empty() {
        let written = transport.write_all(&bytes);
        if let Err(code) = client.link.wait(Direction::Write, deadline.left(), written, |error| number(&error))? {
            return Ok(Err(code));
        }
        bytes = websocket.replies.take();
    }
    Ok(Ok(()))
}

/// What a wait for a frame came to.
enum Received {
    Frame(Message),
    /// The other side has ended the connection.
    Ended,
    /// For this reason there is none.
    Failed(i32),
}

/// `recv()` of a WebSocket.
pub(super) fn receive(call: &mut Call<'_>, client: &Client, this: &mut ZendObject, seconds: f64) -> Return {
    match next(client, this, seconds)? {
        Received::Frame(message) => {
            let descriptor = client.link.open().and_then(|transport| transport.descriptor()).unwrap_or(-1);
            let frame = frame_object(i64::from(descriptor), message.opcode, message.flags, &message.payload);
            call.return_value(frame)
        }
        Received::Ended => {
            client.close(this);
            call.return_value(string(b""))
        }
        Received::Failed(code) => {
            fail(this, code, None, SERVER_RESET);
            if code != libc::ETIMEDOUT {
                client.close(this);
            }
            call.return_bool(false)
        }
    }
}

/// Whether PHP code wants to see close frames.
fn deliver_close(websocket: &WebSocket) -> bool {
    websocket.protocol.borrow_mut().options_mut().deliver_close
}

fn next(client: &Client, this: &mut ZendObject, seconds: f64) -> Result<Received, Thrown> {
    let seconds = match (seconds, client.options.timeout.get()) {
        (0.0, 0.0) => classes::settings::with(|settings| settings.socket_read_timeout),
        (0.0, seconds) | (seconds, _) => seconds,
    };
    let deadline = Deadline::after(timeout(seconds));
    client.link.not_held(Direction::Read)?;
    let Some(websocket) = client.link.websocket.borrow().clone() else { return Ok(Received::Ended) };
    loop {
        let mut replies = Vec::new();
        let outcome = websocket.protocol.borrow_mut().next(&mut replies);
        let Some(transport) = client.link.open() else { return Ok(Received::Failed(libc::ECANCELED)) };
        if !replies.is_empty() {
            if client.link.writing() {
                websocket.replies.borrow_mut().extend_from_slice(&replies);
            } else if let Err(code) = write(client, this, &transport, &websocket, replies)? {
                return Ok(Received::Failed(code));
            }
        }
        match outcome {
            Ok(Some(message)) if message.opcode == opcode::CLOSE && !deliver_close(&websocket) => {
                return Ok(Received::Ended);
            }
            Ok(Some(message)) => return Ok(Received::Frame(message)),
            Ok(None) if websocket.protocol.borrow().is_over() => return Ok(Received::Ended),
            Ok(None) => {}
            Err(failure) => {
                note_failure(&failure);
                return Ok(Received::Failed(errors::last()));
            }
        }
        let arrived = transport.receive(usize::MAX, |bytes| websocket.protocol.borrow_mut().feed(bytes));
        match client.link.wait(Direction::Read, deadline.left(), arrived, |error| number(&error))? {
            Ok(0) => return Ok(Received::Ended),
            Ok(_) => {}
            Err(code) => return Ok(Received::Failed(code)),
        }
    }
}
