//! A stream that becomes a connection of its own: WebSocket over HTTP/2 (RFC 8441).
//!
//! For the handler the request is what it would be over HTTP/1.1: a `GET` with the header lines of an upgrade, as a gateway would
//! make of it. The answer is a `200`, and then both directions of the stream carry what a socket would.

use super::super::Branch;
use super::super::body::{Body, Chunk};
use super::super::exchange::{Awaited, Exchange};
use super::super::head::{Framing, Head};
use super::super::link::Link;
use super::super::socket::Socket;
use super::super::upgrade::{Taker, Upgraded};
use crate::io::websocket::handshake;
use bytes::{Buf, Bytes};
use h2::ext::Protocol;
use h2::server::SendResponse;
use h2::{Reason, RecvStream, SendStream};
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode, header};
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Whether a request wants its stream to become a WebSocket; it is one for an upgrade then, with a key as gateways make one up: code that
/// answers the handshake itself finds what it looks for.
pub(super) fn wanted(parts: &mut Parts) -> bool {
    let is_websocket = |protocol: &Protocol| protocol.as_str().eq_ignore_ascii_case("websocket");
    let wanted = parts.method == Method::CONNECT && parts.extensions.get().is_some_and(is_websocket);
    if wanted {
        parts.method = Method::GET;
        parts.headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        parts.headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
        if let Ok(key) = HeaderValue::from_str(&handshake::new_key()) {
            parts.headers.insert(header::SEC_WEBSOCKET_KEY, key);
        }
    }
    wanted
}

/// The head of a reply that refuses: one that says success would open the stream for what the client wants (RFC 9110, 9.3.6).
pub(super) fn refusal(mut head: Head) -> Head {
    if head.status().is_success() || head.status().is_informational() {
        head.set_status(StatusCode::FORBIDDEN);
    }
    head
}

/// A stream that wants to be a connection, while it is none yet.
pub(super) struct Asking {
    branch: Branch,
    /// The connection that it runs over: its silence is not its own as long as this lives.
    parent: Rc<Link>,
}

impl Asking {
    fn new(branch: Branch, parent: Rc<Link>) -> Self {
        parent.count_busy(true);
        Self { branch, parent }
    }

    fn has_own_link(&self) -> bool {
        !Rc::ptr_eq(&self.branch.link, &self.parent)
    }

    /// Whether the server wants no more of it.
    pub(super) fn is_given_up(&self) -> bool {
        self.has_own_link() && self.branch.link.expired.get()
    }

    /// Hears when the server wants no more of it.
    fn listen(&self, cx: &Context<'_>) {
        if self.has_own_link() {
            self.branch.link.task.replace(Some(cx.waker().clone()));
        }
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        self.parent.count_busy(false);
    }
}

/// A request whose stream becomes something else if the reply says so.
pub(super) struct Asked<D: Buf> {
    exchange: Rc<Exchange<D>>,
    awaited: Awaited<D>,
    input: Option<RecvStream>,
    pub(super) branch: Option<Asking>,
}

/// A stream that becomes a connection.
pub(super) struct Accepted {
    taker: Taker,
    input: RecvStream,
    asking: Asking,
}

impl<D: Buf> Asked<D> {
    pub(super) fn new(exchange: Rc<Exchange<D>>, input: RecvStream, branch: Branch, parent: Rc<Link>) -> Self {
        let branch = Some(Asking::new(branch, parent));
        Self { awaited: Awaited::new(Rc::clone(&exchange)), exchange, input: Some(input), branch }
    }

    /// The reply, once it is there.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<(Head, Body<D>, Framing)> {
        if let Some(asking) = &self.branch {
            asking.listen(cx);
        }
        self.awaited.poll(cx)
    }

    /// Whether the server wants no more of it.
    pub(super) fn is_given_up(&self) -> bool {
        self.branch.as_ref().is_some_and(Asking::is_given_up)
    }

    /// After the reply: what the stream becomes, if it becomes anything.
    pub(super) fn accepted(&mut self) -> Option<Accepted> {
        let taker = self.exchange.successor.taker()?;
        Some(Accepted { taker, input: self.input.take()?, asking: self.branch.take()? })
    }
}

impl<D: Buf> Drop for Asked<D> {
    fn drop(&mut self) {
        if let Some(taker) = self.exchange.successor.taker() {
            taker(None);
        }
    }
}

impl Accepted {
    /// Says so, and makes a connection of the two directions of the stream.
    pub(super) fn answer<D: Buf + 'static>(mut self, head: Head, respond: &mut SendResponse<Chunk<D>>) {
        let mut response = head.into_response(&mut Body::<D>::Empty, false);
        *response.status_mut() = StatusCode::OK;
        // what a connection of HTTP/1.1 is told, and what is said about a body
        for name in [header::CONNECTION, header::UPGRADE, header::SEC_WEBSOCKET_ACCEPT, header::CONTENT_TYPE] {
            response.headers_mut().remove(name);
        }
        response.headers_mut().remove(header::CONTENT_LENGTH);
        let upgraded = respond.send_response(response, false).ok().map(|output| {
            let (own_link, link) = (self.asking.has_own_link(), Rc::clone(&self.asking.branch.link));
            let guard = self.asking.branch.guard.take();
            let tunnel = Tunnel { input: self.input, rest: Bytes::new(), output, ended: false, _parent: self.asking };
            let mut socket = Socket::tunnel(Box::new(tunnel), link, guard);
            if own_link {
                socket.leaves_http();
            }
            Upgraded { socket, early: Bytes::new() }
        });
        (self.taker)(upgraded);
    }
}

struct Tunnel<D: Buf> {
    input: RecvStream,
    /// What has come and was not read.
    rest: Bytes,
    output: SendStream<Chunk<D>>,
    /// Our direction has ended.
    ended: bool,
    /// The connection hears no silence while this lives.
    _parent: Asking,
}

impl<D: Buf> Drop for Tunnel<D> {
    fn drop(&mut self) {
        if !self.ended {
            self.output.send_reset(Reason::CANCEL);
        }
    }
}

fn broken(error: h2::Error) -> io::Error {
    if error.is_io() {
        return error.into_io().unwrap_or_else(|| io::ErrorKind::ConnectionReset.into());
    }
    io::Error::from_raw_os_error(libc::ECONNRESET)
}

impl<D: Buf> AsyncRead for Tunnel<D> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        while self.rest.is_empty() {
            match ready!(self.input.poll_data(cx)) {
                None => return Poll::Ready(Ok(())),
                Some(Err(error)) => return Poll::Ready(Err(broken(error))),
                Some(Ok(data)) => {
                    // the reader takes it now, and asks for more when it wants more
                    let _ = self.input.flow_control().release_capacity(data.len());
                    self.rest = data;
                }
            }
        }
        let count = self.rest.len().min(buf.remaining());
        buf.put_slice(&self.rest[..count]);
        self.rest.advance(count);
        if self.rest.is_empty() {
            // an empty slice still holds on to what it was cut from
            self.rest = Bytes::new();
        }
        Poll::Ready(Ok(()))
    }
}

impl<D: Buf> AsyncWrite for Tunnel<D> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.ended {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        if bytes.is_empty() {
            return Poll::Ready(Ok(0));
        }
        self.output.reserve_capacity(bytes.len());
        while self.output.capacity() == 0 {
            match ready!(self.output.poll_capacity(cx)) {
                Some(Ok(_)) => {}
                Some(Err(error)) => return Poll::Ready(Err(broken(error))),
                None => return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
            }
        }
        let count = self.output.capacity().min(bytes.len());
        let data = Chunk::Bytes(Bytes::copy_from_slice(&bytes[..count]));
        self.output.send_data(data, false).map_err(broken)?;
        Poll::Ready(Ok(count))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.ended {
            self.ended = true;
            let _ = self.output.send_data(Chunk::Bytes(Bytes::new()), true);
        }
        Poll::Ready(Ok(()))
    }
}
