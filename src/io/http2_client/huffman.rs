//! The Huffman code of HPACK (RFC 7541, appendix B).
//!
//! It is canonical: codes of one length are consecutive numbers in the order of their bytes, so the lengths say it all.

use std::sync::OnceLock;

/// How many bits the code of each byte has.
const LENGTHS: [u8; 256] = [
    13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28,
    28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12,
    10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, 15, 5, 6,
    5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22,
    22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, 22, 21, 20,
    22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
    26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28,
    27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28,
    27, 27, 27, 27, 27, 26,
];

/// The longest code.
const LONGEST: usize = 30;

/// For each length: the first code, how many there are, and where their bytes begin in `bytes`.
struct Table {
    lengths: [(u32, u32, usize); LONGEST + 1],
    bytes: Vec<u8>,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = Table { lengths: [(0, 0, 0); LONGEST + 1], bytes: Vec::with_capacity(256) };
        let mut code = 0u32;
        for length in 1..=LONGEST {
            code <<= 1;
            let begin = table.bytes.len();
            table.bytes.extend((0..=255u8).filter(|byte| usize::from(LENGTHS[usize::from(*byte)]) == length));
            let count = (table.bytes.len() - begin) as u32;
            table.lengths[length] = (code, count, begin);
            code += count;
        }
        table
    })
}

/// The text that `coded` stands for; `None` when it is no code, or ends with more than a started byte of ones.
pub(super) fn decode(coded: &[u8]) -> Option<Vec<u8>> {
    let table = table();
    let mut text = Vec::with_capacity(coded.len() * 8 / 5);
    let (mut code, mut length) = (0u32, 0usize);
    for byte in coded {
        for bit in (0..8).rev() {
            code = code << 1 | u32::from(byte >> bit & 1);
            length += 1;
            if length > LONGEST {
                return None;
            }
            let (first, count, begin) = table.lengths[length];
            // A smaller code would have been found with fewer bits.
            if count > 0 && code >= first && code - first < count {
                text.push(table.bytes[begin + (code - first) as usize]);
                (code, length) = (0, 0);
            }
        }
    }
    let padding = length < 8 && code == (1 << length) - 1;
    padding.then_some(text)
}
