//! The meeting place of one request and its reply.
//!
//! A [`Responder`] (the handler's end) and the connection (hyper's end: the service future, then the [`Body`]) share one
//! `Exchange`. All of it lives on one thread, so cells do. The stages:
//!
//! ```text
//! Waiting --reply()--> Replied --taken--> Done
//!    |                                                   any stage --connection gone--> Closed
//!    +----start()--> Streaming --finish()--> Finished
//! ```
//!
//! Whoever is ahead leaves a waker: the connection until the reply or the next piece comes, the writer until the queue has
//! room. A reply given before the connection asks for it touches no waker at all.

use super::{Limits, headers, socket::Link};
use bytes::Buf;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use hyper::body::{Frame, SizeHint};
use hyper::ext::ReasonPhrase;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::error::Error;
use std::fmt;
use std::pin::Pin;
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

/// Status and headers of a reply.
#[derive(Debug)]
pub struct Head {
    status: StatusCode,
    reason: Option<ReasonPhrase>,
    headers: HeaderMap,
    /// `Content-Length` as it was set, which counts only where no body tells the truth.
    length: Option<HeaderValue>,
    says_connection: bool,
}

impl Head {
    /// A head with no headers.
    #[inline]
    pub fn new(status: StatusCode) -> Self {
        Self { status, reason: None, headers: headers::map(), length: None, says_connection: false }
    }

    /// Other words than the standard ones for the status.
    pub fn set_reason(&mut self, reason: ReasonPhrase) {
        self.reason = Some(reason);
    }

    /// Adds a header line.
    ///
    /// How the body is framed and when is the server's business: `Transfer-Encoding` is left out, `Content-Length` goes out
    /// only in the answer to a HEAD request that brings no body. `Connection: keep-alive` is added when nothing is said.
    #[inline]
    pub fn append(&mut self, name: HeaderName, value: HeaderValue) {
        match name {
            header::CONTENT_LENGTH => {
                self.length = Some(value);
                return;
            }
            header::TRANSFER_ENCODING => return,
            header::CONNECTION => self.says_connection = true,
            _ => {}
        }
        self.headers.append(name, value);
    }

    /// Whether a line of this name was added.
    pub fn contains(&self, name: &HeaderName) -> bool {
        self.headers.contains_key(name)
    }

    #[inline]
    fn into_response<D: Buf>(self, body: Body<D>, keep_alive: bool, is_head: bool) -> Response<Body<D>> {
        let mut headers = self.headers;
        if keep_alive && !self.says_connection {
            headers.append(header::CONNECTION, HeaderValue::from_static("keep-alive"));
        }
        if let Some(length) = self.length.filter(|_| is_head && matches!(body, Body::Empty)) {
            headers.append(header::CONTENT_LENGTH, length);
        }
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        *response.headers_mut() = headers;
        if let Some(reason) = self.reason {
            response.extensions_mut().insert(reason);
        }
        response
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Waiting,
    Replied,
    Streaming,
    Finished,
    Aborted,
    Done,
    Closed,
}

pub(super) struct Exchange<D> {
    stage: Cell<Stage>,
    head: RefCell<Option<Head>>,
    /// Pieces on their way; a full reply is one piece.
    queue: RefCell<VecDeque<D>>,
    queued: Cell<usize>,
    limit: usize,
    connection: RefCell<Option<Waker>>,
    writer: RefCell<Option<Waker>>,
    keep_alive: Cell<bool>,
    is_head: Cell<bool>,
    link: Rc<Link>,
}

impl<D: Buf> Exchange<D> {
    pub(super) fn new(limits: &Limits, link: Rc<Link>) -> Rc<Self> {
        Rc::new(Self {
            stage: Cell::new(Stage::Done),
            head: RefCell::new(None),
            queue: RefCell::new(VecDeque::new()),
            queued: Cell::new(0),
            limit: limits.queue,
            connection: RefCell::new(None),
            writer: RefCell::new(None),
            keep_alive: Cell::new(true),
            is_head: Cell::new(false),
            link,
        })
    }

    /// Makes it ready for the next request of its connection. The caller is its only owner.
    pub(super) fn begin(&self, keep_alive: bool, is_head: bool) {
        self.stage.set(Stage::Waiting);
        self.head.borrow_mut().take();
        self.queue.borrow_mut().clear();
        self.queued.set(0);
        self.connection.borrow_mut().take();
        self.writer.borrow_mut().take();
        self.keep_alive.set(keep_alive);
        self.is_head.set(is_head);
        self.link.busy.set(true);
    }

    /// The connection's side: the reply once it is there.
    #[inline]
    pub(super) fn poll_reply(self: &Rc<Self>, cx: &mut Context<'_>) -> Poll<Response<Body<D>>> {
        let stage = self.stage.get();
        if !matches!(stage, Stage::Replied | Stage::Streaming | Stage::Finished | Stage::Aborted) {
            await_with(&self.connection, cx);
            return Poll::Pending;
        }
        let Some(head) = self.head.borrow_mut().take() else { return Poll::Pending };
        let body = if stage == Stage::Replied {
            self.stage.set(Stage::Done);
            self.link.busy.set(false);
            self.queued.set(0);
            self.queue.borrow_mut().pop_front().map_or(Body::Empty, |data| Body::Full(Some(data)))
        } else {
            Body::Stream(Rc::clone(self))
        };
        Poll::Ready(head.into_response(body, self.keep_alive.get() && !self.link.closing.get(), self.is_head.get()))
    }

    /// The connection's side went away, or has all it wants.
    pub(super) fn close(&self) {
        self.link.busy.set(false);
        if !matches!(self.stage.get(), Stage::Finished | Stage::Done) {
            self.stage.set(Stage::Closed);
            let dropped = (self.head.borrow_mut().take(), std::mem::take(&mut *self.queue.borrow_mut()));
            drop(dropped);
            self.queued.set(0);
        }
        wake(&self.writer);
    }

    fn poll_piece(&self, cx: &mut Context<'_>) -> Poll<Option<Result<D, Closed>>> {
        let piece = self.queue.borrow_mut().pop_front();
        if let Some(piece) = piece {
            let queued = self.queued.get() - piece.remaining();
            self.queued.set(queued);
            if queued <= self.limit / 2 {
                wake(&self.writer);
            }
            return Poll::Ready(Some(Ok(piece)));
        }
        match self.stage.get() {
            Stage::Finished => Poll::Ready(None),
            Stage::Streaming => {
                await_with(&self.connection, cx);
                Poll::Pending
            }
            _ => Poll::Ready(Some(Err(Closed))),
        }
    }

    fn has_room(&self) -> bool {
        self.queued.get() < self.limit
    }
}

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
/// waits for ever or takes half an answer for a whole one.
pub struct Responder<D: Buf> {
    exchange: Rc<Exchange<D>>,
}

impl<D: Buf> fmt::Debug for Responder<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Responder").field("stage", &self.exchange.stage.get()).finish_non_exhaustive()
    }
}

impl<D: Buf> Responder<D> {
    pub(super) fn new(exchange: Rc<Exchange<D>>) -> Self {
        Self { exchange }
    }

    pub(super) fn link(&self) -> &Link {
        &self.exchange.link
    }

    /// Whether the client is gone.
    pub fn is_closed(&self) -> bool {
        self.exchange.stage.get() == Stage::Closed
    }

    /// Whether the client's connection stays open after this reply.
    pub fn keeps_alive(&self) -> bool {
        self.exchange.keep_alive.get()
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
        self.begin(head, Stage::Replied)?;
        if let Some(body) = body.filter(|body| body.has_remaining()) {
            self.exchange.queue.borrow_mut().push_back(body);
        }
        wake(&self.exchange.connection);
        Ok(())
    }

    /// Starts a reply whose body comes in pieces.
    ///
    /// # Errors
    /// As [`reply`](Self::reply).
    pub fn start(&self, head: Head) -> Result<(), Closed> {
        self.begin(head, Stage::Streaming)?;
        wake(&self.exchange.connection);
        Ok(())
    }

    #[inline]
    fn begin(&self, head: Head, stage: Stage) -> Result<(), Closed> {
        if self.exchange.stage.get() != Stage::Waiting {
            return Err(Closed);
        }
        *self.exchange.head.borrow_mut() = Some(head);
        self.exchange.stage.set(stage);
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
            self.exchange.queue.borrow_mut().push_back(piece);
            wake(&self.exchange.connection);
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
        if self.exchange.stage.get() != Stage::Streaming {
            return Err(Closed);
        }
        self.exchange.stage.set(Stage::Finished);
        wake(&self.exchange.connection);
        Ok(())
    }
}

impl<D: Buf> Drop for Responder<D> {
    fn drop(&mut self) {
        match self.exchange.stage.get() {
            Stage::Waiting => {
                let _ = self.reply(Head::new(StatusCode::INTERNAL_SERVER_ERROR), None);
            }
            Stage::Streaming => {
                self.exchange.stage.set(Stage::Aborted);
                wake(&self.exchange.connection);
            }
            _ => {}
        }
    }
}

/// Waits until a streamed reply's queue has room; made by [`Responder::space`].
pub struct Space<D: Buf> {
    exchange: Rc<Exchange<D>>,
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

/// A reply's body on its way out.
pub enum Body<D: Buf> {
    /// No bytes.
    Empty,
    /// One piece.
    Full(Option<D>),
    /// Pieces as they come.
    #[doc(hidden)]
    #[allow(private_interfaces, reason = "only made in this module; hyper needs the enum's name, not this part")]
    Stream(Rc<Exchange<D>>),
}

impl<D: Buf> fmt::Debug for Body<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "Empty",
            Self::Full(_) => "Full",
            Self::Stream(_) => "Stream",
        })
    }
}

// Nothing inside is ever pinned.
impl<D: Buf> Unpin for Body<D> {}

impl<D: Buf> hyper::body::Body for Body<D> {
    type Data = D;
    type Error = Closed;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<D>, Closed>>> {
        match self.get_mut() {
            Self::Empty => Poll::Ready(None),
            Self::Full(data) => Poll::Ready(data.take().map(|data| Ok(Frame::data(data)))),
            Self::Stream(exchange) => exchange.poll_piece(cx).map(|piece| piece.map(|piece| piece.map(Frame::data))),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Empty | Self::Full(None) => true,
            Self::Full(Some(_)) => false,
            Self::Stream(exchange) => exchange.stage.get() == Stage::Finished && exchange.queue.borrow().is_empty(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Empty | Self::Full(None) => SizeHint::with_exact(0),
            Self::Full(Some(data)) => SizeHint::with_exact(data.remaining() as u64),
            Self::Stream(_) => SizeHint::default(),
        }
    }
}

impl<D: Buf> Drop for Body<D> {
    fn drop(&mut self) {
        if let Self::Stream(exchange) = self {
            exchange.close();
        }
    }
}
