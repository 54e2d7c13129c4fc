//! System calls on sockets that do not block, by descriptor: the owner may be somebody else.

use socket2::SockAddr;
use std::ffi::{CString, OsStr};
use std::io;
use std::mem::MaybeUninit;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::RawFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

/// Why text is no address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BadAddress {
    /// Not the address of an interface in this family; a name, perhaps.
    Host,
    /// The port is not one.
    Port,
    /// The path is too long.
    TooLong,
    /// There are no addresses in this family.
    Family,
}

/// The address of `host` and `port` in a family: a path for `AF_UNIX`. Names are not looked up.
///
/// # Errors
/// See [`BadAddress`].
pub fn address(family: i32, host: &[u8], port: i64) -> Result<SockAddr, BadAddress> {
    let port = u16::try_from(port).map_err(|_| BadAddress::Port)?;
    let text = || std::str::from_utf8(host).map_err(|_| BadAddress::Host);
    let ip: IpAddr = match family {
        libc::AF_INET => text()?.parse::<Ipv4Addr>().map_err(|_| BadAddress::Host)?.into(),
        libc::AF_INET6 => text()?.parse::<Ipv6Addr>().map_err(|_| BadAddress::Host)?.into(),
        libc::AF_UNIX => return SockAddr::unix(Path::new(OsStr::from_bytes(host))).map_err(|_| BadAddress::TooLong),
        _ => return Err(BadAddress::Family),
    };
    Ok(SocketAddr::new(ip, port).into())
}

/// An address as text, and its port; a path has none.
pub fn name(address: &SockAddr) -> (Vec<u8>, u16) {
    if let Some(inet) = address.as_socket() {
        return (inet.ip().to_string().into_bytes(), inet.port());
    }
    match address.as_pathname() {
        Some(path) => (path.as_os_str().as_bytes().to_vec(), 0),
        None => (Vec::new(), 0),
    }
}

/// The file of a Unix socket that this process has bound; it is removed when this is dropped.
///
/// It stays when it is no longer that file, and in a fork's child, which has its own copy of this.
#[derive(Debug)]
pub struct SocketFile {
    path: PathBuf,
    /// Device and number of the file.
    file: (u64, u64),
    process: u32,
}

impl SocketFile {
    /// The file of this address, to which a socket was just bound; none for addresses that have none.
    pub fn of(address: &SockAddr) -> Option<Self> {
        let path = address.as_pathname()?.to_path_buf();
        let file = Self::number(&path)?;
        Some(Self { path, file, process: std::process::id() })
    }

    fn number(path: &Path) -> Option<(u64, u64)> {
        let status = std::fs::symlink_metadata(path).ok()?;
        status.file_type().is_socket().then(|| (status.dev(), status.ino()))
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        if self.process == std::process::id() && Self::number(&self.path) == Some(self.file) {
            // It could be in a folder that is read-only by now; nobody waits for it.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

fn check(result: libc::c_int) -> io::Result<libc::c_int> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) }
}

fn count(result: libc::ssize_t) -> io::Result<usize> {
    usize::try_from(result).map_err(|_| io::Error::last_os_error())
}

/// A new socket that does not block and is not passed on to programs.
///
/// # Errors
/// The system's.
pub fn open(domain: i32, kind: i32, protocol: i32) -> io::Result<RawFd> {
    // SAFETY: makes a descriptor.
    check(unsafe { libc::socket(domain, kind | libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC, protocol) })
}

/// Two sockets that are connected with each other.
///
/// # Errors
/// The system's.
pub fn pair(domain: i32, kind: i32, protocol: i32) -> io::Result<[RawFd; 2]> {
    let mut both = [-1; 2];
    let kind = kind | libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC;
    // SAFETY: fills an array of two.
    check(unsafe { libc::socketpair(domain, kind, protocol, both.as_mut_ptr()) })?;
    Ok(both)
}

/// One more descriptor for the same socket, not passed on to programs.
///
/// # Errors
/// The system's.
pub fn duplicate(fd: RawFd) -> io::Result<RawFd> {
    // SAFETY: makes a descriptor.
    check(unsafe { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 0) })
}

/// Closes a descriptor.
pub fn close(fd: RawFd) {
    // SAFETY: the caller owns it, or has ended its owner's claim.
    unsafe { libc::close(fd) };
}

/// Gives a socket this address.
///
/// # Errors
/// The system's.
pub fn bind(fd: RawFd, address: &SockAddr) -> io::Result<()> {
    // SAFETY: reads an address of the length that it says.
    check(unsafe { libc::bind(fd, address.as_ptr().cast(), address.len()) }).map(|_| ())
}

/// Lets a socket take connections, `backlog` of which may wait.
///
/// # Errors
/// The system's.
pub fn listen(fd: RawFd, backlog: i32) -> io::Result<()> {
    // SAFETY: changes a socket.
    check(unsafe { libc::listen(fd, backlog) }).map(|_| ())
}

/// Takes a connection that has come.
///
/// # Errors
/// The system's; `EAGAIN` if none has.
pub fn accept(fd: RawFd) -> io::Result<(RawFd, SockAddr)> {
    let flags = libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC;
    // SAFETY: fills an address of the length that is passed and updates that.
    unsafe { SockAddr::try_init(|address, length| check(libc::accept4(fd, address.cast(), length, flags))) }
}

/// Begins to connect.
///
/// # Errors
/// The system's; `EINPROGRESS` while it goes on.
pub fn connect(fd: RawFd, address: &SockAddr) -> io::Result<()> {
    // SAFETY: reads an address of the length that it says.
    check(unsafe { libc::connect(fd, address.as_ptr().cast(), address.len()) }).map(|_| ())
}

/// The error that a socket has kept, 0 for none.
///
/// # Errors
/// The system's.
pub fn take_error(fd: RawFd) -> io::Result<i32> {
    let mut error = 0;
    option(fd, libc::SOL_SOCKET, libc::SO_ERROR, &mut error)?;
    Ok(error)
}

/// The socket's own address.
///
/// # Errors
/// The system's.
pub fn local(fd: RawFd) -> io::Result<SockAddr> {
    // SAFETY: fills an address of the length that is passed and updates that.
    unsafe { SockAddr::try_init(|address, length| check(libc::getsockname(fd, address.cast(), length))) }
        .map(|(_, address)| address)
}

/// The address at the other end.
///
/// # Errors
/// The system's.
pub fn peer(fd: RawFd) -> io::Result<SockAddr> {
    // SAFETY: as above.
    unsafe { SockAddr::try_init(|address, length| check(libc::getpeername(fd, address.cast(), length))) }
        .map(|(_, address)| address)
}

/// Receives what is there; 0 bytes are the end.
///
/// # Errors
/// The system's; `EAGAIN` if nothing is.
#[inline]
pub fn receive(fd: RawFd, room: &mut [u8], flags: i32) -> io::Result<usize> {
    // SAFETY: fills at most as much as there is room.
    count(unsafe { libc::recv(fd, room.as_mut_ptr().cast(), room.len(), flags) })
}

/// Receives a message and says whose.
///
/// # Errors
/// As [`receive`].
pub fn receive_from(fd: RawFd, room: &mut [u8]) -> io::Result<(usize, SockAddr)> {
    // SAFETY: fills at most as much as there is room, and an address of the length that is passed.
    unsafe {
        SockAddr::try_init(|address, length| {
            count(libc::recvfrom(fd, room.as_mut_ptr().cast(), room.len(), 0, address.cast(), length))
        })
    }
}

/// Sends as much as the socket takes.
///
/// # Errors
/// The system's; `EAGAIN` if that is nothing.
#[inline]
pub fn send(fd: RawFd, bytes: &[u8]) -> io::Result<usize> {
    // SAFETY: reads what is passed. No signal for a closed connection.
    count(unsafe { libc::send(fd, bytes.as_ptr().cast(), bytes.len(), libc::MSG_NOSIGNAL) })
}

/// Sends a message to this address.
///
/// # Errors
/// As [`send`].
pub fn send_to(fd: RawFd, bytes: &[u8], to: &SockAddr) -> io::Result<usize> {
    let flags = libc::MSG_NOSIGNAL;
    // SAFETY: reads what is passed, and an address of the length that it says.
    count(unsafe { libc::sendto(fd, bytes.as_ptr().cast(), bytes.len(), flags, to.as_ptr().cast(), to.len()) })
}

/// Sends part of a file that is open; `offset` moves behind what was sent.
///
/// # Errors
/// As [`send`].
pub fn send_file(fd: RawFd, file: RawFd, offset: &mut i64, length: usize) -> io::Result<usize> {
    // SAFETY: reads a descriptor that the caller holds open; the offset is ours.
    count(unsafe { libc::sendfile(fd, file, offset, length) })
}

/// The most parts that one call takes.
pub const MOST_PARTS: usize = 1024;

/// Sends several parts, one after the other.
///
/// # Errors
/// As [`send`].
pub fn send_parts(fd: RawFd, parts: &[io::IoSlice<'_>]) -> io::Result<usize> {
    // SAFETY: an `IoSlice` is an `iovec`; a message without address and control data, only read.
    unsafe {
        let mut message = MaybeUninit::<libc::msghdr>::zeroed().assume_init();
        message.msg_iov = parts.as_ptr().cast_mut().cast();
        message.msg_iovlen = parts.len().min(MOST_PARTS) as _;
        count(libc::sendmsg(fd, &message, libc::MSG_NOSIGNAL))
    }
}

/// Ends one direction, or both (`SHUT_RD`, `SHUT_WR`, `SHUT_RDWR`).
///
/// # Errors
/// The system's.
pub fn shutdown(fd: RawFd, how: i32) -> io::Result<()> {
    // SAFETY: changes a socket.
    check(unsafe { libc::shutdown(fd, how) }).map(|_| ())
}

/// Reads an option into `value`, a plain struct or number; returns how many bytes it has.
///
/// # Errors
/// The system's.
pub fn option<T: Copy>(fd: RawFd, level: i32, name: i32, value: &mut T) -> io::Result<usize> {
    let mut length = size_of::<T>() as libc::socklen_t;
    // SAFETY: fills at most as much as `value` has; callers pass types for which any bytes will do.
    check(unsafe { libc::getsockopt(fd, level, name, std::ptr::from_mut(value).cast(), &mut length) })?;
    Ok(length as usize)
}

/// Sets an option to `value`, a plain struct or number.
///
/// # Errors
/// The system's.
pub fn set_option<T: Copy>(fd: RawFd, level: i32, name: i32, value: &T) -> io::Result<()> {
    // SAFETY: a value is as long as its type.
    let bytes = unsafe { std::slice::from_raw_parts(std::ptr::from_ref(value).cast(), size_of::<T>()) };
    set_option_bytes(fd, level, name, bytes)
}

/// Sets an option to these bytes.
///
/// # Errors
/// The system's.
pub fn set_option_bytes(fd: RawFd, level: i32, name: i32, bytes: &[u8]) -> io::Result<()> {
    // SAFETY: reads what is passed.
    check(unsafe { libc::setsockopt(fd, level, name, bytes.as_ptr().cast(), bytes.len() as libc::socklen_t) })?;
    Ok(())
}

/// A group of receivers, on one interface (0: the system chooses).
#[derive(Clone, Copy)]
#[repr(C)]
struct Group {
    interface: u32,
    group: libc::sockaddr_storage,
}

/// As [`Group`], of one sender.
#[derive(Clone, Copy)]
#[repr(C)]
struct SourceGroup {
    group: Group,
    source: libc::sockaddr_storage,
}

fn storage(ip: IpAddr) -> libc::sockaddr_storage {
    let address = SockAddr::from(SocketAddr::new(ip, 0));
    // SAFETY: an address is of plain bytes, no longer than the storage; zero is a value for each of them.
    unsafe {
        let mut made: libc::sockaddr_storage = std::mem::zeroed();
        std::ptr::copy_nonoverlapping(
            address.as_ptr().cast::<u8>(),
            (&raw mut made).cast::<u8>(),
            (address.len() as usize).min(size_of_val(&made)),
        );
        made
    }
}

/// Joins, leaves or blocks a group of receivers: `name` is one of the `MCAST_*` options. A source is one sender to it.
///
/// # Errors
/// The system's.
pub fn change_group(
    fd: RawFd,
    level: i32,
    name: i32,
    interface: u32,
    group: IpAddr,
    source: Option<IpAddr>,
) -> io::Result<()> {
    let group = Group { interface, group: storage(group) };
    match source {
        Some(source) => set_option(fd, level, name, &SourceGroup { group, source: storage(source) }),
        None => set_option(fd, level, name, &group),
    }
}

/// The number of the interface with this name.
pub fn interface(name: &[u8]) -> Option<u32> {
    let name = CString::new(name).ok()?;
    // SAFETY: reads a C string.
    let index = unsafe { libc::if_nametoindex(name.as_ptr()) };
    (index != 0).then_some(index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_an_address_of_its_family_or_none() {
        assert_eq!(name(&address(libc::AF_INET, b"127.0.0.1", 80).expect("IPv4")), (b"127.0.0.1".to_vec(), 80));
        assert_eq!(name(&address(libc::AF_INET6, b"::1", 0).expect("IPv6")), (b"::1".to_vec(), 0));
        assert_eq!(name(&address(libc::AF_UNIX, b"/tmp/x.sock", 7).expect("a path")), (b"/tmp/x.sock".to_vec(), 0));
        let wrong = |family, host: &[u8], port| address(family, host, port).expect_err("no address");
        assert_eq!(wrong(libc::AF_INET, b"localhost", 1), BadAddress::Host);
        assert_eq!(wrong(libc::AF_INET, b"::1", 1), BadAddress::Host);
        assert_eq!(wrong(libc::AF_INET, b"127.0.0.1", 65536), BadAddress::Port);
        assert_eq!(wrong(libc::AF_INET, b"127.0.0.1", -1), BadAddress::Port);
        assert_eq!(wrong(libc::AF_UNIX, &[b'a'; 200], 0), BadAddress::TooLong);
        assert_eq!(wrong(libc::AF_NETLINK, b"x", 0), BadAddress::Family);
    }

    #[test]
    fn the_file_of_a_socket_goes_with_it_unless_it_is_another_one() {
        let path = std::env::temp_dir().join(format!("steelwool-{}.sock", std::process::id()));
        let bound = address(libc::AF_UNIX, path.as_os_str().as_bytes(), 0).expect("a path");
        let make = || {
            let fd = open(libc::AF_UNIX, libc::SOCK_STREAM, 0).expect("a socket");
            bind(fd, &bound).expect("bound");
            (fd, SocketFile::of(&bound).expect("a file"))
        };
        let (first, file) = make();
        drop(file);
        assert!(!path.exists());
        let (second, file) = make();
        std::fs::remove_file(&path).expect("removed");
        std::fs::write(&path, "mine").expect("written");
        drop(file);
        assert_eq!(std::fs::read(&path).expect("still there"), b"mine");
        std::fs::remove_file(&path).expect("removed");
        close(first);
        close(second);
        assert!(SocketFile::of(&address(libc::AF_INET, b"127.0.0.1", 80).expect("IPv4")).is_none());
    }

    #[test]
    fn a_pair_sends_parts_and_does_not_block() {
        let [left, right] = pair(libc::AF_UNIX, libc::SOCK_STREAM, 0).expect("a pair");
        let mut room = [0; 8];
        assert_eq!(receive(right, &mut room, 0).expect_err("nothing").kind(), io::ErrorKind::WouldBlock);
        let parts = [io::IoSlice::new(b"ab"), io::IoSlice::new(b"cde")];
        assert_eq!(send_parts(left, &parts).expect("sent"), 5);
        assert_eq!(receive(right, &mut room, 0).expect("came"), 5);
        assert_eq!(&room[..5], b"abcde");
        close(left);
        assert_eq!(receive(right, &mut room, 0).expect("the end"), 0);
        assert_eq!(send(right, b"x").expect_err("closed").raw_os_error(), Some(libc::EPIPE));
        close(right);
    }
}
