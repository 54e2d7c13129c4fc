//! Replies to requests whose connection another process has.

use super::{Piece, Response, slot};
use crate::classes::server::connections;
use crate::io::http::{Head, Responder};
use crate::zend::object;
use ext_php_rs::types::ZendObject;

/// Why content is not sent to the process that has the connection.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// The client has gone.
    Gone,
    /// It is more than `output_buffer_size`.
    TooLong,
}

impl Response {
    /// Whether a body has to be compressed before it is known if it is [`Refused::TooLong`].
    pub(super) fn packs(&self, object: &ZendObject) -> bool {
        let responder = self.responder.borrow();
        let Some(responder) = responder.as_ref().filter(|responder| responder.may_compress()) else { return false };
        let has_trailers = responder.is_http2() && !object::slot(object, slot::TRAILER).is_null();
        !self.started.get() && responder.link().is_elsewhere() && !has_trailers
    }

    /// Why the process that has the connection would not take content of this length, if another one has it.
    pub(super) fn refuses(&self, length: usize) -> Option<Refused> {
        let responder = self.responder.borrow();
        let link = responder.as_ref().map(Responder::link).filter(|link| link.is_elsewhere())?;
        if !self.started.get() && connections::is_gone(link.session.get()) {
            return Some(Refused::Gone);
        }
        connections::is_too_long(length).then_some(Refused::TooLong)
    }
}

/// Gives a whole reply whose body may be compressed; only then it is known how long it is. False when it is too long, or the client is gone.
pub(super) fn reply_packed(responder: &Responder<Piece>, mut head: Head, content: Piece) -> bool {
    let Ok(part) = responder.pack(&mut head, content) else { return false };
    !connections::is_too_long(part.len() as usize) && responder.reply_packed(head, part).is_ok()
}
