//! PHP strings as pieces of a reply's body.

use crate::zend::text::Text;
use bytes::{Buf, Bytes};

/// A PHP string on its way out: referenced, not copied, and released when it is written.
#[derive(Debug)]
pub struct Piece {
    text: Text,
    at: usize,
}

impl From<Text> for Piece {
    fn from(text: Text) -> Self {
        Self { text, at: 0 }
    }
}

impl From<Bytes> for Piece {
    fn from(bytes: Bytes) -> Self {
        Text::new(&bytes).into()
    }
}

impl Buf for Piece {
    fn remaining(&self) -> usize {
        self.text.as_bytes().len() - self.at
    }

    fn chunk(&self) -> &[u8] {
        &self.text.as_bytes()[self.at..]
    }

    fn advance(&mut self, count: usize) {
        assert!(count <= self.remaining(), "cannot advance past the end of a piece");
        self.at += count;
    }
}
