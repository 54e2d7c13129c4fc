//! On whose behalf a coroutine runs: what a fatal error is to be charged to.
//!
//! Who serves something, a request above all, says so with [`on_behalf_of`]. Coroutines and timers inherit it from whoever starts or sets
//! them, as the id of the coroutine that serves: if that one has ended, there is nobody to charge anything to.

use super::engine::{OnPhpThread, scheduler};
use std::cell::Cell;
use std::ffi::c_void;
use std::ptr::NonNull;

/// What is served, as whoever serves it knows it.
pub type Work = NonNull<c_void>;

/// What a coroutine's work is for.
pub(super) struct Origin {
    /// What it serves itself.
    work: Cell<Option<Work>>,
    /// Id of the coroutine that serves what it was started for; 0: there is none.
    server: Cell<i64>,
}

impl Origin {
    pub(super) const fn new() -> Self {
        Self { work: Cell::new(None), server: Cell::new(0) }
    }

    /// A coroutine starts. Before it is the current one.
    #[inline]
    pub(super) fn begin(&self) {
        self.work.set(None);
        self.server.set(here());
    }
}

/// The origin of what runs on the root stack.
static ROOT: OnPhpThread<Origin> = OnPhpThread(Origin::new());

/// What was served when a fatal error ended everything.
static FAILED: OnPhpThread<Cell<Option<Work>>> = OnPhpThread(Cell::new(None));

/// Runs `body`, which serves `work`. A fatal error leaves `body` for good, and [`failed`] tells of `work` then.
#[inline]
pub fn on_behalf_of<T>(work: Work, body: impl FnOnce() -> T) -> T {
    let origin = scheduler().current().map_or(&ROOT.0, |coroutine| &coroutine.local.origin);
    let before = origin.work.replace(Some(work));
    let result = body();
    origin.work.set(before);
    result
}

/// Id of the coroutine that serves what the running one works for; 0: there is none.
#[inline]
pub fn here() -> i64 {
    match scheduler().current() {
        None => ROOT.0.server.get(),
        Some(coroutine) if coroutine.local.origin.work.get().is_some() => coroutine.id.get(),
        Some(coroutine) => coroutine.local.origin.server.get(),
    }
}

/// Runs `body`, a callback that was set where [`here`] was this.
pub fn inherit<T>(server: i64, body: impl FnOnce() -> T) -> T {
    let before = ROOT.0.server.replace(server);
    let result = body();
    ROOT.0.server.set(before);
    result
}

/// What was served where a fatal error came from.
pub fn failed() -> Option<Work> {
    FAILED.0.get()
}

/// A fatal error ends everything: notes what was served. Before anything of the scheduler's is forgotten.
#[cold]
pub(super) fn note() {
    let own = scheduler().current().map_or(&ROOT.0, |coroutine| &coroutine.local.origin);
    let work = own.work.get().or_else(|| scheduler().find(own.server.get())?.local.origin.work.get());
    FAILED.0.set(work);
}

/// Forgets what coroutines of an earlier loop, or of a parent process, served.
pub(super) fn reset() {
    ROOT.0.work.set(None);
    ROOT.0.server.set(0);
    FAILED.0.set(None);
}
