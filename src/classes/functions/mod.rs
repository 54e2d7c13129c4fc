//! The functions, by theme.
//!
//! `Swoole\A\b` is `a_b` here, a global function has its own name.

mod dns;
mod error;
mod event;
mod internal;
mod machine;
mod mime;
mod settings;
mod text;

pub use dns::{swoole_async_dns_lookup_coro, swoole_clear_dns_cache};
pub use error::{
    swoole_clear_error, swoole_errno, swoole_error_log, swoole_error_log_ex, swoole_ignore_error, swoole_last_error,
    swoole_strerror,
};
pub use event::{
    swoole_event_add, swoole_event_cycle, swoole_event_defer, swoole_event_del, swoole_event_dispatch,
    swoole_event_exit, swoole_event_isset, swoole_event_rshutdown, swoole_event_set, swoole_event_wait,
    swoole_event_write,
};
pub(crate) use internal::request_shutdown;
pub use internal::{
    swoole_get_object_by_handle, swoole_get_objects, swoole_get_vm_status, swoole_implicit_fn,
    swoole_internal_call_user_shutdown_begin, swoole_tracer_leak_detect, swoole_tracer_prof_begin,
    swoole_tracer_prof_end,
};
pub use machine::{swoole_cpu_num, swoole_get_local_ip, swoole_get_local_mac, swoole_set_process_name};
pub use mime::{
    swoole_mime_type_add, swoole_mime_type_delete, swoole_mime_type_exists, swoole_mime_type_get,
    swoole_mime_type_list, swoole_mime_type_set,
};
pub use settings::swoole_async_set;
pub use text::{swoole_hashcode, swoole_substr_json_decode, swoole_substr_unserialize};

pub use crate::classes::coroutine::mysql::coroutine_mysql_restore;
pub use crate::classes::name_resolver::{
    swoole_name_resolver_add, swoole_name_resolver_lookup, swoole_name_resolver_remove,
};

pub use crate::classes::client::{swoole_client_select, swoole_client_select as swoole_select};

pub use crate::classes::timer::{
    after as swoole_timer_after, clear as swoole_timer_clear, clear_all as swoole_timer_clear_all,
    exists as swoole_timer_exists, info as swoole_timer_info, list as swoole_timer_list, stats as swoole_timer_stats,
    tick as swoole_timer_tick,
};

use crate::classes::{API_VERSION, coroutine};
use crate::coroutine::engine;
use crate::zend::call::{Call, Return};

/// `swoole_version()`.
pub fn swoole_version(call: &mut Call<'_>) -> Return {
    call.return_bytes(API_VERSION.to_bytes())
}

/// `swoole_coroutine_socketpair()`.
pub fn swoole_coroutine_socketpair(call: &mut Call<'_>) -> Return {
    crate::classes::coroutine::socket::pair(call)
}

/// `swoole_test_kernel_coroutine()`.
pub fn swoole_test_kernel_coroutine(call: &mut Call<'_>) -> Return {
    if !engine::active() {
        return call.return_bool(false);
    }
    let count = call.optional(0, 100, Call::long_arg)?;
    let seconds = call.optional(1, 1.0, Call::double_arg)?;
    coroutine::start_sleeper(count, seconds)
}

/// `Swoole\Coroutine\run()`.
pub fn coroutine_run(call: &mut Call<'_>) -> Return {
    let callable = call.callable_arg(0)?;
    coroutine::default_hook_flags();
    engine::spawn_call(callable, call.rest(1))?;
    crate::classes::event::run()?;
    call.return_bool(true)
}

/// `Swoole\Coroutine\go()`, `go()`, `swoole_coroutine_create()`.
pub fn coroutine_create(call: &mut Call<'_>) -> Return {
    coroutine::start(call)
}

/// `Swoole\Coroutine\defer()`, `defer()`, `swoole_coroutine_defer()`.
pub fn coroutine_defer(call: &mut Call<'_>) -> Return {
    coroutine::defer(call)
}
