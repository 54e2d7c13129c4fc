//! Deadlines of one thread, served by time; equal times first come first served.
//!
//! Alarms that go off soon are in a small heap; those beyond its horizon lie unsorted in buckets of some milliseconds each, and
//! a bucket becomes the heap when its time comes. So an alarm is moved twice in memory that is read in order, whatever their
//! number, where one big heap would miss the cache at each of its levels.
//!
//! Cancelling leaves an entry behind as a tombstone; when tombstones outnumber what lives they are swept out, so adding,
//! cancelling and firing cost a few comparisons each and memory follows the number of alarms that live.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::num::NonZeroU32;
use std::time::Duration;
use tokio::time::Instant;

/// Slots kept when nothing lives; a burst above gives its memory back.
const KEPT: usize = 1024;

/// Width of a bucket: 2^24 ns, about 17 ms.
const BUCKET: u32 = 24;

/// Names an alarm, and not the next ones in its slot: two billion have to be added before a key means another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Key {
    slot: u32,
    /// Low bits of the alarm's number, one added.
    number: NonZeroU32,
}

impl Key {
    fn new(slot: u32, number: u64) -> Self {
        Self { slot, number: NonZeroU32::MIN.saturating_add(number as u32 & (u32::MAX >> 1)) }
    }

    /// The number of the alarm that it names, if these are its slots and it has not fired.
    fn number(self, numbers: &[u64]) -> Option<u64> {
        let number = *numbers.get(self.slot as usize)?;
        (number != FREE && Self::new(self.slot, number) == self).then_some(number)
    }
}

/// The number of no alarm: the slot is free.
const FREE: u64 = 0;

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    /// Nanoseconds after [`Timers::base`].
    deadline: u64,
    /// Order of adding.
    number: u64,
    slot: u32,
}

/// Alarms by deadline.
pub struct Timers<T> {
    /// When the first alarm was added.
    base: Option<Instant>,
    /// Alarms in buckets up to [`Timers::horizon`].
    near: BinaryHeap<Reverse<Entry>>,
    /// First bucket that is not in the heap.
    horizon: u64,
    /// The other buckets.
    far: BTreeMap<u64, Vec<Entry>>,
    /// Entries in heap and buckets, tombstones included.
    entries: usize,
    /// The number of each slot's alarm: apart from the alarms, since this is all that is looked at until they fire.
    numbers: Vec<u64>,
    alarms: Vec<Option<T>>,
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
        Self {
            base: None,
            near: BinaryHeap::new(),
            horizon: 0,
            far: BTreeMap::new(),
            entries: 0,
            numbers: Vec::new(),
            alarms: Vec::new(),
            free: Vec::new(),
            added: 0,
            looked: 0,
            settled: 0,
        }
    }

    /// Number of alarms that have not fired.
    pub fn len(&self) -> usize {
        self.alarms.len() - self.free.len()
    }

    /// Whether nothing will fire.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds an alarm; true beside its key when it may be the next one to fire.
    pub fn add(&mut self, deadline: Instant, alarm: T) -> (Key, bool) {
        self.added += 1;
        let (number, alarm) = (self.added, Some(alarm));
        let slot = match self.free.pop() {
            Some(slot) => {
                self.numbers[slot as usize] = number;
                self.alarms[slot as usize] = alarm;
                slot
            }
            None => {
                self.numbers.push(number);
                self.alarms.push(alarm);
                (self.alarms.len() - 1) as u32
            }
        };
        let base = *self.base.get_or_insert_with(Instant::now);
        // What has passed before the first alarm was added is due; 584 years are for ever.
        let after = deadline.saturating_duration_since(base).as_nanos();
        let entry = Entry { deadline: u64::try_from(after).unwrap_or(u64::MAX), number, slot };
        self.entries += 1;
        let bucket = entry.deadline >> BUCKET;
        let first = if bucket < self.horizon {
            let first = self.near.peek().is_none_or(|Reverse(first)| entry < *first);
            self.near.push(Reverse(entry));
            first
        } else {
            let first = self.near.is_empty() && self.far.first_key_value().is_none_or(|(first, _)| bucket <= *first);
            self.far.entry(bucket).or_default().push(entry);
            first
        };
        (Key::new(slot, number), first)
    }

    /// An alarm that has not fired.
    pub fn get(&self, key: Key) -> Option<&T> {
        key.number(&self.numbers)?;
        self.alarms[key.slot as usize].as_ref()
    }

    /// Takes an alarm back; `None` when it has fired or was cancelled.
    pub fn cancel(&mut self, key: Key) -> Option<T> {
        key.number(&self.numbers)?;
        let alarm = self.take(key.slot)?;
        if self.entries > 2 * self.len() + 64 {
            self.sweep();
        }
        Some(alarm)
    }

    fn sweep(&mut self) {
        let numbers = &self.numbers;
        self.near.retain(|Reverse(entry)| lives(numbers, entry));
        self.near.shrink_to(2 * self.near.len());
        self.far.retain(|_, bucket| {
            bucket.retain(|entry| lives(numbers, entry));
            bucket.shrink_to(2 * bucket.len());
            !bucket.is_empty()
        });
        self.entries = self.near.len() + self.far.values().map(Vec::len).sum::<usize>();
    }

    /// Takes the alarm of a slot that is not free.
    fn take(&mut self, slot: u32) -> Option<T> {
        let alarm = self.alarms[slot as usize].take();
        self.numbers[slot as usize] = FREE;
        self.free.push(slot);
        if self.is_empty() && self.alarms.len() > KEPT {
            // Nothing with a destructor is left in it.
            drop(self.clear());
        }
        alarm
    }

    /// When the next alarm fires.
    pub fn next_deadline(&mut self) -> Option<Instant> {
        loop {
            while let Some(Reverse(entry)) = self.near.peek() {
                if lives(&self.numbers, entry) {
                    return self.base?.checked_add(Duration::from_nanos(entry.deadline));
                }
                self.near.pop();
                self.entries -= 1;
            }
            let (number, bucket) = self.far.pop_first()?;
            self.horizon = number + 1;
            let (numbers, read) = (&self.numbers, bucket.len());
            self.near = bucket.into_iter().filter(|entry| lives(numbers, entry)).map(Reverse).collect();
            self.entries -= read - self.near.len();
        }
    }

    /// Takes the next alarm whose deadline is not after `now`. With `settled_only` it has to have been there
    /// when [`Timers::settle`] was called last.
    pub fn pop(&mut self, now: Instant, settled_only: bool) -> Option<T> {
        if self.next_deadline()? > now {
            return None;
        }
        if settled_only && self.near.peek().is_some_and(|Reverse(entry)| entry.number > self.settled) {
            return None;
        }
        let Reverse(entry) = self.near.pop()?;
        self.entries -= 1;
        if let Some(Reverse(next)) = self.near.peek() {
            // Alarms fire in another order than they lie in memory: have the next one at hand when this one's work is done.
            prefetch(&raw const self.numbers[next.slot as usize]);
            prefetch(&raw const self.alarms[next.slot as usize]);
        }
        self.take(entry.slot)
    }

    /// A turn of the loop has looked at the deadlines.
    pub fn looked(&mut self) {
        self.looked = self.added;
    }

    /// The turn was a round.
    pub fn settle(&mut self) {
        self.settled = self.looked;
    }

    /// Forgets all alarms and gives their memory back: to be dropped where their destructors may run.
    pub fn clear(&mut self) -> Self {
        let empty = Self { added: self.added, looked: self.looked, settled: self.settled, ..Self::new() };
        std::mem::replace(self, empty)
    }
}

fn lives(numbers: &[u64], entry: &Entry) -> bool {
    numbers.get(entry.slot as usize) == Some(&entry.number)
}

/// Asks the processor for what lies there, without waiting for it.
#[inline]
fn prefetch<T>(place: *const T) {
    #[cfg(target_arch = "x86_64")]
    for line in 0..size_of::<T>().div_ceil(64) {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: a hint: it reads nothing that the program sees, whatever the address.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(place.cast::<i8>().wrapping_add(64 * line)) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = place;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(start: Instant, milliseconds: u64) -> Instant {
        start + Duration::from_millis(milliseconds)
    }

    #[test]
    fn alarms_fire_by_time_then_by_age() {
        let (mut timers, start) = (Timers::new(), Instant::now());
        assert!(timers.add(at(start, 20), "late").1);
        assert!(timers.add(at(start, 10), "first").1);
        timers.add(at(start, 10), "second");
        assert!(!timers.add(at(start, 500), "last").1);
        assert_eq!(timers.pop(at(start, 9), false), None);
        assert_eq!(timers.pop(at(start, 30), false), Some("first"));
        assert_eq!(timers.pop(at(start, 30), false), Some("second"));
        assert_eq!(timers.pop(at(start, 30), false), Some("late"));
        assert_eq!(timers.pop(at(start, 499), false), None);
        assert_eq!(timers.pop(at(start, 500), false), Some("last"));
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
        assert!(timers.entries < 200 && timers.alarms.len() < 20, "{}", timers.entries);
        let burst: Vec<Key> = (0..10_000).map(|n| timers.add(at(start, n), 2).0).collect();
        assert_eq!(timers.len(), 10_010);
        for key in burst.into_iter().chain(kept) {
            assert!(timers.cancel(key).is_some());
        }
        assert!(timers.is_empty() && timers.alarms.capacity() <= KEPT && timers.entries < 100 && timers.far.is_empty());
    }

    #[test]
    fn far_and_near_alarms_fire_like_one_sorted_list() {
        let (mut timers, start) = (Timers::new(), Instant::now());
        let mut expected = Vec::new();
        let mut random = 7_u64;
        for number in 0..5000_u64 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let time = [3, 50, 5000][(random >> 60) as usize % 3] * (random >> 40 & 1023) / 1024;
            let (key, _) = timers.add(at(start, time), number);
            match random >> 33 & 3 {
                0 => assert_eq!(timers.cancel(key), Some(number)),
                _ => expected.push((time, number)),
            }
        }
        expected.sort_unstable();
        let mut fired = Vec::new();
        for time in 0..5000 {
            while let Some(number) = timers.pop(at(start, time), false) {
                assert!(expected[fired.len()].0 <= time);
                fired.push(number);
            }
            if time == 100 {
                // One that belongs before what the heap holds.
                timers.add(at(start, 100), u64::MAX);
                assert_eq!(timers.pop(at(start, 100), false), Some(u64::MAX));
            }
        }
        assert_eq!(fired, expected.iter().map(|(_, number)| *number).collect::<Vec<_>>());
        assert!(timers.is_empty() && timers.entries == 0);
    }

    #[test]
    fn the_end_of_time_is_no_special_case() {
        let (mut timers, start) = (Timers::new(), Instant::now());
        let end = start + Duration::from_secs(u64::from(u32::MAX) * 1000);
        timers.add(end, 1);
        timers.add(start, 0);
        assert_eq!(timers.pop(start + Duration::from_secs(1), false), Some(0));
        assert_eq!(timers.pop(start + Duration::from_secs(1), false), None);
        assert_eq!(timers.len(), 1);
        assert!(timers.next_deadline().is_some());
    }
}
