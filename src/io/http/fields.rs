//! The header lines of a request, where they lie in what was received: nothing is copied, and names are compared when they are asked for.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use std::cell::RefCell;
use std::fmt;

/// A header line: where its name lies, and its value without spaces around it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) start: u32,
    pub(super) colon: u32,
    pub(super) value: u32,
    pub(super) end: u32,
}

impl Line {
    #[inline]
    pub(super) fn name<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        &text[self.start as usize..self.colon as usize]
    }

    #[inline]
    pub(super) fn value<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        &text[self.value as usize..self.end as usize]
    }
}

/// Header lines. Names are as they were sent, and found in any case.
#[derive(Default)]
pub struct Fields {
    text: Bytes,
    lines: Vec<Line>,
    /// How long names are that are there, one bit each: most that are asked for are not.
    lengths: u64,
}

/// The bit of names of a length.
#[inline]
fn bit(length: usize) -> u64 {
    1 << (length & 63)
}

thread_local! {
    /// Memory of lines whose request is over.
    static SPARE: RefCell<Vec<Vec<Line>>> = const { RefCell::new(Vec::new()) };
}

/// More spare memory than this is not kept.
const SPARES: usize = 64;

/// Lines for which there is room at first.
const USUAL: usize = 32;

/// Room for lines, with memory of an earlier life when there is some.
pub(super) fn room() -> Vec<Line> {
    SPARE.try_with(|spare| spare.borrow_mut().pop()).ok().flatten().unwrap_or_else(|| Vec::with_capacity(USUAL))
}

impl Drop for Fields {
    fn drop(&mut self) {
        recycle(std::mem::take(&mut self.lines));
    }
}

/// Keeps the memory for a later [`room`].
pub(super) fn recycle(mut lines: Vec<Line>) {
    if lines.capacity() < USUAL {
        return;
    }
    lines.clear();
    // at the thread's end there is nothing to keep it for
    let _ = SPARE.try_with(|spare| {
        let mut spare = spare.borrow_mut();
        if spare.len() < SPARES {
            spare.push(lines);
        }
    });
}

impl Fields {
    /// Lines that lie in a text.
    #[inline]
    pub(super) fn new(text: Bytes, lines: Vec<Line>) -> Self {
        let lengths = lines.iter().fold(0, |all, line| all | bit(line.colon.wrapping_sub(line.start) as usize));
        Self { text, lines, lengths }
    }

    /// Gives back room for lines that were not sent: these may be kept for long.
    pub fn shrink(&mut self) {
        self.lines.shrink_to_fit();
    }

    /// Number of lines.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Number of bytes in which the lines lie.
    #[inline]
    pub fn size(&self) -> usize {
        self.text.len()
    }

    /// Names and values, in the order in which they came.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&[u8], &[u8])> {
        self.lines.iter().map(|line| (line.name(&self.text), line.value(&self.text)))
    }

    /// The values of all lines of this name.
    pub fn get_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.iter().filter(move |(other, _)| is_same(other, name.as_bytes())).map(|(_, value)| value)
    }

    /// The value of the first line of this name.
    #[inline]
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        if self.lengths & bit(name.len()) == 0 {
            return None;
        }
        self.find(name)
    }

    fn find(&self, name: &str) -> Option<&[u8]> {
        self.iter().find(|(other, _)| is_same(other, name.as_bytes())).map(|(_, value)| value)
    }

    /// Whether there is a line of this name.
    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// They as a map.
    pub fn map(&self) -> HeaderMap {
        let mut map = HeaderMap::with_capacity(self.len());
        for (name, value) in self.iter() {
            if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name), HeaderValue::from_bytes(value)) {
                map.append(name, value);
            }
        }
        map
    }

    /// Writes them as bytes, for [`decode`](Self::decode).
    pub fn encode(&self, out: &mut Vec<u8>) {
        out.reserve(4 + 16 * self.lines.len() + self.text.len());
        out.extend_from_slice(&(self.lines.len() as u32).to_ne_bytes());
        for line in &self.lines {
            for place in [line.start, line.colon, line.value, line.end] {
                out.extend_from_slice(&place.to_ne_bytes());
            }
        }
        out.extend_from_slice(&self.text);
    }

    /// What [`encode`](Self::encode) wrote; its memory is shared. `None` for anything else.
    pub fn decode(mut bytes: Bytes) -> Option<Self> {
        let count = u32::from_ne_bytes(*bytes.first_chunk()?) as usize;
        let (places, _) = bytes[4..].split_at_checked(count.checked_mul(16)?)?;
        let mut lines = room();
        lines.extend(places.as_chunks::<16>().0.iter().map(|places| {
            let place =
                |index: usize| places.as_chunks::<4>().0.get(index).map_or(0, |place| u32::from_ne_bytes(*place));
            Line { start: place(0), colon: place(1), value: place(2), end: place(3) }
        }));
        let text = bytes.split_off(4 + places.len());
        let fields = Self::new(text, lines);
        let fits = |line: &Line| line.start <= line.colon && line.colon <= line.value && line.value <= line.end;
        let length = fields.text.len();
        fields.lines.iter().all(|line| fits(line) && line.end as usize <= length).then_some(fields)
    }
}

/// Whether names are the same in any case.
#[inline]
pub fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.eq_ignore_ascii_case(other)
}

impl<N: AsRef<[u8]>, V: AsRef<[u8]>> FromIterator<(N, V)> for Fields {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(lines: I) -> Self {
        let (mut text, mut places) = (Vec::new(), room());
        for (name, value) in lines {
            let start = text.len() as u32;
            text.extend_from_slice(name.as_ref());
            let colon = text.len() as u32;
            text.extend_from_slice(value.as_ref());
            places.push(Line { start, colon, value: colon, end: text.len() as u32 });
        }
        Self::new(text.into(), places)
    }
}

impl From<&HeaderMap> for Fields {
    fn from(map: &HeaderMap) -> Self {
        map.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect()
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |bytes| String::from_utf8_lossy(bytes);
        f.debug_list().entries(self.iter().map(|(name, value)| (text(name), text(value)))).finish()
    }
}

impl PartialEq for Fields {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_case() {
        let fields: Fields = [("Host", "a"), ("X-A", "1"), ("x-a", ""), ("X-B", "\u{fc}")].into_iter().collect();
        assert_eq!((fields.len(), fields.get("host"), fields.contains("x-c")), (4, Some(&b"a"[..]), false));
        assert!(!fields.contains("expect") && !fields.contains(&"h".repeat(68)));
        assert_eq!(fields.get_all("x-a").collect::<Vec<_>>(), [&b"1"[..], b""]);
        assert_eq!(
            Fields::from(&fields.map()),
            fields.iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect()
        );
    }

    #[test]
    fn they_go_to_other_processes() {
        let fields: Fields = [("Host", "a"), ("X-A", "")].into_iter().collect();
        let mut bytes = Vec::new();
        fields.encode(&mut bytes);
        assert_eq!(Fields::decode(bytes.clone().into()), Some(fields));
        assert!((0..bytes.len()).all(|length| Fields::decode(Bytes::copy_from_slice(&bytes[..length])).is_none()));
        bytes[4] = 200;
        assert_eq!(Fields::decode(bytes.into()), None);
    }
}
