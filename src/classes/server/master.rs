//! The life of the master, in `SWOOLE_PROCESS`: it owns the connections and has the manager as its child.

use super::events::{Event, emit, help};
use super::inbox;
use super::manager;
use super::running::{Running, running};
use super::worker;
use crate::classes::errors;
use crate::classes::process::signal::listen_for_us;
use crate::coroutine::engine;
use crate::io::process::{self, Side};
use crate::io::{children, signal};
use crate::local_task;
use crate::log;
use crate::zend::call::Return;
use std::io::{self, Read};
use std::rc::Rc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How much longer than its processes the master waits.
const SLACK: Duration = Duration::from_secs(1);
/// How often it looks whether clients may still ask for something before its processes end.
const LOOK: Duration = Duration::from_millis(10);

/// Runs the server; in the processes that it forks, their lives to their ends.
pub(super) fn run(running: &Rc<Running>) -> Return {
    running.board.counters.master.store(i64::from(process::id()), Relaxed);
    let (mut started, ready) = match io::pipe() {
        Ok(pipe) => pipe,
        Err(error) => return fail("pipe() failed", &error),
    };
    // A signal for the child that arrives before it has put aside its parent's handlers must not be lost in them.
    let blocked = signal::block();
    let manager = match process::fork() {
        Ok(Side::Child) => {
            signal::forked();
            children::forked();
            engine::forked();
            process::end_with_parent(running.first);
            drop(blocked);
            drop(started);
            return manager::run_for_master(running, ready);
        }
        Ok(Side::Parent(pid)) => pid,
        Err(error) => return fail("failed fork manager process", &error),
    };
    drop(blocked);
    drop(ready);
    running.board.counters.manager.store(i64::from(manager), Relaxed);
    log::set_process('#', 0);
    running.become_process(running.layout.master());
    running.manager_lives.set(true);
    // Ends early when the manager does.
    let _ = started.read(&mut [0]);
    inbox::open(begin);
    let outcome = engine::run_loop();
    inbox::close();
    if running.manager_lives.get() {
        end_manager(running, manager);
    }
    outcome.map(drop)
}

fn fail(what: &str, error: &io::Error) -> Return {
    log::system_warning("Server::start_manager_process()", what, error.raw_os_error().unwrap_or(0));
    Ok(())
}

/// Waits for the manager, which was told to end or has to end now.
fn end_manager(running: &Running, manager: i32) {
    // It may be gone already.
    let _ = process::kill(manager, if running.ending.get() { libc::SIGKILL } else { libc::SIGTERM });
    while matches!(process::wait(manager, true), Err(error) if error.kind() == io::ErrorKind::Interrupted) {}
    running.manager_lives.set(false);
}

/// The first turn of the loop.
fn begin(running: &Rc<Running>) {
    listen_for_us(libc::SIGTERM, told);
    listen_to_interrupt();
    for (number, heard) in [
        (libc::SIGUSR1, pass_reload as fn()),
        (libc::SIGUSR2, pass_task_reload),
        (libc::SIGWINCH, reopen),
        (libc::SIGRTMIN(), reopen),
    ] {
        listen_for_us(number, heard);
    }
    listen_for_us(libc::SIGPIPE, || {
        let words = format!("Unable to find callback function for signal Broken pipe: {}", libc::SIGPIPE);
        log::error(log::WARNING, "Signal::handle()", errors::UNREGISTERED_SIGNAL, words.as_bytes());
    });
    // This number is valid.
    let _ = signal::ignore(libc::SIGHUP);
    watch_manager(running);
    if let Err(error) = running.endpoint.begin() {
        log::system_warning("Server::start()", "failed to listen", error.raw_os_error().unwrap_or(0));
        return shut_down(running);
    }
    running.show_processes();
    help(running, "onStart", &[]);
    emit(running, Event::Start, &[]);
}

/// SIGINT ends the server, unless the script listens to it.
pub(super) fn listen_to_interrupt() {
    if !signal::is_listened(libc::SIGINT, signal::Who::Script) {
        listen_for_us(libc::SIGINT, told);
    }
}

fn told() {
    let Some(running) = running() else { return };
    if running.single {
        running.shutting_down.set(true);
        worker::told_to_end(&running);
    } else {
        shut_down(&running);
    }
}

fn pass_reload() {
    pass(libc::SIGUSR1);
}

fn pass_task_reload() {
    pass(libc::SIGUSR2);
}

fn reopen() {
    // A file that cannot be opened has been reported.
    let _ = log::reopen();
    pass(libc::SIGWINCH);
}

fn pass(number: i32) {
    if let Some(running) = running() {
        // A manager that is gone is noticed elsewhere.
        let _ = process::kill(running.manager(), number);
    }
}

/// Has the loop hear of the manager's end.
fn watch_manager(running: &Rc<Running>) {
    let claim = children::claim(running.manager());
    let watching = Rc::clone(running);
    local_task::spawn(async move {
        let exit = claim.exit().await;
        watching.manager_lives.set(false);
        if watching.ending.get() {
            // Only clients are waited for.
            inbox::end_by(watching.readers_until.get());
        } else {
            let (code, number) = exit.map_or((0, 0), |exit| (exit.code(), exit.signal()));
            let name = signal::name(number);
            let text = format!("Fatal Error: manager process exit. status={code}, signal=[{name}: {number}]");
            log::warning("Server::signal_handler_child_exit()", &text);
            let ended = Rc::clone(&watching);
            // Callbacks start on the root stack.
            engine::put_off(Box::new(move || shut_down(&ended)));
        }
        engine::request_turn();
    });
}

/// Ends the server: nobody is taken in any more, then the processes end, then this one.
pub(super) fn shut_down(running: &Rc<Running>) {
    if running.ending.get() {
        return;
    }
    running.shutting_down.set(true);
    help(running, "onBeforeShutdown", &[]);
    emit(running, Event::BeforeShutdown, &[]);
    if running.ending.replace(true) {
        return;
    }
    running.endpoint.stop_accepting();
    let patience = running.settings.patience();
    let until = Instant::now() + patience.unwrap_or_default();
    running.readers_until.set(Some(until));
    if !running.manager_lives.get() {
        return inbox::end_by(Some(until));
    }
    let telling = Rc::clone(running);
    engine::within(|| {
        local_task::spawn(async move {
            inbox::looked().await;
            // Workers are there for the last requests of clients too.
            while telling.endpoint.lingers() {
                sleep(LOOK).await;
            }
            telling.endpoint.end_farewells();
            if telling.manager_lives.get() {
                let _ = process::kill(telling.manager(), libc::SIGTERM);
            }
        });
    });
    // Without a limit the manager decides.
    inbox::end_by(patience.map(|patience| until + patience + SLACK));
}
