//! `Swoole\Coroutine\System`; `Swoole\Coroutine` has the same methods.

mod wait;
mod wait_event;

pub use super::sleep;
pub use wait::{wait, wait_pid, wait_signal};
pub use wait_event::wait_event;

use crate::classes::not_in_this_release;
use crate::zend::call::{Call, Return};

/// `gethostbyname(string $domain_name, int $type = AF_INET, float $timeout = -1): string|false`
pub fn gethostbyname(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine\\System::gethostbyname()")
}

/// `dnsLookup(string $domain_name, float $timeout = 60, int $type = AF_INET): string|false`
pub fn dns_lookup(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine\\System::dnsLookup()")
}

/// `exec(string $command, bool $get_error_stream = false): array|false`
pub fn exec(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine\\System::exec()")
}

/// `getaddrinfo(string $domain, ...): array|bool`
pub fn getaddrinfo(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine\\System::getaddrinfo()")
}

/// `statvfs(string $path): array`
pub fn statvfs(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine\\System::statvfs()")
}

/// `readFile(string $filename, int $flag = 0): string|false`
pub fn read_file(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine\\System::readFile()")
}

/// `writeFile(string $filename, string $fileContent, int $flags = 0): int|false`
pub fn write_file(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine\\System::writeFile()")
}
