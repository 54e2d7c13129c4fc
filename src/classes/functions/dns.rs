//! Names of hosts.

use crate::classes::coroutine::system;
use crate::zend::call::{Call, Return};

/// `swoole_async_dns_lookup_coro()`: as `Coroutine\System::dnsLookup()`.
pub fn swoole_async_dns_lookup_coro(call: &mut Call<'_>) -> Return {
    system::dns_lookup(call)
}

/// `swoole_clear_dns_cache()`: forgets the addresses of all hosts.
pub fn swoole_clear_dns_cache(_call: &mut Call<'_>) -> Return {
    system::clear_dns_cache();
    Ok(())
}
