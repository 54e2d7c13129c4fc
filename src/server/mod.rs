//! What the servers are made of and PHP does not see: no PHP, no coroutine.

pub mod bus;
pub mod listen;
pub mod packets;
pub mod supervisor;
