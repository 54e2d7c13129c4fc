//! Status and headers of replies.

use super::body::Body;
use super::headers;
use bytes::Buf;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use hyper::ext::ReasonPhrase;
use std::time::SystemTime;

/// Status and headers of a reply.
#[derive(Debug)]
pub struct Head {
    pub(super) status: StatusCode,
    pub(super) reason: Option<ReasonPhrase>,
    pub(super) headers: HeaderMap,
    /// `Content-Length` as it was set, which counts only where no body tells the truth.
    length: Option<HeaderValue>,
    says_connection: bool,
    /// The body goes out as it is: a `Content-Encoding` of nothing was set.
    pub(super) uncoded: bool,
}

impl Head {
    /// A head with no headers.
    #[inline]
    pub fn new(status: StatusCode) -> Self {
        Self { status, reason: None, headers: headers::map(), length: None, says_connection: false, uncoded: false }
    }

    /// Other words than the standard ones for the status.
    pub fn set_reason(&mut self, reason: ReasonPhrase) {
        self.reason = Some(reason);
    }

    /// Adds a header line.
    ///
    /// How the body is framed and when is the server's business: `Transfer-Encoding` is left out, `Content-Length` goes out
    /// only in the answer to a HEAD request that brings no body; an empty `Content-Encoding` only keeps the body from being
    /// compressed. `Connection: keep-alive` is added when nothing is said.
    #[inline]
    pub fn append(&mut self, name: HeaderName, value: HeaderValue) {
        match name {
            header::CONTENT_LENGTH => {
                self.length = Some(value);
                return;
            }
            header::TRANSFER_ENCODING => return,
            header::CONTENT_ENCODING if value.is_empty() => {
                self.uncoded = true;
                return;
            }
            header::CONNECTION => self.says_connection = true,
            _ => {}
        }
        self.headers.append(name, value);
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
        static NOTHING: HeaderValue = HeaderValue::from_static("");
        let length = self.length.as_ref().map(|length| (&header::CONTENT_LENGTH, length));
        let uncoded = self.uncoded.then_some((&header::CONTENT_ENCODING, &NOTHING));
        self.headers.iter().chain(length).chain(uncoded)
    }

    /// The first line of this name.
    pub fn get(&self, name: &HeaderName) -> Option<&HeaderValue> {
        self.headers.get(name)
    }

    /// Whether a line of this name was added.
    pub fn contains(&self, name: &HeaderName) -> bool {
        self.headers.contains_key(name)
    }

    #[inline]
    pub(super) fn into_response<D: Buf>(self, body: Body<D>, keep_alive: bool, is_head: bool) -> Response<Body<D>> {
        let mut headers = self.headers;
        if keep_alive && !self.says_connection {
            headers.append(header::CONNECTION, HeaderValue::from_static("keep-alive"));
        }
        if let Some(length) = self.length.filter(|_| is_head && matches!(body, Body::Empty)) {
            headers.append(header::CONTENT_LENGTH, length);
        }
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        *response.headers_mut() = headers;
        if let Some(reason) = self.reason {
            response.extensions_mut().insert(reason);
        }
        response
    }

    /// The head as text for a connection that this server does not own, with the length of the body, or chunks without one.
    pub fn encode(&self, length: Option<usize>, keep_alive: bool) -> Vec<u8> {
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
        if !self.headers.contains_key(header::DATE) {
            line("date", httpdate::fmt_http_date(SystemTime::now()).as_bytes());
        }
        if !self.says_connection {
            line("connection", if keep_alive { b"keep-alive" } else { b"close" });
        }
        match length {
            Some(length) => line("content-length", length.to_string().as_bytes()),
            None => line("transfer-encoding", b"chunked"),
        }
        text.extend_from_slice(b"\r\n");
        text
    }
}
