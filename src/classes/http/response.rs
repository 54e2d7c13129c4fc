//! `Swoole\Http\Response`.

use super::body::Piece;
use super::cookie::Cookie;
use super::head;
use super::set_cookie::SetCookie;
use crate::classes::{ce, errors, slots::swoole_http_response as slot};
use crate::coroutine;
use crate::io::http::{Head, Responder};
use crate::native_handlers;
use crate::zend::array::Array;
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::object::{self, Native};
use crate::zend::text::Text;
use crate::zend::{self, exception_pending};
use ::http::StatusCode;
use ext_php_rs::types::{ZendObject, Zval};
use std::cell::{Cell, RefCell};

/// An answer that is being given; without a responder once it has ended, or in an object that PHP made.
pub struct Response {
    responder: RefCell<Option<Responder<Piece>>>,
    /// What `status()` set, 0 before.
    status: Cell<i64>,
    reason: RefCell<Vec<u8>>,
    /// `write()` has sent the head.
    started: Cell<bool>,
}

impl Native for Response {
    native_handlers!();

    fn new() -> Self {
        Self {
            responder: RefCell::new(None),
            status: Cell::new(0),
            reason: RefCell::new(Vec::new()),
            started: Cell::new(false),
        }
    }

    fn ends(&self, object: &mut ZendObject) {
        if self.responder.borrow().is_none() {
            return;
        }
        if !self.started.get() && self.status.get() == 0 {
            self.status.set(500);
        }
        self.finish(object, None);
    }
}

impl Response {
    /// Whether it can still be given; notes Swoole's error number when it cannot.
    fn is_open(&self) -> bool {
        let open = self.responder.borrow().is_some();
        if !open {
            errors::set_last(errors::HTTP_CONTEXT_UNAVAILABLE);
        }
        open
    }

    fn head(&self, object: &ZendObject) -> Result<Head, Thrown> {
        let (header, cookie) = (object::slot(object, slot::HEADER), object::slot(object, slot::COOKIE));
        if self.status.get() == 0 && header.is_null() && cookie.is_null() {
            return Ok(head::plain(StatusCode::OK));
        }
        // a warning's handler is PHP code that may come back here
        let reason = self.reason.borrow().clone();
        head::build(self.status.get(), &reason, header, cookie)
    }

    /// Gives the answer, or its end. False when the client is gone.
    fn finish(&self, object: &ZendObject, content: Option<Text>) -> bool {
        let content = content.filter(|content| !content.as_bytes().is_empty()).map(Piece::from);
        if self.started.get() {
            let Some(responder) = self.responder.borrow_mut().take() else { return false };
            let pushed = content.is_none_or(|content| responder.push(content).is_ok());
            return responder.finish().is_ok() && pushed;
        }
        let Ok(head) = self.head(object) else { return false };
        let Some(responder) = self.responder.borrow_mut().take() else { return false };
        responder.reply(head, content).is_ok()
    }

    /// Sends a part, waiting until the client has taken enough of what is under way.
    fn send(&self, object: &ZendObject, content: Text) -> Result<bool, Thrown> {
        if !self.started.get() {
            let head = self.head(object)?;
            let responder = self.responder.borrow();
            let Some(responder) = &*responder else { return Ok(false) };
            self.started.set(true);
            if responder.start(head).is_err() {
                return Ok(false);
            }
        }
        if content.as_bytes().is_empty() {
            zend::warning("the data sent must not be empty");
            errors::set_last(errors::NO_PAYLOAD);
            return Ok(false);
        }
        let space = {
            let responder = self.responder.borrow();
            let Some(responder) = &*responder else { return Ok(false) };
            if responder.push(content.into()).is_err() {
                return Ok(false);
            }
            if responder.has_space() || coroutine::current_id().is_none() {
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
    let Some(object) = value.object() else { return };
    let Some(response) = object::native::<Response>(object) else { return };
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

/// A PHP object for the answer to be given.
pub(crate) fn object(responder: Responder<Piece>, fd: i64) -> Zval {
    object::instantiate_with::<Response>(ce::swoole_http_response(), |native, object| {
        native.responder.replace(Some(responder));
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
    let writable = call.native::<Response>().responder.borrow().is_some();
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
    let key = call.str_arg(0)?.as_bytes();
    let value = call.value(1).map(Zval::shallow_clone).unwrap_or_default();
    let format = call.optional(2, true, Call::bool_arg)?;
    if !call.native::<Response>().is_open() {
        return call.return_bool(false);
    }
    if key.len() > head::LONGEST_NAME {
        zend::warning("header key is too long");
        return call.return_bool(false);
    }
    if head::has_line_break(key) {
        return call.return_bool(false);
    }
    if format {
        object::set_in_slot(call.this(), slot::HEADER, &head::capitalised(key), value);
    } else {
        object::set_in_slot(call.this(), slot::HEADER, key, value);
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
