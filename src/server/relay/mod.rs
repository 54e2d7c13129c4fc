//! HTTP between the process that has the connections and those that run PHP (`SWOOLE_PROCESS`).
//!
//! ```text
//!   master: HTTP  ──Request──▶ Asking ──REQUEST──▶ worker: Answering ──Request──▶ handler
//!                 ◀─Responder─        ◀── REPLY | START PIECE* END | CUT ──       ◀─Responder─
//!                                     ── MORE, GONE ──▶
//!                 a worker has died:  ── WHICH ──▶ its successor
//!                                     ◀── FOUND ──
//! ```
//!
//! A reply that is whole and not too long is one frame. The pieces of another one stop after [`WINDOW`] bytes until the master has passed them on, so
//! that a slow reader makes the worker's coroutine wait and nobody's memory grow. When a worker dies, the clients whose requests it had begun
//! get a 502, or the end of their connection if their reply had begun too; the others' requests are its successor's, which says which
//! ones it found.

mod answering;
mod asking;
mod claim;
mod codec;
#[cfg(test)]
mod tests;

pub use answering::Answering;
pub use asking::Asking;
pub use claim::{Claim, Told};

/// Bytes of a reply that a worker may send before the master has passed on what came before.
const WINDOW: usize = 128 << 10;

/// So many at first: a client that takes nothing shall not cost more.
const FIRST_WINDOW: usize = 16 << 10;

/// Kinds of frames, counted from the first one that belongs to HTTP.
mod kind {
    /// To a worker: a request.
    pub(super) const REQUEST: u8 = 0;
    /// To a worker: go on with this reply.
    pub(super) const MORE: u8 = 1;
    /// To a worker: the client of this reply is gone.
    pub(super) const GONE: u8 = 2;
    /// To the master: a whole reply, its body the payload.
    pub(super) const REPLY: u8 = 3;
    /// To the master: a whole reply of several parts.
    pub(super) const PARTS: u8 = 4;
    /// To the master: a reply begins.
    pub(super) const START: u8 = 5;
    /// To the master: a piece of a body.
    pub(super) const PIECE: u8 = 6;
    /// To the master: the end of a body.
    pub(super) const END: u8 = 7;
    /// To the master: the handler has given up.
    pub(super) const CUT: u8 = 8;
    /// To the master: others reply, who claim the request by its connection.
    pub(super) const RELEASE: u8 = 9;
    /// To the owner of a connection: its request is answered by this process.
    pub(super) const CLAIM: u8 = 10;
    /// To a worker: its predecessor has died; which of the requests up to this number has it found?
    pub(super) const WHICH: u8 = 11;
    /// To the master: these.
    pub(super) const FOUND: u8 = 12;
}

/// Number of kinds of frames.
pub const KINDS: u8 = 13;

/// The number of the request in a frame of this kind, counted from the first one, with this head.
pub fn request(kind: u8, head: &[u8]) -> Option<u64> {
    split(head).filter(|_| kind == kind::REQUEST).map(|(id, _)| id)
}

/// The number of the request that a frame is about, and what follows it.
fn split(head: &[u8]) -> Option<(u64, &[u8])> {
    let (id, rest) = head.split_first_chunk()?;
    Some((u64::from_ne_bytes(*id), rest))
}
