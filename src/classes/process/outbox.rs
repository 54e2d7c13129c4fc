//! What a pipe has no room for waits here, served by the event loop.

use crate::coroutine::engine;
use crate::coroutine::source::{Leaving, Phase, Source};
use crate::io::pipe;
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

/// Sends `frame`, now or, behind what waits already, when there is room.
///
/// # Errors
/// It cannot be sent at all.
pub(super) fn send(to: RawFd, mut frame: Vec<u8>) -> std::io::Result<()> {
    let mut outbox = OUTBOX.0.borrow_mut();
    if !outbox.contains_key(&to) {
        match pipe::send(to, &frame) {
            Err(error) if pipe::is_temporary(&error) => {}
            Err(error) => return Err(error),
            Ok(count) if count >= frame.len() => return Ok(()),
            // Only a stream takes a part.
            Ok(count) => drop(frame.drain(..count)),
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
                // SAFETY: whoever closes it calls `forget` first.
                waiting.watched = unsafe { AsyncFd::register_with_interest(*to, Interest::WRITABLE) }.ok();
            }
            let Some(watched) = &waiting.watched else { return true };
            while let Poll::Ready(Ok(mut ready)) = watched.poll_write_ready(context) {
                let Some(frame) = waiting.frames.front_mut() else { break };
                match pipe::send(*to, frame) {
                    Err(error) if pipe::is_temporary(&error) => ready.clear_ready(),
                    Ok(count) if count < frame.len() => drop(frame.drain(..count)),
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

/// A descriptor is about to be closed: what waits for it is given up.
pub(super) fn forget(fd: RawFd) {
    drop(OUTBOX.0.borrow_mut().remove(&fd));
}
