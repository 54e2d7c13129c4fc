//! From a host's name to an open connection, for the loop.

use super::background::State;
use super::callbacks::{Callback, From, missing};
use super::connection::{Connection, handshake_failed, limits, unfit};
use super::{Client, Failure, lookup};
use crate::classes::{constants, errors, event, proxy, slots};
use crate::coroutine::alarm::Alarm;
use crate::coroutine::engine::scheduler;
use crate::io::client::{Address, End, Unfit};
use crate::io::events::READ;
use crate::io::framing::{Framer, Precedence};
use crate::io::proxy::Handshake;
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::{self, object};
use ext_php_rs::types::Zval;
use socket2::SockAddr;
use std::net::SocketAddr;
use std::rc::Rc;
use tokio::time::Instant;

impl Connection {
    /// Begins to connect for this object. False when it failed at once; the object was told.
    pub(super) fn start(
        self: &Rc<Self>,
        this: Zval,
        (host, port): (&[u8], i64),
        seconds: f64,
        flag: bool,
    ) -> Result<bool, Thrown> {
        event::init();
        let background = self.background();
        self.socket.set_limits(limits(seconds));
        *background.framer.borrow_mut() = Framer::new(self.settings.borrow().framing(Precedence::Eof));
        *background.target.borrow_mut() = (host.to_vec(), port);
        background.flag.set(flag);
        self.belong_to(this);
        if seconds > 0.0
            && self.socket.kind().is_stream()
            && let Some(deadline) = self.socket.limits().connect.and_then(|limit| Instant::now().checked_add(limit))
        {
            let connection = Rc::clone(self);
            let call = move || {
                connection.background().alarm.set(None);
                let _ = connection.fail(Failure(libc::ETIMEDOUT), From::Loop);
            };
            background.alarm.set(Some(scheduler().set_alarm(deadline, Alarm::Call(Box::new(call)))));
        }
        let kind = self.socket.kind();
        let proxy = self.proxy.borrow().clone().filter(|_| kind.is_stream());
        let parsed = match &proxy {
            Some(proxy) => Address::parse(kind, proxy.host.as_bytes(), i64::from(proxy.port)),
            None => Address::parse(kind, host, port),
        };
        match parsed {
            Ok(address) => self.begin(&address, From::Method),
            Err(Unfit::Name) => {
                let (name, port) = match proxy {
                    Some(proxy) => (proxy.host.into_bytes(), i64::from(proxy.port)),
                    None => (host.to_vec(), port),
                };
                self.resolve(name, port);
                Ok(true)
            }
            Err(reason) => self.fail(unfit(reason), From::Method).map(|()| false),
        }
    }

    fn resolve(self: &Rc<Self>, name: Vec<u8>, port: i64) {
        self.background().state.set(State::Resolving);
        let connection = Rc::clone(self);
        lookup::start(name, self.socket.kind().family(), move |found| {
            if connection.background().state.get() != State::Resolving {
                return;
            }
            // What goes wrong stops the loop.
            let _ = match found {
                Some(address) => {
                    let address = SocketAddr::new(address, u16::try_from(port).unwrap_or(0));
                    connection.begin(&address.into(), From::Loop).map(drop)
                }
                None => connection.fail(Failure(errors::DNSLOOKUP_RESOLVE_FAILED), From::Loop),
            };
        });
    }

    /// Connects to an address. False when it failed at once; the object was told.
    fn begin(self: &Rc<Self>, address: &SockAddr, from: From) -> Result<bool, Thrown> {
        let background = self.background();
        let begun = if self.socket.kind().is_stream() {
            background.state.set(State::Connecting);
            self.socket.begin_connect(address).map(drop).map_err(Failure::from)
        } else {
            self.aim(address.clone(), background.flag.get())
        };
        if let Err(failure) = begun {
            self.fail(failure, from)?;
            return Ok(false);
        }
        if self.socket.kind().is_stream() {
            // Also what was connected at once goes on when it can be written.
            self.watch();
            return Ok(true);
        }
        background.state.set(State::Open);
        self.watch();
        if self.callback(Callback::Connect).is_some() {
            self.call(Callback::Connect, None, from)?;
        }
        Ok(true)
    }

    /// The socket is connected, perhaps only to a proxy.
    pub(super) fn connected(self: &Rc<Self>) -> Return {
        let proxy = self.proxy.borrow().clone();
        let Some(proxy) = proxy else { return self.through() };
        let background = self.background();
        let (host, port) = background.target.borrow().clone();
        let host = String::from_utf8_lossy(&host).into_owned();
        let shown = self.tls_settings.borrow().host_name.clone().unwrap_or_else(|| host.clone());
        let begun = u16::try_from(port).map_err(|_| Failure(errors::BAD_PORT)).and_then(|port| {
            Handshake::new(&proxy, &host, port, &shown).map_err(|error| Failure(proxy::failed(proxy.kind, &error)))
        });
        match begun {
            Ok(handshake) => {
                *background.handshake.borrow_mut() = Some(handshake);
                background.state.set(State::Proxy);
                self.pass_on(0)
            }
            Err(failure) => self.fail(failure, From::Loop),
        }
    }

    /// Goes on talking to the proxy.
    pub(super) fn pass_on(self: &Rc<Self>, bits: u32) -> Return {
        let background = self.background();
        let kind = self.proxy.borrow().as_ref().map_or(crate::io::proxy::Kind::Http, |proxy| proxy.kind);
        let step = || -> Result<bool, Failure> {
            let mut handshake = background.handshake.borrow_mut();
            let Some(handshake) = &mut *handshake else { return Ok(true) };
            if bits & READ != 0 {
                let mut buffer = [0; 4096];
                // What is behind the proxy's answer is the target's.
                let count = self.socket.recv(&mut buffer, libc::MSG_PEEK | libc::MSG_DONTWAIT, End::after(None))?;
                if count == 0 {
                    return Err(Failure(proxy::silence(kind)));
                }
                let taken = handshake.receive(&buffer[..count]);
                let taken = taken.map_err(|error| Failure(proxy::failed(kind, &error)))?;
                self.socket.recv(&mut buffer[..taken], libc::MSG_DONTWAIT, End::after(None))?;
            }
            let mut output = background.output.borrow_mut();
            output.push(handshake.take_output());
            output.flush(&self.socket, None)?;
            Ok(handshake.ready() && output.is_empty())
        };
        match step() {
            Ok(true) => self.through(),
            Ok(false) | Err(Failure(libc::EAGAIN)) => {
                self.watch();
                Ok(())
            }
            Err(failure) => self.fail(failure, From::Loop),
        }
    }

    /// The way to the target is free.
    fn through(self: &Rc<Self>) -> Return {
        if !self.wants_tls.get() {
            return self.open();
        }
        match self.begin_tls() {
            Ok(_) => {
                self.background().state.set(State::Securing);
                self.secure_on()
            }
            Err(failure) => self.fail(failure, From::Loop),
        }
    }

    pub(super) fn secure_on(self: &Rc<Self>) -> Return {
        let Some(tls) = self.tls() else { return self.open() };
        match tls.try_handshake(&self.socket) {
            Ok(true) => self.open(),
            Ok(false) => {
                self.watch();
                Ok(())
            }
            Err(error) => {
                let failure = handshake_failed(&self.socket, &error);
                self.active.set(false);
                self.fail(failure, From::Loop)
            }
        }
    }

    /// Data can go both ways.
    fn open(self: &Rc<Self>) -> Return {
        let background = self.background();
        self.clear_alarm();
        background.state.set(State::Open);
        self.active.set(true);
        self.watch();
        let late = background.late.replace(false);
        self.call(if late { Callback::SslReady } else { Callback::Connect }, None, From::Loop)?;
        // The target may have spoken already, within the last record of the handshake.
        if self.tls().is_some() && self.is_open() && !background.asleep.get() { self.receive() } else { Ok(()) }
    }
}

/// Connects an object; what it was called with is checked.
///
/// # Errors
/// A function of the user's threw, or a setting cannot be converted.
pub(crate) fn connect(call: &mut Call<'_>, (host, port): (&[u8], i64), seconds: f64, flag: bool) -> Return {
    let client = call.native::<Client>();
    let number = zend::to_long(object::slot(call.this(), slots::swoole_client::TYPE));
    let refused = |call: &mut Call<'_>, text: &str| {
        errors::warn(text);
        call.return_bool(false)
    };
    if host.is_empty() {
        return refused(call, "The host is empty");
    }
    if client.connection().is_some() {
        return refused(call, "connection to the server has already been established");
    }
    if !client.has_callbacks() {
        return refused(call, "async client is not initialized");
    }
    let Some(kind) = super::kind_of(number) else { return refused(call, "failed to get client type") };
    if kind.is_tcp() && !(1..=i64::from(u16::MAX)).contains(&port) {
        errors::warn("The port is invalid");
        errors::set_last(errors::INVALID_PARAMS);
        return call.return_bool(false);
    }
    let secures = number & constants::SWOOLE_SSL != 0;
    if secures && !kind.is_stream() {
        return crate::classes::not_in_this_release("TLS over datagrams (DTLS)");
    }
    if let Some(name) = missing(client, kind) {
        // Does not return: as in Swoole.
        errors::fatal(&format!("no '{name}' callback function"));
        return Err(Thrown);
    }
    let connection = match Connection::for_loop(kind) {
        Ok(connection) => Rc::new(connection),
        Err(error) => {
            errors::warn_of_system("failed to create client", &error);
            super::set_error(call.this(), Failure(errors::last()));
            return call.return_bool(false);
        }
    };
    connection.wants_tls.set(secures);
    object::set_slot(call.this(), slots::swoole_client::SOCK, i64::from(connection.socket.fd()));
    let given = object::slot(call.this(), slots::swoole_client::SETTING).shallow_clone();
    if let Some(given) = given.array() {
        let applied = super::settings::apply(&connection, given)?;
        if !applied.usable {
            super::set_error(call.this(), Failure(errors::last()));
            if !applied.told {
                super::told(host, port);
            }
            return call.return_bool(false);
        }
    }
    client.connection.replace(Some(Rc::clone(&connection)));
    if connection.start(call.this_value(), (host, port), seconds, flag)? {
        return call.return_bool(true);
    }
    let number = zend::to_long(object::slot(call.this(), slots::swoole_client::ERR_CODE)) as i32;
    let host = String::from_utf8_lossy(host);
    let words = errors::text(number);
    errors::warn_of(number, &format!("connect to server[{host}:{port}] failed, Error: {words}[{number}]"));
    call.return_bool(false)
}
