//! What the log is told when all workers, or all task workers, are busy: once a second at most.

use super::inbox::Kind;
use super::running::{Running, running};
use crate::classes::errors;
use crate::coroutine::engine;
use crate::local_task;
use crate::log;
use crate::server::layout::Mode;
use std::rc::Rc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::time::{Instant, sleep_until};

const SECOND: Duration = Duration::from_secs(1);
/// Seconds after which a line that is due does not come any more: whoever was to write it has died.
const LOST: i64 = 5;

/// Something was given to a worker that is busy, as no other one is idle; in the master.
pub(super) fn no_idle_worker() {
    if let Some(running) = running()
        && becomes_due(&running, false)
    {
        tell_later(&running, false);
    }
}

/// A task was given to a task worker that is busy, as no other one is idle; in any process.
pub(super) fn no_idle_task_worker(running: &Rc<Running>) {
    if !becomes_due(running, true) {
        return;
    }
    let teller = match running.layout.mode {
        Mode::Process => running.layout.master(),
        Mode::Base if running.is_worker() && engine::loop_running() => return tell_later(running, true),
        Mode::Base if running.is_worker() => return,
        Mode::Base => 0,
    };
    // The next task that finds none idle comes here again.
    let _ = running.bus.send(teller, Kind::NoneIdle as u8, &[], &[]);
}

/// Whether a line for the log is due from now on, and was not before.
fn becomes_due(running: &Running, tasks: bool) -> bool {
    let due = &running.board.counters.none_idle[usize::from(tasks)];
    let since = due.load(Relaxed);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs() as i64;
    if since != 0 && (since..since + LOST).contains(&now) {
        return false;
    }
    due.compare_exchange(since, now, Relaxed, Relaxed).is_ok()
}

/// Writes the line with the next second of this server's life.
pub(super) fn tell_later(running: &Rc<Running>, tasks: bool) {
    let running = Rc::clone(running);
    local_task::spawn(async move {
        let age = running.since.elapsed();
        sleep_until(Instant::now() + SECOND.saturating_sub(Duration::from_nanos(age.subsec_nanos().into()))).await;
        running.board.counters.none_idle[usize::from(tasks)].store(0, Relaxed);
        let words = if tasks { "No idle task worker is available" } else { "No idle worker is available" };
        log::error(log::WARNING, "Server::timer_callback()", errors::SERVER_NO_IDLE_WORKER, words.as_bytes());
    });
}
