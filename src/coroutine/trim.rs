//! Memory after a burst of coroutines: what they took goes back to the system.
//!
//! Stacks, PHP's heap and the C heap all keep what was freed for reuse, which is right while coroutines come and go and wrong
//! when tens of thousands have gone. So a burst is noticed (more stacks retired than are kept warm), and its end too: when few
//! are left, at most once a second, and when the loop ends.

use super::engine::{Record, WORLD, put_off, scheduler};
use crate::zend;
use std::ptr::NonNull;
use std::time::{Duration, Instant};

/// Stacks retired since the last time that make it worth the while.
const BURST: usize = 4096;

/// Idle stacks that are kept.
const WARM: usize = 64;

/// Shortest time between two.
const PAUSE: Duration = Duration::from_secs(1);

/// A stack was retired.
pub(super) fn note() {
    let world = &WORLD.0;
    let retired = world.retired.get() + 1;
    world.retired.set(retired);
    // Looked at now and then: this runs at the end of each coroutine of a burst.
    if retired >= BURST && retired.is_multiple_of(256) && scheduler().count() < BURST / 4 {
        let now = Instant::now();
        if world.trimmed.get().is_none_or(|last| now.duration_since(last) >= PAUSE) {
            world.trimmed.set(Some(now));
            put_off(Box::new(trim));
        }
    }
}

/// The loop has ended.
pub(super) fn loop_ended() {
    if WORLD.0.retired.get() >= BURST {
        trim();
    }
}

fn trim() {
    let world = &WORLD.0;
    world.retired.set(0);
    {
        let mut pool = world.pool.borrow_mut();
        // Neighbours stay, so that the others' slabs are empty.
        pool.sort_unstable_by_key(|record: &NonNull<Record>| record.addr());
        let mut slabs = world.slabs.borrow_mut();
        let warm = WARM.min(pool.len());
        for record in pool.drain(warm..) {
            // SAFETY: parked in the pool: nothing runs there.
            unsafe { record.as_ref().local.stack.handle().retire(&mut slabs) };
        }
        pool.shrink_to(WARM);
        slabs.trim();
    }
    scheduler().shrink();
    zend::trim_heaps();
}
