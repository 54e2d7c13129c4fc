//! `Swoole\Coroutine\Http\Server`.

use crate::classes::http::body::Piece;
use crate::classes::http::{request, response, settings};
use crate::classes::settings::find;
use crate::classes::tls_settings::{self, Refused};
use crate::classes::{self, ce, errors, slots::swoole_coroutine_http_server as slot, websocket};
use crate::coroutine::{self, engine};
use crate::io::http::{self, Defaults, Handler, Http2Settings, Limits, Link, Listener, Request, Responder};
use crate::io::tls::{self, ServerSettings, ServerTls};
use crate::log;
use crate::native_handlers;
use crate::zend::array::Array;
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::callable::{self, Callable};
use crate::zend::object::{self, Native};
use crate::zend::{self, sys};
use ::http::StatusCode;
use ext_php_rs::types::{ZendHashTable, ZendObject, Zval};
use std::cell::{Cell, OnceCell, RefCell};
use std::io;
use std::rc::Rc;
use std::sync::Arc;

/// Connections that may wait to be accepted; Swoole's default.
const BACKLOG: i32 = 512;

/// The Rust half of a server object.
pub struct Server {
    listener: OnceCell<Listener>,
    routes: Rc<Routes>,
    /// The coroutine inside `start()`, 0 when there is none.
    serving: Cell<i64>,
    /// The certificates in use.
    tls: RefCell<Option<ServerTls>>,
}

/// Who answers which paths; shared with the connections.
struct Routes {
    /// Longest pattern first.
    handlers: RefCell<Vec<(Vec<u8>, Rc<Callable>)>>,
    parsing: RefCell<Rc<request::Parsing>>,
    websocket: RefCell<Rc<websocket::Settings>>,
}

impl Native for Server {
    native_handlers!();

    fn new() -> Self {
        Self {
            listener: OnceCell::new(),
            routes: Rc::new(Routes {
                handlers: RefCell::new(Vec::new()),
                parsing: RefCell::default(),
                websocket: RefCell::default(),
            }),
            serving: Cell::new(0),
            tls: RefCell::new(None),
        }
    }

    fn visit(&self, visit: &mut dyn FnMut(&Zval)) {
        self.routes.handlers.borrow().iter().for_each(|(_, callable)| callable.visit(visit));
    }
}

impl Routes {
    fn set(&self, pattern: &[u8], callable: Callable) {
        let mut handlers = self.handlers.borrow_mut();
        let known = handlers.iter_mut().find(|(known, _)| known == pattern);
        let replaced = match known {
            Some((_, place)) => Some(std::mem::replace(place, Rc::new(callable))),
            None => {
                let at = handlers.partition_point(|(other, _)| other.len() >= pattern.len());
                handlers.insert(at, (pattern.to_vec(), Rc::new(callable)));
                None
            }
        };
        // its destructor may be PHP code that comes back here
        drop(handlers);
        drop(replaced);
    }

    fn find(&self, path: &str) -> Option<Rc<Callable>> {
        let handlers = self.handlers.borrow();
        let path = path.as_bytes();
        let fits = |pattern: &[u8]| {
            pattern == b"/" || path.get(..pattern.len()).is_some_and(|start| start.eq_ignore_ascii_case(pattern))
        };
        handlers.iter().find(|(pattern, _)| fits(pattern)).map(|(_, callable)| Rc::clone(callable))
    }
}

/// Turns requests into coroutines.
struct App(Rc<Routes>);

impl Handler for App {
    type Data = Piece;

    fn refusal(&self) -> Defaults {
        classes::http::DEFAULTS
    }

    fn tls_failed(&self, link: &Link, error: &tls::Error) {
        let (ip, port) = link.remote.map_or((String::new(), 0), |remote| (remote.ip().to_string(), remote.port()));
        let text = format!("bad SSL client[{ip}:{port}], reason={}, error_string={error}", error.reason);
        log::warning("Socket::ssl_accept()", &text);
    }

    fn call(&self, mut request: Request, responder: Responder<Piece>) {
        let Some(callable) = self.0.find(request.uri.path()) else {
            return response::refuse(&responder, StatusCode::NOT_FOUND);
        };
        let alive = engine::scheduler().count();
        if alive >= engine::max() {
            zend::warning(&format!("exceed max number of coroutine {alive}"));
            return response::refuse(&responder, StatusCode::SERVICE_UNAVAILABLE);
        }
        let fd = i64::from(request.link.fd);
        let response = response::object(responder, fd);
        response::may_upgrade(&response, &mut request, &self.0.websocket.borrow());
        let request = request::object(request, Rc::clone(&self.0.parsing.borrow()));
        let started = coroutine::spawn(move || answer(&callable, &[request, response]));
        if started.is_err() && zend::exception_pending() {
            zend::report_exception(sys::E_WARNING);
        }
    }
}

/// The life of a request's coroutine: calls the handler with the request and the response.
fn answer(callable: &Callable, args: &[Zval; 2]) {
    // A memory error in PHP code unwinds as an exit: that one is for the bottom of the stack, which ends the process.
    if callable.call(args).is_err() && !zend::exit_pending() {
        // Swoole would end the whole process here: one bad request shall not take the others along.
        zend::report_exception(sys::E_WARNING);
        response::fail(&args[1]);
    }
}

fn fail_with(object: &mut ZendObject, code: i32, text: &str) {
    object::set_slot(object, slot::ERR_CODE, i64::from(code));
    object::set_slot(object, slot::ERR_MSG, text);
}

/// `__construct(string $host, int $port = 0, bool $ssl = false, bool $reuse_port = false)`
pub fn __construct(call: &mut Call<'_>) -> Return {
    let host = String::from_utf8_lossy(call.str_arg(0)?.as_bytes()).into_owned();
    let port = call.optional(1, 0, Call::long_arg)?;
    let ssl = call.optional(2, false, Call::bool_arg)?;
    let reuse_port = call.optional(3, false, Call::bool_arg)?;
    let object = call.this();
    object::set_slot(object, slot::HOST, host.as_str());
    object::set_slot(object, slot::SSL, ssl);
    if host.is_empty() {
        return zend::throw(ce::swoole_exception(), "host is empty", i64::from(libc::EINVAL));
    }
    if ssl {
        let mut settings = Array::new();
        let mut on = Zval::new();
        on.set_bool(true);
        settings.set("open_ssl", on);
        object::set_slot(object, slot::SETTINGS, Zval::from(settings));
    }
    let bound = match u16::try_from(port) {
        Ok(port) => http::bind(&host, port, reuse_port, BACKLOG).map_err(|error| bind_error(&error)),
        Err(_) => Err((errors::BAD_PORT, "Invalid port".to_owned())),
    };
    match bound {
        Ok(listener) => {
            object::set_slot(object, slot::FD, i64::from(listener.fd()));
            object::set_slot(object, slot::PORT, i64::from(listener.port()));
            let _ = call.native::<Server>().listener.set(listener);
            Ok(())
        }
        Err((code, text)) => {
            fail_with(object, code, &text);
            zend::throw(ce::swoole_exception(), &format!("bind({host}:{port}) failed"), i64::from(code))
        }
    }
}

fn bind_error(error: &io::Error) -> (i32, String) {
    match error.raw_os_error() {
        Some(code) => (code, classes::errors::text(code)),
        None => (errors::BAD_HOST_ADDR, "Invalid address".to_owned()),
    }
}

/// `set(array $settings): bool`
pub fn set(call: &mut Call<'_>) -> Return {
    let given = call.array_arg(0)?;
    if given.is_empty() {
        return call.return_bool(false);
    }
    let object = call.this();
    let mut merged = object::slot(object, slot::SETTINGS).array().map_or_else(Array::new, Array::copy_of);
    merged.merge(given);
    object::set_slot(object, slot::SETTINGS, Zval::from(merged));
    const CERTIFICATES: [&str; 3] = ["ssl_cert_file", "ssl_key_file", "ssl_sni_certs"];
    let taken = find(given, &CERTIFICATES).is_none() || exchange_certificates(call)?;
    call.return_bool(taken)
}

/// Reads the certificates again while they are in use, so that new connections get the new ones. False when they cannot be used.
fn exchange_certificates(call: &mut Call<'_>) -> Result<bool, Thrown> {
    let given = object::slot(call.this(), slot::SETTINGS).array();
    let server = call.native::<Server>();
    if server.tls.borrow().is_none() {
        return Ok(true);
    }
    let mut settings = ServerSettings::default();
    let read = given.map_or(Ok(()), |given| tls_settings::read_server(given, &mut settings));
    let text = match read {
        Err(Refused::Thrown(thrown)) => return Err(thrown),
        Err(Refused::Because(text)) => text,
        Ok(()) => {
            let mut tls = server.tls.borrow_mut();
            let replaced = tls.as_mut().map_or(Ok(()), |tls| tls.replace(settings.identity, settings.sni));
            match replaced {
                Ok(()) => return Ok(true),
                Err(error) => error.text().to_owned(),
            }
        }
    };
    zend::warning(&text);
    Ok(false)
}

/// `handle(string $pattern, callable $callback): bool`
pub fn handle(call: &mut Call<'_>) -> Return {
    let pattern = call.str_arg(0)?.as_bytes();
    let Some(value) = call.value(1) else { return call.return_bool(false) };
    match Callable::new(value) {
        Some(callable) => {
            call.native::<Server>().routes.set(pattern, callable);
            call.return_bool(true)
        }
        None => {
            zend::warning(&format!("function '{}' is not callable", callable::name(value)));
            call.return_bool(false)
        }
    }
}

/// `start(): bool`
pub fn start(call: &mut Call<'_>) -> Return {
    let server = call.native::<Server>();
    let cid = classes::current_coroutine()?.id.get();
    let other = server.serving.get();
    if other > 0 {
        let fd = server.listener.get().map_or(-1, Listener::fd);
        let text = format!(
            "Socket#{fd} has already been bound to another coroutine#{other}, reading of the same socket in coroutine#{cid} at \
             the same time is not allowed"
        );
        return zend::throw(ce::swoole_error(), &text, i64::from(errors::CO_HAS_BEEN_BOUND));
    }
    let object = call.this();
    let given = object::slot(object, slot::SETTINGS).array();
    let limits = limits(given);
    server.routes.websocket.replace(Rc::new(websocket::Settings::read(given)?));
    let parsing = match settings::parsing(given) {
        Ok(parsing) => parsing,
        Err(folder) => {
            zend::warning(&format!("Unable to create upload_tmp_dir[{folder}]"));
            return call.return_bool(false);
        }
    };
    let mut features = settings::features(given, &parsing.folder, &limits)?;
    features.http2 = Some(Http2Settings { websocket: true, ..settings::http2(given) });
    server.tls.replace(None);
    if object::slot(object, slot::SSL).coerce_to_bool() {
        match tls_settings::server(given)? {
            Ok(tls) => {
                features.tls = Some(Arc::clone(tls.config()));
                server.tls.replace(Some(tls));
            }
            Err((code, text)) => {
                errors::set_last(code);
                fail_with(object, code, &text);
                zend::warning(&text);
                return call.return_bool(false);
            }
        }
    }
    server.routes.parsing.replace(Rc::new(parsing));
    let listener = match server.listener.get().map(Listener::try_clone) {
        Some(Ok(listener)) => listener,
        Some(Err(error)) => return refuse_to_start(call, &error),
        None => return zend::throw(ce::swoole_error(), "must call constructor first", 0),
    };
    let running = http::Server::new(limits, features, App(Rc::clone(&server.routes)));
    server.serving.set(cid);
    let outcome = coroutine::wait(running.accept(listener));
    server.serving.set(0);
    engine::within(|| running.close());
    match outcome {
        Err(coroutine::Canceled) => {
            errors::set_last(libc::ECANCELED);
            fail_with(object, libc::ECANCELED, &errors::text(libc::ECANCELED));
        }
        Ok(Ok(never)) => match never {},
        Ok(Err(error)) => return refuse_to_start(call, &error),
    }
    finish_in_flight(running);
    call.return_bool(true)
}

/// Keeps the loop alive until the replies in work are written: a coroutine that waits for it, as Swoole's connections are.
fn finish_in_flight(running: http::Server<App>) {
    if running.connections() > 0 {
        let _ = coroutine::spawn(move || {
            let _ = coroutine::wait(running.drained());
        });
    }
}

fn refuse_to_start(call: &mut Call<'_>, error: &io::Error) -> Return {
    let code = error.raw_os_error().unwrap_or(0);
    let text = errors::text(code);
    fail_with(call.this(), code, &text);
    zend::warning(&format!("accept failed, Error: {text}[{code}]"));
    call.return_bool(true)
}

fn limits(given: Option<&ZendHashTable>) -> Limits {
    let mut limits = Limits::default();
    let longest = given.and_then(|all| all.get("package_max_length")).and_then(Zval::coerce_to_long);
    if let Some(longest) = longest.and_then(|longest| usize::try_from(longest).ok()) {
        limits.body = longest;
    }
    limits
}

/// `shutdown(): void`
pub fn shutdown(call: &mut Call<'_>) -> Return {
    let cid = call.native::<Server>().serving.replace(0);
    if cid > 0 {
        // Swoole goes on in start() at once, before this returns
        engine::scheduler().cancel(cid);
    }
    Ok(())
}
