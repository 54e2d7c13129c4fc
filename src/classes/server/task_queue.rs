//! Tasks on their way through a message queue of the system, `task_ipc_mode` 2 and 3: to one task worker, or to whoever takes them first.
//!
//! Programs that are no part of the server may send tasks too, with `msg_send()` and [`Task::pack()`](super::task). A queue wakes nobody that
//! also waits for other things, so who sends a task from inside of the server rings the task worker; those from outside are looked for.

use super::inbox::Kind;
use super::messages::Head;
use super::running::{Running, running};
use super::tasks::{self, Origin};
use crate::coroutine::engine::{self, scheduler};
use crate::coroutine::scheduler::Waiting;
use crate::io::message_queue::{LONGEST, Level, MessageQueue};
use crate::log;
use crate::server::layout::Layout;
use crate::server::settings::{Settings, TaskQueue};
use std::ffi::{OsStr, OsString};
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// How often a task worker looks for tasks from outside.
pub(super) const LOOK: Duration = Duration::from_millis(50);
/// How long a sender waits between two looks at a full queue, and how long in all.
const PAUSE: Duration = Duration::from_millis(1);
const PATIENCE: Duration = Duration::from_secs(30);
/// `SWOOLE_TASK_TMPFILE`: the data are in a file.
const IN_FILE: u32 = 1;
/// Longest message of most systems, our head included.
const LONGEST_MESSAGE: usize = 8192;
/// How the names of files with data begin.
const FILE: &str = "swoole.task.";
/// What packed data begin with: those that anybody has packed, and tasks of the server's.
const MARKS: [[u8; 4]; 2] = [*b"task", *b"Task"];
/// Where tasks come from that others have packed.
const OUTSIDE: usize = usize::MAX;
/// Bytes of where a task of the server's comes from.
const FROM: usize = 16;

/// The queue of a server's tasks.
pub(super) struct Queue {
    queue: MessageQueue,
    shared: bool,
    private: bool,
}

impl Queue {
    /// The queue that the settings ask for, before the first fork.
    ///
    /// # Errors
    /// The system has none for us.
    pub(super) fn open(settings: &Settings, layout: &Layout) -> io::Result<Option<Self>> {
        if settings.task_queue == TaskQueue::Bus || layout.tasks == 0 {
            return Ok(None);
        }
        let mut queue = MessageQueue::open(settings.message_queue_key, false)?;
        // Processes that end must not take it along.
        queue.keep();
        let shared = settings.task_queue == TaskQueue::Shared;
        Ok(Some(Self { queue, shared, private: settings.message_queue_key == 0 }))
    }

    /// The server has ended: a queue that nobody else can find goes.
    pub(super) fn close(&self) {
        if self.private {
            // It may be gone already.
            let _ = self.queue.remove();
        }
    }

    /// How full it is; `None` when it was removed.
    pub(super) fn level(&self) -> Option<Level> {
        self.queue.level().ok()
    }

    /// Whether whoever comes first takes a task.
    pub(super) fn is_shared(&self) -> bool {
        self.shared
    }

    /// Sends a task to the task worker with this index, waiting while the queue is full. False, with a line in the log, when it cannot be sent.
    pub(super) fn push(&self, running: &Running, index: usize, head: Head, data: &[u8]) -> bool {
        let mut from = [0; FROM];
        from[..8].copy_from_slice(&(running.bus.index() as u64).to_ne_bytes());
        from[8..].copy_from_slice(&(running.bus.own_address() as u64).to_ne_bytes());
        let packed = match packed_with(MARKS[1], head, &from, data) {
            Ok(packed) => packed,
            Err(error) => return failed("write to tmpfile failed", &error),
        };
        let until = Instant::now() + PATIENCE;
        loop {
            match self.queue.push(index as libc::c_long + 1, &packed) {
                Ok(()) => break,
                Err(error) if error.raw_os_error() == Some(libc::EAGAIN) && Instant::now() < until => pause(),
                Err(error) => return failed(&format!("msgsnd({}) failed", self.queue.id()), &error),
            }
        }
        // Whose bell is full looks by itself.
        let _ = running.bus.send(index, Kind::Task as u8, &[], &[]);
        true
    }

    /// Runs the next task, if there is one.
    pub(super) fn serve(&self, running: &Rc<Running>) -> bool {
        let own = running.bus.index();
        let kind = if self.shared { 0 } else { own as libc::c_long + 1 };
        let packed = match self.queue.pop(kind, LONGEST) {
            Ok(packed) => packed,
            Err(error) if matches!(error.raw_os_error(), Some(libc::ENOMSG | libc::EINTR)) => return false,
            Err(error) => {
                failed(&format!("[Worker#{own}] msgrcv({}) failed", self.queue.id()), &error);
                // The queue was removed under us.
                std::thread::sleep(LOOK);
                return false;
            }
        };
        let Some((origin, data)) = parts(&packed) else {
            let text = format!(
                "[Worker#{own}] bad task packet, The received data-length[{}] is inconsistent with the packet-length[{}]",
                packed.len(),
                Head::SIZE
            );
            log::warning("ProcessPool::run_with_task_protocol()", &text);
            return true;
        };
        if origin.back == OUTSIDE {
            running.board.counters.tasking.fetch_add(1, Relaxed);
        }
        tasks::run(running, origin, &data);
        true
    }
}

fn failed(what: &str, error: &io::Error) -> bool {
    log::system_warning("Server::task()", what, error.raw_os_error().unwrap_or(0));
    false
}

/// Gives others time to take tasks.
fn pause() {
    if engine::current_id().is_some() {
        let _ = scheduler().park_for(Waiting::External, Some(PAUSE));
    } else {
        std::thread::sleep(PAUSE);
    }
}

/// A head and data in one piece, for who is no part of the server. What is too long for a message goes to a file.
///
/// # Errors
/// That file cannot be written.
pub(super) fn pack(head: Head, data: &[u8]) -> io::Result<Vec<u8>> {
    packed_with(MARKS[0], head, &[], data)
}

fn packed_with(mark: [u8; 4], head: Head, from: &[u8], data: &[u8]) -> io::Result<Vec<u8>> {
    if mark.len() + Head::SIZE + from.len() + data.len() <= LONGEST_MESSAGE {
        return Ok([&mark[..], &head.to_bytes(), from, data].concat());
    }
    let path = write_file(data)?;
    let head = Head { flags: head.flags | IN_FILE, ..head };
    Ok([&mark[..], &head.to_bytes(), from, path.as_os_str().as_bytes()].concat())
}

fn write_file(data: &[u8]) -> io::Result<PathBuf> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let folder = running().and_then(|running| running.settings.task_tmpdir.clone());
    let folder = PathBuf::from(folder.map_or_else(|| OsString::from("/tmp"), OsString::from_vec));
    loop {
        let number = NUMBER.fetch_add(1, Relaxed);
        let path = folder.join(format!("{FILE}{}-{number:06}", std::process::id()));
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path) {
            Ok(mut file) => return file.write_all(data).map(|()| path),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
}

/// The head and the data of a piece; `None` when it is no such piece.
pub(super) fn parts(packed: &[u8]) -> Option<(Origin, Vec<u8>)> {
    let (mark, rest) = packed.split_first_chunk::<4>()?;
    let (head, rest) = rest.split_at_checked(Head::SIZE)?;
    let mut origin = Origin { head: Head::parse(head)?, from: 0, back: OUTSIDE };
    let data = if *mark == MARKS[1] {
        let (from, data) = rest.split_first_chunk::<FROM>()?;
        origin.from = u64::from_ne_bytes(*from.first_chunk()?) as usize;
        origin.back = u64::from_ne_bytes(*from[8..].first_chunk()?) as usize;
        data
    } else if *mark == MARKS[0] {
        rest
    } else {
        return None;
    };
    if origin.head.flags & IN_FILE == 0 {
        return Some((origin, data.to_vec()));
    }
    origin.head.flags &= !IN_FILE;
    let path = Path::new(OsStr::from_bytes(data));
    // No other file is to be read and removed because of what came in a message.
    let is_ours = path.file_name().is_some_and(|name| name.as_bytes().starts_with(FILE.as_bytes()));
    let content = is_ours.then(|| fs::read(path).ok()).flatten()?;
    // Somebody else may have removed it.
    let _ = fs::remove_file(path);
    Some((origin, content))
}
