//! `Swoole\Coroutine\System`; `Swoole\Coroutine` has the same methods.

mod files;
mod names;
mod shell;
mod wait;
mod wait_event;

pub use super::sleep;
pub use files::{read_file, statvfs, write_file};
pub use names::{dns_lookup, getaddrinfo, gethostbyname};
pub use shell::exec;
pub use wait::{wait, wait_pid, wait_signal};
pub use wait_event::wait_event;

pub(crate) use names::{clear_dns_cache, first_address, set_dns_cache_capacity, set_dns_cache_expire};

use crate::coroutine::pool;
use std::panic::resume_unwind;

/// Runs `work` on the runtime's pool of threads that may block. It owns what it needs and what it makes, so that whoever waits
/// may leave.
pub(crate) async fn offload<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match pool::spawn(work).await {
        Ok(made) => made,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            // The loop was left (`Event::exit()`) before a thread took the work: nobody will ever do it.
            Err(_) => std::future::pending().await,
        },
    }
}
