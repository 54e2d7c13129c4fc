//! `flock`: a coroutine that waits for a lock asks again when one of this process's is given back, and now and then for those of
//! other processes, of which nothing tells.

use super::flags::{self, hook};
use super::{file, gate};
use crate::coroutine::engine;
use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::c_int;
use std::os::fd::RawFd;
use std::rc::Rc;
use std::time::Duration;
use tokio::sync::Notify;

/// A file, whatever descriptor leads to it.
type File = (libc::dev_t, libc::ino_t);

thread_local! {
    /// The files that coroutines wait for.
    static WAITED_FOR: RefCell<HashMap<File, Rc<Notify>>> = RefCell::new(HashMap::new());
}

/// How long a lock may have been free before its waiter asks again.
const SHORTEST: Duration = Duration::from_millis(1);
const LONGEST: Duration = Duration::from_millis(20);

/// A loop begins: nobody waits. Abandoned stacks keep what they hold of it.
pub(super) fn begin() {
    WAITED_FOR.with_borrow_mut(HashMap::clear);
}

fn file_of(fd: RawFd) -> Option<File> {
    // SAFETY: all zero; filled by the call.
    let mut status: libc::stat = unsafe { std::mem::zeroed() };
    // SAFETY: fills a struct of ours.
    (unsafe { libc::fstat(fd, &mut status) } == 0).then_some((status.st_dev, status.st_ino))
}

/// The waiters for `fd`'s file, before something is done that gives its lock back.
pub(super) fn waiters(fd: RawFd) -> Option<Rc<Notify>> {
    WAITED_FOR.with_borrow(|all| if all.is_empty() { None } else { all.get(&file_of(fd)?).cloned() })
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
    let hooked = flags::on(hook::FILE | hook::STDIO) || file::always(fd);
    if operation & libc::LOCK_NB != 0 || !hooked || gate::coroutine().is_none() {
        return call(operation);
    }
    let errno = gate::errno();
    let mut pause = SHORTEST;
    loop {
        if call(operation | libc::LOCK_NB) == 0 {
            gate::set_errno(errno);
            return 0;
        }
        if gate::errno() != libc::EWOULDBLOCK {
            return -1;
        }
        let Some(file) = file_of(fd) else { return -1 };
        let notify = WAITED_FOR.with_borrow_mut(|all| Rc::clone(all.entry(file).or_default()));
        let parked = gate::Parked::new();
        let waited = engine::scheduler().wait_for(notify.notified(), Some(pause));
        drop((notify, parked));
        WAITED_FOR.with_borrow_mut(|all| {
            if all.get(&file).is_some_and(|notify| Rc::strong_count(notify) == 1) {
                all.remove(&file);
            }
        });
        if waited.is_err() {
            gate::last_error(libc::ECANCELED);
            return gate::fail(libc::ECANCELED);
        }
        pause = (pause * 2).min(LONGEST);
    }
}
