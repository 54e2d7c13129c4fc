//! The connection of a client: opened when a request needs one, and waited on by one coroutine for each direction.

use super::settings::Connecting;
use super::websocket::WebSocket;
use super::{CONNECT_FAILED, Client, Server, fail, settings};
use crate::classes::coroutine::socket::{self, core::Core};
use crate::classes::coroutine::timeout;
use crate::classes::runtime::throw_bound;
use crate::classes::slots::swoole_coroutine_http_client as slot;
use crate::classes::{self, constants, errors, name_resolver};
use crate::coroutine::{Canceled, current_id, engine};
use crate::io::http_client::{Endpoint, Failure, Secure, Target, Through, Transport, connect};
use crate::io::proxy::ProxyError;
use crate::io::readiness::Direction;
use crate::io::tls::{self, ClientSettings, ClientTls};
use crate::log;
use crate::zend::call::Thrown;
use crate::zend::object;
use ext_php_rs::types::{ZendObject, Zval};
use std::cell::{Cell, RefCell};
use std::ffi::OsStr;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::os::fd::BorrowedFd;
use std::os::unix::ffi::OsStrExt;
use std::rc::Rc;
use std::time::Duration;
use tokio::time::Instant;

/// How a call can end early.
pub(crate) enum Stop {
    /// It returns false; the properties say why.
    Failed,
    /// An exception was thrown.
    Thrown(Thrown),
}

impl From<Thrown> for Stop {
    fn from(thrown: Thrown) -> Self {
        Self::Thrown(thrown)
    }
}

/// A connection, and who waits on it.
#[derive(Default)]
pub(crate) struct Link {
    transport: RefCell<Option<Rc<Transport>>>,
    /// The coroutine that waits for the server to say something, 0 for none.
    reader: Cell<i64>,
    /// The coroutine that waits to be heard or connects, 0 for none.
    writer: Cell<i64>,
    /// The WebSocket that the connection has become.
    pub(super) websocket: RefCell<Option<Rc<WebSocket>>>,
    /// What PHP code sees of the connection.
    socket: RefCell<Option<Rc<Core>>>,
    /// What the last secure connection was made with.
    tls: RefCell<Option<(ClientSettings, Rc<ClientTls>)>>,
    /// Requests go to an HTTP proxy that passes them on.
    pub(super) forwarded: RefCell<Option<Forwarded>>,
}

/// An HTTP proxy that takes plain requests.
#[derive(Clone)]
pub(super) struct Forwarded {
    pub(super) authorization: Option<String>,
}

/// The path in `unix:/path`.
pub(crate) fn unix_path(host: &[u8]) -> Option<Vec<u8>> {
    let rest = host.strip_prefix(b"unix:/")?;
    let path = rest.iter().position(|byte| *byte != b'/').map_or(b"".as_slice(), |at| &rest[at..]);
    Some([b"/", path].concat())
}

/// A failure of the system as a number.
pub(crate) fn number(error: &io::Error) -> i32 {
    match error.raw_os_error() {
        Some(number) => number,
        None if error.kind() == io::ErrorKind::InvalidData => constants::SWOOLE_ERROR_SSL_BAD_PROTOCOL as i32,
        None => libc::EPIPE,
    }
}

impl Link {
    /// The connection, if it is open.
    pub(crate) fn open(&self) -> Option<Rc<Transport>> {
        let transport = self.transport.borrow();
        let transport = transport.as_ref().filter(|transport| transport.descriptor().is_some())?;
        // Closed through the property `socket`, perhaps.
        let closed = self.socket.borrow().as_ref().is_some_and(|socket| socket.is_closed());
        if closed {
            transport.close();
            return None;
        }
        Some(Rc::clone(transport))
    }

    /// Whether the connection has become a WebSocket.
    pub(super) fn is_websocket(&self) -> bool {
        self.websocket.borrow().is_some()
    }

    /// Whether a coroutine is waiting for the server to say something.
    pub(crate) fn reading(&self) -> bool {
        self.reader.get() != 0
    }

    /// Whether a coroutine is waiting to be heard.
    pub(crate) fn writing(&self) -> bool {
        self.writer.get() != 0
    }

    /// An object that stands for the connection.
    pub(crate) fn socket_object(&self, transport: &Transport, family: i32) -> Zval {
        let Some(descriptor) = transport.descriptor() else { return Zval::null() };
        let core = Rc::new(Core::borrowed(descriptor, family));
        *self.socket.borrow_mut() = Some(Rc::clone(&core));
        socket::object_of(core, false)
    }

    /// Whether there is a connection, even if it has ended.
    pub(crate) fn held(&self) -> bool {
        self.transport.borrow().is_some()
    }

    /// Closes the connection, if there is one. Whoever waits on it goes on at once, and false says that somebody did.
    pub(crate) fn close(&self) -> bool {
        let Some(transport) = self.transport.borrow_mut().take() else { return false };
        let holders = [self.writer.get(), self.reader.get()];
        self.websocket.take();
        if let Some(socket) = self.socket.take() {
            socket.disown();
        }
        transport.close();
        for holder in holders.into_iter().filter(|holder| *holder != 0) {
            engine::scheduler().cancel(holder);
        }
        holders == [0, 0]
    }

    /// The connection's own address or that of the other side.
    pub(crate) fn address(&self, peer: bool) -> io::Result<(Vec<u8>, i64)> {
        let descriptor = self.open().and_then(|transport| transport.descriptor());
        let descriptor = descriptor.ok_or_else(|| io::Error::from_raw_os_error(libc::EBADF))?;
        // SAFETY: the transport holds it open, and nothing closes it meanwhile.
        let socket = unsafe { BorrowedFd::borrow_raw(descriptor) };
        let socket = socket2::SockRef::from(&socket);
        let address = if peer { socket.peer_addr() } else { socket.local_addr() }?;
        Ok(match (address.as_socket(), address.as_pathname()) {
            (Some(inet), _) => (inet.ip().to_string().into_bytes(), i64::from(inet.port())),
            (None, Some(path)) => (path.as_os_str().as_bytes().to_vec(), 0),
            (None, None) => (Vec::new(), 0),
        })
    }

    /// The server's certificate as PEM.
    pub(crate) fn certificate(&self) -> Option<String> {
        self.open()?.certificate().map(str::to_owned)
    }

    /// What connections with these settings are made with.
    fn tls(&self, settings: ClientSettings) -> Result<Rc<ClientTls>, tls::Error> {
        if let Some((known, tls)) = &*self.tls.borrow()
            && *known == settings
        {
            return Ok(Rc::clone(tls));
        }
        let tls = Rc::new(settings.clone().build()?);
        *self.tls.borrow_mut() = Some((settings, Rc::clone(&tls)));
        Ok(tls)
    }

    /// Opens a connection, in place of the one that there was.
    ///
    /// # Errors
    /// Throws when another coroutine is at it, or a resolver of names threw; the inner one says why there is none.
    pub(crate) fn connect(
        &self,
        server: &Server,
        connecting: Connecting,
        limit: Option<Duration>,
    ) -> Result<Result<Rc<Transport>, Refused>, Thrown> {
        let link = self;
        let deadline = limit.and_then(|limit| Instant::now().checked_add(limit));
        let host = String::from_utf8_lossy(&server.host).into_owned();
        let secure = match connecting.secure.map(|settings| link.tls(settings)).transpose() {
            Ok(tls) => tls.map(|tls| Secure { config: tls.config().clone(), name: tls.server_name() }),
            Err(error) => return Ok(Err(Refused(error.code(), Some(error.text().to_owned())))),
        };
        let forwarding = !connecting.tunnel
            && secure.is_none()
            && connecting.proxy.as_ref().is_some_and(|proxy| proxy.kind == crate::io::proxy::Kind::Http);
        let forwarded = connecting.proxy.as_ref().filter(|_| forwarding);
        *link.forwarded.borrow_mut() = forwarded.map(|proxy| Forwarded { authorization: proxy.authorization() });
        let endpoint = if server.unix {
            Endpoint::Unix(OsStr::from_bytes(&server.host).into())
        } else {
            let (name, port) = match &connecting.proxy {
                Some(proxy) => (proxy.host.as_bytes(), i64::from(proxy.port)),
                None => (server.host.as_slice(), server.port),
            };
            link.not_held(Direction::Write)?;
            link.writer.set(current_id().unwrap_or(0));
            let found = resolve(name, port, server.default_port && connecting.proxy.is_none(), limit);
            link.writer.set(0);
            match found? {
                Ok(address) => Endpoint::Tcp(address),
                Err(code) => return Ok(Err(Refused(code, None))),
            }
        };
        let through = connecting.proxy.filter(|_| !forwarding).map(|proxy| {
            let port = u16::try_from(server.port).unwrap_or_default();
            Through { proxy, shown: connecting.shown.unwrap_or_else(|| host.clone()), host, port }
        });
        let target = Target {
            endpoint,
            from: connecting.from,
            buffer: connecting.buffer,
            nodelay: connecting.nodelay,
            through,
            secure,
        };
        let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let mut refused = None;
        let outcome = link.wait(Direction::Write, left, connect(&target), |failure| {
            let Refused(code, words) = failure.into();
            refused = words;
            code
        })?;
        Ok(match outcome {
            Ok(transport) => {
                let transport = Rc::new(transport);
                let before = link.transport.borrow_mut().replace(Rc::clone(&transport));
                drop(before);
                Ok(transport)
            }
            Err(code) => Err(Refused(code, refused)),
        })
    }

    fn place(&self, direction: Direction) -> &Cell<i64> {
        match direction {
            Direction::Read => &self.reader,
            Direction::Write => &self.writer,
        }
    }

    /// Throws when another coroutine waits in this direction, or outside of coroutines.
    pub(crate) fn not_held(&self, direction: Direction) -> Result<(), Thrown> {
        classes::current_coroutine()?;
        let holder = self.place(direction).get();
        if holder == 0 {
            return Ok(());
        }
        let descriptor = self.open().and_then(|transport| transport.descriptor()).unwrap_or(-1);
        throw_bound(descriptor, holder, direction);
        Err(Thrown)
    }

    /// Waits in `future` as the coroutine that has this direction.
    ///
    /// # Errors
    /// The inner one is a number: timed out, cancelled, or what `read` makes of the future's error.
    pub(crate) fn wait<T, E>(
        &self,
        direction: Direction,
        limit: Option<Duration>,
        future: impl Future<Output = Result<T, E>>,
        read: impl FnOnce(E) -> i32,
    ) -> Result<Result<T, i32>, Thrown> {
        self.not_held(direction)?;
        let place = self.place(direction);
        place.set(current_id().unwrap_or(0));
        let outcome = engine::scheduler().wait_for(future, limit);
        place.set(0);
        Ok(match outcome {
            Ok(Some(outcome)) => outcome.map_err(read),
            Ok(None) => Err(libc::ETIMEDOUT),
            Err(Canceled) => Err(libc::ECANCELED),
        })
    }
}

/// A connection that a request can go out on: the one that is there, or a new one.
pub(super) fn ready(client: &Client, this: &mut ZendObject) -> Result<Rc<Transport>, Stop> {
    client.link.not_held(Direction::Write)?;
    client.link.not_held(Direction::Read)?;
    if let Some(transport) = client.link.open() {
        if transport.idle() {
            return Ok(transport);
        }
        fail(this, transport.failure(), None, super::SERVER_RESET);
        client.close(this);
    }
    let mut left = client.options.max_retries.get();
    loop {
        match open(client, this) {
            Err(Stop::Failed) if left > 0 => left -= 1,
            outcome => return outcome,
        }
    }
}

/// Why there is no connection: a number, and words if that has none.
pub(crate) struct Refused(pub(crate) i32, pub(crate) Option<String>);

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::System(error) => Self(number(&error), None),
            Failure::Proxy(error) => {
                let code = match error {
                    ProxyError::BadAnswer | ProxyError::Status(_) => {
                        constants::SWOOLE_ERROR_HTTP_PROXY_HANDSHAKE_FAILED
                    }
                    _ => constants::SWOOLE_ERROR_SOCKS5_HANDSHAKE_FAILED,
                };
                Self(code as i32, None)
            }
            Failure::Tls(error) => match error.raw_os_error() {
                Some(number) => Self(number, None),
                None => match tls::Error::from(&error) {
                    refused if refused.kind == tls::Kind::VerifyFailed => {
                        log::put(log::NOTICE, format!("the server's certificate is refused: {refused}").as_bytes());
                        Self(refused.code(), None)
                    }
                    _ => Self(constants::SWOOLE_ERROR_SSL_HANDSHAKE_FAILED as i32, Some(error.to_string())),
                },
            },
        }
    }
}

fn open(client: &Client, this: &mut ZendObject) -> Result<Rc<Transport>, Stop> {
    let server = client.server()?;
    let connecting = settings::connecting(&object::slot(this, slot::SETTING).shallow_clone(), server)?;
    let seconds = match client.options.connect_timeout.get() {
        0.0 => classes::settings::with(|settings| settings.socket_connect_timeout),
        seconds => seconds,
    };
    let limit = timeout(seconds);
    match client.link.connect(server, connecting, limit)? {
        Ok(transport) => {
            object::set_slot(this, slot::CONNECTED, true);
            let family = if server.unix { libc::AF_UNIX } else { libc::AF_INET };
            object::set_slot(this, slot::SOCKET, client.link.socket_object(&transport, family));
            Ok(transport)
        }
        Err(Refused(code, words)) => {
            fail(this, code, words.as_deref(), CONNECT_FAILED);
            object::set_slot(this, slot::CONNECTED, false);
            Err(Stop::Failed)
        }
    }
}

/// The address of a host: itself, or what the resolvers and the system say.
fn resolve(
    name: &[u8],
    port: i64,
    with_port: bool,
    limit: Option<Duration>,
) -> Result<Result<SocketAddr, i32>, Thrown> {
    let text = String::from_utf8_lossy(name);
    let port_of = |port: i64| u16::try_from(port).map_err(|_| errors::BAD_PORT);
    if let Ok(address) = text.trim_matches(['[', ']']).parse::<IpAddr>() {
        return Ok(port_of(port).map(|port| SocketAddr::new(address, port)));
    }
    errors::set_last(0);
    let seconds = limit.map_or(-1.0, |limit| limit.as_secs_f64());
    let found = name_resolver::address_of(name, with_port, seconds)?;
    let found = String::from_utf8_lossy(&found).into_owned();
    if found.is_empty() {
        let code = if errors::last() == 0 { errors::DNSLOOKUP_RESOLVE_FAILED } else { errors::last() };
        return Ok(Err(code));
    }
    if let Ok(address) = found.parse::<IpAddr>() {
        return Ok(port_of(port).map(|port| SocketAddr::new(address, port)));
    }
    Ok(found.parse::<SocketAddr>().map_err(|_| errors::DNSLOOKUP_RESOLVE_FAILED))
}
