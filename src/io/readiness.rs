//! Waiting until a descriptor that somebody else owns can be read or written.
//!
//! tokio's own registration belongs to the socket it wraps. Here the descriptor is a number: libpq, curl, a PHP stream or a
//! script closes it whenever it likes, its number soon means another file, and two coroutines may want it at once.
//!
//! ```text
//!   runtime's epoll ──▶ our epoll (one per thread, inside one AsyncFd)
//!                          ├─ fd 7  one-shot, token = 7 | generation      Watch { waiters: reader, writer }
//!                          └─ fd 9  disarmed since its last event         Watch { }
//! ```
//!
//! * A wait arms its descriptor for one event (`EPOLLONESHOT`), so nothing is undone after it: one `epoll_ctl` a wait. What is
//!   armed for nobody (the wait was dropped) fires once at most.
//! * Modify first, add when the kernel does not know the descriptor: a number that was closed and used again heals itself.
//! * Each arming has a new generation. An event of a file whose number was reused (a duplicate of it may live on in a
//!   child process) carries an old one and is ignored.
//! * A close is seen when it is announced ([`closing`]) or when the descriptor is armed again. The kernel reports none.

use crate::local_task;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::future::Future;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::pin::Pin;
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll, Waker};
use tokio::io::unix::AsyncFd;

/// What a wait is for; combine with `|`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Interest(u32);

impl Interest {
    /// Data, a connection to accept, or the end of the stream.
    pub const READ: Self = Self(libc::EPOLLIN as u32);
    /// Room to write, or the end of a connect.
    pub const WRITE: Self = Self(libc::EPOLLOUT as u32);
    /// Urgent data; shares the reader's place.
    pub const PRIORITY: Self = Self(libc::EPOLLPRI as u32);

    /// Whether it is for writing, among others.
    pub fn writes(self) -> bool {
        self.0 & Self::WRITE.0 != 0
    }

    /// The readers' and the writers' place that it needs.
    fn places(self) -> u32 {
        let reads = (Self::READ | Self::PRIORITY).0;
        (if self.0 & reads != 0 { reads } else { 0 }) | self.0 & Self::WRITE.0
    }
}

impl std::ops::BitOr for Interest {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Which of the two places at a descriptor.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    /// Reading and urgent data.
    Read,
    /// Writing.
    Write,
}

/// What happened to the descriptor, as epoll said it (its bits are those of `poll`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ready(u32);

impl Ready {
    /// A read gives data, the end or an error without blocking.
    pub fn readable(self) -> bool {
        self.0 & (libc::EPOLLIN | libc::EPOLLHUP | libc::EPOLLERR) as u32 != 0
    }

    /// A write takes data or gives an error without blocking.
    pub fn writable(self) -> bool {
        self.0 & (libc::EPOLLOUT | libc::EPOLLHUP | libc::EPOLLERR) as u32 != 0
    }

    /// What `poll` put into `revents`.
    pub fn from_revents(revents: i16) -> Self {
        Self(revents as u16 as u32)
    }

    /// As `poll` puts it into `revents`.
    pub fn revents(self) -> i16 {
        self.0 as i16
    }
}

/// Why there is nothing to wait for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WaitError {
    /// Another waiter has this place.
    Taken {
        /// What the other one gave as `who`.
        by: i64,
        /// The place that both want.
        direction: Direction,
    },
    /// A regular file or a directory: never blocks, so make the call itself.
    AlwaysReady,
    /// It was closed during the wait.
    Closed,
    /// The system's error number: `EBADF`, or no memory or descriptors left.
    Os(i32),
}

impl WaitError {
    /// The error number that a system call would have given.
    pub fn errno(self) -> i32 {
        match self {
            Self::Taken { .. } => libc::EBUSY,
            Self::AlwaysReady => libc::EPERM,
            Self::Closed => libc::EBADF,
            Self::Os(number) => number,
        }
    }
}

impl From<io::Error> for WaitError {
    fn from(error: io::Error) -> Self {
        Self::Os(error.raw_os_error().unwrap_or(libc::EIO))
    }
}

impl fmt::Display for WaitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Taken { by, direction: Direction::Read } => write!(f, "{by} already waits to read"),
            Self::Taken { by, direction: Direction::Write } => write!(f, "{by} already waits to write"),
            Self::AlwaysReady => f.write_str("the descriptor is always ready"),
            Self::Closed => f.write_str("the descriptor was closed"),
            Self::Os(number) => io::Error::from_raw_os_error(*number).fmt(f),
        }
    }
}

impl std::error::Error for WaitError {}

/// A wait for one descriptor; arms it when first polled (inside the runtime), leaves it when dropped.
#[derive(Debug)]
#[must_use = "a future does nothing until it is polled"]
pub struct Wait {
    fd: RawFd,
    interest: Interest,
    who: i64,
    /// 0 until it has a place.
    id: u64,
}

/// Waits until `fd` is ready for `interest`; `who` is told to whoever wants the same place meanwhile (a coroutine's id).
///
/// The descriptor may be closed and its number used again at any time; announce a close with [`closing`], or the wait lasts
/// until it is dropped.
pub fn wait(fd: RawFd, interest: Interest, who: i64) -> Wait {
    Wait { fd, interest, who, id: 0 }
}

impl Future for Wait {
    type Output = Result<Ready, WaitError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        THREAD.with(|thread| {
            let mut watcher = thread.borrow_mut();
            if watcher.as_ref().is_some_and(|watcher| watcher.forks != FORKS.load(Ordering::Relaxed)) {
                // The parent's. Closes only this process's copy of its descriptor.
                *watcher = None;
            }
            if self.id != 0
                && let Some(watcher) = &mut *watcher
                && let Some(waiter) = watcher.waiter(self.fd, self.id)
            {
                let Some(outcome) = waiter.outcome else {
                    if !waiter.waker.will_wake(context.waker()) {
                        waiter.waker.clone_from(context.waker());
                    }
                    return Poll::Pending;
                };
                watcher.leave(self.fd, self.id);
                self.id = 0;
                return Poll::Ready(outcome);
            }
            // New here, or the runtime that it waited on has ended.
            let watcher = match &mut *watcher {
                Some(watcher) => watcher,
                none => none.insert(Watcher::start()?),
            };
            self.id = watcher.enter(self.fd, self.interest, self.who, context.waker())?;
            Poll::Pending
        })
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        if self.id == 0 {
            return;
        }
        // Not when the thread itself ends: then the watcher is gone already.
        let _ = THREAD.try_with(|thread| {
            if let Some(watcher) = &mut *thread.borrow_mut() {
                watcher.leave(self.fd, self.id);
            }
        });
    }
}

/// Who waits for `fd` in this direction: what it gave as `who`.
pub fn waiting(fd: RawFd, direction: Direction) -> Option<i64> {
    let place = match direction {
        Direction::Read => Interest::READ,
        Direction::Write => Interest::WRITE,
    };
    THREAD.with_borrow(|thread| {
        let watch = thread.as_ref()?.watches.get(usize::try_from(fd).ok()?)?.as_ref()?;
        watch.taken(place).map(|waiter| waiter.who)
    })
}

/// The epoll descriptor of the waits, while there are any.
pub fn number() -> Option<RawFd> {
    THREAD.with_borrow(|thread| thread.as_ref().map(|watcher| watcher.epoll.as_raw_fd()))
}

/// Says that `fd` is about to be closed: whoever waits for it gets [`WaitError::Closed`].
pub fn closing(fd: RawFd) {
    THREAD.with_borrow_mut(|thread| {
        if let Some(watcher) = thread
            && let Some(watch) = usize::try_from(fd).ok().and_then(|index| watcher.watches.get_mut(index)?.take())
        {
            watcher.forget(fd);
            watcher.closed(fd, watch);
        }
    });
}

/// Forgets all waits, in the child of a fork: the parent's registrations stay as they are. A child that does not say so finds
/// out at its first wait.
///
/// The child must not run or drop the parent's runtime.
pub fn forked() {
    // Closes only the child's copy of the descriptor.
    drop(THREAD.take());
}

/// One coroutine (or task) that waits.
struct Waiter {
    id: u64,
    who: i64,
    interest: Interest,
    waker: Waker,
    outcome: Option<Result<Ready, WaitError>>,
}

/// A descriptor that was waited for, for as long as its number may still be known to the kernel.
#[derive(Default)]
struct Watch {
    generation: u32,
    /// At most one a direction; one waiter may have both.
    waiters: [Option<Waiter>; 2],
}

impl Watch {
    /// The waiter whose place `interest` needs.
    fn taken(&self, interest: Interest) -> Option<&Waiter> {
        self.waiters.iter().flatten().find(|waiter| waiter.interest.places() & interest.places() != 0)
    }

    /// What the kernel has to watch for: all that is waited for and has not come.
    fn wanted(&self) -> u32 {
        let unanswered = self.waiters.iter().flatten().filter(|waiter| waiter.outcome.is_none());
        unanswered.fold(0, |bits, waiter| bits | waiter.interest.0)
    }

    fn answer(&mut self, outcome: Result<Ready, WaitError>, bits: u32) {
        for waiter in self.waiters.iter_mut().flatten() {
            if waiter.outcome.is_none() && waiter.interest.0 & bits != 0 {
                waiter.outcome = Some(outcome);
                waiter.waker.wake_by_ref();
            }
        }
    }
}

/// All watches of one thread and one runtime.
struct Watcher {
    epoll: OwnedFd,
    /// Tells this watcher's driver from one of an earlier runtime.
    epoch: u64,
    /// [`FORKS`] when it was made.
    forks: u32,
    /// By descriptor.
    watches: Vec<Option<Box<Watch>>>,
    /// Closed ones with waiters that have not been polled since.
    closed: Vec<(RawFd, Box<Watch>)>,
    generation: u32,
}

thread_local! {
    static THREAD: RefCell<Option<Watcher>> = const { RefCell::new(None) };
    /// Numbers waiters and watchers.
    static LAST_ID: Cell<u64> = const { Cell::new(0) };
}

fn next_id() -> u64 {
    LAST_ID.set(LAST_ID.get() + 1);
    LAST_ID.get()
}

/// Forks of which this process is the child, since the first watcher.
static FORKS: AtomicU32 = AtomicU32::new(0);
static COUNT_FORKS: Once = Once::new();

extern "C" fn count_fork() {
    FORKS.fetch_add(1, Ordering::Relaxed);
}

/// Events taken from the kernel at a time.
const EVENTS: usize = 128;

/// Errors and hang-ups come unasked and concern everybody.
const ALWAYS: u32 = (libc::EPOLLERR | libc::EPOLLHUP) as u32;

impl Watcher {
    /// Makes the epoll descriptor and the task that serves it on the runtime that runs here.
    fn start() -> Result<Self, WaitError> {
        // SAFETY: makes a descriptor.
        let epoll = unsafe { libc::epoll_create1(libc::EPOLL_CLOEXEC) };
        if epoll < 0 {
            return Err(io::Error::last_os_error().into());
        }
        // SAFETY: just made, nobody else has it.
        let epoll = unsafe { OwnedFd::from_raw_fd(epoll) };
        // SAFETY: `count_fork` only counts. It fails only without memory.
        COUNT_FORKS.call_once(|| unsafe {
            libc::pthread_atfork(None, None, Some(count_fork));
        });
        let epoch = next_id();
        let number = Number(epoll.as_raw_fd());
        // SAFETY: the watcher closes it after the driver, which the runtime drops, has dropped this registration; only in the
        // child of a fork before, whose copy of the runtime is forgotten.
        let events = unsafe { AsyncFd::register_with_interest(number, tokio::io::Interest::READABLE) };
        let events = events.map_err(io::Error::from)?;
        local_task::spawn(tokio::task::unconstrained(Driver { epoch, events: Some(events) }));
        Ok(Self {
            epoll,
            epoch,
            forks: FORKS.load(Ordering::Relaxed),
            watches: Vec::new(),
            closed: Vec::new(),
            generation: 0,
        })
    }

    /// Takes a place at the descriptor and arms it. Returns the waiter's id.
    fn enter(&mut self, fd: RawFd, interest: Interest, who: i64, waker: &Waker) -> Result<u64, WaitError> {
        let Ok(index) = usize::try_from(fd) else { return Err(WaitError::Os(libc::EBADF)) };
        let watch = self.watches.get_mut(index).and_then(Option::take);
        let known = watch.is_some();
        let mut watch = watch.unwrap_or_default();
        let armed = match watch.taken(interest) {
            Some(other) => {
                let reads = (Interest::READ | Interest::PRIORITY).0;
                let both_read = interest.0 & reads != 0 && other.interest.0 & reads != 0;
                let direction = if both_read { Direction::Read } else { Direction::Write };
                Err(WaitError::Taken { by: other.who, direction })
            }
            None => self.arm_for(fd, &mut watch, interest.0, known),
        };
        if armed.is_ok() || known {
            if index >= self.watches.len() {
                self.watches.resize_with(index + 1, || None);
            }
        } else {
            return armed.map(|()| 0);
        }
        let mut id = 0;
        if armed.is_ok() {
            id = next_id();
            let waiter = Waiter { id, who, interest, waker: waker.clone(), outcome: None };
            let free = usize::from(watch.waiters[0].is_some());
            watch.waiters[free] = Some(waiter);
        }
        self.watches[index] = Some(watch);
        armed.map(|()| id)
    }

    /// Arms for a newcomer and for those who wait already.
    fn arm_for(&mut self, fd: RawFd, watch: &mut Watch, bits: u32, known: bool) -> Result<(), WaitError> {
        let (first, second) = match known {
            true => (libc::EPOLL_CTL_MOD, libc::EPOLL_CTL_ADD),
            false => (libc::EPOLL_CTL_ADD, libc::EPOLL_CTL_MOD),
        };
        match self.arm(fd, watch, bits | watch.wanted(), first) {
            Err(libc::ENOENT) => {
                // The number means another file by now: those who waited for the old one wait for nothing.
                watch.answer(Err(WaitError::Closed), u32::MAX);
                self.arm(fd, watch, bits, second)
            }
            // A duplicate of a file that we knew under this number.
            Err(libc::EEXIST) => self.arm(fd, watch, bits, second),
            other => other,
        }
        .map_err(|errno| {
            if errno == libc::EBADF || errno == libc::EPERM {
                watch.answer(Err(WaitError::Closed), u32::MAX);
            }
            if errno == libc::EPERM { WaitError::AlwaysReady } else { WaitError::Os(errno) }
        })
    }

    /// One `epoll_ctl`, with a new generation; the error is its number.
    fn arm(&mut self, fd: RawFd, watch: &mut Watch, bits: u32, operation: i32) -> Result<(), i32> {
        self.generation = self.generation.wrapping_add(1);
        let token = u64::from(self.generation) << 32 | u64::from(fd as u32);
        let mut event = libc::epoll_event { events: bits | libc::EPOLLONESHOT as u32, u64: token };
        // SAFETY: our own descriptor and a struct of ours; any number is allowed for `fd`.
        match unsafe { libc::epoll_ctl(self.epoll.as_raw_fd(), operation, fd, &mut event) } {
            0 => {
                watch.generation = self.generation;
                Ok(())
            }
            _ => Err(io::Error::last_os_error().raw_os_error().unwrap_or(libc::EIO)),
        }
    }

    /// Takes the descriptor out of the kernel's set, if it is there.
    fn forget(&self, fd: RawFd) {
        // SAFETY: as in `arm`; the event is not read for this operation.
        unsafe { libc::epoll_ctl(self.epoll.as_raw_fd(), libc::EPOLL_CTL_DEL, fd, std::ptr::null_mut()) };
    }

    /// Answers those who wait for a descriptor that is gone, and keeps the answers until they are fetched.
    fn closed(&mut self, fd: RawFd, mut watch: Box<Watch>) {
        watch.answer(Err(WaitError::Closed), u32::MAX);
        if watch.waiters.iter().any(Option::is_some) {
            self.closed.push((fd, watch));
        }
    }

    /// The places at `fd`, with those of closed files of the same number.
    fn places(&mut self, fd: RawFd) -> impl Iterator<Item = &mut Option<Waiter>> {
        let index = usize::try_from(fd).unwrap_or(usize::MAX);
        let open = self.watches.get_mut(index).and_then(Option::as_mut);
        let closed = self.closed.iter_mut().filter(move |(closed, _)| *closed == fd).map(|(_, watch)| watch);
        open.into_iter().chain(closed).flat_map(|watch| watch.waiters.iter_mut())
    }

    fn waiter(&mut self, fd: RawFd, id: u64) -> Option<&mut Waiter> {
        self.places(fd).flatten().find(|waiter| waiter.id == id)
    }

    /// Gives the place up. What is armed stays so: it fires once at most, for nobody.
    fn leave(&mut self, fd: RawFd, id: u64) {
        if let Some(place) = self.places(fd).find(|place| place.as_ref().is_some_and(|waiter| waiter.id == id)) {
            *place = None;
        }
        if !self.closed.is_empty() {
            self.closed.retain(|(_, watch)| watch.waiters.iter().any(Option::is_some));
        }
    }

    /// Answers waiters with what the kernel has. True when there may be more.
    fn collect(&mut self) -> bool {
        let mut events = [MaybeUninit::<libc::epoll_event>::uninit(); EVENTS];
        // SAFETY: fills at most `EVENTS` structs of ours and does not wait.
        let count = unsafe { libc::epoll_wait(self.epoll.as_raw_fd(), events.as_mut_ptr().cast(), EVENTS as i32, 0) };
        let Ok(count) = usize::try_from(count) else { return false };
        for event in &events[..count] {
            // SAFETY: one of the first `count`, which the kernel has filled.
            let event = unsafe { event.assume_init() };
            let (token, bits) = (event.u64, event.events);
            self.serve(token as u32 as RawFd, (token >> 32) as u32, bits);
        }
        count == EVENTS
    }

    fn serve(&mut self, fd: RawFd, generation: u32, bits: u32) {
        let Some(Some(place)) = self.watches.get_mut(fd as usize) else { return };
        if place.generation != generation {
            return;
        }
        let Some(mut watch) = self.watches[fd as usize].take() else { return };
        watch.answer(Ok(Ready(bits)), if bits & ALWAYS != 0 { u32::MAX } else { bits });
        // The one shot disarmed it for the other direction too.
        let wanted = watch.wanted();
        if wanted == 0 || self.arm(fd, &mut watch, wanted, libc::EPOLL_CTL_MOD).is_ok() {
            self.watches[fd as usize] = Some(watch);
        } else {
            self.closed(fd, watch);
        }
    }
}

/// A descriptor's number; closing it is the watcher's business.
struct Number(RawFd);

impl AsRawFd for Number {
    fn as_raw_fd(&self) -> RawFd {
        self.0
    }
}

/// The task that hands events out, for as long as the runtime lives.
struct Driver {
    epoch: u64,
    events: Option<AsyncFd<Number>>,
}

impl Future for Driver {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let Some(events) = &self.events else { return Poll::Ready(()) };
        loop {
            let Poll::Ready(Ok(mut ready)) = events.poll_read_ready(context) else { return Poll::Pending };
            let more = THREAD.with_borrow_mut(|thread| match thread {
                Some(watcher) if watcher.epoch == self.epoch => watcher.collect(),
                _ => false,
            });
            if !more {
                ready.clear_ready();
            }
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Out of the runtime's set first: the watcher closes it.
        drop(self.events.take());
        let ended = THREAD.try_with(|thread| {
            let mut thread = thread.try_borrow_mut().ok()?;
            let ours = thread.as_ref().is_some_and(|watcher| watcher.epoch == self.epoch);
            if ours { thread.take() } else { None }
        });
        drop(ended);
    }
}

#[cfg(test)]
mod tests;
