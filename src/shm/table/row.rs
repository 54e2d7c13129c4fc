//! One row: its two sides, its name and its words.

use super::crash::point;
use super::layout::{KEY, STATE};
use super::{Key, Kind, Place, Table, Value};
use std::sync::atomic::Ordering;

/// There is a row here.
pub(super) const EXISTS: u32 = 1;
/// Which directory is current.
const WORDS: u32 = 2;
/// Which name is current.
const NAME: u32 = 4;

/// In the word of a text: which buffer it is in. The lower half is its length.
const BUFFER: u64 = 1 << 63;

/// A row as its current directory has it.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    table: &'a Table,
    place: Place,
    side: usize,
}

/// A text in a row.
#[derive(Clone, Copy)]
pub struct TextAt<'a> {
    table: &'a Table,
    at: usize,
    length: usize,
}

impl TextAt<'_> {
    /// How long it is; never more than its column has room for.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Copies it; `into` is as long as it is.
    pub fn copy(&self, into: &mut [u8]) {
        self.table.memory.take(self.at, &mut into[..self.length]);
    }
}

impl<'a> Row<'a> {
    #[inline]
    pub(super) fn current(table: &'a Table, place: Place) -> Self {
        Self { table, place, side: table.side(place) }
    }

    #[inline]
    fn word(&self, column: usize) -> u64 {
        self.table.memory.word(self.place + self.table.layout.word(self.side, column)).load(Ordering::Relaxed)
    }

    /// An integer column.
    #[inline]
    pub fn int(&self, column: usize) -> i64 {
        self.word(column).cast_signed()
    }

    /// A float column.
    #[inline]
    pub fn float(&self, column: usize) -> f64 {
        f64::from_bits(self.word(column))
    }

    /// A text column.
    #[inline]
    pub fn text(&self, column: usize) -> TextAt<'a> {
        let word = self.word(column);
        let layout = &self.table.layout;
        let length = (word as u32 as usize).min(layout.columns[column].room);
        let at = self.place + layout.buffer(column, usize::from(word & BUFFER != 0));
        TextAt { table: self.table, at, length }
    }
}

impl Table {
    #[inline]
    pub(super) fn state(&self, place: Place) -> u32 {
        self.memory.half(place + STATE).load(Ordering::Acquire)
    }

    /// Whether there is a row at this place.
    #[inline]
    pub(super) fn is_row(&self, place: Place) -> bool {
        self.state(place) & EXISTS != 0
    }

    /// Its current directory.
    #[inline]
    pub(super) fn side(&self, place: Place) -> usize {
        usize::from(self.state(place) & WORDS != 0)
    }

    /// Where its current name is: the link, then the key's length, then the key.
    #[inline]
    pub(super) fn name(&self, place: Place) -> usize {
        place + self.layout.name(usize::from(self.state(place) & NAME != 0))
    }

    /// The slice that follows, or 0.
    #[inline]
    pub(super) fn next(&self, name: usize) -> u32 {
        self.memory.half(name).load(Ordering::Acquire)
    }

    #[inline]
    pub(super) fn has_key(&self, name: usize, key: &[u8]) -> bool {
        self.memory.half(name + 4).load(Ordering::Relaxed) as usize == key.len() && self.memory.is(name + 8, key)
    }

    /// Copies a key; how long it is.
    pub(super) fn copy_key(&self, name: usize, into: &mut [u8; KEY]) -> usize {
        let length = (self.memory.half(name + 4).load(Ordering::Relaxed) as usize).min(KEY);
        self.memory.take(name + 8, &mut into[..length]);
        length
    }

    fn put_name(&self, name: usize, next: u32, key: &[u8]) {
        self.memory.half(name).store(next, Ordering::Relaxed);
        self.memory.half(name + 4).store(key.len() as u32, Ordering::Relaxed);
        self.memory.put(name + 8, key);
    }

    /// Changes an existing row: the commit is one store. The latch is held.
    #[inline]
    pub(super) fn update<'a>(&self, place: Place, values: impl Fn(usize) -> Option<Value<'a>>) {
        let columns = 0..self.columns();
        let state = self.state(place);
        let side = usize::from(state & WORDS != 0);
        let word = |side, column| self.memory.word(place + self.layout.word(side, column));
        let mut given = columns.clone().filter(|column| values(*column).is_some());
        let (first, second) = (given.next(), given.next());
        let Some(first) = first else { return };
        if let (None, Some(value)) = (second, values(first)) {
            let word = word(side, first);
            let new = self.store(place, first, word.load(Ordering::Relaxed), value);
            point();
            word.store(new, Ordering::Release);
            return point();
        }
        for column in columns {
            let old = word(side, column).load(Ordering::Relaxed);
            let new = values(column).map_or(old, |value| self.store(place, column, old, value));
            word(1 - side, column).store(new, Ordering::Relaxed);
        }
        point();
        self.memory.half(place + STATE).store(state ^ WORDS, Ordering::Release);
        point();
    }

    /// Writes a new row at a place that nobody looks at. The state that makes it visible. Its latch, or the structure, is held.
    pub(super) fn fill<'a>(&self, place: Place, key: Key<'_>, values: impl Fn(usize) -> Option<Value<'a>>) -> u32 {
        let state = self.state(place) | EXISTS;
        let side = usize::from(state & WORDS != 0);
        self.put_name(place + self.layout.name(usize::from(state & NAME != 0)), 0, key.bytes);
        point();
        for column in 0..self.columns() {
            let new = values(column).map_or(0, |value| self.store(place, column, 0, value));
            self.memory.word(place + self.layout.word(side, column)).store(new, Ordering::Relaxed);
        }
        state
    }

    /// Copies the row `from`, which follows in the chain, to the sides of `root` that are not current. The state that makes them so.
    pub(super) fn move_in(&self, root: Place, from: Place) -> u32 {
        let state = self.state(root) ^ (WORDS | NAME);
        let mut key = [0; KEY];
        let name = self.name(from);
        let length = self.copy_key(name, &mut key);
        let to = root + self.layout.name(usize::from(state & NAME != 0));
        self.put_name(to, self.next(name), &key[..length]);
        let side = usize::from(state & WORDS != 0);
        let row = Row::current(self, from);
        for column in 0..self.columns() {
            let mut new = row.word(column);
            if self.kind(column) == Kind::Text {
                let old = self.memory.word(root + self.layout.word(1 - side, column)).load(Ordering::Relaxed);
                let text = row.text(column);
                let buffer = !old & BUFFER;
                let at = root + self.layout.buffer(column, usize::from(buffer != 0));
                self.memory.copy(text.at, at, text.length);
                new = text.length as u64 | buffer;
            }
            self.memory.word(root + self.layout.word(side, column)).store(new, Ordering::Relaxed);
        }
        state
    }

    /// The new word of a column, whose old one is `old`. A text goes into the buffer where the old one is not.
    #[inline]
    fn store(&self, place: Place, column: usize, old: u64, value: Value<'_>) -> u64 {
        match value {
            Value::Int(number) => number.cast_unsigned(),
            Value::Float(number) => number.to_bits(),
            Value::Text(text) => {
                let text = &text[..text.len().min(self.layout.columns[column].room)];
                let buffer = !old & BUFFER;
                self.memory.put(place + self.layout.buffer(column, usize::from(buffer != 0)), text);
                text.len() as u64 | buffer
            }
        }
    }
}
