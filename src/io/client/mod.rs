//! Sockets of clients: kinds, addresses, and calls that wait with a time limit and without a runtime.
//!
//! What waits here blocks the thread; coroutines have sockets of their own.

mod address;
mod blocking;
mod secure;

pub use address::{Address, Unfit, is_port};
pub use blocking::{Blocking, End, Limits, NoPart, Part, ends_connection};
pub use secure::Secure;

/// What Swoole's `SWOOLE_SOCK_*` stand for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A stream over IPv4.
    Tcp,
    /// A stream over IPv6.
    Tcp6,
    /// Datagrams over IPv4.
    Udp,
    /// Datagrams over IPv6.
    Udp6,
    /// A stream within the machine.
    UnixStream,
    /// Datagrams within the machine.
    UnixDatagram,
}

impl Kind {
    /// The kind of a number `SWOOLE_SOCK_*`.
    pub fn from_number(number: i64) -> Option<Self> {
        Some(match number {
            1 => Self::Tcp,
            2 => Self::Udp,
            3 => Self::Tcp6,
            4 => Self::Udp6,
            5 => Self::UnixStream,
            6 => Self::UnixDatagram,
            _ => return None,
        })
    }

    /// Whether it is TCP.
    pub fn is_tcp(self) -> bool {
        matches!(self, Self::Tcp | Self::Tcp6)
    }

    /// Whether bytes come without bounds between them.
    pub fn is_stream(self) -> bool {
        self.is_tcp() || self == Self::UnixStream
    }

    /// Whether addresses are paths.
    pub fn is_local(self) -> bool {
        matches!(self, Self::UnixStream | Self::UnixDatagram)
    }

    /// `AF_*`.
    pub fn family(self) -> i32 {
        match self {
            Self::Tcp | Self::Udp => libc::AF_INET,
            Self::Tcp6 | Self::Udp6 => libc::AF_INET6,
            Self::UnixStream | Self::UnixDatagram => libc::AF_UNIX,
        }
    }
}
