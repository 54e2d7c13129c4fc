//! The network interfaces of this machine.

use std::ffi::CStr;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What an interface has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Address {
    /// An IP address.
    Ip(IpAddr),
    /// A hardware address.
    Hardware([u8; 6]),
}

/// One address of an interface.
pub struct Interface {
    /// Its name.
    pub name: String,
    /// Whether it is up.
    pub up: bool,
    /// Whether it is the loopback interface.
    pub loopback: bool,
    /// The address.
    pub address: Address,
}

/// All addresses of all interfaces, in the system's order.
///
/// # Errors
/// The system does not say.
pub fn all() -> io::Result<Vec<Interface>> {
    let mut found = Vec::new();
    // SAFETY: the list is read before it is freed; an address is of the family that it names.
    unsafe {
        let mut list = std::ptr::null_mut();
        if libc::getifaddrs(&mut list) != 0 {
            return Err(io::Error::last_os_error());
        }
        let mut next: *const libc::ifaddrs = list;
        while let Some(entry) = next.as_ref() {
            if let Some(address) = entry.ifa_addr.as_ref().and_then(|address| read(address)) {
                let has = |flag: libc::c_int| entry.ifa_flags & flag as libc::c_uint != 0;
                found.push(Interface {
                    name: CStr::from_ptr(entry.ifa_name).to_string_lossy().into_owned(),
                    up: has(libc::IFF_UP),
                    loopback: has(libc::IFF_LOOPBACK),
                    address,
                });
            }
            next = entry.ifa_next;
        }
        libc::freeifaddrs(list);
    }
    Ok(found)
}

/// # Safety
/// `address` begins an address of the family that it names.
unsafe fn read(address: &libc::sockaddr) -> Option<Address> {
    let raw = std::ptr::from_ref(address);
    // SAFETY: the caller's promise.
    unsafe {
        match i32::from(address.sa_family) {
            libc::AF_INET => {
                let address = &*raw.cast::<libc::sockaddr_in>();
                Some(Address::Ip(IpAddr::V4(Ipv4Addr::from(u32::from_be(address.sin_addr.s_addr)))))
            }
            libc::AF_INET6 => {
                let address = &*raw.cast::<libc::sockaddr_in6>();
                Some(Address::Ip(IpAddr::V6(Ipv6Addr::from(address.sin6_addr.s6_addr))))
            }
            libc::AF_PACKET => {
                let bytes = (*raw.cast::<libc::sockaddr_ll>()).sll_addr;
                let [a, b, c, d, e, f, ..] = bytes;
                Some(Address::Hardware([a, b, c, d, e, f]))
            }
            _ => None,
        }
    }
}

/// The first IPv4 address of the interface with this number.
pub fn address_of(index: u32) -> Option<Ipv4Addr> {
    named().find(|(number, _)| *number == index).map(|(_, address)| address)
}

/// The number of the interface with this IPv4 address; 0 for none.
pub fn index_of(address: Ipv4Addr) -> u32 {
    named().find(|(_, its)| *its == address).map_or(0, |(number, _)| number)
}

/// Interfaces by number, with an IPv4 address each.
fn named() -> impl Iterator<Item = (u32, Ipv4Addr)> {
    all().unwrap_or_default().into_iter().filter_map(|interface| match interface.address {
        Address::Ip(IpAddr::V4(address)) => {
            super::socket::interface(interface.name.as_bytes()).map(|number| (number, address))
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_loopback_interface() {
        let all = all().unwrap();
        let local = Address::Ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
        assert!(all.iter().any(|it| it.loopback && it.up && it.address == local));
        assert!(all.iter().any(|it| it.loopback && it.address == Address::Hardware([0; 6])));
        let number = index_of(Ipv4Addr::LOCALHOST);
        assert_eq!(address_of(number), Some(Ipv4Addr::LOCALHOST));
        assert_eq!((index_of(Ipv4Addr::UNSPECIFIED), address_of(0)), (0, None));
    }
}
