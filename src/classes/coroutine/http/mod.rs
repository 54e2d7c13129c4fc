//! Classes of `Swoole\Coroutine\Http`.

pub mod server;
