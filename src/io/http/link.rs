//! What the server knows about a connection, and when it has had enough of it.

use super::Limits;
use super::exchange::{Exchange, Responder};
use super::socket;
use super::upgrade::Successor;
use crate::local_task::Pushed;
use bytes::Buf;
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::os::fd::RawFd;
use std::rc::{Rc, Weak};
use std::task::Waker;
use std::time::Duration;

/// How long bodies and slow readers may take before their rate counts, and the rate: bytes a second.
const GRACE: Duration = Duration::from_secs(30);
const LEAST_RATE: u64 = 500;

/// What is known about a connection; requests that came over it hold it too.
#[derive(Debug)]
pub struct Link {
    /// The client's address, `None` on a unix socket.
    pub remote: Option<SocketAddr>,
    /// The address the client connected to, `None` on a unix socket.
    pub local: Option<SocketAddr>,
    /// The descriptor's number; it may mean another connection once this one has ended.
    pub fd: RawFd,
    /// The number by which others know it, 0 where there is none.
    pub session: Cell<i64>,
    /// Whether it is encrypted.
    pub is_tls: Cell<bool>,
    /// The client's certificate as PEM, when it has shown one.
    pub certificate: RefCell<Option<String>>,
    /// The errno with which the socket failed, 0 for none.
    errno: Cell<i32>,
    /// Counts reads and writes that moved bytes; the sweep compares it with what it saw before.
    progress: Cell<u32>,
    /// Counts reads that brought something, whatever it was.
    reads: Cell<u32>,
    seen: Cell<u32>,
    strikes: Cell<u32>,
    /// The exchange of the request that came last.
    latest: RefCell<Option<Weak<dyn Any>>>,
    /// How many requests a handler works on: while there are any, silence is its business.
    pub(super) busy: Cell<u32>,
    /// How many requests have no reply yet, not the beginning of one.
    pub(super) unanswered: Cell<u32>,
    /// HTTP/1: a request waits for the beginning of its reply, which may be under way.
    pub(super) awaits_reply: Cell<bool>,
    /// The start of a request has come, its end has not.
    pub(super) heading: Age,
    /// How many bodies are arriving.
    collecting: Cell<u32>,
    body: Age,
    body_bytes: Cell<u64>,
    /// HTTP/2: how many replies wait for the client to want more of them.
    stalled: Cell<u32>,
    /// The client does not read what we send.
    blocked: Cell<bool>,
    blocked_for: Age,
    blocked_bytes: Cell<u64>,
    /// HTTP/2: not every byte is progress, the meter says which.
    pub(super) metered: Cell<bool>,
    /// Bytes that go out between replies: whole frames of HTTP/2, or what PHP sends over HTTP/1 by itself.
    frames: RefCell<Vec<u8>>,
    has_frames: Cell<bool>,
    /// HTTP/1: bytes that go out before the reply to the request that waits for it.
    early: RefCell<Vec<u8>>,
    has_early: Cell<bool>,
    /// HTTP/2: the last request that was taken.
    pub(in crate::io) last_stream: Cell<u32>,
    /// The meter has seen a flood.
    pub(super) flooding: Cell<bool>,
    /// Bytes sent that the client may still acknowledge with window updates.
    credit: Cell<u64>,
    /// How often the sweep has come by.
    pub(super) visits: Cell<u32>,
    /// The server ends: the reply that is in work is the last one.
    pub(super) closing: Cell<bool>,
    /// One more request may come before that: its client has sent one lately.
    pub(super) lingers: Cell<bool>,
    /// No further request is taken, even if it is there.
    pub(super) ended: Cell<bool>,
    /// The last reply has been sent: it is the server that ends the connection.
    pub(super) concluded: Cell<bool>,
    /// The sweep has given this connection up.
    pub(super) expired: Cell<bool>,
    /// Nothing has moved since the last visit, and nobody waits for anything: buffers can go.
    pub(super) sleepy: Cell<bool>,
    /// Who gets the socket when a `101` has been sent.
    pub(super) successor: Successor,
    /// Of a stream that is known by a number of its own: the connection that it runs over.
    parent: Option<Rc<Self>>,
    /// The connection's task, to tell it that the server ends or that it has expired.
    pub(super) task: RefCell<Option<Waker>>,
    /// Who takes replies on their way, to have it go on though a handler keeps the thread to itself.
    pushed: RefCell<Option<Weak<dyn Pushed>>>,
    /// Whether the kernel may copy files to it: what goes out is neither encrypted nor framed by HTTP/2.
    pub(super) sends_files: Cell<bool>,
}

/// For how many visits something has been going on; `None` while it is not.
#[derive(Debug, Default)]
pub(super) struct Age(Cell<Option<u32>>);

impl Age {
    pub(super) fn start(&self) {
        if self.0.get().is_none() {
            self.0.set(Some(0));
        }
    }

    pub(super) fn stop(&self) {
        self.0.set(None);
    }

    fn is_running(&self) -> bool {
        self.0.get().is_some()
    }

    /// One visit more: how long it has been going on by now.
    fn visit(&self, period: Duration) -> Option<Duration> {
        let visits = self.0.get()?;
        self.0.set(Some(visits.saturating_add(1)));
        // what has started between two visits is given the time up to the first
        Some(period.saturating_mul(visits))
    }
}

impl Link {
    pub(super) fn new(remote: Option<SocketAddr>, local: Option<SocketAddr>, fd: RawFd) -> Self {
        Self {
            remote,
            local,
            fd,
            session: Cell::new(0),
            is_tls: Cell::new(false),
            certificate: RefCell::new(None),
            errno: Cell::new(0),
            progress: Cell::new(0),
            reads: Cell::new(0),
            seen: Cell::new(0),
            strikes: Cell::new(0),
            latest: RefCell::new(None),
            busy: Cell::new(0),
            unanswered: Cell::new(0),
            awaits_reply: Cell::new(false),
            heading: Age::default(),
            collecting: Cell::new(0),
            body: Age::default(),
            body_bytes: Cell::new(0),
            stalled: Cell::new(0),
            blocked: Cell::new(false),
            blocked_for: Age::default(),
            blocked_bytes: Cell::new(0),
            metered: Cell::new(false),
            frames: RefCell::default(),
            has_frames: Cell::new(false),
            early: RefCell::default(),
            has_early: Cell::new(false),
            last_stream: Cell::new(0),
            flooding: Cell::new(false),
            credit: Cell::new(0),
            visits: Cell::new(0),
            closing: Cell::new(false),
            lingers: Cell::new(false),
            ended: Cell::new(false),
            concluded: Cell::new(false),
            expired: Cell::new(false),
            sleepy: Cell::new(false),
            successor: Successor::default(),
            parent: None,
            task: RefCell::new(None),
            pushed: RefCell::new(None),
            sends_files: Cell::new(true),
        }
    }

    /// A stream of HTTP/2 that others know by `session`, as if it were a connection.
    pub fn branch(parent: &Rc<Self>, session: i64) -> Self {
        let mut link = Self::new(parent.remote, parent.local, parent.fd);
        link.session.set(session);
        link.is_tls.set(parent.is_tls.get());
        link.certificate.replace(parent.certificate.borrow().clone());
        link.last_stream.set(parent.last_stream.get());
        link.sends_files.set(false);
        link.parent = Some(Rc::clone(parent));
        link
    }

    /// A connection that another process has; `stream` is the number of the request that came over it.
    pub fn elsewhere(remote: Option<SocketAddr>, local: Option<SocketAddr>, session: i64, stream: u32) -> Self {
        let link = Self::new(remote, local, -1);
        link.session.set(session);
        link.last_stream.set(stream);
        link
    }

    /// The exchange of the request that comes now, and of those that follow in it.
    pub(super) fn set_latest<D: 'static>(&self, exchange: &Rc<Exchange<D>>) {
        let exchange: Rc<dyn Any> = Rc::<Exchange<D>>::clone(exchange);
        self.latest.replace(Some(Rc::downgrade(&exchange)));
    }

    /// No request will be answered any more: what is known about the last one may go.
    pub(super) fn forget_latest(&self) {
        self.latest.take();
    }

    /// Another way to answer the request that waits for its reply, if one does: the first reply is the one that counts.
    pub fn responder<D: Buf + 'static>(&self) -> Option<Responder<D>> {
        let exchange = self.latest.borrow().as_ref()?.upgrade()?;
        Responder::second(exchange.downcast().ok()?)
    }

    /// Names who takes replies on their way.
    pub fn set_pushed(&self, pushed: Weak<dyn Pushed>) {
        self.pushed.replace(Some(pushed));
    }

    /// Has replies that have begun go on now.
    pub(super) fn push(&self) {
        let pushed = self.pushed.borrow().as_ref().and_then(Weak::upgrade);
        if let Some(pushed) = pushed {
            pushed.push();
        }
    }

    /// Whether another process has it.
    pub fn is_elsewhere(&self) -> bool {
        self.fd < 0
    }

    /// The last request of HTTP/2 that was taken.
    pub fn last_stream(&self) -> u32 {
        self.last_stream.get()
    }

    /// Sends whole frames of HTTP/2 before the replies that are yet to be given. False when the connection speaks another protocol.
    pub fn send_frames(&self, frames: &[u8]) -> bool {
        if let Some(parent) = &self.parent {
            return !self.expired.get() && parent.send_frames(frames);
        }
        let takes = self.metered.get() && !self.expired.get();
        if takes {
            self.frames.borrow_mut().extend_from_slice(frames);
            self.has_frames.set(true);
            self.wake();
        }
        takes
    }

    /// Sends bytes as they are: before the reply to the request that waits for one, else behind the reply that is on its way.
    /// Of HTTP/2 they have to be whole frames. False when nothing more can be sent, or when so many bytes wait that the client,
    /// who does not read, is given up.
    pub fn send_bytes(&self, bytes: &[u8], most: usize) -> bool {
        if self.metered.get() || self.parent.is_some() {
            return self.send_frames(bytes);
        }
        if self.expired.get() || self.ended.get() {
            return false;
        }
        let (queue, waits) =
            if self.awaits_reply.get() { (&self.early, &self.has_early) } else { (&self.frames, &self.has_frames) };
        let mut queue = queue.borrow_mut();
        if queue.len() + bytes.len() > most {
            self.abort();
            return false;
        }
        queue.extend_from_slice(bytes);
        waits.set(true);
        self.wake();
        true
    }

    /// Whether bytes wait that go out before a reply.
    #[inline]
    pub(super) fn has_early(&self) -> bool {
        self.has_early.get()
    }

    /// The bytes that go out before a reply.
    pub(super) fn take_early(&self) -> Vec<u8> {
        self.has_early.set(false);
        self.early.take()
    }

    /// Whether bytes wait that go out as they are.
    pub fn has_bytes(&self) -> bool {
        self.has_frames.get() || self.has_early.get()
    }

    /// Whether the client does not read what we send.
    pub(super) fn is_blocked(&self) -> bool {
        self.blocked.get()
    }

    /// Whether frames wait.
    #[inline]
    pub(super) fn has_frames(&self) -> bool {
        self.has_frames.get()
    }

    /// The frames that wait.
    pub(super) fn take_frames(&self) -> Vec<u8> {
        self.has_frames.set(false);
        self.frames.take()
    }

    /// Ends the connection at once.
    pub fn abort(&self) {
        self.expired.set(true);
        self.wake();
    }

    /// Ends the connection after what has been given or begun to be sent. At once if there is nothing: a request without a reply gets none.
    pub fn end(&self) {
        if self.unanswered.get() > 0 && !self.has_early.get() {
            return self.abort();
        }
        self.closing.set(true);
        self.ended.set(true);
        self.wake();
    }

    /// A number that changes whenever something comes.
    pub fn reads(&self) -> u32 {
        self.reads.get()
    }

    pub(super) fn moved(&self) {
        self.progress.set(self.progress.get().wrapping_add(1));
    }

    /// Bytes have come.
    #[inline]
    pub(super) fn has_read(&self, bytes: usize) {
        if bytes == 0 {
            return;
        }
        self.reads.set(self.reads.get().wrapping_add(1));
        if self.metered.get() {
            return;
        }
        self.moved();
        if self.collecting.get() > 0 {
            self.body_bytes.set(self.body_bytes.get() + bytes as u64);
        } else if self.busy.get() == 0 {
            self.heading.start();
        }
    }

    /// Bytes have gone, or could not.
    #[inline]
    pub(super) fn has_written(&self, bytes: Option<usize>) {
        self.blocked.set(bytes.is_none());
        let Some(bytes) = bytes else { return };
        if self.blocked_for.is_running() {
            self.blocked_bytes.set(self.blocked_bytes.get() + bytes as u64);
        }
        if !self.metered.get() {
            return self.moved();
        }
        self.credit.set((self.credit.get() + bytes as u64).min(64 << 20));
        // answers to pings are smaller than anything that is an answer to a request
        if bytes >= 64 {
            self.moved();
        }
    }

    /// Whether enough was sent since the last one to be worth a window update.
    pub(super) fn take_credit(&self) -> bool {
        const WORTH: u64 = 512;
        let credit = self.credit.get();
        self.credit.set(credit.saturating_sub(WORTH));
        credit >= WORTH
    }

    /// HTTP/2: part of a body has come.
    pub(super) fn body_part(&self, bytes: usize) {
        self.body_bytes.set(self.body_bytes.get() + bytes as u64);
    }

    /// The socket has failed.
    #[cold]
    pub(super) fn has_failed(&self, error: &std::io::Error) {
        self.errno.set(error.raw_os_error().unwrap_or(0));
    }

    /// Whether the server has ended the connection after a reply.
    pub fn has_concluded(&self) -> bool {
        self.concluded.get()
    }

    /// The errno with which the socket failed.
    pub fn errno(&self) -> Option<i32> {
        Some(self.errno.get()).filter(|errno| *errno != 0)
    }

    /// Whether a handler works on a request, the client has not read all that was sent to it, or may still ask for something.
    pub(super) fn is_busy(&self) -> bool {
        self.busy.get() > 0 || self.blocked.get() || self.lingers.get()
    }

    /// The server ends: who was heard lately may ask once more until [`lingered`](Self::lingered).
    pub(super) fn close(&self) {
        self.closing.set(true);
        self.lingers.set(self.strikes.get() == 0 || self.progress.get() != self.seen.get());
        self.wake();
    }

    /// No further request is waited for.
    pub(super) fn lingered(&self) {
        if self.lingers.replace(false) {
            self.wake();
        }
    }

    /// Whether the server ends, and no request is on its way, as far as the kernel knows.
    pub(super) fn may_close(&self) -> bool {
        self.closing.get() && !self.lingers.get() && !socket::has_input(self.fd)
    }

    /// A handler starts to work on a request, or ends.
    #[inline]
    pub(super) fn count_busy(&self, busy: bool) {
        let count = self.busy.get();
        self.busy.set(if busy { count + 1 } else { count.saturating_sub(1) });
    }

    /// A request has come, or its reply has begun or will never come.
    #[inline]
    pub(super) fn count_unanswered(&self, unanswered: bool) {
        let count = self.unanswered.get();
        self.unanswered.set(if unanswered { count + 1 } else { count.saturating_sub(1) });
    }

    /// A reply starts to wait for the client's leave to go on, or ends.
    pub(super) fn count_stalled(&self, stalled: bool) {
        let count = self.stalled.get();
        self.stalled.set(if stalled { count + 1 } else { count.saturating_sub(1) });
    }

    /// A body starts to arrive, or ends.
    pub(super) fn count_collecting(&self, collecting: bool) {
        let count = self.collecting.get();
        self.collecting.set(if collecting { count + 1 } else { count.saturating_sub(1) });
        match self.collecting.get() {
            0 => self.body.stop(),
            1 if collecting => {
                self.body_bytes.set(0);
                self.body.start();
            }
            _ => {}
        }
    }

    /// Called every `period`: ends what takes too long.
    pub(super) fn visit(&self, limits: &Limits, period: Duration) {
        let too_slow = |age: &Age, bytes: &Cell<u64>| {
            let allowed = || GRACE.min(limits.idle) + Duration::from_secs(bytes.get() / LEAST_RATE);
            age.visit(period).is_some_and(|age| age >= allowed())
        };
        self.visits.set(self.visits.get().wrapping_add(1));
        if !self.blocked.get() {
            self.blocked_for.stop();
        } else if !self.blocked_for.is_running() {
            self.blocked_bytes.set(0);
            self.blocked_for.start();
        }
        if self.heading.visit(period).is_some_and(|age| age >= limits.head_time)
            || too_slow(&self.body, &self.body_bytes)
            || too_slow(&self.blocked_for, &self.blocked_bytes)
        {
            return self.abort();
        }
        let waiting_for_client = self.busy.get() == 0 || self.blocked.get() || self.stalled.get() > 0;
        if !waiting_for_client || self.progress.get() != self.seen.get() {
            self.seen.set(self.progress.get());
            self.strikes.set(0);
            return;
        }
        self.strikes.set(self.strikes.get() + 1);
        if period.saturating_mul(self.strikes.get()) >= limits.idle {
            return self.abort();
        }
        if self.strikes.get() == 1 && self.is_at_rest() {
            self.sleepy.set(true);
            self.wake();
        }
    }

    /// Whether the last visit's verdict still stands: nothing has moved since, and nothing is under way.
    fn is_at_rest(&self) -> bool {
        self.progress.get() == self.seen.get()
            && self.busy.get() == 0
            && !self.blocked.get()
            && !self.heading.is_running()
            && self.collecting.get() == 0
    }

    /// Whether the buffers can go now. A request may have come between the visit and this moment: then they stay.
    pub(super) fn falls_asleep(&self) -> bool {
        self.sleepy.replace(false) && self.is_at_rest()
    }

    pub(super) fn wake(&self) {
        let task = self.task.borrow().clone();
        if let Some(task) = task {
            task.wake();
        }
    }
}
