//! TLS over any socket whose `read` and `write` may block or say that they would.

use super::client::ClientTls;
use super::error::{Error, Kind};
use super::pem;
use super::server::ServerTls;
use rustls::{ClientConnection, Connection, ServerConnection};
use std::io::{self, ErrorKind, Read, Write};

/// One connection, without its socket: every call is given that.
///
/// With a blocking socket each call does all it has to. With another one it fails with `WouldBlock` when it cannot go on;
/// wait for what [`wants_write`](Self::wants_write) and [`wants_read`](Self::wants_read) say, and call it again.
#[derive(Debug)]
pub struct Session {
    tls: Connection,
}

impl Session {
    /// A client's connection.
    ///
    /// # Errors
    /// The settings do not make one.
    pub fn client(tls: &ClientTls) -> Result<Self, Error> {
        let connection = ClientConnection::new(tls.config().clone(), tls.server_name());
        let connection = connection.map_err(|error| Error::new(Kind::CreateSessionFailed, error.to_string()))?;
        Ok(Self { tls: connection.into() })
    }

    /// A server's connection.
    ///
    /// # Errors
    /// The settings do not make one.
    pub fn server(tls: &ServerTls) -> Result<Self, Error> {
        let connection = ServerConnection::new(tls.config().clone());
        let connection = connection.map_err(|error| Error::new(Kind::CreateSessionFailed, error.to_string()))?;
        Ok(Self { tls: connection.into() })
    }

    /// What rustls knows of the connection.
    pub fn connection(&self) -> &Connection {
        &self.tls
    }

    /// Whether the handshake is done.
    pub fn is_ready(&self) -> bool {
        !self.tls.is_handshaking()
    }

    /// Whether the socket must be readable for what was asked last to go on.
    pub fn wants_read(&self) -> bool {
        self.tls.wants_read()
    }

    /// Whether the socket must be writable for what was asked last to go on.
    pub fn wants_write(&self) -> bool {
        self.tls.wants_write()
    }

    /// Whether a read would find bytes without the socket's help.
    pub fn has_plain(&mut self) -> bool {
        self.tls.process_new_packets().is_ok_and(|state| state.plaintext_bytes_to_read() > 0)
    }

    /// Goes on with the handshake until it is done.
    ///
    /// # Errors
    /// `WouldBlock`; anything else is the end of the connection, and [`Error`] can be made from it.
    pub fn handshake(&mut self, socket: &mut (impl Read + Write)) -> io::Result<()> {
        while self.tls.is_handshaking() {
            self.flush(socket)?;
            if !self.tls.is_handshaking() {
                break;
            }
            if self.receive(socket)? == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
        }
        // the last flight may wait with the first data
        match self.flush(socket) {
            Err(error) if error.kind() != ErrorKind::WouldBlock => Err(error),
            _ => Ok(()),
        }
    }

    /// Reads; 0 is the end, also where the other side has just closed the socket, as OpenSSL is used by Swoole.
    ///
    /// # Errors
    /// `WouldBlock`, or the connection is broken.
    pub fn read(&mut self, socket: &mut (impl Read + Write), buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.tls.reader().read(buffer) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(0),
                done => return done,
            }
            // what the other side wants to hear before it goes on: keys, alerts
            if self.tls.wants_write()
                && let Err(error) = self.flush(socket)
                && error.kind() != ErrorKind::WouldBlock
            {
                return Err(error);
            }
            self.receive(socket)?;
        }
    }

    /// Writes; what it returns is taken, and on its way as far as the socket goes.
    ///
    /// # Errors
    /// `WouldBlock` when nothing was taken because what was taken before is still not out, or the connection is broken.
    pub fn write(&mut self, socket: &mut (impl Read + Write), bytes: &[u8]) -> io::Result<usize> {
        self.flush(socket)?;
        let taken = self.tls.writer().write(bytes)?;
        match self.flush(socket) {
            Err(error) if error.kind() != ErrorKind::WouldBlock => Err(error),
            _ => Ok(taken),
        }
    }

    /// Sends all that was written.
    ///
    /// # Errors
    /// `WouldBlock`, or the connection is broken.
    pub fn flush(&mut self, socket: &mut (impl Read + Write)) -> io::Result<()> {
        while self.tls.wants_write() {
            match self.tls.write_tls(socket) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
                Ok(_) => {}
            }
        }
        Ok(())
    }

    /// Says good-bye, as far as the socket takes it now.
    pub fn close(&mut self, socket: &mut (impl Read + Write)) {
        self.tls.send_close_notify();
        let _ = self.flush(socket);
    }

    /// The other side's certificate as PEM.
    ///
    /// # Errors
    /// It has shown none.
    pub fn peer_certificate(&self) -> Result<String, Error> {
        peer_certificate(&self.tls)
    }

    /// Reads records; their plain text waits in the connection.
    fn receive(&mut self, socket: &mut (impl Read + Write)) -> io::Result<usize> {
        let count = loop {
            match self.tls.read_tls(socket) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                done => break done?,
            }
        };
        if let Err(error) = self.tls.process_new_packets() {
            // the alert that says why
            let _ = self.flush(socket);
            return Err(io::Error::new(ErrorKind::InvalidData, error));
        }
        Ok(count)
    }
}

/// The other side's certificate as PEM.
///
/// # Errors
/// It has shown none.
pub fn peer_certificate(connection: &rustls::CommonState) -> Result<String, Error> {
    let chain = connection.peer_certificates().unwrap_or_default();
    let first = chain.first().ok_or_else(|| Error::new(Kind::EmptyPeerCertificate, "SSL empty peer certificate"))?;
    Ok(pem::encode(first))
}
