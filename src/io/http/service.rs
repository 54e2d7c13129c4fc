//! What stands between hyper and the handler, once per connection: strictness, body collection, and the wait for the reply.

use super::body::Body;
use super::exchange::{Exchange, Responder};
use super::head::{Framing, Head};
use super::strict::is_sound;
use super::upload::{self, Receiver, Uploads};
use super::{Handler, Request, link::Link, multipart, serve::Shared, static_files};
use bytes::{Buf, Bytes, BytesMut};
use http::request::Parts;
use http::{HeaderMap, Response, StatusCode, Version, header};
use hyper::body::{Body as _, Incoming};
use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

/// hyper's service for one connection.
pub(super) struct Service<H: Handler> {
    shared: Rc<Shared<H>>,
    link: Rc<Link>,
    /// Used again for each request whose predecessor has let go of it.
    exchange: RefCell<Option<Rc<Exchange<H::Data>>>>,
}

impl<H: Handler> Service<H> {
    pub(super) fn new(shared: Rc<Shared<H>>, link: Rc<Link>) -> Self {
        Self { shared, link, exchange: RefCell::new(None) }
    }

    fn exchange(&self) -> Rc<Exchange<H::Data>> {
        let mut kept = self.exchange.borrow_mut();
        match &*kept {
            Some(exchange) if Rc::strong_count(exchange) == 1 => Rc::clone(exchange),
            _ => {
                let exchange = Exchange::new(&self.shared.limits, &self.shared.features, Rc::clone(&self.link));
                self.link.set_latest(&exchange);
                *kept = Some(Rc::clone(&exchange));
                exchange
            }
        }
    }

    /// The start of a request's exchange, on which the handler's call follows.
    fn begin(&self, parts: &Parts) -> Rc<Exchange<H::Data>> {
        let exchange = self.exchange();
        let keep_alive = keeps_alive(parts.version, &parts.headers);
        exchange.begin(keep_alive, parts);
        exchange
    }
}

impl<H: Handler> hyper::service::Service<hyper::Request<Incoming>> for Service<H> {
    type Response = Response<Body<H::Data>>;
    type Error = hyper::Error;
    type Future = Answer<H>;

    fn call(&self, request: hyper::Request<Incoming>) -> Answer<H> {
        let (parts, body) = request.into_parts();
        self.link.heading.stop();
        if self.link.doubtful.get() || !is_sound(&parts, !body.is_end_stream()) {
            return self.refuse(StatusCode::BAD_REQUEST);
        }
        if body.is_end_stream() {
            let exchange = self.begin(&parts);
            if !static_files::answer(self.shared.features.files.as_ref(), &parts, &exchange) {
                hand_over(&self.shared.handler, parts, Taken::default(), &self.link, &exchange);
            }
            return Answer::Waiting(Awaited(Some(exchange)));
        }
        let receiver = self.receiver(&parts, body.size_hint().upper());
        if receiver.is_none() && body.size_hint().lower() > self.shared.limits.body as u64 {
            return self.refuse(StatusCode::PAYLOAD_TOO_LARGE);
        }
        let exchange = self.begin(&parts);
        exchange.set_busy(false);
        self.link.count_collecting(true);
        Answer::Collecting(Box::new(Collect {
            parts,
            body,
            pieces: Pieces::None,
            receiver,
            limit: self.shared.limits.body,
            shared: Rc::clone(&self.shared),
            link: Rc::clone(&self.link),
            awaited: Awaited(Some(exchange)),
        }))
    }
}

impl<H: Handler> Service<H> {
    /// Takes in a form that may be larger than what is kept in memory.
    fn receiver(&self, parts: &Parts, most: Option<u64>) -> Option<Box<Receiver>> {
        let uploading = self.shared.features.uploading.as_ref()?;
        if most.is_some_and(|most| most <= self.shared.limits.body as u64) {
            return None;
        }
        let boundary = multipart::boundary(parts.headers.get(header::CONTENT_TYPE)?.as_bytes())?;
        Some(Box::new(Receiver::new(&boundary, upload::Uploading::clone(uploading))))
    }

    fn refuse(&self, status: StatusCode) -> Answer<H> {
        self.link.linger.set(true);
        Answer::Refused(Box::new(refusal(&self.shared.handler, status)))
    }
}

/// A body that has been taken in.
#[derive(Default)]
struct Taken {
    body: Bytes,
    uploads: Option<Box<Uploads>>,
}

fn hand_over<H: Handler>(handler: &H, parts: Parts, body: Taken, link: &Rc<Link>, exchange: &Rc<Exchange<H::Data>>) {
    let Parts { method, uri, version, headers, extensions, .. } = parts;
    let Taken { body, uploads } = body;
    let request =
        Request { method, uri, version, headers, extensions, body, uploads, link: Rc::clone(link), stream_id: 0 };
    handler.call(request, Responder::new(Rc::clone(exchange)));
}

fn keeps_alive(version: Version, headers: &HeaderMap) -> bool {
    if !headers.contains_key(header::CONNECTION) {
        return version >= Version::HTTP_11;
    }
    let lines = headers.get_all(header::CONNECTION);
    let says = |word: &str| {
        lines.iter().any(|line| {
            line.as_bytes()
                .split(|byte| *byte == b',')
                .any(|token| token.trim_ascii().eq_ignore_ascii_case(word.as_bytes()))
        })
    };
    if version < Version::HTTP_11 { says("keep-alive") && !says("close") } else { !says("close") }
}

/// The future hyper awaits for one request.
pub(super) enum Answer<H: Handler> {
    Refused(Box<Response<Body<H::Data>>>),
    Collecting(Box<Collect<H>>),
    Waiting(Awaited<H::Data>),
    Given,
}

impl<H: Handler> Unpin for Answer<H> {}

impl<H: Handler> Future for Answer<H> {
    type Output = Result<Response<Body<H::Data>>, hyper::Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        if let Self::Collecting(collect) = this {
            *this = ready!(collect.poll(cx))?;
        }
        let response = match this {
            Self::Waiting(awaited) => ready!(awaited.poll(cx)),
            Self::Refused(response) => std::mem::replace(response.as_mut(), Response::new(Body::Empty)),
            Self::Collecting(_) | Self::Given => return Poll::Pending,
        };
        *this = Self::Given;
        Poll::Ready(Ok(response))
    }
}

/// The connection's hold on an exchange whose reply has not come: when hyper drops it, the client is gone.
pub(super) struct Awaited<D: Buf>(Option<Rc<Exchange<D>>>);

impl<D: Buf> Awaited<D> {
    pub(super) fn new(exchange: Rc<Exchange<D>>) -> Self {
        Self(Some(exchange))
    }

    pub(super) fn exchange(&self) -> Option<&Rc<Exchange<D>>> {
        self.0.as_ref()
    }

    /// The same hold, which this one loses.
    pub(super) fn take(&mut self) -> Self {
        Self(self.0.take())
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Response<Body<D>>> {
        let Some(exchange) = &self.0 else { return Poll::Pending };
        let response = ready!(exchange.poll_reply(cx));
        self.0 = None;
        Poll::Ready(response)
    }
}

impl<D: Buf> Drop for Awaited<D> {
    fn drop(&mut self) {
        if let Some(exchange) = &self.0 {
            exchange.close();
        }
    }
}

/// Whether reading failed because of the socket, not because of what came.
fn is_io(error: &hyper::Error) -> bool {
    use std::error::Error;
    error.source().and_then(|source| source.downcast_ref::<std::io::Error>()).is_some_and(|error| {
        !matches!(error.kind(), std::io::ErrorKind::InvalidInput | std::io::ErrorKind::InvalidData)
    })
}

fn refusal<H: Handler>(handler: &H, status: StatusCode) -> Response<Body<H::Data>> {
    let mut head = Head::new(status);
    head.defaults = handler.refusal();
    head.into_response(Body::Empty, Framing { is_http2: false, keep_alive: false, is_head: false })
}

/// A request whose body is still arriving.
pub(super) struct Collect<H: Handler> {
    parts: Parts,
    body: Incoming,
    pieces: Pieces,
    /// Takes the body in the place of `pieces`.
    receiver: Option<Box<Receiver>>,
    limit: usize,
    shared: Rc<Shared<H>>,
    link: Rc<Link>,
    awaited: Awaited<H::Data>,
}

/// What has arrived: one piece is handed on as it is, more are joined.
pub(super) enum Pieces {
    None,
    One(Bytes),
    Many(BytesMut),
}

impl Pieces {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::None => 0,
            Self::One(piece) => piece.len(),
            Self::Many(all) => all.len(),
        }
    }

    pub(super) fn add(&mut self, piece: Bytes, expected: usize) {
        *self = match std::mem::replace(self, Self::None) {
            Self::None => Self::One(piece),
            Self::One(first) => {
                let mut all = BytesMut::with_capacity(expected.max(first.len() + piece.len()));
                all.extend_from_slice(&first);
                all.extend_from_slice(&piece);
                Self::Many(all)
            }
            Self::Many(mut all) => {
                all.extend_from_slice(&piece);
                Self::Many(all)
            }
        };
    }

    pub(super) fn take(&mut self) -> Bytes {
        match std::mem::replace(self, Self::None) {
            Self::None => Bytes::new(),
            Self::One(piece) => piece,
            Self::Many(all) => all.freeze(),
        }
    }
}

impl<H: Handler> Drop for Collect<H> {
    fn drop(&mut self) {
        self.link.count_collecting(false);
    }
}

impl<H: Handler> Collect<H> {
    fn refused(&self, status: StatusCode) -> Answer<H> {
        self.link.linger.set(true);
        Answer::Refused(Box::new(refusal(&self.shared.handler, status)))
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<Answer<H>, hyper::Error>> {
        while let Some(frame) = ready!(Pin::new(&mut self.body).poll_frame(cx)) {
            let frame = match frame {
                Ok(frame) => frame,
                // the connection broke: there is nobody to tell
                Err(error) if error.is_incomplete_message() || error.is_canceled() || is_io(&error) => {
                    return Poll::Ready(Err(error));
                }
                Err(_) => return Poll::Ready(Ok(self.refused(StatusCode::BAD_REQUEST))),
            };
            let Ok(data) = frame.into_data() else { continue };
            if let Some(receiver) = &mut self.receiver {
                match receiver.feed(&data) {
                    Ok(()) => continue,
                    Err(status) => return Poll::Ready(Ok(self.refused(status))),
                }
            }
            if self.pieces.len() + data.len() > self.limit {
                return Poll::Ready(Ok(self.refused(StatusCode::PAYLOAD_TOO_LARGE)));
            }
            let more = self.body.size_hint().exact().unwrap_or(0) as usize;
            let expected = self.pieces.len() + data.len() + more;
            self.pieces.add(data, expected);
        }
        let parts = std::mem::replace(&mut self.parts, hyper::Request::new(()).into_parts().0);
        let uploads = self.receiver.take().map(|receiver| Box::new(receiver.finish()));
        let body = Taken { body: self.pieces.take(), uploads };
        let awaited = self.awaited.take();
        if let Some(exchange) = &awaited.0 {
            exchange.set_busy(true);
            hand_over(&self.shared.handler, parts, body, &self.link, exchange);
        }
        Poll::Ready(Ok(Answer::Waiting(awaited)))
    }
}
