//! What the socket sends in the place of bytes that hyper gives it.
//!
//! hyper frames bodies and knows only bytes. Two things go out by other ways, and both begin with a promise that the body leaves in
//! its [`Outgoing`]:
//!
//! * *A file.* The body hands hyper a [`Chunk::Blank`] of the range's length, whose bytes all lie in one page range that is never
//!   written, [`blank`]. A slice from there is recognised by its address, and the kernel copies the file instead.
//! * *Trailers* of a chunked HTTP/1.1 answer, which hyper would send only to clients that ask for them and under names that the head
//!   declared. The body's end is always the last thing that hyper writes before it has written everything; there they come in.

use super::file::FileRange;
use bytes::buf::Take;
use bytes::{Buf, Bytes};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io;
use std::os::fd::RawFd;
use std::sync::OnceLock;

/// A piece of a body as hyper sees it.
#[derive(Debug)]
pub enum Chunk<D> {
    /// What the handler gave.
    Data(D),
    /// The start of what the handler gave.
    Start(Take<D>),
    /// What this server made.
    Bytes(Bytes),
    /// That many bytes of the next file that was promised.
    Blank(usize),
}

/// As much of a file as one system call sends.
const BLANK: usize = 4 << 20;

/// Memory that is never touched, so that it costs none.
fn blank() -> &'static [u8] {
    static PLACE: OnceLock<&'static [u8]> = OnceLock::new();
    PLACE.get_or_init(|| vec![0; BLANK].leak())
}

/// Whether a slice stands for a file.
fn is_blank(slice: &[u8]) -> bool {
    slice.len() <= BLANK && blank().as_ptr_range().contains(&slice.as_ptr())
}

impl<D: Buf> Chunk<D> {
    /// Leaves out what is beyond so many bytes.
    pub(super) fn shorten(self, most: usize) -> Self {
        match self {
            Self::Data(data) => Self::Start(data.take(most)),
            Self::Start(data) => Self::Start(data.into_inner().take(most)),
            Self::Bytes(bytes) => Self::Bytes(bytes.slice(..most.min(bytes.len()))),
            blank @ Self::Blank(_) => blank,
        }
    }
}

impl<D: Buf> Buf for Chunk<D> {
    #[inline]
    fn remaining(&self) -> usize {
        match self {
            Self::Data(data) => data.remaining(),
            Self::Start(data) => data.remaining(),
            Self::Bytes(bytes) => bytes.len(),
            Self::Blank(length) => *length,
        }
    }

    #[inline]
    fn chunk(&self) -> &[u8] {
        match self {
            Self::Data(data) => data.chunk(),
            Self::Start(data) => data.chunk(),
            Self::Bytes(bytes) => bytes,
            Self::Blank(length) => &blank()[..(*length).min(BLANK)],
        }
    }

    #[inline]
    fn advance(&mut self, count: usize) {
        match self {
            Self::Data(data) => data.advance(count),
            Self::Start(data) => data.advance(count),
            Self::Bytes(bytes) => bytes.advance(count),
            Self::Blank(length) => *length -= count,
        }
    }
}

/// What was promised to a connection's socket.
#[derive(Debug, Default)]
pub(super) struct Outgoing {
    /// Whether there is anything; the only thing that is looked at when there is not.
    any: Cell<bool>,
    files: RefCell<VecDeque<FileRange>>,
    /// The end of the chunked body that ends next, with its trailers; empty when there is none.
    ending: RefCell<Bytes>,
}

/// How a chunked body ends.
pub(super) const END: &[u8] = b"0\r\n\r\n";

/// What to write next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// So many of the slices, as they are; something else follows.
    Slices(usize),
    /// The front of the promised files, so many bytes.
    File(usize),
    /// The end of the body with trailers.
    Trailers,
}

impl Outgoing {
    #[inline]
    pub(super) fn is_plain(&self) -> bool {
        !self.any.get()
    }

    pub(super) fn promise_file(&self, range: FileRange) {
        self.files.borrow_mut().push_back(range);
        self.any.set(true);
    }

    /// `lines` end the next body that ends; each of them ends with a line break.
    pub(super) fn promise_trailers(&self, lines: &[u8]) {
        *self.ending.borrow_mut() = [b"0\r\n", lines, b"\r\n"].concat().into();
        self.any.set(true);
    }

    fn settle(&self) {
        self.any.set(!self.files.borrow().is_empty() || !self.ending.borrow().is_empty());
    }

    /// What of these slices goes out first.
    pub(super) fn next<'a>(&self, slices: impl Iterator<Item = &'a [u8]>) -> Next {
        let mut slices = slices.peekable();
        let trailers = !self.ending.borrow().is_empty();
        let mut count = 0;
        loop {
            match slices.next() {
                None => return Next::Slices(count),
                Some(slice) if is_blank(slice) && !slice.is_empty() => {
                    return if count == 0 { Next::File(slice.len()) } else { Next::Slices(count) };
                }
                Some(END) if trailers && slices.peek().is_none() => {
                    return if count == 0 { Next::Trailers } else { Next::Slices(count) };
                }
                Some(_) => count += 1,
            }
        }
    }

    /// Sends of the first file; the bytes that went out.
    pub(super) fn send_file(&self, socket: RawFd, most: usize) -> io::Result<usize> {
        let mut files = self.files.borrow_mut();
        // a blank without a promise cannot be, and must not go out as zeros
        let front = files.front_mut().ok_or(io::ErrorKind::InvalidData)?;
        let sent = front.send(socket, most)?;
        if front.is_empty() {
            files.pop_front();
            drop(files);
            self.settle();
        }
        Ok(sent)
    }

    /// What is left of the body's end.
    pub(super) fn ending(&self) -> Bytes {
        self.ending.borrow().clone()
    }

    /// So many bytes of the body's end went out; true when that was all of it.
    pub(super) fn ended(&self, count: usize) -> bool {
        let mut ending = self.ending.borrow_mut();
        ending.advance(count);
        let all = ending.is_empty();
        drop(ending);
        self.settle();
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(outgoing: &Outgoing, slices: &[&[u8]]) -> Next {
        outgoing.next(slices.iter().copied())
    }

    #[test]
    fn slices_before_files_before_ends() {
        let outgoing = Outgoing::default();
        let blank: Chunk<Bytes> = Chunk::Blank(BLANK + 5);
        assert_eq!((blank.remaining(), blank.chunk().len()), (BLANK + 5, BLANK));
        let file = blank.chunk();
        assert_eq!(next(&outgoing, &[b"head", file, b"tail"]), Next::Slices(1));
        assert_eq!(next(&outgoing, &[file, b"tail"]), Next::File(BLANK));
        assert_eq!(next(&outgoing, &[&file[7..]]), Next::File(BLANK - 7));
        assert_eq!(next(&outgoing, &[b"a", b"b"]), Next::Slices(2));
        assert_eq!(next(&outgoing, &[END]), Next::Slices(1));
        assert!(outgoing.is_plain());
        outgoing.promise_trailers(b"a: b\r\n");
        assert!(!outgoing.is_plain());
        assert_eq!(next(&outgoing, &[b"a", END]), Next::Slices(1));
        assert_eq!(next(&outgoing, &[END, b"a"]), Next::Slices(2));
        assert_eq!(next(&outgoing, &[END]), Next::Trailers);
        assert_eq!(&outgoing.ending()[..], b"0\r\na: b\r\n\r\n");
        assert!(!outgoing.ended(3) && &outgoing.ending()[..] == b"a: b\r\n\r\n");
        assert!(outgoing.ended(8) && outgoing.is_plain());
        assert_eq!(outgoing.send_file(0, 1).unwrap_err().kind(), io::ErrorKind::InvalidData);
    }
}
