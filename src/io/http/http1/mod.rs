//! HTTP/1.0 and 1.1: one connection between its socket and the handler.
//!
//! ```text
//!   ┌──▶ Head ────▶ Body ────▶ Waiting ────▶ Sending ──┐      reader.rs   where a head ends, and what it says
//!   │      │ nothing follows     ▲                     │      intake.rs   where a body ends
//!   │      └─────────────────────┘                     │      writer.rs   head, pieces and end of a reply
//!   └─────────────── the connection stays open ◀───────┘
//! ```
//!
//! A request that is there as a whole costs one read and one write, and is answered in the same poll if its handler answers at once.
//! What is read goes to the stack; only what is not a whole request yet is kept, so between requests a connection has no buffer.

mod intake;
mod reader;
#[cfg(test)]
mod tests;
mod writer;

use super::body::Body;
use super::exchange::{Awaited, Exchange};
use super::fields::{self, Fields, Line};
use super::head::{Framing, Head};
use super::serve::Shared;
use super::socket::Socket;
use super::upload::{self, Receiver, Uploads};
use super::{Handler, Request, RequestHead, Responder, h2c, link::Link, multipart, static_files};
use bytes::Bytes;
use http::{Method, StatusCode, Uri, Version};
use intake::Intake;
use reader::{Not, Start};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use writer::{Reply, Written};

pub(super) use reader::{is_token, is_value};

/// Bytes that are read at a time.
const READ: usize = 8192;

/// Requests of one connection that are answered before others have their turn.
const AT_ONCE: u32 = 32;

/// What becomes of the connection.
pub(super) enum End {
    /// It is over.
    Over,
    /// It is over for us, but the client has sent more.
    Linger(Socket),
    /// The client begins to speak HTTP/2; the socket gives what was read once more.
    Http2(Socket),
    /// The request asks to go on in HTTP/2; what was read behind it.
    Switching(Socket, Bytes, h2c::Asked),
    /// Another protocol goes on, with what was read of it.
    Upgraded(Socket, Bytes),
}

enum State<H: Handler> {
    /// Between requests, or within a head.
    Head,
    Body(Box<Arriving<H>>),
    Waiting(Awaited<H::Data>),
    Sending,
    /// Nothing more is sent.
    Ending,
}

/// What follows a reply.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    Request,
    End,
    /// What the client still sends is not wanted.
    Linger,
    Upgrade,
}

/// A request whose body is on its way.
struct Arriving<H: Handler> {
    head: RequestHead,
    intake: Intake,
    awaited: Awaited<H::Data>,
    link: Rc<Link>,
}

impl<H: Handler> Drop for Arriving<H> {
    fn drop(&mut self) {
        self.link.count_collecting(false);
    }
}

/// One connection.
pub(super) struct Http1<H: Handler> {
    /// `None` once it has gone on.
    socket: Option<Socket>,
    shared: Rc<Shared<H>>,
    /// Used again for each request whose predecessor has let go of it.
    exchange: Option<Rc<Exchange<H::Data>>>,
    state: State<H>,
    input: Input,
    /// It is the beginning of a head, of which more must come.
    partial: bool,
    reply: Reply<H::Data>,
    /// Before the reply to this request, bytes have gone out that PHP has sent as they are.
    spoken: bool,
    after: After,
}

/// What has come and was not taken.
#[derive(Default)]
struct Input {
    bytes: Vec<u8>,
    taken: usize,
}

impl Input {
    fn rest(&self) -> &[u8] {
        &self.bytes[self.taken..]
    }

    fn is_empty(&self) -> bool {
        self.taken == self.bytes.len()
    }

    fn add(&mut self, bytes: &[u8]) {
        if self.taken > 0 {
            self.bytes.drain(..self.taken);
            self.taken = 0;
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// All of it.
    fn drain(&mut self) -> Bytes {
        let taken = std::mem::take(self);
        Bytes::from(taken.bytes).split_off(taken.taken)
    }
}

impl<H: Handler> Http1<H> {
    pub(super) fn new(shared: Rc<Shared<H>>, socket: Socket) -> Self {
        Self {
            socket: Some(socket),
            shared,
            exchange: None,
            state: State::Head,
            input: Input::default(),
            partial: false,
            reply: Reply::default(),
            spoken: false,
            after: After::Request,
        }
    }

    /// Gives back what an idle connection does not need.
    pub(super) fn shrink(&mut self) {
        if matches!(&self.state, State::Waiting(awaited) if awaited.is_over()) {
            self.state = State::Head;
        }
        if matches!(self.state, State::Head) {
            self.reply.shrink();
            self.exchange = None;
        }
    }

    /// Ready when somebody else goes on.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<End> {
        let mut served = 0;
        loop {
            if served == AT_ONCE {
                // a client that sends many requests at once does not keep others waiting
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            let Some(socket) = &mut self.socket else { return Poll::Ready(End::Over) };
            match &mut self.state {
                State::Head if socket.link.has_frames() => {
                    self.after = After::Request;
                    self.state = State::Sending;
                }
                State::Head => {
                    if let Some(end) = ready!(self.poll_head(cx)) {
                        return Poll::Ready(end);
                    }
                }
                State::Body(_) => {
                    if let Some(end) = ready!(self.poll_body(cx)) {
                        return Poll::Ready(end);
                    }
                }
                State::Waiting(awaited) if awaited.went_past() => {
                    self.spoken = false;
                    self.after = After::Request;
                    let rest = awaited.rest();
                    self.state = State::Head;
                    if let Some(rest) = rest {
                        self.reply.bytes(&rest.bytes);
                        self.after = if rest.ends { After::End } else { After::Request };
                        self.state = State::Sending;
                    }
                }
                State::Waiting(_) if socket.link.has_early() || self.reply.is_unsent() => {
                    self.spoken = true;
                    self.reply.bytes(&socket.link.take_early());
                    if ready!(self.reply.poll(socket, cx)).is_err() {
                        self.input = Input::default();
                        return Poll::Ready(self.over());
                    }
                }
                // who leaves the reply to others, or ends the connection, has said it all with these bytes
                State::Waiting(awaited)
                    if self.spoken && (awaited.is_released() || socket.link.ended.get())
                        || awaited.is_released() && socket.link.ended.get() =>
                {
                    self.spoken = false;
                    self.state = State::Head;
                }
                State::Waiting(awaited) => match awaited.poll(cx) {
                    Poll::Ready((head, body, framing)) => self.send(head, body, framing),
                    Poll::Pending => {
                        let gone = poll_gone(socket, &mut self.input, cx);
                        let idly = self.shared.handler.is_elsewhere()
                            && self.input.is_empty()
                            && !self.spoken
                            && socket.sends_files();
                        awaited.waits_idly(idly);
                        ready!(gone);
                        return Poll::Ready(self.over());
                    }
                },
                State::Sending => match ready!(self.reply.poll(socket, cx)) {
                    Ok(Written::All) if socket.link.has_frames() && self.after != After::Upgrade => {
                        self.reply.bytes(&socket.link.take_frames());
                    }
                    Ok(Written::All) => match self.after {
                        After::Request => {
                            self.state = State::Head;
                            served += 1;
                        }
                        After::End => {
                            socket.link.concluded.set(true);
                            self.state = State::Ending;
                        }
                        After::Linger => {
                            socket.link.concluded.set(true);
                            return Poll::Ready(self.over());
                        }
                        After::Upgrade => return Poll::Ready(self.over()),
                    },
                    Ok(Written::Waiting) => {
                        ready!(poll_gone(socket, &mut self.input, cx));
                        return Poll::Ready(self.over());
                    }
                    Err(_) => {
                        self.after = After::End;
                        self.input = Input::default();
                        return Poll::Ready(self.over());
                    }
                },
                State::Ending => {
                    // nobody is left to hear of a failure
                    let _ = ready!(Pin::new(socket).poll_shutdown(cx));
                    return Poll::Ready(self.over());
                }
            }
        }
    }

    fn over(&mut self) -> End {
        self.state = State::Head;
        self.reply.drop_rest();
        match self.socket.take() {
            None => End::Over,
            Some(socket) if self.after == After::Upgrade => End::Upgraded(socket, self.input.drain()),
            Some(socket) if self.after == After::Linger || !self.input.is_empty() => End::Linger(socket),
            Some(_) => End::Over,
        }
    }

    /// Waits for a head and hands on what it belongs to.
    #[inline]
    fn poll_head(&mut self, cx: &mut Context<'_>) -> Poll<Option<End>> {
        let Some(link) = self.socket.as_ref().map(|socket| Rc::clone(&socket.link)) else {
            return Poll::Ready(Some(End::Over));
        };
        if link.ended.get() {
            return Poll::Ready(Some(self.over()));
        }
        if !self.input.is_empty() && !self.partial {
            let input = std::mem::take(&mut self.input);
            return Poll::Ready(self.take(input.rest()));
        }
        let Some(socket) = &mut self.socket else { return Poll::Ready(Some(End::Over)) };
        let mut place = [std::mem::MaybeUninit::uninit(); READ];
        let mut buffer = ReadBuf::uninit(&mut place);
        let read = match Pin::new(socket).poll_read(cx, &mut buffer) {
            Poll::Ready(read) => read,
            // a request that is there already is still answered, though the runtime has not heard of it
            Poll::Pending if self.input.is_empty() && link.may_close() => return Poll::Ready(Some(self.over())),
            Poll::Pending => return Poll::Pending,
        };
        let bytes = buffer.filled();
        if read.is_err() || bytes.is_empty() {
            self.input = Input::default();
            return Poll::Ready(Some(self.over()));
        }
        if self.input.is_empty() {
            return Poll::Ready(self.take(bytes));
        }
        self.input.add(bytes);
        // a line that is not whole says nothing new, except that it is too long
        let is_news =
            memchr::memchr2(b'\r', b'\n', bytes).is_some() || self.input.rest().len() > self.shared.limits.head;
        if !is_news {
            return Poll::Ready(None);
        }
        let input = std::mem::take(&mut self.input);
        Poll::Ready(self.take(input.rest()))
    }

    /// Takes a request out of `bytes`, which are all that has come; keeps what does not belong to it.
    #[inline]
    fn take(&mut self, bytes: &[u8]) -> Option<End> {
        let mut lines = fields::room();
        let read = reader::read(bytes, self.shared.limits.head, &mut lines);
        self.partial = matches!(read, Err(Not::Yet));
        let failed = match read {
            Ok(start) => return self.begin(bytes, start, lines),
            Err(failed) => failed,
        };
        fields::recycle(lines);
        match failed {
            Not::Yet => {
                self.input.add(bytes);
                self.socket.iter().for_each(|socket| socket.link.heading.start());
                None
            }
            Not::Http2 if self.shared.features.http2.is_some() => {
                let mut socket = self.socket.take()?;
                socket.unread(Bytes::copy_from_slice(bytes));
                Some(End::Http2(socket))
            }
            Not::Http2 => {
                self.refuse(StatusCode::BAD_REQUEST);
                None
            }
            Not::Ever(status) => {
                self.refuse(status);
                None
            }
        }
    }

    #[inline]
    fn begin(&mut self, bytes: &[u8], start: Start, lines: Vec<Line>) -> Option<End> {
        let link = Rc::clone(&self.socket.as_ref()?.link);
        link.heading.stop();
        let (text, rest) = bytes.split_at(start.end);
        let (framing, keep_alive, expects) = (start.framing, start.keep_alive, start.expects);
        // The host says who is meant where many share an address (RFC 9112, 3.2); a unix socket is one server's own.
        let nameless = start.anonymous && link.remote.is_some();
        let Some(head) = request_head(text, start, lines).filter(|_| !nameless) else {
            self.refuse(StatusCode::BAD_REQUEST);
            return None;
        };
        if framing == reader::Framing::Length(0) {
            if self.shared.features.http2.is_some()
                && let Some(asked) = h2c::Asked::by(&head, &link)
            {
                return Some(End::Switching(self.socket.take()?, Bytes::copy_from_slice(rest), asked));
            }
            self.input.add(rest);
            let awaited = self.exchange(&link, keep_alive, &head);
            if let Some(exchange) = awaited.exchange()
                && !static_files::answer(self.shared.features.files.as_ref(), &head, exchange)
            {
                hand_over(&self.shared.handler, head, Bytes::new(), None, &link, exchange);
            }
            self.state = State::Waiting(awaited);
            return None;
        }
        let limit = self.shared.limits.body;
        let receiver = self.receiver(&head, framing);
        if receiver.is_none() && matches!(framing, reader::Framing::Length(length) if length > limit as u64) {
            self.refuse(StatusCode::PAYLOAD_TOO_LARGE);
            return None;
        }
        let mut intake = Intake::new(framing, receiver, limit);
        let taken = match intake.feed(rest) {
            Ok(taken) => taken,
            Err(status) => {
                self.refuse(status);
                return None;
            }
        };
        self.input.add(&rest[taken..]);
        let awaited = self.exchange(&link, keep_alive, &head);
        if let Some(exchange) = awaited.exchange() {
            exchange.set_busy(false);
        }
        link.count_collecting(true);
        if expects && !intake.is_complete() {
            self.reply.interim(b"HTTP/1.1 100 Continue\r\n\r\n");
        }
        self.state = State::Body(Box::new(Arriving { head, intake, awaited, link }));
        None
    }

    fn exchange(&mut self, link: &Rc<Link>, keep_alive: bool, head: &RequestHead) -> Awaited<H::Data> {
        let exchange = match &self.exchange {
            Some(exchange) if Rc::strong_count(exchange) == 1 => Rc::clone(exchange),
            _ => {
                let exchange = Exchange::new(&self.shared.limits, &self.shared.features, Rc::clone(link));
                link.set_latest(&exchange);
                self.exchange = Some(Rc::clone(&exchange));
                exchange
            }
        };
        exchange.begin(keep_alive, head);
        Awaited::new(exchange)
    }

    /// Takes in a form that may be larger than what is kept in memory.
    fn receiver(&self, head: &RequestHead, framing: reader::Framing) -> Option<Box<Receiver>> {
        let uploading = self.shared.features.uploading.as_ref()?;
        if matches!(framing, reader::Framing::Length(length) if length <= self.shared.limits.body as u64) {
            return None;
        }
        let boundary = multipart::boundary(head.fields.get("content-type")?)?;
        Some(Box::new(Receiver::new(&boundary, upload::Uploading::clone(uploading))))
    }

    /// Takes in a body and hands its request on.
    fn poll_body(&mut self, cx: &mut Context<'_>) -> Poll<Option<End>> {
        let (Some(socket), State::Body(arriving)) = (&mut self.socket, &mut self.state) else {
            return Poll::Ready(Some(End::Over));
        };
        // the client may wait to be asked for it
        let mut result = ready!(self.reply.poll(socket, cx)).map(drop).map_err(|_| None);
        while result.is_ok() && !arriving.intake.is_complete() {
            result = ready!(arriving.poll(socket, &mut self.input, cx));
        }
        match result {
            Ok(()) => {}
            Err(Some(status)) => {
                self.refuse(status);
                return Poll::Ready(None);
            }
            Err(None) => return Poll::Ready(Some(self.over())),
        }
        let State::Body(mut arriving) = std::mem::replace(&mut self.state, State::Head) else {
            return Poll::Ready(Some(End::Over));
        };
        let (body, uploads) = arriving.intake.finish();
        let head = std::mem::take(&mut arriving.head);
        let (awaited, link) = (arriving.awaited.take(), Rc::clone(&arriving.link));
        drop(arriving);
        if let Some(exchange) = awaited.exchange() {
            exchange.set_busy(true);
            hand_over(&self.shared.handler, head, body, uploads, &link, exchange);
        }
        self.state = State::Waiting(awaited);
        Poll::Ready(None)
    }

    /// Answers in the place of the handler, and ends the connection.
    #[cold]
    fn refuse(&mut self, status: StatusCode) {
        let mut head = Head::new(status);
        head.defaults = self.shared.handler.refusal();
        self.send(head, Body::Empty, Framing { version: Version::HTTP_11, keep_alive: false, is_head: false });
        self.after = After::Linger;
    }

    #[inline]
    fn send(&mut self, head: Head, body: Body<H::Data>, framing: Framing) {
        let switches = head.status() == StatusCode::SWITCHING_PROTOCOLS;
        let stays = self.reply.begin(head, body, framing);
        self.spoken = false;
        self.after = match stays {
            _ if switches => After::Upgrade,
            true => After::Request,
            false => After::End,
        };
        self.state = State::Sending;
    }
}

impl<H: Handler> Arriving<H> {
    /// Reads once. The error is the status with which to refuse the request, or none when the connection is lost.
    fn poll(
        &mut self,
        socket: &mut Socket,
        input: &mut Input,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), Option<StatusCode>>> {
        if let Some(room) = self.intake.room() {
            let before = room.len();
            let mut buffer = ReadBuf::uninit(room.spare_capacity_mut());
            let read = ready!(Pin::new(socket).poll_read(cx, &mut buffer));
            let count = buffer.filled().len();
            if read.is_err() || count == 0 {
                return Poll::Ready(Err(None));
            }
            // SAFETY: `ReadBuf` guarantees that so many bytes of the spare capacity are initialised.
            unsafe { room.set_len(before + count) };
            input.add(&self.intake.has_read(count));
            return Poll::Ready(Ok(()));
        }
        let mut place = [std::mem::MaybeUninit::uninit(); READ];
        let mut buffer = ReadBuf::uninit(&mut place);
        let read = ready!(Pin::new(socket).poll_read(cx, &mut buffer));
        let bytes = buffer.filled();
        if read.is_err() || bytes.is_empty() {
            return Poll::Ready(Err(None));
        }
        let taken = self.intake.feed(bytes).map_err(Some)?;
        input.add(&bytes[taken..]);
        Poll::Ready(Ok(()))
    }
}

/// Ready when the client has gone. What it sends meanwhile is kept, and no more is read then.
fn poll_gone(socket: &mut Socket, input: &mut Input, cx: &mut Context<'_>) -> Poll<()> {
    if !input.is_empty() {
        return Poll::Pending;
    }
    let mut place = [std::mem::MaybeUninit::uninit(); READ];
    let mut buffer = ReadBuf::uninit(&mut place);
    let read = ready!(Pin::new(socket).poll_read(cx, &mut buffer));
    let bytes = buffer.filled();
    if read.is_err() || bytes.is_empty() {
        return Poll::Ready(());
    }
    input.add(bytes);
    Poll::Pending
}

/// What a handler sees of a head; `None` when its target is no address.
#[inline]
fn request_head(text: &[u8], start: Start, lines: Vec<Line>) -> Option<RequestHead> {
    let text = Bytes::copy_from_slice(text);
    let uri = Uri::from_maybe_shared(text.slice(start.target.0..start.target.1)).ok()?;
    // a path, an absolute address or `*` (RFC 9112, 3.2); a host and a port for CONNECT only, and for that nothing else
    let is_bare_authority = uri.authority().is_some() && uri.scheme().is_none();
    if is_bare_authority != (start.method == Method::CONNECT) {
        return None;
    }
    Some(RequestHead { method: start.method, uri, version: start.version, fields: Fields::new(text, lines) })
}

fn hand_over<H: Handler>(
    handler: &H,
    head: RequestHead,
    body: Bytes,
    uploads: Option<Box<Uploads>>,
    link: &Rc<Link>,
    exchange: &Rc<Exchange<H::Data>>,
) {
    let RequestHead { method, uri, version, fields } = head;
    let request = Request { method, uri, version, fields, body, uploads, link: Rc::clone(link), stream_id: 0 };
    handler.call(request, Responder::new(Rc::clone(exchange)));
}
