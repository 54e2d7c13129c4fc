//! Who calls: the object whose slot a replacement stands in decides which flag it obeys.
//!
//! `SWOOLE_HOOK_*` name PHP features, libc knows only descriptors. So libcurl's `poll` gets another replacement than PHP's own:
//! with `SWOOLE_HOOK_ALL ^ SWOOLE_HOOK_TCP` MySQL blocks while curl still yields.

use super::ext_curl;
use super::flags::{self, hook};
use super::gate::{self, Ended};
use super::got::Object;
use super::transport;
use std::os::fd::RawFd;

/// The kind of an object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Php,
    Curl,
    Pgsql,
    Sockets,
    Sqlite,
    Other,
}

/// Libraries by the start of their file names; what is not listed is [`Kind::Other`].
const KNOWN: [(&[u8], Kind); 15] = [
    (b"libphp", Kind::Php),
    (b"libcurl", Kind::Curl),
    (b"curl.", Kind::Curl),
    (b"libssh", Kind::Curl),
    (b"librtmp", Kind::Curl),
    (b"libldap", Kind::Curl),
    (b"liblber", Kind::Curl),
    (b"libpq.", Kind::Pgsql),
    (b"pgsql.", Kind::Pgsql),
    (b"pdo_pgsql.", Kind::Pgsql),
    (b"sockets.", Kind::Sockets),
    (b"libsqlite3", Kind::Sqlite),
    (b"sqlite3.", Kind::Sqlite),
    (b"pdo_sqlite.", Kind::Sqlite),
    (b"php", Kind::Php),
];

impl Kind {
    pub(super) fn of(object: &Object<'_>) -> Self {
        let name = object.name();
        if name.is_empty() {
            return Self::Php;
        }
        KNOWN.iter().find(|(start, _)| name.starts_with(start)).map_or(Self::Other, |(_, kind)| *kind)
    }
}

/// What decides for calls of one kind of object.
pub(super) trait Caller: 'static {
    /// The flags (any of them) for sleeps.
    const SLEEP: u32;
    /// The flags for the resolver's functions that connecting uses.
    const CONNECT_NAMES: u32;
    /// The flags for `select`.
    const SELECT: u32;
    /// Whether a second coroutine at one connection gets the library's own error, as in Swoole, not Swoole's.
    const OWN_ERRORS: bool = false;
    /// What a time limit that has passed is called; to read what is not there too.
    const TIME_OUT: i32 = libc::EAGAIN;
    /// Whether a wait for this descriptor is hooked.
    fn waits_for(fd: RawFd) -> bool;

    /// It connects this descriptor, or listens on it.
    fn begins(_: RawFd) {}

    /// It took connection `_fd` from `_listener`.
    fn accepted(_listener: RawFd, _fd: RawFd) {}

    /// The error number of a wait that ended so.
    fn number(ended: Ended) -> i32 {
        ended.errno()
    }
}

/// Any kind of stream.
const STREAMS: u32 = hook::TCP | hook::UDP | hook::UNIX | hook::UDG | hook::SSL | hook::TLS;

pub(super) struct Php;
pub(super) struct Curl;
pub(super) struct Pgsql;
pub(super) struct Sockets;
pub(super) struct Sqlite;
pub(super) struct Other;

impl Caller for Php {
    const SLEEP: u32 = hook::SLEEP;
    const CONNECT_NAMES: u32 = STREAMS | hook::NET_FUNCTION;
    const SELECT: u32 = hook::STREAM_FUNCTION;

    fn waits_for(fd: RawFd) -> bool {
        descriptor(fd)
    }

    fn begins(fd: RawFd) {
        transport::begins(fd);
    }

    fn accepted(listener: RawFd, fd: RawFd) {
        transport::accepted(listener, fd);
    }
}

impl Caller for Curl {
    const SLEEP: u32 = hook::CURL | hook::NATIVE_CURL;
    const CONNECT_NAMES: u32 = Self::SLEEP;
    const SELECT: u32 = Self::SLEEP;

    fn waits_for(_: RawFd) -> bool {
        flags::on(Self::SLEEP)
    }

    fn number(ended: Ended) -> i32 {
        if ended == Ended::Failed(libc::ECANCELED) {
            gate::last_error(gate::CO_CANCELED);
            ext_curl::canceled();
        }
        ended.errno()
    }
}

impl Caller for Pgsql {
    const SLEEP: u32 = hook::PDO_PGSQL;
    const OWN_ERRORS: bool = true;
    const CONNECT_NAMES: u32 = Self::SLEEP;
    const SELECT: u32 = Self::SLEEP;

    fn waits_for(_: RawFd) -> bool {
        flags::on(Self::SLEEP)
    }
}

impl Caller for Sockets {
    const SLEEP: u32 = hook::SOCKETS;
    const TIME_OUT: i32 = libc::ETIMEDOUT;
    const CONNECT_NAMES: u32 = Self::SLEEP;
    const SELECT: u32 = Self::SLEEP;

    fn waits_for(_: RawFd) -> bool {
        flags::on(Self::SLEEP)
    }
}

impl Caller for Sqlite {
    const SLEEP: u32 = hook::PDO_SQLITE;
    const CONNECT_NAMES: u32 = Self::SLEEP;
    const SELECT: u32 = Self::SLEEP;

    fn waits_for(_: RawFd) -> bool {
        false
    }
}

impl Caller for Other {
    const SLEEP: u32 = hook::SLEEP;
    const CONNECT_NAMES: u32 = STREAMS;
    const SELECT: u32 = STREAMS | hook::STREAM_FUNCTION;

    fn waits_for(fd: RawFd) -> bool {
        descriptor(fd)
    }
}

/// Whether the flag for this kind of descriptor is on.
fn descriptor(fd: RawFd) -> bool {
    const PIPES: u32 = hook::FILE | hook::STDIO | hook::PROC;
    let on = flags::in_force();
    if on & STREAMS == STREAMS && on & PIPES != 0 {
        return true;
    }
    let Some(domain) = option(fd, libc::SO_DOMAIN) else { return on & PIPES != 0 };
    let datagram = option(fd, libc::SO_TYPE) == Some(libc::SOCK_DGRAM);
    let wanted = match (domain == libc::AF_UNIX, datagram) {
        (true, false) => hook::UNIX,
        (true, true) => hook::UDG,
        (false, false) => transport::flag(fd),
        (false, true) => hook::UDP,
    };
    on & wanted != 0
}

/// A number among a socket's options; none when it is no socket.
fn option(fd: RawFd, name: i32) -> Option<i32> {
    let mut value = 0_i32;
    let mut size = size_of::<i32>() as libc::socklen_t;
    // SAFETY: fills an int of ours.
    let result = unsafe { libc::getsockopt(fd, libc::SOL_SOCKET, name, (&raw mut value).cast(), &mut size) };
    (result == 0).then_some(value)
}
