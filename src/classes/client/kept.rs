//! Connections of `SWOOLE_KEEP` that no object uses: they wait for the next one, also in later requests of this process.

use super::connection::Connection;
use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

thread_local! {
    /// By peer, or by the name that the user gave; the one that waits longest is used first.
    static IDLE: RefCell<HashMap<Vec<u8>, VecDeque<Rc<Connection>>>> = RefCell::default();
}

/// Keeps a connection.
pub(super) fn put(connection: Rc<Connection>) {
    IDLE.with_borrow_mut(|idle| idle.entry(connection.key.clone()).or_default().push_back(connection));
}

/// A connection that was kept under this key and whose peer has not gone.
pub(super) fn take(key: &[u8]) -> Option<Rc<Connection>> {
    loop {
        let next = IDLE.with_borrow_mut(|idle| {
            let queue = idle.get_mut(key)?;
            let next = queue.pop_front();
            if queue.is_empty() {
                idle.remove(key);
            }
            next
        })?;
        if next.is_alive() {
            return Some(next);
        }
    }
}

/// The request ends: what the connections hold of PHP ends with it.
pub(super) fn request_shutdown() {
    let idle: Vec<_> = IDLE.with_borrow(|idle| idle.values().flatten().cloned().collect());
    for connection in idle {
        connection.forget_functions();
    }
}
