//! Which descriptors are those of `ssl://` and `tls://` streams, which obey flags of their own.
//!
//! A descriptor does not tell. But PHP asks the transport for a stream, and that one connects or listens in the same coroutine.
//! Streams that were made before hooks were first in force count as `tcp://`, and so does what `stream_socket_enable_crypto()` is given.

use super::flags::hook;
use crate::coroutine::engine;
use crate::zend::stream::{self, Transport};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::os::fd::RawFd;

thread_local! {
    /// The flags of coroutines (0 for the top level) that made their last stream with TLS.
    static MAKING: RefCell<BTreeMap<i64, u32>> = const { RefCell::new(BTreeMap::new()) };
    /// The flags of descriptors that are TLS.
    static SECURE: RefCell<BTreeMap<RawFd, u32>> = const { RefCell::new(BTreeMap::new()) };
}

/// More coroutines than these are looked through for those that have ended.
const MANY: usize = 1024;

/// Once.
pub(super) fn install() {
    stream::tell_transports(used);
}

fn used(transport: Transport) {
    let id = engine::current_id().unwrap_or(0);
    MAKING.with_borrow_mut(|making| {
        let flag = match transport {
            Transport::Tcp => {
                making.remove(&id);
                return;
            }
            Transport::Ssl => hook::SSL,
            Transport::Tls => hook::TLS,
        };
        making.insert(id, flag);
        if making.len() > MANY {
            making.retain(|id, _| *id == 0 || engine::scheduler().find(*id).is_some());
        }
    });
}

/// PHP connects this descriptor, or listens on it.
pub(super) fn begins(fd: RawFd) {
    let flag = MAKING.with_borrow(|making| match making.is_empty() {
        true => None,
        false => making.get(&engine::current_id().unwrap_or(0)).copied(),
    });
    note(fd, flag);
}

fn note(fd: RawFd, flag: Option<u32>) {
    SECURE.with_borrow_mut(|secure| match flag {
        Some(flag) => secure.insert(fd, flag),
        None => secure.remove(&fd),
    });
}

/// `fd` is a connection that `listener` took.
pub(super) fn accepted(listener: RawFd, fd: RawFd) {
    note(fd, SECURE.with_borrow(|secure| secure.get(&listener).copied()));
}

/// `fd` is closed.
pub(super) fn closed(fd: RawFd) {
    note(fd, None);
}

/// The flag that a connection of TCP obeys.
pub(super) fn flag(fd: RawFd) -> u32 {
    SECURE.with_borrow(|secure| secure.get(&fd).copied()).unwrap_or(hook::TCP)
}
