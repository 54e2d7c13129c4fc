//! The meeting place of one request and its reply.
//!
//! A [`Responder`] (the handler's end) and the connection ([`Awaited`], then the [`Body`]) share one
//! `Exchange`. All of it lives on one thread, so cells do. The stages:
//!
//! ```text
//! Waiting --reply()--> Replied --taken--> Done
//!    |                                                   any stage --connection gone--> Closed
//!    +----start()--> Streaming --finish()--> Finished
//!    +----reply() to a connection that only waits for it (past.rs)--> Sent
//! ```
//!
//! Whoever is ahead leaves a waker: the connection until the reply or the next piece comes, the writer until the queue has
//! room. A reply given before the connection asks for it touches no waker at all.

mod awaited;
mod carrier;
mod dying;
mod past;
mod space;

pub(super) use awaited::Awaited;
pub use carrier::{Carried, Carrier, Late, Next, Wants};
pub use dying::{dies, dying};
pub(super) use past::Rest;
pub use space::Space;

use super::body::{Body, Chunk, Part, Piece};
use super::compression::{Coding, Compression};
use super::file::FileRange;
use super::head::{Framing, Head};
use super::upgrade::{Offer, Successor};
use super::{Features, Limits, RequestHead, link::Link};
use bytes::Buf;
use http::{HeaderMap, Method, StatusCode, Version};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::error::Error;
use std::fmt;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// The client is gone: nothing more can be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed;

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the client has closed the connection")
    }
}

impl Error for Closed {}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Waiting,
    Replied,
    Streaming,
    Finished,
    Aborted,
    Done,
    /// The reply went out past the connection's task.
    Sent,
    Closed,
}

pub(super) struct Exchange<D> {
    stage: Cell<Stage>,
    head: RefCell<Option<Head>>,
    /// Pieces on their way; a full reply is one piece.
    queue: RefCell<VecDeque<Part<D>>>,
    queued: Cell<usize>,
    limit: usize,
    /// Bytes of the whole body, where that is known before it is there.
    length: Cell<Option<u64>>,
    /// What follows the body.
    trailers: RefCell<Option<HeaderMap>>,
    version: Cell<Version>,
    compression: Option<Rc<Compression>>,
    /// How this client wants its reply compressed.
    coding: Cell<Option<Coding>>,
    connection: RefCell<Option<Waker>>,
    /// Who takes the reply in the place of a connection, see `carrier`.
    outlet: RefCell<Option<Box<dyn FnOnce()>>>,
    /// It takes replies too that have only begun.
    eager: Cell<bool>,
    /// The handler keeps the thread to itself until it returns.
    blocks: Cell<bool>,
    /// The connection does nothing but wait for the reply, see `past`.
    idle: Cell<bool>,
    /// What it still has to do for a reply that went past it.
    rest: RefCell<Option<Rest>>,
    writer: RefCell<Option<Waker>>,
    keep_alive: Cell<bool>,
    is_head: Cell<bool>,
    /// The handler has left the reply to others.
    released: Cell<bool>,
    /// Whether the link counts it among those that a handler works on.
    busy: Cell<bool>,
    /// Whether the link counts it among those without a reply.
    unanswered: Cell<bool>,
    /// HTTP/2: the client wants its stream to become something else.
    pub(super) tunnel: Cell<bool>,
    /// HTTP/2: who gets the stream then. On other connections the link knows who gets them.
    pub(super) successor: Successor,
    link: Rc<Link>,
}

impl<D: Buf> Exchange<D> {
    pub(super) fn new(limits: &Limits, features: &Features, link: Rc<Link>) -> Rc<Self> {
        Rc::new(Self {
            stage: Cell::new(Stage::Done),
            head: RefCell::new(None),
            queue: RefCell::new(VecDeque::new()),
            queued: Cell::new(0),
            limit: limits.queue,
            length: Cell::new(None),
            trailers: RefCell::new(None),
            version: Cell::new(Version::HTTP_11),
            compression: features.compression.clone(),
            coding: Cell::new(None),
            connection: RefCell::new(None),
            outlet: RefCell::new(None),
            eager: Cell::new(false),
            blocks: Cell::new(false),
            idle: Cell::new(false),
            rest: RefCell::new(None),
            writer: RefCell::new(None),
            keep_alive: Cell::new(true),
            is_head: Cell::new(false),
            released: Cell::new(false),
            busy: Cell::new(false),
            unanswered: Cell::new(false),
            tunnel: Cell::new(false),
            successor: Successor::default(),
            link,
        })
    }

    /// Makes it ready for the next request of its connection. The caller is its only owner.
    pub(super) fn begin(&self, keep_alive: bool, head: &RequestHead) {
        self.stage.set(Stage::Waiting);
        self.released.set(false);
        self.idle.set(false);
        self.length.set(None);
        self.trailers.borrow_mut().take();
        self.version.set(head.version);
        self.coding.set(self.compression.as_ref().and_then(|_| Coding::accepted(&head.fields)));
        self.head.borrow_mut().take();
        self.queue.borrow_mut().clear();
        self.queued.set(0);
        self.connection.borrow_mut().take();
        self.writer.borrow_mut().take();
        self.keep_alive.set(keep_alive);
        self.is_head.set(head.method == Method::HEAD);
        self.tunnel.set(false);
        self.successor().forget();
        self.link.awaits_reply.set(true);
        self.set_unanswered(true);
        self.set_busy(true);
    }

    /// What becomes of the connection, or of the stream, after the reply.
    #[inline]
    pub(super) fn successor(&self) -> &Successor {
        if self.version.get() == Version::HTTP_2 { &self.successor } else { &self.link.successor }
    }

    /// Says whether it is a handler's turn now.
    #[inline]
    pub(super) fn set_busy(&self, busy: bool) {
        if self.busy.replace(busy) != busy {
            self.link.count_busy(busy);
        }
    }

    /// Says whether closing the connection may take the request away without a reply.
    #[inline]
    fn set_unanswered(&self, unanswered: bool) {
        if self.unanswered.replace(unanswered) != unanswered {
            self.link.count_unanswered(unanswered);
        }
    }

    /// The connection's side: the reply once it is there.
    #[inline]
    fn poll_reply(self: &Rc<Self>, cx: &mut Context<'_>) -> Poll<(Head, Body<D>, Framing)> {
        let stage = self.stage.get();
        if !matches!(stage, Stage::Replied | Stage::Streaming | Stage::Finished | Stage::Aborted) {
            await_with(&self.connection, cx);
            return Poll::Pending;
        }
        let Some(head) = self.head.borrow_mut().take() else { return Poll::Pending };
        let body = if stage == Stage::Replied {
            self.stage.set(Stage::Done);
            self.set_busy(false);
            self.queued.set(0);
            match self.queue.borrow_mut().pop_front() {
                Some(Part::Data(data)) => Body::Full(Some(Chunk::Data(data))),
                Some(Part::Bytes(bytes)) => Body::Full(Some(Chunk::Bytes(bytes))),
                _ => Body::Empty,
            }
        } else {
            Body::Stream(Rc::clone(self))
        };
        Poll::Ready((head, body, self.framing()))
    }

    #[inline]
    fn framing(&self) -> Framing {
        Framing {
            version: self.version.get(),
            keep_alive: self.keep_alive.get() && !self.link.closing.get(),
            is_head: self.is_head.get(),
        }
    }

    /// Something is there for whoever takes the reply.
    #[inline]
    fn notify(&self) {
        if self.stage.get() != Stage::Streaming || self.eager.get() {
            let outlet = self.outlet.borrow_mut().take();
            if let Some(outlet) = outlet {
                return outlet();
            }
        }
        wake(&self.connection);
    }

    /// The connection's side went away, or has all it wants.
    pub(super) fn close(&self) {
        self.link.awaits_reply.set(false);
        self.set_busy(false);
        self.set_unanswered(false);
        if !matches!(self.stage.get(), Stage::Finished | Stage::Done | Stage::Sent) {
            self.stage.set(Stage::Closed);
            let dropped = (self.head.borrow_mut().take(), std::mem::take(&mut *self.queue.borrow_mut()));
            drop(dropped);
            self.queued.set(0);
        }
        wake(&self.writer);
        let outlet = self.outlet.borrow_mut().take();
        drop(outlet);
    }

    pub(super) fn poll_piece(&self, files: bool, cx: &mut Context<'_>) -> Poll<Option<Result<Piece<D>, Closed>>> {
        let piece = self.queue.borrow_mut().pop_front();
        if let Some(piece) = piece {
            let queued = self.queued.get() - piece.weight();
            self.queued.set(queued);
            if queued <= self.limit / 2 {
                wake(&self.writer);
            }
            return Poll::Ready(Some(match piece {
                Part::Data(data) => Ok(Piece::Data(Chunk::Data(data))),
                Part::Bytes(bytes) => Ok(Piece::Data(Chunk::Bytes(bytes))),
                Part::File(range) if files => Ok(Piece::File(range)),
                Part::File(range) => self.read(range).map(Piece::Data),
            }));
        }
        match self.stage.get() {
            Stage::Finished => {
                let trailers = self.trailers.borrow_mut().take();
                Poll::Ready(trailers.map(|trailers| Ok(Piece::Trailers(trailers))))
            }
            Stage::Streaming => {
                await_with(&self.connection, cx);
                Poll::Pending
            }
            _ => Poll::Ready(Some(Err(Closed))),
        }
    }

    /// The next piece of a file that the kernel cannot send.
    fn read(&self, mut range: FileRange) -> Result<Chunk<D>, Closed> {
        // a file that became shorter leaves nothing to do but to cut the connection
        let data = range.read(FILE_PIECE).map_err(|_| Closed)?;
        if !range.is_empty() {
            self.queue.borrow_mut().push_front(Part::File(range));
        }
        Ok(Chunk::Bytes(data.into()))
    }

    /// Whether all of the body is on its way.
    pub(super) fn is_over(&self) -> bool {
        self.stage.get() == Stage::Finished && self.queue.borrow().is_empty() && self.trailers.borrow().is_none()
    }

    /// Bytes of the whole body, where that is known.
    pub(super) fn length(&self) -> Option<u64> {
        self.length.get()
    }

    fn has_room(&self) -> bool {
        self.queued.get() < self.limit
    }
}

/// A file that cannot be copied by the kernel goes out in pieces of this size.
const FILE_PIECE: usize = 64 << 10;

fn wake(place: &RefCell<Option<Waker>>) {
    let waker = place.borrow_mut().take();
    if let Some(waker) = waker {
        waker.wake();
    }
}

fn await_with(place: &RefCell<Option<Waker>>, cx: &Context<'_>) {
    let mut place = place.borrow_mut();
    match &mut *place {
        Some(waker) => waker.clone_from(cx.waker()),
        none => *none = Some(cx.waker().clone()),
    }
}

/// The handler's end: gives one reply, whole or piece by piece.
///
/// Dropped without a reply it answers 500, dropped in the middle of a stream it cuts the connection, so that no client
/// waits for ever or takes half an answer for a whole one. After [`dies`] it says nothing.
pub struct Responder<D: Buf> {
    exchange: Rc<Exchange<D>>,
    /// Its end says nothing.
    silent: Cell<bool>,
}

impl<D: Buf> fmt::Debug for Responder<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Responder").field("stage", &self.exchange.stage.get()).finish_non_exhaustive()
    }
}

impl<D: Buf> Responder<D> {
    pub(super) fn new(exchange: Rc<Exchange<D>>) -> Self {
        Self { exchange, silent: Cell::new(false) }
    }

    /// Another one for the same request, if it waits for its reply.
    pub(super) fn second(exchange: Rc<Exchange<D>>) -> Option<Self> {
        (exchange.stage.get() == Stage::Waiting).then(|| Self::new(exchange))
    }

    /// Leaves the reply to others, who know how to reach the request; it waits for them as long as the client does.
    pub fn release(self) {
        self.silent.set(true);
        self.exchange.released.set(true);
        self.exchange.notify();
    }

    /// The connection.
    pub fn link(&self) -> &Link {
        &self.exchange.link
    }

    /// The reply will come from somebody else, who may have given it already: whoever ends the connection waits for it.
    pub fn is_under_way(&self) {
        self.exchange.set_unanswered(false);
    }

    /// No answer will be given.
    pub(super) fn abandon(&self) {
        self.exchange.close();
    }

    /// Whether the client is gone.
    pub fn is_closed(&self) -> bool {
        self.exchange.stage.get() == Stage::Closed
    }

    /// Whether the client's connection stays open after this reply.
    pub fn keeps_alive(&self) -> bool {
        self.exchange.keep_alive.get()
    }

    /// Whether the request came over HTTP/2.
    pub fn is_http2(&self) -> bool {
        self.exchange.version.get() == Version::HTTP_2
    }

    /// Decides who gets the connection, or the stream. False when the request has not asked for anything but a reply.
    pub(super) fn set_offer(&self, offer: Offer) -> bool {
        let takes = !self.is_http2() || self.exchange.tunnel.get();
        if takes {
            self.exchange.successor().offer(offer);
        }
        takes
    }

    /// Whether a whole reply may be compressed: how long it is stands not in its head then.
    pub fn may_compress(&self) -> bool {
        self.exchange.coding.get().is_some()
    }

    /// Whether the request's method is HEAD, so that no body goes out whatever is given.
    pub fn is_head(&self) -> bool {
        self.exchange.is_head.get()
    }

    /// Gives the whole reply.
    ///
    /// # Errors
    /// When the client is gone, or a reply was given or started before.
    #[inline]
    pub fn reply(&self, head: Head, body: Option<D>) -> Result<(), Closed> {
        let body = body.filter(|body| body.has_remaining());
        if self.exchange.coding.get().is_some()
            && let Some(body) = body
        {
            return self.reply_compressed(head, body);
        }
        self.give(head, body.map(Part::Data))
    }

    #[inline]
    fn give(&self, head: Head, body: Option<Part<D>>) -> Result<(), Closed> {
        self.open(&head)?;
        let exchange = &self.exchange;
        if exchange.may_send(&head, body.as_ref()) {
            exchange.send(head, body);
            return Ok(());
        }
        *exchange.head.borrow_mut() = Some(head);
        exchange.stage.set(Stage::Replied);
        exchange.queue.borrow_mut().extend(body);
        exchange.notify();
        Ok(())
    }

    /// Gives the whole reply to a client that accepts a coding.
    fn reply_compressed(&self, mut head: Head, body: D) -> Result<(), Closed> {
        let part = self.pack(&mut head, body)?;
        self.reply_packed(head, part)
    }

    /// Compresses the body of a whole reply, if [`reply`](Self::reply) would; for [`reply_packed`](Self::reply_packed).
    ///
    /// # Errors
    /// It cannot be compressed.
    pub fn pack(&self, head: &mut Head, mut body: D) -> Result<Part<D>, Closed> {
        let Some((coding, compression)) = self.exchange.coding.get().zip(self.exchange.compression.as_ref()) else {
            return Ok(Part::Data(body));
        };
        let is_whole = self.exchange.stage.get() == Stage::Waiting && !head.defaults.uncoded && head.coding.is_none();
        if !is_whole || !compression.wants(body.remaining(), head) {
            return Ok(Part::Data(body));
        }
        let packed = coding.compress(&mut body, compression.level).map_err(|_| Closed)?;
        head.coding = Some(coding);
        Ok(Part::Bytes(packed.into()))
    }

    /// Gives the whole reply with what [`pack`](Self::pack) has made of its head and its body.
    ///
    /// # Errors
    /// As [`reply`](Self::reply).
    pub fn reply_packed(&self, head: Head, body: Part<D>) -> Result<(), Closed> {
        self.give(head, Some(body))
    }

    /// Gives a whole reply whose body is several parts; files among them go out without being read.
    ///
    /// # Errors
    /// As [`reply`](Self::reply).
    pub fn reply_parts(&self, head: Head, parts: impl IntoIterator<Item = Part<D>>) -> Result<(), Closed> {
        let (mut length, mut queued) = (0, 0);
        let queue: VecDeque<_> = parts.into_iter().filter(|part| part.len() > 0).collect();
        for part in &queue {
            length += part.len();
            queued += part.weight();
        }
        self.begin(head, Stage::Finished)?;
        self.exchange.queued.set(queued);
        self.exchange.length.set(Some(length));
        self.exchange.queue.replace(queue);
        self.exchange.notify();
        Ok(())
    }

    /// Gives a whole reply with what follows it.
    ///
    /// # Errors
    /// As [`reply`](Self::reply).
    pub fn reply_with_trailers(&self, head: Head, body: Option<D>, trailers: Option<HeaderMap>) -> Result<(), Closed> {
        if self.exchange.stage.get() == Stage::Waiting {
            *self.exchange.trailers.borrow_mut() = trailers;
        }
        self.reply_parts(head, body.map(Part::Data))
    }

    /// Starts a reply whose body comes in pieces.
    ///
    /// # Errors
    /// As [`reply`](Self::reply).
    pub fn start(&self, head: Head) -> Result<(), Closed> {
        self.begin(head, Stage::Streaming)?;
        self.exchange.notify();
        Ok(())
    }

    /// A reply begins.
    #[inline]
    fn open(&self, head: &Head) -> Result<(), Closed> {
        if self.exchange.stage.get() != Stage::Waiting || self.exchange.link.expired.get() {
            return Err(Closed);
        }
        self.exchange.link.awaits_reply.set(false);
        self.exchange.set_unanswered(false);
        self.exchange.successor().reply(head);
        Ok(())
    }

    fn begin(&self, head: Head, stage: Stage) -> Result<(), Closed> {
        self.open(&head)?;
        *self.exchange.head.borrow_mut() = Some(head);
        self.exchange.stage.set(stage);
        Ok(())
    }

    /// Starts a reply whose body, of so many bytes, comes in pieces. They have to come: the head says how many there are.
    ///
    /// # Errors
    /// As [`reply`](Self::reply).
    pub fn start_of(&self, head: Head, length: u64) -> Result<(), Closed> {
        self.begin(head, Stage::Streaming)?;
        self.exchange.length.set(Some(length));
        self.exchange.notify();
        Ok(())
    }

    /// Queues a piece of a started reply; ask for [`space`](Self::space) first, or the queue grows without bound.
    ///
    /// # Errors
    /// When the client is gone or the stream is not open.
    pub fn push(&self, piece: D) -> Result<(), Closed> {
        if self.exchange.stage.get() != Stage::Streaming {
            return Err(Closed);
        }
        if piece.has_remaining() {
            self.exchange.queued.set(self.exchange.queued.get() + piece.remaining());
            self.exchange.queue.borrow_mut().push_back(Part::Data(piece));
            self.exchange.notify();
        }
        Ok(())
    }

    /// Whether the queue has room for another piece now.
    pub fn has_space(&self) -> bool {
        self.exchange.has_room()
    }

    /// A future that is ready when the queue has room, or the client is gone.
    pub fn space(&self) -> Space<D> {
        Space { exchange: Rc::clone(&self.exchange) }
    }

    /// Ends a started reply.
    ///
    /// # Errors
    /// When the client is gone or the stream is not open.
    pub fn finish(&self) -> Result<(), Closed> {
        self.finish_with(None)
    }

    /// Ends a started reply with trailers, which clients of HTTP/1.0 do not get.
    ///
    /// # Errors
    /// When the client is gone or the stream is not open.
    pub fn finish_with(&self, trailers: Option<HeaderMap>) -> Result<(), Closed> {
        if self.exchange.stage.get() != Stage::Streaming {
            return Err(Closed);
        }
        *self.exchange.trailers.borrow_mut() = trailers;
        self.exchange.stage.set(Stage::Finished);
        self.exchange.notify();
        Ok(())
    }
}

impl<D: Buf> Drop for Responder<D> {
    fn drop(&mut self) {
        if self.silent.get() || dying() {
            return;
        }
        match self.exchange.stage.get() {
            Stage::Waiting => {
                let _ = self.reply(Head::new(StatusCode::INTERNAL_SERVER_ERROR), None);
            }
            Stage::Streaming => {
                self.exchange.stage.set(Stage::Aborted);
                self.exchange.notify();
            }
            _ => {}
        }
    }
}
