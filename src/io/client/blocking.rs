//! A socket whose calls wait, each no longer than a limit.
//!
//! The system never waits inside of a call: every call is tried (`MSG_DONTWAIT`), and `poll` waits between two tries. So a limit
//! counts for the whole of a call, and the socket is an ordinary blocking one for others who use its descriptor.

use super::{Address, Kind};
use socket2::{Domain, SockAddr, SockRef, Socket, Type};
use std::cell::{Cell, RefCell};
use std::fs::File;
use std::io;
use std::mem::MaybeUninit;
use std::net::Shutdown;
use std::os::fd::{AsRawFd, RawFd};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How long calls may take; `None` is for ever.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Limits {
    /// A connect.
    pub connect: Option<Duration>,
    /// A read.
    pub read: Option<Duration>,
    /// A write.
    pub write: Option<Duration>,
}

/// When a call has to be over.
#[derive(Clone, Copy, Debug)]
pub struct End(Option<Instant>);

impl End {
    /// This long from now; what a clock cannot hold is for ever.
    pub fn after(limit: Option<Duration>) -> Self {
        Self(limit.and_then(|limit| Instant::now().checked_add(limit)))
    }

    /// Milliseconds left, for `poll`; rounded up, so that nothing ends early.
    fn left(self) -> i32 {
        let Some(end) = self.0 else { return -1 };
        let left = end.saturating_duration_since(Instant::now()).as_micros().div_ceil(1000);
        i32::try_from(left).unwrap_or(i32::MAX)
    }
}

/// A socket of a client.
#[derive(Debug)]
pub struct Blocking {
    socket: Socket,
    kind: Kind,
    limits: Cell<Limits>,
    /// Who sent the last datagram.
    sender: RefCell<Option<SockAddr>>,
    /// The file that it is bound to, removed at the end by the process (its number) that made it.
    file: RefCell<Option<(u32, PathBuf)>>,
}

impl Blocking {
    /// A socket that is not connected.
    ///
    /// # Errors
    /// The system has none of this kind, or no more.
    pub fn new(kind: Kind, limits: Limits) -> io::Result<Self> {
        let shape = if kind.is_stream() { Type::STREAM } else { Type::DGRAM };
        let socket = Socket::new(Domain::from(kind.family()), shape, None)?;
        let (sender, file) = (RefCell::new(None), RefCell::new(None));
        Ok(Self { socket, kind, limits: Cell::new(limits), sender, file })
    }

    /// What kind of socket it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Its descriptor.
    pub fn fd(&self) -> RawFd {
        self.socket.as_raw_fd()
    }

    /// Its options.
    pub fn options(&self) -> SockRef<'_> {
        SockRef::from(&self.socket)
    }

    /// How long calls may take.
    pub fn limits(&self) -> Limits {
        self.limits.get()
    }

    /// Changes how long calls may take; the kernel's own limits follow, for others who use the descriptor.
    pub fn set_limits(&self, limits: Limits) {
        self.limits.set(limits);
        // They are for convenience only.
        let _ = self.socket.set_read_timeout(limits.read.filter(|limit| !limit.is_zero()));
        let _ = self.socket.set_write_timeout(limits.write.filter(|limit| !limit.is_zero()));
    }

    /// Gives it an address of its own, which may be in use by connections that have ended.
    ///
    /// # Errors
    /// The address is not this machine's, or in use.
    pub fn bind(&self, address: &SockAddr) -> io::Result<()> {
        self.socket.set_reuse_address(true)?;
        self.socket.bind(address)
    }

    /// Gives a datagram socket a file as its address, so that it can be answered; the file goes with the socket.
    ///
    /// # Errors
    /// There can be no such file.
    pub fn bind_file(&self, path: PathBuf) -> io::Result<()> {
        let address = SockAddr::unix(&path)?;
        // One of a process that had the same number and has gone.
        let _ = std::fs::remove_file(&path);
        self.socket.bind(&address)?;
        *self.file.borrow_mut() = Some((std::process::id(), path));
        Ok(())
    }

    /// Begins to connect. True when that is done at once.
    ///
    /// # Errors
    /// Nobody is there, or there is no way.
    pub fn begin_connect(&self, address: &SockAddr) -> io::Result<bool> {
        self.socket.set_nonblocking(true)?;
        let begun = loop {
            match self.socket.connect(address) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        let done = match begun {
            Ok(()) => Ok(true),
            Err(error) if error.raw_os_error() == Some(libc::EINPROGRESS) => Ok(false),
            Err(error) => Err(error),
        };
        self.socket.set_nonblocking(false)?;
        done
    }

    /// What became of a connect that was begun.
    ///
    /// # Errors
    /// Why it failed.
    pub fn end_connect(&self) -> io::Result<()> {
        match self.socket.take_error()? {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    /// Connects.
    ///
    /// # Errors
    /// `ETIMEDOUT` when the limit is reached; else what the system says.
    pub fn connect(&self, address: &SockAddr) -> io::Result<()> {
        if self.begin_connect(address)? {
            return Ok(());
        }
        let end = End::after(self.limits.get().connect);
        if self.wait(libc::POLLOUT, end).is_err() {
            return Err(io::Error::from_raw_os_error(libc::ETIMEDOUT));
        }
        self.end_connect()
    }

    /// Waits for these events of `poll`.
    ///
    /// # Errors
    /// `EAGAIN` at the end of the time.
    pub fn wait(&self, events: i16, end: End) -> io::Result<()> {
        let mut poll = libc::pollfd { fd: self.fd(), events, revents: 0 };
        loop {
            // SAFETY: one live struct. Our own calls of `poll` are the system's: they block.
            match unsafe { libc::poll(&mut poll, 1, end.left()) } {
                0 => return Err(io::Error::from_raw_os_error(libc::EAGAIN)),
                1.. => return Ok(()),
                _ => {
                    let error = io::Error::last_os_error();
                    if error.kind() != io::ErrorKind::Interrupted {
                        return Err(error);
                    }
                }
            }
        }
    }

    /// Tries `call` until it need not wait.
    fn again<T>(&self, events: i16, end: End, mut call: impl FnMut() -> io::Result<T>) -> io::Result<T> {
        let mut waited = false;
        loop {
            match call() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if matches!(error.raw_os_error(), Some(libc::EAGAIN | libc::ENOBUFS)) => {
                    if waited || error.raw_os_error() == Some(libc::ENOBUFS) {
                        // Ready, and yet it cannot be done: a receiver's queue is full, or the kernel's memory.
                        if end.left() == 0 {
                            return Err(io::Error::from_raw_os_error(libc::EAGAIN));
                        }
                        std::thread::sleep(Duration::from_millis(1));
                    }
                    self.wait(events, end)?;
                    waited = true;
                }
                other => return other,
            }
        }
    }

    /// One read: what has come, or the end (0). `flags` are `MSG_*`; with `MSG_DONTWAIT` it does not wait.
    ///
    /// # Errors
    /// `EAGAIN` when nothing came in time.
    pub fn recv(&self, into: &mut [u8], flags: i32, end: End) -> io::Result<usize> {
        let mut once = || {
            let flags = flags & !libc::MSG_WAITALL | libc::MSG_DONTWAIT;
            // SAFETY: writes into a live buffer of that length.
            let count = unsafe { libc::recv(self.fd(), into.as_mut_ptr().cast(), into.len(), flags) };
            usize::try_from(count).map_err(|_| io::Error::last_os_error())
        };
        if flags & libc::MSG_DONTWAIT != 0 { once() } else { self.again(libc::POLLIN, end, once) }
    }

    /// Sends all of it. `flags` are `MSG_*`.
    ///
    /// # Errors
    /// `EAGAIN` when it took too long; some of it may have been sent.
    pub fn send(&self, mut data: &[u8], flags: i32, end: End) -> io::Result<()> {
        while !data.is_empty() {
            let sent = self.again(libc::POLLOUT, end, || self.send_some(data, flags))?;
            data = &data[sent..];
        }
        Ok(())
    }

    /// Sends what can be sent at once.
    ///
    /// # Errors
    /// `EAGAIN` when that is nothing.
    pub fn send_some(&self, data: &[u8], flags: i32) -> io::Result<usize> {
        let flags = flags | libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL;
        // SAFETY: reads a live buffer of that length.
        let count = unsafe { libc::send(self.fd(), data.as_ptr().cast(), data.len(), flags) };
        usize::try_from(count).map_err(|_| io::Error::last_os_error())
    }

    /// Sends one datagram.
    ///
    /// # Errors
    /// `EAGAIN` when there was no room in time; else what the system says.
    pub fn send_to(&self, data: &[u8], to: &SockAddr) -> io::Result<usize> {
        let flags = libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL;
        self.again(libc::POLLOUT, End::after(self.limits.get().write), || {
            self.socket.send_to_with_flags(data, to, flags)
        })
    }

    /// Takes one datagram; [`Blocking::peer`] then says whose it was.
    ///
    /// # Errors
    /// `EAGAIN` when none came in time.
    pub fn recv_from(&self, into: &mut [u8], flags: i32) -> io::Result<usize> {
        let end =
            End::after(if flags & libc::MSG_DONTWAIT == 0 { self.limits.get().read } else { Some(Duration::ZERO) });
        let (count, sender) = self.again(libc::POLLIN, end, || {
            // SAFETY: both slices are the same bytes; a socket writes to them and never makes one uninitialised.
            let into = unsafe { &mut *(std::ptr::from_mut::<[u8]>(into) as *mut [MaybeUninit<u8>]) };
            self.socket.recv_from_with_flags(into, flags & !libc::MSG_WAITALL | libc::MSG_DONTWAIT)
        })?;
        *self.sender.borrow_mut() = Some(sender);
        Ok(count)
    }

    /// Sends part of a file.
    ///
    /// # Errors
    /// `EAGAIN` when it took too long; `EPIPE` and the like; `EIO` when the file has become shorter.
    pub fn send_file(&self, file: &File, mut offset: u64, length: u64) -> io::Result<()> {
        const MOST: u64 = 1 << 20;
        let end = End::after(self.limits.get().write);
        let last = offset.saturating_add(length);
        self.socket.set_nonblocking(true)?;
        let mut outcome = Ok(());
        while offset < last && outcome.is_ok() {
            let mut at = offset as libc::off_t;
            let count = (last - offset).min(MOST) as usize;
            outcome = self
                .again(libc::POLLOUT, end, || {
                    // SAFETY: both descriptors are open; the kernel updates our offset.
                    let sent = unsafe { libc::sendfile(self.fd(), file.as_raw_fd(), &mut at, count) };
                    usize::try_from(sent).map_err(|_| io::Error::last_os_error())
                })
                .and_then(|sent| if sent == 0 { Err(io::Error::from_raw_os_error(libc::EIO)) } else { Ok(()) });
            offset = at as u64;
        }
        self.socket.set_nonblocking(false)?;
        outcome
    }

    /// Whether the connection has not been closed by the other side.
    pub fn is_alive(&self) -> bool {
        match self.recv(&mut [0], libc::MSG_PEEK | libc::MSG_DONTWAIT, End::after(None)) {
            Ok(count) => count > 0,
            Err(error) => error.raw_os_error().is_some_and(|errno| !ends_connection(errno)),
        }
    }

    /// Closes a direction, or both.
    ///
    /// # Errors
    /// It is not connected.
    pub fn shutdown(&self, how: Shutdown) -> io::Result<()> {
        self.socket.shutdown(how)
    }

    /// Its own address.
    ///
    /// # Errors
    /// What the system says.
    pub fn local(&self) -> io::Result<Address> {
        self.socket.local_addr().map(|address| Address::of(self.kind, Some(&address)))
    }

    /// The other side's address; for datagrams that of the last one's sender.
    ///
    /// # Errors
    /// It is not connected.
    pub fn peer(&self) -> io::Result<Address> {
        if !self.kind.is_stream() {
            return Ok(Address::of(self.kind, self.sender.borrow().as_ref()));
        }
        self.socket.peer_addr().map(|address| Address::of(self.kind, Some(&address)))
    }
}

impl Drop for Blocking {
    fn drop(&mut self) {
        if let Some((owner, path)) = self.file.get_mut()
            && *owner == std::process::id()
        {
            // Somebody else's by now, or gone: no matter.
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Whether an error means that a connection is over.
pub fn ends_connection(errno: i32) -> bool {
    matches!(
        errno,
        libc::ECONNRESET
            | libc::ECONNABORTED
            | libc::EPIPE
            | libc::ENOTCONN
            | libc::ETIMEDOUT
            | libc::ECONNREFUSED
            | libc::ENETDOWN
            | libc::ENETUNREACH
            | libc::EHOSTDOWN
            | libc::EHOSTUNREACH
    )
}

/// A part of a file that is to be sent.
#[derive(Debug)]
pub struct Part {
    /// The file.
    pub file: File,
    /// Where the part begins.
    pub offset: u64,
    /// How many bytes it has.
    pub length: u64,
}

/// Why a part of a file cannot be sent.
#[derive(Debug)]
pub enum NoPart {
    /// The file cannot be opened.
    Open(io::Error),
    /// The file is empty.
    Empty,
    /// It has no such part.
    Range,
}

impl Part {
    /// A part of the file of this name; a length of 0 is all the rest.
    ///
    /// # Errors
    /// There is no such part.
    pub fn open(name: &[u8], offset: i64, length: i64) -> Result<Self, NoPart> {
        let path = std::path::Path::new(std::ffi::OsStr::from_bytes(name));
        let file = File::open(path).map_err(NoPart::Open)?;
        let size = file.metadata().map_err(NoPart::Open)?.len();
        if size == 0 {
            return Err(NoPart::Empty);
        }
        let (Ok(offset), Ok(length)) = (u64::try_from(offset), u64::try_from(length)) else {
            return Err(NoPart::Range);
        };
        let end = if length == 0 { Some(size) } else { offset.checked_add(length) };
        match end {
            Some(end) if offset <= end && end <= size => Ok(Self { file, offset, length: end - offset }),
            _ => Err(NoPart::Range),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::{TcpListener, UdpSocket};

    fn limits(milliseconds: u64) -> Limits {
        let limit = Some(Duration::from_millis(milliseconds));
        Limits { connect: limit, read: limit, write: limit }
    }

    fn connected(milliseconds: u64) -> (Blocking, std::net::TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let client = Blocking::new(Kind::Tcp, limits(milliseconds)).unwrap();
        client.connect(&listener.local_addr().unwrap().into()).unwrap();
        (client, listener.accept().unwrap().0)
    }

    fn end() -> End {
        End::after(Some(Duration::from_millis(50)))
    }

    #[test]
    fn a_stream() {
        let (client, mut server) = connected(50);
        client.send(b"hello", 0, end()).unwrap();
        let mut buffer = [0; 16];
        assert_eq!(server.read(&mut buffer).unwrap(), 5);
        let begun = Instant::now();
        assert_eq!(client.recv(&mut buffer, 0, end()).unwrap_err().raw_os_error(), Some(libc::EAGAIN));
        assert!(begun.elapsed() >= Duration::from_millis(50));
        let begun = Instant::now();
        let error = client.recv(&mut buffer, libc::MSG_DONTWAIT, End::after(None)).unwrap_err();
        assert_eq!(error.raw_os_error(), Some(libc::EAGAIN));
        assert!(begun.elapsed() < Duration::from_millis(40));
        server.write_all(b"world").unwrap();
        assert_eq!(client.recv(&mut buffer, libc::MSG_PEEK, end()).unwrap(), 5);
        assert_eq!(client.recv(&mut buffer[..3], 0, end()).unwrap(), 3);
        assert!(client.is_alive());
        assert_eq!(client.peer().unwrap().port, server.local_addr().unwrap().port());
        assert_eq!(client.local().unwrap().port, server.peer_addr().unwrap().port());
        drop(server);
        assert_eq!(client.recv(&mut buffer, 0, end()).unwrap(), 2);
        assert_eq!(client.recv(&mut buffer, 0, end()).unwrap(), 0);
        assert!(!client.is_alive());
    }

    #[test]
    fn a_peer_that_does_not_read() {
        let (client, server) = connected(50);
        let big = vec![0; 64 << 20];
        assert_eq!(client.send(&big, 0, end()).unwrap_err().raw_os_error(), Some(libc::EAGAIN));
        drop(server);
        let errno = client.send(&big, 0, end()).unwrap_err().raw_os_error().unwrap();
        assert!(ends_connection(errno), "{errno}");
    }

    #[test]
    fn nobody_there() {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let client = Blocking::new(Kind::Tcp, limits(50)).unwrap();
        assert_eq!(client.connect(&free.into()).unwrap_err().raw_os_error(), Some(libc::ECONNREFUSED));
        assert!(client.peer().is_err());
    }

    #[test]
    fn datagrams() {
        let server = UdpSocket::bind("127.0.0.1:0").unwrap();
        let client = Blocking::new(Kind::Udp, limits(50)).unwrap();
        assert_eq!(client.peer().unwrap().host, b"0.0.0.0");
        assert_eq!(client.send_to(b"hello", &server.local_addr().unwrap().into()).unwrap(), 5);
        let mut buffer = [0; 16];
        let (count, from) = server.recv_from(&mut buffer).unwrap();
        server.send_to(&buffer[..count], from).unwrap();
        assert_eq!(client.recv_from(&mut buffer, 0).unwrap(), 5);
        assert_eq!(client.peer().unwrap().port, server.local_addr().unwrap().port());
        assert_eq!(client.recv_from(&mut buffer, 0).unwrap_err().raw_os_error(), Some(libc::EAGAIN));
    }

    #[test]
    fn a_queue_that_is_full() {
        let path = std::env::temp_dir().join(format!("steelwool-client-{}.sock", std::process::id()));
        let server = std::os::unix::net::UnixDatagram::bind(&path).unwrap();
        let client = Blocking::new(Kind::UnixDatagram, limits(50)).unwrap();
        let own = path.with_extension("own");
        client.bind_file(own.clone()).unwrap();
        let to = SockAddr::unix(&path).unwrap();
        let outcome = (0..10_000).try_for_each(|_| client.send_to(&[0; 1000], &to).map(drop));
        assert_eq!(outcome.unwrap_err().raw_os_error(), Some(libc::EAGAIN));
        assert!(own.exists());
        drop(client);
        assert!(!own.exists());
        drop(server);
        std::fs::remove_file(&path).unwrap();
    }

    #[test]
    fn files() {
        let path = std::env::temp_dir().join(format!("steelwool-client-{}.txt", std::process::id()));
        let name = path.as_os_str().as_bytes();
        std::fs::write(&path, "").unwrap();
        assert!(matches!(Part::open(name, 0, 0), Err(NoPart::Empty)));
        std::fs::write(&path, "0123456789").unwrap();
        for (offset, length) in [(-1, 0), (0, 11), (11, 0), (0, -1), (i64::MAX, i64::MAX), (5, 6)] {
            assert!(matches!(Part::open(name, offset, length), Err(NoPart::Range)), "{offset} {length}");
        }
        let (client, mut server) = connected(50);
        for (offset, length, sent) in [(0, 0, "0123456789"), (3, 4, "3456"), (9, 0, "9")] {
            let part = Part::open(name, offset, length).unwrap();
            client.send_file(&part.file, part.offset, part.length).unwrap();
            let mut buffer = vec![0; sent.len()];
            server.read_exact(&mut buffer).unwrap();
            assert_eq!(buffer, sent.as_bytes());
        }
        std::fs::remove_file(&path).unwrap();
        assert!(matches!(Part::open(name, 0, 0), Err(NoPart::Open(_))));
        assert!(matches!(Part::open(b"a\0b", 0, 0), Err(NoPart::Open(_))));
    }
}
