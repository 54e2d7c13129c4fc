//! Status and headers of replies.

use super::body::Body;
use super::headers;
use bytes::{Buf, Bytes};
use http::header::Entry;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, Version, header};
use std::cell::RefCell;
use std::time::SystemTime;

/// What this server calls itself.
const SERVER: HeaderValue = HeaderValue::from_static("swoole-http-server");
/// The kind of a body about which nothing is said.
const CONTENT_TYPE: HeaderValue = HeaderValue::from_static("text/html");
const KEEP_ALIVE: HeaderValue = HeaderValue::from_static("keep-alive");
const CLOSE: HeaderValue = HeaderValue::from_static("close");

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
}

impl Defaults {
    /// One bit each.
    pub fn to_bits(self) -> u8 {
        let Self { server, content_type, undated, unconnected, uncoded } = self;
        let bits = [server, content_type, undated, unconnected, uncoded];
        bits.iter().enumerate().fold(0, |all, (at, bit)| all | u8::from(*bit) << at)
    }

    /// What [`to_bits`](Self::to_bits) gave.
    pub fn from_bits(bits: u8) -> Self {
        let is = |at: u8| bits >> at & 1 == 1;
        Self { server: is(0), content_type: is(1), undated: is(2), unconnected: is(3), uncoded: is(4) }
    }
}

/// Status and headers of a reply.
#[derive(Debug)]
pub struct Head {
    pub(super) status: StatusCode,
    pub(super) reason: Option<ReasonPhrase>,
    pub(super) headers: HeaderMap,
    /// What the server says besides.
    pub defaults: Defaults,
    /// How the body was compressed.
    pub(super) coding: Option<&'static str>,
}

/// What a connection adds to a head.
#[derive(Clone, Copy, Debug)]
pub(super) struct Framing {
    pub(super) version: Version,
    pub(super) keep_alive: bool,
    pub(super) is_head: bool,
}

impl Framing {
    fn is_http2(&self) -> bool {
        self.version == Version::HTTP_2
    }
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

impl Head {
    /// A head with no headers.
    #[inline]
    pub fn new(status: StatusCode) -> Self {
        Self { status, reason: None, headers: headers::map(), defaults: Defaults::default(), coding: None }
    }

    /// Other words than the standard ones for the status.
    pub fn set_reason(&mut self, reason: ReasonPhrase) {
        self.reason = Some(reason);
    }

    /// Adds a header line.
    ///
    /// How the body is framed is the server's business: `Transfer-Encoding` is left out, and `Content-Length` keeps its place, but
    /// says more than the body has only in the answer to a HEAD request that brings no body. Where it says less, the rest of the
    /// body is left out.
    #[inline]
    pub fn append(&mut self, name: HeaderName, value: HeaderValue) {
        match name {
            header::TRANSFER_ENCODING => {}
            header::CONTENT_LENGTH => drop(self.headers.insert(name, value)),
            _ => drop(self.headers.append(name, value)),
        }
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Other words than the standard ones for the status.
    pub fn reason(&self) -> Option<&ReasonPhrase> {
        self.reason.as_ref()
    }

    /// Every line that was added, and may be given to [`Head::append`] of another head.
    pub fn lines(&self) -> impl Iterator<Item = (&HeaderName, &HeaderValue)> {
        self.headers.iter()
    }

    /// The first line of this name.
    pub fn get(&self, name: &HeaderName) -> Option<&HeaderValue> {
        self.headers.get(name)
    }

    /// Whether a line of this name was added.
    pub fn contains(&self, name: &HeaderName) -> bool {
        self.headers.contains_key(name)
    }

    /// What the body is when no line says it.
    pub(super) fn default_type(&self) -> &'static str {
        if self.defaults.content_type { "text/html" } else { "" }
    }

    /// Adds what was not said, in Swoole's order: what the handler has set comes first.
    #[inline]
    fn complete(&mut self, framing: Framing) {
        let (defaults, headers) = (self.defaults, &mut self.headers);
        let cookies = if framing.is_http2() { older(headers) } else { Vec::new() };
        if defaults.server {
            headers.append(header::SERVER, SERVER);
        }
        if !defaults.undated && !headers.contains_key(header::DATE) {
            headers.append(header::DATE, date());
        }
        if !framing.is_http2() && !defaults.unconnected && !headers.contains_key(header::CONNECTION) {
            headers.append(header::CONNECTION, if framing.keep_alive { KEEP_ALIVE } else { CLOSE });
        }
        if defaults.content_type {
            headers.append(header::CONTENT_TYPE, CONTENT_TYPE);
        }
        for cookie in cookies {
            headers.append(header::SET_COOKIE, cookie);
        }
        if let Some(coding) = self.coding {
            headers.append(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
    }

    /// What goes out over HTTP/2.
    pub(super) fn into_response<D: Buf>(mut self, body: &mut Body<D>, framing: Framing) -> Response<()> {
        self.measure(body, framing);
        self.complete(framing);
        let mut response = Response::new(());
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }

    /// Makes what the handler says about the body's length fit the body.
    fn measure<D: Buf>(&mut self, body: &mut Body<D>, framing: Framing) {
        let Entry::Occupied(mut line) = self.headers.entry(header::CONTENT_LENGTH) else { return };
        let says = line.get().to_str().ok().and_then(|text| text.trim().parse().ok());
        let keeps = match (says, body.length()) {
            (None, _) | (_, None) => false,
            (_, Some(0)) if framing.is_head => true,
            (Some(says), Some(_)) => {
                line.insert(HeaderValue::from(body.shorten(says)));
                !framing.is_http2()
            }
        };
        if !keeps {
            take_out(&mut self.headers, &[header::CONTENT_LENGTH]);
        }
    }

    /// Writes it as HTTP/1 has it.
    pub(super) fn write<D: Buf>(mut self, out: &mut Vec<u8>, body: &mut Body<D>, mut framing: Framing) -> Form {
        let status = self.status;
        let has_none = matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED) || status.is_informational();
        let bodiless = has_none || framing.is_head;
        let is_newer = framing.version == Version::HTTP_11;
        if !bodiless && !is_newer && body.length().is_none() {
            // the end of the connection is the body's
            framing.keep_alive = false;
        }
        self.measure(body, framing);
        self.complete(framing);
        let length = body.length();
        out.extend_from_slice(if is_newer { b"HTTP/1.1 " } else { b"HTTP/1.0 " });
        self.write_status(out);
        let (mut measured, mut stays) = (has_none, framing.keep_alive);
        for (name, value) in &self.headers {
            match *name {
                header::CONTENT_LENGTH if has_none => continue,
                header::CONTENT_LENGTH => measured = true,
                header::CONNECTION => stays = stays && !says_close(value.as_bytes()),
                _ => {}
            }
            write_line(out, name.as_str(), value.as_bytes());
        }
        let chunked = length.is_none() && !bodiless && is_newer;
        if chunked {
            out.extend_from_slice(b"Transfer-Encoding: chunked\r\n");
        } else if let Some(length) = length.filter(|length| !measured && (*length > 0 || !framing.is_head)) {
            out.extend_from_slice(b"Content-Length: ");
            write_number(out, length);
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(b"\r\n");
        headers::recycle(self.headers);
        Form { chunked, bodiless, keep_alive: stays }
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
        if self.contains(&header::CONTENT_LENGTH) {
            take_out(&mut self.headers, &[header::CONTENT_LENGTH]);
        }
        self.complete(Framing { version: Version::HTTP_11, keep_alive, is_head: false });
        let mut text = b"HTTP/1.1 ".to_vec();
        self.write_status(&mut text);
        for (name, value) in &self.headers {
            write_line(&mut text, name.as_str(), value.as_bytes());
        }
        match length {
            Some(length) => write_line(&mut text, "content-length", length.to_string().as_bytes()),
            None => write_line(&mut text, "transfer-encoding", b"chunked"),
        }
        text.extend_from_slice(b"\r\n");
        text
    }
}

/// Whether `Connection` ends the connection.
fn says_close(value: &[u8]) -> bool {
    value.split(|byte| *byte == b',').any(|word| word.trim_ascii().eq_ignore_ascii_case(b"close"))
}

fn write_number(out: &mut Vec<u8>, mut number: u64) {
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

/// Writes a line, with capitals where words of its name begin; WebSocket's names as the RFC spells them: some clients take only that.
fn write_line(out: &mut Vec<u8>, name: &str, value: &[u8]) {
    const WEBSOCKET: &str = "sec-websocket-";
    let start = out.len();
    out.reserve(name.len() + value.len() + 4);
    out.extend_from_slice(name.as_bytes());
    let mut first = true;
    for byte in &mut out[start..] {
        if first {
            byte.make_ascii_uppercase();
        }
        first = *byte == b'-';
    }
    if name.starts_with(WEBSOCKET) {
        out[start + "sec-web".len()] = b'S';
    }
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

/// The time as a header's value, made once a second.
fn date() -> HeaderValue {
    thread_local! {
        static DATE: RefCell<(u64, HeaderValue)> = const { RefCell::new((0, HeaderValue::from_static(""))) };
    }
    let now = SystemTime::now();
    let second = now.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |passed| passed.as_secs());
    DATE.with_borrow_mut(|(known, value)| {
        if *known != second
            && let Ok(fresh) = HeaderValue::try_from(httpdate::fmt_http_date(now))
        {
            (*known, *value) = (second, fresh);
        }
        value.clone()
    })
}
