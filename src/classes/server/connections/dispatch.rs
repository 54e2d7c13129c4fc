//! Which worker gets what, in the master of `SWOOLE_PROCESS`.

use super::super::busy;
use super::{Endpoint, Plan};
use crate::classes::constants as c;
use crate::coroutine::engine;
use crate::log;
use crate::server::board::{BUSY, EXIT, IDLE, Process};
use crate::server::hub::Sender;
use crate::zend;
use crate::zend::callable::Callable;
use ext_php_rs::types::Zval;
use std::cell::Cell;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use std::sync::atomic::AtomicI64;
use std::sync::atomic::Ordering::Relaxed;

/// What is dispatched: Swoole's numbers, which `dispatch_func` gets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Type {
    Data = 0,
    Datagram = 1,
    Close = 4,
    Connect = 5,
}

/// Who is asked about.
#[derive(Clone, Copy)]
pub(super) enum Subject<'a> {
    Session(i64),
    Datagram(&'a Sender),
}

/// What the user's function says instead of a worker.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Refused {
    /// It is dropped.
    Dropped,
    /// Its connection ends.
    Closed,
}

/// A way to choose a worker, and how far it is.
pub(super) struct Dispatch {
    mode: i64,
    function: Option<Rc<Callable>>,
    round: Cell<usize>,
}

impl Dispatch {
    pub(super) fn new(plan: &Plan) -> Self {
        Self { mode: plan.dispatch_mode, function: plan.dispatch_func.clone(), round: Cell::new(0) }
    }

    /// Whether a connection stays with one worker, so that its connect and close can be told.
    pub(super) fn is_fixed(&self) -> bool {
        [c::SWOOLE_DISPATCH_FDMOD, c::SWOOLE_DISPATCH_IPMOD, c::SWOOLE_DISPATCH_CO_CONN_LB].contains(&self.mode)
    }

    fn next(&self, workers: usize) -> usize {
        let next = self.round.get();
        self.round.set(next.wrapping_add(1));
        next % workers
    }
}

fn hash(value: impl Hash) -> usize {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish() as usize
}

fn ip_key(remote: Option<SocketAddr>) -> usize {
    match remote.map(|remote| remote.ip()) {
        Some(IpAddr::V4(ip)) => ip.to_bits() as usize,
        Some(IpAddr::V6(ip)) => hash(ip),
        None => 0,
    }
}

impl Endpoint {
    /// The worker for something, of which `data` makes what the user's function gets to see.
    pub(super) fn schedule(
        &self,
        subject: Subject<'_>,
        what: Type,
        data: impl FnOnce() -> Zval,
    ) -> Result<usize, Refused> {
        let workers = self.plan.layout.workers;
        if let Some(function) = &self.dispatch.function {
            match self.ask(function, subject, what, data) {
                c::SWOOLE_DISPATCH_RESULT_USERFUNC_FALLBACK => {}
                c::SWOOLE_DISPATCH_RESULT_CLOSE_CONNECTION => return Err(Refused::Closed),
                worker => return usize::try_from(worker).map_err(|_| Refused::Dropped),
            }
        }
        Ok(match subject {
            Subject::Session(session) => self.worker_of(session),
            Subject::Datagram(sender) => match (self.dispatch.mode, sender) {
                (c::SWOOLE_DISPATCH_ROUND, _) => self.dispatch.next(workers),
                (c::SWOOLE_DISPATCH_IDLE_WORKER, _) => self.idle(),
                (_, Sender::Inet(address)) => ip_key(Some(*address)) % workers,
                (_, Sender::Unix(path)) => hash(path) % workers,
            },
        })
    }

    /// The worker for a connection, by the mode alone.
    pub(super) fn worker_of(&self, session: i64) -> usize {
        let workers = self.plan.layout.workers;
        let Some(row) = self.plan.sessions.row(session) else { return session as usize % workers };
        let fd = row.fd() as usize;
        match self.dispatch.mode {
            c::SWOOLE_DISPATCH_ROUND => self.dispatch.next(workers),
            c::SWOOLE_DISPATCH_FDMOD => fd % workers,
            c::SWOOLE_DISPATCH_IPMOD => ip_key(row.remote()) % workers,
            c::SWOOLE_DISPATCH_UIDMOD => match row.uid() {
                0 => fd % workers,
                uid => uid as usize % workers,
            },
            c::SWOOLE_DISPATCH_CO_CONN_LB => row.worker().unwrap_or_else(|| {
                let worker = self.least(|process| &process.coroutines);
                row.set_worker(worker);
                worker
            }),
            c::SWOOLE_DISPATCH_CO_REQ_LB => self.least(|process| &process.coroutines),
            c::SWOOLE_DISPATCH_CONCURRENT_LB => self.least(|process| &process.concurrency),
            _ => self.idle(),
        }
    }

    /// The next worker in turn that is idle; the next one if none is.
    fn idle(&self) -> usize {
        let workers = self.plan.layout.workers;
        let status = |worker| self.plan.board.process(worker).map_or(EXIT, |process| process.status.load(Relaxed));
        let mut choice = self.dispatch.next(workers);
        for _ in 0..workers {
            if status(choice) == IDLE {
                return choice;
            }
            choice = self.dispatch.next(workers);
        }
        if status(choice) != IDLE {
            busy::no_idle_worker();
        }
        choice
    }

    /// The worker that has least of something.
    fn least(&self, what: fn(&Process) -> &AtomicI64) -> usize {
        let load =
            |worker: &usize| self.plan.board.process(*worker).map_or(i64::MAX, |process| what(process).load(Relaxed));
        self.plan.layout.worker_range().min_by_key(load).unwrap_or(0)
    }

    fn ask(&self, function: &Callable, subject: Subject<'_>, what: Type, data: impl FnOnce() -> Zval) -> i64 {
        let id = match subject {
            Subject::Session(session) => session,
            // As it lies in memory: who computes it in PHP unpacks it so.
            Subject::Datagram(Sender::Inet(SocketAddr::V4(address))) => {
                i64::from(i32::from_ne_bytes(address.ip().octets()))
            }
            Subject::Datagram(Sender::Inet(address)) => ip_key(Some(*address)) as i64,
            Subject::Datagram(Sender::Unix(path)) => i64::from(hash(path) as u32),
        };
        let data = if function.takes(3) { data() } else { Zval::new() };
        let args = [self.plan.server.shallow_clone(), zend::long(id), zend::long(what as i64), data];
        let args = if function.takes(3) { &args[..] } else { &args[..3] };
        // What it throws is no reason to lose something.
        let Some(answer) = engine::ask(function, args) else { return c::SWOOLE_DISPATCH_RESULT_USERFUNC_FALLBACK };
        if answer.is_null() {
            return c::SWOOLE_DISPATCH_RESULT_DISCARD_PACKET;
        }
        let worker = zend::to_long(&answer);
        if worker >= self.plan.layout.workers as i64 {
            crate::classes::errors::warn(&format!("invalid target worker-id[{worker}]"));
            return c::SWOOLE_DISPATCH_RESULT_DISCARD_PACKET;
        }
        if worker < c::SWOOLE_DISPATCH_RESULT_USERFUNC_FALLBACK {
            log::warning("ProcessFactory::dispatch()", &format!("invalid target worker id[{worker}]"));
        }
        worker
    }

    /// This process does something, or waits; whether that is new.
    fn set_busy(&self, busy: bool) -> bool {
        let Some(own) = self.plan.board.process(self.index()) else { return false };
        let (from, to) = if busy { (IDLE, BUSY) } else { (BUSY, IDLE) };
        // One that is about to end stays so. Nobody else writes here.
        let changes = own.status.load(Relaxed) == from;
        if changes {
            own.status.store(to, Relaxed);
        }
        changes
    }

    /// This process does something until `work` returns.
    pub(super) fn while_busy<R>(&self, work: impl FnOnce() -> R) -> R {
        let changes = self.set_busy(true);
        let result = work();
        if changes {
            self.set_busy(false);
        }
        result
    }
}
