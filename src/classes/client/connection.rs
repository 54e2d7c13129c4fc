//! What a client object has while it is connected: a socket, and what it knows about its protocol.

use super::Failure;
use super::background::Background;
use crate::classes::{constants, errors, proxy, settings};
use crate::io::client::{Address, Blocking, End, Kind, Limits, Part, Secure, Unfit};
use crate::io::framing::{Framing, Precedence, Progress, Refusal, Rule, Settings, Step};
use crate::io::proxy::{Handshake, Proxy};
use crate::io::tls::{self, ClientSettings};
use crate::log;
use socket2::SockAddr;
use std::cell::{Cell, RefCell};
use std::io;
use std::net::Shutdown;
use std::os::fd::RawFd;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

/// Bytes read at a time while the end of a packet is looked for.
const CHUNK: usize = 65_536;

/// A connection that the script waits for.
pub(crate) struct Connection {
    pub(super) socket: Blocking,
    /// It can be used.
    pub(super) active: Cell<bool>,
    /// It was begun and has not been looked at since.
    connecting: Cell<bool>,
    /// It outlives its object.
    pub(super) keep: bool,
    /// What a kept connection is found by.
    pub(super) key: Vec<u8>,
    /// How often it was found.
    pub(super) reused: Cell<i64>,
    pub(super) settings: RefCell<Settings>,
    framing: RefCell<Framing>,
    pub(super) proxy: RefCell<Option<Proxy>>,
    /// What came and is no whole packet yet.
    buffer: RefCell<Vec<u8>>,
    /// Bytes of the buffer without a mark in them.
    progress: Cell<Progress>,
    /// Where datagrams go.
    target: RefCell<Option<SockAddr>>,
    /// Directions that were closed: reading, writing.
    shut: Cell<[bool; 2]>,
    /// It speaks TLS as soon as it is connected.
    pub(super) wants_tls: Cell<bool>,
    pub(super) tls_settings: RefCell<ClientSettings>,
    tls: RefCell<Option<Rc<Secure>>>,
    /// The process that made it: a child's copy says no good-bye.
    owner: u32,
    /// What the loop keeps for it, when the loop serves it.
    pub(super) background: Option<Box<Background>>,
}

/// What a packet read gave.
pub(super) enum Packet {
    /// A packet.
    Whole(Vec<u8>),
    /// The end of the stream.
    End,
    /// The stream breaks the rules.
    Refused(Refusal),
}

/// Limits for a time in seconds: 0 leaves Swoole's defaults, less than 0 is for ever.
pub(super) fn limits(seconds: f64) -> Limits {
    let of = |seconds: f64| if seconds > 0.0 { Duration::try_from_secs_f64(seconds).ok() } else { None };
    if seconds != 0.0 {
        let limit = of(seconds);
        return Limits { connect: limit, read: limit, write: limit };
    }
    settings::with(|settings| Limits {
        connect: of(settings.socket_connect_timeout),
        read: of(settings.socket_read_timeout),
        write: of(settings.socket_write_timeout),
    })
}

/// Swoole's number for what is no address.
pub(super) fn unfit(unfit: Unfit) -> Failure {
    Failure(match unfit {
        Unfit::Port => errors::BAD_PORT,
        Unfit::Name => errors::BAD_HOST_ADDR,
        Unfit::Unknown => errors::DNSLOOKUP_RESOLVE_FAILED,
        Unfit::Path => constants::SWOOLE_ERROR_NAME_TOO_LONG as i32,
    })
}

impl Connection {
    /// A socket that is not connected.
    ///
    /// # Errors
    /// The system has none.
    pub(super) fn new(kind: Kind, keep: bool, key: Vec<u8>) -> io::Result<Self> {
        let settings = Settings::default();
        Ok(Self {
            socket: Blocking::new(kind, limits(0.0))?,
            active: Cell::new(false),
            connecting: Cell::new(false),
            keep,
            key,
            reused: Cell::new(0),
            framing: RefCell::new(settings.framing(Precedence::Eof)),
            settings: RefCell::new(settings),
            proxy: RefCell::new(None),
            buffer: RefCell::default(),
            progress: Cell::default(),
            target: RefCell::new(None),
            shut: Cell::new([false; 2]),
            wants_tls: Cell::new(false),
            tls_settings: RefCell::default(),
            tls: RefCell::new(None),
            owner: std::process::id(),
            background: None,
        })
    }

    /// A socket that is not connected, for the loop.
    ///
    /// # Errors
    /// The system has none.
    pub(super) fn for_loop(kind: Kind) -> io::Result<Self> {
        let mut connection = Self::new(kind, false, Vec::new())?;
        connection.background = Some(Box::new(Background::new()));
        Ok(connection)
    }

    /// Reads packets by the settings as they are now.
    pub(super) fn adopt_settings(&self) {
        let mut settings = self.settings.borrow().clone();
        // One call gives one packet, whatever came with it.
        settings.eof_split = true;
        *self.framing.borrow_mut() = settings.framing(Precedence::Eof);
    }

    /// Forgets functions of PHP that the settings hold: the request ends.
    pub(super) fn forget_functions(&self) {
        drop(self.settings.take());
        self.framing.replace(Framing::raw());
    }

    /// Whether a connect that nobody waited for has been successful. False when it has failed.
    pub(super) fn has_connected(&self) -> bool {
        if self.connecting.replace(false) && self.socket.end_connect().is_ok() {
            self.active.set(!self.wants_tls.get() || self.secure().is_ok());
        }
        self.active.get()
    }

    /// Connects. With `flag` a stream does not wait for the end of it (`Ok(false)`), and a datagram socket is bound to its peer.
    pub(super) fn connect(&self, host: &[u8], port: i64, seconds: f64, flag: bool) -> Result<bool, Failure> {
        self.socket.set_limits(limits(seconds));
        let kind = self.socket.kind();
        let proxy = self.proxy.borrow().clone().filter(|_| kind.is_stream());
        let address = match &proxy {
            Some(proxy) => Address::resolve(kind, proxy.host.as_bytes(), i64::from(proxy.port)),
            None => Address::resolve(kind, host, port),
        };
        let address = address.map_err(unfit)?;
        if !kind.is_stream() {
            return self.aim(address, flag).map(|()| true);
        }
        if flag {
            let done = self.socket.begin_connect(&address)?;
            self.active.set(done);
            self.connecting.set(!done);
            return Ok(done);
        }
        self.socket.connect(&address)?;
        if let Some(proxy) = proxy {
            self.pass(&proxy, host, port)?;
        }
        if self.wants_tls.get() {
            self.secure()?;
        }
        self.active.set(true);
        Ok(true)
    }

    /// What speaks TLS here, if anything.
    pub(super) fn tls(&self) -> Option<Rc<Secure>> {
        self.tls.borrow().clone()
    }

    /// Makes a TLS session, whose handshake has not begun.
    pub(super) fn begin_tls(&self) -> Result<Rc<Secure>, Failure> {
        let made = self.tls_settings.borrow().clone().build().and_then(Secure::new);
        let secure = Rc::new(made.map_err(|error| tls_failed(self.socket.fd(), &error))?);
        *self.tls.borrow_mut() = Some(Rc::clone(&secure));
        Ok(secure)
    }

    /// Speaks TLS from now on.
    pub(super) fn secure(&self) -> Result<(), Failure> {
        let end = End::after(self.socket.limits().connect);
        self.begin_tls()?.handshake(&self.socket, end).map_err(|error| match error.raw_os_error() {
            Some(libc::EAGAIN) => Failure(libc::ETIMEDOUT),
            _ => handshake_failed(&self.socket, &error),
        })
    }

    /// Whether the other side has not closed it.
    pub(super) fn is_alive(&self) -> bool {
        match self.tls() {
            Some(tls) => tls.is_alive(&self.socket),
            None => self.socket.is_alive(),
        }
    }

    /// One read of the stream.
    fn read_once(&self, into: &mut [u8], flags: i32, end: End) -> io::Result<usize> {
        match self.tls() {
            Some(tls) => tls.recv(&self.socket, into, flags, end),
            None => self.socket.recv(into, flags, end),
        }
    }

    /// Sets where datagrams go.
    pub(super) fn aim(&self, address: SockAddr, connect: bool) -> Result<(), Failure> {
        let options = self.socket.options();
        let size = settings::socket_buffer_size();
        // Smaller buffers than asked for are still buffers.
        let _ = options.set_send_buffer_size(size);
        let _ = options.set_recv_buffer_size(size);
        if self.socket.kind() == Kind::UnixDatagram {
            let name = format!("/tmp/swoole-client.{}.{}.sock", std::process::id(), self.socket.fd());
            self.socket.bind_file(PathBuf::from(name))?;
        }
        if connect {
            self.socket.connect(&address)?;
        }
        *self.target.borrow_mut() = Some(address);
        self.active.set(true);
        Ok(())
    }

    /// Asks the proxy for the way to the target.
    fn pass(&self, through: &Proxy, host: &[u8], port: i64) -> Result<(), Failure> {
        let refused = |error| Failure(proxy::failed(through.kind, &error));
        let silent = |error: io::Error| match error.raw_os_error() {
            Some(libc::EAGAIN) => Failure(constants::SWOOLE_ERROR_SOCKET_POLL_TIMEOUT as i32),
            other => Failure(other.unwrap_or_else(|| proxy::silence(through.kind))),
        };
        let host = String::from_utf8_lossy(host);
        let port = u16::try_from(port).map_err(|_| Failure(errors::BAD_PORT))?;
        let mut handshake = Handshake::new(through, &host, port, &host).map_err(refused)?;
        let limits = self.socket.limits();
        let (read, write) = (End::after(limits.read), End::after(limits.write));
        let mut buffer = [0; 4096];
        loop {
            self.socket.send(&handshake.take_output(), 0, write).map_err(silent)?;
            if handshake.ready() {
                return Ok(());
            }
            // What is behind the proxy's answer is the target's.
            let count = self.socket.recv(&mut buffer, libc::MSG_PEEK, read).map_err(silent)?;
            if count == 0 {
                return Err(Failure(proxy::silence(through.kind)));
            }
            let taken = handshake.receive(&buffer[..count]).map_err(refused)?;
            self.socket.recv(&mut buffer[..taken], 0, read).map_err(silent)?;
        }
    }

    /// When a read that begins now has to be over.
    fn read_end(&self) -> End {
        End::after(self.socket.limits().read)
    }

    /// Reads once. With `MSG_WAITALL` until the buffer is full, or the stream ends.
    pub(super) fn read(&self, into: &mut [u8], flags: i32) -> io::Result<usize> {
        if !self.socket.kind().is_stream() {
            return self.socket.recv_from(into, flags);
        }
        let end = self.read_end();
        let mut count = 0;
        loop {
            let came = self.read_once(&mut into[count..], flags, end)?;
            count += came;
            if came == 0 || count == into.len() || flags & libc::MSG_WAITALL == 0 {
                return Ok(count);
            }
        }
    }

    /// Whether it is read by packets.
    pub(super) fn has_packets(&self) -> bool {
        !self.framing.borrow().is_raw()
    }

    /// Reads a packet. What came of one that is not whole in time is kept for the next call.
    pub(super) fn read_packet(&self) -> io::Result<Packet> {
        let framing = self.framing.borrow().clone();
        let exactly = {
            let settings = self.settings.borrow();
            !settings.eof_check && matches!(settings.length.rule, Rule::Field)
        };
        let end = self.read_end();
        // Taken out: a length function is PHP code, which may use this very client.
        let mut buffer = self.buffer.take();
        let mut progress = self.progress.take();
        let outcome = loop {
            let step =
                if buffer.is_empty() && !exactly { Ok(Step::More(1)) } else { framing.step(&buffer, &mut progress) };
            let missing = match step {
                Ok(Step::Packet(length)) => {
                    let rest = buffer.split_off(length);
                    break Ok(Packet::Whole(std::mem::replace(&mut buffer, rest)));
                }
                Ok(Step::More(missing)) => missing,
                Err(refusal) => {
                    buffer.clear();
                    break Ok(Packet::Refused(refusal));
                }
            };
            // Not more than the packet has, where that is known: others wait for the rest with select.
            let room = if exactly { missing.min(CHUNK) } else { CHUNK };
            let length = buffer.len();
            buffer.resize(length + room, 0);
            let came = self.read_once(&mut buffer[length..], 0, end);
            buffer.truncate(length + came.as_ref().copied().unwrap_or(0));
            match came {
                Ok(0) => {
                    buffer.clear();
                    break Ok(Packet::End);
                }
                Ok(_) => {}
                Err(error) => break Err(error),
            }
        };
        self.progress.set(if outcome.is_err() { progress } else { Progress::default() });
        self.buffer.replace(buffer);
        outcome
    }

    /// Sends all of it.
    pub(super) fn write(&self, data: &[u8], flags: i32) -> io::Result<()> {
        if self.socket.kind().is_stream() {
            let end = End::after(self.socket.limits().write);
            return match self.tls() {
                Some(tls) => tls.send(&self.socket, data, end),
                None => self.socket.send(data, flags, end),
            };
        }
        let target = self.target.borrow();
        let Some(target) = &*target else { return Err(io::Error::from_raw_os_error(libc::EDESTADDRREQ)) };
        self.socket.send_to(data, target).map(drop)
    }

    /// Sends part of a file.
    pub(super) fn write_file(&self, part: &Part) -> io::Result<()> {
        match self.tls() {
            Some(tls) => tls.send_file(&self.socket, part, End::after(self.socket.limits().write)),
            None => self.socket.send_file(&part.file, part.offset, part.length),
        }
    }

    /// Sends a datagram to somebody.
    pub(super) fn send_to(&self, host: &[u8], port: i64, data: &[u8]) -> Result<(), Failure> {
        if self.socket.kind().is_stream() {
            log::warning("Client::sendto()", "only supports SWOOLE_SOCK_(UDP/UDP6/UNIX_DGRAM)");
            return Err(Failure(errors::OPERATION_NOT_SUPPORT));
        }
        let address = Address::resolve(self.socket.kind(), host, port).map_err(unfit)?;
        self.socket.send_to(data, &address)?;
        Ok(())
    }

    /// Closes directions. False when they were closed, or it is not connected.
    pub(super) fn shutdown(&self, how: i64) -> bool {
        let (how, closes) = match i32::try_from(how) {
            Ok(libc::SHUT_RD) => (Shutdown::Read, [true, false]),
            Ok(libc::SHUT_WR) => (Shutdown::Write, [false, true]),
            Ok(libc::SHUT_RDWR) => (Shutdown::Both, [true, true]),
            _ => {
                errors::set_last(libc::EINVAL);
                return false;
            }
        };
        let shut = self.shut.get();
        let news = (0..2).any(|direction| closes[direction] && !shut[direction]);
        if !news || self.socket.shutdown(how).is_err() {
            return false;
        }
        self.shut.set([shut[0] || closes[0], shut[1] || closes[1]]);
        true
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(tls) = self.tls.get_mut()
            && self.owner == std::process::id()
        {
            tls.close(&self.socket);
        }
    }
}

/// `SWOOLE_LOG_NOTICE`.
const NOTICE: i32 = 3;

/// TLS cannot begin.
fn tls_failed(fd: RawFd, error: &tls::Error) -> Failure {
    log::put(NOTICE, format!("ssl_connect(fd={fd}) failed. Error: {error}").as_bytes());
    Failure(error.code())
}

/// TLS has begun and comes to no end.
pub(super) fn handshake_failed(socket: &Blocking, error: &io::Error) -> Failure {
    let error = tls::Error::from(error);
    let peer = socket.peer().unwrap_or(Address { host: b"unknown".to_vec(), port: 0 });
    let (fd, host, port) = (socket.fd(), String::from_utf8_lossy(&peer.host).into_owned(), peer.port);
    let text = format!("ssl_connect(fd={fd}) to server[{host}:{port}] failed. Error: {error}[1|{}]", error.reason);
    log::put(NOTICE, text.as_bytes());
    match error.kind {
        tls::Kind::VerifyFailed => Failure(error.code()),
        _ => Failure(tls::Kind::HandshakeFailed.code()),
    }
}
