//! Tasks: from workers to task workers, and their results back.

use super::control::started;
use super::events::{Event, deliver};
use super::inbox::{self, Kind};
use super::messages::{Head, To, bytes, pack, send, unpack};
use super::running::Running;
use super::task as task_class;
use super::{busy, port, worker};
use crate::classes::{ce, constants, errors, slots::swoole_server_task_result as slot};
use crate::coroutine::engine::{self, scheduler};
use crate::coroutine::scheduler::{Parked, Waiting};
use crate::log;
use crate::server::board::{BUSY, IDLE};
use crate::server::bus::Frame;
use crate::server::layout::Part;
use crate::server::session::now;
use crate::zend::array::{self, Array};
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::callable::Callable;
use crate::zend::{self, object};
use ext_php_rs::types::Zval;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::rc::Rc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

/// `SWOOLE_TASK_NONBLOCK`: the asker does not wait.
const NONBLOCK: u32 = 4;
/// `SWOOLE_TASK_CALLBACK`: a function of its own gets the result.
const CALLBACK: u32 = 8;
/// `SWOOLE_TASK_WAITALL`: one of several that are waited for without coroutines.
const WAITALL: u32 = 16;
/// `SWOOLE_TASK_COROUTINE`: a coroutine waits.
const COROUTINE: u32 = 32;
/// `SWOOLE_TASK_NOREPLY`: nobody wants a result.
pub(super) const NOREPLY: u32 = 128;
/// Most tasks that are waited for together.
const MOST: usize = 1024;

/// Where a task comes from.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Origin {
    pub head: Head,
    /// The worker.
    pub from: usize,
    /// The very process.
    pub back: usize,
}

impl Origin {
    /// What PHP knows as the worker that a task comes from: master and manager are none.
    pub(super) fn worker(&self, running: &Running) -> i64 {
        match running.layout.part(self.from) {
            Part::Master | Part::Manager => 0,
            _ => self.from as i64,
        }
    }
}

/// Who waits for results.
struct Waiter {
    coroutine: Option<i64>,
    results: RefCell<Vec<Option<Zval>>>,
    left: Cell<usize>,
}

/// What becomes of a task's result.
enum Wanted {
    Callback(Callable),
    /// The place among the waiter's results.
    Result(Rc<Waiter>, usize),
}

thread_local! {
    static NEXT: Cell<i64> = const { Cell::new(0) };
    /// By the task's id.
    static WANTED: RefCell<BTreeMap<i64, Wanted>> = const { RefCell::new(BTreeMap::new()) };
    /// The task that this task worker runs, without coroutines.
    static CURRENT: Cell<Option<Origin>> = const { Cell::new(None) };
}

/// Whether this process waits for the result of a task.
pub(super) fn waits() -> bool {
    WANTED.with_borrow(|wanted| !wanted.is_empty())
}

/// The id of this process's next task.
pub(super) fn next_id() -> i64 {
    let id = NEXT.get();
    NEXT.set(id + 1);
    id
}

/// Whether tasks can be handed out here to that task worker; else false from the method after a warning.
fn check(call: &mut Call<'_>, running: &Running, to: i64) -> bool {
    let most = running.layout.tasks;
    let refusal = if most == 0 {
        "task method can't be executed without task worker".to_owned()
    } else if to > 0 && to >= most as i64 {
        format!("worker_id must be less than task_worker_num[{most}]")
    } else if running.part() == Some(Part::TaskWorker) {
        "Server->task() cannot use in the task-worker".to_owned()
    } else {
        return true;
    };
    errors::warn(&refusal);
    call.result().set_bool(false);
    false
}

/// Hands a task out: to that task worker, or with -1 to an idle one.
fn hand_out(running: &Rc<Running>, to: i64, head: Head, data: &[u8]) -> bool {
    let counters = &running.board.counters;
    let count = running.layout.tasks;
    let place = usize::try_from(to).unwrap_or_else(|_| {
        let first = counters.next_task_worker.fetch_add(1, Relaxed) as usize % count;
        let is_idle =
            |place: &usize| running.board.idle(running.layout.workers + place..running.layout.workers + place + 1) == 1;
        (0..count).map(|step| (first + step) % count).find(is_idle).unwrap_or_else(|| {
            if running.queue.as_ref().is_none_or(|queue| !queue.is_shared()) {
                busy::no_idle_task_worker(running);
            }
            first
        })
    });
    counters.tasking.fetch_add(1, Relaxed);
    let index = running.layout.workers + place;
    let sent = match &running.queue {
        Some(queue) => queue.push(running, index, head, data),
        None => send(running, To::Index(index), Kind::Task, &head.to_bytes(), data),
    };
    if sent {
        counters.tasks.fetch_add(1, Relaxed);
    } else {
        counters.tasking.fetch_sub(1, Relaxed);
    }
    sent
}

/// `task(mixed $data, int $taskWorkerIndex = -1, ?callable $finishCallback = null): int|false`
pub fn task(call: &mut Call<'_>) -> Return {
    let Some(running) = started(call) else { return Ok(()) };
    let to = call.optional(1, -1, Call::long_arg)?;
    if !check(call, &running, to) {
        return Ok(());
    }
    let value = call.value(0).map(Zval::shallow_clone).unwrap_or_default();
    let (packed, mut flags) = pack(&value)?;
    let id = next_id();
    flags |= NONBLOCK;
    if !running.is_worker() {
        flags |= NOREPLY;
    } else if let Some(value) = call.value(2).filter(|value| value.coerce_to_bool()) {
        let Some(callback) = port::callback_of(value) else { return call.return_bool(false) };
        flags |= CALLBACK;
        WANTED.with_borrow_mut(|wanted| wanted.insert(id, Wanted::Callback(callback)));
    }
    if hand_out(&running, to, Head { id, flags, time: now() }, bytes(&packed)) {
        return call.return_long(id);
    }
    drop(WANTED.with_borrow_mut(|wanted| wanted.remove(&id)));
    call.return_bool(false)
}

/// Whether this is a worker; else false from the method after a warning.
fn in_worker(call: &mut Call<'_>, running: &Running, method: &str) -> bool {
    if !running.is_worker() {
        errors::warn(&format!("{method} method can only be used in the worker process"));
        call.result().set_bool(false);
    }
    running.is_worker()
}

fn limit(seconds: f64) -> Option<Duration> {
    (seconds > 0.0).then(|| Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX))
}

/// Waits for all results: in a coroutine others run meanwhile, else nothing does. The waiter has what came in time.
fn wait(running: &Rc<Running>, waiter: &Waiter, seconds: f64) {
    if waiter.coroutine.is_some() {
        if waiter.left.get() > 0
            && !matches!(scheduler().park_for(Waiting::External, limit(seconds)), Ok(Parked::Resumed))
        {
            errors::set_last(errors::CO_TIMEDOUT);
        }
        return;
    }
    let until = limit(seconds).and_then(|limit| Instant::now().checked_add(limit));
    while waiter.left.get() > 0 && until.is_none_or(|until| until > Instant::now()) {
        if !running.bus.linger() && running.bus.wait(-1, until).is_err() {
            break;
        }
        running.bus.receive(64, |frame| match frame.kind == Kind::Finish as u8 {
            true => finished(running, frame),
            // Its turn comes when this is over.
            false => inbox::put_aside(frame),
        });
    }
    if waiter.left.get() > 0 {
        errors::set_last(constants::SWOOLE_ERROR_SOCKET_POLL_TIMEOUT as i32);
    }
    // There may be more, of which the bell says nothing any more.
    engine::request_turn();
}

/// Hands tasks out and waits; the results by their places.
fn ask(
    running: &Rc<Running>,
    values: &[Zval],
    seconds: f64,
    to: i64,
    kind: u32,
) -> Result<Option<Vec<Option<Zval>>>, Thrown> {
    let packed: Vec<(Zval, u32)> = values.iter().map(pack).collect::<Result<_, _>>()?;
    let coroutine = engine::current_id();
    let waiter =
        Rc::new(Waiter { coroutine, results: RefCell::new(values.iter().map(|_| None).collect()), left: Cell::new(0) });
    let mut ids = Vec::with_capacity(packed.len());
    for (place, (data, flags)) in packed.iter().enumerate() {
        let id = next_id();
        let how = if coroutine.is_some() { NONBLOCK | COROUTINE } else { kind };
        // Known first: the result may come while the next task is sent.
        waiter.left.set(waiter.left.get() + 1);
        WANTED.with_borrow_mut(|wanted| wanted.insert(id, Wanted::Result(Rc::clone(&waiter), place)));
        ids.push(id);
        if !hand_out(running, to, Head { id, flags: flags | how, time: now() }, bytes(data)) {
            waiter.left.set(waiter.left.get() - 1);
            WANTED.with_borrow_mut(|wanted| wanted.remove(&id));
            waiter.results.borrow_mut()[place] = Some(zend::boolean(false));
        }
    }
    let none_sent = waiter.results.borrow().iter().all(Option::is_some) && waiter.left.get() == 0 && !ids.is_empty();
    if none_sent && waiter.results.borrow().iter().flatten().all(Zval::is_false) {
        errors::set_last(errors::TASK_DISPATCH_FAIL);
        return Ok(None);
    }
    wait(running, &waiter, seconds);
    WANTED.with_borrow_mut(|wanted| ids.iter().for_each(|id| drop(wanted.remove(id))));
    Ok(Some(waiter.results.take()))
}

/// `taskwait(mixed $data, float $timeout = 0.5, int $taskWorkerIndex = -1): mixed`
pub fn taskwait(call: &mut Call<'_>) -> Return {
    let Some(running) = started(call) else { return Ok(()) };
    if !in_worker(call, &running, "taskwait") {
        return Ok(());
    }
    let seconds = call.optional(1, 0.5, Call::double_arg)?;
    let to = call.optional(2, -1, Call::long_arg)?;
    if !check(call, &running, to) {
        return Ok(());
    }
    let value = call.value(0).map(Zval::shallow_clone).unwrap_or_default();
    let result = ask(&running, &[value], seconds, to, 0)?.and_then(|mut results| results.pop().flatten());
    call.return_value(result.unwrap_or_else(|| zend::boolean(false)))
}

/// `taskWaitMulti(array $tasks, float $timeout = 0.5): array|false`
pub fn task_wait_multi(call: &mut Call<'_>) -> Return {
    several(call, "taskWaitMulti", false)
}

/// `taskCo(array $tasks, float $timeout = 0.5): array|false`
pub fn task_co(call: &mut Call<'_>) -> Return {
    several(call, "taskCo", true)
}

fn several(call: &mut Call<'_>, method: &str, in_coroutine: bool) -> Return {
    let Some(running) = started(call) else { return Ok(()) };
    if !in_worker(call, &running, method) {
        return Ok(());
    }
    let given = call.array_arg(0)?;
    let seconds = call.optional(1, 0.5, Call::double_arg)?;
    if given.len() >= MOST {
        errors::warn("too many concurrent tasks");
        return call.return_bool(false);
    }
    if !check(call, &running, -1) {
        return Ok(());
    }
    if in_coroutine {
        crate::classes::current_coroutine()?;
    }
    let mut values = Vec::with_capacity(given.len());
    let _ = array::try_each(given, |_, value| {
        values.push(value.shallow_clone());
        Ok::<(), Infallible>(())
    });
    if values.is_empty() {
        errors::set_last(errors::TASK_DISPATCH_FAIL);
        return call.return_bool(false);
    }
    let Some(results) = ask(&running, &values, seconds, -1, WAITALL)? else { return call.return_bool(false) };
    if !in_coroutine && results.iter().all(Option::is_none) {
        return call.return_bool(false);
    }
    let mut array = Array::new();
    for (place, result) in results.into_iter().enumerate() {
        if let Some(result) = result.or_else(|| in_coroutine.then(|| zend::boolean(false))) {
            array.set_index(place as i64, result);
        }
    }
    call.return_value(Zval::from(array))
}

/// `finish(mixed $data): bool`
pub fn finish(call: &mut Call<'_>) -> Return {
    let Some(running) = started(call) else { return Ok(()) };
    if running.settings.task_enable_coroutine {
        drop(running);
        errors::fatal("please use Swoole\\Server\\Task->finish instead when task_enable_coroutine is enable");
        return call.return_bool(false);
    }
    let value = call.value(0).map(Zval::shallow_clone).unwrap_or_default();
    let given = give_result(&running, CURRENT.get(), &value)?;
    call.return_bool(given)
}

/// Gives a task's result to whoever asked for it.
///
/// # Errors
/// It cannot be serialised.
pub(super) fn give_result(running: &Running, origin: Option<Origin>, value: &Zval) -> Result<bool, Thrown> {
    let refuse = |words: &str| {
        log::warning("Server::finish()", words);
        Ok(false)
    };
    if running.layout.tasks == 0 {
        return refuse("cannot use Server::task()/Server::finish() method, because no set [task_worker_num]");
    }
    let Some(origin) = origin else {
        return refuse("Server::task()/Server::finish() is not supported in onPipeMessage callback");
    };
    if origin.head.flags & NOREPLY != 0 {
        return refuse("Server::finish() can only be used in the worker process");
    }
    let (packed, flags) = pack(value)?;
    let kept = origin.head.flags & (NONBLOCK | CALLBACK | WAITALL | COROUTINE);
    let head = Head { id: origin.head.id, flags: kept | flags, time: now() };
    Ok(send(running, To::Back(origin.back), Kind::Finish, &head.to_bytes(), bytes(&packed)))
}

/// A task has come to this task worker.
pub(super) fn received(running: &Rc<Running>, frame: Frame<'_>) {
    // Without one it is the bell of the queue, which is looked at anyway.
    if let Some(head) = Head::parse(frame.head) {
        run(running, Origin { head, from: frame.from, back: frame.back }, frame.payload);
    }
}

/// Runs a task.
pub(super) fn run(running: &Rc<Running>, origin: Origin, data: &[u8]) {
    running.board.counters.tasking.fetch_sub(1, Relaxed);
    let Some(data) = unpack(data, origin.head.flags) else { return };
    let Some(callback) = running.server().callback(Event::Task) else { return };
    let own = running.index().unwrap_or_default();
    running.board.set_status(own, BUSY);
    let args = if running.settings.task_enable_coroutine || running.settings.task_object {
        vec![task_class::object(running, origin, data)]
    } else {
        vec![zend::long(origin.head.id), zend::long(origin.worker(running)), data]
    };
    let args = running.with_server(&args);
    if running.settings.task_enable_coroutine {
        // What it returns is nobody's: its result is what it gives to `Task::finish()`. The loop sees for itself that it has to end.
        let _ = engine::spawn_call(callback, &args);
    } else {
        CURRENT.set(Some(origin));
        match callback.call(&args) {
            Ok(result) if !result.is_null() => drop(give_result(running, Some(origin), &result)),
            Ok(_) => {}
            Err(Thrown) if zend::exit_pending() => return,
            Err(Thrown) => zend::report_exception(zend::sys::E_ERROR),
        }
        CURRENT.set(None);
    }
    if !running.ending.get() {
        running.board.set_status(own, IDLE);
    }
    if let Some(process) = running.board.process(own) {
        process.requests.fetch_add(1, Relaxed);
    }
    worker::has_handled();
}

/// The result of a task has come.
pub(super) fn finished(running: &Rc<Running>, frame: Frame<'_>) {
    let Some(head) = Head::parse(frame.head) else { return };
    let Some(result) = unpack(frame.payload, head.flags) else { return };
    let callback = match WANTED.with_borrow_mut(|wanted| wanted.remove(&head.id)) {
        Some(Wanted::Result(waiter, place)) => {
            waiter.results.borrow_mut()[place] = Some(result);
            waiter.left.set(waiter.left.get().saturating_sub(1));
            if waiter.left.get() == 0
                && let Some(coroutine) = waiter.coroutine
            {
                scheduler().resume(coroutine, Waiting::External);
            }
            return;
        }
        Some(Wanted::Callback(callback)) => Some(callback),
        None if head.flags & COROUTINE != 0 => {
            let text = format!("task[{}] has expired", head.id);
            log::error(log::WARNING, "php_swoole_server_onFinish()", errors::TASK_TIMEOUT, text.as_bytes());
            return;
        }
        // Nobody waits any more.
        None if head.flags & NONBLOCK == 0 => return,
        None => running.server().callback(Event::Finish),
    };
    let Some(callback) = callback else {
        errors::warn("require 'onFinish' callback");
        return;
    };
    let args = if running.settings.event_object {
        let mut value = object::instantiate(ce::swoole_server_task_result());
        if let Some(object) = value.object_mut() {
            let mut time = Zval::new();
            time.set_double(head.time);
            object::set_slot(object, slot::TASK_ID, head.id);
            object::set_slot(object, slot::TASK_WORKER_ID, frame.from as i64);
            object::set_slot(object, slot::DISPATCH_TIME, time);
            object::set_slot(object, slot::DATA, result);
        }
        vec![value]
    } else {
        vec![zend::long(head.id), result]
    };
    deliver(running, callback, &args);
}

/// Forgets tasks of another process, in the child of a fork.
pub(super) fn forked() {
    NEXT.set(0);
    CURRENT.set(None);
    drop(WANTED.take());
}
