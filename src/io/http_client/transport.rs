//! The connection of a client: a socket, perhaps with TLS on it, that one side reads while another writes.

use crate::io::tls::peer_certificate;
use std::cell::RefCell;
use std::io;
use std::os::fd::{AsRawFd, RawFd};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, UnixStream};
use tokio_rustls::client::TlsStream;

/// How much is read at once.
const PIECE: usize = 64 << 10;

/// A socket of either kind.
#[derive(Debug)]
pub(super) enum Socket {
    Tcp(TcpStream),
    Unix(UnixStream),
    /// It could not be moved from one runtime to another.
    Gone,
}

/// There is no socket any more.
fn gone<T>() -> Poll<io::Result<T>> {
    Poll::Ready(Err(io::Error::from_raw_os_error(libc::EBADF)))
}

impl Socket {
    fn descriptor(&self) -> RawFd {
        match self {
            Self::Tcp(socket) => socket.as_raw_fd(),
            Self::Unix(socket) => socket.as_raw_fd(),
            Self::Gone => -1,
        }
    }

    /// Registers it with the runtime that runs now; the one it was made in has ended. Its descriptor stays the same.
    fn renew(&mut self) -> io::Result<()> {
        *self = match std::mem::replace(self, Self::Gone) {
            Self::Tcp(socket) => Self::Tcp(TcpStream::from_std(socket.into_std()?)?),
            Self::Unix(socket) => Self::Unix(UnixStream::from_std(socket.into_std()?)?),
            Self::Gone => Self::Gone,
        };
        Ok(())
    }
}

impl AsyncRead for Socket {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(socket) => Pin::new(socket).poll_read(context, buffer),
            Self::Unix(socket) => Pin::new(socket).poll_read(context, buffer),
            Self::Gone => gone(),
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(socket) => Pin::new(socket).poll_write(context, bytes),
            Self::Unix(socket) => Pin::new(socket).poll_write(context, bytes),
            Self::Gone => gone(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(socket) => Pin::new(socket).poll_shutdown(context),
            Self::Unix(socket) => Pin::new(socket).poll_shutdown(context),
            Self::Gone => gone(),
        }
    }
}

/// A socket, or TLS on it.
#[derive(Debug)]
pub(super) enum Stream {
    Plain(Socket),
    Secure(Box<TlsStream<Socket>>, Arc<Both>),
}

impl Stream {
    pub(super) fn secure(stream: TlsStream<Socket>) -> Self {
        Self::Secure(Box::new(stream), Arc::default())
    }

    fn socket(&mut self) -> &mut Socket {
        match self {
            Self::Plain(socket) => socket,
            Self::Secure(stream, _) => stream.get_mut().0,
        }
    }

    fn read(&mut self, context: &mut Context<'_>, bytes: &mut [u8]) -> Poll<io::Result<usize>> {
        let mut buffer = ReadBuf::new(bytes);
        let outcome = match self {
            Self::Plain(socket) => Pin::new(socket).poll_read(context, &mut buffer),
            Self::Secure(stream, both) => {
                let waker = both.with(&both.reader, context.waker());
                Pin::new(&mut **stream).poll_read(&mut Context::from_waker(&waker), &mut buffer)
            }
        };
        outcome.map_ok(|()| buffer.filled().len())
    }

    fn write(&mut self, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self {
            Self::Plain(socket) => Pin::new(socket).poll_write(context, bytes),
            Self::Secure(stream, both) => {
                let waker = both.with(&both.writer, context.waker());
                Pin::new(&mut **stream).poll_write(&mut Context::from_waker(&waker), bytes)
            }
        }
    }

    fn flush(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Plain(_) => Poll::Ready(Ok(())),
            Self::Secure(stream, both) => {
                let waker = both.with(&both.writer, context.waker());
                Pin::new(&mut **stream).poll_flush(&mut Context::from_waker(&waker))
            }
        }
    }
}

/// Wakes who reads and who writes: TLS may have to write in order to read, and the other way round, and the socket keeps one
/// waker for each direction.
#[derive(Debug, Default)]
pub(super) struct Both {
    reader: Mutex<Option<Waker>>,
    writer: Mutex<Option<Waker>>,
}

impl Both {
    /// A waker for both, after one of them has been set.
    fn with(self: &Arc<Self>, place: &Mutex<Option<Waker>>, waker: &Waker) -> Waker {
        *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(waker.clone());
        Waker::from(Arc::clone(self))
    }
}

impl Wake for Both {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        for place in [&self.reader, &self.writer] {
            let waker = place.lock().unwrap_or_else(PoisonError::into_inner).take();
            waker.into_iter().for_each(Waker::wake);
        }
    }
}

/// A connection that is open until it is closed, by whoever holds it.
#[derive(Debug)]
pub struct Transport {
    stream: RefCell<Option<Stream>>,
    descriptor: RawFd,
    reader: RefCell<Option<Waker>>,
    writer: RefCell<Option<Waker>>,
    /// The protocol that TLS agreed on.
    protocol: Option<Vec<u8>>,
    /// The peer's certificate, as PEM.
    certificate: Option<String>,
}

/// It was closed by us.
fn closed() -> io::Error {
    io::Error::from_raw_os_error(libc::ECANCELED)
}

impl Transport {
    pub(super) fn new(mut stream: Stream) -> Self {
        let descriptor = stream.socket().descriptor();
        let (protocol, certificate) = match &stream {
            Stream::Plain(_) => (None, None),
            Stream::Secure(stream, _) => {
                let session = stream.get_ref().1;
                (session.alpn_protocol().map(<[u8]>::to_vec), peer_certificate(session).ok())
            }
        };
        Self {
            stream: RefCell::new(Some(stream)),
            descriptor,
            reader: RefCell::default(),
            writer: RefCell::default(),
            protocol,
            certificate,
        }
    }

    /// Its descriptor, while it is open.
    pub fn descriptor(&self) -> Option<RawFd> {
        self.stream.borrow().as_ref().map(|_| self.descriptor)
    }

    /// The peer's certificate as PEM, if it has shown one.
    pub fn certificate(&self) -> Option<&str> {
        self.certificate.as_deref()
    }

    /// The protocol that TLS agreed on.
    pub fn protocol(&self) -> Option<&[u8]> {
        self.protocol.as_deref()
    }

    /// Whether the peer has neither ended the connection nor said anything unasked.
    pub fn idle(&self) -> bool {
        let Some(Stream::Plain(_) | Stream::Secure(..)) = &*self.stream.borrow() else { return false };
        let mut byte = 0u8;
        let flags = libc::MSG_PEEK | libc::MSG_DONTWAIT;
        // SAFETY: the descriptor is open for as long as the stream is there; one byte is looked at, into our own.
        let seen = unsafe { libc::recv(self.descriptor, (&raw mut byte).cast(), 1, flags) };
        let quiet = seen < 0 && io::Error::last_os_error().kind() == io::ErrorKind::WouldBlock;
        // TLS may speak up by itself: new session tickets.
        quiet || seen > 0 && self.certificate.is_some()
    }

    /// Why the connection is of no use any more, for one that is not [`Transport::idle`].
    pub fn failure(&self) -> i32 {
        let stream = self.stream.borrow();
        if stream.is_none() {
            return libc::EBADF;
        }
        let mut error = 0i32;
        let mut length = size_of::<i32>() as libc::socklen_t;
        // SAFETY: as in `idle`; the option is an int.
        unsafe {
            let place = (&raw mut error).cast();
            libc::getsockopt(self.descriptor, libc::SOL_SOCKET, libc::SO_ERROR, place, &mut length);
        }
        if error == 0 { libc::ECONNRESET } else { error }
    }

    fn polled<T>(
        &self,
        waker: &RefCell<Option<Waker>>,
        context: &mut Context<'_>,
        mut poll: impl FnMut(&mut Stream, &mut Context<'_>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        let mut stream = self.stream.borrow_mut();
        let Some(stream) = stream.as_mut() else { return Poll::Ready(Err(closed())) };
        let mut outcome = poll(stream, context);
        // No errno and no TLS: tokio failed, because the runtime it was registered with is no more.
        let renew = |error: &io::Error| error.raw_os_error().is_none() && error.kind() == io::ErrorKind::Other;
        if matches!(&outcome, Poll::Ready(Err(error)) if renew(error)) && stream.socket().renew().is_ok() {
            outcome = poll(stream, context);
        }
        if outcome.is_pending() {
            *waker.borrow_mut() = Some(context.waker().clone());
        }
        outcome
    }

    /// Reads some bytes; none when the peer has ended the connection.
    pub fn poll_read(&self, context: &mut Context<'_>, bytes: &mut [u8]) -> Poll<io::Result<usize>> {
        self.polled(&self.reader, context, |stream, context| match stream.read(context, bytes) {
            // A TLS peer that goes without saying good-bye has ended the connection all the same.
            Poll::Ready(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => Poll::Ready(Ok(0)),
            outcome => outcome,
        })
    }

    /// Reads some bytes; none when the peer has ended the connection.
    ///
    /// # Errors
    /// The system's, and `ECANCELED` when it was closed by us.
    pub async fn read(&self, bytes: &mut [u8]) -> io::Result<usize> {
        std::future::poll_fn(|context| self.poll_read(context, bytes)).await
    }

    /// Reads at most `most` bytes and hands them to `take`; none when the peer has ended the connection.
    ///
    /// A connection that waits needs no memory for what will arrive.
    ///
    /// # Errors
    /// As [`Transport::read`].
    pub async fn receive(&self, most: usize, mut take: impl FnMut(&[u8])) -> io::Result<usize> {
        thread_local! {
            static PLACE: RefCell<Vec<u8>> = RefCell::new(vec![0; PIECE]);
        }
        std::future::poll_fn(|context| {
            PLACE.with_borrow_mut(|place| {
                let outcome = self.poll_read(context, &mut place[..most.clamp(1, PIECE)]);
                if let Poll::Ready(Ok(count)) = &outcome {
                    take(&place[..*count]);
                }
                outcome
            })
        })
        .await
    }

    /// Writes all of `bytes`.
    ///
    /// # Errors
    /// The system's, and `ECANCELED` when it was closed by us.
    pub async fn write_all(&self, mut bytes: &[u8]) -> io::Result<()> {
        std::future::poll_fn(|context| {
            while !bytes.is_empty() {
                let writer = &self.writer;
                match self.polled(writer, context, |stream, context| stream.write(context, bytes)) {
                    Poll::Ready(Ok(0)) => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                    Poll::Ready(Ok(count)) => bytes = &bytes[count..],
                    Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                    Poll::Pending => return Poll::Pending,
                }
            }
            self.polled(&self.writer, context, Stream::flush)
        })
        .await
    }

    /// Closes it. Who waits for it goes on, with `ECANCELED`. False when it was closed before.
    pub fn close(&self) -> bool {
        let Some(mut stream) = self.stream.borrow_mut().take() else { return false };
        if let Stream::Secure(stream, _) = &mut stream {
            stream.get_mut().1.send_close_notify();
            // As much of it as the socket takes now.
            let mut context = Context::from_waker(Waker::noop());
            let _ = Pin::new(&mut **stream).poll_shutdown(&mut context);
        }
        drop(stream);
        for waker in [self.reader.take(), self.writer.take()] {
            waker.into_iter().for_each(Waker::wake);
        }
        true
    }
}
