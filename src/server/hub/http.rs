//! Connections that speak HTTP: the hub accepts them and knows them, the HTTP server serves them.

use super::peer::{Base, Peer};
use super::stream::Stream;
use super::websocket::Upgrade;
use super::{Hub, PortSettings, SendError};
use crate::io::http::{Branch, Handler, Link, Server};
use crate::local_task;
use crate::server::session::{CLOSING, Row};
use socket2::Socket;
use std::any::Any;
use std::cell::{Cell, OnceCell, RefCell};
use std::fs::File;
use std::io;
use std::net::SocketAddr;
use std::os::fd::RawFd;
use std::rc::{Rc, Weak};
use std::task::Waker;
use std::time::Duration;

/// So many bytes may wait that `Server::send()` puts between the replies of a connection.
const MOST_BYTES: usize = 8 << 20;

/// A connection of an HTTP server.
pub(super) struct HttpPeer {
    base: Base,
    pub(super) upgrade: Upgrade,
    link: OnceCell<Rc<Link>>,
    /// The streams of HTTP/2 that are connections of their own.
    streams: RefCell<Vec<i64>>,
    /// The connection that this one is a stream of.
    parent: Option<i64>,
    /// What the link counted when the row was told that its client is alive.
    reads: Cell<u32>,
    /// Its socket is closed.
    gone: Cell<bool>,
}

/// Dropped with the socket.
struct Guard {
    hub: Hub,
    peer: Weak<HttpPeer>,
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(peer) = self.peer.upgrade() {
            peer.gone.set(true);
            if let Some(parent) = peer.parent.and_then(|parent| self.hub.find(parent))
                && let Some(parent) = parent.http()
            {
                parent.streams.borrow_mut().retain(|stream| *stream != peer.base.id);
            }
            let row = self.hub.sessions().row(peer.base.id);
            if peer.base.closed.get() && row.is_some_and(|row| row.flags() & CLOSING != 0) {
                // PHP hears of its end right now, and takes it out then
                return;
            }
            let errno = peer.link.get().and_then(|link| link.errno());
            let actively = peer.link.get().is_some_and(|link| link.has_concluded());
            let peer: Rc<dyn Peer> = peer;
            self.hub.lost(&peer, errno, actively);
        }
    }
}

impl Peer for HttpPeer {
    fn base(&self) -> &Base {
        &self.base
    }

    fn http(&self) -> Option<&HttpPeer> {
        Some(self)
    }

    fn certificate(&self) -> Option<String> {
        self.link.get()?.certificate.borrow().clone()
    }

    fn has_heard(&self) -> bool {
        self.link.get().is_some_and(|link| self.reads.replace(link.reads()) != link.reads())
    }

    fn streams(&self) -> Vec<i64> {
        self.streams.borrow().clone()
    }

    fn send(&self, _: &Hub, row: &Row, data: &[u8], _: bool) -> Result<(), SendError> {
        // Bytes between the frames of a WebSocket would break it; whole frames do not.
        match self.upgrade.connection() {
            Some(connection) => connection.send_packed(data).map_err(|_| SendError::Closed)?,
            None => {
                let link = self.link.get().ok_or(SendError::NotBytes)?;
                link.send_bytes(data, MOST_BYTES).then_some(()).ok_or(SendError::Closed)?;
            }
        }
        row.has_sent();
        Ok(())
    }

    fn send_file(&self, _: &Row, _: File, _: u64, _: u64) -> Result<(), SendError> {
        Err(SendError::NotBytes)
    }

    fn pause(&self, _: bool) {}

    fn hold(&self, held: bool) -> bool {
        self.upgrade.connection().is_some_and(|connection| connection.hold(held))
    }

    fn is_flushed(&self) -> bool {
        match self.upgrade.connection() {
            Some(connection) => connection.queued() == 0,
            None => !self.link.get().is_some_and(|link| link.has_bytes()),
        }
    }

    fn await_progress(&self, waker: &Waker) {
        match self.upgrade.connection() {
            Some(connection) => connection.await_progress(waker),
            None => waker.wake_by_ref(),
        }
    }

    fn flush_blocking(&self, _: &Hub) -> bool {
        true
    }

    fn end(&self, hub: &Hub, now: bool) {
        if self.gone.get() {
            return hub.remove(self.base.id);
        }
        if let Some(connection) = self.upgrade.connection() {
            if now {
                connection.abort()
            } else {
                connection.end()
            }
            return;
        }
        let Some(link) = self.link.get() else { return };
        if now { link.abort() } else { link.end() }
    }
}

impl Hub {
    /// The connection of this number, if it speaks HTTP.
    pub fn link(&self, session: i64) -> Option<Rc<Link>> {
        self.find(session)?.http()?.link.get().cloned()
    }

    /// Takes clients of a listening stream socket in and has `server` serve them, until [`Hub::stop_accepting`].
    ///
    /// # Errors
    /// No descriptor is left, or the socket is none of TCP and unix.
    ///
    /// # Panics
    /// Outside a `current_thread` runtime.
    pub fn serve_http<H: Handler>(
        &self,
        port: usize,
        socket: &Socket,
        settings: Rc<PortSettings>,
        server: Server<H>,
    ) -> io::Result<()> {
        let sweeping = server.clone();
        local_task::spawn(async move {
            sweeping.sweep().await;
        });
        let hub = self.clone();
        let heartbeat_idle = settings.heartbeat_idle;
        self.serve(socket, settings, move |stream, remote, fd| {
            hub.join_http(port, heartbeat_idle, &server, stream, remote, fd);
        })
    }

    fn join_http<H: Handler>(
        &self,
        port: usize,
        heartbeat_idle: Option<Duration>,
        server: &Server<H>,
        stream: Stream,
        remote: Option<SocketAddr>,
        fd: i32,
    ) {
        match (stream, remote) {
            (Stream::Tcp(stream), Some(remote)) => {
                let serve = |id, guard| server.serve_tcp(stream, remote, id, guard);
                self.join_peer(port, heartbeat_idle, None, Some(remote), fd, serve);
            }
            (Stream::Unix(stream), _) => {
                let serve = |id, guard| server.serve_unix(stream, id, guard);
                self.join_peer(port, heartbeat_idle, None, None, fd, serve);
            }
            _ => {}
        }
    }

    /// A stream of HTTP/2 that a client wants to have as a WebSocket: a connection of its own, for as long as the guard lives. `None` when
    /// there are as many as may be, or its connection ends.
    pub fn join_stream(&self, parent: &Rc<Link>) -> Option<Branch> {
        let over = self.find(parent.session.get()).filter(|over| !over.base().closed.get())?;
        let (base, streams) = (over.base(), &over.http()?.streams);
        let mut branch = None;
        let (port, id) = (usize::from(base.port), base.id);
        self.join_peer(port, base.heartbeat_idle, Some(id), parent.remote, parent.fd, |id, guard| {
            streams.borrow_mut().push(id);
            let link = Rc::new(Link::branch(parent, id));
            branch = Some(Branch { link: Rc::clone(&link), guard: Some(guard) });
            link
        });
        branch
    }

    /// Tells of a connection once there is its link, which `serve` gives.
    fn join_peer(
        &self,
        port: usize,
        heartbeat_idle: Option<Duration>,
        parent: Option<i64>,
        remote: Option<SocketAddr>,
        fd: RawFd,
        serve: impl FnOnce(i64, Box<dyn Any>) -> Rc<Link>,
    ) {
        self.join(port, remote, fd, |id| {
            let peer = Rc::new(HttpPeer {
                base: Base { id, port: port as u16, heartbeat_idle, closed: Cell::new(false) },
                upgrade: Upgrade::default(),
                link: OnceCell::new(),
                streams: RefCell::default(),
                parent,
                reads: Cell::new(0),
                gone: Cell::new(false),
            });
            let link = serve(id, Box::new(Guard { hub: self.clone(), peer: Rc::downgrade(&peer) }));
            // it has none yet
            let _ = peer.link.set(link);
            peer
        });
    }
}
