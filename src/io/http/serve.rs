//! Accepting connections and driving them until the server ends.

use super::connection::Connection;
use super::link::Link;
use super::listen::{Kind, Listener};
use super::socket::Raw;
use super::{Features, Handler, Limits};
use crate::local_task;
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::convert::Infallible;
use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::os::fd::AsRawFd;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep};

/// How long a request is waited for on a connection that ends and had one lately.
const LINGER: Duration = Duration::from_millis(100);

/// What the connections of one server share.
pub(super) struct Shared<H: Handler> {
    pub(super) handler: H,
    pub(super) limits: Limits,
    pub(super) features: Features,
    closing: Cell<bool>,
    /// Clients may still ask for something on connections that end.
    lingers: Cell<bool>,
    links: RefCell<HashMap<u64, Rc<Link>>>,
    next: Cell<u64>,
    drained: RefCell<Option<Waker>>,
}

impl<H: Handler> Shared<H> {
    pub(super) fn join(&self, link: &Rc<Link>) -> u64 {
        let id = self.next.get();
        self.next.set(id + 1);
        link.closing.set(self.closing.get());
        link.lingers.set(self.lingers.get());
        self.links.borrow_mut().insert(id, Rc::clone(link));
        id
    }

    pub(super) fn leave(&self, id: u64) {
        let mut links = self.links.borrow_mut();
        links.remove(&id);
        if links.is_empty()
            && let Some(waker) = self.drained.borrow_mut().take()
        {
            waker.wake();
        }
    }

    fn links(&self) -> Vec<Rc<Link>> {
        self.links.borrow().values().cloned().collect()
    }
}

/// A server without its socket: who answers, and the connections that are open.
///
/// [`accept`](Self::accept) takes connections in for as long as it is polled; they live on as tasks of the runtime until they
/// end by themselves or [`close`](Self::close) tells them to.
pub struct Server<H: Handler>(Rc<Shared<H>>);

impl<H: Handler> Clone for Server<H> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<H: Handler> std::fmt::Debug for Server<H> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("connections", &self.connections()).finish()
    }
}

impl<H: Handler> Server<H> {
    /// A server that gives its requests to `handler`.
    pub fn new(limits: Limits, features: Features, handler: H) -> Self {
        Self(Rc::new(Shared {
            handler,
            limits,
            features,
            closing: Cell::new(false),
            lingers: Cell::new(false),
            links: RefCell::new(HashMap::new()),
            next: Cell::new(0),
            drained: RefCell::new(None),
        }))
    }

    /// Number of open connections.
    pub fn connections(&self) -> usize {
        self.0.links.borrow().len()
    }

    /// Accepts connections until the future is dropped, and closes those on which nothing moves for too long.
    ///
    /// # Errors
    /// When the listener cannot be used on the current runtime, or fails for good.
    ///
    /// # Panics
    /// Outside a `current_thread` runtime.
    pub async fn accept(&self, listener: Listener) -> io::Result<Infallible> {
        let shared = &self.0;
        let acceptor = Acceptor::new(listener)?;
        let accepting = async {
            let mut pause = Pause::default();
            loop {
                match acceptor.accept().await {
                    Ok((raw, link)) => {
                        pause.reset();
                        Connection::new(Rc::clone(shared), raw, link, None).spawn();
                    }
                    Err(error) if is_about_one_client(&error) => {}
                    Err(error) if is_shortage(&error) => pause.wait().await,
                    Err(error) => return Err(error),
                }
            }
        };
        let (mut accepting, mut sweeping) = (pin!(accepting), pin!(self.sweep()));
        poll_fn(|cx| {
            let Poll::Pending = sweeping.as_mut().poll(cx);
            accepting.as_mut().poll(cx)
        })
        .await
    }

    /// Closes connections on which nothing moves for too long, until the future is dropped. [`Server::accept`] does it by itself; this is
    /// for those who accept.
    pub async fn sweep(&self) -> Infallible {
        let limits = &self.0.limits;
        let period = (limits.idle.min(limits.head_time) / 4).clamp(Duration::from_millis(1), Duration::from_secs(1));
        let mut ticks = interval_at(Instant::now() + period, period);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            self.0.links().iter().for_each(|link| link.visit(limits, period));
        }
    }

    /// Serves a TCP connection that somebody else has accepted, and knows as `session`. `guard` is dropped with its socket.
    ///
    /// # Panics
    /// Outside a `current_thread` runtime.
    pub fn serve_tcp(&self, stream: TcpStream, remote: SocketAddr, session: i64, guard: Box<dyn Any>) -> Rc<Link> {
        let link = Rc::new(Link::new(Some(remote), stream.local_addr().ok(), stream.as_raw_fd()));
        self.serve(Raw::Tcp(stream), link, session, guard)
    }

    /// Serves a connection of a unix socket, as [`Server::serve_tcp`] does.
    ///
    /// # Panics
    /// Outside a `current_thread` runtime.
    pub fn serve_unix(&self, stream: UnixStream, session: i64, guard: Box<dyn Any>) -> Rc<Link> {
        let link = Rc::new(Link::new(None, None, stream.as_raw_fd()));
        self.serve(Raw::Unix(stream), link, session, guard)
    }

    fn serve(&self, raw: Raw, link: Rc<Link>, session: i64, guard: Box<dyn Any>) -> Rc<Link> {
        link.session.set(session);
        Connection::new(Rc::clone(&self.0), raw, Rc::clone(&link), Some(guard)).spawn();
        link
    }

    /// Whether a request waits for its answer, or an answer for its client to read it.
    pub fn is_busy(&self) -> bool {
        self.0.links.borrow().values().any(|link| link.is_busy())
    }

    /// Whether a client may ask once more, see [`Server::close`].
    pub fn lingers(&self) -> bool {
        self.0.lingers.get() && self.0.links.borrow().values().any(|link| link.lingers.get())
    }

    /// Ends connections: idle ones now, busy ones after their reply, and those that were busy a moment ago after one more request, which may
    /// be under way, if it comes within 100 ms.
    ///
    /// # Panics
    /// Outside a `current_thread` runtime.
    pub fn close(&self) {
        if self.0.closing.replace(true) {
            return;
        }
        let links = self.0.links();
        links.iter().for_each(|link| link.close());
        self.0.lingers.set(true);
        let shared = Rc::clone(&self.0);
        local_task::spawn(async move {
            sleep(LINGER).await;
            shared.lingers.set(false);
            shared.links().iter().for_each(|link| link.lingered());
        });
    }

    /// Ready when no connection is open.
    pub fn drained(&self) -> Drained<H> {
        Drained(Rc::clone(&self.0))
    }
}

/// The end of the last connection; made by [`Server::drained`].
pub struct Drained<H: Handler>(Rc<Shared<H>>);

impl<H: Handler> std::fmt::Debug for Drained<H> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Drained")
    }
}

impl<H: Handler> Future for Drained<H> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.0.links.borrow().is_empty() {
            return Poll::Ready(());
        }
        *self.0.drained.borrow_mut() = Some(cx.waker().clone());
        Poll::Pending
    }
}

/// The client is to blame: go on with the next one at once.
fn is_about_one_client(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::Interrupted
    ) || matches!(error.raw_os_error(), Some(libc::EPROTO | libc::EPERM | libc::ENETDOWN | libc::EHOSTUNREACH))
}

/// No descriptor or memory is left: it passes when other connections end.
fn is_shortage(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::EMFILE | libc::ENFILE | libc::ENOBUFS | libc::ENOMEM))
}

/// Grows while the shortage lasts, so that accepting neither spins nor sleeps long.
#[derive(Default)]
struct Pause(Duration);

impl Pause {
    fn reset(&mut self) {
        self.0 = Duration::ZERO;
    }

    async fn wait(&mut self) {
        self.0 = (self.0 * 2).clamp(Duration::from_millis(20), Duration::from_secs(1));
        sleep(self.0).await;
    }
}

enum Acceptor {
    Tcp(TcpListener, Option<SocketAddr>),
    Unix(UnixListener),
}

impl Acceptor {
    fn new(listener: Listener) -> io::Result<Self> {
        let address = listener.address();
        Ok(match listener.kind {
            Kind::Tcp(listener) => Self::Tcp(TcpListener::from_std(listener)?, address),
            Kind::Unix(listener) => Self::Unix(UnixListener::from_std(listener)?),
        })
    }

    async fn accept(&self) -> io::Result<(Raw, Rc<Link>)> {
        match self {
            Self::Tcp(listener, address) => {
                let (stream, remote) = listener.accept().await?;
                // a client that is gone already makes this fail; the first read will tell
                let _ = stream.set_nodelay(true);
                let local = match address {
                    Some(address) if !address.ip().is_unspecified() => Some(*address),
                    _ => stream.local_addr().ok(),
                };
                let link = Rc::new(Link::new(Some(remote), local, stream.as_raw_fd()));
                Ok((Raw::Tcp(stream), link))
            }
            Self::Unix(listener) => {
                let (stream, _) = listener.accept().await?;
                let link = Rc::new(Link::new(None, None, stream.as_raw_fd()));
                Ok((Raw::Unix(stream), link))
            }
        }
    }
}
