//! The layout of what travels on the bus, and putting long messages together again.
//!
//! ```text
//!   0      1      2        4            8                 16
//!   kind   place  sender   head bytes   bytes in all      head, payload (or their next part)
//! ```
//!
//! A message longer than a datagram is cut; only its first part says [`FIRST`], only its last one [`LAST`]. Datagrams of one sender stay
//! in order, those of several may come mixed. A sender that is killed half-way leaves a beginning without an end, which its
//! successor's next message replaces.

/// Bytes before a part.
pub(super) const HEADER: usize = 16;

/// Longest datagram. One of this length needs no large contiguous memory in the kernel.
pub(super) const DATAGRAM: usize = 60 << 10;

/// Longest part of a message in one datagram.
pub(super) const PART: usize = DATAGRAM - HEADER;

/// The part begins a message.
pub(super) const FIRST: u8 = 1;
/// The part ends a message.
pub(super) const LAST: u8 = 2;

/// A message that has arrived.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Frame<'a> {
    /// What it means, as sender and receiver agree.
    pub kind: u8,
    /// The index of the process that sent it.
    pub from: usize,
    /// That very process, for [`super::Bus::send_back`].
    pub back: usize,
    /// What comes before the payload.
    pub head: &'a [u8],
    /// The payload.
    pub payload: &'a [u8],
}

/// What stands before each part.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Header {
    pub kind: u8,
    pub place: u8,
    /// The sender's address: twice its index, plus one for its second inbox.
    pub from: u16,
    /// Bytes of the head.
    pub head: u32,
    /// Bytes of the whole message.
    pub length: u64,
}

impl Header {
    pub(super) fn to_bytes(self) -> [u8; HEADER] {
        let mut bytes = [0; HEADER];
        bytes[0] = self.kind;
        bytes[1] = self.place;
        bytes[2..4].copy_from_slice(&self.from.to_ne_bytes());
        bytes[4..8].copy_from_slice(&self.head.to_ne_bytes());
        bytes[8..].copy_from_slice(&self.length.to_ne_bytes());
        bytes
    }

    /// The header and the part behind it; `None` for what no bus has sent.
    fn parse(datagram: &[u8]) -> Option<(Self, &[u8])> {
        let (bytes, part) = datagram.split_first_chunk::<HEADER>()?;
        let header = Self {
            kind: bytes[0],
            place: bytes[1],
            from: u16::from_ne_bytes([bytes[2], bytes[3]]),
            head: u32::from_ne_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]),
            length: u64::from_ne_bytes(*bytes.last_chunk()?),
        };
        (u64::from(header.head) <= header.length).then_some((header, part))
    }

    fn frame(self, message: &[u8]) -> Frame<'_> {
        let (head, payload) = message.split_at((self.head as usize).min(message.len()));
        Frame { kind: self.kind, from: usize::from(self.from) / 2, back: usize::from(self.from), head, payload }
    }
}

/// The kind of a message and its head, as far as that lies in this datagram, which is its first.
pub(super) fn first(datagram: &[u8]) -> Option<(u8, &[u8])> {
    let (header, part) = Header::parse(datagram)?;
    (header.place & FIRST != 0).then(|| (header.kind, part.get(..header.head as usize).unwrap_or(part)))
}

/// A message of which only the beginning has arrived.
struct Partial {
    header: Header,
    data: Vec<u8>,
}

/// Puts the messages of all senders together.
pub(super) struct Assembly {
    /// By sender.
    partial: Vec<Option<Partial>>,
}

impl Assembly {
    /// For messages of `count` processes.
    pub(super) fn new(count: usize) -> Self {
        Self { partial: (0..count).map(|_| None).collect() }
    }

    /// Takes the next datagram; gives `deliver` the message that it completes.
    pub(super) fn take(&mut self, datagram: &[u8]) -> Option<Whole> {
        let (header, part) = Header::parse(datagram)?;
        let place = self.partial.get_mut(usize::from(header.from))?;
        if header.place == FIRST | LAST {
            *place = None;
            return Some(Whole { header, data: None });
        }
        if header.place & FIRST != 0 {
            // Room as it comes: a length alone must not cost memory.
            *place = Some(Partial { header, data: Vec::with_capacity(2 * DATAGRAM) });
        }
        let partial = place.as_mut()?;
        partial.data.extend_from_slice(part);
        if header.place & LAST == 0 {
            return None;
        }
        let Partial { header, data } = place.take()?;
        (data.len() as u64 == header.length).then_some(Whole { header, data: Some(data) })
    }
}

/// A message that is complete.
pub(super) struct Whole {
    header: Header,
    /// Its bytes, if they came in several datagrams.
    data: Option<Vec<u8>>,
}

impl Whole {
    /// The message; `last` is the datagram that completed it.
    pub(super) fn frame<'a>(&'a self, last: &'a [u8]) -> Frame<'a> {
        match &self.data {
            Some(data) => self.header.frame(data),
            None => self.header.frame(last.get(HEADER..).unwrap_or_default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn datagram(place: u8, from: u16, head: u32, length: u64, part: &[u8]) -> Vec<u8> {
        [&Header { kind: 7, place, from, head, length }.to_bytes()[..], part].concat()
    }

    fn take(assembly: &mut Assembly, datagram: &[u8]) -> Option<(usize, Vec<u8>, Vec<u8>)> {
        let whole = assembly.take(datagram)?;
        let frame = whole.frame(datagram);
        assert_eq!(frame.kind, 7);
        Some((frame.back, frame.head.to_vec(), frame.payload.to_vec()))
    }

    #[test]
    fn parts_of_several_senders_may_be_mixed() {
        let mut assembly = Assembly::new(2);
        assert_eq!(take(&mut assembly, &datagram(FIRST, 0, 1, 4, b"ab")), None);
        assert_eq!(take(&mut assembly, &datagram(FIRST, 1, 0, 4, b"12")), None);
        assert_eq!(take(&mut assembly, &datagram(LAST, 0, 1, 4, b"cd")), Some((0, b"a".to_vec(), b"bcd".to_vec())));
        assert_eq!(take(&mut assembly, &datagram(LAST, 1, 0, 4, b"34")), Some((1, vec![], b"1234".to_vec())));
    }

    #[test]
    fn half_a_message_and_nonsense_do_no_harm() {
        let mut assembly = Assembly::new(1);
        assert_eq!(take(&mut assembly, &datagram(FIRST, 0, 0, 9, b"killed")), None);
        assert_eq!(take(&mut assembly, &datagram(FIRST | LAST, 0, 0, 1, b"x")), Some((0, vec![], b"x".to_vec())));
        assert_eq!(take(&mut assembly, &datagram(LAST, 0, 0, 9, b"end of nothing")), None);
        assert_eq!(take(&mut assembly, &datagram(FIRST, 0, 0, 9, b"one")), None);
        assert_eq!(take(&mut assembly, &datagram(LAST, 0, 0, 9, b"short")), None);
        assert_eq!(take(&mut assembly, &datagram(FIRST | LAST, 5, 0, 0, b"")), None);
        assert_eq!(take(&mut assembly, &datagram(FIRST | LAST, 0, 9, 1, b"x")), None);
        assert_eq!(take(&mut assembly, b"short"), None);
    }
}
