//! What a hub knows about a connection, whatever it speaks.

use super::http::HttpPeer;
use super::{Hub, Origin, SendError};
use crate::server::session::{CLOSED, CLOSING, Row};
use std::cell::Cell;
use std::fs::File;
use std::task::Waker;
use std::time::Duration;

/// What every connection has.
pub(super) struct Base {
    pub(super) id: i64,
    pub(super) port: u16,
    /// How long its client may say nothing.
    pub(super) heartbeat_idle: Option<Duration>,
    /// Its close event has happened or is under way.
    pub(super) closed: Cell<bool>,
}

impl Base {
    pub(super) fn origin(&self) -> Origin {
        Origin { session: self.id, port: usize::from(self.port) }
    }
}

/// A connection of a hub, and how it is told what to do.
pub(super) trait Peer {
    fn base(&self) -> &Base;
    /// Whether something has come since this was asked, of which the row has not been told.
    fn has_heard(&self) -> bool {
        false
    }
    /// The streams of this connection that are connections of their own.
    fn streams(&self) -> Vec<i64> {
        Vec::new()
    }
    /// The certificate that its client has shown, as PEM.
    fn certificate(&self) -> Option<String>;
    /// As one that speaks HTTP, or did.
    fn http(&self) -> Option<&HttpPeer> {
        None
    }
    /// Sends bytes, or queues them: with `force` also when the queue is full.
    fn send(&self, hub: &Hub, row: &Row, data: &[u8], force: bool) -> Result<(), SendError>;
    /// Queues a part of a file.
    fn send_file(&self, row: &Row, file: File, offset: u64, length: u64) -> Result<(), SendError>;
    /// Stops or continues to read.
    fn pause(&self, paused: bool);
    /// Stops or continues to read on behalf of who gets what is read, whatever PHP has paused; whether that changes anything.
    fn hold(&self, _held: bool) -> bool {
        false
    }
    /// Whether all is sent.
    fn is_flushed(&self) -> bool;
    /// Wakes `waker` when more has been sent, or it has ended.
    fn await_progress(&self, waker: &Waker);
    /// Sends what waits, without the loop; false when it ended before.
    fn flush_blocking(&self, hub: &Hub) -> bool;
    /// Ends it: with `now` at once, else when what waits has been sent. Takes itself out of the hub when it has ended.
    fn end(&self, hub: &Hub, now: bool);
}

impl Hub {
    /// Whether nobody has begun to tell PHP of a connection's end, which a worker does by itself where PHP code closes it.
    pub(super) fn is_first(&self, connection: &dyn Peer) -> bool {
        if connection.base().closed.get() {
            return false;
        }
        let Some(row) = self.sessions().row(connection.base().id) else { return true };
        if row.set(CLOSING, true) {
            return false;
        }
        let told = row.flags() & CLOSED != 0;
        if told {
            row.set(CLOSING, false);
        }
        !told
    }
}
