//! HTTP/2: one connection's frames by the `h2` crate, its requests for the same handler.
//!
//! A request that is answered inside of [`Handler::call`](super::Handler::call) is done when the call returns: no task, no channel. Others,
//! and those whose body is still on its way, become a task each.

mod tunnel;

use super::body::{Body, Chunk, Piece};
use super::exchange::{Awaited, Exchange, Responder};
use super::head::{Framing, Head};
use super::serve::Shared;
use super::socket::Socket;
use super::{Handler, Request, RequestHead, link::Link, static_files};
use crate::local_task;
use bytes::{Buf, Bytes, BytesMut};
use h2::ext::Protocol;
use h2::server::{Connection, Handshake, SendResponse};
use h2::{Reason, RecvStream, SendStream};
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{HeaderValue, Method, Response, StatusCode, Uri, header};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tunnel::{Asked, Asking};

/// What the server tells its clients about HTTP/2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Bytes of the table of known header lines.
    pub header_table_size: u32,
    /// Requests that a client may have under way.
    pub max_concurrent_streams: u32,
    /// Bytes of a body that may come before they are taken.
    pub init_window_size: u32,
    /// Largest frame.
    pub max_frame_size: u32,
    /// Largest head, decoded.
    pub max_header_list_size: u32,
    /// Clients may ask for WebSockets, each on a stream of its own (RFC 8441).
    pub websocket: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            header_table_size: 4096,
            max_concurrent_streams: 128,
            init_window_size: 65_535,
            max_frame_size: 16_384,
            max_header_list_size: 64 << 10,
            websocket: false,
        }
    }
}

/// Bytes of all bodies of a connection that may come before they are taken.
const CONNECTION_WINDOW: u32 = 1 << 20;
/// The same where there may be WebSockets.
const MOST_TUNNELS: u32 = 16 << 20;
/// Streams that we or the client have given up, until that is a flood.
const RESETS: usize = 64;

impl Settings {
    /// Bytes of all streams that may come before they are taken: of WebSockets that nobody reads for a while, none keeps another waiting.
    fn connection_window(&self) -> u32 {
        let stream = self.init_window_size.min(0x7fff_ffff);
        let tunnels =
            if self.websocket { stream.saturating_mul(self.max_concurrent_streams).min(MOST_TUNNELS) } else { 0 };
        CONNECTION_WINDOW.max(stream).max(tunnels)
    }

    fn builder(&self) -> h2::server::Builder {
        let mut builder = h2::server::Builder::new();
        builder
            .header_table_size(self.header_table_size)
            .max_concurrent_streams(self.max_concurrent_streams)
            .initial_window_size(self.init_window_size.min(0x7fff_ffff))
            .initial_connection_window_size(self.connection_window())
            .max_frame_size(self.max_frame_size.clamp(16_384, 0x00ff_ffff))
            .max_header_list_size(self.max_header_list_size)
            .max_pending_accept_reset_streams(RESETS)
            .max_local_error_reset_streams(Some(RESETS))
            .max_concurrent_reset_streams(RESETS)
            .reset_stream_duration(Duration::from_secs(1))
            .max_send_buffer_size(256 << 10);
        if self.websocket {
            builder.enable_connect_protocol();
        }
        builder
    }
}

enum State<D: Buf> {
    Handshaking(Handshake<Socket, Chunk<D>>),
    Open(Connection<Socket, Chunk<D>>),
}

/// A connection that speaks HTTP/2.
pub(super) struct Http2<H: Handler> {
    state: Box<State<H::Data>>,
    shared: Rc<Shared<H>>,
    link: Rc<Link>,
    /// Used again for each request whose predecessor has let go of it.
    exchange: Option<Rc<Exchange<H::Data>>>,
    told: bool,
    calmed: bool,
}

impl<H: Handler> Http2<H> {
    pub(super) fn new(shared: Rc<Shared<H>>, mut socket: Socket, settings: &Settings) -> Self {
        let link = Rc::clone(&socket.link);
        link.heading.stop();
        socket.watch();
        let state = Box::new(State::Handshaking(settings.builder().handshake(socket)));
        Self { state, shared, link, exchange: None, told: false, calmed: false }
    }

    /// Ready when the connection is over.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            let connection = match &mut *self.state {
                State::Handshaking(handshake) => match ready!(Pin::new(handshake).poll(cx)) {
                    Ok(connection) => {
                        *self.state = State::Open(connection);
                        continue;
                    }
                    Err(_) => return Poll::Ready(()),
                },
                State::Open(connection) => connection,
            };
            if self.link.flooding.get() && !self.calmed {
                self.calmed = true;
                connection.abrupt_shutdown(Reason::ENHANCE_YOUR_CALM);
            }
            match connection.poll_accept(cx) {
                Poll::Ready(Some(Ok((request, respond)))) => self.take(request, respond, cx),
                Poll::Ready(Some(Err(_)) | None) => return Poll::Ready(()),
                // behind the replies that are there
                Poll::Pending if self.link.closing.get() && !self.told => {
                    self.told = true;
                    connection.graceful_shutdown();
                }
                // what came was a flood
                Poll::Pending if self.link.flooding.get() != self.calmed => {}
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    fn exchange(&mut self) -> Rc<Exchange<H::Data>> {
        match &self.exchange {
            Some(exchange) if Rc::strong_count(exchange) == 1 => Rc::clone(exchange),
            _ => {
                let exchange = Exchange::new(&self.shared.limits, &self.shared.features, Rc::clone(&self.link));
                self.exchange = Some(Rc::clone(&exchange));
                exchange
            }
        }
    }

    fn take(
        &mut self,
        request: http::Request<RecvStream>,
        respond: SendResponse<Chunk<H::Data>>,
        cx: &mut Context<'_>,
    ) {
        let (mut parts, body) = request.into_parts();
        let shared = Rc::clone(&self.shared);
        let tunnel = tunnel::wanted(&mut parts);
        let is_other = parts.method == Method::CONNECT && parts.extensions.get::<Protocol>().is_some();
        let sound = has_host(&mut parts) && parts.method != Method::CONNECT && !(tunnel && body.is_end_stream());
        let Parts { method, uri, version, headers, .. } = parts;
        let head = RequestHead { method, uri, version, fields: (&headers).into() };
        let stage = if is_other {
            Stage::Refused(StatusCode::NOT_IMPLEMENTED)
        } else if !sound {
            Stage::Refused(StatusCode::BAD_REQUEST)
        } else if tunnel {
            self.ask(head, body, respond.stream_id().as_u32())
        } else {
            let exchange = self.exchange();
            exchange.begin(true, &head);
            self.link.set_latest(&exchange);
            let id = respond.stream_id().as_u32();
            self.link.last_stream.set(id);
            if body.is_end_stream() {
                if !static_files::answer(shared.features.files.as_ref(), &head, &exchange) {
                    hand_over(&shared.handler, head, Bytes::new(), &self.link, &exchange, id);
                }
                Stage::Waiting(Awaited::new(exchange))
            } else if declared(&head) > shared.limits.body as u64 {
                exchange.close();
                Stage::Refused(StatusCode::PAYLOAD_TOO_LARGE)
            } else {
                exchange.set_busy(false);
                self.link.count_collecting(true);
                let expects = head.fields.get("expect");
                let expects = expects.is_some_and(|value| value.eq_ignore_ascii_case(b"100-continue"));
                Stage::Collecting(Box::new(Collect {
                    head,
                    body,
                    pieces: Pieces::None,
                    link: Rc::clone(&self.link),
                    awaited: Awaited::new(exchange),
                    expects,
                }))
            }
        };
        let mut stream = Stream { stage, link: Rc::clone(&self.link), respond, shared, branch: None };
        if Pin::new(&mut stream).poll(cx).is_pending() {
            local_task::spawn(stream);
        }
    }
}

impl<H: Handler> Http2<H> {
    /// A request whose stream may become a WebSocket.
    fn ask(&self, head: RequestHead, body: RecvStream, id: u32) -> Stage<H::Data> {
        self.link.last_stream.set(id);
        let branch = self.shared.handler.branch(&self.link);
        let Some(branch) = branch.filter(|branch| !branch.link.expired.get()) else {
            return Stage::Refused(StatusCode::SERVICE_UNAVAILABLE);
        };
        let exchange = Exchange::new(&self.shared.limits, &self.shared.features, Rc::clone(&branch.link));
        exchange.begin(true, &head);
        exchange.tunnel.set(true);
        branch.link.set_latest(&exchange);
        hand_over(&self.shared.handler, head, Bytes::new(), &branch.link, &exchange, id);
        Stage::Asked(Box::new(Asked::new(exchange, body, branch, Rc::clone(&self.link))))
    }
}

fn declared(head: &RequestHead) -> u64 {
    let length = head.fields.get("content-length").and_then(|value| std::str::from_utf8(value).ok()?.parse().ok());
    length.unwrap_or(0)
}

/// Handlers find the host among the header lines whatever the version, and one host only.
fn has_host(parts: &mut Parts) -> bool {
    let authority = parts.uri.authority().map(|authority| authority.as_str());
    let mut hosts = parts.headers.get_all(header::HOST).iter();
    let host = hosts.next();
    if hosts.next().is_some() {
        return false;
    }
    match (authority, host) {
        (Some(authority), None) => {
            let Ok(value) = HeaderValue::from_str(authority) else { return false };
            parts.headers.insert(header::HOST, value);
        }
        (Some(authority), Some(host)) if !host.as_bytes().eq_ignore_ascii_case(authority.as_bytes()) => return false,
        _ => {}
    }
    let path = parts.uri.path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"));
    parts.uri = Uri::from(path);
    // one cookie line, as the other versions have it
    if parts.headers.get_all(header::COOKIE).iter().nth(1).is_some() {
        let crumbs: Vec<&[u8]> = parts.headers.get_all(header::COOKIE).iter().map(HeaderValue::as_bytes).collect();
        let Ok(joined) = HeaderValue::from_bytes(&crumbs.join(&b"; "[..])) else { return false };
        parts.headers.insert(header::COOKIE, joined);
    }
    true
}

fn hand_over<H: Handler>(
    handler: &H,
    head: RequestHead,
    body: Bytes,
    link: &Rc<Link>,
    exchange: &Rc<Exchange<H::Data>>,
    stream_id: u32,
) {
    let RequestHead { method, uri, version, fields } = head;
    let request = Request { method, uri, version, fields, body, uploads: None, link: Rc::clone(link), stream_id };
    handler.call(request, Responder::new(Rc::clone(exchange)));
}

/// A request whose body is still arriving.
struct Collect<D: Buf> {
    head: RequestHead,
    body: RecvStream,
    pieces: Pieces,
    link: Rc<Link>,
    awaited: Awaited<D>,
    expects: bool,
}

impl<D: Buf> Drop for Collect<D> {
    fn drop(&mut self) {
        self.link.count_collecting(false);
    }
}

/// What has arrived: one piece is handed on as it is, more are joined.
enum Pieces {
    None,
    One(Bytes),
    Many(BytesMut),
}

impl Pieces {
    fn len(&self) -> usize {
        match self {
            Self::None => 0,
            Self::One(piece) => piece.len(),
            Self::Many(all) => all.len(),
        }
    }

    fn add(&mut self, piece: Bytes, expected: usize) {
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

    fn take(&mut self) -> Bytes {
        match std::mem::replace(self, Self::None) {
            Self::None => Bytes::new(),
            Self::One(piece) => piece,
            Self::Many(all) => all.freeze(),
        }
    }
}

/// A reply on its way.
struct Sending<D: Buf> {
    body: Body<D>,
    send: SendStream<Chunk<D>>,
    link: Rc<Link>,
    /// Whether it waits for the client.
    stalled: bool,
}

impl<D: Buf> Sending<D> {
    fn set_stalled(&mut self, stalled: bool) {
        if std::mem::replace(&mut self.stalled, stalled) != stalled {
            self.link.count_stalled(stalled);
        }
    }
}

impl<D: Buf> Drop for Sending<D> {
    fn drop(&mut self) {
        self.set_stalled(false);
    }
}

enum Stage<D: Buf> {
    Refused(StatusCode),
    Collecting(Box<Collect<D>>),
    Waiting(Awaited<D>),
    /// As `Waiting`, for one that may be a WebSocket then.
    Asked(Box<Asked<D>>),
    Sending(Box<Sending<D>>),
    Done,
}

/// One request and its reply.
struct Stream<H: Handler> {
    stage: Stage<H::Data>,
    link: Rc<Link>,
    respond: SendResponse<Chunk<H::Data>>,
    shared: Rc<Shared<H>>,
    /// What it would have become.
    branch: Option<Asking>,
}

impl<H: Handler> Unpin for Stream<H> {}

impl<H: Handler> Future for Stream<H> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        loop {
            this.stage = match &mut this.stage {
                Stage::Refused(status) => {
                    let mut head = Head::new(*status);
                    head.defaults = this.shared.handler.refusal();
                    let response = head.into_response(&mut Body::<H::Data>::Empty, false);
                    // what is still to come of the body is not wanted: dropping its end says so behind the answer
                    let _ = this.respond.send_response(response, true);
                    Stage::Done
                }
                Stage::Collecting(collect) => {
                    let limit = this.shared.limits.body;
                    ready!(collect.poll(cx, limit, &mut this.respond, &this.shared.handler))
                }
                Stage::Waiting(awaited) => match awaited.poll(cx) {
                    Poll::Ready((head, body, framing)) => start(&mut this.respond, head, body, framing, &this.link),
                    Poll::Pending => {
                        // the client has changed its mind, or is gone
                        ready!(this.respond.poll_reset(cx)).ok();
                        Stage::Done
                    }
                },
                Stage::Asked(asked) => match asked.poll(cx) {
                    Poll::Ready((head, body, framing)) => match asked.accepted() {
                        Some(accepted) => {
                            accepted.answer(head, &mut this.respond);
                            Stage::Done
                        }
                        None => {
                            this.branch = asked.branch.take();
                            start(&mut this.respond, tunnel::refusal(head), body, framing, &this.link)
                        }
                    },
                    Poll::Pending if asked.is_given_up() => {
                        this.respond.send_reset(Reason::CANCEL);
                        Stage::Done
                    }
                    Poll::Pending => {
                        ready!(this.respond.poll_reset(cx)).ok();
                        Stage::Done
                    }
                },
                Stage::Sending(_) if this.branch.as_ref().is_some_and(Asking::is_given_up) => {
                    this.respond.send_reset(Reason::CANCEL);
                    Stage::Done
                }
                Stage::Sending(sending) => {
                    ready!(sending.poll(cx));
                    Stage::Done
                }
                Stage::Done => return Poll::Ready(()),
            }
        }
    }
}

impl<D: Buf + 'static> Collect<D> {
    fn poll<H: Handler<Data = D>>(
        &mut self,
        cx: &mut Context<'_>,
        limit: usize,
        respond: &mut SendResponse<Chunk<D>>,
        handler: &H,
    ) -> Poll<Stage<D>> {
        if std::mem::take(&mut self.expects) {
            let mut response = Response::new(());
            *response.status_mut() = StatusCode::CONTINUE;
            let _ = respond.send_informational(response);
        }
        while let Some(data) = ready!(self.body.poll_data(cx)) {
            let Ok(data) = data else { return Poll::Ready(Stage::Done) };
            let _ = self.body.flow_control().release_capacity(data.len());
            if self.pieces.len() + data.len() > limit {
                return Poll::Ready(Stage::Refused(StatusCode::PAYLOAD_TOO_LARGE));
            }
            let expected = (declared(&self.head) as usize).max(self.pieces.len() + data.len());
            self.pieces.add(data, expected.min(limit));
        }
        // trailers end a body; they are no part of the request for PHP
        if ready!(self.body.poll_trailers(cx)).is_err() {
            return Poll::Ready(Stage::Done);
        }
        let head = std::mem::take(&mut self.head);
        let body = self.pieces.take();
        let awaited = self.awaited.take();
        if let Some(exchange) = awaited.exchange() {
            exchange.set_busy(true);
            hand_over(handler, head, body, &self.link, exchange, respond.stream_id().as_u32());
        }
        Poll::Ready(Stage::Waiting(awaited))
    }
}

/// Sends the head, and a body that is there.
fn start<D: Buf>(
    respond: &mut SendResponse<Chunk<D>>,
    head: Head,
    mut body: Body<D>,
    framing: Framing,
    link: &Rc<Link>,
) -> Stage<D> {
    let mut response = head.into_response(&mut body, framing.is_head);
    let has_none = matches!(response.status(), StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    let length = body.length().filter(|length| !has_none && (!framing.is_head || *length > 0));
    if let Some(length) = length {
        response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    if has_none || framing.is_head || body.is_over() {
        let _ = respond.send_response(response, true);
        return Stage::Done;
    }
    let Ok(mut send) = respond.send_response(response, false) else { return Stage::Done };
    match &mut body {
        Body::Full(data) => {
            if let Some(data) = data.take() {
                let _ = send.send_data(data, true);
            }
            Stage::Done
        }
        _ => Stage::Sending(Box::new(Sending { body, send, link: Rc::clone(link), stalled: false })),
    }
}

impl<D: Buf> Sending<D> {
    /// Sends pieces as they come, no more of them than the client has room for.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            if self.send.capacity() == 0 && !self.body.is_over() {
                self.send.reserve_capacity(1);
                match self.send.poll_capacity(cx) {
                    Poll::Ready(Some(Ok(_))) => {
                        self.set_stalled(false);
                        continue;
                    }
                    Poll::Ready(Some(Err(_)) | None) => return Poll::Ready(()),
                    Poll::Pending => {
                        self.set_stalled(true);
                        ready!(self.send.poll_reset(cx)).ok();
                        return Poll::Ready(());
                    }
                }
            }
            let piece = match self.body.poll_piece(false, cx) {
                Poll::Ready(piece) => piece,
                Poll::Pending => {
                    ready!(self.send.poll_reset(cx)).ok();
                    return Poll::Ready(());
                }
            };
            match piece {
                None => {
                    let _ = self.send.send_data(Chunk::Bytes(Bytes::new()), true);
                    return Poll::Ready(());
                }
                // half an answer must not look like a whole one
                Some(Err(_)) => {
                    self.send.send_reset(Reason::INTERNAL_ERROR);
                    return Poll::Ready(());
                }
                Some(Ok(Piece::Data(data))) => {
                    let last = self.body.is_over();
                    if self.send.send_data(data, last).is_err() || last {
                        return Poll::Ready(());
                    }
                }
                Some(Ok(Piece::Trailers(trailers))) => {
                    let _ = self.send.send_trailers(trailers);
                    return Poll::Ready(());
                }
                // they were not asked for
                Some(Ok(Piece::File(_))) => {}
            }
        }
    }
}
