//! One connection's socket, and what the rest of the server knows about it.

use super::outgoing::{END, Next, Outgoing};
use super::upgrade::Slot;
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::os::fd::RawFd;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker, ready};
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::{TcpStream, UnixStream};

/// What is known about a connection; requests that came over it hold it too.
#[derive(Debug)]
pub struct Link {
    /// The client's address, `None` on a unix socket.
    pub remote: Option<SocketAddr>,
    /// The address the client connected to, `None` on a unix socket.
    pub local: Option<SocketAddr>,
    /// The descriptor's number; it may mean another connection once this one has ended.
    pub fd: RawFd,
    /// The number by which others know it, 0 where there is none.
    pub session: Cell<i64>,
    /// Counts reads and writes that moved bytes; the sweep compares it with what it saw before.
    progress: Cell<u32>,
    seen: Cell<u32>,
    strikes: Cell<u8>,
    /// A handler works on a request, so silence is its business.
    pub(super) busy: Cell<bool>,
    /// The client does not read what we send.
    write_blocked: Cell<bool>,
    /// The server ends: the reply that is in work is the last one.
    pub(super) closing: Cell<bool>,
    /// The sweep has given this connection up.
    pub(super) expired: Cell<bool>,
    /// We ended while the client was still sending: what it sends must be read away, or it never sees our answer.
    pub(super) linger: Cell<bool>,
    /// Who gets the socket when the reply in work has been sent.
    pub(super) upgrade: RefCell<Option<Rc<Slot>>>,
    /// The connection's task, to tell it that the server ends or that it has expired.
    pub(super) task: RefCell<Option<Waker>>,
    /// Whether the kernel may copy files to it: what goes out is neither encrypted nor framed by HTTP/2.
    pub(super) sends_files: Cell<bool>,
    /// What goes out in the place of bytes that hyper writes.
    pub(super) outgoing: Outgoing,
}

impl Link {
    pub(super) fn new(remote: Option<SocketAddr>, local: Option<SocketAddr>, fd: RawFd) -> Self {
        Self {
            remote,
            local,
            fd,
            session: Cell::new(0),
            progress: Cell::new(0),
            seen: Cell::new(0),
            strikes: Cell::new(0),
            busy: Cell::new(false),
            write_blocked: Cell::new(false),
            closing: Cell::new(false),
            expired: Cell::new(false),
            linger: Cell::new(false),
            upgrade: RefCell::new(None),
            task: RefCell::new(None),
            sends_files: Cell::new(true),
            outgoing: Outgoing::default(),
        }
    }

    /// A connection that another process has.
    pub fn elsewhere(remote: Option<SocketAddr>, local: Option<SocketAddr>, session: i64) -> Self {
        let link = Self::new(remote, local, -1);
        link.session.set(session);
        link
    }

    /// Ends the connection at once.
    pub fn abort(&self) {
        self.expired.set(true);
        self.wake();
    }

    /// Ends the connection after the reply that is in work; at once if there is none.
    pub fn end(&self) {
        self.closing.set(true);
        self.wake();
    }

    fn moved(&self) {
        self.progress.set(self.progress.get().wrapping_add(1));
    }

    /// Called every quarter of the idle limit: four visits without any progress are the end.
    pub(super) fn visit(&self) {
        let waiting_for_client = !self.busy.get() || self.write_blocked.get();
        if !waiting_for_client || self.progress.get() != self.seen.get() {
            self.seen.set(self.progress.get());
            self.strikes.set(0);
            return;
        }
        self.strikes.set(self.strikes.get() + 1);
        if self.strikes.get() >= 4 {
            self.expired.set(true);
            self.wake();
        }
    }

    pub(super) fn wake(&self) {
        let task = self.task.borrow().clone();
        if let Some(task) = task {
            task.wake();
        }
    }
}

#[derive(Debug)]
pub(super) enum Stream {
    Tcp(TcpStream),
    Unix(UnixStream),
}

/// The socket of a connection, which hyper reads and writes; every success counts as progress.
#[derive(Debug)]
pub struct Socket {
    pub(super) stream: Stream,
    pub(super) link: Rc<Link>,
    /// Room to join small writes, used again.
    joined: Vec<u8>,
    /// Whoever accepted it hears of its end when this is dropped.
    pub(super) guard: Option<Box<dyn Any>>,
    /// Another protocol has it, whose task must hear that it shall end.
    upgraded: bool,
}

impl Socket {
    pub(super) fn new(stream: Stream, link: Rc<Link>) -> Self {
        Self { stream, link, joined: Vec::new(), guard: None, upgraded: false }
    }

    /// From here on whoever reads it is woken to end, and reads an end.
    pub(super) fn leaves_http(&mut self) {
        self.upgraded = true;
    }

    fn counted(&self, result: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        self.link.write_blocked.set(result.is_pending());
        if result.is_ready() {
            self.link.moved();
        }
        result
    }
}

impl Socket {
    /// Writes while files or trailers are promised: what comes before them, or them.
    fn poll_write_promised(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.link.outgoing.next(bufs.iter().map(|buf| &**buf)) {
            Next::Slices(1) if bufs.len() > 1 && self.link.sends_files.get() => {
                let result = self.poll_ready(cx, |link| send_more(link.fd, &bufs[0]));
                self.counted(result)
            }
            Next::Slices(count) => self.poll_write_slices(cx, &bufs[..count]),
            Next::File(length) => {
                let result = self.poll_ready(cx, |link| link.outgoing.send_file(link.fd, length));
                self.counted(result)
            }
            Next::Trailers => loop {
                let ending = self.link.outgoing.ending();
                let count = ready!(self.as_mut().poll_write(cx, &ending))?;
                if self.link.outgoing.ended(count) {
                    return Poll::Ready(Ok(END.len()));
                }
            },
        }
    }

    /// Has `act` write to the descriptor, now or when there is room.
    fn poll_ready(&self, cx: &mut Context<'_>, act: impl Fn(&Link) -> io::Result<usize>) -> Poll<io::Result<usize>> {
        loop {
            let result = match &self.stream {
                Stream::Tcp(stream) => {
                    ready!(stream.poll_write_ready(cx))?;
                    stream.try_io(Interest::WRITABLE, || act(&self.link))
                }
                Stream::Unix(stream) => {
                    ready!(stream.poll_write_ready(cx))?;
                    stream.try_io(Interest::WRITABLE, || act(&self.link))
                }
            };
            match result {
                Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {}
                result => return Poll::Ready(result),
            }
        }
    }
}

/// Sends what is followed by more at once, so that both travel in one packet.
fn send_more(socket: RawFd, bytes: &[u8]) -> io::Result<usize> {
    // SAFETY: the buffer is ours; the descriptor is open for as long as its stream, which the caller holds.
    let count = unsafe { libc::send(socket, bytes.as_ptr().cast(), bytes.len(), libc::MSG_MORE | libc::MSG_NOSIGNAL) };
    usize::try_from(count).map_err(|_| io::Error::last_os_error())
}

/// Up to this many bytes are joined before they are sent.
const JOINED: usize = 1024;

impl AsyncRead for Socket {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.upgraded {
            if self.link.expired.get() {
                return Poll::Ready(Ok(()));
            }
            *self.link.task.borrow_mut() = Some(cx.waker().clone());
        }
        let result = match &mut self.stream {
            Stream::Tcp(stream) => Pin::new(stream).poll_read(cx, buf),
            Stream::Unix(stream) => Pin::new(stream).poll_read(cx, buf),
        };
        if result.is_ready() {
            self.link.moved();
        }
        result
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let result = match &mut self.stream {
            Stream::Tcp(stream) => Pin::new(stream).poll_write(cx, buf),
            Stream::Unix(stream) => Pin::new(stream).poll_write(cx, buf),
        };
        self.counted(result)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if !self.link.outgoing.is_plain() {
            return self.poll_write_promised(cx, bufs);
        }
        self.poll_write_slices(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Tcp(stream) => Pin::new(stream).poll_shutdown(cx),
            Stream::Unix(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}

impl Socket {
    #[inline]
    fn poll_write_slices(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        // head and a small body in one piece: the copy costs less than what send() saves over writev()
        if bufs.iter().map(|buf| buf.len()).sum::<usize>() <= JOINED {
            let mut joined = std::mem::take(&mut self.joined);
            joined.clear();
            bufs.iter().for_each(|buf| joined.extend_from_slice(buf));
            let result = self.as_mut().poll_write(cx, &joined);
            self.joined = joined;
            return result;
        }
        let result = match &mut self.stream {
            Stream::Tcp(stream) => Pin::new(stream).poll_write_vectored(cx, bufs),
            Stream::Unix(stream) => Pin::new(stream).poll_write_vectored(cx, bufs),
        };
        self.counted(result)
    }
}
