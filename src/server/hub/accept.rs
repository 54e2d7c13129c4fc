//! Taking clients in.

use super::peer::Peer;
use super::stream::Stream;
use super::{GREETING, Hub, PortSettings, Sender};
use crate::io::traffic;
use crate::local_task;
use crate::log;
use socket2::{SockRef, Socket, TcpKeepalive};
use std::io;
use std::net::SocketAddr;
use std::os::fd::{AsRawFd, RawFd};
use std::rc::Rc;
use std::time::Duration;
use tokio::net::{TcpListener, UdpSocket, UnixDatagram, UnixListener};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

/// Longest datagram.
const DATAGRAM: usize = 64 << 10;

enum Listener {
    Tcp(TcpListener),
    Unix(UnixListener),
}

enum Datagrams {
    Udp(UdpSocket),
    Unix(UnixDatagram),
}

impl Listener {
    async fn accept(&self) -> io::Result<(Stream, Option<SocketAddr>)> {
        Ok(match self {
            Self::Tcp(listener) => {
                let (stream, remote) = listener.accept().await?;
                (Stream::Tcp(stream), Some(remote))
            }
            Self::Unix(listener) => (Stream::Unix(listener.accept().await?.0), None),
        })
    }
}

impl Hub {
    /// Takes clients of a listening stream socket in, until [`Hub::stop_accepting`].
    ///
    /// # Errors
    /// No descriptor is left, or the socket is none of TCP and unix.
    ///
    /// # Panics
    /// Outside a `current_thread` runtime.
    pub fn serve_streams(&self, port: usize, socket: &Socket, settings: Rc<PortSettings>) -> io::Result<()> {
        if let Some(idle) = settings.idle {
            self.watch_idle(port, idle);
        }
        let (hub, own) = (self.clone(), Rc::clone(&settings));
        let Some(tls) = settings.tls.clone().map(TlsAcceptor::from) else {
            return self.serve(socket, settings, move |stream, remote, _| hub.join_bytes(port, &own, stream, remote));
        };
        let patience = settings.heartbeat_idle.map_or(GREETING, |idle| GREETING.min(2 * idle));
        self.serve(socket, settings, move |stream, remote, _| {
            let (hub, own, tls) = (hub.clone(), Rc::clone(&own), tls.clone());
            local_task::spawn(async move {
                match timeout(patience, stream.encrypt(&tls)).await {
                    Ok(Ok(stream)) => hub.join_bytes(port, &own, stream, remote),
                    Ok(Err(error)) => hub.events().no_tls(remote, &error),
                    Err(_) => hub.events().no_tls(remote, &io::ErrorKind::TimedOut.into()),
                }
            });
        })
    }

    /// Accepts, and has `serve` do the rest.
    pub(super) fn serve(
        &self,
        socket: &Socket,
        settings: Rc<PortSettings>,
        serve: impl Fn(Stream, Option<SocketAddr>, RawFd) + 'static,
    ) -> io::Result<()> {
        let copy = socket.try_clone()?;
        copy.set_nonblocking(true)?;
        let listener = if is_unix(socket)? {
            Listener::Unix(UnixListener::from_std(copy.into())?)
        } else {
            Listener::Tcp(TcpListener::from_std(copy.into())?)
        };
        let hub = self.clone();
        local_task::spawn(async move {
            let accepting = hub.accept(&listener, &settings, &serve);
            tokio::select! {
                () = hub.0.stop.notified() => {}
                () = accepting => {}
            }
        });
        Ok(())
    }

    async fn accept(
        &self,
        listener: &Listener,
        settings: &PortSettings,
        serve: &impl Fn(Stream, Option<SocketAddr>, RawFd),
    ) {
        let mut lacking = 0;
        let mut pause = Duration::ZERO;
        while !self.0.stopping.get() {
            match listener.accept().await {
                Ok((stream, remote)) => {
                    (lacking, pause) = (0, Duration::ZERO);
                    let socket = stream.socket();
                    settings.apply(&socket, remote.is_some());
                    let fd = socket.as_raw_fd();
                    serve(stream, remote, fd);
                }
                Err(error) => {
                    let errno = error.raw_os_error().unwrap_or(0);
                    if !matches!(errno, libc::EMFILE | libc::ENFILE | libc::ENOBUFS | libc::ENOMEM) {
                        // The client's own fault; the next one's turn.
                        continue;
                    }
                    if lacking != errno {
                        lacking = errno;
                        self.events().shortage(errno);
                    }
                    pause = (pause * 2).clamp(Duration::from_millis(20), Duration::from_millis(500));
                    sleep(pause).await;
                }
            }
        }
    }

    /// Takes the datagrams of a bound socket in, until [`Hub::stop_accepting`].
    ///
    /// # Errors
    /// No descriptor is left.
    ///
    /// # Panics
    /// Outside a `current_thread` runtime.
    pub fn serve_datagrams(&self, port: usize, socket: &Socket) -> io::Result<()> {
        let copy = socket.try_clone()?;
        copy.set_nonblocking(true)?;
        let socket = if is_unix(socket)? {
            Datagrams::Unix(UnixDatagram::from_std(copy.into())?)
        } else {
            Datagrams::Udp(UdpSocket::from_std(copy.into())?)
        };
        let hub = self.clone();
        local_task::spawn(async move {
            let receiving = async {
                let mut buffer = vec![0; DATAGRAM];
                loop {
                    let received = match &socket {
                        Datagrams::Udp(socket) => {
                            socket.recv_from(&mut buffer).await.map(|(count, from)| (count, Sender::Inet(from)))
                        }
                        Datagrams::Unix(socket) => socket.recv_from(&mut buffer).await.map(|(count, from)| {
                            (count, Sender::Unix(from.as_pathname().map(std::path::Path::to_owned)))
                        }),
                    };
                    // An error is one that an earlier answer met (ICMP): the next datagram may be fine.
                    if let Ok((count, sender)) = received {
                        traffic::received(count);
                        hub.events().packet(port, sender, &buffer[..count]);
                    }
                }
            };
            tokio::select! {
                () = hub.0.stop.notified() => {}
                () = receiving => {}
            }
        });
        Ok(())
    }

    /// The certificate that the client of a connection has shown, as PEM.
    pub fn certificate(&self, session: i64) -> Option<String> {
        self.find(session)?.certificate()
    }

    /// Has all processes know the certificate that a new client has shown, if it has.
    pub(super) fn note_certificate(&self, peer: &dyn Peer) {
        if self.sessions().keeps_certificates()
            && let Some(pem) = peer.certificate()
        {
            self.has_shown(peer.base().id, &pem);
        }
    }

    /// The client of a connection has shown this certificate: all processes may know.
    pub fn has_shown(&self, session: i64, pem: &str) {
        if let Err(error) = self.sessions().set_certificate(session, pem.as_bytes()) {
            let words = format!("the certificate of session#{session} stays unknown to workers");
            log::system_warning("Hub::has_shown()", &words, error.raw_os_error().unwrap_or(0));
        }
    }
}

fn is_unix(socket: &Socket) -> io::Result<bool> {
    Ok(socket.local_addr()?.domain() == socket2::Domain::UNIX)
}

impl PortSettings {
    /// Sets the options of a new connection; one that is refused leaves the system's default.
    fn apply(&self, socket: &impl AsRawFd, tcp: bool) {
        // SAFETY: the descriptor is open for as long as `socket` is borrowed.
        let fd = unsafe { std::os::fd::BorrowedFd::borrow_raw(socket.as_raw_fd()) };
        let socket = SockRef::from(&fd);
        if self.kernel_send_buffer > 0 {
            let _ = socket.set_send_buffer_size(self.kernel_send_buffer);
        }
        if self.kernel_receive_buffer > 0 {
            let _ = socket.set_recv_buffer_size(self.kernel_receive_buffer);
        }
        if !tcp {
            return;
        }
        if self.nodelay {
            let _ = socket.set_tcp_nodelay(true);
        }
        if let Some((idle, interval, count)) = self.keepalive {
            let keepalive = TcpKeepalive::new().with_time(idle).with_interval(interval).with_retries(count);
            let _ = socket.set_tcp_keepalive(&keepalive);
        }
    }
}
