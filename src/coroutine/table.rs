//! Coroutines by id: open addressing, tuned for ids that are counted up and mostly short-lived.
//!
//! Every `go()` inserts and every end removes, so this is on the path of a coroutine's creation: a multiplication, a probe
//! and a store. Fibonacci hashing keeps runs of old ids from clustering with new ones; removal shifts back, without tombstones.

use std::ptr::NonNull;

/// A map from id (from 1, never reused) to `T`.
pub(super) struct Table<T> {
    /// Length zero or a power of two, at most half full. Id 0 is an empty place.
    places: Vec<(i64, Option<NonNull<T>>)>,
    count: usize,
    /// `64 - log2(places.len())`.
    shift: u32,
}

const FIRST: usize = 64;

impl<T> Table<T> {
    pub(super) const fn new() -> Self {
        Self { places: Vec::new(), count: 0, shift: 0 }
    }

    #[inline]
    fn home(&self, id: i64) -> usize {
        ((id as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> self.shift) as usize
    }

    pub(super) fn len(&self) -> usize {
        self.count
    }

    #[inline]
    pub(super) fn get(&self, id: i64) -> Option<NonNull<T>> {
        if self.count == 0 {
            return None;
        }
        let mask = self.places.len() - 1;
        let mut at = self.home(id);
        loop {
            let (found, value) = self.places[at & mask];
            if found == id || found == 0 {
                return value;
            }
            at += 1;
        }
    }

    /// Adds an id that is not there.
    #[inline]
    pub(super) fn insert(&mut self, id: i64, value: NonNull<T>) {
        if self.count * 2 >= self.places.len() {
            self.grow();
        }
        let mask = self.places.len() - 1;
        let mut at = self.home(id) & mask;
        while self.places[at].0 != 0 {
            at = (at + 1) & mask;
        }
        self.places[at] = (id, Some(value));
        self.count += 1;
    }

    #[inline]
    pub(super) fn remove(&mut self, id: i64) {
        if self.count == 0 {
            return;
        }
        let mask = self.places.len() - 1;
        let mut hole = self.home(id) & mask;
        while self.places[hole].0 != id {
            if self.places[hole].0 == 0 {
                return;
            }
            hole = (hole + 1) & mask;
        }
        self.count -= 1;
        // Move back whatever probed past the hole.
        let mut at = hole;
        loop {
            at = (at + 1) & mask;
            let next = self.places[at];
            if next.0 == 0 {
                break;
            }
            let distance = at.wrapping_sub(self.home(next.0)) & mask;
            if distance >= (at.wrapping_sub(hole) & mask) {
                self.places[hole] = next;
                hole = at;
            }
        }
        self.places[hole] = (0, None);
    }

    #[cold]
    fn grow(&mut self) {
        self.resize((self.places.len() * 2).max(FIRST));
    }

    /// Gives back places that a burst of ids needed.
    pub(super) fn shrink(&mut self) {
        let length = (self.count * 2 + 1).next_power_of_two().max(FIRST);
        if length < self.places.len() {
            self.resize(length);
        }
    }

    fn resize(&mut self, length: usize) {
        let old = std::mem::replace(&mut self.places, vec![(0, None); length]);
        self.shift = 64 - length.trailing_zeros();
        self.count = 0;
        for (id, value) in old {
            if let Some(value) = value {
                self.insert(id, value);
            }
        }
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = i64> + '_ {
        self.places.iter().map(|(id, _)| *id).filter(|id| *id != 0)
    }

    pub(super) fn clear(&mut self) {
        *self = Self::new();
    }
}

#[cfg(test)]
mod tests {
    use super::{FIRST, Table};
    use std::collections::HashMap;
    use std::ptr::NonNull;

    /// Against std's map: a pseudo-random mix of insertions, removals and look-ups, with long-lived runs.
    #[test]
    fn agrees_with_a_hash_map() {
        let mut table = Table::<u8>::new();
        let mut model = HashMap::new();
        let mut next = 0_i64;
        let mut seed = 12_345_u64;
        for step in 0..200_000_u64 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let random = (seed >> 33) as i64;
            if random % 3 != 0 || next == 0 || (step > 50_000 && step < 60_000) {
                next += 1;
                let value = NonNull::without_provenance((next as usize).try_into().unwrap());
                table.insert(next, value);
                model.insert(next, value);
            } else {
                let id = random % next + 1;
                table.remove(id);
                model.remove(&id);
            }
            let probe = random % (next + 2);
            assert_eq!(table.get(probe), model.get(&probe).copied(), "id {probe}");
            assert_eq!(table.len(), model.len());
        }
        let mut ids: Vec<i64> = table.ids().collect();
        ids.sort_unstable();
        let mut expected: Vec<i64> = model.into_keys().collect();
        expected.sort_unstable();
        assert_eq!(ids, expected);
        table.shrink();
        assert!(expected.iter().all(|id| table.get(*id).is_some()));
        let kept = expected.split_off(10);
        for id in kept {
            table.remove(id);
        }
        table.shrink();
        assert_eq!(table.places.len(), FIRST);
        assert!(expected.iter().all(|id| table.get(*id).is_some()));
        table.clear();
        assert_eq!(table.len(), 0);
        assert_eq!(table.get(1), None);
    }
}
