//! What the processes of a server tell each other in shared memory: counters, process ids, who is busy.

use super::layout::Layout;
use crate::shm::pool::{Shareable, Shared};
use std::io;
use std::sync::atomic::AtomicI64;
use std::sync::atomic::Ordering::Relaxed;

/// What all processes count together.
#[repr(C)]
#[derive(Debug)]
pub struct Counters {
    /// When the server was started, in seconds since 1970.
    pub started: AtomicI64,
    /// The master's process id; in `SWOOLE_BASE` that of worker 0.
    pub master: AtomicI64,
    /// The manager's process id, 0 without one.
    pub manager: AtomicI64,
    /// Connections that were accepted.
    pub accepted: AtomicI64,
    /// Connections that ended.
    pub closed: AtomicI64,
    /// Connections that were refused.
    pub aborted: AtomicI64,
    /// Messages that were handed to workers.
    pub dispatched: AtomicI64,
    /// Messages that workers began to handle.
    pub requests: AtomicI64,
    /// Answers.
    pub responses: AtomicI64,
    /// Bytes from clients.
    pub received: AtomicI64,
    /// Bytes to clients.
    pub sent: AtomicI64,
    /// Tasks that were handed out.
    pub tasks: AtomicI64,
    /// Tasks that no task worker has begun.
    pub tasking: AtomicI64,
    /// Which task worker gets the next task.
    pub next_task_worker: AtomicI64,
    /// The server is being shut down.
    pub stopping: AtomicI64,
    /// The event `start` has happened.
    pub start_told: AtomicI64,
    /// Since when a line for the log is due that says that no worker was idle, and the same of task workers; 0 for none.
    pub none_idle: [AtomicI64; 2],
    /// Which worker is being replaced, see [`Board::take_turn`].
    pub leaving: AtomicI64,
    /// Which one comes next.
    pub next_to_leave: AtomicI64,
}

// SAFETY: atomics, for which zero is a value.
unsafe impl Shareable for Counters {}

/// What one process says of itself.
#[repr(C)]
#[derive(Debug)]
pub struct Process {
    /// Its process id, 0 before its first start.
    pub pid: AtomicI64,
    /// `SWOOLE_WORKER_*`.
    pub status: AtomicI64,
    /// Messages that it began to handle.
    pub requests: AtomicI64,
    /// Its answers.
    pub responses: AtomicI64,
    /// Messages that were handed to it.
    pub dispatched: AtomicI64,
    /// Requests that it handles now.
    pub concurrency: AtomicI64,
    /// Coroutines in it.
    pub coroutines: AtomicI64,
}

// SAFETY: atomics, for which zero is a value.
unsafe impl Shareable for Process {}

/// `SWOOLE_WORKER_BUSY`.
pub const BUSY: i64 = 1;
/// `SWOOLE_WORKER_IDLE`.
pub const IDLE: i64 = 2;
/// `SWOOLE_WORKER_EXIT`.
pub const EXIT: i64 = 3;

/// The counters of a server and of each of its processes, made before the first fork.
#[derive(Debug)]
pub struct Board {
    /// What all count together.
    pub counters: Shared<Counters>,
    processes: Vec<Shared<Process>>,
}

impl Board {
    /// For the processes of `layout`.
    ///
    /// # Errors
    /// No memory.
    pub fn new(layout: &Layout) -> io::Result<Self> {
        Ok(Self {
            counters: Shared::new()?,
            processes: (0..layout.processes()).map(|_| Shared::new()).collect::<Result<_, _>>()?,
        })
    }

    /// The process with this index.
    pub fn process(&self, index: usize) -> Option<&Process> {
        self.processes.get(index).map(|process| &**process)
    }

    /// Its process id; 0 for one that never ran.
    pub fn pid(&self, index: usize) -> i32 {
        self.process(index).map_or(0, |process| process.pid.load(Relaxed) as i32)
    }

    /// A process begins its life: it is idle and has handled nothing.
    pub fn begin(&self, index: usize, pid: i32) {
        let Some(process) = self.process(index) else { return };
        process.pid.store(i64::from(pid), Relaxed);
        process.status.store(IDLE, Relaxed);
        for count in
            [&process.requests, &process.responses, &process.dispatched, &process.concurrency, &process.coroutines]
        {
            count.store(0, Relaxed);
        }
    }

    /// Requests that all workers handle now.
    pub fn concurrency(&self) -> i64 {
        self.processes.iter().map(|process| process.concurrency.load(Relaxed)).sum()
    }

    /// Those that are replaced for what they have handled go one after the other: takes the turn for this process.
    ///
    /// # Errors
    /// A number that stands for the one that has it, or is next.
    pub fn take_turn(&self, index: usize, pid: i32) -> Result<(), i64> {
        let own = i64::from(pid) << 32 | (index as i64 + 1);
        let Counters { leaving, next_to_leave, .. } = &*self.counters;
        if let Err(next) = next_to_leave.compare_exchange(0, own, Relaxed, Relaxed)
            && next != own
        {
            return Err(next);
        }
        leaving.compare_exchange(0, own, Relaxed, Relaxed)?;
        next_to_leave.store(0, Relaxed);
        Ok(())
    }

    /// The successor of a process is there that had the turn or was next, if it was.
    pub fn give_turn_back(&self, index: usize) {
        for place in [&self.counters.leaving, &self.counters.next_to_leave] {
            let holder = place.load(Relaxed);
            if holder & i64::from(u32::MAX) == index as i64 + 1 {
                // Otherwise somebody else has it by now.
                let _ = place.compare_exchange(holder, 0, Relaxed, Relaxed);
            }
        }
    }

    /// Says what a process does: [`BUSY`], [`IDLE`] or [`EXIT`].
    pub fn set_status(&self, index: usize, status: i64) {
        if let Some(process) = self.process(index) {
            process.status.store(status, Relaxed);
        }
    }

    /// How many of these processes are idle.
    pub fn idle(&self, indexes: std::ops::Range<usize>) -> usize {
        let idle = |index: &usize| self.process(*index).is_some_and(|it| it.status.load(Relaxed) == IDLE);
        indexes.filter(idle).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::layout::Mode;

    #[test]
    fn a_process_begins_anew() -> io::Result<()> {
        let board = Board::new(&Layout { mode: Mode::Base, workers: 2, tasks: 0, users: 0 })?;
        board.begin(0, 7);
        board.process(0).map(|process| process.requests.fetch_add(3, Relaxed));
        board.set_status(0, BUSY);
        assert_eq!((board.pid(0), board.pid(1), board.idle(0..2)), (7, 0, 0));
        board.begin(0, 8);
        assert_eq!((board.pid(0), board.idle(0..2)), (8, 1));
        assert_eq!(board.process(0).map(|process| process.requests.load(Relaxed)), Some(0));
        assert_eq!(board.pid(99), 0);
        Ok(())
    }

    #[test]
    fn one_leaves_after_the_other() -> io::Result<()> {
        let board = Board::new(&Layout { mode: Mode::Base, workers: 2, tasks: 0, users: 0 })?;
        assert_eq!(board.take_turn(0, 7), Ok(()));
        let holder = board.take_turn(1, 8);
        assert!(holder.is_err() && holder == board.take_turn(1, 8));
        // Its successor is there, and does not overtake who has waited.
        board.give_turn_back(0);
        assert!(board.take_turn(0, 9).is_err());
        assert_eq!(board.take_turn(1, 8), Ok(()));
        assert!(board.take_turn(0, 9).is_err());
        // Both are killed.
        board.give_turn_back(1);
        board.give_turn_back(0);
        assert_eq!(board.take_turn(1, 10), Ok(()));
        Ok(())
    }
}
