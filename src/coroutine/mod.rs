//! Coroutines: futures that own a PHP stack.
//!
//! * [`scheduler`]: who runs, who waits, direct resume, the drain task; generic over the stack switch.
//! * `table`: coroutines by id.
//! * [`timers`]: what goes off when.
//! * [`source`]: what the loop serves besides coroutines.
//! * [`waker`]: wakers that are just ids.
//! * [`runtime`]: the tokio runtime and its loop.
//! * [`channel`]: the bounded queue between coroutines.
//! * `autoload`: one coroutine loads a class, the others that want it wait.
//! * `engine`: the PHP side: stacks of the engine, jobs, defers, fatal errors.

#[cfg(feature = "php")]
pub mod autoload;
pub mod channel;
#[cfg(feature = "php")]
pub mod engine;
pub mod runtime;
pub mod scheduler;
pub mod source;
mod table;
#[cfg(test)]
mod tests;
pub mod timers;
pub mod waker;

#[cfg(feature = "php")]
pub use engine::{current_id, spawn, spawn_call, wait};
pub use scheduler::Canceled;
