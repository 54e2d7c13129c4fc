//! Signals for PHP code (`pcntl_signal` with `pcntl_async_signals`) while every coroutine waits.
//!
//! The engine notes a signal and runs its handler when PHP code runs next. A blocking call would be interrupted and return to PHP
//! code; a coroutine that waits is not woken. So the loop looks at the engine's flag whenever it has waited, which a signal ends.

use crate::coroutine::engine;
use crate::coroutine::source::{Leaving, Phase, Source};
use crate::zend::interrupt;
use std::sync::atomic::Ordering;
use std::task::Context;

/// Has the loop look; once, at module start.
pub(super) fn install() {
    engine::after_wait(waited);
}

/// A loop begins.
pub(super) fn begin() {
    engine::register(&INTERRUPTS, Phase::Signals);
}

fn due() -> bool {
    interrupt::flag().load(Ordering::Relaxed)
}

fn waited() {
    if due() {
        engine::request_turn();
    }
}

struct Interrupts;

static INTERRUPTS: Interrupts = Interrupts;

impl Source for Interrupts {
    fn turn(&self, _: &mut Context<'_>) {
        if due() {
            // When they end the loop, it finds the scheduler stopped.
            let _ = engine::at_root(interrupt::serve);
        }
    }

    fn alive(&self) -> bool {
        false
    }

    fn detach(&self, _: Leaving) {}

    fn reset(&self) {}
}
