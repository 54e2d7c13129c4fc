//! `Swoole\Coroutine\Scheduler`.

use crate::classes::{errors, event};
use crate::coroutine::engine;
use crate::native_handlers;
use crate::zend::call::{Call, Return};
use crate::zend::callable::Callable;
use crate::zend::object::Native;
use ext_php_rs::types::Zval;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

pub use super::{get_options, set};

/// Functions to start together.
pub struct Scheduler {
    tasks: RefCell<VecDeque<Task>>,
    /// Whether any was ever added since the last start.
    filled: Cell<bool>,
    started: Cell<bool>,
}

struct Task {
    count: i64,
    callable: Callable,
    arguments: Vec<Zval>,
}

impl Native for Scheduler {
    native_handlers!();

    fn new() -> Self {
        Self { tasks: RefCell::new(VecDeque::new()), filled: Cell::new(false), started: Cell::new(false) }
    }

    fn visit(&self, visit: &mut dyn FnMut(&Zval)) {
        for task in &*self.tasks.borrow() {
            task.callable.visit(visit);
            task.arguments.iter().for_each(&mut *visit);
        }
    }
}

impl Scheduler {
    /// Adds a task whose function is argument `at`; its own arguments follow.
    fn add(&self, call: &Call<'_>, count: i64, at: usize) -> Return {
        let callable = call.callable_arg(at)?;
        let arguments = call.rest(at + 1).iter().map(Zval::shallow_clone).collect();
        self.tasks.borrow_mut().push_back(Task { count, callable, arguments });
        self.filled.set(true);
        Ok(())
    }
}

/// Whether `method` may not be called now, with a warning.
fn refuses(call: &Call<'_>, method: &str) -> bool {
    let started = call.native::<Scheduler>().started.get();
    if started {
        errors::warn(&format!("scheduler is running, unable to execute Swoole\\Coroutine\\Scheduler->{method}"));
    }
    started
}

/// `add(callable $func, mixed ...$param): void`
pub fn add(call: &mut Call<'_>) -> Return {
    if refuses(call, "add") {
        return call.return_bool(false);
    }
    call.native::<Scheduler>().add(call, 1, 0)
}

/// `parallel(int $n, callable $func, mixed ...$param): void`
pub fn parallel(call: &mut Call<'_>) -> Return {
    if refuses(call, "parallel") {
        return call.return_bool(false);
    }
    let count = call.long_arg(0)?;
    call.native::<Scheduler>().add(call, count, 1)
}

/// `start(): bool`
pub fn start(call: &mut Call<'_>) -> Return {
    let scheduler = call.native::<Scheduler>();
    if scheduler.started.get() {
        errors::warn("scheduler is started, unable to execute Swoole\\Coroutine\\Scheduler->start");
        return call.return_bool(false);
    }
    scheduler.started.set(true);
    if !scheduler.filled.replace(false) {
        errors::warn("no coroutine task");
        return call.return_bool(false);
    }
    loop {
        let next = scheduler.tasks.borrow_mut().pop_front();
        let Some(task) = next else { break };
        for _ in 0..task.count {
            if super::has_room() {
                engine::spawn_call(task.callable.clone(), &task.arguments)?;
            }
        }
    }
    event::run()?;
    scheduler.started.set(false);
    call.return_bool(true)
}
