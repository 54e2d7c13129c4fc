//! Bodies that were sent compressed.

use flate2::write::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use std::io::{self, Write};

/// How a body was compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// `gzip`
    Gzip,
    /// `deflate`: zlib's form, or the bare one that some servers send.
    Deflate,
    /// `br`
    Brotli,
}

impl Coding {
    /// The coding that a header's value names; `None` for none, and for what we cannot undo.
    pub fn named(value: &[u8]) -> Option<Self> {
        let starts = |name: &[u8]| value.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
        match () {
            () if starts(b"br") => Some(Self::Brotli),
            () if starts(b"gzip") => Some(Self::Gzip),
            () if starts(b"deflate") => Some(Self::Deflate),
            () => None,
        }
    }
}

/// Why bytes cannot be decompressed.
#[derive(Debug, PartialEq, Eq)]
pub enum Failure {
    /// They are not what they were said to be.
    Broken,
    /// They make more than the limit.
    TooLarge,
}

/// Takes what comes out, up to a limit.
struct Sink {
    bytes: Vec<u8>,
    left: u64,
    full: bool,
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = bytes.len() as u64;
        if count > self.left {
            self.full = true;
            return Err(io::Error::other("limit"));
        }
        self.left -= count;
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

enum Engine {
    Gzip(MultiGzDecoder<Sink>),
    Zlib(ZlibDecoder<Sink>),
    Raw(DeflateDecoder<Sink>),
    Brotli(Box<brotli_decompressor::DecompressorWriter<Sink>>),
    /// `deflate` of which too little has arrived to tell which.
    Undecided(Vec<u8>, Sink),
}

/// Decompresses one body.
pub struct Decoder(Option<Engine>);

impl Decoder {
    /// Makes at most `limit` bytes.
    pub fn new(coding: Coding, limit: u64) -> Self {
        let sink = Sink { bytes: Vec::new(), left: limit, full: false };
        Self(Some(match coding {
            Coding::Gzip => Engine::Gzip(MultiGzDecoder::new(sink)),
            Coding::Deflate => Engine::Undecided(Vec::new(), sink),
            Coding::Brotli => Engine::Brotli(Box::new(brotli_decompressor::DecompressorWriter::new(sink, 4096))),
        }))
    }

    /// Hands what `input` gives to `take`. What stands behind the end of a compressed body is left out.
    ///
    /// # Errors
    /// The bytes are broken, or make too much. Nothing may be fed afterwards.
    pub fn feed(&mut self, input: &[u8], take: impl FnOnce(&[u8])) -> Result<(), Failure> {
        if let Some(Engine::Undecided(..)) = &self.0 {
            let Some(input) = self.decide(input) else { return Ok(()) };
            return self.write(&input, take);
        }
        self.write(input, take)
    }

    /// Looks at the first two bytes of `deflate`; what there is to read once they are there.
    fn decide(&mut self, input: &[u8]) -> Option<Vec<u8>> {
        let Some(Engine::Undecided(mut first, sink)) = self.0.take() else { return None };
        first.extend_from_slice(input);
        let [method, flags, ..] = first[..] else {
            self.0 = Some(Engine::Undecided(first, sink));
            return None;
        };
        let zlib = method & 15 == 8 && (u16::from(method) << 8 | u16::from(flags)) % 31 == 0;
        self.0 = Some(if zlib { Engine::Zlib(ZlibDecoder::new(sink)) } else { Engine::Raw(DeflateDecoder::new(sink)) });
        Some(first)
    }

    fn write(&mut self, input: &[u8], take: impl FnOnce(&[u8])) -> Result<(), Failure> {
        let Some(engine) = &mut self.0 else { return Err(Failure::Broken) };
        let outcome = match engine {
            Engine::Gzip(engine) => write_all(engine, input),
            Engine::Zlib(engine) => write_all(engine, input),
            Engine::Raw(engine) => write_all(engine, input),
            Engine::Brotli(engine) => write_all(&mut **engine, input),
            Engine::Undecided(..) => Ok(()),
        };
        let sink = match engine {
            Engine::Gzip(engine) => engine.get_mut(),
            Engine::Zlib(engine) => engine.get_mut(),
            Engine::Raw(engine) => engine.get_mut(),
            Engine::Brotli(engine) => engine.get_mut(),
            Engine::Undecided(_, sink) => sink,
        };
        if sink.full {
            self.0 = None;
            return Err(Failure::TooLarge);
        }
        match outcome {
            Ok(()) => {
                take(&sink.bytes);
                sink.bytes.clear();
                Ok(())
            }
            Err(_) => {
                self.0 = None;
                Err(Failure::Broken)
            }
        }
    }
}

/// Writes and flushes. A decoder that takes nothing any more has seen the end.
fn write_all(engine: &mut impl Write, mut input: &[u8]) -> io::Result<()> {
    while !input.is_empty() {
        match engine.write(input)? {
            0 => break,
            count => input = &input[count..],
        }
    }
    engine.flush()
}
