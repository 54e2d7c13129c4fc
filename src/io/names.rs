//! The system's resolver by blocking calls, for the runtime's blocking pool.

use std::ffi::{CString, c_char, c_int};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

unsafe extern "C" {
    // netdb.h: glibc and musl
    fn gethostbyname2_r(
        name: *const c_char,
        family: c_int,
        result: *mut libc::hostent,
        buffer: *mut c_char,
        length: usize,
        found: *mut *mut libc::hostent,
        error: *mut c_int,
    ) -> c_int;
}

/// `name` up to its first NUL.
fn text(name: &[u8]) -> CString {
    let end = name.iter().position(|byte| *byte == 0).unwrap_or(name.len());
    CString::new(&name[..end]).unwrap_or_default()
}

/// The first address of a host; `None` when it has none of this family.
pub fn first_address(name: &[u8], family: i32) -> Option<IpAddr> {
    const MOST: usize = 1 << 20;
    let name = text(name);
    let mut buffer: Vec<c_char> = vec![0; 1024];
    loop {
        let (mut found, mut error) = (std::ptr::null_mut(), 0);
        // SAFETY: everything is filled in memory of ours; on success the entry's first address lies in `buffer`, as long as the
        // entry says.
        unsafe {
            let mut entry: libc::hostent = std::mem::zeroed();
            let outcome = gethostbyname2_r(
                name.as_ptr(),
                family,
                &mut entry,
                buffer.as_mut_ptr(),
                buffer.len(),
                &mut found,
                &mut error,
            );
            if outcome == libc::ERANGE && buffer.len() < MOST {
                buffer.resize(buffer.len() * 2, 0);
                continue;
            }
            if outcome != 0 || found.is_null() || (*entry.h_addr_list).is_null() {
                return None;
            }
            let address: *const c_char = *entry.h_addr_list;
            return match entry.h_length {
                4 => Some(IpAddr::V4(Ipv4Addr::from(address.cast::<[u8; 4]>().read()))),
                16 => Some(IpAddr::V6(Ipv6Addr::from(address.cast::<[u8; 16]>().read()))),
                _ => None,
            };
        }
    }
}

/// What to ask `getaddrinfo` for.
pub struct Question {
    /// The host.
    pub host: Vec<u8>,
    /// Name or number of a port, or nothing.
    pub service: Vec<u8>,
    /// `AF_INET` or `AF_INET6`.
    pub family: i32,
    /// Such as `SOCK_STREAM`; 0 for any.
    pub kind: i32,
    /// Such as `IPPROTO_TCP`; 0 for any.
    pub protocol: i32,
}

/// All addresses that `getaddrinfo` knows, in its order.
///
/// # Errors
/// Its `EAI_*` number.
pub fn addresses(question: &Question) -> Result<Vec<IpAddr>, i32> {
    let (host, service) = (text(&question.host), text(&question.service));
    // SAFETY: the list is read before it is freed; each entry's address is of the family that it names.
    unsafe {
        let mut hints: libc::addrinfo = std::mem::zeroed();
        hints.ai_family = question.family;
        hints.ai_socktype = question.kind;
        hints.ai_protocol = question.protocol;
        let mut list = std::ptr::null_mut();
        let service = if service.is_empty() { std::ptr::null() } else { service.as_ptr() };
        match libc::getaddrinfo(host.as_ptr(), service, &hints, &mut list) {
            0 => {}
            error => return Err(error),
        }
        let mut found = Vec::new();
        let mut next: *const libc::addrinfo = list;
        while let Some(entry) = next.as_ref() {
            match entry.ai_family {
                libc::AF_INET => {
                    let address = &*entry.ai_addr.cast::<libc::sockaddr_in>();
                    found.push(IpAddr::V4(Ipv4Addr::from(u32::from_be(address.sin_addr.s_addr))));
                }
                libc::AF_INET6 => {
                    let address = &*entry.ai_addr.cast::<libc::sockaddr_in6>();
                    found.push(IpAddr::V6(Ipv6Addr::from(address.sin6_addr.s6_addr)));
                }
                _ => {}
            }
            next = entry.ai_next;
        }
        libc::freeaddrinfo(list);
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(host: &str) -> Question {
        Question {
            host: host.into(),
            service: Vec::new(),
            family: libc::AF_INET,
            kind: libc::SOCK_STREAM,
            protocol: libc::IPPROTO_TCP,
        }
    }

    #[test]
    fn addresses_written_as_such_are_found() {
        let local = IpAddr::V4(Ipv4Addr::LOCALHOST);
        assert_eq!(first_address(b"127.0.0.1", libc::AF_INET), Some(local));
        assert_eq!(first_address(b"::1", libc::AF_INET6), Some(IpAddr::V6(Ipv6Addr::LOCALHOST)));
        assert_eq!(first_address(b"127.0.0.1", libc::AF_INET6), None);
        assert_eq!(addresses(&question("127.0.0.1\0x")), Ok(vec![local]));
        let mut other = question("127.0.0.1");
        other.service = b"80".to_vec();
        assert_eq!(addresses(&other), Ok(vec![local]));
        other.service = b"no such service".to_vec();
        assert_eq!(addresses(&other), Err(libc::EAI_SERVICE));
    }
}
