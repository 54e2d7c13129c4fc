//! A client's side of HTTP/2: frames and header blocks, without sockets.
//!
//! ```text
//! huffman.rs, hpack.rs   header blocks
//! connection.rs          a connection without its socket: bytes in, events out; requests in, bytes out
//! ```
//!
//! Not the `h2` crate: what PHP code can see here is the settings of both sides, the numbers of streams, `GOAWAY` with its words, and that
//! nothing is read before somebody asks for it.

mod connection;
mod hpack;
mod huffman;
#[cfg(test)]
mod tests;

pub use connection::{Connection, Event, Failure, Flow, Settings};
pub use hpack::Line;
