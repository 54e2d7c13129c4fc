//! Signals as events.
//!
//! ```text
//!   handler (any thread, any moment)          PHP's thread
//!   ────────────────────────────────          ──────────────────────────────────────────
//!   set the signal's bit; ring the bell  ──▶  poll: the bell is readable; take the bits
//! ```
//!
//! The bell is an eventfd of this process: a fork's child has a copy of its parent's, which it must not ring ([`forked`]).
//! Calls that a signal interrupts are restarted, so code that listens to nothing sees no `EINTR`.

use std::cell::RefCell;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::sync::atomic::{AtomicI32, AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use tokio::io::unix::AsyncFd;

/// Highest signal number.
pub const LAST: i32 = 64;

/// Who listens to a signal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Who {
    /// The script: what was done about the signal before is replaced.
    Script = 1,
    /// A wait for the signal: likewise.
    Wait = 2,
    /// A wait for children. A handler that was there before is called too.
    Children = 4,
    /// The supervisor of other processes.
    Supervisor = 8,
}

/// Signals that arrived and were not taken yet: bit `number - 1`.
static PENDING: AtomicU64 = AtomicU64::new(0);
/// The eventfd that says so, or -1.
static BELL: AtomicI32 = AtomicI32::new(-1);
/// The process that made the bell.
static OWNER: AtomicI32 = AtomicI32::new(0);
/// Handlers to call as well, by signal; 0 for none.
static ALSO: [AtomicUsize; LAST as usize + 1] = [const { AtomicUsize::new(0) }; LAST as usize + 1];

/// A signal that is listened to.
#[derive(Clone, Copy)]
struct Listened {
    who: u8,
    before: libc::sigaction,
}

/// The signals of this process, on the one thread that takes them.
struct Signals {
    bell: Option<OwnedFd>,
    listened: [Option<Listened>; LAST as usize + 1],
    /// The bell in the runtime that runs.
    watched: Option<AsyncFd<RawFd>>,
}

thread_local! {
    static SIGNALS: RefCell<Signals> =
        const { RefCell::new(Signals { bell: None, listened: [None; LAST as usize + 1], watched: None }) };
}

/// The handler of every signal that is listened to.
extern "C" fn arrived(number: libc::c_int, info: *mut libc::siginfo_t, context: *mut libc::c_void) {
    // SAFETY: only what may be done in a handler: this thread's errno, atomics, getpid and write.
    unsafe {
        let errno = *libc::__errno_location();
        PENDING.fetch_or(bit(number), Ordering::AcqRel);
        let bell = BELL.load(Ordering::Acquire);
        // A child between its fork and its first listening would ring its parent's bell.
        if bell >= 0 && OWNER.load(Ordering::Relaxed) == libc::getpid() {
            let one = 1_u64;
            libc::write(bell, (&raw const one).cast(), size_of::<u64>());
        }
        let also = ALSO[number as usize].load(Ordering::Acquire);
        if also != 0 {
            type Handler = extern "C" fn(libc::c_int, *mut libc::siginfo_t, *mut libc::c_void);
            let also = std::mem::transmute::<usize, Handler>(also);
            also(number, info, context);
        }
        *libc::__errno_location() = errno;
    }
}

fn bit(number: i32) -> u64 {
    1 << (number - 1)
}

/// Whether a signal has this number and can be listened to by number alone.
pub fn is_valid(number: i32) -> bool {
    (1..=LAST).contains(&number)
}

fn sigaction(number: i32, new: Option<&libc::sigaction>) -> io::Result<libc::sigaction> {
    // SAFETY: plain structs of ours; the new handler lives as long as the process.
    unsafe {
        let mut old: libc::sigaction = std::mem::zeroed();
        let new = new.map_or(std::ptr::null(), std::ptr::from_ref);
        if libc::sigaction(number, new, &mut old) < 0 { Err(io::Error::last_os_error()) } else { Ok(old) }
    }
}

/// Whether this is a function, and not "default" or "ignore".
fn is_function(action: &libc::sigaction) -> bool {
    action.sa_sigaction != libc::SIG_DFL && action.sa_sigaction != libc::SIG_IGN
}

impl Signals {
    fn ensure_bell(&mut self) -> io::Result<()> {
        if self.bell.is_none() {
            // SAFETY: numbers only.
            let bell = unsafe { libc::eventfd(0, libc::EFD_NONBLOCK | libc::EFD_CLOEXEC) };
            if bell < 0 {
                return Err(io::Error::last_os_error());
            }
            // SAFETY: just opened.
            self.bell = Some(unsafe { OwnedFd::from_raw_fd(bell) });
            OWNER.store(super::process::id(), Ordering::Relaxed);
            BELL.store(bell, Ordering::Release);
        }
        Ok(())
    }

    fn listen(&mut self, number: i32, who: Who) -> io::Result<()> {
        self.ensure_bell()?;
        let place = &mut self.listened[number as usize];
        let before = match place {
            Some(listened) => listened.before,
            None => sigaction(number, None)?,
        };
        let all = place.map_or(0, |listened| listened.who) | who as u8;
        // Children end unseen by whoever listened to them before; everyone else asked to replace that.
        let also = if all == Who::Children as u8 && is_function(&before) { before.sa_sigaction } else { 0 };
        ALSO[number as usize].store(also, Ordering::Release);
        if place.is_none() {
            // SAFETY: an all-zero struct has an empty mask and no flags.
            let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
            action.sa_sigaction = arrived as *const () as usize;
            action.sa_flags = libc::SA_RESTART | libc::SA_SIGINFO | libc::SA_ONSTACK;
            sigaction(number, Some(&action))?;
        }
        *place = Some(Listened { who: all, before });
        Ok(())
    }

    fn release(&mut self, number: i32, who: u8) {
        let Some(listened) = self.listened[number as usize] else { return };
        let left = listened.who & !who;
        if left == 0 {
            self.listened[number as usize] = None;
            ALSO[number as usize].store(0, Ordering::Release);
            // The number was valid when it was set.
            let _ = sigaction(number, Some(&listened.before));
            PENDING.fetch_and(!bit(number), Ordering::AcqRel);
        } else {
            self.listened[number as usize] = Some(Listened { who: left, ..listened });
        }
    }

    /// Takes the bell's ring away; false when it has not rung.
    fn quiet(bell: RawFd) -> bool {
        let mut count = 0_u64;
        // SAFETY: reads eight bytes into a number.
        unsafe { libc::read(bell, (&raw mut count).cast(), size_of::<u64>()) > 0 }
    }
}

/// Starts listening to a signal.
///
/// # Errors
/// `EINVAL` for numbers that are none and for SIGKILL and SIGSTOP; no descriptors left.
pub fn listen(number: i32, who: Who) -> io::Result<()> {
    if !is_valid(number) {
        return Err(io::Error::from_raw_os_error(libc::EINVAL));
    }
    SIGNALS.with_borrow_mut(|signals| signals.listen(number, who))
}

/// Stops listening; when nobody listens any more, what was done about the signal before is in force again.
pub fn release(number: i32, who: Who) {
    if is_valid(number) {
        SIGNALS.with_borrow_mut(|signals| signals.release(number, who as u8));
    }
}

/// Whether `who` listens to the signal.
pub fn is_listened(number: i32, who: Who) -> bool {
    is_valid(number)
        && SIGNALS.with_borrow(|signals| signals.listened[number as usize].is_some_and(|it| it.who & who as u8 != 0))
}

/// The system's words for a signal.
pub fn name(number: i32) -> String {
    // SAFETY: strsignal returns static or thread-local text.
    unsafe { std::ffi::CStr::from_ptr(libc::strsignal(number)) }.to_string_lossy().into_owned()
}

/// From now on the signal does nothing; nobody listens to it.
///
/// # Errors
/// As [`listen`].
pub fn ignore(number: i32) -> io::Result<()> {
    if !is_valid(number) {
        return Err(io::Error::from_raw_os_error(libc::EINVAL));
    }
    SIGNALS.with_borrow_mut(|signals| {
        signals.release(number, u8::MAX);
        // SAFETY: an all-zero struct has an empty mask and no flags.
        let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
        action.sa_sigaction = libc::SIG_IGN;
        sigaction(number, Some(&action)).map(drop)
    })
}

/// Signals that arrived, as an iterator over their numbers, lowest first.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Arrived(u64);

impl Iterator for Arrived {
    type Item = i32;

    fn next(&mut self) -> Option<i32> {
        let number = self.0.trailing_zeros() as i32;
        self.0 &= self.0.wrapping_sub(1);
        (number < LAST).then_some(number + 1)
    }
}

/// Takes the signals that arrived since they were last taken.
pub fn take() -> Arrived {
    SIGNALS.with_borrow(|signals| {
        if let Some(bell) = &signals.bell {
            Signals::quiet(bell.as_raw_fd());
        }
    });
    Arrived(PENDING.swap(0, Ordering::AcqRel))
}

/// Whether signals have arrived that were not taken.
pub fn is_pending() -> bool {
    PENDING.load(Ordering::Acquire) != 0
}

/// As [`take`], and wakes `context` when another signal arrives. Within a runtime.
pub fn poll_take(context: &mut Context<'_>) -> Arrived {
    SIGNALS.with_borrow_mut(|signals| {
        let Some(bell) = signals.bell.as_ref().map(AsRawFd::as_raw_fd) else { return };
        if signals.watched.is_none() {
            // Without a descriptor left for the watch, signals wait for the next loop.
            // SAFETY: the bell stays open until `forked`, which forgets the watch first.
            let watched = unsafe { AsyncFd::register_with_interest(bell, tokio::io::Interest::READABLE) };
            signals.watched = watched.ok();
        }
        let Some(watched) = &signals.watched else { return };
        while let Poll::Ready(Ok(mut ready)) = watched.poll_read_ready(context) {
            if !Signals::quiet(bell) {
                ready.clear_ready();
            }
        }
    });
    Arrived(PENDING.swap(0, Ordering::AcqRel))
}

/// The runtime that [`poll_take`] was last called in goes away. `forked`: it is the parent's, and not to be touched.
pub fn detach(forked: bool) {
    let watched = SIGNALS.with_borrow_mut(|signals| signals.watched.take());
    if forked {
        std::mem::forget(watched);
    }
}

/// The descriptor that is readable while signals wait to be taken.
///
/// # Errors
/// No descriptors left.
pub fn bell() -> io::Result<RawFd> {
    SIGNALS.with_borrow_mut(|signals| {
        signals.ensure_bell()?;
        Ok(signals.bell.as_ref().map_or(-1, AsRawFd::as_raw_fd))
    })
}

/// Nobody listens any more; what was done about signals before is in force again.
pub fn release_all() {
    SIGNALS.with_borrow_mut(|signals| {
        for number in 1..=LAST {
            signals.release(number, u8::MAX);
        }
    });
}

/// All signals are held back from this thread until this is dropped.
pub struct Blocked(libc::sigset_t);

/// Holds all signals back, around a fork: the child lets them in when it has put aside its parent's handlers.
pub fn block() -> Blocked {
    // SAFETY: sets of bits of ours.
    unsafe {
        let mut all: libc::sigset_t = std::mem::zeroed();
        let mut before: libc::sigset_t = std::mem::zeroed();
        libc::sigfillset(&mut all);
        libc::pthread_sigmask(libc::SIG_SETMASK, &all, &mut before);
        Blocked(before)
    }
}

impl Drop for Blocked {
    fn drop(&mut self) {
        // SAFETY: the set that was in force before.
        unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &self.0, std::ptr::null_mut()) };
    }
}

/// In a fork's child: the bell is the parent's, and nobody listens yet.
pub fn forked() {
    detach(true);
    release_all();
    BELL.store(-1, Ordering::Release);
    PENDING.store(0, Ordering::Release);
    // Closes only this process's copy.
    SIGNALS.with_borrow_mut(|signals| signals.bell = None);
}

#[cfg(test)]
mod tests {
    use super::super::process::{self, Side};
    use super::*;
    use std::sync::Mutex;
    use std::sync::atomic::AtomicBool;

    /// Signals belong to the process: one test at a time.
    static ONE: Mutex<()> = Mutex::new(());

    fn raise(number: i32) {
        // SAFETY: the signal goes to this thread, whose handler is ours.
        unsafe { libc::raise(number) };
    }

    #[test]
    fn signals_are_taken_once_lowest_first() -> io::Result<()> {
        let _one = ONE.lock();
        listen(libc::SIGUSR2, Who::Script)?;
        listen(libc::SIGUSR1, Who::Script)?;
        raise(libc::SIGUSR2);
        raise(libc::SIGUSR1);
        raise(libc::SIGUSR2);
        assert_eq!(take().collect::<Vec<_>>(), [libc::SIGUSR1, libc::SIGUSR2]);
        assert_eq!(take().next(), None);
        release_all();
        Ok(())
    }

    #[test]
    fn the_loop_is_woken() -> io::Result<()> {
        let _one = ONE.lock();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        listen(libc::SIGUSR1, Who::Wait)?;
        let raised = AtomicBool::new(false);
        let taken = runtime.block_on(std::future::poll_fn(|context| match poll_take(context).next() {
            Some(number) => Poll::Ready(number),
            None => {
                if !raised.swap(true, Ordering::Relaxed) {
                    std::thread::spawn(|| {
                        // SAFETY: to this process, whose handler is ours.
                        unsafe { libc::kill(libc::getpid(), libc::SIGUSR1) }
                    });
                }
                Poll::Pending
            }
        }));
        assert_eq!(taken, libc::SIGUSR1);
        detach(false);
        release_all();
        Ok(())
    }

    static CALLED: AtomicI32 = AtomicI32::new(0);

    extern "C" fn other(number: libc::c_int) {
        CALLED.store(number, Ordering::Relaxed);
    }

    #[test]
    fn what_was_there_before_comes_back_and_sees_children_meanwhile() -> io::Result<()> {
        let _one = ONE.lock();
        // SAFETY: an all-zero struct has an empty mask and no flags.
        let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
        action.sa_sigaction = other as *const () as usize;
        let default = sigaction(libc::SIGUSR1, Some(&action))?;
        for (who, called) in [(Who::Children, libc::SIGUSR1), (Who::Script, 0)] {
            listen(libc::SIGUSR1, who)?;
            CALLED.store(0, Ordering::Relaxed);
            raise(libc::SIGUSR1);
            assert_eq!((take().next(), CALLED.load(Ordering::Relaxed)), (Some(libc::SIGUSR1), called));
            release(libc::SIGUSR1, who);
        }
        raise(libc::SIGUSR1);
        assert_eq!((take().next(), CALLED.load(Ordering::Relaxed)), (None, libc::SIGUSR1));
        sigaction(libc::SIGUSR1, Some(&default)).map(drop)
    }

    #[test]
    fn a_child_rings_only_its_own_bell() -> io::Result<()> {
        let _one = ONE.lock();
        listen(libc::SIGUSR1, Who::Script)?;
        let child = match process::fork()? {
            Side::Parent(pid) => pid,
            Side::Child => {
                raise(libc::SIGUSR1);
                forked();
                let own = listen(libc::SIGUSR1, Who::Script).is_ok() && take().next().is_none();
                raise(libc::SIGUSR1);
                // SAFETY: ends the child without running the test harness's end in it.
                unsafe { libc::_exit(i32::from(!own || take().next().is_none())) }
            }
        };
        assert!(matches!(process::wait(child, true)?, Some(exit) if exit.is_clean()));
        let bell = bell()?;
        assert!(!Signals::quiet(bell));
        assert_eq!(take().next(), None);
        release_all();
        Ok(())
    }

    #[test]
    fn some_signals_cannot_be_listened_to() {
        for number in [0, -1, LAST + 1, libc::SIGKILL, libc::SIGSTOP] {
            assert_eq!(listen(number, Who::Script).unwrap_err().raw_os_error(), Some(libc::EINVAL));
        }
    }
}
