//! What goes off at a time besides waits of coroutines.

use crate::zend::callable::Callable;
use ext_php_rs::types::Zval;
use tokio::time::Instant;

/// What goes off.
pub enum Alarm {
    /// The time that the coroutine with this id may run is over.
    TimeLimit(i64),
    /// A PHP callback is due.
    Timer(Timer),
    /// Rust code is due; it runs in a turn of the loop.
    Call(Box<dyn FnOnce()>),
}

/// A callback that the loop calls at a time, once or at an interval.
pub struct Timer {
    /// Its id, from 1.
    pub id: i64,
    /// What is called; away while a call that is the only one runs.
    pub callable: Option<Callable>,
    /// What the callback gets.
    pub args: Box<[Zval]>,
    /// Milliseconds between calls; 0: there is one call only.
    pub interval: u64,
    /// Time of the next call.
    pub deadline: Instant,
    /// Calls done.
    pub calls: u32,
    /// Turn of the loop in which it was set.
    pub round: u32,
    /// On whose behalf it was set, see [`origin::here`](super::origin::here).
    pub origin: i64,
}
