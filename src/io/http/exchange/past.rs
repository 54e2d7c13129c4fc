//! Short replies past the connection's task: when it does nothing but wait, whoever gives the reply sends it at once.
//!
//! It learns of the reply when it runs next: the client's next request has come, or the reply leaves something to do. Only where replies come
//! from other processes: they are relayed for less CPU time so, while PHP code and system calls in alternation drive each other out of the
//! processor's caches.

use super::{Exchange, Stage};
use crate::io::http::body::{Body, Chunk, Part};
use crate::io::http::head::Head;
use crate::io::websocket::send_now;
use bytes::Buf;
use http::StatusCode;
use std::task::Poll;

/// Bodies of up to so many bytes go this way.
const MOST: u64 = 4096;

/// Room for a head.
const HEAD: usize = 256;

/// What the connection has to do when a reply went past it.
#[derive(Default)]
pub(in crate::io::http) struct Rest {
    /// What is not sent.
    pub(in crate::io::http) bytes: Vec<u8>,
    /// The connection ends behind it.
    pub(in crate::io::http) ends: bool,
}

impl<D: Buf> Exchange<D> {
    /// Whether a whole reply can go past the connection's task now.
    #[inline]
    pub(super) fn may_send(&self, head: &Head, body: Option<&Part<D>>) -> bool {
        let is_short = match body {
            None => true,
            Some(Part::File(_)) => false,
            Some(part) => part.len() <= MOST,
        };
        let link = &self.link;
        self.idle.get()
            && is_short
            && head.status() != StatusCode::SWITCHING_PROTOCOLS
            && !(link.has_bytes() || link.is_blocked() || link.closing.get() || link.ended.get())
    }

    /// Sends a whole reply.
    pub(super) fn send(&self, head: Head, body: Option<Part<D>>) {
        let mut body = match body {
            Some(Part::Data(data)) => Body::Full(Some(Chunk::Data(data))),
            Some(Part::Bytes(bytes)) => Body::Full(Some(Chunk::Bytes(bytes))),
            Some(Part::File(_)) | None => Body::Empty,
        };
        let mut text = Vec::with_capacity(HEAD + body.length().unwrap_or(0) as usize);
        let form = head.write(&mut text, &mut body, self.framing());
        if let (Body::Full(Some(data)), false) = (&mut body, form.bodiless) {
            while data.has_remaining() {
                let chunk = data.chunk();
                let length = chunk.len();
                text.extend_from_slice(chunk);
                data.advance(length);
            }
        }
        // The connection is there as long as it waits. What cannot be sent now it sends itself, and sees the same errors.
        let sent = match send_now(self.link.fd, &text) {
            Poll::Ready(Ok(sent)) => {
                self.link.has_written(Some(sent));
                sent
            }
            Poll::Ready(Err(_)) | Poll::Pending => 0,
        };
        self.stage.set(Stage::Sent);
        self.set_busy(false);
        if sent < text.len() || !form.keep_alive {
            text.drain(..sent);
            *self.rest.borrow_mut() = Some(Rest { bytes: text, ends: !form.keep_alive });
            super::wake(&self.connection);
        }
    }
}
