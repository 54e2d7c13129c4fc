//! Addresses as text.

use crate::zend::string;
use crate::zend::text::Name;
use ext_php_rs::types::Zval;
use std::cell::Cell;
use std::net::{IpAddr, SocketAddr};

/// A part of an address as text, with the point behind it.
#[derive(Clone, Copy)]
struct Octet {
    digits: [u8; 4],
    count: u8,
}

static OCTETS: [Octet; 256] = {
    let mut octets = [Octet { digits: [b'.'; 4], count: 0 }; 256];
    let mut number = 0;
    while number < 256 {
        let digits = [b'0' + (number / 100) as u8, b'0' + (number / 10 % 10) as u8, b'0' + (number % 10) as u8];
        let zeros = if number < 10 { 2 } else { (number < 100) as usize };
        let mut at = zeros;
        while at < 3 {
            octets[number].digits[at - zeros] = digits[at];
            at += 1;
        }
        octets[number].count = (4 - zeros) as u8;
        number += 1;
    }
    octets
};

/// Addresses of this machine, of which there are few, as they are written.
struct Own([Cell<Option<(IpAddr, Name)>>; 8]);

// SAFETY: only the PHP thread handles PHP's strings.
unsafe impl Sync for Own {}

static OWN: Own = Own([const { Cell::new(None) }; 8]);

/// An address without its port, empty when there is none.
pub(super) fn text(address: Option<SocketAddr>) -> Zval {
    let Some(ip) = address.map(|address| address.ip()) else { return string(b"") };
    // clients on this machine, and proxies, have one of its addresses
    find(ip).map_or_else(|| write(ip), Name::value)
}

/// As [`text`], for an address of this machine.
pub(super) fn own(address: Option<SocketAddr>) -> Zval {
    let Some(ip) = address.map(|address| address.ip()) else { return string(b"") };
    find(ip).or_else(|| learn(ip)).map_or_else(|| write(ip), Name::value)
}

#[inline]
fn find(ip: IpAddr) -> Option<Name> {
    OWN.0.iter().map_while(Cell::get).find(|(known, _)| *known == ip).map(|(_, name)| name)
}

#[cold]
fn learn(ip: IpAddr) -> Option<Name> {
    let place = OWN.0.iter().find(|place| place.get().is_none())?;
    let name = Name::kept(ip.to_string().as_bytes());
    place.set(Some((ip, name)));
    Some(name)
}

fn write(ip: IpAddr) -> Zval {
    let IpAddr::V4(ip) = ip else { return string(ip.to_string().as_bytes()) };
    let mut text = [0; 16];
    let mut length = 0;
    for octet in ip.octets() {
        let Octet { digits, count } = OCTETS[usize::from(octet)];
        // always four bytes, of which those that count are kept
        text[length..length + 4].copy_from_slice(&digits);
        length += usize::from(count);
    }
    string(&text[..length - 1])
}
