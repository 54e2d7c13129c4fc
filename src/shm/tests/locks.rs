//! The locks, and what becomes of them when a holder dies.

use super::Child;
use crate::shm::mutex::{Failure, Mutex, Patience};
use crate::shm::pool::Shared;
use crate::shm::rwlock::{Mode, READERS, RwLock};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

fn soon() -> Patience {
    Patience::Until(Instant::now() + Duration::from_millis(20))
}

fn late() -> Patience {
    Patience::Until(Instant::now() + Duration::from_secs(10))
}

#[test]
fn a_mutex_is_held_by_one() {
    let mutex = Shared::<Mutex>::new().expect("memory");
    assert_eq!(mutex.lock(Patience::Try), Ok(()));
    assert_eq!(mutex.lock(Patience::Try), Err(Failure::Busy));
    let start = Instant::now();
    assert_eq!(mutex.lock(soon()), Err(Failure::TimedOut));
    assert!(start.elapsed() >= Duration::from_millis(20));
    assert!(Child::run(|| mutex.lock(Patience::Try) == Err(Failure::Busy)).succeeded());
    assert!(
        Child::run(|| {
            mutex.unlock();
            true
        })
        .succeeded(),
        "anyone may unlock"
    );
    assert_eq!(mutex.lock(Patience::Try), Ok(()));
}

#[test]
fn a_mutex_of_the_dead_is_free() {
    let (mutex, ready) = (Shared::<Mutex>::new().expect("memory"), Shared::<AtomicU32>::new().expect("memory"));
    for patience in [Patience::Try, late(), Patience::Endless] {
        let child = Child::hold(&ready, || {
            let _ = mutex.lock(Patience::Try);
        });
        assert_eq!(mutex.lock(Patience::Try), Err(Failure::Busy));
        child.kill();
        // SAFETY: waits until our own child is a zombie, which it stays.
        unsafe { libc::waitid(libc::P_PID, child.0 as u32, &mut std::mem::zeroed(), libc::WEXITED | libc::WNOWAIT) };
        assert_eq!(mutex.lock(patience), Ok(()), "{patience:?}");
        mutex.unlock();
    }
}

#[test]
fn one_who_waits_notices_the_death() {
    let (mutex, ready) = (Shared::<Mutex>::new().expect("memory"), Shared::<AtomicU32>::new().expect("memory"));
    let holder = Child::hold(&ready, || {
        let _ = mutex.lock(Patience::Try);
    });
    let waiters: Vec<_> = (0..3)
        .map(|_| {
            Child::run(|| {
                let taken = mutex.lock(late()).is_ok();
                mutex.unlock();
                taken
            })
        })
        .collect();
    std::thread::sleep(Duration::from_millis(20));
    holder.kill();
    for waiter in waiters {
        assert!(waiter.succeeded());
    }
    assert!(!mutex.is_locked());
}

#[test]
fn a_mutex_excludes() {
    let (mutex, count) = (Shared::<Mutex>::new().expect("memory"), Shared::<AtomicU32>::new().expect("memory"));
    let add = || {
        for _ in 0..20_000 {
            let _ = mutex.lock(Patience::Endless);
            count.store(count.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
            mutex.unlock();
        }
        true
    };
    let children: Vec<_> = (0..4).map(|_| Child::run(add)).collect();
    for child in children {
        assert!(child.succeeded());
    }
    assert_eq!(count.load(Ordering::Relaxed), 80_000);
}

#[test]
fn readers_share_and_writers_do_not() {
    let lock = Shared::<RwLock>::new().expect("memory");
    assert_eq!(lock.lock(Mode::Read, Patience::Try), Ok(()));
    assert_eq!(lock.lock(Mode::Read, Patience::Try), Ok(()));
    assert!(Child::run(|| lock.lock(Mode::Read, Patience::Try) == Ok(())).succeeded());
    assert_eq!(lock.lock(Mode::Write, soon()), Err(Failure::TimedOut));
    lock.unlock();
    assert_eq!(lock.lock(Mode::Write, Patience::Try), Err(Failure::Busy));
    lock.unlock();
    assert_eq!(lock.lock(Mode::Write, Patience::Try), Ok(()), "the child's read lock died with it");
    assert_eq!(lock.lock(Mode::Write, soon()), Err(Failure::Deadlock));
    assert_eq!(lock.lock(Mode::Read, Patience::Endless), Err(Failure::Deadlock));
    assert_eq!(lock.lock(Mode::Read, Patience::Try), Err(Failure::Busy));
    assert!(
        Child::run(|| {
            lock.unlock();
            true
        })
        .succeeded(),
        "anyone may unlock"
    );
    assert_eq!(lock.lock(Mode::Write, Patience::Try), Ok(()));
    lock.unlock();
    lock.unlock();
    assert_eq!(lock.lock(Mode::Write, Patience::Try), Ok(()));
}

#[test]
fn more_readers_than_slots_are_refused() {
    let lock = Shared::<RwLock>::new().expect("memory");
    for _ in 0..READERS {
        assert_eq!(lock.lock(Mode::Read, Patience::Try), Ok(()));
    }
    assert_eq!(lock.lock(Mode::Read, Patience::Try), Err(Failure::TooMany));
    lock.unlock();
    assert_eq!(lock.lock(Mode::Read, Patience::Endless), Ok(()));
}

#[test]
fn what_dead_readers_and_writers_hold_is_free() {
    let (lock, ready) = (Shared::<RwLock>::new().expect("memory"), Shared::<AtomicU32>::new().expect("memory"));
    for (theirs, ours) in [(Mode::Read, Mode::Write), (Mode::Write, Mode::Write), (Mode::Write, Mode::Read)] {
        let child = Child::hold(&ready, || {
            let _ = lock.lock(theirs, Patience::Try);
        });
        let waiter = Child::run(|| lock.lock(ours, late()).is_ok());
        std::thread::sleep(Duration::from_millis(10));
        child.kill();
        assert!(waiter.succeeded(), "{theirs:?} {ours:?}");
        assert_eq!(lock.lock(ours, late()), Ok(()), "the waiter died with it");
        lock.unlock();
    }
}

#[test]
fn a_writer_waits_for_readers_who_come_back() {
    let lock = Shared::<RwLock>::new().expect("memory");
    assert_eq!(lock.lock(Mode::Read, Patience::Try), Ok(()));
    let writer = Child::run(|| lock.lock(Mode::Write, late()).is_ok());
    std::thread::sleep(Duration::from_millis(10));
    assert!(Child::run(|| lock.lock(Mode::Read, Patience::Try).is_ok()).succeeded(), "readers go first");
    lock.unlock();
    assert!(writer.succeeded());
}
