//! What the servers are made of and PHP does not see: no PHP, no coroutine.

pub mod board;
pub mod bus;
mod certificates;
pub mod endpoint;
pub mod hub;
pub mod layout;
pub mod listen;
pub mod packets;
pub mod relay;
pub mod session;
pub mod settings;
pub mod supervisor;
