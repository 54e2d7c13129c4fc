//! The connection's side of an exchange.

use super::{Exchange, Rest, Stage};
use crate::io::http::body::Body;
use crate::io::http::head::{Framing, Head};
use bytes::Buf;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

/// The connection's hold on an exchange whose reply has not come: without it, the client is gone.
pub(in crate::io::http) struct Awaited<D: Buf>(Option<Rc<Exchange<D>>>);

impl<D: Buf> Awaited<D> {
    pub(in crate::io::http) fn new(exchange: Rc<Exchange<D>>) -> Self {
        Self(Some(exchange))
    }

    pub(in crate::io::http) fn exchange(&self) -> Option<&Rc<Exchange<D>>> {
        self.0.as_ref()
    }

    /// The same hold, which this one loses.
    pub(in crate::io::http) fn take(&mut self) -> Self {
        Self(self.0.take())
    }

    /// Whether the handler has left the reply to others.
    pub(in crate::io::http) fn is_released(&self) -> bool {
        self.0.as_ref().is_some_and(|exchange| exchange.released.get())
    }

    /// The reply, once it is there.
    #[inline]
    pub(in crate::io::http) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<(Head, Body<D>, Framing)> {
        let Some(exchange) = &self.0 else { return Poll::Pending };
        let reply = ready!(exchange.poll_reply(cx));
        self.0 = None;
        Poll::Ready(reply)
    }

    /// Whether the connection does nothing but wait for the reply until its task runs next.
    #[inline]
    pub(in crate::io::http) fn waits_idly(&self, idly: bool) {
        if let Some(exchange) = &self.0 {
            exchange.idle.set(idly);
        }
    }

    /// Whether the reply went past the connection.
    #[inline]
    pub(in crate::io::http) fn went_past(&self) -> bool {
        self.0.as_ref().is_some_and(|exchange| exchange.stage.get() == Stage::Sent)
    }

    /// Whether it did, and nothing is left to do.
    pub(in crate::io::http) fn is_over(&self) -> bool {
        self.went_past() && self.0.as_ref().is_some_and(|exchange| exchange.rest.borrow().is_none())
    }

    /// What is left to do then.
    #[inline]
    pub(in crate::io::http) fn rest(&self) -> Option<Rest> {
        self.0.as_ref()?.rest.borrow_mut().take()
    }
}

impl<D: Buf> Drop for Awaited<D> {
    fn drop(&mut self) {
        if let Some(exchange) = &self.0 {
            exchange.close();
        }
    }
}
