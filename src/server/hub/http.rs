//! Connections that speak HTTP: the hub accepts them and knows them, the HTTP server serves them.

use super::peer::{Base, Peer};
use super::stream::Stream;
use super::websocket::Upgrade;
use super::{Hub, PortSettings, SendError};
use crate::io::http::{Handler, Link, Server};
use crate::local_task;
use crate::server::session::Row;
use socket2::Socket;
use std::cell::{Cell, OnceCell};
use std::fs::File;
use std::io;
use std::net::SocketAddr;
use std::rc::{Rc, Weak};
use std::task::Waker;

/// So many bytes may wait that `Server::send()` puts between the replies of a connection.
const MOST_BYTES: usize = 8 << 20;

/// A connection of an HTTP server.
pub(super) struct HttpPeer {
    base: Base,
    pub(super) upgrade: Upgrade,
    link: OnceCell<Rc<Link>>,
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
            let peer: Rc<dyn Peer> = peer;
            self.hub.lost(&peer, None);
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
        heartbeat_idle: Option<std::time::Duration>,
        server: &Server<H>,
        stream: Stream,
        remote: Option<SocketAddr>,
        fd: i32,
    ) {
        let mut made = None;
        let joined = self.join(port, remote, fd, |id| {
            let base = Base { id, port: port as u16, heartbeat_idle, closed: Cell::new(false) };
            let peer =
                Rc::new(HttpPeer { base, upgrade: Upgrade::default(), link: OnceCell::new(), gone: Cell::new(false) });
            made = Some(Rc::clone(&peer));
            peer
        });
        let Some(peer) = made.filter(|_| joined) else { return };
        let (id, guard) = (peer.base.id, Box::new(Guard { hub: self.clone(), peer: Rc::downgrade(&peer) }));
        let link = match (stream, remote) {
            (Stream::Tcp(stream), Some(remote)) => server.serve_tcp(stream, remote, id, guard),
            (Stream::Unix(stream), _) => server.serve_unix(stream, id, guard),
            _ => return,
        };
        let closed = peer.base.closed.get();
        if peer.link.set(Rc::clone(&link)).is_ok() && closed {
            // PHP has closed it in its connect event.
            link.abort();
        }
    }
}
