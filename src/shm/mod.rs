//! Memory that processes share: mapped before `fork`, so that parent and children see the same bytes at the same address.
//!
//! Knows no PHP and no coroutine. Three rules hold for everything in here:
//!
//! * A process may be killed between any two instructions. What it has half done is either invisible to the others or is
//!   undone or finished by the next one who comes along; nobody waits for the dead.
//! * What lies in a mapping is an atomic, or is reached only under a lock of ours and is valid whatever its bytes are.
//! * Nothing in a mapping points to anything outside of it.

pub mod atomic;
pub mod futex;
pub mod mutex;
pub mod pool;
pub mod process;
pub mod region;
pub mod rwlock;
pub(crate) mod sync;
pub mod table;
#[cfg(test)]
mod tests;
