//! One connection's socket, with TLS or without.

use super::file::FileRange;
use super::link::Link;
use super::meter::Meter;
use crate::io::traffic;
use crate::io::websocket::{Transport, now, send_now};
use bytes::{Buf, Bytes};
use socket2::SockRef;
use std::any::Any;
use std::io::{self, IoSlice};
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, BorrowedFd, RawFd};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::{TcpStream, UnixStream};
use tokio_rustls::server::TlsStream;

/// Has the system forget what the client of this open socket has not taken, when the socket is closed: else that would stay in memory
/// for as long as the client goes on taking it bit by bit.
pub(super) fn forget_unsent(fd: RawFd) {
    // SAFETY: the caller's socket is open.
    let socket = unsafe { BorrowedFd::borrow_raw(fd) };
    // what cannot be forgotten is sent
    let _ = SockRef::from(&socket).set_linger(Some(Duration::ZERO));
}

/// Whether something has come over this open socket that is not read.
pub(super) fn has_input(fd: RawFd) -> bool {
    // SAFETY: the caller's socket is open.
    let socket = unsafe { BorrowedFd::borrow_raw(fd) };
    SockRef::from(&socket).peek(&mut [MaybeUninit::uninit()]).is_ok_and(|count| count > 0)
}

/// A socket of the system.
#[derive(Debug)]
pub(super) enum Raw {
    Tcp(TcpStream),
    Unix(UnixStream),
}

macro_rules! delegate {
    ($raw:expr, $method:ident($($argument:expr),*)) => {
        match $raw {
            Raw::Tcp(stream) => Pin::new(stream).$method($($argument),*),
            Raw::Unix(stream) => Pin::new(stream).$method($($argument),*),
        }
    };
}

impl Raw {
    /// The first byte that comes, which stays there; `None` when the client ends instead.
    pub(super) async fn first_byte(&self) -> io::Result<Option<u8>> {
        let mut place = [MaybeUninit::uninit()];
        loop {
            let peeked = match self {
                Self::Tcp(stream) => {
                    stream.readable().await?;
                    stream.try_io(Interest::READABLE, || SockRef::from(stream).peek(&mut place))
                }
                Self::Unix(stream) => {
                    stream.readable().await?;
                    stream.try_io(Interest::READABLE, || SockRef::from(stream).peek(&mut place))
                }
            };
            match peeked {
                Ok(0) => return Ok(None),
                // SAFETY: one byte was written there.
                Ok(_) => return Ok(Some(unsafe { place[0].assume_init() })),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
    }
}

impl AsyncRead for Raw {
    #[inline]
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        delegate!(self.get_mut(), poll_read(cx, buf))
    }
}

impl AsyncWrite for Raw {
    #[inline]
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        delegate!(self.get_mut(), poll_write(cx, buf))
    }

    #[inline]
    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        delegate!(self.get_mut(), poll_write_vectored(cx, bufs))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        delegate!(self.get_mut(), poll_shutdown(cx))
    }
}

#[derive(Debug)]
enum Stream {
    Plain(Raw),
    Tls(Box<TlsStream<Raw>>),
    Tunnel(Box<dyn Tunnel>),
}

/// A stream of a connection that speaks HTTP/2.
pub(super) trait Tunnel: AsyncRead + AsyncWrite + Unpin {}

impl<T: AsyncRead + AsyncWrite + Unpin> Tunnel for T {}

impl std::fmt::Debug for dyn Tunnel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tunnel")
    }
}

/// The socket of a connection; every read and write that succeeds counts as progress.
#[derive(Debug)]
pub struct Socket {
    stream: Stream,
    pub(super) link: Rc<Link>,
    /// What was read before and is to be read again.
    early: Bytes,
    /// HTTP/2: watches what comes.
    meter: Option<Box<Meter>>,
    /// HTTP/2: frames of ours that are on their way, from this place on.
    frames: Vec<u8>,
    frames_sent: usize,
    /// HTTP/2: the rest of what was written last is still to come.
    within: bool,
    /// Room to join small writes, used again.
    joined: Vec<u8>,
    /// Whoever accepted it hears of its end when this is dropped.
    _guard: Option<Box<dyn Any>>,
    /// Another protocol has it, whose task must hear that it shall end.
    upgraded: bool,
}

impl Socket {
    fn new(stream: Stream, link: Rc<Link>, guard: Option<Box<dyn Any>>) -> Self {
        Self {
            stream,
            link,
            early: Bytes::new(),
            meter: None,
            frames: Vec::new(),
            frames_sent: 0,
            within: false,
            joined: Vec::new(),
            _guard: guard,
            upgraded: false,
        }
    }

    pub(super) fn plain(raw: Raw, link: Rc<Link>, guard: Option<Box<dyn Any>>) -> Self {
        Self::new(Stream::Plain(raw), link, guard)
    }

    pub(super) fn tls(stream: Box<TlsStream<Raw>>, link: Rc<Link>, guard: Option<Box<dyn Any>>) -> Self {
        Self::new(Stream::Tls(stream), link, guard)
    }

    /// A stream that has become a connection of its own; `link` is its own or that of the connection it runs over.
    pub(super) fn tunnel(tunnel: Box<dyn Tunnel>, link: Rc<Link>, guard: Option<Box<dyn Any>>) -> Self {
        Self::new(Stream::Tunnel(tunnel), link, guard)
    }

    /// From here on whoever reads it is woken to end, and reads an end.
    pub(super) fn leaves_http(&mut self) {
        self.upgraded = true;
        self.link.forget_latest();
    }

    /// Whether it is encrypted.
    pub fn is_tls(&self) -> bool {
        self.link.is_tls.get()
    }

    /// The next reads give these bytes.
    pub(super) fn unread(&mut self, bytes: Bytes) {
        debug_assert!(self.early.is_empty(), "bytes are unread once");
        self.early = bytes;
    }

    /// Watches HTTP/2 frames from here on.
    pub(super) fn watch(&mut self) {
        self.link.metered.set(true);
        self.meter = Some(Box::new(Meter::new()));
    }

    #[inline]
    fn poll_stream(&mut self, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let result = match &mut self.stream {
            Stream::Plain(raw) => Pin::new(raw).poll_read(cx, buf),
            Stream::Tls(tls) => Pin::new(tls).poll_read(cx, buf),
            Stream::Tunnel(tunnel) => Pin::new(tunnel).poll_read(cx, buf),
        };
        if let Poll::Ready(Err(error)) = &result {
            self.link.has_failed(error);
        }
        result
    }

    #[inline]
    fn counted(&self, result: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if matches!(self.stream, Stream::Tunnel(_)) {
            // what the connection sends for it counts, not what it takes from us
            return result;
        }
        if let Poll::Ready(Err(error)) = &result {
            self.link.has_failed(error);
        }
        self.link.has_written(match &result {
            Poll::Pending => None,
            Poll::Ready(Ok(count)) => Some(*count),
            Poll::Ready(Err(_)) => Some(0),
        });
        result
    }
}

impl Socket {
    /// HTTP/2: whether frames of ours are to go out now, between those of h2.
    #[inline]
    fn owes_frames(&self) -> bool {
        self.meter.is_some() && !self.within && (self.link.has_frames() || self.frames_sent < self.frames.len())
    }

    /// Sends frames of ours.
    #[cold]
    fn poll_frames(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.owes_frames() {
            if self.frames_sent == self.frames.len() {
                (self.frames, self.frames_sent) = (self.link.take_frames(), 0);
            }
            let rest = &self.frames[self.frames_sent..];
            let result = match &mut self.stream {
                Stream::Plain(raw) => Pin::new(raw).poll_write(cx, rest),
                Stream::Tls(tls) => Pin::new(tls).poll_write(cx, rest),
                Stream::Tunnel(tunnel) => Pin::new(tunnel).poll_write(cx, rest),
            };
            match ready!(self.counted(result))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                count => self.frames_sent += count,
            }
        }
        Poll::Ready(Ok(()))
    }

    /// HTTP/2: notes whether h2 has written all that it has given.
    #[inline]
    fn note_rest(&mut self, given: usize, result: &Poll<io::Result<usize>>) {
        if self.meter.is_some()
            && let Poll::Ready(Ok(count)) = result
        {
            self.within = *count < given;
        }
    }

    /// Whether the kernel may copy files to it: nothing is encrypted.
    pub(super) fn sends_files(&self) -> bool {
        matches!(self.stream, Stream::Plain(_))
    }

    /// Has the kernel send of a file.
    pub(super) fn poll_send_file(&self, file: &mut FileRange, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let result = self.poll_ready(cx, |link| file.send(link.fd, FILE_AT_ONCE));
        self.counted(result)
    }

    /// Writes what is followed by a file at once, so that both travel in one packet.
    pub(super) fn poll_write_more(&self, bytes: &[u8], cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let result = self.poll_ready(cx, |link| send_more(link.fd, bytes));
        self.counted(result)
    }

    /// Has `act` write to the descriptor, now or when there is room.
    fn poll_ready(
        &self,
        cx: &mut Context<'_>,
        mut act: impl FnMut(&Link) -> io::Result<usize>,
    ) -> Poll<io::Result<usize>> {
        loop {
            let result = match &self.stream {
                Stream::Plain(Raw::Tcp(stream)) => {
                    ready!(stream.poll_write_ready(cx))?;
                    stream.try_io(Interest::WRITABLE, || act(&self.link))
                }
                Stream::Plain(Raw::Unix(stream)) => {
                    ready!(stream.poll_write_ready(cx))?;
                    stream.try_io(Interest::WRITABLE, || act(&self.link))
                }
                Stream::Tls(_) | Stream::Tunnel(_) => return Poll::Ready(Err(io::ErrorKind::Unsupported.into())),
            };
            match result {
                Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {}
                result => return Poll::Ready(result),
            }
        }
    }
}

impl Transport for Socket {
    fn reset_when_dropped(&self) {
        if matches!(self.stream, Stream::Tunnel(_)) {
            // it is its own way to end without a word
            return;
        }
        let linger = libc::linger { l_onoff: 1, l_linger: 0 };
        let size = size_of::<libc::linger>() as libc::socklen_t;
        // SAFETY: reads a value of ours of this size; the descriptor is open as long as its stream, which this holds.
        unsafe {
            libc::setsockopt(self.link.fd, libc::SOL_SOCKET, libc::SO_LINGER, (&raw const linger).cast(), size);
        }
    }

    fn descriptor(&self) -> Option<RawFd> {
        match &self.stream {
            Stream::Plain(Raw::Tcp(stream)) if self.upgraded => Some(stream.as_raw_fd()),
            Stream::Plain(Raw::Unix(stream)) if self.upgraded => Some(stream.as_raw_fd()),
            _ => None,
        }
    }

    fn write_now(&mut self, bytes: &[u8]) -> Poll<io::Result<usize>> {
        // once it has left HTTP nobody counts any more, and what goes to 1,000 connections shall touch little of each
        match self.descriptor() {
            Some(socket) => send_now(socket, bytes),
            None => now(|cx| Pin::new(&mut *self).poll_write(cx, bytes)),
        }
    }
}

/// Sends what is followed by more at once, so that both travel in one packet.
fn send_more(socket: RawFd, bytes: &[u8]) -> io::Result<usize> {
    // SAFETY: the buffer is ours; the descriptor is open for as long as its stream, which the caller holds.
    let count = unsafe { libc::send(socket, bytes.as_ptr().cast(), bytes.len(), libc::MSG_MORE | libc::MSG_NOSIGNAL) };
    usize::try_from(count).map_err(|_| io::Error::last_os_error())
}

/// As much of a file as one system call sends.
const FILE_AT_ONCE: usize = 4 << 20;

/// Up to this many bytes are joined before they are sent.
const JOINED: usize = 1024;

/// Up to this many bytes are short.
const SHORT: usize = 16 << 10;

impl AsyncRead for Socket {
    #[inline]
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.upgraded {
            if self.link.expired.get() {
                return Poll::Ready(Ok(()));
            }
            match &mut *self.link.task.borrow_mut() {
                Some(waker) => waker.clone_from(cx.waker()),
                none => *none = Some(cx.waker().clone()),
            }
        }
        let before = buf.filled().len();
        let result = if self.early.is_empty() {
            self.poll_stream(cx, buf)
        } else {
            let count = buf.remaining().min(self.early.len());
            buf.put_slice(&self.early[..count]);
            self.early.advance(count);
            if self.early.is_empty() {
                // an empty slice still holds on to what it was cut from
                self.early = Bytes::new();
            }
            Poll::Ready(Ok(()))
        };
        if result.is_ready() {
            let this = &mut *self;
            let new = &buf.filled()[before..];
            this.link.has_read(new.len());
            if !matches!(this.stream, Stream::Tunnel(_)) {
                traffic::received(new.len());
            }
            if let Some(meter) = &mut this.meter {
                let goes_on = meter.scan(new, &this.link);
                if !goes_on {
                    // the rest is not for us; the connection's task says why
                    buf.set_filled(before);
                }
            }
        }
        result
    }
}

impl AsyncWrite for Socket {
    #[inline]
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        if self.owes_frames() {
            ready!(self.poll_frames(cx))?;
        }
        let given = buf.len();
        let fd = self.link.fd;
        let result = match &mut self.stream {
            // there is room for most that is short: the runtime is asked only where there was none
            Stream::Plain(raw) => match if given <= SHORT { send_now(fd, buf) } else { Poll::Pending } {
                Poll::Pending => Pin::new(raw).poll_write(cx, buf),
                sent => sent,
            },
            Stream::Tls(tls) => Pin::new(tls).poll_write(cx, buf),
            Stream::Tunnel(tunnel) => Pin::new(tunnel).poll_write(cx, buf),
        };
        self.note_rest(given, &result);
        self.counted(result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.owes_frames() {
            ready!(self.poll_frames(cx))?;
        }
        let given = bufs.iter().map(|buf| buf.len()).sum::<usize>();
        let result = match &mut self.stream {
            // head and a small body in one piece: the copy costs less than what send() saves over writev()
            Stream::Plain(_) if given <= JOINED => {
                let mut joined = std::mem::take(&mut self.joined);
                joined.clear();
                bufs.iter().for_each(|buf| joined.extend_from_slice(buf));
                let result = self.as_mut().poll_write(cx, &joined);
                self.joined = joined;
                return result;
            }
            Stream::Plain(raw) => Pin::new(raw).poll_write_vectored(cx, bufs),
            Stream::Tls(tls) => Pin::new(tls).poll_write_vectored(cx, bufs),
            Stream::Tunnel(tunnel) => Pin::new(tunnel).poll_write_vectored(cx, bufs),
        };
        self.note_rest(given, &result);
        self.counted(result)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    #[inline]
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.owes_frames() {
            ready!(self.poll_frames(cx))?;
        }
        let Stream::Tls(tls) = &mut self.stream else { return Poll::Ready(Ok(())) };
        // what was written may still wait inside
        let result = Pin::new(tls).poll_flush(cx);
        if result.is_pending() {
            self.link.has_written(None);
        }
        result
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(raw) => Pin::new(raw).poll_shutdown(cx),
            Stream::Tls(tls) => Pin::new(tls).poll_shutdown(cx),
            Stream::Tunnel(tunnel) => Pin::new(tunnel).poll_shutdown(cx),
        }
    }
}
