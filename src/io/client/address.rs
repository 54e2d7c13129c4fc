//! Addresses as users write them.

use super::Kind;
use crate::io::names;
use socket2::SockAddr;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Whether a number can be a port.
pub fn is_port(number: i64) -> bool {
    u16::try_from(number).is_ok()
}

/// Why something is no address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unfit {
    /// The port is not within 0 and 65535.
    Port,
    /// A name: it must be looked up first.
    Name,
    /// The path is longer than the system allows, or has a NUL in it.
    Path,
    /// There is no host of this name.
    Unknown,
}

/// Where a peer is, as users see it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Address {
    /// The address or the path; Swoole's `0.0.0.0` and the like when there is none.
    pub host: Vec<u8>,
    /// The port; 0 for paths.
    pub port: u16,
}

impl Address {
    /// The address of `host` and `port` for a socket of this kind; a name is none.
    ///
    /// # Errors
    /// It is no address.
    pub fn parse(kind: Kind, host: &[u8], port: i64) -> Result<SockAddr, Unfit> {
        let port = u16::try_from(port).map_err(|_| Unfit::Port)?;
        if kind.is_local() {
            // One byte less than the system's limit, as in Swoole.
            const MOST: usize = 106;
            if host.len() > MOST || host.contains(&0) {
                return Err(Unfit::Path);
            }
            return SockAddr::unix(Path::new(std::ffi::OsStr::from_bytes(host))).map_err(|_| Unfit::Path);
        }
        let text = std::str::from_utf8(host).map_err(|_| Unfit::Name)?;
        let address = match kind {
            Kind::Tcp | Kind::Udp => text.parse::<Ipv4Addr>().map(IpAddr::V4),
            _ => text.parse::<Ipv6Addr>().map(IpAddr::V6),
        };
        Ok(SocketAddr::new(address.map_err(|_| Unfit::Name)?, port).into())
    }

    /// As [`Address::parse`], but a name is looked up. Blocks.
    ///
    /// # Errors
    /// It is no address, and no name of a host either.
    pub fn resolve(kind: Kind, host: &[u8], port: i64) -> Result<SockAddr, Unfit> {
        match Self::parse(kind, host, port) {
            Err(Unfit::Name) => {
                let found = names::first_address(host, kind.family()).ok_or(Unfit::Unknown)?;
                Ok(SocketAddr::new(found, u16::try_from(port).unwrap_or(0)).into())
            }
            parsed => parsed,
        }
    }

    /// What the system says, in the terms of a socket of this kind.
    pub fn of(kind: Kind, address: Option<&SockAddr>) -> Self {
        if let Some(address) = address.and_then(SockAddr::as_socket) {
            return Self { host: address.ip().to_string().into_bytes(), port: address.port() };
        }
        let host = match (kind, address) {
            (Kind::Tcp | Kind::Udp, _) => b"0.0.0.0".to_vec(),
            (Kind::Tcp6 | Kind::Udp6, _) => b"::".to_vec(),
            (_, address) => {
                let path = address.and_then(SockAddr::as_pathname);
                path.map_or_else(Vec::new, |path| path.as_os_str().as_bytes().to_vec())
            }
        };
        Self { host, port: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_an_address() {
        let there = Address::parse(Kind::Tcp, b"127.0.0.1", 80).unwrap();
        assert_eq!(Address::of(Kind::Tcp, Some(&there)), Address { host: b"127.0.0.1".to_vec(), port: 80 });
        let there = Address::parse(Kind::Udp6, b"::1", 65535).unwrap();
        assert_eq!(Address::of(Kind::Udp6, Some(&there)), Address { host: b"::1".to_vec(), port: 65535 });
        let there = Address::parse(Kind::UnixStream, b"/tmp/x", 7).unwrap();
        assert_eq!(Address::of(Kind::UnixStream, Some(&there)), Address { host: b"/tmp/x".to_vec(), port: 0 });
        assert_eq!(Address::of(Kind::Tcp, None).host, b"0.0.0.0");
        let refused = |kind, host: &[u8], port| Address::parse(kind, host, port).err();
        assert_eq!(refused(Kind::Tcp, b"127.0.0.1", 65536), Some(Unfit::Port));
        assert_eq!(refused(Kind::Tcp, b"127.0.0.1", -1), Some(Unfit::Port));
        assert_eq!(refused(Kind::Tcp, b"::1", 1), Some(Unfit::Name));
        assert_eq!(refused(Kind::Tcp6, b"127.0.0.1", 1), Some(Unfit::Name));
        assert_eq!(refused(Kind::Tcp, b"\xff", 1), Some(Unfit::Name));
        assert_eq!(refused(Kind::UnixStream, &[b'x'; 107], 1), Some(Unfit::Path));
        assert_eq!(refused(Kind::UnixStream, b"a\0b", 1), Some(Unfit::Path));
    }

    #[test]
    fn names_are_looked_up() {
        let found = Address::resolve(Kind::Tcp, b"localhost", 5).unwrap();
        assert!(found.as_socket().unwrap().ip().is_loopback());
        assert_eq!(found.as_socket().unwrap().port(), 5);
        assert_eq!(Address::resolve(Kind::Tcp, b"no.such.host.invalid", 5).err(), Some(Unfit::Unknown));
    }
}
