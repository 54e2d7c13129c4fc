//! What waits to be sent on one connection.

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncWrite, Interest};

use super::stream::Stream;

/// Bytes of a file that are read at a time where the kernel cannot send it by itself.
const CHUNK: usize = 64 << 10;

/// A part of it.
#[derive(Debug)]
enum Piece {
    Bytes {
        data: Vec<u8>,
        sent: usize,
    },
    /// Its next byte is at `offset`, `left` are to be sent.
    File {
        file: File,
        offset: u64,
        left: u64,
    },
}

/// The queue of a connection.
#[derive(Debug, Default)]
pub(super) struct Output {
    pieces: VecDeque<Piece>,
    /// Bytes of memory in it; files cost none.
    bytes: usize,
    /// What the stream has taken may still be with TLS, which the socket had no room for.
    unflushed: bool,
}

impl Output {
    /// Whether everything is the kernel's.
    pub(super) fn is_empty(&self) -> bool {
        self.pieces.is_empty() && !self.unflushed
    }

    /// Bytes of memory that wait.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Queues a copy of `data`.
    pub(super) fn push(&mut self, data: &[u8]) {
        self.bytes += data.len();
        // Small messages to a slow reader share their memory.
        if let Some(Piece::Bytes { data: last, .. }) = self.pieces.back_mut()
            && last.len() + data.len() <= CHUNK
        {
            last.extend_from_slice(data);
            return;
        }
        self.pieces.push_back(Piece::Bytes { data: data.to_vec(), sent: 0 });
    }

    /// Queues a part of a file.
    pub(super) fn push_file(&mut self, file: File, offset: u64, length: u64) {
        if length > 0 {
            self.pieces.push_back(Piece::File { file, offset, left: length });
        }
    }

    pub(super) fn clear(&mut self) {
        self.pieces.clear();
        self.bytes = 0;
        self.unflushed = false;
    }

    /// Sends what the socket takes, by plain calls; whether nothing is left.
    pub(super) fn poll_flush_now(&mut self, stream: &mut Stream, cx: &mut Context<'_>) -> io::Result<bool> {
        while let Some(Piece::Bytes { data, sent }) = self.pieces.front_mut() {
            match stream.write_now(&data[*sent..]) {
                Ok(count) => {
                    *sent += count;
                    self.bytes -= count;
                    if *sent == data.len() {
                        self.pieces.pop_front();
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
                Err(error) => return Err(error),
            }
        }
        match self.poll_flush(stream, cx, || ()) {
            Poll::Ready(result) => result.map(|()| true),
            Poll::Pending => Ok(false),
        }
    }

    /// Sends what the socket takes; ready when nothing is left. `moved` hears of each success.
    pub(super) fn poll_flush(
        &mut self,
        stream: &mut Stream,
        cx: &mut Context<'_>,
        mut moved: impl FnMut(),
    ) -> Poll<io::Result<()>> {
        while let Some(piece) = self.pieces.front_mut() {
            let done = match piece {
                Piece::Bytes { data, sent } => {
                    let count = ready!(Pin::new(&mut *stream).poll_write(cx, &data[*sent..]))?;
                    if count == 0 {
                        return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
                    }
                    *sent += count;
                    self.bytes -= count;
                    *sent == data.len()
                }
                Piece::File { file, offset, left } => {
                    let count = ready!(poll_send_file(stream, cx, file, *offset, *left))?;
                    if count == 0 {
                        // The file has become shorter than it was: the client would wait for the rest for ever.
                        return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into()));
                    }
                    *offset += count;
                    *left -= count;
                    *left == 0
                }
            };
            self.unflushed = true;
            moved();
            if done {
                self.pieces.pop_front();
            }
        }
        ready!(Pin::new(stream).poll_flush(cx))?;
        self.unflushed = false;
        moved();
        Poll::Ready(Ok(()))
    }
}

/// Sends some bytes of a file; how many.
fn poll_send_file(
    stream: &mut Stream,
    cx: &mut Context<'_>,
    file: &File,
    offset: u64,
    left: u64,
) -> Poll<io::Result<u64>> {
    if let Some(socket) = stream.as_plain() {
        loop {
            ready!(socket.poll_write_ready(cx))?;
            let sent = socket.try_io(Interest::WRITABLE, || {
                let mut at = offset as libc::off_t;
                // SAFETY: both descriptors are open for the call, `at` is ours.
                let sent = unsafe {
                    libc::sendfile(socket.as_raw_fd(), file.as_raw_fd(), &raw mut at, left.min(1 << 30) as usize)
                };
                u64::try_from(sent).map_err(|_| io::Error::last_os_error())
            });
            match sent {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => return Poll::Ready(other),
            }
        }
    }
    let mut chunk = vec![0; CHUNK.min(left as usize)];
    let count = std::os::unix::fs::FileExt::read_at(file, &mut chunk, offset)?;
    if count == 0 {
        return Poll::Ready(Ok(0));
    }
    Pin::new(stream).poll_write(cx, &chunk[..count]).map_ok(|count| count as u64)
}
