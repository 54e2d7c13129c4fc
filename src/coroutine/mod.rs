//! Coroutines: futures that own a PHP stack.
//!
//! * [`scheduler`]: who runs, who waits, direct resume, the drain task; generic over the stack switch.
//! * `table`: coroutines by id; [`pages`]: timers by id.
//! * [`timers`]: what goes off when; `alarm`: what that is, besides waits of coroutines.
//! * [`source`]: what the loop serves besides coroutines.
//! * [`waker`]: wakers that are just ids.
//! * [`runtime`]: the tokio runtime and its loop.
//! * `trim`: memory after a burst.
//! * [`pool`]: threads for calls that block.
//! * [`channel`]: the bounded queue between coroutines.
//! * [`deferred`]: what is put off to the end of a turn.
//! * `autoload`: one coroutine loads a class, the others that want it wait.
//! * `cancel`, `join`: exceptions raised in another coroutine, waiting for its end.
//! * `preempt`: time slices. `limits`: sizes and numbers. `exit_condition`: whether the loop may end.
//! * `origin`: on whose behalf coroutines run.
//! * `record`, `trace`: what can be asked about a coroutine, and where it stands.
//! * `engine`: the PHP side: stacks of the engine, jobs, defers, fatal errors.

#[cfg(feature = "php")]
pub mod alarm;
#[cfg(feature = "php")]
pub mod autoload;
#[cfg(feature = "php")]
pub mod cancel;
pub mod channel;
pub mod deferred;
#[cfg(feature = "php")]
pub mod engine;
#[cfg(feature = "php")]
pub mod exit_condition;
#[cfg(feature = "php")]
pub mod join;
#[cfg(feature = "php")]
pub mod limits;
#[cfg(feature = "php")]
pub mod origin;
pub mod pages;
pub mod pool;
#[cfg(feature = "php")]
pub mod preempt;
#[cfg(feature = "php")]
mod record;
pub mod runtime;
pub mod scheduler;
pub mod source;
mod table;
#[cfg(test)]
mod tests;
pub mod timers;
#[cfg(feature = "php")]
pub mod trace;
#[cfg(feature = "php")]
mod trim;
pub mod waker;

#[cfg(feature = "php")]
pub use engine::{current_id, spawn, spawn_call, wait};
pub use scheduler::Canceled;
