//! The life of a pool's worker.
//!
//! Without coroutines it waits for one message after the other; with them it runs an event loop, and each message's function is a
//! coroutine. It ends by `exit` of the C library: no shutdown functions, no destructors.

use super::{Ipc, Running, State, fd, invoke, running, set_running, slot};
use crate::classes::coroutine;
use crate::classes::process::signal::{self as listening, serve};
use crate::coroutine::engine::{self, scheduler};
use crate::coroutine::source::{Leaving, Phase, Source};
use crate::io::message_bus::{Receiver, Sender};
use crate::io::signal::{self, Who};
use crate::io::{message_queue, pipe, process};
use crate::log;
use crate::zend;
use crate::zend::call::{Call, Return, Thrown};
use ext_php_rs::types::Zval;
use std::cell::{Cell, RefCell};
use std::os::fd::{AsRawFd, RawFd};
use std::rc::Rc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// Messages taken in one turn of the loop before others get theirs.
const BATCH: usize = 64;

/// Runs worker `index`, in its new process.
pub(super) fn run(call: &mut Call<'_>, state: Rc<State>, index: usize) -> Return {
    engine::forked();
    engine::set_callbacks_in_coroutines(state.coroutine.get());
    state.pids[index].store(process::id().cast_unsigned(), Ordering::Release);
    // Frames carry this process's number.
    *state.sender.borrow_mut() = Sender::new(process::id().cast_unsigned());
    log::set_process('*', index as i64);
    become_worker(index);
    let this = call.this();
    set_running(this, true);
    crate::zend::object::set_slot(this, slot::WORKER_PID, i64::from(process::id()));
    crate::zend::object::set_slot(this, slot::WORKER_ID, index as i64);
    let arguments = [call.this_value(), zend::long(index as i64)];
    if state.coroutine.get() {
        run_loop(&state, index, &arguments)?;
    } else {
        invoke(&state.callbacks.worker_start, &arguments);
        if state.callbacks.message.borrow().is_some() {
            listen_for_the_end();
            serve_messages(&state, index, &arguments[0]);
        }
    }
    set_running(call.this(), false);
    invoke(&state.callbacks.worker_stop, &arguments);
    std::process::exit(0)
}

/// From now on the pool that runs in this process knows it as a worker.
fn become_worker(index: usize) {
    super::RUNNING.with_borrow_mut(|running| {
        let Some(master) = running.take() else { return };
        // The descriptor of those that leave is used by all; the copy of the fork is this process's own.
        let Ok(leave) = master.leave.try_clone() else { return };
        *running = Some(Rc::new(Running {
            state: Rc::clone(&master.state),
            master: master.master,
            worker: Some(index),
            goes_on: Cell::new(true),
            leave,
            answer: RefCell::new(None),
        }));
    });
}

/// SIGTERM tells this worker to end, unless the script listens to it.
fn listen_for_the_end() {
    if !signal::is_listened(libc::SIGTERM, Who::Script) {
        listening::listen_for_us(libc::SIGTERM, told_to_end);
    }
}

/// This worker takes no more messages, and ends when what it does is done.
fn told_to_end() {
    let Some(running) = running() else { return };
    running.goes_on.set(false);
    if process::parent() != running.master {
        // The master is gone: nobody else sees to it that this worker ends in time.
        process::die_after(running.state.patience.get().unwrap_or(super::PATIENCE));
    }
}

/// Leaves the pool: the master starts another worker, and this process outlives it.
pub(super) fn leave(running: &Running) -> bool {
    if running.worker.is_none() {
        return false;
    }
    process::outlive_parent();
    let told = pipe::write(running.leave.as_raw_fd(), &process::id().to_ne_bytes()).is_ok();
    if told {
        running.goes_on.set(false);
    }
    told
}

fn goes_on() -> bool {
    running().is_some_and(|running| running.goes_on.get())
}

/// Serves signals and timers; true while this worker goes on.
fn serve_signals() -> bool {
    for number in signal::take() {
        serve(number);
    }
    goes_on()
}

/// Takes messages until it is told to end.
fn serve_messages(state: &State, index: usize, this: &Zval) {
    let message = |data: &[u8]| invoke(&state.callbacks.message, &[this.shallow_clone(), zend::string(data)]);
    let mut receiver = Receiver::default();
    let mut room = vec![0; state.longest.get()];
    let Ok(bell) = signal::bell() else { return };
    while serve_signals() {
        let next = scheduler().serve_alarms().map(Into::into);
        match state.ipc {
            Ipc::None => return,
            Ipc::Queue => {
                let Some(queue) = &state.queue else { return };
                match queue.pop(0, message_queue::LONGEST) {
                    Ok(data) => message(&data),
                    Err(error) if pipe::is_temporary(&error) => {}
                    Err(error) => {
                        return failed(index, &format!("msgrcv({}) failed", queue.id()), &error);
                    }
                }
            }
            Ipc::UnixSocket => {
                let from = fd(&state.pipes[index].worker);
                match pipe::wait_any(&[bell, from], next) {
                    Ok(Some(1)) => match take(from, &mut room) {
                        Ok(Some(data)) if state.has_bus.get() => {
                            if let Some(whole) = receiver.take(data) {
                                message(&whole);
                            }
                        }
                        Ok(Some(data)) => message(data),
                        Ok(None) => {}
                        Err(error) => return failed(index, &format!("read({from}) failed"), &error),
                    },
                    Ok(_) => {}
                    Err(error) => return failed(index, &format!("poll({from}) failed"), &error),
                }
            }
            Ipc::Clients => {
                let Some(port) = state.port.borrow().as_ref().map(|port| port.fd()) else { return };
                if !matches!(pipe::wait_any(&[bell, port], next), Ok(Some(1))) {
                    continue;
                }
                serve_client(state, index, bell, &message);
            }
        }
    }
}

fn serve_client(state: &State, index: usize, bell: RawFd, message: &impl Fn(&[u8])) {
    let port = state.port.borrow();
    let accepted = port.as_ref().map(|port| port.accept(state.longest.get(), bell, || !serve_signals()));
    let (client, data) = match accepted {
        Some(Ok(Some(accepted))) => accepted,
        Some(Err(error)) => return failed(index, "accept() failed", &error),
        _ => return,
    };
    drop(port);
    let Some(running) = running() else { return };
    *running.answer.borrow_mut() = Some(Vec::new());
    message(&data);
    let answer = running.answer.take().unwrap_or_default();
    // A client that has gone does not want it.
    let _ = client.answer(&answer);
}

fn failed(index: usize, what: &str, error: &std::io::Error) {
    let text = format!("[Worker#{index}] {what}");
    log::system_warning("ProcessPool::run()", &text, error.raw_os_error().unwrap_or(0));
}

/// Takes one datagram, if there is one.
fn take(from: RawFd, room: &mut [u8]) -> std::io::Result<Option<&[u8]>> {
    match pipe::receive(from, room) {
        Ok(count) => Ok(Some(&room[..count])),
        Err(error) if pipe::is_temporary(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The worker's function and its messages in an event loop, until nothing is left to do.
fn run_loop(state: &Rc<State>, index: usize, arguments: &[Zval; 2]) -> Result<(), Thrown> {
    let callback = state.callbacks.worker_start.borrow().clone();
    if state.ipc == Ipc::UnixSocket && state.callbacks.message.borrow().is_some() {
        *INBOX.open.borrow_mut() = Some(Inbox {
            from: fd(&state.pipes[index].worker),
            room: vec![0; state.longest.get()],
            receiver: state.has_bus.get().then(Receiver::default),
            watched: None,
        });
    }
    *INBOX.this.borrow_mut() = Some((Rc::clone(state), arguments[0].shallow_clone(), index));
    if let Some(callback) = callback {
        engine::spawn_call(callback, arguments)?;
    }
    listen_for_the_end();
    engine::register(&INBOX, Phase::Events);
    engine::register(&ENDING, Phase::Cycle);
    coroutine::drive()
}

/// What a worker with an event loop reads from.
struct Inbox {
    from: RawFd,
    room: Vec<u8>,
    receiver: Option<Receiver>,
    watched: Option<AsyncFd<RawFd>>,
}

/// The messages of a worker with an event loop.
struct Messages {
    open: RefCell<Option<Inbox>>,
    this: RefCell<Option<(Rc<State>, Zval, usize)>>,
}

// SAFETY: reached only from PHP functions and from the loop, both on the PHP thread.
unsafe impl Sync for Messages {}

static INBOX: Messages = Messages { open: RefCell::new(None), this: RefCell::new(None) };

impl Messages {
    /// The next message that is here; the second value says that there may be more.
    fn next(&self, context: &mut Context<'_>) -> Option<Vec<u8>> {
        let mut open = self.open.borrow_mut();
        let inbox = open.as_mut()?;
        if inbox.watched.is_none() {
            pipe::set_nonblocking(inbox.from, true).ok()?;
            // SAFETY: the pipes of the pool stay open as long as its process.
            inbox.watched = unsafe { AsyncFd::register_with_interest(inbox.from, Interest::READABLE) }.ok();
        }
        loop {
            let Poll::Ready(Ok(mut ready)) = inbox.watched.as_ref()?.poll_read_ready(context) else { return None };
            match take(inbox.from, &mut inbox.room) {
                Ok(Some(data)) => match &mut inbox.receiver {
                    Some(receiver) => {
                        if let Some(whole) = receiver.take(data) {
                            return Some(whole);
                        }
                    }
                    None => return Some(data.to_vec()),
                },
                Ok(None) => ready.clear_ready(),
                Err(_) => return None,
            }
        }
    }
}

impl Source for Messages {
    fn turn(&self, context: &mut Context<'_>) {
        for _ in 0..BATCH {
            if !goes_on() || scheduler().stopped() {
                return;
            }
            let Some(data) = self.next(context) else { return };
            let Some((state, this)) = self.this.borrow().as_ref().map(|it| (Rc::clone(&it.0), it.1.shallow_clone()))
            else {
                return;
            };
            let callback = state.callbacks.message.borrow().clone();
            if let Some(callback) = callback {
                // The loop sees for itself that it has to end.
                let _ = engine::callback(&callback, &[this, zend::string(&data)]);
            }
        }
        engine::request_turn();
    }

    fn alive(&self) -> bool {
        self.open.borrow().is_some() && goes_on()
    }

    fn detach(&self, leaving: Leaving) {
        if let Some(inbox) = &mut *self.open.borrow_mut() {
            let watched = inbox.watched.take();
            if leaving == Leaving::Forked {
                std::mem::forget(watched);
            }
        }
    }

    fn reset(&self) {
        self.open.take();
        drop(self.this.take());
    }
}

/// Calls `WorkerExit` in each round of the loop of a worker that was told to end.
struct Ending;

static ENDING: Ending = Ending;

impl Source for Ending {
    fn turn(&self, _context: &mut Context<'_>) {
        if goes_on() || scheduler().stopped() {
            return;
        }
        let Some((state, this, index)) =
            INBOX.this.borrow().as_ref().map(|it| (Rc::clone(&it.0), it.1.shallow_clone(), it.2))
        else {
            return;
        };
        let callback = state.callbacks.worker_exit.borrow().clone();
        if let Some(callback) = callback {
            engine::set_callbacks_in_coroutines(false);
            // The loop sees for itself that it has to end.
            let _ = engine::callback(&callback, &[this, zend::long(index as i64)]);
            engine::set_callbacks_in_coroutines(true);
        }
    }

    fn alive(&self) -> bool {
        false
    }

    fn detach(&self, _leaving: Leaving) {}

    fn reset(&self) {}
}
