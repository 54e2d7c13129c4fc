//! A connection that goes on in another protocol: from its `101` on, the handler owns the socket.

use super::socket::Socket;
use super::{Closed, Head, Responder};
use bytes::{Buf, Bytes};
use std::cell::RefCell;
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

/// Where the connection leaves the socket, and the handler finds it.
#[derive(Debug)]
pub(super) struct Slot(RefCell<State>);

#[derive(Debug)]
enum State {
    Waiting(Option<Waker>),
    Given(Box<Upgraded>),
    Gone,
}

impl Slot {
    /// The connection's side: the socket, or `None` when it broke before.
    pub(super) fn fill(&self, upgraded: Option<Upgraded>) {
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
    /// When the client is gone, or a reply was given or started before.
    pub fn upgrade(&self, head: Head) -> Result<Upgrade, Closed> {
        let slot = Rc::new(Slot(RefCell::new(State::Waiting(None))));
        self.link().upgrade.replace(Some(Rc::clone(&slot)));
        if let Err(closed) = self.reply(head, None) {
            self.link().upgrade.take();
            return Err(closed);
        }
        Ok(Upgrade(slot))
    }

    /// Closes the connection without an answer.
    pub fn cut(self) {
        self.abandon();
        self.link().expired.set(true);
        self.link().wake();
    }
}
