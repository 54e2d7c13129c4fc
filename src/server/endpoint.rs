//! Where a process's life meets its connections.
//!
//! | process | `begin` | then |
//! |---|---|---|
//! | worker in `SWOOLE_BASE`, and the only process | takes clients in | events are calls of PHP here |
//! | master in `SWOOLE_PROCESS` | takes clients in | events are frames to a worker |
//! | worker in `SWOOLE_PROCESS` | | frames from the master are calls of PHP, and answers are frames |
//! | task worker, user process | | may send to connections, by frames to their owner |
//! | manager | nothing is called but [`Endpoint::died`] | |

use super::bus::Frame;
use std::io;

/// Frames on the bus of this kind and above belong to connections; those below to the life of processes.
pub const FIRST_KIND: u8 = 64;

/// What a process does about connections. Every method is called on the thread of the loop.
pub trait Endpoint {
    /// The process begins its life, as the one that the bus was claimed for; within the runtime, before the first event but `start`.
    ///
    /// # Errors
    /// It cannot listen.
    fn begin(&self) -> io::Result<()>;

    /// A frame of a kind from [`FIRST_KIND`] on.
    fn receive(&self, frame: Frame<'_>);

    /// The process has been told to end: no client is taken in any more, and those without a request end.
    fn stop_accepting(&self);

    /// Whether nothing is under way that has to be finished before the process ends. Whenever the answer may have become yes, the loop
    /// has to take a turn.
    fn is_drained(&self) -> bool;

    /// The process ends: its connections do, whatever they wait for. Within the runtime.
    fn end(&self);

    /// The process with this index has ended and will not answer; told to the manager, and to the master by it, before its successor
    /// begins.
    fn died(&self, index: usize);
}
