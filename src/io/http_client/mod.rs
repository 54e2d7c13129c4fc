//! An HTTP/1.1 client: requests into bytes, bytes into replies, and the connections between.
//!
//! ```text
//! RequestHead (request.rs), Form (multipart.rs)     what is sent
//!    | Transport (transport.rs)                     a socket, perhaps with TLS on it; connect.rs opens it
//!    v
//! Reply (response.rs, chunked.rs)                   what arrives: head, parts of the body, end
//!    | Decoder (decode.rs)                          bodies that were sent compressed
//!    v
//! whoever asked
//! ```
//!
//! Not hyper: what PHP code can see (header names as they were sent, a reply that is fetched later, a reply that goes on until
//! the connection ends, what arrives behind an upgrade) is decided here, and a request costs one write and one read.

mod chunked;
mod connect;
mod decode;
pub mod multipart;
mod request;
mod response;
#[cfg(test)]
mod tests;
mod transport;

pub use connect::{Endpoint, Failure, Secure, Target, Through, connect};
pub use decode::{Coding, Decoder, Failure as DecodeFailure};
pub use request::{RequestHead, Unsafe};
pub use response::{Event, Head, Malformed, Reply};
pub use transport::Transport;
