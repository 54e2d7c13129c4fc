//! A listening address, bound when the server object is made and not listening before it starts.

use socket2::{Domain, SockAddr, Socket, Type};
use std::cell::OnceCell;
use std::ffi::OsStr;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::os::fd::{AsRawFd, RawFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// How the system takes connections of TCP in. Connections inherit the last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tuning {
    /// Seconds for which a client that says nothing is kept from us, `tcp_defer_accept`.
    pub defer_accept: i32,
    /// Clients may send with their first packet, `tcp_fastopen`.
    pub fast_open: bool,
    /// Milliseconds for which what was sent may stay unacknowledged, `tcp_user_timeout`.
    pub user_timeout: i32,
}

impl Tuning {
    /// Clients of a fast open that may be on their way.
    const FAST_OPENS: i32 = 1;

    /// Sets what is not as usual; the names of options that the system refuses, and why.
    pub fn apply(&self, socket: &Socket) -> Vec<(&'static str, io::Error)> {
        let wanted = [
            ("TCP_DEFER_ACCEPT", libc::TCP_DEFER_ACCEPT, self.defer_accept),
            ("TCP_FASTOPEN", libc::TCP_FASTOPEN, if self.fast_open { Self::FAST_OPENS } else { 0 }),
            ("TCP_USER_TIMEOUT", libc::TCP_USER_TIMEOUT, self.user_timeout),
        ];
        let set = |option: i32, value: i32| {
            let length = size_of::<i32>() as libc::socklen_t;
            // SAFETY: the number is live and as long as is said.
            let done = unsafe {
                libc::setsockopt(socket.as_raw_fd(), libc::IPPROTO_TCP, option, (&raw const value).cast(), length)
            };
            if done == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
        };
        let wanted = wanted.into_iter().filter(|(_, _, value)| *value > 0);
        wanted.filter_map(|(name, option, value)| Some((name, set(option, value).err()?))).collect()
    }
}

/// Bytes of the longest host or path of a unix socket.
pub const LONGEST_HOST: usize = 107;

/// The kind of a socket, `SWOOLE_SOCK_*`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// TCP over IPv4.
    Tcp = 1,
    /// UDP over IPv4.
    Udp = 2,
    /// TCP over IPv6.
    Tcp6 = 3,
    /// UDP over IPv6.
    Udp6 = 4,
    /// A unix stream socket.
    UnixStream = 5,
    /// A unix datagram socket.
    UnixDatagram = 6,
}

impl Kind {
    /// The kind of this number, without the flag for TLS.
    ///
    /// # Errors
    /// A number that is no kind, in the words of `socket(2)`.
    pub fn from_number(number: i64) -> Result<Self, ListenError> {
        const RAW: [i64; 2] = [7, 8];
        Ok(match number {
            1 => Self::Tcp,
            2 => Self::Udp,
            3 => Self::Tcp6,
            4 => Self::Udp6,
            5 => Self::UnixStream,
            6 => Self::UnixDatagram,
            raw if RAW.contains(&raw) => return Err(ListenError::Os(libc::EPROTONOSUPPORT)),
            _ => return Err(ListenError::Os(libc::ESOCKTNOSUPPORT)),
        })
    }

    fn is_unix(self) -> bool {
        matches!(self, Self::UnixStream | Self::UnixDatagram)
    }

    fn shape(self) -> (Domain, Type) {
        match self {
            Self::Tcp => (Domain::IPV4, Type::STREAM),
            Self::Udp => (Domain::IPV4, Type::DGRAM),
            Self::Tcp6 => (Domain::IPV6, Type::STREAM),
            Self::Udp6 => (Domain::IPV6, Type::DGRAM),
            Self::UnixStream => (Domain::UNIX, Type::STREAM),
            Self::UnixDatagram => (Domain::UNIX, Type::DGRAM),
        }
    }
}

/// Why an address cannot be bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListenError {
    /// The port is outside 0 to 65535; `SWOOLE_ERROR_SERVER_INVALID_LISTEN_PORT`.
    InvalidPort,
    /// The host is no address of the kind; `SWOOLE_ERROR_BAD_HOST_ADDR`.
    InvalidHost,
    /// The host has more than [`LONGEST_HOST`] bytes; `SWOOLE_ERROR_NAME_TOO_LONG`.
    LongHost,
    /// An errno of the operating system.
    Os(i32),
}

impl ListenError {
    /// The number of it in `swoole_last_error()` and exceptions.
    pub fn code(self) -> i64 {
        match self {
            Self::InvalidPort => 9004,
            Self::InvalidHost => 722,
            Self::LongHost => 504,
            Self::Os(errno) => i64::from(errno),
        }
    }

    /// The text of it.
    pub fn text(self) -> String {
        match self {
            Self::InvalidPort => "Server invalid listen port".to_owned(),
            Self::InvalidHost => "Bad host addr".to_owned(),
            Self::LongHost => "Name too long".to_owned(),
            Self::Os(errno) => {
                let text = io::Error::from_raw_os_error(errno).to_string();
                text.split(" (os error").next().unwrap_or_default().to_owned()
            }
        }
    }
}

impl From<io::Error> for ListenError {
    fn from(error: io::Error) -> Self {
        Self::Os(error.raw_os_error().unwrap_or(libc::EINVAL))
    }
}

/// A bound socket.
pub struct ListenPort {
    /// Its kind.
    pub kind: Kind,
    /// The port, chosen by the system when 0 was asked for; 0 for unix sockets.
    pub port: u16,
    /// Held so that nobody else binds the address.
    socket: Socket,
    /// One for each worker, see [`ListenPort::share`].
    shares: OnceCell<Vec<Socket>>,
    /// The file of a unix socket, removed with it.
    path: Option<PathBuf>,
}

impl ListenPort {
    /// Binds `host` and `port`; for unix sockets `host` is a path.
    ///
    /// # Errors
    /// See [`ListenError`].
    pub fn bind(kind: Kind, host: &str, port: i64) -> Result<Self, ListenError> {
        let checked = u16::try_from(port);
        let port = if kind.is_unix() { 0 } else { checked.map_err(|_| ListenError::InvalidPort)? };
        if host.len() > LONGEST_HOST {
            return Err(ListenError::LongHost);
        }
        let (domain, ty) = kind.shape();
        let socket = Socket::new(domain, ty, None)?;
        socket.set_nonblocking(true)?;
        if kind.is_unix() {
            let path = PathBuf::from(host);
            let _ = std::fs::remove_file(&path);
            socket.bind(&SockAddr::unix(&path)?)?;
            return Ok(Self { kind, port: 0, socket, shares: OnceCell::new(), path: Some(path) });
        }
        let address = resolve(kind, host, port).ok_or(ListenError::InvalidHost)?;
        socket.set_reuse_address(true)?;
        socket.bind(&address.into())?;
        let port = socket.local_addr()?.as_socket().map_or(port, |address| address.port());
        Ok(Self { kind, port, socket, shares: OnceCell::new(), path: None })
    }

    /// Whether it is a socket of TCP or UDP.
    pub fn is_inet(&self) -> bool {
        !self.kind.is_unix()
    }

    /// Whether it takes connections in over TCP.
    pub fn is_tcp(&self) -> bool {
        matches!(self.kind, Kind::Tcp | Kind::Tcp6)
    }

    /// The number of its descriptor.
    pub fn fd(&self) -> RawFd {
        self.socket.as_raw_fd()
    }

    /// Makes a socket for each worker, on the same address (`SO_REUSEPORT`), among which the kernel shares clients out. Made before the first
    /// fork, they outlive their workers: whoever comes while one is replaced waits for its successor. TCP only: of datagrams, the first
    /// socket would get some that nobody reads.
    ///
    /// # Errors
    /// What the system says.
    pub fn share(&self, workers: usize) -> io::Result<()> {
        if !self.is_tcp() {
            return Ok(());
        }
        // The first one is never listened to, but it has the address.
        self.socket.set_reuse_port(true)?;
        let shares = (0..workers).map(|_| self.another()).collect::<io::Result<_>>()?;
        // A server that starts again keeps those it has.
        let _ = self.shares.set(shares);
        Ok(())
    }

    fn another(&self) -> io::Result<Socket> {
        let (domain, ty) = self.kind.shape();
        let socket = Socket::new(domain, ty, None)?;
        socket.set_nonblocking(true)?;
        socket.set_reuse_address(true)?;
        socket.set_reuse_port(true)?;
        socket.bind(&self.socket.local_addr()?)?;
        Ok(socket)
    }

    /// Takes clients in from now on, wherever they are shared out to.
    ///
    /// # Errors
    /// What the system says.
    pub fn listen(&self, backlog: i32) -> io::Result<()> {
        match self.shares.get() {
            _ if matches!(self.kind, Kind::Udp | Kind::Udp6 | Kind::UnixDatagram) => Ok(()),
            Some(shares) => shares.iter().try_for_each(|socket| socket.listen(backlog)),
            None => self.socket.listen(backlog),
        }
    }

    /// The socket at which this worker takes clients in.
    pub fn socket_of(&self, worker: usize) -> &Socket {
        self.shares.get().and_then(|shares| shares.get(worker)).unwrap_or(&self.socket)
    }

    /// Sends a datagram; for unix sockets `host` is a path.
    ///
    /// # Errors
    /// `NotFound`: the host has no address; or what the system says.
    pub fn send_to(&self, host: &[u8], port: u16, data: &[u8]) -> io::Result<usize> {
        let address: SockAddr = if self.kind.is_unix() {
            SockAddr::unix(Path::new(OsStr::from_bytes(host)))?
        } else {
            let host = str::from_utf8(host).map_err(|_| io::ErrorKind::NotFound)?;
            resolve(self.kind, host, port).ok_or(io::ErrorKind::NotFound)?.into()
        };
        self.socket.send_to(data, &address)
    }

    /// The bound socket.
    pub fn socket(&self) -> &Socket {
        &self.socket
    }
}

fn resolve(kind: Kind, host: &str, port: u16) -> Option<SocketAddr> {
    let wanted = |address: &SocketAddr| address.is_ipv6() == matches!(kind, Kind::Tcp6 | Kind::Udp6);
    (host, port).to_socket_addrs().ok()?.find(wanted)
}

impl Drop for ListenPort {
    fn drop(&mut self) {
        if let Some(path) = &self.path {
            let _ = std::fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binds_a_free_port_and_keeps_it() {
        let first = ListenPort::bind(Kind::Tcp, "127.0.0.1", 0).expect("binds");
        assert_ne!(first.port, 0);
        // SO_REUSEADDR lets a bound socket that does not listen be bound twice: the kernel checks when one of them listens.
        first.socket().listen(1).expect("listens");
        let second = ListenPort::bind(Kind::Tcp, "127.0.0.1", i64::from(first.port));
        assert_eq!(second.err(), Some(ListenError::Os(libc::EADDRINUSE)));
    }

    #[test]
    fn names_what_is_wrong_with_an_address() {
        let error = |kind, host, port| ListenPort::bind(kind, host, port).err();
        assert_eq!(error(Kind::Tcp, "127.0.0.1", 70_000), Some(ListenError::InvalidPort));
        assert_eq!(error(Kind::Tcp, "127.0.0.1", -1), Some(ListenError::InvalidPort));
        assert_eq!(error(Kind::Tcp6, "127.0.0.1", 0), Some(ListenError::InvalidHost));
        assert_eq!(error(Kind::UnixStream, "/nonexistent/x.sock", 0), Some(ListenError::Os(libc::ENOENT)));
        let long = format!("/tmp/{}", "x".repeat(LONGEST_HOST));
        assert_eq!(error(Kind::UnixStream, &long, 0), Some(ListenError::LongHost));
        assert_eq!(Kind::from_number(99), Err(ListenError::Os(libc::ESOCKTNOSUPPORT)));
        assert_eq!(ListenError::Os(libc::EADDRINUSE).text(), "Address already in use");
    }

    #[test]
    fn a_unix_socket_takes_its_file_along() {
        let path = std::env::temp_dir().join(format!("steelwool-listen-{}.sock", std::process::id()));
        let host = path.to_str().expect("UTF-8");
        let port = ListenPort::bind(Kind::UnixDatagram, host, 0).expect("binds");
        assert!(path.exists());
        drop(port);
        assert!(!path.exists());
    }
}
