//! What PHP asks a running server for: its end, reloads, who is who, counters.

use super::connections;
use super::inbox::Kind;
use super::manager::{self, Reload};
use super::master;
use super::port;
use super::running::{Running, running};
use super::task_queue::Queue;
use super::worker;
use crate::classes::errors;
use crate::coroutine::engine;
use crate::io::process;
use crate::log;
use crate::server::layout::{Mode, Part};
use crate::zend;
use crate::zend::array::Array;
use crate::zend::call::{Call, Return};
use ext_php_rs::types::Zval;
use std::rc::Rc;
use std::sync::atomic::AtomicI64;
use std::sync::atomic::Ordering::Relaxed;

/// The server that runs here, or false from the method after a warning.
pub(super) fn started(call: &mut Call<'_>) -> Option<Rc<Running>> {
    let running = super::constructed(call).ok()?.is_started().then(running).flatten();
    if running.is_none() {
        errors::warn("server is not running");
        call.result().set_bool(false);
    }
    running
}

/// `reload(bool $only_reload_taskworker = false): bool`
pub fn reload(call: &mut Call<'_>) -> Return {
    let Some(running) = started(call) else { return Ok(()) };
    let tasks_only = call.optional(0, false, Call::bool_arg)?;
    let manager = running.manager();
    if manager == 0 {
        let number = errors::OPERATION_NOT_SUPPORT;
        log::error(log::WARNING, "Server::reload()", number, b"not supported with single process mode");
        return call.return_bool(false);
    }
    if manager::is_here() {
        let begins = manager::reload(if tasks_only { Reload::TaskWorkers } else { Reload::All });
        return call.return_bool(begins);
    }
    let told = process::kill(manager, if tasks_only { libc::SIGUSR2 } else { libc::SIGUSR1 }).is_ok();
    call.return_bool(told)
}

/// `shutdown(): bool`
pub fn shutdown(call: &mut Call<'_>) -> Return {
    let running = super::constructed(call)?.is_started().then(running).flatten();
    let Some(running) = running else {
        errors::set_last(errors::WRONG_OPERATION);
        return call.return_bool(false);
    };
    let told = match running.layout.mode {
        Mode::Process if running.part() == Some(Part::Master) => {
            let ended = Rc::clone(&running);
            // After what runs now, as if a signal had come.
            engine::put_off(Box::new(move || master::shut_down(&ended)));
            true
        }
        // By the bus: this process may belong to another user, who may not send signals.
        Mode::Process => running.bus.send(running.layout.master(), Kind::Shutdown as u8, &[], &[]).is_ok(),
        Mode::Base if running.manager() == process::id() => {
            manager::shut_down();
            true
        }
        Mode::Base => {
            let pid = if running.manager() == 0 { running.master() } else { running.manager() };
            process::kill(pid, libc::SIGTERM).is_ok()
        }
    };
    if !told {
        log::error(log::WARNING, "Server::shutdown()", errors::SYSTEM_CALL_FAIL, b"failed to shutdown");
    }
    call.return_bool(told)
}

/// `stop(int $workerId = -1): bool`
pub fn stop(call: &mut Call<'_>) -> Return {
    let Some(running) = started(call) else { return Ok(()) };
    let given = call.optional(0, -1, Call::long_arg)?;
    let own = running.worker_id();
    let refuse = |call: &mut Call<'_>, number: i32, words: &str| {
        log::error(log::WARNING, "Server::kill_worker()", number, words.as_bytes());
        errors::set_last(number);
        call.return_bool(false)
    };
    let index = match (usize::try_from(given), own) {
        (Ok(index), _) => index,
        (Err(_), Some(own)) => own,
        (Err(_), None) => {
            let words = "kill worker in non worker process requires specifying an id";
            return refuse(call, errors::WRONG_OPERATION, words);
        }
    };
    if index >= running.layout.managed() {
        return refuse(call, errors::INVALID_PARAMS, &format!("the worker_id[{index}] is invalid"));
    }
    let told = if own == Some(index) && running.single {
        let ended = Rc::clone(&running);
        engine::put_off(Box::new(move || worker::told_to_end(&ended)));
        true
    } else {
        running.bus.send(index, Kind::Stop as u8, &[], &[]).is_ok()
    };
    call.return_bool(told)
}

/// `getLastError(): int`
pub fn get_last_error(call: &mut Call<'_>) -> Return {
    call.return_long(i64::from(errors::last()))
}

/// `getWorkerId(): int|false`
pub fn get_worker_id(call: &mut Call<'_>) -> Return {
    super::constructed(call)?;
    match running().and_then(|running| running.worker_id()) {
        Some(id) => call.return_long(id as i64),
        None => call.return_bool(false),
    }
}

/// The worker that argument 0 names, or this one.
fn named(call: &Call<'_>, running: &Running) -> Result<Option<usize>, crate::zend::call::Thrown> {
    let given = call.optional(0, -1, Call::long_arg)?;
    let index = usize::try_from(given).ok().or(running.index().filter(|_| given < 0));
    Ok(index.filter(|index| *index < running.layout.managed()))
}

/// `getWorkerPid(int $worker_id = -1): int|false`
pub fn get_worker_pid(call: &mut Call<'_>) -> Return {
    super::constructed(call)?;
    let Some(running) = running() else { return call.return_bool(false) };
    match named(call, &running)? {
        Some(index) => call.return_long(i64::from(running.board.pid(index))),
        None => call.return_bool(false),
    }
}

/// `getWorkerStatus(int $worker_id = -1): int|false`
pub fn get_worker_status(call: &mut Call<'_>) -> Return {
    let Some(running) = started(call) else { return Ok(()) };
    match named(call, &running)?.and_then(|index| running.board.process(index)) {
        Some(process) => call.return_long(process.status.load(Relaxed)),
        None => call.return_bool(false),
    }
}

/// `getSocket(int $port = 0): Socket|false`
pub fn get_socket(call: &mut Call<'_>) -> Return {
    let server = super::constructed(call)?;
    let number = call.optional(0, 0, Call::long_arg)?;
    let ports: Vec<Zval> = server.port_values().iter().map(Zval::shallow_clone).collect();
    let mut listens = ports.iter().filter_map(|port| port::of(port).ok()?.listen());
    let Some(listen) = listens.find(|listen| number == 0 || i64::from(listen.port) == number) else {
        errors::warn(&format!("the server does not listen on port[{number}]"));
        return call.return_bool(false);
    };
    port::socket_of(call, Some(&listen))
}

/// `getManagerPid(): int`
pub fn get_manager_pid(call: &mut Call<'_>) -> Return {
    let (_, last) = super::constructed(call)?.ids.get();
    call.return_long(i64::from(running().map_or(last, |running| running.manager())))
}

/// `getMasterPid(): int`
pub fn get_master_pid(call: &mut Call<'_>) -> Return {
    let (last, _) = super::constructed(call)?.ids.get();
    call.return_long(i64::from(running().map_or(last, |running| running.master())))
}

/// `stats(): array`
pub fn stats(call: &mut Call<'_>) -> Return {
    let Some(running) = started(call) else { return Ok(()) };
    let mut stats = Array::new();
    let (mut connections, mut lowest, mut highest) = (0, 0, 0);
    if let Some(endpoint) = connections::current() {
        endpoint.count_received();
        lowest = i64::from(endpoint.listener());
        highest = lowest;
        connections = endpoint.sessions().count();
        for row in endpoint.sessions().after(0).filter_map(|id| endpoint.sessions().row(id)) {
            (lowest, highest) = (lowest.min(i64::from(row.fd())), highest.max(i64::from(row.fd())));
        }
    }
    let mut add = |name: &str, number: i64| stats.set(name, zend::long(number));
    let (layout, board, counters) = (&running.layout, &running.board, &running.board.counters);
    let get = |number: &AtomicI64| number.load(Relaxed);
    add("start_time", get(&counters.started));
    add("connection_num", connections as i64);
    add("abort_count", get(&counters.aborted));
    add("accept_count", get(&counters.accepted));
    add("close_count", get(&counters.closed));
    add("worker_num", layout.workers as i64);
    add("task_worker_num", layout.tasks as i64);
    add("user_worker_num", layout.users as i64);
    add("idle_worker_num", board.idle(layout.worker_range()) as i64);
    add("dispatch_count", get(&counters.dispatched));
    add("request_count", get(&counters.requests));
    add("response_count", get(&counters.responses));
    add("total_recv_bytes", get(&counters.received));
    add("total_send_bytes", get(&counters.sent));
    add("pipe_packet_msg_id", 1);
    add("concurrency", running.board.concurrency());
    add("session_round", get(&counters.accepted));
    add("min_fd", lowest);
    add("max_fd", highest);
    if let Some(own) = running.worker_id().and_then(|index| board.process(index)) {
        add("worker_request_count", get(&own.requests));
        add("worker_response_count", get(&own.responses));
        add("worker_dispatch_count", get(&own.dispatched));
        add("worker_concurrency", get(&own.concurrency));
    }
    if let Some(level) = running.queue.as_ref().and_then(Queue::level) {
        add("task_queue_num", level.messages as i64);
        add("task_queue_bytes", level.bytes as i64);
    }
    if layout.tasks > 0 {
        add("task_idle_worker_num", board.idle(layout.task_range()) as i64);
        add("tasking_num", get(&counters.tasking).max(0));
        add("task_count", get(&counters.tasks));
    }
    add("coroutine_num", engine::scheduler().count() as i64);
    add("coroutine_peek_num", engine::scheduler().peak() as i64);
    call.return_value(Zval::from(stats))
}
