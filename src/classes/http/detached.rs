//! Answers that were taken from their objects with `detach()`, until `Response::create()` goes on with them.

use super::body::Piece;
use crate::io::http::Responder;
use std::cell::RefCell;
use std::collections::HashMap;

thread_local! {
    static DETACHED: RefCell<HashMap<i64, Responder<Piece>>> = RefCell::default();
}

/// Keeps the answer to the connection of this number. Those whose clients are gone are forgotten.
pub(super) fn keep(fd: i64, responder: Responder<Piece>) {
    let gone: Vec<_> = DETACHED.with_borrow_mut(|all| {
        let replaced = all.insert(fd, responder);
        all.extract_if(|_, responder| responder.is_closed()).map(|(_, responder)| responder).chain(replaced).collect()
    });
    drop(gone);
}

/// The answer that was kept for this connection.
pub(super) fn take(fd: i64) -> Option<Responder<Piece>> {
    DETACHED.with_borrow_mut(|all| all.remove(&fd)).filter(|responder| !responder.is_closed())
}
