//! `Swoole\Connection\Iterator`: the connections of a running server, or of one of its ports.

use crate::classes::ce;
use crate::classes::server::connections;
use crate::native_handlers;
use crate::server::session::Sessions;
use crate::zend::call::{Call, Return};
use crate::zend::iteration::{self, Loop};
use crate::zend::object::{self, Native};
use crate::zend::{self, standard_error, sys, throw};
use ext_php_rs::types::Zval;
use std::cell::{Cell, RefCell};

/// The connections of all ports, or of one; and where calls of its methods have got to.
#[derive(Default)]
pub struct Iterator {
    /// The index of the port, `None` for all.
    port: Cell<Option<usize>>,
    session: Cell<i64>,
    index: Cell<i64>,
    batch: RefCell<Batch>,
}

/// How many are looked for at a time.
const BATCH: usize = 128;

/// Some connections that were there when it was looked, those that come last first.
#[derive(Default)]
struct Batch(Vec<i64>);

impl Batch {
    /// The next one after `before` that is open.
    fn next(&mut self, sessions: &Sessions, port: Option<usize>, before: i64) -> Option<i64> {
        let ours = |id: &i64| sessions.row(*id).is_some_and(|row| port.is_none_or(|port| row.port() == port));
        let mut before = before;
        loop {
            if self.0.is_empty() {
                self.0.extend(sessions.after(before).filter(ours).take(BATCH));
                self.0.reverse();
            }
            let id = self.0.pop()?;
            if sessions.is_open(id) {
                return Some(id);
            }
            before = id;
        }
    }
}

/// A `foreach`: another one over the same object is not its business.
struct Foreach {
    port: Option<usize>,
    session: i64,
    index: i64,
    batch: Batch,
}

impl Loop for Foreach {
    type Object = Iterator;

    fn new(object: &Iterator) -> Self {
        Self { port: object.port.get(), session: 0, index: 0, batch: Batch::default() }
    }

    fn rewind(&mut self) {
        *self = Self { port: self.port, session: 0, index: 0, batch: Batch::default() };
    }

    fn next(&mut self) -> Option<(i64, i64)> {
        let endpoint = connections::current()?;
        self.session = self.batch.next(endpoint.sessions(), self.port, self.session)?;
        self.index += 1;
        Some((self.index, self.session))
    }
}

impl Native for Iterator {
    native_handlers!();

    fn new() -> Self {
        Self::default()
    }

    fn customise_class(class: &mut sys::zend_class_entry) {
        iteration::install::<Foreach>(class);
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
    iterator.batch.take();
    Ok(())
}

/// `Iterator::valid`: finds the next one that is open.
pub fn valid(call: &mut Call<'_>) -> Return {
    let iterator = call.native::<Iterator>();
    let next = connections::current().and_then(|endpoint| {
        iterator.batch.borrow_mut().next(endpoint.sessions(), iterator.port.get(), iterator.session.get())
    });
    if let Some(next) = next {
        iterator.session.set(next);
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
