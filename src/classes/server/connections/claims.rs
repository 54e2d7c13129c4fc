//! Answers to requests that other processes have: `Response::create()`.
//!
//! ```text
//!   any process ── CLAIM, REPLY | START PIECE* END | CUT ──▶ owner of the connection: Asking ──▶ Responder of its request
//!               ◀── MORE, GONE ──
//! ```

use super::super::messages::{To, send_as};
use super::super::running::running;
use super::forward::kind;
use super::{Endpoint, current};
use crate::classes::http::body::Piece;
use crate::coroutine::{self, engine};
use crate::io::http::{FileRange, Head, Responder};
use crate::server::bus::Frame;
use crate::server::relay::{Claim, Told};
use ::http::HeaderMap;
use ext_php_rs::types::Zval;
use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::{Rc, Weak};
use std::task::{Poll, Waker};

/// How a claimed request fares.
pub(super) struct State {
    claim: Claim,
    /// There is no such request, or its client is gone.
    gone: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

/// A request of another process's that this one answers. Dropped in the middle of an answer, that is cut.
pub(crate) struct Claimed {
    owner: usize,
    state: Rc<State>,
    ended: Cell<bool>,
}

/// What there is to answer on a connection.
pub(crate) enum Found {
    /// The request that waits in this process; none does if there is no responder.
    Here(Option<Responder<Piece>>),
    /// What waits in another process.
    There(Rc<Claimed>),
    /// A connection that takes bytes, by this server.
    Bytes(Zval),
    /// There is no such connection.
    Nothing,
}

/// Whether a worker's answer would reach nobody: the connection of the request is gone, which its owner knows.
pub(crate) fn is_gone(session: i64) -> bool {
    current().is_some_and(|endpoint| endpoint.answering().is_some() && endpoint.plan.sessions.row(session).is_none())
}

/// Whether an answer of so many bytes is more than the server sends at once.
pub(crate) fn is_too_long(length: usize) -> bool {
    current().is_some_and(|endpoint| endpoint.is_too_long(length))
}

/// What can be answered on this connection; `None` where no server runs.
pub(crate) fn answer(session: i64) -> Option<Found> {
    let endpoint = current()?;
    let Some(info) = endpoint.plan.sessions.info(session) else { return Some(Found::Nothing) };
    if endpoint.plan.ports.get(usize::from(info.port)).is_none_or(|port| port.http.is_none()) {
        return Some(Found::Bytes(endpoint.plan.server.shallow_clone()));
    }
    if let Some(hub) = endpoint.hub().filter(|_| endpoint.is_base() && usize::from(info.owner) == endpoint.index()) {
        return Some(Found::Here(hub.link(session).and_then(|link| link.responder())));
    }
    let claimed = Claimed {
        owner: usize::from(info.owner),
        state: Rc::new(State { claim: Claim::new(), gone: Cell::new(false), waker: RefCell::default() }),
        ended: Cell::new(false),
    };
    let weak = Rc::downgrade(&claimed.state);
    endpoint.claims.borrow_mut().insert(claimed.state.claim.id(), weak);
    let (kind, head) = claimed.state.claim.claim(session);
    claimed.say(kind, &head, &[]);
    Some(Found::There(Rc::new(claimed)))
}

impl Claimed {
    fn say(&self, kind: u8, head: &[u8], payload: &[u8]) -> bool {
        let Some(running) = running().filter(|_| !self.state.gone.get()) else { return false };
        send_as(&running, To::Index(self.owner), kind::HTTP + kind, head, payload)
    }

    /// Whether there still is a client, as far as this process has heard.
    pub(crate) fn is_open(&self) -> bool {
        !self.state.gone.get()
    }

    /// A whole answer.
    pub(crate) fn reply(&self, head: &Head, content: &[u8]) -> bool {
        self.ended.set(true);
        let (kind, head) = self.state.claim.reply(head);
        self.say(kind, &head, content)
    }

    /// A whole answer with part of a file for its body.
    pub(crate) fn reply_file(&self, head: &Head, range: FileRange) -> bool {
        let Ok(((kind, head), payload)) = self.state.claim.reply_file(head, range) else { return false };
        self.ended.set(true);
        self.say(kind, &head, &payload)
    }

    /// The head of an answer in pieces.
    pub(crate) fn start(&self, head: &Head) -> bool {
        let (kind, head) = self.state.claim.start(head);
        self.say(kind, &head, &[])
    }

    /// A piece. A coroutine waits until the client has taken enough of what is under way.
    pub(crate) fn push(&self, content: &[u8]) -> bool {
        let waits = engine::current_id().is_some();
        for piece in content.chunks(PIECE) {
            let (kind, head) = self.state.claim.piece(piece.len(), waits);
            if !self.say(kind, &head, piece) || waits && !self.wait() {
                return false;
            }
        }
        true
    }

    fn wait(&self) -> bool {
        let state = Rc::clone(&self.state);
        let room = poll_fn(move |cx| {
            if state.gone.get() || !state.claim.is_full() {
                return Poll::Ready(!state.gone.get());
            }
            *state.waker.borrow_mut() = Some(cx.waker().clone());
            Poll::Pending
        });
        matches!(coroutine::wait(room), Ok(true))
    }

    /// The end of an answer in pieces.
    pub(crate) fn finish(&self, trailers: Option<&HeaderMap>) -> bool {
        self.ended.set(true);
        let (kind, head) = self.state.claim.end(trailers);
        self.say(kind, &head, &[])
    }

    /// Leaves the answer to others.
    pub(crate) fn release(&self) {
        self.ended.set(true);
        let (kind, head) = self.state.claim.release();
        self.say(kind, &head, &[]);
    }
}

/// Bytes that one frame carries of an answer in pieces.
const PIECE: usize = 128 << 10;

impl Drop for Claimed {
    fn drop(&mut self) {
        if let Some(endpoint) = current() {
            endpoint.claims.borrow_mut().remove(&self.state.claim.id());
        }
        if !self.ended.get() {
            let (kind, head) = self.state.claim.cut();
            self.say(kind, &head, &[]);
        }
    }
}

impl Endpoint {
    /// A frame about a claim, of a request of ours or of one that this process answers.
    pub(super) fn receive_claim(&self, told: Told, frame: &Frame<'_>) {
        let state = |id: u64| self.claims.borrow().get(&id).and_then(Weak::upgrade);
        let state = match told {
            Told::Claimed { id, session } => {
                let link = self.hub().and_then(|hub| hub.link(session));
                if let Some(asking) = self.asking() {
                    asking.adopt(frame, id, link.and_then(|link| link.responder()));
                } else if let Some(lent) = self.lent() {
                    lent.adopt(frame, id, link.and_then(|link| link.responder()));
                }
                return;
            }
            Told::More(id) => state(id).inspect(|state| state.claim.more()),
            Told::Gone(id) => state(id).inspect(|state| state.gone.set(true)),
            Told::Answering | Told::Asking => None,
        };
        let waker = state.and_then(|state| state.waker.borrow_mut().take());
        waker.into_iter().for_each(Waker::wake);
    }
}
