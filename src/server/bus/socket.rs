//! The datagram sockets of the bus: one call sends a part from where it lies.

use super::mailbox::Mailbox;
use std::io::{self, IoSlice};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::time::Instant;

/// Bytes that the kernel shall keep for a process, unless the system allows less.
const BUFFER: libc::c_int = 8 << 20;

/// A process's inbox: whoever has `write` sends to whoever reads `read`.
#[derive(Debug)]
pub(super) struct Inbox {
    pub read: OwnedFd,
    pub write: OwnedFd,
    /// What was taken out of it and not handled.
    pub mailbox: Mailbox,
}

impl Inbox {
    pub(super) fn open() -> io::Result<Self> {
        let mut ends = [0; 2];
        let kind = libc::SOCK_DGRAM | libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC;
        // SAFETY: fills an array of two descriptors.
        if unsafe { libc::socketpair(libc::AF_UNIX, kind, 0, ends.as_mut_ptr()) } < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: just opened; nobody else has them.
        let (read, write) = unsafe { (OwnedFd::from_raw_fd(ends[0]), OwnedFd::from_raw_fd(ends[1])) };
        let buffer = BUFFER;
        // What waits in the socket counts against its sender's buffer.
        for option in [libc::SO_SNDBUF, libc::SO_SNDBUFFORCE] {
            // SAFETY: the option's value is a live number. Smaller buffers than asked for are still buffers.
            unsafe {
                let value = (&raw const buffer).cast();
                libc::setsockopt(write.as_raw_fd(), libc::SOL_SOCKET, option, value, size_of_val(&buffer) as u32);
            }
        }
        Ok(Self { read, write, mailbox: Mailbox::new()? })
    }
}

/// Up to so many bytes are put together before they are sent: that costs less than to tell the kernel where each piece lies.
const SMALL: usize = 1 << 10;

/// Sends these pieces as one datagram, without waiting.
pub(super) fn send(to: RawFd, pieces: &[IoSlice<'_>]) -> io::Result<()> {
    if pieces.iter().map(|piece| piece.len()).sum::<usize>() <= SMALL {
        return send_small(to, pieces);
    }
    // SAFETY: an all-zero message has no address and no pieces.
    let mut message: libc::msghdr = unsafe { std::mem::zeroed() };
    message.msg_iov = pieces.as_ptr().cast_mut().cast();
    message.msg_iovlen = pieces.len();
    loop {
        // SAFETY: `IoSlice` has the layout of `iovec`; the call only reads, and the pieces are live.
        if unsafe { libc::sendmsg(to, &message, libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL) } >= 0 {
            return Ok(());
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
}

fn send_small(to: RawFd, pieces: &[IoSlice<'_>]) -> io::Result<()> {
    let mut room = [0; SMALL];
    let mut length = 0;
    for piece in pieces {
        room[length..length + piece.len()].copy_from_slice(piece);
        length += piece.len();
    }
    loop {
        // SAFETY: the first `length` bytes of a live buffer.
        let sent = unsafe { libc::send(to, room.as_ptr().cast(), length, libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL) };
        if sent >= 0 {
            return Ok(());
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
}

/// Whether there was no room at the moment.
pub(super) fn is_full(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::EAGAIN | libc::ENOBUFS))
}

/// Takes one datagram into `room`, without waiting; its length, `None` when none is there.
pub(super) fn receive(from: RawFd, room: &mut [u8]) -> io::Result<Option<usize>> {
    loop {
        // SAFETY: a live buffer of this length.
        let length = unsafe { libc::recv(from, room.as_mut_ptr().cast(), room.len(), libc::MSG_DONTWAIT) };
        if let Ok(length) = usize::try_from(length) {
            return Ok(Some(length));
        }
        let error = io::Error::last_os_error();
        match error.kind() {
            io::ErrorKind::Interrupted => {}
            io::ErrorKind::WouldBlock => return Ok(None),
            _ => return Err(error),
        }
    }
}

/// Waits until there may be room behind a socket; false when there was none in time.
pub(super) fn wait_for_room(to: RawFd, until: Instant) -> bool {
    let left = until.saturating_duration_since(Instant::now());
    let mut record = libc::pollfd { fd: to, events: libc::POLLOUT, revents: 0 };
    let milliseconds = i32::try_from(left.as_micros().div_ceil(1000)).unwrap_or(i32::MAX);
    // SAFETY: one live record.
    unsafe { libc::poll(&mut record, 1, milliseconds) > 0 }
}
