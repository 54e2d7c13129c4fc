//! `Swoole\Coroutine\Http\Client`.
//!
//! `link.rs` opens and keeps the connection and waits on it, `send.rs` makes requests out of the properties, `receive.rs` takes replies in.
//! Properties are what PHP code sees and changes; what is asked on each request but is no property is in [`Client`].

pub(crate) mod link;
pub(crate) mod receive;
pub(crate) mod send;
pub(crate) mod settings;
mod upload;
mod websocket;

use self::link::{Link, Stop};
use self::send::Sent;
use crate::classes::websocket::frame::Outgoing;
use crate::classes::{self, ce, constants, errors, slots::swoole_coroutine_http_client as slot};
use crate::io::mime;
use crate::io::websocket::{flag, opcode};
use crate::native_handlers;
use crate::zend::array::Array;
use crate::zend::call::{Call, Return};
use crate::zend::callable::Callable;
use crate::zend::object::{self, Native};
use crate::zend::{self, string};
use ext_php_rs::types::{ZendObject, Zval};
use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

/// `statusCode` when there is no connection.
const CONNECT_FAILED: i64 = constants::SWOOLE_HTTP_CLIENT_ESTATUS_CONNECT_FAILED;
/// `statusCode` when the reply did not come in time.
const REQUEST_TIMEOUT: i64 = constants::SWOOLE_HTTP_CLIENT_ESTATUS_REQUEST_TIMEOUT;
/// `statusCode` when the connection ended, or what came is no reply.
const SERVER_RESET: i64 = constants::SWOOLE_HTTP_CLIENT_ESTATUS_SERVER_RESET;
/// `statusCode` when the request could not be sent.
const SEND_FAILED: i64 = constants::SWOOLE_HTTP_CLIENT_ESTATUS_SEND_FAILED;

/// The Rust half of a client.
pub struct Client {
    server: OnceCell<Server>,
    options: Options,
    link: Link,
    write_func: RefCell<Option<Rc<Callable>>>,
    basic_auth: RefCell<Option<String>>,
    /// The head of the last request.
    sent: RefCell<Vec<u8>>,
    /// What the request that has no reply yet asked for.
    awaited: Cell<Option<Awaited>>,
}

/// Whom the constructor named.
pub(crate) struct Server {
    pub(crate) host: Vec<u8>,
    pub(crate) port: i64,
    /// The port was left out.
    pub(crate) default_port: bool,
    pub(crate) secure: bool,
    pub(crate) unix: bool,
    /// What `Host` says by itself, once it was needed.
    authority: OnceCell<Vec<u8>>,
}

impl Server {
    /// The server that these arguments of a constructor mean.
    pub(crate) fn new(name: &[u8], port: i64, secure: bool) -> Self {
        let path = link::unix_path(name);
        let default = if secure { 443 } else { 80 };
        Self {
            host: path.as_ref().map_or(name, |path| path).to_vec(),
            port: if port == 0 { default } else { port },
            default_port: port == 0,
            secure,
            unix: path.is_some(),
            authority: OnceCell::new(),
        }
    }
}

/// What `set()` changes and requests ask for.
struct Options {
    /// Seconds for connecting, 0 for the default.
    connect_timeout: Cell<f64>,
    /// Seconds for a reply, 0 for the default.
    timeout: Cell<f64>,
    max_retries: Cell<u8>,
    defer: Cell<bool>,
    lowercase_header: Cell<bool>,
    keep_alive: Cell<bool>,
    http_compression: Cell<bool>,
    body_decompression: Cell<bool>,
}

/// What a request asked for, as far as its reply depends on it.
#[derive(Clone, Copy)]
struct Awaited {
    bodyless: bool,
    /// The connection ends with the reply.
    last: bool,
}

impl Native for Client {
    native_handlers!();

    fn new() -> Self {
        Self {
            server: OnceCell::new(),
            options: Options {
                connect_timeout: Cell::new(0.0),
                timeout: Cell::new(0.0),
                max_retries: Cell::new(0),
                defer: Cell::new(false),
                lowercase_header: Cell::new(true),
                keep_alive: Cell::new(true),
                http_compression: Cell::new(true),
                body_decompression: Cell::new(true),
            },
            link: Link::default(),
            write_func: RefCell::new(None),
            basic_auth: RefCell::new(None),
            sent: RefCell::default(),
            awaited: Cell::new(None),
        }
    }

    fn visit(&self, visit: &mut dyn FnMut(&Zval)) {
        if let Some(callable) = &*self.write_func.borrow() {
            callable.visit(visit);
        }
    }
}

impl Client {
    /// Whom the constructor named.
    ///
    /// # Errors
    /// Throws when a child class did not call the parent constructor.
    fn server(&self) -> Result<&Server, Stop> {
        match self.server.get() {
            Some(server) => Ok(server),
            None => Ok(zend::throw(ce::swoole_error(), "must call constructor first", 0)?),
        }
    }

    /// Closes the connection; false when there is none, or when another coroutine has to notice it first.
    fn close(&self, this: &mut ZendObject) -> bool {
        self.awaited.set(None);
        if !self.link.held() {
            return false;
        }
        object::set_slot(this, slot::CONNECTED, false);
        object::set_slot(this, slot::SOCKET, Zval::null());
        self.link.close()
    }
}

/// Sets `errCode` and `errMsg`.
fn set_error(this: &mut ZendObject, code: i32, text: Option<&str>) {
    object::set_slot(this, slot::ERR_CODE, i64::from(code));
    match text {
        Some(text) => object::set_slot(this, slot::ERR_MSG, text),
        None => object::set_slot(this, slot::ERR_MSG, errors::text(code).as_str()),
    }
}

/// Sets `errCode`, `errMsg` and `statusCode`.
fn fail(this: &mut ZendObject, code: i32, text: Option<&str>, status: i64) {
    errors::set_last(code);
    set_error(this, code, text);
    object::set_slot(this, slot::STATUS_CODE, status);
}

/// Whether there is a connection; says so in `errCode` otherwise.
fn available(client: &Client, this: &mut ZendObject) -> bool {
    let open = client.link.open().is_some();
    if !open {
        let code = constants::SWOOLE_ERROR_CLIENT_NO_CONNECTION as i32;
        errors::set_last(code);
        set_error(this, code, None);
    }
    open
}

/// Turns the end of a call into its return value.
fn finish(call: &mut Call<'_>, outcome: Result<(), Stop>) -> Return {
    match outcome {
        Ok(()) => call.return_bool(true),
        Err(Stop::Failed) => call.return_bool(false),
        Err(Stop::Thrown(thrown)) => Err(thrown),
    }
}

/// Sends a request and, unless that is put off, waits for the reply.
fn run(call: &mut Call<'_>, path: &[u8]) -> Return {
    let (client, this, own) = (call.native::<Client>(), call.this(), call.this_value());
    let outcome = execute_request(client, this, &own, path);
    finish(call, outcome)
}

/// Sends a request and, unless that is put off, takes the reply.
///
/// A server may close a connection that it has kept while the next request is on its way. One that changes nothing is then sent once
/// more, on a new connection (RFC 9112, 9.3.1).
fn ask(client: &Client, this: &mut ZendObject, own: &Zval, path: &[u8]) -> Result<(), Stop> {
    match send::request(client, this, path)? {
        Sent::Away if client.options.defer.get() => return Ok(()),
        Sent::Away => return receive::reply(client, this, own, 0.0, false).map(|_| ()),
        Sent::OnKept if receive::reply(client, this, own, 0.0, true)? => return Ok(()),
        Sent::OnKept | Sent::Refused => {}
    }
    match send::request(client, this, path) {
        Ok(_) => receive::reply(client, this, own, 0.0, false).map(|_| ()),
        Err(Stop::Failed) => {
            fail(this, libc::ECONNRESET, None, SERVER_RESET);
            Err(Stop::Failed)
        }
        Err(thrown) => Err(thrown),
    }
}

fn execute_request(client: &Client, this: &mut ZendObject, own: &Zval, path: &[u8]) -> Result<(), Stop> {
    for attempt in (0..=client.options.max_retries.get()).rev() {
        ask(client, this, own, path)?;
        if client.options.defer.get() {
            return Ok(());
        }
        if attempt == 0 || !matches!(object::slot(this, slot::STATUS_CODE).long(), Some(502 | 503)) {
            break;
        }
        client.close(this);
    }
    Ok(())
}

/// `__construct(string $host, int $port = 0, bool $ssl = false)`
pub fn __construct(call: &mut Call<'_>) -> Return {
    let host = call.str_arg(0)?;
    let port = call.optional(1, 0, Call::long_arg)?;
    let secure = call.optional(2, false, Call::bool_arg)?;
    let this = call.this();
    object::set_slot(this, slot::HOST, host.as_bytes());
    object::set_slot(this, slot::PORT, port);
    object::set_slot(this, slot::SSL, secure);
    let name = host.as_bytes();
    if name.is_empty() {
        let code = i64::from(libc::EINVAL);
        return zend::throw(ce::swoole_coroutine_http_client_exception(), "host is empty", code);
    }
    let server = Server::new(name, port, secure);
    match call.native::<Client>().server.set(server) {
        Ok(()) => Ok(()),
        Err(_) => classes::constructed_twice(call),
    }
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
    let (client, this) = (call.native::<Client>(), call.this());
    let mut setting = match object::slot(this, slot::SETTING).array() {
        Some(before) => Array::copy_of(before),
        None => Array::new(),
    };
    setting.merge(given);
    object::set_slot(this, slot::SETTING, Zval::from(setting));
    settings::apply(client, given);
    websocket::set(client, this)?;
    call.return_bool(true)
}

/// `getDefer(): bool`
pub fn get_defer(call: &mut Call<'_>) -> Return {
    let defer = call.native::<Client>().options.defer.get();
    call.return_bool(defer)
}

/// `setDefer(bool $defer = true): bool`
pub fn set_defer(call: &mut Call<'_>) -> Return {
    let defer = call.optional(0, true, Call::bool_arg)?;
    call.native::<Client>().options.defer.set(defer);
    call.return_bool(true)
}

/// `setMethod(string $method): bool`
pub fn set_method(call: &mut Call<'_>) -> Return {
    let method = call.str_arg(0)?;
    object::set_slot(call.this(), slot::REQUEST_METHOD, method.as_bytes());
    call.return_bool(true)
}

/// Copies argument 0 into a property.
fn keep(call: &mut Call<'_>, index: usize) {
    let value = call.value(0).map(Zval::shallow_clone).unwrap_or_default();
    object::set_slot(call.this(), index, value);
}

/// `setHeaders(array $headers): bool`
pub fn set_headers(call: &mut Call<'_>) -> Return {
    call.array_arg(0)?;
    keep(call, slot::REQUEST_HEADERS);
    call.return_bool(true)
}

/// `setBasicAuth(string $username, string $password): void`
pub fn set_basic_auth(call: &mut Call<'_>) -> Return {
    let pair = [call.str_arg(0)?.as_bytes(), b":", call.str_arg(1)?.as_bytes()].concat();
    let words = format!("Basic {}", crate::io::proxy::base64(&pair));
    *call.native::<Client>().basic_auth.borrow_mut() = Some(words);
    Ok(())
}

/// `setCookies(array $cookies): bool`
pub fn set_cookies(call: &mut Call<'_>) -> Return {
    call.array_arg(0)?;
    keep(call, slot::COOKIES);
    call.return_bool(true)
}

/// `setData(array|string $data): bool`
pub fn set_data(call: &mut Call<'_>) -> Return {
    keep(call, slot::REQUEST_BODY);
    call.return_bool(true)
}

/// Bytes of optional argument `index`; empty when it was left out or is null.
fn text<'a>(call: &Call<'a>, index: usize) -> Result<&'a [u8], zend::call::Thrown> {
    Ok(call.nullable_str_arg(index)?.map_or(b"".as_slice(), |text| text.as_bytes()))
}

/// `addFile(string $path, string $name, ?string $type = null, ?string $filename = null, int $offset = 0, int $length = 0): bool`
pub fn add_file(call: &mut Call<'_>) -> Return {
    let path = call.path_arg(0)?.as_bytes();
    let name = call.str_arg(1)?.as_bytes();
    let (kind, filename) = (text(call, 2)?, text(call, 3)?);
    let offset = call.optional(4, 0, Call::long_arg)?.max(0);
    let length = call.optional(5, 0, Call::long_arg)?.max(0);
    let shown = String::from_utf8_lossy(path);
    let size = match std::fs::metadata(upload::path(path)) {
        Ok(about) => i64::try_from(about.len()).unwrap_or(i64::MAX),
        Err(error) => {
            errors::warn_of_system(&format!("stat({shown}) failed"), &error);
            return call.return_bool(false);
        }
    };
    let refusal = match () {
        () if size == 0 => Some(format!("cannot send empty file[{shown}]")),
        () if size <= offset => Some(format!("parameter $offset[{offset}] exceeds the file size")),
        () if length > size - offset => Some(format!("parameter $length[{length}] exceeds the file size")),
        () => None,
    };
    if let Some(words) = refusal {
        errors::notice(&words);
        return call.return_bool(false);
    }
    let length = if length == 0 { size - offset } else { length };
    let kind = match kind {
        b"" => mime::of_file(&shown).unwrap_or(Cow::Borrowed(mime::UNKNOWN)).into_owned().into_bytes(),
        kind => kind.to_vec(),
    };
    let last = path.rsplit(|byte| *byte == b'/').next().unwrap_or(path);
    let mut entry = Array::new();
    entry.set("path", string(path));
    entry.set("name", string(name));
    entry.set("filename", string(if filename.is_empty() { last } else { filename }));
    entry.set("type", string(&kind));
    entry.set_long("size", length);
    entry.set_long("offset", offset);
    object::push_to_slot(call.this(), slot::UPLOAD_FILES, entry.into());
    call.return_bool(true)
}

/// `addData(string $path, string $name, ?string $type = null, ?string $filename = null): bool`
pub fn add_data(call: &mut Call<'_>) -> Return {
    let content = call.str_arg(0)?;
    let name = call.str_arg(1)?.as_bytes();
    let (kind, filename) = (text(call, 2)?, text(call, 3)?);
    let mut entry = Array::new();
    entry.set("content", call.value(0).map(Zval::shallow_clone).unwrap_or_default());
    entry.set("name", string(name));
    entry.set("filename", string(if filename.is_empty() { name } else { filename }));
    entry.set("type", string(if kind.is_empty() { b"application/octet-stream" } else { kind }));
    entry.set_long("size", content.len() as i64);
    object::push_to_slot(call.this(), slot::UPLOAD_FILES, entry.into());
    call.return_bool(true)
}

/// `execute(string $path): bool`
pub fn execute(call: &mut Call<'_>) -> Return {
    let path = call.str_arg(0)?;
    run(call, path.as_bytes())
}

/// `get(string $path): bool`
pub fn get(call: &mut Call<'_>) -> Return {
    let path = call.str_arg(0)?;
    object::set_slot(call.this(), slot::REQUEST_METHOD, "GET");
    run(call, path.as_bytes())
}

/// `post(string $path, mixed $data): bool`
pub fn post(call: &mut Call<'_>) -> Return {
    let path = call.str_arg(0)?;
    let data = call.value(1).map(Zval::shallow_clone).unwrap_or_default();
    object::set_slot(call.this(), slot::REQUEST_METHOD, "POST");
    object::set_slot(call.this(), slot::REQUEST_BODY, data);
    run(call, path.as_bytes())
}

/// `download(string $path, string $file, int $offset = 0): bool`
pub fn download(call: &mut Call<'_>) -> Return {
    let path = call.str_arg(0)?;
    let file = call.path_arg(1)?;
    let offset = call.optional(2, 0, Call::long_arg)?;
    object::set_slot(call.this(), slot::DOWNLOAD_FILE, file.as_bytes());
    object::set_slot(call.this(), slot::DOWNLOAD_OFFSET, offset);
    run(call, path.as_bytes())
}

/// Returns a property.
fn property(call: &mut Call<'_>, index: usize) -> Return {
    let value = object::slot(call.this(), index).shallow_clone();
    call.return_value(value)
}

/// `getBody(): string|false`
pub fn get_body(call: &mut Call<'_>) -> Return {
    property(call, slot::BODY)
}

/// `getHeaders(): array|false|null`
pub fn get_headers(call: &mut Call<'_>) -> Return {
    property(call, slot::HEADERS)
}

/// `getCookies(): array|false|null`
pub fn get_cookies(call: &mut Call<'_>) -> Return {
    property(call, slot::COOKIES)
}

/// `getStatusCode(): int|false`
pub fn get_status_code(call: &mut Call<'_>) -> Return {
    property(call, slot::STATUS_CODE)
}

/// `getHeaderOut(): string|false`
pub fn get_header_out(call: &mut Call<'_>) -> Return {
    let client = call.native::<Client>();
    let sent = client.sent.borrow();
    match sent.strip_suffix(b"\r\n\r\n") {
        Some(head) => call.return_bytes(head),
        None => call.return_bool(false),
    }
}

/// Returns an address of the connection.
fn address(call: &mut Call<'_>, peer: bool) -> Return {
    let (client, this) = (call.native::<Client>(), call.this());
    if !available(client, this) {
        return call.return_bool(false);
    }
    match client.link.address(peer) {
        Ok((host, port)) => {
            let mut array = Array::new();
            array.set("address", string(&host));
            array.set_long("port", port);
            call.return_value(array.into())
        }
        Err(error) => {
            set_error(this, error.raw_os_error().unwrap_or(libc::EIO), None);
            call.return_bool(false)
        }
    }
}

/// `getpeername(): array|false`
pub fn getpeername(call: &mut Call<'_>) -> Return {
    address(call, true)
}

/// `getsockname(): array|false`
pub fn getsockname(call: &mut Call<'_>) -> Return {
    address(call, false)
}

/// `getPeerCert(): string|false`
pub fn get_peer_cert(call: &mut Call<'_>) -> Return {
    let (client, this) = (call.native::<Client>(), call.this());
    if !available(client, this) {
        return call.return_bool(false);
    }
    match client.link.certificate() {
        Some(certificate) => call.return_bytes(certificate.as_bytes()),
        None => {
            set_error(this, constants::SWOOLE_ERROR_SSL_EMPTY_PEER_CERTIFICATE as i32, None);
            call.return_bool(false)
        }
    }
}

/// `recv(float $timeout = 0): Swoole\WebSocket\Frame|string|bool`
pub fn recv(call: &mut Call<'_>) -> Return {
    let (client, this, own) = (call.native::<Client>(), call.this(), call.this_value());
    if !available(client, this) {
        return call.return_bool(false);
    }
    let seconds = call.optional(0, 0.0, Call::double_arg)?;
    if client.link.is_websocket() {
        return websocket::receive(call, client, this, seconds);
    }
    if client.awaited.get().is_none() {
        return call.return_bool(false);
    }
    let outcome = receive::reply(client, this, &own, seconds, false).map(|_| ());
    finish(call, outcome)
}

/// `close(): bool`
pub fn close(call: &mut Call<'_>) -> Return {
    let (client, this) = (call.native::<Client>(), call.this());
    let closed = client.close(this);
    call.return_bool(closed)
}

/// `upgrade(string $path): bool`
pub fn upgrade(call: &mut Call<'_>) -> Return {
    let path = call.str_arg(0)?;
    let (client, this) = (call.native::<Client>(), call.this());
    client.options.defer.set(false);
    object::set_slot(this, slot::REQUEST_METHOD, "GET");
    websocket::ask(this)?;
    run(call, path.as_bytes())
}

/// `push(mixed $data, int $opcode = SWOOLE_WEBSOCKET_OPCODE_TEXT, int $flags = SWOOLE_WEBSOCKET_FLAG_FIN): bool`
pub fn push(call: &mut Call<'_>) -> Return {
    let (client, this) = (call.native::<Client>(), call.this());
    if !available(client, this) {
        return call.return_bool(false);
    }
    let opcode = call.optional(1, i64::from(opcode::TEXT), Call::long_arg)?;
    let flags = if call.given(2) { call.value(2).map_or(0, zend::to_long) } else { i64::from(flag::FIN) };
    if !client.link.is_websocket() {
        let words = "websocket handshake failed, cannot push data";
        errors::warn(words);
        fail(this, errors::last(), Some(words), CONNECT_FAILED);
        return call.return_bool(false);
    }
    let frame = Outgoing::read(call.value(0).unwrap_or(&Zval::null()), opcode, flags)?;
    let outcome = websocket::send(client, this, frame);
    finish(call, outcome)
}

/// Whether a control frame can be sent.
fn speaks(call: &mut Call<'_>) -> bool {
    let (client, this) = (call.native::<Client>(), call.this());
    available(client, this) && client.link.is_websocket()
}

/// `ping(string $data = ""): bool`
pub fn ping(call: &mut Call<'_>) -> Return {
    if !speaks(call) {
        return call.return_bool(false);
    }
    let data = call.nullable_str_arg(0)?.map_or(b"".as_slice(), |data| data.as_bytes());
    let outcome = websocket::send(call.native::<Client>(), call.this(), Some(Outgoing::control(opcode::PING, data)));
    finish(call, outcome)
}

/// `disconnect(int $code = SWOOLE_WEBSOCKET_CLOSE_NORMAL, string $reason = ""): bool`
pub fn disconnect(call: &mut Call<'_>) -> Return {
    if !speaks(call) {
        return call.return_bool(false);
    }
    let code = call.optional(0, constants::SWOOLE_WEBSOCKET_CLOSE_NORMAL, Call::long_arg)?;
    let reason = call.value(1);
    let (client, this) = (call.native::<Client>(), call.this());
    let frame = Outgoing::new(i64::from(opcode::CLOSE), i64::from(flag::FIN), reason, code)?;
    let outcome = websocket::send(client, this, frame);
    client.close(this);
    finish(call, outcome)
}
