//! WebSocket (RFC 6455) with compression per message (RFC 7692), for servers and clients.
//!
//! ```text
//! handshake.rs   keys, sub-protocols, what both sides say before the first frame
//! extension.rs   the terms of permessage-deflate: offer, answer
//! frame.rs       one frame: head, flags and opcodes with Swoole's numbers
//! mask.rs        masks of payloads
//! deflate.rs     one message: compressed, or inflated up to a limit
//! protocol.rs    a connection without its socket: bytes in, messages out; messages in, bytes out
//! connection.rs  a Protocol on an asynchronous socket, with a bounded queue of what waits to be sent
//! ```
//!
//! Everything above `connection.rs` is plain calls on bytes: [`Protocol`] serves whoever has a socket of its own, such as a
//! process that only relays frames, or a client that reads in other ways.

mod connection;
mod deflate;
mod extension;
pub mod frame;
pub mod handshake;
mod mask;
mod protocol;
#[cfg(test)]
mod tests;

pub use connection::{Connection, Ended, Room, SendError, Sent, Transport, Watcher, send_frame};
pub(super) use connection::{now, send_now};
pub use deflate::{Inflated, compress, inflate};
pub use extension::{Compression, Terms};
pub use frame::{flag, opcode};
pub use protocol::{Failure, Message, Options, Protocol, Refused};

/// Codes of close frames.
pub mod close {
    /// The purpose is fulfilled.
    pub const NORMAL: u16 = 1000;
    /// The server goes down.
    pub const GOING_AWAY: u16 = 1001;
    /// A frame that the protocol does not allow.
    pub const PROTOCOL_ERROR: u16 = 1002;
    /// Never sent: the other side gave no code.
    pub const NO_STATUS: u16 = 1005;
    /// Never sent: the connection ended without a close frame.
    pub const ABNORMAL: u16 = 1006;
    /// Text that is not UTF-8, or data that cannot be inflated.
    pub const INVALID_DATA: u16 = 1007;
    /// A message longer than is allowed.
    pub const TOO_BIG: u16 = 1009;
    /// The server failed.
    pub const SERVER_ERROR: u16 = 1011;
}
