//! `swoole_event_*`: the methods of `Swoole\Event`.

pub use crate::classes::event::{
    add as swoole_event_add, cycle as swoole_event_cycle, defer as swoole_event_defer, del as swoole_event_del,
    dispatch as swoole_event_dispatch, exit as swoole_event_exit, isset as swoole_event_isset,
    rshutdown as swoole_event_rshutdown, set as swoole_event_set, wait as swoole_event_wait,
    write as swoole_event_write,
};
