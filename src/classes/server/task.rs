//! `Swoole\Server\Task`.

use super::messages::{Head, SERIALIZED, bytes, pack as pack_value, unpack as unpack_value};
use super::running::{Running, running};
use super::task_queue;
use super::tasks::{self, NOREPLY, Origin};
use crate::classes::{ce, errors, slots::swoole_server_task as slot};
use crate::native_handlers;
use crate::server::session::now;
use crate::zend;
use crate::zend::call::{Call, Return};
use crate::zend::object::{self, Native};
use ext_php_rs::types::Zval;
use std::cell::OnceCell;

/// The Rust half of a task.
pub struct Task(OnceCell<Origin>);

impl Native for Task {
    native_handlers!();

    fn new() -> Self {
        Self(OnceCell::new())
    }
}

/// A task object for what has come to this task worker.
pub(super) fn object(running: &Running, origin: Origin, data: Zval) -> Zval {
    object::instantiate_with::<Task>(ce::swoole_server_task(), |task, object| {
        // It has none: it was just made.
        let _ = task.0.set(origin);
        let mut time = Zval::new();
        time.set_double(origin.head.time);
        object::set_slot(object, slot::DATA, data);
        object::set_slot(object, slot::DISPATCH_TIME, time);
        object::set_slot(object, slot::ID, origin.head.id);
        object::set_slot(object, slot::WORKER_ID, origin.worker(running));
        object::set_slot(object, slot::FLAGS, i64::from(origin.head.flags));
    })
}

/// `finish(mixed $data): bool`
pub fn finish(call: &mut Call<'_>) -> Return {
    let Some(origin) = call.native::<Task>().0.get().copied() else {
        errors::fatal("Invalid instance of Swoole\\Server\\Task");
        return call.return_bool(false);
    };
    let Some(running) = running() else {
        errors::warn("server is not running");
        return call.return_bool(false);
    };
    let value = call.value(0).map(Zval::shallow_clone).unwrap_or_default();
    let given = tasks::give_result(&running, Some(origin), &value)?;
    call.return_bool(given)
}

/// `pack(mixed $data): string|false`
pub fn pack(call: &mut Call<'_>) -> Return {
    let value = call.value(0).map(Zval::shallow_clone).unwrap_or_default();
    let (packed, flags) = pack_value(&value)?;
    let head = Head { id: tasks::next_id(), flags: flags | NOREPLY, time: now() };
    match task_queue::pack(head, bytes(&packed)) {
        Ok(packed) => call.return_bytes(&packed),
        Err(error) => {
            errors::warn_of_system("large task pack failed", &error);
            call.return_bool(false)
        }
    }
}

/// `unpack(string $data): mixed`
pub fn unpack(call: &mut Call<'_>) -> Return {
    let packed = call.str_arg(0)?;
    let parts = task_queue::parts(packed.as_bytes());
    let value = parts.and_then(|(origin, data)| unpack_value(&data, origin.head.flags & SERIALIZED));
    call.return_value(value.unwrap_or_else(|| zend::boolean(false)))
}
