//! The message bus between the processes of one server.
//!
//! ```text
//!   worker 0 ──┐
//!   worker 1 ──┼──▶ [inbox of 2] ──▶ worker 2, or its successor: inboxes lie in shared memory
//!   master   ──┘
//! ```
//!
//! To send is a copy into the inbox, and one system call when its process sleeps. Sending never waits: what an inbox has no room for is
//! kept in order and sent when there is ([`Bus::poll_flush`], [`Bus::wait`]), up to a bound ([`Bus::room`], [`Bus::wait_for_room`]).
//! Who sees a process die calls [`Bus::ring`].
//!
//! A process may have a successor while it still answers what it was asked ([`Bus::hand_over`]): each of them has an inbox of its own, what is sent
//! to the index goes to the newer one, and an answer ([`Bus::send_back`]) to who asked.
//!
//! Everything takes `&self`, and no borrow lasts while a message is handled: its handler may send, receive and wait.

mod frame;
mod gather;
mod inbox;
mod linger;
mod succession;
#[cfg(test)]
mod tests;
mod wait;

use crate::shm::pool::Shared;
pub use frame::Frame;
use frame::{Assembly, FIRST, HEADER, Header, LAST, PART, Whole};
use inbox::Inbox;
use linger::Luck;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::os::fd::{AsRawFd, RawFd};
use std::sync::atomic::AtomicU32;
use std::task::{Context, Poll, Waker};
pub use succession::Seat;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use wait::Ears;

/// Bytes that may wait in this process for one other; a message that is begun below it may be of any length.
const LIMIT: usize = 64 << 20;

/// The bus, in each process its own view of the same inboxes.
pub struct Bus {
    /// By address: twice the index, plus one for the second inbox of those that have two.
    inboxes: Vec<Option<Inbox>>,
    /// By index: how often it was handed over, from which follows the inbox that is in use; for all processes to see.
    turns: Vec<Shared<AtomicU32>>,
    /// This process's address.
    own: Cell<usize>,
    incoming: RefCell<Incoming>,
    /// By address.
    outgoing: RefCell<Vec<Outgoing>>,
    /// Destinations for which something waits.
    waiting: Cell<usize>,
    /// Some destination has a last message, see `gather`.
    gathers: Cell<bool>,
    /// Who is told when something waits.
    flusher: RefCell<Option<Waker>>,
    /// The own inbox in the runtime that runs.
    watched: RefCell<Option<AsyncFd<RawFd>>>,
    /// What this process waits for without a runtime.
    ears: RefCell<Option<Ears>>,
    /// Whether it is worth looking out before sleeping.
    luck: Luck,
}

/// What has arrived and was not handled.
struct Incoming {
    /// Memory for the datagram that is handled.
    room: Vec<u8>,
    /// Messages taken while this process waited for room elsewhere.
    backlog: VecDeque<(Whole, Vec<u8>)>,
    assembly: Assembly,
}

/// What one destination had no room for.
#[derive(Default)]
struct Outgoing {
    datagrams: VecDeque<Vec<u8>>,
    bytes: usize,
    /// Its inbox in the runtime that runs, while something waits.
    watched: Option<AsyncFd<RawFd>>,
    /// Those that wait for room.
    waiters: Vec<Waker>,
    /// What was gathered last: kind, head, payload.
    last: Vec<u8>,
    /// So many members have joined the datagram that waits last; 0 when none may any more.
    members: usize,
}

impl Bus {
    /// A bus between `count` processes that will be forked.
    ///
    /// # Errors
    /// No descriptors left: it takes two for each process; no address space.
    pub fn new(count: usize) -> io::Result<Self> {
        Self::with_successors(count, 0)
    }

    /// A bus between `count` processes, of which the first `doubled` may live beside their successors.
    ///
    /// # Errors
    /// No descriptors left: it takes two for each process, four for those; no address space.
    pub fn with_successors(count: usize, doubled: usize) -> io::Result<Self> {
        let inbox = |address: usize| (address.is_multiple_of(2) || address / 2 < doubled).then(Inbox::open).transpose();
        Ok(Self {
            inboxes: (0..2 * count).map(inbox).collect::<Result<_, _>>()?,
            turns: (0..count).map(|_| Shared::new()).collect::<Result<_, _>>()?,
            own: Cell::new(usize::MAX),
            incoming: RefCell::new(Incoming::new(2 * count)),
            outgoing: RefCell::new((0..2 * count).map(|_| Outgoing::default()).collect()),
            waiting: Cell::new(0),
            gathers: Cell::new(false),
            flusher: RefCell::new(None),
            watched: RefCell::new(None),
            ears: RefCell::new(None),
            luck: Luck::default(),
        })
    }

    /// From now on this process is the one with this index. After a fork: what the parent had not sent or handled is its business.
    pub fn claim(&self, index: usize) {
        self.detach(true);
        self.ears.take();
        self.luck.forget();
        self.own.set(self.address(index).unwrap_or(usize::MAX));
        *self.incoming.borrow_mut() = Incoming::new(self.inboxes.len());
        for outgoing in &mut *self.outgoing.borrow_mut() {
            outgoing.datagrams.clear();
            outgoing.bytes = 0;
            outgoing.last.clear();
            outgoing.members = 0;
            // The parent's tasks, which do not run here.
            std::mem::forget(std::mem::take(&mut outgoing.waiters));
        }
        self.waiting.set(0);
        // Others may wait for what the predecessor was about to tell.
        if let Some(inbox) = self.inbox(self.own.get()) {
            inbox.sleep();
            inbox.tell_of_room();
        }
    }

    /// A process has died: rings all bells, as it may have been about to.
    pub fn ring(&self) {
        self.inboxes.iter().flatten().for_each(Inbox::ring);
    }

    /// Where messages for this index go.
    fn address(&self, index: usize) -> Option<usize> {
        self.seat(index).map(|seat| seat.address)
    }

    fn inbox(&self, address: usize) -> Option<&Inbox> {
        self.inboxes.get(address)?.as_ref()
    }

    /// This process's index.
    pub fn index(&self) -> usize {
        self.own.get() / 2
    }

    /// Where answers to this very process go, see [`Bus::send_back`].
    pub fn own_address(&self) -> usize {
        self.own.get()
    }

    /// How many processes there are.
    pub fn count(&self) -> usize {
        self.turns.len()
    }

    /// The descriptor that becomes readable when something arrives after [`Bus::receive`] has found nothing. Whoever polls it calls
    /// [`Bus::heard`].
    pub fn descriptor(&self) -> RawFd {
        self.inbox(self.own.get()).map_or(-1, |inbox| inbox.bell.as_raw_fd())
    }

    /// The descriptor was readable, and is no longer.
    pub fn heard(&self) {
        inbox::silence(self.descriptor());
    }

    /// Sends a message to process `to`, now or, behind what waits already, when there is room.
    ///
    /// # Errors
    /// `ENOENT`: no such process; `ENOBUFS`: too much waits for it.
    pub fn send(&self, to: usize, kind: u8, head: &[u8], payload: &[IoSlice<'_>]) -> io::Result<()> {
        self.send_back(self.address(to).unwrap_or(usize::MAX), kind, head, payload)
    }

    /// As [`Bus::send`], to the very process whose [`Frame::back`] this is, though it may have a successor.
    ///
    /// # Errors
    /// As [`Bus::send`].
    pub fn send_back(&self, to: usize, kind: u8, head: &[u8], payload: &[IoSlice<'_>]) -> io::Result<()> {
        self.post(to, kind, head, payload, LIMIT)
    }

    /// As [`Bus::send`], however much waits: for what must not be lost, and of which there is only so much.
    ///
    /// # Errors
    /// `ENOENT`: no such process.
    pub fn insist(&self, to: usize, kind: u8, head: &[u8], payload: &[IoSlice<'_>]) -> io::Result<()> {
        self.insist_back(self.address(to).unwrap_or(usize::MAX), kind, head, payload)
    }

    /// As [`Bus::send_back`], however much waits, see [`Bus::insist`].
    ///
    /// # Errors
    /// As [`Bus::insist`].
    pub fn insist_back(&self, to: usize, kind: u8, head: &[u8], payload: &[IoSlice<'_>]) -> io::Result<()> {
        self.post(to, kind, head, payload, usize::MAX)
    }

    fn post(&self, to: usize, kind: u8, head: &[u8], payload: &[IoSlice<'_>], limit: usize) -> io::Result<()> {
        let Some(inbox) = self.inbox(to) else { return Err(io::Error::from_raw_os_error(libc::ENOENT)) };
        let length = head.len() + payload.iter().map(|piece| piece.len()).sum::<usize>();
        let from = u16::try_from(self.own.get()).unwrap_or(u16::MAX);
        let header = Header { kind, place: FIRST | LAST, from, head: head.len() as u32, length: length as u64 };
        let mut outgoing = self.outgoing.borrow_mut();
        let place = &mut outgoing[to];
        self.close_gathering(place, inbox);
        if !place.datagrams.is_empty() && place.bytes >= limit {
            return Err(io::Error::from_raw_os_error(libc::ENOBUFS));
        }
        if length <= PART && place.datagrams.is_empty() {
            self.luck.sends(inbox);
            let bytes = header.to_bytes();
            let sent = match payload {
                [] => inbox.send(&[IoSlice::new(&bytes), IoSlice::new(head)]),
                [one] => inbox.send(&[IoSlice::new(&bytes), IoSlice::new(head), *one]),
                many => {
                    let mut pieces = Vec::with_capacity(2 + many.len());
                    pieces.extend([IoSlice::new(&bytes), IoSlice::new(head)]);
                    pieces.extend_from_slice(many);
                    inbox.send(&pieces)
                }
            };
            if sent {
                return Ok(());
            }
        }
        let was_empty = place.datagrams.is_empty();
        cut(header, head, payload, |header, pieces| {
            if place.datagrams.is_empty() {
                let mut all = Vec::with_capacity(1 + pieces.len());
                all.push(IoSlice::new(header));
                all.extend_from_slice(pieces);
                if inbox.send(&all) {
                    return;
                }
            }
            let mut datagram = Vec::with_capacity(HEADER + pieces.iter().map(|piece| piece.len()).sum::<usize>());
            datagram.extend_from_slice(header);
            pieces.iter().for_each(|piece| datagram.extend_from_slice(piece));
            place.bytes += datagram.len();
            place.datagrams.push_back(datagram);
        });
        if was_empty && !place.datagrams.is_empty() {
            self.now_waiting();
        }
        Ok(())
    }

    fn now_waiting(&self) {
        self.waiting.set(self.waiting.get() + 1);
        if let Some(flusher) = &*self.flusher.borrow() {
            flusher.wake_by_ref();
        }
    }

    /// Whether [`Bus::send`] would take a message to process `to` now.
    pub fn has_room(&self, to: usize) -> bool {
        let address = self.address(to).unwrap_or(usize::MAX);
        self.outgoing.borrow().get(address).is_none_or(|place| place.bytes < LIMIT)
    }

    /// Bytes that wait in this process for process `to`.
    pub fn queued(&self, to: usize) -> usize {
        self.outgoing.borrow().iter().skip(2 * to).take(2).map(|outgoing| outgoing.bytes).sum()
    }

    /// Whether nothing waits to be sent.
    pub fn is_flushed(&self) -> bool {
        self.waiting.get() == 0
    }

    /// Resolves when less waits for process `to` than would make [`Bus::send`] fail. Somebody has to call [`Bus::poll_flush`].
    pub async fn room(&self, to: usize) {
        self.room_below(to, LIMIT).await;
    }

    /// Resolves when less than `limit` bytes wait for process `to`. Somebody has to call [`Bus::poll_flush`].
    pub async fn room_below(&self, to: usize, limit: usize) {
        poll_fn(|context| {
            let mut outgoing = self.outgoing.borrow_mut();
            let address = self.address(to).unwrap_or(usize::MAX);
            let Some(place) = outgoing.get_mut(address).filter(|place| place.bytes >= limit) else {
                return Poll::Ready(());
            };
            if !place.waiters.iter().any(|waiter| waiter.will_wake(context.waker())) {
                place.waiters.push(context.waker().clone());
            }
            Poll::Pending
        })
        .await;
    }

    /// Sends what waits, as far as there is room. Ready when nothing waits any more; else wakes `context` when there is room, or more
    /// to send. Within a runtime.
    pub fn poll_flush(&self, context: &mut Context<'_>) -> Poll<()> {
        self.end_gathering();
        if self.waiting.get() > 0 {
            let mut outgoing = self.outgoing.borrow_mut();
            for (place, inbox) in outgoing.iter_mut().zip(&self.inboxes) {
                if let Some(inbox) = inbox
                    && !place.datagrams.is_empty()
                {
                    self.flush_one(place, inbox, context);
                }
            }
        }
        let mut flusher = self.flusher.borrow_mut();
        if !flusher.as_ref().is_some_and(|known| known.will_wake(context.waker())) {
            *flusher = Some(context.waker().clone());
        }
        if self.waiting.get() == 0 { Poll::Ready(()) } else { Poll::Pending }
    }

    fn flush_one(&self, place: &mut Outgoing, inbox: &Inbox, context: &mut Context<'_>) {
        while !self.send_waiting(place, inbox) {
            if place.watched.is_none() {
                let descriptor = inbox.room.as_raw_fd();
                // SAFETY: the inbox is open as long as the bus, which `detach` takes out of the runtime first.
                let watched = unsafe { AsyncFd::register_with_interest(descriptor, Interest::READABLE) };
                place.watched = watched.ok();
            }
            match place.watched.as_ref().map(|watched| watched.poll_read_ready(context)) {
                Some(Poll::Ready(Ok(mut ready))) => ready.clear_ready(),
                _ => return,
            }
        }
        place.watched = None;
    }

    /// Sends what waits for an inbox; true when all is sent.
    fn send_waiting(&self, place: &mut Outgoing, inbox: &Inbox) -> bool {
        place.members = 0;
        while let Some(datagram) = place.datagrams.front()
            && inbox.send(&[IoSlice::new(datagram)])
        {
            place.bytes -= datagram.len();
            place.datagrams.pop_front();
        }
        if place.bytes < LIMIT {
            place.waiters.drain(..).for_each(Waker::wake);
        }
        if place.datagrams.is_empty() {
            self.waiting.set(self.waiting.get() - 1);
        }
        place.datagrams.is_empty()
    }

    /// Takes the next message and gives it to `handle`. False when none is there.
    fn next(&self, handle: &mut impl FnMut(Frame<'_>)) -> bool {
        let Some(inbox) = self.inbox(self.own.get()) else { return false };
        let mut incoming = self.incoming.borrow_mut();
        if let Some((whole, last)) = incoming.backlog.pop_front() {
            drop(incoming);
            handle(whole.frame(&last));
            return true;
        }
        // A handler that receives too has memory of its own.
        let mut room = std::mem::take(&mut incoming.room);
        let mut taken = None;
        while taken.is_none() && inbox.take(&mut room) {
            taken = incoming.assembly.take(&room);
        }
        drop(incoming);
        if let Some(whole) = &taken {
            handle(whole.frame(&room));
        }
        self.incoming.borrow_mut().room = room;
        taken.is_some()
    }

    /// Gives every message that is there to `handle`, at most `most`; false when there may be more.
    pub fn receive(&self, most: usize, mut handle: impl FnMut(Frame<'_>)) -> bool {
        for _ in 0..most {
            if !self.next(&mut handle) {
                // From now on the bell is rung.
                return self.sleep();
            }
        }
        false
    }

    /// Whether nothing is there; then the bell will be rung.
    fn sleep(&self) -> bool {
        self.incoming.borrow().backlog.is_empty() && self.inbox(self.own.get()).is_none_or(Inbox::sleep)
    }

    /// As [`Bus::receive`]; when nothing is left, wakes `context` once something arrives. Within a runtime.
    ///
    /// # Errors
    /// What the system says.
    pub fn poll_receive(
        &self,
        context: &mut Context<'_>,
        most: usize,
        mut handle: impl FnMut(Frame<'_>),
    ) -> io::Result<Poll<()>> {
        let mut left = most;
        while left > 0 {
            if self.next(&mut handle) {
                left -= 1;
                continue;
            }
            if !self.sleep() {
                continue;
            }
            let mut watched = self.watched.borrow_mut();
            let own = match &*watched {
                Some(own) => own,
                // SAFETY: the inbox is open as long as the bus, which `detach` takes out of the runtime first.
                None => watched.insert(unsafe {
                    AsyncFd::register_with_interest(self.descriptor(), Interest::READABLE).map_err(io::Error::from)?
                }),
            };
            match own.poll_read_ready(context) {
                Poll::Ready(Ok(mut ready)) => ready.clear_ready(),
                Poll::Ready(Err(error)) => return Err(error),
                Poll::Pending => return Ok(Poll::Ready(())),
            }
        }
        Ok(Poll::Pending)
    }

    /// Whether messages lie in this process's own memory.
    pub fn has_taken(&self) -> bool {
        !self.incoming.borrow().backlog.is_empty()
    }

    /// The runtime that the bus was polled in goes away. `forked`: it is the parent's, and not to be touched.
    pub fn detach(&self, forked: bool) {
        let own = self.watched.take();
        let others: Vec<_> = self.outgoing.borrow_mut().iter_mut().map(|outgoing| outgoing.watched.take()).collect();
        let flusher = self.flusher.take();
        if forked {
            std::mem::forget((own, others, flusher));
        }
    }
}

/// Cuts a message into parts, each with its header; the pieces of a part are given as they lie.
fn cut(header: Header, head: &[u8], payload: &[IoSlice<'_>], mut part: impl FnMut(&[u8; HEADER], &[IoSlice<'_>])) {
    let mut pieces = std::iter::once(head).chain(payload.iter().map(|piece| &**piece));
    let mut rest: &[u8] = &[];
    let (mut left, mut place) = (header.length, FIRST);
    loop {
        let mut slices = Vec::new();
        let mut room = PART;
        while room > 0 {
            if rest.is_empty() {
                match pieces.next() {
                    Some(next) => rest = next,
                    None => break,
                }
            }
            let (now, later) = rest.split_at(rest.len().min(room));
            room -= now.len();
            rest = later;
            slices.push(IoSlice::new(now));
        }
        left -= (PART - room) as u64;
        let last = if left == 0 { LAST } else { 0 };
        part(&Header { place: place | last, ..header }.to_bytes(), &slices);
        if left == 0 {
            return;
        }
        place = 0;
    }
}

impl Incoming {
    fn new(count: usize) -> Self {
        Self { room: Vec::new(), backlog: VecDeque::new(), assembly: Assembly::new(count) }
    }

    /// Keeps what is there for later.
    fn set_aside(&mut self, inbox: &Inbox) {
        let mut room = Vec::new();
        while inbox.take(&mut room) {
            if let Some(whole) = self.assembly.take(&room) {
                self.backlog.push_back((whole, std::mem::take(&mut room)));
            }
        }
    }
}
