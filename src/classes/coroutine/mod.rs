//! `Swoole\Coroutine`.

pub mod channel;
pub mod client;
mod control;
pub mod http;
pub mod http2;
mod inspect;
pub mod lock;
pub mod mysql;
pub mod scheduler;
pub mod socket;
pub mod system;
pub mod wait_group;

pub use control::{cancel, disable_scheduler, enable_scheduler, is_canceled, join, set_time_limit};
pub use inspect::{get_back_trace, get_context, get_elapsed, get_stack_usage, list, print_back_trace, stats};
pub use system::{
    dns_lookup, exec, getaddrinfo, gethostbyname, read_file, statvfs, wait, wait_event, wait_pid, wait_signal,
    write_file,
};

use crate::classes::{self, errors, event, settings};
use crate::coroutine::engine::{self, scheduler};
use crate::coroutine::preempt;
use crate::coroutine::scheduler::{Outcome, Waiting};
use crate::hooks;
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::{self, array::Array};
use ext_php_rs::types::{ZendHashTable, Zval};
use std::cell::RefCell;
use std::time::Duration;

/// Shortest sleep and time-out, in seconds: tokio's timer wheel and Swoole's timers both count milliseconds.
const TIMER_MIN: f64 = 0.001;

thread_local! {
    /// What `Coroutine::set()` was given, merged.
    static OPTIONS: RefCell<Option<Zval>> = const { RefCell::new(None) };
}

/// Swoole's "for ever" is any time-out that is not positive.
pub(crate) fn timeout(seconds: f64) -> Option<Duration> {
    (seconds > 0.0).then(|| Duration::try_from_secs_f64(seconds.max(TIMER_MIN)).unwrap_or(Duration::MAX))
}

/// Starts a coroutine for `callable`; shared by `create()` and the `go()` functions.
pub(crate) fn start(call: &mut Call<'_>) -> Return {
    if zend::ending() && zend::called_by_destructor() {
        // Does not return: as in Swoole.
        errors::fatal("can not use coroutine in __destruct after php_request_shutdown");
    }
    let callable = call.callable_arg(0)?;
    if !has_room() {
        return call.return_bool(false);
    }
    if engine::current_id().is_none() && !engine::loop_running() {
        event::init();
    }
    let id = engine::spawn_call(callable, call.rest(1))?;
    call.return_long(id)
}

/// Whether one more coroutine may start; warns if not.
fn has_room() -> bool {
    let alive = scheduler().count();
    let room = alive < engine::max();
    if !room {
        errors::warn(&format!("exceed max number of coroutine {alive}"));
    }
    room
}

/// Runs the event loop until all coroutines have ended, then reports those that never will.
pub(crate) fn drive() -> Return {
    if engine::run_loop()? == Outcome::Deadlock && deadlock_check_enabled() {
        report_deadlock();
    }
    Ok(())
}

fn deadlock_check_enabled() -> bool {
    option("enable_deadlock_check").is_none_or(|value| value.coerce_to_bool())
}

fn report_deadlock() {
    let ids = scheduler().ids();
    let count = ids.len().to_string();
    if !zend::ini::boolean(c"swoole.enable_library") {
        // Without Swoole's library, where the traces come from.
        let double = "=".repeat(67);
        return zend::write(&format!(
            "\n {double}\n  [FATAL ERROR]: all coroutines (count: {count}) are asleep - deadlock! \n {double}\n"
        ));
    }
    let (double, single) = ("=".repeat(64 + count.len()), "-".repeat(64 + count.len()));
    zend::write(&format!(
        "\n {double}\n  [FATAL ERROR]: all coroutines (count: {count}) are asleep - deadlock!\n {double}\n"
    ));
    let number =
        |name| option(name).and_then(|value| value.coerce_to_long()).filter(|number| *number > 0).unwrap_or(32);
    if !option("deadlock_check_disable_trace").is_some_and(|value| value.coerce_to_bool()) {
        for id in ids.into_iter().take(number("deadlock_check_limit") as usize) {
            zend::write(&format!("\n  [Coroutine-{id}]\n {single}\n"));
            if let Some(coroutine) = scheduler().find(id) {
                zend::write(&coroutine.back_trace(number("deadlock_check_depth")));
            }
        }
    }
    zend::write(&format!("\n {double}\n"));
}

fn option(name: &str) -> Option<Zval> {
    OPTIONS.with_borrow(|options| Some(options.as_ref()?.array()?.get(name)?.shallow_clone()))
}

/// Forgets what belongs to a request.
pub(crate) fn request_shutdown() {
    OPTIONS.set(None);
}

/// `create(callable $func, mixed ...$param): int|false`
pub fn create(call: &mut Call<'_>) -> Return {
    start(call)
}

/// `defer(callable $callback): void`
pub fn defer(call: &mut Call<'_>) -> Return {
    let callable = call.callable_arg(0)?;
    engine::defer(classes::current_coroutine()?, callable);
    Ok(())
}

/// `sleep(float $seconds): bool`
pub fn sleep(call: &mut Call<'_>) -> Return {
    let seconds = call.double_arg(0)?;
    if seconds < TIMER_MIN {
        errors::warn("Timer must be greater than or equal to 0.001");
        return call.return_bool(false);
    }
    classes::current_coroutine()?;
    // Not a number, or beyond what a clock can hold: nothing will ever wake it.
    let duration = Duration::try_from_secs_f64(seconds).ok();
    let slept = scheduler().park_for(Waiting::External, duration);
    errors::set_last(if slept.is_ok() { errors::CO_TIMEDOUT } else { errors::CO_CANCELED });
    call.return_bool(slept.is_ok())
}

/// Starts a coroutine without PHP code that sleeps `count` times.
pub(crate) fn start_sleeper(count: i64, seconds: f64) -> Return {
    let pause = Duration::try_from_secs_f64(seconds.max(TIMER_MIN)).ok();
    engine::spawn(move || {
        for _ in 0..count {
            // Whether it was cancelled makes no difference.
            let _ = scheduler().park_for(Waiting::External, pause);
        }
    })?;
    Ok(())
}

/// `getCid(): int`
pub fn get_cid(call: &mut Call<'_>) -> Return {
    call.return_long(engine::current_id().unwrap_or(-1))
}

/// `getPcid(int $cid = 0): int|false`
pub fn get_pcid(call: &mut Call<'_>) -> Return {
    match find(call)? {
        Some(coroutine) => call.return_long(coroutine.parent.get()),
        None => call.return_bool(false),
    }
}

/// The coroutine that an optional `$cid` argument names: 0 is the current one.
fn find(call: &Call<'_>) -> Result<Option<&'static engine::Record>, Thrown> {
    Ok(match call.optional(0, 0, Call::long_arg)? {
        0 => scheduler().current(),
        id => scheduler().find(id),
    })
}

/// `exists(int $cid): bool`
pub fn exists(call: &mut Call<'_>) -> Return {
    let id = call.long_arg(0)?;
    call.return_bool(scheduler().find(id).is_some())
}

/// `yield(): bool`
pub fn r#yield(call: &mut Call<'_>) -> Return {
    classes::current_coroutine()?;
    let resumed = engine::park(Waiting::Yield);
    if resumed.is_err() {
        errors::set_last(errors::CO_CANCELED);
    }
    call.return_bool(resumed.is_ok())
}

/// `suspend(): bool`
pub fn suspend(call: &mut Call<'_>) -> Return {
    r#yield(call)
}

/// `resume(int $cid): bool`
pub fn resume(call: &mut Call<'_>) -> Return {
    let id = call.long_arg(0)?;
    let resumed = scheduler().resume(id, Waiting::Yield);
    if !resumed {
        errors::warn("can not resume the coroutine which is in IO operation or non-existent");
    }
    call.return_bool(resumed)
}

/// `set(array $options): void`
pub fn set(call: &mut Call<'_>) -> Return {
    let given = call.array_arg(0)?;
    settings::set_global(given)?;
    apply(given)
}

/// Sets these options, of `Coroutine::set()` or of something that runs coroutines; not those of `set_global()`.
pub(crate) fn apply(given: &ZendHashTable) -> Return {
    let value = |names: &[&str]| settings::find(given, names);
    if let Some(max) = value(&["max_coro_num", "max_coroutine"]).map(zend::to_long) {
        engine::set_max(usize::try_from(max).ok().filter(|max| *max > 0).unwrap_or(engine::DEFAULT_MAX));
    }
    if let Some(bytes) = settings::size(given, &["c_stack_size", "stack_size"]) {
        engine::set_c_stack_size(usize::try_from(bytes).unwrap_or(usize::MAX));
    }
    if let Some(seconds) = value(&["dns_cache_expire"]).map(zend::to_long) {
        system::set_dns_cache_expire(seconds);
    }
    if let Some(capacity) = value(&["dns_cache_capacity"]).map(zend::to_long) {
        system::set_dns_cache_capacity(capacity);
    }
    if let Some(flags) = value(&["hook_flags"]).map(zend::to_long) {
        // Among the options it stands first, as in Swoole.
        note_hook_flags(flags as u32);
        hooks::flags::configure(flags as u32);
    }
    if let Some(yes) = value(&["enable_preemptive_scheduler"]) {
        preempt::set_wanted(yes.coerce_to_bool());
    }
    if let Some(resolvers) = value(&["name_resolver"]) {
        classes::name_resolver::add_all(resolvers);
    }
    merge_options(given);
    if let Some(condition) = given.get("exit_condition") {
        control::set_exit_condition(condition);
    }
    Ok(())
}

/// Adds these to what [`get_options`] returns.
fn merge_options(given: &ZendHashTable) {
    OPTIONS.with_borrow_mut(|options| {
        let mut merged = match options.as_ref().and_then(Zval::array) {
            Some(old) => Array::copy_of(old),
            None => Array::new(),
        };
        merged.merge(given);
        *options = Some(merged.into());
    });
}

/// Shows these hook flags among the options.
pub(crate) fn note_hook_flags(flags: u32) {
    let mut given = Array::new();
    given.set_long("hook_flags", i64::from(flags));
    let given = Zval::from(given);
    if let Some(given) = given.array() {
        merge_options(given);
    }
}

/// What `run()` does first: all hooks, unless the program has said which.
pub(crate) fn default_hook_flags() {
    if option("hook_flags").is_none_or(|value| value.is_null()) {
        let flags = classes::constants::SWOOLE_HOOK_ALL as u32;
        note_hook_flags(flags);
        hooks::flags::configure(flags);
    }
}

/// `getOptions(): ?array`
pub fn get_options(call: &mut Call<'_>) -> Return {
    match OPTIONS.with_borrow(|options| options.as_ref().map(Zval::shallow_clone)) {
        Some(options) => call.return_value(options),
        None => Ok(()),
    }
}
