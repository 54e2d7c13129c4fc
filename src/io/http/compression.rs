//! Content codings of whole bodies: who asks for which (RFC 9110, 12.5.3), and compressing.

use super::{Fields, Head};
use bytes::Buf;
use flate2::write::{DeflateEncoder, GzEncoder};
use http::header;
use std::collections::HashSet;
use std::io::{self, Write};

/// Which replies are compressed, and how hard.
#[derive(Clone, Debug)]
pub struct Compression {
    /// 0 to 9 for gzip and deflate (0 counts as 1), to 11 for br; higher numbers count as the highest.
    pub level: u32,
    /// Shorter bodies go out as they are.
    pub min_length: usize,
    /// The media types that are compressed, without parameters; all when it is not set.
    pub types: Option<HashSet<String>>,
}

/// A content coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// `br`
    Brotli,
    /// `gzip`
    Gzip,
    /// `deflate`, without zlib's frame, as Swoole sends it and clients take it.
    Deflate,
    /// `zstd`
    #[cfg(feature = "zstd")]
    Zstd,
}

impl Coding {
    /// Those that are preferred first.
    const ALL: &[Self] = &[
        Self::Brotli,
        Self::Gzip,
        Self::Deflate,
        #[cfg(feature = "zstd")]
        Self::Zstd,
    ];

    /// A number for it that is not 0.
    pub(crate) fn number(self) -> u8 {
        Self::ALL.iter().position(|it| *it == self).map_or(0, |at| at as u8 + 1)
    }

    /// What [`number`](Self::number) gave.
    pub(crate) fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number).checked_sub(1)?).copied()
    }

    /// Its name in headers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
            #[cfg(feature = "zstd")]
            Self::Zstd => "zstd",
        }
    }

    /// The coding to use for a client that sent these `Accept-Encoding` lines; names with `q=0` are refused.
    pub fn accepted(fields: &Fields) -> Option<Self> {
        let accepts =
            |coding: &&Self| fields.get_all("accept-encoding").any(|line| names(line, coding.name().as_bytes()));
        fields.contains("accept-encoding").then(|| Self::ALL.iter().find(accepts).copied())?
    }

    /// Compresses all of `data`.
    ///
    /// # Errors
    /// When the encoder gives up.
    pub fn compress(self, mut data: impl Buf, level: u32) -> io::Result<Vec<u8>> {
        let room = Vec::with_capacity(128 + data.remaining() / 4);
        let deflate = flate2::Compression::new(level.clamp(1, 9));
        match self {
            Self::Gzip => {
                let mut encoder = GzEncoder::new(room, deflate);
                feed(&mut encoder, &mut data)?;
                encoder.finish()
            }
            Self::Deflate => {
                let mut encoder = DeflateEncoder::new(room, deflate);
                feed(&mut encoder, &mut data)?;
                encoder.finish()
            }
            Self::Brotli => {
                let length = data.remaining();
                // a window no larger than the data: the encoder's memory grows with it
                let window = (usize::BITS - length.leading_zeros()).clamp(10, 22);
                let mut room = room;
                let mut encoder =
                    brotli::CompressorWriter::new(&mut room, length.clamp(64, 4096), level.min(11), window);
                feed(&mut encoder, &mut data)?;
                encoder.flush()?;
                drop(encoder);
                Ok(room)
            }
            #[cfg(feature = "zstd")]
            Self::Zstd => {
                let highest = *zstd::compression_level_range().end();
                let level = i32::try_from(level).map_or(highest, |level| level.min(highest));
                let mut encoder = zstd::stream::write::Encoder::new(room, level)?;
                feed(&mut encoder, &mut data)?;
                encoder.finish()
            }
        }
    }
}

fn feed(encoder: &mut impl Write, data: &mut impl Buf) -> io::Result<()> {
    while data.has_remaining() {
        let chunk = data.chunk();
        encoder.write_all(chunk)?;
        let length = chunk.len();
        data.advance(length);
    }
    Ok(())
}

/// Whether an `Accept-Encoding` line names this coding and does not refuse it.
fn names(line: &[u8], coding: &[u8]) -> bool {
    line.split(|byte| *byte == b',').any(|item| {
        let mut parts = item.split(|byte| *byte == b';');
        let name = parts.next().unwrap_or_default().trim_ascii();
        name.eq_ignore_ascii_case(coding) && !parts.any(|part| is_zero_weight(part.trim_ascii()))
    })
}

/// `q=0`, `q=0.0`, ...
fn is_zero_weight(part: &[u8]) -> bool {
    let Some((name, value)) = part.iter().position(|byte| *byte == b'=').map(|at| part.split_at(at)) else {
        return false;
    };
    let value = &value[1..];
    name.trim_ascii().eq_ignore_ascii_case(b"q")
        && value.trim_ascii().starts_with(b"0")
        && value.trim_ascii().iter().all(|byte| matches!(byte, b'0' | b'.'))
}

impl Compression {
    /// Whether a body of this length is compressed behind this head; without a `Content-Type` it has the default one.
    pub fn wants(&self, length: usize, head: &Head) -> bool {
        length >= self.min_length && !head.contains(&header::CONTENT_ENCODING) && self.wants_type(head)
    }

    fn wants_type(&self, head: &Head) -> bool {
        let Some(types) = &self.types else { return true };
        let kind = head.get(&header::CONTENT_TYPE).unwrap_or(head.default_type().as_bytes());
        let kind = kind.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
        std::str::from_utf8(kind).is_ok_and(|kind| types.contains(kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn accepted(line: &'static str) -> Option<&'static str> {
        Coding::accepted(&[("Accept-Encoding", line)].into_iter().collect()).map(Coding::name)
    }

    #[test]
    fn what_clients_accept() {
        assert_eq!(Coding::accepted(&Fields::default()), None);
        assert_eq!(accepted(""), None);
        assert_eq!(accepted("gzip, deflate, br"), Some("br"));
        assert_eq!(accepted("deflate;q=0.5, GZIP;q=0.1"), Some("gzip"));
        assert_eq!(accepted("br;q=0, deflate; q = 0.000, gzip;q=0."), None);
        assert_eq!(accepted("brr, xgzip, identity"), None);
        assert_eq!(accepted("deflate"), Some("deflate"));
    }

    #[test]
    fn what_is_compressed_can_be_read_back() {
        let text = "Steelwool ".repeat(5000);
        for length in [0, 1, 20, text.len()] {
            for coding in Coding::ALL {
                for level in [0, 1, 9, 255] {
                    let packed = coding.compress(&text.as_bytes()[..length], level).unwrap();
                    let mut unpacked = Vec::new();
                    match coding {
                        Coding::Gzip => flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut unpacked),
                        Coding::Deflate => flate2::read::DeflateDecoder::new(&packed[..]).read_to_end(&mut unpacked),
                        Coding::Brotli => brotli::Decompressor::new(&packed[..], 4096).read_to_end(&mut unpacked),
                        #[cfg(feature = "zstd")]
                        Coding::Zstd => {
                            zstd::stream::read::Decoder::new(&packed[..]).unwrap().read_to_end(&mut unpacked)
                        }
                    }
                    .unwrap();
                    assert_eq!(unpacked, &text.as_bytes()[..length], "{coding:?} {level} {length}");
                }
            }
        }
    }

    #[test]
    fn what_is_worth_it() {
        let all = Compression { level: 1, min_length: 20, types: None };
        let some = Compression { types: Some(["text/html".to_owned()].into()), ..all.clone() };
        let mut head = Head::new(http::StatusCode::OK);
        assert!(all.wants(20, &head) && !all.wants(19, &head) && !some.wants(20, &head));
        head.defaults.content_type = true;
        assert!(some.wants(20, &head));
        head.add(b"Content-Type", b"text/plain");
        assert!(!some.wants(20, &head));
        let mut head = Head::new(http::StatusCode::OK);
        head.add(b"content-type", b"text/html; charset=x");
        assert!(some.wants(20, &head));
        head.add(b"Content-Encoding", b"x");
        assert!(!all.wants(20, &head) && !some.wants(20, &head));
    }
}
