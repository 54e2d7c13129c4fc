//! `Swoole\Client`: a client whose calls wait, and block the process while they do.
//!
//! * `connection`: the socket and its protocol. `settings`: what `set()` was given. `kept`: connections that outlive their objects.
//! * `background`: connections that the loop serves, for `Swoole\Async\Client`, with `opening`, `output`, `callbacks` and `lookup`.
//! * `select`: `swoole_client_select()`.

mod background;
mod callbacks;
mod connection;
mod kept;
mod lookup;
mod opening;
mod output;
mod secure;
mod select;
mod settings;

pub(crate) use background::{abandon as abandon_background, close as close_background};
pub(crate) use callbacks::Callback;
pub(crate) use connection::Connection;
pub(crate) use opening::connect as connect_background;
pub(crate) use secure::may_secure;
pub use secure::{enable_ssl, get_peer_cert, verify_peer_cert};
pub use select::swoole_client_select;

use crate::classes::{ce, constants, errors, slots::swoole_client as slot};
use crate::io::client::{Kind, NoPart, Part, ends_connection, is_port};
use crate::io::framing::Refusal;
use crate::io::tls;
use crate::log;
use crate::native_handlers;
use crate::zend::array::Array;
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::callable::Callable;
use crate::zend::fields::Room;
use crate::zend::object::{self, Native};
use crate::zend::{self, objects, stream};
use connection::Packet;
use ext_php_rs::types::{ZendObject, Zval};
use std::cell::RefCell;
use std::io;
use std::rc::Rc;

/// Bits of a type that are no kind of socket: `SWOOLE_SYNC`, `SWOOLE_ASYNC`, `SWOOLE_KEEP`, `SWOOLE_SSL`.
const FLAGS: i64 = constants::SWOOLE_SYNC | constants::SWOOLE_ASYNC | constants::SWOOLE_KEEP | constants::SWOOLE_SSL;

/// Bytes that one read takes at most, unless it waits for all of them.
const LARGEST_READ: usize = 65_535;

/// `SWOOLE_LOG_NOTICE`.
const NOTICE: i32 = 3;

/// Why something failed: an errno, or a number of Swoole's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Failure(pub(crate) i32);

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self(error.raw_os_error().unwrap_or_else(|| tls::Error::from(&error).code()))
    }
}

/// The Rust half of a client object.
pub struct Client {
    connection: RefCell<Option<Rc<Connection>>>,
    /// What `getSocket()` gave.
    exported: RefCell<Option<Zval>>,
    /// The functions of a client that the loop serves.
    callbacks: RefCell<[Option<Callable>; Callback::COUNT]>,
}

impl Native for Client {
    native_handlers!();

    fn new() -> Self {
        Self { connection: RefCell::new(None), exported: RefCell::new(None), callbacks: RefCell::default() }
    }

    fn visit(&self, visit: &mut dyn FnMut(&Zval)) {
        if let Ok(callbacks) = self.callbacks.try_borrow() {
            callbacks.iter().flatten().for_each(|callback| callback.visit(visit));
        }
    }
}

impl Client {
    fn connection(&self) -> Option<Rc<Connection>> {
        self.connection.borrow().clone()
    }

    /// The function for this.
    fn callback(&self, which: Callback) -> Option<Callable> {
        self.callbacks.borrow()[which as usize].clone()
    }

    /// Sets the function for this.
    pub(crate) fn set_callback(&self, which: Callback, callable: Callable) {
        // Dropped outside of the borrow: destructors may be PHP code.
        let old = self.callbacks.borrow_mut()[which as usize].replace(callable);
        drop(old);
    }

    /// Whether a function was ever set.
    pub(crate) fn has_callbacks(&self) -> bool {
        self.callbacks.borrow().iter().any(Option::is_some)
    }

    /// Lets go of this connection, if it is the object's.
    fn release_if(&self, connection: &Rc<Connection>) {
        let same = self.connection.borrow().as_ref().is_some_and(|own| Rc::ptr_eq(own, connection));
        if same {
            self.release();
        }
    }

    /// Lets go of the connection, which ends it.
    fn release(&self) {
        let gone = (self.connection.take(), self.exported.take());
        drop(gone);
    }
}

/// The request ends.
pub(crate) fn request_shutdown() {
    kept::request_shutdown();
    callbacks::request_shutdown();
}

/// The kind of socket that a type stands for.
pub(crate) fn kind_of(number: i64) -> Option<Kind> {
    Kind::from_number(number & !FLAGS)
}

/// Throws for a type that is none.
///
/// # Errors
/// Always.
pub(crate) fn unknown_type(call: &mut Call<'_>, number: i64) -> Return {
    let class = call.this().get_class_name().unwrap_or_default();
    let text = format!("{class}::__construct() expects parameter 1 to be client type, unknown type {number} given");
    zend::throw(zend::type_error(), &text, 0)
}

pub(crate) fn set_error(this: &mut ZendObject, Failure(number): Failure) {
    errors::set_last(number);
    object::set_long_slot(this, slot::ERR_CODE, i64::from(number));
}

/// Warns, with the reason, that a call of the system failed, and says false.
fn failed(call: &mut Call<'_>, what: &str, failure: impl Into<Failure>) -> Return {
    let failure = failure.into();
    let Failure(number) = failure;
    errors::warn_of(number, &format!("{what}, Error: {}[{number}]", errors::text(number)));
    set_error(call.this(), failure);
    errors::set_errno(number);
    call.return_bool(false)
}

/// The connection, which can be used; or a warning.
pub(crate) fn connected(call: &mut Call<'_>) -> Option<Rc<Connection>> {
    let client = call.native::<Client>();
    if let Some(connection) = client.connection() {
        if connection.has_connected() {
            return Some(connection);
        }
        if connection.background.is_none() {
            client.release();
        }
    }
    set_error(call.this(), Failure(constants::SWOOLE_ERROR_CLIENT_NO_CONNECTION as i32));
    errors::notice("client is not connected to server");
    None
}

/// `__construct(int $type, bool $async = SWOOLE_SOCK_SYNC, string $id = "")`
pub fn __construct(call: &mut Call<'_>) -> Return {
    let number = call.long_arg(0)?;
    if call.optional(1, false, Call::bool_arg)? {
        return zend::throw(zend::standard_error(), "The $async parameter is not supported", 0);
    }
    let id = call.nullable_str_arg(2)?;
    if kind_of(number).is_none() {
        return unknown_type(call, number);
    }
    let this = call.this();
    object::set_slot(this, slot::TYPE, number);
    if let Some(id) = id {
        object::set_slot(this, slot::ID, id.as_bytes());
    }
    Ok(())
}

/// `__destruct()`
pub fn __destruct(call: &mut Call<'_>) -> Return {
    if call.native::<Client>().connection.borrow().is_some() {
        end(call, false)?;
    }
    Ok(())
}

/// `set(array $settings): bool`
pub fn set(call: &mut Call<'_>) -> Return {
    let Some(given) = call.value(0).and_then(Zval::array) else { return call.return_bool(false) };
    let mut all = match object::slot(call.this(), slot::SETTING).array() {
        Some(before) => Array::copy_of(before),
        None => Array::new(),
    };
    all.merge(given);
    object::set_slot(call.this(), slot::SETTING, Zval::from(all));
    call.return_bool(true)
}

/// A connection for `connect()` or `sendto()`: a kept one, or a new socket. `None` after a warning.
fn obtain(call: &mut Call<'_>, host: &[u8], port: i64) -> Option<Rc<Connection>> {
    let this = call.this();
    let number = zend::to_long(object::slot(this, slot::TYPE));
    let Some(kind) = kind_of(number) else {
        errors::warn("failed to get swoole_client->type");
        return None;
    };
    if kind.is_tcp() && !is_port(port) {
        errors::warn("The port is invalid");
        errors::set_last(errors::INVALID_PARAMS);
        return None;
    }
    if number & constants::SWOOLE_SSL != 0 && !kind.is_stream() {
        // rustls knows no DTLS.
        let _ = crate::classes::not_in_this_release("TLS over datagrams (DTLS)");
        return None;
    }
    // The loop serves it; it opens no connection here, but sends datagrams.
    let served = objects::is_a(&call.this_value(), ce::swoole_async_client());
    let keep = number & constants::SWOOLE_KEEP != 0 && !served;
    let id = object::slot(this, slot::ID).zend_str().map(|id| id.as_bytes().to_vec()).filter(|id| !id.is_empty());
    let key = id.unwrap_or_else(|| [host, format!(":{port}").as_bytes()].concat());
    let kept = if keep { kept::take(&key) } else { None };
    let connection = match kept {
        Some(kept) => {
            kept.reused.set(kept.reused.get() + 1);
            object::set_slot(this, slot::REUSE_COUNT, kept.reused.get());
            kept
        }
        None => match if served { Connection::for_loop(kind) } else { Connection::new(kind, keep, key) } {
            Ok(connection) => {
                connection.wants_tls.set(number & constants::SWOOLE_SSL != 0);
                Rc::new(connection)
            }
            Err(error) => {
                errors::warn_of_system("Client_create() failed", &error);
                object::set_slot(this, slot::ERR_CODE, i64::from(errors::last()));
                return None;
            }
        },
    };
    object::set_slot(this, slot::SOCK, i64::from(connection.socket.fd()));
    Some(connection)
}

/// False, unless an exception says more.
fn refusal(call: &mut Call<'_>) -> Return {
    if zend::exception_pending() { Err(Thrown) } else { call.return_bool(false) }
}

/// `connect(string $host, int $port = 0, float $timeout = 0.5, int $sock_flag = 0): bool`
pub fn connect(call: &mut Call<'_>) -> Return {
    let host = call.str_arg(0)?.as_bytes();
    let port = call.optional(1, 0, Call::long_arg)?;
    let seconds = call.optional(2, 0.5, Call::double_arg)?;
    let flag = call.optional(3, 0, Call::long_arg)? != 0;
    let refused = |call: &mut Call<'_>, text: &str| {
        errors::warn(text);
        call.return_bool(false)
    };
    if host.is_empty() {
        return refused(call, "The host is empty");
    }
    let client = call.native::<Client>();
    if client.connection.borrow().is_some() {
        return refused(call, "connection to the server has already been established");
    }
    let Some(connection) = obtain(call, host, port) else { return refusal(call) };
    *client.connection.borrow_mut() = Some(Rc::clone(&connection));
    if connection.active.get() {
        object::set_slot(call.this(), slot::REUSE, true);
        return call.return_bool(true);
    }
    errors::set_last(0);
    let given = object::slot(call.this(), slot::SETTING).shallow_clone();
    let ready = match given.array() {
        Some(given) => settings::apply(&connection, given)?,
        None => settings::NOTHING,
    };
    if !ready.usable {
        client.release();
        set_error(call.this(), Failure(errors::last()));
        if !ready.told {
            told(host, port);
        }
        return call.return_bool(false);
    }
    match connection.connect(host, port, seconds, flag) {
        Ok(true) => call.return_bool(true),
        Ok(false) => {
            set_error(call.this(), Failure(libc::EINPROGRESS));
            call.return_bool(true)
        }
        Err(failure) => {
            client.release();
            set_error(call.this(), failure);
            told(host, port);
            call.return_bool(false)
        }
    }
}

/// Warns that there is no connection, for the last error.
pub(crate) fn told(host: &[u8], port: i64) {
    let (host, number) = (String::from_utf8_lossy(host), errors::last());
    let words = errors::text(number);
    errors::warn_of(number, &format!("connect to server[{host}:{port}] failed. Error: {words}[{number}]"));
}

/// `send(string $data, int $flag = 0): int|false`
pub fn send(call: &mut Call<'_>) -> Return {
    let data = call.str_arg(0)?.as_bytes();
    let flags = call.optional(1, 0, Call::long_arg)?;
    if data.is_empty() {
        errors::warn("data to send is empty");
        return call.return_bool(false);
    }
    let Some(connection) = connected(call) else { return call.return_bool(false) };
    errors::set_last(0);
    if connection.background.is_some() && connection.socket.kind().is_stream() {
        return match connection.put(data)? {
            Ok(()) => call.return_long(data.len() as i64),
            Err(failure) => not_sent(call, &connection, data, failure),
        };
    }
    match connection.write(data, flags as i32) {
        Ok(()) => call.return_long(data.len() as i64),
        Err(error) => not_sent(call, &connection, data, error.into()),
    }
}

fn not_sent(call: &mut Call<'_>, connection: &Connection, data: &[u8], failure: Failure) -> Return {
    let what = format!("failed to send({}) {} bytes", connection.socket.fd(), data.len());
    failed(call, &what, failure)
}

/// `sendto(string $ip, int $port, string $data): bool`
pub fn sendto(call: &mut Call<'_>) -> Return {
    let host = call.str_arg(0)?.as_bytes();
    let port = call.long_arg(1)?;
    let data = call.str_arg(2)?.as_bytes();
    if data.is_empty() {
        errors::notice("data to send is empty");
        return call.return_bool(false);
    }
    let client = call.native::<Client>();
    let connection = match client.connection() {
        Some(connection) => connection,
        None => {
            let Some(connection) = obtain(call, host, port) else { return refusal(call) };
            connection.active.set(true);
            client.connection.borrow_mut().insert(connection).clone()
        }
    };
    let sent = connection.send_to(host, port, data);
    if let Err(failure) = sent {
        set_error(call.this(), failure);
    }
    call.return_bool(sent.is_ok())
}

/// `sendfile(string $filename, int $offset = 0, int $length = 0): bool`
pub fn sendfile(call: &mut Call<'_>) -> Return {
    let name = call.str_arg(0)?.as_bytes();
    let offset = call.optional(1, 0, Call::long_arg)?;
    let length = call.optional(2, 0, Call::long_arg)?;
    if name.is_empty() {
        errors::warn("file to send is empty");
        return call.return_bool(false);
    }
    let Some(connection) = connected(call) else { return call.return_bool(false) };
    if !connection.socket.kind().is_stream() {
        errors::notice("dgram socket cannot use sendfile");
        return call.return_bool(false);
    }
    errors::set_last(0);
    let sent = match open_part(name, offset, length) {
        Ok(part) if connection.background.is_some() => connection.put_file(part),
        Ok(part) => connection.write_file(&part).map_err(Failure::from),
        Err(failure) => Err(failure),
    };
    if let Err(Failure(number)) = sent {
        errors::warn(&format!("sendfile() failed. Error: {} [{number}]", errors::text(number)));
        set_error(call.this(), Failure(number));
    }
    call.return_bool(sent.is_ok())
}

/// A part of a file to send; what is wrong with it is logged.
fn open_part(name: &[u8], offset: i64, length: i64) -> Result<Part, Failure> {
    const ORIGIN: &str = "network::check_sendfile_parameters()";
    let shown = String::from_utf8_lossy(name);
    Part::open(name, offset, length).map_err(|reason| match reason {
        NoPart::Open(error) => {
            let number = error.raw_os_error().unwrap_or(libc::EINVAL);
            log::system_warning(ORIGIN, &format!("open('{shown}') failed"), number);
            Failure(number)
        }
        NoPart::Empty => {
            let number = constants::SWOOLE_ERROR_FILE_EMPTY as i32;
            log::error(log::WARNING, ORIGIN, number, format!("cannot send empty file '{shown}'").as_bytes());
            Failure(number)
        }
        NoPart::Range => {
            let text = format!("length[{length}] or offset[{offset}] is invalid");
            log::error(log::WARNING, ORIGIN, errors::INVALID_PARAMS, text.as_bytes());
            Failure(errors::INVALID_PARAMS)
        }
    })
}

/// `recv(int $size = 65536, int $flag = 0): string|false`
pub fn recv(call: &mut Call<'_>) -> Return {
    let size = call.optional(0, 65_536, Call::long_arg)?;
    let mut flags = call.optional(1, 0, Call::long_arg)? as i32;
    if flags == 1 {
        // Swoole's own meaning, since long before there were constants.
        flags = libc::MSG_WAITALL;
    }
    let Some(connection) = connected(call) else { return call.return_bool(false) };
    if connection.has_packets() {
        return recv_packet(call, &connection);
    }
    let size = match usize::try_from(size) {
        Ok(size) if flags & libc::MSG_WAITALL == 0 => size.min(LARGEST_READ),
        Ok(size) => size,
        Err(_) => return failed(call, "recv() failed", io::Error::from_raw_os_error(libc::EINVAL)),
    };
    if size == 0 {
        return call.return_bytes(b"");
    }
    errors::set_last(0);
    let mut room = Room::new(size);
    match connection.read(room.bytes(), flags) {
        Ok(count) => call.return_value(room.finish(count).value()),
        Err(error) => failed(call, "recv() failed", error),
    }
}

fn recv_packet(call: &mut Call<'_>, connection: &Connection) -> Return {
    errors::set_last(0);
    let packet = connection.read_packet();
    if zend::exception_pending() {
        // Of the function that tells the length.
        return Err(Thrown);
    }
    match packet {
        Ok(Packet::Whole(packet)) => call.return_bytes(&packet),
        Ok(Packet::End | Packet::Refused(Refusal::Malformed { .. } | Refusal::NoLength { .. })) => {
            call.return_bytes(b"")
        }
        // Only servers read commands.
        Ok(Packet::Refused(Refusal::NotRedis | Refusal::CommandTooLong { .. })) => call.return_bytes(b""),
        Ok(Packet::Refused(Refusal::LengthTooLarge { length })) => {
            let number = constants::SWOOLE_ERROR_PACKAGE_LENGTH_TOO_LARGE as i32;
            errors::set_last(number);
            let text = format!("Package is too big. package_length={length}");
            log::error(log::WARNING, "zim_swoole_client_recv()", number, text.as_bytes());
            call.return_bytes(b"")
        }
        Ok(Packet::Refused(Refusal::NoEof { .. })) => {
            errors::notice("no package eof");
            call.return_bool(false)
        }
        Err(error) => failed(call, "recv() failed", error),
    }
}

/// `isConnected(): bool`
pub fn is_connected(call: &mut Call<'_>) -> Return {
    let connected = call.native::<Client>().connection().is_some_and(|connection| connection.active.get());
    call.return_bool(connected)
}

/// `getsockname(): array|false`
pub fn getsockname(call: &mut Call<'_>) -> Return {
    let Some(connection) = connected(call) else { return call.return_bool(false) };
    let name = connection.socket.local();
    return_address(call, "getsockname() failed", name)
}

/// `getpeername(): array|false`
pub fn getpeername(call: &mut Call<'_>) -> Return {
    let Some(connection) = connected(call) else { return call.return_bool(false) };
    let name = connection.socket.peer();
    return_address(call, "getpeername() failed", name)
}

fn return_address(call: &mut Call<'_>, what: &str, name: io::Result<crate::io::client::Address>) -> Return {
    match name {
        Ok(address) => {
            let mut array = Array::with_room(2);
            array.set_long("port", i64::from(address.port));
            array.set("host", zend::string(&address.host));
            call.return_value(array.into())
        }
        Err(error) => failed(call, what, error),
    }
}

/// `getSocket(): Socket|false`
pub fn get_socket(call: &mut Call<'_>) -> Return {
    let client = call.native::<Client>();
    if let Some(socket) = &*client.exported.borrow() {
        return call.return_value(socket.shallow_clone());
    }
    let Some(connection) = connected(call) else { return call.return_bool(false) };
    if connection.keep {
        errors::warn("the 'getSocket' method can't be used on persistent connection");
        return call.return_bool(false);
    }
    match stream::new_socket(connection.socket.fd()) {
        Ok(socket) => {
            *client.exported.borrow_mut() = Some(socket.shallow_clone());
            call.return_value(socket)
        }
        Err(text) => {
            errors::warn(&text);
            call.return_bool(false)
        }
    }
}

/// `shutdown(int $how): bool`
pub fn shutdown(call: &mut Call<'_>) -> Return {
    let Some(connection) = connected(call) else { return call.return_bool(false) };
    let how = call.long_arg(0)?;
    let done = connection.shutdown(how);
    call.return_bool(done)
}

/// `close(bool $force = false): bool`
pub fn close(call: &mut Call<'_>) -> Return {
    let force = call.optional(0, false, Call::bool_arg)?;
    end(call, force)
}

/// Ends the connection, or keeps it for another object.
fn end(call: &mut Call<'_>, force: bool) -> Return {
    let client = call.native::<Client>();
    let Some(connection) = client.connection() else {
        errors::warn("client is not connected to the server");
        return call.return_bool(false);
    };
    client.release();
    if connection.keep && !force && connection.active.get() && !ends_connection(errors::last()) {
        kept::put(connection);
    }
    call.return_bool(true)
}
