//! Requests, out of the properties.

use super::link::{self, Stop, number};
use super::upload;
use super::{Awaited, Client, SEND_FAILED, Server, fail, set_error, settings};
use crate::classes::coroutine::timeout;
use crate::classes::http::set_cookie::url_encode;
use crate::classes::slots::swoole_coroutine_http_client as slot;
use crate::classes::{self, errors};
use crate::io::http_client::multipart::Content;
use crate::io::http_client::{RequestHead, Transport, Unsafe};
use crate::io::readiness::Direction;
use crate::zend::array::{Key, try_each};
use crate::zend::call::Thrown;
use crate::zend::callable::Callable;
use crate::zend::object;
use crate::zend::text::Text;
use crate::zend::{self, string};
use ext_php_rs::types::{ZendObject, Zval};
use std::borrow::Cow;
use std::rc::Rc;
use std::time::Duration;
use tokio::time::Instant;

impl From<Unsafe> for Stop {
    fn from(_: Unsafe) -> Self {
        Self::Failed
    }
}

/// Headers that belong to how the body is sent, which is our business.
const OURS: [&[u8]; 3] = [b"host", b"content-length", b"transfer-encoding"];

/// How a request went out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sent {
    /// It has been sent.
    Away,
    /// On a connection that had been kept. It changes nothing, so it may be sent again.
    OnKept,
    /// A connection that had been kept does not take it, and it may be sent again.
    Refused,
}

/// Methods that change nothing.
const SAFE: [&[u8]; 4] = [b"GET", b"HEAD", b"OPTIONS", b"TRACE"];

/// Sends a request for `path`, on a new connection if need be.
pub(super) fn request(client: &Client, this: &mut ZendObject, path: &[u8]) -> Result<Sent, Stop> {
    if path.is_empty() {
        set_error(this, errors::INVALID_PARAMS, None);
        return Err(Stop::Failed);
    }
    object::set_slot(this, slot::HEADERS, Zval::null());
    object::set_slot(this, slot::SET_COOKIE_HEADERS, Zval::null());
    object::set_slot(this, slot::BODY, "");
    let before = client.link.open();
    let transport = link::ready(client, this)?;
    let kept = before.is_some_and(|before| Rc::ptr_eq(&before, &transport));
    object::set_slot(this, slot::ERR_CODE, 0);
    object::set_slot(this, slot::ERR_MSG, "");
    object::set_slot(this, slot::STATUS_CODE, 0);
    errors::set_last(0);
    let request = match Outgoing::new(client, this, path) {
        Ok(request) => request,
        Err(Stop::Failed) => {
            let words = "the request has a line break or a NUL where none may be";
            errors::warn_of(errors::INVALID_PARAMS, words);
            fail(this, errors::INVALID_PARAMS, Some(words), SEND_FAILED);
            return Err(Stop::Failed);
        }
        Err(thrown) => return Err(thrown),
    };
    let head = request.bytes.len() - request.body;
    request.bytes[..head].clone_into(&mut client.sent.borrow_mut());
    let outcome = request.send(client, this, &transport)?;
    let again = kept && request.safe && !client.options.defer.get();
    if let Err(code) = outcome {
        if again && matches!(code, libc::EPIPE | libc::ECONNRESET) && client.close(this) {
            return Ok(Sent::Refused);
        }
        fail(this, code, None, SEND_FAILED);
        client.close(this);
        return Err(Stop::Failed);
    }
    client.awaited.set(Some(Awaited { bodyless: request.bodyless, last: request.last }));
    Ok(if again { Sent::OnKept } else { Sent::Away })
}

/// A request as bytes.
struct Outgoing {
    /// The head, and the body as far as it is short.
    bytes: Vec<u8>,
    /// How much of that is the body.
    body: usize,
    /// What follows.
    pieces: Vec<Content>,
    bodyless: bool,
    last: bool,
    /// It changes nothing at the server.
    safe: bool,
}

impl Outgoing {
    fn new(client: &Client, this: &ZendObject, path: &[u8]) -> Result<Self, Stop> {
        let server = client.server()?;
        let property = |index| object::slot(this, index).shallow_clone();
        let (headers, body) = (property(slot::REQUEST_HEADERS), property(slot::REQUEST_BODY));
        let method = match property(slot::REQUEST_METHOD) {
            method if !method.is_null() => Text::of(&method)?,
            _ => Text::new(if body.is_null() { b"GET" } else { b"POST" }),
        };
        let mut own = Vec::new();
        if let Some(headers) = headers.array() {
            try_each(headers, |key, value| match key {
                Key::Text(name) if !value.is_null() => {
                    own.push((name.to_vec(), Text::of(value)?));
                    Ok(())
                }
                _ => Ok::<(), Thrown>(()),
            })?;
        }
        let given =
            |name: &[u8]| own.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value);
        let host = match given(b"host") {
            Some(host) => Cow::Borrowed(host.as_bytes()),
            None => Cow::Borrowed(server.authority.get_or_init(|| authority(server)).as_slice()),
        };
        let forwarded = client.link.forwarded.borrow().clone();
        let target = match &forwarded {
            Some(_) => Cow::Owned([b"http://", &*with_port(&host, server.port), path].concat()),
            None => Cow::Borrowed(path),
        };
        let mut head = RequestHead::new(method.as_bytes(), &target)?;
        head.line(b"Host", &host)?;
        let files = upload::form(&property(slot::UPLOAD_FILES), &body)?;
        for (name, value) in &own {
            let ours = OURS.iter().any(|ours| name.eq_ignore_ascii_case(ours));
            if !(ours || files.is_some() && name.eq_ignore_ascii_case(b"content-type")) {
                head.line(name, value.as_bytes())?;
            }
        }
        if let Some(words) = forwarded.and_then(|forwarded| forwarded.authorization) {
            head.line(b"Proxy-Authorization", words.as_bytes())?;
        }
        if let Some(words) = &*client.basic_auth.borrow() {
            head.line(b"Authorization", words.as_bytes())?;
        }
        let mut last = !client.options.keep_alive.get();
        match given(b"connection") {
            Some(value) => last |= value.as_bytes().eq_ignore_ascii_case(b"close"),
            None => head.line(b"Connection", if last { b"close" } else { b"keep-alive" })?,
        }
        if client.options.http_compression.get() && given(b"accept-encoding").is_none() {
            head.line(b"Accept-Encoding", b"gzip, deflate, br")?;
        }
        if let Some(line) = cookies(&property(slot::COOKIES))? {
            head.line(b"Cookie", &line)?;
        }
        let mut request = Self {
            bytes: Vec::new(),
            body: 0,
            pieces: Vec::new(),
            bodyless: method.as_bytes().eq_ignore_ascii_case(b"HEAD"),
            last,
            safe: body.is_null() && files.is_none() && SAFE.contains(&method.as_bytes()),
        };
        if let Some(form) = files {
            head.line(b"Content-Type", form.content_type().as_bytes())?;
            request.pieces = form.finish();
            let length = crate::io::http_client::multipart::length(&request.pieces);
            head.line(b"Content-Length", length.to_string().as_bytes())?;
            request.bytes = head.end();
            return Ok(request);
        }
        let content = if body.is_null() {
            if given(b"content-length").is_some() {
                head.line(b"Content-Length", b"0")?;
            }
            None
        } else {
            if body.is_array() && given(b"content-type").is_none() {
                head.line(b"Content-Type", b"application/x-www-form-urlencoded")?;
            }
            let content = if body.is_array() { build_query(&body)? } else { Text::of(&body)? };
            head.line(b"Content-Length", content.as_bytes().len().to_string().as_bytes())?;
            Some(content)
        };
        request.bytes = head.end();
        if let Some(content) = content {
            request.body = content.as_bytes().len();
            request.bytes.extend_from_slice(content.as_bytes());
        }
        Ok(request)
    }

    /// Sends it all.
    ///
    /// # Errors
    /// The inner one is a number.
    fn send(&self, client: &Client, this: &ZendObject, transport: &Transport) -> Result<Result<(), i32>, Thrown> {
        let seconds = match settings::write_timeout(this) {
            0.0 => classes::settings::with(|settings| settings.socket_write_timeout),
            seconds => seconds,
        };
        let deadline = Deadline::after(timeout(seconds));
        let write = |bytes: &[u8]| {
            client.link.wait(Direction::Write, deadline.left(), transport.write_all(bytes), |error| number(&error))
        };
        if let Err(code) = write(&self.bytes)? {
            return Ok(Err(code));
        }
        for piece in &self.pieces {
            let sent = match piece {
                Content::Memory(bytes) => write(bytes)?,
                Content::File { path, offset, length } => upload::file(path, *offset, *length, write)?,
            };
            if sent.is_err() {
                return Ok(sent);
            }
        }
        Ok(Ok(()))
    }
}

/// When something must be done.
pub(crate) struct Deadline(Option<Instant>);

impl Deadline {
    /// This long from now; never if `None`.
    pub(crate) fn after(limit: Option<Duration>) -> Self {
        Self(limit.and_then(|limit| Instant::now().checked_add(limit)))
    }

    /// How long that is from now.
    pub(crate) fn left(&self) -> Option<Duration> {
        self.0.map(|at| at.saturating_duration_since(Instant::now()))
    }
}

/// What the header `Host` says by itself.
pub(crate) fn authority(server: &Server) -> Vec<u8> {
    if server.unix {
        return b"localhost".to_vec();
    }
    let bare = server.host.contains(&b':') && !server.host.starts_with(b"[");
    let host = if bare { [b"[", &*server.host, b"]"].concat() } else { server.host.clone() };
    let usual = if server.secure { 443 } else { 80 };
    if server.port == usual { host } else { [&*host, b":", server.port.to_string().as_bytes()].concat() }
}

/// A host with its port.
fn with_port(host: &[u8], port: i64) -> Vec<u8> {
    let behind = host.iter().rposition(|byte| *byte == b']').map_or(0, |at| at + 1);
    if host[behind..].contains(&b':') { host.to_vec() } else { [host, b":", port.to_string().as_bytes()].concat() }
}

/// The value of the header `Cookie`.
fn cookies(cookies: &Zval) -> Result<Option<Vec<u8>>, Thrown> {
    let Some(cookies) = cookies.array() else { return Ok(None) };
    let mut line = Vec::new();
    try_each(cookies, |key, value| {
        let Key::Text(name) = key else { return Ok(()) };
        let value = Text::of(value)?;
        if !value.as_bytes().is_empty() {
            if !line.is_empty() {
                line.extend_from_slice(b"; ");
            }
            line.extend_from_slice(name);
            line.push(b'=');
            url_encode(value.as_bytes(), &mut line);
        }
        Ok::<(), Thrown>(())
    })?;
    Ok(Some(line).filter(|line| !line.is_empty()))
}

/// `http_build_query($data, '', '&')`
///
/// # Errors
/// It threw.
pub(crate) fn build_query(data: &Zval) -> Result<Text, Thrown> {
    let Some(function) = Callable::new(&string(b"http_build_query")) else {
        return zend::throw(zend::standard_error(), "http_build_query() is disabled", 0);
    };
    Text::of(&function.call(&[data.shallow_clone(), string(b""), string(b"&")])?)
}
