//! The chunks of a body, out of bytes as they arrive.

use super::response::{HEAD, Malformed, find};
use std::ops::Range;

/// Longest line in front of a chunk: its size, and extensions that nobody reads.
const LINE: usize = 1024;

/// What comes next; positions count from the beginning of what was given.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Chunk {
    /// Nothing before more has arrived; this much has been read.
    More(usize),
    /// A part of the body; what is in front of it has been read.
    Data(Range<usize>),
    /// The body is complete. The trailer is empty, or header lines with the empty line behind them.
    End { trailer: Range<usize>, end: usize },
}

/// Where among the chunks.
#[derive(Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Size,
    Data(u64),
    /// At the end of a chunk's data.
    Gap,
    Trailer,
}

/// Reads the chunks of one body.
#[derive(Debug, Default)]
pub(super) struct Chunked {
    state: State,
}

impl Chunked {
    /// What comes next in `bytes`, which begin where the last answer ended.
    ///
    /// # Errors
    /// These are no chunks.
    pub(super) fn next(&mut self, bytes: &[u8]) -> Result<Chunk, Malformed> {
        let mut at = 0;
        loop {
            let rest = &bytes[at..];
            match &mut self.state {
                State::Size => {
                    let Some(end) = find(&rest[..rest.len().min(LINE)], b"\r\n") else {
                        if rest.len() >= LINE || size_is_wrong(rest) {
                            return Err(Malformed::Chunk);
                        }
                        return Ok(Chunk::More(at));
                    };
                    at += end + 2;
                    self.state = match size(&rest[..end]).ok_or(Malformed::Chunk)? {
                        0 => State::Trailer,
                        size => State::Data(size),
                    };
                }
                State::Data(_) if rest.is_empty() => return Ok(Chunk::More(at)),
                State::Data(left) => {
                    let count = usize::try_from(*left).unwrap_or(usize::MAX).min(rest.len());
                    *left -= count as u64;
                    if *left == 0 {
                        self.state = State::Gap;
                    }
                    return Ok(Chunk::Data(at..at + count));
                }
                State::Gap => match rest {
                    [b'\r', b'\n', ..] => {
                        at += 2;
                        self.state = State::Size;
                    }
                    [] | [b'\r'] => return Ok(Chunk::More(at)),
                    _ => return Err(Malformed::Chunk),
                },
                State::Trailer => {
                    if rest.starts_with(b"\r\n") {
                        return Ok(Chunk::End { trailer: at..at, end: at + 2 });
                    }
                    return match find(rest, b"\r\n\r\n") {
                        Some(end) => Ok(Chunk::End { trailer: at..at + end + 4, end: at + end + 4 }),
                        None if rest.len() > HEAD => Err(Malformed::TooLarge),
                        None => Ok(Chunk::More(at)),
                    };
                }
            }
        }
    }
}

/// Whether this cannot become the line of a size.
fn size_is_wrong(start: &[u8]) -> bool {
    start.first().is_some_and(|byte| !byte.is_ascii_hexdigit()) || start.contains(&b'\n')
}

/// The size in a line: hexadecimal digits, and perhaps extensions behind a semicolon.
fn size(line: &[u8]) -> Option<u64> {
    let digits = line.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    let behind = line[digits..].trim_ascii_start();
    if digits == 0 || digits > 16 || !(behind.is_empty() || behind[0] == b';') {
        return None;
    }
    if line.iter().any(|byte| *byte == b'\n' || *byte == b'\r' || *byte == 0) {
        return None;
    }
    u64::from_str_radix(std::str::from_utf8(&line[..digits]).ok()?, 16).ok()
}
