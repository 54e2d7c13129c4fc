//! The life of a worker, and of a task worker that has an event loop.

use super::connections;
use super::events::{Event, emit, help, invoke};
use super::inbox::{self, Kind};
use super::running::{Running, running};
use super::{master, task_worker, turn};
use crate::classes::process::signal::listen_for_us;
use crate::classes::{constants, errors};
use crate::coroutine::engine::{self, scheduler};
use crate::io::{http, process, signal};
use crate::log;
use crate::server::layout::{Mode, Part};
use crate::zend;
use crate::zend::call::Return;
use std::ffi::CString;
use std::rc::Rc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;
use tokio::time::Instant;

/// How much longer than its limit a process may live that does not come to its end by itself.
pub(super) const SLACK: Duration = Duration::from_millis(500);
/// Coroutines whose places are told when they hold a worker.
const TOLD: usize = 5;

/// Runs the whole server in this process.
pub(super) fn run_alone(running: &Rc<Running>) -> Return {
    log::set_process('*', 0);
    become_worker(running, 0);
    run_loop()?;
    stop(running, 0);
    Ok(())
}

/// Runs worker or task worker `index` in its new process, and ends the process.
pub(super) fn run(running: &Rc<Running>, index: usize) -> Return {
    let part = running.layout.part(index);
    log::set_process(if part == Part::TaskWorker { '^' } else { '*' }, index as i64);
    become_worker(running, index);
    if part == Part::TaskWorker {
        engine::set_callbacks_in_coroutines(running.settings.task_enable_coroutine);
    }
    if part == Part::TaskWorker && !running.settings.task_enable_coroutine {
        task_worker::serve(running, index)?;
    } else {
        run_loop()?;
    }
    flush(running);
    stop(running, index);
    std::process::exit(0)
}

fn become_worker(running: &Rc<Running>, index: usize) {
    running.become_process(index);
    running.stopped.set(false);
    let (most, grace) = match running.layout.part(index) {
        Part::TaskWorker => (running.settings.task_max_request, running.settings.task_max_request_grace),
        _ => (running.settings.max_request, running.settings.max_request_grace),
    };
    let extra = if most > 0 && grace > 0 { 1 + i64::from(random()) % grace } else { 0 };
    running.most_requests.set(if most > 0 { most + extra } else { 0 });
    if running.settings.open_cpu_affinity
        && running.layout.part(index) == Part::Worker
        && let Some(processor) = running.settings.processors.get(index % running.settings.processors.len().max(1))
    {
        // One that is not there: the worker runs where it may.
        let _ = process::set_affinity(&[*processor]);
    }
    if running.layout.mode == Mode::Base && index == 0 {
        running.board.counters.master.store(i64::from(process::id()), Relaxed);
    }
}

/// Has the master know how many coroutines there are in this worker, where it chooses by that.
pub(super) fn count_coroutines(running: &Running) {
    let by_coroutines = [constants::SWOOLE_DISPATCH_CO_CONN_LB, constants::SWOOLE_DISPATCH_CO_REQ_LB];
    if running.layout.mode != Mode::Process || !by_coroutines.contains(&running.settings.dispatch_mode) {
        return;
    }
    if let Some(process) = running.worker_id().and_then(|id| running.board.process(id)) {
        process.coroutines.store(scheduler().count() as i64, Relaxed);
    }
}

/// Goes on as the user, group and below the folder of the settings; `parent` is who takes this process along when it ends.
pub(super) fn isolate(running: &Running, parent: i32) {
    let name = |bytes: &Option<Vec<u8>>| bytes.as_ref().and_then(|bytes| CString::new(bytes.clone()).ok());
    let (root, group, user) =
        (name(&running.settings.chroot), name(&running.settings.group), name(&running.settings.user));
    if root.is_none() && group.is_none() && user.is_none() {
        return;
    }
    let text = |bytes: &Option<Vec<u8>>| String::from_utf8_lossy(bytes.as_deref().unwrap_or_default()).into_owned();
    for (call, error) in process::isolate(root.as_deref(), group.as_deref(), user.as_deref()) {
        let what = match call {
            "getpwnam" => format!("get user [{}] info failed", text(&running.settings.user)),
            "getgrnam" => format!("get group [{}] info failed", text(&running.settings.group)),
            "chroot" => format!("chroot('{}') failed", text(&running.settings.chroot)),
            other => format!("{other}() failed"),
        };
        match call {
            "getpwnam" | "getgrnam" => log::warning("swoole_set_isolation()", &what),
            _ => log::system_warning("swoole_set_isolation()", &what, error.raw_os_error().unwrap_or(0)),
        }
    }
    if !running.single {
        // The system has forgotten it with the old user.
        process::end_with_parent(parent);
    }
}

/// A number that differs between workers.
fn random() -> u32 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    now.subsec_nanos().wrapping_mul(2_654_435_761) >> 8 ^ process::id().unsigned_abs()
}

fn run_loop() -> Return {
    inbox::open(begin);
    let outcome = engine::run_loop();
    inbox::close();
    outcome.map(drop)
}

/// What this process does about signals.
pub(super) fn listen_to_signals(running: &Running) {
    listen_for_us(libc::SIGTERM, || {
        if let Some(running) = super::running::running() {
            if running.single {
                running.shutting_down.set(true);
            }
            told_to_end(&running);
        }
    });
    for number in [libc::SIGWINCH, libc::SIGRTMIN()] {
        listen_for_us(number, || drop(log::reopen()));
    }
    let mut ignored = vec![libc::SIGHUP, libc::SIGPIPE, libc::SIGUSR1, libc::SIGUSR2];
    if running.single {
        master::listen_to_interrupt();
    } else {
        // Whoever manages it is told by the same key press.
        ignored.push(libc::SIGINT);
    }
    for number in ignored {
        // These numbers are valid.
        let _ = signal::ignore(number);
    }
}

/// The first turn of the loop.
fn begin(running: &Rc<Running>) {
    let Some(index) = running.worker_id() else { return };
    listen_to_signals(running);
    let is_worker = running.layout.part(index) == Part::Worker;
    if let Err(error) = running.endpoint.begin() {
        log::system_warning("Server::start()", "failed to listen", error.raw_os_error().unwrap_or(0));
    }
    let first_base = running.layout.mode == Mode::Base && index == 0;
    if first_base && running.board.counters.start_told.swap(1, Relaxed) == 0 {
        running.show_processes();
        help(running, "onStart", &[]);
        emit(running, Event::Start, &[]);
        if scheduler().stopped() {
            return;
        }
    }
    worker_start(running, index, is_worker || running.settings.enable_coroutine);
    running.board.give_turn_back(index);
}

/// Tells PHP that this worker begins.
pub(super) fn worker_start(running: &Rc<Running>, index: usize, in_loop: bool) {
    if running.layout.mode == Mode::Base {
        // What came before, the event `start` among it, was done as who started the server.
        isolate(running, running.manager());
    }
    errors::set_last(0);
    running.show_worker(index);
    let id = zend::long(index as i64);
    help(running, "onWorkerStart", &[id.shallow_clone()]);
    if in_loop {
        emit(running, Event::WorkerStart, &[id]);
    } else {
        invoke(running, Event::WorkerStart, &[id]);
    }
}

/// Tells PHP that this worker ends.
fn stop(running: &Rc<Running>, index: usize) {
    if running.stopped.replace(true) {
        return;
    }
    running.show_exit();
    let id = zend::long(index as i64);
    help(running, "onWorkerStop", &[id.shallow_clone()]);
    invoke(running, Event::WorkerStop, &[id]);
}

/// This process was told to end: it takes nothing new, and ends when what it does is done.
pub(super) fn told_to_end(running: &Rc<Running>) {
    if running.ending.replace(true) {
        return;
    }
    running.show_exit();
    let patience = running.settings.patience();
    if !running.single {
        // Whatever it does then; the manager, which would kill it too, may be gone.
        process::die_after(patience.unwrap_or_default().max(SLACK) + SLACK);
    }
    if !engine::loop_running() {
        return;
    }
    let is_worker = running.is_worker();
    let shuts_down = running.single || running.board.counters.stopping.load(Relaxed) != 0;
    if is_worker && running.layout.mode == Mode::Base && shuts_down && running.worker_id() == Some(0) {
        running.shutting_down.set(true);
        help(running, "onBeforeShutdown", &[]);
        emit(running, Event::BeforeShutdown, &[]);
    }
    if !running.settings.reload_async {
        return inbox::end_by(Some(Instant::now()));
    }
    running.endpoint.stop_accepting();
    if is_worker && running.layout.mode == Mode::Process && !shuts_down {
        let id = i64::from(process::id()).to_ne_bytes();
        // Without a manager there is no successor.
        let _ = running.bus.send(running.layout.manager(), Kind::Leaves as u8, &id, &[]);
    }
    let limit = patience.unwrap_or_default();
    inbox::end_by(Some(Instant::now() + limit));
}

/// Says that this process did not come to its end in time, and what held it.
pub(super) fn report_timeout(running: &Running) {
    if !running.settings.reload_async {
        return;
    }
    let (origin, words) = match running.part() {
        Some(Part::Master) => ("Server::stop_master_thread()", "graceful shutdown failed, forced termination"),
        _ => ("Worker_reactor_try_to_exit()", "worker exit timeout, forced termination"),
    };
    let (held, alarms, unread) = (scheduler().ids(), scheduler().alarms(), running.endpoint.unread());
    let mut place = origin.to_owned();
    if held.is_empty() && alarms > 0 {
        place.push_str(&format!(", held by {alarms} timers"));
    }
    if unread > 0 {
        place.push_str(&format!(", held by {unread} clients that have not read all that was sent to them"));
    }
    log::error(log::WARNING, &place, errors::WORKER_EXIT_TIMEOUT, words.as_bytes());
    for id in held.iter().take(TOLD) {
        if let Some(coroutine) = scheduler().find(*id) {
            let place = coroutine.back_trace(1);
            let place = place.trim();
            log::warning(origin, &format!("held by coroutine#{id}: {place}"));
        }
    }
    if held.len() > TOLD {
        let more = held.len() - TOLD;
        log::warning(origin, &format!("held by {more} more coroutines"));
    }
}

/// This worker has been given one more request; after its last one it is replaced.
pub(super) fn has_handled() {
    let Some(running) = running() else { return };
    let most = running.most_requests.get();
    let handled = running.index().and_then(|index| running.board.process(index));
    if most > 0 && handled.is_some_and(|process| process.requests.load(Relaxed) >= most) {
        if !engine::loop_running() {
            return told_to_end(&running);
        }
        // That one is handled first.
        engine::put_off(Box::new(move || turn::leave(&running)));
    }
}

/// Sends what waits, for as long as a process may take to end.
fn flush(running: &Running) {
    let limit = std::time::Instant::now() + running.settings.patience().unwrap_or(SLACK);
    for index in 0..running.layout.processes() {
        // What cannot be sent in time is lost.
        let _ = running.bus.wait_for_room(index, Some(limit));
    }
}

/// The request ends in a worker that was not told to end.
pub(super) fn cut_short(running: &Rc<Running>) {
    let is_worker = running.worker_id().is_some();
    if !is_worker && running.part() != Some(Part::User) {
        return;
    }
    connections::answer_for_fatal_error();
    flush(running);
    if !is_worker || running.stopped.replace(true) {
        return;
    }
    // Whoever has no answer by now gets the master's 502.
    http::dies();
    running.show_exit();
    match zend::last_fatal_error() {
        Some((message, file, line)) => {
            let text = format!("Fatal error: {message} in {file} on line {line}");
            log::error(log::ERROR, "php_swoole_server_rshutdown()", errors::PHP_FATAL_ERROR, text.as_bytes());
        }
        None => log::error(
            log::NOTICE,
            "php_swoole_server_rshutdown()",
            errors::WORKER_TERMINATED,
            b"worker process is terminated by exit()/die()",
        ),
    }
}
