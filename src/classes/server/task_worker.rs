//! The life of a task worker without an event loop: one message after the other.

use super::inbox;
use super::running::Running;
use super::task_queue::LOOK;
use super::worker;
use crate::classes::process::signal::serve as serve_signal;
use crate::coroutine::engine::scheduler;
use crate::io::signal;
use crate::log;
use crate::zend;
use crate::zend::call::{Return, Thrown};
use std::rc::Rc;
use std::time::Instant;

/// Runs task worker `index` until it is told to end.
pub(super) fn serve(running: &Rc<Running>, index: usize) -> Return {
    worker::listen_to_signals(running);
    if let Err(error) = running.endpoint.begin() {
        log::system_warning("Server::start()", "failed to begin", error.raw_os_error().unwrap_or(0));
    }
    worker::worker_start(running, index, false);
    let bell = match signal::bell() {
        Ok(bell) => bell,
        Err(error) => {
            log::system_warning("Server::start()", "eventfd() failed", error.raw_os_error().unwrap_or(0));
            return Ok(());
        }
    };
    let bus = Rc::clone(&running.bus);
    let mut rang = true;
    loop {
        if rang || signal::is_pending() {
            signal::take().for_each(serve_signal);
        }
        let next = scheduler().serve_alarms();
        if scheduler().stopped() || zend::exit_pending() {
            if !zend::exit_pending() {
                zend::request_bailout();
            }
            return Err(Thrown);
        }
        if running.ending.get() {
            if !bus.has_taken() {
                return Ok(());
            }
            // Nobody else would run what lies here.
            bus.receive(1, |frame| inbox::receive(running, frame));
            continue;
        }
        let next = next.map(Into::into);
        let next = match &running.queue {
            // As long as there are tasks, nothing is waited for.
            Some(queue) if queue.serve(running) => Some(Instant::now()),
            Some(_) => Some(next.map_or(Instant::now() + LOOK, |next: Instant| next.min(Instant::now() + LOOK))),
            None => next,
        };
        if running.ending.get() || scheduler().stopped() {
            continue;
        }
        rang = match bus.wait(bell, next) {
            Ok(rang) => rang,
            Err(error) => {
                log::system_warning("Bus::wait()", "poll() failed", error.raw_os_error().unwrap_or(0));
                return Ok(());
            }
        };
        // One at a time: it may have been the last.
        bus.receive(1, |frame| inbox::receive(running, frame));
    }
}
