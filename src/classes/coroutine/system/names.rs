//! Names of hosts: the system's resolver and our own.
//!
//! Each has its cache of first addresses, as in Swoole: `gethostbyname()` keeps up to `dns_cache_capacity` of them for
//! `dns_cache_expire` seconds, `dnsLookup()` keeps them for `dns_cache_refresh_time`.

use super::offload;
use crate::classes::{self, coroutine::timeout, errors, settings};
use crate::coroutine::Canceled;
use crate::coroutine::engine;
use crate::io::{dns, names};
use crate::zend;
use crate::zend::array::Array;
use crate::zend::call::{Call, Return};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::future::Future;
use std::net::IpAddr;
use std::time::{Duration, Instant};

/// A host and whether IPv6 was asked for.
type Key = (Vec<u8>, bool);

/// An address that is kept.
struct Entry {
    address: String,
    /// For ever if `None`.
    until: Option<Instant>,
    /// When it was last asked for.
    used: u64,
}

/// Addresses that are kept for a while: the most recently used ones.
struct Cache {
    capacity: usize,
    entries: HashMap<Key, Entry>,
    clock: u64,
}

impl Cache {
    /// Nothing, and room for as many as Swoole keeps.
    fn new() -> Self {
        Self { capacity: 1000, entries: HashMap::new(), clock: 0 }
    }

    fn get(&mut self, key: &Key) -> Option<String> {
        self.clock += 1;
        let entry = self.entries.get_mut(key)?;
        if entry.until.is_some_and(|until| until <= Instant::now()) {
            self.entries.remove(key);
            return None;
        }
        entry.used = self.clock;
        Some(entry.address.clone())
    }

    /// Keeps an address for this long, for ever if `None`.
    fn set(&mut self, key: Key, address: String, keep: Option<Duration>) {
        if self.capacity == 0 {
            return;
        }
        if self.entries.len() >= self.capacity && !self.entries.contains_key(&key) {
            let oldest = self.entries.iter().min_by_key(|(_, entry)| entry.used).map(|(key, _)| key.clone());
            self.entries.remove(&oldest.unwrap_or_default());
        }
        self.clock += 1;
        let until = keep.and_then(|keep| Instant::now().checked_add(keep));
        self.entries.insert(key, Entry { address, until, used: self.clock });
    }
}

thread_local! {
    /// What the system's resolver said.
    static SYSTEM: RefCell<Cache> = RefCell::new(Cache::new());

    /// For how long that is kept; for ever if `None`.
    static KEEP: Cell<Option<Duration>> = const { Cell::new(Some(Duration::from_secs(60))) };

    /// What name servers said.
    static ANSWERS: RefCell<Cache> = RefCell::new(Cache::new());
}

/// Forgets the addresses of all hosts.
pub(crate) fn clear_dns_cache() {
    SYSTEM.with_borrow_mut(|cache| cache.entries.clear());
    ANSWERS.with_borrow_mut(|cache| cache.entries.clear());
}

/// Sets for how many seconds `gethostbyname()` keeps addresses; 0 is for ever.
pub(crate) fn set_dns_cache_expire(seconds: i64) {
    KEEP.set(u64::try_from(seconds).ok().filter(|seconds| *seconds > 0).map(Duration::from_secs));
}

/// Sets of how many hosts `gethostbyname()` keeps addresses, and forgets those that it has.
pub(crate) fn set_dns_cache_capacity(capacity: i64) {
    SYSTEM.with_borrow_mut(|cache| {
        cache.capacity = usize::try_from(capacity).unwrap_or(usize::MAX);
        cache.entries.clear();
    });
}

/// Waits for an answer, at most as long as `seconds` say.
///
/// # Errors
/// The number of the error: timed out, or cancelled.
fn within<T>(seconds: f64, answer: impl Future<Output = T>) -> Result<T, i32> {
    match engine::scheduler().wait_for(answer, timeout(seconds)) {
        Ok(Some(answer)) => Ok(answer),
        Ok(None) => Err(errors::CO_TIMEDOUT),
        Err(Canceled) => Err(errors::CO_CANCELED),
    }
}

/// Sets the last error and errno to `number`, and returns false.
fn failed(call: &mut Call<'_>, number: i32) -> Return {
    errors::set_last(number);
    zend::set_errno(number);
    call.return_bool(false)
}

/// Whether a family is one of the two that are known; warns otherwise.
fn known(family: i64) -> bool {
    let known = family == i64::from(libc::AF_INET) || family == i64::from(libc::AF_INET6);
    if !known {
        errors::warn("unknown protocol family, must be AF_INET or AF_INET6");
    }
    known
}

/// The first address of a host by the system's resolver, waiting for it inside a coroutine and blocking outside.
///
/// # Errors
/// The number of the error.
pub(crate) fn first_address(host: &[u8], family: i32, seconds: f64) -> Result<String, i32> {
    let key = (host.to_vec(), family == libc::AF_INET6);
    if let Some(address) = SYSTEM.with_borrow_mut(|cache| cache.get(&key)) {
        return Ok(address);
    }
    let name = key.0.clone();
    let found = if engine::current_id().is_some() {
        within(seconds, offload(move || names::first_address(&name, family)))?
    } else {
        names::first_address(&name, family)
    };
    let address = found.ok_or(errors::DNSLOOKUP_RESOLVE_FAILED)?.to_string();
    SYSTEM.with_borrow_mut(|cache| cache.set(key, address.clone(), KEEP.get()));
    Ok(address)
}

/// `gethostbyname(string $domain_name, int $type = AF_INET, float $timeout = -1): string|false`
pub fn gethostbyname(call: &mut Call<'_>) -> Return {
    classes::current_coroutine()?;
    let host = call.str_arg(0)?.as_bytes();
    let family = call.optional(1, i64::from(libc::AF_INET), Call::long_arg)?;
    let seconds = call.optional(2, -1.0, Call::double_arg)?;
    if host.is_empty() {
        errors::warn("domain name is empty");
        return call.return_bool(false);
    }
    if !known(family) {
        return call.return_bool(false);
    }
    match first_address(host, family as i32, seconds) {
        Ok(address) => call.return_bytes(address.as_bytes()),
        Err(number) => failed(call, number),
    }
}

/// `getaddrinfo(string $domain, int $family = AF_INET, int $socktype = SOCK_STREAM, int $protocol = STREAM_IPPROTO_TCP,
/// ?string $service = null, float $timeout = -1): array|bool`
pub fn getaddrinfo(call: &mut Call<'_>) -> Return {
    let host = call.str_arg(0)?.as_bytes().to_vec();
    let family = call.optional(1, i64::from(libc::AF_INET), Call::long_arg)?;
    let question = names::Question {
        family: family as i32,
        kind: call.optional(2, i64::from(libc::SOCK_STREAM), Call::long_arg)? as i32,
        protocol: call.optional(3, i64::from(libc::IPPROTO_TCP), Call::long_arg)? as i32,
        service: call.nullable_str_arg(4)?.map_or(Vec::new(), |service| service.as_bytes().to_vec()),
        host,
    };
    let seconds = call.optional(5, -1.0, Call::double_arg)?;
    if question.host.is_empty() {
        errors::warn("hostname is empty");
        return call.return_bool(false);
    }
    if !known(family) {
        return call.return_bool(false);
    }
    classes::current_coroutine()?;
    match within(seconds, offload(move || names::addresses(&question))) {
        Ok(Ok(found)) if !found.is_empty() => {
            let mut addresses = Array::new();
            for address in found {
                addresses.push(zend::string(address.to_string().as_bytes()));
            }
            call.return_value(addresses.into())
        }
        Ok(Ok(_)) => call.return_bool(false),
        Ok(Err(number)) | Err(number) => failed(call, number),
    }
}

/// An address as Swoole writes what name servers say: IPv6 in full.
fn in_full(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => address.segments().map(|segment| format!("{segment:04x}")).join(":"),
    }
}

/// `dnsLookup(string $domain_name, float $timeout = 60, int $type = AF_INET): string|false`
pub fn dns_lookup(call: &mut Call<'_>) -> Return {
    classes::current_coroutine()?;
    let Some(name) = call.value(0) else { return Ok(()) };
    let seconds = call.optional(1, settings::with(|settings| settings.socket_dns_timeout), Call::double_arg)?;
    let v6 = call.optional(2, 0, Call::long_arg)? == i64::from(libc::AF_INET6);
    let Some(name) = name.zend_str() else {
        errors::warn("invalid domain name");
        return call.return_bool(false);
    };
    if name.as_bytes().is_empty() {
        errors::warn("domain name empty");
        return call.return_bool(false);
    }
    let key = (name.as_bytes().to_vec(), v6);
    let kept = ANSWERS.with_borrow_mut(|answers| answers.get(&key));
    if let Some(address) = kept {
        return call.return_bytes(address.as_bytes());
    }
    let host = String::from_utf8_lossy(name.as_bytes().split(|byte| *byte == 0).next().unwrap_or_default());
    let seconds = if seconds > 0.0 { seconds } else { settings::with(|settings| settings.socket_read_timeout) };
    let Some(addresses) = find(&host, v6, seconds) else {
        errors::set_last(errors::DNSLOOKUP_RESOLVE_FAILED);
        return call.return_bool(false);
    };
    let (random, keep) = settings::with(|settings| (settings.dns_lookup_random, settings.dns_cache_refresh_time));
    let chosen = if random { dns::random() as usize % addresses.len() } else { 0 };
    let address = in_full(addresses[chosen]);
    // A time that is none counts as none at all.
    let keep = Duration::try_from_secs_f64(keep).unwrap_or_default();
    ANSWERS.with_borrow_mut(|answers| answers.set(key, address.clone(), Some(keep)));
    call.return_bytes(address.as_bytes())
}

/// The addresses of a host, at least one: written as such, from the hosts file, or from a name server.
fn find(host: &str, v6: bool, seconds: f64) -> Option<Vec<IpAddr>> {
    if let Ok(address) = host.parse::<IpAddr>() {
        return (address.is_ipv6() == v6).then(|| vec![address]);
    }
    if let Some(address) = dns::in_hosts_file(host, v6) {
        return Some(vec![address]);
    }
    let servers = match settings::with(|settings| settings.dns_server.clone()) {
        Some(server) => dns::server(&server).into_iter().collect(),
        None => dns::system_servers(),
    };
    within(seconds, dns::look_up(host, v6, &servers)).ok()?.ok()
}
