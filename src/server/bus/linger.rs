//! Looking out for a moment before sleeping.
//!
//! To fall asleep and be woken costs two processes more than the answer to a small task takes: 4 us of CPU time on busy cores, 12 us on idle
//! ones. So who has asked looks out for the answer, and who answers somebody that looks out does so for the next question. It goes on as long
//! as that takes less than a sleep costs; when it does not, the one who asks tries again ever more seldom.

use super::{Bus, Inbox};
use std::cell::Cell;
use std::hint::spin_loop;
use std::time::{Duration, Instant};

/// How long to look out: the other side may have to wake up first.
const MOMENT: Duration = Duration::from_micros(50);
/// It is worth it while it takes no longer than this on the average.
const WORTH: Duration = Duration::from_micros(5);
/// Times that it does not look out after that was in vain, at most: two to the power of this.
const SELDOM: u32 = 9;

/// How it went lately.
#[derive(Default)]
pub(super) struct Luck {
    in_vain: Cell<u32>,
    passes: Cell<u32>,
    average: Cell<Duration>,
    /// Who was sent something last looked out for it.
    expected: Cell<bool>,
}

impl Luck {
    /// Begins anew.
    pub(super) fn forget(&self) {
        self.in_vain.set(0);
        self.passes.set(0);
        self.expected.set(false);
    }

    /// Something is about to be sent.
    pub(super) fn sends(&self, to: &Inbox) {
        self.expected.set(to.looks_out());
    }

    /// Whether it is worth a try, for one who has asked.
    fn tries(&self) -> bool {
        let passes = self.passes.get();
        self.passes.set(passes.saturating_sub(1));
        passes == 0
    }

    fn note(&self, came: bool, after: Duration) {
        // The first time the other side has to wake up.
        let before = if self.in_vain.get() > 0 { Duration::ZERO } else { self.average.get() };
        let average = (before * 7 + after) / 8;
        self.average.set(average);
        let in_vain = if came && average <= WORTH { 0 } else { SELDOM.min(self.in_vain.get() + 1) };
        self.in_vain.set(in_vain);
        self.passes.set((1 << in_vain) - 1);
    }
}

impl Bus {
    /// Looks out for the answer to what was asked, for a moment and unless that was in vain lately: whether something is there. Who sends
    /// need not ring meanwhile.
    pub fn linger(&self) -> bool {
        self.luck.tries() && self.look_out()
    }

    /// As [`Bus::linger`], for one who has answered, if that was looked out for.
    pub(super) fn linger_too(&self) -> bool {
        self.luck.expected.take() && self.look_out()
    }

    fn look_out(&self) -> bool {
        let Some(inbox) = self.inbox(self.own.get()) else { return false };
        inbox.look_out();
        let start = Instant::now();
        let mut passed = Duration::ZERO;
        while !inbox.has_next() && passed < MOMENT {
            (0..4).for_each(|_| spin_loop());
            passed = start.elapsed();
        }
        let came = inbox.has_next() || !inbox.sleep();
        if came {
            inbox.stay_awake();
        }
        self.luck.note(came, passed);
        came
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_looks_out_in_vain_does_it_ever_more_seldom() {
        let luck = Luck::default();
        let mut tries = 0;
        for _ in 0..10 << SELDOM {
            if luck.tries() {
                tries += 1;
                luck.note(false, MOMENT);
            }
        }
        assert!((SELDOM..SELDOM + 12).contains(&tries), "{tries} tries");
    }

    #[test]
    fn who_waits_longer_than_a_sleep_costs_stops() {
        let luck = Luck::default();
        let lasts = (0..1000).take_while(|_| luck.tries().then(|| luck.note(true, WORTH * 2)).is_some()).count();
        assert!((2..10).contains(&lasts), "{lasts} times");
        let luck = Luck::default();
        assert!((0..1000).all(|_| luck.tries().then(|| luck.note(true, WORTH / 2)).is_some()));
    }

    #[test]
    fn who_answers_one_that_looks_out_does_so_too_once() -> std::io::Result<()> {
        let bus = Bus::new(2)?;
        bus.claim(0);
        let Some(other) = bus.inbox(2) else { unreachable!("there are two") };
        bus.send(1, 1, b"", &[])?;
        assert!(!bus.luck.expected.take());
        other.look_out();
        bus.send(1, 1, b"", &[])?;
        assert!(bus.luck.expected.take());
        assert!(!bus.linger_too(), "only once");
        Ok(())
    }

    #[test]
    fn what_is_there_ends_the_look_out_and_rings_no_bell() -> std::io::Result<()> {
        let bus = Bus::new(1)?;
        bus.claim(0);
        let Some(own) = bus.inbox(0) else { unreachable!("there is one") };
        own.look_out();
        bus.send(0, 1, b"", &[])?;
        assert!(bus.linger());
        let mut record = libc::pollfd { fd: bus.descriptor(), events: libc::POLLIN, revents: 0 };
        // SAFETY: one live record.
        assert_eq!(unsafe { libc::poll(&raw mut record, 1, 0) }, 0);
        assert!(bus.receive(9, |_| ()), "sleeps again");
        assert!(!bus.linger(), "nothing comes");
        bus.send(0, 1, b"", &[])?;
        // SAFETY: as above.
        assert_eq!(unsafe { libc::poll(&raw mut record, 1, 0) }, 1);
        Ok(())
    }
}
