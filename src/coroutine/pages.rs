//! A map from ids that are counted up to small values that know themselves whether they still mean something.
//!
//! Neighbours share a page of 2,048 places, which is freed when each of its ids is forgotten: many ids that come and go in bursts
//! take little more memory than their values, and one that lives on keeps one page. Forgetting only counts, it does not look
//! at the place (ids are forgotten in any order, and each place would be a cache miss): until the page goes, a forgotten id
//! still gives its old value.

use std::collections::BTreeMap;

const SIZE: usize = 2048;

struct Page<V> {
    count: usize,
    places: [Option<V>; SIZE],
}

/// Values by id.
pub struct Pages<V> {
    pages: BTreeMap<i64, Box<Page<V>>>,
    count: usize,
}

impl<V: Copy> Default for Pages<V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V: Copy> Pages<V> {
    /// Empty.
    pub const fn new() -> Self {
        Self { pages: BTreeMap::new(), count: 0 }
    }

    /// Whether there is no id.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    fn place(id: i64) -> (i64, usize) {
        (id.div_euclid(SIZE as i64), id.rem_euclid(SIZE as i64) as usize)
    }

    /// What belongs to an id.
    pub fn get(&self, id: i64) -> Option<V> {
        let (page, place) = Self::place(id);
        self.pages.get(&page)?.places[place]
    }

    /// Sets what belongs to an id that is not there.
    pub fn insert(&mut self, id: i64, value: V) {
        let (page, place) = Self::place(id);
        let page = self.pages.entry(page).or_insert_with(|| Box::new(Page { count: 0, places: [None; SIZE] }));
        page.places[place] = Some(value);
        page.count += 1;
        self.count += 1;
    }

    /// Forgets an id that was inserted and not forgotten since.
    pub fn forget(&mut self, id: i64) {
        let (number, _) = Self::place(id);
        let Some(page) = self.pages.get_mut(&number) else { return };
        self.count -= 1;
        page.count -= 1;
        if page.count == 0 {
            self.pages.remove(&number);
        }
    }

    /// Ids and values in order, those of forgotten ids among them.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (i64, V)> + '_ {
        self.pages.iter().flat_map(|(number, page)| {
            let first = number * SIZE as i64;
            (0..SIZE).filter_map(move |place| Some((first + place as i64, page.places[place]?)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_go_with_the_last_of_their_ids() {
        let (mut pages, mut model) = (Pages::new(), BTreeMap::new());
        let mut random = 1_u64;
        for id in 1..=20_000_i64 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            pages.insert(id, random);
            model.insert(id, random);
            assert_eq!(pages.get(id), Some(random));
            if random >> 62 != 0 {
                let old = id - (random >> 33) as i64 % 2500;
                if model.remove(&old).is_some() {
                    pages.forget(old);
                }
            }
        }
        assert!(model.iter().all(|(id, value)| pages.get(*id) == Some(*value)));
        let all: Vec<i64> = pages.iter().map(|(id, _)| id).collect();
        assert!(all.is_sorted() && model.keys().all(|id| all.binary_search(id).is_ok()));
        let survivor = *model.keys().next().unwrap();
        for id in model.into_keys().filter(|id| *id != survivor) {
            pages.forget(id);
        }
        assert_eq!((pages.pages.len(), pages.is_empty()), (1, false));
        pages.forget(survivor);
        assert!(pages.is_empty() && pages.pages.is_empty());
        assert_eq!(pages.get(survivor), None);
    }
}
