//! What an event loop of a server's process serves: its beginning, the bus, its end.

use super::events::{Event, emit_at_root, help};
use super::running::{Running, running};
use super::{busy, commands, manager, master, messages, tasks, worker};
use crate::coroutine::engine::{self, scheduler};
use crate::coroutine::source::{Leaving, Phase, Source};
use crate::local_task;
use crate::log;
use crate::server::bus::Frame;
use crate::server::endpoint::{Death, FIRST_KIND};
use crate::zend;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Instant, Sleep, sleep};

/// Frames on the bus that belong to the life of processes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(super) enum Kind {
    /// Ends a worker.
    Stop = 1,
    /// A worker finishes its requests and may have a successor: to the manager, with its process id.
    Leaves = 2,
    /// A worker's process has ended: from the manager to the master, with its [`Death`].
    Died = 3,
    /// Ends the server: to the master.
    Shutdown = 4,
    /// A message from worker to worker.
    PipeMessage = 5,
    /// A task for a task worker.
    Task = 6,
    /// The result of a task.
    Finish = 7,
    /// A command to run: its asker's number and the command's.
    Command = 8,
    /// What a command answered.
    CommandResult = 9,
    /// No task worker was idle: to whom says so in the log.
    NoneIdle = 10,
}

/// Messages taken in one turn before others get theirs.
const BATCH: usize = 64;

/// How soon a process that ends looks again whether all is sent, and how rarely at most.
const LOOK: Duration = Duration::from_millis(1);
const LONGEST_LOOK: Duration = Duration::from_millis(16);

/// How a process begins.
type Begin = fn(&Rc<Running>);

/// What the loop of this process has to know.
#[derive(Default)]
struct State {
    /// Called in the first turn.
    begin: Cell<Option<Begin>>,
    /// The loop serves a process of the server.
    open: Cell<bool>,
    /// When the process ends whatever is left.
    limit: Cell<Option<Instant>>,
    alarm: RefCell<Option<Pin<Box<Sleep>>>>,
    /// Any loop serves the bus.
    beside: Cell<bool>,
    /// A turn will be made in which it is seen whether all is sent.
    looks: Cell<bool>,
    /// When the next one comes.
    pause: Cell<Duration>,
    /// What had come when the process was told to end has been read.
    has_looked: Cell<bool>,
    /// More has come over the bus than was taken in this turn.
    more: Cell<bool>,
}

struct Inbox(State);
struct Ending;

// SAFETY: reached only from PHP functions and from the loop, both on the PHP thread.
unsafe impl Sync for Inbox {}

static INBOX: Inbox = Inbox(State {
    begin: Cell::new(None),
    open: Cell::new(false),
    limit: Cell::new(None),
    alarm: RefCell::new(None),
    beside: Cell::new(false),
    looks: Cell::new(false),
    pause: Cell::new(LOOK),
    has_looked: Cell::new(false),
    more: Cell::new(false),
});
static ENDING: Ending = Ending;

/// Has the loop that is about to run serve this process; it calls `begin` first.
pub(super) fn open(begin: Begin) {
    INBOX.0.begin.set(Some(begin));
    INBOX.0.open.set(true);
    INBOX.0.limit.set(None);
    engine::before_wait(waits);
    INBOX.0.looks.set(false);
    INBOX.0.pause.set(LOOK);
    INBOX.0.has_looked.set(false);
    engine::register(&INBOX, Phase::Events);
    engine::register(&ENDING, Phase::Cycle);
    engine::request_turn();
}

/// The loop is about to wait. The result of a task may be there in a moment.
fn waits() {
    let Some(running) = running() else { return };
    worker::count_coroutines(&running);
    if tasks::waits() && running.bus.linger() {
        engine::request_turn();
    }
}

/// Has every loop of this process serve the bus, which keeps none of them.
pub(super) fn open_beside() {
    INBOX.0.beside.set(true);
    engine::register(&INBOX, Phase::Events);
}

/// The loop no longer serves this process.
pub(super) fn close() {
    INBOX.0.open.set(false);
    INBOX.0.alarm.take();
}

/// The process ends as soon as nothing is left to do, and at `limit` in any case.
pub(super) fn end_by(limit: Option<Instant>) {
    INBOX.0.limit.set(limit);
    INBOX.0.alarm.take();
    // From now on the end of whatever runs is looked at.
    scheduler().keep_rounds(true);
    engine::request_turn();
    let told = async {
        looked().await;
        INBOX.0.has_looked.set(true);
        engine::request_turn();
    };
    engine::within(|| local_task::spawn(told));
}

/// Ready when everything has been read that is there now: the loop hears of a signal before of what came ahead of it.
pub(super) async fn looked() {
    sleep(LOOK).await;
}

/// Serves a frame, in a loop or without one.
pub(super) fn receive(running: &Rc<Running>, frame: Frame<'_>) {
    const STOP: u8 = Kind::Stop as u8;
    const LEAVES: u8 = Kind::Leaves as u8;
    const DIED: u8 = Kind::Died as u8;
    const SHUTDOWN: u8 = Kind::Shutdown as u8;
    const PIPE_MESSAGE: u8 = Kind::PipeMessage as u8;
    const TASK: u8 = Kind::Task as u8;
    const FINISH: u8 = Kind::Finish as u8;
    const COMMAND: u8 = Kind::Command as u8;
    const COMMAND_RESULT: u8 = Kind::CommandResult as u8;
    const NONE_IDLE: u8 = Kind::NoneIdle as u8;
    match frame.kind {
        FIRST_KIND.. => running.endpoint.receive(frame),
        STOP => worker::told_to_end(running),
        LEAVES => manager::leaves(number(frame.head) as i32),
        DIED => drop(Death::parse(frame.head).map(|death| running.endpoint.died(death, frame.payload))),
        SHUTDOWN => master::shut_down(running),
        PIPE_MESSAGE => messages::received(running, frame),
        TASK => tasks::received(running, frame),
        FINISH => tasks::finished(running, frame),
        COMMAND => commands::asked(running, frame),
        COMMAND_RESULT => commands::answered(frame),
        NONE_IDLE => busy::tell_later(running, true),
        unknown => log::warning("Server::receive()", &format!("error event[type={unknown}]")),
    }
}

/// A frame that was taken while only a task's result was waited for.
struct Aside {
    kind: u8,
    from: usize,
    back: usize,
    head: Vec<u8>,
    payload: Vec<u8>,
}

thread_local! {
    static ASIDE: RefCell<VecDeque<Aside>> = const { RefCell::new(VecDeque::new()) };
}

/// Keeps a frame for the loop's next turn.
pub(super) fn put_aside(frame: Frame<'_>) {
    let Frame { kind, from, back, head, payload } = frame;
    let aside = Aside { kind, from, back, head: head.to_vec(), payload: payload.to_vec() };
    ASIDE.with_borrow_mut(|all| all.push_back(aside));
    engine::request_turn();
}

fn serve_aside(running: &Rc<Running>) {
    while !scheduler().stopped()
        && let Some(Aside { kind, from, back, head, payload }) = ASIDE.with_borrow_mut(VecDeque::pop_front)
    {
        receive(running, Frame { kind, from, back, head: &head, payload: &payload });
    }
}

/// The number in a head.
pub(super) fn number(head: &[u8]) -> i64 {
    head.first_chunk().map_or(-1, |bytes| i64::from_ne_bytes(*bytes))
}

impl Source for Inbox {
    fn turn(&self, context: &mut Context<'_>) {
        let Some(running) = running().filter(|_| self.0.open.get() || self.0.beside.get()) else { return };
        if let Some(begin) = self.0.begin.take() {
            begin(&running);
            if scheduler().stopped() {
                return;
            }
        }
        serve_aside(&running);
        let bus = Rc::clone(&running.bus);
        let _ = bus.poll_flush(context);
        self.0.more.set(false);
        for left in (0..BATCH).rev() {
            // What this process does not handle any more is its successor's.
            if scheduler().stopped() {
                break;
            }
            match bus.poll_receive(context, 1, |frame| receive(&running, frame)) {
                Ok(Poll::Ready(())) => break,
                Ok(Poll::Pending) if left == 0 => {
                    self.0.more.set(true);
                    engine::request_turn();
                }
                Ok(Poll::Pending) => {}
                Err(error) => {
                    log::system_warning("Bus::poll_receive()", "epoll_ctl() failed", error.raw_os_error().unwrap_or(0));
                    break;
                }
            }
        }
        // What was answered goes out at once.
        let _ = bus.poll_flush(context);
    }

    fn alive(&self) -> bool {
        self.0.open.get()
    }

    fn detach(&self, leaving: Leaving) {
        self.0.alarm.take();
        if let Some(running) = running() {
            running.bus.detach(leaving == Leaving::Forked);
        }
    }

    fn reset(&self) {
        self.0.begin.set(None);
        self.0.beside.set(false);
        ASIDE.take();
        tasks::forked();
        close();
    }
}

/// Has a turn made soon: what was answered last is about to leave the process.
fn look_again() {
    if !INBOX.0.looks.replace(true) {
        let pause = INBOX.0.pause.get();
        INBOX.0.pause.set((pause * 2).min(LONGEST_LOOK));
        local_task::spawn(async move {
            sleep(pause).await;
            INBOX.0.looks.set(false);
            engine::request_turn();
        });
    }
}

impl Source for Ending {
    fn turn(&self, context: &mut Context<'_>) {
        let state = &INBOX.0;
        let Some(running) = running().filter(|running| state.open.get() && running.ending.get()) else { return };
        if scheduler().stopped() {
            return;
        }
        // Without this source nothing keeps the loop.
        state.open.set(false);
        // What is left to a successor is not waited for.
        let unread = running.owns_clients() && !state.has_looked.get()
            || running.ends_for_good() && state.more.get()
            || running.bus.has_taken();
        let rests = !running.manager_lives.get() && !unread && scheduler().outcome().is_some();
        let mut over = rests && running.endpoint.is_drained() && running.bus.is_flushed();
        state.open.set(true);
        if rests && !over {
            look_again();
        }
        if !over && running.worker_id().is_some() {
            let id = zend::long(running.worker_id().unwrap_or(0) as i64);
            help(&running, "onWorkerExit", &[id.shallow_clone()]);
            emit_at_root(&running, Event::WorkerExit, &[id]);
        }
        if !over && state.limit.get().is_some_and(|limit| limit <= Instant::now()) {
            worker::report_timeout(&running);
            over = true;
        }
        if over {
            running.endpoint.end();
            let _ = running.bus.poll_flush(context);
            close();
            return scheduler().leave();
        }
        self.wake_at_limit(context);
    }

    fn alive(&self) -> bool {
        false
    }

    fn detach(&self, _leaving: Leaving) {}

    fn reset(&self) {}
}

impl Ending {
    fn wake_at_limit(&self, context: &mut Context<'_>) {
        let Some(limit) = INBOX.0.limit.get() else { return };
        let mut alarm = INBOX.0.alarm.borrow_mut();
        let alarm = alarm.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(limit)));
        if alarm.as_mut().poll(context).is_ready() {
            engine::request_turn();
        }
    }
}
