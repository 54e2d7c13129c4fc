//! Autoloaders that suspend.
//!
//! The engine refuses to autoload a class that is being autoloaded: that is recursion. With coroutines it may be another
//! coroutine that wants the same class while the first one's autoloader waits for a file; that one has to wait, not to fail.

use super::engine::{current_id, scheduler};
use super::scheduler::Waiting;
use crate::zend::class_loading::{self, Class, ClassLoader};
use std::cell::RefCell;
use std::collections::HashMap;

/// One class being loaded.
struct Loading {
    owner: i64,
    waiters: Vec<i64>,
}

thread_local! {
    /// Lower-case class names.
    static LOADING: RefCell<HashMap<Vec<u8>, Loading>> = RefCell::new(HashMap::new());
}

/// Puts it between the engine and its autoloader; once, at module start.
pub fn install() {
    class_loading::install(load);
}

/// Whether waiting for `name` would wait for what the coroutine `id` is loading itself.
fn would_wait_for(name: &[u8], id: i64) -> bool {
    LOADING.with_borrow(|loading| {
        let mut wanted = name;
        loop {
            let Some(entry) = loading.get(wanted) else { return false };
            if entry.owner == id {
                return true;
            }
            // What the owner itself waits for, if anything.
            match loading.iter().find(|(_, other)| other.waiters.contains(&entry.owner)) {
                Some((next, _)) => wanted = next,
                None => return false,
            }
        }
    })
}

fn load(lower_name: &[u8], loader: ClassLoader<'_>) -> Class {
    let Some(id) = current_id() else { return loader.load() };
    loader.allow_others();
    if would_wait_for(lower_name, id) {
        return Class::NONE;
    }
    let busy = LOADING.with_borrow_mut(|loading| {
        if let Some(entry) = loading.get_mut(lower_name) {
            entry.waiters.push(id);
            return true;
        }
        loading.insert(lower_name.to_vec(), Loading { owner: id, waiters: Vec::new() });
        false
    });
    if busy {
        let waited = scheduler().park(Waiting::Turn);
        if waited.is_err() {
            LOADING.with_borrow_mut(|loading| {
                loading.values_mut().for_each(|entry| entry.waiters.retain(|waiter| *waiter != id));
            });
        }
        return class_loading::find(lower_name);
    }
    let class = loader.load();
    let waiters =
        LOADING.with_borrow_mut(|loading| loading.remove(lower_name)).map_or(Vec::new(), |entry| entry.waiters);
    for waiter in waiters {
        scheduler().resume(waiter, Waiting::Turn);
    }
    class
}

/// Forgets loads that a fatal error left behind.
pub(super) fn reset() {
    LOADING.with_borrow_mut(HashMap::clear);
}
