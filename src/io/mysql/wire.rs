//! Bytes of the MySQL protocol: the receive buffer with its packets, and a cursor over one packet.

use super::error::Error;

/// Bytes before each packet: three of length, one sequence number.
pub(super) const HEADER: usize = 4;

/// The longest payload of one packet; a longer one goes on in the next packet.
pub(super) const MAX_PAYLOAD: usize = 0xff_ffff;

const INITIAL: usize = 4 * 1024;
/// Least free space to receive into, and least after the socket had as much as there was space.
const LOW_WATER: usize = 1024;
const HIGH_WATER: usize = 32 * 1024;
/// A buffer that has grown past this is given back when it is empty.
const KEEP: usize = 64 * 1024;

/// Received bytes that have not been taken as packets yet.
#[derive(Default)]
pub(super) struct Input {
    bytes: Vec<u8>,
    start: usize,
    end: usize,
    /// The socket filled all the space it was given: it has more.
    filled: bool,
}

impl Input {
    /// Forgets everything received.
    fn clear(&mut self) {
        (self.start, self.end) = (0, 0);
    }

    /// Gives back what a large packet took, once everything received has been taken.
    pub(super) fn release(&mut self) {
        if self.start == self.end && self.bytes.len() > KEEP {
            *self = Self::default();
        }
    }

    /// Free space to receive into; never empty.
    pub(super) fn room(&mut self) -> &mut [u8] {
        if self.start == self.end {
            self.clear();
        }
        // What the packet under way still needs, when its header is here.
        let least = if self.filled { self.bytes.len().min(HIGH_WATER) } else { LOW_WATER };
        let wanted = match self.pending_length() {
            Some(length) => (HEADER + length).saturating_sub(self.end - self.start).max(least),
            None => least,
        };
        if self.bytes.len() - self.end < wanted {
            if self.start > 0 {
                self.bytes.copy_within(self.start..self.end, 0);
                self.end -= self.start;
                self.start = 0;
            }
            if self.bytes.len() - self.end < wanted {
                let length = self.end + wanted;
                // A large packet gets what it needs, because it is needed twice: here and in what is made of it.
                let length = if length > KEEP { length } else { length.next_power_of_two().max(INITIAL) };
                self.bytes.reserve_exact(length - self.bytes.len());
                self.bytes.resize(length, 0);
            }
        }
        &mut self.bytes[self.end..]
    }

    /// Notes that `count` bytes were received into [`Input::room`].
    pub(super) fn received(&mut self, count: usize) {
        self.end += count;
        self.filled = self.end == self.bytes.len();
    }

    /// Whether nothing of the next packet is here.
    pub(super) fn is_empty(&self) -> bool {
        self.start == self.end
    }

    fn length_at(&self, offset: usize) -> Option<usize> {
        let header = self.bytes[..self.end].get(offset..offset + HEADER)?;
        Some(usize::from(header[0]) | usize::from(header[1]) << 8 | usize::from(header[2]) << 16)
    }

    fn pending_length(&self) -> Option<usize> {
        self.length_at(self.start)
    }

    /// The next packet's payload, or `None` until all of it has arrived.
    pub(super) fn packet(&mut self) -> Option<&[u8]> {
        let length = self.pending_length()?;
        let body = self.start + HEADER;
        if length == MAX_PAYLOAD {
            return self.long_packet();
        }
        if self.end - body < length {
            return None;
        }
        self.start = body + length;
        Some(&self.bytes[body..body + length])
    }

    /// The sequence number of the packet that [`Input::packet`] would give.
    pub(super) fn sequence(&self) -> u8 {
        self.bytes[..self.end].get(self.start + 3).copied().unwrap_or(0)
    }

    /// Joins the parts of a payload of 16 MiB and more by closing the gaps of the headers between them.
    fn long_packet(&mut self) -> Option<&[u8]> {
        let mut parts = Vec::new();
        let mut at = self.start;
        loop {
            let length = self.length_at(at)?;
            let body = at + HEADER;
            if self.end - body < length {
                // `room` looks at the first header only: make space for the parts that are still to come.
                let missing = length - (self.end - body);
                let free = self.bytes.len() - self.end;
                if free < missing {
                    self.bytes.resize(self.end + missing + HEADER, 0);
                }
                return None;
            }
            parts.push(body..body + length);
            at = body + length;
            if length < MAX_PAYLOAD {
                break;
            }
        }
        let first = parts[0].start;
        let mut end = parts[0].end;
        for part in parts.into_iter().skip(1) {
            let length = part.len();
            self.bytes.copy_within(part, end);
            end += length;
        }
        self.start = at;
        Some(&self.bytes[first..end])
    }
}

/// A cursor over one packet's payload; every read checks the end.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(super) fn new(payload: &'a [u8]) -> Self {
        Self { rest: payload }
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    #[inline]
    pub(super) fn bytes(&mut self, count: usize) -> Result<&'a [u8], Error> {
        match self.rest.split_at_checked(count) {
            Some((taken, rest)) => {
                self.rest = rest;
                Ok(taken)
            }
            None => Err(Error::malformed("a packet ends in the middle of a value")),
        }
    }

    #[inline]
    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let mut out = [0; N];
        out.copy_from_slice(self.bytes(N)?);
        Ok(out)
    }

    #[inline]
    pub(super) fn u8(&mut self) -> Result<u8, Error> {
        Ok(self.array::<1>()?[0])
    }

    pub(super) fn u16(&mut self) -> Result<u16, Error> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    pub(super) fn u32(&mut self) -> Result<u32, Error> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    /// A length-encoded integer, or `None` for the NULL marker 0xfb.
    #[inline]
    pub(super) fn length(&mut self) -> Result<Option<u64>, Error> {
        Ok(Some(match self.u8()? {
            0xfb => return Ok(None),
            0xfc => u64::from(self.u16()?),
            0xfd => {
                let [a, b, c] = self.array()?;
                u64::from(u32::from_le_bytes([a, b, c, 0]))
            }
            0xfe => u64::from_le_bytes(self.array()?),
            small => u64::from(small),
        }))
    }

    /// A length-encoded string, or `None` for NULL.
    #[inline]
    pub(super) fn string(&mut self) -> Result<Option<&'a [u8]>, Error> {
        match self.length()? {
            Some(length) => Ok(Some(self.bytes(usize::try_from(length).unwrap_or(usize::MAX))?)),
            None => Ok(None),
        }
    }

    /// Bytes up to a zero byte, which is skipped; the rest of the packet when there is none.
    pub(super) fn until_zero(&mut self) -> &'a [u8] {
        let end = self.rest.iter().position(|&byte| byte == 0);
        let (taken, rest) = match end {
            Some(end) => (&self.rest[..end], &self.rest[end + 1..]),
            None => (self.rest, &self.rest[self.rest.len()..]),
        };
        self.rest = rest;
        taken
    }
}

/// Appends a length-encoded string.
pub(super) fn put_string(out: &mut Vec<u8>, value: &[u8]) {
    match value.len() {
        length @ 0..=250 => out.push(length as u8),
        length @ 251..=0xffff => {
            out.push(0xfc);
            out.extend_from_slice(&(length as u16).to_le_bytes());
        }
        length @ 0x1_0000..=0xff_ffff => {
            out.push(0xfd);
            out.extend_from_slice(&(length as u32).to_le_bytes()[..3]);
        }
        length => {
            out.push(0xfe);
            out.extend_from_slice(&(length as u64).to_le_bytes());
        }
    }
    out.extend_from_slice(value);
}

/// Writes the headers of the payload that starts at `from + HEADER` in `out`, splitting it where it is too long for one packet.
pub(super) fn seal(out: &mut Vec<u8>, from: usize, mut sequence: u8) {
    let mut at = from;
    loop {
        let length = (out.len() - at - HEADER).min(MAX_PAYLOAD);
        out[at..at + 3].copy_from_slice(&(length as u32).to_le_bytes()[..3]);
        out[at + 3] = sequence;
        if length < MAX_PAYLOAD {
            return;
        }
        sequence = sequence.wrapping_add(1);
        at += HEADER + length;
        out.splice(at..at, [0; HEADER]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(input: &mut Input, bytes: &[u8]) {
        let mut rest = bytes;
        while !rest.is_empty() {
            let room = input.room();
            let count = room.len().min(rest.len());
            room[..count].copy_from_slice(&rest[..count]);
            input.received(count);
            rest = &rest[count..];
        }
    }

    #[test]
    fn packets_come_out_whole_however_they_arrive() {
        let mut wire = Vec::new();
        for text in ["first", "", "a third one"] {
            let from = wire.len();
            wire.extend_from_slice(&[0; HEADER]);
            wire.extend_from_slice(text.as_bytes());
            seal(&mut wire, from, 0);
        }
        let mut input = Input::default();
        let mut seen = Vec::new();
        for byte in wire {
            feed(&mut input, &[byte]);
            while let Some(packet) = input.packet() {
                seen.push(String::from_utf8(packet.to_vec()).unwrap());
            }
        }
        assert_eq!(seen, ["first", "", "a third one"]);
        assert!(input.is_empty());
    }

    #[test]
    fn a_payload_of_sixteen_megabytes_is_split_and_joined() {
        for length in [MAX_PAYLOAD - 1, MAX_PAYLOAD, MAX_PAYLOAD + 1, 2 * MAX_PAYLOAD + 7] {
            let payload: Vec<u8> = (0..length).map(|i| (i % 251) as u8).collect();
            let mut wire = vec![0; HEADER];
            wire.extend_from_slice(&payload);
            seal(&mut wire, 0, 0);
            assert_eq!(wire.len(), length + HEADER * (length / MAX_PAYLOAD + 1));
            let mut input = Input::default();
            let mut seen = None;
            for part in wire.chunks(1 << 20) {
                assert!(seen.is_none());
                feed(&mut input, part);
                seen = input.packet().map(<[u8]>::to_vec);
            }
            assert!(seen.unwrap() == payload);
            assert!(input.is_empty());
            input.release();
            assert_eq!(input.bytes.capacity(), 0);
        }
    }

    #[test]
    fn length_encoded_values_read_back() {
        for length in [0, 250, 251, 0xffff, 0x1_0000, 0x100_0000] {
            let value = vec![7; length];
            let mut out = Vec::new();
            put_string(&mut out, &value);
            let mut cursor = Cursor::new(&out);
            assert!(cursor.string().unwrap() == Some(&value[..]));
            assert!(cursor.rest().is_empty());
        }
        assert_eq!(Cursor::new(&[0xfb]).string().unwrap(), None);
        assert!(Cursor::new(&[5, 1, 2]).string().is_err());
        assert!(Cursor::new(&[0xfc, 1]).length().is_err());
    }
}
