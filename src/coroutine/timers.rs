//! Deadlines of one thread: a heap by time, equal times first come first served.
//!
//! Cancelling leaves the heap's entry behind as a tombstone; when tombstones outnumber what lives the heap is rebuilt, so
//! adding, cancelling and firing cost a few comparisons each and memory follows the number of alarms that live.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use tokio::time::Instant;

/// Slots and entries kept when nothing lives; a burst above gives its memory back.
const KEPT: usize = 1024;

/// Names an alarm, and never another one later.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Key {
    slot: u32,
    number: u64,
}

struct Slot<T> {
    number: u64,
    alarm: Option<T>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    deadline: Instant,
    /// Order of adding.
    number: u64,
    slot: u32,
}

/// Alarms by deadline.
pub struct Timers<T> {
    heap: BinaryHeap<Reverse<Entry>>,
    slots: Vec<Slot<T>>,
    free: Vec<u32>,
    added: u64,
    /// `added` when a turn of the loop had looked at the deadlines last, and when a round had.
    looked: u64,
    settled: u64,
}

impl<T> Default for Timers<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Timers<T> {
    /// No alarms.
    pub const fn new() -> Self {
        Self { heap: BinaryHeap::new(), slots: Vec::new(), free: Vec::new(), added: 0, looked: 0, settled: 0 }
    }

    /// Number of alarms that have not fired.
    pub fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// Whether nothing will fire.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds an alarm; true beside its key when it is now the next one to fire.
    pub fn add(&mut self, deadline: Instant, alarm: T) -> (Key, bool) {
        self.added += 1;
        let (number, alarm) = (self.added, Some(alarm));
        let slot = match self.free.pop() {
            Some(slot) => {
                self.slots[slot as usize] = Slot { number, alarm };
                slot
            }
            None => {
                self.slots.push(Slot { number, alarm });
                (self.slots.len() - 1) as u32
            }
        };
        let first = self.heap.peek().is_none_or(|Reverse(first)| deadline < first.deadline);
        self.heap.push(Reverse(Entry { deadline, number, slot }));
        (Key { slot, number }, first)
    }

    /// Takes an alarm back; `None` when it has fired or was cancelled.
    pub fn cancel(&mut self, key: Key) -> Option<T> {
        let alarm = self.take(key.slot, key.number)?;
        if self.heap.len() > 2 * self.len() + 64 {
            let slots = &self.slots;
            self.heap.retain(|Reverse(entry)| lives(slots, entry));
            self.heap.shrink_to(2 * self.heap.len());
        }
        Some(alarm)
    }

    fn take(&mut self, slot: u32, number: u64) -> Option<T> {
        let place = self.slots.get_mut(slot as usize).filter(|place| place.number == number)?;
        let alarm = place.alarm.take()?;
        self.free.push(slot);
        if self.is_empty() && self.slots.len() > KEPT {
            self.clear();
        }
        Some(alarm)
    }

    /// When the next alarm fires.
    pub fn next_deadline(&mut self) -> Option<Instant> {
        while let Some(Reverse(entry)) = self.heap.peek() {
            if lives(&self.slots, entry) {
                return Some(entry.deadline);
            }
            self.heap.pop();
        }
        None
    }

    /// Takes the next alarm whose deadline is not after `now`. With `settled_only` it has to have been there
    /// when [`Timers::settle`] was called last.
    pub fn pop(&mut self, now: Instant, settled_only: bool) -> Option<T> {
        if self.next_deadline()? > now {
            return None;
        }
        if settled_only && self.heap.peek().is_some_and(|Reverse(entry)| entry.number > self.settled) {
            return None;
        }
        let Reverse(entry) = self.heap.pop()?;
        self.take(entry.slot, entry.number)
    }

    /// A turn of the loop has looked at the deadlines.
    pub fn looked(&mut self) {
        self.looked = self.added;
    }

    /// The turn was a round.
    pub fn settle(&mut self) {
        self.settled = self.looked;
    }

    /// Forgets all alarms and gives their memory back.
    pub fn clear(&mut self) {
        *self = Self { added: self.added, ..Self::new() };
    }
}

fn lives<T>(slots: &[Slot<T>], entry: &Entry) -> bool {
    slots.get(entry.slot as usize).is_some_and(|slot| slot.number == entry.number && slot.alarm.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn at(start: Instant, milliseconds: u64) -> Instant {
        start + Duration::from_millis(milliseconds)
    }

    #[test]
    fn alarms_fire_by_time_then_by_age() {
        let (mut timers, start) = (Timers::new(), Instant::now());
        assert!(timers.add(at(start, 20), "late").1);
        assert!(timers.add(at(start, 10), "first").1);
        assert!(!timers.add(at(start, 10), "second").1);
        assert_eq!(timers.pop(at(start, 9), false), None);
        assert_eq!(timers.pop(at(start, 30), false), Some("first"));
        assert_eq!(timers.pop(at(start, 30), false), Some("second"));
        assert_eq!(timers.pop(at(start, 30), false), Some("late"));
        assert_eq!(timers.pop(at(start, 30), false), None);
        assert!(timers.is_empty());
    }

    #[test]
    fn a_cancelled_alarm_is_gone_and_its_key_names_no_other() {
        let (mut timers, start) = (Timers::new(), Instant::now());
        let (key, _) = timers.add(at(start, 1), 'a');
        assert_eq!(timers.cancel(key), Some('a'));
        assert_eq!(timers.next_deadline(), None);
        let (other, _) = timers.add(at(start, 1), 'b');
        assert_eq!(timers.cancel(key), None);
        assert_eq!(timers.len(), 1);
        assert_eq!(timers.cancel(other), Some('b'));
    }

    #[test]
    fn a_new_alarm_can_wait_for_the_next_round() {
        let (mut timers, start) = (Timers::new(), Instant::now());
        timers.add(at(start, 1), "old");
        timers.looked();
        timers.settle();
        timers.add(at(start, 2), "new");
        assert_eq!(timers.pop(at(start, 9), true), Some("old"));
        assert_eq!(timers.pop(at(start, 9), true), None);
        timers.looked();
        timers.settle();
        assert_eq!(timers.pop(at(start, 9), true), Some("new"));
    }

    #[test]
    fn memory_follows_what_lives() {
        let (mut timers, start) = (Timers::new(), Instant::now());
        let kept: Vec<Key> = (0..10).map(|_| timers.add(at(start, 1), 0).0).collect();
        for _ in 0..100_000 {
            let (key, _) = timers.add(at(start, 1000), 1);
            timers.cancel(key);
        }
        assert!(timers.heap.len() < 200 && timers.slots.len() < 20, "{}", timers.heap.len());
        let burst: Vec<Key> = (0..10_000).map(|n| timers.add(at(start, n), 2).0).collect();
        assert_eq!(timers.len(), 10_010);
        for key in burst.into_iter().chain(kept) {
            assert!(timers.cancel(key).is_some());
        }
        assert!(timers.is_empty() && timers.slots.capacity() <= KEPT && timers.heap.capacity() <= KEPT);
    }
}
