//! Classes of `Swoole\Coroutine\Http`.

pub mod client;
pub mod server;
