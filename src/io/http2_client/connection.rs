//! A connection without its socket.

use super::hpack::{Decoder, Line, encode};
use std::collections::{HashMap, VecDeque};

/// What a client says first; its settings follow.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

const HEAD: usize = 9;
/// Largest header list that is taken, and largest header block before it is unpacked.
const HEADERS: usize = 256 << 10;
/// Answers to what the server sends that may wait to be sent. One that makes us answer more has something else in mind.
const ANSWERS: usize = 10_000;
/// Events that nobody has taken yet; as many empty frames are no reply.
const EVENTS: usize = 100_000;
/// Data that nobody has taken yet. More than the window, because some servers (Swoole's among them) look at no window, or only at a stream's.
const HELD: usize = 16 << 20;
const LARGEST_WINDOW: i64 = i32::MAX as i64;

mod kind {
    pub(super) const DATA: u8 = 0;
    pub(super) const HEADERS: u8 = 1;
    pub(super) const PRIORITY: u8 = 2;
    pub(super) const RST_STREAM: u8 = 3;
    pub(super) const SETTINGS: u8 = 4;
    pub(super) const PUSH_PROMISE: u8 = 5;
    pub(super) const PING: u8 = 6;
    pub(super) const GOAWAY: u8 = 7;
    pub(super) const WINDOW_UPDATE: u8 = 8;
    pub(super) const CONTINUATION: u8 = 9;
}

mod flag {
    pub(super) const END_STREAM: u8 = 1;
    pub(super) const ACK: u8 = 1;
    pub(super) const END_HEADERS: u8 = 4;
    pub(super) const PADDED: u8 = 8;
    pub(super) const PRIORITY: u8 = 32;
}

/// Why the connection cannot go on; the server is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// A frame that may not be, or not there.
    Protocol,
    /// More data than there was room for.
    FlowControl,
    /// A frame of the wrong length.
    FrameSize,
    /// A header block that cannot be unpacked, or is too large.
    Compression,
    /// Too much of what only makes work.
    TooMuch,
}

impl Failure {
    /// Its number on the wire.
    pub fn code(self) -> u32 {
        match self {
            Self::Protocol => 1,
            Self::FlowControl => 3,
            Self::FrameSize => 6,
            Self::Compression => 9,
            Self::TooMuch => 11,
        }
    }
}

/// What one side has said about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Size of the table of header lines.
    pub header_table_size: u32,
    /// How much data a stream may have on its way.
    pub init_window_size: u32,
    /// How many streams there may be at a time.
    pub max_concurrent_streams: u32,
    /// Largest frame.
    pub max_frame_size: u32,
    /// Largest header list.
    pub max_header_list_size: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            header_table_size: 4096,
            init_window_size: 65_535,
            max_concurrent_streams: u32::MAX,
            max_frame_size: 16_384,
            max_header_list_size: u32::MAX,
        }
    }
}

/// What has arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A header list: of a reply, or behind its body.
    Headers {
        /// Of this stream.
        stream: u32,
        /// The list, pseudo-headers first.
        lines: Vec<Line>,
        /// Nothing follows.
        end: bool,
    },
    /// A part of a body.
    Data {
        /// Of this stream.
        stream: u32,
        /// The part.
        bytes: Vec<u8>,
        /// What it took of the window, padding included.
        size: u32,
        /// Nothing follows.
        end: bool,
    },
    /// The server has given a stream up.
    Reset {
        /// This stream.
        stream: u32,
        /// Why.
        code: u32,
    },
    /// The server takes no more streams.
    GoAway {
        /// The last stream that it has looked at.
        last: u32,
        /// Why.
        code: u32,
        /// The same in words.
        words: Vec<u8>,
    },
}

/// How much data can be sent now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// At most this much in one frame.
    Open(usize),
    /// None before the server makes room.
    Shut,
    /// There is no such stream any more.
    Gone,
}

#[derive(Debug)]
struct Stream {
    /// How much may be sent.
    send: i64,
    /// How much may come.
    receive: i64,
    /// A header list has come.
    begun: bool,
}

/// A header block that goes on in the next frame.
#[derive(Debug)]
struct Block {
    stream: u32,
    end: bool,
    bytes: Vec<u8>,
}

/// A client's connection.
#[derive(Debug)]
pub struct Connection {
    input: Vec<u8>,
    events: VecDeque<Event>,
    output: Vec<u8>,
    /// How many answers are in the output.
    answers: usize,
    decoder: Decoder,
    streams: HashMap<u32, Stream>,
    block: Option<Block>,
    /// What we have said.
    pub local: Settings,
    /// What the server has said.
    pub remote: Settings,
    /// Whether it has said anything.
    greeted: bool,
    next: u32,
    last: u32,
    send: i64,
    receive: i64,
    /// Data in events that nobody has taken.
    held: usize,
    failed: Option<Failure>,
}

fn head(kind: u8, flags: u8, stream: u32, length: usize, out: &mut Vec<u8>) {
    out.extend_from_slice(&(length as u32).to_be_bytes()[1..]);
    out.extend_from_slice(&[kind, flags]);
    out.extend_from_slice(&stream.to_be_bytes());
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |number, byte| number << 8 | u32::from(*byte))
}

impl Default for Connection {
    fn default() -> Self {
        Self::new()
    }
}

impl Connection {
    /// The start of a connection; the preface and our settings are in the output.
    pub fn new() -> Self {
        let local = Settings { max_header_list_size: HEADERS as u32, ..Settings::default() };
        let mut output = PREFACE.to_vec();
        let said = [
            (1, local.header_table_size),
            (2, 0),
            (3, local.max_concurrent_streams),
            (4, local.init_window_size),
            (5, local.max_frame_size),
            (6, HEADERS as u32),
        ];
        head(kind::SETTINGS, 0, 0, said.len() * 6, &mut output);
        for (name, value) in said {
            output.extend_from_slice(&(name as u16).to_be_bytes());
            output.extend_from_slice(&u32::to_be_bytes(value));
        }
        Self {
            input: Vec::new(),
            events: VecDeque::new(),
            output,
            answers: 0,
            decoder: Decoder::new(local.header_table_size as usize),
            streams: HashMap::new(),
            block: None,
            local,
            remote: Settings::default(),
            greeted: false,
            next: 1,
            last: 0,
            send: i64::from(local.init_window_size),
            receive: i64::from(local.init_window_size),
            held: 0,
            failed: None,
        }
    }

    /// What has to be sent before anything else.
    pub fn take_output(&mut self) -> Vec<u8> {
        self.answers = 0;
        std::mem::take(&mut self.output)
    }

    /// The number that the next request's stream gets.
    pub fn next_stream(&self) -> u32 {
        self.next
    }

    /// The highest number of a stream that the server has spoken of.
    pub fn last_stream(&self) -> u32 {
        self.last
    }

    /// How many streams there are.
    pub fn count(&self) -> usize {
        self.streams.len()
    }

    /// Whether there is such a stream.
    pub fn has(&self, stream: u32) -> bool {
        self.streams.contains_key(&stream)
    }

    /// Begins a stream with these header lines; `None` when there are no numbers left.
    pub fn request<'a>(&mut self, lines: impl IntoIterator<Item = (&'a [u8], &'a [u8])>, end: bool) -> Option<u32> {
        let stream = self.next;
        if stream > i32::MAX as u32 {
            return None;
        }
        let mut block = Vec::new();
        lines.into_iter().for_each(|(name, value)| encode(name, value, &mut block));
        let most = self.remote.max_frame_size as usize;
        let mut pieces = block.chunks(most).peekable();
        let mut begin = Some((kind::HEADERS, if end { flag::END_STREAM } else { 0 }));
        while let Some(piece) = pieces.next() {
            let (kind, flags) = begin.take().unwrap_or((kind::CONTINUATION, 0));
            let flags = if pieces.peek().is_none() { flags | flag::END_HEADERS } else { flags };
            head(kind, flags, stream, piece.len(), &mut self.output);
            self.output.extend_from_slice(piece);
        }
        self.next += 2;
        let (send, receive) = (i64::from(self.remote.init_window_size), i64::from(self.local.init_window_size));
        self.streams.insert(stream, Stream { send, receive, begun: false });
        Some(stream)
    }

    /// How much data of a stream can be sent now.
    pub fn flow(&self, stream: u32) -> Flow {
        let Some(stream) = self.streams.get(&stream) else { return Flow::Gone };
        let most = stream.send.min(self.send).min(i64::from(self.remote.max_frame_size));
        usize::try_from(most).ok().filter(|most| *most > 0).map_or(Flow::Shut, Flow::Open)
    }

    /// Sends a frame of data, of which there is no more than [`Connection::flow`] says.
    pub fn data(&mut self, stream: u32, bytes: &[u8], end: bool) {
        head(kind::DATA, if end { flag::END_STREAM } else { 0 }, stream, bytes.len(), &mut self.output);
        self.output.extend_from_slice(bytes);
        self.send -= bytes.len() as i64;
        if let Some(stream) = self.streams.get_mut(&stream) {
            stream.send -= bytes.len() as i64;
        }
    }

    /// Sends a ping.
    pub fn ping(&mut self) {
        head(kind::PING, 0, 0, 8, &mut self.output);
        self.output.extend_from_slice(&[0; 8]);
    }

    /// Sends the words with which we take our leave.
    pub fn go_away(&mut self, code: u32, words: &[u8]) {
        let out = &mut self.output;
        head(kind::GOAWAY, 0, 0, 8 + words.len(), out);
        // The server begins no streams.
        out.extend_from_slice(&0u32.to_be_bytes());
        out.extend_from_slice(&code.to_be_bytes());
        out.extend_from_slice(words);
    }

    /// Ends a stream that nobody wants any more.
    pub fn reset(&mut self, stream: u32, code: u32) {
        self.streams.remove(&stream);
        head(kind::RST_STREAM, 0, stream, 4, &mut self.output);
        self.output.extend_from_slice(&code.to_be_bytes());
    }

    /// Takes what has arrived.
    ///
    /// # Errors
    /// The server broke the protocol; what says so is in the output.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        if let Some(failure) = self.failed {
            return Err(failure);
        }
        self.input.extend_from_slice(bytes);
        let input = std::mem::take(&mut self.input);
        let mut rest = input.as_slice();
        let mut outcome = Ok(());
        while outcome.is_ok() && rest.len() >= HEAD {
            let length = number(&rest[..3]) as usize;
            if length > self.local.max_frame_size as usize {
                outcome = Err(Failure::FrameSize);
                break;
            }
            let Some(payload) = rest.get(HEAD..HEAD + length) else { break };
            let (kind, flags, stream) = (rest[3], rest[4], number(&rest[5..9]) & i32::MAX as u32);
            rest = &rest[HEAD + length..];
            outcome = self.frame(kind, flags, stream, payload);
            if self.answers > ANSWERS || self.events.len() > EVENTS {
                outcome = outcome.and(Err(Failure::TooMuch));
            }
        }
        self.input = rest.to_vec();
        if let Err(failure) = outcome {
            self.failed = Some(failure);
            self.go_away(failure.code(), b"");
        }
        outcome
    }

    /// What has arrived, in its order. What a body took of the windows is given back.
    pub fn event(&mut self) -> Option<Event> {
        let event = self.events.pop_front()?;
        if let Event::Data { stream, size, end, .. } = event {
            self.held -= size as usize;
            self.give_back(stream, size, end);
        }
        Some(event)
    }

    fn give_back(&mut self, stream: u32, size: u32, end: bool) {
        let whole = i64::from(self.local.init_window_size);
        let update = |stream: u32, window: &mut i64, out: &mut Vec<u8>| {
            if *window < whole / 2 {
                head(kind::WINDOW_UPDATE, 0, stream, 4, out);
                out.extend_from_slice(&((whole - *window) as u32).to_be_bytes());
                *window = whole;
            }
        };
        // What is in events that nobody has taken is not given back yet.
        let waits = |event: &Event| matches!(event, Event::Data { stream: other, .. } if *other == stream);
        if size == 0 {
            return;
        }
        if self.receive < whole / 2 && self.held == 0 {
            update(0, &mut self.receive, &mut self.output);
        }
        if !end
            && let Some(known) = self.streams.get_mut(&stream)
            && known.receive < whole / 2
            && !self.events.iter().any(waits)
        {
            update(stream, &mut known.receive, &mut self.output);
        }
    }

    fn frame(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Result<(), Failure> {
        if !self.greeted && kind != kind::SETTINGS {
            return Err(Failure::Protocol);
        }
        if self.block.is_some() && kind != kind::CONTINUATION {
            return Err(Failure::Protocol);
        }
        self.last = self.last.max(stream);
        match kind {
            kind::DATA => self.data_came(flags, stream, payload),
            kind::HEADERS => {
                self.of_ours(stream)?;
                let mut payload = unpadded(flags, payload)?;
                if flags & flag::PRIORITY != 0 {
                    payload = payload.get(5..).ok_or(Failure::FrameSize)?;
                }
                let end = flags & flag::END_STREAM != 0;
                self.begin_block(Block { stream, end, bytes: payload.to_vec() }, flags)
            }
            kind::CONTINUATION => match self.block.take() {
                Some(mut block) if block.stream == stream => {
                    block.bytes.extend_from_slice(payload);
                    self.begin_block(block, flags)
                }
                _ => Err(Failure::Protocol),
            },
            // We have said that we want none.
            kind::PUSH_PROMISE => Err(Failure::Protocol),
            kind::PRIORITY => {
                if payload.len() == 5 {
                    Ok(())
                } else {
                    Err(Failure::FrameSize)
                }
            }
            kind::RST_STREAM => {
                self.of_ours(stream)?;
                let code = number(exactly(payload, 4)?);
                if self.streams.remove(&stream).is_some() {
                    self.events.push_back(Event::Reset { stream, code });
                }
                Ok(())
            }
            kind::SETTINGS => self.settings(flags, stream, payload),
            kind::PING => {
                if stream != 0 {
                    return Err(Failure::Protocol);
                }
                let words = exactly(payload, 8)?;
                if flags & flag::ACK == 0 {
                    self.answers += 1;
                    head(kind::PING, flag::ACK, 0, 8, &mut self.output);
                    self.output.extend_from_slice(words);
                }
                Ok(())
            }
            kind::GOAWAY => {
                let (Some(last), Some(code)) = (payload.get(..4), payload.get(4..8)) else {
                    return Err(Failure::FrameSize);
                };
                let (last, code) = (number(last) & i32::MAX as u32, number(code));
                self.events.push_back(Event::GoAway { last, code, words: payload[8..].to_vec() });
                Ok(())
            }
            kind::WINDOW_UPDATE => self.window(stream, number(exactly(payload, 4)?) & i32::MAX as u32),
            // What we do not know may be left out.
            _ => Ok(()),
        }
    }

    /// Whether we have begun this stream; it may be over.
    fn of_ours(&self, stream: u32) -> Result<(), Failure> {
        if stream % 2 == 1 && stream < self.next { Ok(()) } else { Err(Failure::Protocol) }
    }

    fn data_came(&mut self, flags: u8, stream: u32, payload: &[u8]) -> Result<(), Failure> {
        self.of_ours(stream)?;
        let size = payload.len() as u32;
        self.receive -= i64::from(size);
        self.held += payload.len();
        if self.held > HELD {
            return Err(Failure::FlowControl);
        }
        let bytes = unpadded(flags, payload)?.to_vec();
        let end = flags & flag::END_STREAM != 0;
        let Some(known) = self.streams.get_mut(&stream) else {
            // Of a stream that was given up: only the connection's window counts.
            self.held -= payload.len();
            self.give_back(stream, size, true);
            return Ok(());
        };
        known.receive -= i64::from(size);
        if !known.begun {
            return Err(Failure::Protocol);
        }
        if end {
            self.streams.remove(&stream);
        }
        self.events.push_back(Event::Data { stream, bytes, size, end });
        Ok(())
    }

    fn begin_block(&mut self, block: Block, flags: u8) -> Result<(), Failure> {
        if block.bytes.len() > HEADERS {
            return Err(Failure::TooMuch);
        }
        if flags & flag::END_HEADERS == 0 {
            self.block = Some(block);
            return Ok(());
        }
        // Also of streams that are over: the table must stay the same on both sides.
        let lines = self.decoder.decode(&block.bytes, HEADERS).map_err(|_| Failure::Compression)?;
        let Some(stream) = self.streams.get_mut(&block.stream) else { return Ok(()) };
        let interim = lines.iter().any(|(name, value)| name == b":status" && value.starts_with(b"1"));
        if interim && !block.end {
            return Ok(());
        }
        stream.begun = true;
        if block.end {
            self.streams.remove(&block.stream);
        }
        self.events.push_back(Event::Headers { stream: block.stream, lines, end: block.end });
        Ok(())
    }

    fn settings(&mut self, flags: u8, stream: u32, payload: &[u8]) -> Result<(), Failure> {
        if stream != 0 {
            return Err(Failure::Protocol);
        }
        if flags & flag::ACK != 0 {
            exactly(payload, 0)?;
            return if self.greeted { Ok(()) } else { Err(Failure::Protocol) };
        }
        if !payload.len().is_multiple_of(6) {
            return Err(Failure::FrameSize);
        }
        self.greeted = true;
        for entry in payload.chunks(6) {
            let value = number(&entry[2..]);
            match number(&entry[..2]) {
                1 => self.remote.header_table_size = value,
                3 => self.remote.max_concurrent_streams = value,
                4 => {
                    if i64::from(value) > LARGEST_WINDOW {
                        return Err(Failure::FlowControl);
                    }
                    let more = i64::from(value) - i64::from(self.remote.init_window_size);
                    self.remote.init_window_size = value;
                    self.streams.values_mut().for_each(|stream| stream.send += more);
                }
                5 if !(16_384..1 << 24).contains(&value) => return Err(Failure::Protocol),
                5 => self.remote.max_frame_size = value,
                6 => self.remote.max_header_list_size = value,
                _ => {}
            }
        }
        self.answers += 1;
        head(kind::SETTINGS, flag::ACK, 0, 0, &mut self.output);
        Ok(())
    }

    fn window(&mut self, stream: u32, more: u32) -> Result<(), Failure> {
        let window = match stream {
            0 => &mut self.send,
            _ => {
                self.of_ours(stream)?;
                let Some(known) = self.streams.get_mut(&stream) else { return Ok(()) };
                &mut known.send
            }
        };
        *window += i64::from(more);
        match more {
            0 => Err(Failure::Protocol),
            _ if *window > LARGEST_WINDOW => Err(Failure::FlowControl),
            _ => Ok(()),
        }
    }
}

fn exactly(payload: &[u8], length: usize) -> Result<&[u8], Failure> {
    if payload.len() == length { Ok(payload) } else { Err(Failure::FrameSize) }
}

/// A payload without its padding.
fn unpadded(flags: u8, payload: &[u8]) -> Result<&[u8], Failure> {
    if flags & flag::PADDED == 0 {
        return Ok(payload);
    }
    let (padding, rest) = payload.split_first().ok_or(Failure::FrameSize)?;
    let length = rest.len().checked_sub(usize::from(*padding)).ok_or(Failure::Protocol)?;
    Ok(&rest[..length])
}
