//! Header maps that are used again: a request's map becomes some later reply's.

use http::HeaderMap;
use std::cell::RefCell;

/// More than this many spare maps are not worth keeping.
const SPARE: usize = 64;

thread_local! {
    static MAPS: RefCell<Vec<HeaderMap>> = const { RefCell::new(Vec::new()) };
}

/// An empty header map, with room from an earlier life when there is one.
pub(super) fn map() -> HeaderMap {
    MAPS.try_with(|maps| maps.borrow_mut().pop()).ok().flatten().unwrap_or_default()
}

/// Keeps the allocations of `map` for a later [`map`].
pub(super) fn recycle(mut map: HeaderMap) {
    if map.capacity() == 0 || map.capacity() > 128 {
        return;
    }
    map.clear();
    // At the thread's end the pool may be gone already; the map is then simply dropped.
    let _ = MAPS.try_with(|maps| {
        let mut maps = maps.borrow_mut();
        if maps.len() < SPARE {
            maps.push(map);
        }
    });
}
