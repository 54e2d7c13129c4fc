//! A [`Protocol`] on an asynchronous socket.
//!
//! An idle connection is no task and holds no buffer: whoever wants a message reads the socket, whoever sends writes it at once.
//! Only what the socket does not take waits in the queue, for a task that lives until the queue is empty. The end of a
//! connection is such a task too: it sends what is left, closes our direction, reads the other one away and drops the socket.

mod direct;
mod reading;
mod room;
mod scratch;

pub use direct::{Sent, send_frame};
pub(in crate::io) use direct::{now, send_now};
use reading::Read;
pub use room::Room;

use super::frame::flag;
use super::protocol::{Failure, Message, Options, Protocol, Refused};
use super::{frame, opcode};
use crate::local_task;
use bytes::{Buf, BytesMut};
use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::io;
use std::os::fd::RawFd;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, timeout};

/// How long the other side may read nothing of what is left for it, how long it may take for all, and then to close its direction.
const LAST_WORDS: Duration = Duration::from_secs(5);
const LINGER: Duration = Duration::from_secs(60);
const FAREWELL: Duration = Duration::from_secs(1);

/// Bytes of answers to pings that may wait.
const MOST_ANSWERS: usize = 16 << 10;

/// Why no message will come any more.
#[derive(Debug)]
pub enum Ended {
    /// The other side has closed the connection, or we have.
    Closed,
    /// The other side broke the protocol: it has been told, and the connection is being closed.
    Failed(Failure),
    /// The socket failed.
    Io(io::Error),
}

/// Why a message was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendError {
    /// The connection is closed, or a close frame has been sent.
    Closed,
    /// The queue has no room: the other side does not read.
    Full,
    /// A control frame of more than 125 bytes.
    TooLong,
}

impl From<Refused> for SendError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::TooLong => Self::TooLong,
            Refused::Closed => Self::Closed,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// Nothing more is taken in; what is queued goes out, then the socket is closed.
    Ending,
    Gone,
}

/// What a connection runs over.
pub trait Transport: AsyncRead + AsyncWrite + Unpin {
    /// Has the other side told that the connection was broken off, once this is dropped.
    fn reset_when_dropped(&self) {}

    /// The descriptor of a plain socket, to which bytes may be sent past all of this.
    fn descriptor(&self) -> Option<RawFd> {
        None
    }

    /// Writes what can be written at once; nobody is woken when there is room again.
    fn write_now(&mut self, bytes: &[u8]) -> Poll<io::Result<usize>>
    where
        Self: Sized,
    {
        now(|cx| Pin::new(&mut *self).poll_write(cx, bytes))
    }
}

/// Hears how a connection fares.
pub trait Watcher {
    /// So many bytes wait to be sent.
    fn queued(&self, bytes: usize);
    /// The other side has said something.
    fn heard(&self);
    /// The other side broke the protocol, and will be told in a moment.
    fn broken(&self, failure: &Failure);
    /// From now on bare frames may be sent to the socket as they are, by [`send_frame`], or may not any more.
    fn direct(&self, _socket: Option<RawFd>) {}
}

/// A WebSocket connection on one thread; shared by those who read it and those who send.
#[repr(C)]
pub struct Connection<S> {
    // what a message that is sent to many needs of each of them stands in front, in one line of the cache
    /// The socket, as long as frames may go to it as they are: it is plain, it is open, nothing waits, nothing is compressed or masked.
    direct: Cell<Option<RawFd>>,
    state: Cell<State>,
    /// A task empties the queue, or ends the connection.
    served: Cell<bool>,
    /// Nothing is read.
    held: Cell<bool>,
    socket: RefCell<Option<S>>,
    protocol: RefCell<Protocol>,
    deliver_close: bool,
    /// What the socket has not taken.
    queue: RefCell<BytesMut>,
    /// Bytes of answers to pings that were queued since it was empty.
    answers: Cell<usize>,
    limit: usize,
    reader: RefCell<Option<Waker>>,
    /// That task, while it waits for the socket of an open connection.
    worker: RefCell<Option<Waker>>,
    writers: RefCell<Vec<Waker>>,
    watcher: Option<Box<dyn Watcher>>,
}

impl<S> std::fmt::Debug for Connection<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection").field("queued", &self.queued()).finish_non_exhaustive()
    }
}

impl<S> Connection<S> {
    /// Bytes that wait for the other side to read.
    pub fn queued(&self) -> usize {
        self.queue.borrow().len()
    }

    /// Whether messages may be sent.
    pub fn is_open(&self) -> bool {
        self.state.get() == State::Open && !self.protocol.borrow().close_sent()
    }

    /// Whether nothing more is to come: what is left goes out, and the other side is waited for to close.
    pub fn is_ending(&self) -> bool {
        self.state.get() == State::Ending
    }

    /// Whether compression was agreed on.
    pub fn compresses(&self) -> bool {
        self.protocol.borrow().compresses()
    }

    fn has_room(&self, length: usize) -> bool {
        let queued = self.queued();
        queued == 0 || queued.saturating_add(length) <= self.limit
    }

    /// Whether a ping may be answered: who sends them and reads nothing gets some pongs when he reads again, not a queue without end.
    fn may_answer(&self, length: usize) -> bool {
        let before = if self.queued() == 0 { 0 } else { self.answers.get() };
        self.answers.set(before + length);
        before < MOST_ANSWERS
    }

    fn queue_changed(&self) {
        if let Some(watcher) = &self.watcher {
            watcher.queued(self.queued());
        }
    }

    /// Wakes `waker` when more has been sent, or the connection has ended.
    pub fn await_progress(&self, waker: &Waker) {
        self.writers.borrow_mut().push(waker.clone());
    }

    fn wake_writers(&self) {
        let writers = std::mem::take(&mut *self.writers.borrow_mut());
        writers.into_iter().for_each(Waker::wake);
    }

    /// Stops or continues to read; whether that changes anything.
    pub fn hold(&self, held: bool) -> bool {
        let changes = self.held.replace(held) != held;
        if changes && !held {
            wake(&self.reader);
        }
        changes
    }

    /// Drops the socket and what is queued.
    pub fn abort(&self) {
        self.lost();
    }

    /// The socket is of no more use.
    fn lost(&self) {
        self.close_direct();
        self.state.set(State::Gone);
        drop(self.socket.take());
        self.queue.take();
        self.wake_writers();
        wake(&self.reader);
    }
}

impl<S: Transport + 'static> Connection<S> {
    /// A connection after its handshake. `early` is what came behind the handshake; up to `limit` bytes, or one message, may wait
    /// for the other side to read.
    pub fn over(socket: S, early: &[u8], options: Options, limit: usize) -> Rc<Self> {
        Self::new(Some(socket), early, options, limit, None)
    }

    fn new(
        socket: Option<S>,
        early: &[u8],
        options: Options,
        limit: usize,
        watcher: Option<Box<dyn Watcher>>,
    ) -> Rc<Self> {
        let deliver_close = options.deliver_close;
        let mut protocol = Protocol::new(options);
        protocol.feed(early);
        let made = Rc::new(Self {
            direct: Cell::new(None),
            state: Cell::new(State::Open),
            served: Cell::new(false),
            held: Cell::new(false),
            socket: RefCell::new(socket),
            protocol: RefCell::new(protocol),
            deliver_close,
            queue: RefCell::default(),
            answers: Cell::new(0),
            limit,
            reader: RefCell::new(None),
            worker: RefCell::new(None),
            writers: RefCell::default(),
            watcher,
        });
        made.open_direct();
        made
    }

    /// A connection whose socket comes later, by [`attach`](Self::attach): what is sent until then is queued.
    pub fn without_socket(options: Options, limit: usize, watcher: Box<dyn Watcher>) -> Rc<Self> {
        let made = Self::new(None, &[], options, limit, Some(watcher));
        made.served.set(true);
        made
    }

    /// Gives it its socket, and what came behind the handshake.
    ///
    /// Must be called inside of a runtime.
    pub fn attach(self: &Rc<Self>, socket: S, early: &[u8]) {
        if self.state.get() == State::Gone {
            return;
        }
        self.protocol.borrow_mut().feed(early);
        self.socket.replace(Some(socket));
        self.served.set(false);
        wake(&self.reader);
        if self.state.get() == State::Ending || self.queued() > 0 {
            self.serve();
        } else {
            self.open_direct();
        }
    }

    /// The next message. One task at a time; dropping the future loses nothing.
    ///
    /// # Errors
    /// No more messages will come.
    pub async fn receive(self: &Rc<Self>) -> Result<Message, Ended> {
        poll_fn(|cx| self.poll_receive(cx)).await
    }

    /// As [`receive`](Self::receive), for those who poll.
    ///
    /// # Errors
    /// No more messages will come.
    pub fn poll_receive(self: &Rc<Self>, cx: &mut Context<'_>) -> Poll<Result<Message, Ended>> {
        loop {
            if self.state.get() != State::Open {
                return Poll::Ready(Err(Ended::Closed));
            }
            if self.held.get() {
                *self.reader.borrow_mut() = Some(cx.waker().clone());
                return Poll::Pending;
            }
            let mut replies = Vec::new();
            let next = self.protocol.borrow_mut().next(&mut replies);
            let over = self.protocol.borrow().is_over();
            if over {
                self.close_direct();
            }
            if !replies.is_empty() && (over || self.may_answer(replies.len())) {
                self.put(&replies);
            }
            match next {
                Ok(Some(message)) if message.opcode == opcode::CLOSE && !self.deliver_close => {
                    self.end();
                    return Poll::Ready(Err(Ended::Closed));
                }
                Ok(Some(message)) => return Poll::Ready(Ok(message)),
                Ok(None) if over => {
                    self.end();
                    return Poll::Ready(Err(Ended::Closed));
                }
                Ok(None) => {}
                Err(failure) => {
                    if let Some(watcher) = &self.watcher {
                        watcher.broken(&failure);
                    }
                    if failure == Failure::MALFORMED {
                        self.reset();
                    } else {
                        self.end();
                    }
                    return Poll::Ready(Err(Ended::Failed(failure)));
                }
            }
            match self.poll_read(cx) {
                Poll::Ready(Ok(Some(read))) => {
                    if let Some(watcher) = &self.watcher {
                        watcher.heard();
                    }
                    if let Read::Message(message) = read {
                        return Poll::Ready(Ok(message));
                    }
                }
                Poll::Ready(Ok(None)) => {
                    self.lost();
                    return Poll::Ready(Err(Ended::Closed));
                }
                Poll::Ready(Err(error)) => {
                    self.lost();
                    return Poll::Ready(Err(Ended::Io(error)));
                }
                Poll::Pending => {
                    match &mut *self.reader.borrow_mut() {
                        Some(waker) => waker.clone_from(cx.waker()),
                        none => *none = Some(cx.waker().clone()),
                    }
                    return Poll::Pending;
                }
            }
        }
    }

    /// Drops the connection in a way that the other side sees.
    fn reset(&self) {
        if let Some(socket) = &*self.socket.borrow() {
            socket.reset_when_dropped();
        }
        self.lost();
    }

    /// Sends a message, or queues what the socket does not take now. Flags as in [`Protocol::send`].
    ///
    /// Must be called inside of a runtime.
    ///
    /// # Errors
    /// Nothing was sent or queued.
    pub fn send(self: &Rc<Self>, kind: u8, flags: u8, payload: &[u8]) -> Result<(), SendError> {
        if let Some(sent) = self.send_direct(kind, flags, payload) {
            return sent;
        }
        if self.state.get() != State::Open {
            return Err(SendError::Closed);
        }
        if !self.has_room(payload.len()) {
            return Err(SendError::Full);
        }
        let mut bytes = scratch::take();
        let sent = self.protocol.borrow_mut().send(kind, flags, payload, &mut bytes);
        if kind == opcode::CLOSE {
            self.close_direct();
        }
        self.put(&bytes);
        scratch::give(bytes);
        match sent {
            Ok(()) if self.state.get() == State::Gone => Err(SendError::Closed),
            sent => Ok(sent?),
        }
    }

    /// Ready when a message of this length may be sent, or never any more.
    pub fn room(self: &Rc<Self>, length: usize) -> Room<S> {
        Room { connection: Rc::clone(self), length }
    }

    /// Sends bytes that are whole frames, behind what waits already.
    ///
    /// Must be called inside of a runtime.
    ///
    /// # Errors
    /// Nothing was sent: the connection is closed, or the queue has no room.
    pub fn send_packed(self: &Rc<Self>, frames: &[u8]) -> Result<(), SendError> {
        if !self.is_open() {
            return Err(SendError::Closed);
        }
        if !self.has_room(frames.len()) {
            return Err(SendError::Full);
        }
        self.put(frames);
        Ok(())
    }

    /// Closes the connection: a close frame (unless there was one), then the socket, without waiting for either.
    ///
    /// Must be called inside of a runtime.
    pub fn close(self: &Rc<Self>, code: u16, reason: &[u8]) {
        if self.state.get() == State::Open {
            self.close_direct();
            let mut bytes = Vec::new();
            let reason = &reason[..reason.len().min(frame::LONGEST_CONTROL - 2)];
            if self.protocol.borrow_mut().close(code, reason, &mut bytes).is_ok() {
                self.put(&bytes);
            }
            self.end();
        }
    }

    /// Closes the socket when what is queued has been sent; without a close frame, unless one is owed.
    pub fn end(self: &Rc<Self>) {
        if self.state.get() != State::Open {
            return;
        }
        let owed = self.protocol.borrow().close_owed();
        if let Some(said) = owed {
            let mut answer = Vec::new();
            // none has been sent, and it is as long as the one that came
            let _ = self.protocol.borrow_mut().send(opcode::CLOSE, flag::FIN, &said, &mut answer);
            self.put(&answer);
        }
        if self.state.get() == State::Gone {
            return;
        }
        self.state.set(State::Ending);
        wake(&self.worker);
        self.wake_writers();
        wake(&self.reader);
        self.serve();
    }

    /// Writes, behind what waits already.
    fn put(self: &Rc<Self>, mut bytes: &[u8]) {
        if !self.served.get() && self.queued() == 0 {
            while !bytes.is_empty() {
                let written = match &mut *self.socket.borrow_mut() {
                    Some(socket) => socket.write_now(bytes),
                    None => return,
                };
                match written {
                    Poll::Ready(Ok(count)) if count > 0 => bytes = &bytes[count..],
                    Poll::Ready(_) => return self.lost(),
                    Poll::Pending => break,
                }
            }
        }
        if self.state.get() == State::Gone {
            return;
        }
        if !bytes.is_empty() {
            self.queue.borrow_mut().extend_from_slice(bytes);
            self.queue_changed();
            self.serve();
        } else if !self.served.get() && now(|cx| self.flush(cx)).is_pending() {
            self.serve();
        }
    }

    /// Has the socket send what it has buffered itself, as TLS does.
    fn flush(&self, cx: &mut Context<'_>) -> Poll<()> {
        let flushed = match &mut *self.socket.borrow_mut() {
            Some(socket) => Pin::new(socket).poll_flush(cx),
            None => return Poll::Ready(()),
        };
        if ready!(flushed).is_err() {
            self.lost();
        }
        Poll::Ready(())
    }

    /// Starts the task that does what cannot be done at once.
    fn serve(self: &Rc<Self>) {
        self.close_direct();
        if !self.served.replace(true) {
            local_task::spawn(Rc::clone(self).work());
        }
    }

    async fn work(self: Rc<Self>) {
        while self.state.get() == State::Open {
            poll_fn(|cx| self.poll_flush_while_open(cx)).await;
            if self.state.get() == State::Open && self.queued() == 0 {
                break;
            }
        }
        if self.state.get() == State::Ending {
            self.say_last_words().await;
            // nobody is left to be told of an error
            let _ = timeout(FAREWELL, poll_fn(|cx| self.poll_farewell(cx))).await;
            self.lost();
        }
        self.served.set(false);
        self.open_direct();
    }

    /// Sends what is queued, unless the peer does not read.
    async fn say_last_words(&self) {
        let start = Instant::now();
        loop {
            let before = self.queued();
            let sent = timeout(LAST_WORDS, poll_fn(|cx| self.poll_flush(cx))).await.is_ok();
            if sent || self.state.get() == State::Gone {
                return;
            }
            if self.queued() == before || start.elapsed() >= LINGER {
                return self.lost();
            }
        }
    }

    fn poll_flush_while_open(&self, cx: &mut Context<'_>) -> Poll<()> {
        if self.state.get() != State::Open {
            return Poll::Ready(());
        }
        *self.worker.borrow_mut() = Some(cx.waker().clone());
        self.poll_flush(cx)
    }

    /// Empties the queue.
    fn poll_flush(&self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            let mut queue = self.queue.borrow_mut();
            if queue.is_empty() {
                *queue = BytesMut::new();
                drop(queue);
                return self.flush(cx);
            }
            let written = match &mut *self.socket.borrow_mut() {
                Some(socket) => Pin::new(socket).poll_write(cx, &queue),
                None => return Poll::Ready(()),
            };
            let count = match written {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Ok(count)) if count > 0 => count,
                Poll::Ready(_) => {
                    drop(queue);
                    self.lost();
                    return Poll::Ready(());
                }
            };
            queue.advance(count);
            let room = queue.len() <= self.limit / 2;
            drop(queue);
            self.queue_changed();
            if room {
                self.wake_writers();
            }
        }
    }

    /// Closes our direction and reads the other one to its end.
    fn poll_farewell(&self, cx: &mut Context<'_>) -> Poll<()> {
        let mut socket = self.socket.borrow_mut();
        let Some(socket) = &mut *socket else { return Poll::Ready(()) };
        let _ = ready!(Pin::new(&mut *socket).poll_shutdown(cx));
        let mut bytes = [0; 4096];
        loop {
            let mut buffer = ReadBuf::new(&mut bytes);
            match ready!(Pin::new(&mut *socket).poll_read(cx, &mut buffer)) {
                Ok(()) if !buffer.filled().is_empty() => {}
                _ => return Poll::Ready(()),
            }
        }
    }
}

fn wake(place: &RefCell<Option<Waker>>) {
    let waker = place.borrow_mut().take();
    if let Some(waker) = waker {
        waker.wake();
    }
}
