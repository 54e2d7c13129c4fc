//! Sending past the runtime: one system call, which never waits.

use super::{Connection, SendError, State, Transport};
use crate::io::websocket::frame::{self, flag};
use crate::io::websocket::opcode;
use std::io;
use std::os::fd::RawFd;
use std::rc::Rc;
use std::task::Poll;

const FLAGS: i32 = libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL;

impl<S: Transport + 'static> Connection<S> {
    /// Finds out whether frames may go to the socket as they are.
    pub(super) fn open_direct(&self) {
        let may = self.state.get() == State::Open
            && !self.served.get()
            && self.queued() == 0
            && self.protocol.borrow().is_bare();
        let socket = self.socket.borrow();
        self.direct.set(socket.as_ref().filter(|_| may).and_then(S::descriptor));
    }

    /// Sends a message that is one frame, as it is; `None` when it cannot be sent in this way.
    pub(super) fn send_direct(self: &Rc<Self>, kind: u8, flags: u8, payload: &[u8]) -> Option<Result<(), SendError>> {
        let socket = self.direct.get().filter(|_| !opcode::is_control(kind))?;
        let sent = frame::with_bare(kind, flags & flag::FIN, payload, |head, payload| {
            let (written, all) = (send(socket, head, payload), head.len() + payload.len());
            let count = match written {
                Poll::Ready(Ok(count)) if count == all => return true,
                Poll::Ready(Ok(count)) if count > 0 || all == 0 => count,
                Poll::Ready(_) => return false,
                Poll::Pending => 0,
            };
            let mut queue = self.queue.borrow_mut();
            queue.extend_from_slice(head.get(count..).unwrap_or_default());
            queue.extend_from_slice(&payload[count.saturating_sub(head.len())..]);
            true
        });
        if !sent {
            self.lost();
            return Some(Err(SendError::Closed));
        }
        if self.queued() > 0 {
            self.queue_changed();
            self.serve();
        }
        Some(Ok(()))
    }
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
