//! Counts HTTP/2 frames that cost us more than their sender, before anything is done about them.
//!
//! Every connection has a budget of frames that carry nothing: pings, settings, resets, priorities, empty data, pieces of heads,
//! window updates. It is filled again slowly by time, and by what was really exchanged. Who empties it is flooding.

use super::link::Link;

/// Frames that carry nothing that a connection may send at once.
const BUDGET: i32 = 1000;
/// What comes back with each visit of the sweep, about a second.
const REFILL: i32 = 100;

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const WINDOW_UPDATE: u8 = 8;
const CONTINUATION: u8 = 9;
const END_STREAM: u8 = 1;

/// The reader of frame headers.
#[derive(Debug)]
pub(super) struct Meter {
    /// Of the next frame's header, what has come.
    header: [u8; 9],
    filled: u8,
    /// Bytes until the next frame begins; at first, those of the preface.
    skip: usize,
    /// Whether those are a body's.
    data: bool,
    budget: i32,
    refilled: u32,
}

impl Meter {
    /// For a connection that begins with the preface.
    pub(super) fn new() -> Self {
        Self { header: [0; 9], filled: 0, skip: 24, data: false, budget: BUDGET, refilled: 0 }
    }

    /// Looks at what has come. False is the end: this is a flood.
    pub(super) fn scan(&mut self, mut bytes: &[u8], link: &Link) -> bool {
        if link.flooding.get() {
            return false;
        }
        while !bytes.is_empty() {
            if self.skip > 0 {
                let count = self.skip.min(bytes.len());
                if self.data {
                    link.body_part(count);
                    link.moved();
                }
                self.skip -= count;
                bytes = &bytes[count..];
                continue;
            }
            let filled = usize::from(self.filled);
            let count = (9 - filled).min(bytes.len());
            self.header[filled..filled + count].copy_from_slice(&bytes[..count]);
            self.filled += count as u8;
            bytes = &bytes[count..];
            if self.filled == 9 {
                self.filled = 0;
                if !self.frame(link) {
                    link.flooding.set(true);
                    return false;
                }
            }
        }
        true
    }

    fn frame(&mut self, link: &Link) -> bool {
        let [a, b, c, kind, flags, ..] = self.header;
        let length = usize::from(a) << 16 | usize::from(b) << 8 | usize::from(c);
        self.skip = length;
        self.data = kind == DATA;
        let cost = match kind {
            HEADERS => {
                link.moved();
                0
            }
            DATA if length > 0 || flags & END_STREAM != 0 => 0,
            SETTINGS | RST_STREAM => 2,
            CONTINUATION if length >= 1024 => 0,
            // a client that downloads sends them all the time, and has got bytes for them
            WINDOW_UPDATE => {
                let paid = link.take_credit();
                if paid { 0 } else { 1 }
            }
            _ => 1,
        };
        let visits = link.visits.get();
        let passed = visits.wrapping_sub(self.refilled).min(100) as i32;
        self.refilled = visits;
        self.budget = (self.budget + passed * REFILL).min(BUDGET) - cost;
        self.budget >= 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link() -> Link {
        Link::new(None, None, -1)
    }

    fn frame(kind: u8, flags: u8, length: usize) -> Vec<u8> {
        let mut bytes = vec![(length >> 16) as u8, (length >> 8) as u8, length as u8, kind, flags, 0, 0, 0, 1];
        bytes.resize(9 + length, 0);
        bytes
    }

    fn sends(frames: &[u8], times: usize) -> bool {
        let (mut meter, link) = (Meter::new(), link());
        assert!(meter.scan(&[0; 24], &link));
        (0..times).all(|_| meter.scan(frames, &link))
    }

    #[test]
    fn requests_cost_nothing() {
        assert!(sends(&[frame(HEADERS, 5, 40), frame(DATA, 0, 100), frame(DATA, 1, 0)].concat(), 10_000));
    }

    #[test]
    fn what_carries_nothing_is_limited() {
        for kind in [RST_STREAM, SETTINGS, WINDOW_UPDATE, 6, 2, DATA, CONTINUATION, 0x42] {
            assert!(sends(&frame(kind, 0, 0), 400), "{kind}");
            assert!(!sends(&frame(kind, 0, 0), 1001), "{kind}");
        }
        assert!(!sends(&[frame(HEADERS, 5, 40), frame(RST_STREAM, 0, 4)].concat(), 501));
    }

    #[test]
    fn frames_come_in_pieces() {
        let (mut meter, link) = (Meter::new(), link());
        let bytes = [vec![0; 24], frame(HEADERS, 5, 300), frame(6, 0, 8)].concat();
        assert!(bytes.chunks(7).all(|piece| meter.scan(piece, &link)));
        assert_eq!(meter.budget, BUDGET - 1);
        assert_eq!((meter.skip, meter.filled), (0, 0));
    }

    #[test]
    fn time_gives_some_back() {
        let (mut meter, link) = (Meter::new(), link());
        meter.scan(&[0; 24], &link);
        for _ in 0..50 {
            assert!((0..100).all(|_| meter.scan(&frame(6, 0, 8), &link)));
            link.visits.set(link.visits.get() + 1);
        }
    }
}
