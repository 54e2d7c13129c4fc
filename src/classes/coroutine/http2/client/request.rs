//! Requests, out of objects of `Swoole\Http2\Request`.

use super::response::Reply;
use super::{Client, refuse, wire};
use crate::classes::coroutine::http::client::link::Stop;
use crate::classes::coroutine::http::client::send::{authority, build_query};
use crate::classes::errors;
use crate::classes::http::set_cookie::url_encode;
use crate::classes::slots::swoole_http2_request as slot;
use crate::io::http2_client::Line;
use crate::zend::array::{Key, try_each};
use crate::zend::call::Thrown;
use crate::zend::object;
use crate::zend::string;
use crate::zend::text::Text;
use ext_php_rs::types::{ZendObject, Zval};

/// Headers that belong to a connection of HTTP/1.
const NOT_HERE: [&[u8]; 5] = [b"connection", b"keep-alive", b"proxy-connection", b"transfer-encoding", b"upgrade"];

/// Sends a request; the number of its stream.
pub(super) fn send(client: &Client, this: &mut ZendObject, request: &mut ZendObject, limit: u64) -> Result<u32, Stop> {
    let property = |object: &ZendObject, index| object::slot(object, index).shallow_clone();
    let data = property(request, slot::DATA);
    if data.is_array() {
        let kind = string(b"application/x-www-form-urlencoded");
        object::set_in_slot(request, slot::HEADERS, b"content-type", kind);
    }
    let body = body_of(&data)?;
    let parts = property(request, slot::PIPELINE).coerce_to_bool();
    let lines = lines(client, request)?;
    let wrong = |text: &[u8]| text.iter().any(|byte| matches!(byte, b'\r' | b'\n' | 0));
    if lines.iter().any(|(name, value)| name.is_empty() || wrong(name) || wrong(value)) {
        let words = "the request has a line break or a NUL where none may be";
        return refuse(this, errors::INVALID_PARAMS, Some(words));
    }
    let end = body.as_bytes().is_empty() && !parts;
    let begun = client.connection.borrow_mut().request(lines.iter().map(|(name, value)| (&**name, &**value)), end);
    let Some(stream) = begun else {
        return refuse(this, crate::classes::constants::SWOOLE_ERROR_HTTP2_STREAM_ID_TOO_BIG as i32, None);
    };
    let in_parts = property(request, slot::USE_PIPELINE_READ).coerce_to_bool();
    client.replies.borrow_mut().insert(stream, Reply::new(parts, in_parts, limit));
    if body.as_bytes().is_empty() {
        wire::flush(client, this)?;
    } else {
        wire::body(client, this, stream, body.as_bytes(), !parts)?;
    }
    Ok(stream)
}

/// Sends more of the body of a request that was sent with `pipeline`.
pub(super) fn write(client: &Client, this: &mut ZendObject, stream: i64, data: &Zval, end: bool) -> Result<(), Stop> {
    let open = |replies: &mut std::collections::HashMap<u32, Reply>, number| {
        replies.get_mut(&number).is_some_and(|reply| std::mem::replace(&mut reply.open, !end))
    };
    let number = u32::try_from(stream).unwrap_or(0);
    let known = client.replies.borrow().get(&number).is_some_and(|reply| reply.open);
    if !known {
        return refuse(this, libc::EINVAL, Some(&format!("unable to found active pipeline stream#{stream}")));
    }
    let text = if data.is_array() { build_query(data)? } else { Text::of(data)? };
    open(&mut client.replies.borrow_mut(), number);
    wire::body(client, this, number, text.as_bytes(), end)
}

/// The body that a request's data is.
fn body_of(data: &Zval) -> Result<Text, Thrown> {
    match data.array() {
        Some(fields) if fields.is_empty() => Ok(Text::new(b"")),
        Some(_) => build_query(data),
        None if data.zend_str().is_none() && !data.coerce_to_bool() => Ok(Text::new(b"")),
        None => Text::of(data),
    }
}

fn lines(client: &Client, request: &ZendObject) -> Result<Vec<Line>, Stop> {
    let Some(server) = client.server.get() else { return Err(Stop::Failed) };
    let text = |index, default: &[u8]| {
        let given = object::slot(request, index).zend_str().map(|text| text.as_bytes().to_vec());
        given.filter(|text| !text.is_empty()).unwrap_or_else(|| default.to_vec())
    };
    let mut own: Vec<Line> = Vec::new();
    let mut host = None;
    if let Some(headers) = object::slot(request, slot::HEADERS).shallow_clone().array() {
        try_each(headers, |key, value| {
            let Key::Text(name) = key else { return Ok(()) };
            if name.starts_with(b":") || value.is_null() {
                return Ok(());
            }
            let name = name.to_ascii_lowercase();
            let value = Text::of(value)?.as_bytes().to_vec();
            if name == b"host" {
                host = Some(value);
            } else if !NOT_HERE.contains(&&*name) {
                own.push((name, value));
            }
            Ok::<(), Thrown>(())
        })?;
    }
    let scheme: &[u8] = if server.secure { b"https" } else { b"http" };
    let mut lines: Vec<Line> = vec![
        (b":method".to_vec(), text(slot::METHOD, b"GET")),
        (b":path".to_vec(), text(slot::PATH, b"/")),
        (b":scheme".to_vec(), scheme.to_vec()),
        (b":authority".to_vec(), host.unwrap_or_else(|| authority(server))),
    ];
    lines.append(&mut own);
    if let Some(cookies) = object::slot(request, slot::COOKIES).shallow_clone().array() {
        try_each(cookies, |key, value| {
            let Key::Text(name) = key else { return Ok(()) };
            if !value.is_null() {
                let mut line = [name, b"="].concat();
                url_encode(Text::of(value)?.as_bytes(), &mut line);
                lines.push((b"cookie".to_vec(), line));
            }
            Ok::<(), Thrown>(())
        })?;
    }
    Ok(lines)
}
