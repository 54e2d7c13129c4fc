//! `Swoole\WebSocket\Frame` and `CloseFrame`: frames out of PHP values, and the other way round.

use crate::classes::slots::{swoole_websocket_close_frame as close_slot, swoole_websocket_frame as slot};
use crate::classes::{ce, constants, errors};
use crate::io::websocket::frame::{flag, opcode};
use crate::io::websocket::{close, frame, inflate};
use crate::log;
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::text::Text;
use crate::zend::{self, object};
use ext_php_rs::types::{ZendObject, Zval};
use std::cell::Cell;

/// `SWOOLE_ERROR_PROTOCOL_ERROR`.
const PROTOCOL_ERROR: i32 = constants::SWOOLE_ERROR_PROTOCOL_ERROR as i32;

/// `SWOOLE_ERROR_WEBSOCKET_INCOMPLETE_PACKET`.
const INCOMPLETE_PACKET: i32 = constants::SWOOLE_ERROR_WEBSOCKET_INCOMPLETE_PACKET as i32;

/// Longest reason in what `pack()` makes. Nobody may send more than 123.
const LONGEST_REASON: usize = 125;

/// Longest message that `unpack()` inflates.
const LONGEST_UNPACKED: usize = 64 << 20;

/// A frame that PHP code wants to be sent.
pub(crate) struct Outgoing {
    /// What it is, at most 10.
    pub(crate) opcode: u8,
    /// As PHP gave them, `finish` counted in.
    pub(crate) flags: u8,
    payload: Payload,
}

enum Payload {
    Text(Text),
    Bytes(Vec<u8>),
    Empty,
}

impl Outgoing {
    /// What the frame carries.
    pub(crate) fn payload(&self) -> &[u8] {
        match &self.payload {
            Payload::Text(text) => text.as_bytes(),
            Payload::Bytes(bytes) => bytes,
            Payload::Empty => &[],
        }
    }

    /// A ping or a pong.
    pub(crate) fn control(opcode: u8, data: &[u8]) -> Self {
        Self { opcode, flags: flag::FIN, payload: Payload::Bytes(data.to_vec()) }
    }

    /// A frame object, or anything that can be text, with these opcode and flags. `None` after a warning.
    ///
    /// # Errors
    /// A conversion threw.
    pub(crate) fn read(value: &Zval, opcode: i64, flags: i64) -> Result<Option<Self>, Thrown> {
        let Some(object) = value.object().filter(|object| object.instance_of(ce::swoole_websocket_frame())) else {
            return Self::new(opcode, flags, Some(value), i64::from(close::NORMAL));
        };
        let kind = given(object, slot::OPCODE).map_or(0, zend::to_long);
        let mut flags = given(object, slot::FLAGS).map_or(0, zend::to_long);
        if let Some(finish) = given(object, slot::FINISH) {
            let fin = i64::from(flag::FIN);
            flags = if finish.coerce_to_bool() { flags | fin } else { flags & !fin };
        }
        let normal = i64::from(close::NORMAL);
        if kind & 0xff != i64::from(opcode::CLOSE) {
            return Self::new(kind, flags, given(object, slot::DATA), normal);
        }
        if !object.instance_of(ce::swoole_websocket_close_frame()) {
            // a plain frame may have been given the other one's properties
            let named = |name| object.get_property::<&Zval>(name).ok().filter(|value| !value.is_null());
            return Self::new(kind, flags, named("reason"), named("code").map_or(normal, zend::to_long));
        }
        let code = given(object, close_slot::CODE).map_or(normal, zend::to_long);
        Self::new(kind, flags, given(object, close_slot::REASON), code)
    }

    /// `None` after a warning.
    ///
    /// # Errors
    /// A conversion threw.
    pub(crate) fn new(opcode: i64, flags: i64, data: Option<&Zval>, code: i64) -> Result<Option<Self>, Thrown> {
        // as wide as Swoole keeps them
        let (opcode, flags) = ((opcode & 0xff) as u8, (flags & i64::from(flag::ALL)) as u8);
        if opcode > opcode::PONG {
            errors::warn(&format!("the maximum value of opcode is {}", opcode::PONG));
            return Ok(None);
        }
        let mut payload = match data.filter(|data| !data.is_null()) {
            Some(data) => Payload::Text(Text::of(data)?),
            None => Payload::Empty,
        };
        if opcode == opcode::CLOSE {
            let reason = match &payload {
                Payload::Text(text) => text.as_bytes(),
                _ => &[],
            };
            if reason.len() > LONGEST_REASON {
                let words = format!("the max length of close reason is {LONGEST_REASON}");
                log::warning("websocket::pack_close_frame()", &words);
                return Ok(None);
            }
            payload = Payload::Bytes(frame::close_payload((code & 0xffff) as u16, reason));
        }
        Ok(Some(Self { opcode, flags, payload }))
    }
}

/// A property that is there and not null.
fn given(object: &ZendObject, index: usize) -> Option<&Zval> {
    let value = object::slot(object, index);
    // SAFETY: the type is read from the value it describes; 0 is a property that was unset.
    (!value.is_null() && unsafe { value.u1.v.type_ } != 0).then_some(value)
}

/// The object of a frame that has arrived.
pub(crate) fn object(fd: i64, kind: u8, flags: u8, payload: &[u8]) -> Zval {
    let is_close = kind == opcode::CLOSE;
    let class = if is_close { ce::swoole_websocket_close_frame() } else { ce::swoole_websocket_frame() };
    let mut made = object::instantiate(class);
    let Some(object) = made.object_mut() else { return made };
    if !is_close {
        object::set_slot(object, slot::DATA, payload);
    } else if let Some((code, reason)) = payload.split_first_chunk() {
        object::set_slot(object, close_slot::CODE, i64::from(u16::from_be_bytes(*code)));
        object::set_slot(object, close_slot::REASON, reason);
    }
    let flags = if flags & flag::RSV1 != 0 { flags | flag::COMPRESS } else { flags };
    object::set_slot(object, slot::FD, fd);
    object::set_slot(object, slot::OPCODE, i64::from(kind));
    object::set_slot(object, slot::FLAGS, i64::from(flags));
    object::set_slot(object, slot::FINISH, flags & flag::FIN != 0);
    made
}

fn packed(call: &mut Call<'_>, frame: Option<Outgoing>) -> Return {
    match frame {
        Some(frame) => call.return_bytes(&frame::pack(frame.opcode, frame.flags, frame.payload())),
        None => call.return_bytes(b""),
    }
}

/// How many frames may be each other's data: what PHP cannot report is an overflow of the stack.
const DEEPEST: u32 = 100;

thread_local! {
    static DEEP: Cell<u32> = const { Cell::new(0) };
}

/// `__toString(): string`
pub fn __to_string(call: &mut Call<'_>) -> Return {
    let deep = DEEP.get();
    if deep == DEEPEST {
        return zend::throw(zend::standard_error(), "Frames are nested too deep", 0);
    }
    DEEP.set(deep + 1);
    let this = call.this_value();
    let frame = Outgoing::read(&this, 0, 0);
    DEEP.set(deep);
    packed(call, frame?)
}

/// `pack(Frame|string $data, int $opcode = WEBSOCKET_OPCODE_TEXT, int $flags = SWOOLE_WEBSOCKET_FLAG_FIN): string`
pub fn pack(call: &mut Call<'_>) -> Return {
    let opcode = call.optional(1, i64::from(opcode::TEXT), Call::long_arg)?;
    let flags = call.optional(2, i64::from(flag::FIN), Call::long_arg)?;
    let Some(data) = call.value(0) else { return call.return_bytes(b"") };
    let frame = Outgoing::read(data, opcode, flags)?;
    packed(call, frame)
}

/// `unpack(string $data): Frame`
pub fn unpack(call: &mut Call<'_>) -> Return {
    let data = call.str_arg(0)?.as_bytes();
    let Some((head, payload)) = frame::unpack(data) else {
        if let Ok(Some(head)) = frame::head(data) {
            let (expected, actual) = (head.length.saturating_add(head.size as u64), data.len());
            let words = format!("incomplete packet, expected length is {expected}, actual length is {actual}");
            log::error(log::WARNING, "websocket::decode()", INCOMPLETE_PACKET, words.as_bytes());
        }
        errors::set_last(PROTOCOL_ERROR);
        return call.return_bool(false);
    };
    if head.flags & flag::RSV1 == 0 {
        return call.return_value(object(0, head.opcode, head.flags, &payload));
    }
    match inflate(&payload, LONGEST_UNPACKED) {
        Ok(inflated) => call.return_value(object(0, head.opcode, head.flags, &inflated)),
        Err(_) => {
            zend::warning("inflate() failed, Error: data error[-3]");
            errors::set_last(PROTOCOL_ERROR);
            call.return_bool(false)
        }
    }
}
