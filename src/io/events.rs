//! Events of descriptors that stay watched until they are removed: level-triggered, like Swoole's reactor.
//!
//! [`readiness`](super::readiness) is for one wait at a time. Here whoever watches is told again and again, for as long as the
//! descriptor is ready. The set is asked directly, and only when it is empty is there something to wait for.

use std::io;
use std::mem::{ManuallyDrop, MaybeUninit};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::task::{Context, Poll};
use tokio::io::unix::AsyncFd;

/// Data, a connection to accept, or the end of the stream.
pub const READ: u32 = libc::EPOLLIN as u32;
/// Room to write, or the end of a connect.
pub const WRITE: u32 = libc::EPOLLOUT as u32;
/// Errors and hang-ups: they come unasked.
pub const FAILURE: u32 = (libc::EPOLLERR | libc::EPOLLHUP | libc::EPOLLRDHUP) as u32;

/// Something that happened to a descriptor.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Event {
    /// What the descriptor was added with.
    pub token: u64,
    /// [`READ`], [`WRITE`] and [`FAILURE`].
    pub bits: u32,
}

/// Events taken from the kernel at a time.
const EVENTS: usize = 256;

/// A set of watched descriptors.
pub struct Events {
    epoll: OwnedFd,
    /// Its registration with the runtime, made in [`Events::wait`].
    registered: Option<AsyncFd<RawFd>>,
}

impl Events {
    /// An empty set.
    ///
    /// # Errors
    /// No descriptors left.
    pub fn new() -> io::Result<Self> {
        // SAFETY: makes a descriptor.
        let epoll = unsafe { libc::epoll_create1(libc::EPOLL_CLOEXEC) };
        if epoll < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: just made, nobody else has it.
        Ok(Self { epoll: unsafe { OwnedFd::from_raw_fd(epoll) }, registered: None })
    }

    /// The set's own descriptor.
    pub fn number(&self) -> RawFd {
        self.epoll.as_raw_fd()
    }

    fn control(&self, operation: i32, fd: RawFd, bits: u32, token: u64) -> Result<(), i32> {
        let mut event = libc::epoll_event { events: bits, u64: token };
        // SAFETY: our own descriptor and a struct of ours; any number is allowed for `fd`.
        match unsafe { libc::epoll_ctl(self.epoll.as_raw_fd(), operation, fd, &mut event) } {
            0 => Ok(()),
            _ => Err(io::Error::last_os_error().raw_os_error().unwrap_or(libc::EIO)),
        }
    }

    /// Watches `fd` for `bits`; its events carry `token`.
    ///
    /// # Errors
    /// The errno: a file that is always ready, watched already, not open.
    pub fn add(&self, fd: RawFd, bits: u32, token: u64) -> Result<(), i32> {
        self.control(libc::EPOLL_CTL_ADD, fd, bits, token)
    }

    /// Watches `fd` for other `bits` from now on.
    ///
    /// # Errors
    /// The errno: not watched, or closed.
    pub fn change(&self, fd: RawFd, bits: u32, token: u64) -> Result<(), i32> {
        self.control(libc::EPOLL_CTL_MOD, fd, bits, token)
    }

    /// Watches `fd` no longer.
    ///
    /// # Errors
    /// The errno: not watched, or closed.
    pub fn remove(&self, fd: RawFd) -> Result<(), i32> {
        self.control(libc::EPOLL_CTL_DEL, fd, 0, 0)
    }

    /// Adds what is ready now to `into`. What stays ready is given again the next time.
    pub fn take(&self, into: &mut Vec<Event>) {
        let mut events = [MaybeUninit::<libc::epoll_event>::uninit(); EVENTS];
        // SAFETY: fills at most `EVENTS` structs of ours and does not wait.
        let count = unsafe { libc::epoll_wait(self.epoll.as_raw_fd(), events.as_mut_ptr().cast(), EVENTS as i32, 0) };
        let count = usize::try_from(count).unwrap_or(0);
        into.extend(events[..count].iter().map(|event| {
            // SAFETY: one of the first `count`, which the kernel has filled.
            let event = unsafe { event.assume_init() };
            Event { token: event.u64, bits: event.events }
        }));
    }

    /// After [`Events::take`] gave nothing: has `context` woken when something becomes ready. True when that may have
    /// happened already: then take again.
    ///
    /// # Errors
    /// The runtime took no registration.
    ///
    /// # Panics
    /// Outside of a runtime.
    pub fn wait(&mut self, context: &mut Context<'_>) -> io::Result<bool> {
        let registered = match &self.registered {
            Some(registered) => registered,
            None => {
                let number = self.epoll.as_raw_fd();
                // SAFETY: `epoll` is closed after this registration is dropped (`Drop`) or forgotten (`leave`).
                let made = unsafe { AsyncFd::register_with_interest(number, tokio::io::Interest::READABLE) };
                self.registered.insert(made.map_err(io::Error::from)?)
            }
        };
        match registered.poll_read_ready(context) {
            Poll::Ready(ready) => {
                ready?.clear_ready();
                Ok(true)
            }
            Poll::Pending => Ok(false),
        }
    }

    /// Gives up the runtime that it waited in; the next wait is in another. With `forget` the runtime is a parent process's,
    /// and left as it is.
    pub fn leave(&mut self, forget: bool) {
        let registered = ManuallyDrop::new(self.registered.take());
        if !forget {
            drop(ManuallyDrop::into_inner(registered));
        }
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        self.leave(false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::os::unix::net::UnixStream;

    fn taken(events: &Events) -> Vec<(u64, u32)> {
        let mut list = Vec::new();
        events.take(&mut list);
        list.iter().map(|event| (event.token, event.bits)).collect()
    }

    /// Waits as the loop does: only when nothing is ready.
    async fn next(events: &mut Events) -> Vec<(u64, u32)> {
        std::future::poll_fn(|context| {
            loop {
                let list = taken(events);
                if !list.is_empty() {
                    return Poll::Ready(list);
                }
                if !events.wait(context).unwrap() {
                    return Poll::Pending;
                }
            }
        })
        .await
    }

    #[test]
    fn what_stays_ready_is_given_again() {
        let events = Events::new().unwrap();
        let (mut a, mut b) = UnixStream::pair().unwrap();
        events.add(a.as_raw_fd(), READ, 7).unwrap();
        assert!(taken(&events).is_empty());
        b.write_all(b"x").unwrap();
        assert_eq!(taken(&events), [(7, READ)]);
        assert_eq!(taken(&events), [(7, READ)]);
        a.read_exact(&mut [0]).unwrap();
        assert!(taken(&events).is_empty());
        events.change(a.as_raw_fd(), READ | WRITE, 8).unwrap();
        assert_eq!(taken(&events), [(8, WRITE)]);
        assert_eq!(events.add(a.as_raw_fd(), READ, 9), Err(libc::EEXIST));
        events.remove(a.as_raw_fd()).unwrap();
        assert_eq!(events.remove(a.as_raw_fd()), Err(libc::ENOENT));
        assert_eq!(events.change(a.as_raw_fd(), READ, 9), Err(libc::ENOENT));
    }

    #[test]
    fn hang_ups_come_unasked_and_files_are_refused() {
        let events = Events::new().unwrap();
        let (a, b) = UnixStream::pair().unwrap();
        events.add(a.as_raw_fd(), WRITE, 1).unwrap();
        drop(b);
        let list = taken(&events);
        assert!(list.len() == 1 && list[0].1 & FAILURE != 0 && list[0].1 & WRITE != 0);
        let file = std::fs::File::open("/proc/self/exe").unwrap();
        assert_eq!(events.add(file.as_raw_fd(), READ, 2), Err(libc::EPERM));
        assert_eq!(events.add(-1, READ, 2), Err(libc::EBADF));
    }

    #[test]
    fn a_loop_is_woken_for_each_event_on_one_runtime_after_another() {
        let mut events = Events::new().unwrap();
        let (mut a, mut b) = UnixStream::pair().unwrap();
        events.add(a.as_raw_fd(), READ, 1).unwrap();
        for _ in 0..3 {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                for round in 0..20u8 {
                    let both = async {
                        assert_eq!(next(&mut events).await, [(1, READ)]);
                        let mut byte = [0];
                        a.read_exact(&mut byte).unwrap();
                        assert_eq!(byte[0], round);
                    };
                    let write = async {
                        tokio::task::yield_now().await;
                        b.write_all(&[round]).unwrap();
                    };
                    let all = async { tokio::join!(both, write) };
                    tokio::time::timeout(std::time::Duration::from_secs(20), all).await.expect("hangs");
                }
            });
            events.leave(false);
        }
    }
}
