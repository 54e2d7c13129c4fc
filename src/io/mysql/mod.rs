//! A MySQL client over tokio sockets that hands out rows as slices of the packets they came in.
//!
//! Sending and decoding are plain calls, only waiting is a future:
//!
//! ```text
//!  query() | prepare() | execute()                 writes at once what the socket takes
//!  head() / row() / prepared()                     decode what has arrived; `None`: more bytes are needed
//!  fill().await                                    sends the rest of the request, receives more bytes
//! ```
//!
//! So the caller decodes on its own stack - a coroutine builds PHP arrays there, where it may run out of memory - and a result that
//! arrived whole costs one wait. A [`Connection`] takes `&self` everywhere: while one coroutine waits for it another may look at
//! it, find it busy, or close it. A `fill` that is dropped before it is done leaves the connection closed, never out of step.

mod answer;
mod charset;
mod connection;
mod error;
mod handshake;
mod open;
mod request;
mod result;
mod stream;
mod temporal;
mod wire;

pub use answer::{Fetched, Head, Prepared};
pub use charset::{DEFAULT as DEFAULT_CHARSET, escape, number as charset_number};
pub use connection::{Connection, Endpoint, Options, Phase};
pub use error::Error;
pub use request::Execute;
pub use result::{BinaryRow, Column, Columns, Outcome, TextRow, Value, kind};
pub use temporal::Temporal;
