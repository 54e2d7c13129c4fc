//! Classes of `Swoole\WebSocket`.

pub mod frame;
pub mod server;
