//! Waiting on a shared 32-bit number: 0 means "not yet", 1 means "go".

use super::futex::{self, Wake};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// How long to wait.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// Until somebody wakes us.
    None,
    /// This long.
    After(Duration),
    /// A time that no clock can express: refused.
    Absurd,
}

impl Limit {
    /// Seconds as PHP's users give them: what is not above 0 is no limit.
    pub fn seconds(seconds: f64) -> Self {
        if seconds.is_nan() || seconds <= 0.0 {
            return Self::None;
        }
        if seconds >= i64::MAX as f64 {
            return Self::Absurd;
        }
        Duration::try_from_secs_f64(seconds).map_or(Self::Absurd, Self::After)
    }
}

/// Takes the 1 and leaves a 0, waiting for it once. False when the time passed, a signal came, somebody else was faster, or the
/// number was neither 0 nor 1.
pub fn wait(number: &AtomicU32, limit: Limit) -> bool {
    if take(number) {
        return true;
    }
    let woken = match limit {
        Limit::None => futex::wait(number, 0, None),
        Limit::After(time) => futex::wait(number, 0, Some(time)),
        Limit::Absurd => Wake::Refused,
    };
    woken == Wake::Woken && take(number)
}

fn take(number: &AtomicU32) -> bool {
    number.compare_exchange(1, 0, Ordering::SeqCst, Ordering::SeqCst).is_ok()
}

/// Turns a 0 into a 1 and wakes at most `count` who wait for it. Does nothing to any other number.
pub fn wakeup(number: &AtomicU32, count: i32) {
    if number.compare_exchange(0, 1, Ordering::SeqCst, Ordering::SeqCst).is_ok() {
        futex::wake(number, count);
    }
}

#[cfg(test)]
mod tests {
    use super::{Limit, wait, wakeup};
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    #[test]
    fn limits() {
        assert_eq!(Limit::seconds(-1.0), Limit::None);
        assert_eq!(Limit::seconds(f64::NAN), Limit::None);
        assert_eq!(Limit::seconds(0.5), Limit::After(Duration::from_millis(500)));
        assert_eq!(Limit::seconds(1e300), Limit::Absurd);
    }

    #[test]
    fn a_one_is_taken_at_once_and_other_numbers_are_refused() {
        let number = AtomicU32::new(1);
        assert!(wait(&number, Limit::None));
        assert_eq!(number.swap(5, Ordering::SeqCst), 0);
        assert!(!wait(&number, Limit::None));
        wakeup(&number, 1);
        assert_eq!(number.load(Ordering::SeqCst), 5);
    }

    #[test]
    fn wakes_a_thread() {
        let number = AtomicU32::new(0);
        assert!(!wait(&number, Limit::After(Duration::from_millis(5))));
        std::thread::scope(|scope| {
            let waiter = scope.spawn(|| {
                // Woken, or there before the waiter slept: then the one is there when it looks again.
                wait(&number, Limit::None) || wait(&number, Limit::After(Duration::from_secs(5)))
            });
            std::thread::sleep(Duration::from_millis(10));
            wakeup(&number, 1);
            assert!(waiter.join().expect("no panic"));
        });
        assert_eq!(number.load(Ordering::SeqCst), 0);
    }
}
