//! Content codings of whole bodies: who asks for which (RFC 9110, 12.5.3), and compressing.

use super::{Fields, Head};
use bytes::Buf;
use flate2::{Compress, Crc, FlushCompress, Status};
use http::header;
use std::cell::RefCell;
use std::collections::HashSet;
use std::io;
use std::sync::Once;

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
        let length = data.remaining();
        if data.chunk().len() == length {
            self.compress_text(data.chunk(), level)
        } else {
            self.compress_text(&data.copy_to_bytes(length), level)
        }
    }

    fn compress_text(self, text: &[u8], level: u32) -> io::Result<Vec<u8>> {
        match self {
            Self::Gzip => gzip(text, level),
            Self::Deflate => {
                let mut packed = Vec::with_capacity(128 + text.len() / 4);
                deflate(text, level, &mut packed)?;
                Ok(packed)
            }
            Self::Brotli => brotli(text, level),
            #[cfg(feature = "zstd")]
            Self::Zstd => {
                let highest = *zstd::compression_level_range().end();
                zstd::bulk::compress(text, i32::try_from(level).map_or(highest, |level| level.min(highest)))
            }
        }
    }
}

thread_local! {
    /// The last encoder and its level. To make one costs as much as to pack a kilobyte.
    static KEPT: RefCell<Option<(u32, Compress)>> = const { RefCell::new(None) };
}

/// Appends `text`, deflated without a frame.
fn deflate(text: &[u8], level: u32, packed: &mut Vec<u8>) -> io::Result<()> {
    /// What is shorter fits into a packet or two anyway.
    const SHORT: usize = 2048;
    let level = match level.clamp(1, 9) {
        // the lowest level makes a third more of a text than zlib's does, the next one less
        1 if text.len() >= SHORT => 2,
        level => level,
    };
    KEPT.with_borrow_mut(|kept| {
        if kept.as_ref().is_none_or(|(its, _)| *its != level) {
            *kept = Some((level, Compress::new(flate2::Compression::new(level), false)));
        }
        let Some((_, encoder)) = kept else { return Err(io::ErrorKind::Other.into()) };
        encoder.reset();
        loop {
            let read = usize::try_from(encoder.total_in()).map_err(io::Error::other)?;
            match encoder.compress_vec(&text[read..], packed, FlushCompress::Finish)? {
                Status::StreamEnd => return Ok(()),
                Status::Ok | Status::BufError => packed.reserve(packed.capacity() / 2),
            }
        }
    })
}

fn gzip(text: &[u8], level: u32) -> io::Result<Vec<u8>> {
    /// No flags, no time; the last is "Unix". Before it there is a hint about the level (RFC 1952, 2.3.1).
    const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    const HINT: usize = 8;
    let mut packed = Vec::with_capacity(128 + text.len() / 4);
    packed.extend_from_slice(&HEAD);
    packed[HINT] = match level {
        0 | 1 => 4,
        2..=8 => 0,
        9.. => 2,
    };
    deflate(text, level, &mut packed)?;
    let mut sum = Crc::new();
    sum.update(text);
    packed.extend_from_slice(&sum.sum().to_le_bytes());
    packed.extend_from_slice(&sum.amount().to_le_bytes());
    Ok(packed)
}

/// glibc gives the end of the heap back to the kernel when more is free there than twice the largest block that it has mapped by itself
/// and had back. The encoder of br takes a megabyte and more for every text: so that it is not taken from the kernel each time anew,
/// one such block is had back before the first.
fn keep_heap() {
    const BLOCK: usize = 2 << 20;
    static ONCE: Once = Once::new();
    ONCE.call_once(|| drop(std::hint::black_box(Vec::<u8>::with_capacity(BLOCK))));
}

fn brotli(text: &[u8], level: u32) -> io::Result<Vec<u8>> {
    use brotlic::{CompressionMode, Quality, WindowSize};
    keep_heap();
    let quality = Quality::new(u8::try_from(level).unwrap_or(u8::MAX).min(11)).map_err(io::Error::other)?;
    // a window no larger than the text: the encoder's memory grows with it
    let window = (usize::BITS - text.len().leading_zeros()).clamp(10, 22);
    let window = WindowSize::new(window as u8).map_err(io::Error::other)?;
    // what cannot be packed gets a few bytes longer
    let mut packed = vec![0; text.len() + text.len() / 64 + 1024];
    let length = brotlic::compress(text, &mut packed, quality, window, CompressionMode::Generic)
        .map_err(|_| io::Error::other("brotli"))?;
    packed.truncate(length);
    packed.shrink_to_fit();
    Ok(packed)
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
        let mut noise = 1_u32;
        let noise = std::iter::repeat_with(|| {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (noise >> 24) as u8
        });
        let text: Vec<u8> = "Steelwool ".repeat(5000).into_bytes().into_iter().chain(noise.take(100_000)).collect();
        for length in [0, 1, 20, 50_000, text.len()] {
            for coding in Coding::ALL {
                for level in [0, 1, 2, 9, 255] {
                    let packed = coding.compress(&text[..length], level).unwrap();
                    let mut unpacked = Vec::new();
                    match coding {
                        Coding::Gzip => flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut unpacked),
                        Coding::Deflate => flate2::read::DeflateDecoder::new(&packed[..]).read_to_end(&mut unpacked),
                        Coding::Brotli => {
                            brotli_decompressor::Decompressor::new(&packed[..], 4096).read_to_end(&mut unpacked)
                        }
                        #[cfg(feature = "zstd")]
                        Coding::Zstd => {
                            zstd::stream::read::Decoder::new(&packed[..]).unwrap().read_to_end(&mut unpacked)
                        }
                    }
                    .unwrap();
                    assert_eq!(unpacked, &text[..length], "{coding:?} {level} {length}");
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
