//! What Swoole's own functions do otherwise than those of ext/sockets, in coroutines with `SWOOLE_HOOK_SOCKETS`: nothing is said of
//! failures but by the result and `socket_last_error()`, a closed socket is a failure too, a length of 0 is everything, and
//! `socket_set_option()` warns of what PHP throws at.
//!
//! The functions and the sockets stay those of ext/sockets. That a time-out is `ETIMEDOUT` is `socket`'s doing.

use super::flags::hook;
use super::gate;
use crate::zend::{
    self, stream,
    wrap::{self, Wrapped},
};
use std::ffi::CStr;

const QUIET: [&CStr; 16] = [
    c"socket_accept",
    c"socket_bind",
    c"socket_connect",
    c"socket_create_listen",
    c"socket_create_pair",
    c"socket_getpeername",
    c"socket_getsockname",
    c"socket_listen",
    c"socket_read",
    c"socket_recv",
    c"socket_recvfrom",
    c"socket_set_block",
    c"socket_set_nonblock",
    c"socket_shutdown",
    c"socket_get_option",
    c"socket_getopt",
];
/// With the argument that says how much.
const SENDING: [(&CStr, usize); 3] = [(c"socket_write", 2), (c"socket_send", 2), (c"socket_sendto", 2)];
const OPTIONS: [&CStr; 2] = [c"socket_set_option", c"socket_setopt"];

/// Once ext/sockets is there.
pub(super) fn install() {
    wrap::wrap(&QUIET, quiet);
    wrap::wrap(&SENDING.map(|(name, _)| name), sending);
    wrap::wrap(&OPTIONS, set_option);
}

fn applies() -> bool {
    gate::coroutine_if(hook::SOCKETS).is_some()
}

fn quiet(function: &mut Wrapped<'_>) {
    if !applies() {
        return function.call();
    }
    function.call_quietly();
    function.forgive(closed);
}

/// Whether an error is that of a closed socket.
fn closed(text: &str) -> Option<()> {
    text.ends_with("has already been closed").then_some(())
}

fn sending(function: &mut Wrapped<'_>) {
    if !applies() {
        return function.call();
    }
    let index = SENDING.iter().find(|(name, _)| name.to_bytes() == function.name()).map_or(0, |(_, index)| *index);
    let size = function.argument(1).and_then(|text| text.zend_str()).map(|text| text.len());
    if let Some(size) = size
        && let Some(length) = function.argument(index)
        && length.long() == Some(0)
    {
        length.set_long(size as i64);
    }
    function.call_quietly();
    function.forgive(closed);
}

fn set_option(function: &mut Wrapped<'_>) {
    if !applies() {
        return function.call();
    }
    let fd = function.argument(0).and_then(|socket| socket.object()).and_then(stream::socket_descriptor);
    let mut warning = function.call_quietly();
    if function.forgive(closed).is_some() {
        return;
    }
    if let Some(text) = function.forgive(misuse) {
        warning = Some(text);
    }
    let Some(text) = warning else { return };
    let system = text.strip_prefix("Unable to set socket option [").and_then(|rest| rest.split_once("]: "));
    let text = match system {
        Some((number, reason)) => format!("setsockopt({}) failed, Error: {reason}[{number}]", fd.unwrap_or(-1)),
        None => text,
    };
    zend::plain_warning(&format!("Swoole\\Coroutine\\Socket::setOption(): {text}"));
}

/// What PHP throws at and Swoole warns of.
fn misuse(text: &str) -> Option<String> {
    let text = text.strip_prefix("Argument #4 ($value) ")?;
    if let Some(key) = text.strip_prefix("must have key ") {
        return Some(format!("no key {key} passed in optval"));
    }
    text.strip_prefix("must be between 0 and 255").map(|_| "Expected a value between 0 and 255".to_owned())
}
