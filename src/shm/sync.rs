//! The atomics of the lock protocols. One place, so that `tests/models.rs` can compile the same protocols against loom's.

pub(crate) use std::hint::spin_loop;
pub(crate) use std::sync::atomic::{AtomicU64, Ordering};
