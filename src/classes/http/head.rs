//! From the arrays `$header` and `$cookie` to the head of a reply.

use super::known;
use crate::classes::errors;
use crate::io::http::{Defaults, Head, ReasonPhrase, is_name};
use crate::log;
use crate::zend::array::{self, Key};
use crate::zend::call::Thrown;
use crate::zend::text::Text;
use crate::zend::{self};
use ::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use ext_php_rs::types::{ZendStr, Zval};

/// Longest header name that Swoole takes.
pub(super) const LONGEST_NAME: usize = 127;

/// What Swoole adds to every reply.
pub(crate) const DEFAULTS: Defaults = Defaults {
    server: true,
    content_type: true,
    undated: false,
    unconnected: false,
    uncoded: false,
    unmeasured: false,
};

/// The status and reason for what `status()` was given; 0 means that it was not called.
pub(super) fn status(code: i64, reason: &[u8]) -> (StatusCode, Option<ReasonPhrase>) {
    let known = u16::try_from(if code == 0 { 200 } else { code }).ok().and_then(|code| StatusCode::from_u16(code).ok());
    // interim answers and numbers that are no status cannot end a request
    let status = known
        .filter(|status| !status.is_informational() || *status == StatusCode::SWITCHING_PROTOCOLS)
        .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let reason = match reason {
        [] if status.canonical_reason().is_some() => None,
        [] => ReasonPhrase::new(b"Unknown Status"),
        words => ReasonPhrase::new(words),
    };
    (status, reason)
}

/// A head with Swoole's headers and nothing else.
#[inline]
pub(super) fn plain(status: StatusCode) -> Head {
    let mut head = Head::new(status);
    head.defaults = DEFAULTS;
    head
}

/// Builds the head. Headers that cannot be sent are left out with a warning.
///
/// # Errors
/// A header's value is an object whose conversion threw.
pub(super) fn build(code: i64, reason: &[u8], header: &Zval, cookie: &Zval, length: Length) -> Result<Head, Thrown> {
    let (status, reason) = status(code, reason);
    let mut head = Head::new(status);
    if let Some(reason) = reason {
        head.set_reason(reason);
    }
    head.defaults = DEFAULTS;
    head.defaults.content_type = status != StatusCode::SWITCHING_PROTOCOLS;
    if let Some(lines) = header.array() {
        array::try_each_named(lines, |key, value| add_header(&mut head, length, key, value))?;
    }
    if let Some(lines) = cookie.array() {
        array::try_each(lines, |_, value| {
            if let Some(line) = value.zend_str() {
                send(&mut head, Named { text: b"Set-Cookie", kind: Kind::Other }, line.as_bytes());
            }
            Ok(())
        })?;
    }
    Ok(head)
}

/// The trailers in an array; none when it is empty or no array. What cannot be sent is left out with a warning.
///
/// # Errors
/// A value is an object whose conversion threw.
pub(super) fn trailers(value: &Zval) -> Result<Option<HeaderMap>, Thrown> {
    let Some(lines) = value.array().filter(|lines| !lines.is_empty()) else { return Ok(None) };
    let mut trailers = HeaderMap::new();
    array::try_each(lines, |key, value| {
        let Key::Text(key) = key else { return Ok(()) };
        if value.is_null() {
            return Ok(());
        }
        let Ok(name) = HeaderName::from_bytes(key) else {
            zend::warning(&format!("Trailer name \"{}\" is not valid", String::from_utf8_lossy(key)));
            return Ok(());
        };
        if let Some(value) = sendable(Text::of(value)?.as_bytes().trim_ascii_end()) {
            trailers.append(name, value);
        }
        Ok(())
    })?;
    Ok(Some(trailers).filter(|trailers| !trailers.is_empty()))
}

/// Whether a `Content-Length` of the handler's goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Length {
    Sent,
    /// The body comes in chunks.
    Chunked,
    /// The body may be compressed, and is shorter then.
    Compressed,
}

impl Length {
    /// Says why it does not go out.
    fn refuse(self) {
        let why = match self {
            Self::Sent => return,
            Self::Chunked => "You have set 'Transfer-Encoding'",
            Self::Compressed => "The client has set 'Accept-Encoding'",
        };
        let text = format!("{why}, 'Content-Length' will be ignored");
        log::error(log::WARNING, "HttpContext::build_header()", errors::HTTP_CONFLICT_HEADER, text.as_bytes());
    }
}

/// Names that say something to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Date,
    Server,
    Connection,
    ContentType,
    ContentLength,
    ContentEncoding,
    TransferEncoding,
    /// Of WebSocket.
    Handshake,
    Other,
}

impl Kind {
    /// What a name is.
    pub(super) fn of(name: &[u8]) -> Self {
        let is = |other: &[u8]| name.eq_ignore_ascii_case(other);
        match name.len() {
            4 if is(b"date") => Self::Date,
            6 if is(b"server") => Self::Server,
            10 if is(b"connection") => Self::Connection,
            12 if is(b"content-type") => Self::ContentType,
            14 if is(b"content-length") => Self::ContentLength,
            16 if is(b"content-encoding") => Self::ContentEncoding,
            17 if is(b"transfer-encoding") => Self::TransferEncoding,
            13.. if name[..13].eq_ignore_ascii_case(b"sec-websocket") => Self::Handshake,
            _ => Self::Other,
        }
    }

    /// A line of this name means nothing but itself.
    fn is_plain(self) -> bool {
        matches!(self, Self::Server | Self::ContentType | Self::ContentEncoding | Self::Other)
    }
}

/// A header's name, of which it is known that it can be one.
#[derive(Clone, Copy)]
struct Named<'a> {
    text: &'a [u8],
    kind: Kind,
}

fn add_header(head: &mut Head, length: Length, key: Result<&ZendStr, i64>, value: &Zval) -> Result<(), Thrown> {
    let number;
    let (text, known) = match key {
        Ok(text) => (text.as_bytes(), known::find(text)),
        Err(value) => {
            number = value.to_string();
            (number.as_bytes(), None)
        }
    };
    let kind = match known {
        Some(known) => known.kind,
        None if is_name(text) => Kind::of(text),
        None => {
            zend::warning(&format!("Header name \"{}\" is not valid", String::from_utf8_lossy(text)));
            return Ok(());
        }
    };
    let name = Named { text, kind };
    // what is set replaces the default, by nothing too
    let defaults = &mut head.defaults;
    let replaces = match kind {
        Kind::Date => !std::mem::replace(&mut defaults.undated, true),
        Kind::Server => std::mem::replace(&mut defaults.server, false),
        Kind::Connection => !std::mem::replace(&mut defaults.unconnected, true),
        Kind::ContentType => std::mem::replace(&mut defaults.content_type, false),
        Kind::ContentLength => {
            // who has set a coding before it compresses by himself
            let is_known = length == Length::Compressed && defaults.uncoded;
            if length != Length::Sent && !is_known {
                length.refuse();
                return Ok(());
            }
            defaults.unmeasured = value.zend_str().is_some_and(|text| text.is_empty());
            true
        }
        Kind::ContentEncoding => !std::mem::replace(&mut defaults.uncoded, value.is_string()),
        Kind::TransferEncoding => true,
        Kind::Handshake | Kind::Other => false,
    };
    if let Some(text) = value.zend_str() {
        if !text.is_empty() {
            send(head, name, text.as_bytes().trim_ascii_end());
        } else if !replaces {
            send(head, name, b"");
        }
        return Ok(());
    }
    let Some(values) = value.array() else { return add_line(head, name, value) };
    match array::single(values).and_then(Zval::zend_str) {
        Some(text) => send(head, name, text.as_bytes().trim_ascii_end()),
        None => array::try_each(values, |_, value| add_line(head, name, value))?,
    }
    Ok(())
}

fn add_line(head: &mut Head, name: Named<'_>, value: &Zval) -> Result<(), Thrown> {
    if value.is_null() {
        return Ok(());
    }
    if let Some(text) = value.zend_str() {
        send(head, name, text.as_bytes().trim_ascii_end());
        return Ok(());
    }
    let text = Text::of(value)?;
    send(head, name, text.as_bytes().trim_ascii_end());
    Ok(())
}

/// Adds a line, or says why it cannot be one.
#[inline]
fn send(head: &mut Head, name: Named<'_>, value: &[u8]) {
    let added = if name.kind.is_plain() { head.add_plain(name.text, value) } else { head.add_named(name.text, value) };
    if !added {
        refuse(value);
    }
}

#[cold]
fn refuse(value: &[u8]) {
    if !has_line_break(value) {
        zend::warning("Header may not contain control characters");
    }
}

fn sendable(value: &[u8]) -> Option<HeaderValue> {
    if has_line_break(value) {
        return None;
    }
    let made = HeaderValue::from_bytes(value);
    if made.is_err() {
        zend::warning("Header may not contain control characters");
    }
    made.ok()
}

/// Warns about bytes that would end a header, as Swoole does.
pub(super) fn has_line_break(text: &[u8]) -> bool {
    match memchr::memchr3(b'\n', b'\r', 0, text).map(|at| text[at]) {
        None => return false,
        Some(0) => zend::warning("Header may not contain NUL bytes"),
        Some(_) => zend::warning("Header may not contain more than a single header, new line detected"),
    }
    true
}

/// What [`spelling`] says of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// As [`capitalise`] would write it.
    Capitalised,
    /// In some other way.
    Other,
    /// With bytes that are no part of a name, perhaps line breaks.
    Strange,
}

const SMALL: u8 = 1;
const LARGE: u8 = 2;
const CONTROL: u8 = 4;

/// What bytes of names are.
static KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut byte: u8 = 0;
    while byte < 128 {
        kinds[byte as usize] = match byte {
            b'a'..=b'z' => SMALL,
            b'A'..=b'Z' => LARGE,
            ..b' ' => CONTROL,
            _ => 0,
        };
        byte += 1;
    }
    kinds
};

/// How a name is spelt.
pub(super) fn spelling(name: &[u8]) -> Spelling {
    // words begin with no small letter, and have no large one behind that
    let (mut found, mut wrong) = (0, SMALL | CONTROL);
    for byte in name {
        found |= KINDS[usize::from(*byte)] & wrong;
        wrong = if *byte == b'-' { SMALL | CONTROL } else { LARGE | CONTROL };
    }
    match found {
        0 => Spelling::Capitalised,
        SMALL..CONTROL => Spelling::Other,
        _ => Spelling::Strange,
    }
}

/// Makes `Content-Type` of `content-TYPE`.
pub(super) fn capitalise(name: &mut [u8]) {
    let mut first = true;
    for byte in name {
        *byte = if first { byte.to_ascii_uppercase() } else { byte.to_ascii_lowercase() };
        first = *byte == b'-';
    }
}
