//! `Swoole\Timer`: PHP functions that the loop calls at their times.
//!
//! The deadlines are alarms of the scheduler, beside sleeping coroutines; here is what an alarm's number means to PHP.

use super::{ce, event};
use crate::coroutine::engine::{self, scheduler};
use crate::coroutine::source::{Leaving, Phase, Source};
use crate::coroutine::timers::Key;
use crate::zend::call::{Call, Return};
use crate::zend::callable::Callable;
use crate::zend::{self, array::Array, object};
use ext_php_rs::types::Zval;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::task::Context;
use std::time::Duration;
use tokio::time::Instant;

/// What a timer calls.
struct Job {
    callable: Callable,
    /// A tick's own id comes first.
    args: Vec<Zval>,
}

/// One timer.
struct Timer {
    job: Rc<Job>,
    /// `None`: once.
    interval: Option<Duration>,
    /// `None`: beyond what a clock can hold.
    deadline: Option<Instant>,
    key: Option<Key>,
    calls: i64,
    round: i64,
    /// Cleared by its own call, which has not returned yet.
    removed: bool,
}

/// All timers that PHP has set.
struct Timers {
    by_id: RefCell<BTreeMap<i64, Timer>>,
    last_id: Cell<i64>,
    /// When the first one was set: zero of `exec_msec`.
    base: Cell<Option<Instant>>,
    /// Turns of the loop since then.
    round: Cell<i64>,
    /// The timer whose call has not returned or suspended yet.
    calling: Cell<i64>,
}

/// State of the PHP thread.
struct OnPhpThread(Timers);

// SAFETY: only the PHP thread calls into this crate's classes.
unsafe impl Sync for OnPhpThread {}

static TIMERS: OnPhpThread = OnPhpThread(Timers {
    by_id: RefCell::new(BTreeMap::new()),
    last_id: Cell::new(0),
    base: Cell::new(None),
    round: Cell::new(0),
    calling: Cell::new(0),
});

impl Source for Timers {
    fn turn(&self, _context: &mut Context<'_>) {
        self.round.set(self.round.get() + 1);
    }

    fn alive(&self) -> bool {
        // The scheduler's alarms keep the loop alive.
        false
    }

    fn detach(&self, leaving: Leaving) {
        if leaving == Leaving::Ended && self.by_id.borrow().is_empty() {
            self.start_over();
        }
    }

    fn reset(&self) {
        // Dropped after the borrow: a callback's destructor may use timers.
        let timers = std::mem::take(&mut *self.by_id.borrow_mut());
        drop(timers);
        self.start_over();
    }
}

impl Timers {
    fn start_over(&self) {
        self.last_id.set(0);
        self.round.set(0);
        self.base.set(None);
        self.calling.set(0);
    }

    fn set(&self, callable: Callable, args: &[Zval], delay: Duration, repeats: bool) -> i64 {
        let now = Instant::now();
        if self.base.get().is_none() {
            self.base.set(Some(now));
            engine::on_alarm(ring);
            engine::register(&TIMERS.0, Phase::Cycle);
        }
        let id = self.last_id.get() + 1;
        self.last_id.set(id);
        let own = repeats.then(|| zend::long(id));
        let args = own.into_iter().chain(args.iter().map(Zval::shallow_clone)).collect();
        let deadline = now.checked_add(delay);
        let timer = Timer {
            job: Rc::new(Job { callable, args }),
            interval: repeats.then_some(delay),
            deadline,
            key: deadline.map(|deadline| scheduler().set_alarm(deadline, id)),
            calls: 0,
            round: self.round.get(),
            removed: false,
        };
        self.by_id.borrow_mut().insert(id, timer);
        id
    }

    /// Takes a timer away. False when there is none.
    fn clear(&self, id: i64) -> bool {
        let removed = {
            let mut timers = self.by_id.borrow_mut();
            if id == self.calling.get() {
                return timers.get_mut(&id).is_some_and(|timer| !std::mem::replace(&mut timer.removed, true));
            }
            timers.remove(&id)
        };
        let Some(timer) = removed else { return false };
        if let Some(key) = timer.key {
            scheduler().clear_alarm(key);
        }
        true
    }

    /// Calls a timer whose time has come.
    fn ring(&self, id: i64, now: Instant) {
        let Some(job) = self.by_id.borrow().get(&id).map(|timer| Rc::clone(&timer.job)) else { return };
        self.calling.set(id);
        let outcome = engine::callback(&job.callable, &job.args);
        if self.calling.replace(0) != id || outcome.is_err() {
            // The callback forked and this is the child, or nothing runs any more.
            return;
        }
        let ended = {
            let mut timers = self.by_id.borrow_mut();
            let again = timers.get_mut(&id).is_some_and(|timer| !timer.removed && timer.set_next(id, now));
            if again { None } else { timers.remove(&id) }
        };
        drop(ended);
    }
}

impl Timer {
    /// Sets the alarm for the next multiple of the interval. False when it has none.
    fn set_next(&mut self, id: i64, now: Instant) -> bool {
        let (Some(interval), Some(last)) = (self.interval, self.deadline) else { return false };
        self.calls += 1;
        let missed = now.saturating_duration_since(last).as_nanos() / interval.as_nanos();
        let steps = u32::try_from(missed).unwrap_or(u32::MAX).saturating_add(1);
        self.deadline = interval.checked_mul(steps).and_then(|ahead| last.checked_add(ahead));
        self.key = self.deadline.map(|deadline| scheduler().set_alarm(deadline, id));
        true
    }
}

fn ring(id: i64, now: Instant) {
    TIMERS.0.ring(id, now);
}

fn add(call: &mut Call<'_>, repeats: bool) -> Return {
    let milliseconds = call.long_arg(0)?;
    let callable = call.callable_arg(1)?;
    let Some(delay) = u64::try_from(milliseconds).ok().filter(|delay| *delay > 0) else {
        zend::warning("Timer must be greater than or equal to 1");
        return call.return_bool(false);
    };
    if engine::current_id().is_none() && !engine::loop_running() {
        event::init();
    }
    let id = TIMERS.0.set(callable, call.rest(2), Duration::from_millis(delay), repeats);
    call.return_long(id)
}

/// `tick(int $ms, callable $callback, mixed ...$params): int|false`
pub fn tick(call: &mut Call<'_>) -> Return {
    add(call, true)
}

/// `after(int $ms, callable $callback, mixed ...$params): int|false`
pub fn after(call: &mut Call<'_>) -> Return {
    add(call, false)
}

/// `exists(int $timer_id): bool`
pub fn exists(call: &mut Call<'_>) -> Return {
    let id = call.long_arg(0)?;
    let exists = TIMERS.0.by_id.borrow().get(&id).is_some_and(|timer| !timer.removed);
    call.return_bool(exists)
}

/// `info(int $timer_id): ?array`
pub fn info(call: &mut Call<'_>) -> Return {
    let id = call.long_arg(0)?;
    let Some(base) = TIMERS.0.base.get() else { return call.return_bool(false) };
    let timers = TIMERS.0.by_id.borrow();
    let Some(timer) = timers.get(&id) else { return Ok(()) };
    let milliseconds = |time: Duration| i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
    let mut info = Array::new();
    info.set_long("exec_msec", timer.deadline.map_or(i64::MAX, |deadline| milliseconds(deadline - base)));
    info.set_long("exec_count", timer.calls);
    info.set_long("interval", timer.interval.map_or(0, milliseconds));
    info.set_long("round", timer.round);
    info.set("removed", zend::boolean(timer.removed));
    call.return_value(info.into())
}

/// `stats(): array`
pub fn stats(call: &mut Call<'_>) -> Return {
    let alarms = scheduler().alarms();
    let mut stats = Array::new();
    stats.set("initialized", zend::boolean(TIMERS.0.base.get().is_some() || alarms > 0));
    stats.set_long("num", alarms as i64);
    stats.set_long("round", TIMERS.0.round.get());
    call.return_value(stats.into())
}

/// `list(): Swoole\Timer\Iterator`
pub fn list(call: &mut Call<'_>) -> Return {
    let mut ids = Array::new();
    for id in TIMERS.0.by_id.borrow().keys().rev() {
        ids.push(zend::long(*id));
    }
    let iterator = object::construct(ce::swoole_timer_iterator(), &[ids.into()])?;
    call.return_value(iterator)
}

/// `clear(int $timer_id): bool`
pub fn clear(call: &mut Call<'_>) -> Return {
    let id = call.long_arg(0)?;
    call.return_bool(TIMERS.0.clear(id))
}

/// `clearAll(): bool`
pub fn clear_all(call: &mut Call<'_>) -> Return {
    if TIMERS.0.base.get().is_none() {
        return call.return_bool(false);
    }
    forget();
    call.return_bool(true)
}

/// Clears all timers.
pub(crate) fn forget() {
    let ids: Vec<i64> = TIMERS.0.by_id.borrow().keys().copied().collect();
    for id in ids {
        TIMERS.0.clear(id);
    }
}
