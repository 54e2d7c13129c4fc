//! The body of a request: where it ends, and where its bytes go.

use super::reader::{Framing, is_text, is_token};
use crate::io::http::upload::{Receiver, Uploads};
use bytes::Bytes;
use http::StatusCode;

/// Bytes of extensions and trailers of one body; more is nothing but a burden.
const MOST_EXTRA: u32 = 16 << 10;

/// Memory that is set aside for bytes that have been announced and have not come.
const AHEAD: usize = 256 << 10;

const BAD: StatusCode = StatusCode::BAD_REQUEST;

/// A body that is arriving.
#[derive(Debug)]
pub(super) struct Intake {
    place: Place,
    body: Vec<u8>,
    /// Takes the bytes in the place of `body`.
    receiver: Option<Box<Receiver>>,
    limit: usize,
    /// Bytes of extensions and trailers so far.
    extra: u32,
}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// So many bytes, and then the end.
    Rest(u64),
    /// A digit of a chunk's size; so many have come.
    Size(u64, u8),
    /// What follows a size: spaces, until an extension begins.
    Spaces(u64),
    Extension(u64),
    /// The LF behind a size.
    SizeEnd(u64),
    /// So many bytes of a chunk.
    Chunk(u64),
    ChunkCr,
    ChunkLf,
    /// A trailer's first byte, or the CR of the last line.
    Trailer,
    TrailerName,
    TrailerValue,
    TrailerLf,
    LastLf,
    End,
}

impl Intake {
    pub(super) fn new(framing: Framing, receiver: Option<Box<Receiver>>, limit: usize) -> Self {
        let place = match framing {
            Framing::Length(0) => Place::End,
            Framing::Length(length) => Place::Rest(length),
            Framing::Chunked => Place::Size(0, 0),
        };
        Self { place, body: Vec::new(), receiver, limit, extra: 0 }
    }

    /// Whether all has come.
    pub(super) fn is_complete(&self) -> bool {
        self.place == Place::End
    }

    /// Room for bytes of the body that can be read straight into it, and for a few more, so that the read shows whether there are more.
    /// `None` when what comes must be given to [`feed`](Self::feed).
    pub(super) fn room(&mut self) -> Option<&mut Vec<u8>> {
        const MORE: usize = 64;
        let Place::Rest(left) = self.place else { return None };
        if self.receiver.is_some() {
            return None;
        }
        let left = usize::try_from(left).unwrap_or(usize::MAX);
        let most = left.saturating_add(MORE).min(AHEAD.max(self.body.len()));
        if self.body.capacity() - self.body.len() < most.min(AHEAD / 4) {
            self.body.reserve_exact(most);
        }
        Some(&mut self.body)
    }

    /// So many bytes were read into the room; those of them that are beyond the body are given back.
    pub(super) fn has_read(&mut self, count: usize) -> Vec<u8> {
        let Place::Rest(left) = self.place else { return Vec::new() };
        let own = usize::try_from(left).map_or(count, |left| left.min(count));
        let left = left - own as u64;
        self.place = if left == 0 { Place::End } else { Place::Rest(left) };
        let beyond = self.body.len() - (count - own);
        self.body.split_off(beyond)
    }

    /// Takes bytes in; how many of them belong to the body.
    ///
    /// # Errors
    /// The status with which the request is refused.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Result<usize, StatusCode> {
        let mut at = 0;
        while at < bytes.len() && self.place != Place::End {
            match self.place {
                Place::Rest(left) | Place::Chunk(left) => {
                    let rest = &bytes[at..];
                    let count = usize::try_from(left).map_or(rest.len(), |left| left.min(rest.len()));
                    self.keep(&rest[..count], left)?;
                    at += count;
                    let left = left - count as u64;
                    self.place = match self.place {
                        Place::Rest(_) if left == 0 => Place::End,
                        Place::Rest(_) => Place::Rest(left),
                        _ if left == 0 => Place::ChunkCr,
                        _ => Place::Chunk(left),
                    };
                }
                _ => {
                    self.place = self.frame(bytes[at])?;
                    at += 1;
                }
            }
        }
        Ok(at)
    }

    fn keep(&mut self, bytes: &[u8], expected: u64) -> Result<(), StatusCode> {
        if let Some(receiver) = &mut self.receiver {
            return receiver.feed(bytes);
        }
        if self.body.len() + bytes.len() > self.limit {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        if self.body.capacity() == 0 {
            let expected = usize::try_from(expected).unwrap_or(usize::MAX);
            self.body.reserve_exact(expected.min(AHEAD).max(bytes.len()));
        }
        self.body.extend_from_slice(bytes);
        Ok(())
    }

    /// A byte of what stands around chunks.
    fn frame(&mut self, byte: u8) -> Result<Place, StatusCode> {
        if !matches!(self.place, Place::Size(..) | Place::SizeEnd(_) | Place::ChunkCr | Place::ChunkLf) {
            self.extra += 1;
            if self.extra > MOST_EXTRA {
                return Err(BAD);
            }
        }
        Ok(match (self.place, byte) {
            (Place::Size(size, digits), b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F') if digits < 16 => {
                let digit = (byte as char).to_digit(16).unwrap_or(0);
                Place::Size(size << 4 | u64::from(digit), digits + 1)
            }
            (Place::Size(size, 1..), b'\r') | (Place::Spaces(size) | Place::Extension(size), b'\r') => {
                Place::SizeEnd(size)
            }
            (Place::Size(size, 1..) | Place::Spaces(size), b' ' | b'\t') => Place::Spaces(size),
            (Place::Size(size, 1..) | Place::Spaces(size), b';') => Place::Extension(size),
            (Place::Extension(size), byte) if is_text(byte) => Place::Extension(size),
            (Place::SizeEnd(0), b'\n') => Place::Trailer,
            (Place::SizeEnd(size), b'\n') if size <= i64::MAX as u64 => Place::Chunk(size),
            (Place::ChunkCr, b'\r') => Place::ChunkLf,
            (Place::ChunkLf, b'\n') => Place::Size(0, 0),
            (Place::Trailer, b'\r') => Place::LastLf,
            (Place::Trailer | Place::TrailerName, byte) if is_token(byte) => Place::TrailerName,
            (Place::TrailerName, b':') => Place::TrailerValue,
            (Place::TrailerValue, b'\r') => Place::TrailerLf,
            (Place::TrailerValue, byte) if is_text(byte) => Place::TrailerValue,
            (Place::TrailerLf, b'\n') => Place::Trailer,
            (Place::LastLf, b'\n') => Place::End,
            _ => return Err(BAD),
        })
    }

    /// What has come.
    pub(super) fn finish(&mut self) -> (Bytes, Option<Box<Uploads>>) {
        let uploads = self.receiver.take().map(|receiver| Box::new(receiver.finish()));
        (std::mem::take(&mut self.body).into(), uploads)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds pieces of `step` bytes; the body, the bytes taken, and whether it is complete.
    fn fed(framing: Framing, bytes: &[u8], step: usize) -> Result<(Vec<u8>, usize, bool), StatusCode> {
        let mut intake = Intake::new(framing, None, 100);
        let mut taken = 0;
        for piece in bytes.chunks(step) {
            let count = intake.feed(piece)?;
            taken += count;
            if count < piece.len() {
                break;
            }
        }
        let complete = intake.is_complete();
        Ok((intake.finish().0.to_vec(), taken, complete))
    }

    #[test]
    fn it_does_not_matter_how_the_bytes_are_cut() {
        for (chunks, expected) in [
            ("0\r\n\r\n", Ok("")),
            ("2\r\nab\r\n0A \t;x=\"y z\"\r\n0123456789\r\n000;e\r\nX: y\r\nZ:\r\n\r\n", Ok("ab0123456789")),
            ("1;\r\n\n\r\n0\r\n\r\n", Ok("\n")),
            ("\r\n", Err(BAD)),
            (";a\r\n", Err(BAD)),
            (" 1\r\na\r\n", Err(BAD)),
            ("1 a\r\na\r\n", Err(BAD)),
            ("1\na\r\n0\r\n\r\n", Err(BAD)),
            ("1;a\nb\r\na\r\n", Err(BAD)),
            ("1\r\nab\r\n", Err(BAD)),
            ("2\r\nab0\r\n", Err(BAD)),
            ("00000000000000001\r\n", Err(BAD)),
            ("ffffffffffffffff\r\n", Err(BAD)),
            ("0\r\n X: y\r\n\r\n", Err(BAD)),
            ("0\r\nno colon\r\n\r\n", Err(BAD)),
            ("0\r\n: x\r\n\r\n", Err(BAD)),
            ("0\r\nX: \u{1}\r\n\r\n", Err(BAD)),
            ("0\r\n\n", Err(BAD)),
            (
                "65\r\nxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n",
                Err(StatusCode::PAYLOAD_TOO_LARGE),
            ),
        ] {
            let bytes = [chunks, "GET / HTTP/1.1"].concat();
            for step in 1..=bytes.len() {
                let expected = expected.map(|body| (body.as_bytes().to_vec(), chunks.len(), true));
                assert_eq!(fed(Framing::Chunked, bytes.as_bytes(), step), expected, "{chunks:?} {step}");
                assert_eq!(fed(Framing::Length(5), b"helloGET", step), Ok((b"hello".to_vec(), 5, true)));
            }
            if expected.is_ok() {
                let before = fed(Framing::Chunked, &chunks.as_bytes()[..chunks.len() - 1], 3);
                assert_eq!(before.map(|(_, _, complete)| complete), Ok(false));
            }
        }
    }

    #[test]
    fn extensions_and_trailers_end() {
        let extension = format!("1;{}", "x".repeat(MOST_EXTRA as usize + 1));
        assert_eq!(fed(Framing::Chunked, extension.as_bytes(), 100), Err(BAD));
        let trailers = format!("0\r\n{}", "X: y\r\n".repeat(MOST_EXTRA as usize / 6 + 9));
        assert_eq!(fed(Framing::Chunked, trailers.as_bytes(), 100), Err(BAD));
    }

    #[test]
    fn bytes_may_be_read_in_place() {
        let mut intake = Intake::new(Framing::Length(300_000), None, 1 << 20);
        assert_eq!(intake.feed(b"ab"), Ok(2));
        let mut given = 2;
        while !intake.is_complete() {
            let room = intake.room().expect("room");
            let count = room.capacity() - room.len();
            assert!(count > 0 && count < 1 << 20);
            room.resize(room.capacity(), b'c');
            given += count;
            let beyond = intake.has_read(count);
            assert_eq!(beyond.len(), given.saturating_sub(300_000));
        }
        assert_eq!(intake.finish().0.len(), 300_000);
    }
}
