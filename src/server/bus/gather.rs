//! What is said to many goes to their owner once.
//!
//! A broadcast is the same payload again and again, each time for somebody else. The first of a burst is sent as it comes; the next one waits
//! for others to join it, until there are enough of them, something else is to be sent there, or the process has done what it was doing.

use super::frame::{FIRST, HEADER, Header, LAST, PART};
use super::{Bus, Inbox, Outgoing};
use std::io::{self, IoSlice};

/// As many share one message: more would save little, and wait longer for each other.
pub(super) const MEMBERS: usize = 32;

impl Bus {
    /// Sends a message to process `to` that others may share: its payload is followed by its `members`. The first one goes at once; those that
    /// say the same until the next [`Bus::poll_flush`] join one that waits, up to [`MEMBERS`] of them, or until something else is sent there.
    ///
    /// # Errors
    /// As [`Bus::send`].
    pub fn gather(&self, to: usize, kind: u8, head: &[u8], payload: &[u8], member: [u8; 8]) -> io::Result<()> {
        let pieces = [IoSlice::new(payload), IoSlice::new(&member)];
        let (said, length) = (1 + head.len() + payload.len(), head.len() + payload.len() + member.len());
        let address = self.address(to).unwrap_or(usize::MAX);
        if length + (MEMBERS - 1) * member.len() > PART {
            return self.send(to, kind, head, &pieces);
        }
        {
            let mut outgoing = self.outgoing.borrow_mut();
            let (Some(place), Some(inbox)) = (outgoing.get_mut(address), self.inbox(address)) else {
                return Err(io::Error::from_raw_os_error(libc::ENOENT));
            };
            let same = place.last.len() == said
                && place.last[0] == kind
                && place.last[1..=head.len()] == *head
                && place.last[1 + head.len()..] == *payload;
            if !same {
                place.last.clear();
                place.last.push(kind);
                place.last.extend_from_slice(head);
                place.last.extend_from_slice(payload);
                self.gathers.set(true);
            } else if place.members > 0
                && let Some(datagram) = place.datagrams.back_mut()
            {
                datagram.extend_from_slice(&member);
                let length = (datagram.len() - HEADER) as u64;
                datagram[HEADER - 8..HEADER].copy_from_slice(&length.to_ne_bytes());
                place.bytes += member.len();
                place.members += 1;
                if place.members == MEMBERS {
                    self.close_gathering(place, inbox);
                }
                return Ok(());
            } else if place.datagrams.is_empty() {
                let from = u16::try_from(self.own.get()).unwrap_or(u16::MAX);
                let header = Header { kind, place: FIRST | LAST, from, head: head.len() as u32, length: length as u64 };
                let mut datagram = Vec::with_capacity(HEADER + length + (MEMBERS - 1) * member.len());
                for piece in [&header.to_bytes()[..], head, payload, &member] {
                    datagram.extend_from_slice(piece);
                }
                place.bytes += datagram.len();
                place.datagrams.push_back(datagram);
                place.members = 1;
                self.now_waiting();
                return Ok(());
            }
        }
        self.send(to, kind, head, &pieces)
    }

    /// Lets no more members join what waits, and sends it if there is room.
    pub(super) fn close_gathering(&self, place: &mut Outgoing, inbox: &Inbox) {
        if std::mem::take(&mut place.members) > 0 && place.watched.is_none() {
            self.send_waiting(place, inbox);
        }
    }

    /// What is said from now on waits for nobody who says the same.
    pub(super) fn end_gathering(&self) {
        if self.gathers.replace(false) {
            for (place, inbox) in self.outgoing.borrow_mut().iter_mut().zip(&self.inboxes) {
                place.last.clear();
                if let Some(inbox) = inbox {
                    self.close_gathering(place, inbox);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Taken = (u8, Vec<u8>, Vec<u8>);

    fn take(bus: &Bus) -> io::Result<Vec<Taken>> {
        let mut taken = Vec::new();
        bus.claim(1);
        bus.receive(1000, |frame| taken.push((frame.kind, frame.head.to_vec(), frame.payload.to_vec())));
        bus.claim(0);
        Ok(taken)
    }

    fn message(payload: &[u8], members: std::ops::Range<u8>) -> Taken {
        (9, b"head".to_vec(), members.fold(payload.to_vec(), |all, member| [&all[..], &[member; 8]].concat()))
    }

    #[test]
    fn what_is_said_to_many_is_sent_once() -> io::Result<()> {
        let bus = Bus::new(2)?;
        bus.claim(0);
        let say = |payload: &[u8], members: std::ops::Range<u8>| {
            members.into_iter().try_for_each(|member| bus.gather(1, 9, b"head", payload, [member; 8]))
        };
        let most = MEMBERS as u8;
        say(b"one", 0..most + 5)?;
        // nothing overtakes them
        bus.send(1, 7, b"", &[])?;
        say(b"one", 0..2)?;
        say(b"two", 0..3)?;
        say(b"", 0..2)?;
        say(b"one", 8..9)?;
        bus.end_gathering();
        say(b"one", 9..10)?;
        assert!(bus.is_flushed(), "the first one after a pause is on its way");
        let wanted = [
            message(b"one", 0..1),
            message(b"one", 1..most + 1),
            message(b"one", most + 1..most + 5),
            (7, Vec::new(), Vec::new()),
            message(b"one", 0..2),
            message(b"two", 0..1),
            message(b"two", 1..3),
            message(b"", 0..1),
            message(b"", 1..2),
            message(b"one", 8..9),
            message(b"one", 9..10),
        ];
        assert_eq!(take(&bus)?, wanted);
        Ok(())
    }

    #[test]
    fn what_fills_a_datagram_goes_alone() -> io::Result<()> {
        let bus = Bus::new(2)?;
        bus.claim(0);
        let long = vec![b'x'; PART - 100];
        for member in 0..3 {
            bus.gather(1, 9, b"head", &long, [member; 8])?;
            assert!(bus.is_flushed());
        }
        assert_eq!(take(&bus)?, [message(&long, 0..1), message(&long, 1..2), message(&long, 2..3)]);
        assert_eq!(bus.gather(7, 9, b"", b"", [0; 8]).map_err(|error| error.raw_os_error()), Err(Some(libc::ENOENT)));
        Ok(())
    }
}
