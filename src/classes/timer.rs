//! `Swoole\Timer`: PHP functions that the loop calls at their times.
//!
//! The deadlines are alarms of the scheduler, beside sleeping coroutines; here is what an alarm's number means to PHP.

use super::{ce, event, server};
use crate::coroutine::alarm::{Alarm, Timer};
use crate::coroutine::engine::{self, scheduler};
use crate::coroutine::origin;
use crate::coroutine::pages::Pages;
use crate::coroutine::source::{Leaving, Phase, Source};
use crate::coroutine::timers::Key;
use crate::zend::call::{Call, Return};
use crate::zend::{self, array::Array, object};
use ext_php_rs::types::Zval;
use std::cell::{RefCell, RefMut};
use std::task::Context;
use std::time::Duration;
use tokio::time::Instant;

/// What PHP knows of its timers.
struct Timers {
    /// Keys answer for themselves: a timer that is gone may still have one.
    by_id: Pages<Key>,
    last_id: i64,
    /// When the first one was set: zero of `exec_msec`.
    base: Option<Instant>,
    /// Turns of the loop since then.
    round: u32,
    /// The timer whose call has not returned or suspended yet, and whether it was cleared by that call.
    calling: Option<(Timer, bool)>,
}

impl Timers {
    const fn new() -> Self {
        Self { by_id: Pages::new(), last_id: 0, base: None, round: 0, calling: None }
    }

    /// The call in progress, if it is this timer's.
    fn calling(&mut self, id: i64) -> Option<&mut (Timer, bool)> {
        self.calling.as_mut().filter(|(timer, _)| timer.id == id)
    }

    /// Ids, newest first.
    fn ids(&self) -> Vec<i64> {
        let calling = self.calling.as_ref().map(|(timer, _)| timer.id);
        let set = self.by_id.iter().rev().filter(|(_, key)| scheduler().with_alarm(*key, |_| ()).is_some());
        let mut ids: Vec<i64> = set.map(|(id, _)| id).collect();
        if let Some(calling) = calling {
            ids.insert(ids.partition_point(|id| *id > calling), calling);
        }
        ids
    }
}

/// State of the PHP thread.
struct OnPhpThread(RefCell<Timers>);

// SAFETY: only the PHP thread calls into this crate's classes.
unsafe impl Sync for OnPhpThread {}

static TIMERS: OnPhpThread = OnPhpThread(RefCell::new(Timers::new()));

fn timers() -> RefMut<'static, Timers> {
    TIMERS.0.borrow_mut()
}

/// Counts the loop's turns.
impl Source for OnPhpThread {
    fn turn(&self, _context: &mut Context<'_>) {
        let mut timers = timers();
        timers.round = timers.round.wrapping_add(1);
    }

    fn alive(&self) -> bool {
        // The scheduler's alarms keep the loop alive.
        false
    }

    fn detach(&self, leaving: Leaving) {
        let mut timers = timers();
        if leaving == Leaving::Ended && timers.by_id.is_empty() {
            *timers = Timers::new();
        }
    }

    fn reset(&self) {
        let old = std::mem::replace(&mut *timers(), Timers::new());
        drop(old);
    }
}

/// Takes a timer away. False when there is none.
fn remove(id: i64) -> bool {
    let key = {
        let mut timers = timers();
        if let Some((_, cleared)) = timers.calling(id) {
            return !std::mem::replace(cleared, true);
        }
        let Some(key) = timers.by_id.get(id) else { return false };
        key
    };
    let Some(alarm) = scheduler().clear_alarm(key) else { return false };
    timers().by_id.forget(id);
    // Now that nothing is borrowed: destructors of PHP may use timers.
    drop(alarm);
    true
}

/// Calls a timer whose time has come.
fn ring(mut timer: Timer, now: Instant) {
    let (id, on_behalf) = (timer.id, timer.origin);
    let callable = if timer.interval == 0 { timer.callable.take() } else { timer.callable.clone() };
    let args = std::mem::take(&mut timer.args);
    {
        let mut timers = timers();
        timers.by_id.forget(id);
        timers.calling = Some((timer, false));
    }
    let Some(callable) = callable else { return };
    let outcome = origin::inherit(on_behalf, || engine::callback_once(callable, &args));
    let Some((mut timer, cleared)) = timers().calling.take() else {
        // The callback forked and this is the child.
        return;
    };
    if outcome.is_err() || cleared || timer.interval == 0 {
        return;
    }
    timer.calls += 1;
    timer.args = args;
    let interval = Duration::from_millis(timer.interval);
    let missed = now.saturating_duration_since(timer.deadline).as_nanos() / interval.as_nanos().max(1);
    let steps = u32::try_from(missed).unwrap_or(u32::MAX).saturating_add(1);
    timer.deadline = interval.checked_mul(steps).map_or(now, |ahead| later(timer.deadline, ahead));
    set(timer);
}

fn set(timer: Timer) {
    let id = timer.id;
    let key = scheduler().set_alarm(timer.deadline, Alarm::Timer(timer));
    timers().by_id.insert(id, key);
}

/// The time `ahead` of `start`; what a clock cannot hold is a century away.
fn later(start: Instant, ahead: Duration) -> Instant {
    const CENTURY: Duration = Duration::from_secs(100 * 365 * 86_400);
    start + ahead.min(CENTURY)
}

fn add(call: &mut Call<'_>, repeats: bool) -> Return {
    let milliseconds = call.long_arg(0)?;
    let callable = call.callable_arg(1)?;
    let Some(delay) = u64::try_from(milliseconds).ok().filter(|delay| *delay > 0) else {
        zend::warning("Timer must be greater than or equal to 1");
        return call.return_bool(false);
    };
    if engine::current_id().is_none() && !engine::loop_running() && !server::awaits_start() {
        event::init();
    }
    let now = Instant::now();
    let (id, round) = {
        let mut timers = timers();
        if timers.base.is_none() {
            timers.base = Some(now);
            engine::on_timer(ring);
            engine::register(&TIMERS, Phase::Cycle);
        }
        timers.last_id += 1;
        (timers.last_id, timers.round)
    };
    let own = repeats.then(|| zend::long(id));
    set(Timer {
        id,
        callable: Some(callable),
        args: own.into_iter().chain(call.rest(2).iter().map(Zval::shallow_clone)).collect(),
        interval: if repeats { delay } else { 0 },
        deadline: later(now, Duration::from_millis(delay)),
        calls: 0,
        round,
        origin: origin::here(),
    });
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
    let mut timers = timers();
    let exists = match timers.calling(id) {
        Some((_, cleared)) => !*cleared,
        None => timers.by_id.get(id).and_then(|key| scheduler().with_alarm(key, |_| ())).is_some(),
    };
    call.return_bool(exists)
}

/// `info(int $timer_id): ?array`
pub fn info(call: &mut Call<'_>) -> Return {
    let id = call.long_arg(0)?;
    let mut timers = timers();
    let Some(base) = timers.base else { return call.return_bool(false) };
    let describe = |timer: &Timer, cleared: bool| {
        let since = (timer.deadline - base).as_millis();
        let mut info = Array::new();
        info.set_long("exec_msec", i64::try_from(since).unwrap_or(i64::MAX));
        info.set_long("exec_count", i64::from(timer.calls));
        info.set_long("interval", i64::try_from(timer.interval).unwrap_or(i64::MAX));
        info.set_long("round", i64::from(timer.round));
        info.set("removed", zend::boolean(cleared));
        info
    };
    let info = match timers.calling(id) {
        Some((timer, cleared)) => Some(describe(timer, *cleared)),
        None => timers.by_id.get(id).and_then(|key| {
            scheduler().with_alarm(key, |alarm| match alarm {
                Alarm::Timer(timer) => Some(describe(timer, false)),
                Alarm::TimeLimit(_) | Alarm::Call(_) => None,
            })?
        }),
    };
    match info {
        Some(info) => call.return_value(info.into()),
        None => Ok(()),
    }
}

/// `stats(): array`
pub fn stats(call: &mut Call<'_>) -> Return {
    let alarms = scheduler().alarms();
    let timers = timers();
    let mut stats = Array::new();
    stats.set("initialized", zend::boolean(timers.base.is_some() || alarms > 0));
    stats.set_long("num", alarms as i64);
    stats.set_long("round", i64::from(timers.round));
    call.return_value(stats.into())
}

/// `list(): Swoole\Timer\Iterator`
pub fn list(call: &mut Call<'_>) -> Return {
    let mut ids = Array::new();
    for id in timers().ids() {
        ids.push(zend::long(id));
    }
    let iterator = object::construct(ce::swoole_timer_iterator(), &[ids.into()])?;
    call.return_value(iterator)
}

/// `clear(int $timer_id): bool`
pub fn clear(call: &mut Call<'_>) -> Return {
    let id = call.long_arg(0)?;
    call.return_bool(remove(id))
}

/// `clearAll(): bool`
pub fn clear_all(call: &mut Call<'_>) -> Return {
    if timers().base.is_none() {
        return call.return_bool(false);
    }
    forget();
    call.return_bool(true)
}

/// Clears all timers.
pub(crate) fn forget() {
    let ids = timers().ids();
    for id in ids {
        remove(id);
    }
}
