//! A worker's side: requests of the master's, and the replies to them.

use super::codec::{self, Asked};
use super::{FIRST_WINDOW, WINDOW, kind, split};
use crate::io::http::upload::Uploads;
use crate::io::http::{Carried, Carrier, Features, Head, Late, Limits, Link, Next, Part, Request, Responder, Wants};
use crate::local_task::{Pushed, Task};
use crate::server::bus::{Bus, Frame};
use bytes::{Buf, Bytes};
use http::Method;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// Whole replies of up to so many bytes go out however much waits for the master.
const SMALL: u64 = 64 << 10;

/// Longer replies than this go out in pieces, as the client takes them: the master keeps no more for slow readers. Shorter ones are
/// its own at once, whatever becomes of this process.
const LONG: u64 = 2 << 20;

/// A reply that has begun.
struct Stream {
    /// Bytes that went since the master asked for more.
    sent: Cell<usize>,
    /// Bytes that go before it has to.
    window: Cell<usize>,
    gone: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

/// The replies that this worker has begun and not ended.
pub struct Answering {
    bus: Rc<Bus>,
    first_kind: u8,
    limits: Limits,
    /// Of each port, what is done with replies.
    features: Vec<Features>,
    streams: RefCell<HashMap<u64, Rc<Stream>>>,
    open: Cell<usize>,
    /// Sessions whose reply is given and has not gone.
    given: RefCell<Vec<i64>>,
    scratch: RefCell<Vec<u8>>,
    /// The requests that were found in the inbox of a predecessor that has died, until the master asks.
    found: RefCell<Option<Vec<u8>>>,
}

/// A request out of a frame, and where its reply goes.
#[derive(Debug)]
pub struct Arrived<D: Buf> {
    /// The index of the port that it came to.
    pub port: usize,
    /// When it was sent here, in seconds of Unix time.
    pub time: f64,
    /// The request.
    pub request: Request,
    /// Takes the reply.
    pub responder: Responder<D>,
    /// Carries it to the master: give it to [`Answering::carry`] when the handler has been called.
    pub ticket: Ticket<D>,
}

/// Whose reply it is.
#[derive(Debug)]
pub struct Ticket<D: Buf> {
    id: u64,
    master: usize,
    carrier: Carrier<D>,
}

impl Answering {
    /// None yet. Frames are of the kinds from `first_kind` on; replies of each port are compressed as its `features` say.
    pub fn new(bus: Rc<Bus>, first_kind: u8, limits: Limits, features: Vec<Features>) -> Rc<Self> {
        let found = bus.is_heir().then(Vec::new);
        Rc::new(Self {
            bus,
            first_kind,
            limits,
            features,
            streams: RefCell::default(),
            open: Cell::new(0),
            given: RefCell::default(),
            scratch: RefCell::default(),
            found: RefCell::new(found),
        })
    }

    /// Number of requests whose reply has not ended.
    pub fn count(&self) -> usize {
        self.open.get()
    }

    /// Whether a reply is given to a request of this session that has not gone.
    pub fn has_given(&self, session: i64) -> bool {
        self.given.borrow().contains(&session)
    }

    /// Takes a frame of the master's; a request, if it is one.
    pub fn receive<D: Buf + 'static>(&self, frame: Frame<'_>) -> Option<Arrived<D>> {
        match frame.kind.wrapping_sub(self.first_kind) {
            kind::REQUEST => self.request(frame),
            answer @ (kind::MORE | kind::GONE) => {
                let (id, _) = split(frame.head)?;
                let stream = self.streams.borrow().get(&id).cloned()?;
                stream.sent.set(0);
                stream.window.set((4 * stream.window.get()).min(WINDOW));
                stream.gone.set(answer == kind::GONE);
                let waker = stream.waker.take();
                waker.into_iter().for_each(Waker::wake);
                None
            }
            kind::WHICH => {
                let found = self.found.take().unwrap_or_default();
                self.bus.has_inherited();
                let kind = self.first_kind + kind::FOUND;
                // It is there as long as we are.
                let _ = self.bus.insist_back(frame.back, kind, frame.head, &[IoSlice::new(&found)]);
                None
            }
            _ => None,
        }
    }

    fn request<D: Buf + 'static>(&self, frame: Frame<'_>) -> Option<Arrived<D>> {
        let (id, _) = split(frame.head)?;
        self.bus.set_mark(id);
        if let Some(found) = &mut *self.found.borrow_mut() {
            found.extend_from_slice(&id.to_ne_bytes());
        }
        let asked = Asked::read(Bytes::copy_from_slice(frame.head))?;
        let link = Rc::new(Link::elsewhere(asked.remote, asked.local, asked.session, asked.stream));
        link.is_tls.set(asked.tls);
        let is_head = asked.method == Method::HEAD;
        let none = Features::default();
        let features = self.features.get(usize::from(asked.port)).unwrap_or(&none);
        let wants = Wants { version: asked.version, keep_alive: asked.keep_alive, is_head, fields: &asked.fields };
        let (responder, carrier) = Carrier::pair(&self.limits, features, wants, Rc::clone(&link));
        let request = Request {
            method: asked.method,
            uri: asked.uri,
            version: asked.version,
            fields: asked.fields,
            body: if asked.form { Bytes::new() } else { Bytes::copy_from_slice(frame.payload) },
            uploads: if asked.form { Uploads::decode(frame.payload).map(Box::new) } else { None },
            link,
            stream_id: asked.stream,
        };
        let ticket = Ticket { id: asked.id, master: frame.from, carrier };
        Some(Arrived { port: usize::from(asked.port), time: asked.time, request, responder, ticket })
    }

    /// Has the reply sent to the master: a whole one as soon as the handler gives it, whatever becomes of this process then. To be told
    /// when the handler has been called.
    pub fn carry<D: Buf + 'static>(self: &Rc<Self>, ticket: Ticket<D>) -> Late<D> {
        self.open.set(self.open.get() + 1);
        let open = Open(Rc::clone(self));
        let late = ticket.carrier.late();
        late.when_given(Box::new(move || open.send(ticket)));
        late
    }

    async fn reply<D: Buf>(&self, ticket: Ticket<D>, carried: Carried<D>) {
        match carried {
            Carried::Whole(head, parts) if is_long(&ticket, &head, &parts) => {
                self.stream(&ticket, &head, Some(parts)).await;
                self.has_gone(&ticket);
            }
            Carried::Whole(head, parts) => {
                if !self.may_go(&ticket, &parts) {
                    self.bus.room(ticket.master).await;
                }
                self.whole(&ticket, &head, parts);
            }
            Carried::Started(head) => self.stream(&ticket, &head, None).await,
            Carried::Released => self.release(&ticket),
        }
    }

    /// Whether a reply need not wait for what this process has to send already.
    fn may_go<D: Buf>(&self, ticket: &Ticket<D>, parts: &[Part<D>]) -> bool {
        parts.iter().map(Part::len).sum::<u64>() <= SMALL || self.bus.has_room(ticket.master)
    }

    /// Sends a frame whose head is the request's number and what `write` adds.
    fn put<D: Buf>(
        &self,
        ticket: &Ticket<D>,
        kind: u8,
        write: impl FnOnce(&mut Vec<u8>),
        payload: &[IoSlice<'_>],
    ) -> io::Result<()> {
        let mut head = self.scratch.take();
        head.clear();
        head.extend_from_slice(&ticket.id.to_ne_bytes());
        write(&mut head);
        let sent = self.bus.insist(ticket.master, self.first_kind + kind, &head, payload);
        self.scratch.replace(head);
        sent
    }

    fn whole<D: Buf>(&self, ticket: &Ticket<D>, head: &Head, mut parts: Vec<Part<D>>) {
        let write = |out: &mut Vec<u8>| codec::write_head(out, head);
        let sent = match parts.as_mut_slice() {
            [] => self.put(ticket, kind::REPLY, write, &[]),
            [Part::Data(data)] if data.chunk().len() == data.remaining() => {
                self.put(ticket, kind::REPLY, write, &[IoSlice::new(data.chunk())])
            }
            [Part::Bytes(bytes)] => self.put(ticket, kind::REPLY, write, &[IoSlice::new(bytes)]),
            _ => match write_parts(parts) {
                Ok(text) => self.put(ticket, kind::PARTS, write, &[IoSlice::new(&text)]),
                Err(error) => Err(error),
            },
        };
        if sent.is_err() {
            // Dropping the request there answers 500.
            let _ = self.put(ticket, kind::CUT, |_| (), &[]);
        }
        self.has_gone(ticket);
    }

    /// The reply is the master's, or lost.
    fn has_gone<D: Buf>(&self, ticket: &Ticket<D>) {
        let session = ticket.carrier.link().session.get();
        let mut given = self.given.borrow_mut();
        if let Some(at) = given.iter().position(|it| *it == session) {
            given.swap_remove(at);
        }
    }

    /// Others reply.
    fn release<D: Buf>(&self, ticket: &Ticket<D>) {
        // A master that cannot take this in ends the request with this worker.
        let _ = self.put(ticket, kind::RELEASE, |_| (), &[]);
    }

    /// Sends a reply in pieces: those of `whole`, or as they come.
    async fn stream<D: Buf>(&self, ticket: &Ticket<D>, head: &Head, whole: Option<Vec<Part<D>>>) {
        // Who blocks this process hears nothing of the master's.
        let window = Cell::new(if ticket.carrier.is_blocked() { LONG as usize } else { FIRST_WINDOW });
        let stream = Rc::new(Stream { sent: Cell::new(0), window, gone: Cell::new(false), waker: RefCell::new(None) });
        self.streams.borrow_mut().insert(ticket.id, Rc::clone(&stream));
        let length = whole.as_ref().map(|parts| parts.iter().map(Part::len).sum());
        let start = self.put(ticket, kind::START, |out| codec::write_start(out, head, length), &[]);
        let sent = match (start, whole) {
            (Ok(()), Some(parts)) => self.parts(ticket, parts, &stream).await,
            (Ok(()), None) => self.pieces(ticket, &stream).await,
            (error, _) => error,
        };
        if sent.is_err() {
            let _ = self.put(ticket, kind::CUT, |_| (), &[]);
        }
        self.streams.borrow_mut().remove(&ticket.id);
    }

    async fn parts<D: Buf>(&self, ticket: &Ticket<D>, parts: Vec<Part<D>>, stream: &Stream) -> io::Result<()> {
        for part in parts {
            self.part(ticket, part, stream).await?;
        }
        self.put(ticket, kind::END, |_| (), &[])
    }

    async fn pieces<D: Buf>(&self, ticket: &Ticket<D>, stream: &Stream) -> io::Result<()> {
        loop {
            let next = poll_fn(|cx| ticket.carrier.poll_next(cx)).await.map_err(|_| io::ErrorKind::BrokenPipe)?;
            match next {
                Next::Part(part) => self.part(ticket, part, stream).await?,
                Next::End(trailers) => {
                    let write = |out: &mut Vec<u8>| {
                        if let Some(trailers) = &trailers {
                            codec::write_trailers(out, trailers);
                        }
                    };
                    return self.put(ticket, kind::END, write, &[]);
                }
            }
        }
    }

    async fn part<D: Buf>(&self, ticket: &Ticket<D>, part: Part<D>, stream: &Stream) -> io::Result<()> {
        match part {
            Part::Data(mut data) => {
                while data.has_remaining() {
                    let count = data.chunk().len().min(stream.window.get());
                    self.piece(ticket, &data.chunk()[..count], stream).await?;
                    data.advance(count);
                }
            }
            Part::Bytes(mut bytes) => {
                while !bytes.is_empty() {
                    let piece = bytes.split_to(bytes.len().min(stream.window.get()));
                    self.piece(ticket, &piece, stream).await?;
                }
            }
            Part::File(mut range) => {
                while !range.is_empty() {
                    let piece = range.read(stream.window.get())?;
                    self.piece(ticket, &piece, stream).await?;
                }
            }
        }
        Ok(())
    }

    async fn piece<D: Buf>(&self, ticket: &Ticket<D>, piece: &[u8], stream: &Stream) -> io::Result<()> {
        let sent = stream.sent.get() + piece.len();
        stream.sent.set(sent);
        let asks = sent >= stream.window.get();
        self.bus.room(ticket.master).await;
        self.put(ticket, kind::PIECE, |out| out.push(u8::from(asks)), &[IoSlice::new(piece)])?;
        poll_fn(|cx| {
            if stream.gone.get() {
                return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
            }
            if stream.sent.get() < stream.window.get() {
                return Poll::Ready(Ok(()));
            }
            *stream.waker.borrow_mut() = Some(cx.waker().clone());
            Poll::Pending
        })
        .await
    }
}

/// Whether a reply goes out in pieces. Over HTTP/2 a client may leave a hundred of them where they are, which short ones have to be
/// then; what the master reads from the disk by itself is none of its memory; and what is longer than it says is shortened there.
fn is_long<D: Buf>(ticket: &Ticket<D>, head: &Head, parts: &[Part<D>]) -> bool {
    let travels = |part: &&Part<D>| !matches!(part, Part::File(range) if range.path().is_some());
    let length: u64 = parts.iter().filter(travels).map(Part::len).sum();
    let most = if ticket.carrier.link().last_stream() == 0 { LONG } else { SMALL };
    length > most && head.says_length().is_none_or(|says| says >= parts.iter().map(Part::len).sum())
}

/// Counts a reply as long as it is not ended.
struct Open(Rc<Answering>);

impl Open {
    /// Sends the reply that is there, or has begun.
    fn send<D: Buf + 'static>(self, ticket: Ticket<D>) {
        let now = ticket.carrier.poll_reply(&mut Context::from_waker(Waker::noop()));
        match now {
            Poll::Ready(Carried::Whole(head, parts))
                if !is_long(&ticket, &head, &parts) && self.0.may_go(&ticket, &parts) =>
            {
                self.0.whole(&ticket, &head, parts);
            }
            Poll::Ready(Carried::Released) => self.0.release(&ticket),
            Poll::Ready(carried) => {
                if matches!(carried, Carried::Whole(..)) {
                    // What is sent to the client by other ways follows it.
                    self.0.given.borrow_mut().push(ticket.carrier.link().session.get());
                }
                let link = Rc::clone(ticket.carrier.link());
                let reply = Task::new(Box::pin(async move { self.0.reply(ticket, carried).await }));
                // What is written already goes out now: this process may die before it polls a task again.
                reply.push();
                if !reply.is_over() {
                    let pushed: Rc<dyn Pushed> = reply.clone();
                    link.set_pushed(Rc::downgrade(&pushed));
                    reply.spawn();
                }
            }
            // Nothing will come.
            Poll::Pending => {}
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.set(self.0.open.get() - 1);
    }
}

/// Files by their names, which the master opens; one without a name is read.
pub(super) fn write_parts<D: Buf>(parts: Vec<Part<D>>) -> io::Result<Vec<u8>> {
    use std::os::unix::ffi::OsStrExt;
    let mut text = Vec::new();
    let mut add = |kind: u8, pieces: &[&[u8]]| {
        text.push(kind);
        text.extend_from_slice(&(pieces.iter().map(|piece| piece.len()).sum::<usize>() as u64).to_ne_bytes());
        pieces.iter().for_each(|piece| text.extend_from_slice(piece));
    };
    for part in parts {
        match part {
            Part::Data(mut data) => add(0, &[&data.copy_to_bytes(data.remaining())]),
            Part::Bytes(bytes) => add(0, &[&bytes]),
            Part::File(mut range) => match range.path() {
                Some(path) => {
                    let (offset, length) = (range.offset().to_ne_bytes(), range.len().to_ne_bytes());
                    add(1, &[&offset, &length, path.as_os_str().as_bytes()]);
                }
                None => {
                    while !range.is_empty() {
                        add(0, &[&range.read(WINDOW)?]);
                    }
                }
            },
        }
    }
    Ok(text)
}
