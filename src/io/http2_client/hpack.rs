//! Header lists as HTTP/2 sends them (HPACK, RFC 7541).

use super::huffman;
use std::collections::VecDeque;

/// The table that both sides know (appendix A).
const STATIC: [(&str, &str); 61] = [
    (":authority", ""),
    (":method", "GET"),
    (":method", "POST"),
    (":path", "/"),
    (":path", "/index.html"),
    (":scheme", "http"),
    (":scheme", "https"),
    (":status", "200"),
    (":status", "204"),
    (":status", "206"),
    (":status", "304"),
    (":status", "400"),
    (":status", "404"),
    (":status", "500"),
    ("accept-charset", ""),
    ("accept-encoding", "gzip, deflate"),
    ("accept-language", ""),
    ("accept-ranges", ""),
    ("accept", ""),
    ("access-control-allow-origin", ""),
    ("age", ""),
    ("allow", ""),
    ("authorization", ""),
    ("cache-control", ""),
    ("content-disposition", ""),
    ("content-encoding", ""),
    ("content-language", ""),
    ("content-length", ""),
    ("content-location", ""),
    ("content-range", ""),
    ("content-type", ""),
    ("cookie", ""),
    ("date", ""),
    ("etag", ""),
    ("expect", ""),
    ("expires", ""),
    ("from", ""),
    ("host", ""),
    ("if-match", ""),
    ("if-modified-since", ""),
    ("if-none-match", ""),
    ("if-range", ""),
    ("if-unmodified-since", ""),
    ("last-modified", ""),
    ("link", ""),
    ("location", ""),
    ("max-forwards", ""),
    ("proxy-authenticate", ""),
    ("proxy-authorization", ""),
    ("range", ""),
    ("referer", ""),
    ("refresh", ""),
    ("retry-after", ""),
    ("server", ""),
    ("set-cookie", ""),
    ("strict-transport-security", ""),
    ("transfer-encoding", ""),
    ("user-agent", ""),
    ("vary", ""),
    ("via", ""),
    ("www-authenticate", ""),
];

/// What a line costs besides its letters.
const OVERHEAD: usize = 32;

/// A name and its value.
pub type Line = (Vec<u8>, Vec<u8>);

/// A header block is not one, or more than may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Broken;

/// Appends a line to a header block. Nothing is remembered, so it does not matter what else was sent.
pub(super) fn encode(name: &[u8], value: &[u8], block: &mut Vec<u8>) {
    let known = |line: &&(&str, &str)| line.0.as_bytes() == name;
    let whole = STATIC.iter().position(|line| known(&line) && line.1.as_bytes() == value && !value.is_empty());
    if let Some(at) = whole {
        return number(0x80, 7, at + 1, block);
    }
    match STATIC.iter().position(|line| known(&line)) {
        Some(at) => number(0, 4, at + 1, block),
        None => {
            block.push(0);
            text(name, block);
        }
    }
    text(value, block);
}

fn text(text: &[u8], block: &mut Vec<u8>) {
    number(0, 7, text.len(), block);
    block.extend_from_slice(text);
}

/// A number whose first byte has `bits` bits of it, behind `pattern`.
fn number(pattern: u8, bits: u32, mut value: usize, block: &mut Vec<u8>) {
    let most = (1usize << bits) - 1;
    if value < most {
        return block.push(pattern | value as u8);
    }
    block.push(pattern | most as u8);
    value -= most;
    while value >= 128 {
        block.push(value as u8 & 127 | 128);
        value >>= 7;
    }
    block.push(value as u8);
}

/// Reads header blocks, and remembers what the other side wants remembered.
#[derive(Debug)]
pub(super) struct Decoder {
    /// The newest line first.
    lines: VecDeque<Line>,
    size: usize,
    /// What the other side may use.
    limit: usize,
    /// What it does use.
    most: usize,
}

/// A header block that is being read.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn byte(&mut self) -> Result<u8, Broken> {
        let (first, rest) = self.0.split_first().ok_or(Broken)?;
        self.0 = rest;
        Ok(*first)
    }

    /// The number that begins in the low `bits` of `first`.
    fn number(&mut self, first: u8, bits: u32) -> Result<usize, Broken> {
        let most = (1usize << bits) - 1;
        let mut value = usize::from(first) & most;
        if value < most {
            return Ok(value);
        }
        for shift in (0..28).step_by(7) {
            let byte = self.byte()?;
            value += (usize::from(byte) & 127) << shift;
            if byte < 128 {
                return Ok(value);
            }
        }
        Err(Broken)
    }

    fn text(&mut self) -> Result<Vec<u8>, Broken> {
        let first = self.byte()?;
        let length = self.number(first, 7)?;
        if length > self.0.len() {
            return Err(Broken);
        }
        let (text, rest) = self.0.split_at(length);
        self.0 = rest;
        if first & 0x80 != 0 { huffman::decode(text).ok_or(Broken) } else { Ok(text.to_vec()) }
    }
}

impl Decoder {
    /// Remembers lines up to a size of `limit`.
    pub(super) fn new(limit: usize) -> Self {
        Self { lines: VecDeque::new(), size: 0, limit, most: limit }
    }

    /// The lines of a whole header block, which may be `most` bytes in all.
    ///
    /// # Errors
    /// It is none, or larger. Nothing may be decoded afterwards.
    pub(super) fn decode(&mut self, block: &[u8], most: usize) -> Result<Vec<Line>, Broken> {
        let mut reader = Reader(block);
        let mut lines = Vec::new();
        let mut size = 0;
        while !reader.0.is_empty() {
            let first = reader.byte()?;
            let line = match first {
                0x80.. => self.get(reader.number(first, 7)?)?,
                0x40.. => {
                    let line = self.literal(&mut reader, first, 6)?;
                    self.remember(line.clone());
                    line
                }
                0x20.. => {
                    self.most = reader.number(first, 5)?;
                    if self.most > self.limit || !lines.is_empty() {
                        return Err(Broken);
                    }
                    self.shrink();
                    continue;
                }
                _ => self.literal(&mut reader, first, 4)?,
            };
            size += line.0.len() + line.1.len() + OVERHEAD;
            if size > most {
                return Err(Broken);
            }
            lines.push(line);
        }
        Ok(lines)
    }

    fn literal(&self, reader: &mut Reader<'_>, first: u8, bits: u32) -> Result<Line, Broken> {
        let name = match reader.number(first, bits)? {
            0 => reader.text()?,
            index => self.get(index)?.0,
        };
        Ok((name, reader.text()?))
    }

    fn get(&self, index: usize) -> Result<Line, Broken> {
        let index = index.checked_sub(1).ok_or(Broken)?;
        match STATIC.get(index) {
            Some((name, value)) => Ok((name.as_bytes().to_vec(), value.as_bytes().to_vec())),
            None => self.lines.get(index - STATIC.len()).cloned().ok_or(Broken),
        }
    }

    fn remember(&mut self, line: Line) {
        self.size += line.0.len() + line.1.len() + OVERHEAD;
        self.lines.push_front(line);
        self.shrink();
    }

    fn shrink(&mut self) {
        while self.size > self.most {
            let Some((name, value)) = self.lines.pop_back() else { break };
            self.size -= name.len() + value.len() + OVERHEAD;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        let digits: Vec<_> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
        digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
    }

    fn lines(decoder: &mut Decoder, hex: &str) -> Vec<(String, String)> {
        let lines = decoder.decode(&bytes(hex), 10_000).unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        lines.into_iter().map(|(name, value)| (text(name), text(value))).collect()
    }

    /// RFC 7541, C.6: replies with the Huffman code and a table of 256 bytes that things fall out of.
    #[test]
    fn the_examples_of_the_standard() {
        let mut decoder = Decoder::new(256);
        let first = lines(
            &mut decoder,
            "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 \
             63c7 8f0b 97c8 e9ae 82ae 43d3",
        );
        assert_eq!(first[0], (":status".into(), "302".into()));
        assert_eq!(first[2], ("date".into(), "Mon, 21 Oct 2013 20:13:21 GMT".into()));
        assert_eq!(first[3], ("location".into(), "https://www.example.com".into()));
        let second = lines(&mut decoder, "4883 640e ffc1 c0bf");
        assert_eq!(second[0], (":status".into(), "307".into()));
        assert_eq!(second[1..], first[1..]);
        let third = lines(
            &mut decoder,
            "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 \
             b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07",
        );
        assert_eq!(third[0], (":status".into(), "200".into()));
        assert_eq!(third[4], ("content-encoding".into(), "gzip".into()));
        assert_eq!(third[5].1, "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1");
        assert_eq!((decoder.lines.len(), decoder.size), (3, 215));
    }

    #[test]
    fn what_is_written_is_read() {
        let mut block = Vec::new();
        let long = "v".repeat(300);
        let all = [(":method", "GET"), (":path", "/x"), ("accept-encoding", ""), ("x-own", "1"), ("x-long", &long)];
        for (name, value) in all {
            encode(name.as_bytes(), value.as_bytes(), &mut block);
        }
        assert_eq!(block[0], 0x82);
        let read = Decoder::new(0).decode(&block, 10_000).unwrap();
        for ((name, value), line) in all.iter().zip(&read) {
            assert_eq!((name.as_bytes(), value.as_bytes()), (&*line.0, &*line.1));
        }
    }

    #[test]
    fn what_is_broken() {
        let decode = |hex: &str| Decoder::new(100).decode(&bytes(hex), 100);
        for hex in [
            "80",
            "be",
            "ff ff ff ff ff 0f",
            "00 05 61",
            "00 01 61",
            "3f 46",
            "82 20",
            "00 81 00 00",
            "00 85 ff ff ff ff ff 00",
        ] {
            assert_eq!(decode(hex), Err(Broken), "{hex}");
        }
        assert_eq!(decode("82 82 82"), Err(Broken), "three lines of 42 bytes are more than 100");
        assert!(decode("82 82").is_ok());
    }
}
