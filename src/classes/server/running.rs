//! The server that runs in this process.

use super::Server;
use super::task_queue::Queue;
use crate::classes::slots::swoole_server as slot;
use crate::coroutine::engine::scheduler;
use crate::io::process;
use crate::server::board::{Board, EXIT};
use crate::server::bus::Bus;
use crate::server::endpoint::Endpoint;
use crate::server::layout::{Layout, Mode, Part};
use crate::server::settings::Settings;
use crate::zend::object;
use ext_php_rs::types::{ZendObject, Zval};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::atomic::Ordering::Relaxed;
use tokio::time::Instant;

/// What all processes of a server know; each has a copy of its own by the fork, but for what lies in shared memory.
pub(super) struct Running {
    this: Zval,
    pub settings: Settings,
    pub layout: Layout,
    pub bus: Rc<Bus>,
    pub board: Rc<Board>,
    pub endpoint: Rc<dyn Endpoint>,
    /// By which tasks come, if not by the bus.
    pub queue: Option<Queue>,
    /// When the server was started.
    pub since: Instant,
    /// It is one process.
    pub single: bool,
    /// The process that called `start()`.
    pub first: i32,
    /// This process's index, once it has one.
    index: Cell<Option<usize>>,
    /// This process was told to end.
    pub ending: Cell<bool>,
    /// The whole server ends, and this process with it.
    pub shutting_down: Cell<bool>,
    /// After so many requests this process is replaced; 0 for never.
    pub most_requests: Cell<i64>,
    /// It has had them, and waits until another one is replaced.
    pub awaits_turn: Cell<bool>,
    /// `WorkerStop` is over, or is not to come.
    pub stopped: Cell<bool>,
    /// Library functions are called for its events.
    helper: bool,
    /// In the master: the manager has not ended.
    pub manager_lives: Cell<bool>,
    /// In the master: how long clients may read when the server has been told to end.
    pub readers_until: Cell<Option<Instant>>,
}

thread_local! {
    static RUNNING: RefCell<Option<Rc<Running>>> = const { RefCell::new(None) };
}

/// The server that runs in this process, if one does.
pub(super) fn running() -> Option<Rc<Running>> {
    RUNNING.with_borrow(Option::clone)
}

/// Whether this process is one of a server's: until its loop has ended, after which come PHP's shutdown functions.
pub(crate) fn runs_here() -> bool {
    RUNNING.with_borrow(Option::is_some) && !scheduler().stopped()
}

/// From now on this server runs in this process; `None`: none does.
pub(super) fn set_running(running: Option<Rc<Running>>) {
    let old = RUNNING.replace(running);
    drop(old);
}

impl Running {
    pub(super) fn new(
        this: Zval,
        settings: Settings,
        layout: Layout,
        bus: Rc<Bus>,
        board: Rc<Board>,
        endpoint: Rc<dyn Endpoint>,
        helper: bool,
    ) -> Self {
        let single = layout.mode == Mode::Base
            && layout.workers == 1
            && layout.tasks + layout.users == 0
            && settings.max_request == 0;
        Self {
            this,
            settings,
            layout,
            bus,
            board,
            endpoint,
            queue: None,
            since: Instant::now(),
            single,
            first: process::id(),
            index: Cell::new(None),
            ending: Cell::new(false),
            shutting_down: Cell::new(false),
            most_requests: Cell::new(0),
            awaits_turn: Cell::new(false),
            stopped: Cell::new(true),
            helper,
            manager_lives: Cell::new(false),
            readers_until: Cell::new(None),
        }
    }

    /// The same with tasks by a queue.
    pub(super) fn with_queue(self, queue: Option<Queue>) -> Self {
        Self { queue, ..self }
    }

    /// The Rust half of the server object.
    pub(super) fn server(&self) -> &Server {
        // SAFETY: the value is a server object: `start()` took it from its own call.
        unsafe { object::native_of::<Server>(self.object_pointer()) }
    }

    fn object_pointer(&self) -> *mut ZendObject {
        // SAFETY: `this` is an object as long as it lives.
        unsafe { self.this.value.obj }
    }

    /// The server object as a value.
    pub(super) fn value(&self) -> Zval {
        self.this.shallow_clone()
    }

    /// Arguments of a callback: the server, and these.
    pub(super) fn with_server(&self, args: &[Zval]) -> Vec<Zval> {
        std::iter::once(self.value()).chain(args.iter().map(Zval::shallow_clone)).collect()
    }

    /// Whether functions of Swoole's library have something to do for its events.
    pub(super) fn uses_helper(&self) -> bool {
        self.helper
    }

    /// This process is the one with this index from now on.
    pub(super) fn become_process(&self, index: usize) {
        self.index.set(Some(index));
        self.bus.claim(index);
        self.board.begin(index, process::id());
        if self.layout.part(index) == Part::User {
            self.board.set_status(index, 0);
        }
        self.ending.set(false);
        self.awaits_turn.set(false);
        self.shutting_down.set(false);
    }

    /// This process's index, once it has one.
    pub(super) fn index(&self) -> Option<usize> {
        self.index.get()
    }

    /// What this process is.
    pub(super) fn part(&self) -> Option<Part> {
        self.index.get().map(|index| self.layout.part(index))
    }

    /// Whether this process runs the events of connections.
    pub(super) fn is_worker(&self) -> bool {
        self.part() == Some(Part::Worker)
    }

    /// Whether this process has the sockets of clients.
    pub(super) fn owns_clients(&self) -> bool {
        match self.part() {
            Some(Part::Worker) => self.layout.mode == Mode::Base,
            part => part == Some(Part::Master),
        }
    }

    /// Whether this process, which ends, has no successor.
    pub(super) fn ends_for_good(&self) -> bool {
        self.single || self.part() == Some(Part::Master) || self.board.counters.stopping.load(Relaxed) != 0
    }

    /// The worker's number, in workers and task workers.
    pub(super) fn worker_id(&self) -> Option<usize> {
        self.index.get().filter(|index| *index < self.layout.core())
    }

    /// The master's process id; in `SWOOLE_BASE` that of worker 0.
    pub(super) fn master(&self) -> i32 {
        self.board.counters.master.load(Relaxed) as i32
    }

    /// The manager's process id, 0 without one.
    pub(super) fn manager(&self) -> i32 {
        self.board.counters.manager.load(Relaxed) as i32
    }

    /// Writes the ids of master and manager into the server object.
    pub(super) fn show_processes(&self) {
        // SAFETY: the object is alive; PHP does not run during the call.
        let this = unsafe { &mut *self.object_pointer() };
        object::set_slot(this, slot::MASTER_PID, i64::from(self.master()));
        object::set_slot(this, slot::MANAGER_PID, i64::from(self.manager()));
    }

    /// Writes into the server object which worker this is.
    pub(super) fn show_worker(&self, index: usize) {
        self.show_processes();
        // SAFETY: as above.
        let this = unsafe { &mut *self.object_pointer() };
        object::set_slot(this, slot::WORKER_ID, index as i64);
        object::set_slot(this, slot::TASKWORKER, self.layout.part(index) == Part::TaskWorker);
        object::set_slot(this, slot::WORKER_PID, i64::from(process::id()));
    }

    /// This worker takes nothing new.
    pub(super) fn show_exit(&self) {
        if let Some(index) = self.index() {
            self.board.set_status(index, EXIT);
        }
    }
}
