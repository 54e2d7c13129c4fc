//! The requests of a session, as bytes.

use super::wire::{HEADER, put_string};

/// First byte of each request.
pub(super) mod command {
    pub(in super::super) const QUIT: u8 = 1;
    pub(in super::super) const QUERY: u8 = 3;
    pub(in super::super) const PING: u8 = 14;
    pub(in super::super) const PREPARE: u8 = 22;
    pub(in super::super) const EXECUTE: u8 = 23;
    pub(in super::super) const CLOSE: u8 = 25;
}

const TYPE_DOUBLE: u8 = 5;
const TYPE_NULL: u8 = 6;
const TYPE_LONGLONG: u8 = 8;
const TYPE_VAR_STRING: u8 = 253;

/// An execution of a prepared statement under construction: one call per parameter, in order.
pub struct Execute {
    pub(super) bytes: Vec<u8>,
    count: usize,
    index: usize,
}

impl Execute {
    /// Starts one of statement `id` with `count` parameters, in `bytes` (any buffer, its contents are dropped).
    pub fn new(mut bytes: Vec<u8>, id: u32, count: usize) -> Self {
        bytes.clear();
        bytes.resize(HEADER, 0);
        bytes.push(command::EXECUTE);
        bytes.extend_from_slice(&id.to_le_bytes());
        // No cursor; one iteration.
        bytes.extend_from_slice(&[0, 1, 0, 0, 0]);
        if count > 0 {
            bytes.resize(bytes.len() + count.div_ceil(8), 0);
            // The types follow, in every execution.
            bytes.push(1);
            bytes.resize(bytes.len() + 2 * count, 0);
        }
        Self { bytes, count, index: 0 }
    }

    fn bitmap(&self) -> usize {
        HEADER + 10
    }

    fn bind(&mut self, kind: u8) {
        debug_assert!(self.index < self.count, "more parameters than announced");
        let types = self.bitmap() + self.count.div_ceil(8) + 1;
        self.bytes[types + 2 * self.index] = kind;
        self.index += 1;
    }

    /// The next parameter is NULL.
    pub fn null(&mut self) {
        let at = self.bitmap() + self.index / 8;
        self.bytes[at] |= 1 << (self.index % 8);
        self.bind(TYPE_NULL);
    }

    /// The next parameter is an integer.
    pub fn int(&mut self, value: i64) {
        self.bind(TYPE_LONGLONG);
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// The next parameter is a double-precision number.
    pub fn double(&mut self, value: f64) {
        self.bind(TYPE_DOUBLE);
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// The next parameter is text or a blob.
    pub fn bytes(&mut self, value: &[u8]) {
        self.bind(TYPE_VAR_STRING);
        put_string(&mut self.bytes, value);
    }
}
