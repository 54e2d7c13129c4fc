//! Requests: from a connection of this process to PHP, or from the master to a worker and back.

use super::Endpoint;
use super::dispatch::{Subject, Type};
use super::forward::kind;
use super::websocket::WebSocket;
use crate::classes::http::body::Piece;
use crate::classes::http::{request, response, settings};
use crate::classes::{self, framing};
use crate::coroutine::{self, engine, origin};
use crate::io::http::{Branch, Defaults, Features, Handler, Limits, Link, Request, Responder, Server};
use crate::server::bus::Frame;
use crate::server::hub::Hub;
use crate::server::relay::{Answering, Asking, Told};
use crate::server::session::now;
use crate::zend::call::Thrown;
use crate::zend::callable::Callable;
use crate::zend::{self, sys};
use ::http::StatusCode;
use bytes::Bytes;
use ext_php_rs::types::{ZendHashTable, Zval};
use rustls::ServerConfig;
use std::io;
use std::ptr::NonNull;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

/// What a port that speaks HTTP has.
pub struct Http {
    limits: Limits,
    features: Features,
    pub(super) parsing: Rc<request::Parsing>,
    /// `request`
    callback: Option<Rc<Callable>>,
    /// What it needs to speak WebSocket, if it does.
    pub(super) websocket: Option<WebSocket>,
}

impl Http {
    /// Reads the settings of a port, which is encrypted with `tls`; the callback is that of `request`.
    ///
    /// # Errors
    /// When a value's conversion threw, or the folder for uploads cannot be made.
    pub fn new(
        options: Option<&ZendHashTable>,
        tls: Option<Arc<ServerConfig>>,
        callback: Option<Rc<Callable>>,
    ) -> Result<Self, Thrown> {
        let parsing = match settings::parsing(options) {
            Ok(parsing) => parsing,
            Err(folder) => {
                classes::errors::fatal(&format!("Unable to create upload_tmp_dir[{folder}]"));
                return Err(Thrown);
            }
        };
        let mut limits = Limits::default();
        let longest = options.and_then(|options| classes::settings::size(options, &["package_max_length"]));
        if let Some(longest) = longest.and_then(|longest| usize::try_from(longest).ok()) {
            limits.body = longest.max(framing::LEAST_OF_PORT as usize);
        }
        let mut features = settings::features(options, &parsing.folder, &limits)?;
        features.tls = tls;
        let http2 = options.and_then(|options| classes::settings::find(options, &["open_http2_protocol"]));
        features.http2 = http2.is_some_and(Zval::coerce_to_bool).then(|| settings::http2(options));
        Ok(Self { limits, features, parsing: Rc::new(parsing), callback, websocket: None })
    }

    /// The same for a port that speaks WebSocket too.
    #[must_use]
    pub fn with_websocket(mut self, websocket: WebSocket) -> Self {
        if let Some(http2) = &mut self.features.http2 {
            http2.websocket = true;
        }
        Self { websocket: Some(websocket), ..self }
    }
}

/// What requests get that are no WebSocket, where there is nothing else.
const NO_WEBSOCKET: &str = "<html><body><h2>HTTP 400 Bad Request</h2></body></html>";

/// Gives requests to PHP in this process.
struct Here {
    endpoint: Weak<Endpoint>,
    port: usize,
}

impl Handler for Here {
    type Data = Piece;

    fn refusal(&self) -> Defaults {
        classes::http::DEFAULTS
    }

    fn branch(&self, parent: &Rc<Link>) -> Option<Branch> {
        self.endpoint.upgrade()?.hub()?.join_stream(parent)
    }

    fn call(&self, request: Request, responder: Responder<Piece>) {
        match self.endpoint.upgrade() {
            Some(endpoint) => {
                endpoint.offer_websocket(self.port, &request, &responder);
                endpoint.while_busy(|| endpoint.on_request(self.port, request, responder));
            }
            None => response::refuse(&responder, StatusCode::SERVICE_UNAVAILABLE),
        }
    }
}

/// Gives requests to workers.
struct There {
    endpoint: Weak<Endpoint>,
    port: usize,
}

/// Most bytes of a request that the user's dispatch function gets to see.
const SEEN: usize = 8 << 10;

/// The beginning of a request, as the user's dispatch function gets to see it.
fn as_text(request: &Request) -> Zval {
    let mut text = format!("{} {} {:?}\r\n", request.method, request.uri, request.version).into_bytes();
    for (name, value) in request.fields.iter() {
        for part in [name, b": ", value, b"\r\n"] {
            text.extend_from_slice(part);
        }
    }
    text.extend_from_slice(b"\r\n");
    text.truncate(SEEN);
    text.extend(request.body.iter().take(SEEN - text.len()));
    zend::string(&text)
}

impl Handler for There {
    type Data = Bytes;

    fn refusal(&self) -> Defaults {
        classes::http::DEFAULTS
    }

    fn is_elsewhere(&self) -> bool {
        true
    }

    fn secured(&self, link: &Link) {
        let hub = self.endpoint.upgrade().and_then(|endpoint| endpoint.hub());
        if let (Some(hub), Some(pem)) = (hub, &*link.certificate.borrow()) {
            hub.has_shown(link.session.get(), pem);
        }
    }

    fn branch(&self, parent: &Rc<Link>) -> Option<Branch> {
        self.endpoint.upgrade()?.hub()?.join_stream(parent)
    }

    fn call(&self, request: Request, responder: Responder<Bytes>) {
        // A responder that is dropped answers 500.
        let Some(endpoint) = self.endpoint.upgrade() else { return };
        endpoint.offer_websocket(self.port, &request, &responder);
        let session = request.link.session.get();
        match (endpoint.schedule(Subject::Session(session), Type::Data, || as_text(&request)), endpoint.asking()) {
            (Ok(worker), Some(asking)) => {
                let time = now();
                endpoint.count_dispatch(worker);
                if let Some(row) = endpoint.plan.sessions.row(session) {
                    row.was_dispatched(time);
                    row.was_heard(time);
                }
                asking.ask(worker, self.port as u16, time, request, responder);
            }
            // No answer will come. Another stream of the connection may get one.
            (Err(_), _) if !responder.is_http2() => {
                responder.release();
                endpoint.hub().into_iter().for_each(|hub| hub.send_away(&[session]));
            }
            _ => {}
        }
    }
}

impl Endpoint {
    /// Serves a port that speaks HTTP.
    pub(super) fn serve_http(
        self: &Rc<Self>,
        hub: &Hub,
        index: usize,
        port: &super::Port,
        http: &Http,
        socket: &socket2::Socket,
    ) -> io::Result<()> {
        let (limits, features, settings) = (http.limits.clone(), http.features.clone(), Rc::clone(&port.settings));
        let endpoint = Rc::downgrade(self);
        if self.is_base() {
            let server = Server::new(limits, features, Here { endpoint, port: index });
            self.note_server(&server);
            hub.serve_http(index, socket, settings, server)
        } else {
            // Workers compress: the master has everybody's connections to look after.
            let features = Features { compression: None, ..features };
            let server = Server::new(limits, features, There { endpoint, port: index });
            self.note_server(&server);
            hub.serve_http(index, socket, settings, server)
        }
    }

    /// A request has come.
    pub(super) fn on_request(self: &Rc<Self>, port: usize, request: Request, responder: Responder<Piece>) {
        self.count_request();
        if self.is_handshake(port, &request) {
            return self.on_handshake(port, request, responder);
        }
        if self.plan.max_concurrency < i64::from(u32::MAX) && self.plan.board.concurrency() >= self.plan.max_concurrency
        {
            return response::refuse(&responder, StatusCode::SERVICE_UNAVAILABLE);
        }
        if self.working() >= self.plan.worker_max_concurrency {
            self.waiting.borrow_mut().push_back(Waiting { port, request, responder });
            return;
        }
        self.begin_request(port, request, responder);
    }

    /// Number of requests that this worker handles.
    fn working(&self) -> usize {
        let own = self.plan.board.process(self.index());
        own.map_or(0, |own| own.concurrency.load(Relaxed).max(0) as usize)
    }

    fn begin_request(self: &Rc<Self>, port: usize, request: Request, responder: Responder<Piece>) {
        let http = self.plan.ports.get(port).and_then(|port| port.http.as_ref());
        let Some((http, callable)) = http.and_then(|http| Some((http, http.callback.as_ref()?))) else {
            if http.is_some_and(|http| http.websocket.is_some()) {
                return response::refuse_with(&responder, StatusCode::BAD_REQUEST, NO_WEBSOCKET);
            }
            return response::refuse(&responder, StatusCode::NOT_FOUND);
        };
        if self.plan.coroutines && engine::scheduler().count() >= engine::max() {
            zend::warning(&format!("exceed max number of coroutine {}", engine::scheduler().count()));
            zend::warning("Swoole\\Http\\Server->onRequest handler error");
            return response::refuse(&responder, StatusCode::SERVICE_UNAVAILABLE);
        }
        let session = request.link.session.get();
        let response = response::object(responder, session);
        let request = request::object(request, Rc::clone(&http.parsing));
        let (callable, args) = (Rc::clone(callable), [request, response]);
        let work = Work::begin(self);
        if !self.plan.coroutines {
            return self.at_root(move || {
                // The loop sees by itself when it has to end.
                let _ = engine::at_root(|| answer(&callable, &args));
                drop((args, work));
            });
        }
        let started = coroutine::spawn(move || {
            answer(&callable, &args);
            drop((args, work));
        });
        if started.is_err() && zend::exception_pending() {
            zend::report_exception(sys::E_WARNING);
        }
    }

    /// Takes a frame about requests.
    pub(super) fn receive_http(self: &Rc<Self>, frame: Frame<'_>) {
        match Told::read(kind::HTTP, &frame) {
            Told::Answering => {}
            Told::Asking => {
                if let Some(asking) = self.asking() {
                    asking.receive(frame);
                } else if let Some(lent) = self.lent() {
                    lent.receive(frame);
                }
                return;
            }
            told => return self.receive_claim(told, &frame),
        }
        let Some(answering) = self.answering() else { return };
        if let Some(arrived) = answering.receive::<Piece>(frame) {
            let late = answering.carry(arrived.ticket);
            // A responder that is dropped is nobody's any more.
            if !self.discards_request(arrived.request.link.session.get()) {
                self.on_request(arrived.port, arrived.request, arrived.responder);
            }
            late.goes_on();
        }
    }

    /// The master's half of HTTP, in the master.
    pub(super) fn asking(&self) -> Option<Rc<Asking<Bytes>>> {
        self.asking.borrow().clone()
    }

    /// The requests of this process that others answer, in workers of `SWOOLE_BASE`.
    pub(super) fn lent(&self) -> Option<Rc<Asking<Piece>>> {
        self.lent.borrow().clone()
    }

    /// This process is a worker of `SWOOLE_BASE`.
    pub(super) fn begin_lending(&self) {
        *self.lent.borrow_mut() = Some(Asking::new(Rc::clone(&self.plan.bus), kind::HTTP));
    }

    /// A worker's half of HTTP, in workers of `SWOOLE_PROCESS`.
    pub(super) fn answering(&self) -> Option<Rc<Answering>> {
        self.answering.borrow().clone()
    }

    /// This process is the master: requests go to workers.
    pub(super) fn begin_asking(&self) {
        *self.asking.borrow_mut() = Some(Asking::new(Rc::clone(&self.plan.bus), kind::HTTP));
    }

    /// This process is a worker of `SWOOLE_PROCESS`.
    pub(super) fn begin_answering(&self) {
        let features = |port: &super::Port| port.http.as_ref().map(|http| http.features.clone()).unwrap_or_default();
        let features = self.plan.ports.iter().map(features).collect();
        let answering = Answering::new(Rc::clone(&self.plan.bus), kind::HTTP, Limits::default(), features);
        *self.answering.borrow_mut() = Some(answering);
    }
}

/// A request that waits for others to end.
pub(super) struct Waiting {
    port: usize,
    request: Request,
    responder: Responder<Piece>,
}

/// Counts a request as long as its handler works.
struct Work(Weak<Endpoint>);

impl Work {
    fn begin(endpoint: &Rc<Endpoint>) -> Self {
        if let Some(own) = endpoint.plan.board.process(endpoint.index()) {
            own.concurrency.fetch_add(1, Relaxed);
        }
        Self(Rc::downgrade(endpoint))
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        let Some(endpoint) = self.0.upgrade() else { return };
        if let Some(own) = endpoint.plan.board.process(endpoint.index()) {
            own.concurrency.fetch_sub(1, Relaxed);
        }
        let next = endpoint.waiting.borrow_mut().pop_front();
        if let Some(Waiting { port, request, responder }) = next {
            engine::put_off(Box::new(move || endpoint.begin_request(port, request, responder)));
        }
    }
}

/// The life of a request: calls the handler with the request and the response.
pub(super) fn answer(callable: &Callable, args: &[Zval; 2]) {
    let Some(response) = args[1].object() else { return };
    // A memory error in PHP code unwinds as an exit: that one is for the bottom of the stack, which ends the process.
    let called = origin::on_behalf_of(NonNull::from(response).cast(), || callable.call(args));
    if called.is_err() && !zend::exit_pending() {
        // Swoole would end the whole process here: one bad request shall not take the others along.
        zend::report_exception(sys::E_WARNING);
        response::fail(&args[1]);
    }
}

/// The process ends by a fatal error: who asked for what made it gets the 500 of a handler that throws.
pub(in crate::classes::server) fn answer_for_fatal_error() {
    if let Some(work) = origin::failed() {
        // SAFETY: noted by `answer` only, which was left for good with its references to the response; PHP frees what is left later.
        response::fail_object(unsafe { work.cast().as_ref() });
    }
}
