//! The master's side: requests to workers, replies to clients.

use super::codec::{self, Asked};
use super::{kind, split};
use crate::io::http::{FileRange, Head, OpenFile, Part, Request, Responder};
use crate::local_task;
use crate::server::bus::{Bus, Frame, Seat};
use crate::server::endpoint::{Death, Heir};
use bytes::{Buf, Bytes};
use http::StatusCode;
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::io::IoSlice;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::rc::Rc;

/// A request that a worker has.
struct Pending<D: Buf> {
    responder: Responder<D>,
    /// The worker's process.
    worker: Seat,
    /// Processes that have died before they began with it.
    deaths: u8,
    /// The number that it would have if it had been sent to that process: its own, unless it was passed on behind later ones.
    order: u64,
}

/// A request that so many processes have left unread when they died gets a 502: they die before they do anything.
const DEATHS: u8 = 3;

/// The requests that workers have.
pub struct Asking<D: Buf> {
    bus: Rc<Bus>,
    first_kind: u8,
    last: Cell<u64>,
    pending: RefCell<HashMap<u64, Pending<D>>>,
    scratch: RefCell<Vec<u8>>,
}

impl<D: Buf + From<Bytes> + 'static> Asking<D> {
    /// None yet. Frames are of the kinds from `first_kind` on.
    pub fn new(bus: Rc<Bus>, first_kind: u8) -> Rc<Self> {
        Rc::new(Self { bus, first_kind, last: Cell::new(0), pending: RefCell::default(), scratch: RefCell::default() })
    }

    /// Number of requests that wait for their reply or its end.
    pub fn count(&self) -> usize {
        self.pending.borrow().len()
    }

    /// Gives a request that came to the port with this index to `worker`, which answers it.
    pub fn ask(&self, worker: usize, port: u16, time: f64, mut request: Request, responder: Responder<D>) {
        let id = self.last.get() + 1;
        self.last.set(id);
        let asked = Asked {
            id,
            session: request.link.session.get(),
            port,
            stream: request.stream_id,
            keep_alive: responder.keeps_alive(),
            tls: request.link.is_tls.get(),
            form: request.uploads.is_some(),
            time,
            remote: request.link.remote,
            local: request.link.local,
            method: request.method.clone(),
            uri: std::mem::take(&mut request.uri),
            version: request.version,
            fields: std::mem::take(&mut request.fields),
        };
        let mut head = self.scratch.take();
        head.clear();
        asked.write(&mut head);
        let form = request.uploads.as_ref().map(|uploads| uploads.encode());
        let body = form.as_deref().unwrap_or(&request.body);
        let worker = self.bus.seat(worker).unwrap_or(Seat { address: usize::MAX, turn: 0 });
        let sent = self.bus.send_back(worker.address, self.first_kind + kind::REQUEST, &head, &[IoSlice::new(body)]);
        self.scratch.replace(head);
        request.fields = asked.fields;
        if sent.is_ok() {
            // the files are the worker's from now on
            drop(request.uploads.as_mut().map(|uploads| uploads.take()));
            responder.is_under_way();
            self.pending.borrow_mut().insert(id, Pending { responder, worker, deaths: 0, order: id });
        } else {
            // Too much waits for that worker.
            refuse(&responder, StatusCode::SERVICE_UNAVAILABLE);
        }
    }

    /// Takes a frame of a worker.
    pub fn receive(self: &Rc<Self>, frame: Frame<'_>) {
        let Some((id, rest)) = split(frame.head) else { return };
        match frame.kind.wrapping_sub(self.first_kind) {
            kind::REPLY => {
                if let Some((pending, head)) = self.end(id, rest) {
                    let body = (!frame.payload.is_empty()).then(|| Bytes::copy_from_slice(frame.payload).into());
                    // The client may be gone.
                    let _ = pending.responder.reply(head, body);
                }
            }
            kind::PARTS => {
                if let Some((pending, head)) = self.end(id, rest) {
                    match read_parts(frame.payload) {
                        Some(parts) => drop(pending.responder.reply_parts(head, parts)),
                        None => refuse(&pending.responder, StatusCode::INTERNAL_SERVER_ERROR),
                    }
                }
            }
            kind::START => {
                let start = codec::read_start(Bytes::copy_from_slice(rest));
                let pending = self.pending.borrow();
                if let (Some(pending), Some((head, length))) = (pending.get(&id), start) {
                    // As above: the first piece will tell.
                    let _ = match length {
                        Some(length) => pending.responder.start_of(head, length),
                        None => pending.responder.start(head),
                    };
                }
            }
            kind::PIECE => self.piece(id, rest.first() == Some(&1), frame),
            kind::END => {
                let pending = self.pending.borrow_mut().remove(&id);
                if let Some(pending) = pending {
                    let trailers = (!rest.is_empty()).then(|| codec::read_trailers(Bytes::copy_from_slice(rest)));
                    let _ = pending.responder.finish_with(trailers.flatten());
                }
            }
            kind::CUT => {
                let pending = self.pending.borrow_mut().remove(&id);
                drop(pending);
            }
            kind::RELEASE => {
                let pending = self.pending.borrow_mut().remove(&id);
                pending.into_iter().for_each(|pending| pending.responder.release());
            }
            kind::FOUND => {
                let found: HashSet<u64> = numbers(frame.payload).collect();
                // The others were lost with the process that took them.
                let worker =
                    Seat { address: frame.back, turn: rest.first_chunk().map_or(0, |turn| u32::from_ne_bytes(*turn)) };
                self.refuse_those(|other, it| it.worker == worker && it.order <= id && !found.contains(&other));
            }
            _ => {}
        }
    }

    /// Has the process that sent this frame answer a request, by the number that it has chosen; without one to answer, it is told so.
    pub fn adopt(&self, frame: &Frame<'_>, id: u64, responder: Option<Responder<D>>) {
        let Some(responder) = responder else { return self.tell(frame.back, kind::GONE, id) };
        let now = self.bus.seat(frame.from).map_or(0, |seat| seat.turn);
        // It may be the one before.
        let turn = if frame.back & 1 == now as usize & 1 { now } else { now.wrapping_sub(1) };
        // It has begun: with it, this ends.
        let pending = Pending { responder, worker: Seat { address: frame.back, turn }, deaths: 0, order: 0 };
        let before = self.pending.borrow_mut().insert(id, pending);
        drop(before);
    }

    fn end(&self, id: u64, head: &[u8]) -> Option<(Pending<D>, Head)> {
        let pending = self.pending.borrow_mut().remove(&id)?;
        match codec::read_head(Bytes::copy_from_slice(head)) {
            Some(head) => Some((pending, head)),
            None => {
                refuse(&pending.responder, StatusCode::BAD_GATEWAY);
                None
            }
        }
    }

    fn piece(self: &Rc<Self>, id: u64, asks: bool, frame: Frame<'_>) {
        let gone = {
            let pending = self.pending.borrow();
            let Some(pending) = pending.get(&id) else { return self.tell(frame.back, kind::GONE, id) };
            pending.responder.push(Bytes::copy_from_slice(frame.payload).into()).is_err()
        };
        if gone {
            let pending = self.pending.borrow_mut().remove(&id);
            drop(pending);
            return self.tell(frame.back, kind::GONE, id);
        }
        if !asks {
            return;
        }
        let space = self.pending.borrow().get(&id).map(|pending| pending.responder.space());
        let (asking, worker) = (Rc::clone(self), frame.back);
        if let Some(space) = space {
            local_task::spawn(async move {
                let answer = if space.await.is_ok() { kind::MORE } else { kind::GONE };
                asking.tell(worker, answer, id);
            });
        }
    }

    fn tell(&self, worker: usize, kind: u8, id: u64) {
        // A worker without an inbox has no requests either.
        let _ = self.bus.insist_back(worker, self.first_kind + kind, &id.to_ne_bytes(), &[]);
    }

    /// A worker has died: the requests that it had begun get a 502, or their connections end.
    /// `passed` are the numbers of those that its heir at another address got.
    pub fn died(&self, death: Death, passed: &[u8]) {
        let Death { seat, mark, heir, .. } = death;
        match heir {
            Heir::Nobody => self.refuse_those(|_, it| it.worker == seat),
            Heir::Other => {
                let mut pending = self.pending.borrow_mut();
                let order = self.last.get() + 1;
                self.last.set(order);
                for id in numbers(passed) {
                    pending.entry(id).and_modify(|it| (it.worker, it.order) = (seat.next(), order));
                }
                drop(pending);
                self.refuse_those(|_, it| it.worker == seat);
            }
            Heir::Successor => {
                let mut pending = self.pending.borrow_mut();
                pending.values_mut().filter(|it| it.worker == seat).for_each(|it| it.deaths += 1);
                drop(pending);
                self.refuse_those(|_, it| it.worker == seat && (it.order <= mark || it.deaths >= DEATHS));
                let mut head = self.last.get().to_ne_bytes().to_vec();
                head.extend_from_slice(&seat.turn.to_ne_bytes());
                // As above.
                let _ = self.bus.insist_back(seat.address, self.first_kind + kind::WHICH, &head, &[]);
            }
        }
    }

    fn refuse_those(&self, which: impl Fn(u64, &Pending<D>) -> bool) {
        let mut pending = self.pending.borrow_mut();
        let those: Vec<u64> = pending.iter().filter(|(id, it)| which(**id, it)).map(|(id, _)| *id).collect();
        let those: Vec<Pending<D>> = those.into_iter().filter_map(|id| pending.remove(&id)).collect();
        drop(pending);
        for pending in those {
            refuse(&pending.responder, StatusCode::BAD_GATEWAY);
        }
    }
}

/// Numbers of requests in a frame.
fn numbers(bytes: &[u8]) -> impl Iterator<Item = u64> {
    bytes.as_chunks().0.iter().map(|number| u64::from_ne_bytes(*number))
}

/// Answers with a bare status, if no answer has begun.
fn refuse<D: Buf>(responder: &Responder<D>, status: StatusCode) {
    // What has begun ends with the responder.
    let _ = responder.reply(Head::new(status), None);
}

/// The parts of a body: bytes, or ranges of files that are opened here.
fn read_parts<D>(mut bytes: &[u8]) -> Option<Vec<Part<D>>> {
    let mut take = || {
        let (kind, rest) = bytes.split_first()?;
        let (length, rest) = rest.split_first_chunk::<8>()?;
        let length = u64::from_ne_bytes(*length) as usize;
        let (text, rest) = (length <= rest.len()).then(|| rest.split_at(length))?;
        bytes = rest;
        Some((*kind, text))
    };
    let mut parts = Vec::new();
    while let Some((kind, text)) = take() {
        parts.push(if kind == 0 { Part::Bytes(Bytes::copy_from_slice(text)) } else { Part::File(open(text)?) });
    }
    Some(parts)
}

fn open(text: &[u8]) -> Option<FileRange> {
    let (offset, text) = text.split_first_chunk::<8>()?;
    let (length, path) = text.split_first_chunk::<8>()?;
    let file = OpenFile::open(Path::new(OsStr::from_bytes(path))).ok()?;
    Some(file.range(u64::from_ne_bytes(*offset), u64::from_ne_bytes(*length)))
}
