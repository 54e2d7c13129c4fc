//! The socket of a session, of either kind, plain or under TLS, with its place in the event loop.

use crate::io::tls::{ClientTls, Error as TlsError, Session};
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
}

impl Read for &Socket {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        match self {
            Socket::Tcp(socket) => (&*socket).read(bytes),
            Socket::Unix(socket) => (&*socket).read(bytes),
        }
    }
}

impl Write for &Socket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Socket::Tcp(socket) => (&*socket).write(bytes),
            Socket::Unix(socket) => (&*socket).write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
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
    /// What the bytes go through, once TLS was agreed on.
    tls: Option<Box<Session>>,
}

fn watch(socket: Socket, interest: Interest) -> io::Result<AsyncFd<Socket>> {
    // SAFETY: a socket owns its descriptor, never changes it, and is closed by being dropped with the `AsyncFd`.
    Ok(unsafe { AsyncFd::register_with_interest(socket, interest) }?)
}

/// Does `work` until it need not wait for `socket`.
fn poll_ready<T>(
    socket: &AsyncFd<Socket>,
    interest: Interest,
    context: &mut Context<'_>,
    mut work: impl FnMut(&Socket) -> io::Result<T>,
) -> Poll<io::Result<T>> {
    loop {
        let mut ready = ready!(match interest.is_readable() {
            true => socket.poll_read_ready(context),
            false => socket.poll_write_ready(context),
        })?;
        match work(ready.get_inner()) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => ready.clear_ready(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            done => return Poll::Ready(done),
        }
    }
}

impl Stream {
    fn new(socket: Socket) -> io::Result<Self> {
        Ok(Self { reader: watch(socket, Interest::READABLE)?, writer: None, tls: None })
    }

    pub(super) fn tcp(socket: tokio::net::TcpStream) -> io::Result<Self> {
        Self::new(Socket::Tcp(socket.into_std()?))
    }

    pub(super) fn unix(socket: tokio::net::UnixStream) -> io::Result<Self> {
        Self::new(Socket::Unix(socket.into_std()?))
    }

    /// Registers it with the runtime that runs now; the one it was made in has ended.
    pub(super) fn renew(&mut self) -> io::Result<()> {
        let tls = self.tls.take();
        *self = Self { tls, ..Self::new(self.reader.get_ref().duplicate()?)? };
        Ok(())
    }

    pub(super) fn descriptor(&self) -> RawFd {
        self.reader.as_raw_fd()
    }

    /// Whether nobody on the way can read along: TLS, or a socket of this machine.
    pub(super) fn is_private(&self) -> bool {
        self.tls.is_some() || matches!(self.reader.get_ref(), Socket::Unix(_))
    }

    /// Starts TLS: all bytes go through it from here on. [`Stream::poll_handshake`] comes next.
    pub(super) fn start_tls(&mut self, tls: &ClientTls) -> Result<(), TlsError> {
        self.tls = Some(Box::new(Session::client(tls)?));
        Ok(())
    }

    /// Goes on with the handshake of TLS.
    pub(super) fn poll_handshake(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            let Some(tls) = &mut self.tls else { return Poll::Ready(Ok(())) };
            match tls.handshake(&mut self.reader.get_ref()) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                done => return Poll::Ready(done),
            }
            if tls.wants_write() {
                ready!(self.poll_flush(context))?;
                continue;
            }
            let Self { reader, tls: Some(tls), .. } = self else { continue };
            return poll_ready(reader, Interest::READABLE, context, |mut socket| tls.handshake(&mut socket));
        }
    }

    /// Writes what the socket takes now; under TLS what it takes may wait for [`Stream::poll_flush`].
    pub(super) fn try_write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut socket = self.reader.get_ref();
        match &mut self.tls {
            None => socket.write(bytes),
            Some(tls) => tls.write(&mut socket, bytes),
        }
    }

    /// Whether something that was written is still on this side.
    pub(super) fn holds_back(&self) -> bool {
        self.tls.as_ref().is_some_and(|tls| tls.wants_write())
    }

    /// Reads what the event loop has seen arrive; no system call is made when it has seen nothing.
    pub(super) fn try_read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        match &mut self.tls {
            None => self.reader.try_io(Interest::READABLE, |mut socket| socket.read(bytes)),
            Some(tls) => match tls.has_plain() {
                true => tls.read(&mut self.reader.get_ref(), bytes),
                false => self.reader.try_io(Interest::READABLE, |mut socket| tls.read(&mut socket, bytes)),
            },
        }
    }

    pub(super) fn poll_read(&mut self, context: &mut Context<'_>, bytes: &mut [u8]) -> Poll<io::Result<usize>> {
        if let Some(tls) = &mut self.tls {
            if tls.has_plain() {
                return Poll::Ready(tls.read(&mut self.reader.get_ref(), bytes));
            }
            return poll_ready(&self.reader, Interest::READABLE, context, |mut socket| tls.read(&mut socket, bytes));
        }
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
        self.poll_out(context, |tls, mut socket| match tls {
            None => socket.write(bytes),
            Some(tls) => tls.write(&mut socket, bytes),
        })
    }

    /// Sends what [`Stream::holds_back`].
    pub(super) fn poll_flush(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_out(context, |tls, mut socket| match tls {
            None => Ok(()),
            Some(tls) => tls.flush(&mut socket),
        })
    }

    fn poll_out<T>(
        &mut self,
        context: &mut Context<'_>,
        mut work: impl FnMut(Option<&mut Session>, &Socket) -> io::Result<T>,
    ) -> Poll<io::Result<T>> {
        let writer = match &self.writer {
            Some(writer) => writer,
            None => {
                let socket = self.reader.get_ref().duplicate()?;
                self.writer.insert(watch(socket, Interest::WRITABLE)?)
            }
        };
        let tls = &mut self.tls;
        poll_ready(writer, Interest::WRITABLE, context, |socket| work(tls.as_deref_mut(), socket))
    }

    /// Everything is written: stops looking for room.
    pub(super) fn written(&mut self) {
        self.writer = None;
    }

    /// Says good-bye in TLS, as far as the socket takes it now.
    pub(super) fn finish(&mut self) {
        if let Some(tls) = &mut self.tls {
            tls.close(&mut self.reader.get_ref());
        }
    }
}
