//! `Swoole\WebSocket\Server`.

pub use super::frame::{pack, unpack};
pub use crate::classes::server::connections::{disconnect, is_established, ping, push};
