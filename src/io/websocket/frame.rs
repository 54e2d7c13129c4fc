//! One frame: its head on tungstenite's types, and flags and opcodes with Swoole's numbers.

use super::mask::mask;
use super::protocol::Failure;
use super::{close, deflate};
use std::cell::RefCell;
use std::io::Cursor;
use tokio_tungstenite::tungstenite::protocol::frame::FrameHeader;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{CloseCode, OpCode};

/// Bits of a frame's flags.
pub mod flag {
    /// The last frame of a message.
    pub const FIN: u8 = 1;
    /// The message shall be compressed, or was.
    pub const COMPRESS: u8 = 1 << 1;
    /// First reserved bit: the message is compressed.
    pub const RSV1: u8 = 1 << 2;
    /// Second reserved bit.
    pub const RSV2: u8 = 1 << 3;
    /// Third reserved bit.
    pub const RSV3: u8 = 1 << 4;
    /// The payload is masked.
    pub const MASK: u8 = 1 << 5;
    /// All of them.
    pub const ALL: u8 = (1 << 6) - 1;
}

/// What a frame is.
pub mod opcode {
    /// More of the message that was begun.
    pub const CONTINUATION: u8 = 0;
    /// Text.
    pub const TEXT: u8 = 1;
    /// Bytes.
    pub const BINARY: u8 = 2;
    /// The sender will send no more.
    pub const CLOSE: u8 = 8;
    /// Asks for a pong.
    pub const PING: u8 = 9;
    /// Answers a ping.
    pub const PONG: u8 = 10;

    /// Whether frames of this kind steer the connection instead of carrying data.
    pub const fn is_control(opcode: u8) -> bool {
        opcode >= CLOSE
    }
}

/// Longest payload of a control frame.
pub const LONGEST_CONTROL: usize = 125;

/// Longest head of a frame.
pub const LONGEST_HEAD: usize = 14;

/// A frame's head.
#[derive(Debug)]
pub struct Head {
    /// What the frame is.
    pub opcode: u8,
    /// [`flag`]s as they arrived.
    pub flags: u8,
    /// The key of a masked payload.
    pub mask: Option<[u8; 4]>,
    /// Bytes of the head itself.
    pub size: usize,
    /// Bytes of the payload.
    pub length: u64,
}

/// Reads the head of a frame; `None` while there is not all of it.
///
/// # Errors
/// An opcode that does not exist, or a length with its highest bit set.
pub fn head(bytes: &[u8]) -> Result<Option<Head>, Failure> {
    let mut cursor = Cursor::new(bytes);
    let failed = |reason| Failure { code: close::PROTOCOL_ERROR, reason };
    let (header, length) = match FrameHeader::parse(&mut cursor) {
        Ok(Some(parsed)) => parsed,
        Ok(None) => return Ok(None),
        Err(_) => return Err(failed("unknown opcode")),
    };
    if length > i64::MAX.cast_unsigned() {
        return Err(Failure::MALFORMED);
    }
    let bit = |set: bool, flag: u8| if set { flag } else { 0 };
    let flags = bit(header.is_final, flag::FIN)
        | bit(header.rsv1, flag::RSV1)
        | bit(header.rsv2, flag::RSV2)
        | bit(header.rsv3, flag::RSV3)
        | bit(header.mask.is_some(), flag::MASK);
    let size = cursor.position() as usize;
    Ok(Some(Head { opcode: header.opcode.into(), flags, mask: header.mask, size, length }))
}

/// Appends a frame. Of the flags FIN, RSV1 and MASK count; the opcode must be below 16.
pub fn write(out: &mut Vec<u8>, opcode: u8, flags: u8, payload: &[u8]) {
    let key = (flags & flag::MASK != 0).then(mask_key);
    out.reserve(LONGEST_HEAD + payload.len());
    write_head(out, opcode, flags, key, payload.len());
    let start = out.len();
    out.extend_from_slice(payload);
    if let Some(key) = key {
        mask(&mut out[start..], key);
    }
}

/// Payloads up to here are joined with their heads, longer ones are sent from where they lie.
const JOINED: usize = 2048;

/// Gives `send` a bare frame in two pieces. Of the flags FIN counts; the opcode must be below 16.
///
/// A message to many is the same frame again and again: the last short one is kept, and not built anew.
pub(super) fn with_bare<T>(opcode: u8, flags: u8, payload: &[u8], send: impl FnOnce(&[u8], &[u8]) -> T) -> T {
    thread_local! {
        /// The frame, and the length of its head.
        static LAST: RefCell<(Vec<u8>, usize)> = const { RefCell::new((Vec::new(), 0)) };
    }
    if payload.len() > JOINED {
        let mut head = Vec::with_capacity(LONGEST_HEAD);
        write_head(&mut head, opcode, flags, None, payload.len());
        return send(&head, payload);
    }
    let first = (flags & flag::FIN) << 7 | opcode & 15;
    LAST.with_borrow_mut(|(frame, head)| {
        if frame.first() != Some(&first) || frame[*head..] != *payload {
            frame.clear();
            write_head(frame, opcode, flags, None, payload.len());
            *head = frame.len();
            frame.extend_from_slice(payload);
        }
        send(frame, &[])
    })
}

fn write_head(out: &mut Vec<u8>, opcode: u8, flags: u8, mask: Option<[u8; 4]>, length: usize) {
    let header = FrameHeader {
        is_final: flags & flag::FIN != 0,
        rsv1: flags & flag::RSV1 != 0,
        rsv2: false,
        rsv3: false,
        opcode: OpCode::from(opcode & 15),
        mask,
    };
    // writing to a vector never fails
    let _ = header.format(length as u64, out);
}

/// The payload of a close frame.
pub fn close_payload(code: u16, reason: &[u8]) -> Vec<u8> {
    [&code.to_be_bytes(), reason].concat()
}

/// Whether an endpoint may send this code in a close frame.
pub fn may_send(code: u16) -> bool {
    // 1014 was registered after RFC 6455: a gateway's upstream failed
    code == 1014 || CloseCode::from(code).is_allowed()
}

/// A key that nobody can foresee.
fn mask_key() -> [u8; 4] {
    thread_local! {
        static POOL: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    }
    POOL.with_borrow_mut(|pool| {
        if pool.len() < 4 {
            pool.resize(1024, 0);
            // SAFETY: fills a buffer of ours. Up to 256 bytes come whole; what did not come is zeros, and only proxies care.
            unsafe {
                for part in pool.chunks_mut(256) {
                    libc::getrandom(part.as_mut_ptr().cast(), part.len(), 0);
                }
            }
        }
        let rest = pool.len() - 4;
        let key = [pool[rest], pool[rest + 1], pool[rest + 2], pool[rest + 3]];
        pool.truncate(rest);
        key
    })
}

/// A frame that stands alone, as bytes.
///
/// Data with the flags FIN and COMPRESS is compressed, on its own; control frames are always whole and never compressed.
pub fn pack(opcode: u8, mut flags: u8, payload: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    if opcode::is_control(opcode) {
        flags = flags & !(flag::COMPRESS | flag::RSV1) | flag::FIN;
    }
    let whole = flags & flag::FIN != 0 && opcode != opcode::CONTINUATION;
    if whole && flags & flag::COMPRESS != 0 && !payload.is_empty() {
        write(&mut out, opcode, flags | flag::RSV1, &deflate::compress(payload));
    } else {
        write(&mut out, opcode, flags, payload);
    }
    out
}

/// A whole frame taken apart: its head, and the payload unmasked but as compressed as it was.
pub fn unpack(bytes: &[u8]) -> Option<(Head, Vec<u8>)> {
    // opcodes that mean nothing can be taken apart too, though no connection lets them in
    let opcode = bytes.first()? & 15;
    let mut start = [0; LONGEST_HEAD];
    let known = bytes.len().min(LONGEST_HEAD);
    start[..known].copy_from_slice(&bytes[..known]);
    start[0] = start[0] & 0xf0 | opcode::BINARY;
    let head = Head { opcode, ..head(&start[..known]).ok()?? };
    let length = usize::try_from(head.length).ok()?;
    let mut payload = bytes[head.size..].get(..length)?.to_vec();
    if let Some(key) = head.mask {
        mask(&mut payload, key);
    }
    Some((head, payload))
}
