//! A stream that becomes a connection of its own: WebSocket over HTTP/2 (RFC 8441).
//!
//! For the handler the request is what it would be over HTTP/1.1: a `GET` with the header lines of an upgrade, as a gateway would
//! make of it. The answer is a `200`, and then both directions of the stream carry what a socket would.

use super::super::body::{Body, Chunk};
use super::super::exchange::{Awaited, Exchange};
use super::super::head::{Framing, Head};
use super::super::link::Link;
use super::super::socket::Socket;
use super::super::upgrade::{Taker, Upgraded};
use bytes::{Buf, Bytes};
use h2::ext::Protocol;
use h2::{Reason, RecvStream, SendStream};
use http::request::Parts;
use http::{HeaderValue, Method, header};
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Whether a request wants its stream to become a WebSocket; it is one for an upgrade then.
pub(super) fn wanted(parts: &mut Parts) -> bool {
    let is_websocket = |protocol: &Protocol| protocol.as_str().eq_ignore_ascii_case("websocket");
    let wanted = parts.method == Method::CONNECT && parts.extensions.get().is_some_and(is_websocket);
    if wanted {
        parts.method = Method::GET;
        parts.headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        parts.headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    }
    wanted
}

/// A request whose stream becomes something else if the reply says so.
pub(super) struct Asked<D: Buf> {
    exchange: Rc<Exchange<D>>,
    awaited: Awaited<D>,
    input: Option<RecvStream>,
}

impl<D: Buf> Asked<D> {
    pub(super) fn new(exchange: Rc<Exchange<D>>, input: RecvStream) -> Self {
        Self { awaited: Awaited::new(Rc::clone(&exchange)), exchange, input: Some(input) }
    }

    /// The reply, once it is there.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<(Head, Body<D>, Framing)> {
        self.awaited.poll(cx)
    }

    /// After the reply: who gets the stream, and what comes over it, if anybody does.
    pub(super) fn accepted(&mut self) -> Option<(Taker, RecvStream)> {
        let taker = self.exchange.successor.taker()?;
        Some((taker, self.input.take()?))
    }
}

impl<D: Buf> Drop for Asked<D> {
    fn drop(&mut self) {
        if let Some(taker) = self.exchange.successor.taker() {
            taker(None);
        }
    }
}

/// Makes a connection of the two directions of a stream.
pub(super) fn open<D: Buf + 'static>(input: RecvStream, output: SendStream<Chunk<D>>, link: Rc<Link>) -> Upgraded {
    // its silence is not the connection's
    link.count_busy(true);
    let tunnel = Tunnel { input, rest: Bytes::new(), output, ended: false, link: Rc::clone(&link) };
    Upgraded { socket: Socket::tunnel(Box::new(tunnel), link), early: Bytes::new() }
}

struct Tunnel<D: Buf> {
    input: RecvStream,
    /// What has come and was not read.
    rest: Bytes,
    output: SendStream<Chunk<D>>,
    /// Our direction has ended.
    ended: bool,
    link: Rc<Link>,
}

impl<D: Buf> Drop for Tunnel<D> {
    fn drop(&mut self) {
        self.link.count_busy(false);
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
