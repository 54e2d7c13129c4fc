//! Status and headers of replies.

use super::body::Body;
use super::headers;
use bytes::Buf;
use http::header::Entry;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use hyper::ext::ReasonPhrase;
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
    pub(super) is_http2: bool,
    pub(super) keep_alive: bool,
    pub(super) is_head: bool,
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
        let cookies = if framing.is_http2 { older(headers) } else { Vec::new() };
        if defaults.server {
            headers.append(header::SERVER, SERVER);
        }
        if !defaults.undated && !headers.contains_key(header::DATE) {
            headers.append(header::DATE, date());
        }
        if !framing.is_http2 && !defaults.unconnected && !headers.contains_key(header::CONNECTION) {
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

    /// What goes out over a connection.
    #[inline]
    pub(super) fn into_response<D: Buf>(mut self, mut body: Body<D>, framing: Framing) -> Response<Body<D>> {
        if let Entry::Occupied(mut line) = self.headers.entry(header::CONTENT_LENGTH) {
            let says = line.get().to_str().ok().and_then(|text| text.trim().parse().ok());
            let keeps = match (says, body.length()) {
                (None, _) | (_, None) => false,
                (_, Some(0)) if framing.is_head => true,
                (Some(says), Some(_)) => {
                    line.insert(HeaderValue::from(body.shorten(says)));
                    !framing.is_http2
                }
            };
            if !keeps {
                take_out(&mut self.headers, &[header::CONTENT_LENGTH]);
            }
        }
        self.complete(framing);
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        if let Some(reason) = self.reason {
            response.extensions_mut().insert(reason);
        }
        response
    }

    /// The head as text for a connection that this server does not own, with the length of the body, or chunks without one.
    pub fn encode(mut self, length: Option<usize>, keep_alive: bool) -> Vec<u8> {
        if self.contains(&header::CONTENT_LENGTH) {
            take_out(&mut self.headers, &[header::CONTENT_LENGTH]);
        }
        self.complete(Framing { is_http2: false, keep_alive, is_head: false });
        let reason = match &self.reason {
            Some(reason) => reason.as_bytes(),
            None => self.status.canonical_reason().unwrap_or_default().as_bytes(),
        };
        let mut text = [b"HTTP/1.1 ", self.status.as_str().as_bytes(), b" ", reason, b"\r\n"].concat();
        let mut line = |name: &str, value: &[u8]| {
            let mut first = true;
            text.extend(name.bytes().map(|byte| {
                let byte = if first { byte.to_ascii_uppercase() } else { byte };
                first = byte == b'-';
                byte
            }));
            text.extend_from_slice(b": ");
            text.extend_from_slice(value);
            text.extend_from_slice(b"\r\n");
        };
        for (name, value) in &self.headers {
            line(name.as_str(), value.as_bytes());
        }
        match length {
            Some(length) => line("content-length", length.to_string().as_bytes()),
            None => line("transfer-encoding", b"chunked"),
        }
        text.extend_from_slice(b"\r\n");
        text
    }
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
