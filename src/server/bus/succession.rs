//! What happens to an inbox whose process ends: its successor goes on with it, or gets its contents in an inbox of its own.

use super::{Bus, frame};
use std::io::IoSlice;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// How long an heir may take for what is passed on to it.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often an inbox is tried that is full.
const PAUSE: Duration = Duration::from_millis(1);

/// Where a process has its inbox, and which of those that had the same index it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat {
    /// For [`Bus::send_back`].
    pub address: usize,
    /// How often the index was handed over before.
    pub turn: u32,
}

impl Seat {
    /// The seat of the one to which it was handed over.
    #[must_use]
    pub fn next(self) -> Self {
        Self { address: self.address ^ 1, turn: self.turn.wrapping_add(1) }
    }
}

impl Bus {
    /// Where the process with this index has its inbox now.
    pub fn seat(&self, index: usize) -> Option<Seat> {
        let turn = self.turns.get(index)?.load(Ordering::Acquire);
        Some(Seat { address: 2 * index + (turn & 1) as usize, turn })
    }

    /// Gives the index to the process's successor, which is about to be forked: what is sent to the index from now on is for it. False when
    /// the index has one inbox.
    pub fn hand_over(&self, index: usize) -> bool {
        let Some(turn) = self.turns.get(index) else { return false };
        let next = turn.load(Ordering::Acquire).wrapping_add(1);
        let has_two = self.inboxes.get(2 * index + 1).is_some_and(Option::is_some);
        if has_two {
            // What a predecessor has left that was killed.
            self.discard(2 * index + (next & 1) as usize);
            turn.store(next, Ordering::Release);
        }
        has_two
    }

    /// Hands what lies unread in the inbox at one address to the process at another one. The process that it was sent to is gone. `passed` is
    /// told the kind and the head of each message, as far as the head lies in its first part.
    pub fn pass_on(&self, from: usize, to: usize, mut passed: impl FnMut(u8, &[u8])) {
        let (Some(inbox), Some(heir)) = (self.inbox(from), self.inbox(to)) else { return };
        let until = Instant::now() + PATIENCE;
        let mut room = Vec::new();
        while inbox.take(&mut room) {
            let whole = [IoSlice::new(&room)];
            let mut sent = heir.send(&whole);
            while !sent && Instant::now() < until {
                std::thread::sleep(PAUSE);
                sent = heir.send(&whole);
            }
            // What an heir takes too long for is lost.
            if sent && let Some((kind, head)) = frame::first(&room) {
                passed(kind, head);
            }
        }
    }

    /// Throws away what lies in the inbox with this address, whose process is gone and has no successor there.
    fn discard(&self, address: usize) {
        let Some(inbox) = self.inbox(address) else { return };
        inbox.clear();
        inbox.orphaned().store(false, Ordering::Release);
    }

    /// Notes how far this process has come, for those who ask when it is dead.
    pub fn set_mark(&self, mark: u64) {
        if let Some(inbox) = self.inbox(self.own.get()) {
            inbox.mark().store(mark, Ordering::Release);
        }
    }

    /// The mark of the last process that had this address.
    pub fn mark(&self, address: usize) -> u64 {
        self.inbox(address).map_or(0, |inbox| inbox.mark().load(Ordering::Acquire))
    }

    /// The process at this address has died, and the next one there goes on with its inbox.
    pub fn orphan(&self, address: usize) {
        if let Some(inbox) = self.inbox(address) {
            inbox.orphaned().store(true, Ordering::Release);
        }
    }

    /// Whether this process goes on with the inbox of one that has died.
    pub fn is_heir(&self) -> bool {
        self.inbox(self.own.get()).is_some_and(|inbox| inbox.orphaned().load(Ordering::Acquire))
    }

    /// It has told what it found there.
    pub fn has_inherited(&self) {
        if let Some(inbox) = self.inbox(self.own.get()) {
            inbox.orphaned().store(false, Ordering::Release);
        }
    }
}
