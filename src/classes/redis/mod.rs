//! Classes of `Swoole\Redis`.

pub mod server;
