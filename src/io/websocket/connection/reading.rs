//! Reading the socket: most of what comes is one whole message, and goes no other way.

use super::{Connection, Transport};
use crate::io::websocket::protocol::Message;
use bytes::BytesMut;
use std::cell::RefCell;
use std::io;
use std::pin::pin;
use std::task::{Context, Poll, ready};
use tokio::io::AsyncReadExt;

/// Bytes read at once, into a buffer that all connections of a thread share.
const READ: usize = 64 << 10;

/// What reading has brought.
pub(super) enum Read {
    /// A message.
    Message(Message),
    /// Bytes, which the protocol has.
    Fed,
}

impl<S: Transport + 'static> Connection<S> {
    /// Reads what is there; `None` at the end.
    pub(super) fn poll_read(&self, cx: &mut Context<'_>) -> Poll<io::Result<Option<Read>>> {
        thread_local! {
            static BUFFER: RefCell<BytesMut> = RefCell::new(BytesMut::new());
        }
        let mut socket = self.socket.borrow_mut();
        let Some(socket) = &mut *socket else { return Poll::Pending };
        let mut protocol = self.protocol.borrow_mut();
        let missing = protocol.missing();
        if missing > READ {
            // a long payload comes straight to where it will stay
            let input = protocol.input();
            input.reserve(missing);
            return pin!(socket.read_buf(input)).poll(cx).map_ok(|count| (count > 0).then_some(Read::Fed));
        }
        BUFFER.with_borrow_mut(|shared| {
            // What was here before is gone, unless somebody has kept a message: then that keeps the buffer, and this makes a new one.
            shared.clear();
            shared.reserve(READ);
            if ready!(pin!(socket.read_buf(shared)).poll(cx))? == 0 {
                return Poll::Ready(Ok(None));
            }
            Poll::Ready(Ok(Some(match protocol.whole(shared) {
                Some(message) => Read::Message(message),
                None => {
                    protocol.feed(shared);
                    Read::Fed
                }
            })))
        })
    }
}
