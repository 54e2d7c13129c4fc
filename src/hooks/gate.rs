//! Whether a call may suspend, and the suspensions themselves.
//!
//! A replacement suspends only on PHP's own thread, inside a coroutine, with its family in force, and never in the child of a
//! fork that has no loop of its own. In every other case it calls the function that it replaces.
//!
//! What a replacement keeps across a suspension lives on the coroutine's stack, below frames of C that do not unwind: the stack
//! stays until they have returned. A cancelled wait therefore makes the C function return -1 with `ECANCELED`, and the library
//! above fails in its own way.

use super::flags;
use crate::coroutine::Canceled;
use crate::coroutine::engine::{self, Php};
use crate::coroutine::pool;
use crate::coroutine::scheduler::{Machine, Waiting};
use crate::io::readiness::{self, Direction, Interest, Ready, WaitError};
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::os::fd::RawFd;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;
use tokio::time::Instant;

/// What hooks report to the PHP surface.
#[derive(Clone, Copy)]
pub struct Upcalls {
    /// Throws "already bound": another coroutine (its id) waits for this descriptor in this direction.
    pub bound: fn(RawFd, i64, Direction),
    /// Throws that a curl handle is being used by another coroutine (its id).
    pub in_use: fn(i64),
    /// Sets `swoole_last_error()` after a cancelled wait.
    pub last_error: fn(i32),
}

/// The number of Swoole's error "coroutine canceled"; for descriptors it is the system's `ECANCELED`.
pub(super) const CO_CANCELED: i32 = 10017;

thread_local! {
    static UPCALLS: Cell<Option<Upcalls>> = const { Cell::new(None) };
    /// The coroutine, descriptor and error number of the last wait that was broken off.
    static BROKEN_OFF: Cell<Option<(i64, RawFd, i32)>> = const { Cell::new(None) };
    /// By descriptor: the coroutines that wait in it through a hook, to read and to write; 0 is none.
    static WAITERS: RefCell<Vec<[i64; 2]>> = const { RefCell::new(Vec::new()) };
    /// The next wait's caller reports an error of its own when another coroutine waits for the descriptor.
    static QUIET: Cell<bool> = const { Cell::new(false) };
    /// The coroutine whose last wait in a hook timed out or was cancelled, if no other has ended since.
    static ENDED_EARLY: Cell<i64> = const { Cell::new(0) };
    /// Coroutines that wait inside of a hook, below frames of C.
    static PARKED: Cell<usize> = const { Cell::new(0) };
    /// The descriptor that was last sent to, if nothing was waited for since.
    static ASKED: Cell<RawFd> = const { Cell::new(-1) };
    /// The descriptor that is being closed.
    static CLOSING: Cell<RawFd> = const { Cell::new(-1) };
}

pub(super) fn set_upcalls(upcalls: Upcalls) {
    UPCALLS.set(Some(upcalls));
}

/// This process is a fork's child and has not begun a loop of its own.
static FORKED: AtomicBool = AtomicBool::new(false);

/// Closes the gate in the children of later forks.
pub(super) fn watch_forks() {
    extern "C" fn child() {
        FORKED.store(true, Ordering::Relaxed);
    }
    // SAFETY: `child` only stores a flag. It fails only without memory: then a child that forks in the middle of a loop and
    // goes on without `exec` has hooks that it should not have.
    unsafe { libc::pthread_atfork(None, None, Some(child)) };
}

/// A loop of this process's own begins: nobody waits.
pub(super) fn begin() {
    FORKED.store(false, Ordering::Relaxed);
    BROKEN_OFF.set(None);
    ENDED_EARLY.set(0);
    PARKED.set(0);
    WAITERS.with_borrow_mut(Vec::clear);
}

/// Whether this process is the one whose descriptors are registered.
#[inline]
pub(super) fn is_forked() -> bool {
    FORKED.load(Ordering::Relaxed)
}

/// The running coroutine, when this call may suspend it.
#[inline]
pub(super) fn coroutine() -> Option<i64> {
    if flags::in_force() == 0 || !Php::on_thread() || is_forked() || engine::scheduler().stopped() {
        return None;
    }
    engine::current_id()
}

/// The same, when any of these families is in force.
#[inline]
pub(super) fn coroutine_if(families: u32) -> Option<i64> {
    if flags::on(families) { coroutine() } else { None }
}

/// This thread's error number.
pub(super) fn errno() -> i32 {
    // SAFETY: this thread's own.
    unsafe { *libc::__errno_location() }
}

/// Sets this thread's error number.
pub(super) fn set_errno(number: i32) {
    // SAFETY: as above.
    unsafe { *libc::__errno_location() = number };
}

/// What a function that failed with this number returns.
pub(super) fn fail<T: From<i8>>(number: i32) -> T {
    set_errno(number);
    T::from(-1)
}

/// Puts the error number back at the end of a scope: a successful call leaves it alone.
pub(super) struct KeepErrno(i32);

impl KeepErrno {
    pub(super) fn new() -> Self {
        Self(errno())
    }

    /// The call failed: its own number stays.
    pub(super) fn discard(self) {
        std::mem::forget(self);
    }
}

impl Drop for KeepErrno {
    fn drop(&mut self) {
        set_errno(self.0);
    }
}

/// One more coroutine waits below frames of C, until this is dropped; an abandoned stack never drops it.
pub(super) struct Parked(());

impl Parked {
    pub(super) fn new() -> Self {
        PARKED.set(PARKED.get() + 1);
        Self(())
    }

    /// How many there are.
    pub(super) fn count() -> usize {
        PARKED.get()
    }
}

impl Drop for Parked {
    fn drop(&mut self) {
        PARKED.set(PARKED.get().saturating_sub(1));
    }
}

/// How a wait ended otherwise than well.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Ended {
    TimedOut,
    /// With this error number.
    Failed(i32),
}

impl Ended {
    /// The error number; a time-out is `EAGAIN`, as sockets have it.
    pub(super) fn errno(self) -> i32 {
        match self {
            Self::TimedOut => libc::EAGAIN,
            Self::Failed(number) => number,
        }
    }
}

/// Whether this coroutine's last wait in a hook timed out or was cancelled: the library above gives up what it was doing.
pub(super) fn ended_early(id: i64) -> bool {
    ENDED_EARLY.get() == id
}

/// Notes how a wait of coroutine `id` ended.
fn note<T, E>(id: i64, ended: &Result<Option<T>, E>) {
    let early = !matches!(ended, Ok(Some(_)));
    if early || ENDED_EARLY.get() == id {
        ENDED_EARLY.set(if early { id } else { 0 });
    }
}

/// One descriptor of a wait.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    pub(super) fd: RawFd,
    pub(super) interest: Interest,
}

/// A request was sent to `fd`: its answer is not there yet.
#[inline]
pub(super) fn asked(fd: RawFd) {
    ASKED.set(fd);
}

/// Whether that was the last thing that happened; told once.
pub(super) fn just_asked(fd: RawFd) -> bool {
    ASKED.replace(-1) == fd
}

/// Whether no other coroutine waits for `fd` in this direction: the second must fail before it can take what the first waits for.
pub(super) fn free(id: i64, fd: RawFd, interest: Interest) -> Result<(), Ended> {
    let quiet = QUIET.get();
    let direction = if interest == Interest::WRITE { Direction::Write } else { Direction::Read };
    match readiness::waiting(fd, direction) {
        Some(by) if by != id => Err(refused(fd, WaitError::Taken { by, direction }, quiet)),
        _ => Ok(()),
    }
}

/// Suspends coroutine `id` until `fd` is ready, for at most `timeout`.
pub(super) fn ready(id: i64, fd: RawFd, interest: Interest, timeout: Option<Duration>) -> Result<Ready, Ended> {
    let quiet = QUIET.take();
    let _parked = Parked::new();
    let _waiter = Waiter::new(id, Wanted { fd, interest });
    let waited = engine::scheduler().wait_for(readiness::wait(fd, interest, id), timeout);
    note(id, &waited);
    match waited {
        Ok(Some(outcome)) => outcome.map_err(|error| refused(fd, error, quiet)),
        Ok(None) => Err(Ended::TimedOut),
        Err(Canceled) => Err(canceled(id, fd)),
    }
}

/// Suspends coroutine `id` until any of these is ready, for at most `timeout`.
pub(super) fn any_ready(id: i64, wanted: &[Wanted], timeout: Option<Duration>) -> Result<(), Ended> {
    let quiet = QUIET.take();
    let _parked = Parked::new();
    let _waiters: Vec<_> = wanted.iter().map(|one| Waiter::new(id, *one)).collect();
    let mut waits: Vec<_> = wanted.iter().map(|one| readiness::wait(one.fd, one.interest, id)).collect();
    let any = std::future::poll_fn(|context| {
        for (wait, one) in waits.iter_mut().zip(wanted) {
            if let Poll::Ready(outcome) = Pin::new(wait).poll(context) {
                return Poll::Ready(outcome.map_err(|error| (one.fd, error)));
            }
        }
        Poll::Pending
    });
    let waited = engine::scheduler().wait_for(any, timeout);
    note(id, &waited);
    match waited {
        Ok(Some(Ok(_))) => Ok(()),
        // The caller looks again and sees it itself.
        Ok(Some(Err((_, WaitError::Closed | WaitError::AlwaysReady)))) => Ok(()),
        Ok(Some(Err((fd, error)))) => Err(refused(fd, error, quiet)),
        Ok(None) => Err(Ended::TimedOut),
        Err(Canceled) => Err(canceled(id, wanted.first().map_or(-1, |one| one.fd))),
    }
}

/// The next wait throws nothing when another coroutine waits for the descriptor: its caller makes an error of `EBUSY`.
pub(super) fn quietly(quiet: bool) {
    QUIET.set(quiet);
}

fn refused(fd: RawFd, error: WaitError, quiet: bool) -> Ended {
    if let WaitError::Taken { by, direction } = error
        && !quiet
        && let Some(upcalls) = UPCALLS.get()
    {
        (upcalls.bound)(fd, by, direction);
    }
    Ended::Failed(error.errno())
}

/// The wait of coroutine `id` was cancelled: by the program, or because its descriptor is being closed.
fn canceled(id: i64, fd: RawFd) -> Ended {
    let closed = CLOSING.get() == fd;
    let errno = if closed { libc::EBADF } else { libc::ECANCELED };
    if !closed {
        last_error(errno);
    }
    BROKEN_OFF.set(Some((id, fd, errno)));
    Ended::Failed(errno)
}

/// A coroutine in [`WAITERS`], for as long as it waits.
struct Waiter {
    id: i64,
    wanted: Wanted,
}

impl Waiter {
    fn new(id: i64, wanted: Wanted) -> Self {
        let waiter = Self { id, wanted };
        waiter.each(|place| {
            if *place == 0 {
                *place = id;
            }
        });
        waiter
    }

    fn each(&self, change: impl Fn(&mut i64)) {
        let Ok(index) = usize::try_from(self.wanted.fd) else { return };
        WAITERS.with_borrow_mut(|waiters| {
            if index >= waiters.len() {
                waiters.resize(index + 1, [0; 2]);
            }
            if self.wanted.interest != Interest::WRITE {
                change(&mut waiters[index][0]);
            }
            if self.wanted.interest.writes() {
                change(&mut waiters[index][1]);
            }
        });
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        self.each(|place| {
            if *place == self.id {
                *place = 0;
            }
        });
    }
}

/// Before `fd` is closed: who waits for it leaves now, while the C code that it is parked in still finds its stream.
pub(super) fn closing(fd: RawFd) {
    let Ok(index) = usize::try_from(fd) else { return };
    let before = CLOSING.replace(fd);
    for direction in 0..2 {
        let waiter = WAITERS.with_borrow(|waiters| waiters.get(index).map_or(0, |places| places[direction]));
        if waiter != 0 {
            engine::scheduler().cancel(waiter);
        }
    }
    CLOSING.set(before);
    readiness::closing(fd);
}

/// Throws that coroutine `by` is using what was to be used.
pub(super) fn in_use(by: i64) {
    if let Some(upcalls) = UPCALLS.get() {
        (upcalls.in_use)(by);
    }
}

/// Sets `swoole_last_error()`.
pub(super) fn last_error(number: i32) {
    if let Some(upcalls) = UPCALLS.get() {
        (upcalls.last_error)(number);
    }
}

/// Why this coroutine's last wait for `fd` was broken off, if it was; told once. PHP's streams look at what a read says after a
/// wait, not at the wait.
pub(super) fn broken_off(id: i64, fd: RawFd) -> Option<i32> {
    let (canceled, at, errno) = BROKEN_OFF.get()?;
    (canceled == id && at == fd).then(|| {
        BROKEN_OFF.set(None);
        errno
    })
}

/// Suspends the current coroutine for this long; false when it was cancelled.
pub(super) fn pause(duration: Duration) -> bool {
    /// Below this the loop's timers, which count milliseconds, are too coarse.
    const COARSE: Duration = Duration::from_millis(1);
    let _parked = Parked::new();
    paused(if duration < COARSE {
        engine::wait(Brief::new(duration, 1))
    } else {
        match Instant::now().checked_add(duration) {
            Some(deadline) => engine::scheduler().park_until(Waiting::External, deadline).map(drop),
            None => engine::park(Waiting::External),
        }
    })
}

fn paused(slept: Result<(), Canceled>) -> bool {
    if let Some(id) = engine::current_id() {
        note::<(), _>(id, &slept.map(|()| None));
    }
    slept.is_ok()
}

/// Lets everything that is ready run first; false when the coroutine was cancelled.
pub(super) fn give_way() -> bool {
    pause(Duration::ZERO)
}

/// The same, and those who wait for what has happened to descriptors by now: in one round of the loop, which may not have begun,
/// events are seen, in the next those who wait for them are woken, and then they run.
pub(super) fn give_way_to_events() -> bool {
    let _parked = Parked::new();
    paused(engine::wait(Brief::new(Duration::ZERO, 3)))
}

/// A pause of less than a millisecond: gives way to all that is ready, again and again until the time has come.
struct Brief {
    end: std::time::Instant,
    /// Rounds of the loop that it lasts in any case.
    rounds: u8,
}

impl Brief {
    fn new(duration: Duration, rounds: u8) -> Self {
        Self { end: std::time::Instant::now() + duration, rounds }
    }
}

impl Future for Brief {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut std::task::Context<'_>) -> Poll<()> {
        if self.rounds == 0 && std::time::Instant::now() >= self.end {
            return Poll::Ready(());
        }
        self.rounds = self.rounds.saturating_sub(1);
        // Woken when the runtime has looked for events once more.
        let mut again = std::pin::pin!(tokio::task::yield_now());
        let _ = again.as_mut().poll(context);
        Poll::Pending
    }
}

/// Runs `call` on a thread of its own; nobody waits for it.
pub(super) fn leave_behind<T: Send + 'static>(call: impl FnOnce() -> T + Send + 'static) {
    engine::within(|| drop(tokio::task::spawn_blocking(call)));
}

/// Runs `call` on a thread of its own while the coroutine waits. It owns all it needs: a cancelled coroutine leaves it behind.
///
/// # Errors
/// [`Canceled`], or no thread could be had.
pub(super) fn offload<T: Send + 'static>(call: impl FnOnce() -> T + Send + 'static) -> Result<T, Canceled> {
    let mut task = engine::within(|| pool::spawn(call));
    let mut begun = false;
    // However soon it is done, others have their turn: nobody can tell how fast a thread is.
    let later = std::future::poll_fn(|context| {
        if std::mem::replace(&mut begun, true) {
            return Pin::new(&mut task).poll(context);
        }
        context.waker().wake_by_ref();
        Poll::Pending
    });
    match engine::wait(later) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(_)) | Err(Canceled) => Err(Canceled),
    }
}
