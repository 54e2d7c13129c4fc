//! Waiting for children without taking one that somebody else waits for.
//!
//! Whoever waits for one child [claims](claim) it. A wait for any child leaves claimed ones to their claimants: what it has to take
//! from the system on its way is kept for them.

use super::process::{self, Exit};
use std::cell::RefCell;
use std::collections::HashMap;
use std::io;
use std::os::fd::{FromRawFd, OwnedFd};
use std::time::Duration;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// How often a child is looked at where the system cannot tell when it ends (before Linux 5.3).
const LOOK: Duration = Duration::from_millis(10);

/// What is known of the children of this thread's process.
#[derive(Default)]
struct Children {
    /// Claimed children, each with the number of its claimants.
    claimed: HashMap<i32, usize>,
    /// Those that have ended, and whom nobody has been told.
    ended: HashMap<i32, i32>,
    /// Those that nobody wants to hear of.
    abandoned: Vec<i32>,
}

thread_local! {
    static CHILDREN: RefCell<Children> = RefCell::new(Children::default());
}

/// The right to hear how one child ends, shared by all that claim it.
#[derive(Debug)]
pub struct Claim(i32);

/// Claims a child.
pub fn claim(pid: i32) -> Claim {
    clean();
    CHILDREN.with_borrow_mut(|children| *children.claimed.entry(pid).or_default() += 1);
    Claim(pid)
}

impl Drop for Claim {
    fn drop(&mut self) {
        CHILDREN.with_borrow_mut(|children| {
            if let Some(count) = children.claimed.get_mut(&self.0) {
                *count -= 1;
                if *count == 0 {
                    children.claimed.remove(&self.0);
                }
            }
        });
    }
}

impl Claim {
    /// How it ended, if it has.
    ///
    /// # Errors
    /// `ECHILD`: no such child, or somebody has been told already.
    pub fn look(&self) -> io::Result<Option<Exit>> {
        let pid = self.0;
        if let Some(status) = CHILDREN.with_borrow_mut(|children| children.ended.remove(&pid)) {
            return Ok(Some(Exit { pid, status }));
        }
        process::wait(pid, false)
    }

    /// Waits until it has ended. Within a runtime.
    ///
    /// # Errors
    /// As [`Claim::look`].
    pub async fn exit(&self) -> io::Result<Exit> {
        if let Some(exit) = self.look()? {
            return Ok(exit);
        }
        match descriptor(self.0) {
            Ok(ends) => {
                // SAFETY: it owns the descriptor.
                let ends = unsafe { AsyncFd::register_with_interest(ends, Interest::READABLE) }?;
                loop {
                    let mut ready = ends.readable().await?;
                    if let Some(exit) = self.look()? {
                        return Ok(exit);
                    }
                    ready.clear_ready();
                }
            }
            Err(_) => loop {
                tokio::time::sleep(LOOK).await;
                if let Some(exit) = self.look()? {
                    return Ok(exit);
                }
            },
        }
    }

    /// Nobody wants to know how it ends; it is cleared away then.
    pub fn abandon(self) {
        CHILDREN.with_borrow_mut(|children| children.abandoned.push(self.0));
        drop(self);
        clean();
    }
}

/// A descriptor that is readable once the process has ended.
fn descriptor(pid: i32) -> io::Result<OwnedFd> {
    // SAFETY: numbers only; the descriptor it returns is close-on-exec.
    let fd = unsafe { libc::syscall(libc::SYS_pidfd_open, pid, 0) };
    match i32::try_from(fd) {
        // SAFETY: just opened.
        Ok(fd) if fd >= 0 => Ok(unsafe { OwnedFd::from_raw_fd(fd) }),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Clears away abandoned children that have ended.
fn clean() {
    CHILDREN.with_borrow_mut(|children| {
        let Children { ended, abandoned, .. } = children;
        abandoned.retain(|pid| ended.remove(pid).is_none() && matches!(process::wait(*pid, false), Ok(None)));
    });
}

/// Takes a child that has ended and that nobody claims, waiting for one if `block`.
///
/// # Errors
/// `ECHILD` when there is none to wait for, `EINTR` when a signal ended the wait.
pub fn any(block: bool) -> io::Result<Option<Exit>> {
    clean();
    let left = CHILDREN.with_borrow_mut(|children| {
        let pid = children.ended.keys().copied().find(|pid| !children.claimed.contains_key(pid))?;
        children.ended.remove(&pid).map(|status| Exit { pid, status })
    });
    if left.is_some() {
        return Ok(left);
    }
    loop {
        let Some(exit) = process::wait(-1, block)? else { return Ok(None) };
        let taken = CHILDREN.with_borrow_mut(|children| {
            if let Some(at) = children.abandoned.iter().position(|pid| *pid == exit.pid) {
                children.abandoned.swap_remove(at);
                return false;
            }
            if children.claimed.contains_key(&exit.pid) {
                children.ended.insert(exit.pid, exit.status);
                return false;
            }
            true
        });
        if taken {
            return Ok(Some(exit));
        }
    }
}

/// In a fork's child: it has no children.
pub fn forked() {
    CHILDREN.take();
}

#[cfg(test)]
mod tests {
    use super::super::process::Side;
    use super::*;

    fn child(code: i32) -> io::Result<i32> {
        match process::fork()? {
            Side::Parent(pid) => Ok(pid),
            // SAFETY: ends the child without running the test harness's end in it.
            Side::Child => unsafe { libc::_exit(code) },
        }
    }

    /// `any` takes the children of every test of this process, so its tests run in a process of their own.
    fn alone(body: impl FnOnce() -> io::Result<bool>) -> io::Result<()> {
        let pid = match process::fork()? {
            Side::Parent(pid) => pid,
            Side::Child => {
                let good = matches!(body(), Ok(true));
                // SAFETY: as above.
                unsafe { libc::_exit(i32::from(!good)) }
            }
        };
        assert!(matches!(process::wait(pid, true)?, Some(exit) if exit.is_clean()));
        Ok(())
    }

    #[test]
    fn any_leaves_claimed_children_alone() -> io::Result<()> {
        alone(|| {
            let mine = claim(child(1)?);
            let other = child(2)?;
            let first = any(true)?;
            let second = any(true);
            let own = mine.look()?;
            Ok(matches!(first, Some(exit) if exit.pid == other && exit.code() == 2)
                && matches!(second, Err(error) if error.raw_os_error() == Some(libc::ECHILD))
                && matches!(own, Some(exit) if exit.code() == 1)
                && mine.look().is_err())
        })
    }

    #[test]
    fn any_gets_what_a_claimant_left() -> io::Result<()> {
        alone(|| {
            let pid = child(3)?;
            let claimed = claim(pid);
            while any(false).is_ok() {}
            drop(claimed);
            Ok(matches!(any(false)?, Some(exit) if exit.pid == pid && exit.code() == 3))
        })
    }

    #[test]
    fn the_abandoned_leave_no_zombie() -> io::Result<()> {
        alone(|| {
            claim(child(4)?).abandon();
            Ok(matches!(any(true), Err(error) if error.raw_os_error() == Some(libc::ECHILD)))
        })
    }

    #[test]
    fn the_end_of_a_child_is_a_future() -> io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let pid = match process::fork()? {
            Side::Parent(pid) => pid,
            Side::Child => {
                std::thread::sleep(Duration::from_millis(20));
                // SAFETY: as above.
                unsafe { libc::_exit(5) }
            }
        };
        let claimed = claim(pid);
        assert_eq!(claimed.look()?, None);
        let exit = runtime.block_on(claimed.exit())?;
        assert_eq!((exit.pid, exit.code()), (pid, 5));
        assert!(runtime.block_on(claimed.exit()).is_err());
        Ok(())
    }
}
