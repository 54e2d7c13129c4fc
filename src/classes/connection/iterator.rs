//! `Swoole\Connection\Iterator`: the connections of a running server, or of one of its ports.

use crate::classes::ce;
use crate::classes::server::connections::{self, Endpoint};
use crate::native_handlers;
use crate::zend::call::{Call, Return};
use crate::zend::object::{self, Native};
use crate::zend::{self, standard_error, throw};
use ext_php_rs::types::Zval;
use std::cell::Cell;
use std::rc::Rc;

/// Where an iteration is.
#[derive(Default)]
pub struct Iterator {
    /// The index of the port, `None` for all.
    port: Cell<Option<usize>>,
    session: Cell<i64>,
    index: Cell<i64>,
}

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
    /// The next connection after `session`.
    fn after(&self, endpoint: &Rc<Endpoint>, session: i64) -> Option<i64> {
        let sessions = endpoint.sessions();
        let ours = |id: &i64| match self.port.get() {
            None => true,
            Some(port) => sessions.info(*id).is_some_and(|info| usize::from(info.port) == port),
        };
        sessions.after(session).find(ours)
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
    Ok(())
}

/// `Iterator::valid`: finds the next one that is open.
pub fn valid(call: &mut Call<'_>) -> Return {
    let iterator = call.native::<Iterator>();
    let next = connections::current().and_then(|endpoint| iterator.after(&endpoint, iterator.session.get()));
    if let Some(session) = next {
        iterator.session.set(session);
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
