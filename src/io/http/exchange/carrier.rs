//! The connection's end of an exchange for those who have no connection: the reply goes on by other ways, such as to the process
//! that has it.

use super::{Closed, Exchange, Responder, Stage, await_with};
use crate::io::http::body::Part;
use crate::io::http::head::Head;
use crate::io::http::link::Link;
use crate::io::http::{Coding, Features, Fields, Limits};
use bytes::Buf;
use http::{HeaderMap, Version};
use std::fmt;
use std::rc::Rc;
use std::task::{Context, Poll};

/// Takes what a [`Responder`] gives. Dropped before the reply has ended, the client is gone for the handler.
pub struct Carrier<D: Buf> {
    exchange: Rc<Exchange<D>>,
}

impl<D: Buf> fmt::Debug for Carrier<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Carrier")
    }
}

/// What a request says about its reply.
#[derive(Clone, Copy, Debug)]
pub struct Wants<'a> {
    /// The version the client speaks.
    pub version: Version,
    /// Its connection stays open.
    pub keep_alive: bool,
    /// It wants no body.
    pub is_head: bool,
    /// Its header lines, which say what it can read.
    pub fields: &'a Fields,
}

/// A reply, as far as it is there at once.
#[derive(Debug)]
pub enum Carried<D> {
    /// All of it.
    Whole(Head, Vec<Part<D>>),
    /// Its body comes in parts.
    Started(Head),
    /// The handler has left it to others.
    Released,
}

/// What comes after the head.
#[derive(Debug)]
pub enum Next<D> {
    /// A part of the body.
    Part(Part<D>),
    /// The end, with trailers if there are any.
    End(Option<HeaderMap>),
}

impl<D: Buf> Carrier<D> {
    /// Both ends of an exchange for one request, whose reply is compressed as `features` say.
    pub fn pair(limits: &Limits, features: &Features, wants: Wants<'_>, link: Rc<Link>) -> (Responder<D>, Self) {
        let exchange = Exchange::new(limits, features, link);
        exchange.stage.set(Stage::Waiting);
        exchange.version.set(wants.version);
        exchange.keep_alive.set(wants.keep_alive);
        exchange.is_head.set(wants.is_head);
        exchange.coding.set(features.compression.as_ref().and_then(|_| Coding::accepted(wants.fields)));
        (Responder::new(Rc::clone(&exchange)), Self { exchange })
    }

    /// The connection, as far as it is known here.
    pub fn link(&self) -> &Rc<Link> {
        &self.exchange.link
    }

    /// Whether the handler lets nothing happen here until it returns.
    pub fn is_blocked(&self) -> bool {
        self.exchange.blocks.get()
    }

    /// What is known of the reply when this has been given away.
    pub fn late(&self) -> Late<D> {
        Late { exchange: Rc::clone(&self.exchange) }
    }

    /// The reply, once its head is there.
    pub fn poll_reply(&self, cx: &mut Context<'_>) -> Poll<Carried<D>> {
        let exchange = &self.exchange;
        let stage = exchange.stage.get();
        if stage == Stage::Waiting && exchange.released.get() {
            return Poll::Ready(Carried::Released);
        }
        let started = matches!(stage, Stage::Replied | Stage::Streaming | Stage::Finished | Stage::Aborted);
        let Some(head) = exchange.head.borrow_mut().take().filter(|_| started) else {
            await_with(&exchange.connection, cx);
            return Poll::Pending;
        };
        let is_whole = stage == Stage::Replied
            || stage == Stage::Finished && exchange.length.get().is_some() && exchange.trailers.borrow().is_none();
        if !is_whole {
            return Poll::Ready(Carried::Started(head));
        }
        exchange.stage.set(Stage::Done);
        exchange.queued.set(0);
        Poll::Ready(Carried::Whole(head, exchange.queue.take().into()))
    }

    /// What comes next of a body that has been started.
    ///
    /// # Errors
    /// The handler has given it up: the client must not take it for whole.
    pub fn poll_next(&self, cx: &mut Context<'_>) -> Poll<Result<Next<D>, Closed>> {
        let exchange = &self.exchange;
        if let Some(part) = exchange.queue.borrow_mut().pop_front() {
            let queued = exchange.queued.get() - part.weight();
            exchange.queued.set(queued);
            if queued <= exchange.limit / 2 {
                super::wake(&exchange.writer);
            }
            return Poll::Ready(Ok(Next::Part(part)));
        }
        match exchange.stage.get() {
            Stage::Finished => {
                exchange.stage.set(Stage::Done);
                Poll::Ready(Ok(Next::End(exchange.trailers.borrow_mut().take())))
            }
            Stage::Streaming => {
                await_with(&exchange.connection, cx);
                Poll::Pending
            }
            _ => Poll::Ready(Err(Closed)),
        }
    }
}

/// A reply that may not have been taken yet.
pub struct Late<D: Buf> {
    exchange: Rc<Exchange<D>>,
}

impl<D: Buf> fmt::Debug for Late<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Late")
    }
}

impl<D: Buf> Late<D> {
    /// Has `take` called when there is a whole reply, or the request was left to others: at once, wherever the handler stands. What has
    /// only begun waits for [`Late::goes_on`].
    pub fn when_given(&self, take: Box<dyn FnOnce()>) {
        *self.exchange.outlet.borrow_mut() = Some(take);
    }

    /// The handler has returned, or waits: from now on what has begun is taken too.
    pub fn goes_on(self) {
        self.exchange.eager.set(true);
        if self.exchange.stage.get() != Stage::Waiting {
            self.exchange.notify();
        }
    }
}

impl<D: Buf> Drop for Carrier<D> {
    fn drop(&mut self) {
        self.exchange.close();
    }
}
