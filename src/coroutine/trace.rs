//! Where coroutines stand, for stack traces.

use super::engine::{Record, scheduler};
use super::scheduler::Waiting;
use crate::zend::backtrace::Frame;

/// Where the running coroutine's ancestor or a suspended coroutine stands; `-1` is the top level while a coroutine runs.
///
/// `None` for one that does not exist. The running one itself is not asked for: [`Frame::current`] knows.
pub fn frame_of(id: i64) -> Option<Frame> {
    if id != -1 {
        let coroutine = scheduler().find(id)?;
        if coroutine.waiting() != Waiting::Nothing {
            return Some(coroutine.local.frame.get());
        }
    }
    // It runs, and waits for one that it has entered: that one noted the frame.
    let mut entered: &Record = scheduler().current()?;
    loop {
        let frame = entered.local.caller_frame.get();
        match entered.caller() {
            Some(caller) if caller.id.get() != id => entered = caller,
            Some(_) => return Some(frame),
            None => return (id == -1).then_some(frame),
        }
    }
}
