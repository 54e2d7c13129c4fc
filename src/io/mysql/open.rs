//! Opening a session: finding the server, connecting, logging in.

use super::answer::{expected, unexpected};
use super::connection::{Connection, Endpoint, Options};
use super::error::Error;
use super::handshake::{Greeting, Login, encrypted_password, knows, plain_password, proof};
use super::stream::Stream;
use super::wire::Cursor;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use tokio::net::{TcpStream, UnixStream, lookup_host};
use tokio::time::Instant;

/// Second bytes of the packets with which caching_sha2_password goes on.
mod sha2 {
    pub(super) const PUBLIC_KEY: u8 = 2;
    pub(super) const CACHED: u8 = 3;
    pub(super) const FULL: u8 = 4;
}

impl Connection {
    /// Connects and logs in. A connection is opened once.
    ///
    /// # Errors
    /// When the server cannot be reached within the time-out, refuses the login, or is no MySQL server; the connection is
    /// closed then.
    pub async fn open(&self, options: &Options) -> Result<(), Error> {
        let deadline = options.timeout.map(|timeout| Instant::now() + timeout);
        let connect = connect(&options.endpoint);
        let stream = match deadline {
            None => connect.await,
            Some(deadline) => match tokio::time::timeout_at(deadline, connect).await {
                Ok(stream) => stream,
                Err(_) => Err(Error::connecting(libc::ETIMEDOUT)),
            },
        }?;
        self.adopt(stream)?;
        let outcome = self.log_in(options, deadline).await;
        match outcome {
            Ok(()) => self.opened(),
            Err(_) => self.close(),
        }
        outcome
    }

    async fn receive<R>(
        &self,
        deadline: Option<Instant>,
        mut read: impl FnMut(u8, &[u8]) -> Result<R, Error>,
    ) -> Result<R, Error> {
        loop {
            let packet = self.packet(|sequence, payload| match payload {
                [0xff, ..] => Err(Error::from_packet(payload)),
                _ => read(sequence, payload),
            });
            match packet {
                Some(outcome) => return outcome,
                None => self.fill(deadline).await?,
            }
        }
    }

    fn answer(&self, sequence: u8, write: impl FnOnce(&mut Vec<u8>)) -> Result<(), Error> {
        self.put_packet(sequence.wrapping_add(1), write);
        self.push()
    }

    async fn log_in(&self, options: &Options, deadline: Option<Instant>) -> Result<(), Error> {
        let password = &options.password;
        let (mut sequence, greeting) =
            self.receive(deadline, |sequence, payload| Ok((sequence, Greeting::parse(payload)?))).await?;
        let Greeting { mut plugin, mut nonce, tls } = greeting;
        if !knows(&plugin) {
            plugin = b"mysql_native_password".to_vec();
        }
        let proof_of_password = proof(&plugin, &nonce, password);
        let login = Login {
            charset: options.charset,
            tls: options.tls.is_some(),
            user: &options.user,
            database: &options.database,
            plugin: &plugin,
            proof: &proof_of_password,
        };
        if let Some(settings) = &options.tls {
            if !tls {
                return Err(Error::tls("SSL is required but the server doesn't support it"));
            }
            self.answer(sequence, |out| login.begin(out))?;
            self.secure(settings, deadline).await?;
            sequence = sequence.wrapping_add(1);
        }
        self.answer(sequence, |out| login.write(out))?;
        loop {
            let (number, packet) = self.receive(deadline, |sequence, payload| Ok((sequence, payload.to_vec()))).await?;
            sequence = number;
            match packet.as_slice() {
                [0, ..] => return Ok(()),
                [0xfe, request @ ..] => {
                    let mut cursor = Cursor::new(request);
                    plugin = cursor.until_zero().to_vec();
                    nonce = cursor.until_zero().to_vec();
                    if !knows(&plugin) {
                        let text = format!("Unknown auth plugin: {}", String::from_utf8_lossy(&plugin));
                        return Err(Error::client(Error::UNKNOWN_AUTH, text));
                    }
                    let answer = proof(&plugin, &nonce, password);
                    self.answer(sequence, |out| out.extend_from_slice(&answer))?;
                }
                [1, sha2::CACHED] => {}
                [1, sha2::FULL] if self.is_private() => {
                    self.answer(sequence, |out| out.extend_from_slice(&plain_password(password)))?;
                }
                [1, sha2::FULL] => {
                    self.answer(sequence, |out| out.push(sha2::PUBLIC_KEY))?;
                    let (number, key) =
                        self.receive(deadline, |sequence, payload| Ok((sequence, payload.to_vec()))).await?;
                    let secret = encrypted_password(&key, &nonce, password)?;
                    self.answer(number, |out| out.extend_from_slice(&secret))?;
                }
                other => return Err(unexpected(sequence, other, expected::END)),
            }
        }
    }
}

async fn connect(endpoint: &Endpoint) -> Result<Stream, Error> {
    match endpoint {
        Endpoint::Unix(path) => connect_unix(path).await,
        Endpoint::Tcp(_, 0) => Err(Error::invalid_port(0)),
        Endpoint::Tcp(host, port) => {
            let mut failure = Error::unresolved();
            for address in resolve(host, *port).await? {
                match TcpStream::connect(address).await {
                    Ok(stream) => {
                        // A request is one write, so waiting for more of it gains nothing.
                        let _ = stream.set_nodelay(true);
                        return Stream::tcp(stream).map_err(|error| failed(&error));
                    }
                    Err(error) => failure = failed(&error),
                }
            }
            Err(failure)
        }
    }
}

fn failed(error: &io::Error) -> Error {
    Error::connecting(error.raw_os_error().unwrap_or(libc::EIO))
}

async fn connect_unix(path: &Path) -> Result<Stream, Error> {
    match UnixStream::connect(path).await {
        Ok(stream) => Stream::unix(stream).map_err(|error| failed(&error)),
        // Rust refuses a path that does not fit before it asks the system.
        Err(error) => Err(Error::connecting(error.raw_os_error().unwrap_or(libc::ENAMETOOLONG))),
    }
}

/// The IPv4 addresses of a name, as Swoole does; a literal address is itself.
async fn resolve(host: &str, port: u16) -> Result<Vec<SocketAddr>, Error> {
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    match lookup_host((host, port)).await {
        Ok(found) => Ok(found.filter(SocketAddr::is_ipv4).collect()),
        Err(_) => Err(Error::unresolved()),
    }
}
