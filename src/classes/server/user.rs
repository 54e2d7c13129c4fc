//! Processes of the user's that the manager starts.

use super::inbox;
use super::running::Running;
use crate::classes::process::{self as process_class, Process};
use crate::classes::{ce, errors, slots::swoole_process as process_slot};
use crate::log;
use crate::zend::call::{Call, Return};
use crate::zend::{object, objects};
use ext_php_rs::types::Zval;
use std::rc::Rc;

/// `addProcess(Process $process): int|false`
pub fn add_process(call: &mut Call<'_>) -> Return {
    let server = super::constructed(call)?;
    if server.is_started() {
        errors::warn("server is running, cannot add process");
        return call.return_bool(false);
    }
    let value = call.value(0).map(Zval::shallow_clone).unwrap_or_default();
    if !objects::is_a(&value, ce::swoole_process()) {
        drop(value);
        errors::fatal("object is not instanceof swoole_process");
        return call.return_bool(false);
    }
    let number = server.users.borrow().len();
    let mut kept = value.shallow_clone();
    if let Some(object) = kept.object_mut() {
        object::set_slot(object, process_slot::ID, number as i64);
    }
    server.users.borrow_mut().push(value);
    call.return_long(number as i64)
}

/// Runs user process `index` in its new process, to its end.
pub(super) fn run(running: &Rc<Running>, index: usize) -> Return {
    log::set_process('@', index as i64);
    running.become_process(index);
    running.show_processes();
    inbox::open_beside();
    // It owns no connections: nothing to fail.
    let _ = running.endpoint.begin();
    let number = index - running.layout.core();
    let value = running.server().users.borrow().get(number).map(Zval::shallow_clone).unwrap_or_default();
    let mut shown = value.shallow_clone();
    if let Some(object) = shown.object_mut() {
        object::set_slot(object, process_slot::ID, index as i64);
    }
    let Some(process) = value.object().and_then(object::native::<Process>) else { return Ok(()) };
    process_class::live_as(&value, process)
}
