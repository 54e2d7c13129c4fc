//! Status and headers of replies.

use super::body::Body;
#[cfg(test)]
use super::body::Chunk;
use super::compression::Coding;
use super::http1::{is_token, is_value};
use bytes::{Buf, Bytes};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, Version, header};
use std::cell::RefCell;
use std::ops::Range;
use std::time::{Duration, SystemTime};

/// What this server calls itself.
const SERVER: HeaderValue = HeaderValue::from_static("swoole-http-server");
/// The kind of a body about which nothing is said.
const CONTENT_TYPE: HeaderValue = HeaderValue::from_static("text/html");

/// Lines that the server adds, or leaves out although it usually adds them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Defaults {
    /// `Server` is added.
    pub server: bool,
    /// `Content-Type` is added.
    pub content_type: bool,
    /// `Date` is left out.
    pub undated: bool,
    /// `Connection` is left out.
    pub unconnected: bool,
    /// The body goes out as it is: a `Content-Encoding` was set, or one of nothing.
    pub uncoded: bool,
    /// A reply without a body says nothing of its length: the handler has said so, because it sends what follows by other ways.
    pub unmeasured: bool,
}

impl Defaults {
    /// One bit each.
    pub fn to_bits(self) -> u8 {
        let Self { server, content_type, undated, unconnected, uncoded, unmeasured } = self;
        let bits = [server, content_type, undated, unconnected, uncoded, unmeasured];
        bits.iter().enumerate().fold(0, |all, (at, bit)| all | u8::from(*bit) << at)
    }

    /// What [`to_bits`](Self::to_bits) gave.
    pub fn from_bits(bits: u8) -> Self {
        let is = |at: u8| bits >> at & 1 == 1;
        Self {
            server: is(0),
            content_type: is(1),
            undated: is(2),
            unconnected: is(3),
            uncoded: is(4),
            unmeasured: is(5),
        }
    }
}

/// Status and headers of a reply. Its lines are kept as HTTP/1 sends them.
#[derive(Debug)]
pub struct Head {
    status: StatusCode,
    reason: Option<ReasonPhrase>,
    text: Vec<u8>,
    marks: Marks,
    /// What the server says besides.
    pub defaults: Defaults,
    /// How the body was compressed.
    pub(crate) coding: Option<Coding>,
}

/// What the lines of a head say to the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    dated: bool,
    connected: bool,
    closes: bool,
    /// Where `Content-Length` lies, if it is there.
    length: (u32, u32),
}

impl Marks {
    /// They as bytes.
    pub fn to_bytes(self) -> [u8; 9] {
        let Self { dated, connected, closes, length: (start, end) } = self;
        let mut bytes = [u8::from(dated) | u8::from(connected) << 1 | u8::from(closes) << 2; 9];
        bytes[1..5].copy_from_slice(&start.to_ne_bytes());
        bytes[5..].copy_from_slice(&end.to_ne_bytes());
        bytes
    }

    /// What [`to_bytes`](Self::to_bytes) gave.
    pub fn from_bytes([bits, a, b, c, d, e, f, g, h]: [u8; 9]) -> Self {
        let length = (u32::from_ne_bytes([a, b, c, d]), u32::from_ne_bytes([e, f, g, h]));
        Self { dated: bits & 1 != 0, connected: bits & 2 != 0, closes: bits & 4 != 0, length }
    }

    fn length_place(self) -> Option<Range<usize>> {
        let (start, end) = self.length;
        (end > 0).then_some(start as usize..end as usize)
    }
}

/// What a connection adds to a head.
#[derive(Clone, Copy, Debug)]
pub(super) struct Framing {
    pub(super) version: Version,
    pub(super) keep_alive: bool,
    pub(super) is_head: bool,
}

/// What a head of HTTP/1 makes of its body and its connection.
pub(super) struct Form {
    /// The body's pieces become chunks.
    pub(super) chunked: bool,
    /// No byte of the body goes out.
    pub(super) bodiless: bool,
    pub(super) keep_alive: bool,
}

/// Other words than the standard ones for a status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReasonPhrase(Bytes);

impl ReasonPhrase {
    /// `None` for what cannot stand there.
    pub fn new(words: &[u8]) -> Option<Self> {
        let fits = words.iter().all(|byte| matches!(byte, b'\t' | b' '..=b'~' | 0x80..));
        fits.then(|| Self(Bytes::copy_from_slice(words)))
    }

    /// The words.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

thread_local! {
    /// Memory of lines that were sent.
    static SPARE: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

/// More spare memory is not kept, and none of more bytes.
const SPARES: usize = 64;
const LONGEST_SPARE: usize = 4096;

impl Drop for Head {
    fn drop(&mut self) {
        let mut text = std::mem::take(&mut self.text);
        if text.capacity() == 0 || text.capacity() > LONGEST_SPARE {
            return;
        }
        text.clear();
        // at the thread's end there is nothing to keep it for
        let _ = SPARE.try_with(|spare| {
            let mut spare = spare.borrow_mut();
            if spare.len() < SPARES {
                spare.push(text);
            }
        });
    }
}

impl Head {
    /// A head with no headers.
    #[inline]
    pub fn new(status: StatusCode) -> Self {
        let (text, marks) = (Vec::new(), Marks::default());
        Self { status, reason: None, text, marks, defaults: Defaults::default(), coding: None }
    }

    /// A head with the lines of another one, as [`text`](Self::text) and [`marks`](Self::marks) gave them.
    pub fn with_text(status: StatusCode, text: &[u8], marks: Marks) -> Self {
        let mut head = Self::new(status);
        head.text.extend_from_slice(text);
        head.marks = marks;
        head
    }

    /// Other words than the standard ones for the status.
    pub fn set_reason(&mut self, reason: ReasonPhrase) {
        self.reason = Some(reason);
    }

    /// Adds a header line; false when it cannot be one.
    ///
    /// How the body is framed is the server's business: `Transfer-Encoding` is left out, and `Content-Length` keeps its place, but
    /// says more than the body has only in the answer to a HEAD request that brings no body. Where it says less, the rest of the
    /// body is left out.
    #[inline]
    pub fn add(&mut self, name: &[u8], value: &[u8]) -> bool {
        is_name(name) && self.add_named(name, value)
    }

    /// As [`add_named`](Self::add_named), for a name that says nothing to the server: neither `Date` nor `Connection`, nothing about the
    /// body's length, nothing of WebSocket.
    #[inline]
    pub fn add_plain(&mut self, name: &[u8], value: &[u8]) -> bool {
        if !is_value(value) {
            return false;
        }
        self.make_room();
        write_line(&mut self.text, name, value);
        true
    }

    #[inline]
    fn make_room(&mut self) {
        if self.text.capacity() == 0 {
            self.text = SPARE.with_borrow_mut(Vec::pop).unwrap_or_else(|| Vec::with_capacity(512));
        }
    }

    /// As [`add`](Self::add), for a name of which [`is_name`] is true.
    pub fn add_named(&mut self, name: &[u8], value: &[u8]) -> bool {
        if !is_value(value) {
            return false;
        }
        self.make_room();
        let start = self.text.len();
        let is = |other: &[u8]| name.eq_ignore_ascii_case(other);
        match name.len() {
            4 if is(b"date") => self.marks.dated = true,
            10 if is(b"connection") => {
                self.marks.connected = true;
                self.marks.closes |= says_close(value);
            }
            14 if is(b"content-length") => {
                if let Some(place) = self.marks.length_place() {
                    self.text.drain(place.clone());
                    let rest = self.text.split_off(place.start);
                    write_line(&mut self.text, name, value);
                    self.mark_length(place.start);
                    self.text.extend_from_slice(&rest);
                    return true;
                }
                write_line(&mut self.text, name, value);
                self.mark_length(start);
                return true;
            }
            17 if is(b"transfer-encoding") => return true,
            _ => {}
        }
        write_line(&mut self.text, name, value);
        // WebSocket's names as the RFC spells them: some clients take only that
        if name.len() > WEBSOCKET.len() && name[..WEBSOCKET.len()].eq_ignore_ascii_case(WEBSOCKET) {
            self.text[start + b"sec-web".len()] = b'S';
        }
        true
    }

    fn mark_length(&mut self, start: usize) {
        self.marks.length = (start as u32, self.text.len() as u32);
    }

    /// Adds a header line, with capitals where words of its name begin; as [`add`](Self::add).
    pub fn append(&mut self, name: HeaderName, value: HeaderValue) {
        let mut name = name.as_str().as_bytes().to_vec();
        let mut first = true;
        for byte in &mut name {
            if first {
                byte.make_ascii_uppercase();
            }
            first = *byte == b'-';
        }
        self.add(&name, value.as_bytes());
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Says another status.
    pub(super) fn set_status(&mut self, status: StatusCode) {
        self.status = status;
    }

    /// Other words than the standard ones for the status.
    pub fn reason(&self) -> Option<&ReasonPhrase> {
        self.reason.as_ref()
    }

    /// Its lines, as they are sent.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// What its lines say to the server.
    pub fn marks(&self) -> Marks {
        self.marks
    }

    /// Every line that was added.
    pub fn lines(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        let mut rest = &self.text[..];
        std::iter::from_fn(move || {
            let end = memchr::memchr(b'\r', rest)?;
            let (line, behind) = (&rest[..end], rest.get(end + 2..)?);
            rest = behind;
            let colon = memchr::memchr(b':', line)?;
            Some((&line[..colon], line.get(colon + 2..)?))
        })
    }

    /// The first line of this name.
    pub fn get(&self, name: &HeaderName) -> Option<&[u8]> {
        let name = name.as_str().as_bytes();
        self.lines().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Whether a line of this name was added.
    pub fn contains(&self, name: &HeaderName) -> bool {
        self.get(name).is_some()
    }

    /// What the body is when no line says it.
    pub(super) fn default_type(&self) -> &'static str {
        if self.defaults.content_type { "text/html" } else { "" }
    }

    /// What goes out over HTTP/2.
    pub(super) fn into_response<D: Buf>(mut self, body: &mut Body<D>, is_head: bool) -> Response<()> {
        self.measure(body, is_head);
        if let Some(place) = self.marks.length_place() {
            // how long the body is stands where HTTP/2 has it
            if !is_head || body.length() != Some(0) {
                self.text.drain(place);
            }
        }
        let mut headers = HeaderMap::new();
        for (name, value) in self.lines() {
            if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name), HeaderValue::from_bytes(value)) {
                headers.append(name, value);
            }
        }
        self.complete(&mut headers);
        let mut response = Response::new(());
        *response.status_mut() = self.status;
        *response.headers_mut() = headers;
        response
    }

    /// Adds what was not said, in Swoole's order: what the handler has set comes first.
    fn complete(&self, headers: &mut HeaderMap) {
        let cookies = older(headers);
        if self.defaults.server {
            headers.append(header::SERVER, SERVER);
        }
        if !self.defaults.undated && !self.marks.dated {
            let date = with_date(|line| HeaderValue::from_bytes(&line[b"Date: ".len()..line.len() - 2]));
            headers.extend(date.ok().map(|date| (header::DATE, date)));
        }
        if self.defaults.content_type {
            headers.append(header::CONTENT_TYPE, CONTENT_TYPE);
        }
        for cookie in cookies {
            headers.append(header::SET_COOKIE, cookie);
        }
        if let Some(coding) = self.coding {
            headers.append(header::CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
        }
    }

    /// What the handler says about the body's length, where that is a number.
    pub fn says_length(&self) -> Option<u64> {
        let line = &self.text[self.marks.length_place()?];
        let says = line.split_at(b"content-length: ".len()).1.trim_ascii();
        std::str::from_utf8(says).ok()?.parse().ok()
    }

    /// Makes what the handler says about the body's length fit the body.
    fn measure<D: Buf>(&mut self, body: &mut Body<D>, is_head: bool) {
        let Some(place) = self.marks.length_place() else { return };
        let says = self.says_length();
        let new = match (says, body.length()) {
            (None, _) | (_, None) => None,
            (_, Some(0)) if is_head => return,
            (Some(says), Some(_)) => Some(body.shorten(says)),
        };
        if new.is_some() && new == says {
            return;
        }
        let rest = self.text.split_off(place.end);
        match new {
            Some(length) => {
                self.text.truncate(place.start + b"content-length: ".len());
                write_number(&mut self.text, length);
                self.text.extend_from_slice(b"\r\n");
                self.mark_length(place.start);
            }
            None => {
                self.text.truncate(place.start);
                self.marks.length = (0, 0);
            }
        }
        self.text.extend_from_slice(&rest);
    }

    /// Writes it as HTTP/1 has it.
    pub(super) fn write<D: Buf>(mut self, out: &mut Vec<u8>, body: &mut Body<D>, framing: Framing) -> Form {
        let status = self.status;
        let has_none = matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED) || status.is_informational();
        let bodiless = has_none || framing.is_head;
        let is_newer = framing.version == Version::HTTP_11;
        if self.marks.length_place().is_some() {
            self.measure(body, framing.is_head);
            if let (true, Some(place)) = (has_none, self.marks.length_place()) {
                self.text.drain(place);
            }
        }
        let length = body.length();
        let chunked = length.is_none() && !bodiless && is_newer;
        // without chunks the end of the connection is the body's
        let keep_alive = framing.keep_alive && (bodiless || is_newer || length.is_some());
        out.extend_from_slice(if is_newer { b"HTTP/1.1 " } else { b"HTTP/1.0 " });
        self.write_status(out);
        self.write_lines(out, keep_alive);
        if chunked {
            out.extend_from_slice(b"Transfer-Encoding: chunked\r\n\r\n");
        } else if let Some(length) = length
            && !has_none
            && self.marks.length_place().is_none()
            && (length > 0 || !framing.is_head && !self.defaults.unmeasured)
        {
            out.extend_from_slice(b"Content-Length: ");
            write_number(out, length);
            out.extend_from_slice(b"\r\n\r\n");
        } else {
            out.extend_from_slice(b"\r\n");
        }
        Form { chunked, bodiless, keep_alive: keep_alive && !self.marks.closes }
    }

    /// The lines that were added, and what was not said, in Swoole's order.
    fn write_lines(&self, out: &mut Vec<u8>, keep_alive: bool) {
        let defaults = self.defaults;
        out.extend_from_slice(&self.text);
        if defaults.server {
            out.extend_from_slice(b"Server: swoole-http-server\r\n");
        }
        if !defaults.undated && !self.marks.dated {
            with_date(|line| out.extend_from_slice(line));
        }
        if !defaults.unconnected && !self.marks.connected {
            out.extend_from_slice(if keep_alive { b"Connection: keep-alive\r\n" } else { b"Connection: close\r\n" });
        }
        if defaults.content_type {
            out.extend_from_slice(b"Content-Type: text/html\r\n");
        }
        if let Some(coding) = self.coding {
            write_line(out, b"Content-Encoding", coding.name().as_bytes());
        }
    }

    fn write_status(&self, out: &mut Vec<u8>) {
        if self.status == StatusCode::OK && self.reason.is_none() {
            return out.extend_from_slice(b"200 OK\r\n");
        }
        out.extend_from_slice(self.status.as_str().as_bytes());
        out.push(b' ');
        out.extend_from_slice(match &self.reason {
            Some(reason) => reason.as_bytes(),
            None => self.status.canonical_reason().unwrap_or_default().as_bytes(),
        });
        out.extend_from_slice(b"\r\n");
    }

    /// The head as text for a connection that this server does not own, with the length of the body, or chunks without one.
    pub fn encode(mut self, length: Option<usize>, keep_alive: bool) -> Vec<u8> {
        if let Some(place) = self.marks.length_place() {
            self.text.drain(place);
        }
        let mut text = b"HTTP/1.1 ".to_vec();
        self.write_status(&mut text);
        self.write_lines(&mut text, keep_alive);
        match length {
            Some(length) => write_line(&mut text, b"Content-Length", length.to_string().as_bytes()),
            None => write_line(&mut text, b"Transfer-Encoding", b"chunked"),
        }
        text.extend_from_slice(b"\r\n");
        text
    }
}

/// How WebSocket's names begin.
const WEBSOCKET: &[u8] = b"sec-websocket-";

/// Whether this can be a header's name.
#[inline]
pub fn is_name(name: &[u8]) -> bool {
    !name.is_empty() && name.iter().all(|byte| is_token(*byte))
}

/// Whether `Connection` ends the connection.
fn says_close(value: &[u8]) -> bool {
    value.split(|byte| *byte == b',').any(|word| word.trim_ascii().eq_ignore_ascii_case(b"close"))
}

/// Writes a number's digits.
pub fn write_number(out: &mut Vec<u8>, mut number: u64) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            return out.extend_from_slice(&digits[at..]);
        }
    }
}

#[inline]
fn write_line(out: &mut Vec<u8>, name: &[u8], value: &[u8]) {
    out.reserve(name.len() + value.len() + 4);
    out.extend_from_slice(name);
    out.extend_from_slice(b": ");
    out.extend_from_slice(value);
    out.extend_from_slice(b"\r\n");
}

/// Takes lines out and keeps the order of the others, which `HeaderMap::remove` does not; those that were taken.
#[cold]
fn take_out(headers: &mut HeaderMap, unwanted: &[HeaderName]) -> Vec<(HeaderName, HeaderValue)> {
    let mut rest = HeaderMap::with_capacity(headers.capacity());
    let mut taken = Vec::new();
    for (name, value) in &*headers {
        if unwanted.contains(name) {
            taken.push((name.clone(), value.clone()));
        } else {
            rest.append(name, value.clone());
        }
    }
    *headers = rest;
    taken
}

/// Takes out what is about connections of the older version, and the cookies, which come later there.
fn older(headers: &mut HeaderMap) -> Vec<HeaderValue> {
    const OLDER: [HeaderName; 6] = [
        header::CONNECTION,
        header::UPGRADE,
        header::TRANSFER_ENCODING,
        HeaderName::from_static("keep-alive"),
        HeaderName::from_static("proxy-connection"),
        header::SET_COOKIE,
    ];
    if !OLDER.iter().any(|name| headers.contains_key(name)) {
        return Vec::new();
    }
    let taken = take_out(headers, &OLDER);
    taken.into_iter().filter(|(name, _)| *name == header::SET_COOKIE).map(|(_, value)| value).collect()
}

/// The line that says what time it is, made once a second.
fn with_date<T>(take: impl FnOnce(&[u8]) -> T) -> T {
    thread_local! {
        static DATE: RefCell<(i64, Vec<u8>)> = const { RefCell::new((i64::MIN, Vec::new())) };
    }
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: writes to a value of ours.
    unsafe { libc::clock_gettime(libc::CLOCK_REALTIME_COARSE, &raw mut now) };
    DATE.with_borrow_mut(|(known, line)| {
        if *known != now.tv_sec {
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(now.tv_sec).unwrap_or(0));
            *line = format!("Date: {}\r\n", httpdate::fmt_http_date(time)).into_bytes();
            *known = now.tv_sec;
        }
        take(line)
    })
}

#[cfg(test)]
mod tests;
