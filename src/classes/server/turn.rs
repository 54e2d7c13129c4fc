//! Workers of `SWOOLE_BASE` that have had `max_request` requests leave one after the other, so that somebody serves meanwhile.
//!
//! In `SWOOLE_PROCESS` a worker has its successor beside it, and there is no need. Who waits for his turn serves on.

use super::running::Running;
use super::worker::{SLACK, told_to_end};
use crate::coroutine::engine;
use crate::io::process;
use crate::local_task;
use crate::server::layout::{Mode, Part};
use std::rc::Rc;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How often it is looked whether the turn has come.
const LOOK: Duration = Duration::from_millis(20);
/// How long one other may take to be replaced where processes have no limit.
const PATIENCE: Duration = Duration::from_secs(3);

/// This worker is to be replaced: at once, or when it is its turn.
pub(super) fn leave(running: &Rc<Running>) {
    if running.ending.get() || running.awaits_turn.get() {
        return;
    }
    let Err(holder) = take(running) else { return told_to_end(running) };
    running.awaits_turn.set(true);
    let running = Rc::clone(running);
    engine::within(|| {
        local_task::spawn(async move {
            wait(&running, holder).await;
            engine::put_off(Box::new(move || told_to_end(&running)));
        });
    });
}

/// Takes the turn, where there are turns.
fn take(running: &Running) -> Result<(), i64> {
    let (layout, Some(index)) = (&running.layout, running.worker_id()) else { return Ok(()) };
    // The tasks of a task worker wait for its successor.
    let one_by_one = layout.part(index) == Part::Worker && layout.workers > 1 && layout.mode == Mode::Base;
    if one_by_one { running.board.take_turn(index, process::id()) } else { Ok(()) }
}

/// Waits for the turn, or until whoever has it has taken too long: its successor does not come.
async fn wait(running: &Running, mut holder: i64) {
    let patience = running.settings.patience().unwrap_or(PATIENCE) + 2 * SLACK;
    let mut until = Instant::now() + patience;
    while !running.ending.get() && until > Instant::now() {
        sleep(LOOK).await;
        match take(running) {
            Ok(()) => return,
            Err(other) if other != holder => (holder, until) = (other, Instant::now() + patience),
            Err(_) => {}
        }
    }
}
