//! `Swoole\Coroutine\Http2\Client`.
//!
//! `wire.rs` sends and receives what `io/http2_client` makes and reads, `request.rs` makes requests out of objects, `response.rs` objects out of
//! replies.

mod request;
mod response;
mod wire;

use self::response::Reply;
use crate::classes::coroutine::http::client::Server;
use crate::classes::coroutine::http::client::link::{Link, Refused, Stop};
use crate::classes::coroutine::http::client::settings::{body_limit, connecting};
use crate::classes::coroutine::timeout;
use crate::classes::slots::swoole_coroutine_http2_client as slot;
use crate::classes::{self, ce, constants, errors};
use crate::io::http2_client::{Connection, Settings};
use crate::native_handlers;
use crate::zend::array::Array;
use crate::zend::call::{Call, Return};
use crate::zend::object::{self, Native};
use crate::zend::{self, long};
use ext_php_rs::types::{ZendObject, Zval};
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use tokio::sync::Notify;

/// The Rust half of a client.
pub struct Client {
    server: OnceCell<Server>,
    link: Link,
    connection: RefCell<Connection>,
    /// Replies that are not whole, by stream.
    replies: RefCell<HashMap<u32, Reply>>,
    /// A coroutine reads because it waits for room to send.
    pumping: Cell<bool>,
    /// Something has arrived, or nobody reads any more.
    progress: Notify,
}

impl Native for Client {
    native_handlers!();

    fn new() -> Self {
        Self {
            server: OnceCell::new(),
            link: Link::default(),
            connection: RefCell::default(),
            replies: RefCell::default(),
            pumping: Cell::new(false),
            progress: Notify::new(),
        }
    }
}

/// Sets `errCode` and `errMsg`.
fn set_error(this: &mut ZendObject, code: i32, text: Option<&str>) {
    errors::set_last(code);
    object::set_slot(this, slot::ERR_CODE, i64::from(code));
    match text {
        Some(text) => object::set_slot(this, slot::ERR_MSG, text),
        None => object::set_slot(this, slot::ERR_MSG, errors::text(code).as_str()),
    }
}

/// Says why, and fails.
fn refuse<T>(this: &mut ZendObject, code: i32, text: Option<&str>) -> Result<T, Stop> {
    set_error(this, code, text);
    Err(Stop::Failed)
}

/// Fails when there is no connection.
fn available(client: &Client, this: &mut ZendObject) -> Result<(), Stop> {
    match client.link.open() {
        Some(_) => Ok(()),
        None => refuse(this, constants::SWOOLE_ERROR_CLIENT_NO_CONNECTION as i32, None),
    }
}

/// Turns the end of a call into its return value.
fn finish(call: &mut Call<'_>, outcome: Result<Zval, Stop>) -> Return {
    match outcome {
        Ok(value) => call.return_value(value),
        Err(Stop::Failed) => call.return_bool(false),
        Err(Stop::Thrown(thrown)) => Err(thrown),
    }
}

impl Client {
    /// Closes the connection; false when there is none, or when another coroutine has to notice it first.
    fn close(&self, this: &mut ZendObject) -> bool {
        if !self.link.held() {
            return false;
        }
        object::set_slot(this, slot::CONNECTED, false);
        object::set_slot(this, slot::SOCKET, Zval::null());
        let streams = self.replies.take();
        drop(streams);
        let closed = self.link.close();
        self.progress.notify_waiters();
        closed
    }
}

/// `__construct(string $host, int $port = 80, bool $open_ssl = false)`
pub fn __construct(call: &mut Call<'_>) -> Return {
    let host = call.str_arg(0)?.as_bytes();
    let port = call.optional(1, 80, Call::long_arg)?;
    let secure = call.optional(2, false, Call::bool_arg)?;
    if host.is_empty() {
        let code = i64::from(errors::INVALID_PARAMS);
        return zend::throw(ce::swoole_coroutine_http2_client_exception(), "host is empty", code);
    }
    let this = call.this();
    object::set_slot(this, slot::HOST, host);
    object::set_slot(this, slot::PORT, port);
    object::set_slot(this, slot::SSL, secure);
    match call.native::<Client>().server.set(Server::new(host, port, secure)) {
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
    let this = call.this();
    let mut setting = match object::slot(this, slot::SETTING).array() {
        Some(before) => Array::copy_of(before),
        None => Array::new(),
    };
    setting.merge(given);
    object::set_slot(this, slot::SETTING, Zval::from(setting));
    call.return_bool(true)
}

/// Seconds that a setting of these names gives, 0 for none.
fn seconds(this: &ZendObject, names: &[&str]) -> f64 {
    let setting = object::slot(this, slot::SETTING).shallow_clone();
    let found = setting.array().and_then(|given| classes::settings::find(given, names).map(zend::to_double));
    found.unwrap_or(0.0)
}

fn open(client: &Client, this: &mut ZendObject) -> Result<Zval, Stop> {
    let Some(server) = client.server.get() else {
        return Ok(zend::throw(ce::swoole_error(), "must call constructor first", 0)?);
    };
    classes::current_coroutine()?;
    if client.link.held() {
        return refuse(this, libc::EISCONN, None);
    }
    let mut connecting = connecting(&object::slot(this, slot::SETTING).shallow_clone(), server)?;
    if let Some(secure) = &mut connecting.secure {
        secure.alpn = vec![b"h2".to_vec()];
    }
    connecting.tunnel = true;
    let limit = match seconds(this, &["connect_timeout", "timeout"]) {
        0.0 => classes::settings::with(|settings| settings.socket_connect_timeout),
        seconds => seconds,
    };
    let transport = match client.link.connect(server, connecting, timeout(limit))? {
        Ok(transport) => transport,
        Err(Refused(code, words)) => return refuse(this, code, words.as_deref()),
    };
    *client.connection.borrow_mut() = Connection::new();
    let family = if server.unix { libc::AF_UNIX } else { libc::AF_INET };
    object::set_slot(this, slot::SOCKET, client.link.socket_object(&transport, family));
    object::set_slot(this, slot::CONNECTED, true);
    wire::flush(client, this)?;
    Ok(zend::boolean(true))
}

/// `connect(): bool`
pub fn connect(call: &mut Call<'_>) -> Return {
    let outcome = open(call.native::<Client>(), call.this());
    finish(call, outcome)
}

fn settings_array(settings: &Settings) -> Zval {
    let mut array = Array::new();
    array.set_long("header_table_size", i64::from(settings.header_table_size));
    array.set_long("init_window_size", i64::from(settings.init_window_size));
    array.set_long("max_concurrent_streams", i64::from(settings.max_concurrent_streams));
    array.set_long("max_frame_size", i64::from(settings.max_frame_size));
    array.set_long("max_header_list_size", i64::from(settings.max_header_list_size));
    array.into()
}

/// `stats(string $key = ""): array|int`
pub fn stats(call: &mut Call<'_>) -> Return {
    let key = call.optional(0, None, |call, index| call.str_arg(index).map(Some))?;
    let client = call.native::<Client>();
    let connection = client.connection.borrow();
    let held = client.link.held();
    let value = |name: &str| match name {
        "current_stream_id" => long(if held { i64::from(connection.next_stream()) } else { 0 }),
        "last_stream_id" => long(i64::from(connection.last_stream())),
        "local_settings" => settings_array(&connection.local),
        "remote_settings" => settings_array(&connection.remote),
        "active_stream_num" => long(client.replies.borrow().len() as i64),
        _ => Zval::null(),
    };
    let name = key.map(|key| String::from_utf8_lossy(key.as_bytes()).into_owned()).unwrap_or_default();
    if !name.is_empty() {
        return call.return_value(value(&name));
    }
    let mut all = Array::new();
    for name in ["current_stream_id", "last_stream_id", "local_settings", "remote_settings", "active_stream_num"] {
        all.set(name, value(name));
    }
    call.return_value(all.into())
}

/// `isStreamExist(int $stream_id): bool`
pub fn is_stream_exist(call: &mut Call<'_>) -> Return {
    let stream = call.long_arg(0)?;
    let client = call.native::<Client>();
    let known = u32::try_from(stream).is_ok_and(|stream| client.replies.borrow().contains_key(&stream));
    let exists = client.link.held() && (stream == 0 || known);
    call.return_bool(exists)
}

/// `send(\Swoole\Http2\Request $request): int|false`
pub fn send(call: &mut Call<'_>) -> Return {
    let (client, this) = (call.native::<Client>(), call.this());
    if let Err(stop) = available(client, this) {
        return finish(call, Err(stop));
    }
    let request = call.instance_arg(0, ce::swoole_http2_request(), c"Swoole\\Http2\\Request")?;
    let limit = body_limit(&object::slot(this, slot::SETTING).shallow_clone());
    let outcome = request::send(client, this, request, limit).map(|stream| long(i64::from(stream)));
    finish(call, outcome)
}

/// `write(int $stream_id, mixed $data, bool $end_stream = false): bool`
pub fn write(call: &mut Call<'_>) -> Return {
    let (client, this) = (call.native::<Client>(), call.this());
    if let Err(stop) = available(client, this) {
        return finish(call, Err(stop));
    }
    let stream = call.long_arg(0)?;
    let data = call.value(1).map(Zval::shallow_clone).unwrap_or_default();
    let end = call.optional(2, false, Call::bool_arg)?;
    let outcome = request::write(client, this, stream, &data, end).map(|()| zend::boolean(true));
    finish(call, outcome)
}

fn take(call: &mut Call<'_>, parts: bool) -> Return {
    let seconds = call.optional(0, 0.0, Call::double_arg)?;
    let (client, this) = (call.native::<Client>(), call.this());
    let outcome = available(client, this).and_then(|()| response::receive(client, this, seconds, parts));
    finish(call, outcome)
}

/// `recv(float $timeout = 0): \Swoole\Http2\Response|false`
pub fn recv(call: &mut Call<'_>) -> Return {
    take(call, false)
}

/// `read(float $timeout = 0): \Swoole\Http2\Response|false`
pub fn read(call: &mut Call<'_>) -> Return {
    take(call, true)
}

/// `ping(): bool`
pub fn ping(call: &mut Call<'_>) -> Return {
    let (client, this) = (call.native::<Client>(), call.this());
    let outcome = available(client, this).and_then(|()| {
        client.connection.borrow_mut().ping();
        wire::flush(client, this)
    });
    finish(call, outcome.map(|()| zend::boolean(true)))
}

/// `goaway(int $error_code = SWOOLE_HTTP2_ERROR_NO_ERROR, string $debug_data = ""): bool`
pub fn goaway(call: &mut Call<'_>) -> Return {
    let (client, this) = (call.native::<Client>(), call.this());
    if let Err(stop) = available(client, this) {
        return finish(call, Err(stop));
    }
    let code = call.optional(0, constants::SWOOLE_HTTP2_ERROR_NO_ERROR, Call::long_arg)?;
    let words = call.nullable_str_arg(1)?.map_or(b"".as_slice(), |words| words.as_bytes());
    // As much as fits into a frame.
    let words = &words[..words.len().min(1024)];
    client.connection.borrow_mut().go_away(code as u32, words);
    let outcome = wire::flush(client, this);
    finish(call, outcome.map(|()| zend::boolean(true)))
}

/// `close(): bool`
pub fn close(call: &mut Call<'_>) -> Return {
    let (client, this) = (call.native::<Client>(), call.this());
    if !client.link.held() {
        set_error(this, libc::EBADF, None);
        return call.return_bool(false);
    }
    let closed = client.close(this);
    call.return_bool(closed)
}
