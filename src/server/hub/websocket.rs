//! Connections that have left HTTP for WebSocket: frames are cut and answered here, PHP gets messages.

use super::http::HttpPeer;
use super::peer::Peer;
use super::{Hub, Member, Origin, PortSettings, SendError};
use crate::io::http::{Head, Responder, Socket, Taker};
use crate::io::websocket::opcode::is_control;
use crate::io::websocket::{self, Compression, Connection, Ended, Failure, Options, Sent, Watcher};
use crate::local_task;
use crate::server::session::OVERFLOW;
use bytes::Buf;
use http::header;
use std::cell::{Cell, RefCell};
use std::os::fd::RawFd;
use std::rc::Rc;

/// What goes on with a connection as a WebSocket: Swoole's numbers.
pub mod status {
    /// The request asks for one.
    pub const CONNECTION: u8 = 1;
    /// PHP answers the request.
    pub const HANDSHAKE: u8 = 2;
    /// Messages go to and fro.
    pub const ACTIVE: u8 = 3;
    /// The server has sent a close frame.
    pub const CLOSING: u8 = 4;
    /// PHP has answered something else.
    pub const FAILED: u8 = 5;
}

/// The part of an HTTP connection that is about WebSocket.
#[derive(Default)]
pub(super) struct Upgrade {
    connection: RefCell<Option<Rc<Connection<Socket>>>>,
    /// What was sent before the handshake's answer came: a worker's messages may overtake it.
    early: RefCell<Vec<(u8, u8, Vec<u8>)>>,
}

impl Upgrade {
    pub(super) fn connection(&self) -> Option<Rc<Connection<Socket>>> {
        self.connection.borrow().clone()
    }
}

/// Keeps a connection's row, and tells of water marks.
struct RowWatcher {
    hub: Hub,
    origin: Origin,
    settings: Rc<PortSettings>,
    high: Cell<bool>,
}

impl RowWatcher {
    fn new(hub: &Hub, http: &HttpPeer, settings: &Rc<PortSettings>) -> Self {
        let (hub, origin, settings) = (hub.clone(), http.base().origin(), Rc::clone(settings));
        Self { hub, origin, settings, high: Cell::new(false) }
    }
}

impl Watcher for RowWatcher {
    fn queued(&self, bytes: usize) {
        if let Some(row) = self.hub.sessions().row(self.origin.session) {
            row.set_unsent(bytes);
            row.set(OVERFLOW, bytes >= self.settings.buffer);
        }
        if bytes >= self.settings.high_watermark {
            if !self.high.replace(true) {
                self.hub.events().buffer_full(self.origin);
            }
        } else if bytes <= self.settings.low_watermark && self.high.replace(false) {
            self.hub.events().buffer_empty(self.origin);
        }
    }

    fn heard(&self) {
        if let Some(row) = self.hub.sessions().row(self.origin.session) {
            row.has_received();
        }
    }

    fn broken(&self, failure: &Failure) {
        self.hub.events().broken(self.origin, failure);
    }

    fn direct(&self, socket: Option<RawFd>) {
        if let Some(member) = self.hub.0.open.borrow().get(&self.origin.session) {
            member.direct.set(socket);
        }
    }
}

impl Hub {
    /// Should the answer to this request be a `101`, the connection becomes a WebSocket.
    ///
    /// `options` say how it behaves; the terms of compression are taken from the answer, if compression is wanted at all.
    pub fn offer_websocket<D: Buf>(
        &self,
        session: i64,
        responder: &Responder<D>,
        settings: &Rc<PortSettings>,
        options: Options,
        compresses: bool,
    ) {
        let (hub, settings) = (self.clone(), Rc::clone(settings));
        responder.offer(Box::new(move |head| hub.become_websocket(session, head, &settings, options, compresses)));
    }

    fn become_websocket(
        &self,
        session: i64,
        head: &Head,
        settings: &Rc<PortSettings>,
        mut options: Options,
        compresses: bool,
    ) -> Taker {
        // who has been told of its end hears no more from it
        let open = self.find(session).filter(|peer| !peer.base().closed.get());
        let Some(peer) = open else { return Box::new(drop) };
        let Some(http) = peer.http() else { return Box::new(drop) };
        let answer = head.get(&header::SEC_WEBSOCKET_EXTENSIONS).filter(|_| compresses);
        options.terms = answer.and_then(|answer| Compression::read_answer(std::str::from_utf8(answer).ok()?));
        let connection =
            Connection::without_socket(options, usize::MAX, Box::new(RowWatcher::new(self, http, settings)));
        if let Some(row) = self.sessions().row(session).filter(|row| row.websocket() <= status::HANDSHAKE) {
            row.set_websocket(status::ACTIVE);
        }
        http.upgrade.connection.replace(Some(Rc::clone(&connection)));
        if let Some(member) = self.0.open.borrow_mut().get_mut(&session) {
            member.websocket = Some(Rc::clone(&connection));
        }
        for (opcode, flags, data) in http.upgrade.early.take() {
            // it was told that they are sent; they fail only at the end of the connection
            let _ = connection.send(opcode, flags, &data);
        }
        local_task::spawn(self.clone().read(peer.base().origin(), Rc::clone(&connection)));
        Box::new(move |upgraded| match upgraded {
            Some(upgraded) => connection.attach(upgraded.socket, &upgraded.early),
            None => connection.abort(),
        })
    }

    /// Hands messages on until the connection ends.
    async fn read(self, origin: Origin, connection: Rc<Connection<Socket>>) {
        let ended = loop {
            match connection.receive().await {
                Ok(message) => self.events().message(origin, &message),
                Err(ended) => break ended,
            }
        };
        // of a socket that is lost its guard has told
        connection.end();
        if let (Ended::Io(error), Some(row)) = (&ended, self.sessions().row(origin.session)) {
            row.set_close_errno(error.raw_os_error().unwrap_or(0));
        }
        if let Some(peer) = self.find(origin.session).filter(|peer| self.is_first(&**peer)) {
            // the client may take its time to close its direction
            self.begin_end(peer, false, false);
        }
    }

    /// Does not wait any longer for clients that are to close, having said or heard a last word.
    pub fn end_farewells(&self) {
        let open = self.0.open.borrow();
        let ends = |member: &Member| member.websocket.as_ref().is_some_and(|it| it.is_ending() && it.queued() == 0);
        let mut those: Vec<i64> = open.iter().filter(|(_, member)| ends(member)).map(|(session, _)| *session).collect();
        drop(open);
        those.sort_unstable();
        self.send_away(&those);
    }

    /// Sends a message, however much waits already: whoever asks looks at the row's flags first. Flags as in [`crate::io::websocket::Protocol::send`].
    ///
    /// # Errors
    /// See [`SendError`].
    pub fn push(&self, session: i64, opcode: u8, flags: u8, data: &[u8]) -> Result<(), SendError> {
        let row = self.sessions().row(session).ok_or(SendError::NotExist)?;
        let (socket, known) = match self.0.open.borrow().get(&session) {
            // what is sent to 1,000 connections touches no more of each
            Some(member) if !is_control(opcode) && member.direct.get().is_some() => (member.direct.get(), None),
            Some(member) => (None, member.websocket.clone()),
            None => return Err(SendError::NotExist),
        };
        let begun = socket.map(|socket| websocket::send_frame(socket, opcode, flags, data));
        if begun == Some(Sent::Whole) {
            row.has_sent();
            return Ok(());
        }
        if let Some(connection) = known.or_else(|| self.0.open.borrow().get(&session)?.websocket.clone()) {
            let sent = match begun {
                Some(begun) => connection.go_on(begun, opcode, flags, data),
                None => connection.send(opcode, flags, data),
            };
            if sent.is_ok() {
                row.has_sent();
            }
            return sent.map_err(|error| match error {
                websocket::SendError::Closed => SendError::Closed,
                websocket::SendError::Full => SendError::Overflow,
                websocket::SendError::TooLong => SendError::NotBytes,
            });
        }
        let peer = self.find(session).ok_or(SendError::NotExist)?;
        let http = peer.http().ok_or(SendError::NotBytes)?;
        if row.websocket() < status::HANDSHAKE {
            return Err(SendError::NotBytes);
        }
        http.upgrade.early.borrow_mut().push((opcode, flags, data.to_vec()));
        Ok(())
    }
}
