//! Answers over a `Coroutine\Socket` that PHP code owns: written as text, with the socket's own `sendAll()`.

use crate::io::http::{FileRange, Head};
use crate::zend::array::Array;
use crate::zend::call::Thrown;
use crate::zend::callable::Callable;
use crate::zend::text::Text;
use crate::zend::{self, string};
use ::http::HeaderMap;
use ext_php_rs::types::Zval;
use std::rc::Rc;

/// Bytes of a file that are read at a time.
const PIECE: usize = 256 << 10;

/// The sending half of a socket, or of a server's connection.
#[derive(Clone)]
pub(super) struct OverSocket {
    send: Rc<Callable>,
    /// The connection of a server.
    fd: Option<i64>,
}

impl OverSocket {
    /// Writes to `socket`, an object with a method `sendAll(string $data): int|false`.
    pub(super) fn new(socket: &Zval) -> Result<Self, Thrown> {
        Self::with(socket, b"sendAll", None)
    }

    /// Writes to a connection of `server`, which has a method `send(int $fd, string $data): bool`.
    pub(super) fn of_server(server: &Zval, fd: i64) -> Result<Self, Thrown> {
        Self::with(server, b"send", Some(fd))
    }

    fn with(object: &Zval, name: &[u8], fd: Option<i64>) -> Result<Self, Thrown> {
        let mut method = Array::new();
        method.push(object.shallow_clone());
        method.push(string(name));
        match Callable::new(&method.into()) {
            Some(callable) => Ok(Self { send: Rc::new(callable), fd }),
            None => zend::throw(zend::standard_error(), "the socket cannot send", 0),
        }
    }

    pub(super) fn visit(&self, visit: &mut dyn FnMut(&Zval)) {
        self.send.visit(visit);
    }

    fn send(&self, bytes: &[u8]) -> bool {
        if let Some(fd) = self.fd {
            return self.send.call(&[zend::long(fd), string(bytes)]).is_ok_and(|sent| sent.coerce_to_bool());
        }
        let sent = self.send.call(&[string(bytes)]);
        sent.is_ok_and(|count| count.long() == i64::try_from(bytes.len()).ok())
    }

    /// A whole answer.
    pub(super) fn reply(&self, head: Head, content: Option<Text>) -> bool {
        let content = content.as_ref().map_or(&[][..], Text::as_bytes);
        let mut text = head.encode(Some(content.len()), true);
        text.extend_from_slice(content);
        self.send(&text)
    }

    /// A whole answer with part of a file for its body.
    pub(super) fn reply_file(&self, head: Head, mut range: FileRange) -> bool {
        let Ok(length) = usize::try_from(range.len()) else { return false };
        if !self.send(&head.encode(Some(length), true)) {
            return false;
        }
        while !range.is_empty() {
            match range.read(PIECE) {
                Ok(data) if self.send(&data) => {}
                _ => return false,
            }
        }
        true
    }

    /// The head of an answer in chunks.
    pub(super) fn start(&self, head: Head) -> bool {
        self.send(&head.encode(None, true))
    }

    /// A chunk.
    pub(super) fn push(&self, content: &Text) -> bool {
        let size = format!("{:x}\r\n", content.as_bytes().len());
        self.send(&[size.as_bytes(), content.as_bytes(), b"\r\n"].concat())
    }

    /// The last chunk, and what follows it.
    pub(super) fn finish(&self, content: Option<Text>, trailers: Option<&HeaderMap>) -> bool {
        if content.is_some_and(|content| !self.push(&content)) {
            return false;
        }
        let mut text = b"0\r\n".to_vec();
        for (name, value) in trailers.into_iter().flatten() {
            text.extend_from_slice(&[name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
        }
        text.extend_from_slice(b"\r\n");
        self.send(&text)
    }
}
