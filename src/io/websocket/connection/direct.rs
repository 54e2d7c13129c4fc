//! Sending past the runtime: one system call, which never waits.

use super::{Connection, SendError, State, Transport};
use crate::io::websocket::frame::{self, flag};
use crate::io::websocket::opcode;
use std::future::{Future, poll_fn};
use std::io;
use std::os::fd::RawFd;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use tokio::task::unconstrained;

const FLAGS: i32 = libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL;

impl<S: Transport + 'static> Connection<S> {
    /// Finds out whether frames may go to the socket as they are.
    pub(super) fn open_direct(&self) {
        let may = self.state.get() == State::Open
            && !self.served.get()
            && self.queued() == 0
            && self.protocol.borrow().is_bare();
        let socket = self.socket.borrow().as_ref().filter(|_| may).and_then(S::descriptor);
        if self.direct.replace(socket) != socket
            && let Some(watcher) = &self.watcher
        {
            watcher.direct(socket);
        }
    }

    /// Sends a message that is one frame, as it is; `None` when it cannot be sent in this way.
    pub(super) fn send_direct(self: &Rc<Self>, kind: u8, flags: u8, payload: &[u8]) -> Option<Result<(), SendError>> {
        let socket = self.direct.get().filter(|_| !opcode::is_control(kind))?;
        Some(match send_frame(socket, kind, flags, payload) {
            Sent::Whole => Ok(()),
            sent => self.go_on(sent, kind, flags, payload),
        })
    }

    /// Goes on with a message that [`send_frame`] has not sent whole.
    ///
    /// Must be called inside of a runtime.
    ///
    /// # Errors
    /// The socket is of no more use.
    pub fn go_on(self: &Rc<Self>, sent: Sent, kind: u8, flags: u8, payload: &[u8]) -> Result<(), SendError> {
        match sent {
            Sent::Whole => return Ok(()),
            Sent::Part(count) => frame::with_bare(kind, flags & flag::FIN, payload, |head, payload| {
                let mut queue = self.queue.borrow_mut();
                queue.extend_from_slice(head.get(count..).unwrap_or_default());
                queue.extend_from_slice(&payload[count.saturating_sub(head.len())..]);
            }),
            Sent::Failed => {
                self.lost();
                return Err(SendError::Closed);
            }
        }
        self.queue_changed();
        self.serve();
        Ok(())
    }
}

impl<S> Connection<S> {
    /// Nobody sends to the socket past us.
    pub(super) fn close_direct(&self) {
        if self.direct.take().is_some()
            && let Some(watcher) = &self.watcher
        {
            watcher.direct(None);
        }
    }
}

/// How far a frame has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// All of it is sent.
    Whole,
    /// So many bytes of it; the rest is to be queued before anything else is sent, by [`Connection::go_on`].
    Part(usize),
    /// The connection is broken.
    Failed,
}

/// Sends a bare frame of data to a socket of which a [`Watcher`](super::Watcher) was told.
pub fn send_frame(socket: RawFd, kind: u8, flags: u8, payload: &[u8]) -> Sent {
    frame::with_bare(kind, flags & flag::FIN, payload, |head, payload| match send(socket, head, payload) {
        Poll::Ready(Ok(count)) if count == head.len() + payload.len() => Sent::Whole,
        Poll::Ready(Ok(count)) => Sent::Part(count),
        Poll::Pending => Sent::Part(0),
        Poll::Ready(Err(_)) => Sent::Failed,
    })
}

/// Sends what the socket takes at once of two pieces.
fn send(socket: RawFd, head: &[u8], payload: &[u8]) -> Poll<io::Result<usize>> {
    if payload.is_empty() {
        return send_now(socket, head);
    }
    let piece = |bytes: &[u8]| libc::iovec { iov_base: bytes.as_ptr().cast_mut().cast(), iov_len: bytes.len() };
    let mut pieces = [piece(head), piece(payload)];
    // SAFETY: zeros are a message without an address, pieces or control data.
    let mut message: libc::msghdr = unsafe { std::mem::zeroed() };
    message.msg_iov = pieces.as_mut_ptr();
    message.msg_iovlen = 2;
    // SAFETY: the message and its pieces live for the call and are only read; the caller's connection has the socket open.
    again(|| unsafe { libc::sendmsg(socket, &raw const message, FLAGS) })
}

/// Sends what the socket takes at once.
pub(in crate::io) fn send_now(socket: RawFd, bytes: &[u8]) -> Poll<io::Result<usize>> {
    // SAFETY: the buffer is only read; the caller has the socket open.
    again(|| unsafe { libc::send(socket, bytes.as_ptr().cast(), bytes.len(), FLAGS) })
}

fn again(mut send: impl FnMut() -> isize) -> Poll<io::Result<usize>> {
    loop {
        let result = usize::try_from(send()).map_err(|_| io::Error::last_os_error());
        match result.as_ref().map_err(io::Error::kind) {
            Err(io::ErrorKind::WouldBlock) => return Poll::Pending,
            Err(io::ErrorKind::Interrupted) => {}
            _ => return Poll::Ready(result),
        }
    }
}

/// Does what can be done at once, also in a task that has had its share of calls: a broadcast is more of them than tokio grants.
pub(in crate::io) fn now<T>(poll: impl FnMut(&mut Context<'_>) -> Poll<T>) -> Poll<T> {
    pin!(unconstrained(poll_fn(poll))).poll(&mut Context::from_waker(Waker::noop()))
}
