//! What a server was set to do, as its processes need it.

use super::layout::Mode;
use std::time::Duration;

/// Most workers for each processor.
const WORKERS_PER_PROCESSOR: usize = 1000;
/// Most threads of Swoole's for each processor.
const REACTORS_PER_PROCESSOR: usize = 4;

/// How tasks come to task workers, `SWOOLE_IPC_*`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TaskQueue {
    /// By the bus, to the task worker that was chosen.
    Bus,
    /// By a message queue of the system, to the task worker that was chosen.
    Messages,
    /// By a message queue of the system, to whoever takes it first.
    Shared,
}

/// The settings of a server. Names and defaults are Swoole's.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each is the option of its name")]
pub struct Settings {
    pub worker_num: usize,
    pub task_worker_num: usize,
    /// Nothing runs on other threads: only too many of them are told.
    pub reactor_num: usize,
    /// Seconds that a process may take to end.
    pub max_wait_time: u64,
    pub enable_coroutine: bool,
    pub reload_async: bool,
    pub max_request: i64,
    pub max_request_grace: i64,
    pub task_max_request: i64,
    pub task_max_request_grace: i64,
    pub task_enable_coroutine: bool,
    pub task_object: bool,
    pub event_object: bool,
    pub task_queue: TaskQueue,
    pub message_queue_key: i32,
    pub task_tmpdir: Option<Vec<u8>>,
    pub daemonize: bool,
    pub pid_file: Option<Vec<u8>>,
    pub user: Option<Vec<u8>>,
    pub group: Option<Vec<u8>>,
    pub chroot: Option<Vec<u8>>,
    pub open_cpu_affinity: bool,
    /// Processors that workers may use, with `open_cpu_affinity`.
    pub processors: Vec<usize>,
    pub dispatch_mode: i64,
    pub enable_unsafe_event: bool,
    pub enable_delay_receive: bool,
    pub enable_reuse_port: bool,
    pub discard_timeout_request: bool,
    pub send_yield: bool,
    /// Seconds; none at 0 and below.
    pub send_timeout: f64,
    pub max_connection: usize,
    pub heartbeat_check_interval: u64,
    /// So many bytes may go out at once in a server of several processes.
    pub output_buffer_size: u32,
    pub max_concurrency: u32,
    pub worker_max_concurrency: u32,
    /// Connections get the numbers after this one.
    pub start_session_id: i64,
}

impl Settings {
    /// The defaults; `processors` are those of the machine.
    pub fn new(mode: Mode, processors: usize, descriptors: usize) -> Self {
        Self {
            worker_num: if mode == Mode::Base { 1 } else { processors },
            task_worker_num: 0,
            reactor_num: 0,
            max_wait_time: 3,
            enable_coroutine: true,
            reload_async: true,
            max_request: 0,
            max_request_grace: 0,
            task_max_request: 0,
            task_max_request_grace: 0,
            task_enable_coroutine: false,
            task_object: false,
            event_object: false,
            task_queue: TaskQueue::Bus,
            message_queue_key: 0,
            task_tmpdir: None,
            daemonize: false,
            pid_file: None,
            user: None,
            group: None,
            chroot: None,
            open_cpu_affinity: false,
            processors: (0..processors).collect(),
            dispatch_mode: 2,
            enable_unsafe_event: false,
            enable_delay_receive: false,
            enable_reuse_port: false,
            discard_timeout_request: false,
            send_yield: true,
            send_timeout: 0.0,
            max_connection: descriptors.min(100_000),
            heartbeat_check_interval: 0,
            output_buffer_size: u32::MAX,
            max_concurrency: u32::MAX,
            worker_max_concurrency: u32::MAX,
            start_session_id: 0,
        }
    }

    /// Brings numbers within what is possible; what was changed, in Swoole's words.
    pub fn limit(&mut self, last_port: i32, processors: usize, descriptors: usize) -> Vec<String> {
        let mut words = Vec::new();
        let least = (self.worker_num + self.task_worker_num) * 2 + 32 + last_port.unsigned_abs() as usize;
        if self.max_connection < least {
            self.max_connection = (least + 1).max(descriptors);
            words.push(format!("max_connection must be bigger than {least}, it's reset to {}", self.max_connection));
        }
        let most = processors * REACTORS_PER_PROCESSOR;
        if self.reactor_num > most {
            words.push(format!("reactor_num == {}, Too many threads, reset to max value {most}", self.reactor_num));
            self.reactor_num = most;
        }
        let most = processors * WORKERS_PER_PROCESSOR;
        let mut cut = |name: &str, number: &mut usize| {
            if *number > most {
                words.push(format!("{name} == {number}, Too many processes, reset to max value {most}"));
                *number = most;
            }
        };
        cut("worker_num", &mut self.worker_num);
        cut("task_worker_num", &mut self.task_worker_num);
        words
    }

    /// How long a process may take to end; `None` is for ever.
    pub fn patience(&self) -> Option<Duration> {
        (self.max_wait_time > 0).then(|| Duration::from_secs(self.max_wait_time))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_brought_within_what_is_possible() {
        let mut settings = Settings::new(Mode::Base, 2, 1024);
        assert!(settings.limit(5, 2, 1024).is_empty());
        settings.worker_num = 100_000;
        let words = settings.limit(6, 2, 1024);
        assert_eq!(words[0], "max_connection must be bigger than 200038, it's reset to 200039");
        assert_eq!(words[1], "worker_num == 100000, Too many processes, reset to max value 2000");
        assert_eq!(settings.worker_num, 2000);
    }
}
