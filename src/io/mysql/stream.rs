//! The socket of a session, of either kind, with its place in the event loop.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::os::fd::{AsFd, AsRawFd, RawFd};
use std::os::unix::net::UnixStream;
use std::task::{Context, Poll, ready};
use tokio::io::{Interest, unix::AsyncFd};

/// A socket that does not block.
enum Socket {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl AsRawFd for Socket {
    fn as_raw_fd(&self) -> RawFd {
        match self {
            Self::Tcp(socket) => socket.as_raw_fd(),
            Self::Unix(socket) => socket.as_raw_fd(),
        }
    }
}

impl Socket {
    fn duplicate(&self) -> io::Result<Self> {
        Ok(match self {
            Self::Tcp(socket) => Self::Tcp(socket.as_fd().try_clone_to_owned()?.into()),
            Self::Unix(socket) => Self::Unix(socket.as_fd().try_clone_to_owned()?.into()),
        })
    }

    fn read(&self, bytes: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(socket) => (&*socket).read(bytes),
            Self::Unix(socket) => (&*socket).read(bytes),
        }
    }

    fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(socket) => (&*socket).write(bytes),
            Self::Unix(socket) => (&*socket).write(bytes),
        }
    }
}

/// A connected socket.
///
/// tokio's own sockets register for reading and writing at once, and a Unix socket reports "writable" whenever its peer has
/// read something: that would wake us a second time for each request.
pub(super) struct Stream {
    reader: AsyncFd<Socket>,
    /// Registered for writing, while a request is larger than what the socket takes at once.
    writer: Option<AsyncFd<Socket>>,
}

fn watch(socket: Socket, interest: Interest) -> io::Result<AsyncFd<Socket>> {
    // SAFETY: a socket owns its descriptor, never changes it, and is closed by being dropped with the `AsyncFd`.
    Ok(unsafe { AsyncFd::register_with_interest(socket, interest) }?)
}

impl Stream {
    fn new(socket: Socket) -> io::Result<Self> {
        Ok(Self { reader: watch(socket, Interest::READABLE)?, writer: None })
    }

    pub(super) fn tcp(socket: tokio::net::TcpStream) -> io::Result<Self> {
        Self::new(Socket::Tcp(socket.into_std()?))
    }

    pub(super) fn unix(socket: tokio::net::UnixStream) -> io::Result<Self> {
        Self::new(Socket::Unix(socket.into_std()?))
    }

    /// Registers it with the runtime that runs now; the one it was made in has ended.
    pub(super) fn renew(&mut self) -> io::Result<()> {
        *self = Self::new(self.reader.get_ref().duplicate()?)?;
        Ok(())
    }

    pub(super) fn descriptor(&self) -> RawFd {
        self.reader.as_raw_fd()
    }

    /// Writes what the socket takes now.
    pub(super) fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        self.reader.get_ref().write(bytes)
    }

    /// Reads what the event loop has seen arrive; no system call is made when it has seen nothing.
    pub(super) fn try_read(&self, bytes: &mut [u8]) -> io::Result<usize> {
        self.reader.try_io(Interest::READABLE, |socket| socket.read(bytes))
    }

    pub(super) fn poll_read(&mut self, context: &mut Context<'_>, bytes: &mut [u8]) -> Poll<io::Result<usize>> {
        loop {
            let mut ready = ready!(self.reader.poll_read_ready(context))?;
            match ready.get_inner().read(bytes) {
                Ok(count) => {
                    // All there was: what arrives later is reported anew, so the next call need not ask in vain.
                    if count > 0 && count < bytes.len() {
                        ready.clear_ready();
                    }
                    return Poll::Ready(Ok(count));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => ready.clear_ready(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }

    pub(super) fn poll_write(&mut self, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let writer = match &self.writer {
            Some(writer) => writer,
            None => {
                let socket = self.reader.get_ref().duplicate()?;
                self.writer.insert(watch(socket, Interest::WRITABLE)?)
            }
        };
        loop {
            let mut ready = ready!(writer.poll_write_ready(context))?;
            match ready.get_inner().write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => ready.clear_ready(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                written => return Poll::Ready(written),
            }
        }
    }

    /// Everything is written: stops looking for room.
    pub(super) fn written(&mut self) {
        self.writer = None;
    }
}
