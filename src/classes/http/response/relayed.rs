//! Replies to requests whose connection another process has.

use super::{Piece, Response, Text};
use crate::classes::server::connections;
use crate::io::http::Responder;

/// Why content is not sent to the process that has the connection.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// The client has gone.
    Gone,
    /// It is more than `output_buffer_size`.
    TooLong,
}

impl Response {
    /// Why the process that has the connection would not take this content, if another one has it.
    pub(super) fn refuses(&self, content: Option<&Text>) -> Option<Refused> {
        let responder = self.responder.borrow();
        let link = responder.as_ref().map(Responder::link).filter(|link| link.is_elsewhere())?;
        if !self.started.get() && connections::is_gone(link.session.get()) {
            return Some(Refused::Gone);
        }
        let length = content.map_or(0, |content| content.as_bytes().len());
        connections::is_too_long(length).then_some(Refused::TooLong)
    }
}

/// The reply is given: what is sent to the client by other ways follows it.
pub(super) fn note(responder: &Responder<Piece>, given: bool) {
    let link = responder.link();
    if given && link.is_elsewhere() {
        connections::gives(link.session.get());
    }
}
