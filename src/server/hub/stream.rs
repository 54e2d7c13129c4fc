//! The socket of a connection.

use crate::io::socket;
use crate::io::tls::peer_certificate;
use std::io;
use std::os::fd::{AsRawFd, RawFd};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::{TcpStream, UnixStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// One of the kinds of sockets.
#[derive(Debug)]
pub(super) enum Stream {
    Tcp(TcpStream),
    Unix(UnixStream),
    TlsTcp(Box<TlsStream<TcpStream>>),
    TlsUnix(Box<TlsStream<UnixStream>>),
}

/// A socket whose bytes go out as they are.
pub(super) enum Plain<'a> {
    Tcp(&'a TcpStream),
    Unix(&'a UnixStream),
}

impl Stream {
    /// The socket itself, if nothing is between it and the bytes.
    pub(super) fn as_plain(&self) -> Option<Plain<'_>> {
        match self {
            Self::Tcp(stream) => Some(Plain::Tcp(stream)),
            Self::Unix(stream) => Some(Plain::Unix(stream)),
            Self::TlsTcp(_) | Self::TlsUnix(_) => None,
        }
    }

    /// The socket, whatever is between it and the bytes.
    pub(super) fn socket(&self) -> Plain<'_> {
        match self {
            Self::Tcp(stream) => Plain::Tcp(stream),
            Self::Unix(stream) => Plain::Unix(stream),
            Self::TlsTcp(stream) => Plain::Tcp(stream.get_ref().0),
            Self::TlsUnix(stream) => Plain::Unix(stream.get_ref().0),
        }
    }

    /// The certificate that the client has shown, as PEM.
    pub(super) fn certificate(&self) -> Option<String> {
        match self {
            Self::Tcp(_) | Self::Unix(_) => None,
            Self::TlsTcp(stream) => peer_certificate(stream.get_ref().1).ok(),
            Self::TlsUnix(stream) => peer_certificate(stream.get_ref().1).ok(),
        }
    }

    /// Greets the client in TLS.
    ///
    /// # Errors
    /// The client is no good, or has gone.
    pub(super) async fn encrypt(self, tls: &TlsAcceptor) -> io::Result<Self> {
        Ok(match self {
            Self::Tcp(stream) => Self::TlsTcp(Box::new(tls.accept(stream).await?)),
            Self::Unix(stream) => Self::TlsUnix(Box::new(tls.accept(stream).await?)),
            encrypted => encrypted,
        })
    }

    /// Has the other side see an error, not an end, when this is dropped.
    pub(super) fn reset_when_closed(&self) {
        let at_once = libc::linger { l_onoff: 1, l_linger: 0 };
        // A socket that has no such option ends as any other.
        let _ = socket::set_option(self.socket().as_raw_fd(), libc::SOL_SOCKET, libc::SO_LINGER, &at_once);
    }

    /// Tells a client that speaks TLS that it has got everything. What the socket does not take at once is not said.
    pub(super) fn say_goodbye(&mut self) {
        let cx = &mut Context::from_waker(Waker::noop());
        let _ = match self {
            Self::Tcp(_) | Self::Unix(_) => return,
            Self::TlsTcp(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::TlsUnix(stream) => Pin::new(stream).poll_shutdown(cx),
        };
    }

    /// Sends what the socket takes at once, whatever the runtime knows about it.
    pub(super) fn write_now(&self, data: &[u8]) -> io::Result<usize> {
        let Some(socket) = self.as_plain() else { return Err(io::ErrorKind::WouldBlock.into()) };
        // SAFETY: the socket is open, and the bytes are borrowed for the call.
        let sent = unsafe { libc::send(socket.as_raw_fd(), data.as_ptr().cast(), data.len(), libc::MSG_NOSIGNAL) };
        usize::try_from(sent).map_err(|_| io::Error::last_os_error())
    }

    /// Sends what the socket takes at once.
    pub(super) fn try_write(&self, data: &[u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(stream) => stream.try_write(data),
            Self::Unix(stream) => stream.try_write(data),
            // The connection's task does it.
            Self::TlsTcp(_) | Self::TlsUnix(_) => Ok(0),
        }
    }
}

impl Plain<'_> {
    pub(super) fn poll_write_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Tcp(stream) => stream.poll_write_ready(cx),
            Self::Unix(stream) => stream.poll_write_ready(cx),
        }
    }

    pub(super) fn try_io<R>(&self, interest: Interest, call: impl FnOnce() -> io::Result<R>) -> io::Result<R> {
        match self {
            Self::Tcp(stream) => stream.try_io(interest, call),
            Self::Unix(stream) => stream.try_io(interest, call),
        }
    }
}

impl AsRawFd for Plain<'_> {
    fn as_raw_fd(&self) -> RawFd {
        match self {
            Self::Tcp(stream) => stream.as_raw_fd(),
            Self::Unix(stream) => stream.as_raw_fd(),
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_read(cx, buf),
            Self::Unix(stream) => Pin::new(stream).poll_read(cx, buf),
            Self::TlsTcp(stream) => Pin::new(stream).poll_read(cx, buf),
            Self::TlsUnix(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_write(cx, buf),
            Self::Unix(stream) => Pin::new(stream).poll_write(cx, buf),
            Self::TlsTcp(stream) => Pin::new(stream).poll_write(cx, buf),
            Self::TlsUnix(stream) => Pin::new(stream).poll_write(cx, buf),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_flush(cx),
            Self::Unix(stream) => Pin::new(stream).poll_flush(cx),
            Self::TlsTcp(stream) => Pin::new(stream).poll_flush(cx),
            Self::TlsUnix(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Unix(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::TlsTcp(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::TlsUnix(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
