//! Where a process's life meets its connections.
//!
//! | process | `begin` | then |
//! |---|---|---|
//! | worker in `SWOOLE_BASE`, and the only process | takes clients in | events are calls of PHP here |
//! | master in `SWOOLE_PROCESS` | takes clients in | events are frames to a worker |
//! | worker in `SWOOLE_PROCESS` | | frames from the master are calls of PHP, and answers are frames |
//! | task worker, user process | | may send to connections, by frames to their owner |
//! | manager | nothing is called but [`Endpoint::died`] | |

use super::bus::{Frame, Seat};
use std::io;

/// Frames on the bus of this kind and above belong to connections; those below to the life of processes.
pub const FIRST_KIND: u8 = 64;

/// The end of a worker's process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Death {
    /// The worker's index.
    pub index: usize,
    /// Where its inbox was.
    pub seat: Seat,
    /// Its [`mark`](super::bus::Bus::mark): the last request that it has begun.
    pub mark: u64,
    /// Who goes on with its inbox.
    pub heir: Heir,
}

/// Who goes on with what a process has left unread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Heir {
    /// Nobody.
    Nobody,
    /// Its successor, with the same inbox.
    Successor,
    /// The one that it was handed over to, with the other inbox.
    Other,
}

impl Death {
    /// As it travels on the bus.
    pub fn to_bytes(self) -> [u8; 40] {
        let Self { index, seat: Seat { address, turn }, mark, heir } = self;
        let mut bytes = [0; 40];
        let numbers = [index as u64, address as u64, u64::from(turn), mark, heir as u64];
        for (place, number) in bytes.chunks_exact_mut(8).zip(numbers) {
            place.copy_from_slice(&number.to_ne_bytes());
        }
        bytes
    }

    /// The same again.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let mut numbers = bytes.as_chunks().0.iter().map(|number| u64::from_ne_bytes(*number));
        let index = numbers.next()? as usize;
        let seat = Seat { address: numbers.next()? as usize, turn: numbers.next()? as u32 };
        let mark = numbers.next()?;
        let heir = match numbers.next()? {
            1 => Heir::Successor,
            2 => Heir::Other,
            _ => Heir::Nobody,
        };
        Some(Self { index, seat, mark, heir })
    }
}

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

    /// Whether clients may still ask for something although no client is taken in any more: for a tenth of a second.
    fn lingers(&self) -> bool;

    /// The workers end: what they are to hear of clients that have said goodbye, they hear now. Within the runtime.
    fn end_farewells(&self);

    /// Whether nothing is under way that has to be finished before the process ends.
    fn is_drained(&self) -> bool;

    /// Number of connections of this process whose clients have not read all that was sent to them.
    fn unread(&self) -> usize;

    /// The process ends: its connections do, whatever they wait for. Within the runtime.
    fn end(&self);

    /// A worker's process has ended and will not answer; told to the manager, and to the master by it, before its successor begins.
    ///
    /// With [`Heir::Other`], `passed` has the numbers of the requests that were passed on.
    fn died(&self, death: Death, passed: &[u8]);

    /// The number of the request that is in a frame of this kind with this head, if one is.
    fn request(&self, kind: u8, head: &[u8]) -> Option<u64>;
}
