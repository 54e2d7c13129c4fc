//! Steelwool: Swoole's API for PHP on an embedded tokio runtime.
//!
//! The layers, top to bottom; a module uses only those below it (`tests/layers.rs` checks):
//!
//! * [`module`]: the module entries and their life cycle.
//! * [`classes`]: the PHP surface, one file per class.
//! * [`hooks`]: blocking calls of C code that wait as coroutines do.
//! * [`coroutine`]: the scheduler and its PHP stacks.
//! * [`server`]: addresses, settings and processes of the servers; calls no PHP.
//! * [`zend`]: everything that touches the engine.
//! * [`local_task`]: tasks that stay on their thread; for every layer.
//! * [`shm`]: memory that processes share; knows neither PHP nor coroutines.
//! * [`log`]: Swoole's log; for every layer.
//! * [`io`]: asynchronous services over bytes; knows neither PHP nor coroutines.
#![cfg_attr(not(feature = "php"), allow(dead_code))]

#[cfg(feature = "php")]
pub mod classes;
pub mod coroutine;
pub mod hooks;
pub mod io;
pub mod local_task;
pub mod log;
#[cfg(feature = "php")]
pub mod module;
pub mod server;
pub mod shm;
#[cfg(feature = "php")]
pub mod zend;
