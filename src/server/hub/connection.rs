//! One connection of bytes: reads, cuts into packets, hands on, sends.

use super::output::Output;
use super::peer::{Base, Peer};
use super::stream::Stream;
use super::{End, Hub, PortSettings, SendError};
use crate::io::framing::Framer;
use crate::io::traffic;
use crate::server::session::{CLOSED, OVERFLOW, Row};
use std::cell::{Cell, RefCell};
use std::fs::File;
use std::future::Future;
use std::io;
use std::os::fd::AsRawFd;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use tokio::io::{AsyncRead, ReadBuf};

/// Bytes that are read at a time.
const READ: usize = 64 << 10;

thread_local! {
    /// What connections read into, so that an idle one has no buffer.
    static SCRATCH: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// A connection that is open in this process.
pub(super) struct Connection {
    base: Base,
    settings: Rc<PortSettings>,
    /// `None` once it is closed.
    stream: RefCell<Option<Stream>>,
    output: RefCell<Output>,
    /// `None` where bytes are handed on as they come.
    framer: RefCell<Option<Framer>>,
    task: RefCell<Option<Waker>>,
    /// Who waits for room in the queue.
    senders: RefCell<Vec<Waker>>,
    paused: Cell<bool>,
    /// Who gets what it reads is far behind.
    held: Cell<bool>,
    /// It ends when all is sent.
    ending: Cell<bool>,
    high: Cell<bool>,
}

impl Connection {
    pub(super) fn new(id: i64, port: u16, settings: Rc<PortSettings>, stream: Stream) -> Rc<Self> {
        let framing = &settings.framing;
        let framer = (!framing.is_raw()).then(|| Framer::new(framing.clone()));
        let paused = Cell::new(settings.delay_receive);
        Rc::new(Self {
            base: Base { id, port, heartbeat_idle: settings.heartbeat_idle, closed: Cell::new(false) },
            settings,
            stream: RefCell::new(Some(stream)),
            output: RefCell::default(),
            framer: RefCell::new(framer),
            task: RefCell::new(None),
            senders: RefCell::default(),
            paused,
            held: Cell::new(false),
            ending: Cell::new(false),
            high: Cell::new(false),
        })
    }

    fn wake(&self) {
        let task = self.task.borrow().clone();
        if let Some(task) = task {
            task.wake();
        }
    }

    fn is_open(&self) -> Result<(), SendError> {
        let open = !self.ending.get() && self.stream.borrow().is_some();
        open.then_some(()).ok_or(SendError::Closed)
    }

    fn may_send(&self, row: &Row) -> Result<(), SendError> {
        self.is_open()?;
        if row.flags() & CLOSED != 0 {
            return Err(SendError::Closed);
        }
        if row.flags() & OVERFLOW != 0 {
            return Err(SendError::Overflow);
        }
        Ok(())
    }

    fn queued(&self, hub: &Hub, row: &Row, bytes: usize) {
        row.set_unsent(bytes);
        if bytes >= self.settings.buffer {
            row.set(OVERFLOW, true);
        }
        self.wake();
        if bytes >= self.settings.high_watermark && !self.high.replace(true) {
            hub.events().buffer_full(self.base.origin());
        }
    }

    fn has_flushed(&self, hub: &Hub) {
        let bytes = self.output.borrow().bytes();
        if let Some(row) = hub.sessions().row(self.base.id) {
            row.set_unsent(bytes);
            if bytes < self.settings.buffer {
                row.set(OVERFLOW, false);
            }
        }
        if bytes < self.settings.buffer {
            let senders = std::mem::take(&mut *self.senders.borrow_mut());
            senders.into_iter().for_each(Waker::wake);
        }
        if bytes <= self.settings.low_watermark && self.high.replace(false) {
            hub.events().buffer_empty(self.base.origin());
        }
    }
}

impl Peer for Connection {
    fn base(&self) -> &Base {
        &self.base
    }

    fn certificate(&self) -> Option<String> {
        self.stream.borrow().as_ref()?.certificate()
    }

    fn pause(&self, paused: bool) {
        if self.paused.replace(paused) && !paused {
            self.wake();
        }
    }

    fn hold(&self, held: bool) -> bool {
        let changes = self.held.replace(held) != held;
        if changes && !held {
            self.wake();
        }
        changes
    }

    fn send(&self, hub: &Hub, row: &Row, data: &[u8], force: bool) -> Result<(), SendError> {
        if force {
            // The flags tell what the sender has done since.
            self.is_open()?;
        } else {
            self.may_send(row)?;
        }
        let mut output = self.output.borrow_mut();
        let mut rest = data;
        if output.is_empty()
            && let Some(stream) = &*self.stream.borrow()
        {
            // An error shows again when the task writes or reads, and ends the connection there.
            let sent = stream.try_write(data).unwrap_or(0);
            if sent > 0 {
                row.has_sent();
            }
            rest = &data[sent..];
        }
        if rest.is_empty() {
            return Ok(());
        }
        output.push(rest);
        let bytes = output.bytes();
        drop(output);
        self.queued(hub, row, bytes);
        Ok(())
    }

    fn send_file(&self, _: &Row, file: File, offset: u64, length: u64) -> Result<(), SendError> {
        self.is_open()?;
        self.output.borrow_mut().push_file(file, offset, length);
        self.wake();
        Ok(())
    }

    fn flush_blocking(&self, hub: &Hub) -> bool {
        let waker = Waker::noop();
        loop {
            {
                let mut stream = self.stream.borrow_mut();
                let Some(stream) = &mut *stream else { return false };
                let socket = stream.socket().as_raw_fd();
                match self.output.borrow_mut().poll_flush_now(stream, &mut Context::from_waker(waker)) {
                    Ok(true) => break,
                    Ok(false) => {}
                    Err(_) => return false,
                }
                let mut poll = libc::pollfd { fd: socket, events: libc::POLLOUT, revents: 0 };
                // SAFETY: one descriptor that is open, in memory of ours.
                unsafe { libc::poll(&raw mut poll, 1, -1) };
            }
        }
        self.has_flushed(hub);
        true
    }

    fn is_flushed(&self) -> bool {
        self.output.borrow().is_empty() || self.stream.borrow().is_none()
    }

    fn await_progress(&self, waker: &Waker) {
        self.senders.borrow_mut().push(waker.clone());
    }

    fn end(&self, hub: &Hub, now: bool) {
        if !now && !self.is_flushed() {
            if !self.ending.replace(true) {
                hub.end_later(self.base.id);
            }
            self.wake();
            return;
        }
        let is_whole = self.is_flushed();
        self.output.borrow_mut().clear();
        let stream = self.stream.borrow_mut().take();
        if let Some(mut stream) = stream
            && is_whole
        {
            stream.say_goodbye();
        }
        let senders = std::mem::take(&mut *self.senders.borrow_mut());
        senders.into_iter().for_each(Waker::wake);
        self.wake();
        hub.remove(self.base.id);
    }
}

/// The task of a connection.
pub(super) struct Drive {
    pub(super) hub: Hub,
    pub(super) connection: Rc<Connection>,
}

enum Read {
    Bytes(usize),
    End(Option<i32>),
}

impl Drive {
    fn peer(&self) -> Rc<dyn Peer> {
        Rc::clone(&self.connection) as Rc<dyn Peer>
    }

    fn poll_flush(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let connection = &self.connection;
        let row = self.hub.sessions().row(connection.base.id);
        let mut moved = false;
        let result = {
            let mut stream = connection.stream.borrow_mut();
            let Some(stream) = &mut *stream else { return Poll::Ready(Ok(())) };
            connection.output.borrow_mut().poll_flush(stream, cx, || moved = true)
        };
        if moved {
            if let Some(row) = row {
                row.has_sent();
            }
            connection.has_flushed(&self.hub);
        }
        result
    }

    fn poll_read(&self, cx: &mut Context<'_>, scratch: &mut [u8]) -> Poll<Read> {
        let mut stream = self.connection.stream.borrow_mut();
        let Some(stream) = &mut *stream else { return Poll::Ready(Read::End(None)) };
        let mut buffer = ReadBuf::new(scratch);
        Pin::new(stream).poll_read(cx, &mut buffer).map(|result| match result {
            Ok(()) if buffer.filled().is_empty() => Read::End(None),
            Ok(()) => {
                traffic::received(buffer.filled().len());
                Read::Bytes(buffer.filled().len())
            }
            Err(error) => Read::End(error.raw_os_error()),
        })
    }

    /// Hands on what was read; false when the connection has ended meanwhile.
    fn deliver(&self, data: &[u8]) -> bool {
        let connection = &self.connection;
        if let Some(row) = self.hub.sessions().row(connection.base.id) {
            row.has_received();
        }
        let origin = connection.base.origin();
        let events = self.hub.events();
        let Some(mut framer) = connection.framer.borrow_mut().take() else {
            events.receive(origin, data);
            return !connection.base.closed.get();
        };
        let result = framer.push(data, |packet| {
            events.receive(origin, packet);
            !connection.base.closed.get()
        });
        if let Some(row) = self.hub.sessions().row(connection.base.id) {
            row.set_unread(framer.buffered().len());
        }
        *connection.framer.borrow_mut() = Some(framer);
        if let Err(refusal) = result {
            self.hub.events().refused(origin, refusal);
            // The client is to learn that what it sent was not taken, as when a socket is closed with bytes in it.
            if let Some(stream) = &*connection.stream.borrow() {
                stream.reset_when_closed();
            }
            self.hub.lost(&self.peer(), None, false);
        }
        !connection.base.closed.get()
    }
}

impl Future for Drive {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let connection = &self.connection;
        match &mut *connection.task.borrow_mut() {
            Some(waker) => waker.clone_from(cx.waker()),
            none => *none = Some(cx.waker().clone()),
        }
        loop {
            if connection.stream.borrow().is_none() {
                return Poll::Ready(());
            }
            let flushed = connection.output.borrow().is_empty();
            if !flushed {
                match self.poll_flush(cx) {
                    Poll::Ready(Err(error)) => {
                        self.hub.lost(&self.peer(), error.raw_os_error(), false);
                        return Poll::Ready(());
                    }
                    Poll::Ready(Ok(())) | Poll::Pending => {}
                }
            }
            if connection.ending.get() && connection.is_flushed() {
                connection.end(&self.hub, false);
                return Poll::Ready(());
            }
            if connection.paused.get() || connection.held.get() || connection.base.closed.get() {
                return Poll::Pending;
            }
            let mut scratch = SCRATCH.take();
            scratch.resize(READ, 0);
            let read = self.poll_read(cx, &mut scratch);
            let alive = match read {
                Poll::Ready(Read::Bytes(count)) => self.deliver(&scratch[..count]),
                _ => true,
            };
            SCRATCH.set(scratch);
            match read {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Read::End(errno)) => {
                    self.hub.lost(&self.peer(), errno, false);
                    return Poll::Ready(());
                }
                Poll::Ready(Read::Bytes(_)) if !alive && connection.stream.borrow().is_none() => return Poll::Ready(()),
                Poll::Ready(Read::Bytes(_)) => {}
            }
        }
    }
}

/// Says that PHP has seen a connection's end: it is taken out when this is dropped.
impl Drop for End {
    fn drop(&mut self) {
        if let Some(peer) = self.peer.take() {
            self.hub.finish(&*peer, self.now);
        }
    }
}
