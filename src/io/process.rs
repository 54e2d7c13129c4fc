//! Processes: fork, how a child ended, daemons, processors and priorities.

use std::ffi::{CStr, CString};
use std::io;

/// Which side of a fork is running.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// The process that forked; its child's id.
    Parent(i32),
    /// The new process.
    Child,
}

/// Makes a copy of this process.
///
/// Only the calling thread exists in the child: it must forget every runtime, thread and lock of the parent's before it uses
/// anything of that kind.
///
/// # Errors
/// The system has no room for another process.
pub fn fork() -> io::Result<Side> {
    // SAFETY: glibc's own locks are consistent in the child; everything else is the caller's duty, as said above.
    match unsafe { libc::fork() } {
        0 => Ok(Side::Child),
        pid if pid > 0 => Ok(Side::Parent(pid)),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Asks the system to end this process with SIGTERM when its parent, the process `parent`, ends.
pub fn end_with_parent(parent: i32) {
    // SAFETY: numbers only. It may have ended before the request.
    unsafe {
        libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGTERM as libc::c_ulong);
        if libc::getppid() != parent {
            libc::kill(libc::getpid(), libc::SIGTERM);
        }
    }
}

/// The id of this process's parent.
pub fn parent() -> i32 {
    // SAFETY: cannot fail.
    unsafe { libc::getppid() }
}

/// Kills this process when `limit` has passed, whatever it does then.
pub fn die_after(limit: std::time::Duration) {
    let once = libc::itimerspec {
        it_interval: libc::timespec { tv_sec: 0, tv_nsec: 0 },
        it_value: libc::timespec {
            tv_sec: limit.as_secs() as libc::time_t,
            // zero would be never
            tv_nsec: (libc::c_long::from(limit.subsec_nanos() as i32)).max(1),
        },
    };
    // SAFETY: plain structs of ours; the timer is never taken back.
    unsafe {
        let mut event: libc::sigevent = std::mem::zeroed();
        event.sigev_notify = libc::SIGEV_SIGNAL;
        event.sigev_signo = libc::SIGKILL;
        let mut timer: libc::timer_t = std::mem::zeroed();
        if libc::timer_create(libc::CLOCK_MONOTONIC, &mut event, &mut timer) == 0 {
            libc::timer_settime(timer, 0, &once, std::ptr::null_mut());
        }
    }
}

/// Takes [`end_with_parent`] back.
pub fn outlive_parent() {
    // SAFETY: numbers only.
    unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, 0 as libc::c_ulong) };
}

/// A child that has ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Exit {
    /// Its process id.
    pub pid: i32,
    /// What `wait` reported, for [`Exit::code`] and [`Exit::signal`].
    pub status: i32,
}

impl Exit {
    /// What it gave to `exit`; 0 when a signal ended it.
    pub fn code(self) -> i32 {
        libc::WEXITSTATUS(self.status)
    }

    /// The signal that ended it, or 0.
    pub fn signal(self) -> i32 {
        libc::WTERMSIG(self.status)
    }

    /// Whether it ended by `exit` with 0.
    pub fn is_clean(self) -> bool {
        self.status == 0
    }
}

/// Takes a child that has ended: any (-1) or one. `None` when none has ended and `block` is false.
///
/// # Errors
/// `ECHILD` when there is no such child, `EINTR` when a signal ended the wait.
pub fn wait(pid: i32, block: bool) -> io::Result<Option<Exit>> {
    let mut status = 0;
    // SAFETY: fills a number of ours.
    match unsafe { libc::waitpid(pid, &mut status, if block { 0 } else { libc::WNOHANG }) } {
        0 => Ok(None),
        pid if pid > 0 => Ok(Some(Exit { pid, status })),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Sends a signal; 0 only asks whether the process is there.
///
/// # Errors
/// `ESRCH`: no such process; `EPERM`: not ours; `EINVAL`: no such signal.
pub fn kill(pid: i32, signal: i32) -> io::Result<()> {
    // SAFETY: numbers only.
    checked(unsafe { libc::kill(pid, signal) }).map(drop)
}

fn checked(result: libc::c_int) -> io::Result<libc::c_int> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) }
}

/// The id of this process.
pub fn id() -> i32 {
    // SAFETY: cannot fail.
    unsafe { libc::getpid() }
}

/// Goes on with this root folder, and as this group and user, by their names; what is not given or does not exist stays as it is. What went
/// wrong comes back. Only root may do this.
///
/// # Errors
/// Names, and what the system says.
pub fn isolate(root: Option<&CStr>, group: Option<&CStr>, user: Option<&CStr>) -> Vec<(&'static str, io::Error)> {
    let mut failed = Vec::new();
    let failure = |what: &'static str, result: libc::c_int| (result < 0).then(|| (what, io::Error::last_os_error()));
    let unknown = |what: &'static str| Some((what, io::Error::from_raw_os_error(libc::ENOENT)));
    // SAFETY: names are C strings; the records that are returned are read at once, on the one thread that runs.
    unsafe {
        if libc::geteuid() != 0 {
            return failed;
        }
        // Both are looked up before the root folder changes.
        let group = group.map(|name| libc::getgrnam(name.as_ptr()).as_ref().map(|group| group.gr_gid));
        let found = user.map(|name| libc::getpwnam(name.as_ptr()).as_ref().map(|user| (user.pw_uid, user.pw_gid)));
        if let (Some(name), Some(Some((_, own)))) = (user, found) {
            // No other rights of who started the server stay behind.
            failed.extend(failure("initgroups", libc::initgroups(name.as_ptr(), own)));
        }
        if let Some(root) = root {
            failed.extend(failure("chroot", libc::chroot(root.as_ptr())));
            failed.extend(failure("chdir", libc::chdir(c"/".as_ptr())));
        }
        match group {
            Some(Some(id)) => failed.extend(failure("setgid", libc::setgid(id))),
            Some(None) => failed.extend(unknown("getgrnam")),
            None => {}
        }
        match found {
            Some(Some((id, _))) => failed.extend(failure("setuid", libc::setuid(id))),
            Some(None) => failed.extend(unknown("getpwnam")),
            None => {}
        }
    }
    failed
}

/// Goes on as a daemon: a new session in a new process, the old one ends at once.
///
/// # Errors
/// No room for another process, or no `/dev/null`.
pub fn daemon(keep_folder: bool, keep_output: bool) -> io::Result<()> {
    // SAFETY: forks; the parent ends in `_exit` without running anything of ours.
    checked(unsafe { libc::daemon(keep_folder.into(), keep_output.into()) }).map(drop)
}

/// Makes `target` another name of descriptor `source`.
///
/// # Errors
/// `source` is not open.
pub fn redirect(source: i32, target: i32) -> io::Result<()> {
    // SAFETY: numbers only; the callers pass standard descriptors as targets.
    checked(unsafe { libc::dup2(source, target) }).map(drop)
}

/// Replaces the program of this process; returns only why it could not.
pub fn exec(path: &CStr, arguments: &[CString]) -> io::Error {
    let mut list: Vec<*const libc::c_char> = arguments.iter().map(|argument| argument.as_ptr()).collect();
    list.push(std::ptr::null());
    // SAFETY: a list of C strings that ends with null.
    unsafe { libc::execv(path.as_ptr(), list.as_ptr()) };
    io::Error::last_os_error()
}

/// How many processors are online.
pub fn processors() -> usize {
    // SAFETY: asks for a number; -1 on failure.
    usize::try_from(unsafe { libc::sysconf(libc::_SC_NPROCESSORS_ONLN) }).unwrap_or(1).max(1)
}

/// Highest number of a processor that can be named, plus one.
pub const PROCESSORS: usize = libc::CPU_SETSIZE as usize;

/// Binds this process to these processors.
///
/// # Errors
/// None of them exists.
pub fn set_affinity(processors: &[usize]) -> io::Result<()> {
    // SAFETY: a set of bits, all clear.
    let mut set: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    for processor in processors.iter().filter(|processor| **processor < PROCESSORS) {
        // SAFETY: within the set.
        unsafe { libc::CPU_SET(*processor, &mut set) };
    }
    // SAFETY: the set is live.
    checked(unsafe { libc::sched_setaffinity(id(), size_of_val(&set), &set) }).map(drop)
}

/// The processors that this process may run on.
///
/// # Errors
/// The system has more than can be named.
pub fn affinity() -> io::Result<Vec<usize>> {
    // SAFETY: a set of bits, all clear.
    let mut set: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    // SAFETY: fills the set.
    checked(unsafe { libc::sched_getaffinity(id(), size_of_val(&set), &mut set) })?;
    // SAFETY: within the set.
    Ok((0..PROCESSORS).filter(|processor| unsafe { libc::CPU_ISSET(*processor, &set) }).collect())
}

/// Sets the scheduling priority of a process, group or user.
///
/// # Errors
/// No permission, or no such process.
pub fn set_priority(which: i32, who: u32, priority: i32) -> io::Result<()> {
    // SAFETY: numbers only.
    checked(unsafe { libc::setpriority(which as _, who, priority) }).map(drop)
}

/// The scheduling priority of a process, group or user.
///
/// # Errors
/// No such process.
pub fn priority(which: i32, who: u32) -> io::Result<i32> {
    // SAFETY: numbers only, and this thread's errno: -1 is a priority too.
    unsafe {
        *libc::__errno_location() = 0;
        let priority = libc::getpriority(which as _, who);
        if priority == -1 && *libc::__errno_location() != 0 { Err(io::Error::last_os_error()) } else { Ok(priority) }
    }
}

/// Sends this process a signal each `interval` of the clock `which` (`ITIMER_*`); zero stops it.
///
/// # Errors
/// No such clock.
pub fn alarm(which: i32, interval: std::time::Duration) -> io::Result<()> {
    let time = libc::timeval { tv_sec: interval.as_secs() as libc::time_t, tv_usec: interval.subsec_micros().into() };
    let timer = libc::itimerval { it_interval: time, it_value: time };
    // SAFETY: the timer is live; no old value is asked for.
    checked(unsafe { libc::setitimer(which, &timer, std::ptr::null_mut()) }).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs `body` in a child that ends with its result.
    fn child(body: impl FnOnce() -> i32) -> io::Result<i32> {
        match fork()? {
            Side::Parent(pid) => Ok(pid),
            // SAFETY: ends the child without running the test harness's end in it.
            Side::Child => unsafe { libc::_exit(body()) },
        }
    }

    #[test]
    fn an_exit_has_a_code_or_a_signal() -> io::Result<()> {
        let pid = child(|| 7)?;
        let exit = wait(pid, true)?;
        assert!(matches!(exit, Some(exit) if exit.pid == pid && exit.code() == 7 && exit.signal() == 0));
        let pid = child(|| {
            loop {
                std::thread::park();
            }
        })?;
        assert_eq!(wait(pid, false)?, None);
        kill(pid, 0)?;
        kill(pid, libc::SIGKILL)?;
        let exit = wait(pid, true)?;
        assert!(matches!(exit, Some(exit) if exit.code() == 0 && exit.signal() == libc::SIGKILL && !exit.is_clean()));
        assert_eq!(wait(pid, true).unwrap_err().raw_os_error(), Some(libc::ECHILD));
        Ok(())
    }

    #[test]
    fn a_child_is_bound_to_one_processor() -> io::Result<()> {
        let first = affinity()?[0];
        let pid = child(|| {
            let alone = set_affinity(&[first]).and_then(|()| affinity());
            i32::from(!matches!(alone, Ok(alone) if alone == [first]))
        })?;
        assert!(matches!(wait(pid, true)?, Some(exit) if exit.is_clean()));
        Ok(())
    }

    #[test]
    fn who_must_end_in_time_is_killed() -> io::Result<()> {
        let pid = child(|| {
            die_after(std::time::Duration::from_millis(20));
            std::thread::sleep(std::time::Duration::from_secs(20));
            0
        })?;
        assert!(matches!(wait(pid, true)?, Some(exit) if exit.signal() == libc::SIGKILL));
        Ok(())
    }

    #[test]
    fn a_priority_of_minus_one_is_no_error() -> io::Result<()> {
        let own = priority(libc::PRIO_PROCESS as i32, 0)?;
        assert!((-20..20).contains(&own));
        assert!(priority(libc::PRIO_PROCESS as i32, i32::MAX as u32).is_err());
        Ok(())
    }
}
