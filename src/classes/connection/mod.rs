//! Namespace `Swoole\Connection`.

pub mod iterator;
