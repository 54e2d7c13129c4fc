//! Messages compressed and inflated (RFC 7692, 7.2).
//!
//! A message whose context is not taken over needs a compressor only while it is being worked on: those share one per window
//! size and thread (one has 260 KiB), so that connections without context keep nothing. With context each direction of a
//! connection has its own, from its first message on.

use super::extension::Terms;
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};
use std::cell::RefCell;

/// What each compressed message ends with, which is not sent.
const TAIL: [u8; 4] = [0, 0, 0xff, 0xff];

/// The smallest window that zlib can compress raw data with; there is none for 8.
pub(super) const SMALLEST: u8 = 9;

/// The largest window.
pub(super) const LARGEST: u8 = 15;

/// Why data could not be inflated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inflated {
    /// It becomes longer than is allowed.
    TooBig,
    /// It is not what a compressor writes.
    Corrupt,
}

/// Both directions of a connection.
pub(super) struct Deflate {
    /// Window and taking over of what we send.
    own: (u8, bool),
    /// The same of what we receive.
    other: (u8, bool),
    compressor: Option<Box<Compress>>,
    inflater: Option<Box<Decompress>>,
}

impl Deflate {
    pub(super) fn new(terms: Terms, is_server: bool) -> Self {
        let (server, client) = ((terms.server_bits, terms.server_takeover), (terms.client_bits, terms.client_takeover));
        let (own, other) = if is_server { (server, client) } else { (client, server) };
        Self { own, other, compressor: None, inflater: None }
    }

    /// Compresses a message onto the end of `out`.
    pub(super) fn compress(&mut self, message: &[u8], out: &mut Vec<u8>) {
        let (bits, takeover) = self.own;
        if takeover {
            deflate(self.compressor.get_or_insert_with(|| Box::new(compressor(bits))), message, out);
        } else {
            compress_alone(bits, message, out);
        }
    }

    /// Somebody else has compressed a message: what comes next must not refer to what came before.
    pub(super) fn forget(&mut self) {
        self.compressor = None;
    }

    /// Inflates a message of at most `limit` bytes.
    pub(super) fn inflate(&mut self, message: &[u8], limit: usize) -> Result<Vec<u8>, Inflated> {
        let (bits, takeover) = self.other;
        if !takeover {
            return with_shared_inflater(|inflater| restore(inflater, message, limit));
        }
        // zlib inflates raw data of every smaller window with a window of at least 9 bits
        let bits = bits.clamp(SMALLEST, LARGEST);
        let inflater = self.inflater.get_or_insert_with(|| Box::new(Decompress::new_with_window_bits(false, bits)));
        restore(inflater, message, limit)
    }
}

fn compressor(bits: u8) -> Compress {
    Compress::new_with_window_bits(Compression::default(), false, bits.clamp(SMALLEST, LARGEST))
}

/// The last message that was compressed without context: a broadcast asks for the same one again and again.
struct Last {
    bits: u8,
    message: Vec<u8>,
    compressed: Vec<u8>,
}

/// Longest message that is kept.
const KEPT: usize = 256 << 10;

fn compress_alone(bits: u8, message: &[u8], out: &mut Vec<u8>) {
    thread_local! {
        static LAST: RefCell<Last> = const { RefCell::new(Last { bits: 0, message: Vec::new(), compressed: Vec::new() }) };
    }
    if message.len() > KEPT {
        return with_shared(bits, |compressor| deflate(compressor, message, out));
    }
    LAST.with_borrow_mut(|last| {
        if last.bits != bits || last.message != message {
            last.bits = bits;
            last.message.clear();
            last.message.extend_from_slice(message);
            last.compressed.clear();
            with_shared(bits, |compressor| deflate(compressor, message, &mut last.compressed));
        }
        out.extend_from_slice(&last.compressed);
    });
}

fn with_shared<T>(bits: u8, body: impl FnOnce(&mut Compress) -> T) -> T {
    const SIZES: usize = (LARGEST - SMALLEST + 1) as usize;
    thread_local! {
        static SHARED: RefCell<[Option<Box<Compress>>; SIZES]> = const { RefCell::new([const { None }; SIZES]) };
    }
    SHARED.with_borrow_mut(|shared| {
        let place = &mut shared[usize::from(bits.clamp(SMALLEST, LARGEST) - SMALLEST)];
        let compressor = place.get_or_insert_with(|| Box::new(compressor(bits)));
        compressor.reset();
        body(compressor)
    })
}

fn with_shared_inflater<T>(body: impl FnOnce(&mut Decompress) -> T) -> T {
    thread_local! {
        static SHARED: RefCell<Option<Box<Decompress>>> = const { RefCell::new(None) };
    }
    SHARED.with_borrow_mut(|shared| {
        let inflater = shared.get_or_insert_with(|| Box::new(Decompress::new(false)));
        inflater.reset(false);
        body(inflater)
    })
}

/// Compresses one message, without context.
pub fn compress(message: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    with_shared(LARGEST, |compressor| deflate(compressor, message, &mut out));
    out
}

/// Inflates one message of at most `limit` bytes, without context.
///
/// # Errors
/// When it is corrupt or longer.
pub fn inflate(message: &[u8], limit: usize) -> Result<Vec<u8>, Inflated> {
    with_shared_inflater(|inflater| restore(inflater, message, limit))
}

fn deflate(compressor: &mut Compress, message: &[u8], out: &mut Vec<u8>) {
    let mut rest = message;
    // what cannot be compressed grows by five bytes in 16 KiB, and the flush adds some
    out.reserve(message.len() + (message.len() >> 10) + 64);
    loop {
        if out.len() == out.capacity() {
            out.reserve(4096);
        }
        let before = compressor.total_in();
        // it fails only when its state is broken, which nobody does
        if compressor.compress_vec(rest, out, FlushCompress::Sync).is_err() {
            break;
        }
        rest = &rest[(compressor.total_in() - before) as usize..];
        if rest.is_empty() && out.len() < out.capacity() {
            break;
        }
    }
    if out.ends_with(&TAIL) {
        out.truncate(out.len() - TAIL.len());
    }
}

fn restore(inflater: &mut Decompress, message: &[u8], limit: usize) -> Result<Vec<u8>, Inflated> {
    let most = limit.saturating_add(1);
    let mut out = Vec::with_capacity(message.len().saturating_mul(3).max(128).min(most));
    for part in [message, &TAIL] {
        let mut rest = part;
        loop {
            if out.len() == out.capacity() {
                out.reserve_exact(out.len().max(4096).min(most - out.len()));
            }
            let (read, written) = (inflater.total_in(), out.len());
            let status =
                inflater.decompress_vec(rest, &mut out, FlushDecompress::Sync).map_err(|_| Inflated::Corrupt)?;
            let consumed = (inflater.total_in() - read) as usize;
            rest = &rest[consumed..];
            if out.len() > limit {
                return Err(Inflated::TooBig);
            }
            if status == Status::StreamEnd {
                // the sender ended the stream: what it sends next is another one
                inflater.reset(false);
                if rest.is_empty() {
                    return Ok(out);
                }
                continue;
            }
            if rest.is_empty() && out.len() < out.capacity() {
                break;
            }
            if consumed == 0 && out.len() == written && out.len() < out.capacity() {
                return Err(Inflated::Corrupt);
            }
        }
    }
    Ok(out)
}
