//! The threads on which a coroutine's blocking calls run: tokio's pool, counted and bounded.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use tokio::runtime::Builder;
use tokio::task::JoinHandle;

/// How many threads there are at most, by default.
const DEFAULT_MOST: usize = 512;

static MOST: AtomicUsize = AtomicUsize::new(DEFAULT_MOST);
static TASKS: AtomicUsize = AtomicUsize::new(0);
static QUEUED: AtomicUsize = AtomicUsize::new(0);
static THREADS: AtomicUsize = AtomicUsize::new(0);

/// What the pool does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stats {
    /// Calls that have not ended.
    pub tasks: usize,
    /// Calls that no thread has taken yet.
    pub queued: usize,
    /// Threads that are there.
    pub threads: usize,
}

/// What the pool does now.
pub fn stats() -> Stats {
    Stats { tasks: TASKS.load(Relaxed), queued: QUEUED.load(Relaxed), threads: THREADS.load(Relaxed) }
}

/// Sets how many threads there are at most, in runtimes that are made from now on.
pub fn set_most(threads: usize) {
    MOST.store(threads.max(1), Relaxed);
}

/// Gives a runtime its pool; `begin` runs on each thread first.
pub(super) fn configure(builder: &mut Builder, begin: fn()) -> &mut Builder {
    builder.max_blocking_threads(MOST.load(Relaxed));
    builder.on_thread_start(move || {
        THREADS.fetch_add(1, Relaxed);
        begin();
    });
    builder.on_thread_stop(|| {
        THREADS.fetch_sub(1, Relaxed);
    })
}

/// In a fork's child: the threads are the parent's.
pub(super) fn forked() {
    for count in [&TASKS, &QUEUED, &THREADS] {
        count.store(0, Relaxed);
    }
}

/// One more of what it counts, until it is dropped.
struct Counted(&'static AtomicUsize);

impl Counted {
    fn new(count: &'static AtomicUsize) -> Self {
        count.fetch_add(1, Relaxed);
        Self(count)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

/// Runs `work` on a thread of the pool. It owns what it needs and what it makes, so that whoever waits may leave.
///
/// # Panics
/// Outside of a runtime.
pub fn spawn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    let (task, queued) = (Counted::new(&TASKS), Counted::new(&QUEUED));
    tokio::task::spawn_blocking(move || {
        drop(queued);
        let _task = task;
        work()
    })
}
