//! Which processes a server has, and the index of each on the bus.
//!
//! ```text
//!   0 .. workers .. + tasks .. + users | manager | master
//! ```
//!
//! What PHP calls a worker's id is its index. A server without a manager is one process, worker 0; in `SWOOLE_BASE` there is no master.

use std::ops::Range;

/// How connections and PHP share the processes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// Each worker owns the connections that it accepts.
    Base = 1,
    /// The master owns all connections.
    Process = 2,
}

/// What one process is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// Runs the events of connections.
    Worker,
    /// Runs tasks.
    TaskWorker,
    /// Runs a function of the user's.
    User,
    /// Starts and replaces all those.
    Manager,
    /// Owns the connections in `SWOOLE_PROCESS`.
    Master,
}

/// The processes of a server.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Layout {
    /// How connections and PHP share them.
    pub mode: Mode,
    /// Number of workers.
    pub workers: usize,
    /// Number of task workers.
    pub tasks: usize,
    /// Number of user processes.
    pub users: usize,
}

impl Layout {
    /// Workers and task workers.
    pub fn core(&self) -> usize {
        self.workers + self.tasks
    }

    /// All that the manager starts.
    pub fn managed(&self) -> usize {
        self.core() + self.users
    }

    /// The manager's index.
    pub fn manager(&self) -> usize {
        self.managed()
    }

    /// The master's index.
    pub fn master(&self) -> usize {
        self.managed() + 1
    }

    /// All processes, the master's place included where there is none.
    pub fn processes(&self) -> usize {
        self.managed() + 2
    }

    /// The indexes of the workers.
    pub fn worker_range(&self) -> Range<usize> {
        0..self.workers
    }

    /// The indexes of the task workers.
    pub fn task_range(&self) -> Range<usize> {
        self.workers..self.core()
    }

    /// The indexes of the user processes.
    pub fn user_range(&self) -> Range<usize> {
        self.core()..self.managed()
    }

    /// What the process with this index is.
    pub fn part(&self, index: usize) -> Part {
        match index {
            index if index < self.workers => Part::Worker,
            index if index < self.core() => Part::TaskWorker,
            index if index < self.managed() => Part::User,
            index if index == self.manager() => Part::Manager,
            _ => Part::Master,
        }
    }

    /// The order in which the manager starts them: those that others send tasks to come first.
    pub fn order(&self) -> Vec<usize> {
        self.task_range().chain(self.worker_range()).chain(self.user_range()).collect()
    }

    /// Who is told to end after whom: a worker may need task workers until its last request is answered.
    pub fn ends(&self) -> Vec<Range<usize>> {
        vec![self.worker_range(), self.task_range(), self.user_range()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_index_has_a_part() {
        let layout = Layout { mode: Mode::Process, workers: 2, tasks: 1, users: 1 };
        let parts: Vec<Part> = (0..layout.processes()).map(|index| layout.part(index)).collect();
        let wanted = [Part::Worker, Part::Worker, Part::TaskWorker, Part::User, Part::Manager, Part::Master];
        assert_eq!(parts, wanted);
        assert_eq!(layout.order(), [2, 0, 1, 3]);
    }
}
