//! `Swoole\Connection\Iterator`: the connections of a running server, or of one of its ports.

use crate::classes::ce;
use crate::classes::server::connections::{self, Endpoint};
use crate::native_handlers;
use crate::zend::call::{Call, Return};
use crate::zend::object::{self, Native};
use crate::zend::{self, standard_error, throw};
use ext_php_rs::types::Zval;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

/// Where an iteration is.
#[derive(Default)]
pub struct Iterator {
    /// The index of the port, `None` for all.
    port: Cell<Option<usize>>,
    session: Cell<i64>,
    index: Cell<i64>,
    /// Some that were there when it was looked.
    next: RefCell<VecDeque<i64>>,
}

/// How many are looked for at a time.
const BATCH: usize = 128;

impl Native for Iterator {
    native_handlers!();

    fn new() -> Self {
        Self::default()
    }
}

/// A new iterator over the connections of this port, or of all.
pub fn new(port: Option<usize>) -> Zval {
    let iterator = object::instantiate(ce::swoole_connection_iterator());
    if let Some(native) = iterator.object().and_then(object::native::<Iterator>) {
        native.port.set(port);
    }
    iterator
}

impl Iterator {
    /// The next connection.
    fn advance(&self, endpoint: &Rc<Endpoint>) -> Option<i64> {
        let sessions = endpoint.sessions();
        let port = self.port.get();
        let ours = |id: &i64| sessions.row(*id).is_some_and(|row| port.is_none_or(|port| row.port() == port));
        let mut next = self.next.borrow_mut();
        loop {
            if next.is_empty() {
                next.extend(sessions.after(self.session.get()).filter(ours).take(BATCH));
            }
            let id = next.pop_front()?;
            self.session.set(id);
            if sessions.is_open(id) {
                return Some(id);
            }
        }
    }
}

/// `Iterator::__construct`.
pub fn __construct(_call: &mut Call<'_>) -> Return {
    throw(standard_error(), "please use the Swoole\\Server->connections", 0)
}

/// `Iterator::__destruct`: what there is to free goes with the object.
pub fn __destruct(_call: &mut Call<'_>) -> Return {
    Ok(())
}

/// `Iterator::rewind`.
pub fn rewind(call: &mut Call<'_>) -> Return {
    let iterator = call.native::<Iterator>();
    iterator.session.set(0);
    iterator.index.set(0);
    iterator.next.borrow_mut().clear();
    Ok(())
}

/// `Iterator::valid`: finds the next one that is open.
pub fn valid(call: &mut Call<'_>) -> Return {
    let iterator = call.native::<Iterator>();
    let next = connections::current().and_then(|endpoint| iterator.advance(&endpoint));
    if next.is_some() {
        iterator.index.set(iterator.index.get() + 1);
    }
    call.return_bool(next.is_some())
}

/// `Iterator::current`.
pub fn current(call: &mut Call<'_>) -> Return {
    let session = call.native::<Iterator>().session.get();
    call.return_long(session)
}

/// `Iterator::next`: [`valid`] goes on.
pub fn next(_call: &mut Call<'_>) -> Return {
    Ok(())
}

/// `Iterator::key`.
pub fn key(call: &mut Call<'_>) -> Return {
    let index = call.native::<Iterator>().index.get();
    call.return_long(index)
}

/// `Iterator::count`.
pub fn count(call: &mut Call<'_>) -> Return {
    let iterator = call.native::<Iterator>();
    let Some(endpoint) = connections::current() else { return call.return_long(0) };
    let count = match iterator.port.get() {
        None => endpoint.sessions().count(),
        Some(port) => endpoint.sessions().count_of(port),
    };
    call.return_long(count as i64)
}

/// `Iterator::offsetExists`.
pub fn offset_exists(call: &mut Call<'_>) -> Return {
    let session = call.value(0).map_or(0, zend::to_long);
    let exists = connections::current().is_some_and(|endpoint| endpoint.exists(session));
    call.return_bool(exists)
}

/// `Iterator::offsetGet`.
pub fn offset_get(call: &mut Call<'_>) -> Return {
    let session = call.value(0).map_or(0, zend::to_long);
    match connections::current().and_then(|endpoint| endpoint.client_info(session)) {
        Some(info) => call.return_value(info),
        None => call.return_bool(false),
    }
}

/// `Iterator::offsetSet`: connections are not made this way.
pub fn offset_set(_call: &mut Call<'_>) -> Return {
    Ok(())
}

/// `Iterator::offsetUnset`: `close()` ends a connection.
pub fn offset_unset(_call: &mut Call<'_>) -> Return {
    Ok(())
}
