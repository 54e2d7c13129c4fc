//! Where things are in a table's memory, and the sizes that Swoole would have.

use super::Kind;
use std::io;

/// Longest key.
pub(crate) const KEY: usize = 63;
/// Most home rows.
const MOST_ROWS: u32 = 0x8000_0000;
/// Least share of rows for colliding keys.
const LEAST_PROPORTION: f64 = 0.2;

/// Where the rows start: the head has the first page.
pub(crate) const HEAD: usize = 4096;

// In a row, from its start. The latch (16 bytes) is used in home rows only.
/// Which sides are current, and whether there is a row at all.
pub(crate) const STATE: usize = 16;
/// The next free row, in a list of them.
pub(crate) const NEXT_FREE: usize = 20;
/// The first name: next row of the chain, length of the key, key.
const NAME: usize = 24;
const NAME_SIZE: usize = 8 + 64;
/// The first directory: a word for each column.
const WORDS: usize = NAME + NAME_SIZE;

// What Swoole has: a row's head, the head of its pool and of each slice in it, a pointer.
const SWOOLE_ROW: u64 = 88;
const SWOOLE_POOL: u64 = 48;
const SWOOLE_SLICE: u64 = 24;
const SWOOLE_POINTER: u64 = 8;

/// A column.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) kind: Kind,
    /// Bytes that a text has room for.
    pub(crate) room: usize,
    /// Where its two buffers are in a row.
    buffers: usize,
    /// Bytes in one of Swoole's rows.
    swoole_size: u32,
}

/// Sizes of a table.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    /// Home rows: a power of two.
    pub(crate) rows: u32,
    proportion: f32,
    pub(crate) columns: Vec<Column>,
}

impl Layout {
    /// At least `rows` home rows, and `proportion` as many for colliding keys.
    pub(crate) fn new(rows: i64, proportion: f64) -> Self {
        // Swoole takes the lower 32 bits.
        let wanted = rows as u32;
        let rows = if wanted >= MOST_ROWS { MOST_ROWS } else { wanted.max(64).next_power_of_two() };
        let proportion = proportion as f32;
        let proportion = if f64::from(proportion) > 1.0 {
            1.0
        } else if f64::from(proportion) < LEAST_PROPORTION {
            LEAST_PROPORTION as f32
        } else {
            proportion
        };
        Self { rows, proportion, columns: Vec::new() }
    }

    /// Adds a column; `size` is the room of a text.
    pub(crate) fn add(&mut self, kind: Kind, size: i64) {
        let (room, swoole_size) = match kind {
            Kind::Int | Kind::Float => (0, 8),
            Kind::Text => {
                // Rounded up, with a length before it, in 32 bits.
                let swoole_size = ((size.wrapping_add(7) & !7) as u32).wrapping_add(4);
                (swoole_size.saturating_sub(4) as usize, swoole_size)
            }
        };
        self.columns.push(Column { kind, room, buffers: 0, swoole_size });
    }

    /// Rows in all, as Swoole counts them: in single precision.
    fn swoole_rows(&self) -> u64 {
        (self.rows as f32 * (1.0 + self.proportion)) as u64
    }

    /// Rows for colliding keys.
    pub(crate) fn slices(&self) -> u32 {
        u32::try_from(self.swoole_rows().saturating_sub(self.rows.into())).unwrap_or(u32::MAX)
    }

    fn swoole_row_size(&self) -> u64 {
        SWOOLE_ROW + self.columns.iter().map(|column| u64::from(column.swoole_size)).sum::<u64>()
    }

    /// How much memory Swoole maps for such a table.
    pub(crate) fn swoole_mapping(&self) -> u64 {
        let rows = self.swoole_rows();
        let slices = rows.wrapping_sub(self.rows.into());
        rows.wrapping_mul(self.swoole_row_size())
            .wrapping_add(SWOOLE_POOL)
            .wrapping_add(slices.wrapping_mul(SWOOLE_SLICE))
            .wrapping_add(u64::from(self.rows) * SWOOLE_POINTER)
    }

    /// What Swoole calls a table's memory size: what is left of it for colliding keys.
    pub(crate) fn swoole_memory_size(&self) -> u64 {
        self.swoole_mapping()
            .wrapping_sub(u64::from(self.rows) * SWOOLE_POINTER)
            .wrapping_sub(u64::from(self.rows).wrapping_mul(self.swoole_row_size()))
    }

    /// Places everything in a row. Size of a row, and of the whole.
    ///
    /// # Errors
    /// The sizes overflow.
    pub(crate) fn place(&mut self) -> io::Result<(usize, usize)> {
        let mut end = WORDS + 2 * 8 * self.columns.len() + NAME_SIZE;
        for column in &mut self.columns {
            column.buffers = end;
            end = end.checked_add(2 * column.room).ok_or(io::ErrorKind::OutOfMemory)?;
        }
        // Rows start at cache lines.
        let row = end.checked_next_multiple_of(64).ok_or(io::ErrorKind::OutOfMemory)?;
        let rows = self.rows as usize + self.slices() as usize;
        let all = row.checked_mul(rows).and_then(|size| size.checked_add(HEAD)).ok_or(io::ErrorKind::OutOfMemory)?;
        Ok((row, all))
    }

    /// Where side `side` of a row's name is.
    pub(crate) fn name(&self, side: usize) -> usize {
        if side == 0 { NAME } else { WORDS + 2 * 8 * self.columns.len() }
    }

    /// Where the word of `column` is in side `side` of a row's directory.
    pub(crate) fn word(&self, side: usize, column: usize) -> usize {
        WORDS + 8 * (side * self.columns.len() + column)
    }

    /// Where buffer `buffer` of a text column is in a row.
    pub(crate) fn buffer(&self, column: usize, buffer: usize) -> usize {
        let column = &self.columns[column];
        column.buffers + buffer * column.room
    }
}
