//! Packets out of a stream of bytes: by a mark at their end or by their length, in Swoole's words (`open_eof_check`, `open_length_check`).
//!
//! Knows no sockets. [`Settings`] are what a user asked for, [`Framing`] is the one rule that follows from them, and a [`Framer`] keeps
//! what has come of a packet that is not whole. A packet that arrives whole is handed on out of the bytes that were read, uncopied.
//!
//! ```text
//!   read ──▶ chunk ──▶ Framer::push ──▶ each packet, a slice of the chunk
//!                          └─ rest ──▶ kept, with what comes next
//! ```

mod length;
pub mod redis;

pub use length::{Length, LengthFunction, LengthType, Rule};

use std::fmt;

/// Bytes that a packet may have unless set.
pub const DEFAULT_MAX: usize = 2 << 20;
/// The longest mark.
pub const LONGEST_EOF: usize = 8;
/// What a buffer that is read into has room for.
const ROOM: usize = 8192;

/// What was asked for; flags and values stay when only others are changed.
#[derive(Clone, Debug)]
pub struct Settings {
    /// A mark ends a packet.
    pub eof_check: bool,
    /// Look for the mark inside of what has come, not only at its end. Who reads packet by packet sets it in any case.
    pub eof_split: bool,
    /// The mark, 1 to [`LONGEST_EOF`] bytes.
    pub eof: Vec<u8>,
    /// A packet says its length.
    pub length_check: bool,
    /// How it does.
    pub length: Length,
    /// Bytes that a packet may have, all included.
    pub max: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            eof_check: false,
            eof_split: false,
            eof: b"\r\n".to_vec(),
            length_check: false,
            length: Length::default(),
            max: DEFAULT_MAX,
        }
    }
}

impl Settings {
    /// What a server's port starts with: its length does not count the field of four bytes that it stands in.
    pub fn of_port() -> Self {
        let length = Length { body_offset: 4, ..Length::default() };
        Self { eof: b"\r\n\r\n".to_vec(), length, ..Self::default() }
    }
}

/// Which rule counts when both are on: a matter of who reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Precedence {
    /// The mark: servers and the blocking client.
    Eof,
    /// The length: coroutine sockets, which also look for a mark everywhere, asked to or not.
    Length,
}

impl Settings {
    /// The rule to read by.
    pub fn framing(&self, precedence: Precedence) -> Framing {
        let by_length = self.length_check && !(self.eof_check && precedence == Precedence::Eof);
        let kind = if by_length {
            Kind::Length(self.length.clone())
        } else if self.eof_check {
            let split = self.eof_split || precedence == Precedence::Length;
            Kind::Eof { mark: self.eof.clone(), split }
        } else {
            Kind::Raw
        };
        Framing { kind, max: self.max }
    }
}

#[derive(Clone, Debug)]
enum Kind {
    Raw,
    Eof { mark: Vec<u8>, split: bool },
    Length(Length),
    Redis,
}

/// One rule for where packets end.
#[derive(Clone, Debug)]
pub struct Framing {
    kind: Kind,
    max: usize,
}

/// What the first bytes of a stream hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// A packet of this many bytes.
    Packet(usize),
    /// No whole packet; at least this many more bytes, one or more, are missing.
    More(usize),
}

/// How far the search for a packet's end has come.
#[derive(Clone, Copy, Default, Debug)]
pub struct Progress {
    /// Bytes at the start that need not be looked at again.
    at: usize,
    /// Elements of a command that follow.
    left: usize,
}

/// Why a stream cannot go on: whoever reads it closes the connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The length is negative, or cannot be read.
    Malformed {
        /// Bytes that had come.
        received: usize,
    },
    /// The length is nothing, or the function knew none when the longest header had come.
    NoLength {
        /// Bytes that had come.
        received: usize,
    },
    /// The packet says that it is longer than allowed.
    LengthTooLarge {
        /// What it says.
        length: i64,
    },
    /// No mark in as many bytes as are allowed.
    NoEof {
        /// Those.
        received: usize,
    },
    /// No command of Redis's protocol.
    NotRedis,
    /// A command that needs more bytes than are allowed.
    CommandTooLong {
        /// At least so many.
        length: usize,
    },
}

impl Refusal {
    /// Swoole's number for it; 0 where it has none.
    pub fn number(self) -> i32 {
        match self {
            Self::LengthTooLarge { .. } | Self::NoEof { .. } => 1201,
            Self::NoLength { .. } => 1202,
            Self::Malformed { .. } => 1204,
            Self::NotRedis | Self::CommandTooLong { .. } => 0,
        }
    }

    /// The function that a server's log names for it.
    pub fn origin(self) -> &'static str {
        match self {
            Self::NoEof { .. } => "Protocol::recv_with_eof_protocol()",
            Self::NotRedis | Self::CommandTooLong { .. } => "redis::recv_packet()",
            _ => "Protocol::recv_with_length_protocol()",
        }
    }

    /// A server's warning about a connection from `host` and `port`.
    pub fn words(self, host: &str, port: u16) -> String {
        match self {
            Self::Malformed { received } => {
                format!("received {received} bytes of malformed data, remote_addr=<{host}:{port}>")
            }
            Self::NoLength { received } => format!("bad request, no length found in {received} bytes, remote_addr="),
            Self::LengthTooLarge { length } => {
                format!("the received packet length {length} is too large, remote_addr=<{host}:{port}>")
            }
            Self::NoEof { received } => {
                format!("The received data packet is too large, length={received}<{host}:{port}>")
            }
            Self::NotRedis => "redis protocol error".to_owned(),
            Self::CommandTooLong { length } => format!("Package is too big. package_length={length}"),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed { received } => write!(f, "malformed length in {received} bytes"),
            Self::NoLength { received } => write!(f, "no length in {received} bytes"),
            Self::LengthTooLarge { length } => write!(f, "the packet length {length} is too large"),
            Self::NoEof { received } => write!(f, "no end of a packet in {received} bytes"),
            Self::NotRedis => f.write_str("no command of Redis's protocol"),
            Self::CommandTooLong { length } => write!(f, "a command of {length} bytes or more"),
        }
    }
}

impl std::error::Error for Refusal {}

impl Framing {
    /// Bytes as they come: what one read gave is a packet.
    pub fn raw() -> Self {
        Self { kind: Kind::Raw, max: usize::MAX }
    }

    /// Commands of Redis's protocol, of at most `max` bytes each.
    pub fn redis(max: usize) -> Self {
        Self { kind: Kind::Redis, max }
    }

    /// Whether there are no packets, only bytes as they come.
    pub fn is_raw(&self) -> bool {
        matches!(self.kind, Kind::Raw)
    }

    /// Where the first packet of `bytes` ends. `progress` is what the last call for the same packet left; nothing at first.
    ///
    /// # Errors
    /// The stream breaks the rule.
    pub fn step(&self, bytes: &[u8], progress: &mut Progress) -> Result<Step, Refusal> {
        match &self.kind {
            Kind::Raw => Ok(if bytes.is_empty() { Step::More(1) } else { Step::Packet(bytes.len()) }),
            Kind::Eof { mark, split } => self.eof_step(mark, *split, bytes, &mut progress.at),
            Kind::Length(length) => length.step(bytes, self.max),
            Kind::Redis => redis::step(bytes, self.max, progress),
        }
    }

    fn eof_step(&self, mark: &[u8], split: bool, bytes: &[u8], scanned: &mut usize) -> Result<Step, Refusal> {
        let end = if split {
            let from = (*scanned).min(bytes.len());
            let found = find(&bytes[from..], mark).map(|at| from + at + mark.len());
            // A mark may have begun in the last bytes.
            *scanned = bytes.len().saturating_sub(mark.len().saturating_sub(1));
            found
        } else {
            bytes.ends_with(mark).then_some(bytes.len())
        };
        match end {
            Some(end) if end <= self.max => {
                *scanned = 0;
                Ok(Step::Packet(end))
            }
            None if bytes.len() < self.max => Ok(Step::More(1)),
            _ => Err(Refusal::NoEof { received: self.max }),
        }
    }
}

/// Where `needle`, which is not empty, begins in `bytes`.
fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    let (&last, head) = needle.split_last()?;
    let mut from = head.len();
    loop {
        // The last byte of a mark is the rarer one in text ("\r\n"), and `position` over bytes is vectorised.
        let at = from + bytes.get(from..)?.iter().position(|byte| *byte == last)?;
        if &bytes[at - head.len()..at] == head {
            return Some(at - head.len());
        }
        from = at + 1;
    }
}

/// Packets of one connection: what has come and is not part of a whole packet yet.
#[derive(Debug)]
pub struct Framer {
    framing: Framing,
    /// All initialised; `start..end` holds bytes.
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    progress: Progress,
    /// Bytes that the packet at the start lacks at least.
    missing: usize,
}

impl Framer {
    /// Nothing has come.
    pub fn new(framing: Framing) -> Self {
        Self { framing, buffer: Vec::new(), start: 0, end: 0, progress: Progress::default(), missing: 0 }
    }

    /// The rule.
    pub fn framing(&self) -> &Framing {
        &self.framing
    }

    /// Changes the rule for what comes next, and for what is kept.
    pub fn set_framing(&mut self, framing: Framing) {
        self.framing = framing;
        self.progress = Progress::default();
        self.missing = 0;
    }

    /// What has come and was not handed on.
    pub fn buffered(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Bytes that the packet at the start lacks at least; 0 when that is not known.
    pub fn missing(&self) -> usize {
        self.missing
    }

    /// Takes `chunk` in and hands on each packet that is whole, until `each` returns false; what is left is kept.
    ///
    /// # Errors
    /// The stream breaks the rule; everything is forgotten then.
    pub fn push(&mut self, chunk: &[u8], mut each: impl FnMut(&[u8]) -> bool) -> Result<(), Refusal> {
        if !self.is_empty() {
            self.append(chunk);
            return self.drain(each);
        }
        let (mut rest, mut missing) = (chunk, 0);
        while !rest.is_empty() {
            match self.framing.step(rest, &mut self.progress) {
                Ok(Step::Packet(length)) => {
                    let (packet, after) = rest.split_at(length);
                    rest = after;
                    if !each(packet) {
                        break;
                    }
                }
                Ok(Step::More(more)) => {
                    missing = more;
                    break;
                }
                Err(refusal) => {
                    self.clear();
                    return Err(refusal);
                }
            }
        }
        if !rest.is_empty() {
            self.append(rest);
        }
        self.missing = missing;
        Ok(())
    }

    /// Hands on each whole packet of what is kept, until `each` returns false.
    ///
    /// # Errors
    /// As [`Framer::push`].
    pub fn drain(&mut self, mut each: impl FnMut(&[u8]) -> bool) -> Result<(), Refusal> {
        while !self.is_empty() {
            match self.framing.step(&self.buffer[self.start..self.end], &mut self.progress) {
                Ok(Step::Packet(length)) => {
                    let at = self.start;
                    self.consume(length);
                    if !each(&self.buffer[at..at + length]) {
                        break;
                    }
                }
                Ok(Step::More(missing)) => {
                    self.missing = missing;
                    break;
                }
                Err(refusal) => {
                    self.clear();
                    return Err(refusal);
                }
            }
        }
        self.shrink();
        Ok(())
    }

    /// Room to read into: for all that is known to be missing, and for some kilobytes in any case. Say what was read with
    /// [`Framer::filled`], then [`Framer::drain`].
    pub fn room(&mut self) -> &mut [u8] {
        self.reserve(self.missing.max(ROOM));
        &mut self.buffer[self.end..]
    }

    /// The first `count` bytes of [`Framer::room`] have been read into.
    ///
    /// # Panics
    /// When there was no such room.
    pub fn filled(&mut self, count: usize) {
        assert!(count <= self.buffer.len() - self.end, "more than there was room for");
        self.end += count;
        self.missing = self.missing.saturating_sub(count);
    }

    /// Drops the first `count` bytes of what is kept.
    ///
    /// # Panics
    /// When fewer are kept.
    pub fn consume(&mut self, count: usize) {
        assert!(count <= self.end - self.start, "more than there is");
        self.start += count;
        self.progress = Progress::default();
        self.missing = 0;
        if self.start == self.end {
            self.start = 0;
            self.end = 0;
        }
    }

    /// Keeps `bytes`, without looking for packets in them.
    pub fn append(&mut self, bytes: &[u8]) {
        self.reserve(bytes.len());
        self.buffer[self.end..self.end + bytes.len()].copy_from_slice(bytes);
        self.end += bytes.len();
        self.missing = self.missing.saturating_sub(bytes.len());
    }

    /// Forgets what is kept.
    pub fn clear(&mut self) {
        (self.start, self.end, self.missing) = (0, 0, 0);
        self.progress = Progress::default();
        self.shrink();
    }

    fn reserve(&mut self, count: usize) {
        if self.buffer.len() - self.end >= count {
            return;
        }
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
        }
        let wanted = self.end + count;
        if self.buffer.len() < wanted {
            // Twice as much, so that a long packet is moved a few times only; a packet of known length gets just its size.
            let size = if count > ROOM { wanted } else { wanted.max(self.buffer.len() * 2) };
            self.buffer.resize(size, 0);
        }
    }

    /// Gives a large buffer back when nothing is in it: most connections are idle.
    fn shrink(&mut self) {
        if self.is_empty() && self.buffer.len() > ROOM {
            self.buffer = Vec::new();
        }
    }
}

#[cfg(test)]
mod tests;
