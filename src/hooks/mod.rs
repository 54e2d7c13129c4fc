//! Runtime hooks: blocking calls of C code wait as coroutines do.
//!
//! * [`got`]: puts functions of ours in the place of libc's, object by object.
//! * [`flags`]: which families are on, and when.
//! * `caller`: whose call it is, hence which flag it obeys; `transport`: which streams are TLS.
//! * `gate`: whether a call may suspend, and the suspensions.
//! * `table`: names and their replacements; one file for each family: `sleep`, `poll`, `socket`, `pipe`,
//!   `file`, `lock`, `names`, `lookup`, `process`, `descriptor`.

#[cfg(feature = "php")]
mod caller;
#[cfg(feature = "php")]
mod descriptor;
#[cfg(feature = "php")]
mod ext_curl;
#[cfg(feature = "php")]
mod ext_sockets;
#[cfg(feature = "php")]
mod ext_streams;
#[cfg(feature = "php")]
mod file;
pub mod flags;
#[cfg(feature = "php")]
mod gate;
pub mod got;
#[cfg(feature = "php")]
mod lock;
#[cfg(feature = "php")]
mod lookup;
#[cfg(feature = "php")]
mod names;
#[cfg(feature = "php")]
mod patching;
#[cfg(feature = "php")]
mod pipe;
#[cfg(feature = "php")]
mod poll;
#[cfg(feature = "php")]
mod process;
#[cfg(feature = "php")]
mod signals;
#[cfg(feature = "php")]
mod sleep;
#[cfg(feature = "php")]
mod socket;
#[cfg(feature = "php")]
mod table;
#[cfg(feature = "php")]
mod transport;

#[cfg(feature = "php")]
use crate::coroutine::engine;
#[cfg(feature = "php")]
use crate::zend;

#[cfg(feature = "php")]
pub use gate::Upcalls;
#[cfg(feature = "php")]
pub use patching::state;

/// Turns these families on, at once and for later loops.
#[cfg(feature = "php")]
pub fn enable(flags: u32) {
    flags::enable(flags);
    if flags != 0 {
        patching::patch();
    }
}

/// Ties the hooks to the coroutines' life; once, at module start.
#[cfg(feature = "php")]
pub fn install(upcalls: Upcalls) {
    gate::set_upcalls(upcalls);
    engine::on_activity(begin, end);
    signals::install();
    zend::stream::register_async_files(file::ASYNC_FILES);
}

/// What Swoole switches off while there are coroutines: a child that forks in the middle of them, and waits for any child, which
/// would take those of others.
#[cfg(feature = "php")]
const HARMFUL: [&std::ffi::CStr; 6] =
    [c"pcntl_fork", c"pcntl_rfork", c"pcntl_wait", c"pcntl_waitpid", c"pcntl_sigtimedwait", c"pcntl_sigwaitinfo"];

#[cfg(feature = "php")]
fn end() {
    flags::end();
    zend::enable_functions();
}

/// The last thing at the end of a request.
///
/// After a fatal error coroutines may be parked for ever in the middle of libcurl, libpq and others. PHP would now free the
/// handles that those were working on, whose state is half-way. Output is flushed and shutdown functions have run: the process
/// ends here instead.
#[cfg(feature = "php")]
pub fn request_end() {
    flags::reset();
    if gate::Parked::count() > 0 && !gate::is_forked() && zend::sapi_is_command() {
        zend::leave();
    }
}

#[cfg(feature = "php")]
fn begin() {
    gate::begin();
    ext_curl::begin();
    lock::begin();
    socket::begin();
    file::begin();
    flags::begin();
    zend::disable_functions(&HARMFUL);
    signals::begin();
    if flags::in_force() != 0 {
        patching::patch();
    }
}
