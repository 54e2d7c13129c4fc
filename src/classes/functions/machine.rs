//! The machine and this process.

use crate::classes::errors;
use crate::io::interfaces::{self, Address, Interface};
use crate::io::process;
use crate::zend;
use crate::zend::array::Array;
use crate::zend::call::{Call, Return};
use crate::zend::callable::Callable;
use std::net::IpAddr;

/// `swoole_cpu_num()`
pub fn swoole_cpu_num(call: &mut Call<'_>) -> Return {
    call.return_long(process::processors().max(1) as i64)
}

/// `swoole_get_local_ip()`: by interface, the loopback one left out.
pub fn swoole_get_local_ip(call: &mut Call<'_>) -> Return {
    let family = call.optional(0, i64::from(libc::AF_INET), Call::long_arg)?;
    let all = match interfaces::all() {
        Ok(all) => all,
        Err(error) => {
            errors::warn_of_system("getifaddrs() failed", &error);
            return call.return_bool(false);
        }
    };
    let mut list = Array::new();
    for interface in all.iter().filter(|interface| interface.up) {
        let Address::Ip(address) = interface.address else { continue };
        let of = if address.is_ipv6() { libc::AF_INET6 } else { libc::AF_INET };
        if i64::from(of) == family && !is_loopback(address) {
            list.set(&interface.name, zend::string(address.to_string().as_bytes()));
        }
    }
    call.return_value(list.into())
}

fn is_loopback(address: IpAddr) -> bool {
    address.is_loopback()
}

/// `swoole_get_local_mac()`: of the interfaces that have an IPv4 address, the loopback one left out.
pub fn swoole_get_local_mac(call: &mut Call<'_>) -> Return {
    let all = match interfaces::all() {
        Ok(all) => all,
        Err(error) => {
            errors::warn_of_system("getifaddrs() failed", &error);
            return call.return_bool(false);
        }
    };
    let mut list = Array::new();
    for interface in &all {
        if !interface.loopback && matches!(interface.address, Address::Ip(IpAddr::V4(_))) {
            list.set(&interface.name, zend::string(hardware_address(&all, &interface.name).as_bytes()));
        }
    }
    call.return_value(list.into())
}

/// The hardware address of the interface with this name, zeros if it has none.
fn hardware_address(all: &[Interface], name: &str) -> String {
    // A second name of an interface has its number behind a colon.
    let name = name.split(':').next().unwrap_or_default();
    let found = all.iter().find_map(|interface| match interface.address {
        Address::Hardware(address) if interface.name == name => Some(address),
        _ => None,
    });
    found.unwrap_or_default().map(|byte| format!("{byte:02X}")).join(":")
}

/// `swoole_set_process_name()`
pub fn swoole_set_process_name(call: &mut Call<'_>) -> Return {
    let name = call.str_arg(0)?;
    match Callable::new(&zend::string(b"cli_set_process_title")) {
        Some(set) => {
            let outcome = set.call(&[zend::string(name.as_bytes())])?;
            call.return_value(outcome)
        }
        None => {
            errors::warn("swoole_set_process_name only support in CLI mode");
            call.return_bool(false)
        }
    }
}
