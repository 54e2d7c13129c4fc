//! What comes back: OK packets, columns, and rows whose values are read straight from the packet's bytes.

use super::error::Error;
use super::temporal::Temporal;
use super::wire::Cursor;
use std::ops::Range;

const MORE_RESULTS: u16 = 0x0008;
const UNSIGNED: u16 = 0x0020;

/// Column types by their number in the protocol.
#[allow(missing_docs, reason = "the names are MySQL's own")]
pub mod kind {
    pub const TINY: u8 = 1;
    pub const SHORT: u8 = 2;
    pub const LONG: u8 = 3;
    pub const FLOAT: u8 = 4;
    pub const DOUBLE: u8 = 5;
    pub const NULL: u8 = 6;
    pub const TIMESTAMP: u8 = 7;
    pub const LONGLONG: u8 = 8;
    pub const INT24: u8 = 9;
    pub const DATE: u8 = 10;
    pub const TIME: u8 = 11;
    pub const DATETIME: u8 = 12;
    pub const YEAR: u8 = 13;
}

/// The end of a statement that gives no rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Rows changed.
    pub affected_rows: u64,
    /// The first automatic key.
    pub last_insert_id: u64,
    /// Another result follows.
    pub more: bool,
}

impl Outcome {
    /// Reads the OK packet `payload`; beside it, what the server says of the session.
    pub(super) fn parse(payload: &[u8]) -> Result<(Self, u16), Error> {
        let mut cursor = Cursor::new(payload);
        cursor.u8()?;
        let affected_rows = cursor.length()?.unwrap_or(0);
        let last_insert_id = cursor.length()?.unwrap_or(0);
        let status = cursor.u16()?;
        Ok((Self { affected_rows, last_insert_id, more: says_more(status) }, status))
    }
}

/// Whether `payload` is an end-of-rows packet.
pub(super) fn is_end(payload: &[u8]) -> bool {
    payload.first() == Some(&0xfe) && payload.len() < 9
}

/// What the end-of-rows packet `payload` says of the session.
pub(super) fn end_status(payload: &[u8]) -> u16 {
    payload.get(3..5).map_or(0, |status| u16::from_le_bytes([status[0], status[1]]))
}

/// Whether another result follows an end-of-rows packet with this status.
pub(super) fn says_more(status: u16) -> bool {
    status & MORE_RESULTS != 0
}

/// One column of a result.
#[derive(Clone, Debug)]
pub struct Column {
    name: Range<usize>,
    /// Type, one of [`kind`] or one that is read as bytes.
    pub kind: u8,
    /// Digits after the point, of times.
    pub decimals: u8,
    /// Whether the numbers have no sign.
    pub unsigned: bool,
}

/// The columns of a result, with their definitions as the server sent them.
///
/// A statement that runs again usually gives the same columns: they are then recognised by their bytes, nothing is parsed and
/// [`Columns::version`] stays, so that what was derived from them (PHP keys) stays good too.
#[derive(Debug, Default)]
pub struct Columns {
    list: Vec<Column>,
    raw: Vec<u8>,
    /// End of each definition in `raw`.
    ends: Vec<usize>,
    filled: usize,
    expected: usize,
    version: u64,
}

impl Columns {
    /// Number of columns.
    pub fn len(&self) -> usize {
        self.expected
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.expected == 0
    }

    /// Changes whenever the columns do.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The columns in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Column> {
        self.list[..self.filled].iter()
    }

    /// Name of `column`, one of these.
    pub fn name(&self, column: &Column) -> &[u8] {
        self.raw.get(column.name.clone()).unwrap_or_default()
    }

    /// Starts the definitions of a result with `count` columns.
    pub(super) fn begin(&mut self, count: usize) {
        if count != self.expected {
            self.version += 1;
        }
        self.expected = count;
        self.filled = 0;
    }

    /// How many definitions are still to come.
    pub(super) fn missing(&self) -> usize {
        self.expected - self.filled
    }

    /// Takes the next definition.
    pub(super) fn push(&mut self, payload: &[u8]) -> Result<(), Error> {
        let index = self.filled;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        if let Some(&end) = self.ends.get(index)
            && self.raw[start..end] == *payload
        {
            self.filled += 1;
            return Ok(());
        }
        self.version += 1;
        self.raw.truncate(start);
        self.ends.truncate(index);
        self.list.truncate(index);
        let mut cursor = Cursor::new(payload);
        for _ in 0..4 {
            cursor.string()?;
        }
        let name = cursor.string()?.unwrap_or_default();
        let name_end = start + (payload.len() - cursor.rest().len());
        cursor.string()?;
        cursor.length()?;
        cursor.bytes(2 + 4)?;
        let kind = cursor.u8()?;
        let flags = cursor.u16()?;
        let decimals = cursor.u8()?;
        self.list.push(Column {
            name: name_end - name.len()..name_end,
            kind,
            decimals,
            unsigned: flags & UNSIGNED != 0,
        });
        self.raw.extend_from_slice(payload);
        self.ends.push(self.raw.len());
        self.filled += 1;
        Ok(())
    }
}

/// One value of a row; bytes are those of the packet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// SQL NULL.
    Null,
    /// Text, a blob, a decimal, and all else that travels as bytes.
    Bytes(&'a [u8]),
    /// A signed integer.
    Int(i64),
    /// An unsigned integer that may not fit a signed one.
    Unsigned(u64),
    /// A single-precision number.
    Float(f32),
    /// A double-precision number.
    Double(f64),
    /// A date, a time or both.
    Temporal(Temporal),
}

impl<'a> Value<'a> {
    /// The text of a column as the type the column has, which is what a prepared statement would give; text that does not read
    /// as that type stays as it is.
    pub fn typed(column: &Column, text: &'a [u8]) -> Self {
        fn parse<T: std::str::FromStr>(text: &[u8]) -> Option<T> {
            std::str::from_utf8(text).ok()?.parse().ok()
        }
        let number = match column.kind {
            kind::TINY | kind::SHORT | kind::INT24 | kind::LONG => parse(text).map(Self::Int),
            kind::LONGLONG if column.unsigned => parse(text).map(Self::Unsigned),
            kind::LONGLONG => parse(text).map(Self::Int),
            kind::FLOAT | kind::DOUBLE => parse(text).map(Self::Double),
            _ => None,
        };
        number.unwrap_or(Self::Bytes(text))
    }
}

/// One row of a text result.
pub struct TextRow<'a>(Cursor<'a>);

impl<'a> TextRow<'a> {
    /// Reads the packet `payload` as a row.
    pub fn new(payload: &'a [u8]) -> Self {
        Self(Cursor::new(payload))
    }

    /// The next column's text, or `None` for NULL.
    #[inline]
    pub fn next_text(&mut self) -> Result<Option<&'a [u8]>, Error> {
        self.0.string()
    }
}

/// One row of a prepared statement's result.
pub struct BinaryRow<'a> {
    nulls: &'a [u8],
    values: Cursor<'a>,
    index: usize,
}

impl<'a> BinaryRow<'a> {
    /// Reads the packet `payload` as a row of `columns` columns.
    pub fn new(payload: &'a [u8], columns: usize) -> Result<Self, Error> {
        let mut values = Cursor::new(payload);
        values.u8()?;
        let nulls = values.bytes((columns + 9) / 8)?;
        Ok(Self { nulls, values, index: 0 })
    }

    /// The value of the next column, which is `column`.
    #[inline]
    pub fn next_value(&mut self, column: &Column) -> Result<Value<'a>, Error> {
        let bit = self.index + 2;
        self.index += 1;
        if self.nulls[bit / 8] & 1 << (bit % 8) != 0 {
            return Ok(Value::Null);
        }
        let values = &mut self.values;
        Ok(match column.kind {
            kind::TINY if column.unsigned => Value::Int(i64::from(values.u8()?)),
            kind::TINY => Value::Int(i64::from(values.u8()? as i8)),
            kind::SHORT if column.unsigned => Value::Int(i64::from(values.u16()?)),
            kind::SHORT => Value::Int(i64::from(values.u16()? as i16)),
            kind::INT24 | kind::LONG if column.unsigned => Value::Int(i64::from(values.u32()?)),
            kind::INT24 | kind::LONG => Value::Int(i64::from(values.u32()? as i32)),
            kind::LONGLONG if column.unsigned => Value::Unsigned(u64::from_le_bytes(values.array()?)),
            kind::LONGLONG => Value::Int(i64::from_le_bytes(values.array()?)),
            kind::FLOAT => Value::Float(f32::from_le_bytes(values.array()?)),
            kind::DOUBLE => Value::Double(f64::from_le_bytes(values.array()?)),
            kind::YEAR => Value::Temporal(Temporal::year(values.u16()?)),
            kind::DATE => Value::Temporal(Temporal::date(values.string()?.unwrap_or_default())?),
            kind::DATETIME | kind::TIMESTAMP => {
                Value::Temporal(Temporal::date_time(values.string()?.unwrap_or_default(), column.decimals)?)
            }
            kind::TIME => Value::Temporal(Temporal::time(values.string()?.unwrap_or_default(), column.decimals)?),
            kind::NULL => Value::Null,
            _ => match values.string()? {
                Some(bytes) => Value::Bytes(bytes),
                None => Value::Null,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::wire::put_string;
    use super::*;

    fn definition(name: &[u8], kind: u8, flags: u16) -> Vec<u8> {
        let mut out = Vec::new();
        for text in [&b"def"[..], b"db", b"t", b"t", name, name] {
            put_string(&mut out, text);
        }
        out.push(12);
        out.extend_from_slice(&[45, 0, 0, 0, 0, 0, kind]);
        out.extend_from_slice(&flags.to_le_bytes());
        out.extend_from_slice(&[0, 0, 0]);
        out
    }

    fn names(columns: &Columns) -> Vec<&[u8]> {
        columns.iter().map(|column| columns.name(column)).collect()
    }

    #[test]
    fn the_same_columns_keep_their_version() {
        let mut columns = Columns::default();
        let (id, name) = (definition(b"id", kind::LONG, UNSIGNED), definition(b"name", 253, 0));
        let mut versions = Vec::new();
        for set in [[&id, &name], [&id, &name], [&name, &name], [&id, &id]] {
            columns.begin(2);
            for one in set {
                columns.push(one).unwrap();
            }
            assert_eq!(columns.missing(), 0);
            versions.push(columns.version());
            let expected: Vec<&[u8]> = set.iter().map(|one| if *one == &id { &b"id"[..] } else { b"name" }).collect();
            assert_eq!(names(&columns), expected);
        }
        assert_eq!(versions[0], versions[1]);
        assert_ne!(versions[1], versions[2]);
        assert_ne!(versions[2], versions[3]);
        columns.begin(1);
        columns.push(&id).unwrap();
        assert_ne!(columns.version(), versions[3]);
        assert_eq!(names(&columns), [b"id"]);
        assert!(columns.iter().all(|column| column.unsigned));
        columns.begin(1);
        assert!(columns.push(b"\x03def").is_err());
    }

    #[test]
    fn rows_end_where_their_packet_does() {
        let mut row = TextRow::new(b"\x01a\xfb\x05xy");
        assert_eq!(row.next_text().unwrap(), Some(&b"a"[..]));
        assert_eq!(row.next_text().unwrap(), None);
        assert!(row.next_text().is_err());
        let column = Column { name: 0..0, kind: kind::LONG, decimals: 0, unsigned: false };
        let mut row = BinaryRow::new(&[0, 0b1000, 0xff, 0xff, 0xff, 0xff, 1], 3).unwrap();
        assert_eq!(row.next_value(&column).unwrap(), Value::Int(-1));
        assert_eq!(row.next_value(&column).unwrap(), Value::Null);
        assert!(row.next_value(&column).is_err());
    }

    #[test]
    fn text_reads_as_its_column_type() {
        let column = |kind, unsigned| Column { name: 0..0, kind, decimals: 0, unsigned };
        assert_eq!(Value::typed(&column(kind::LONG, false), b"-12"), Value::Int(-12));
        assert_eq!(Value::typed(&column(kind::LONG, true), b"00012"), Value::Int(12));
        assert_eq!(Value::typed(&column(kind::DOUBLE, false), b"1.5e3"), Value::Double(1500.0));
        assert_eq!(Value::typed(&column(253, false), b"7"), Value::Bytes(b"7"));
        assert_eq!(Value::typed(&column(kind::LONG, false), b"x"), Value::Bytes(b"x"));
    }
}
