//! An HTTP server for a handler that may answer at once or later.
//!
//! ```text
//! Listener (listen.rs)      bound and listening, no runtime needed yet
//!    | Server (serve.rs)    accepts, one task per connection, idle sweep, graceful end
//!    v
//! Connection (connection.rs)   TLS, then Http1 (http1/) or Http2 (http2.rs): refuses bad requests, collects bodies
//!    v
//! Handler::call(Request, Responder)
//!    |                      Exchange (exchange.rs): the meeting place of one request and its reply
//!    v
//! Head (head.rs), Body (body.rs) -> Http1 or Http2 -> Socket (socket.rs)
//! ```
//!
//! The road of a request without a body allocates nothing here: the [`Exchange`](exchange) and the header maps are used again,
//! there is no timer, channel or box per request, and a reply given inside [`Handler::call`] is written in the same poll.

mod body;
mod compression;
mod connection;
pub mod cookies;
mod exchange;
mod fields;
mod file;
mod h2c;
mod head;
mod http1;
mod http2;
mod incoming;
mod link;
mod listen;
mod meter;
pub mod multipart;
#[cfg(test)]
mod properties;
mod range;
mod serve;
mod socket;
mod static_files;
#[cfg(test)]
mod tests;
mod upgrade;
pub mod upload;

pub use body::Part;
pub use compression::{Coding, Compression};
pub use exchange::{Carried, Carrier, Closed, Late, Next, Responder, Space, Wants, dies, dying};
pub use fields::{Fields, is_same};
pub use file::{FileRange, OpenFile};
pub use head::{Defaults, Head, Marks, ReasonPhrase, is_name, write_number};
pub use http2::Settings as Http2Settings;
pub use incoming::{Invalid, Parser};
pub use link::Link;
pub use listen::{Listener, bind};
pub use serve::{Drained, Server};
pub use socket::Socket;
pub use static_files::{Rewrite, StaticFiles};
pub use upgrade::{Offer, Taker, Upgrade, Upgraded};

use bytes::{Buf, Bytes};
use http::{Method, Uri, Version};
use std::{any::Any, rc::Rc, sync::Arc, time::Duration};

/// What a client may send before it is refused.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Largest request head in bytes; more is answered with 431.
    pub head: usize,
    /// Largest body in bytes; more is answered with 413.
    pub body: usize,
    /// How long a request head may take from its first byte on.
    pub head_time: Duration,
    /// A connection on which nothing moves for this long, while no handler works for it, is closed.
    pub idle: Duration,
    /// Bytes of a streamed reply that may wait for a slow reader before the writer has to.
    pub queue: usize,
}

impl Default for Limits {
    fn default() -> Self {
        let (head_time, idle) = (Duration::from_secs(20), Duration::from_secs(60));
        Self { head: 64 << 10, body: 2 << 20, head_time, idle, queue: 64 << 10 }
    }
}

/// What the server does by itself, without asking the handler.
#[derive(Clone, Debug, Default)]
pub struct Features {
    /// Whole replies are compressed for clients that accept it.
    pub compression: Option<Rc<Compression>>,
    /// Files that are sent without asking the handler.
    pub files: Option<Rc<StaticFiles>>,
    /// Forms with files that are too large for memory go to the disk.
    pub uploading: Option<Rc<upload::Uploading>>,
    /// Connections are encrypted; what can be agreed on as the next protocol stands in there.
    pub tls: Option<Arc<rustls::ServerConfig>>,
    /// Clients may speak HTTP/2, because TLS has agreed on it or from their first byte on.
    pub http2: Option<Http2Settings>,
}

/// Takes complete requests.
pub trait Handler: 'static {
    /// The pieces of reply bodies; refcounted strings go out without being copied.
    type Data: Buf + 'static;

    /// What the reply says with which the server refuses a request by itself.
    fn refusal(&self) -> Defaults {
        Defaults::default()
    }

    /// Whether replies come from other processes: then each goes out the moment it has come. A handler that runs here keeps the processor
    /// busy with other things than sending, and all that are given in one turn are sent together.
    fn is_elsewhere(&self) -> bool {
        false
    }

    /// A connection has ended because its TLS handshake failed.
    fn tls_failed(&self, _link: &Link, _error: &super::tls::Error) {}

    /// Client and server have agreed on keys; the first request is yet to come.
    fn secured(&self, _link: &Link) {}

    /// A client wants a stream of this connection to become a WebSocket (RFC 8441): whoever gives connections numbers gives it one.
    /// `None` refuses it with a 503.
    fn branch(&self, parent: &Rc<Link>) -> Option<Branch> {
        Some(Branch { link: Rc::clone(parent), guard: None })
    }

    /// Handles one request. The reply may be given before this returns or at any time later.
    fn call(&self, request: Request, responder: Responder<Self::Data>);
}

/// A stream that may become a connection of its own.
#[derive(Debug)]
pub struct Branch {
    /// What is known about it: its connection's, unless it is [`Link::branch`].
    pub link: Rc<Link>,
    /// Dropped when the stream is over.
    pub guard: Option<Box<dyn Any>>,
}

/// A complete request.
#[derive(Debug)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The target as it was sent: usually a path and a query.
    pub uri: Uri,
    /// The version the client speaks.
    pub version: Version,
    /// Header lines.
    pub fields: Fields,
    /// The whole body.
    pub body: Bytes,
    /// A form that went to the disk while it arrived; the body is empty then.
    pub uploads: Option<Box<upload::Uploads>>,
    /// The connection it came over.
    pub link: Rc<Link>,
    /// Its number on a connection of HTTP/2, 0 on others.
    pub stream_id: u32,
}

/// What comes before a request's body.
#[derive(Debug, Default)]
struct RequestHead {
    method: Method,
    uri: Uri,
    version: Version,
    fields: Fields,
}
