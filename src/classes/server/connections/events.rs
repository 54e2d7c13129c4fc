//! Calls of PHP for what happens to connections.

use super::{Callbacks, Endpoint, websocket};
use crate::classes::{ce, constants, slots};
use crate::coroutine::{self, engine};
use crate::io::framing::Refusal;
use crate::io::traffic;
use crate::io::websocket::{Failure, Message};
use crate::log;
use crate::server::hub::{End, Events, Origin, Sender};
use crate::server::layout::Mode;
use crate::server::session::now;
use crate::zend::array::Array;
use crate::zend::callable::Callable;
use crate::zend::object;
use crate::zend::{self, sys};
use ext_php_rs::types::Zval;
use std::io;
use std::net::SocketAddr;
use std::os::fd::AsRawFd;
use std::rc::{Rc, Weak};
use std::sync::atomic::Ordering::Relaxed;

/// The events of a hub in a process that runs PHP.
pub(super) struct Local(pub(super) Weak<Endpoint>);

impl Local {
    pub(super) fn with(&self, call: impl FnOnce(&Rc<Endpoint>)) {
        if let Some(endpoint) = self.0.upgrade() {
            endpoint.while_busy(|| call(&endpoint));
        }
    }
}

impl Events for Local {
    fn connect(&self, origin: Origin) {
        self.with(|endpoint| endpoint.on_connect(origin, endpoint.index(), now()));
    }

    fn receive(&self, origin: Origin, data: &[u8]) {
        self.with(|endpoint| {
            // Packets that came together have one time.
            let time = endpoint.plan.sessions.row(origin.session).map_or_else(now, |row| row.last_received());
            endpoint.on_receive(origin, endpoint.index(), time, data);
        });
    }

    fn message(&self, origin: Origin, message: &Message) {
        self.on_message(origin, message);
    }

    fn broken(&self, _: Origin, failure: &Failure) {
        websocket::broken(failure);
    }

    fn refused(&self, origin: Origin, refusal: Refusal) {
        self.with(|endpoint| endpoint.on_refused(origin, refusal));
    }

    fn close(&self, origin: Origin, end: End) {
        self.with(|endpoint| {
            let reactor = if end.actively { -1 } else { endpoint.reactor(endpoint.index()) };
            endpoint.on_close(origin, reactor, now(), Box::new(move || drop(end)));
        });
    }

    fn buffer_full(&self, origin: Origin) {
        self.with(|endpoint| endpoint.on_buffer(origin, |callbacks| &callbacks.buffer_full));
    }

    fn buffer_empty(&self, origin: Origin) {
        self.with(|endpoint| endpoint.on_buffer(origin, |callbacks| &callbacks.buffer_empty));
    }

    fn packet(&self, port: usize, sender: Sender, data: &[u8]) {
        self.with(|endpoint| endpoint.on_packet(port, &sender, now(), data));
    }

    fn shortage(&self, errno: i32) {
        shortage(errno);
    }

    fn no_tls(&self, remote: Option<SocketAddr>, error: &io::Error) {
        no_tls(remote, error);
    }

    fn too_many(&self, open: usize) {
        too_many(open);
    }
}

/// No descriptor is left for a client.
pub(super) fn shortage(errno: i32) {
    log::system_warning("Server::accept_connection()", "accept() failed", errno);
}

/// A client did not greet as it should.
pub(super) fn no_tls(remote: Option<SocketAddr>, error: &io::Error) {
    let (ip, port) = remote.map_or((String::new(), 0), |remote| (remote.ip().to_string(), remote.port()));
    log::warning("Socket::ssl_accept()", &format!("bad SSL client[{ip}:{port}], reason={error}"));
}

/// A client was sent away.
pub(super) fn too_many(open: usize) {
    let words = format!("Too many connections [now: {open}]");
    let number = constants::SWOOLE_ERROR_SERVER_TOO_MANY_SOCKET as i32;
    log::error(log::WARNING, "Server::accept_connection()", number, words.as_bytes());
}

impl Endpoint {
    /// The value of `$server` in callbacks.
    pub(super) fn server(&self) -> Zval {
        self.plan.server.shallow_clone()
    }

    /// Calls PHP as the server's settings say: in a coroutine, or on the root stack. `done` hears whether it was called; in a coroutine when
    /// it first waits or ends.
    pub(super) fn call<const N: usize>(
        self: &Rc<Self>,
        callable: &Rc<Callable>,
        args: [Zval; N],
        coroutine: bool,
        done: impl FnOnce(bool) + 'static,
    ) {
        let callable = Rc::clone(callable);
        if coroutine {
            let alive = engine::scheduler().count();
            if alive >= engine::max() {
                zend::warning(&format!("exceed max number of coroutine {alive}"));
                return done(false);
            }
            let started = coroutine::spawn(move || {
                if callable.call(&args).is_err() && !zend::exit_pending() {
                    // Swoole would end the whole process here: one bad message shall not take the others along.
                    zend::report_exception(sys::E_WARNING);
                }
            });
            if started.is_err() && zend::exception_pending() {
                zend::report_exception(sys::E_WARNING);
            }
            return done(started.is_ok());
        }
        if self.called.get() && engine::current_id().is_some() {
            // On the stack of whoever called the method.
            if callable.call(&args).is_err() && !zend::exit_pending() {
                zend::report_exception(sys::E_WARNING);
            }
            return done(true);
        }
        let endpoint = Rc::clone(self);
        let run = move || {
            // The loop sees by itself when it has to end.
            let _ = endpoint.while_busy(|| {
                engine::at_root(|| {
                    if callable.call(&args).is_err() && !zend::exit_pending() {
                        zend::report_exception(sys::E_WARNING);
                    }
                })
            });
            done(true);
        };
        if self.called.get() {
            run();
        } else {
            self.at_root(run);
        }
    }

    fn event(&self, session: i64, reactor: i64, time: f64, data: Option<&[u8]>) -> Zval {
        use slots::swoole_server_event as slot;
        let mut event = object::instantiate(ce::swoole_server_event());
        if let Some(event) = event.object_mut() {
            object::set_slot(event, slot::FD, session);
            object::set_slot(event, slot::REACTOR_ID, reactor);
            object::set_slot(event, slot::DISPATCH_TIME, time);
            if let Some(data) = data {
                object::set_slot(event, slot::DATA, zend::string(data));
            }
        }
        event
    }

    /// A client has connected.
    pub(super) fn on_connect(self: &Rc<Self>, origin: Origin, owner: usize, time: f64) {
        self.plan.board.counters.accepted.fetch_add(1, Relaxed);
        let Some(callable) = self.callbacks(origin.port).and_then(|callbacks| callbacks.connect.as_ref()) else {
            return;
        };
        self.of_connection(callable, origin, self.reactor(owner), time, |_| ());
    }

    fn of_connection(
        self: &Rc<Self>,
        callable: &Rc<Callable>,
        origin: Origin,
        reactor: i64,
        time: f64,
        done: impl FnOnce(bool) + 'static,
    ) {
        let coroutines = self.plan.coroutines;
        if self.plan.event_object {
            let event = self.event(origin.session, reactor, time, None);
            self.call(callable, [self.server(), event], coroutines, done);
        } else {
            let args = [self.server(), zend::long(origin.session), zend::long(reactor)];
            self.call(callable, args, coroutines, done);
        }
    }

    /// A packet has come.
    pub(super) fn on_receive(self: &Rc<Self>, origin: Origin, owner: usize, time: f64, data: &[u8]) {
        self.count_request();
        if let Some(row) = self.plan.sessions.row(origin.session) {
            row.was_dispatched(time);
        }
        if self.plan.ports.get(origin.port).is_some_and(|port| port.redis) {
            return self.on_command(origin.session, data);
        }
        let Some(callable) = self.callbacks(origin.port).and_then(|callbacks| callbacks.receive.as_ref()) else {
            return;
        };
        let (session, reactor, coroutines) = (origin.session, self.reactor(owner), self.plan.coroutines);
        let endpoint = Rc::downgrade(self);
        let done = move |fine: bool| {
            if let Some(endpoint) = endpoint.upgrade().filter(|_| !fine) {
                let _ = endpoint.close_connection(session, false);
            }
        };
        if self.plan.event_object {
            let event = self.event(session, reactor, time, Some(data));
            self.call(callable, [self.server(), event], coroutines, done);
        } else {
            let args = [self.server(), zend::long(session), zend::long(reactor), zend::string(data)];
            self.call(callable, args, coroutines, done);
        }
    }

    /// A message goes to this worker.
    pub(super) fn count_dispatch(&self, worker: usize) {
        self.plan.board.counters.dispatched.fetch_add(1, Relaxed);
        if let Some(process) = self.plan.board.process(worker) {
            process.dispatched.fetch_add(1, Relaxed);
        }
        self.count_received();
    }

    /// Tells all processes of the bytes that clients have sent to this one.
    pub(in crate::classes::server) fn count_received(&self) {
        let bytes = traffic::take_received();
        if bytes > 0 {
            self.plan.board.counters.received.fetch_add(bytes, Relaxed);
        }
    }

    pub(super) fn count_request(&self) {
        let counters = &self.plan.board.counters;
        if self.plan.layout.mode == Mode::Base {
            counters.dispatched.fetch_add(1, Relaxed);
            self.count_received();
        }
        counters.requests.fetch_add(1, Relaxed);
        if let Some(process) = self.plan.board.process(self.index()) {
            process.requests.fetch_add(1, Relaxed);
        }
        crate::classes::server::worker::has_handled();
    }

    /// What has come is no packet.
    pub(super) fn on_refused(&self, origin: Origin, refusal: Refusal) {
        let remote = self.plan.sessions.info(origin.session).and_then(|info| info.remote);
        let (host, port) = remote.map_or_else(Default::default, |remote| (remote.ip().to_string(), remote.port()));
        let words = refusal.words(&host, port);
        match refusal.number() {
            0 => log::warning(refusal.origin(), &words),
            number => log::error(log::WARNING, refusal.origin(), number, words.as_bytes()),
        }
    }

    /// A connection ends; `finished` takes it out.
    pub(super) fn on_close(self: &Rc<Self>, origin: Origin, reactor: i64, time: f64, finished: Box<dyn FnOnce()>) {
        self.wake_senders(origin.session);
        self.plan.board.counters.closed.fetch_add(1, Relaxed);
        let close = self.callbacks(origin.port).and_then(|callbacks| callbacks.close.as_ref());
        let Some(callable) = self.on_disconnect(origin).or(close) else { return finished() };
        self.of_connection(callable, origin, reactor, time, move |_| finished());
    }

    /// More or less waits to be sent than a water mark.
    pub(super) fn on_buffer(self: &Rc<Self>, origin: Origin, which: fn(&Callbacks) -> &Option<Rc<Callable>>) {
        let Some(callable) = self.callbacks(origin.port).and_then(|callbacks| which(callbacks).as_ref()) else {
            return;
        };
        let args = [self.server(), zend::long(origin.session)];
        self.call(callable, args, false, |_| ());
    }

    /// A datagram has come.
    pub(super) fn on_packet(self: &Rc<Self>, port: usize, sender: &Sender, time: f64, data: &[u8]) {
        self.count_request();
        let Some(callable) = self.callbacks(port).and_then(|callbacks| callbacks.packet.as_ref()) else { return };
        let Some(listen) = self.plan.ports.get(port).map(|port| &port.listen) else { return };
        let (socket, number) = (i64::from(listen.socket().as_raw_fd()), i64::from(listen.port));
        let (address, from) = match sender {
            Sender::Inet(address) => (address.ip().to_string(), Some(i64::from(address.port()))),
            Sender::Unix(path) => {
                (path.as_ref().map(|path| path.to_string_lossy().into_owned()).unwrap_or_default(), None)
            }
        };
        let coroutines = self.plan.coroutines;
        if self.plan.event_object {
            use slots::swoole_server_packet as slot;
            let mut packet = object::instantiate(ce::swoole_server_packet());
            if let Some(packet) = packet.object_mut() {
                object::set_slot(packet, slot::SERVER_SOCKET, socket);
                object::set_slot(packet, slot::SERVER_PORT, number);
                object::set_slot(packet, slot::DISPATCH_TIME, time);
                object::set_slot(packet, slot::ADDRESS, address.as_str());
                object::set_slot(packet, slot::PORT, from.unwrap_or(0));
                // Not declared, in Swoole neither; it cannot fail on an object without handlers of its own.
                let _ = packet.set_property("data", zend::string(data));
            }
            return self.call(callable, [self.server(), packet], coroutines, |_| ());
        }
        let mut client = Array::with_room(6);
        client.set_long("server_socket", socket);
        client.set("dispatch_time", Zval::from(time));
        client.set_long("server_port", number);
        client.set("address", zend::string(address.as_bytes()));
        if let Some(from) = from {
            client.set_long("port", from);
        }
        let args = [self.server(), zend::string(data), Zval::from(client)];
        self.call(callable, args, coroutines, |_| ());
    }
}
