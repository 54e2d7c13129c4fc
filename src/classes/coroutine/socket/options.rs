//! `getOption()` and `setOption()`.

use super::core::Core;
use super::{opened, show_error};
use crate::classes::errors;
use crate::io::{interfaces, socket};
use crate::zend;
use crate::zend::array::Array;
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::text::Text;
use ext_php_rs::types::{ZendHashTable, Zval};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How setting an option went: `None` after a warning.
type Set = Result<Option<io::Result<()>>, Thrown>;

/// The options of TCP's state that are shown, in the order of the kernel's struct.
fn tcp_state(info: &libc::tcp_info) -> Zval {
    let mut state = Array::new();
    macro_rules! fields {
        ($($field:ident)*) => { $( state.set_long(&stringify!($field)["tcpi_".len()..], info.$field.into()); )* };
    }
    fields!(tcpi_state tcpi_ca_state tcpi_retransmits tcpi_probes tcpi_backoff tcpi_options);
    state.set_long("snd_wscale", i64::from(info.tcpi_snd_rcv_wscale & 15));
    state.set_long("rcv_wscale", i64::from(info.tcpi_snd_rcv_wscale >> 4));
    fields!(tcpi_rto tcpi_ato tcpi_snd_mss tcpi_rcv_mss tcpi_unacked tcpi_sacked tcpi_lost tcpi_retrans tcpi_fackets);
    fields!(tcpi_last_data_sent tcpi_last_ack_sent tcpi_last_data_recv tcpi_last_ack_recv tcpi_pmtu tcpi_rcv_ssthresh);
    fields!(tcpi_rtt tcpi_rttvar tcpi_snd_ssthresh tcpi_snd_cwnd tcpi_advmss tcpi_reordering tcpi_rcv_rtt);
    fields!(tcpi_rcv_space tcpi_total_retrans);
    state.into()
}

fn seconds_as_array(seconds: f64) -> Zval {
    let whole = seconds as i64;
    let mut made = Array::new();
    made.set_long("sec", whole);
    made.set_long("usec", ((seconds - whole as f64) * 1e6) as i64);
    made.into()
}

fn get(core: &Core, level: i32, name: i32) -> io::Result<Zval> {
    let fd = core.fd();
    match (level, name) {
        (libc::IPPROTO_IP, libc::IP_MULTICAST_IF) => {
            let mut address = 0_u32;
            socket::option(fd, level, name, &mut address)?;
            Ok(zend::long(interfaces::index_of(Ipv4Addr::from_bits(u32::from_be(address))).into()))
        }
        (libc::IPPROTO_IPV6, libc::IPV6_PKTINFO) => {
            let mut info = libc::in6_pktinfo { ipi6_addr: libc::in6_addr { s6_addr: [0; 16] }, ipi6_ifindex: 0 };
            socket::option(fd, level, name, &mut info)?;
            let mut made = Array::new();
            made.set("addr", zend::string(Ipv6Addr::from(info.ipi6_addr.s6_addr).to_string().as_bytes()));
            made.set_long("ifindex", info.ipi6_ifindex.into());
            Ok(made.into())
        }
        (_, libc::SO_LINGER) => {
            let mut linger = libc::linger { l_onoff: 0, l_linger: 0 };
            socket::option(fd, level, name, &mut linger)?;
            let mut made = Array::new();
            made.set_long("l_onoff", linger.l_onoff.into());
            made.set_long("l_linger", linger.l_linger.into());
            Ok(made.into())
        }
        (_, libc::SO_RCVTIMEO) => Ok(seconds_as_array(core.timeouts.get().read)),
        (_, libc::SO_SNDTIMEO) => Ok(seconds_as_array(core.timeouts.get().write)),
        // Whatever the level, as in Swoole; it is no other option's number at those that are used.
        (_, libc::TCP_INFO) => {
            // SAFETY: numbers only, for which zero is a value.
            let mut info: libc::tcp_info = unsafe { std::mem::zeroed() };
            socket::option(fd, libc::SOL_TCP, libc::TCP_INFO, &mut info)?;
            Ok(tcp_state(&info))
        }
        _ => {
            let mut value = 0_i32;
            let length = socket::option(fd, level, name, &mut value)?;
            let value = if length == 1 { i64::from(value.to_ne_bytes()[0] as i8) } else { value.into() };
            Ok(zend::long(value))
        }
    }
}

/// `getOption(int $level, int $opt_name): mixed`
pub fn get_option(call: &mut Call<'_>) -> Return {
    let (level, name) = (call.long_arg(0)?, call.long_arg(1)?);
    let Some(core) = opened(call)? else { return Ok(()) };
    match get(&core, level as i32, name as i32) {
        Ok(value) => call.return_value(value),
        Err(error) => {
            errors::warn_of_system(&format!("getsockopt({}, {level}, {name})", core.fd()), &error);
            call.return_bool(false)
        }
    }
}

/// An entry that an option's array must have; warns if it is missing.
fn entry<'a>(given: &'a ZendHashTable, key: &str) -> Option<&'a Zval> {
    let found = given.get(key);
    if found.is_none() {
        zend::warning(&format!("no key \"{key}\" passed in optval"));
    }
    found
}

/// The array that an option wants.
fn array<'a>(value: &'a Zval, option: &str) -> Result<&'a ZendHashTable, Thrown> {
    match value.array() {
        // SAFETY: the argument keeps its array for the length of the call.
        Some(array) => Ok(unsafe { &*std::ptr::from_ref(array) }),
        None => {
            let given = if value.is_object() { "object" } else { zend::type_name(value) };
            let words = format!(
                "Swoole\\Coroutine\\Socket::setOption(): Argument #3 ($opt_value) must be of type array when argument $option is {option}, {given} given"
            );
            zend::throw(zend::type_error(), &words, 0)
        }
    }
}

fn set_linger(core: &Core, level: i32, value: &Zval) -> Set {
    let given = array(value, "SO_LINGER")?;
    let Some(on) = entry(given, "l_onoff") else { return Ok(None) };
    let Some(time) = entry(given, "l_linger") else { return Ok(None) };
    let (on, time) = (zend::to_long(on), zend::to_long(time));
    for (key, number) in [("l_onoff", on), ("l_linger", time)] {
        if u16::try_from(number).is_err() {
            let words = format!(
                "Swoole\\Coroutine\\Socket::setOption(): Argument #3 ($opt_value) \"{key}\" must be between 0 and 65535"
            );
            return zend::throw(zend::value_error(), &words, 0);
        }
    }
    let linger = libc::linger { l_onoff: on as i32, l_linger: time as i32 };
    Ok(Some(socket::set_option(core.fd(), level, libc::SO_LINGER, &linger)))
}

fn set_time(core: &Core, name: i32, value: &Zval) -> Set {
    let reads = name == libc::SO_RCVTIMEO;
    let given = array(value, if reads { "SO_RCVTIMEO" } else { "SO_SNDTIMEO" })?;
    let Some(whole) = entry(given, "sec") else { return Ok(None) };
    let Some(part) = entry(given, "usec") else { return Ok(None) };
    let seconds = zend::to_long(whole) as f64 + zend::to_long(part) as f64 / 1e6;
    let mut timeouts = core.timeouts.get();
    if reads {
        timeouts.read = seconds;
    } else {
        (timeouts.connect, timeouts.write) = (seconds, seconds);
    }
    core.timeouts.set(timeouts);
    Ok(Some(Ok(())))
}

/// The number of an interface: that, or its name. `None` after a warning.
fn interface(value: &Zval) -> Result<Option<u32>, Thrown> {
    if let Some(number) = value.long() {
        let index = u32::try_from(number).ok();
        if index.is_none() {
            zend::warning(&format!(
                "the interface index cannot be negative or larger than {}; given {number}",
                u32::MAX
            ));
        }
        return Ok(index);
    }
    let name = Text::of(value)?;
    let index = socket::interface(name.as_bytes());
    if index.is_none() {
        let name = String::from_utf8_lossy(name.as_bytes());
        zend::warning(&format!("no interface with name \"{name}\" could be found"));
    }
    Ok(index)
}

/// The address that stands in a group's array. `None` after a warning.
fn group_address(core: &Core, given: &ZendHashTable, key: &str) -> Result<Option<IpAddr>, Thrown> {
    let Some(value) = entry(given, key) else { return Ok(None) };
    let text = Text::of(value)?;
    match socket::address(core.domain, text.as_bytes(), 0) {
        Ok(address) => Ok(address.as_socket().map(|address| address.ip())),
        Err(_) => {
            errors::warn(&format!("Host lookup failed for {}", String::from_utf8_lossy(text.as_bytes())));
            Ok(None)
        }
    }
}

/// Joins or leaves a group, all of its sources or one.
fn set_group(core: &Core, level: i32, name: i32, value: &Zval) -> Set {
    let empty = Array::new();
    let empty = Zval::from(empty);
    let given = value.array().or_else(|| empty.array());
    let Some(given) = given else { return Ok(None) };
    let Some(group) = group_address(core, given, "group")? else { return Ok(None) };
    let of_source = !matches!(name, libc::MCAST_JOIN_GROUP | libc::MCAST_LEAVE_GROUP);
    let source = if of_source {
        let Some(source) = group_address(core, given, "source")? else { return Ok(None) };
        Some(source)
    } else {
        None
    };
    let index = match given.get("interface") {
        Some(value) => match interface(value)? {
            Some(index) => index,
            None => return Ok(None),
        },
        None => 0,
    };
    Ok(Some(socket::change_group(core.fd(), level, name, index, group, source)))
}

fn set(core: &Core, level: i32, name: i32, value: &Zval) -> Set {
    let fd = core.fd();
    let number = || zend::to_long(value) as i32;
    let byte = |number: i64| match u8::try_from(number) {
        Ok(byte) => Some(socket::set_option(fd, level, name, &byte)),
        Err(_) => {
            zend::warning("Expected a value between 0 and 255");
            None
        }
    };
    let of_groups = matches!(level, libc::IPPROTO_IP | libc::IPPROTO_IPV6) && (42..=47).contains(&name);
    Ok(match (level, name) {
        _ if of_groups => return set_group(core, level, name, value),
        (libc::IPPROTO_IP, libc::IP_MULTICAST_IF) => {
            let Some(index) = interface(value)? else { return Ok(None) };
            let address = if index == 0 { Some(Ipv4Addr::UNSPECIFIED) } else { interfaces::address_of(index) };
            match address {
                Some(address) => Some(socket::set_option(fd, level, name, &address.to_bits().to_be())),
                None => {
                    zend::warning("unable to obtain interface with that index");
                    None
                }
            }
        }
        (libc::IPPROTO_IP, libc::IP_MULTICAST_LOOP) => byte(value.coerce_to_bool().into()),
        (libc::IPPROTO_IP, libc::IP_MULTICAST_TTL) => byte(zend::to_long(value)),
        (libc::IPPROTO_IPV6, libc::IPV6_MULTICAST_IF) => {
            let Some(index) = interface(value)? else { return Ok(None) };
            Some(socket::set_option(fd, level, name, &index))
        }
        (libc::IPPROTO_IPV6, libc::IPV6_MULTICAST_LOOP) => {
            Some(socket::set_option(fd, level, name, &i32::from(value.coerce_to_bool())))
        }
        (libc::IPPROTO_IPV6, libc::IPV6_MULTICAST_HOPS) => match zend::to_long(value) {
            hops @ -1..=255 => Some(socket::set_option(fd, level, name, &(hops as i32))),
            _ => {
                zend::warning("Expected a value between -1 and 255");
                None
            }
        },
        (libc::IPPROTO_IPV6, libc::IPV6_PKTINFO) => {
            let Some(given) = value.array() else {
                zend::warning("error converting user data (path: in6_pktinfo): expected an array here");
                return Ok(None);
            };
            let (Some(address), Some(index)) = (given.get("addr"), given.get("ifindex")) else {
                zend::warning("error converting user data (path: in6_pktinfo): The key 'addr' is required");
                return Ok(None);
            };
            let text = Text::of(address)?;
            let Ok(IpAddr::V6(address)) = String::from_utf8_lossy(text.as_bytes()).parse::<IpAddr>() else {
                zend::warning("error converting user data (path: in6_pktinfo > addr): no address");
                return Ok(None);
            };
            let Some(index) = interface(index)? else { return Ok(None) };
            let info =
                libc::in6_pktinfo { ipi6_addr: libc::in6_addr { s6_addr: address.octets() }, ipi6_ifindex: index };
            Some(socket::set_option(fd, level, name, &info))
        }
        // The Internet's own levels have other options under these numbers.
        (libc::IPPROTO_IP | libc::IPPROTO_IPV6, _) => Some(socket::set_option(fd, level, name, &number())),
        (_, libc::SO_LINGER) => return set_linger(core, level, value),
        (_, libc::SO_RCVTIMEO | libc::SO_SNDTIMEO) => return set_time(core, name, value),
        (_, libc::SO_BINDTODEVICE) => {
            let device = value.zend_str().map_or(&b""[..], |name| name.as_bytes());
            Some(socket::set_option_bytes(fd, level, name, device))
        }
        _ => Some(socket::set_option(fd, level, name, &number())),
    })
}

/// `setOption(int $level, int $opt_name, mixed $opt_value): bool`
pub fn set_option(call: &mut Call<'_>) -> Return {
    let (level, name) = (call.long_arg(0)?, call.long_arg(1)?);
    let Some(value) = call.value(2) else { return Ok(()) };
    let Some(core) = opened(call)? else { return Ok(()) };
    match set(&core, level as i32, name as i32, value)? {
        Some(Ok(())) => call.return_bool(true),
        Some(Err(error)) => {
            errors::warn_of_system(&format!("setsockopt({}) failed", core.fd()), &error);
            core.set_error(error.raw_os_error().unwrap_or(0));
            show_error(call, &core);
            call.return_bool(false)
        }
        None => call.return_bool(false),
    }
}
