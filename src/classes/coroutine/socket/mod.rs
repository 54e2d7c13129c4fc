//! `Swoole\Coroutine\Socket`.

pub(crate) mod core;
mod options;
mod secure;
mod transfer;
mod vector;

pub use options::{get_option, set_option};
pub use vector::{read_vector, read_vector_all, write_vector, write_vector_all};

use crate::classes::{self, ce, errors, event, framing, slots::swoole_coroutine_socket as slot};
use crate::coroutine::engine;
use crate::io::readiness::Direction;
use crate::io::socket;
use crate::native_handlers;
use crate::zend::array::Array;
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::callable::Callable;
use crate::zend::object::{self, Native};
use crate::zend::{self, stream};
use core::Core;
use ext_php_rs::types::{ZendObject, Zval};
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

/// A socket in PHP's hands; none until the constructor has run.
pub struct Socket {
    core: OnceCell<Rc<Core>>,
    /// The stream that the descriptor belongs to.
    stream: RefCell<Option<Zval>>,
    /// Another object's, which closes it.
    lent: Cell<bool>,
}

impl Native for Socket {
    native_handlers!();

    fn new() -> Self {
        Self { core: OnceCell::new(), stream: RefCell::new(None), lent: Cell::new(false) }
    }

    fn visit(&self, visit: &mut dyn FnMut(&Zval)) {
        if let Ok(stream) = self.stream.try_borrow()
            && let Some(stream) = &*stream
        {
            visit(stream);
        }
    }
}

/// Bytes that are read when nobody says how many.
const DEFAULT_LENGTH: i64 = 65536;

/// Shows in the object's properties how its last call went.
fn show_error_in(object: &mut ZendObject, core: &Core) {
    let number = i64::from(core.error());
    if number == 0 && object::slot(object, slot::ERR_CODE).long() == Some(0) {
        return;
    }
    object::set_slot(object, slot::ERR_CODE, number);
    object::set_slot(object, slot::ERR_MSG, core.error_text().as_str());
}

/// Shows in `$this` how its last call went.
fn show_error(call: &mut Call<'_>, core: &Core) {
    show_error_in(call.this(), core);
}

/// Shows how the call went and returns `value`, false if there is none.
fn done(call: &mut Call<'_>, core: &Core, value: Option<Zval>) -> Return {
    show_error(call, core);
    if zend::exception_pending() {
        return Err(Thrown);
    }
    match value {
        Some(value) => call.return_value(value),
        None => call.return_bool(false),
    }
}

/// As [`done`] for calls that touch the properties only when they fail; returns whether they did not.
fn succeeded(call: &mut Call<'_>, core: &Core, outcome: core::Outcome<()>) -> Return {
    match outcome {
        Ok(()) => call.return_bool(true),
        Err(core::Failed) => done(call, core, None),
    }
}

/// The socket of `$this`, held for the length of the call. `None` when it is closed: false is returned then.
///
/// # Errors
/// A child class did not call the parent constructor.
fn opened(call: &mut Call<'_>) -> Result<Option<Rc<Core>>, Thrown> {
    let Some(core) = call.native::<Socket>().core.get() else {
        return zend::throw(ce::swoole_error(), "must call constructor first", errors::WRONG_OPERATION.into());
    };
    if core.is_closed() {
        object::set_slot(call.this(), slot::ERR_CODE, i64::from(libc::EBADF));
        object::set_slot(call.this(), slot::ERR_MSG, errors::text(libc::EBADF).as_str());
        call.return_bool(false)?;
        return Ok(None);
    }
    Ok(Some(core.clone()))
}

fn fill(object: &mut ZendObject, core: &Core) {
    object::set_slot(object, slot::FD, i64::from(core.fd()));
    object::set_slot(object, slot::DOMAIN, i64::from(core.domain));
    object::set_slot(object, slot::TYPE, i64::from(core.kind));
    object::set_slot(object, slot::PROTOCOL, i64::from(core.protocol));
}

/// A new object around a socket. A lent one is closed by its owner only.
pub(crate) fn object_of(core: Rc<Core>, lent: bool) -> Zval {
    object::instantiate_with::<Socket>(ce::swoole_coroutine_socket(), |native, object| {
        fill(object, &core);
        native.lent.set(lent);
        let _ = native.core.set(core);
    })
}

/// Has the loop run at the script's end if nobody runs it before.
pub(crate) fn need_loop() {
    if engine::current_id().is_none() && !engine::loop_running() {
        event::init();
    }
}

/// `__construct(int $domain, int $type, int $protocol = IPPROTO_IP)`
pub fn __construct(call: &mut Call<'_>) -> Return {
    let (domain, kind) = (call.long_arg(0)? as i32, call.long_arg(1)? as i32);
    let protocol = call.optional(2, 0, Call::long_arg)? as i32;
    if call.native::<Socket>().core.get().is_some() {
        return classes::constructed_twice(call);
    }
    need_loop();
    match Core::open(domain, kind, protocol) {
        Ok(core) => {
            fill(call.this(), &core);
            let _ = call.native::<Socket>().core.set(Rc::new(core));
            Ok(())
        }
        Err(error) => {
            let number = error.raw_os_error().unwrap_or(0);
            let words = format!("new Socket() failed. Error: {} [{number}]", errors::text(number));
            zend::throw(ce::swoole_coroutine_socket_exception(), &words, number.into())
        }
    }
}

/// `swoole_coroutine_socketpair(int $domain, int $type, int $protocol): array|false`
pub(crate) fn pair(call: &mut Call<'_>) -> Return {
    let (domain, kind) = (call.long_arg(0)? as i32, call.long_arg(1)? as i32);
    let protocol = call.long_arg(2)? as i32;
    match socket::pair(domain, kind, protocol) {
        Ok(both) => {
            need_loop();
            let mut made = Array::new();
            for fd in both {
                let core = Core::from_descriptor(fd, domain, kind, 0, false);
                core.connected.set(true);
                made.push(object_of(Rc::new(core), false));
            }
            call.return_value(made.into())
        }
        Err(error) => {
            errors::warn_of_system("failed to create socket", &error);
            call.return_bool(false)
        }
    }
}

/// `bind(string $address, int $port = 0): bool`
pub fn bind(call: &mut Call<'_>) -> Return {
    let address = call.str_arg(0)?.as_bytes();
    let port = call.optional(1, 0, Call::long_arg)?;
    let Some(core) = opened(call)? else { return Ok(()) };
    let outcome = core.bind(address, port);
    succeeded(call, &core, outcome)
}

/// `listen(int $backlog = 512): bool`
pub fn listen(call: &mut Call<'_>) -> Return {
    let backlog = call.optional(0, 0, Call::long_arg)?;
    let Some(core) = opened(call)? else { return Ok(()) };
    let outcome = core.listen(backlog);
    succeeded(call, &core, outcome)
}

/// `accept(float $timeout = 0): Socket|false`
pub fn accept(call: &mut Call<'_>) -> Return {
    let seconds = call.optional(0, 0.0, Call::double_arg)?;
    let Some(core) = opened(call)? else { return Ok(()) };
    match core.accept(seconds) {
        Ok(connection) => call.return_value(object_of(Rc::new(connection), false)),
        Err(core::Failed) => done(call, &core, None),
    }
}

/// `connect(string $host, int $port = 0, float $timeout = 0): bool`
pub fn connect(call: &mut Call<'_>) -> Return {
    let host = call.str_arg(0)?.as_bytes();
    let port = call.optional(1, 0, Call::long_arg)?;
    let seconds = call.optional(2, 0.0, Call::double_arg)?;
    let Some(core) = opened(call)? else { return Ok(()) };
    if core.is_inet() {
        if call.len() == 1 {
            errors::notice("Socket of type AF_INET/AF_INET6 requires port argument");
            return call.return_bool(false);
        }
        if port == 0 || port >= 65536 {
            errors::notice(&format!("Invalid port argument[{port}]"));
            return call.return_bool(false);
        }
    }
    let outcome = core.connect(host, port, seconds);
    succeeded(call, &core, outcome)
}

/// `checkLiveness(): bool`
pub fn check_liveness(call: &mut Call<'_>) -> Return {
    let Some(core) = opened(call)? else { return Ok(()) };
    let alive = core.check_liveness().is_ok();
    show_error(call, &core);
    call.return_bool(alive)
}

/// `getBoundCid(int $event): int`
pub fn get_bound_cid(call: &mut Call<'_>) -> Return {
    let event = call.long_arg(0)?;
    let Some(core) = opened(call)? else { return Ok(()) };
    let wanted = [(classes::constants::SWOOLE_EVENT_READ, Direction::Read), (WRITE, Direction::Write)];
    let bound = wanted.into_iter().filter(|(bit, _)| event & bit != 0).map(|(_, direction)| core.bound(direction));
    call.return_long(bound.into_iter().find(|id| *id != 0).unwrap_or(0))
}

/// `SWOOLE_EVENT_WRITE`.
const WRITE: i64 = classes::constants::SWOOLE_EVENT_WRITE;

/// An optional number of bytes; what is not positive means the default.
fn length(call: &Call<'_>, index: usize) -> Result<usize, Thrown> {
    let length = call.optional(index, DEFAULT_LENGTH, Call::long_arg)?;
    Ok(usize::try_from(if length <= 0 { DEFAULT_LENGTH } else { length }).unwrap_or(usize::MAX))
}

/// `peek(int $length = 65536): string|false`
pub fn peek(call: &mut Call<'_>) -> Return {
    let length = length(call, 0)?;
    let Some(core) = opened(call)? else { return Ok(()) };
    let seen = core.peek(length, zend::string);
    done(call, &core, seen.ok())
}

/// One of the ways to read at most `$length` bytes in `$timeout` seconds.
fn read(call: &mut Call<'_>, how: fn(&Core, usize, f64) -> core::Outcome<Zval>) -> Return {
    let length = length(call, 0)?;
    let seconds = call.optional(1, 0.0, Call::double_arg)?;
    let Some(core) = opened(call)? else { return Ok(()) };
    let read = how(&core, length, seconds);
    done(call, &core, read.ok())
}

/// `recv(int $length = 65536, float $timeout = 0): string|false`
pub fn recv(call: &mut Call<'_>) -> Return {
    read(call, |core, length, seconds| core.receive(length, seconds, zend::string))
}

/// `recvAll(int $length = 65536, float $timeout = 0): string|false`
pub fn recv_all(call: &mut Call<'_>) -> Return {
    read(call, |core, length, seconds| core.receive_all(length, seconds).map(|all| zend::string(&all)))
}

/// `recvLine(int $length = 65536, float $timeout = 0): string|false`
pub fn recv_line(call: &mut Call<'_>) -> Return {
    read(call, |core, length, seconds| core.receive_line(length, seconds, zend::string))
}

/// `recvWithBuffer(int $length = 65536, float $timeout = 0): string|false`
pub fn recv_with_buffer(call: &mut Call<'_>) -> Return {
    read(call, |core, length, seconds| core.receive_buffered(length, seconds, zend::string))
}

/// `recvPacket(float $timeout = 0): string|false`
pub fn recv_packet(call: &mut Call<'_>) -> Return {
    let seconds = call.optional(0, 0.0, Call::double_arg)?;
    let Some(core) = opened(call)? else { return Ok(()) };
    let packet = core.receive_packet(seconds, zend::string);
    let value = match packet {
        Ok(packet) => Some(packet.unwrap_or_else(|| zend::string(b""))),
        // As in Swoole: a length that cannot be is the end of the stream to the caller.
        Err(core::Failed) if core.error() == classes::constants::SWOOLE_ERROR_PACKAGE_LENGTH_NOT_FOUND as i32 => {
            Some(zend::string(b""))
        }
        Err(core::Failed) => None,
    };
    done(call, &core, value)
}

/// `send(string $data, float $timeout = 0): int|false`
pub fn send(call: &mut Call<'_>) -> Return {
    let data = call.str_arg(0)?.as_bytes();
    let seconds = call.optional(1, 0.0, Call::double_arg)?;
    let Some(core) = opened(call)? else { return Ok(()) };
    let sent = core.send(data, seconds);
    done(call, &core, sent.ok().map(|count| zend::long(count as i64)))
}

/// `sendAll(string $data, float $timeout = 0): int|false`
pub fn send_all(call: &mut Call<'_>) -> Return {
    let data = call.str_arg(0)?.as_bytes();
    let seconds = call.optional(1, 0.0, Call::double_arg)?;
    let Some(core) = opened(call)? else { return Ok(()) };
    let sent = core.send_all(data, seconds);
    done(call, &core, sent.ok().map(|count| zend::long(count as i64)))
}

/// `sendFile(string $file, int $offset = 0, int $length = 0): bool`
pub fn send_file(call: &mut Call<'_>) -> Return {
    let file = call.str_arg(0)?.as_bytes();
    let (offset, length) = (call.optional(1, 0, Call::long_arg)?, call.optional(2, 0, Call::long_arg)?);
    if file.is_empty() {
        errors::warn("file to send is empty");
        return call.return_bool(false);
    }
    let Some(core) = opened(call)? else { return Ok(()) };
    let outcome = core.send_file(file, offset, length);
    succeeded(call, &core, outcome)
}

/// An address in an array.
fn address(address: Option<&socket2::SockAddr>) -> Zval {
    let (host, port) = address.map(socket::name).unwrap_or_default();
    let mut made = Array::new();
    made.set("address", zend::string(&host));
    made.set_long("port", port.into());
    made.into()
}

/// `recvfrom(mixed &$peername, float $timeout = 0): string|false`
pub fn recvfrom(call: &mut Call<'_>) -> Return {
    let seconds = call.optional(1, 0.0, Call::double_arg)?;
    let Some(core) = opened(call)? else { return Ok(()) };
    let message = core.receive_from(seconds, zend::string);
    if let Ok(message) = &message
        && message.zend_str().is_some_and(|text| !text.as_bytes().is_empty())
    {
        let from = address(core.name.borrow().as_ref());
        call.assign(0, from);
    }
    done(call, &core, message.ok())
}

/// `sendto(string $addr, int $port, string $data): int|false`
pub fn sendto(call: &mut Call<'_>) -> Return {
    let host = call.str_arg(0)?.as_bytes();
    let port = call.long_arg(1)?;
    let data = call.str_arg(2)?.as_bytes();
    let Some(core) = opened(call)? else { return Ok(()) };
    let sent = core.send_to(host, port, data);
    done(call, &core, sent.ok().map(|count| zend::long(count as i64)))
}

/// `setProtocol(array $settings): bool`
pub fn set_protocol(call: &mut Call<'_>) -> Return {
    let given = call.array_arg(0)?;
    let Some(core) = opened(call)? else { return Ok(()) };
    if given.is_empty() {
        return call.return_bool(false);
    }
    let fine = core.set_protocol(given)?;
    call.return_bool(fine)
}

impl Core {
    /// Changes the rule for packets to what `given` says. False after a warning.
    ///
    /// # Errors
    /// A value cannot be converted.
    pub(crate) fn set_protocol(&self, given: &ext_php_rs::types::ZendHashTable) -> Result<bool, Thrown> {
        let secure = self.set_tls(given)?;
        let mut settings = self.settings.borrow().clone();
        let fine = framing::apply(&mut settings, given, framing::Reader::Socket)?;
        let old = self.settings.replace(settings);
        drop(old);
        Ok(fine && secure)
    }
}

/// `sslHandshake(): bool`
pub fn ssl_handshake(call: &mut Call<'_>) -> Return {
    let Some(core) = opened(call)? else { return Ok(()) };
    let outcome = core.handshake(None);
    succeeded(call, &core, outcome)
}

/// `shutdown(int $how = SHUT_RDWR): bool`
pub fn shutdown(call: &mut Call<'_>) -> Return {
    let how = call.optional(0, libc::SHUT_RDWR.into(), Call::long_arg)?;
    let Some(core) = opened(call)? else { return Ok(()) };
    let outcome = core.shutdown(how as i32);
    succeeded(call, &core, outcome)
}

/// `close(): bool`
pub fn close(call: &mut Call<'_>) -> Return {
    let Some(core) = opened(call)? else { return Ok(()) };
    let native = call.native::<Socket>();
    if native.lent.get() {
        errors::notice("cannot close the referenced resource");
        return call.return_bool(false);
    }
    core.close();
    let stream = native.stream.take();
    if let Some(stream) = stream
        && let Some(close) = Callable::new(&zend::string(b"fclose"))
    {
        close.call(&[stream])?;
    }
    call.return_bool(true)
}

/// `cancel(int $event = SWOOLE_EVENT_READ): bool`
pub fn cancel(call: &mut Call<'_>) -> Return {
    let event = call.optional(0, classes::constants::SWOOLE_EVENT_READ, Call::long_arg)?;
    let Some(core) = opened(call)? else { return Ok(()) };
    let reads = event == classes::constants::SWOOLE_EVENT_READ;
    let canceled = core.cancel(if reads { Direction::Read } else { Direction::Write });
    call.return_bool(canceled)
}

/// `getsockname(): array|false`
pub fn getsockname(call: &mut Call<'_>) -> Return {
    let Some(core) = opened(call)? else { return Ok(()) };
    match socket::local(core.fd()) {
        Ok(name) => {
            let shown = address(Some(&name));
            core.name.replace(Some(name));
            call.return_value(shown)
        }
        Err(error) => {
            core.set_error(error.raw_os_error().unwrap_or(0));
            done(call, &core, None)
        }
    }
}

/// `getpeername(): array|false`
pub fn getpeername(call: &mut Call<'_>) -> Return {
    let Some(core) = opened(call)? else { return Ok(()) };
    match socket::peer(core.fd()) {
        Ok(name) => call.return_value(address(Some(&name))),
        Err(error) => {
            core.set_error(error.raw_os_error().unwrap_or(0));
            done(call, &core, None)
        }
    }
}

/// `isClosed(): bool`
pub fn is_closed(call: &mut Call<'_>) -> Return {
    let closed = call.native::<Socket>().core.get().is_none_or(|core| core.is_closed());
    call.return_bool(closed)
}

/// `import(resource $stream): Socket|false`
pub fn import(call: &mut Call<'_>) -> Return {
    let resource = call.resource_arg(0)?;
    let Some(fd) = stream::socket(resource) else {
        return if zend::exception_pending() { Err(Thrown) } else { call.return_bool(false) };
    };
    let mut domain = libc::AF_INET;
    if socket::option(fd, libc::SOL_SOCKET, libc::SO_DOMAIN, &mut domain).is_err()
        && let Err(error) = socket::local(fd)
    {
        errors::warn_of_system("getsockname() failed", &error);
        return call.return_bool(false);
    }
    let mut kind = libc::SOCK_STREAM;
    if let Err(error) = socket::option(fd, libc::SOL_SOCKET, libc::SO_TYPE, &mut kind) {
        errors::warn_of_system("getsockopt(SOL_SOCKET, SO_TYPE) failed", &error);
        return call.return_bool(false);
    }
    let core = Core::from_descriptor(fd, domain, kind, 0, true);
    core.connected.set(socket::peer(fd).is_ok());
    if let Some(unbuffered) = Callable::new(&zend::string(b"stream_set_read_buffer")) {
        unbuffered.call(&[resource.shallow_clone(), zend::long(0)])?;
    }
    let made = object_of(Rc::new(core), false);
    if let Some(native) = made.object().and_then(object::native::<Socket>) {
        native.stream.replace(Some(resource.shallow_clone()));
    }
    call.return_value(made)
}
