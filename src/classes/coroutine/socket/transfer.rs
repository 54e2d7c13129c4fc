//! Connections and bytes: what a [`Core`] does.

use super::core::{Core, Failed, Limit, Outcome};
use crate::classes::name_resolver::{self, context::Context};
use crate::classes::{constants, errors};
use crate::io::client::ends_connection;
use crate::io::framing::{Framer, Framing, Refusal};
use crate::io::readiness::Direction::{Read, Write};
use crate::io::socket::{self, BadAddress, SocketFile};
use crate::log;
use socket2::SockAddr;
use std::cell::Cell;
use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileExt;

/// Room for what one call receives; PHP gets a copy of its own length.
pub(crate) const ROOM: usize = 64 << 10;

/// The most that one call receives: who asks for more gets what has come, and may ask for any number.
pub(crate) const MOST: usize = 16 << 20;

thread_local! {
    /// Room that is lent to one call at a time, and never across a wait.
    static SCRATCH: Cell<Option<Box<[u8]>>> = const { Cell::new(None) };
}

/// Lends a room of [`ROOM`] bytes.
fn with_scratch<T>(work: impl FnOnce(&mut [u8]) -> T) -> T {
    let mut room = SCRATCH.take().unwrap_or_else(|| vec![0; ROOM].into_boxed_slice());
    let done = work(&mut room);
    SCRATCH.set(Some(room));
    done
}

impl Core {
    /// Gives it an address: `host` is one in its family, or a path.
    pub(crate) fn bind(&self, host: &[u8], port: i64) -> Outcome<()> {
        self.available(&[])?;
        errors::set_last(0);
        if let Err(error) = socket::set_option(self.fd(), libc::SOL_SOCKET, libc::SO_REUSEADDR, &1i32) {
            let number = error.raw_os_error().unwrap_or(0);
            log::system_warning("Socket::bind()", &format!("setsockopt({}, SO_REUSEADDR) failed", self.fd()), number);
        }
        let address = match socket::address(self.domain, host, port) {
            Ok(address) => address,
            Err(bad) => return self.fail_address(bad),
        };
        let bound = socket::bind(self.fd(), &address).and_then(|()| socket::local(self.fd()));
        match bound {
            Ok(name) => {
                self.file.replace(SocketFile::of(&name));
                self.name.replace(Some(name));
                Ok(())
            }
            Err(error) => self.fail_of(&error),
        }
    }

    /// Lets it take connections.
    pub(crate) fn listen(&self, backlog: i64) -> Outcome<()> {
        const DEFAULT: i32 = 512;
        self.available(&[])?;
        let backlog = i32::try_from(backlog).unwrap_or(i32::MAX);
        match socket::listen(self.fd(), if backlog <= 0 { DEFAULT } else { backlog }) {
            Ok(()) => {
                self.secure.serves.set(true);
                Ok(())
            }
            Err(error) => self.fail_of(&error),
        }
    }

    /// Waits for a connection; it has this one's time-outs and rule for packets.
    pub(crate) fn accept(&self, seconds: f64) -> Outcome<Core> {
        self.available(&[Read])?;
        self.prepare_tls()?;
        let mut limit = Limit::new(if seconds == 0.0 { self.timeouts.get().read } else { seconds });
        let (fd, peer) = loop {
            let taken = self.until_done(Read, &mut limit, || socket::accept(self.fd()));
            // It left before it was taken: the next one.
            if !(taken.is_err() && self.error() == libc::ECONNABORTED) {
                break taken?;
            }
        };
        let made = Self::accepted(fd, self);
        made.name.replace(Some(peer));
        Ok(made)
    }

    /// Connects to `host`, which may be a name, in `seconds`.
    pub(crate) fn connect(&self, host: &[u8], port: i64, seconds: f64) -> Outcome<()> {
        self.available(&[Read, Write])?;
        let address = match socket::address(self.domain, host, port) {
            Ok(address) => address,
            Err(BadAddress::Host) => self.resolve(host, port)?,
            Err(bad) => return self.fail_address(bad),
        };
        self.connect_to(&address, seconds)?;
        self.secure.serves.set(false);
        if self.secure.is_wanted() { self.handshake(Some(host)) } else { Ok(()) }
    }

    /// The address of a name in this family.
    pub(super) fn resolve(&self, host: &[u8], port: i64) -> Outcome<SockAddr> {
        errors::set_last(0);
        let found = name_resolver::look_up(host, &Context::of(self.domain)).map_err(|_| Failed)?;
        if found.is_empty() {
            return self.fail(match errors::last() {
                0 => errors::DNSLOOKUP_RESOLVE_FAILED,
                number => number,
            });
        }
        self.available(&[Read, Write])?;
        match socket::address(self.domain, &found, port) {
            Ok(address) => Ok(address),
            Err(bad) => self.fail_address(bad),
        }
    }

    /// Connects to an address.
    pub(crate) fn connect_to(&self, address: &SockAddr, seconds: f64) -> Outcome<()> {
        let mut limit = Limit::new(if seconds == 0.0 { self.timeouts.get().connect } else { seconds });
        let begun = loop {
            match socket::connect(self.fd(), address) {
                Err(error) if error.raw_os_error() == Some(libc::EINTR) => {}
                begun => break begun,
            }
        };
        match begun.err().map(|error| error.raw_os_error().unwrap_or(libc::EIO)) {
            None => {}
            Some(libc::EINPROGRESS) => {
                if self.wait(Write, &mut limit).is_err() {
                    return if self.is_closed() { self.fail(libc::ECONNABORTED) } else { Err(Failed) };
                }
                match socket::take_error(self.fd()) {
                    Ok(0) => {}
                    Ok(number) => return self.fail(number),
                    Err(error) => return self.fail_of(&error),
                }
            }
            Some(number) => return self.fail(number),
        }
        self.connected.set(true);
        self.name.replace(socket::local(self.fd()).ok());
        self.set_error(0);
        Ok(())
    }

    /// Whether the other end is there, as far as the kernel knows.
    pub(crate) fn check_liveness(&self) -> Outcome<()> {
        if self.is_closed() {
            return self.fail(libc::EBADF);
        }
        match socket::receive(self.fd(), &mut [0], libc::MSG_PEEK | libc::MSG_DONTWAIT) {
            Ok(0) if self.kept() == 0 => self.fail(libc::ECONNRESET),
            Ok(_) => {
                self.set_error(0);
                Ok(())
            }
            Err(error) => match error.raw_os_error().unwrap_or(0) {
                number if ends_connection(number) => self.fail(number),
                _ => {
                    self.set_error(0);
                    Ok(())
                }
            },
        }
    }

    fn attempt_receive(&self, room: &mut [u8]) -> io::Result<usize> {
        match self.with_session(|session, raw| session.read(raw, room)) {
            Some(read) => read,
            None => socket::receive(self.fd(), room, 0),
        }
    }

    pub(super) fn attempt_send_parts(&self, parts: &[io::IoSlice<'_>]) -> io::Result<usize> {
        if !self.is_encrypted() {
            return socket::send_parts(self.fd(), parts);
        }
        // Records are made of bytes in a row.
        let mut row = Vec::new();
        for part in parts {
            row.extend_from_slice(&part[..part.len().min(ROOM - row.len())]);
        }
        self.attempt_send(&row)
    }

    fn attempt_send(&self, bytes: &[u8]) -> io::Result<usize> {
        match self.with_session(|session, raw| session.write(raw, bytes)) {
            Some(written) => written,
            None => socket::send(self.fd(), bytes),
        }
    }

    /// Shows what comes next without taking it, without waiting.
    pub(crate) fn peek<T>(&self, length: usize, make: impl FnOnce(&[u8]) -> T) -> Outcome<T> {
        if let Some(kept) = &*self.kept.borrow()
            && !kept.is_empty()
        {
            self.set_error(0);
            return Ok(make(&kept.buffered()[..length.min(kept.buffered().len())]));
        }
        if self.is_encrypted() {
            let received = with_scratch(|room| {
                let count = self.attempt_receive(room)?;
                self.with_kept(|kept| kept.append(&room[..count]));
                Ok(())
            });
            return match received {
                Ok(()) => {
                    self.set_error(0);
                    let kept = self.kept.borrow();
                    let bytes = kept.as_ref().map_or(&b""[..], Framer::buffered);
                    Ok(make(&bytes[..length.min(bytes.len())]))
                }
                Err(error) => self.fail_of(&error),
            };
        }
        with_scratch(|room| {
            let mut long;
            let room = if length > room.len() {
                long = vec![0; length.min(MOST)];
                &mut long[..]
            } else {
                &mut room[..length]
            };
            match socket::receive(self.fd(), room, libc::MSG_PEEK) {
                Ok(count) => {
                    self.set_error(0);
                    Ok(make(&room[..count]))
                }
                Err(error) => self.fail_of(&error),
            }
        })
    }

    /// Takes at most `length` bytes of what is kept, all that is there of them.
    fn take_kept<T>(&self, length: usize, make: impl FnOnce(&[u8]) -> T) -> T {
        let mut kept = self.kept.borrow_mut();
        let Some(kept) = &mut *kept else { return make(b"") };
        let count = length.min(kept.buffered().len());
        let made = make(&kept.buffered()[..count]);
        kept.consume(count);
        made
    }

    /// Receives at most `length` bytes, waiting for the first; none are the end.
    pub(crate) fn receive<T>(&self, length: usize, seconds: f64, make: impl FnOnce(&[u8]) -> T) -> Outcome<T> {
        self.available(&[Read])?;
        if self.kept() > 0 {
            self.set_error(0);
            return Ok(self.take_kept(length, make));
        }
        self.receive_new(length, &mut Limit::new(self.read_limit(seconds)), make)
    }

    pub(super) fn read_limit(&self, seconds: f64) -> f64 {
        if seconds == 0.0 { self.timeouts.get().read } else { seconds }
    }

    pub(super) fn write_limit(&self, seconds: f64) -> f64 {
        if seconds == 0.0 { self.timeouts.get().write } else { seconds }
    }

    fn receive_new<T>(&self, length: usize, limit: &mut Limit, make: impl FnOnce(&[u8]) -> T) -> Outcome<T> {
        let mut make = Some(make);
        self.until_done(Read, limit, || {
            with_scratch(|room| {
                let mut long;
                let room = if length > room.len() {
                    long = vec![0; length.min(MOST)];
                    &mut long[..]
                } else {
                    &mut room[..length]
                };
                let count = self.attempt_receive(room)?;
                let Some(make) = make.take() else { unreachable!("it ends when this has been taken") };
                Ok(make(&room[..count]))
            })
        })
    }

    /// Receives `length` bytes; fewer when the stream ends or an error comes first, which is noted.
    pub(crate) fn receive_all(&self, length: usize, seconds: f64) -> Outcome<Vec<u8>> {
        self.available(&[Read])?;
        let mut limit = Limit::new(self.read_limit(seconds));
        let mut all = self.take_kept(length, <[u8]>::to_vec);
        while all.len() < length {
            let had = all.len();
            // Grows with what comes: `length` is only what somebody hopes for.
            let most = (length - had).min(ROOM.max(had));
            match self.receive_new(most, &mut limit, |bytes| all.extend_from_slice(bytes)) {
                Ok(()) if all.len() == had => break,
                Ok(()) => {}
                Err(Failed) if had == 0 => return Err(Failed),
                Err(Failed) => break,
            }
        }
        Ok(all)
    }

    /// Has `Framer` at hand for one call, without a borrow of it.
    fn with_kept<T>(&self, work: impl FnOnce(&mut Framer) -> T) -> T {
        let mut kept = self.kept.take().unwrap_or_else(|| Framer::new(Framing::raw()));
        let done = work(&mut kept);
        if !self.is_closed() {
            self.kept.replace(Some(kept));
        }
        done
    }

    /// Receives a line with its end (CR or LF), at most `length` bytes of it; what comes behind is kept.
    pub(crate) fn receive_line<T>(&self, length: usize, seconds: f64, make: impl FnOnce(&[u8]) -> T) -> Outcome<T> {
        self.available(&[Read])?;
        let mut limit = Limit::new(self.read_limit(seconds));
        let mut scanned = 0;
        loop {
            let end = self.with_kept(|kept| {
                let bytes = kept.buffered();
                let found = bytes[scanned..].iter().position(|byte| matches!(byte, b'\r' | b'\n'));
                let end = found.map(|at| scanned + at + 1);
                scanned = bytes.len();
                end.or((scanned >= length).then_some(length))
            });
            let end = match end {
                Some(end) => end.min(length),
                None if self.receive_more(&mut limit)? == 0 => scanned,
                None => continue,
            };
            self.set_error(0);
            return Ok(self.take_kept(end, make));
        }
    }

    /// Receives what has come behind what is kept. Returns how much that was.
    fn receive_more(&self, limit: &mut Limit) -> Outcome<usize> {
        self.receive_new(ROOM, limit, |bytes| {
            self.with_kept(|kept| kept.append(bytes));
            bytes.len()
        })
    }

    /// Receives at most `length` bytes through a buffer: one call to the system serves many.
    pub(crate) fn receive_buffered<T>(&self, length: usize, seconds: f64, make: impl FnOnce(&[u8]) -> T) -> Outcome<T> {
        self.available(&[Read])?;
        if self.kept() < length {
            let received = self.receive_more(&mut Limit::new(self.read_limit(seconds)));
            if received.is_err() && self.kept() == 0 {
                return Err(Failed);
            }
        } else {
            self.set_error(0);
        }
        Ok(self.take_kept(length, make))
    }

    /// Receives a packet by the rule that was set; none is the end of the stream, in the middle of a packet too.
    pub(crate) fn receive_packet<T>(&self, seconds: f64, make: impl Fn(&[u8]) -> T) -> Outcome<Option<T>> {
        self.available(&[Read])?;
        let mut limit = Limit::new(self.read_limit(seconds));
        let mut packet = None;
        let framing = self.framing();
        if self.kept() > 0 {
            self.set_error(0);
            let refused = self.with_kept(|kept| {
                kept.set_framing(framing.clone());
                kept.drain(|bytes| {
                    packet = Some(make(bytes));
                    false
                })
            });
            self.check(refused, packet.is_some())?;
        } else if let Some(kept) = &mut *self.kept.borrow_mut() {
            kept.set_framing(framing.clone());
        }
        while packet.is_none() {
            let missing = self.kept.borrow().as_ref().map_or(0, Framer::missing);
            let mut each = |bytes: &[u8]| {
                packet = Some(make(bytes));
                false
            };
            let (count, refused) = if missing > ROOM {
                // A long packet goes where it will be whole.
                self.until_done(Read, &mut limit, || {
                    self.with_kept(|kept| {
                        let count = self.attempt_receive(kept.room())?;
                        kept.filled(count);
                        Ok((count, kept.drain(&mut each)))
                    })
                })?
            } else {
                self.receive_new(ROOM, &mut limit, |bytes| {
                    let mut kept = self.kept.take().unwrap_or_else(|| Framer::new(framing.clone()));
                    let refused = kept.push(bytes, &mut each);
                    // Nothing is left over in most cases: no memory is kept for that.
                    if !kept.is_empty() && !self.is_closed() {
                        self.kept.replace(Some(kept));
                    }
                    (bytes.len(), refused)
                })?
            };
            self.check(refused, packet.is_some())?;
            if count == 0 {
                self.kept.replace(None);
                return Ok(None);
            }
        }
        Ok(packet)
    }

    /// Turns what the rule refuses into an error. A packet that came before it is handed on first.
    fn check(&self, refused: Result<(), Refusal>, has_packet: bool) -> Outcome<()> {
        if crate::zend::exception_pending() {
            return Err(Failed);
        }
        let Err(refusal) = refused else { return Ok(()) };
        if has_packet {
            return Ok(());
        }
        self.kept.replace(None);
        match refusal {
            Refusal::NoEof { .. } => {
                self.fail_with(refusal.number(), "no package eof, package_max_length exceeded".to_owned())
            }
            Refusal::LengthTooLarge { length } => {
                let (host, port) = self.name.borrow().as_ref().map(socket::name).unwrap_or_default();
                let host = String::from_utf8_lossy(&host);
                let words = format!("packet length is too big, remote_addr={host}:{port}, length={length}");
                const ORIGIN: &str = "Socket::recv_packet_with_length_protocol()";
                log::error(log::WARNING, ORIGIN, refusal.number(), words.as_bytes());
                self.fail_with(refusal.number(), format!("{ORIGIN} (ERRNO {}): {words}", refusal.number()))
            }
            // Only servers read commands.
            Refusal::Malformed { .. }
            | Refusal::NoLength { .. }
            | Refusal::NotRedis
            | Refusal::CommandTooLong { .. } => {
                self.fail_with(LENGTH_NOT_FOUND, "get package length failed".to_owned())
            }
        }
    }

    /// Sends as much as the socket takes in one go.
    pub(crate) fn send(&self, bytes: &[u8], seconds: f64) -> Outcome<usize> {
        self.available(&[Write])?;
        let mut limit = Limit::new(self.write_limit(seconds));
        let sent = self.until_done(Write, &mut limit, || self.attempt_send(bytes))?;
        self.flush_tls(&mut limit)?;
        Ok(sent)
    }

    /// Sends everything; fewer bytes when an error comes first, which is noted.
    pub(crate) fn send_all(&self, bytes: &[u8], seconds: f64) -> Outcome<usize> {
        self.available(&[Write])?;
        let mut limit = Limit::new(self.write_limit(seconds));
        let mut sent = 0;
        loop {
            match self.until_done(Write, &mut limit, || self.attempt_send(&bytes[sent..])) {
                Ok(count) => sent += count,
                Err(Failed) if sent == 0 => return Err(Failed),
                Err(Failed) => return Ok(sent),
            }
            if sent >= bytes.len() {
                self.flush_tls(&mut limit)?;
                return Ok(sent);
            }
        }
    }

    /// Sends a message to `host`, which may be a name.
    pub(crate) fn send_to(&self, host: &[u8], port: i64, bytes: &[u8]) -> Outcome<usize> {
        self.available(&[Write])?;
        if self.kind != libc::SOCK_DGRAM {
            return self.fail(libc::EPROTONOSUPPORT);
        }
        let address = match socket::address(self.domain, host, port) {
            Ok(address) => address,
            Err(BadAddress::Host) => self.resolve(host, port)?,
            Err(bad) => return self.fail_address(bad),
        };
        let mut limit = Limit::new(self.timeouts.get().write);
        self.until_done(Write, &mut limit, || socket::send_to(self.fd(), bytes, &address))
    }

    /// Receives a message; [`Core::name`] is then whose it is.
    pub(crate) fn receive_from<T>(&self, seconds: f64, make: impl Fn(&[u8]) -> T) -> Outcome<T> {
        self.available(&[Read])?;
        let mut limit = Limit::new(self.read_limit(seconds));
        let (made, from) = self.until_done(Read, &mut limit, || {
            with_scratch(|room| {
                let (count, from) = socket::receive_from(self.fd(), room)?;
                Ok((make(&room[..count]), from))
            })
        })?;
        self.name.replace(Some(from));
        Ok(made)
    }

    /// Sends a file from `offset` on, `length` bytes of it or the rest.
    pub(crate) fn send_file(&self, path: &[u8], offset: i64, length: i64) -> Outcome<()> {
        const CHUNK: i64 = 64 << 10;
        self.available(&[Write])?;
        let shown = String::from_utf8_lossy(path);
        let words = |what: &str, error: &io::Error| {
            let number = error.raw_os_error().unwrap_or(libc::EIO);
            (number, format!("{what} failed, {}", errors::text(number)))
        };
        let file = match File::open(OsStr::from_bytes(path)) {
            Ok(file) => file,
            Err(error) => {
                let (number, words) = words(&format!("open({shown})"), &error);
                return self.fail_with(number, words);
            }
        };
        let end = match (length, file.metadata()) {
            (0, Ok(known)) => known.len() as i64,
            (0, Err(error)) => {
                let (number, words) = words(&format!("fstat({shown})"), &error);
                return self.fail_with(number, words);
            }
            _ => offset.saturating_add(length),
        };
        let mut limit = Limit::new(self.timeouts.get().write);
        let mut offset = offset;
        while offset < end {
            let chunk = (end - offset).min(CHUNK) as usize;
            match self.attempt_send_file(&file, &mut offset, chunk) {
                Ok(0) => {
                    let number = constants::SWOOLE_ERROR_SYSTEM_CALL_FAIL as i32;
                    return self.fail_with(number, "sendfile return zero".to_owned());
                }
                Ok(_) => {}
                Err(error) => match error.kind() {
                    io::ErrorKind::WouldBlock => self.wait(Write, &mut limit)?,
                    io::ErrorKind::Interrupted => {}
                    _ => {
                        let (number, words) = words(&format!("sendfile({}, {shown})", self.fd()), &error);
                        return self.fail_with(number, words);
                    }
                },
            }
        }
        self.flush_tls(&mut limit)
    }

    fn attempt_send_file(&self, file: &File, offset: &mut i64, length: usize) -> io::Result<usize> {
        if !self.is_encrypted() {
            return socket::send_file(self.fd(), file.as_raw_fd(), offset, length);
        }
        let mut part = vec![0; length.min(ROOM)];
        let read = file.read_at(&mut part, u64::try_from(*offset).unwrap_or(0))?;
        if read == 0 {
            return Ok(0);
        }
        let sent = self.attempt_send(&part[..read])?;
        *offset += sent as i64;
        Ok(sent)
    }
}

/// `SWOOLE_ERROR_PACKAGE_LENGTH_NOT_FOUND`.
const LENGTH_NOT_FOUND: i32 = constants::SWOOLE_ERROR_PACKAGE_LENGTH_NOT_FOUND as i32;
