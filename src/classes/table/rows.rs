//! Rows between PHP and shared memory: arrays become values of columns, and back.

use crate::log;
use crate::shm::table::{Cursor, Full, Key, Kind, Row, Table as Rows, Value};
use crate::zend::call::Thrown;
use crate::zend::fields::{self, Fields, Room, Slot};
use crate::zend::text::Text;
use crate::zend::{self, row};
use ext_php_rs::boxed::ZBox;
use ext_php_rs::types::{ZendHashTable, ZendStr, Zval};

/// How long a text may be on average to be taken out of a row at the first look.
const SHORT: usize = 64;

/// A table that has memory, and the names of its columns.
pub(super) struct Made {
    pub(super) rows: Rows,
    pub(super) fields: Fields,
}

/// A key of PHP's.
#[inline]
pub(super) fn key_of(text: &ZendStr) -> Key<'_> {
    Key::new(fields::hash(text), text.as_bytes())
}

/// Bytes as C's `%s` prints them: up to the first NUL.
pub(super) fn printed(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes.split(|byte| *byte == 0).next().unwrap_or_default())
}

/// A converted value.
enum Given {
    Int(i64),
    Float(f64),
    Text(Text),
}

impl Given {
    #[inline]
    fn new(kind: Kind, value: &Zval) -> Result<Self, Thrown> {
        let value = value.dereference();
        Ok(match kind {
            Kind::Int => Self::Int(fields::int(value)?),
            Kind::Float => Self::Float(fields::float(value)?),
            Kind::Text => Self::Text(Text::of(value)?),
        })
    }

    #[inline]
    fn value(&self) -> Value<'_> {
        match self {
            Self::Int(number) => Value::Int(*number),
            Self::Float(number) => Value::Float(*number),
            Self::Text(text) => Value::Text(text.as_bytes()),
        }
    }
}

impl Made {
    /// Sets a row; false, with a warning, when there is no room.
    ///
    /// # Errors
    /// A value's conversion threw.
    pub(super) fn set(&self, name: &ZendStr, array: &ZendHashTable) -> Result<bool, Thrown> {
        match self.fields.len() {
            ..=4 => self.set_few::<4>(name, array),
            5..=16 => self.set_few::<16>(name, array),
            columns => {
                let mut given: Vec<_> = (0..columns).map(|_| None).collect();
                self.set_with(name, array, &mut vec![None; columns], &mut given)
            }
        }
    }

    fn set_few<const N: usize>(&self, name: &ZendStr, array: &ZendHashTable) -> Result<bool, Thrown> {
        let columns = self.fields.len();
        self.set_with(name, array, &mut [None; N][..columns], &mut [const { None }; N][..columns])
    }

    /// [`Made::set`] with places for the values that were found, and for what they became.
    #[inline]
    fn set_with<'a>(
        &self,
        name: &ZendStr,
        array: &'a ZendHashTable,
        found: &mut [Option<&'a Zval>],
        given: &mut [Option<Given>],
    ) -> Result<bool, Thrown> {
        self.fields.values(array, found);
        // Before anything is locked: this may run PHP code.
        for (column, value) in found.iter().enumerate() {
            if let Some(value) = value {
                given[column] = Some(Given::new(self.rows.kind(column), value)?);
            }
        }
        if self.rows.set(key_of(name), |column| given[column].as_ref().map(Given::value)) == Err(Full) {
            let text = printed(name.as_bytes());
            zend::warning(&format!("failed to set('{text:>0$}'), unable to allocate memory", name.len()));
            return Ok(false);
        }
        for (column, value) in given.iter().enumerate() {
            if let Some(Given::Text(text)) = value
                && text.as_bytes().len() > self.rows.room(column)
            {
                let key = name.as_bytes();
                let key = printed(&key[..key.len().min(Key::LONGEST)]);
                let text = format!("[key={key},field={}]string value is too long", printed(self.fields.name(column)));
                log::warning("TableRow::set_value()", &text);
            }
        }
        Ok(true)
    }

    /// The row that `source` shows, as an array.
    #[inline]
    pub(super) fn array(&self, source: &mut impl Source) -> Option<ZBox<ZendHashTable>> {
        match self.fields.len() {
            ..=4 => self.array_of_few::<4>(source),
            5..=16 => self.array_of_few::<16>(source),
            _ => self.large_array(source),
        }
    }

    /// [`Made::array`] of at most `N` columns, without memory for in between if the texts are short.
    #[inline]
    fn array_of_few<const N: usize>(&self, source: &mut impl Source) -> Option<ZBox<ZendHashTable>> {
        let columns = self.fields.len();
        let mut words = [0; N];
        let mut scratch = [[0; SHORT]; N];
        let scratch = scratch.as_flattened_mut();
        // The table may be locked while we look: nothing here may ask PHP for memory, which may end the script.
        let fits = source.look(|row| self.copy(row, &mut words[..columns], scratch))?;
        if !fits {
            return self.large_array(source);
        }
        let mut start = 0;
        let mut values = [const { Slot::new() }; N];
        for (column, (word, value)) in words[..columns].iter().zip(&mut values).enumerate() {
            match self.rows.kind(column) {
                Kind::Int => value.put_int(word.cast_signed()),
                Kind::Float => value.put_float(f64::from_bits(*word)),
                Kind::Text => {
                    let end = start + *word as usize;
                    value.put_text(&scratch[std::mem::replace(&mut start, end)..end]);
                }
            }
        }
        Some(self.fields.row(&mut values[..columns]))
    }

    /// Copies a row: numbers and lengths of texts, and the texts one after the other. False when these do not fit.
    #[inline]
    fn copy(&self, row: Row<'_>, words: &mut [u64], scratch: &mut [u8]) -> bool {
        let mut start = 0;
        for (column, word) in words.iter_mut().enumerate() {
            *word = match self.rows.kind(column) {
                Kind::Int => row.int(column).cast_unsigned(),
                Kind::Float => row.float(column).to_bits(),
                Kind::Text => {
                    let text = row.text(column);
                    let Some(place) = scratch.get_mut(start..start + text.len()) else { return false };
                    text.copy(place);
                    start += text.len();
                    text.len() as u64
                }
            };
        }
        true
    }

    /// [`Made::array`] for rows of any size.
    #[cold]
    fn large_array(&self, source: &mut impl Source) -> Option<ZBox<ZendHashTable>> {
        let mut values: Vec<Column> = Vec::with_capacity(self.fields.len());
        for column in 0..self.fields.len() {
            values.push(match self.rows.kind(column) {
                Kind::Int => Column::Int(0),
                Kind::Float => Column::Float(0.0),
                Kind::Text => Column::Text(Room::new(0), 0),
            });
        }
        self.look_into(source, &mut values, 0)?;
        let mut slots: Vec<_> = values.iter().map(|_| Slot::new()).collect();
        slots.iter_mut().zip(values).for_each(|(slot, value)| slot.put(value.into()));
        Some(self.fields.row(&mut slots))
    }

    /// Fills `values` from the columns of a row, from `first` on; room for texts is made between looks.
    fn look_into(&self, source: &mut impl Source, values: &mut [Column], first: usize) -> Option<()> {
        loop {
            let fits = source.look(|row| {
                let mut fits = true;
                for (index, value) in values.iter_mut().enumerate() {
                    fits &= value.take(row, first + index);
                }
                fits
            })?;
            if fits {
                return Some(());
            }
            values.iter_mut().for_each(Column::make_room);
        }
    }

    /// One column of the row of `key`.
    pub(super) fn field(&self, key: Key<'_>, column: usize) -> Option<Zval> {
        match self.rows.kind(column) {
            Kind::Int => self.rows.read(key, |row| row.int(column)).map(zend::long),
            Kind::Float => self.rows.read(key, |row| row.float(column)).map(double),
            Kind::Text => {
                let mut scratch = [0; SHORT];
                let length = self.rows.read(key, |row| {
                    let text = row.text(column);
                    if let Some(place) = scratch.get_mut(..text.len()) {
                        text.copy(place);
                    }
                    text.len()
                })?;
                if let Some(text) = scratch.get(..length) {
                    return Some(row::text(text));
                }
                let mut value = [Column::Text(Room::new(length), 0)];
                self.look_into(&mut ByKey(&self.rows, key), &mut value, column)?;
                let [value] = value;
                Some(value.into())
            }
        }
    }
}

/// A value on its way out of a large row: for a text, its room and its length.
enum Column {
    Int(i64),
    Float(f64),
    Text(Room, usize),
}

impl Column {
    /// Takes its value from a row; false when its room is too small.
    fn take(&mut self, row: Row<'_>, column: usize) -> bool {
        match self {
            Self::Int(number) => *number = row.int(column),
            Self::Float(number) => *number = row.float(column),
            Self::Text(room, length) => {
                let text = row.text(column);
                *length = text.len();
                if *length > room.size() {
                    return false;
                }
                text.copy(&mut room.bytes()[..*length]);
            }
        }
        true
    }

    fn make_room(&mut self) {
        if let Self::Text(room, length) = self
            && *length > room.size()
        {
            *room = Room::new(*length);
        }
    }
}

impl From<Column> for Zval {
    fn from(column: Column) -> Self {
        match column {
            Column::Int(number) => zend::long(number),
            Column::Float(number) => double(number),
            Column::Text(room, length) => room.finish(length).into(),
        }
    }
}

pub(super) fn double(number: f64) -> Zval {
    let mut value = Zval::new();
    value.set_double(number);
    value
}

/// Where a row comes from; it can be looked at more than once.
pub(super) trait Source {
    fn look<T>(&mut self, see: impl FnMut(Row<'_>) -> T) -> Option<T>;
}

/// The row of a key.
pub(super) struct ByKey<'a>(pub(super) &'a Rows, pub(super) Key<'a>);

impl Source for ByKey<'_> {
    #[inline]
    fn look<T>(&mut self, see: impl FnMut(Row<'_>) -> T) -> Option<T> {
        self.0.read(self.1, see)
    }
}

/// The row after `before`; keeps where that was and what key it has.
pub(super) struct After<'a> {
    rows: &'a Rows,
    before: Cursor,
    after: Cursor,
    key: [u8; Key::LONGEST],
    length: usize,
}

impl<'a> After<'a> {
    pub(super) fn new(rows: &'a Rows, before: Cursor) -> Self {
        Self { rows, before, after: before, key: [0; Key::LONGEST], length: 0 }
    }

    /// Where the row was, after a look.
    pub(super) fn cursor(&self) -> Cursor {
        self.after
    }

    /// The row's key, after a look.
    pub(super) fn key(&self) -> &[u8] {
        &self.key[..self.length]
    }
}

impl Source for After<'_> {
    fn look<T>(&mut self, mut see: impl FnMut(Row<'_>) -> T) -> Option<T> {
        let Self { rows, before, after, key, length } = self;
        *after = *before;
        rows.advance(after, |name, row| {
            key[..name.len()].copy_from_slice(name);
            *length = name.len();
            see(row)
        })
    }
}
