//! Reading the socket: most of what comes is one whole message, and goes no other way.

use super::{Connection, Transport};
use crate::io::websocket::protocol::Message;
use std::cell::RefCell;
use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncReadExt, ReadBuf};

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
            static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
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
            shared.resize(READ, 0);
            let mut buffer = ReadBuf::new(shared);
            ready!(Pin::new(socket).poll_read(cx, &mut buffer))?;
            let bytes = buffer.filled();
            if bytes.is_empty() {
                return Poll::Ready(Ok(None));
            }
            Poll::Ready(Ok(Some(match protocol.whole(bytes) {
                Some(message) => Read::Message(message),
                None => {
                    protocol.feed(bytes);
                    Read::Fed
                }
            })))
        })
    }
}
