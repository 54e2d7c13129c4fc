//! `Swoole\Http\Response`.

use super::body::Piece;
use super::cookie::Cookie;
use super::elsewhere::Elsewhere;
use super::head::{self, Length, Spelling};
use super::known;
use super::over_socket::OverSocket;
use super::request;
use super::set_cookie::SetCookie;
use crate::classes::server::connections::{self, Found};
use crate::classes::{ce, errors, slots::swoole_http_response as slot};
use crate::coroutine;
use crate::io::http::{self, Head, Responder};
use crate::native_handlers;
use crate::zend::array::Array;
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::object::{self, Native};
use crate::zend::objects::is_a;
use crate::zend::text::Text;
use crate::zend::{self, exception_pending, stream};
use ::http::StatusCode;
use ext_php_rs::types::{ZendObject, Zval};
use relayed::Refused;
use std::cell::{Cell, RefCell};

mod file;
mod relayed;
mod websocket;

pub use file::sendfile;
pub(crate) use websocket::{Answered, begin_switch, finish_switch, give_up, may_become_websocket, may_upgrade};
pub use websocket::{close, disconnect, ping, push, recv, upgrade};

/// An answer that is being given; without a responder once it has ended, or in an object that PHP made.
pub struct Response {
    responder: RefCell<Option<Responder<Piece>>>,
    /// What `status()` set, 0 before.
    status: Cell<i64>,
    reason: RefCell<Vec<u8>>,
    /// `write()` has sent the head.
    started: Cell<bool>,
    /// In the place of a responder, who brings the answer to its connection.
    elsewhere: RefCell<Option<Elsewhere>>,
    /// What became of the connection, or may become of it.
    websocket: websocket::State,
}

impl Native for Response {
    native_handlers!();

    fn new() -> Self {
        Self {
            responder: RefCell::new(None),
            status: Cell::new(0),
            reason: RefCell::new(Vec::new()),
            started: Cell::new(false),
            elsewhere: RefCell::new(None),
            websocket: websocket::State::default(),
        }
    }

    fn visit(&self, visit: &mut dyn FnMut(&Zval)) {
        if let Some(socket) = &*self.elsewhere.borrow() {
            socket.visit(visit);
        }
    }

    fn ends(&self, object: &mut ZendObject) {
        self.websocket.end();
        if !self.is_writable() || http::dying() {
            return;
        }
        if !self.started.get() && self.status.get() == 0 {
            self.status.set(500);
        }
        self.finish(object, None);
    }
}

impl Response {
    #[inline]
    fn is_writable(&self) -> bool {
        self.responder.borrow().is_some() || self.elsewhere.borrow().as_ref().is_some_and(Elsewhere::is_open)
    }

    /// Whether it can still be given; notes Swoole's error number when it cannot.
    #[inline]
    fn is_open(&self) -> bool {
        let open = self.is_writable();
        if !open {
            errors::set_last(errors::HTTP_CONTEXT_UNAVAILABLE);
        }
        open
    }

    /// The head of a whole answer.
    fn whole_head(&self, object: &ZendObject) -> Result<Head, Thrown> {
        let compressed = self.responder.borrow().as_ref().is_some_and(Responder::may_compress);
        self.head(object, if compressed { Length::Compressed } else { Length::Sent })
    }

    fn head(&self, object: &ZendObject, length: Length) -> Result<Head, Thrown> {
        let (header, cookie) = (object::slot(object, slot::HEADER), object::slot(object, slot::COOKIE));
        let mut head = if self.status.get() == 0 && header.is_null() && cookie.is_null() {
            head::plain(StatusCode::OK)
        } else {
            // a warning's handler is PHP code that may come back here
            let reason = self.reason.borrow().clone();
            head::build(self.status.get(), &reason, header, cookie, length)?
        };
        self.websocket.complete(&mut head);
        Ok(head)
    }

    /// Sends a frame between those of answers, made from the number of the last request. `None`: this is not HTTP/2.
    fn over_http2(&self, frame: impl FnOnce(u32) -> Vec<u8>) -> Option<bool> {
        let responder = self.responder.borrow();
        let responder = responder.as_ref().filter(|responder| responder.is_http2())?;
        let link = responder.link();
        let frame = frame(link.last_stream());
        Some(if link.is_elsewhere() {
            connections::send_frames(link.session.get(), &frame)
        } else {
            !responder.is_closed() && link.send_frames(&frame)
        })
    }

    /// See `finish`, which tells of it.
    fn give(&self, object: &ZendObject, content: Option<Text>) -> bool {
        let content = content.filter(|content| !content.as_bytes().is_empty());
        let packs = self.packs(object);
        let length = content.as_ref().map_or(0, |content| content.as_bytes().len());
        let refused = self.refuses(if packs { 0 } else { length });
        if self.started.get() {
            if refused == Some(Refused::TooLong) {
                // half an answer must not look whole
                drop(self.responder.borrow_mut().take());
                return false;
            }
            let Ok(trailers) = head::trailers(object::slot(object, slot::TRAILER)) else { return false };
            if let Some(socket) = self.elsewhere.borrow_mut().take() {
                return socket.finish(content, trailers.as_ref());
            }
            let Some(responder) = self.responder.borrow_mut().take() else { return false };
            let pushed = content.is_none_or(|content| responder.push(content.into()).is_ok());
            return responder.finish_with(trailers).is_ok() && pushed;
        }
        let Ok(head) = self.whole_head(object) else { return false };
        if let Some(refused) = refused {
            let responder = self.responder.borrow_mut().take();
            if refused == Refused::Gone {
                responder.into_iter().for_each(Responder::release);
                errors::set_last(errors::SESSION_NOT_EXIST);
            }
            return false;
        }
        let Some(responder) = self.responder.borrow_mut().take() else {
            let socket = self.elsewhere.borrow_mut().take();
            return socket.is_some_and(|socket| socket.reply(head, content));
        };
        let content = content.map(Piece::from);
        if responder.is_http2() && !object::slot(object, slot::TRAILER).is_null() {
            let Ok(trailers) = head::trailers(object::slot(object, slot::TRAILER)) else { return false };
            return responder.reply_with_trailers(head, content, trailers).is_ok();
        }
        match content {
            Some(content) if packs => relayed::reply_packed(&responder, head, content),
            content => responder.reply(head, content).is_ok(),
        }
    }

    /// Sends a part, waiting until the client has taken enough of what is under way.
    fn send(&self, object: &ZendObject, content: Text) -> Result<bool, Thrown> {
        if !self.started.get() {
            let head = self.head(object, Length::Chunked)?;
            let socket = self.elsewhere.borrow().clone();
            let sent = match (&*self.responder.borrow(), socket) {
                (Some(responder), _) => responder.start(head).is_ok(),
                (None, Some(socket)) => socket.start(head),
                (None, None) => false,
            };
            self.started.set(true);
            if !sent {
                return Ok(false);
            }
        }
        if content.as_bytes().is_empty() {
            zend::warning("the data sent must not be empty");
            errors::set_last(errors::NO_PAYLOAD);
            return Ok(false);
        }
        if self.refuses(content.as_bytes().len()) == Some(Refused::TooLong) {
            return Ok(false);
        }
        let socket = self.elsewhere.borrow().clone();
        if let Some(socket) = socket {
            return Ok(socket.push(&content));
        }
        let space = {
            let responder = self.responder.borrow();
            let Some(responder) = &*responder else { return Ok(false) };
            if responder.push(content.into()).is_err() {
                return Ok(false);
            }
            let blocks = coroutine::current_id().is_none();
            responder.flush(blocks);
            if blocks || responder.has_space() {
                return Ok(true);
            }
            responder.space()
        };
        Ok(matches!(coroutine::wait(space), Ok(Ok(()))))
    }
}

/// The handler threw: answers 500 at once, even if PHP code still holds the object. An answer under way is cut, so that
/// nobody takes half of it for the whole.
pub(crate) fn fail(value: &Zval) {
    if let Some(object) = value.object() {
        fail_object(object);
    }
}

/// [`fail`] by the object itself.
pub(crate) fn fail_object(object: &ZendObject) {
    let Some(response) = object::native::<Response>(object) else { return };
    response.websocket.fail();
    if response.started.get() {
        drop(response.responder.borrow_mut().take());
        return;
    }
    response.status.set(500);
    response.reason.borrow_mut().clear();
    response.finish(object, None);
}

/// Answers without asking PHP.
pub(crate) fn refuse(responder: &Responder<Piece>, status: StatusCode) {
    // a client that is gone needs no answer
    let _ = responder.reply(head::plain(status), None);
}

/// Answers without asking PHP, with a page, after which the connection is closed.
pub(crate) fn refuse_with(responder: &Responder<Piece>, status: StatusCode, page: &str) {
    let mut head = head::plain(status);
    head.append(::http::header::CONNECTION, ::http::HeaderValue::from_static("close"));
    let _ = responder.reply(head, Some(Text::new(page.as_bytes()).into()));
}

/// A PHP object for the answer to be given.
pub(crate) fn object(responder: Responder<Piece>, fd: i64) -> Zval {
    let native = Response { responder: RefCell::new(Some(responder)), ..Response::new() };
    object::instantiate_of(ce::swoole_http_response(), native, |_, object| {
        object::set_slot(object, slot::FD, fd);
    })
}

/// `initHeader(): bool`
pub fn init_header(call: &mut Call<'_>) -> Return {
    if !call.native::<Response>().is_open() {
        return call.return_bool(false);
    }
    let object = call.this();
    for index in [slot::HEADER, slot::COOKIE, slot::TRAILER] {
        if object::slot(object, index).array().is_none() {
            object::set_slot(object, index, Zval::from(Array::new()));
        }
    }
    call.return_bool(true)
}

/// `isWritable(): bool`
pub fn is_writable(call: &mut Call<'_>) -> Return {
    let writable = call.native::<Response>().is_writable();
    call.return_bool(writable)
}

/// `cookie(Cookie|string $name_or_object, string $value = "", ...): bool`
pub fn cookie(call: &mut Call<'_>) -> Return {
    add_cookie(call, true)
}

/// `rawcookie(Cookie|string $name_or_object, string $value = "", ...): bool`
pub fn rawcookie(call: &mut Call<'_>) -> Return {
    add_cookie(call, false)
}

fn add_cookie(call: &mut Call<'_>, encode: bool) -> Return {
    let text = |index| call.optional(index, &[][..], |call, index| Ok(call.str_arg(index)?.as_bytes()));
    let flag = |index| call.optional(index, false, Call::bool_arg);
    let value = text(1)?;
    let expires = call.optional(2, 0, Call::long_arg)?;
    let (path, domain, secure, http_only) = (text(3)?, text(4)?, flag(5)?, flag(6)?);
    let (same_site, priority, partitioned) = (text(7)?, text(8)?, flag(9)?);
    let given = call.value(0);
    let cookie = given.and_then(Zval::object).and_then(object::native::<Cookie>);
    let name = given.and_then(Zval::zend_str);
    if cookie.is_none() && name.is_none() {
        zend::warning("The first argument must be a string or an cookie object");
        return call.return_bool(false);
    }
    if !call.native::<Response>().is_open() {
        return call.return_bool(false);
    }
    let line = match (cookie, name) {
        (Some(cookie), _) => cookie.line(),
        (None, name) => {
            let name = name.map_or(&[][..], |name| name.as_bytes());
            SetCookie {
                name,
                value,
                expires,
                path,
                domain,
                secure,
                http_only,
                same_site,
                priority,
                partitioned,
                encode,
            }
            .line()
        }
    };
    let Some(line) = line else { return call.return_bool(false) };
    object::push_to_slot(call.this(), slot::COOKIE, zend::string(&line));
    call.return_bool(true)
}

/// `status(int $http_code, string $reason = ""): bool`
pub fn status(call: &mut Call<'_>) -> Return {
    let code = call.long_arg(0)?;
    let reason = call.optional(1, &[][..], |call, index| Ok(call.str_arg(index)?.as_bytes()))?;
    let response = call.native::<Response>();
    if !response.is_open() {
        return call.return_bool(false);
    }
    response.status.set(code);
    let mut kept = response.reason.borrow_mut();
    kept.clear();
    kept.extend_from_slice(reason);
    drop(kept);
    call.return_bool(true)
}

/// `header(string $key, array|string $value, bool $format = true): bool`
pub fn header(call: &mut Call<'_>) -> Return {
    let name = call.str_arg(0)?;
    let key = name.as_bytes();
    let value = call.value(1).map(Zval::shallow_clone).unwrap_or_default();
    let format = call.optional(2, true, Call::bool_arg)?;
    if !call.native::<Response>().is_open() {
        return call.return_bool(false);
    }
    if let Some(known) = known::find(name) {
        let name = if format { known.spelt.string() } else { name };
        object::set_named_in_slot(call.this(), slot::HEADER, name, value);
        return call.return_bool(true);
    }
    if key.len() > head::LONGEST_NAME {
        zend::warning("header key is too long");
        return call.return_bool(false);
    }
    let spelling = head::spelling(key);
    if spelling == Spelling::Strange && head::has_line_break(key) {
        return call.return_bool(false);
    }
    if format && spelling != Spelling::Capitalised {
        let mut name = [0; head::LONGEST_NAME];
        let name = &mut name[..key.len()];
        name.copy_from_slice(key);
        head::capitalise(name);
        object::set_in_slot(call.this(), slot::HEADER, name, value);
    } else {
        object::set_named_in_slot(call.this(), slot::HEADER, name, value);
    }
    call.return_bool(true)
}

/// `write(string $content): bool`
pub fn write(call: &mut Call<'_>) -> Return {
    let content = Text::share(call.str_arg(0)?);
    let response = call.native::<Response>();
    if !response.is_open() {
        return call.return_bool(false);
    }
    let sent = response.send(call.this(), content)?;
    call.return_bool(sent)
}

/// `end(?string $content = null): bool`
pub fn end(call: &mut Call<'_>) -> Return {
    let response = call.native::<Response>();
    if !response.is_open() {
        return call.return_bool(false);
    }
    let content = call.nullable_str_arg(0)?.map(Text::share);
    let ended = response.finish(call.this(), content);
    if exception_pending() { Err(Thrown) } else { call.return_bool(ended) }
}

/// `trailer(string $key, string $value): bool`
pub fn trailer(call: &mut Call<'_>) -> Return {
    let key = call.str_arg(0)?.as_bytes();
    let value = call.nullable_str_arg(1)?.map_or_else(Zval::null, |value| Text::share(value).into());
    if !call.native::<Response>().is_open() {
        return call.return_bool(false);
    }
    if key.len() > head::LONGEST_NAME {
        errors::notice("trailer key is too long");
        return call.return_bool(false);
    }
    object::set_in_slot(call.this(), slot::TRAILER, &key.to_ascii_lowercase(), value);
    call.return_bool(true)
}

/// `goaway(int $error_code = SWOOLE_HTTP2_ERROR_NO_ERROR, string $debug_data = ""): bool`
pub fn goaway(call: &mut Call<'_>) -> Return {
    let code = call.optional(0, 0, Call::long_arg)?;
    let debug = call.optional(1, None, |call, index| call.nullable_str_arg(index))?;
    let debug = debug.map_or(&[][..], |debug| debug.as_bytes());
    let response = call.native::<Response>();
    if response.is_open() {
        let sent = response.over_http2(|last| {
            let payload = [&last.to_be_bytes()[..], &(code as u32).to_be_bytes(), debug].concat();
            websocket::frame(websocket::GOAWAY, 0, &payload)
        });
        if let Some(sent) = sent {
            return call.return_bool(sent);
        }
        let fd = object::slot(call.this(), slot::FD).long().unwrap_or(0);
        errors::warn(&format!("fd[{fd}] is not a HTTP2 conncetion"));
    }
    call.return_bool(false)
}

/// `detach(): bool`
pub fn detach(call: &mut Call<'_>) -> Return {
    let response = call.native::<Response>();
    if !response.is_open() {
        return call.return_bool(false);
    }
    let responder = response.responder.borrow_mut().take();
    let elsewhere = response.elsewhere.borrow_mut().take();
    responder.into_iter().for_each(Responder::release);
    elsewhere.iter().for_each(Elsewhere::release);
    call.return_bool(true)
}

/// `create(object|array|int $server = -1, int $fd = -1): Response|false`
pub fn create(call: &mut Call<'_>) -> Return {
    let fd = call.optional(1, -1, Call::long_arg)?;
    let Some(given) = call.value(0) else { return call.return_bool(false) };
    let target = match given.array() {
        None => Some(given),
        Some(pair) => {
            if !pair.get_index(1).is_some_and(|request| is_a(request, ce::swoole_http_request())) {
                errors::warn("parameter $1.second must be instanceof Http\\Request");
                return call.return_bool(false);
            }
            pair.get_index(0)
        }
    };
    let (server, fd) = match target.map(|target| (target, target.object())) {
        Some((_, Some(object))) if stream::is_a(object, "Swoole\\Server") => (true, fd),
        Some((target, Some(object))) if stream::is_a(object, "Swoole\\Coroutine\\Socket") => {
            let made = over_socket(target, object)?;
            return call.return_value(made);
        }
        Some((target, None)) if given.array().is_none() => (false, zend::to_long(target)),
        _ => {
            errors::warn("parameter $1 must be instanceof Server or Coroutine\\Socket");
            return call.return_bool(false);
        }
    };
    let made = match connections::answer(fd) {
        None => {
            errors::warn("server is not running");
            return call.return_bool(false);
        }
        Some(Found::Here(responder)) => made(responder, None, fd),
        Some(Found::There(claimed)) => made(None, Some(Elsewhere::Process(claimed)), fd),
        Some(Found::Bytes(server)) => made(None, Some(Elsewhere::Socket(OverSocket::of_server(&server, fd)?)), fd),
        Some(Found::Nothing) if server => {
            errors::warn(&format!("parameter $2 ({fd}) must be valid connection session_id"));
            return call.return_bool(false);
        }
        // As in Swoole, only what is done with it fails.
        Some(Found::Nothing) => made(None, None, fd),
    };
    if let Some(asked) = given.array().and_then(|pair| pair.get_index(1)) {
        request::set_fd(asked, fd);
    }
    call.return_value(made)
}

/// An answer to a request that PHP code has named.
fn made(responder: Option<Responder<Piece>>, elsewhere: Option<Elsewhere>, fd: i64) -> Zval {
    object::instantiate_with::<Response>(ce::swoole_http_response(), |native, object| {
        native.responder.replace(responder);
        native.elsewhere.replace(elsewhere);
        object::set_slot(object, slot::FD, fd);
    })
}

/// An answer that is written to a socket of PHP code.
fn over_socket(socket: &Zval, inner: &ZendObject) -> Result<Zval, Thrown> {
    let fd = inner.get_property::<&Zval>("fd").ok().and_then(Zval::long).unwrap_or(-1);
    let over = OverSocket::new(socket)?;
    Ok(object::instantiate_with::<Response>(ce::swoole_http_response(), |native, object| {
        native.elsewhere.replace(Some(Elsewhere::Socket(over)));
        object::set_slot(object, slot::FD, fd);
        object::set_slot(object, slot::SOCKET, socket.shallow_clone());
    }))
}

/// `redirect(string $location, int $http_code = 302): bool`
pub fn redirect(call: &mut Call<'_>) -> Return {
    let location = Text::share(call.str_arg(0)?);
    let code = call.optional(1, 302, Call::long_arg)?;
    let response = call.native::<Response>();
    if !response.is_open() {
        return call.return_bool(false);
    }
    response.status.set(code);
    object::set_in_slot(call.this(), slot::HEADER, b"Location", location.into());
    let ended = response.finish(call.this(), None);
    if exception_pending() { Err(Thrown) } else { call.return_bool(ended) }
}
