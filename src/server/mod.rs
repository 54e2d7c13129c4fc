//! What the servers are made of and PHP does not see: no PHP, no coroutine.

pub mod bus;
pub mod hub;
pub mod listen;
pub mod packets;
pub mod session;
pub mod supervisor;
