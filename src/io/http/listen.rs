//! Listening sockets, made before any runtime exists.

use socket2::{Domain, Protocol, SockAddr, Socket, Type};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::os::fd::{AsRawFd, RawFd};
use std::os::unix::net::UnixListener;
use std::path::Path;

/// A socket that is bound and listens; connections wait in its backlog until it is served.
#[derive(Debug)]
pub struct Listener {
    pub(super) kind: Kind,
}

#[derive(Debug)]
pub(super) enum Kind {
    Tcp(std::net::TcpListener),
    Unix(UnixListener),
}

impl Listener {
    /// The port it really got, 0 for a unix socket.
    pub fn port(&self) -> u16 {
        self.address().map_or(0, |address| address.port())
    }

    /// The address it is bound to, `None` for a unix socket.
    pub fn address(&self) -> Option<SocketAddr> {
        match &self.kind {
            Kind::Tcp(listener) => listener.local_addr().ok(),
            Kind::Unix(_) => None,
        }
    }

    /// The descriptor's number.
    pub fn fd(&self) -> RawFd {
        match &self.kind {
            Kind::Tcp(listener) => listener.as_raw_fd(),
            Kind::Unix(listener) => listener.as_raw_fd(),
        }
    }

    /// A second handle on the same socket.
    ///
    /// # Errors
    /// When no descriptor is left.
    pub fn try_clone(&self) -> io::Result<Self> {
        Ok(Self {
            kind: match &self.kind {
                Kind::Tcp(listener) => Kind::Tcp(listener.try_clone()?),
                Kind::Unix(listener) => Kind::Unix(listener.try_clone()?),
            },
        })
    }
}

/// Binds `host` (an IPv4 or IPv6 address, or `unix:/path`) and listens. Port 0 takes any free one.
///
/// # Errors
/// Whatever the system says (address in use, permission denied, ...); `InvalidInput` when `host` is no address.
pub fn bind(host: &str, port: u16, reuse_port: bool, backlog: i32) -> io::Result<Listener> {
    if let Some(path) = unix_path(host) {
        return bind_unix(Path::new(path), backlog);
    }
    let address = resolve(host, port)?;
    let socket = Socket::new(Domain::for_address(address), Type::STREAM.nonblocking().cloexec(), Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    if reuse_port {
        socket.set_reuse_port(true)?;
    }
    socket.bind(&SockAddr::from(address))?;
    socket.listen(backlog)?;
    Ok(Listener { kind: Kind::Tcp(socket.into()) })
}

fn bind_unix(path: &Path, backlog: i32) -> io::Result<Listener> {
    let socket = Socket::new(Domain::UNIX, Type::STREAM.nonblocking().cloexec(), None)?;
    let address = SockAddr::unix(path)?;
    if let Err(error) = socket.bind(&address) {
        if error.kind() != io::ErrorKind::AddrInUse || !is_stale(path) {
            return Err(error);
        }
        std::fs::remove_file(path)?;
        socket.bind(&address)?;
    }
    socket.listen(backlog)?;
    Ok(Listener { kind: Kind::Unix(socket.into()) })
}

/// Whether the socket file is left over from a server that is gone.
fn is_stale(path: &Path) -> bool {
    let refused = |error: io::Error| error.kind() == io::ErrorKind::ConnectionRefused;
    std::os::unix::net::UnixStream::connect(path).is_err_and(refused)
}

fn unix_path(host: &str) -> Option<&str> {
    let (scheme, path) = host.split_at_checked(5)?;
    if !scheme.eq_ignore_ascii_case("unix:") {
        return None;
    }
    // `unix:/path`, `unix://path` and `unix:///path` all name a file
    Some(path.strip_prefix("//").unwrap_or(path))
}

/// Names are not looked up: that would block, and Swoole does not either.
fn resolve(host: &str, port: u16) -> io::Result<SocketAddr> {
    match host.parse::<IpAddr>() {
        Ok(ip) => Ok(SocketAddr::new(ip, port)),
        Err(error) => Err(io::Error::new(io::ErrorKind::InvalidInput, error)),
    }
}
