//! The master of a pool.

use super::{RUNNING, Running, State, invoke, running, set_running, slot, worker};
use crate::classes::errors;
use crate::classes::process::signal::serve;
use crate::coroutine::engine::{self, scheduler};
use crate::io::{pipe, process};
use crate::log;
use crate::server::supervisor::{Event, Supervisor};
use crate::zend;
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::object;
use std::cell::{Cell, RefCell};
use std::io;
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::rc::Rc;
use std::sync::atomic::Ordering;

/// Bytes of a process id in the pipe of those that leave.
const ID: usize = size_of::<i32>();

/// Runs the pool to its end; in a worker, the worker to its end.
pub(super) fn run(call: &mut Call<'_>, state: Rc<State>) -> Return {
    let begun = open_leave().and_then(|leave| Ok((leave, Supervisor::new(state.count, state.patience.get())?)));
    let ((left, leave), supervisor) = match begun {
        Ok(begun) => begun,
        Err(error) => {
            errors::warn_of_system("cannot start the process pool", &error);
            return call.return_bool(false);
        }
    };
    state.started.set(true);
    let running = Running {
        state: Rc::clone(&state),
        master: process::id(),
        worker: None,
        goes_on: Cell::new(true),
        leave,
        answer: RefCell::new(None),
    };
    RUNNING.set(Some(Rc::new(running)));
    log::set_process('#', 0);
    let in_coroutines = engine::callbacks_in_coroutines();
    // Nothing waits in the master: there is no loop that would go on.
    engine::set_callbacks_in_coroutines(false);
    let this = call.this();
    object::set_slot(this, slot::MASTER_PID, i64::from(process::id()));
    object::set_slot(this, slot::RUNNING, true);
    let value = call.this_value();
    invoke(&state.callbacks.start, &[value]);
    let outcome = supervise(call, &state, supervisor, left.as_raw_fd());
    if let Ok(Some(index)) = outcome {
        drop(left);
        return worker::run(call, state, index);
    }
    engine::set_callbacks_in_coroutines(in_coroutines);
    RUNNING.take();
    state.started.set(false);
    if let Some(port) = &*state.port.borrow() {
        port.remove_file();
    }
    outcome.map(drop)
}

/// The pipe in which workers say that they leave: the master's end, then the workers'.
fn open_leave() -> io::Result<(OwnedFd, OwnedFd)> {
    let (left, leave) = io::pipe()?;
    pipe::set_nonblocking(left.as_raw_fd(), true)?;
    Ok((left.into(), leave.into()))
}

/// Takes the process ids of workers that left.
fn take_left(left: RawFd) -> Vec<i32> {
    let mut room = [0; 64 * ID];
    let count = pipe::read(left, &mut room).unwrap_or(0);
    room[..count].as_chunks::<ID>().0.iter().map(|id| i32::from_ne_bytes(*id)).collect()
}

/// Lets the supervisor work until it is over, or until this is a new worker's process: then its index.
fn supervise(
    call: &mut Call<'_>,
    state: &State,
    mut supervisor: Supervisor,
    left: RawFd,
) -> Result<Option<usize>, Thrown> {
    loop {
        let next = scheduler().serve_alarms();
        if scheduler().stopped() {
            // A fatal error in a function that the master called: the workers end with it.
            supervisor.signal_all(libc::SIGTERM);
            zend::request_bailout();
            return Err(Thrown);
        }
        if running().is_some_and(|running| !running.goes_on.get()) {
            supervisor.stop();
        }
        let event = match supervisor.next(next.map(Into::into), Some(left)) {
            Ok(event) => event,
            Err(error) => {
                errors::warn_of_system("wait() failed", &error);
                supervisor.signal_all(libc::SIGTERM);
                return Ok(None);
            }
        };
        match event {
            Event::Born(index) => return Ok(Some(index)),
            Event::Started { index, pid } => state.pids[index].store(pid.cast_unsigned(), Ordering::Release),
            Event::Ended { index, exit } => {
                if exit.signal() != 0 && supervisor.is_running() {
                    let (pid, code, signal) = (exit.pid, exit.code(), exit.signal());
                    let text = format!("worker(pid={pid}, id={index}) abnormal exit, status={code}, signal={signal}");
                    log::warning("Worker::report_error()", &text);
                }
            }
            Event::Stranger { exit, detached } => {
                if !detached && supervisor.is_running() {
                    let text = format!("received an exit signal from an unknown child process[pid={}]", exit.pid);
                    log::warning("ProcessPool::wait_detached_worker()", &text);
                }
            }
            Event::CannotStart { error, .. } => {
                log::system_warning("swoole_fork()", "fork() failed", error.raw_os_error().unwrap_or(0));
            }
            Event::Killed { index, pid } => {
                if supervisor.is_running() {
                    let text = format!("force kill worker process(pid={pid}, id={index})");
                    log::warning("ReloadTask::kill_all()", &text);
                }
            }
            Event::Signal(number) => serve(number),
            Event::Stopping => {
                set_running(call.this(), false);
                let value = call.this_value();
                invoke(&state.callbacks.shutdown, &[value]);
            }
            Event::Due => {
                for pid in take_left(left) {
                    supervisor.detach(pid);
                }
            }
            Event::Reloaded => {}
            Event::Over => return Ok(None),
        }
    }
}
