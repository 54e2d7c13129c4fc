//! A reply on its way out: its head in front, pieces of its body behind, in as few system calls as there can be.

use crate::io::http::body::{Body, Chunk, Piece};
use crate::io::http::file::FileRange;
use crate::io::http::head::{Framing, Head};
use crate::io::http::socket::Socket;
use bytes::{Buf, Bytes};
use http::HeaderMap;
use std::io::{self, IoSlice, Write};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::AsyncWrite;

/// A body up to this length is copied behind its head: that costs less than a system call with several slices.
const JOINED: usize = 4096;

/// How a body in chunks ends.
const END: &[u8] = b"0\r\n\r\n";

/// What became of writing.
pub(super) enum Written {
    /// All is sent.
    All,
    /// All that is there is sent; the handler has more to say.
    Waiting,
}

/// A reply.
pub(super) struct Reply<D: Buf> {
    /// What goes out first: the head, or a chunk's size.
    front: Vec<u8>,
    sent: usize,
    piece: Option<Chunk<D>>,
    file: Option<FileRange>,
    /// What goes out last: a chunk's line break, the end of all chunks.
    tail: Bytes,
    body: Body<D>,
    chunked: bool,
    /// Nothing comes after what is there.
    last: bool,
}

impl<D: Buf> Default for Reply<D> {
    fn default() -> Self {
        Self {
            front: Vec::new(),
            sent: 0,
            piece: None,
            file: None,
            tail: Bytes::new(),
            body: Body::Empty,
            chunked: false,
            last: true,
        }
    }
}

impl<D: Buf> Reply<D> {
    /// Gives back what was needed for sending.
    pub(super) fn shrink(&mut self) {
        self.front = Vec::new();
    }

    /// A reply to be sent; whether the connection stays open behind it.
    pub(super) fn begin(&mut self, head: Head, mut body: Body<D>, framing: Framing) -> bool {
        self.front.clear();
        self.sent = 0;
        let form = head.write(&mut self.front, &mut body, framing);
        (self.chunked, self.last) = (form.chunked, true);
        (self.piece, self.file, self.tail, self.body) = (None, None, Bytes::new(), Body::Empty);
        if form.bodiless {
            return form.keep_alive;
        }
        match &mut body {
            Body::Full(data) => match data.take() {
                Some(mut data) if data.remaining() <= JOINED => {
                    while data.has_remaining() {
                        let chunk = data.chunk();
                        let length = chunk.len();
                        self.front.extend_from_slice(chunk);
                        data.advance(length);
                    }
                }
                data => self.piece = data,
            },
            Body::Stream(_) => (self.body, self.last) = (body, false),
            Body::Empty => {}
        }
        form.keep_alive
    }

    /// Sends a few bytes that are no reply.
    pub(super) fn interim(&mut self, bytes: &'static [u8]) {
        self.tail = Bytes::from_static(bytes);
    }

    /// Sends bytes that are no reply.
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.front.extend_from_slice(bytes);
    }

    /// Whether something is not sent.
    #[inline]
    pub(super) fn is_unsent(&self) -> bool {
        !self.front.is_empty()
    }

    /// Lets go of what is not sent.
    pub(super) fn drop_rest(&mut self) {
        *self = Self::default();
    }

    /// Sends what is there.
    #[inline]
    pub(super) fn poll(&mut self, socket: &mut Socket, cx: &mut Context<'_>) -> Poll<io::Result<Written>> {
        loop {
            ready!(self.poll_write(socket, cx))?;
            if self.last {
                return Pin::new(socket).poll_flush(cx).map_ok(|()| Written::All);
            }
            match self.body.poll_piece(socket.sends_files(), cx) {
                Poll::Ready(Some(piece)) => self.add(piece.map_err(|_| io::ErrorKind::ConnectionAborted)?)?,
                Poll::Ready(None) => self.finish(None),
                Poll::Pending => return Pin::new(socket).poll_flush(cx).map_ok(|()| Written::Waiting),
            }
        }
    }

    fn add(&mut self, piece: Piece<D>) -> io::Result<()> {
        let length = match &piece {
            Piece::Data(data) => data.remaining() as u64,
            Piece::File(range) => range.len(),
            Piece::Trailers(_) => 0,
        };
        if self.chunked && length > 0 {
            write!(self.front, "{length:x}\r\n")?;
            self.tail = Bytes::from_static(b"\r\n");
        }
        match piece {
            Piece::Data(data) => self.piece = Some(data),
            Piece::File(range) => self.file = Some(range),
            Piece::Trailers(trailers) => {
                self.finish(Some(&trailers));
                return Ok(());
            }
        }
        // most last pieces are known to be the last
        if self.body.is_over() {
            self.finish(None);
        }
        Ok(())
    }

    fn finish(&mut self, trailers: Option<&HeaderMap>) {
        self.last = true;
        self.body = Body::Empty;
        if !self.chunked {
            return;
        }
        self.tail = match trailers {
            None if self.tail.is_empty() => Bytes::from_static(END),
            None => Bytes::from_static(b"\r\n0\r\n\r\n"),
            Some(trailers) => {
                let mut tail = b"0\r\n".to_vec();
                for (name, value) in trailers {
                    tail.extend_from_slice(name.as_str().as_bytes());
                    tail.extend_from_slice(b": ");
                    tail.extend_from_slice(value.as_bytes());
                    tail.extend_from_slice(b"\r\n");
                }
                tail.extend_from_slice(b"\r\n");
                tail.into()
            }
        };
    }

    /// Writes what is there.
    #[inline]
    fn poll_write(&mut self, socket: &mut Socket, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            let front = &self.front[self.sent..];
            let written = if let Some(file) = &mut self.file {
                if front.is_empty() {
                    let sent = ready!(socket.poll_send_file(file, cx))?;
                    if file.is_empty() {
                        self.file = None;
                    }
                    if sent == 0 {
                        return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
                    }
                    continue;
                }
                ready!(socket.poll_write_more(front, cx))?
            } else {
                let piece = self.piece.as_ref().map_or(&[][..], Buf::chunk);
                if piece.is_empty() && self.tail.is_empty() {
                    if front.is_empty() {
                        break;
                    }
                    ready!(Pin::new(&mut *socket).poll_write(cx, front))?
                } else {
                    let slices = [IoSlice::new(front), IoSlice::new(piece), IoSlice::new(&self.tail)];
                    ready!(Pin::new(&mut *socket).poll_write_vectored(cx, &slices))?
                }
            };
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.advance(written);
        }
        self.front.clear();
        self.sent = 0;
        Poll::Ready(Ok(()))
    }

    fn advance(&mut self, mut written: usize) {
        let count = written.min(self.front.len() - self.sent);
        self.sent += count;
        written -= count;
        if let Some(piece) = &mut self.piece {
            let count = written.min(piece.remaining());
            piece.advance(count);
            written -= count;
            if !piece.has_remaining() {
                self.piece = None;
            }
        }
        self.tail.advance(written);
    }
}
