//! What the settings say about connections, as [`super::connections`] wants it.

use super::connections::{self, Callbacks, Http, Plan, Port, WebSocket};
use super::{Server, port};
use crate::classes::settings::{find, size};
use crate::classes::slots::swoole_server_port as slot;
use crate::classes::{ce, errors, tls_settings};
use crate::io::framing::{DEFAULT_MAX, Framing, Precedence};
use crate::log;
use crate::server::board::Board;
use crate::server::bus::Bus;
use crate::server::endpoint::Endpoint;
use crate::server::hub::PortSettings;
use crate::server::layout::{Layout, Mode};
use crate::server::listen::Tuning;
use crate::server::session::Sessions;
use crate::server::settings::Settings;
use crate::zend::call::Thrown;
use crate::zend::callable::Callable;
use crate::zend::{self, object, objects};
use ext_php_rs::types::{ZendHashTable, Zval};
use rustls::ServerConfig;
use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// Connections that may wait to be accepted.
const BACKLOG: i64 = 512;
/// Seconds before a silent connection is asked whether it is there, between questions, and how many remain without an answer.
const KEEPALIVE: (i64, i64, i64) = (3600, 1, 3);

/// Why there is no server.
pub(super) enum Refusal {
    /// The system has no room for it.
    System(io::Error),
    /// An exception is pending.
    Thrown,
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

impl From<Thrown> for Refusal {
    fn from(_: Thrown) -> Self {
        Self::Thrown
    }
}

/// Makes the connections of a server that is about to run, before the first fork.
///
/// # Errors
/// No address space, or a setting that cannot be followed.
pub(super) fn endpoint(
    this: &Zval,
    server: &Server,
    settings: &Settings,
    layout: &Layout,
    bus: &Rc<Bus>,
    board: &Rc<Board>,
) -> Result<Rc<dyn Endpoint>, Refusal> {
    let values: Vec<Zval> = server.port_values().iter().map(Zval::shallow_clone).collect();
    let first = values.first().and_then(|first| port::of(first).ok());
    let is_http = objects::is_a(this, ce::swoole_http_server());
    let is_redis = objects::is_a(this, ce::swoole_redis_server());
    let is_websocket = objects::is_a(this, ce::swoole_websocket_server());
    let mut ports = Vec::with_capacity(values.len());
    for (index, value) in values.iter().enumerate() {
        let mut port = of_port(value, first, settings, is_http && index == 0, is_websocket && index == 0)?;
        if let Some(port) = port.as_mut().filter(|port| port.http.is_none()) {
            speak_redis(port, value, is_redis, index == 0);
        }
        ports.extend(port);
    }
    // Each port's silence is looked for in good time.
    let shortest =
        ports.iter().filter_map(|port| port.settings.heartbeat_idle).map(|idle| (idle / 2).as_secs().max(1)).min();
    let checked = Some(settings.heartbeat_check_interval).filter(|seconds| *seconds > 0);
    let heartbeat = checked.into_iter().chain(shortest).min().map(Duration::from_secs);
    let mut sessions = Sessions::after_number(settings.max_connection, settings.start_session_id)?;
    if layout.mode == Mode::Process && ports.iter().any(|port| port.settings.tls.is_some()) {
        sessions.keep_certificates()?;
    }
    let plan = Plan {
        server: this.shallow_clone(),
        layout: *layout,
        board: Rc::clone(board),
        bus: Rc::clone(bus),
        sessions: Rc::new(sessions),
        ports,
        dispatch_mode: settings.dispatch_mode,
        dispatch_func: server.dispatch.borrow().clone(),
        discard_late: settings.discard_timeout_request,
        unsafe_events: settings.enable_unsafe_event,
        coroutines: settings.enable_coroutine,
        send_yield: settings.send_yield,
        send_timeout: settings.send_timeout,
        event_object: settings.event_object,
        most_output: settings.output_buffer_size as usize,
        heartbeat,
        max_concurrency: i64::from(settings.max_concurrency),
        worker_max_concurrency: settings.worker_max_concurrency as usize,
    };
    Ok(Rc::new(connections::install(plan)))
}

/// The backlog of a port.
pub(super) fn backlog(value: &Zval) -> i32 {
    let given = with_options(value, |options| find(options, &["backlog"]).map(zend::to_long)).flatten();
    given.unwrap_or(BACKLOG).clamp(0, i64::from(u16::MAX)) as i32
}

fn tuning(options: &ZendHashTable) -> Tuning {
    let number = |name: &str| {
        let given = find(options, &[name]).map(zend::to_long).unwrap_or(0);
        given.clamp(0, i64::from(i32::MAX)) as i32
    };
    Tuning {
        defer_accept: number("tcp_defer_accept"),
        fast_open: find(options, &["tcp_fastopen"]).is_some_and(Zval::coerce_to_bool),
        user_timeout: number("tcp_user_timeout"),
    }
}

fn with_options<T>(value: &Zval, read: impl FnOnce(&ZendHashTable) -> T) -> Option<T> {
    object::slot(value.object()?, slot::SETTING).array().map(read)
}

fn of_port(
    value: &Zval,
    first: Option<&port::Port>,
    settings: &Settings,
    speaks_http: bool,
    speaks_websocket: bool,
) -> Result<Option<Port>, Refusal> {
    let port = port::of(value)?;
    let Some(listen) = port.listen() else { return Ok(None) };
    let callback = |event: &str| -> Option<Rc<Callable>> {
        port.callback(event).or_else(|| first.and_then(|first| first.callback(event)))
    };
    let mut of_port = PortSettings {
        framing: port.framing().framing(Precedence::Eof),
        delay_receive: settings.enable_delay_receive,
        ..PortSettings::default()
    };
    with_options(value, |options| read(&mut of_port, options));
    of_port.tls = tls(value)?;
    if settings.heartbeat_check_interval > 0 && of_port.heartbeat_idle.is_none() {
        of_port.heartbeat_idle = Some(Duration::from_secs(settings.heartbeat_check_interval * 2));
    }
    let asked = ["open_http_protocol", "open_websocket_protocol", "open_http2_protocol"];
    let on =
        |options: &ZendHashTable| asked.iter().any(|name| find(options, &[name]).is_some_and(Zval::coerce_to_bool));
    let asks = with_options(value, on).unwrap_or(false);
    let answers = callback("request").is_some() || callback("message").is_some();
    if asks && !speaks_http && !answers {
        // Whole requests as bytes, for `receive`.
        of_port.framing = port.requests_as_packets();
    }
    let http = if speaks_http || asks && answers {
        let options = value.object().and_then(|port| object::slot(port, slot::SETTING).array());
        let http = Http::new(options, of_port.tls.clone(), callback("request"))?;
        let asked = options.and_then(|options| find(options, &["open_websocket_protocol"]));
        let websocket = speaks_websocket || asked.is_some_and(Zval::coerce_to_bool);
        Some(if websocket { http.with_websocket(WebSocket::new(options, callback)?) } else { http })
    } else {
        None
    };
    Ok(Some(Port {
        listen,
        settings: Rc::new(of_port),
        callbacks: Callbacks {
            connect: callback("connect"),
            receive: callback("receive"),
            close: callback("close"),
            packet: callback("packet"),
            buffer_full: callback("bufferfull"),
            buffer_empty: callback("bufferempty"),
        },
        backlog: backlog(value),
        tuning: with_options(value, tuning).unwrap_or_default(),
        http,
        redis: false,
    }))
}

/// Commands of Redis's are the packets of a port that asks for them: for their handlers in a `Redis\Server`, elsewhere for `receive`.
fn speak_redis(port: &mut Port, value: &Zval, is_redis: bool, first: bool) {
    let asked = |options: &ZendHashTable| find(options, &["open_redis_protocol"]).is_some_and(Zval::coerce_to_bool);
    let speaks = is_redis && first || with_options(value, asked).unwrap_or(false);
    if !speaks {
        return;
    }
    let max = port::of(value).map_or(DEFAULT_MAX, |port| port.framing().max);
    if let Some(settings) = Rc::get_mut(&mut port.settings) {
        settings.framing = Framing::redis(max);
    }
    port.redis = is_redis;
}

/// What a port needs to speak TLS, if it does.
fn tls(value: &Zval) -> Result<Option<Arc<ServerConfig>>, Refusal> {
    let Some(port) = value.object().filter(|port| object::slot(port, slot::SSL).coerce_to_bool()) else {
        return Ok(None);
    };
    let given = object::slot(port, slot::SETTING).array();
    let has = |name: &str| given.and_then(|given| find(given, &[name]));
    if has("ssl_verify_peer").is_some_and(Zval::coerce_to_bool)
        && ["ssl_client_cert_file", "ssl_capath", "ssl_cafile"].iter().all(|name| has(name).is_none())
    {
        let words = "server open verify peer require `ssl_client_cert_file` or `ssl_capath` or `ssl_cafile` config";
        errors::fatal(words);
        return Err(Refusal::Thrown);
    }
    if has("ssl_verify_peer").is_some_and(Zval::coerce_to_bool) && has("ssl_client_cert_file").is_none() {
        let words = "ssl_verify_peer asks nobody for a certificate without ssl_client_cert_file";
        log::warning("Server::start()", words);
    }
    match tls_settings::server(given)? {
        Ok(tls) => Ok(Some(Arc::clone(tls.config()))),
        Err((_, words)) => {
            errors::fatal(&words);
            Err(Refusal::Thrown)
        }
    }
}

fn read(port: &mut PortSettings, options: &ZendHashTable) {
    let bytes = |name: &str| size(options, &[name]).map(|bytes| usize::try_from(bytes).unwrap_or(0));
    let number = |name: &str| find(options, &[name]).map(zend::to_long);
    let truth = |name: &str| find(options, &[name]).map(Zval::coerce_to_bool);
    if let Some(bytes) = bytes("socket_buffer_size") {
        port.buffer = if bytes == 0 { i32::MAX as usize } else { bytes };
        port.high_watermark = port.buffer / 5 * 4;
    }
    if let Some(bytes) = bytes("buffer_high_watermark") {
        port.high_watermark = bytes;
    }
    if let Some(bytes) = bytes("buffer_low_watermark") {
        port.low_watermark = bytes;
    }
    if let Some(bytes) = bytes("kernel_socket_send_buffer_size") {
        port.kernel_send_buffer = bytes;
    }
    if let Some(bytes) = bytes("kernel_socket_recv_buffer_size") {
        port.kernel_receive_buffer = bytes;
    }
    if let Some(on) = truth("open_tcp_nodelay") {
        port.nodelay = on;
    }
    if truth("open_tcp_keepalive").unwrap_or(false) {
        let seconds = |name, default| Duration::from_secs(number(name).unwrap_or(default).clamp(1, 1 << 31) as u64);
        let (idle, interval, count) = KEEPALIVE;
        port.keepalive = Some((
            seconds("tcp_keepidle", idle),
            seconds("tcp_keepinterval", interval),
            number("tcp_keepcount").unwrap_or(count).clamp(1, 127) as u32,
        ));
    }
    if let Some(seconds) = find(options, &["max_idle_time"]).map(zend::to_double) {
        port.idle = Some(Duration::from_secs_f64(seconds.clamp(0.001, 1e9)));
    }
    if let Some(seconds) = number("heartbeat_idle_time").filter(|seconds| *seconds > 0) {
        port.heartbeat_idle = Some(Duration::from_secs(seconds.min(i64::from(u16::MAX)) as u64));
    }
}
