//! The table's part of the protocols.

#[path = "../../../src/shm/table/latch.rs"]
pub(crate) mod latch;
