//! What can be asked about coroutines: stack traces, counters, lists, storage.

use super::find;
use crate::classes::{ce, errors};
use crate::coroutine::engine::{self, scheduler};
use crate::coroutine::{pool, trace};
use crate::zend::array::Array;
use crate::zend::backtrace::{Extent, Frame};
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::{self, object};

/// What `$cid` names, for traces and stacks.
enum Whose {
    /// The caller itself.
    Own,
    /// Somebody who stands here.
    Other(Frame),
    /// Nobody.
    Nobody,
}

/// 0 is the caller; outside of coroutines so is -1.
fn whose(id: i64) -> Whose {
    if id == 0 || id == engine::current_id().unwrap_or(-1) {
        return Whose::Own;
    }
    match trace::frame_of(id) {
        Some(frame) => Whose::Other(frame),
        None => {
            errors::set_last(errors::CO_NOT_EXISTS);
            Whose::Nobody
        }
    }
}

fn extent(call: &Call<'_>, default_options: i64) -> Result<(i64, Extent), Thrown> {
    let id = call.optional(0, 0, Call::long_arg)?;
    let options = call.optional(1, default_options, Call::long_arg)?;
    let limit = call.optional(2, 0, Call::long_arg)?;
    Ok((id, Extent { options, limit, without_newest: false }))
}

/// `DEBUG_BACKTRACE_PROVIDE_OBJECT`.
const PROVIDE_OBJECT: i64 = 1;

/// `getBackTrace(int $cid = 0, int $options = DEBUG_BACKTRACE_PROVIDE_OBJECT, int $limit = 0): array|false`
pub fn get_back_trace(call: &mut Call<'_>) -> Return {
    let (id, extent) = extent(call, PROVIDE_OBJECT)?;
    let frame = match whose(id) {
        Whose::Own => Frame::current(),
        Whose::Other(frame) => frame,
        Whose::Nobody => return call.return_bool(false),
    };
    // SAFETY: the running stack's, or that of one which is suspended or waits for one that it has entered.
    let trace = unsafe { frame.array(extent) };
    call.return_value(trace)
}

/// `printBackTrace(int $cid = 0, int $options = 0, int $limit = 0): void`
pub fn print_back_trace(call: &mut Call<'_>) -> Return {
    let (id, extent) = extent(call, 0)?;
    let (frame, extent) = match whose(id) {
        Whose::Own => (Frame::current(), Extent { without_newest: true, ..extent }),
        Whose::Other(frame) => (frame, extent),
        Whose::Nobody => return call.return_bool(false),
    };
    // SAFETY: as above.
    zend::write(&unsafe { frame.text(extent) });
    Ok(())
}

/// `getStackUsage(int $cid = 0): int|false`
pub fn get_stack_usage(call: &mut Call<'_>) -> Return {
    let frame = match whose(call.optional(0, 0, Call::long_arg)?) {
        Whose::Own => Frame::current(),
        Whose::Other(frame) => frame,
        Whose::Nobody => return call.return_bool(false),
    };
    // SAFETY: as above.
    let usage = unsafe { frame.stack_usage() };
    call.return_long(usage as i64)
}

/// `stats(): array`
pub fn stats(call: &mut Call<'_>) -> Return {
    let scheduler = scheduler();
    let mut stats = Array::new();
    stats.set_long("event_num", crate::classes::event::count() as i64);
    stats.set_long("signal_listener_num", crate::classes::process::signal::listeners() as i64);
    let pool = pool::stats();
    stats.set_long("aio_task_num", pool.tasks as i64);
    stats.set_long("aio_worker_num", pool.threads as i64);
    stats.set_long("aio_queue_size", pool.queued as i64);
    stats.set_long("c_stack_size", engine::c_stack_size() as i64);
    stats.set_long("coroutine_num", scheduler.count() as i64);
    stats.set_long("coroutine_peak_num", scheduler.peak() as i64);
    stats.set_long("coroutine_last_cid", scheduler.last_id());
    call.return_value(stats.into())
}

/// `list(): Swoole\Coroutine\Iterator`
pub fn list(call: &mut Call<'_>) -> Return {
    let mut ids = Array::new();
    for id in scheduler().ids() {
        ids.push(zend::long(id));
    }
    let iterator = object::construct(ce::swoole_coroutine_iterator(), &[ids.into()])?;
    call.return_value(iterator)
}

/// `getContext(int $cid = 0): ?Swoole\Coroutine\Context`
pub fn get_context(call: &mut Call<'_>) -> Return {
    // frameworks ask for this all the time
    if call.is_empty()
        && let Some(context) = scheduler().current().and_then(|coroutine| coroutine.known_context())
    {
        return call.return_value(context);
    }
    find_context(call)
}

#[inline(never)]
fn find_context(call: &mut Call<'_>) -> Return {
    let Some(coroutine) = find(call)? else {
        errors::set_last(errors::CO_NOT_EXISTS);
        return Ok(());
    };
    match coroutine.context(|| object::instantiate(ce::swoole_coroutine_context())) {
        Some(context) => call.return_value(context),
        None => {
            errors::warn("The context of coroutine has been destroyed");
            Ok(())
        }
    }
}

/// `getElapsed(int $cid = 0): int`
pub fn get_elapsed(call: &mut Call<'_>) -> Return {
    match find(call)? {
        Some(coroutine) => call.return_long(coroutine.elapsed().as_millis() as i64),
        None => call.return_long(-1),
    }
}
