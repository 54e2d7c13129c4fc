//! One session with a server: its socket, its buffers, and where it stands between request and response.

use super::answer::Part;
use super::error::Error;
use super::request::{Execute, command};
use super::stream::Stream;
use super::wire::{HEADER, Input, seal};
use crate::io::tls::{ClientTls, Error as TlsError};
use std::cell::{Cell, RefCell};
use std::io;
use std::os::fd::RawFd;
use std::path::PathBuf;
use std::rc::Rc;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;
use tokio::time::Instant;

/// A request buffer that has grown past this is given back after use.
const KEEP: usize = 64 * 1024;

/// The server's word for an open transaction.
const IN_TRANSACTION: u16 = 1;

/// Where the server listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// A host name or address, and a port.
    Tcp(String, u16),
    /// A socket in the file system.
    Unix(PathBuf),
}

/// What a session is opened with.
#[derive(Clone, Debug)]
pub struct Options {
    /// The server.
    pub endpoint: Endpoint,
    /// User name.
    pub user: Vec<u8>,
    /// Password; empty for none.
    pub password: Vec<u8>,
    /// The database that is current at first.
    pub database: Vec<u8>,
    /// Number of the character set, see [`super::charset_number`].
    pub charset: u8,
    /// Limit for connecting and logging in together.
    pub timeout: Option<Duration>,
    /// TLS, which the server must then speak.
    pub tls: Option<Rc<ClientTls>>,
}

/// Where a session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Not open.
    Closed,
    /// Ready for a request.
    Idle,
    /// A query was sent.
    Query,
    /// Rows of a query are being read.
    QueryRows,
    /// Another result of a query follows.
    QueryMore,
    /// A statement was sent to be prepared.
    Prepare,
    /// A statement was executed.
    Execute,
    /// Rows of an executed statement are being read.
    ExecuteRows,
    /// Another result of an executed statement follows.
    ExecuteMore,
}

impl Phase {
    /// The number Swoole shows for it.
    pub fn code(self) -> u32 {
        const QUERY: u32 = 1 << 4;
        const EXECUTE: u32 = 1 << 5;
        match self {
            Self::Closed => 0,
            Self::Idle => 1,
            Self::Query => 2 | QUERY,
            Self::QueryRows => 3 | QUERY,
            Self::QueryMore => 4 | QUERY,
            Self::Prepare => 5 | QUERY,
            Self::Execute => 6 | EXECUTE,
            Self::ExecuteRows => 7 | EXECUTE,
            Self::ExecuteMore => 8 | EXECUTE,
        }
    }

    /// Whether a prepared statement's execution is under way.
    pub fn is_execute(self) -> bool {
        matches!(self, Self::Execute | Self::ExecuteRows | Self::ExecuteMore)
    }
}

/// A session with a MySQL or MariaDB server.
pub struct Connection {
    /// `None` before it is connected and after it is closed.
    stream: RefCell<Option<Stream>>,
    input: RefCell<Input>,
    /// Requests of which bytes from `sent` on are still to be written.
    output: RefCell<Vec<u8>>,
    sent: Cell<usize>,
    pub(super) phase: Cell<Phase>,
    pub(super) part: Cell<Part>,
    /// What the server last said of the session.
    pub(super) status: Cell<u16>,
    /// Who waits in [`Connection::fill`]; [`Connection::close`] wakes it. Kept from one wait to the next: it is mostly the same.
    waiter: RefCell<Option<Waker>>,
    waiting: Cell<bool>,
    /// Closed on purpose: a socket that comes late is not wanted any more.
    abandoned: Cell<bool>,
}

impl Default for Connection {
    fn default() -> Self {
        Self {
            stream: RefCell::new(None),
            input: RefCell::default(),
            output: RefCell::default(),
            sent: Cell::new(0),
            phase: Cell::new(Phase::Closed),
            part: Cell::new(Part::Head),
            status: Cell::new(0),
            waiter: RefCell::new(None),
            waiting: Cell::new(false),
            abandoned: Cell::new(false),
        }
    }
}

/// Closes the connection unless the wait it belongs to came to its end.
struct CloseOnDrop<'a>(&'a Connection);

impl Drop for CloseOnDrop<'_> {
    fn drop(&mut self) {
        self.0.waiting.set(false);
        self.0.shut();
    }
}

impl Connection {
    /// Where it stands.
    pub fn phase(&self) -> Phase {
        self.phase.get()
    }

    /// Whether there is a socket, logged in or not.
    pub fn is_open(&self) -> bool {
        self.stream.borrow().is_some()
    }

    /// Whether [`Connection::close`] ended it.
    pub fn was_closed(&self) -> bool {
        self.abandoned.get()
    }

    /// Whether someone waits for the server right now.
    pub fn is_waiting(&self) -> bool {
        self.waiting.get()
    }

    /// The socket's descriptor, for show.
    pub fn descriptor(&self) -> Option<RawFd> {
        self.stream.borrow().as_ref().map(Stream::descriptor)
    }

    pub(super) fn adopt(&self, stream: Stream) -> Result<(), Error> {
        if self.abandoned.get() {
            return Err(Error::connecting(libc::ECANCELED));
        }
        *self.stream.borrow_mut() = Some(stream);
        Ok(())
    }

    pub(super) fn opened(&self) {
        self.phase.set(Phase::Idle);
    }

    /// Whether it is open and nothing of an answer is left to be read.
    ///
    /// # Errors
    /// When it is closed or busy.
    pub fn idle(&self) -> Result<(), Error> {
        match self.phase.get() {
            Phase::Idle => Ok(()),
            Phase::Closed => Err(Error::not_connected()),
            busy => {
                let text = format!(
                    "MySQL client is busy now on state#{}, please use recv/fetchAll/nextResult to get all unread data \
                     and wait for response then try again",
                    busy.code()
                );
                Err(Error::client(libc::EINPROGRESS as u32, text))
            }
        }
    }

    /// Whether a request may be sent: as [`Connection::idle`], and the server has not closed it.
    fn ready(&self) -> Result<(), Error> {
        self.idle()?;
        // Costs a system call only when the runtime has seen something arrive: the end, or the server's last words, which are
        // then read as the answer to the next request.
        let outcome = {
            let mut stream = self.stream.borrow_mut();
            let Some(stream) = stream.as_mut() else { return Err(Error::not_connected()) };
            let mut input = self.input.borrow_mut();
            match stream.try_read(input.room()) {
                Ok(0) => Err(Error::gone(None)),
                Ok(count) => {
                    input.received(count);
                    Ok(())
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(()),
                Err(_) => Err(Error::gone(None)),
            }
        };
        outcome.inspect_err(|_| self.shut())
    }

    /// Whether it could go to another user: open, idle, and the server has not said anything since.
    pub fn is_fit(&self) -> bool {
        self.ready().is_ok() && self.input.borrow().is_empty()
    }

    /// Whether a transaction is open, as the server said with its last answer.
    pub fn in_transaction(&self) -> bool {
        self.status.get() & IN_TRANSACTION != 0
    }

    /// Sends a query; the answer begins with [`Connection::head`].
    ///
    /// # Errors
    /// When it is closed, busy, or was closed by the server, and when writing fails.
    pub fn query(&self, sql: &[u8]) -> Result<(), Error> {
        self.ready()?;
        self.command(command::QUERY, sql, Phase::Query)
    }

    /// Sends a statement to be prepared; the answer is [`Connection::prepared`].
    ///
    /// # Errors
    /// As [`Connection::query`].
    pub fn prepare(&self, sql: &[u8]) -> Result<(), Error> {
        self.ready()?;
        self.command(command::PREPARE, sql, Phase::Prepare)
    }

    /// Asks whether the server is there; the answer is an OK by [`Connection::head`].
    ///
    /// # Errors
    /// As [`Connection::query`].
    pub fn ping(&self) -> Result<(), Error> {
        self.ready()?;
        self.command(command::PING, b"", Phase::Query)
    }

    /// A buffer to build an [`Execute`] in.
    pub fn buffer(&self) -> Vec<u8> {
        if self.unsent() { Vec::new() } else { std::mem::take(&mut *self.output.borrow_mut()) }
    }

    /// Sends the execution of a statement; the answer begins with [`Connection::head`].
    ///
    /// # Errors
    /// As [`Connection::query`].
    pub fn execute(&self, execute: Execute) -> Result<(), Error> {
        self.ready()?;
        let mut bytes = execute.bytes;
        seal(&mut bytes, 0, 0);
        if self.unsent() {
            self.output.borrow_mut().extend_from_slice(&bytes);
        } else {
            *self.output.borrow_mut() = bytes;
            self.sent.set(0);
        }
        self.start(Phase::Execute)
    }

    /// Tells the server to forget statement `id`. It does not answer, so this may come at any time.
    pub fn forget(&self, id: u32) {
        if self.phase.get() != Phase::Closed {
            // A failure shows at the next request.
            let _ = self.put(command::CLOSE, &id.to_le_bytes()).and_then(|()| self.push());
        }
    }

    fn command(&self, command: u8, body: &[u8], phase: Phase) -> Result<(), Error> {
        self.put(command, body)?;
        self.start(phase)
    }

    fn start(&self, phase: Phase) -> Result<(), Error> {
        self.phase.set(phase);
        self.part.set(Part::Head);
        self.push()
    }

    fn unsent(&self) -> bool {
        self.sent.get() < self.output.borrow().len()
    }

    fn put(&self, command: u8, body: &[u8]) -> Result<(), Error> {
        self.put_packet(0, |out| {
            out.push(command);
            out.extend_from_slice(body);
        });
        Ok(())
    }

    pub(super) fn put_packet(&self, sequence: u8, write: impl FnOnce(&mut Vec<u8>)) {
        let mut output = self.output.borrow_mut();
        if self.sent.get() >= output.len() {
            output.clear();
            self.sent.set(0);
        }
        let from = output.len();
        output.extend_from_slice(&[0; HEADER]);
        write(&mut output);
        seal(&mut output, from, sequence);
    }

    /// Writes what the socket takes without waiting.
    pub(super) fn push(&self) -> Result<(), Error> {
        let outcome = loop {
            let mut stream = self.stream.borrow_mut();
            let Some(stream) = stream.as_mut() else { return Err(Error::not_connected()) };
            let output = self.output.borrow();
            let rest = &output[self.sent.get()..];
            if rest.is_empty() {
                break Ok(());
            }
            match stream.try_write(rest) {
                Ok(count) => self.sent.set(self.sent.get() + count),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) => break Err(self.broken(&error)),
            }
        };
        match outcome {
            Ok(()) => {
                self.written();
                Ok(())
            }
            Err(error) => {
                self.shut();
                Err(error)
            }
        }
    }

    fn written(&self) {
        let mut output = self.output.borrow_mut();
        output.clear();
        if output.capacity() > KEEP {
            *output = Vec::new();
        }
        self.sent.set(0);
    }

    /// Sends the rest of the request, if there is one, and receives at least one more byte.
    ///
    /// Dropped before it is done, it leaves the connection closed.
    ///
    /// # Errors
    /// When the connection breaks, is closed, or `deadline` passes; it is closed then.
    pub async fn fill(&self, deadline: Option<Instant>) -> Result<(), Error> {
        self.waited(|context| self.poll_fill(context), deadline).await
    }

    /// Waits until `step` is ready, as the one who waits for this connection.
    async fn waited(
        &self,
        mut step: impl FnMut(&mut Context<'_>) -> Poll<Result<(), Error>>,
        deadline: Option<Instant>,
    ) -> Result<(), Error> {
        let guard = CloseOnDrop(self);
        self.waiting.set(true);
        let work = std::future::poll_fn(|context| {
            let step = step(context);
            if step.is_pending() {
                let mut waiter = self.waiter.borrow_mut();
                if !waiter.as_ref().is_some_and(|waiter| waiter.will_wake(context.waker())) {
                    *waiter = Some(context.waker().clone());
                }
            }
            step
        });
        let outcome = match deadline {
            None => work.await,
            Some(deadline) => match tokio::time::timeout_at(deadline, work).await {
                Ok(outcome) => outcome,
                Err(_) => Err(self.os_error(libc::ETIMEDOUT)),
            },
        };
        outcome?;
        self.waiting.set(false);
        std::mem::forget(guard);
        Ok(())
    }

    fn poll_fill(&self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let mut stream = self.stream.borrow_mut();
        let Some(stream) = stream.as_mut() else { return Poll::Ready(Err(Error::connecting(libc::ECANCELED))) };
        let mut outcome = self.poll_exchange(stream, context);
        // No errno: not the socket failed, but tokio, because the runtime it was registered with is no more.
        let lost = |error: &io::Error| error.raw_os_error().is_none() && error.kind() == io::ErrorKind::Other;
        if matches!(&outcome, Poll::Ready(Err(error)) if lost(error)) && stream.renew().is_ok() {
            outcome = self.poll_exchange(stream, context);
        }
        match outcome {
            Poll::Ready(Ok(0)) => Poll::Ready(Err(self.ended())),
            Poll::Ready(Ok(_)) => Poll::Ready(Ok(())),
            Poll::Ready(Err(error)) => Poll::Ready(Err(self.broken(&error))),
            Poll::Pending => Poll::Pending,
        }
    }

    /// Writes what is unsent, then reads: how many bytes came.
    fn poll_exchange(&self, stream: &mut Stream, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        if self.unsent() || stream.holds_back() {
            while self.unsent() {
                let count = ready!(stream.poll_write(context, &self.output.borrow()[self.sent.get()..]))?;
                self.sent.set(self.sent.get() + count);
            }
            ready!(stream.poll_flush(context))?;
            stream.written();
            self.written();
        }
        let mut input = self.input.borrow_mut();
        let count = ready!(stream.poll_read(context, input.room()))?;
        input.received(count);
        Poll::Ready(Ok(count))
    }

    /// Puts the socket under TLS.
    ///
    /// Dropped before it is done, it leaves the connection closed.
    pub(super) async fn secure(&self, tls: &ClientTls, deadline: Option<Instant>) -> Result<(), Error> {
        // What came before TLS must not be taken for what came through it.
        if !self.input.borrow().is_empty() {
            return Err(self.refuse(Error::tls("data before the handshake")));
        }
        if let Some(stream) = self.stream.borrow_mut().as_mut() {
            stream.start_tls(tls).map_err(|error| Error::tls(error.text()))?;
        }
        let handshake = |context: &mut Context<'_>| {
            let mut stream = self.stream.borrow_mut();
            let Some(stream) = stream.as_mut() else { return Poll::Ready(Err(Error::connecting(libc::ECANCELED))) };
            stream.poll_handshake(context).map_err(|error| Error::tls(TlsError::from(error).text()))
        };
        self.waited(handshake, deadline).await?;
        if let Some(stream) = self.stream.borrow_mut().as_mut() {
            stream.written();
        }
        Ok(())
    }

    /// Whether nobody on the way can read along.
    pub(super) fn is_private(&self) -> bool {
        self.stream.borrow().as_ref().is_some_and(Stream::is_private)
    }

    /// The error for a failed system call, which depends on whether there is a session yet.
    fn os_error(&self, errno: i32) -> Error {
        if self.phase.get() == Phase::Closed { Error::connecting(errno) } else { Error::gone(Some(errno)) }
    }

    fn broken(&self, error: &io::Error) -> Error {
        let errno = error.raw_os_error().unwrap_or(libc::EIO);
        // The server closed the connection before this request: nobody noticed, because nothing was read in between.
        if self.phase.get() != Phase::Closed && matches!(errno, libc::EPIPE | libc::ECONNRESET) {
            return Error::gone(None);
        }
        self.os_error(errno)
    }

    fn ended(&self) -> Error {
        if self.phase.get() == Phase::Closed { Error::client(Error::CONNECTION, "") } else { Error::gone(None) }
    }

    /// Ends the session: says good-bye when no request is under way, and closes the socket. Whoever waits for it gets an error.
    pub fn close(&self) {
        if self.phase.get() != Phase::Closed && !self.waiting.get() && !self.unsent() {
            let _ = self.put(command::QUIT, b"").and_then(|()| self.push());
            if let Some(stream) = self.stream.borrow_mut().as_mut() {
                stream.finish();
            }
        }
        self.abandoned.set(true);
        self.shut();
    }

    /// Closes the socket without a word.
    fn shut(&self) {
        self.phase.set(Phase::Closed);
        // Borrowed only while this very connection polls its socket, which does not call back.
        if let Ok(mut stream) = self.stream.try_borrow_mut() {
            *stream = None;
        }
        if let Ok(mut output) = self.output.try_borrow_mut() {
            output.clear();
            self.sent.set(0);
        }
        let waiter = self.waiter.borrow_mut().take();
        if self.waiting.get()
            && let Some(waiter) = waiter
        {
            waiter.wake();
        }
    }

    /// Closes because of what the server sent.
    pub(super) fn refuse(&self, error: Error) -> Error {
        self.shut();
        error
    }

    /// The next packet's sequence number and payload, for `read`; `None` until it has arrived.
    pub(super) fn packet<R>(&self, read: impl FnOnce(u8, &[u8]) -> R) -> Option<R> {
        let mut input = self.input.borrow_mut();
        let sequence = input.sequence();
        let read = input.packet().map(|payload| read(sequence, payload));
        input.release();
        read
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.close();
    }
}
