//! Answers of a process that neither has the connection nor was given the request: it *claims* the request by its connection, and then
//! sends the frames that a worker would.

use super::codec;
use super::{WINDOW, kind, split};
use crate::io::http::{FileRange, Head, Part};
use crate::server::bus::Frame;
use bytes::Bytes;
use http::HeaderMap;
use std::cell::Cell;
use std::io;

/// Marks the numbers that claimants choose.
const CLAIMED: u64 = 1 << 63;

thread_local! {
    static LAST: Cell<u64> = const { Cell::new(0) };
}

/// One answer of another process's.
#[derive(Debug)]
pub struct Claim {
    id: u64,
    /// Bytes that went since the owner asked for more.
    sent: Cell<usize>,
}

/// What a frame says about claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// To the owner: the request of this connection is answered under this number.
    Claimed {
        /// The number.
        id: u64,
        /// The connection.
        session: i64,
    },
    /// To the claimant: go on.
    More(u64),
    /// To the claimant: there is no such request, or its client is gone.
    Gone(u64),
    /// To whom requests are given, not about claims.
    Answering,
    /// To whom gives requests, not about claims.
    Asking,
}

impl Told {
    /// What a frame says; kinds are counted from `first_kind`.
    pub fn read(first_kind: u8, frame: &Frame<'_>) -> Self {
        let about = split(frame.head);
        match (frame.kind.wrapping_sub(first_kind), about) {
            (kind::CLAIM, Some((id, session))) => {
                Self::Claimed { id, session: session.first_chunk().map_or(0, |bytes| i64::from_ne_bytes(*bytes)) }
            }
            (kind::MORE, Some((id, _))) if id & CLAIMED != 0 => Self::More(id),
            (kind::GONE, Some((id, _))) if id & CLAIMED != 0 => Self::Gone(id),
            (kind::REQUEST | kind::MORE | kind::GONE | kind::WHICH, _) => Self::Answering,
            _ => Self::Asking,
        }
    }
}

/// A frame to be sent to the owner: its kind, counted from the first, and its head.
pub(super) type Said = (u8, Vec<u8>);

impl Claim {
    /// A new one of this process.
    pub fn new() -> Self {
        let number = LAST.get() + 1;
        LAST.set(number);
        let process = u64::from(std::process::id()) & 0x7f_ffff;
        Self { id: CLAIMED | process << 40 | number & 0xff_ffff_ffff, sent: Cell::new(0) }
    }

    /// Its number.
    pub fn id(&self) -> u64 {
        self.id
    }

    fn say(&self, kind: u8, write: impl FnOnce(&mut Vec<u8>)) -> Said {
        let mut head = self.id.to_ne_bytes().to_vec();
        write(&mut head);
        (kind, head)
    }

    /// The request of this connection is ours.
    pub fn claim(&self, session: i64) -> Said {
        self.say(kind::CLAIM, |out| out.extend_from_slice(&session.to_ne_bytes()))
    }

    /// A whole reply, of which the payload is the body.
    pub fn reply(&self, head: &Head) -> Said {
        self.say(kind::REPLY, |out| codec::write_head(out, head))
    }

    /// A whole reply with part of a file for its body, and the payload.
    ///
    /// # Errors
    /// The file has no name by which the owner could open it, and cannot be read.
    pub fn reply_file(&self, head: &Head, range: FileRange) -> io::Result<(Said, Vec<u8>)> {
        let payload = super::answering::write_parts(vec![Part::<Bytes>::File(range)])?;
        Ok((self.say(kind::PARTS, |out| codec::write_head(out, head)), payload))
    }

    /// A reply begins.
    pub fn start(&self, head: &Head) -> Said {
        self.say(kind::START, |out| codec::write_start(out, head, None))
    }

    /// A piece of so many bytes, the payload; with `waits` the owner says when it may go on, if it is time to ask.
    pub fn piece(&self, bytes: usize, waits: bool) -> Said {
        self.sent.set(self.sent.get() + bytes);
        let asks = waits && self.is_full();
        self.say(kind::PIECE, |out| out.push(u8::from(asks)))
    }

    /// Whether the owner has to be waited for before the next piece.
    pub fn is_full(&self) -> bool {
        self.sent.get() >= WINDOW
    }

    /// The owner has passed on what came before.
    pub fn more(&self) {
        self.sent.set(0);
    }

    /// The end of a body.
    pub fn end(&self, trailers: Option<&HeaderMap>) -> Said {
        let write = |out: &mut Vec<u8>| {
            if let Some(trailers) = trailers {
                codec::write_trailers(out, trailers);
            }
        };
        self.say(kind::END, write)
    }

    /// The answer is given up.
    pub fn cut(&self) -> Said {
        self.say(kind::CUT, |_| ())
    }

    /// The answer is left to others.
    pub fn release(&self) -> Said {
        self.say(kind::RELEASE, |_| ())
    }
}

impl Default for Claim {
    fn default() -> Self {
        Self::new()
    }
}
