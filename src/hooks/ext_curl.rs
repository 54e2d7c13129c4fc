//! What Swoole's functions do otherwise than those of ext/curl, in coroutines with `SWOOLE_HOOK_CURL` or `SWOOLE_HOOK_NATIVE_CURL`:
//! a handle that one coroutine executes, or waits with, is not for another, and a cancelled transfer was aborted by a callback.
//!
//! The functions and the handles stay those of ext/curl.

use super::gate;
use super::names::CURL;
use crate::coroutine::engine;
use crate::zend::wrap::{self, Wrapped};
use std::cell::RefCell;
use std::ffi::CStr;

/// Functions that nobody calls with a handle while another coroutine executes it, and the argument that is the handle.
const EXCLUSIVE: [(&CStr, usize); 7] = [
    (c"curl_close", 0),
    (c"curl_copy_handle", 0),
    (c"curl_escape", 0),
    (c"curl_multi_add_handle", 1),
    (c"curl_pause", 0),
    (c"curl_reset", 0),
    (c"curl_unescape", 0),
];

/// `CURLE_ABORTED_BY_CALLBACK`, and libcurl's words for it.
const ABORTED: (i64, &str) = (42, "Operation was aborted by an application callback");

/// One `curl_exec()` or `curl_multi_select()`.
struct Transfer {
    /// The object's address.
    handle: usize,
    coroutine: i64,
    canceled: bool,
}

#[derive(Default)]
struct Transfers {
    running: Vec<Transfer>,
    /// Handles whose last transfer was cancelled.
    canceled: Vec<usize>,
}

thread_local! {
    static TRANSFERS: RefCell<Transfers> = RefCell::default();
}

/// Once ext/curl is there.
pub(super) fn install() {
    wrap::wrap(&[c"curl_exec"], |function| {
        if let Some((handle, true)) = execute(function) {
            TRANSFERS.with_borrow_mut(|transfers| transfers.canceled.push(handle));
        }
    });
    wrap::wrap(&[c"curl_multi_select"], |function| {
        execute(function);
    });
    wrap::wrap(&EXCLUSIVE.map(|(name, _)| name), exclusive);
    wrap::wrap(&[c"curl_init"], |function| {
        function.call();
        forget(result_handle(function));
    });
    wrap::wrap(&[c"curl_errno"], |function| {
        function.call();
        if was_canceled(function) {
            function.result().set_long(ABORTED.0);
        }
    });
    wrap::wrap(&[c"curl_error"], |function| {
        function.call();
        if was_canceled(function) {
            function.result().set_string(ABORTED.1, false).ok();
        }
    });
}

/// A loop begins: nothing runs.
pub(super) fn begin() {
    TRANSFERS.with_borrow_mut(|transfers| transfers.running.clear());
}

/// The running coroutine was cancelled while libcurl waited.
pub(super) fn canceled() {
    let Some(id) = engine::current_id() else { return };
    TRANSFERS.with_borrow_mut(|transfers| {
        for transfer in transfers.running.iter_mut().filter(|transfer| transfer.coroutine == id) {
            transfer.canceled = true;
        }
    });
}

fn argument_handle(function: &mut Wrapped<'_>, index: usize) -> Option<usize> {
    function.argument(index)?.object().map(|object| std::ptr::from_ref(object).addr())
}

fn result_handle(function: &mut Wrapped<'_>) -> Option<usize> {
    function.result().object().map(|object| std::ptr::from_ref(object).addr())
}

/// The handle is new, or is used anew.
fn forget(handle: Option<usize>) {
    TRANSFERS.with_borrow_mut(|transfers| transfers.canceled.retain(|canceled| Some(*canceled) != handle));
}

fn was_canceled(function: &mut Wrapped<'_>) -> bool {
    let handle = argument_handle(function, 0);
    TRANSFERS.with_borrow(|transfers| transfers.canceled.iter().any(|canceled| Some(*canceled) == handle))
}

/// Whether this handle is not in use by a coroutine other than `id`; throws if it is.
fn available(handle: Option<usize>, id: i64) -> bool {
    let by = TRANSFERS.with_borrow(|transfers| {
        transfers.running.iter().find(|transfer| Some(transfer.handle) == handle).map(|transfer| transfer.coroutine)
    });
    match by.filter(|by| *by != id) {
        Some(by) => gate::in_use(by),
        None => return true,
    }
    false
}

fn exclusive(function: &mut Wrapped<'_>) {
    let index = EXCLUSIVE.iter().find(|(name, _)| name.to_bytes() == function.name()).map_or(0, |(_, index)| *index);
    let handle = argument_handle(function, index);
    if gate::coroutine_if(CURL).is_some_and(|id| !available(handle, id)) {
        return;
    }
    function.call();
    match function.name() {
        b"curl_reset" => forget(handle),
        b"curl_copy_handle" => forget(result_handle(function)),
        _ => {}
    }
}

/// Calls a function that waits with its first argument, in a coroutine: the handle, and whether it failed since that was cancelled.
fn execute(function: &mut Wrapped<'_>) -> Option<(usize, bool)> {
    let handle = argument_handle(function, 0);
    let coroutine = gate::coroutine_if(CURL);
    if coroutine.is_some_and(|id| !available(handle, id)) {
        return None;
    }
    forget(handle);
    let (Some(coroutine), Some(handle)) = (coroutine, handle) else {
        function.call();
        return None;
    };
    TRANSFERS.with_borrow_mut(|transfers| {
        transfers.running.push(Transfer { handle, coroutine, canceled: false });
    });
    function.call();
    let ended = TRANSFERS.with_borrow_mut(|transfers| {
        let index = transfers.running.iter().rposition(|transfer| transfer.coroutine == coroutine)?;
        Some(transfers.running.swap_remove(index))
    });
    let canceled = ended.is_some_and(|transfer| transfer.canceled) && function.result().is_false();
    Some((handle, canceled))
}
