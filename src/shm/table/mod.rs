//! Rows of typed columns in shared memory, found by a key. What `Swoole\Table` is made of.
//!
//! # How rows are found
//!
//! As in Swoole, so that order and capacity are the same: a hash chooses one of `rows` *home rows*; keys that share one form a chain
//! behind it, in rows called *slices*, of which there is a limited number. When the row in a home is deleted, the next of its chain moves in.
//!
//! # How a process can be killed at any moment
//!
//! Nothing that anyone can see is ever half written. A row has two sides of everything: two names (key and link to the next row), two
//! directories (a word for each column), two buffers for each text. A change writes the sides that are not current, and becomes
//! visible with one store of [`layout::STATE`], of one link, or of one word: its *commit*. A writer who dies before it has done nothing, after it everything.
//! Readers take no lock: [`latch`] tells how they notice that they looked too long. The latch of a chain keeps the name of its
//! holder, and whoever finds a dead one takes its place; nothing needs to be undone.
//!
//! Inserting and deleting also changes the numbers of rows and the list of free slices, which one commit cannot do together. These
//! are in [`structure`], behind a mutex and with a record of what is going on: whoever finds the record of a dead process looks whether its
//! commit happened and sets the numbers and the list right. So they are exact as well.
//!
//! # What it costs
//!
//! A row takes about twice the memory of Swoole's, but only when it is used: nothing is touched before. A lookup writes nothing at
//! all, so readers on all processors never wait for each other; a change of one column is one store.

pub(crate) mod crash;
pub(crate) mod latch;
mod layout;
mod memory;
mod row;
mod structure;

use self::crash::point;
use self::latch::{Held, Look};
use self::layout::{HEAD, KEY, Layout};
use self::memory::Memory;
pub use self::row::{Row, TextAt};
use self::structure::{Change, Structure};
use std::io;
use std::sync::atomic::Ordering;

/// Type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A signed 64-bit integer.
    Int,
    /// A double.
    Float,
    /// Bytes, as many as fit.
    Text,
}

/// A value on its way into a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// For an integer column.
    Int(i64),
    /// For a float column.
    Float(f64),
    /// For a text column; what does not fit is cut off.
    Text(&'a [u8]),
}

/// There is no room for another row whose key collides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

/// A key and its hash. Keys longer than 63 bytes are cut off after hashing.
#[derive(Clone, Copy, Debug)]
pub struct Key<'a> {
    hash: u64,
    bytes: &'a [u8],
}

impl<'a> Key<'a> {
    /// Longest key.
    pub const LONGEST: usize = KEY;

    /// A key; equal keys must have equal hashes.
    #[inline]
    pub fn new(hash: u64, bytes: &'a [u8]) -> Self {
        // Swoole counts in 16 bits first.
        let length = usize::from(bytes.len() as u16).min(KEY);
        Self { hash, bytes: &bytes[..length] }
    }
}

/// A table that is being described: its columns can still be added.
#[derive(Debug)]
pub struct Design(Layout);

impl Design {
    /// At least `rows` rows, and `proportion` as many for colliding keys (from 0.2 to 1).
    pub fn new(rows: i64, proportion: f64) -> Self {
        Self(Layout::new(rows, proportion))
    }

    /// Rows, a power of two.
    pub fn rows(&self) -> u32 {
        self.0.rows
    }

    /// Adds a column; `size` is how many bytes a text has room for, rounded up to eight.
    pub fn add(&mut self, kind: Kind, size: i64) {
        self.0.add(kind, size);
    }

    /// How much memory Swoole maps for it.
    pub fn swoole_mapping(&self) -> u64 {
        self.0.swoole_mapping()
    }

    /// Maps its memory.
    ///
    /// # Errors
    /// There is not as much as Swoole would need.
    pub fn create(&self) -> io::Result<Table> {
        // Ours is larger and mostly never touched; what counts is whether the machine would give Swoole its memory.
        let size = usize::try_from(self.swoole_mapping()).map_err(|_| io::ErrorKind::OutOfMemory)?;
        drop(super::region::Region::new(size)?);
        let mut layout = self.0.clone();
        let (row_size, size) = layout.place()?;
        Ok(Table { memory: Memory::new(size)?, layout, row_size })
    }
}

/// Where a row is, from the start of the memory.
type Place = usize;

/// A place in the order of the rows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cursor {
    home: u32,
    /// How many rows of a chain it has seen. As in Swoole it does not start anew when a chain shrinks to one row under it.
    seen: u32,
}

/// A table that exists.
#[derive(Debug)]
pub struct Table {
    memory: Memory,
    layout: Layout,
    row_size: usize,
}

/// Where a key is, or where it would be.
enum Found {
    /// Here, linked from that row if it is a slice.
    At(Place, Option<Place>),
    /// Nowhere; the home row is free.
    NoChain,
    /// Nowhere; this is the chain's last row, and so many are in it.
    Last(Place, u32),
}

impl Table {
    /// What Swoole calls its memory size.
    pub fn swoole_memory_size(&self) -> u64 {
        self.layout.swoole_memory_size()
    }

    /// Rows, a power of two.
    pub fn rows(&self) -> u32 {
        self.layout.rows
    }

    /// How many bytes a text column has room for.
    pub fn room(&self, column: usize) -> usize {
        self.layout.columns[column].room
    }

    /// How many columns it has.
    pub fn columns(&self) -> usize {
        self.layout.columns.len()
    }

    /// Type of a column.
    pub fn kind(&self, column: usize) -> Kind {
        self.layout.columns[column].kind
    }

    /// Ends it for every process.
    pub fn destroy(&self) {
        self.memory.half(structure::DESTROYED).store(1, Ordering::SeqCst);
    }

    /// Whether some process has ended it.
    #[inline]
    pub fn is_destroyed(&self) -> bool {
        self.memory.half(structure::DESTROYED).load(Ordering::Relaxed) != 0
    }

    fn structure(&self) -> Structure<'_> {
        Structure::new(self)
    }

    /// How many rows it has.
    pub fn len(&self) -> u64 {
        self.structure().len()
    }

    /// Whether it has no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Its counters.
    pub fn stats(&self) -> Stats {
        self.structure().stats()
    }

    #[inline]
    fn home(&self, key: Key<'_>) -> u32 {
        key.hash as u32 & (self.layout.rows - 1)
    }

    #[inline]
    fn home_place(&self, home: u32) -> Place {
        HEAD + home as usize * self.row_size
    }

    fn slice_place(&self, slice: u32) -> Place {
        HEAD + (self.layout.rows as usize + slice as usize - 1) * self.row_size
    }

    /// What `see` makes of the row of `key`; `see` may be called again, and what it made of a row that was changing is dropped.
    #[inline]
    pub fn read<T>(&self, key: Key<'_>, mut see: impl FnMut(Row<'_>) -> T) -> Option<T> {
        let home = self.home_place(self.home(key));
        self.memory.latch(home).read(|look| match self.find(home, key, Some(look)) {
            Found::At(place, _) => Some(see(Row::current(self, place))),
            _ => None,
        })
    }

    /// Whether there is a row of this key.
    pub fn has(&self, key: Key<'_>) -> bool {
        self.read(key, |_| ()).is_some()
    }

    /// Walks the chain of a home row. Without the latch held, `look` says when to give up.
    #[inline]
    fn find(&self, home: Place, key: Key<'_>, look: Option<&Look<'_>>) -> Found {
        if !self.is_row(home) {
            return Found::NoChain;
        }
        let (mut place, mut previous, mut level) = (home, None, 1);
        loop {
            let name = self.name(place);
            if self.has_key(name, key.bytes) {
                return Found::At(place, previous);
            }
            let next = self.next(name);
            if next == 0 || next > self.layout.slices() || look.is_some_and(Look::is_stale) {
                return Found::Last(place, level);
            }
            previous = Some(place);
            place = self.slice_place(next);
            level += 1;
        }
    }

    /// Sets columns of the row of `key`, which is made if there is none. `values` gives the value of each column; without one the
    /// column stays as it is, or is 0 or empty in a new row. Whether the row is new.
    ///
    /// # Errors
    /// There is no room for a new row.
    #[inline]
    pub fn set<'a>(&self, key: Key<'_>, values: impl Fn(usize) -> Option<Value<'a>>) -> Result<bool, Full> {
        let home = self.home(key);
        let held = self.memory.latch(self.home_place(home)).lock();
        match self.find(self.home_place(home), key, None) {
            Found::At(place, _) => {
                self.update(place, values);
                held.publish();
                self.structure().count_update();
                Ok(false)
            }
            absent => self.insert(home, &absent, key, &held, values).map(|_| true),
        }
    }

    /// Changes one column of the row of `key`, which is made if there is none: `change` makes the new word of the old one.
    ///
    /// # Errors
    /// There is no room for a new row.
    fn change(&self, key: Key<'_>, column: usize, change: impl Fn(u64) -> u64) -> Result<u64, Full> {
        let home = self.home(key);
        let held = self.memory.latch(self.home_place(home)).lock();
        let place = match self.find(self.home_place(home), key, None) {
            Found::At(place, _) => place,
            absent => {
                let new = change(0);
                let value = match self.kind(column) {
                    Kind::Float => Value::Float(f64::from_bits(new)),
                    Kind::Int | Kind::Text => Value::Int(new.cast_signed()),
                };
                self.insert(home, &absent, key, &held, |index| (index == column).then_some(value))?;
                return Ok(new);
            }
        };
        let word = self.memory.word(place + self.layout.word(self.side(place), column));
        let new = change(word.load(Ordering::Relaxed));
        point();
        word.store(new, Ordering::Release);
        point();
        held.publish();
        self.structure().count_update();
        Ok(new)
    }

    /// Adds to an integer column, wrapping around; makes the row if there is none. The sum.
    ///
    /// # Errors
    /// There is no room for a new row.
    pub fn add_int(&self, key: Key<'_>, column: usize, number: i64) -> Result<i64, Full> {
        self.change(key, column, |old| old.wrapping_add(number.cast_unsigned())).map(u64::cast_signed)
    }

    /// Adds to a float column; makes the row if there is none. The sum.
    ///
    /// # Errors
    /// There is no room for a new row.
    pub fn add_float(&self, key: Key<'_>, column: usize, number: f64) -> Result<f64, Full> {
        self.change(key, column, |old| (f64::from_bits(old) + number).to_bits()).map(f64::from_bits)
    }

    /// Deletes the row of `key`. Whether there was one.
    pub fn delete(&self, key: Key<'_>) -> bool {
        let home = self.home(key);
        let root = self.home_place(home);
        if !self.is_row(root) {
            return false;
        }
        let held = self.memory.latch(root).lock();
        let Found::At(place, previous) = self.find(root, key, None) else { return false };
        let next = self.next(self.name(place));
        let commit = match previous {
            Some(previous) => Commit::Link(self.name(previous), next),
            None if next == 0 => Commit::State(root, self.state(root) & !row::EXISTS),
            None => Commit::State(root, self.move_in(root, self.slice_place(next))),
        };
        let slice = match previous {
            Some(previous) => self.next(self.name(previous)),
            None => next,
        };
        let structure = self.structure().open(if slice == 0 { Change::Last } else { Change::Unlink }, home, slice);
        self.commit(commit);
        held.publish();
        structure.close();
        true
    }

    /// Makes a row where `absent` says.
    fn insert<'a>(
        &self,
        home: u32,
        absent: &Found,
        key: Key<'_>,
        held: &Held<'_>,
        values: impl Fn(usize) -> Option<Value<'a>>,
    ) -> Result<Place, Full> {
        let root = self.home_place(home);
        let Found::Last(last, level) = *absent else {
            let state = self.fill(root, key, values);
            let structure = self.structure().open(Change::First, home, 0);
            self.commit(Commit::State(root, state));
            structure.close();
            return Ok(root);
        };
        let structure = self.structure().lock();
        structure.count_conflict(level);
        let slice = structure.free_slice().ok_or(Full)?;
        let structure = structure.begin(Change::Link, home, slice);
        let place = self.slice_place(slice);
        let state = self.fill(place, key, values);
        self.memory.half(place + layout::STATE).store(state, Ordering::Relaxed);
        self.commit(Commit::Link(self.name(last), slice));
        held.publish();
        structure.close();
        Ok(place)
    }

    fn commit(&self, commit: Commit) {
        point();
        match commit {
            Commit::State(place, state) => self.memory.half(place + layout::STATE).store(state, Ordering::Release),
            Commit::Link(name, next) => self.memory.half(name).store(next, Ordering::Release),
        }
        point();
    }

    /// What `see` makes of the next row and its key, at most 63 bytes; the cursor moves on. `see` may be called again, and what it made
    /// of a row that was changing is dropped.
    pub fn advance<T>(&self, cursor: &mut Cursor, mut see: impl FnMut(&[u8], Row<'_>) -> T) -> Option<T> {
        while cursor.home < self.layout.rows {
            let root = self.home_place(cursor.home);
            if !self.is_row(root) {
                cursor.home += 1;
                continue;
            }
            let (seen, after) = self.memory.latch(root).read(|look| {
                let on = Cursor { home: cursor.home + 1, ..*cursor };
                if !self.is_row(root) {
                    return (None, on);
                }
                let mut place = root;
                let mut next = self.next(self.name(place));
                if next == 0 {
                    return (Some(self.show(place, &mut see)), on);
                }
                for _ in 0..cursor.seen {
                    if next == 0 || next > self.layout.slices() || look.is_stale() {
                        return (None, Cursor { seen: 0, ..on });
                    }
                    place = self.slice_place(next);
                    next = self.next(self.name(place));
                }
                (Some(self.show(place, &mut see)), Cursor { seen: cursor.seen + 1, ..*cursor })
            });
            *cursor = after;
            if seen.is_some() {
                return seen;
            }
        }
        None
    }

    fn show<T>(&self, place: Place, see: &mut impl FnMut(&[u8], Row<'_>) -> T) -> T {
        let mut key = [0; KEY];
        let length = self.copy_key(self.name(place), &mut key);
        see(&key[..length], Row::current(self, place))
    }
}

/// The one store that makes a change visible.
enum Commit {
    /// The state of this row.
    State(Place, u32),
    /// The link of this name.
    Link(usize, u32),
}

/// Counters of a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Rows.
    pub rows: u64,
    /// Keys that met another one's home, whether or not there was room.
    pub conflicts: u64,
    /// The longest chain that a new key had before it.
    pub longest_chain: u64,
    /// Rows made.
    pub inserts: u64,
    /// Changes of rows.
    pub updates: u64,
    /// Rows deleted.
    pub deletes: u64,
    /// Slices not in use.
    pub free_slices: u64,
    /// Slices in all.
    pub slices: u64,
}
