//! Steelwool: Swoole's API for PHP on an embedded tokio runtime.
#![cfg_attr(not(feature = "php"), allow(dead_code))]

pub mod coroutine;
pub mod io;
#[cfg(feature = "php")]
pub mod zend;

#[cfg(feature = "php")]
pub mod classes;
#[cfg(feature = "php")]
pub mod module;
