//! What Swoole's own functions for streams and processes do otherwise than PHP's, in coroutines with the hook of their family.

use super::flags::{self, hook};
use super::gate;
use crate::zend::wrap::{self, Wrapped};
use std::ffi::CStr;

/// Functions that take a resource of `proc_open()`.
const OF_PROCESSES: [&CStr; 3] = [c"proc_close", c"proc_get_status", c"proc_terminate"];
/// Functions that take options of a stream context, first.
const OPTIONS: [&CStr; 2] = [c"stream_context_create", c"stream_context_set_default"];

/// Once.
pub(super) fn install() {
    install_select();
    wrap::wrap(&[c"proc_open"], |function| {
        function.call();
        if gate::coroutine_if(hook::PROC).is_some() {
            wrap::name_process(function.result());
        }
    });
    wrap::wrap(&OF_PROCESSES, of_process);
    wrap::wrap(&OPTIONS, |function| {
        if gate::coroutine_if(hook::TCP | hook::UDP | hook::SSL | hook::TLS).is_some()
            && let Some(options) = function.argument(0)
        {
            wrap::any_address(options);
        }
        function.call();
    });
}

fn of_process(function: &mut Wrapped<'_>) {
    let renamed = function.argument(0).is_some_and(|process| wrap::rename_process(process, false));
    function.call();
    if renamed && let Some(process) = function.argument(0) {
        // Unless it is closed now.
        wrap::rename_process(process, true);
    }
}

/// Counts in `stream_select()`: a stream that can be read and written is one, as in Swoole.
fn install_select() {
    wrap::wrap(&[c"stream_select"], |function| {
        function.call();
        if !flags::on(hook::STREAM_FUNCTION) || gate::coroutine().is_none() {
            return;
        }
        let Some(counted) = function.result().long().filter(|counted| *counted > 0) else { return };
        let mut streams: Vec<usize> = Vec::new();
        for index in 0..3 {
            let Some(list) = function.argument(index).and_then(|list| list.array()) else { continue };
            streams.extend(list.values().filter_map(|stream| stream.resource()).map(|stream| stream as usize));
        }
        streams.sort_unstable();
        streams.dedup();
        function.result().set_long(counted.min(streams.len() as i64));
    });
}
