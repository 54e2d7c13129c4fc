//! From the arrays `$header` and `$cookie` to the head of a reply.

use crate::classes::errors;
use crate::io::http::{Defaults, Head, ReasonPhrase, is_name};
use crate::log;
use crate::zend::array::{self, Key};
use crate::zend::call::Thrown;
use crate::zend::text::Text;
use crate::zend::{self};
use ::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use ext_php_rs::types::Zval;

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
        array::try_each(lines, |key, value| add_header(&mut head, length, key, value))?;
    }
    if let Some(lines) = cookie.array() {
        array::try_each(lines, |_, value| {
            if let Some(line) = value.zend_str() {
                send(&mut head, b"Set-Cookie", line.as_bytes());
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

fn add_header(head: &mut Head, length: Length, key: Key<'_>, value: &Zval) -> Result<(), Thrown> {
    let number;
    let key = match key {
        Key::Text(text) => text,
        Key::Number(value) => {
            number = value.to_string();
            number.as_bytes()
        }
    };
    if !is_name(key) {
        zend::warning(&format!("Header name \"{}\" is not valid", String::from_utf8_lossy(key)));
        return Ok(());
    }
    // what is set replaces the default, by nothing too
    let defaults = &mut head.defaults;
    let is = |name: &[u8]| key.eq_ignore_ascii_case(name);
    let replaces = match key.len() {
        4 if is(b"date") => !std::mem::replace(&mut defaults.undated, true),
        6 if is(b"server") => std::mem::replace(&mut defaults.server, false),
        10 if is(b"connection") => !std::mem::replace(&mut defaults.unconnected, true),
        12 if is(b"content-type") => std::mem::replace(&mut defaults.content_type, false),
        14 if is(b"content-length") => {
            // who has set a coding before it compresses by himself
            let is_known = length == Length::Compressed && defaults.uncoded;
            if length != Length::Sent && !is_known {
                length.refuse();
                return Ok(());
            }
            defaults.unmeasured = value.zend_str().is_some_and(|text| text.is_empty());
            true
        }
        16 if is(b"content-encoding") => !std::mem::replace(&mut defaults.uncoded, value.is_string()),
        17 if is(b"transfer-encoding") => true,
        _ => false,
    };
    if value.zend_str().is_some_and(|text| text.is_empty()) {
        if !replaces {
            head.add_named(key, b"");
        }
        return Ok(());
    }
    match value.array() {
        Some(values) => array::try_each(values, |_, value| add_line(head, key, value)),
        None => add_line(head, key, value),
    }
}

fn add_line(head: &mut Head, name: &[u8], value: &Zval) -> Result<(), Thrown> {
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
fn send(head: &mut Head, name: &[u8], value: &[u8]) {
    if !head.add_named(name, value) && !has_line_break(value) {
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
