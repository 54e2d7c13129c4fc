//! Bodies of replies: what they are made of, and as hyper takes them.

use super::exchange::{Closed, Exchange};
use super::file::FileRange;
use super::outgoing::Chunk;
use bytes::{Buf, Bytes};
use hyper::body::{Frame, SizeHint};
use std::fmt;
use std::pin::Pin;
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

/// A reply's body on its way out.
pub enum Body<D: Buf> {
    /// No bytes.
    Empty,
    /// One piece.
    Full(Option<Chunk<D>>),
    /// Pieces as they come.
    #[doc(hidden)]
    #[allow(private_interfaces, reason = "only made in this module; hyper needs the enum's name, not this part")]
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
}

impl<D: Buf> fmt::Debug for Body<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "Empty",
            Self::Full(_) => "Full",
            Self::Stream(_) => "Stream",
        })
    }
}

// Nothing inside is ever pinned.
impl<D: Buf> Unpin for Body<D> {}

impl<D: Buf> hyper::body::Body for Body<D> {
    type Data = Chunk<D>;
    type Error = Closed;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Chunk<D>>, Closed>>> {
        match self.get_mut() {
            Self::Empty => Poll::Ready(None),
            Self::Full(data) => Poll::Ready(data.take().map(|data| Ok(Frame::data(data)))),
            Self::Stream(exchange) => exchange.poll_piece(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Empty | Self::Full(None) => true,
            Self::Full(Some(_)) => false,
            Self::Stream(exchange) => exchange.is_over(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Empty | Self::Full(None) => SizeHint::with_exact(0),
            Self::Full(Some(data)) => SizeHint::with_exact(data.remaining() as u64),
            Self::Stream(exchange) => exchange.length().map_or_else(SizeHint::default, SizeHint::with_exact),
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
