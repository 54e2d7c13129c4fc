//! `Swoole\Coroutine\Client`: a client whose calls let other coroutines run while they wait.

use super::socket::core::{Core, Failed, Limit};
use super::socket::object_of;
use crate::classes::client::{kind_of, unknown_type};
use crate::classes::proxy::{self, Given};
use crate::classes::settings::{find, size};
use crate::classes::{constants, errors, event, slots::swoole_coroutine_client as slot};
use crate::io::proxy::{Handshake, Proxy};
use crate::io::readiness::Direction::{Read, Write};
use crate::io::socket;
use crate::log;
use crate::native_handlers;
use crate::zend;
use crate::zend::array::Array;
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::object::{self, Native};
use crate::zend::objects;
use crate::zend::text::Text;
use ext_php_rs::types::{ZendHashTable, ZendObject, Zval};
use socket2::SockAddr;
use std::cell::RefCell;
use std::rc::Rc;

/// Bytes that one read takes at most.
const LARGEST_READ: usize = 65_535;

/// The Rust half of a client object.
pub struct Client {
    core: RefCell<Option<Rc<Core>>>,
    proxy: RefCell<Option<Proxy>>,
}

impl Native for Client {
    native_handlers!();

    fn new() -> Self {
        Self { core: RefCell::new(None), proxy: RefCell::new(None) }
    }

    fn ends(&self, object: &mut ZendObject) {
        // The object is no longer there to be told.
        let core = self.core.take();
        object::set_slot(object, slot::SOCKET, Zval::null());
        if let Some(core) = core {
            core.close();
        }
    }
}

/// The other side of an object's socket has been closed, by whoever had it: the object has none any more.
fn forget(handle: i64, gone: *const Core) {
    let Some(mut value) = objects::by_handle(handle) else { return };
    let Some(object) = value.object_mut() else { return };
    let had = match object::native::<Client>(object) {
        Some(client) if client.core.borrow().as_ref().is_some_and(|core| std::ptr::eq(Rc::as_ptr(core), gone)) => {
            client.core.take()
        }
        _ => return,
    };
    object::set_slot(object, slot::CONNECTED, false);
    object::set_slot(object, slot::SOCKET, Zval::null());
    drop(had);
}

fn show(this: &mut ZendObject, number: i32, words: &str) {
    errors::set_last(number);
    object::set_slot(this, slot::ERR_CODE, i64::from(number));
    object::set_slot(this, slot::ERR_MSG, words);
}

/// Shows an error and returns false.
fn refuse(call: &mut Call<'_>, number: i32) -> Return {
    show(call.this(), number, &errors::text(number));
    call.return_bool(false)
}

/// Shows how a call on the socket went and returns false, unless an exception is on its way.
fn failed(call: &mut Call<'_>, core: &Core) -> Return {
    if zend::exception_pending() {
        return Err(Thrown);
    }
    show(call.this(), core.error(), &core.error_text());
    call.return_bool(false)
}

/// The socket; without one that is shown, and false is returned.
fn opened(call: &mut Call<'_>) -> Result<Option<Rc<Core>>, Thrown> {
    let core = call.native::<Client>().core.borrow().clone().filter(|core| !core.is_closed());
    if core.is_none() {
        refuse(call, constants::SWOOLE_ERROR_CLIENT_NO_CONNECTION as i32)?;
    }
    Ok(core)
}

/// `__construct(int $type)`
pub fn __construct(call: &mut Call<'_>) -> Return {
    let number = call.long_arg(0)?;
    if kind_of(number).is_none() {
        return unknown_type(call, number);
    }
    object::set_slot(call.this(), slot::TYPE, number);
    Ok(())
}

/// `__destruct()`
pub fn __destruct(_call: &mut Call<'_>) -> Return {
    Ok(())
}

/// `set(array $settings): bool`
pub fn set(call: &mut Call<'_>) -> Return {
    let given = call.array_arg(0)?;
    if given.is_empty() {
        return call.return_bool(false);
    }
    let mut all = match object::slot(call.this(), slot::SETTING).array() {
        Some(before) => Array::copy_of(before),
        None => Array::new(),
    };
    all.merge(given);
    object::set_slot(call.this(), slot::SETTING, Zval::from(all));
    let core = call.native::<Client>().core.borrow().clone();
    let fine = match core {
        Some(core) => apply(&core, call.native::<Client>(), given)?,
        None => true,
    };
    call.return_bool(fine)
}

/// Applies settings to a socket. False when one cannot be followed; the socket's error, or a warning, says why.
fn apply(core: &Core, client: &Client, given: &ZendHashTable) -> Result<bool, Thrown> {
    let seconds = |name| find(given, &[name]).map(zend::to_double).filter(|seconds| *seconds != 0.0);
    let mut timeouts = core.timeouts.get();
    if let Some(all) = seconds("timeout") {
        (timeouts.dns, timeouts.connect, timeouts.read, timeouts.write) = (all, all, all, all);
    }
    timeouts.connect = seconds("connect_timeout").unwrap_or(timeouts.connect);
    timeouts.read = seconds("read_timeout").unwrap_or(timeouts.read);
    timeouts.write = seconds("write_timeout").unwrap_or(timeouts.write);
    core.timeouts.set(timeouts);
    let mut fine = true;
    let port = find(given, &["bind_port"]).map_or(0, zend::to_long).clamp(0, u16::MAX.into());
    if let Some(host) = find(given, &["bind_address"]).map(Text::of).transpose()?
        && !host.as_bytes().is_empty()
    {
        fine = core.bind(host.as_bytes(), port).is_ok();
    }
    match size(given, &["socket_buffer_size"]) {
        Some(bytes) if bytes <= 0 => {
            errors::warn(&format!("socket buffer size must be greater than 0, got {bytes}"));
            fine = false;
        }
        Some(bytes) => {
            let bytes = bytes.min(i32::MAX.into()) as i32;
            for name in [libc::SO_RCVBUF, libc::SO_SNDBUF] {
                // Smaller buffers than asked for are still buffers.
                let _ = socket::set_option(core.fd(), libc::SOL_SOCKET, name, &bytes);
            }
        }
        None => {}
    }
    if let Some(on) = find(given, &["open_tcp_nodelay"]).map(Zval::coerce_to_bool)
        && core.kind == libc::SOCK_STREAM
        && core.domain != libc::AF_UNIX
        && let Err(error) = socket::set_option(core.fd(), libc::IPPROTO_TCP, libc::TCP_NODELAY, &i32::from(on))
    {
        log::system_warning(
            "Socket::set_tcp_nodelay()",
            "setsockopt(TCP_NODELAY) failed",
            error.raw_os_error().unwrap_or(0),
        );
    }
    // TLS begins later, behind the proxies.
    let mut plain = Array::copy_of(given);
    plain.set("open_ssl", zend::boolean(false));
    let plain = Zval::from(plain);
    if let Some(plain) = plain.array() {
        fine &= core.set_protocol(plain)?;
    }
    match proxy::given(given)? {
        Given::Nothing => {}
        Given::Proxy(found) => *client.proxy.borrow_mut() = Some(found),
        Given::Refused { .. } => {
            core.set_error(errors::last());
            fine = false;
        }
    }
    Ok(fine)
}

/// What a socket for `connect()` may turn out to be.
enum Made {
    Socket(Rc<Core>),
    /// False was returned.
    Refused,
}

/// Makes a socket of the object's type with its settings.
fn make(call: &mut Call<'_>, port: i64) -> Result<Made, Thrown> {
    let client = call.native::<Client>();
    let refused = |outcome: Return| outcome.map(|()| Made::Refused);
    if client.core.borrow().as_ref().is_some_and(|core| !core.is_closed()) {
        return refused(refuse(call, libc::EISCONN));
    }
    let number = zend::to_long(object::slot(call.this(), slot::TYPE));
    let Some(kind) = kind_of(number) else { return refused(refuse(call, libc::ESOCKTNOSUPPORT)) };
    if kind.is_tcp() && !(1..=i64::from(u16::MAX)).contains(&port) {
        errors::warn("The port is invalid");
        return refused(call.return_bool(false));
    }
    if number & constants::SWOOLE_SSL != 0 && !kind.is_stream() {
        // rustls knows no DTLS.
        return refused(crate::classes::not_in_this_release("TLS over datagrams (DTLS)"));
    }
    event::init();
    let shape = if kind.is_stream() { libc::SOCK_STREAM } else { libc::SOCK_DGRAM };
    let core = match Core::open(kind.family(), shape, 0) {
        Ok(core) => Rc::new(core),
        Err(error) => return refused(refuse(call, error.raw_os_error().unwrap_or(libc::EMFILE))),
    };
    let this = call.this_value();
    let (handle, gone) = (objects::handle(&this), Rc::as_ptr(&core));
    drop(this);
    core.tell_close(Box::new(move || forget(handle, gone)));
    client.proxy.replace(None);
    client.core.replace(Some(Rc::clone(&core)));
    object::set_slot(call.this(), slot::FD, i64::from(core.fd()));
    object::set_slot(call.this(), slot::SOCKET, object_of(Rc::clone(&core), false));
    let given = object::slot(call.this(), slot::SETTING).shallow_clone();
    if let Some(given) = given.array()
        && !apply(&core, client, given)?
    {
        let number = if core.error() == 0 { errors::last() } else { core.error() };
        show(call.this(), number, &errors::text(number));
        core.close();
        return refused(call.return_bool(false));
    }
    Ok(Made::Socket(core))
}

/// Whether the object's type or settings ask for TLS.
fn secures(call: &mut Call<'_>) -> bool {
    let number = zend::to_long(object::slot(call.this(), slot::TYPE));
    let setting = object::slot(call.this(), slot::SETTING);
    let open = setting.array().and_then(|given| find(given, &["open_ssl"])).is_some_and(Zval::coerce_to_bool);
    number & constants::SWOOLE_SSL != 0 || open
}

/// `connect(string $host, int $port = 0, float $timeout = 0, int $sock_flag = 0): bool`
pub fn connect(call: &mut Call<'_>) -> Return {
    let host = call.str_arg(0)?.as_bytes();
    let port = call.optional(1, 0, Call::long_arg)?;
    let seconds = call.optional(2, 0.0, Call::double_arg)?;
    if host.is_empty() {
        errors::warn("The host is empty");
        return call.return_bool(false);
    }
    super::super::current_coroutine()?;
    let Made::Socket(core) = make(call, port)? else { return Ok(()) };
    if seconds != 0.0 {
        let mut timeouts = core.timeouts.get();
        timeouts.connect = seconds;
        core.timeouts.set(timeouts);
    }
    let secures = secures(call);
    let given = object::slot(call.this(), slot::SETTING).shallow_clone();
    let found = call.native::<Client>().proxy.borrow().clone().filter(|_| core.kind == libc::SOCK_STREAM);
    let connected = match &found {
        Some(proxy) => core
            .connect(proxy.host.as_bytes(), i64::from(proxy.port), 0.0)
            .and_then(|()| pass(&core, proxy, host, port, given.array())),
        None => core.connect(host, port, 0.0),
    };
    let connected = match connected {
        Ok(()) if secures => match core.want_tls(given.array())? {
            true => core.handshake(Some(host)),
            false => core.fail(constants::SWOOLE_ERROR_SSL_CREATE_CONTEXT_FAILED as i32),
        },
        other => other,
    };
    if connected.is_err() {
        // Shown before it is closed, which has an outcome of its own.
        let outcome = failed(call, &core);
        core.close();
        return outcome;
    }
    if seconds != 0.0 {
        let mut timeouts = core.timeouts.get();
        (timeouts.read, timeouts.write) = (seconds, seconds);
        core.timeouts.set(timeouts);
    }
    object::set_slot(call.this(), slot::CONNECTED, true);
    call.return_bool(true)
}

/// Asks a proxy for the way to the target.
fn pass(core: &Core, through: &Proxy, host: &[u8], port: i64, given: Option<&ZendHashTable>) -> Result<(), Failed> {
    let host = String::from_utf8_lossy(host).into_owned();
    let shown = given.and_then(|given| find(given, &["ssl_host_name"])).and_then(Zval::str).map(str::to_owned);
    let shown = shown.filter(|name| !name.is_empty()).unwrap_or_else(|| host.clone());
    let Ok(port) = u16::try_from(port) else { return core.fail(errors::BAD_PORT) };
    let refused = |error| {
        proxy::failed(through.kind, &error);
        core.fail(proxy::silence(through.kind))
    };
    let mut handshake = match Handshake::new(through, &host, port, &shown) {
        Ok(handshake) => handshake,
        Err(error) => return refused(error),
    };
    let mut limit = Limit::new(core.timeouts.get().read);
    let mut buffer = [0; 4096];
    loop {
        let output = handshake.take_output();
        if !output.is_empty() && core.send_all(&output, 0.0)? < output.len() {
            return Err(Failed);
        }
        if handshake.ready() {
            return Ok(());
        }
        // What is behind the proxy's answer is the target's.
        let count = core.until_done(Read, &mut limit, || socket::receive(core.fd(), &mut buffer, libc::MSG_PEEK))?;
        if count == 0 {
            return core.fail(proxy::silence(through.kind));
        }
        let taken = match handshake.receive(&buffer[..count]) {
            Ok(taken) => taken,
            Err(error) => return refused(error),
        };
        core.until_done(Read, &mut limit, || socket::receive(core.fd(), &mut buffer[..taken], 0))?;
    }
}

/// `recv(float $timeout = 0): string|false`
pub fn recv(call: &mut Call<'_>) -> Return {
    let seconds = call.optional(0, 0.0, Call::double_arg)?;
    let Some(core) = opened(call)? else { return Ok(()) };
    let packets = {
        let settings = core.settings.borrow();
        settings.length_check || settings.eof_check
    };
    let came = match packets {
        true => core.receive_packet(seconds, zend::string).map(|packet| packet.unwrap_or_else(|| zend::string(b""))),
        false => core.receive(LARGEST_READ, seconds, zend::string),
    };
    match came {
        Ok(data) => call.return_value(data),
        Err(Failed) => failed(call, &core),
    }
}

/// `peek(int $length = 65535): string|false`
pub fn peek(call: &mut Call<'_>) -> Return {
    let length = call.optional(0, LARGEST_READ as i64, Call::long_arg)?;
    let Some(core) = opened(call)? else { return Ok(()) };
    let Some(length) = usize::try_from(length).ok().filter(|length| *length > 0) else {
        return refuse(call, libc::EINVAL);
    };
    match core.peek(length, zend::string) {
        Ok(data) => call.return_value(data),
        Err(Failed) => failed(call, &core),
    }
}

/// `send(string $data, float $timeout = 0): int|false`
pub fn send(call: &mut Call<'_>) -> Return {
    let data = call.str_arg(0)?.as_bytes();
    let seconds = call.optional(1, 0.0, Call::double_arg)?;
    if data.is_empty() {
        errors::warn("data to send is empty");
        return call.return_bool(false);
    }
    let Some(core) = opened(call)? else { return Ok(()) };
    match core.send_all(data, seconds) {
        Ok(count) => {
            if count < data.len() && core.error() != 0 {
                show(call.this(), core.error(), &core.error_text());
            }
            call.return_long(count as i64)
        }
        Err(Failed) => failed(call, &core),
    }
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
    let Some(core) = opened(call)? else { return Ok(()) };
    if core.kind != libc::SOCK_STREAM {
        show(call.this(), libc::EINVAL, "dgram socket cannot use sendfile");
        return call.return_bool(false);
    }
    if offset < 0 || length < 0 {
        return refuse(call, libc::EINVAL);
    }
    match core.send_file(name, offset, length) {
        Ok(()) => call.return_bool(true),
        Err(Failed) => failed(call, &core),
    }
}

/// The socket for datagrams, made when there is none. `None` when false was returned.
fn for_datagrams(call: &mut Call<'_>) -> Result<Option<Rc<Core>>, Thrown> {
    if let Some(core) = call.native::<Client>().core.borrow().clone() {
        return Ok(Some(core));
    }
    Ok(match make(call, 0)? {
        Made::Socket(core) => Some(core),
        Made::Refused => None,
    })
}

/// `sendto(string $address, int $port, string $data): bool`
pub fn sendto(call: &mut Call<'_>) -> Return {
    let host = call.str_arg(0)?.as_bytes();
    let port = call.long_arg(1)?;
    let data = call.str_arg(2)?.as_bytes();
    if data.is_empty() {
        return call.return_bool(false);
    }
    let Some(core) = for_datagrams(call)? else { return Ok(()) };
    match core.send_to(host, port, data) {
        Ok(_) => call.return_bool(true),
        Err(Failed) => failed(call, &core),
    }
}

/// `recvfrom(int $length, mixed &$address, mixed &$port = 0): string|false`
pub fn recvfrom(call: &mut Call<'_>) -> Return {
    let Some(length) = usize::try_from(call.long_arg(0)?).ok().filter(|length| *length > 0) else {
        return call.return_bool(false);
    };
    let Some(core) = for_datagrams(call)? else { return Ok(()) };
    match core.receive_from(0.0, |bytes| zend::string(&bytes[..bytes.len().min(length)])) {
        Ok(data) => {
            let (host, port) = core.name.borrow().as_ref().map(socket::name).unwrap_or_default();
            call.assign(1, zend::string(&host));
            call.assign(2, zend::long(i64::from(port)));
            if zend::exception_pending() { Err(Thrown) } else { call.return_value(data) }
        }
        Err(Failed) => failed(call, &core),
    }
}

/// `enableSSL(): bool`
pub fn enable_ssl(call: &mut Call<'_>) -> Return {
    let Some(core) = opened(call)? else { return Ok(()) };
    if core.kind != libc::SOCK_STREAM || core.domain == libc::AF_UNIX {
        return refuse(call, libc::ESOCKTNOSUPPORT);
    }
    if core.is_encrypted() {
        return refuse(call, libc::EISCONN);
    }
    let given = object::slot(call.this(), slot::SETTING).shallow_clone();
    let done = match core.want_tls(given.array())? {
        true => core.handshake(None),
        false => core.fail(constants::SWOOLE_ERROR_SSL_CREATE_CONTEXT_FAILED as i32),
    };
    match done {
        Ok(()) => call.return_bool(true),
        Err(Failed) => failed(call, &core),
    }
}

/// `getPeerCert(): string|false`
pub fn get_peer_cert(call: &mut Call<'_>) -> Return {
    let Some(core) = opened(call)? else { return Ok(()) };
    if !core.is_encrypted() {
        return refuse(call, libc::EISCONN);
    }
    match core.peer_certificate() {
        Ok(text) => call.return_bytes(text.as_bytes()),
        Err(error) => refuse(call, error.code()),
    }
}

/// `verifyPeerCert(bool $allow_self_signed = false): bool`
pub fn verify_peer_cert(call: &mut Call<'_>) -> Return {
    let allow_self_signed = call.optional(0, false, Call::bool_arg)?;
    let Some(core) = opened(call)? else { return Ok(()) };
    if !core.is_encrypted() {
        return refuse(call, libc::ENOTCONN);
    }
    let verified = core.verify_peer(allow_self_signed);
    if let Err(error) = &verified {
        /// `SWOOLE_LOG_NOTICE`.
        const NOTICE: i32 = 3;
        errors::set_last(error.code());
        log::error(NOTICE, "Socket::ssl_verify()", error.code(), error.text().as_bytes());
    }
    call.return_bool(verified.is_ok())
}

/// `isConnected(): bool`
pub fn is_connected(call: &mut Call<'_>) -> Return {
    let core = call.native::<Client>().core.borrow().clone();
    call.return_bool(core.is_some_and(|core| !core.is_closed() && core.connected.get()))
}

fn return_address(call: &mut Call<'_>, core: &Core, name: std::io::Result<SockAddr>) -> Return {
    match name {
        Ok(name) => {
            let (host, port) = socket::name(&name);
            let mut array = Array::with_room(3);
            array.set("host", zend::string(&host));
            array.set("address", zend::string(&host));
            array.set_long("port", i64::from(port));
            call.return_value(array.into())
        }
        Err(error) => {
            core.set_error(error.raw_os_error().unwrap_or(0));
            failed(call, core)
        }
    }
}

/// `getsockname(): array|false`
pub fn getsockname(call: &mut Call<'_>) -> Return {
    let Some(core) = opened(call)? else { return Ok(()) };
    let name = socket::local(core.fd());
    return_address(call, &core, name)
}

/// `getpeername(): array|false`
pub fn getpeername(call: &mut Call<'_>) -> Return {
    let Some(core) = opened(call)? else { return Ok(()) };
    let name = socket::peer(core.fd());
    return_address(call, &core, name)
}

/// `close(): bool`
pub fn close(call: &mut Call<'_>) -> Return {
    let Some(core) = opened(call)? else { return Ok(()) };
    object::set_slot(call.this(), slot::CONNECTED, false);
    if core.bound(Read) == 0 && core.bound(Write) == 0 {
        core.close();
        return call.return_bool(true);
    }
    // Who waits leaves first, and is free to close it.
    let _ = core.shutdown(libc::SHUT_RDWR);
    core.cancel(Write);
    core.cancel(Read);
    refuse(call, constants::SWOOLE_ERROR_CO_SOCKET_CLOSE_WAIT as i32)
}

/// `exportSocket(): Swoole\Coroutine\Socket|false`
pub fn export_socket(call: &mut Call<'_>) -> Return {
    let socket = object::slot(call.this(), slot::SOCKET).shallow_clone();
    call.return_value(socket)
}
