//! A connection without its socket: bytes in, messages out; messages in, bytes out.

use super::close;
use super::deflate::{Deflate, Inflated};
use super::extension::Terms;
use super::frame::{self, Head, flag, opcode};
use super::mask::mask;
use bytes::{Buf, Bytes, BytesMut};
use simdutf8::basic::from_utf8;

/// Payloads below this are copied out of the buffer they arrived in, longer ones are split off.
const COPIED: usize = 4096;

/// The other side broke the protocol, or a limit of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The code of the close frame that tells it.
    pub code: u16,
    /// The same in words.
    pub reason: &'static str,
}

impl Failure {
    /// A message, or a frame, is longer than is allowed.
    pub const TOO_BIG: Self = Self { code: close::TOO_BIG, reason: "the message is too big" };
    /// A fragment comes without the beginning of its message.
    pub const LONE_FRAGMENT: Self = Self { code: close::PROTOCOL_ERROR, reason: "a continuation of nothing" };
    /// A message begins before the one before has ended.
    pub const INTERLEAVED: Self =
        Self { code: close::PROTOCOL_ERROR, reason: "a message begins inside of another one" };
    /// A length with its highest bit set: whoever sends that speaks no WebSocket, and is not told so in its frames.
    pub const MALFORMED: Self = Self { code: close::PROTOCOL_ERROR, reason: "malformed data" };
    /// What is marked as compressed cannot be inflated.
    pub const NOT_DEFLATED: Self = Self { code: close::INVALID_DATA, reason: "a message cannot be inflated" };
    /// Text that is not UTF-8.
    pub const NOT_TEXT: Self = Self { code: close::INVALID_DATA, reason: "text is not UTF-8" };
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.reason)
    }
}

impl std::error::Error for Failure {}

/// Why a message cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// A control frame of more than 125 bytes.
    TooLong,
    /// A close frame has been sent: nothing may follow it.
    Closed,
}

/// How a connection behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether this side is the server.
    pub is_server: bool,
    /// Whether frames are masked: a client's have to be.
    pub mask: bool,
    /// Longest message that is accepted, in bytes after inflation.
    pub longest: usize,
    /// The terms of compression; `None` without.
    pub terms: Option<Terms>,
    /// Pings are handed out, and not answered.
    pub deliver_ping: bool,
    /// Pongs are handed out.
    pub deliver_pong: bool,
    /// Close frames are handed out, and not answered.
    pub deliver_close: bool,
    /// Text that is not UTF-8 ends the connection.
    pub check_text: bool,
}

impl Options {
    /// A server's, without compression.
    pub const fn server() -> Self {
        Self {
            is_server: true,
            mask: false,
            longest: 2 << 20,
            terms: None,
            deliver_ping: false,
            deliver_pong: false,
            deliver_close: false,
            check_text: true,
        }
    }

    /// A client's, without compression.
    pub const fn client() -> Self {
        Self { is_server: false, mask: true, ..Self::server() }
    }
}

/// A message, or a control frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// What it is, see [`opcode`].
    pub opcode: u8,
    /// [`flag`]s of its first frame, and FIN; COMPRESS if it was compressed.
    pub flags: u8,
    /// What it says, inflated.
    pub payload: Bytes,
}

impl Message {
    /// The code and the reason of a close frame; [`close::NO_STATUS`] when it has none.
    pub fn close(&self) -> (u16, &[u8]) {
        match self.payload.split_first_chunk() {
            Some((code, reason)) => (u16::from_be_bytes(*code), reason),
            None => (close::NO_STATUS, &[]),
        }
    }
}

/// Fragments of a message that is not whole.
struct Partial {
    opcode: u8,
    flags: u8,
    data: Vec<u8>,
    /// So much of it is UTF-8 for sure.
    checked: usize,
}

/// One side of a connection after the handshake.
///
/// Masked and bare frames are taken from either side, as Swoole does.
pub struct Protocol {
    options: Options,
    input: BytesMut,
    /// The frame whose payload is arriving.
    head: Option<Head>,
    partial: Option<Box<Partial>>,
    deflate: Option<Deflate>,
    close_sent: bool,
    /// What the close frame that came says.
    close_received: Option<Bytes>,
    failed: bool,
}

impl std::fmt::Debug for Protocol {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Protocol")
            .field("close_sent", &self.close_sent)
            .field("close_received", &self.close_received)
            .finish_non_exhaustive()
    }
}

impl Protocol {
    /// The start of a connection.
    pub fn new(options: Options) -> Self {
        let deflate = options.terms.map(|terms| Deflate::new(terms, options.is_server));
        Self {
            options,
            input: BytesMut::new(),
            head: None,
            partial: None,
            deflate,
            close_sent: false,
            close_received: None,
            failed: false,
        }
    }

    /// Its options; what is delivered may be changed at any time.
    pub fn options_mut(&mut self) -> &mut Options {
        &mut self.options
    }

    /// Whether messages are compressed.
    pub fn compresses(&self) -> bool {
        self.deflate.is_some()
    }

    /// Whether data goes out as it is, neither compressed nor masked, and may go out.
    pub fn is_bare(&self) -> bool {
        !self.close_sent && !self.is_over() && !self.options.mask && self.deflate.is_none()
    }

    /// Whether a close frame has been sent.
    pub fn close_sent(&self) -> bool {
        self.close_sent
    }

    /// Whether nothing more will be received: a close frame has come, or what came was broken.
    pub fn is_over(&self) -> bool {
        self.close_received.is_some() || self.failed
    }

    /// What the close frame says that came and was not answered: the answer says the same.
    pub fn close_owed(&self) -> Option<Bytes> {
        self.close_received.clone().filter(|_| !self.close_sent)
    }

    /// Takes what has arrived.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.input.extend_from_slice(bytes);
    }

    /// The message that these bytes are, if they are one ordinary message: what most reads bring. It takes the bytes. `None` when anything
    /// about them is out of the ordinary, or something has come before: then they are as they were, to be fed.
    pub fn whole(&self, bytes: &mut BytesMut) -> Option<Message> {
        const FIN_ALONE: u8 = 0x80;
        const MASKED: u8 = 0x80;
        let first = *bytes.first()?;
        let kind = first & 15;
        let begun = !self.input.is_empty() || self.head.is_some() || self.partial.is_some();
        if begun || self.is_over() || first & 0xf0 != FIN_ALONE || !matches!(kind, opcode::TEXT | opcode::BINARY) {
            return None;
        }
        let second = *bytes.get(1)?;
        let (size, length) = match second & !MASKED {
            127 => return None,
            126 => (4, usize::from(u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?]))),
            length => (2, usize::from(length)),
        };
        let (key, start) = match bytes[size..].first_chunk() {
            Some(key) if second & MASKED != 0 => (Some(*key), size + key.len()),
            _ if second & MASKED != 0 => return None,
            _ => (None, size),
        };
        if bytes.len() - start != length || length > self.options.longest {
            return None;
        }
        let mut flags = flag::FIN;
        let payload = &mut bytes[start..];
        let mut is_ascii = false;
        if let Some(key) = key {
            is_ascii = mask(payload, key);
            flags |= flag::MASK;
        }
        if kind == opcode::TEXT && self.options.check_text && !is_ascii && from_utf8(payload).is_err() {
            if let Some(key) = key {
                mask(payload, key);
            }
            return None;
        }
        let payload = if length < COPIED {
            let payload = Bytes::copy_from_slice(payload);
            bytes.clear();
            payload
        } else {
            bytes.advance(start);
            bytes.split().freeze()
        };
        Some(Message { opcode: kind, flags, payload })
    }

    /// Where arriving bytes may be appended without a copy.
    pub fn input(&mut self) -> &mut BytesMut {
        &mut self.input
    }

    /// Bytes that are missing of the frame that is arriving; 0 when it is not known.
    pub fn missing(&self) -> usize {
        let length = self.head.as_ref().map_or(0, |head| usize::try_from(head.length).unwrap_or(usize::MAX));
        length.saturating_sub(self.input.len())
    }

    /// The next message out of what was fed; `None` when more has to be fed.
    ///
    /// What must be answered at once (pings, close frames, errors) is appended to `replies`, to be sent before anything else.
    ///
    /// # Errors
    /// The other side broke the protocol; the close frame that says so is in `replies`, except for what is malformed.
    pub fn next(&mut self, replies: &mut Vec<u8>) -> Result<Option<Message>, Failure> {
        if self.input.is_empty() && self.input.capacity() == 0 {
            return Ok(None);
        }
        while !self.is_over() {
            match self.step(replies) {
                Ok(Step::Message(message)) => return Ok(Some(message)),
                Ok(Step::Nothing) => {}
                Ok(Step::Starved) => break,
                Err(failure) => {
                    self.failed = true;
                    self.partial = None;
                    self.input = BytesMut::new();
                    if failure != Failure::MALFORMED {
                        // without a close frame it has been sent already
                        let _ = self.close(failure.code, failure.reason.as_bytes(), replies);
                    }
                    return Err(failure);
                }
            }
        }
        if self.input.is_empty() {
            self.input = BytesMut::new();
        }
        Ok(None)
    }

    fn step(&mut self, replies: &mut Vec<u8>) -> Result<Step, Failure> {
        if self.head.is_none() {
            let Some(head) = frame::head(&self.input)? else { return Ok(Step::Starved) };
            self.check(&head)?;
            self.input.advance(head.size);
            self.head = Some(head);
        }
        if self.missing() > 0 {
            return Ok(Step::Starved);
        }
        let Some(head) = self.head.take() else { return Ok(Step::Starved) };
        let length = head.length as usize;
        let is_ascii = head.mask.is_some_and(|key| mask(&mut self.input[..length], key));
        if opcode::is_control(head.opcode) {
            let payload = self.input.split_to(length).freeze();
            return self.control(&head, payload, replies);
        }
        if head.flags & flag::FIN == 0 || head.opcode == opcode::CONTINUATION {
            return self.fragment(&head, length);
        }
        let payload = if head.flags & flag::RSV1 != 0 {
            let inflated = self.inflate(None, length);
            self.input.advance(length);
            Bytes::from(inflated?)
        } else if length < COPIED {
            let payload = Bytes::copy_from_slice(&self.input[..length]);
            self.input.advance(length);
            payload
        } else {
            self.input.split_to(length).freeze()
        };
        let checked = if is_ascii && head.flags & flag::RSV1 == 0 { length } else { 0 };
        self.message(head.opcode, head.flags, payload, checked)
    }

    /// What can be said about a frame before its payload is there.
    fn check(&self, head: &Head) -> Result<(), Failure> {
        let broken = |reason| Err(Failure { code: close::PROTOCOL_ERROR, reason });
        if head.flags & (flag::RSV2 | flag::RSV3) != 0 {
            return broken("reserved bits are set");
        }
        let compressed = head.flags & flag::RSV1 != 0;
        if compressed && (self.deflate.is_none() || head.opcode == opcode::CONTINUATION) {
            return broken("a frame is marked as compressed that must not be");
        }
        if opcode::is_control(head.opcode) {
            if head.flags & flag::FIN == 0 || compressed || head.length > frame::LONGEST_CONTROL as u64 {
                return broken("a control frame is too long, compressed or in fragments");
            }
            return Ok(());
        }
        let begun = match (&self.partial, head.opcode) {
            (None, opcode::CONTINUATION) => return Err(Failure::LONE_FRAGMENT),
            (Some(partial), opcode::CONTINUATION) => partial.data.len(),
            (Some(_), _) => return Err(Failure::INTERLEAVED),
            (None, _) => 0,
        };
        let longest = match &self.partial {
            // what cannot be compressed becomes longer, by 4 % where memory is short; inflating it has the same limit
            Some(partial) if partial.flags & flag::RSV1 != 0 => self.longest_compressed(),
            None if compressed => self.longest_compressed(),
            _ => self.options.longest,
        };
        if head.length > longest.saturating_sub(begun) as u64 {
            return Err(Failure::TOO_BIG);
        }
        Ok(())
    }

    fn longest_compressed(&self) -> usize {
        self.options.longest.saturating_add(self.options.longest >> 4).saturating_add(64)
    }

    fn control(&mut self, head: &Head, payload: Bytes, replies: &mut Vec<u8>) -> Result<Step, Failure> {
        let kind = head.opcode;
        let delivered = match kind {
            opcode::PING => {
                if !self.options.deliver_ping {
                    self.reply(opcode::PONG, &payload, replies);
                }
                self.options.deliver_ping
            }
            opcode::CLOSE => {
                check_close(&payload)?;
                self.close_received = Some(payload.clone());
                self.input = BytesMut::new();
                self.partial = None;
                if !self.options.deliver_close {
                    self.reply(opcode::CLOSE, &payload, replies);
                }
                true
            }
            _ => self.options.deliver_pong,
        };
        if !delivered {
            return Ok(Step::Nothing);
        }
        Ok(Step::Message(Message { opcode: kind, flags: head.flags, payload }))
    }

    fn reply(&mut self, kind: u8, payload: &[u8], replies: &mut Vec<u8>) {
        // refused only after a close frame, when nothing needs an answer
        let _ = self.send(kind, flag::FIN, payload, replies);
    }

    fn fragment(&mut self, head: &Head, length: usize) -> Result<Step, Failure> {
        let mut partial = self.partial.take().unwrap_or_else(|| {
            Box::new(Partial { opcode: head.opcode, flags: head.flags, data: Vec::new(), checked: 0 })
        });
        partial.data.extend_from_slice(&self.input[..length]);
        self.input.advance(length);
        let compressed = partial.flags & flag::RSV1 != 0;
        if head.flags & flag::FIN == 0 {
            if partial.opcode == opcode::TEXT && self.options.check_text && !compressed {
                partial.checked += text_so_far(&partial.data[partial.checked..])?;
            }
            self.partial = Some(partial);
            return Ok(Step::Nothing);
        }
        let checked = if compressed { 0 } else { partial.checked };
        let payload = if compressed { self.inflate(Some(&partial.data), 0)? } else { partial.data };
        self.message(partial.opcode, partial.flags | flag::FIN, Bytes::from(payload), checked)
    }

    /// Inflates these bytes, or the first ones of the input.
    fn inflate(&mut self, data: Option<&[u8]>, length: usize) -> Result<Vec<u8>, Failure> {
        let data = data.unwrap_or_else(|| &self.input[..length]);
        let deflate = self.deflate.as_mut().ok_or(Failure::NOT_DEFLATED)?;
        deflate.inflate(data, self.options.longest).map_err(|error| match error {
            Inflated::TooBig => Failure::TOO_BIG,
            Inflated::Corrupt => Failure::NOT_DEFLATED,
        })
    }

    fn message(&self, kind: u8, flags: u8, payload: Bytes, checked: usize) -> Result<Step, Failure> {
        if kind == opcode::TEXT && self.options.check_text && from_utf8(&payload[checked..]).is_err() {
            return Err(Failure::NOT_TEXT);
        }
        let flags = if flags & flag::RSV1 != 0 { flags | flag::COMPRESS } else { flags };
        Ok(Step::Message(Message { opcode: kind, flags, payload }))
    }

    /// Appends the frame of a message to `out`.
    ///
    /// Without FIN it is the first fragment of a message (CONTINUATION: a later one). With FIN, and COMPRESS or RSV1, data is
    /// compressed if that was agreed on; a first fragment with RSV1 has been compressed by the caller.
    ///
    /// # Errors
    /// Nothing was appended: the payload is too long for a control frame, or a close frame was sent before.
    pub fn send(&mut self, kind: u8, flags: u8, payload: &[u8], out: &mut Vec<u8>) -> Result<(), Refused> {
        if self.close_sent {
            return Err(Refused::Closed);
        }
        let mut bits = if self.options.mask { flag::MASK } else { 0 };
        if opcode::is_control(kind) {
            if payload.len() > frame::LONGEST_CONTROL {
                return Err(Refused::TooLong);
            }
            self.close_sent = kind == opcode::CLOSE;
            frame::write(out, kind, bits | flag::FIN, payload);
            return Ok(());
        }
        bits |= flags & flag::FIN;
        if let Some(deflate) = self.deflate.as_mut().filter(|_| kind != opcode::CONTINUATION) {
            let whole = flags & flag::FIN != 0;
            if whole && flags & (flag::COMPRESS | flag::RSV1) != 0 && !payload.is_empty() {
                let mut compressed = Vec::new();
                deflate.compress(payload, &mut compressed);
                frame::write(out, kind, bits | flag::RSV1, &compressed);
                return Ok(());
            }
            if !whole && flags & flag::RSV1 != 0 {
                deflate.forget();
                bits |= flag::RSV1;
            }
        }
        frame::write(out, kind, bits, payload);
        Ok(())
    }

    /// Appends a close frame to `out`; [`close::NO_STATUS`] makes one without a code.
    ///
    /// # Errors
    /// The reason has more than 123 bytes, or a close frame was sent before.
    pub fn close(&mut self, code: u16, reason: &[u8], out: &mut Vec<u8>) -> Result<(), Refused> {
        if code == close::NO_STATUS {
            return self.send(opcode::CLOSE, flag::FIN, &[], out);
        }
        self.send(opcode::CLOSE, flag::FIN, &frame::close_payload(code, reason), out)
    }
}

enum Step {
    Message(Message),
    Nothing,
    Starved,
}

/// How much of this is UTF-8; its end may be the beginning of a letter.
fn text_so_far(bytes: &[u8]) -> Result<usize, Failure> {
    match simdutf8::compat::from_utf8(bytes) {
        Ok(_) => Ok(bytes.len()),
        Err(error) if error.error_len().is_none() => Ok(error.valid_up_to()),
        Err(_) => Err(Failure::NOT_TEXT),
    }
}

fn check_close(payload: &[u8]) -> Result<(), Failure> {
    if payload.is_empty() {
        return Ok(());
    }
    let Some((code, reason)) = payload.split_first_chunk() else {
        return Err(Failure { code: close::PROTOCOL_ERROR, reason: "a close frame with half a code" });
    };
    if !frame::may_send(u16::from_be_bytes(*code)) {
        return Err(Failure { code: close::PROTOCOL_ERROR, reason: "a close frame with a code that must not be sent" });
    }
    if from_utf8(reason).is_err() {
        return Err(Failure::NOT_TEXT);
    }
    Ok(())
}
