//! The task of one connection: TLS, then HTTP/1.1 or HTTP/2, and what comes before, between and after.

use super::http1::{End, Http1};
use super::http2::Http2;
use super::link::Link;
use super::serve::Shared;
use super::socket::{Raw, Socket, forget_unsent};
use super::upgrade::Upgraded;
use super::{Handler, Http2Settings, h2c};
use crate::io::tls;
use crate::local_task::{Pushed, Task};
use rustls::{InvalidMessage, ServerConfig};
use std::any::Any;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;
use tokio_rustls::{TlsAcceptor, server::TlsStream};

/// After refusing a request whose sender still sends: how long we wait for more each time, and how much is enough.
const LINGER_TIME: Duration = Duration::from_secs(1);
const LINGER_BYTES: usize = 32 << 20;

enum Phase<H: Handler> {
    /// Agreeing on keys.
    Handshaking(Pin<Box<dyn Future<Output = io::Result<TlsStream<Raw>>>>>),
    Http1(Box<Http1<H>>),
    /// From the one to the other.
    Switching(Pin<Box<dyn Future<Output = io::Result<Socket>>>>),
    Http2(Box<Http2<H>>),
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
                Phase::Handshaking(Box::pin(encrypt(Arc::clone(config), raw)))
            }
            None => http1_phase(&shared, Socket::plain(raw, Rc::clone(&link), guard.take())),
        };
        let id = shared.join(&link);
        Self { phase, shared, link, id, guard }
    }

    /// Runs it.
    pub(super) fn spawn(self) {
        let link = Rc::clone(&self.link);
        let task = Task::new(self);
        let pushed: Rc<dyn Pushed> = task.clone();
        link.set_pushed(Rc::downgrade(&pushed));
        task.spawn();
    }

    fn http2(&self, socket: Socket, settings: &Http2Settings) -> Phase<H> {
        Phase::Http2(Box::new(Http2::new(Rc::clone(&self.shared), socket, settings)))
    }

    /// After the handshake.
    fn secured(&mut self, stream: TlsStream<Raw>) -> Phase<H> {
        self.link.heading.stop();
        let session = stream.get_ref().1;
        *self.link.certificate.borrow_mut() = tls::peer_certificate(session).ok();
        self.shared.handler.secured(&self.link);
        let agreed = session.alpn_protocol() == Some(b"h2");
        let socket = Socket::tls(Box::new(stream), Rc::clone(&self.link), self.guard.take());
        match &self.shared.features.http2 {
            Some(settings) if agreed => self.http2(socket, settings),
            _ => http1_phase(&self.shared, socket),
        }
    }

    fn poll_http1(&mut self, cx: &mut Context<'_>) -> Poll<Phase<H>> {
        let Phase::Http1(http) = &mut self.phase else { return Poll::Ready(Phase::Over) };
        if self.link.falls_asleep() {
            http.shrink();
        }
        let end = ready!(http.poll(cx));
        Poll::Ready(match (end, &self.shared.features.http2) {
            (End::Http2(socket), Some(settings)) => self.http2(socket, settings),
            (End::Switching(socket, early, asked), _) => Phase::Switching(Box::pin(h2c::switch(socket, early, asked))),
            (End::Linger(socket), _) => Phase::Lingering(Box::pin(read_away(socket))),
            (End::Upgraded(mut socket, early), _) => {
                if let Some(taker) = self.link.successor.taker() {
                    socket.leaves_http();
                    taker(Some(Upgraded { socket, early }));
                }
                Phase::Over
            }
            (End::Over | End::Http2(_), _) => Phase::Over,
        })
    }
}

/// Agrees on keys. A client that speaks another protocol is not told so in ours: its connection is reset, as what it has sent is not read.
async fn encrypt(config: Arc<ServerConfig>, raw: Raw) -> io::Result<TlsStream<Raw>> {
    // ContentType.handshake of RFC 8446, 5.1
    const HANDSHAKE: u8 = 22;
    if raw.first_byte().await?.is_some_and(|first| first != HANDSHAKE) {
        let error = rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType);
        return Err(io::Error::new(io::ErrorKind::InvalidData, error));
    }
    TlsAcceptor::from(config).accept(raw).await
}

fn http1_phase<H: Handler>(shared: &Rc<Shared<H>>, socket: Socket) -> Phase<H> {
    Phase::Http1(Box::new(Http1::new(Rc::clone(shared), socket)))
}

impl<H: Handler> Unpin for Connection<H> {}

impl<H: Handler> Future for Connection<H> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        if this.link.expired.get() {
            if this.link.is_blocked() && !matches!(this.phase, Phase::Over) {
                forget_unsent(this.link.fd);
            }
            return Poll::Ready(());
        }
        if this.link.task.borrow().is_none() {
            *this.link.task.borrow_mut() = Some(cx.waker().clone());
        }
        loop {
            this.phase = match &mut this.phase {
                Phase::Http1(_) => ready!(this.poll_http1(cx)),
                Phase::Handshaking(_) if this.link.may_close() => Phase::Over,
                Phase::Handshaking(accept) => match ready!(accept.as_mut().poll(cx)) {
                    Ok(stream) => this.secured(stream),
                    Err(error) => {
                        this.shared.handler.tls_failed(&this.link, &tls::Error::from(&error));
                        Phase::Over
                    }
                },
                Phase::Switching(switch) => match (ready!(switch.as_mut().poll(cx)), &this.shared.features.http2) {
                    (Ok(socket), Some(settings)) => this.http2(socket, settings),
                    _ => Phase::Over,
                },
                Phase::Http2(http) => {
                    ready!(http.poll(cx));
                    Phase::Over
                }
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
    let mut total = 0;
    while let Ok(Ok(count)) = timeout(LINGER_TIME, socket.read(&mut buffer)).await {
        total += count;
        if count == 0 || total > LINGER_BYTES {
            return;
        }
    }
}
