//! TLS on a [`Core`]: settings, the handshake, and what encrypted bytes change about reading and writing.

use super::core::{Core, Limit, Outcome};
use crate::classes::settings::find;
use crate::classes::tls_settings::{self, Refused};
use crate::classes::{constants, errors};
use crate::io::readiness::Direction::{Read, Write};
use crate::io::socket;
use crate::io::tls::{ClientSettings, Error, Kind, ServerSettings, ServerTls, Session};
use crate::log;
use crate::zend::call::Thrown;
use ext_php_rs::types::{ZendHashTable, Zval};
use std::cell::{Cell, OnceCell, RefCell};
use std::io;
use std::os::fd::RawFd;
use std::rc::Rc;

/// What was set; a socket is a server's or a client's only when it listens or connects.
#[derive(Default)]
struct Wanted {
    client: ClientSettings,
    server: ServerSettings,
    /// A server's certificates, read once for all of its connections.
    served: OnceCell<Rc<ServerTls>>,
}

/// The TLS side of a socket.
#[derive(Default)]
pub(super) struct Secure {
    wanted: RefCell<Option<Rc<Wanted>>>,
    session: RefCell<Option<Session>>,
    /// The handshake is done.
    pub(super) ready: Cell<bool>,
    /// It listens, or was taken by one that does.
    pub(super) serves: Cell<bool>,
}

/// A descriptor to read from and write to.
pub(super) struct Raw(RawFd);

impl io::Read for Raw {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        socket::receive(self.0, room, 0)
    }
}

impl io::Write for Raw {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        socket::send(self.0, bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The number of an error of the system's or of TLS.
pub(super) fn number_of(error: &io::Error) -> i32 {
    error.raw_os_error().unwrap_or_else(|| Error::from(error).code())
}

/// `SWOOLE_LOG_NOTICE`.
const NOTICE: i32 = 3;

impl Secure {
    /// That of a connection which a server took.
    pub(super) fn accepted(&self) -> Self {
        let made = Self { wanted: RefCell::new(self.wanted.borrow().clone()), ..Self::default() };
        made.serves.set(true);
        made
    }

    /// Whether it was asked for.
    pub(super) fn is_wanted(&self) -> bool {
        self.wanted.borrow().is_some()
    }
}

impl Core {
    /// Whether bytes are encrypted on their way.
    pub(crate) fn is_encrypted(&self) -> bool {
        self.secure.session.borrow().is_some()
    }

    /// Takes `open_ssl` and the `ssl_*` settings over. False after a warning.
    ///
    /// # Errors
    /// A value cannot be converted.
    pub(super) fn set_tls(&self, given: &ZendHashTable) -> Result<bool, Thrown> {
        let on = find(given, &["open_ssl"]).is_some_and(Zval::coerce_to_bool);
        let before = self.secure.wanted.borrow().clone();
        if !on && before.is_none() {
            return Ok(true);
        }
        let before = before.unwrap_or_default();
        let mut wanted =
            Wanted { client: before.client.clone(), server: before.server.clone(), served: OnceCell::new() };
        let read = tls_settings::read_client(given, &mut wanted.client)
            .and_then(|()| tls_settings::read_server(given, &mut wanted.server));
        if let Some(on) = find(given, &["open_http2_protocol"]).map(Zval::coerce_to_bool) {
            let alpn = if on { vec![b"h2".to_vec(), b"http/1.1".to_vec()] } else { Vec::new() };
            (wanted.client.alpn, wanted.server.alpn) = (alpn.clone(), alpn);
        }
        let fine = match read {
            Ok(()) => true,
            Err(Refused::Thrown(thrown)) => return Err(thrown),
            Err(Refused::Because(text)) => {
                errors::warn(&text);
                false
            }
        };
        self.secure.wanted.replace(Some(Rc::new(wanted)));
        Ok(fine)
    }

    /// Asks for TLS with the `ssl_*` settings of `given`. False after a warning.
    ///
    /// # Errors
    /// A value cannot be converted.
    pub(crate) fn want_tls(&self, given: Option<&ZendHashTable>) -> Result<bool, Thrown> {
        if !self.secure.is_wanted() {
            self.secure.wanted.replace(Some(Rc::default()));
        }
        given.map_or(Ok(true), |given| self.set_tls(given))
    }

    /// The other side's certificate as PEM.
    ///
    /// # Errors
    /// It has shown none, or there is no TLS.
    pub(crate) fn peer_certificate(&self) -> Result<String, Error> {
        self.with_session(|session, _| session.peer_certificate()).unwrap_or_else(|| Err(not_ready()))
    }

    /// Judges the other side's certificate.
    ///
    /// # Errors
    /// It is not trusted, or for another host.
    pub(crate) fn verify_peer(&self, allow_self_signed: bool) -> Result<(), Error> {
        let wanted = self.secure.wanted.borrow().clone().unwrap_or_default();
        let tls = wanted.client.clone().build()?;
        let judged = self.with_session(|session, _| {
            tls.verify(session.connection().peer_certificates().unwrap_or_default(), allow_self_signed)
        });
        judged.unwrap_or_else(|| Err(not_ready()))
    }

    fn tls_failed<T>(&self, error: &Error) -> Outcome<T> {
        log::put(log::WARNING, format!("SSLContext::create(): {error}").as_bytes());
        self.fail(error.code())
    }

    /// Reads a server's certificates, where there are some and nobody has.
    pub(super) fn prepare_tls(&self) -> Outcome<()> {
        let Some(wanted) = self.secure.wanted.borrow().clone() else { return Ok(()) };
        if wanted.served.get().is_none() {
            match wanted.server.clone().build() {
                Ok(made) => {
                    let _ = wanted.served.set(Rc::new(made));
                }
                Err(error) => return self.tls_failed(&error),
            }
        }
        Ok(())
    }

    fn new_session(&self, host: Option<&[u8]>) -> Outcome<Session> {
        let Some(wanted) = self.secure.wanted.borrow().clone() else { return self.fail(Kind::NotReady.code()) };
        if self.kind != libc::SOCK_STREAM {
            log::put(log::WARNING, b"DTLS is not in this release");
            return self.fail(errors::OPERATION_NOT_SUPPORT);
        }
        let session = if self.secure.serves.get() {
            self.prepare_tls()?;
            match wanted.served.get() {
                Some(served) => Session::server(served),
                None => return self.fail(Kind::CreateContextFailed.code()),
            }
        } else {
            let mut settings = wanted.client.clone();
            let name = host.and_then(|host| std::str::from_utf8(host).ok());
            if settings.host_name.is_none()
                && let Some(name) = name.filter(|name| name.parse::<std::net::IpAddr>().is_err())
            {
                settings.host_name = Some(name.to_owned());
                settings.host_is_assumed = true;
            }
            match settings.build() {
                Ok(made) => Session::client(&made),
                Err(error) => return self.tls_failed(&error),
            }
        };
        session.or_else(|error| self.tls_failed(&error))
    }

    /// Makes the handshake; a client may say whom it wants to see.
    pub(crate) fn handshake(&self, host: Option<&[u8]>) -> Outcome<()> {
        if self.secure.ready.get() {
            return self.fail(errors::WRONG_OPERATION);
        }
        self.available(&[Read, Write])?;
        let session = self.new_session(host)?;
        self.secure.session.replace(Some(session));
        let mut limit = Limit::new(self.timeouts.get().read);
        loop {
            let step = self.with_session(|session, raw| {
                let step = session.handshake(raw);
                (step, session.wants_write())
            });
            let Some((step, writes)) = step else { return self.fail(libc::EBADF) };
            match step {
                Ok(()) => break,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    let direction = if writes { Write } else { Read };
                    if let Err(failed) = self.wait(direction, &mut limit) {
                        self.forget_session();
                        return Err(failed);
                    }
                }
                Err(error) => {
                    self.forget_session();
                    return self.handshake_failed(&error);
                }
            }
        }
        self.secure.ready.set(true);
        self.set_error(0);
        Ok(())
    }

    fn forget_session(&self) {
        self.secure.session.replace(None);
    }

    fn handshake_failed(&self, error: &io::Error) -> Outcome<()> {
        let error = Error::from(error);
        let peer = socket::peer(self.fd()).map(|peer| socket::name(&peer)).unwrap_or_default();
        let (fd, host, port) = (self.fd(), String::from_utf8_lossy(&peer.0).into_owned(), peer.1);
        if self.secure.serves.get() {
            let text = format!("bad SSL client[{host}:{port}], reason={}, error_string={error}", error.reason);
            log::warning("Socket::ssl_accept()", &text);
            return self.fail(constants::SWOOLE_ERROR_SSL_BAD_CLIENT as i32);
        }
        let text = format!("ssl_connect(fd={fd}) to server[{host}:{port}] failed. Error: {error}[1|{}]", error.reason);
        log::put(NOTICE, text.as_bytes());
        self.fail(match error.kind {
            Kind::VerifyFailed => error.code(),
            _ => Kind::HandshakeFailed.code(),
        })
    }

    /// Works on the session, if there is one; never across a wait.
    pub(super) fn with_session<T>(&self, work: impl FnOnce(&mut Session, &mut Raw) -> T) -> Option<T> {
        let mut session = self.secure.session.borrow_mut();
        session.as_mut().map(|session| work(session, &mut Raw(self.fd())))
    }

    /// Waits until all that was encrypted is out: what was sent counts as sent only then.
    pub(super) fn flush_tls(&self, limit: &mut Limit) -> Outcome<()> {
        if !self.is_encrypted() {
            return Ok(());
        }
        self.until_done(Write, limit, || self.with_session(|session, raw| session.flush(raw)).unwrap_or(Ok(())))
    }

    /// Says good-bye to the other side.
    pub(super) fn end_tls(&self) {
        self.with_session(|session, raw| session.close(raw));
    }
}

fn not_ready() -> Error {
    io::Error::from(io::ErrorKind::NotConnected).into()
}
