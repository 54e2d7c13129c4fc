//! Dates and times of binary rows, written out as MySQL does in text rows.

use super::error::Error;
use super::wire::Cursor;
use std::io::Write;

/// The text of a date, a time or both; at most 32 bytes, held in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Temporal {
    text: [u8; 32],
    length: u8,
}

impl Temporal {
    /// The text.
    pub fn as_bytes(&self) -> &[u8] {
        &self.text[..usize::from(self.length)]
    }

    fn format(arguments: std::fmt::Arguments<'_>, micros: u32, decimals: u8) -> Self {
        let mut text = [0; 32];
        let mut rest = &mut text[..];
        // Cannot fail: the longest text, a time whose every field is at its largest, has 32 bytes.
        let _ = rest.write_fmt(arguments);
        if (1..=6).contains(&decimals) {
            let shown = micros / 10u32.pow(6 - u32::from(decimals));
            let _ = write!(rest, ".{shown:0width$}", width = usize::from(decimals));
        }
        let length = (32 - rest.len()) as u8;
        Self { text, length }
    }

    /// A YEAR.
    pub(super) fn year(year: u16) -> Self {
        Self::format(format_args!("{year:04}"), 0, 0)
    }

    /// A DATE of 0 or 4 bytes.
    pub(super) fn date(bytes: &[u8]) -> Result<Self, Error> {
        let mut cursor = Cursor::new(bytes);
        let (year, month, day) = date_parts(&mut cursor)?;
        Ok(Self::format(format_args!("{year:04}-{month:02}-{day:02}"), 0, 0))
    }

    /// A DATETIME or TIMESTAMP of 0, 4, 7 or 11 bytes.
    pub(super) fn date_time(bytes: &[u8], decimals: u8) -> Result<Self, Error> {
        let mut cursor = Cursor::new(bytes);
        let (year, month, day) = date_parts(&mut cursor)?;
        let [hour, minute, second] = if cursor.rest().is_empty() { [0; 3] } else { cursor.array()? };
        let micros = if cursor.rest().is_empty() { 0 } else { cursor.u32()? };
        let text = format_args!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}");
        Ok(Self::format(text, micros, decimals))
    }

    /// A TIME of 0, 8 or 12 bytes; days count as hours.
    pub(super) fn time(bytes: &[u8], decimals: u8) -> Result<Self, Error> {
        if bytes.is_empty() {
            return Ok(Self::format(format_args!("00:00:00"), 0, decimals));
        }
        let mut cursor = Cursor::new(bytes);
        let sign = if cursor.u8()? != 0 { "-" } else { "" };
        let days = u64::from(cursor.u32()?);
        let [hour, minute, second] = cursor.array()?;
        let micros = if cursor.rest().is_empty() { 0 } else { cursor.u32()? };
        let hours = days * 24 + u64::from(hour);
        Ok(Self::format(format_args!("{sign}{hours:02}:{minute:02}:{second:02}"), micros, decimals))
    }
}

fn date_parts(cursor: &mut Cursor<'_>) -> Result<(u16, u8, u8), Error> {
    if cursor.rest().is_empty() {
        return Ok((0, 0, 0));
    }
    Ok((cursor.u16()?, cursor.u8()?, cursor.u8()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_in_text_results() {
        let text =
            |temporal: Result<Temporal, Error>| String::from_utf8(temporal.unwrap().as_bytes().to_vec()).unwrap();
        assert_eq!(text(Temporal::date(&[])), "0000-00-00");
        assert_eq!(text(Temporal::date(&[0xe4, 7, 2, 29])), "2020-02-29");
        assert_eq!(text(Temporal::date_time(&[0xe4, 7, 2, 29], 0)), "2020-02-29 00:00:00");
        let precise = [0xe4, 7, 2, 29, 13, 1, 2, 0x40, 0xe2, 1, 0];
        assert_eq!(text(Temporal::date_time(&precise, 6)), "2020-02-29 13:01:02.123456");
        assert_eq!(text(Temporal::date_time(&precise, 3)), "2020-02-29 13:01:02.123");
        assert_eq!(text(Temporal::time(&[1, 16, 0, 0, 0, 16, 1, 2], 2)), "-400:01:02.00");
        assert_eq!(text(Temporal::time(&[], 0)), "00:00:00");
        assert!(Temporal::time(&[1, 2], 0).is_err());
        let huge = [1, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255];
        assert!(text(Temporal::time(&huge, 6)).starts_with("-103079215335:255:255."));
    }
}
