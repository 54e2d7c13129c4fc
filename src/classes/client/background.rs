//! A connection that the loop serves, for `Swoole\Async\Client`: what is done when its socket is ready, and whom that is told.
//!
//! ```text
//!   connect ─▶ Resolving ─▶ Connecting ─▶ Proxy ─▶ Securing ─▶ Open ─▶ Closed
//!                                └──────────┴─────────┴─ each may be left out, each may fail
//! ```

use super::callbacks::{Callback, From, object_of};
use super::connection::Connection;
use super::output::Output;
use super::{Client, Failure};
use crate::classes::{constants, errors, event, settings};
use crate::coroutine::engine::{self, scheduler};
use crate::coroutine::timers::Key;
use crate::io::client::{Address, End, Part};
use crate::io::events::{READ, WRITE};
use crate::io::framing::{Framer, Framing};
use crate::io::proxy::Handshake;
use crate::zend;
use crate::zend::call::{Return, Thrown};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Bytes read at a time.
const CHUNK: usize = 65_536;

/// How far a connection is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum State {
    Idle,
    Resolving,
    Connecting,
    Proxy,
    Securing,
    Open,
    Closed,
}

/// What the loop keeps for a connection.
pub(super) struct Background {
    pub(super) state: Cell<State>,
    pub(super) output: RefCell<Output>,
    /// Bytes that may wait.
    pub(super) limit: Cell<usize>,
    /// Bytes that wait when a buffer counts as full, and as empty again.
    pub(super) high: Cell<usize>,
    pub(super) low: Cell<usize>,
    full: Cell<bool>,
    pub(super) asleep: Cell<bool>,
    /// TLS begins on a connection that is in use.
    pub(super) late: Cell<bool>,
    pub(super) alarm: Cell<Option<Key>>,
    pub(super) handshake: RefCell<Option<Handshake>>,
    pub(super) framer: RefCell<Framer>,
    /// Host and port, as the user gave them.
    pub(super) target: RefCell<(Vec<u8>, i64)>,
    pub(super) flag: Cell<bool>,
}

impl Background {
    pub(super) fn new() -> Self {
        Self {
            state: Cell::new(State::Idle),
            output: RefCell::default(),
            limit: Cell::new(settings::socket_buffer_size()),
            high: Cell::new(0),
            low: Cell::new(0),
            full: Cell::new(false),
            asleep: Cell::new(false),
            late: Cell::new(false),
            alarm: Cell::new(None),
            handshake: RefCell::new(None),
            framer: RefCell::new(Framer::new(Framing::raw())),
            target: RefCell::default(),
            flag: Cell::new(false),
        }
    }
}

impl Connection {
    pub(super) fn background(&self) -> &Background {
        self.background.as_deref().expect("made for the loop")
    }

    /// Has the loop watch for what comes next.
    pub(super) fn watch(self: &Rc<Self>) {
        let background = self.background();
        let waits = !background.output.borrow().is_empty() || self.tls().is_some_and(|tls| tls.wants_write());
        let (reads, writes) = match background.state.get() {
            State::Connecting => (false, true),
            State::Proxy | State::Securing => (true, waits),
            State::Open => (!background.asleep.get(), waits),
            _ => (false, false),
        };
        let bits = if reads { READ } else { 0 } | if writes { WRITE } else { 0 };
        let fd = self.socket.fd();
        if bits == 0 {
            event::remove_native(fd);
        } else if !event::set_native(fd, bits) {
            let connection = Rc::clone(self);
            event::add_native(fd, bits, Rc::new(move |bits| connection.ready(bits)));
            engine::request_turn();
        }
    }

    /// Something has happened to the socket.
    fn ready(self: &Rc<Self>, bits: u32) -> Return {
        match self.background().state.get() {
            State::Connecting => match self.socket.end_connect() {
                Ok(()) => self.connected(),
                Err(error) => self.fail(error.into(), From::Loop),
            },
            State::Proxy => self.pass_on(bits),
            State::Securing => self.secure_on(),
            State::Open => {
                if bits & READ != 0 {
                    self.receive()?;
                }
                if bits & WRITE != 0 && self.is_open() {
                    self.flush_output()?;
                }
                if bits & (READ | WRITE) == 0 && self.is_open() {
                    self.end(From::Loop)?;
                }
                Ok(())
            }
            State::Idle | State::Resolving | State::Closed => Ok(()),
        }
    }

    pub(super) fn is_open(&self) -> bool {
        self.background().state.get() == State::Open
    }

    pub(super) fn clear_alarm(&self) {
        if let Some(key) = self.background().alarm.take() {
            drop(scheduler().clear_alarm(key));
        }
    }

    /// Reads what has come and hands it on.
    pub(super) fn receive(self: &Rc<Self>) -> Return {
        let tls = self.tls();
        let mut buffer = vec![0; CHUNK];
        loop {
            let came = match (&tls, self.socket.kind().is_stream()) {
                (Some(tls), _) => tls.recv(&self.socket, &mut buffer, libc::MSG_DONTWAIT, End::after(None)),
                (None, true) => self.socket.recv(&mut buffer, libc::MSG_DONTWAIT, End::after(None)),
                (None, false) => self.socket.recv_from(&mut buffer, libc::MSG_DONTWAIT),
            };
            match came.map_err(Failure::from) {
                Ok(0) if self.socket.kind().is_stream() => return self.end(From::Loop),
                Ok(count) => self.hand_on(&buffer[..count])?,
                Err(Failure(libc::EAGAIN | libc::EINTR)) => {
                    self.watch();
                    return Ok(());
                }
                // The end of a datagram's way is no end of the socket.
                Err(_) if !self.socket.kind().is_stream() => return Ok(()),
                Err(Failure(number)) => {
                    errors::set_last(number);
                    return self.end(From::Loop);
                }
            }
            // The kernel tells again of what it has; of what a session has it knows nothing.
            if tls.is_none() || !self.is_open() || self.background().asleep.get() {
                return Ok(());
            }
        }
    }

    /// Gives data to the user, by packets if there are any.
    fn hand_on(self: &Rc<Self>, data: &[u8]) -> Return {
        let background = self.background();
        // Away while PHP code runs: a length function is some, too.
        let nothing = || Framer::new(Framing::raw());
        let mut framer = background.framer.replace(nothing());
        if framer.framing().is_raw() || !self.socket.kind().is_stream() {
            background.framer.replace(framer);
            return self.call(Callback::Receive, Some(zend::string(data)), From::Loop);
        }
        let mut fed = false;
        loop {
            let mut packet = None;
            let take = |bytes: &[u8]| {
                packet = Some(zend::string(bytes));
                false
            };
            let outcome = if fed { framer.drain(take) } else { framer.push(data, take) };
            fed = true;
            if zend::exception_pending() {
                return engine::at_root(|| ());
            }
            if let Err(refusal) = outcome {
                let peer = self.socket.peer().unwrap_or(Address { host: b"unknown".to_vec(), port: 0 });
                let text = refusal.words(&String::from_utf8_lossy(&peer.host), peer.port);
                errors::set_last(refusal.number());
                crate::log::error(crate::log::WARNING, refusal.origin(), refusal.number(), text.as_bytes());
                return self.end(From::Loop);
            }
            let Some(packet) = packet else { break };
            self.call(Callback::Receive, Some(packet), From::Loop)?;
            if !self.is_open() {
                return Ok(());
            }
        }
        background.framer.replace(framer);
        Ok(())
    }

    /// Sends data, or keeps what the kernel does not take.
    pub(super) fn put(self: &Rc<Self>, data: &[u8]) -> Result<Result<(), Failure>, Thrown> {
        let background = self.background();
        let tls = self.tls();
        let put = {
            let mut output = background.output.borrow_mut();
            if output.bytes() + data.len() > background.limit.get() && !(output.is_empty() && tls.is_none()) {
                background.full.set(true);
                return Ok(Err(Failure(constants::SWOOLE_ERROR_OUTPUT_BUFFER_OVERFLOW as i32)));
            }
            output.push(data.to_vec());
            output.flush(&self.socket, tls.as_deref())
        };
        if let Err(error) = put {
            return Ok(Err(error.into()));
        }
        self.watch();
        let waiting = background.output.borrow().bytes();
        if waiting > 0 && waiting >= background.high.get() && !background.full.get() {
            background.full.set(true);
            if self.callback(Callback::BufferFull).is_some() {
                self.call(Callback::BufferFull, None, From::Method)?;
            }
        }
        Ok(Ok(()))
    }

    /// Sends a part of a file after what waits.
    pub(super) fn put_file(self: &Rc<Self>, part: Part) -> Result<(), Failure> {
        let sent = {
            let mut output = self.background().output.borrow_mut();
            output.push_file(part);
            output.flush(&self.socket, self.tls().as_deref())
        };
        self.watch();
        sent.map_err(Failure::from)
    }

    /// The socket has room.
    fn flush_output(self: &Rc<Self>) -> Return {
        let background = self.background();
        let tls = self.tls();
        let flushed = background.output.borrow_mut().flush(&self.socket, tls.as_deref());
        if let Err(error) = flushed {
            errors::set_last(Failure::from(error).0);
            return self.end(From::Loop);
        }
        self.watch();
        let waiting = background.output.borrow().bytes();
        if background.full.get() && waiting <= background.low.get() {
            background.full.set(false);
            if self.callback(Callback::BufferEmpty).is_some() {
                return self.call(Callback::BufferEmpty, None, From::Loop);
            }
        }
        Ok(())
    }

    /// Takes nothing in for a while. False when it does so already.
    pub(crate) fn sleep(self: &Rc<Self>) -> bool {
        let begun = !self.background().asleep.replace(true);
        self.watch();
        begun
    }

    /// Takes data in again. False when it does.
    pub(crate) fn wake(self: &Rc<Self>) -> bool {
        let ended = self.background().asleep.replace(false);
        self.watch();
        if ended && self.tls().is_some() {
            // What the session has read meanwhile.
            let connection = Rc::clone(self);
            engine::put_off(Box::new(move || {
                if connection.is_open() {
                    let _ = connection.receive();
                }
            }));
        }
        ended
    }

    /// Begins TLS on an open connection; the object is told when it is ready.
    pub(crate) fn secure_later(self: &Rc<Self>) -> Result<(), Failure> {
        self.begin_tls()?;
        let background = self.background();
        background.late.set(true);
        background.state.set(State::Securing);
        let connection = Rc::clone(self);
        engine::put_off(Box::new(move || {
            if connection.background().state.get() == State::Securing {
                let _ = connection.secure_on();
            }
        }));
        Ok(())
    }

    /// Nothing is served any more. False when nothing was.
    fn tear_down(self: &Rc<Self>) -> bool {
        let background = self.background();
        if background.state.replace(State::Closed) == State::Closed {
            return false;
        }
        event::remove_native(self.socket.fd());
        self.clear_alarm();
        true
    }

    /// There is no connection: the object is told why, and is free.
    pub(super) fn fail(self: &Rc<Self>, failure: Failure, from: From) -> Return {
        if !self.tear_down() {
            return Ok(());
        }
        self.active.set(false);
        if let Some(mut this) = object_of(self)
            && let Some(this) = this.object_mut()
        {
            super::set_error(this, failure);
        }
        self.farewell(Callback::Error, from)
    }

    /// Ends the connection; who knew that it was open is told. False when it has ended.
    pub(super) fn finish(self: &Rc<Self>, from: From) -> Result<bool, Thrown> {
        let opened = self.active.get();
        if !self.tear_down() {
            return Ok(false);
        }
        self.active.set(false);
        if let Some(tls) = self.tls() {
            tls.close(&self.socket);
        }
        if opened {
            self.farewell(Callback::Close, from)?;
        } else {
            self.let_go();
        }
        Ok(true)
    }

    fn end(self: &Rc<Self>, from: From) -> Return {
        self.finish(from).map(drop)
    }
}

/// Ends an object's connection. `None` when it has none; false when it has ended.
///
/// # Errors
/// A function of the user's threw.
pub(crate) fn close(client: &Client) -> Result<Option<bool>, Thrown> {
    match client.connection() {
        Some(connection) => {
            let done = connection.finish(From::Method);
            // One that only sent datagrams belongs to no object that `farewell` could free.
            client.release_if(&connection);
            done.map(Some)
        }
        None => Ok(None),
    }
}

/// Ends the connection of an object that goes away. After a fatal error nobody is told.
///
/// # Errors
/// A function of the user's threw.
pub(crate) fn abandon(client: &Client) -> Return {
    match client.connection() {
        Some(connection) if scheduler().stopped() => {
            connection.tear_down();
            connection.let_go();
            Ok(())
        }
        Some(connection) => connection.end(From::Method),
        None => Ok(()),
    }
}
