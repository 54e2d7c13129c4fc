//! What a PHP coroutine's record can be asked.

use super::engine::{Php, nanoseconds};
use super::scheduler::{Coroutine, Waiting};
use crate::zend::backtrace::{Extent, IGNORE_ARGUMENTS};
use ext_php_rs::types::Zval;
use std::time::Duration;

impl Coroutine<Php> {
    #[inline]
    pub(super) fn has_defers(&self) -> bool {
        !self.local.defers.borrow().is_empty()
    }

    /// Its `Coroutine\Context` object, if it has one.
    #[inline]
    pub fn known_context(&self) -> Option<Zval> {
        // SAFETY: it is written on this thread only, and nothing is written before the copy is made. While it is given up it is none.
        unsafe { self.local.context.try_borrow_unguarded() }.ok()?.as_ref().map(Zval::shallow_clone)
    }

    /// Its `Coroutine\Context` object, made by `make` when first asked for; `None` while it is being destroyed.
    pub fn context(&self, make: impl FnOnce() -> Zval) -> Option<Zval> {
        if self.local.context_gone.get() {
            return None;
        }
        if let Some(context) = &*self.local.context.borrow() {
            return Some(context.shallow_clone());
        }
        let made = make();
        *self.local.context.borrow_mut() = Some(made.shallow_clone());
        Some(made)
    }

    /// Time since it was started.
    pub fn elapsed(&self) -> Duration {
        Duration::from_nanos(nanoseconds(libc::CLOCK_MONOTONIC).saturating_sub(self.local.started.get()))
    }

    /// Its stack trace, at most `limit` frames; empty unless it is suspended.
    pub fn back_trace(&self, limit: i64) -> String {
        self.trace(Extent { options: IGNORE_ARGUMENTS, limit, without_newest: false })
    }

    /// Its stack trace with the arguments of calls; empty unless it is suspended.
    pub fn full_trace(&self) -> String {
        self.trace(Extent::default())
    }

    fn trace(&self, extent: Extent) -> String {
        if self.waiting() == Waiting::Nothing {
            return String::new();
        }
        // SAFETY: suspended, so the frame noted when it left is alive.
        unsafe { self.local.frame.get().text(extent) }
    }
}
