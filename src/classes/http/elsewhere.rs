//! Answers that do not go to a connection of this process: over a socket of PHP code, or by the process that has the connection.

use super::over_socket::OverSocket;
use crate::classes::server::connections::Claimed;
use crate::io::http::{FileRange, Head};
use crate::zend::text::Text;
use ::http::HeaderMap;
use ext_php_rs::types::Zval;
use std::rc::Rc;

/// Takes an answer.
#[derive(Clone)]
pub(super) enum Elsewhere {
    /// Writes it as bytes.
    Socket(OverSocket),
    /// Sends it to another process.
    Process(Rc<Claimed>),
}

impl Elsewhere {
    pub(super) fn visit(&self, visit: &mut dyn FnMut(&Zval)) {
        if let Self::Socket(socket) = self {
            socket.visit(visit);
        }
    }

    /// Whether there still is a client, as far as is known.
    pub(super) fn is_open(&self) -> bool {
        match self {
            Self::Socket(_) => true,
            Self::Process(claimed) => claimed.is_open(),
        }
    }

    /// A whole answer.
    pub(super) fn reply(&self, head: Head, content: Option<Text>) -> bool {
        match self {
            Self::Socket(socket) => socket.reply(head, content),
            Self::Process(claimed) => claimed.reply(&head, content.as_ref().map_or(&[], Text::as_bytes)),
        }
    }

    /// A whole answer with part of a file for its body.
    pub(super) fn reply_file(&self, head: Head, range: FileRange) -> bool {
        match self {
            Self::Socket(socket) => socket.reply_file(head, range),
            Self::Process(claimed) => claimed.reply_file(&head, range),
        }
    }

    /// The head of an answer in pieces.
    pub(super) fn start(&self, head: Head) -> bool {
        match self {
            Self::Socket(socket) => socket.start(head),
            Self::Process(claimed) => claimed.start(&head),
        }
    }

    /// A piece.
    pub(super) fn push(&self, content: &Text) -> bool {
        match self {
            Self::Socket(socket) => socket.push(content),
            Self::Process(claimed) => claimed.push(content.as_bytes()),
        }
    }

    /// The end of an answer in pieces, with a last one and what follows.
    pub(super) fn finish(&self, content: Option<Text>, trailers: Option<&HeaderMap>) -> bool {
        match self {
            Self::Socket(socket) => socket.finish(content, trailers),
            Self::Process(claimed) => {
                content.is_none_or(|content| claimed.push(content.as_bytes())) && claimed.finish(trailers)
            }
        }
    }

    /// Leaves the answer to others.
    pub(super) fn release(&self) {
        if let Self::Process(claimed) = self {
            claimed.release();
        }
    }
}
