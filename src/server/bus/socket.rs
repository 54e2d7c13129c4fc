//! The datagram sockets of the bus: one call sends a part from where it lies, one call takes many.

use super::frame::DATAGRAM;
use std::io::{self, IoSlice};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::time::Instant;

/// Datagrams taken in one call.
pub(super) const BATCH: usize = 16;

/// Bytes that the kernel shall keep for a process, unless the system allows less.
const BUFFER: libc::c_int = 8 << 20;

/// A process's inbox: whoever has `write` sends to whoever reads `read`.
#[derive(Debug)]
pub(super) struct Inbox {
    pub read: OwnedFd,
    pub write: OwnedFd,
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
        Ok(Self { read, write })
    }
}

/// Sends these pieces as one datagram, without waiting.
pub(super) fn send(to: RawFd, pieces: &[IoSlice<'_>]) -> io::Result<()> {
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

/// Whether there was no room at the moment.
pub(super) fn is_full(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::EAGAIN | libc::ENOBUFS))
}

/// Takes datagrams that are there into `rooms`, without waiting; their lengths into `lengths`. Returns how many.
pub(super) fn receive(from: RawFd, rooms: &mut [Vec<u8>], lengths: &mut [usize; BATCH]) -> io::Result<usize> {
    let count = rooms.len().min(BATCH);
    // SAFETY: all-zero records have no address, no pieces, and point nowhere.
    let (mut pieces, mut messages) = unsafe { std::mem::zeroed::<([libc::iovec; BATCH], [libc::mmsghdr; BATCH])>() };
    for ((room, piece), message) in rooms.iter_mut().zip(&mut pieces).zip(&mut messages) {
        // Rooms are lent to whoever handles a message; one that is not back yet is replaced. Untouched pages cost nothing.
        if room.len() < DATAGRAM {
            *room = vec![0; DATAGRAM];
        }
        *piece = libc::iovec { iov_base: room.as_mut_ptr().cast(), iov_len: room.len() };
        message.msg_hdr.msg_iov = piece;
        message.msg_hdr.msg_iovlen = 1;
    }
    loop {
        let none = std::ptr::null_mut();
        // SAFETY: `count` live records, each with one piece of live memory of ours.
        let taken = unsafe { libc::recvmmsg(from, messages.as_mut_ptr(), count as u32, libc::MSG_DONTWAIT as _, none) };
        if let Ok(taken) = usize::try_from(taken) {
            for (length, message) in lengths.iter_mut().zip(&messages[..taken]) {
                *length = message.msg_len as usize;
            }
            return Ok(taken);
        }
        let error = io::Error::last_os_error();
        match error.kind() {
            io::ErrorKind::Interrupted => {}
            io::ErrorKind::WouldBlock => return Ok(0),
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
