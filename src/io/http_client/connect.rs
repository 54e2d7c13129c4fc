//! Opening connections: socket, proxy, TLS.

use super::transport::{Socket, Stream, Transport};
use crate::io::proxy::{Handshake, Proxy, ProxyError};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream, UnixStream};
use tokio_rustls::TlsConnector;

/// Where a client connects to.
#[derive(Clone, Debug)]
pub enum Endpoint {
    /// An address, the proxy's if there is one.
    Tcp(SocketAddr),
    /// A path.
    Unix(PathBuf),
}

/// A proxy that leads to the target.
#[derive(Clone, Debug)]
pub struct Through {
    /// The proxy.
    pub proxy: Proxy,
    /// The target's host.
    pub host: String,
    /// The target's port.
    pub port: u16,
    /// What the header `Host` calls the target.
    pub shown: String,
}

/// TLS to the target.
#[derive(Clone)]
pub struct Secure {
    /// Versions, certificates, protocols.
    pub config: Arc<ClientConfig>,
    /// Whom the certificate must name, and who is asked for.
    pub name: ServerName<'static>,
}

impl fmt::Debug for Secure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secure({:?})", self.name)
    }
}

/// How to connect.
#[derive(Clone, Debug)]
pub struct Target {
    /// Where to.
    pub endpoint: Endpoint,
    /// Our own address.
    pub from: Option<SocketAddr>,
    /// Bytes of the system's buffers.
    pub buffer: Option<usize>,
    /// Whether small writes go out at once.
    pub nodelay: bool,
    /// The proxy, if any; an HTTP proxy that takes plain requests is none.
    pub through: Option<Through>,
    /// TLS, if any.
    pub secure: Option<Secure>,
}

/// Why there is no connection.
#[derive(Debug)]
pub enum Failure {
    /// The system's reason.
    System(io::Error),
    /// The proxy does not let us through.
    Proxy(ProxyError),
    /// TLS could not be agreed on.
    Tls(io::Error),
}

/// Connects.
///
/// # Errors
/// There is no way.
pub async fn connect(target: &Target) -> Result<Transport, Failure> {
    let mut socket = match &target.endpoint {
        Endpoint::Tcp(address) => Socket::Tcp(tcp(target, *address).await.map_err(Failure::System)?),
        Endpoint::Unix(path) => match UnixStream::connect(path).await {
            Ok(socket) => Socket::Unix(socket),
            // Rust refuses a path that does not fit before it asks the system.
            Err(error) if error.raw_os_error().is_none() => {
                return Err(Failure::System(io::Error::from_raw_os_error(libc::ENAMETOOLONG)));
            }
            Err(error) => return Err(Failure::System(error)),
        },
    };
    if let Some(through) = &target.through {
        pass(&mut socket, through).await?;
    }
    let Some(secure) = &target.secure else { return Ok(Transport::new(Stream::Plain(socket))) };
    let connector = TlsConnector::from(Arc::clone(&secure.config));
    let stream = connector.connect(secure.name.clone(), socket).await.map_err(Failure::Tls)?;
    Ok(Transport::new(Stream::secure(stream)))
}

async fn tcp(target: &Target, address: SocketAddr) -> io::Result<TcpStream> {
    let socket = if address.is_ipv6() { TcpSocket::new_v6() } else { TcpSocket::new_v4() }?;
    if let Some(bytes) = target.buffer {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        // Swoole sets both and looks at neither.
        let _ = (socket.set_recv_buffer_size(bytes), socket.set_send_buffer_size(bytes));
    }
    if let Some(from) = target.from {
        socket.bind(from)?;
    }
    let stream = socket.connect(address).await?;
    if target.nodelay {
        let _ = stream.set_nodelay(true);
    }
    Ok(stream)
}

/// Has the proxy connect us.
async fn pass(socket: &mut Socket, through: &Through) -> Result<(), Failure> {
    let begun = Handshake::new(&through.proxy, &through.host, through.port, &through.shown);
    let mut handshake = begun.map_err(Failure::Proxy)?;
    let mut bytes = [0; 4096];
    loop {
        let output = handshake.take_output();
        socket.write_all(&output).await.map_err(Failure::System)?;
        if handshake.ready() {
            return Ok(());
        }
        let count = socket.read(&mut bytes).await.map_err(Failure::System)?;
        let taken = handshake.receive(&bytes[..count]).map_err(Failure::Proxy)?;
        // A server of HTTP does not speak first, so what comes behind is the proxy's as well.
        if count == 0 || taken < count {
            return Err(Failure::Proxy(ProxyError::BadAnswer));
        }
    }
}
