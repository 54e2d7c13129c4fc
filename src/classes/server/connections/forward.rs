//! Frames between the process that owns a connection and those that run PHP.
//!
//! ```text
//!   owner ── CONNECT RECEIVE CLOSE FULL EMPTY PACKET ──▶ worker       (SWOOLE_PROCESS: the owner is the master)
//!   owner ◀── SEND FILE CLOSE_IT FINISH PAUSE RESUME ASK ──  any process  ◀── ROOM ── owner
//! ```

use super::dispatch::{Refused, Subject, Type};
use super::events::{no_tls, shortage, too_many};
use super::{Endpoint, methods, websocket};
use crate::classes::errors;
use crate::io::framing::Refusal;
use crate::io::websocket::{Failure, Message};
use crate::local_task;
use crate::log;
use crate::server::bus::Frame;
use crate::server::endpoint::FIRST_KIND;
use crate::server::hub::{End, Events, Hub, Origin, SendError, Sender};
use crate::server::session::{ACTIVELY, CLOSED, Row, now};
use crate::zend;
use std::io::{self, IoSlice};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;
use std::rc::{Rc, Weak};
use std::sync::atomic::Ordering::Relaxed;

/// Kinds of frames.
pub(super) mod kind {
    use super::FIRST_KIND;
    pub(in super::super) const CONNECT: u8 = FIRST_KIND;
    pub(in super::super) const RECEIVE: u8 = FIRST_KIND + 1;
    pub(in super::super) const CLOSE: u8 = FIRST_KIND + 2;
    pub(in super::super) const FULL: u8 = FIRST_KIND + 3;
    pub(in super::super) const EMPTY: u8 = FIRST_KIND + 4;
    pub(in super::super) const PACKET: u8 = FIRST_KIND + 5;
    pub(in super::super) const MESSAGE: u8 = FIRST_KIND + 6;
    pub(in super::super) const SEND: u8 = FIRST_KIND + 16;
    pub(in super::super) const FILE: u8 = FIRST_KIND + 17;
    pub(in super::super) const CLOSE_IT: u8 = FIRST_KIND + 18;
    pub(in super::super) const FINISH: u8 = FIRST_KIND + 19;
    pub(in super::super) const PAUSE: u8 = FIRST_KIND + 20;
    pub(in super::super) const RESUME: u8 = FIRST_KIND + 21;
    pub(in super::super) const PUSH: u8 = FIRST_KIND + 22;
    /// Of the payload as many bytes as the head's port says, to all sessions behind them.
    pub(in super::super) const BROADCAST: u8 = FIRST_KIND + 25;
    /// Asks for [`ROOM`] when there is some.
    pub(in super::super) const ASK: u8 = FIRST_KIND + 23;
    /// There is room to send again.
    pub(in super::super) const ROOM: u8 = FIRST_KIND + 24;
    /// The first kind of frames about HTTP.
    pub(in super::super) const HTTP: u8 = FIRST_KIND + 32;
}

/// What stands before the payload.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Head {
    pub(super) session: i64,
    pub(super) port: u32,
    pub(super) flag: bool,
    pub(super) time: f64,
    pub(super) more: u64,
}

/// Bytes that may wait for another process before whoever sends to it has to wait: nothing more is read from the clients of a worker.
pub(super) const BEHIND: usize = 8 << 20;
/// Bytes of a [`Head`].
const HEAD: usize = 32;

impl Head {
    pub(super) fn of(session: i64) -> Self {
        Self { session, port: 0, flag: false, time: 0.0, more: 0 }
    }

    pub(super) fn event(origin: Origin) -> Self {
        Self { port: origin.port as u32, time: now(), ..Self::of(origin.session) }
    }

    pub(super) fn to_bytes(self) -> [u8; HEAD] {
        let mut bytes = [0; HEAD];
        bytes[..8].copy_from_slice(&self.session.to_ne_bytes());
        bytes[8..12].copy_from_slice(&self.port.to_ne_bytes());
        bytes[12] = u8::from(self.flag);
        bytes[16..24].copy_from_slice(&self.time.to_ne_bytes());
        bytes[24..].copy_from_slice(&self.more.to_ne_bytes());
        bytes
    }

    fn parse(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let (head, rest) = bytes.split_first_chunk::<HEAD>()?;
        let head = Self {
            session: i64::from_ne_bytes(*head.first_chunk()?),
            port: u32::from_ne_bytes(*head[8..].first_chunk()?),
            flag: head[12] != 0,
            time: f64::from_ne_bytes(*head[16..].first_chunk()?),
            more: u64::from_ne_bytes(*head[24..].first_chunk()?),
        };
        Some((head, rest))
    }

    fn origin(&self) -> Origin {
        Origin { session: self.session, port: self.port as usize }
    }
}

/// A sender as bytes: family, port, address or path.
fn pack(sender: &Sender) -> Vec<u8> {
    match sender {
        Sender::Inet(address) => {
            let mut bytes = vec![if address.is_ipv4() { 4 } else { 6 }];
            bytes.extend_from_slice(&address.port().to_ne_bytes());
            match address.ip() {
                IpAddr::V4(ip) => bytes.extend_from_slice(&ip.octets()),
                IpAddr::V6(ip) => bytes.extend_from_slice(&ip.octets()),
            }
            bytes
        }
        Sender::Unix(None) => vec![0],
        Sender::Unix(Some(path)) => [&[1], path.as_os_str().as_bytes()].concat(),
    }
}

fn unpack(bytes: &[u8]) -> Option<Sender> {
    let (family, rest) = bytes.split_first()?;
    let inet = || {
        let (port, ip) = rest.split_first_chunk::<2>()?;
        let ip = match family {
            4 => IpAddr::V4(Ipv4Addr::from(*ip.first_chunk::<4>()?)),
            _ => IpAddr::V6(Ipv6Addr::from(*ip.first_chunk::<16>()?)),
        };
        Some(Sender::Inet(SocketAddr::new(ip, u16::from_ne_bytes(*port))))
    };
    match family {
        0 => Some(Sender::Unix(None)),
        1 => Some(Sender::Unix(Some(PathBuf::from(std::ffi::OsString::from_vec(rest.to_vec()))))),
        _ => inet(),
    }
}

/// The events of the master's hub, which go to workers.
pub(super) struct Forward(pub(super) Weak<Endpoint>);

impl Forward {
    fn tell(&self, origin: Origin, what: Type, kind: u8, data: &[u8]) {
        self.tell_with(origin, what, kind, Head::event(origin), data);
    }

    pub(super) fn tell_with(&self, origin: Origin, what: Type, kind: u8, head: Head, data: &[u8]) {
        let Some(endpoint) = self.0.upgrade() else { return };
        let worker = match endpoint.schedule(Subject::Session(origin.session), what, || zend::string(data)) {
            Ok(worker) => worker,
            Err(refused) => return endpoint.refuse(origin.session, refused),
        };
        if matches!(kind, kind::RECEIVE | kind::MESSAGE) {
            endpoint.count_dispatch(worker);
        }
        endpoint.tell(worker, kind, head, data);
        if endpoint.plan.bus.queued(worker) > BEHIND {
            endpoint.hold(origin.session, worker);
        }
    }
}

impl Events for Forward {
    fn connect(&self, origin: Origin) {
        let Some(endpoint) = self.0.upgrade() else { return };
        endpoint.plan.board.counters.accepted.fetch_add(1, Relaxed);
        if endpoint.callbacks(origin.port).is_some_and(|callbacks| callbacks.connect.is_some()) {
            self.tell(origin, Type::Connect, kind::CONNECT, &[]);
        }
    }

    fn receive(&self, origin: Origin, data: &[u8]) {
        self.tell(origin, Type::Data, kind::RECEIVE, data);
    }

    fn message(&self, origin: Origin, message: &Message) {
        self.on_message(origin, message);
    }

    fn broken(&self, _: Origin, failure: &Failure) {
        websocket::broken(failure);
    }

    fn refused(&self, origin: Origin, refusal: Refusal) {
        if let Some(endpoint) = self.0.upgrade() {
            endpoint.on_refused(origin, refusal);
        }
    }

    fn close(&self, origin: Origin, end: End) {
        let Some(endpoint) = self.0.upgrade() else { return };
        endpoint.plan.board.counters.closed.fetch_add(1, Relaxed);
        let is_heard = endpoint.callbacks(origin.port).is_some_and(|callbacks| callbacks.close.is_some())
            || endpoint.on_disconnect(origin).is_some();
        if !is_heard {
            return drop(end);
        }
        let worker = endpoint.schedule(Subject::Session(origin.session), Type::Close, || zend::string(b""));
        let Ok(worker) = worker else { return drop(end) };
        let head = Head { flag: end.actively, ..Head::event(origin) };
        // It stays until the worker says that PHP has heard of it, or dies.
        let before = endpoint.ends.borrow_mut().insert(origin.session, (worker, end));
        drop(before);
        endpoint.tell(worker, kind::CLOSE, head, &[]);
    }

    fn buffer_full(&self, origin: Origin) {
        self.tell(origin, Type::Data, kind::FULL, &[]);
    }

    fn buffer_empty(&self, origin: Origin) {
        self.tell(origin, Type::Data, kind::EMPTY, &[]);
    }

    fn packet(&self, port: usize, sender: Sender, data: &[u8]) {
        let Some(endpoint) = self.0.upgrade() else { return };
        let worker = endpoint.schedule(Subject::Datagram(&sender), Type::Datagram, || zend::string(data));
        let Ok(worker) = worker else { return };
        endpoint.count_dispatch(worker);
        let head = [&Head::event(Origin { session: 0, port }).to_bytes()[..], &pack(&sender)].concat();
        endpoint.put(worker, kind::PACKET, &head, data);
    }

    fn shortage(&self, errno: i32) {
        shortage(errno);
    }

    fn no_tls(&self, remote: Option<SocketAddr>, error: &io::Error) {
        no_tls(remote, error);
    }

    fn too_many(&self, open: usize) {
        too_many(open);
    }
}

impl Endpoint {
    /// The user's function does not want what has come from a connection.
    fn refuse(&self, session: i64, refused: Refused) {
        if let Some(hub) = self.hub().filter(|_| refused == Refused::Closed) {
            hub.send_away(&[session]);
        }
    }

    /// A worker is far behind: nothing more is read from this connection until it has caught up.
    fn hold(self: &Rc<Self>, session: i64, worker: usize) {
        let Some(hub) = self.hub() else { return };
        let hold = hub.hold(session);
        if hold.is_none() {
            return;
        }
        let bus = Rc::clone(&self.plan.bus);
        local_task::spawn(async move {
            bus.room_below(worker, BEHIND / 2).await;
            drop(hold);
        });
    }

    /// Tells the process with this address when there is room to send to a connection, or it has ended.
    fn tell_of_room(self: &Rc<Self>, hub: &Hub, session: i64, to: usize) {
        if !self.askers.borrow_mut().insert((session, to)) {
            return;
        }
        let (endpoint, room) = (Rc::clone(self), hub.room(session));
        local_task::spawn(async move {
            room.await;
            endpoint.askers.borrow_mut().remove(&(session, to));
            // Whoever asked also looks for itself now and then.
            let _ = endpoint.plan.bus.send_back(to, kind::ROOM, &Head::of(session).to_bytes(), &[]);
        });
    }

    /// Whether less waits to be sent on a connection than may.
    pub(super) fn has_room(&self, row: &Row) -> bool {
        row.has_room(self.plan.ports.get(row.port()).map_or(usize::MAX, |port| port.settings.buffer))
    }

    /// Sends bytes to the process that owns a connection, if there is room for them.
    pub(super) fn send_to_owner(&self, row: &Row, kind: u8, head: Head, data: &[u8]) -> Result<(), SendError> {
        self.to_owner(row, data, |owner| self.tell(owner, kind, head, data))
    }

    /// Sends a message to the process that owns a connection; it shares its way with the same message to others.
    pub(super) fn broadcast_to_owner(&self, row: &Row, head: Head, data: &[u8]) -> Result<(), SendError> {
        let shared = Head { session: 0, port: data.len() as u32, ..head }.to_bytes();
        self.to_owner(row, data, |owner| {
            self.plan.bus.gather(owner, kind::BROADCAST, &shared, data, head.session.to_ne_bytes()).is_ok()
        })
    }

    fn to_owner(&self, row: &Row, data: &[u8], send: impl FnOnce(usize) -> bool) -> Result<(), SendError> {
        let owner = usize::from(row.owner());
        if !self.has_room(row) || self.plan.bus.queued(owner) >= BEHIND {
            return Err(SendError::Overflow);
        }
        row.expect(data.len());
        if send(owner) {
            return Ok(());
        }
        row.has_got(data.len());
        Err(SendError::Overflow)
    }

    /// Sends a frame to another process; `false` when it cannot be sent.
    pub(super) fn tell(&self, to: usize, kind: u8, head: Head, payload: &[u8]) -> bool {
        self.put(to, kind, &head.to_bytes(), payload)
    }

    /// Whether what came from this connection is not for PHP any more, which is noted: the server has closed it, or it is gone and
    /// `discard_timeout_request` says so.
    fn discards(&self, origin: Origin, bytes: usize) -> bool {
        let session = origin.session;
        let discards = match self.plan.sessions.row(session).map(|row| row.flags() & (CLOSED | ACTIVELY)) {
            Some(flags) if flags & CLOSED == 0 => false,
            Some(flags) if flags & ACTIVELY != 0 => true,
            // What came before the end of a connection that PHP does not hear of is still to be handled.
            _ if self.notifies() => self.callbacks(origin.port).is_some_and(|callbacks| callbacks.close.is_some()),
            _ => self.plan.discard_late,
        };
        if discards {
            note_discarded(&format!("data[{bytes} bytes]"), session);
        }
        discards
    }

    /// Whether a request is not for PHP any more, which is noted: its client is gone, and `discard_timeout_request` says so.
    pub(super) fn discards_request(&self, session: i64) -> bool {
        let discards = self.plan.discard_late && !self.notifies() && self.plan.sessions.row(session).is_none();
        if discards {
            note_discarded("request", session);
        }
        discards
    }

    fn put(&self, to: usize, kind: u8, head: &[u8], payload: &[u8]) -> bool {
        let payload = [IoSlice::new(payload)];
        // whoever sends what a client shall get can wait or is told; nobody asks for the others again
        let sent = match kind {
            kind::SEND | kind::FILE | kind::PUSH | kind::PACKET => self.plan.bus.send(to, kind, head, &payload),
            _ => self.plan.bus.insist(to, kind, head, &payload),
        };
        sent.is_ok()
    }
}

fn note_discarded(what: &str, session: i64) {
    let words = format!("[2] ignore {what} received from session#{session}");
    log::error(log::WARNING, "Worker_discard_data()", errors::SESSION_DISCARD_TIMEOUT_DATA, words.as_bytes());
}

/// Takes a frame that another process has sent.
pub(super) fn receive(endpoint: &Rc<Endpoint>, frame: Frame<'_>) {
    if frame.kind >= kind::HTTP {
        return endpoint.while_busy(|| endpoint.receive_http(frame));
    }
    let Some((head, rest)) = Head::parse(frame.head) else { return };
    match frame.kind {
        kind::CONNECT..=kind::MESSAGE => endpoint.while_busy(|| event(endpoint, frame, head, rest)),
        kind::ROOM => endpoint.wake_senders(head.session),
        _ => order(endpoint, frame, head),
    }
}

/// Something happened on a connection of the master's.
fn event(endpoint: &Rc<Endpoint>, frame: Frame<'_>, head: Head, rest: &[u8]) {
    let (origin, from) = (head.origin(), frame.from);
    if matches!(frame.kind, kind::RECEIVE | kind::MESSAGE) && endpoint.discards(origin, frame.payload.len()) {
        return;
    }
    match frame.kind {
        kind::CONNECT => endpoint.on_connect(origin, from, head.time),
        kind::RECEIVE => endpoint.on_receive(origin, from, head.time, frame.payload),
        kind::CLOSE => {
            let reactor = if head.flag { -1 } else { endpoint.reactor(from) };
            let weak = Rc::downgrade(endpoint);
            let finished = move || {
                if let Some(endpoint) = weak.upgrade() {
                    endpoint.tell(from, kind::FINISH, head, &[]);
                }
            };
            endpoint.on_close(origin, reactor, head.time, Box::new(finished));
        }
        kind::MESSAGE => websocket::arrived(endpoint, origin, &head, frame.payload),
        kind::FULL if endpoint.notifies() => endpoint.on_buffer(origin, |callbacks| &callbacks.buffer_full),
        kind::EMPTY => {
            endpoint.wake_senders(origin.session);
            if endpoint.notifies() {
                endpoint.on_buffer(origin, |callbacks| &callbacks.buffer_empty);
            }
        }
        kind::FULL => {}
        _ => {
            if let Some(sender) = unpack(rest) {
                endpoint.on_packet(origin.port, &sender, head.time, frame.payload);
            }
        }
    }
}

/// Another process wants something done to a connection of this one. Whoever asked cannot be told that it is gone by now.
fn order(endpoint: &Rc<Endpoint>, frame: Frame<'_>, head: Head) {
    let Some(hub) = endpoint.hub() else { return };
    if frame.kind == kind::BROADCAST {
        let (data, sessions) = frame.payload.split_at((head.port as usize).min(frame.payload.len()));
        for session in sessions.as_chunks().0 {
            let head = Head { session: i64::from_ne_bytes(*session), ..head };
            if let Some(row) = endpoint.plan.sessions.row(head.session) {
                row.has_got(data.len());
            }
            websocket::pushed(&hub, &head, data);
        }
        return;
    }
    if matches!(frame.kind, kind::SEND | kind::PUSH)
        && let Some(row) = endpoint.plan.sessions.row(head.session)
    {
        row.has_got(frame.payload.len());
    }
    match frame.kind {
        kind::SEND => {
            let _ = hub.send_on(head.session, frame.payload);
        }
        kind::PUSH => websocket::pushed(&hub, &head, frame.payload),
        kind::FILE => {
            let path = PathBuf::from(std::ffi::OsStr::from_bytes(frame.payload));
            let length = head.time as u64;
            let _ = methods::send_file_of(&hub, head.session, &path, head.more, length);
        }
        kind::CLOSE_IT => {
            let _ = hub.close(head.session, head.flag);
        }
        kind::FINISH => {
            let end = endpoint.ends.borrow_mut().remove(&head.session);
            match end {
                Some((_, end)) => drop(end),
                None => hub.end(head.session, head.more != 0),
            }
        }
        kind::ASK => endpoint.tell_of_room(&hub, head.session, frame.back),
        kind::PAUSE => {
            hub.pause(head.session, true);
        }
        kind::RESUME => {
            hub.pause(head.session, false);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_and_senders_come_back() {
        let head = Head { session: 1 << 40, port: 3, flag: true, time: 1.5, more: u64::MAX };
        let bytes = [&head.to_bytes()[..], b"rest"].concat();
        assert_eq!(Head::parse(&bytes), Some((head, &b"rest"[..])));
        assert_eq!(Head::parse(&bytes[..31]), None);
        let inet = |text: &str| Sender::Inet(text.parse().expect("an address"));
        let path = Sender::Unix(Some("/tmp/x".into()));
        for sender in [inet("1.2.3.4:5"), inet("[::1]:65535"), Sender::Unix(None), path] {
            assert_eq!(unpack(&pack(&sender)), Some(sender));
        }
        assert_eq!(unpack(&[4, 0]), None);
    }
}
