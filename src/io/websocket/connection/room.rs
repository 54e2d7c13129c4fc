//! Waiting for room to send.

use super::{Connection, SendError};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

/// Waits until a message may be sent; made by [`Connection::room`].
pub struct Room<S> {
    pub(super) connection: Rc<Connection<S>>,
    pub(super) length: usize,
}

impl<S> std::fmt::Debug for Room<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Room")
    }
}

impl<S> Future for Room<S> {
    type Output = Result<(), SendError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let connection = &self.connection;
        if !connection.is_open() {
            return Poll::Ready(Err(SendError::Closed));
        }
        if connection.has_room(self.length) {
            return Poll::Ready(Ok(()));
        }
        let mut writers = connection.writers.borrow_mut();
        if !writers.iter().any(|waker| waker.will_wake(cx.waker())) {
            writers.push(cx.waker().clone());
        }
        Poll::Pending
    }
}
