//! The queue of a streamed reply: waiting for room in it, and emptying it at once.

use super::{Closed, Exchange, Responder, Stage, await_with};
use bytes::Buf;
use std::fmt;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

/// Waits until a streamed reply's queue has room; made by [`Responder::space`].
pub struct Space<D: Buf> {
    pub(super) exchange: Rc<Exchange<D>>,
}

impl<D: Buf> fmt::Debug for Space<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Space")
    }
}

impl<D: Buf> Future for Space<D> {
    type Output = Result<(), Closed>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if self.exchange.stage.get() != Stage::Streaming {
            return Poll::Ready(Err(Closed));
        }
        if self.exchange.has_room() {
            return Poll::Ready(Ok(()));
        }
        await_with(&self.exchange.writer, cx);
        Poll::Pending
    }
}

impl<D: Buf> Responder<D> {
    /// Has what is queued go out now, though the handler works on; `blocks`: until it returns, nothing else gets the thread. What the
    /// handler is called by keeps its connection until it has waited for the first time: then that sends it.
    pub fn flush(&self, blocks: bool) {
        let exchange = &self.exchange;
        exchange.blocks.set(blocks);
        let outlet = exchange.outlet.borrow_mut().take();
        match outlet {
            Some(outlet) => outlet(),
            None if blocks || exchange.link.is_elsewhere() => exchange.link.push(),
            None => {}
        }
    }
}
