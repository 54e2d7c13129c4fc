//! Replies, out of bytes as they arrive.
//!
//! Strict where a mistake could make two ends disagree about where a reply ends: a line ends with CR LF, there is one way to tell the
//! length, and everything that a server may make long has a limit.

use super::chunked::{Chunk, Chunked};
use std::ops::Range;

/// Longest head of a reply, and the longest trailer behind a chunked body.
pub(super) const HEAD: usize = 64 << 10;
/// How much is read at once.
const PIECE: usize = 64 << 10;
/// Header lines that are read without memory of their own, and the most that there may be.
const USUAL_LINES: usize = 48;
const MOST_LINES: usize = 16384;

/// What arrived is not a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// No status line and header lines as HTTP has them.
    Head,
    /// The head, or the trailer, is too large.
    TooLarge,
    /// It gives its length twice, or in a way that nobody can read.
    Length,
    /// A chunk does not begin or end as chunks do.
    Chunk,
    /// The connection ended in the middle.
    CutShort,
}

/// The head of a reply, names and values as they were sent.
#[derive(Debug, Default)]
pub struct Head {
    /// The status code.
    pub status: u16,
    /// Whether the server will answer another request on this connection.
    pub keep_alive: bool,
    bytes: Vec<u8>,
    lines: Vec<(Range<u32>, Range<u32>)>,
}

impl Head {
    fn part(&self, range: &Range<u32>) -> &[u8] {
        &self.bytes[range.start as usize..range.end as usize]
    }

    /// The header lines, in their order.
    pub fn lines(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.lines.iter().map(|(name, value)| (self.part(name), self.part(value)))
    }

    /// The values of a header.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        self.lines().filter(move |(known, _)| known.eq_ignore_ascii_case(name.as_bytes())).map(|(_, value)| value)
    }

    /// The first value of a header.
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.all(name).next()
    }

    /// Whether one of the comma-separated words of a header is this one.
    pub fn says(&self, name: &str, word: &str) -> bool {
        self.all(name).flat_map(words).any(|known| known.eq_ignore_ascii_case(word.as_bytes()))
    }
}

/// The words of a list, without the blanks around them.
fn words(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    list.split(|byte| *byte == b',').map(<[u8]>::trim_ascii)
}

/// How the end of a body is told.
#[derive(Debug)]
enum Body {
    Length(u64),
    Chunked(Chunked),
    /// With the connection.
    End,
}

#[derive(Debug)]
enum State {
    Head { scanned: usize },
    Body(Body),
    Done,
}

/// What comes next of a reply.
#[derive(Debug)]
pub enum Event<'a> {
    /// Nothing before more has arrived.
    More,
    /// The head, the one that counts: those of interim replies are left out.
    Head(Head),
    /// A part of the body.
    Data(&'a [u8]),
    /// Header lines behind a chunked body.
    Trailer(Head),
    /// The reply is complete.
    Done,
}

/// Reads one reply.
#[derive(Debug)]
pub struct Reply {
    bytes: Vec<u8>,
    /// Where in `bytes` that begins which has not been read.
    start: usize,
    state: State,
    /// It answers a request for the head alone.
    bodyless: bool,
    /// The body goes on until the connection ends, so nothing can follow.
    last: bool,
}

impl Reply {
    /// Nothing has arrived yet. `bodyless` says that the request asked for the head alone.
    pub fn new(bodyless: bool) -> Self {
        Self { bytes: Vec::new(), start: 0, state: State::Head { scanned: 0 }, bodyless, last: false }
    }

    /// Puts `bytes` behind what is there.
    pub fn put(&mut self, bytes: &[u8]) {
        self.compact();
        // In one go, with room for what often follows.
        self.bytes.reserve(bytes.len().max(512));
        self.bytes.extend_from_slice(bytes);
    }

    fn compact(&mut self) {
        if self.start == self.bytes.len() {
            self.bytes.clear();
        } else if self.start > 0 {
            self.bytes.drain(..self.start);
        }
        self.start = 0;
    }

    /// How much may be taken in now.
    pub fn room(&self) -> usize {
        match &self.state {
            State::Head { .. } => (HEAD + 1).saturating_sub(self.rest().len()).clamp(1, PIECE),
            _ => PIECE,
        }
    }

    /// What arrived behind the reply.
    pub fn rest(&self) -> &[u8] {
        &self.bytes[self.start..]
    }

    /// Whether the reply tells no length and goes on for as long as the connection does.
    pub fn ends_with_connection(&self) -> bool {
        self.last
    }

    /// The connection has ended: that completes a reply that tells no length.
    ///
    /// # Errors
    /// The reply is not complete.
    pub fn end(&mut self) -> Result<(), Malformed> {
        match self.state {
            State::Done => Ok(()),
            State::Body(Body::End) => {
                self.state = State::Done;
                Ok(())
            }
            _ => Err(Malformed::CutShort),
        }
    }

    /// What comes next.
    ///
    /// # Errors
    /// What arrived is not a reply.
    pub fn advance(&mut self) -> Result<Event<'_>, Malformed> {
        if matches!(self.state, State::Head { .. }) {
            return self.head();
        }
        let all = &self.bytes[self.start..];
        match &mut self.state {
            State::Head { .. } | State::Done => return Ok(Event::Done),
            State::Body(Body::Length(0)) => {}
            State::Body(Body::Length(left)) => {
                if all.is_empty() {
                    return Ok(Event::More);
                }
                let count = usize::try_from(*left).unwrap_or(usize::MAX).min(all.len());
                *left -= count as u64;
                self.start += count;
                return Ok(Event::Data(&all[..count]));
            }
            State::Body(Body::End) => {
                self.start = self.bytes.len();
                return Ok(if all.is_empty() { Event::More } else { Event::Data(all) });
            }
            State::Body(Body::Chunked(chunked)) => match chunked.next(all)? {
                Chunk::More(skipped) => {
                    self.start += skipped;
                    return Ok(Event::More);
                }
                Chunk::Data(range) => {
                    let begin = self.start;
                    self.start += range.end;
                    return Ok(Event::Data(&self.bytes[begin + range.start..begin + range.end]));
                }
                Chunk::End { trailer, end } => {
                    let lines = all[trailer].to_vec();
                    self.start += end;
                    self.state = State::Done;
                    return Ok(if lines.is_empty() { Event::Done } else { Event::Trailer(trailer_of(lines)?) });
                }
            },
        }
        self.state = State::Done;
        Ok(Event::Done)
    }

    fn head(&mut self) -> Result<Event<'_>, Malformed> {
        loop {
            let State::Head { scanned } = &mut self.state else { return Ok(Event::Done) };
            let all = &self.bytes[self.start..];
            let Some(at) = blank_line(&all[*scanned..]) else {
                *scanned = all.len().saturating_sub(3);
                // An answer in another protocol is not worth waiting for the rest.
                if !b"HTTP/".starts_with(&all[..all.len().min(5)]) {
                    return Err(Malformed::Head);
                }
                return if all.len() > HEAD { Err(Malformed::TooLarge) } else { Ok(Event::More) };
            };
            let end = *scanned + at + 4;
            if end > HEAD {
                return Err(Malformed::TooLarge);
            }
            let (head, version) = parse(all[..end].to_vec())?;
            self.start += end;
            if (100..200).contains(&head.status) && head.status != 101 {
                self.state = State::Head { scanned: 0 };
                continue;
            }
            return self.begin(head, version);
        }
    }

    /// Decides how the body is told apart from what follows.
    fn begin(&mut self, mut head: Head, version: u8) -> Result<Event<'_>, Malformed> {
        let length = length(&head)?;
        let coded = head.get("transfer-encoding").is_some();
        if coded && length.is_some() {
            return Err(Malformed::Length);
        }
        let chunked = head.all("transfer-encoding").flat_map(words).last();
        let chunked = chunked.is_some_and(|word| word.eq_ignore_ascii_case(b"chunked"));
        let body = match head.status {
            _ if self.bodyless => Body::Length(0),
            101 | 204 | 304 => Body::Length(0),
            _ if chunked => Body::Chunked(Chunked::default()),
            _ => length.map_or(Body::End, Body::Length),
        };
        self.last = matches!(body, Body::End);
        let stays =
            if version == 0 { head.says("connection", "keep-alive") } else { !head.says("connection", "close") };
        head.keep_alive = stays && !self.last;
        self.state = State::Body(body);
        Ok(Event::Head(head))
    }
}

/// Where the line end begins that an empty line follows.
fn blank_line(bytes: &[u8]) -> Option<usize> {
    let mut at = 3;
    // Three bytes of four need no look: the fourth is none of the mark's.
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\n' if bytes[at - 3..at] == *b"\r\n\r" => return Some(at - 3),
            b'\n' => at += 2,
            b'\r' => at += 1,
            _ => at += 4,
        }
    }
    None
}

/// Where `needle` begins.
pub(super) fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

/// The length that a head gives.
fn length(head: &Head) -> Result<Option<u64>, Malformed> {
    let mut values = head.all("content-length");
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() || value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
        return Err(Malformed::Length);
    }
    let value = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok());
    value.map(Some).ok_or(Malformed::Length)
}

/// The head that is in `bytes`, from the first to the last of them, and its minor version.
fn parse(bytes: Vec<u8>) -> Result<(Head, u8), Malformed> {
    let mut usual = [httparse::EMPTY_HEADER; USUAL_LINES];
    match parse_in(&bytes, &mut usual) {
        Err(httparse::Error::TooManyHeaders) => parse_in(&bytes, &mut vec![httparse::EMPTY_HEADER; MOST_LINES]),
        parsed => parsed,
    }
    .map(|(status, version, lines)| (Head { status, keep_alive: false, bytes, lines }, version))
    .map_err(|_| Malformed::Head)
}

type Parsed = (u16, u8, Vec<(Range<u32>, Range<u32>)>);

fn parse_in<'a>(bytes: &'a [u8], room: &mut [httparse::Header<'a>]) -> Result<Parsed, httparse::Error> {
    bare_lines(bytes).ok_or(httparse::Error::NewLine)?;
    let mut reply = httparse::Response::new(room);
    match reply.parse(bytes)? {
        httparse::Status::Complete(end) if end == bytes.len() => {}
        _ => return Err(httparse::Error::NewLine),
    }
    let status = reply.code.ok_or(httparse::Error::Status)?;
    Ok((status, reply.version.unwrap_or(1), ranges(bytes, reply.headers)))
}

/// Nothing, when a line ends with something else than CR LF.
fn bare_lines(bytes: &[u8]) -> Option<()> {
    let begins = bytes.first() == Some(&b'\n');
    // Without a way out in the middle the compiler takes many bytes at a time.
    let pairs = bytes.iter().zip(bytes.iter().skip(1));
    let bare = pairs.fold(begins, |bare, (before, byte)| bare | ((*byte == b'\n') & (*before != b'\r')));
    (!bare).then_some(())
}

fn ranges(bytes: &[u8], lines: &[httparse::Header<'_>]) -> Vec<(Range<u32>, Range<u32>)> {
    let place = |part: &[u8]| {
        let start = (part.as_ptr().addr() - bytes.as_ptr().addr()) as u32;
        start..start + part.len() as u32
    };
    // A value that is empty may be a constant of the parser's.
    let value = |part: &[u8]| if part.is_empty() { 0..0 } else { place(part) };
    lines.iter().map(|line| (place(line.name.as_bytes()), value(line.value))).collect()
}

fn trailer_of(bytes: Vec<u8>) -> Result<Head, Malformed> {
    bare_lines(&bytes).ok_or(Malformed::Head)?;
    let mut room = [httparse::EMPTY_HEADER; USUAL_LINES];
    let lines = match httparse::parse_headers(&bytes, &mut room) {
        Ok(httparse::Status::Complete((end, lines))) if end == bytes.len() => ranges(&bytes, lines),
        _ => return Err(Malformed::Head),
    };
    Ok(Head { bytes, lines, ..Head::default() })
}
