//! Messages from worker to worker.

use super::{State, fd};
use crate::coroutine::engine;
use crate::coroutine::source::{Leaving, Phase, Source};
use crate::io::pipe;
use crate::io::process;
use crate::log;
use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::os::fd::RawFd;
use std::task::{Context, Poll};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// What could not be sent at once, by descriptor.
struct Outbox(RefCell<BTreeMap<RawFd, Waiting>>);

#[derive(Default)]
struct Waiting {
    frames: VecDeque<Vec<u8>>,
    watched: Option<AsyncFd<RawFd>>,
}

// SAFETY: reached only from PHP functions and from the loop, both on the PHP thread.
unsafe impl Sync for Outbox {}

static OUTBOX: Outbox = Outbox(RefCell::new(BTreeMap::new()));

/// Sends a message to worker `index`; what has no room waits in the event loop, or here when none runs.
pub(super) fn send(state: &State, index: usize, message: &[u8]) -> bool {
    let to = fd(&state.pipes[index].master);
    let frames = if state.has_bus.get() { state.sender.borrow_mut().frames(message) } else { vec![message.to_vec()] };
    frames.into_iter().all(|frame| {
        let sent =
            if engine::loop_running() { send_later(to, frame) } else { pipe::send_wait(to, &frame, None).map(drop) };
        if let Err(error) = &sent {
            let number = error.raw_os_error().unwrap_or(0);
            log::system_warning("ProcessPool::send_message()", &format!("send to worker#{index} failed"), number);
            crate::classes::errors::set_last(number);
        }
        sent.is_ok()
    })
}

fn send_later(to: RawFd, frame: Vec<u8>) -> std::io::Result<()> {
    let mut outbox = OUTBOX.0.borrow_mut();
    if !outbox.contains_key(&to) {
        pipe::set_nonblocking(to, true)?;
        match pipe::send(to, &frame) {
            Err(error) if pipe::is_temporary(&error) => {}
            sent => return sent.map(drop),
        }
    }
    outbox.entry(to).or_default().frames.push_back(frame);
    engine::register(&OUTBOX, Phase::Events);
    engine::request_turn();
    Ok(())
}

impl Source for Outbox {
    fn turn(&self, context: &mut Context<'_>) {
        self.0.borrow_mut().retain(|to, waiting| {
            if waiting.watched.is_none() {
                // SAFETY: the pipes of the pool stay open as long as its process.
                waiting.watched = unsafe { AsyncFd::register_with_interest(*to, Interest::WRITABLE) }.ok();
            }
            let Some(watched) = &waiting.watched else { return true };
            while let Poll::Ready(Ok(mut ready)) = watched.poll_write_ready(context) {
                let Some(frame) = waiting.frames.front() else { break };
                match pipe::send(*to, frame) {
                    Err(error) if pipe::is_temporary(&error) => ready.clear_ready(),
                    // What cannot be sent is given up, as in a send without a loop.
                    _ => drop(waiting.frames.pop_front()),
                }
            }
            !waiting.frames.is_empty()
        });
    }

    fn alive(&self) -> bool {
        !self.0.borrow().is_empty()
    }

    fn detach(&self, leaving: Leaving) {
        for waiting in self.0.borrow_mut().values_mut() {
            let watched = waiting.watched.take();
            if leaving == Leaving::Forked {
                std::mem::forget(watched);
            }
        }
    }

    fn reset(&self) {
        self.0.borrow_mut().clear();
    }
}

/// In a new worker: frames carry its own number.
pub(super) fn begin(state: &State) {
    *state.sender.borrow_mut() = super::Sender::new(process::id().cast_unsigned());
}
