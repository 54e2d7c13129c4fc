//! Replies, into objects of `Swoole\Http2\Response`.

use super::{Client, refuse, seconds, wire};
use crate::classes::coroutine::http::client::link::Stop;
use crate::classes::coroutine::http::client::receive::parse_cookie;
use crate::classes::coroutine::http::client::send::Deadline;
use crate::classes::coroutine::timeout;
use crate::classes::slots::{swoole_coroutine_http2_client as client_slot, swoole_http2_response as slot};
use crate::classes::{self, ce, constants};
use crate::io::http_client::{Coding, DecodeFailure, Decoder};
use crate::io::http2_client::{Event, Line};
use crate::io::readiness::Direction;
use crate::log;
use crate::zend::array::Array;
use crate::zend::object;
use crate::zend::string;
use ext_php_rs::types::{ZendObject, Zval};

/// A reply as far as it has arrived.
pub(super) struct Reply {
    /// More of the request may be written.
    pub(super) open: bool,
    /// Whoever waits gets its parts as they arrive.
    in_parts: bool,
    /// Its body came in more than one part.
    parted: bool,
    status: i64,
    lines: Vec<Line>,
    /// A header list has come since the last part was handed out.
    told: bool,
    body: Vec<u8>,
    decoder: Option<Decoder>,
    limit: u64,
}

impl Reply {
    /// Nothing has arrived; at most `limit` bytes of a body are kept.
    pub(super) fn new(open: bool, in_parts: bool, limit: u64) -> Self {
        Self {
            open,
            in_parts,
            parted: false,
            status: 0,
            lines: Vec::new(),
            told: false,
            body: Vec::new(),
            decoder: None,
            limit,
        }
    }

    fn headers(&mut self, lines: Vec<Line>) {
        self.told = true;
        for (name, value) in lines {
            if name.starts_with(b":") {
                if name == b":status" {
                    self.status = String::from_utf8_lossy(&value).parse().unwrap_or(0);
                }
                continue;
            }
            if name == b"content-encoding" && Coding::named(&value) == Some(Coding::Gzip) {
                self.decoder = Some(Decoder::new(Coding::Gzip, self.limit));
            }
            self.lines.push((name, value));
        }
    }

    /// Takes a part of the body; false when it is too much.
    fn data(&mut self, bytes: &[u8]) -> bool {
        let body = &mut self.body;
        match &mut self.decoder {
            None => body.extend_from_slice(bytes),
            Some(decoder) => match decoder.feed(bytes, |out| body.extend_from_slice(out)) {
                Ok(()) => {}
                Err(DecodeFailure::TooLarge) => return false,
                Err(DecodeFailure::Broken) => {
                    log::warning("Client::parse_frame()", "decompress failed");
                    body.extend_from_slice(bytes);
                    self.decoder = None;
                }
            },
        }
        self.body.len() as u64 <= self.limit
    }

    /// What has arrived since this was called last, as an object.
    fn object(&mut self, stream: u32, goes_on: bool) -> Zval {
        let mut made = object::instantiate(ce::swoole_http2_response());
        let Some(object) = made.object_mut() else { return made };
        object::set_slot(object, slot::STREAM_ID, i64::from(stream));
        object::set_slot(object, slot::STATUS_CODE, std::mem::take(&mut self.status));
        object::set_slot(object, slot::PIPELINE, goes_on);
        if std::mem::take(&mut self.told) {
            let (mut headers, mut cookies, mut lines) = (Array::new(), Array::new(), Array::new());
            for (name, value) in self.lines.drain(..) {
                if name == b"set-cookie" {
                    let (name, decoded) = parse_cookie(&value);
                    match name {
                        b"" => cookies.push(decoded),
                        name => cookies.set(&String::from_utf8_lossy(name), decoded),
                    }
                    lines.push(string(&value));
                }
                headers.set(&String::from_utf8_lossy(&name), string(&value));
            }
            object::set_slot(object, slot::HEADERS, Zval::from(headers));
            object::set_slot(object, slot::COOKIES, Zval::from(cookies));
            object::set_slot(object, slot::SET_COOKIE_HEADERS, Zval::from(lines));
        }
        if !self.body.is_empty() {
            let body = std::mem::take(&mut self.body);
            object::set_slot(object, slot::DATA, body.as_slice());
        }
        made
    }

    /// What is left of it when it has come to nothing.
    fn failed(mut self, stream: u32, code: u32) -> Zval {
        let mut made = self.object(stream, false);
        if let Some(object) = made.object_mut() {
            object::set_slot(object, slot::STATUS_CODE, constants::SWOOLE_HTTP_CLIENT_ESTATUS_SERVER_RESET);
            object::set_slot(object, slot::ERR_CODE, i64::from(code));
        }
        made
    }
}

/// Waits for a reply, or for a part of one.
pub(super) fn receive(client: &Client, this: &mut ZendObject, given: f64, in_parts: bool) -> Result<Zval, Stop> {
    let limit = match (given, seconds(this, &["read_timeout", "timeout"])) {
        (0.0, 0.0) => classes::settings::with(|settings| settings.socket_read_timeout),
        (0.0, seconds) | (seconds, _) => seconds,
    };
    let deadline = Deadline::after(timeout(limit));
    loop {
        loop {
            let event = client.connection.borrow_mut().event();
            let Some(event) = event else { break };
            if let Some(response) = apply(client, this, event, in_parts)? {
                wire::flush(client, this)?;
                return Ok(response);
            }
        }
        wire::flush(client, this)?;
        if client.pumping.get() {
            wire::wait_for_progress(client, this, &deadline)?;
            continue;
        }
        client.link.not_held(Direction::Read)?;
        wire::arrive(client, this, &deadline)?;
    }
}

/// Notes what has arrived; what that completes.
fn apply(client: &Client, this: &mut ZendObject, event: Event, in_parts: bool) -> Result<Option<Zval>, Stop> {
    let mut replies = client.replies.borrow_mut();
    let (stream, end, is_data) = match event {
        Event::GoAway { last, code, words } => {
            drop(replies);
            client.close(this);
            object::set_slot(this, client_slot::SERVER_LAST_STREAM_ID, i64::from(last));
            return refuse(this, code as i32, Some(&String::from_utf8_lossy(&words)));
        }
        Event::Reset { stream, code } => {
            return Ok(replies.remove(&stream).map(|reply| reply.failed(stream, code)));
        }
        Event::Headers { stream, lines, end } => {
            let Some(reply) = replies.get_mut(&stream) else { return Ok(None) };
            reply.headers(lines);
            (stream, end, false)
        }
        Event::Data { stream, bytes, end, .. } => {
            let Some(reply) = replies.get_mut(&stream) else { return Ok(None) };
            if !reply.data(&bytes) {
                client.connection.borrow_mut().reset(stream, constants::SWOOLE_HTTP2_ERROR_CANCEL as u32);
                let code = constants::SWOOLE_ERROR_PACKAGE_LENGTH_TOO_LARGE as u32;
                return Ok(replies.remove(&stream).map(|reply| reply.failed(stream, code)));
            }
            reply.parted |= !end;
            (stream, end, true)
        }
    };
    if end {
        return Ok(replies.remove(&stream).map(|mut reply| reply.object(stream, false)));
    }
    let reply = replies.get_mut(&stream).filter(|reply| is_data && reply.parted && (in_parts || reply.in_parts));
    Ok(reply.map(|reply| reply.object(stream, true)))
}
