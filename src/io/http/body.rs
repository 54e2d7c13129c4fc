//! Bodies of replies: what they are made of, and how connections take them.

use super::exchange::{Closed, Exchange};
use super::file::FileRange;
use bytes::buf::Take;
use bytes::{Buf, Bytes};
use http::HeaderMap;
use std::rc::Rc;
use std::task::{Context, Poll};

/// A part of a reply's body.
#[derive(Debug)]
pub enum Part<D> {
    /// What the handler gave.
    Data(D),
    /// What this server made.
    Bytes(Bytes),
    /// Part of a file, sent by the kernel where nothing is encrypted.
    File(FileRange),
}

impl<D: Buf> Part<D> {
    /// Its bytes on the way to the client.
    pub(crate) fn len(&self) -> u64 {
        match self {
            Self::File(range) => range.len(),
            other => other.weight() as u64,
        }
    }

    /// The memory that it takes while it waits.
    pub(super) fn weight(&self) -> usize {
        match self {
            Self::Data(data) => data.remaining(),
            Self::Bytes(bytes) => bytes.len(),
            Self::File(_) => 0,
        }
    }
}

/// Bytes of a body as they go out.
#[derive(Debug)]
pub(super) enum Chunk<D> {
    /// What the handler gave.
    Data(D),
    /// The start of what the handler gave.
    Start(Take<D>),
    /// What this server made.
    Bytes(Bytes),
}

impl<D: Buf> Chunk<D> {
    /// Leaves out what is beyond so many bytes.
    fn shorten(self, most: usize) -> Self {
        match self {
            Self::Data(data) => Self::Start(data.take(most)),
            Self::Start(data) => Self::Start(data.into_inner().take(most)),
            Self::Bytes(bytes) => Self::Bytes(bytes.slice(..most.min(bytes.len()))),
        }
    }
}

impl<D: Buf> Buf for Chunk<D> {
    #[inline]
    fn remaining(&self) -> usize {
        match self {
            Self::Data(data) => data.remaining(),
            Self::Start(data) => data.remaining(),
            Self::Bytes(bytes) => bytes.len(),
        }
    }

    #[inline]
    fn chunk(&self) -> &[u8] {
        match self {
            Self::Data(data) => data.chunk(),
            Self::Start(data) => data.chunk(),
            Self::Bytes(bytes) => bytes,
        }
    }

    #[inline]
    fn advance(&mut self, count: usize) {
        match self {
            Self::Data(data) => data.advance(count),
            Self::Start(data) => data.advance(count),
            Self::Bytes(bytes) => bytes.advance(count),
        }
    }
}

/// What comes next of a body.
pub(super) enum Piece<D> {
    Data(Chunk<D>),
    /// For the kernel to send.
    File(FileRange),
    /// Behind everything else.
    Trailers(HeaderMap),
}

/// A reply's body on its way out.
pub(super) enum Body<D: Buf> {
    /// No bytes.
    Empty,
    /// One piece.
    Full(Option<Chunk<D>>),
    /// Pieces as they come.
    Stream(Rc<Exchange<D>>),
}

impl<D: Buf> Body<D> {
    /// Its bytes, where their number is known.
    pub(super) fn length(&self) -> Option<u64> {
        match self {
            Self::Empty | Self::Full(None) => Some(0),
            Self::Full(Some(data)) => Some(data.remaining() as u64),
            Self::Stream(exchange) => exchange.length(),
        }
    }

    /// Leaves out what is beyond so many bytes, where it has more; how many it has then.
    pub(super) fn shorten(&mut self, most: u64) -> u64 {
        if let Self::Full(data) = self
            && data.as_ref().is_some_and(|data| most < data.remaining() as u64)
        {
            *data = data.take().filter(|_| most > 0).map(|data| data.shorten(most as usize));
        }
        self.length().unwrap_or(0)
    }

    /// Whether nothing more comes.
    pub(super) fn is_over(&self) -> bool {
        match self {
            Self::Empty | Self::Full(None) => true,
            Self::Full(Some(_)) => false,
            Self::Stream(exchange) => exchange.is_over(),
        }
    }

    /// The next piece; `files`: the kernel may send files.
    pub(super) fn poll_piece(&mut self, files: bool, cx: &mut Context<'_>) -> Poll<Option<Result<Piece<D>, Closed>>> {
        match self {
            Self::Empty => Poll::Ready(None),
            Self::Full(data) => Poll::Ready(data.take().map(|data| Ok(Piece::Data(data)))),
            Self::Stream(exchange) => exchange.poll_piece(files, cx),
        }
    }
}

impl<D: Buf> Drop for Body<D> {
    fn drop(&mut self) {
        if let Self::Stream(exchange) = self {
            exchange.close();
        }
    }
}
