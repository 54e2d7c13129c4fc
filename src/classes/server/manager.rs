//! The life of the manager: it starts processes, replaces those that end, and ends with them. It runs no event loop.

use super::events::{Event, help, invoke};
use super::inbox::{self, Kind};
use super::running::{Running, running};
use super::{user, worker};
use crate::classes::process::signal::serve;
use crate::classes::{ce, errors, slots::swoole_server_status_info as status};
use crate::coroutine::engine::{self, scheduler};
use crate::io::process::{self, Exit};
use crate::io::signal;
use crate::log;
use crate::server::bus::Seat;
use crate::server::endpoint::{Death, Heir};
use crate::server::layout::{Mode, Part};
use crate::server::supervisor::{Event as Happened, Supervisor};
use crate::zend;
use crate::zend::call::{Return, Thrown};
use crate::zend::object;
use ext_php_rs::types::Zval;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::io::{self, Write};
use std::rc::Rc;
use std::sync::atomic::Ordering::Relaxed;

/// Which processes a reload replaces.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Reload {
    All,
    TaskWorkers,
}

thread_local! {
    /// A reload that PHP code in the manager, or a signal, has asked for.
    static RELOAD: Cell<Option<Reload>> = const { Cell::new(None) };
    /// From when a reload is asked for to its end.
    static RELOADING: Cell<bool> = const { Cell::new(false) };
    /// Processes that said that they may have a successor.
    static LEAVING: RefCell<Vec<i32>> = const { RefCell::new(Vec::new()) };
    static STOP: Cell<bool> = const { Cell::new(false) };
}

/// A process finishes its requests and may have a successor.
pub(super) fn leaves(pid: i32) {
    LEAVING.with_borrow_mut(|leaving| leaving.push(pid));
}

/// Asks for a reload, in the manager; false while one is under way.
pub(super) fn reload(which: Reload) -> bool {
    if RELOADING.replace(true) {
        log::warning("ProcessPool::reload()", "already reloading");
        return false;
    }
    RELOAD.set(Some(which));
    true
}

/// Asks for the end, in the manager.
pub(super) fn shut_down() {
    STOP.set(true);
}

/// Runs the processes of the server until they have ended. In a new process, its life to its end.
pub(super) fn run(running: &Rc<Running>) -> Return {
    manage(running, None)
}

/// The same in a process of its own, which tells the master in `ready` that all have been started; it ends with this.
pub(super) fn run_for_master(running: &Rc<Running>, ready: io::PipeWriter) -> Return {
    manage(running, Some(ready))?;
    std::process::exit(0)
}

fn manage(running: &Rc<Running>, ready: Option<io::PipeWriter>) -> Return {
    let supervisor = match supervisor(running) {
        Ok(supervisor) => supervisor,
        Err(error) => {
            log::system_warning("Server::start()", "failed to start", error.raw_os_error().unwrap_or(0));
            return Ok(());
        }
    };
    running.become_process(running.layout.manager());
    running.board.counters.manager.store(i64::from(process::id()), Relaxed);
    log::set_process('$', 0);
    if running.layout.mode == Mode::Process {
        // All that it starts goes on so.
        worker::isolate(running, running.first);
    }
    // Nothing waits in the manager: there is no loop that would go on.
    engine::set_callbacks_in_coroutines(false);
    let born = supervise(running, supervisor, ready);
    engine::set_callbacks_in_coroutines(running.settings.enable_coroutine);
    match born? {
        Some(index) => {
            engine::forked();
            match running.layout.part(index) {
                Part::User => user::run(running, index),
                _ => worker::run(running, index),
            }
        }
        None => {
            help(running, "onManagerStop", &[]);
            invoke(running, Event::ManagerStop, &[]);
            Ok(())
        }
    }
}

fn supervisor(running: &Running) -> io::Result<Supervisor> {
    let patience = running.settings.patience();
    // Workers see to their own end within their time; who does not is killed later.
    let mut supervisor = Supervisor::new(running.layout.managed(), patience.map(|patience| patience + worker::SLACK))?;
    supervisor.start_in_order(running.layout.order());
    supervisor.end_in_order(running.layout.ends(), patience.map(|patience| patience * 2));
    supervisor.leave_reloads();
    supervisor.listen(libc::SIGRTMIN())?;
    signal::ignore(libc::SIGHUP)?;
    signal::ignore(libc::SIGPIPE)?;
    match running.layout.mode {
        // The master is told by the same key press, and tells.
        Mode::Process => signal::ignore(libc::SIGINT)?,
        Mode::Base => supervisor.listen(libc::SIGINT)?,
    }
    Ok(supervisor)
}

/// Lets the supervisor work until it is over, or until this is a new process: then its index.
fn supervise(
    running: &Rc<Running>,
    mut supervisor: Supervisor,
    mut ready: Option<io::PipeWriter>,
) -> Result<Option<usize>, Thrown> {
    let mut to_start = running.layout.managed();
    // Processes that live beside their successors: index and seat.
    let mut beside: HashMap<i32, (usize, Seat)> = HashMap::new();
    let mut warned = false;
    loop {
        let next = scheduler().serve_alarms();
        if scheduler().stopped() || zend::exit_pending() {
            // A fatal error, or `exit`, in a function that the manager called: the others end with it.
            supervisor.signal_all(libc::SIGTERM);
            if !zend::exit_pending() {
                zend::request_bailout();
            }
            return Err(Thrown);
        }
        if STOP.take() {
            supervisor.stop();
        }
        begin_reload(running, &mut supervisor);
        let event = match supervisor.next(next.map(Into::into), Some(running.bus.descriptor())) {
            Ok(event) => event,
            Err(error) => {
                errors::warn_of_system("wait() failed", &error);
                supervisor.signal_all(libc::SIGTERM);
                return Ok(None);
            }
        };
        match event {
            Happened::Born(index) => return Ok(Some(index)),
            Happened::Started { index, pid } => {
                if let Some(process) = running.board.process(index) {
                    process.pid.store(i64::from(pid), Relaxed);
                }
                to_start = to_start.saturating_sub(1);
                if to_start == 0 && supervisor.is_running() && !started(&mut ready) {
                    begin(running);
                    to_start = usize::MAX;
                }
            }
            Happened::Ended { index, exit } => ended(running, index, exit, supervisor.is_running()),
            Happened::Stranger { exit, detached } => {
                let elder = beside.remove(&exit.pid);
                if let Some((index, seat)) = elder {
                    elder_ended(running, index, seat, exit);
                } else if !detached && supervisor.is_running() {
                    let text = format!("Unknown type child process [{}] exited", exit.pid);
                    log::warning("Server::restart_worker_process()", &text);
                }
            }
            Happened::CannotStart { error, .. } => {
                log::system_warning("swoole_fork()", "fork() failed", error.raw_os_error().unwrap_or(0));
            }
            Happened::Killed { index, pid } => {
                if supervisor.is_running() {
                    let text = format!("force kill worker process(pid={pid}, id={index})");
                    log::warning("ReloadTask::kill_all()", &text);
                } else if !std::mem::replace(&mut warned, true) {
                    let words = b"wait timeout, all worker processes will be forcibly terminated";
                    log::error(log::WARNING, "Manager::terminate_all_worker()", errors::WORKER_EXIT_TIMEOUT, words);
                }
            }
            Happened::Signal(number) => signalled(running, &mut supervisor, number),
            Happened::Stopping => running.board.counters.stopping.store(1, Relaxed),
            Happened::Due => {
                let bus = Rc::clone(&running.bus);
                bus.heard();
                while !bus.receive(64, |frame| inbox::receive(running, frame)) {}
                for pid in LEAVING.take() {
                    let Some(index) = supervisor.index(pid) else { continue };
                    let has_elder = beside.values().any(|(other, _)| *other == index);
                    let Some(seat) = running.bus.seat(index) else { continue };
                    if supervisor.is_running() && !has_elder && running.bus.hand_over(index) {
                        beside.insert(pid, (index, seat));
                        supervisor.detach(pid);
                    }
                }
            }
            Happened::Reloaded => {
                RELOADING.set(false);
                help(running, "onAfterReload", &[]);
                invoke(running, Event::AfterReload, &[]);
            }
            Happened::Over => return Ok(None),
        }
    }
}

/// Tells the master, if there is one, that all have been started. True if that was done before.
fn started(ready: &mut Option<io::PipeWriter>) -> bool {
    if let Some(mut ready) = ready.take() {
        // A master that is gone has taken this process with it.
        let _ = ready.write_all(b"+");
    }
    false
}

fn begin(running: &Running) {
    running.show_processes();
    help(running, "onManagerStart", &[]);
    invoke(running, Event::ManagerStart, &[]);
}

fn begin_reload(running: &Running, supervisor: &mut Supervisor) {
    if !supervisor.is_running() {
        return;
    }
    let Some(which) = RELOAD.take() else { return };
    let layout = &running.layout;
    let (range, at_once) = match which {
        Reload::TaskWorkers if layout.tasks == 0 => {
            log::warning("Manager::wait()", "cannot reload task workers, task workers is not started");
            RELOADING.set(false);
            return;
        }
        Reload::TaskWorkers => {
            log::put(log::INFO, b"Server is reloading task workers now");
            (layout.task_range(), false)
        }
        Reload::All => {
            log::put(log::INFO, b"Server is reloading all workers now");
            (0..layout.core(), running.settings.reload_async)
        }
    };
    help(running, "onBeforeReload", &[]);
    invoke(running, Event::BeforeReload, &[]);
    supervisor.reload_some(range, at_once);
}

fn signalled(running: &Running, supervisor: &mut Supervisor, number: i32) {
    match number {
        libc::SIGUSR1 => drop(reload(Reload::All)),
        libc::SIGUSR2 => drop(reload(Reload::TaskWorkers)),
        libc::SIGINT if !signal::is_listened(number, signal::Who::Script) => supervisor.stop(),
        number if number == libc::SIGWINCH || number == libc::SIGRTMIN() => {
            // A file that cannot be opened has been reported.
            let _ = log::reopen();
            for index in 0..running.layout.core() {
                // It may have ended in this moment.
                let _ = process::kill(running.board.pid(index), libc::SIGWINCH);
            }
        }
        number => serve(number),
    }
}

/// A process has ended; unless the server ends, its successor comes next.
fn ended(running: &Rc<Running>, index: usize, exit: Exit, goes_on: bool) {
    if goes_on && !exit.is_clean() {
        report(running, index, exit);
    }
    let Some(seat) = running.bus.seat(index) else { return };
    if goes_on {
        running.bus.orphan(seat.address);
    }
    died(running, index, seat, if goes_on { Heir::Successor } else { Heir::Nobody }, &[]);
}

/// A process has ended that had a successor beside it.
fn elder_ended(running: &Running, index: usize, seat: Seat, exit: Exit) {
    if !exit.is_clean() {
        report(running, index, exit);
    }
    let mut passed = Vec::new();
    running.bus.pass_on(seat.address, seat.next().address, |kind, head| {
        passed.extend(running.endpoint.request(kind, head).map(u64::to_ne_bytes).into_iter().flatten());
    });
    died(running, index, seat, Heir::Other, &passed);
}

/// Tells of a worker's end those who may wait for it.
fn died(running: &Running, index: usize, seat: Seat, heir: Heir, passed: &[u8]) {
    let death = Death { index, seat, mark: running.bus.mark(seat.address), heir };
    running.endpoint.died(death, passed);
    running.bus.ring();
    if running.layout.mode == Mode::Process {
        let (master, passed) = (running.layout.master(), io::IoSlice::new(passed));
        // A master that is gone has taken this process with it.
        let _ = running.bus.send(master, Kind::Died as u8, &death.to_bytes(), &[passed]);
    }
}

fn report(running: &Running, index: usize, exit: Exit) {
    let (pid, code, number) = (exit.pid, exit.code(), exit.signal());
    let text = format!("worker(pid={pid}, id={index}) abnormal exit, status={code}, signal={number}");
    log::warning("Worker::report_error()", &text);
    help(running, "onWorkerError", &[]);
    if running.settings.event_object {
        return invoke(running, Event::WorkerError, &[status_info(index, exit)]);
    }
    let numbers = [index as i64, i64::from(pid), i64::from(code), i64::from(number)];
    invoke(running, Event::WorkerError, &numbers.map(zend::long));
}

fn status_info(index: usize, exit: Exit) -> Zval {
    let mut value = object::instantiate(ce::swoole_server_status_info());
    if let Some(info) = value.object_mut() {
        object::set_slot(info, status::WORKER_ID, index as i64);
        object::set_slot(info, status::WORKER_PID, i64::from(exit.pid));
        object::set_slot(info, status::STATUS, i64::from(exit.status));
        object::set_slot(info, status::EXIT_CODE, i64::from(exit.code()));
        object::set_slot(info, status::SIGNAL, i64::from(exit.signal()));
    }
    value
}

/// Whether this process is the manager of a server that runs.
pub(super) fn is_here() -> bool {
    running().is_some_and(|running| running.manager() == process::id())
}
