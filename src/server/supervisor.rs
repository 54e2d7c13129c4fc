//! Starts worker processes, replaces those that end, and ends with them.
//!
//! A supervisor forks, waits and sends signals, nothing else: it runs no event loop, so its children copy none. Its owner asks
//! it for [events](Supervisor::next) in a loop; one of them, [`Event::Born`], happens in the child.
//!
//! ```text
//!            SIGTERM or stop()                         all have ended
//!   running ───────────────────▶ stopping ───────────────────────────▶ over
//!     │  ▲                          │ after the patience: SIGKILL
//!     ▼  │ every worker replaced    ▼
//!   reloading (SIGUSR1, SIGUSR2 or reload()): one worker after the other gets SIGTERM
//! ```

use crate::io::process::{self, Exit, Side};
use crate::io::signal::{self, Who};
use crate::io::{children, pipe};
use std::collections::{HashSet, VecDeque};
use std::io;
use std::ops::Range;
use std::os::fd::RawFd;
use std::time::{Duration, Instant};

/// How long it waits before it tries again to start a worker for which the system had no room.
const RETRY: Duration = Duration::from_secs(1);

/// The signals that it listens to, and tells its owner of or acts upon.
const SIGNALS: [i32; 6] = [libc::SIGCHLD, libc::SIGTERM, libc::SIGUSR1, libc::SIGUSR2, libc::SIGWINCH, libc::SIGIO];

/// What happened.
#[derive(Debug)]
pub enum Event {
    /// This is the new process of the worker with this index: its life is the caller's business, the supervisor is not.
    Born(usize),
    /// A worker was started.
    Started {
        /// Its index.
        index: usize,
        /// Its process.
        pid: i32,
    },
    /// A worker has ended. Unless the supervisor is stopping, it is started again.
    Ended {
        /// Its index.
        index: usize,
        /// How it ended.
        exit: Exit,
    },
    /// A child ended that is no worker, or no longer.
    Stranger {
        /// How it ended.
        exit: Exit,
        /// It was a worker that was let go.
        detached: bool,
    },
    /// There is no room for a worker's process; it is tried again.
    CannotStart {
        /// The worker's index.
        index: usize,
        /// Why.
        error: io::Error,
    },
    /// A worker did not end in time and was killed.
    Killed {
        /// Its index.
        index: usize,
        /// Its process.
        pid: i32,
    },
    /// Every worker was replaced.
    Reloaded,
    /// A signal arrived that the supervisor itself does nothing about.
    Signal(i32),
    /// The workers are about to be told to end.
    Stopping,
    /// The time given to [`Supervisor::next`] has come, or its descriptor is readable.
    Due,
    /// All workers have ended.
    Over,
}

/// What it does besides replacing those that end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Phase {
    Running,
    /// It was told to stop.
    Stop,
    /// The owner was told, the workers were not.
    Told,
    /// The workers were told.
    Stopping,
}

/// One worker; its place outlives its processes.
#[derive(Clone, Copy, Debug, Default)]
struct Worker {
    /// 0 while it has no process.
    pid: i32,
}

/// A reload that is under way.
#[derive(Debug)]
struct Reload {
    /// Processes to replace that have not ended.
    left: HashSet<i32>,
    /// Those that were not told yet, in order.
    queue: VecDeque<i32>,
    /// When those that are left are killed.
    limit: Option<Instant>,
    /// One has ended; the next is told when its successor has been started.
    waits_for_start: bool,
}

/// The parent of some workers.
#[derive(Debug)]
pub struct Supervisor {
    workers: Vec<Worker>,
    to_start: VecDeque<usize>,
    retry: Option<Instant>,
    detached: HashSet<i32>,
    /// How long a worker may take to end once it was told; `None` is for ever.
    patience: Option<Duration>,
    /// The same when all end.
    last_patience: Option<Duration>,
    /// Groups of indexes, each of which is told to end when the one before has ended.
    ends: Vec<Range<usize>>,
    /// The group that is ending.
    ending: usize,
    /// The end of those that were let go is waited for.
    waits_for_detached: bool,
    /// The signals that it listens to.
    signals: Vec<i32>,
    /// SIGUSR1 and SIGUSR2 are the owner's.
    reloads_by_owner: bool,
    reload: Option<Reload>,
    phase: Phase,
    /// When those that are left are killed, while stopping.
    limit: Option<Instant>,
    /// What happened and was not told yet.
    events: VecDeque<Event>,
    pid: i32,
}

impl Supervisor {
    /// A supervisor of `count` workers, which the first calls of [`Supervisor::next`] start.
    ///
    /// # Errors
    /// No descriptors left.
    pub fn new(count: usize, patience: Option<Duration>) -> io::Result<Self> {
        signal::bell()?;
        for number in SIGNALS {
            signal::listen(number, Who::Supervisor)?;
        }
        Ok(Self {
            workers: vec![Worker::default(); count],
            to_start: (0..count).collect(),
            retry: None,
            detached: HashSet::new(),
            patience,
            last_patience: patience,
            ends: std::iter::once(0..count).collect(),
            ending: 0,
            waits_for_detached: false,
            signals: SIGNALS.to_vec(),
            reloads_by_owner: false,
            reload: None,
            phase: Phase::Running,
            limit: None,
            events: VecDeque::new(),
            pid: process::id(),
        })
    }

    /// Starts the workers in this order.
    pub fn start_in_order(&mut self, order: impl IntoIterator<Item = usize>) {
        self.to_start = order.into_iter().collect();
    }

    /// When all end: these groups of workers one after the other, with so much time together, and those that were let go too.
    pub fn end_in_order(&mut self, groups: Vec<Range<usize>>, patience: Option<Duration>) {
        self.ends = groups;
        self.waits_for_detached = true;
        self.last_patience = patience;
    }

    /// Leaves SIGUSR1 and SIGUSR2 to the owner, as [`Event::Signal`].
    pub fn leave_reloads(&mut self) {
        self.reloads_by_owner = true;
    }

    /// Tells the owner of this signal too.
    ///
    /// # Errors
    /// It is no signal that can be listened to.
    pub fn listen(&mut self, number: i32) -> io::Result<()> {
        signal::listen(number, Who::Supervisor)?;
        self.signals.push(number);
        Ok(())
    }

    /// Whether it has not been told to stop.
    pub fn is_running(&self) -> bool {
        self.phase == Phase::Running
    }

    /// Ends the workers and then itself.
    pub fn stop(&mut self) {
        if self.phase == Phase::Running {
            self.phase = Phase::Stop;
        }
    }

    /// Replaces every worker, one after the other. False when that is under way already.
    pub fn reload(&mut self) -> bool {
        self.reload_some(0..self.workers.len(), false)
    }

    /// Replaces the workers with these indexes, one after the other or all `at_once`. False when a reload is under way already.
    pub fn reload_some(&mut self, which: Range<usize>, at_once: bool) -> bool {
        if self.reload.is_some() || !self.is_running() {
            return false;
        }
        let pids = self.workers.iter().enumerate().filter(|(index, _)| which.contains(index));
        let mut queue: VecDeque<i32> = pids.map(|(_, worker)| worker.pid).filter(|pid| *pid != 0).collect();
        let limit = self.patience.map(|patience| Instant::now() + patience);
        let mut left: HashSet<i32> = queue.iter().copied().collect();
        if at_once {
            left.retain(|pid| process::kill(*pid, libc::SIGTERM).is_ok());
            queue.clear();
        }
        self.reload = Some(Reload { left, queue, limit, waits_for_start: at_once });
        if !at_once {
            self.tell_next();
        }
        true
    }

    /// Lets a worker's process go on by itself and starts another one in its place. False when it is no worker.
    pub fn detach(&mut self, pid: i32) -> bool {
        let Some(index) = self.index_of(pid) else { return false };
        self.workers[index].pid = 0;
        self.detached.insert(pid);
        self.to_start.push_back(index);
        self.replaced(pid);
        true
    }

    /// Sends a signal to every worker.
    pub fn signal_all(&self, number: i32) {
        for worker in self.workers.iter().filter(|worker| worker.pid != 0) {
            // It may have ended in this moment.
            let _ = process::kill(worker.pid, number);
        }
    }

    /// The worker that runs in the process `pid`.
    pub fn index(&self, pid: i32) -> Option<usize> {
        self.index_of(pid)
    }

    fn tell_group(&self) {
        let Some(group) = self.ends.get(self.ending) else { return };
        for worker in self.workers.get(group.clone()).unwrap_or_default().iter().filter(|worker| worker.pid != 0) {
            // It may have ended in this moment.
            let _ = process::kill(worker.pid, libc::SIGTERM);
        }
    }

    fn index_of(&self, pid: i32) -> Option<usize> {
        self.workers.iter().position(|worker| worker.pid == pid && pid != 0)
    }

    /// Tells the next process in a reload to end.
    fn tell_next(&mut self) {
        while let Some(reload) = &mut self.reload
            && let Some(pid) = reload.queue.pop_front()
        {
            if reload.left.contains(&pid) {
                if process::kill(pid, libc::SIGTERM).is_ok() {
                    return;
                }
                reload.left.remove(&pid);
            }
        }
        self.finish_reload();
    }

    fn finish_reload(&mut self) {
        if self.reload.as_ref().is_some_and(|reload| reload.left.is_empty()) {
            self.reload = None;
            self.events.push_back(Event::Reloaded);
        }
    }

    /// A process is no worker any more.
    fn replaced(&mut self, pid: i32) {
        if let Some(reload) = &mut self.reload {
            reload.left.remove(&pid);
            reload.waits_for_start = true;
        }
    }

    /// Goes on with a reload when all who ended have their successors.
    fn go_on_with_reload(&mut self) {
        if self.to_start.is_empty()
            && let Some(reload) = &mut self.reload
            && std::mem::take(&mut reload.waits_for_start)
        {
            self.tell_next();
        }
    }

    /// Starts the next worker, if one is to be started.
    fn start(&mut self) {
        if self.retry.is_some_and(|retry| retry > Instant::now()) {
            return;
        }
        self.retry = None;
        let Some(index) = self.to_start.pop_front() else { return };
        // A signal for the child that arrives before it has put aside its parent's handlers must not be lost in them.
        let blocked = signal::block();
        match process::fork() {
            Ok(Side::Child) => {
                signal::forked();
                children::forked();
                process::end_with_parent(self.pid);
                self.events.clear();
                self.events.push_back(Event::Born(index));
            }
            Ok(Side::Parent(pid)) => {
                self.workers[index].pid = pid;
                self.events.push_back(Event::Started { index, pid });
                self.go_on_with_reload();
            }
            Err(error) => {
                self.to_start.push_front(index);
                self.retry = Some(Instant::now() + RETRY);
                self.events.push_back(Event::CannotStart { index, error });
            }
        }
        drop(blocked);
    }

    fn reap(&mut self) {
        while let Ok(Some(exit)) = children::any(false) {
            let Some(index) = self.index_of(exit.pid) else {
                let detached = self.detached.remove(&exit.pid);
                self.events.push_back(Event::Stranger { exit, detached });
                continue;
            };
            self.workers[index].pid = 0;
            self.events.push_back(Event::Ended { index, exit });
            if self.is_running() {
                self.to_start.push_back(index);
            }
            self.replaced(exit.pid);
        }
    }

    fn take_signals(&mut self) {
        for number in signal::take() {
            match number {
                libc::SIGCHLD => {}
                libc::SIGTERM => self.stop(),
                libc::SIGUSR1 | libc::SIGUSR2 if !self.reloads_by_owner => drop(self.reload()),
                number => self.events.push_back(Event::Signal(number)),
            }
        }
    }

    /// Kills those whose time is over.
    fn enforce(&mut self) {
        let now = Instant::now();
        let passed = |limit: &mut Option<Instant>| limit.take_if(|limit| *limit <= now).is_some();
        if passed(&mut self.limit) {
            self.kill(|_| true);
        }
        if let Some(reload) = &mut self.reload
            && passed(&mut reload.limit)
        {
            reload.queue.clear();
            let left = reload.left.clone();
            self.kill(|pid| left.contains(&pid));
        }
    }

    fn kill(&mut self, which: impl Fn(i32) -> bool) {
        if self.waits_for_detached {
            for pid in self.detached.iter().filter(|pid| which(**pid)) {
                // It may have ended in this moment.
                let _ = process::kill(*pid, libc::SIGKILL);
            }
        }
        for (index, Worker { pid }) in self.workers.iter().copied().enumerate() {
            if pid != 0 && which(pid) && process::kill(pid, libc::SIGKILL).is_ok() {
                self.events.push_back(Event::Killed { index, pid });
            }
        }
    }

    /// What happens next; waits for it. Also wakes at `until`, and when `also` is readable.
    ///
    /// # Errors
    /// `also` is not open.
    pub fn next(&mut self, until: Option<Instant>, also: Option<RawFd>) -> io::Result<Event> {
        let mut due = false;
        loop {
            if let Some(event) = self.events.pop_front() {
                return Ok(event);
            }
            self.take_signals();
            self.reap();
            self.enforce();
            match self.phase {
                // What happened is told first: a worker's end before the start of the next one.
                Phase::Running if self.events.is_empty() => self.start(),
                Phase::Running => {}
                Phase::Stop => {
                    self.phase = Phase::Told;
                    self.to_start.clear();
                    self.retry = None;
                    self.reload = None;
                    self.events.push_back(Event::Stopping);
                }
                Phase::Told => {
                    self.phase = Phase::Stopping;
                    self.limit = self.last_patience.map(|patience| Instant::now() + patience);
                    self.tell_group();
                    // Perhaps none is left to tell, and nobody's end would wake this up.
                    continue;
                }
                Phase::Stopping => {
                    let group = self.ends.get(self.ending).cloned().unwrap_or(0..self.workers.len());
                    if self.workers.get(group).is_none_or(|group| group.iter().all(|worker| worker.pid == 0)) {
                        self.ending += 1;
                        if self.ending < self.ends.len() {
                            self.tell_group();
                            continue;
                        }
                        if !self.waits_for_detached || self.detached.is_empty() {
                            self.events.push_back(Event::Over);
                        }
                    }
                }
            }
            if !self.events.is_empty() {
                continue;
            }
            if due || until.is_some_and(|until| until <= Instant::now()) {
                return Ok(Event::Due);
            }
            due = self.sleep(until, also)?;
        }
    }

    /// Waits for a signal, the next moment at which something is to be done, or `also`; true when that is readable.
    fn sleep(&self, until: Option<Instant>, also: Option<RawFd>) -> io::Result<bool> {
        let reload = self.reload.as_ref().and_then(|reload| reload.limit);
        let next = [until, self.retry, self.limit, reload].into_iter().flatten().min();
        let ready = pipe::wait_any(&[signal::bell()?, also.unwrap_or(-1)], next)?;
        Ok(ready == Some(1))
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        if process::id() == self.pid {
            for number in &self.signals {
                signal::release(*number, Who::Supervisor);
            }
        }
    }
}

#[cfg(test)]
mod tests;
