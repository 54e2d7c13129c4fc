//! The task of one connection: TLS, then HTTP/1.1 or HTTP/2, and what comes before, between and after.

use super::http2::Http2;
use super::link::Link;
use super::serve::Shared;
use super::service::Service;
use super::socket::{Raw, Socket};
use super::upgrade::Upgraded;
use super::{Handler, Http2Settings};
use crate::io::tls;
use bytes::Bytes;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use std::any::Any;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, ReadBuf};
use tokio::time::timeout;
use tokio_rustls::{Accept, TlsAcceptor};

/// How long, and how much, we read on after refusing a request whose sender still sends.
const LINGER_TIME: Duration = Duration::from_secs(1);
const LINGER_BYTES: usize = 8 << 20;

type Http<H> = http1::Connection<TokioIo<Socket>, Service<H>>;

enum Phase<H: Handler> {
    /// Agreeing on keys.
    Handshaking(Box<Accept<Raw>>),
    Http1(Box<Http<H>>),
    Http2(Box<Http2<H>>),
    /// Between requests for so long that the buffers have gone.
    Resting(Box<Socket>),
    /// Reading away what nobody wants, so that the last answer arrives.
    Lingering(Pin<Box<dyn Future<Output = ()>>>),
    Over,
}

/// The task of one connection.
pub(super) struct Connection<H: Handler> {
    phase: Phase<H>,
    shared: Rc<Shared<H>>,
    link: Rc<Link>,
    id: u64,
    told: bool,
    /// Until there is a socket that has it.
    guard: Option<Box<dyn Any>>,
}

impl<H: Handler> Connection<H> {
    /// `guard` is dropped with the socket.
    pub(super) fn new(shared: Rc<Shared<H>>, raw: Raw, link: Rc<Link>, mut guard: Option<Box<dyn Any>>) -> Self {
        let phase = match &shared.features.tls {
            Some(config) => {
                // what comes before the first request counts as part of it
                link.heading.start();
                link.sends_files.set(false);
                link.is_tls.set(true);
                Phase::Handshaking(Box::new(TlsAcceptor::from(Arc::clone(config)).accept(raw)))
            }
            None => http1_phase(&shared, Socket::plain(raw, Rc::clone(&link), guard.take())),
        };
        let id = shared.join(&link);
        Self { phase, shared, link, id, told: false, guard }
    }

    fn http2(&self, socket: Socket, settings: &Http2Settings) -> Phase<H> {
        Phase::Http2(Box::new(Http2::new(Rc::clone(&self.shared), socket, settings)))
    }

    /// After the handshake.
    fn secured(&mut self, stream: tokio_rustls::server::TlsStream<Raw>) -> Phase<H> {
        self.link.heading.stop();
        let session = stream.get_ref().1;
        *self.link.certificate.borrow_mut() = tls::peer_certificate(session).ok();
        let agreed = session.alpn_protocol() == Some(b"h2");
        let socket = Socket::tls(Box::new(stream), Rc::clone(&self.link), self.guard.take());
        match &self.shared.features.http2 {
            Some(settings) if agreed => self.http2(socket, settings),
            _ => http1_phase(&self.shared, socket),
        }
    }

    fn poll_http1(&mut self, cx: &mut Context<'_>) -> Poll<Phase<H>> {
        let Phase::Http1(http) = &mut self.phase else { return Poll::Ready(Phase::Over) };
        let result = loop {
            if self.link.closing.get() && !self.told {
                self.told = true;
                Pin::new(&mut **http).graceful_shutdown();
            }
            let result = Pin::new(&mut **http).poll(cx);
            // a handler may have ended the server just now
            if result.is_ready() || self.told == self.link.closing.get() {
                break result;
            }
        };
        if result.is_pending() {
            return if self.link.falls_asleep() && !self.told { self.rest() } else { Poll::Pending };
        }
        let result = ready!(result);
        let Phase::Http1(http) = std::mem::replace(&mut self.phase, Phase::Over) else {
            return Poll::Ready(Phase::Over);
        };
        if let Some(taker) = self.link.successor.taker() {
            let parts = Some(http).filter(|_| result.is_ok()).map(|http| http.into_parts());
            taker(parts.map(|parts| {
                let mut socket = parts.io.into_inner();
                socket.leaves_http();
                Upgraded { socket, early: parts.read_buf }
            }));
            return Poll::Ready(Phase::Over);
        }
        let parts = http.into_parts();
        let mut socket = parts.io.into_inner();
        Poll::Ready(match (result, &self.shared.features.http2) {
            (Err(error), Some(settings)) if error.is_parse_version_h2() => {
                socket.unread(parts.read_buf);
                self.http2(socket, settings)
            }
            (Err(error), _) if error.is_parse() => Phase::Lingering(Box::pin(read_away(socket))),
            _ if self.link.linger.get() => Phase::Lingering(Box::pin(read_away(socket))),
            _ => Phase::Over,
        })
    }

    /// An idle connection needs no buffers: only its socket stays.
    fn rest(&mut self) -> Poll<Phase<H>> {
        let Phase::Http1(http) = std::mem::replace(&mut self.phase, Phase::Over) else { return Poll::Pending };
        let parts = http.into_parts();
        let mut socket = parts.io.into_inner();
        if parts.read_buf.is_empty() {
            socket.shrink();
            Poll::Ready(Phase::Resting(Box::new(socket)))
        } else {
            socket.unread(parts.read_buf);
            Poll::Ready(http1_phase(&self.shared, socket))
        }
    }
}

fn http1_phase<H: Handler>(shared: &Rc<Shared<H>>, socket: Socket) -> Phase<H> {
    let service = Service::new(Rc::clone(shared), Rc::clone(&socket.link));
    Phase::Http1(Box::new(shared.http.serve_connection(TokioIo::new(socket), service)))
}

/// Waits for the next request; `None` when the client has gone instead.
fn poll_awake(socket: &mut Socket, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
    let mut place = [std::mem::MaybeUninit::uninit(); 4096];
    let mut buffer = ReadBuf::uninit(&mut place);
    let read = ready!(Pin::new(socket).poll_read(cx, &mut buffer));
    let bytes = buffer.filled();
    Poll::Ready((read.is_ok() && !bytes.is_empty()).then(|| Bytes::copy_from_slice(bytes)))
}

impl<H: Handler> Unpin for Connection<H> {}

impl<H: Handler> Future for Connection<H> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        if this.link.expired.get() {
            return Poll::Ready(());
        }
        if this.link.task.borrow().is_none() {
            *this.link.task.borrow_mut() = Some(cx.waker().clone());
        }
        loop {
            this.phase = match &mut this.phase {
                Phase::Http1(_) => ready!(this.poll_http1(cx)),
                Phase::Handshaking(_) if this.link.closing.get() => Phase::Over,
                Phase::Handshaking(accept) => match ready!(Pin::new(&mut **accept).poll(cx)) {
                    Ok(stream) => this.secured(stream),
                    Err(error) => {
                        this.shared.handler.tls_failed(&this.link, &tls::Error::from(&error));
                        Phase::Over
                    }
                },
                Phase::Http2(http) => {
                    ready!(http.poll(cx));
                    Phase::Over
                }
                Phase::Resting(_) if this.link.closing.get() => Phase::Over,
                Phase::Resting(socket) => match ready!(poll_awake(socket, cx)) {
                    None => Phase::Over,
                    Some(bytes) => {
                        let Phase::Resting(mut socket) = std::mem::replace(&mut this.phase, Phase::Over) else {
                            return Poll::Ready(());
                        };
                        socket.unread(bytes);
                        http1_phase(&this.shared, *socket)
                    }
                },
                Phase::Lingering(linger) => {
                    ready!(linger.as_mut().poll(cx));
                    Phase::Over
                }
                Phase::Over => return Poll::Ready(()),
            };
        }
    }
}

impl<H: Handler> Drop for Connection<H> {
    fn drop(&mut self) {
        self.phase = Phase::Over;
        if let Some(taker) = self.link.successor.taker() {
            taker(None);
        }
        self.shared.leave(self.id);
    }
}

/// Closing a socket with unread bytes resets it, and the client may never see the answer: read them away for a moment.
async fn read_away(mut socket: Socket) {
    let _ = socket.shutdown().await;
    let mut buffer = [0; 4096];
    let reading = async {
        let mut total = 0;
        while let Ok(count) = socket.read(&mut buffer).await {
            total += count;
            if count == 0 || total > LINGER_BYTES {
                return;
            }
        }
    };
    let _ = timeout(LINGER_TIME, reading).await;
}
