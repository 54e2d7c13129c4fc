//! Which process this is, and whether another one still lives.
//!
//! A lock's owner is a number in shared memory, so that whoever finds a lock held can ask the kernel about its holder. A pid
//! alone would not do: the kernel gives it to someone else sooner or later, and a lock whose holder's pid lives on in a stranger
//! would be held for ever. So an [`Owner`] is the pid together with the time at which that process started.

use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};

/// A process: pid and start time. 0 is nobody; the highest bit of the lower half is never set (see [`super::mutex`]).
pub type Owner = u64;

/// This process as an owner; 0 until somebody asks, and again in a new child.
static SELF: AtomicU64 = AtomicU64::new(0);
/// How often this process or one of its ancestors has forked.
static FORKS: AtomicU64 = AtomicU64::new(0);
/// How many of those forks lead to this process: its generation.
static DEPTH: AtomicU64 = AtomicU64::new(0);
static WATCH: Once = Once::new();

extern "C" fn before_fork() {
    FORKS.fetch_add(1, Ordering::Relaxed);
}

extern "C" fn in_child() {
    SELF.store(0, Ordering::Relaxed);
    DEPTH.fetch_add(1, Ordering::Relaxed);
}

/// Makes the numbers below follow forks; idempotent.
fn watch() {
    WATCH.call_once(|| {
        // SAFETY: both handlers only touch atomics, which is allowed in a fork handler; they live as long as this library, whose
        // unloading takes them back.
        unsafe { libc::pthread_atfork(Some(before_fork), None, Some(in_child)) };
    });
}

/// How often this process has forked, its ancestors' forks included: memory made since the same number is known to nobody else.
pub fn forks() -> u64 {
    watch();
    FORKS.load(Ordering::Relaxed)
}

/// Which generation of forked processes this is: differs between a parent and its child.
pub fn depth() -> u64 {
    watch();
    DEPTH.load(Ordering::Relaxed)
}

/// This process.
#[inline]
pub fn me() -> Owner {
    match SELF.load(Ordering::Relaxed) {
        0 => find_me(),
        owner => owner,
    }
}

#[cold]
fn find_me() -> Owner {
    watch();
    let pid = std::process::id();
    let started = stat(pid).map_or(0, |it| it.started);
    let owner = u64::from(pid) | u64::from(started) << 32;
    SELF.store(owner, Ordering::Relaxed);
    owner
}

/// The pid of an owner.
pub fn pid(owner: Owner) -> u32 {
    owner as u32 & (u32::MAX >> 1)
}

/// Whether `owner` has ended, its zombie included: it will not run another instruction.
///
/// In doubt it lives: where `/proc` is missing, only a pid that nobody has is surely dead.
pub fn is_dead(owner: Owner) -> bool {
    if owner == me() {
        return false;
    }
    let pid = pid(owner);
    match stat(pid) {
        Some(it) => {
            let started = (owner >> 32) as u32;
            matches!(it.state, b'Z' | b'X' | b'x') || (started != 0 && started != it.started)
        }
        None => {
            // SAFETY: signal 0 only asks.
            let found = unsafe { libc::kill(pid.cast_signed(), 0) };
            found == -1 && errno() == libc::ESRCH
        }
    }
}

fn errno() -> i32 {
    std::io::Error::last_os_error().raw_os_error().unwrap_or(0)
}

struct Stat {
    state: u8,
    /// Clock ticks since boot, the lower half.
    started: u32,
}

/// `/proc/PID/stat`, if it can be read.
fn stat(pid: u32) -> Option<Stat> {
    let text = std::fs::read(format!("/proc/{pid}/stat")).ok()?;
    parse(&text)
}

/// Takes the fields after the command's name, which may hold anything: the last `)` ends it.
fn parse(text: &[u8]) -> Option<Stat> {
    let name_end = text.iter().rposition(|byte| *byte == b')')?;
    let mut fields = text.get(name_end + 1..)?.split(|byte| *byte == b' ').filter(|field| !field.is_empty());
    let state = *fields.next()?.first()?;
    // The state is field 3, the start time field 22.
    let started = std::str::from_utf8(fields.nth(18)?).ok()?.trim_end().parse::<u64>().ok()?;
    Some(Stat { state, started: started as u32 })
}

#[cfg(test)]
mod tests {
    use super::{is_dead, me, parse, pid};

    #[test]
    fn this_process_lives() {
        assert_eq!(pid(me()), std::process::id());
        assert!(me() >> 32 != 0, "the start time is known");
        assert!(!is_dead(me()));
    }

    #[test]
    fn another_start_time_is_another_process() {
        assert!(is_dead(me() ^ 1 << 40));
    }

    #[test]
    fn names_may_hold_anything() {
        let text = b"12 (a) Z (b) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 20\n";
        let it = parse(text).expect("has the fields");
        assert_eq!((it.state, it.started), (b'S', 4711));
        assert!(parse(b"12 (short) S 1 2").is_none());
        assert!(parse(b"").is_none());
    }

    #[test]
    fn zombies_and_the_reaped_are_dead() {
        // SAFETY: the child does nothing but sleep until it is killed.
        let child = unsafe { libc::fork() };
        if child == 0 {
            loop {
                // SAFETY: waits for a signal.
                unsafe { libc::pause() };
            }
        }
        let started = super::stat(child as u32).expect("a living child").started;
        let owner = u64::from(child as u32) | u64::from(started) << 32;
        assert!(!is_dead(owner));
        // SAFETY: our own child; waits until it is a zombie, which it stays.
        unsafe {
            libc::kill(child, libc::SIGKILL);
            let mut info = std::mem::zeroed();
            libc::waitid(libc::P_PID, child as u32, &mut info, libc::WEXITED | libc::WNOWAIT);
        }
        assert!(is_dead(owner), "a zombie");
        // SAFETY: reaps our own child.
        unsafe { libc::waitpid(child, std::ptr::null_mut(), 0) };
        assert!(is_dead(owner), "reaped");
    }
}
