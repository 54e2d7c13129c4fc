//! `flock`, `fcntl` locks, `semop`, `msgrcv` and `msgsnd`: a coroutine that waits for a lock, a semaphore or a message asks again when
//! one of this process's is given back or sent, and now and then for those of other processes, of which nothing tells.

use super::flags::{self, hook};
use super::{file, gate};
use crate::coroutine::engine;
use libc::{c_long, size_t, ssize_t};
use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::{c_int, c_void};
use std::os::fd::RawFd;
use std::rc::Rc;
use std::time::Duration;
use tokio::sync::Notify;

/// What coroutines wait for.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Awaited {
    /// The lock of a file, whatever descriptor leads to it.
    File(libc::dev_t, libc::ino_t),
    /// A set of semaphores.
    Semaphores(c_int),
    /// Messages of a queue, or room in it.
    Queue(c_int),
}

thread_local! {
    static WAITED_FOR: RefCell<HashMap<Awaited, Rc<Notify>>> = RefCell::new(HashMap::new());
}

/// How long it may have been free before its waiter asks again.
const SHORTEST: Duration = Duration::from_millis(1);
const LONGEST: Duration = Duration::from_millis(20);

/// A loop begins: nobody waits. Abandoned stacks keep what they hold of it.
pub(super) fn begin() {
    WAITED_FOR.with_borrow_mut(HashMap::clear);
}

fn file_of(fd: RawFd) -> Option<Awaited> {
    // SAFETY: all zero; filled by the call.
    let mut status: libc::stat = unsafe { std::mem::zeroed() };
    // SAFETY: fills a struct of ours.
    (unsafe { libc::fstat(fd, &mut status) } == 0).then_some(Awaited::File(status.st_dev, status.st_ino))
}

/// Who waits for a lock of `fd`'s file, before something is done that gives it back.
pub(super) fn waiters(fd: RawFd) -> Option<Rc<Notify>> {
    WAITED_FOR.with_borrow(|all| if all.is_empty() { None } else { all.get(&file_of(fd)?).cloned() })
}

/// Semaphores or messages changed: all who wait for them ask again.
fn changed(awaited: Awaited) {
    if let Some(waiters) = WAITED_FOR.with_borrow(|all| all.get(&awaited).cloned()) {
        waiters.notify_waiters();
    }
}

/// Repeats `attempt`, which does not wait, until it fails otherwise than with one of the numbers `busy`.
fn until_free<T: PartialEq + From<i8>>(
    awaited: impl FnOnce() -> Option<Awaited>,
    busy: &[c_int],
    mut attempt: impl FnMut() -> T,
) -> T {
    let failure = T::from(-1);
    let errno = gate::errno();
    let mut result = attempt();
    if result == failure && busy.contains(&gate::errno()) {
        let Some(awaited) = awaited() else { return failure };
        let mut pause = SHORTEST;
        while result == failure && busy.contains(&gate::errno()) {
            if !wait(awaited, pause) {
                gate::last_error(libc::ECANCELED);
                return gate::fail(libc::ECANCELED);
            }
            pause = (pause * 2).min(LONGEST);
            result = attempt();
        }
    }
    if result != failure {
        gate::set_errno(errno);
    }
    result
}

/// Suspends until it may be free; false when the coroutine was cancelled.
fn wait(awaited: Awaited, pause: Duration) -> bool {
    let notify = WAITED_FOR.with_borrow_mut(|all| Rc::clone(all.entry(awaited).or_default()));
    let parked = gate::Parked::new();
    let waited = engine::scheduler().wait_for(notify.notified(), Some(pause));
    drop((notify, parked));
    WAITED_FOR.with_borrow_mut(|all| {
        if all.get(&awaited).is_some_and(|notify| Rc::strong_count(notify) == 1) {
            all.remove(&awaited);
        }
    });
    waited.is_ok()
}

/// Whether a lock of this file is waited for as coroutines do.
fn applies_to(fd: RawFd) -> bool {
    (flags::on(hook::FILE | hook::STDIO) || file::always(fd)) && gate::coroutine().is_some()
}

fn applies() -> bool {
    gate::coroutine_if(hook::FILE | hook::STDIO).is_some()
}

pub(super) unsafe extern "C" fn flock(fd: c_int, operation: c_int) -> c_int {
    // SAFETY: takes any numbers.
    let call = |operation| unsafe { libc::flock(fd, operation) };
    if operation & libc::LOCK_UN != 0 {
        let waiters = if gate::coroutine().is_some() { waiters(fd) } else { None };
        let result = call(operation);
        if let Some(waiters) = waiters {
            waiters.notify_one();
        }
        return result;
    }
    if operation & libc::LOCK_NB != 0 || !applies_to(fd) {
        return call(operation);
    }
    until_free(|| file_of(fd), &[libc::EWOULDBLOCK], || call(operation | libc::LOCK_NB))
}

/// The third argument is a number or a pointer, as the command has it: both fill one word.
pub(super) unsafe extern "C" fn fcntl(fd: c_int, command: c_int, argument: *mut c_void) -> c_int {
    // SAFETY: the caller's arguments as they are.
    let call = |command| unsafe { libc::fcntl(fd, command, argument) };
    let trying = match command {
        libc::F_SETLKW => libc::F_SETLK,
        libc::F_OFD_SETLKW => libc::F_OFD_SETLK,
        _ => return call(command),
    };
    if !applies_to(fd) {
        return call(command);
    }
    until_free(|| file_of(fd), &[libc::EAGAIN, libc::EACCES], || call(trying))
}

pub(super) unsafe extern "C" fn semop(set: c_int, operations: *mut libc::sembuf, count: size_t) -> c_int {
    const NOWAIT: i16 = libc::IPC_NOWAIT as i16;
    // SAFETY: the caller's arguments as they are.
    let call = |operations| unsafe { libc::semop(set, operations, count) };
    if operations.is_null() || count == 0 || !applies() {
        return call(operations);
    }
    // SAFETY: the caller's list.
    let mut list = unsafe { std::slice::from_raw_parts(operations, count) }.to_vec();
    let result = if list.iter().any(|one| one.sem_flg & NOWAIT != 0) {
        call(operations)
    } else {
        for one in &mut list {
            one.sem_flg |= NOWAIT;
        }
        until_free(|| Some(Awaited::Semaphores(set)), &[libc::EAGAIN], || call(list.as_mut_ptr()))
    };
    if result == 0 {
        changed(Awaited::Semaphores(set));
    }
    result
}

pub(super) unsafe extern "C" fn msgrcv(
    queue: c_int,
    message: *mut c_void,
    size: size_t,
    kind: c_long,
    flags: c_int,
) -> ssize_t {
    // SAFETY: the caller's arguments as they are.
    let call = |flags| unsafe { libc::msgrcv(queue, message, size, kind, flags) };
    if !applies() {
        return call(flags);
    }
    let result = match flags & libc::IPC_NOWAIT {
        0 => until_free(|| Some(Awaited::Queue(queue)), &[libc::ENOMSG], || call(flags | libc::IPC_NOWAIT)),
        _ => call(flags),
    };
    if result >= 0 {
        changed(Awaited::Queue(queue));
    }
    result
}

pub(super) unsafe extern "C" fn msgsnd(queue: c_int, message: *const c_void, size: size_t, flags: c_int) -> c_int {
    // SAFETY: the caller's arguments as they are.
    let call = |flags| unsafe { libc::msgsnd(queue, message, size, flags) };
    if !applies() {
        return call(flags);
    }
    let result = match flags & libc::IPC_NOWAIT {
        0 => until_free(|| Some(Awaited::Queue(queue)), &[libc::EAGAIN], || call(flags | libc::IPC_NOWAIT)),
        _ => call(flags),
    };
    if result == 0 {
        changed(Awaited::Queue(queue));
    }
    result
}
