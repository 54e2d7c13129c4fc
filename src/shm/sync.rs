//! What the lock protocols need besides the kernel. One place, so that `tests/models.rs` can compile the same protocols against loom.

pub(crate) use std::hint::spin_loop;
pub(crate) use std::sync::atomic::{AtomicU64, Ordering, fence};
use std::time::Duration;

/// How often a mutex is looked at again before sleeping: about the time of a short critical section.
pub(crate) const SPINS: u32 = 60;
/// Rounds that only spin, each twice as long as the one before.
const SPINNING: u32 = 7;
/// Rounds after those that let others run.
const YIELDS: u32 = 16;

/// Waits a little for somebody who is about to finish, longer in each round. True when it was so long that he may be dead.
pub(crate) fn pause(round: u32) -> bool {
    if round < SPINNING {
        for _ in 0..1 << round {
            spin_loop();
        }
    } else if round < SPINNING + YIELDS {
        std::thread::yield_now();
    } else {
        let times = (round - SPINNING - YIELDS).min(5);
        std::thread::sleep(Duration::from_micros(50 << times));
        return times >= 4;
    }
    false
}
