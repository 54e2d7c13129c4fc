//! `Swoole\WebSocket\Server`.

pub use super::frame::{pack, unpack};
