//! TLS on a client's socket.

use super::blocking::{Blocking, End, Part};
use crate::io::tls::{ClientTls, Error, Session};
use std::cell::RefCell;
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::FileExt;

/// A socket for a TLS session: what cannot be done at once is `WouldBlock`.
struct Wire<'a>(&'a Blocking);

impl Read for Wire<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0.recv(into, libc::MSG_DONTWAIT, End::after(None))
    }
}

impl Write for Wire<'_> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.0.send_some(data, 0)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A TLS session and what belongs to it.
#[derive(Debug)]
pub struct Secure {
    tls: ClientTls,
    session: RefCell<Session>,
    /// Plain text that somebody has looked at and left.
    peeked: RefCell<Vec<u8>>,
}

impl Secure {
    /// A session whose handshake has not begun.
    ///
    /// # Errors
    /// The settings do not make one.
    pub fn new(tls: ClientTls) -> Result<Self, Error> {
        let session = RefCell::new(Session::client(&tls)?);
        Ok(Self { tls, session, peeked: RefCell::default() })
    }

    /// Whether the handshake is done.
    pub fn is_ready(&self) -> bool {
        self.session.borrow().is_ready()
    }

    /// Whether the session has something to send.
    pub fn wants_write(&self) -> bool {
        self.session.borrow().wants_write()
    }

    /// Does `step` until it need not wait.
    fn drive<T>(
        &self,
        socket: &Blocking,
        end: End,
        mut step: impl FnMut(&mut Session, &mut Wire<'_>) -> io::Result<T>,
    ) -> io::Result<T> {
        loop {
            let mut session = self.session.borrow_mut();
            match step(&mut session, &mut Wire(socket)) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                done => return done,
            }
            let events = match (session.wants_read(), session.wants_write()) {
                (true, true) => libc::POLLIN | libc::POLLOUT,
                (_, true) => libc::POLLOUT,
                _ => libc::POLLIN,
            };
            drop(session);
            socket.wait(events, end)?;
        }
    }

    /// Goes on with the handshake without waiting. True when it is done.
    ///
    /// # Errors
    /// There is none with this peer.
    pub fn try_handshake(&self, socket: &Blocking) -> io::Result<bool> {
        match self.session.borrow_mut().handshake(&mut Wire(socket)) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Does the handshake.
    ///
    /// # Errors
    /// `EAGAIN` when it took too long; else there is none with this peer.
    pub fn handshake(&self, socket: &Blocking, end: End) -> io::Result<()> {
        self.drive(socket, end, |session, wire| session.handshake(wire))
    }

    /// One read: what has come, or the end (0). `flags` are `MSG_PEEK` and `MSG_DONTWAIT`.
    ///
    /// # Errors
    /// `EAGAIN` when nothing came in time; else the connection is broken.
    pub fn recv(&self, socket: &Blocking, into: &mut [u8], flags: i32, end: End) -> io::Result<usize> {
        if self.peeked.borrow().is_empty() {
            let count = match flags & libc::MSG_DONTWAIT {
                0 => self.drive(socket, end, |session, wire| session.read(wire, into))?,
                _ => self.session.borrow_mut().read(&mut Wire(socket), into).map_err(again)?,
            };
            if flags & libc::MSG_PEEK != 0 {
                self.peeked.borrow_mut().extend_from_slice(&into[..count]);
            }
            return Ok(count);
        }
        let mut peeked = self.peeked.borrow_mut();
        let count = into.len().min(peeked.len());
        into[..count].copy_from_slice(&peeked[..count]);
        if flags & libc::MSG_PEEK != 0 {
            return Ok(count);
        }
        peeked.drain(..count);
        // What has come since belongs to it; an error is the next call's.
        let more = match count < into.len() {
            true => self.session.borrow_mut().read(&mut Wire(socket), &mut into[count..]).unwrap_or(0),
            false => 0,
        };
        Ok(count + more)
    }

    /// Sends all of it.
    ///
    /// # Errors
    /// `EAGAIN` when it took too long; some of it may have been sent.
    pub fn send(&self, socket: &Blocking, mut data: &[u8], end: End) -> io::Result<()> {
        while !data.is_empty() {
            let taken = self.drive(socket, end, |session, wire| session.write(wire, data))?;
            data = &data[taken..];
        }
        self.drive(socket, end, |session, wire| session.flush(wire))
    }

    /// Sends what can be sent at once. Says how much was taken; 0 is nothing.
    ///
    /// # Errors
    /// The connection is broken.
    pub fn send_some(&self, socket: &Blocking, data: &[u8]) -> io::Result<usize> {
        let mut taken = 0;
        while taken < data.len() {
            match self.session.borrow_mut().write(&mut Wire(socket), &data[taken..]) {
                Ok(count) => taken += count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
        Ok(taken)
    }

    /// Sends what the session still has.
    ///
    /// # Errors
    /// The connection is broken.
    pub fn flush(&self, socket: &Blocking) -> io::Result<()> {
        match self.session.borrow_mut().flush(&mut Wire(socket)) {
            Err(error) if error.kind() != ErrorKind::WouldBlock => Err(error),
            _ => Ok(()),
        }
    }

    /// Sends part of a file.
    ///
    /// # Errors
    /// As [`Secure::send`]; `EIO` when the file has become shorter.
    pub fn send_file(&self, socket: &Blocking, part: &Part, end: End) -> io::Result<()> {
        let mut buffer = vec![0; 65_536];
        let (mut at, last) = (part.offset, part.offset + part.length);
        while at < last {
            let most = usize::try_from(last - at).unwrap_or(usize::MAX).min(buffer.len());
            let count = part.file.read_at(&mut buffer[..most], at)?;
            if count == 0 {
                return Err(io::Error::from_raw_os_error(libc::EIO));
            }
            self.send(socket, &buffer[..count], end)?;
            at += count as u64;
        }
        Ok(())
    }

    /// Whether the connection has not been closed by the other side.
    pub fn is_alive(&self, socket: &Blocking) -> bool {
        match self.recv(socket, &mut [0; 512], libc::MSG_PEEK | libc::MSG_DONTWAIT, End::after(None)) {
            Ok(count) => count > 0,
            Err(error) => error.raw_os_error() == Some(libc::EAGAIN),
        }
    }

    /// Says good-bye, as far as the socket takes it now.
    pub fn close(&self, socket: &Blocking) {
        self.session.borrow_mut().close(&mut Wire(socket));
    }

    /// The other side's certificate as PEM.
    ///
    /// # Errors
    /// It has shown none.
    pub fn peer_certificate(&self) -> Result<String, Error> {
        self.session.borrow().peer_certificate()
    }

    /// Judges the other side's certificate.
    ///
    /// # Errors
    /// It is not trusted, or another host's.
    pub fn verify(&self, allow_self_signed: bool) -> Result<(), Error> {
        let session = self.session.borrow();
        self.tls.verify(session.connection().peer_certificates().unwrap_or_default(), allow_self_signed)
    }
}

fn again(error: io::Error) -> io::Error {
    if error.kind() == ErrorKind::WouldBlock { io::Error::from_raw_os_error(libc::EAGAIN) } else { error }
}
