//! A connection that goes on in another protocol: from its `101` on, the handler owns the socket. Over HTTP/2 it is a stream that does,
//! from the `200` on that goes out in the place of the `101`.

use super::socket::Socket;
use super::{Closed, Head, Responder};
use bytes::{Buf, Bytes};
use http::StatusCode;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// A socket that HTTP has done with.
#[derive(Debug)]
pub struct Upgraded {
    /// The socket.
    pub socket: Socket,
    /// What the client has sent behind its request.
    pub early: Bytes,
}

/// Gets the socket once the `101` has been sent, or `None` when the connection broke before.
pub type Taker = Box<dyn FnOnce(Option<Upgraded>)>;

/// Decides about a `101` that is being sent: who gets the socket then.
pub type Offer = Box<dyn FnOnce(&Head) -> Taker>;

/// What becomes of a connection after HTTP.
#[derive(Default)]
pub(super) struct Successor {
    offer: Cell<Option<Offer>>,
    taker: Cell<Option<Taker>>,
}

impl fmt::Debug for Successor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Successor")
    }
}

impl Successor {
    /// Decides who gets the socket.
    pub(super) fn offer(&self, offer: Offer) {
        self.offer.set(Some(offer));
    }

    /// Another request begins: what was offered for the one before is void.
    pub(super) fn forget(&self) {
        drop(self.offer.take());
    }

    /// A reply is being given.
    #[inline]
    pub(super) fn reply(&self, head: &Head) {
        if head.status() == StatusCode::SWITCHING_PROTOCOLS
            && let Some(offer) = self.offer.take()
        {
            self.taker.set(Some(offer(head)));
        }
    }

    /// Who gets the socket.
    pub(super) fn taker(&self) -> Option<Taker> {
        self.taker.take()
    }
}

/// Where the connection leaves the socket, and the handler finds it.
struct Slot(RefCell<State>);

enum State {
    Waiting(Option<Waker>),
    Given(Box<Upgraded>),
    Gone,
}

impl Slot {
    /// The connection's side: the socket, or `None` when it broke before.
    fn fill(&self, upgraded: Option<Upgraded>) {
        let next = upgraded.map_or(State::Gone, |upgraded| State::Given(Box::new(upgraded)));
        if let State::Waiting(Some(waker)) = self.0.replace(next) {
            waker.wake();
        }
    }
}

/// The socket, once the reply has been sent; made by [`Responder::upgrade`].
pub struct Upgrade(Rc<Slot>);

impl fmt::Debug for Upgrade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Upgrade")
    }
}

impl Future for Upgrade {
    type Output = Result<Upgraded, Closed>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.0.0.borrow_mut();
        match std::mem::replace(&mut *state, State::Gone) {
            State::Waiting(_) => {
                *state = State::Waiting(Some(cx.waker().clone()));
                Poll::Pending
            }
            State::Given(upgraded) => Poll::Ready(Ok(*upgraded)),
            State::Gone => Poll::Ready(Err(Closed)),
        }
    }
}

impl<D: Buf> Responder<D> {
    /// Answers with `head`, a `101` to a request that asked for it, and asks for the socket.
    ///
    /// # Errors
    /// When the client is gone, or a reply was given or started before, or the request is one that wants a reply alone.
    pub fn upgrade(&self, head: Head) -> Result<Upgrade, Closed> {
        let slot = Rc::new(Slot(RefCell::new(State::Waiting(None))));
        let filled = Rc::clone(&slot);
        if !self.set_offer(Box::new(move |_| Box::new(move |upgraded| filled.fill(upgraded)))) {
            return Err(Closed);
        }
        self.reply(head, None)?;
        Ok(Upgrade(slot))
    }

    /// Should the answer to this request be a `101`, by whoever gives it, `offer` decides what becomes of the socket.
    pub fn offer(&self, offer: Offer) {
        self.set_offer(offer);
    }

    /// Closes the connection without an answer.
    pub fn cut(self) {
        self.abandon();
        self.link().expired.set(true);
        self.link().wake();
    }
}
