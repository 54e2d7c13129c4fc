//! The connections that one process of a server owns.
//!
//! ```text
//!   port ──accept──▶ session, Connection ──bytes──▶ Framer ──packet──▶ Events::receive
//!                         ▲                                                 │ PHP, or the bus to a worker
//!                         └──────────── Hub::send, send_file, close ◀───────┘
//! ```
//!
//! A hub calls [`Events`] and is told what to do; whether PHP runs in this process (`SWOOLE_BASE`) or in another one
//! (`SWOOLE_PROCESS`) is not its business. A connection that is idle holds its socket and some hundred bytes, no buffer.

mod accept;
mod connection;
mod http;
mod output;
mod peer;
mod stream;
#[cfg(test)]
mod tests;
pub mod websocket;

use super::session::{ACTIVELY, Birth, CLOSED, CLOSING, PROTECTED, Sessions, now};
use crate::io::framing::{Framing, Refusal};
use crate::io::http::Socket;
use crate::io::websocket::{Connection as WebSocket, Failure, Message, close, flag, opcode};
use crate::local_task;
use connection::{Connection, Drive};
use peer::Peer;
use rustls::ServerConfig;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fs::File;
use std::future::poll_fn;
use std::hash::{BuildHasherDefault, Hasher};
use std::net::SocketAddr;
use std::os::fd::{AsRawFd, RawFd};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Poll, Waker};
use std::time::Duration;
use stream::Stream;
use tokio::sync::Notify;
use tokio::time::{MissedTickBehavior, interval, sleep};

/// How long a client may take to greet in TLS.
const GREETING: Duration = Duration::from_secs(10);

/// How long a connection that the server has closed may take to read what was sent before.
const LINGER: Duration = Duration::from_secs(60);

/// Which connection something happened on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Its session.
    pub session: i64,
    /// The index of its port.
    pub port: usize,
}

/// Who sent a datagram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sender {
    /// An address of IPv4 or IPv6.
    Inet(SocketAddr),
    /// A unix socket, by its file; `None` when it has no name.
    Unix(Option<PathBuf>),
}

/// What happens to connections.
///
/// Every method may call back into the hub. They are called from the tasks of connections, or from the call that caused them.
pub trait Events {
    /// A client has connected.
    fn connect(&self, origin: Origin);
    /// A packet has come, or bytes where there are no packets.
    fn receive(&self, origin: Origin, data: &[u8]);
    /// A WebSocket message has come, or a frame that PHP wants to see.
    fn message(&self, origin: Origin, message: &Message);
    /// What has come breaks the rules of WebSocket; the connection ends.
    fn broken(&self, origin: Origin, failure: &Failure);
    /// What has come breaks the rule for packets; the connection ends.
    fn refused(&self, origin: Origin, refusal: Refusal);
    /// A connection ends. It is there until `end` is dropped.
    fn close(&self, origin: Origin, end: End);
    /// More waits to be sent than the high water mark.
    fn buffer_full(&self, origin: Origin);
    /// Less waits to be sent than the low water mark.
    fn buffer_empty(&self, origin: Origin);
    /// A datagram has come to the port of this index.
    fn packet(&self, port: usize, sender: Sender, data: &[u8]);
    /// The process cannot take connections in for lack of this; said once per lack.
    fn shortage(&self, errno: i32);
    /// A client could not be greeted in TLS.
    fn no_tls(&self, remote: Option<SocketAddr>, error: &std::io::Error);
    /// A connection was closed at once, since there are as many as may be.
    fn too_many(&self, open: usize);
}

/// Held while PHP hears of a connection's end.
#[must_use]
pub struct End {
    hub: Hub,
    peer: Option<Rc<dyn Peer>>,
    now: bool,
    /// The server closed it, not its client.
    pub actively: bool,
}

impl std::fmt::Debug for End {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("End").field("actively", &self.actively).finish_non_exhaustive()
    }
}

/// How the connections of a port are treated.
#[derive(Clone, Debug)]
pub struct PortSettings {
    /// Where packets end.
    pub framing: Framing,
    /// Bytes that may wait to be sent before senders have to, `socket_buffer_size`.
    pub buffer: usize,
    /// `buffer_high_watermark`.
    pub high_watermark: usize,
    /// `buffer_low_watermark`.
    pub low_watermark: usize,
    /// A connection on which nothing moves for so long ends, `max_idle_time`.
    pub idle: Option<Duration>,
    /// A client that says nothing for so long has gone, `heartbeat_idle_time`.
    pub heartbeat_idle: Option<Duration>,
    /// Nothing is read before `confirm()`, `enable_delay_receive`.
    pub delay_receive: bool,
    /// `open_tcp_nodelay`.
    pub nodelay: bool,
    /// `open_tcp_keepalive`: idle time, interval, count.
    pub keepalive: Option<(Duration, Duration, u32)>,
    /// Bytes are encrypted.
    pub tls: Option<Arc<ServerConfig>>,
    /// `kernel_socket_send_buffer_size`, 0 for the system's.
    pub kernel_send_buffer: usize,
    /// `kernel_socket_recv_buffer_size`, 0 for the system's.
    pub kernel_receive_buffer: usize,
}

impl Default for PortSettings {
    fn default() -> Self {
        Self {
            framing: Framing::raw(),
            buffer: 8 << 20,
            high_watermark: (8 << 20) / 5 * 4,
            low_watermark: 0,
            idle: None,
            heartbeat_idle: None,
            delay_receive: false,
            nodelay: true,
            keepalive: None,
            tls: None,
            kernel_send_buffer: 0,
            kernel_receive_buffer: 0,
        }
    }
}

/// Why something was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendError {
    /// There is no such connection.
    NotExist,
    /// It is closed, or about to be.
    Closed,
    /// Too much waits to be sent.
    Overflow,
    /// It speaks a protocol in which bytes have no place by themselves.
    NotBytes,
}

/// Why a connection was not closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseError {
    /// There is no such connection.
    NotExist,
    /// Somebody is closing it.
    Closing,
    /// It is closed.
    Closed,
}

/// Nothing is read from a connection.
pub struct Hold(Rc<dyn Peer>);

impl Drop for Hold {
    fn drop(&mut self) {
        self.0.hold(false);
    }
}

/// The connections of this process.
#[derive(Clone)]
pub struct Hub(Rc<Shared>);

/// Hashes session numbers, which nobody outside can choose.
#[derive(Default)]
struct Numbers(u64);

impl Hasher for Numbers {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_i64(&mut self, number: i64) {
        self.write_u64(number.cast_unsigned());
    }

    fn write_u64(&mut self, number: u64) {
        // the table takes both ends of it: neighbours stay neighbours, and the upper bits differ too
        self.0 = (self.0.rotate_left(5) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(20);
    }
}

/// A connection of the hub.
struct Member {
    peer: Rc<dyn Peer>,
    /// What it is since it has left HTTP.
    websocket: Option<Rc<WebSocket<Socket>>>,
    /// Its socket, as long as frames may go there as they are.
    direct: Cell<Option<RawFd>>,
}

struct Shared {
    owner: u16,
    sessions: Rc<Sessions>,
    events: Rc<dyn Events>,
    /// Whether connect and close are told.
    notify: bool,
    open: RefCell<HashMap<i64, Member, BuildHasherDefault<Numbers>>>,
    stopping: Cell<bool>,
    stop: Notify,
    drained: RefCell<Vec<Waker>>,
}

impl Hub {
    /// No connections yet. `owner` is this process's index; without `notify` connect and close are not told.
    pub fn new(owner: u16, sessions: Rc<Sessions>, events: Rc<dyn Events>, notify: bool) -> Self {
        Self(Rc::new(Shared {
            owner,
            sessions,
            events,
            notify,
            open: RefCell::default(),
            stopping: Cell::new(false),
            stop: Notify::new(),
            drained: RefCell::default(),
        }))
    }

    fn events(&self) -> &dyn Events {
        &*self.0.events
    }

    fn sessions(&self) -> &Sessions {
        &self.0.sessions
    }

    fn find(&self, session: i64) -> Option<Rc<dyn Peer>> {
        self.0.open.borrow().get(&session).map(|member| Rc::clone(&member.peer))
    }

    /// Number of connections of this process.
    pub fn count(&self) -> usize {
        self.0.open.borrow().len()
    }

    /// Takes no more connections in.
    pub fn stop_accepting(&self) {
        self.0.stopping.set(true);
        self.0.stop.notify_waiters();
    }

    /// Ready when no connection is left.
    pub fn drained(&self) -> impl Future<Output = ()> + use<> {
        let hub = self.clone();
        poll_fn(move |cx| {
            if hub.count() == 0 {
                return Poll::Ready(());
            }
            hub.0.drained.borrow_mut().push(cx.waker().clone());
            Poll::Pending
        })
    }

    /// Gives a new connection its number, and tells of it; `None` when there are as many as may be.
    fn join(&self, port: usize, remote: Option<SocketAddr>, fd: i32, make: impl FnOnce(i64) -> Rc<dyn Peer>) -> bool {
        let Some(id) = self.sessions().open(&Birth { owner: self.0.owner, port: port as u16, fd, remote }) else {
            self.events().too_many(self.sessions().count());
            return false;
        };
        let peer = make(id);
        self.note_certificate(&*peer);
        let origin = peer.base().origin();
        self.0.open.borrow_mut().insert(id, Member { peer, websocket: None, direct: Cell::new(None) });
        if self.0.notify {
            self.events().connect(origin);
        }
        true
    }

    fn join_bytes(&self, port: usize, settings: &Rc<PortSettings>, stream: Stream, remote: Option<SocketAddr>) {
        let fd = stream.socket().as_raw_fd();
        let mut made = None;
        let joined = self.join(port, remote, fd, |id| {
            let connection = Connection::new(id, port as u16, Rc::clone(settings), stream);
            made = Some(Rc::clone(&connection));
            connection
        });
        if let Some(connection) = made.filter(|_| joined) {
            local_task::spawn(Drive { hub: self.clone(), connection });
        }
    }

    /// Sends bytes.
    ///
    /// # Errors
    /// See [`SendError`].
    pub fn send(&self, session: i64, data: &[u8]) -> Result<(), SendError> {
        let connection = self.find(session).ok_or(SendError::NotExist)?;
        let row = self.sessions().row(session).ok_or(SendError::NotExist)?;
        connection.send(self, row, data, false)
    }

    /// Sends bytes on behalf of another process, which has looked whether there is room: what is on its way is not lost.
    ///
    /// # Errors
    /// See [`SendError`].
    pub fn send_on(&self, session: i64, data: &[u8]) -> Result<(), SendError> {
        let connection = self.find(session).ok_or(SendError::NotExist)?;
        let row = self.sessions().row(session).ok_or(SendError::NotExist)?;
        connection.send(self, row, data, true)
    }

    /// Sends a part of a file.
    ///
    /// # Errors
    /// See [`SendError`].
    pub fn send_file(&self, session: i64, file: File, offset: u64, length: u64) -> Result<(), SendError> {
        let connection = self.find(session).ok_or(SendError::NotExist)?;
        let row = self.sessions().row(session).ok_or(SendError::NotExist)?;
        connection.send_file(row, file, offset, length)
    }

    /// Ready when there is room to send, or the connection has ended.
    pub fn room(&self, session: i64) -> impl Future<Output = ()> + use<> {
        let hub = self.clone();
        poll_fn(move |cx| {
            let overflow = hub.sessions().row(session).is_some_and(|row| row.flags() & super::session::OVERFLOW != 0);
            hub.until(session, cx, overflow)
        })
    }

    /// Ready when all is sent, or the connection has ended.
    pub fn flushed(&self, session: i64) -> impl Future<Output = ()> + use<> {
        let hub = self.clone();
        poll_fn(move |cx| {
            let busy = hub.find(session).is_some_and(|connection| !connection.is_flushed());
            hub.until(session, cx, busy)
        })
    }

    fn until(&self, session: i64, cx: &std::task::Context<'_>, wait: bool) -> Poll<()> {
        match self.find(session) {
            Some(connection) if wait => {
                connection.await_progress(cx.waker());
                Poll::Pending
            }
            _ => Poll::Ready(()),
        }
    }

    /// Stops or continues to read from a connection; `false` when there is none.
    pub fn pause(&self, session: i64, paused: bool) -> bool {
        self.find(session).inspect(|connection| connection.pause(paused)).is_some()
    }

    /// Reads nothing from a connection as long as the value lives; `None` when that is so already, or it cannot be done.
    pub fn hold(&self, session: i64) -> Option<Hold> {
        let peer = self.find(session)?;
        peer.hold(true).then(|| Hold(peer))
    }

    /// Closes a connection for the server. With `reset` what waits to be sent is dropped.
    ///
    /// # Errors
    /// See [`CloseError`].
    pub fn close(&self, session: i64, reset: bool) -> Result<(), CloseError> {
        let connection = self.find(session).ok_or(CloseError::NotExist)?;
        let row = self.sessions().row(session).ok_or(CloseError::NotExist)?;
        let flags = row.flags();
        if flags & CLOSING != 0 {
            return Err(CloseError::Closing);
        }
        if flags & CLOSED != 0 {
            if !reset {
                return Err(CloseError::Closed);
            }
            connection.end(self, true);
            return Ok(());
        }
        self.begin_end(connection, true, reset);
        Ok(())
    }

    /// The client has gone, or is sent away; `actively` by what was said to it.
    fn lost(&self, connection: &Rc<dyn Peer>, errno: Option<i32>, actively: bool) {
        // PHP hears of its end already, here or in a worker.
        if !self.is_first(&**connection) {
            connection.base().closed.set(true);
            return connection.end(self, true);
        }
        if let (Some(row), Some(errno)) = (self.sessions().row(connection.base().id), errno) {
            row.set_close_errno(errno);
        }
        self.begin_end(Rc::clone(connection), actively, true);
    }

    /// Ends a connection whose close event has happened elsewhere.
    pub fn end(&self, session: i64, reset: bool) {
        if let Some(connection) = self.find(session) {
            connection.base().closed.set(true);
            self.end_streams(&*connection, true, reset);
            self.finish(&*connection, reset);
        }
    }

    /// Ends the streams that run over a connection, before it ends itself.
    fn end_streams(&self, connection: &dyn Peer, actively: bool, now: bool) {
        for stream in connection.streams().into_iter().filter_map(|stream| self.find(stream)) {
            let begun = self.sessions().row(stream.base().id).is_some_and(|row| row.flags() & CLOSING != 0);
            if !stream.base().closed.get() && !begun {
                self.begin_end(stream, actively, now);
            }
        }
    }

    /// Sends what waits on a connection, however long that takes; `false` when it ended before.
    pub fn flush_blocking(&self, session: i64) -> bool {
        self.find(session).is_some_and(|connection| connection.flush_blocking(self))
    }

    fn begin_end(&self, connection: Rc<dyn Peer>, actively: bool, now: bool) {
        connection.base().closed.set(true);
        if let Some(row) = self.sessions().row(connection.base().id) {
            row.set(CLOSING, true);
            row.set(ACTIVELY, actively);
        }
        self.end_streams(&*connection, actively, now);
        let origin = connection.base().origin();
        let end = End { hub: self.clone(), peer: Some(connection), now, actively };
        if self.0.notify {
            self.events().close(origin, end);
        }
    }

    fn finish(&self, connection: &dyn Peer, now: bool) {
        if let Some(row) = self.sessions().row(connection.base().id) {
            row.set(CLOSED, true);
            row.set(CLOSING, false);
        }
        connection.end(self, now);
    }

    /// Ends a connection that does not read what was sent to it in time.
    fn end_later(&self, session: i64) {
        let hub = self.clone();
        local_task::spawn(async move {
            sleep(LINGER).await;
            if let Some(connection) = hub.find(session) {
                connection.end(&hub, true);
            }
        });
    }

    fn remove(&self, session: i64) {
        let removed = self.0.open.borrow_mut().remove(&session);
        if removed.is_some() {
            self.sessions().close(session);
        }
        if self.count() == 0 {
            let drained = std::mem::take(&mut *self.0.drained.borrow_mut());
            drained.into_iter().for_each(Waker::wake);
        }
    }

    /// Number of connections whose clients have not read all that was sent to them.
    pub fn unread(&self) -> usize {
        self.0.open.borrow().values().filter(|member| !member.peer.is_flushed()).count()
    }

    /// Closes every connection at once, because this process ends; those of WebSocket are told so (RFC 6455, 7.4.1).
    pub fn close_all(&self) {
        let mut all: Vec<i64> = self.0.open.borrow().keys().copied().collect();
        all.sort_unstable();
        for session in all {
            let websocket = self.0.open.borrow().get(&session).and_then(|member| member.websocket.clone());
            if let Some(websocket) = websocket {
                // who has been told already, or does not read, hears no more
                let _ = websocket.send(opcode::CLOSE, flag::FIN, &close::GOING_AWAY.to_be_bytes());
            }
            let _ = self.close(session, true);
        }
    }

    /// The connections that have said nothing for as long as their port allows.
    pub fn silent(&self) -> Vec<i64> {
        let now = now();
        let silent = |peer: &&Rc<dyn Peer>| {
            let Some(idle) = peer.base().heartbeat_idle else { return false };
            self.note_heard(&***peer);
            self.sessions().row(peer.base().id).is_some_and(|row| {
                row.flags() & (PROTECTED | CLOSED | CLOSING) == 0 && row.last_received() < now - idle.as_secs_f64()
            })
        };
        let open = self.0.open.borrow();
        let silent = open.values().map(|member| &member.peer).filter(silent);
        // what runs over a connection has a heartbeat of its own
        let mut those: Vec<i64> = silent.filter(|peer| peer.streams().is_empty()).map(|peer| peer.base().id).collect();
        those.sort_unstable();
        those
    }

    /// Tells a connection's row that its client has said something, if it has: not every read does.
    fn note_heard(&self, peer: &dyn Peer) {
        if peer.has_heard()
            && let Some(row) = self.sessions().row(peer.base().id)
        {
            row.has_received();
        }
    }

    /// Has the row of a connection of this process say that its client was heard, if it was since this was called last.
    pub fn refresh(&self, session: i64) {
        if let Some(peer) = self.find(session) {
            self.note_heard(&*peer);
        }
    }

    /// Looks for silent connections so often, and closes them, for as long as the process lives.
    ///
    /// # Panics
    /// Outside a runtime.
    pub fn watch(&self, every: Duration) {
        let hub = self.clone();
        local_task::spawn(async move {
            let mut ticks = interval(every);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            ticks.tick().await;
            loop {
                ticks.tick().await;
                hub.send_away(&hub.silent());
            }
        });
    }

    /// Closes connections as if their clients had gone.
    pub fn send_away(&self, sessions: &[i64]) {
        for connection in sessions.iter().filter_map(|id| self.find(*id)) {
            self.lost(&connection, None, false);
        }
    }

    /// Closes connections of this port on which nothing moves.
    fn watch_idle(&self, port: usize, idle: Duration) {
        let hub = self.clone();
        local_task::spawn(async move {
            let mut ticks = interval((idle / 16).clamp(Duration::from_millis(5), Duration::from_secs(1)));
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                let before = now() - idle.as_secs_f64();
                let still = |id: &i64| {
                    hub.sessions()
                        .info(*id)
                        .is_some_and(|info| usize::from(info.port) == port && info.received.max(info.sent) < before)
                };
                let idle: Vec<i64> = hub.0.open.borrow().keys().copied().filter(still).collect();
                hub.send_away(&idle);
            }
        });
    }
}
