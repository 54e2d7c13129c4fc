//! Pairs of Unix sockets between a process and its child, used without an event loop.
//!
//! Their descriptors survive `exec`, so that a program that replaces the child can go on using them.

use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::time::{Duration, Instant};

/// Whether a pipe keeps messages apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A stream of bytes.
    Stream,
    /// One message for each write.
    Datagram,
}

/// Both ends of a pipe, until they are closed.
#[derive(Debug)]
pub struct Pipe {
    /// The parent's end.
    pub master: Option<OwnedFd>,
    /// The child's end.
    pub worker: Option<OwnedFd>,
}

impl Pipe {
    /// Opens a pipe whose ends buffer `buffer` bytes each way, or as much of it as the system allows.
    ///
    /// # Errors
    /// No descriptors are left.
    pub fn open(kind: Kind, buffer: usize) -> io::Result<Self> {
        let kind = match kind {
            Kind::Stream => libc::SOCK_STREAM,
            Kind::Datagram => libc::SOCK_DGRAM,
        };
        let mut ends = [0; 2];
        // SAFETY: fills an array of two descriptors.
        if unsafe { libc::socketpair(libc::AF_UNIX, kind, 0, ends.as_mut_ptr()) } < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: just opened; nobody else has them.
        let (worker, master) = unsafe { (OwnedFd::from_raw_fd(ends[0]), OwnedFd::from_raw_fd(ends[1])) };
        for end in [&worker, &master] {
            // Smaller buffers than asked for are still buffers.
            let _ = set_option(end.as_raw_fd(), libc::SO_SNDBUF, &(buffer as libc::c_int));
            let _ = set_option(end.as_raw_fd(), libc::SO_RCVBUF, &(buffer as libc::c_int));
        }
        Ok(Self { master: Some(master), worker: Some(worker) })
    }
}

fn set_option<T>(fd: RawFd, name: libc::c_int, value: &T) -> io::Result<()> {
    // SAFETY: the option's value is a live value of that size.
    let set = unsafe {
        libc::setsockopt(
            fd,
            libc::SOL_SOCKET,
            name,
            std::ptr::from_ref(value).cast(),
            size_of::<T>() as libc::socklen_t,
        )
    };
    if set < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// Limits how long the kernel itself waits in calls on `fd`; `None` is for ever.
///
/// # Errors
/// `fd` is no open socket.
pub fn set_kernel_timeout(fd: RawFd, limit: Option<Duration>) -> io::Result<()> {
    let limit = limit.unwrap_or_default();
    let time = libc::timeval { tv_sec: limit.as_secs() as libc::time_t, tv_usec: limit.subsec_micros().into() };
    set_option(fd, libc::SO_RCVTIMEO, &time)?;
    set_option(fd, libc::SO_SNDTIMEO, &time)
}

/// Says whether calls on `fd` wait.
///
/// # Errors
/// `fd` is not open.
pub fn set_nonblocking(fd: RawFd, nonblocking: bool) -> io::Result<()> {
    // SAFETY: plain flags of a descriptor.
    unsafe {
        let flags = libc::fcntl(fd, libc::F_GETFL);
        if flags < 0 {
            return Err(io::Error::last_os_error());
        }
        let wanted = if nonblocking { flags | libc::O_NONBLOCK } else { flags & !libc::O_NONBLOCK };
        if wanted != flags && libc::fcntl(fd, libc::F_SETFL, wanted) < 0 {
            return Err(io::Error::last_os_error());
        }
    }
    Ok(())
}

/// Waits until `fd` is ready for `events` (of `poll`), calling `interrupted` whenever a signal comes in between.
///
/// # Errors
/// `EAGAIN` when `limit` passed; what `poll` says otherwise.
pub fn wait_ready(
    fd: RawFd,
    events: libc::c_short,
    limit: Option<Duration>,
    mut interrupted: impl FnMut(),
) -> io::Result<()> {
    let deadline = limit.map(|limit| Instant::now() + limit);
    loop {
        // Rounded up: to look too early would be to look twice.
        let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let left = left.map_or(-1, |left| i32::try_from(left.as_micros().div_ceil(1000)).unwrap_or(i32::MAX));
        let mut poll = libc::pollfd { fd, events, revents: 0 };
        // SAFETY: one live record.
        match unsafe { libc::poll(&mut poll, 1, left) } {
            0 if left >= 0 => return Err(io::Error::from_raw_os_error(libc::EAGAIN)),
            0 => {}
            1.. => return Ok(()),
            _ => {
                let error = io::Error::last_os_error();
                if error.kind() != io::ErrorKind::Interrupted {
                    return Err(error);
                }
                interrupted();
            }
        }
    }
}

/// Waits until one of these descriptors is readable or closed, at most until `until`; says which one. Negative ones are left out.
///
/// # Errors
/// What `poll` says; a signal is no error.
pub fn wait_any(fds: &[RawFd], until: Option<Instant>) -> io::Result<Option<usize>> {
    let mut polls: Vec<libc::pollfd> =
        fds.iter().map(|fd| libc::pollfd { fd: *fd, events: libc::POLLIN, revents: 0 }).collect();
    loop {
        let left = until.map(|until| until.saturating_duration_since(Instant::now()));
        let left = left.map_or(-1, |left| i32::try_from(left.as_micros().div_ceil(1000)).unwrap_or(i32::MAX));
        // SAFETY: live records.
        let count = unsafe { libc::poll(polls.as_mut_ptr(), polls.len() as libc::nfds_t, left) };
        if count < 0 {
            let error = io::Error::last_os_error();
            if error.kind() != io::ErrorKind::Interrupted {
                return Err(error);
            }
        } else if count > 0 || until.is_some_and(|until| until <= Instant::now()) {
            return Ok(polls.iter().position(|poll| poll.revents != 0));
        }
    }
}

/// One `read` call into `room`.
///
/// # Errors
/// What `read` says.
pub fn read(fd: RawFd, room: &mut [u8]) -> io::Result<usize> {
    // SAFETY: `room` is writable for its length.
    let count = unsafe { libc::read(fd, room.as_mut_ptr().cast(), room.len()) };
    usize::try_from(count).map_err(|_| io::Error::last_os_error())
}

/// Takes what is there without waiting, whatever the mode of the descriptor.
///
/// # Errors
/// `EAGAIN` when there is nothing; what `recv` says otherwise.
pub fn receive(fd: RawFd, room: &mut [u8]) -> io::Result<usize> {
    // SAFETY: `room` is writable for its length.
    let count = unsafe { libc::recv(fd, room.as_mut_ptr().cast(), room.len(), libc::MSG_DONTWAIT) };
    usize::try_from(count).map_err(|_| io::Error::last_os_error())
}

/// One `write` call, for descriptors that are no sockets.
///
/// # Errors
/// What `write` says.
pub fn write(fd: RawFd, data: &[u8]) -> io::Result<usize> {
    // SAFETY: `data` is readable for its length.
    let count = unsafe { libc::write(fd, data.as_ptr().cast(), data.len()) };
    usize::try_from(count).map_err(|_| io::Error::last_os_error())
}

/// One `send` call, which does not wait; a closed other side is an error, not a signal.
///
/// # Errors
/// What `send` says.
pub fn send(fd: RawFd, data: &[u8]) -> io::Result<usize> {
    // SAFETY: `data` is readable for its length.
    let count = unsafe { libc::send(fd, data.as_ptr().cast(), data.len(), libc::MSG_NOSIGNAL | libc::MSG_DONTWAIT) };
    usize::try_from(count).map_err(|_| io::Error::last_os_error())
}

/// Closes halves of the connection of `fd`: `SHUT_RD`, `SHUT_WR` or both.
///
/// # Errors
/// `fd` is not open.
pub fn shut(fd: RawFd, how: libc::c_int) -> io::Result<()> {
    // SAFETY: numbers only.
    if unsafe { libc::shutdown(fd, how) } < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// Whether the operation only has to be tried again later.
pub fn is_temporary(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::EAGAIN | libc::EINTR | libc::ENOBUFS))
}

/// Reads once, waiting for something to read. The descriptor is left in non-blocking mode.
///
/// # Errors
/// `ETIMEDOUT` or `EAGAIN` when `limit` passed; what `read` says otherwise.
pub fn read_wait(fd: RawFd, room: &mut [u8], limit: Option<Duration>) -> io::Result<usize> {
    set_nonblocking(fd, true)?;
    loop {
        match read(fd, room) {
            Err(error) if is_temporary(&error) => wait_ready(fd, libc::POLLIN, limit, || {})?,
            done => return done,
        }
    }
}

/// Sends everything, waiting for room.
///
/// # Errors
/// `EAGAIN` when `limit` passed; what `send` says otherwise, after an unknown part was sent.
pub fn send_wait(fd: RawFd, data: &[u8], limit: Option<Duration>) -> io::Result<usize> {
    let mut sent = 0;
    loop {
        match send(fd, &data[sent..]) {
            Ok(count) => {
                sent += count;
                if sent == data.len() || count == 0 {
                    return Ok(sent);
                }
            }
            Err(error) if error.raw_os_error() == Some(libc::ENOBUFS) => std::thread::sleep(Duration::from_millis(10)),
            Err(error) if is_temporary(&error) => wait_ready(fd, libc::POLLOUT, limit, || {})?,
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(pipe: &Pipe) -> (RawFd, RawFd) {
        match (&pipe.master, &pipe.worker) {
            (Some(master), Some(worker)) => (master.as_raw_fd(), worker.as_raw_fd()),
            _ => panic!("both ends are open"),
        }
    }

    #[test]
    fn datagrams_keep_their_borders_and_streams_do_not() -> io::Result<()> {
        for (kind, first) in [(Kind::Datagram, 3), (Kind::Stream, 5)] {
            let pipe = Pipe::open(kind, 1 << 20)?;
            let (master, worker) = ends(&pipe);
            send_wait(master, b"abc", None)?;
            send_wait(master, b"de", None)?;
            let mut room = [0; 16];
            assert_eq!(read_wait(worker, &mut room, None)?, first);
            assert_eq!(&room[..first], &b"abcde"[..first]);
        }
        Ok(())
    }

    #[test]
    fn a_read_ends_with_its_time() -> io::Result<()> {
        let pipe = Pipe::open(Kind::Stream, 4096)?;
        let (_, worker) = ends(&pipe);
        let began = Instant::now();
        let error = read_wait(worker, &mut [0; 4], Some(Duration::from_millis(20))).unwrap_err();
        assert_eq!(error.raw_os_error(), Some(libc::EAGAIN));
        assert!(began.elapsed() >= Duration::from_millis(20));
        Ok(())
    }

    #[test]
    fn a_stream_takes_more_than_its_buffer() -> io::Result<()> {
        let pipe = Pipe::open(Kind::Stream, 4096)?;
        let (master, worker) = ends(&pipe);
        let data = vec![7; 1 << 20];
        std::thread::scope(|scope| {
            let reader = scope.spawn(move || {
                let mut room = vec![0; 1 << 16];
                let mut all = 0;
                while all < 1 << 20 {
                    all += read_wait(worker, &mut room, None)?;
                }
                Ok::<_, io::Error>(all)
            });
            assert_eq!(send_wait(master, &data, None)?, data.len());
            assert!(matches!(reader.join(), Ok(Ok(count)) if count == 1 << 20));
            Ok(())
        })
    }

    #[test]
    fn a_closed_other_side_is_an_error() -> io::Result<()> {
        let mut pipe = Pipe::open(Kind::Stream, 4096)?;
        let (master, _) = ends(&pipe);
        pipe.worker = None;
        assert_eq!(send_wait(master, b"x", None).unwrap_err().raw_os_error(), Some(libc::EPIPE));
        assert_eq!(read_wait(master, &mut [0; 4], None)?, 0);
        Ok(())
    }
}
