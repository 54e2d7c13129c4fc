//! `Swoole\Coroutine\MySQL\Statement`.

use super::session::{Failure, Results, Session, Stop, boolean};
use super::{MySQL, slot as client_slot};
use crate::classes::{ce, slots::swoole_coroutine_mysql_statement as slot};
use crate::io::mysql::{Connection, Error, Execute, Phase, Prepared};
use crate::native_handlers;
use crate::zend::array::Array;
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::object::{self, Native};
use crate::zend::{self, text::Text};
use ext_php_rs::types::{ZendHashTable, Zval};
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

/// A statement of a connection; empty when it was not made by `prepare()`.
pub struct Statement {
    inner: OnceCell<Inner>,
}

struct Inner {
    /// The `MySQL` object, which lives as long as its statements.
    client: Zval,
    session: Rc<Session>,
    /// Where it was prepared; `None` after `close()`. It ends with that connection.
    connection: RefCell<Option<Rc<Connection>>>,
    results: Results,
}

impl Native for Statement {
    native_handlers!();

    fn new() -> Self {
        Self { inner: OnceCell::new() }
    }

    fn visit(&self, visit: &mut dyn FnMut(&Zval)) {
        if let Some(inner) = self.inner.get() {
            visit(&inner.client);
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.forget();
    }
}

impl Inner {
    /// Lets the server forget it.
    fn forget(&self) {
        if let Some(connection) = self.connection.borrow_mut().take() {
            connection.forget(self.results.prepared.borrow().id);
        }
    }

    /// Its connection.
    ///
    /// # Errors
    /// It is closed, or the connection is.
    fn connection(&self) -> Result<Rc<Connection>, Failure> {
        let connection = self.connection.borrow();
        connection.as_ref().filter(|connection| connection.is_open()).cloned().ok_or_else(|| {
            let text = "statement must to be recompiled after the connection is broken";
            Failure::plain(libc::ECONNRESET, text)
        })
    }
}

impl Statement {
    /// What it is made of.
    ///
    /// # Errors
    /// Throws when it was not made by `prepare()`.
    fn inner(&self) -> Result<&Inner, Thrown> {
        match self.inner.get() {
            Some(inner) => Ok(inner),
            None => zend::throw(ce::swoole_error(), "you must create mysql statement object by prepare method", 0),
        }
    }
}

/// The object for a statement that `call`'s `MySQL` object has prepared.
pub(super) fn make(
    call: &mut Call<'_>,
    session: &Rc<Session>,
    connection: &Rc<Connection>,
    prepared: Prepared,
) -> Zval {
    let mut made = object::instantiate(ce::swoole_coroutine_mysql_statement());
    let mut client = Zval::new();
    client.set_object(call.this());
    if let Some(object) = made.object_mut() {
        object::set_slot(object, slot::ID, i64::from(prepared.id));
        if let Some(statement) = object::native::<Statement>(object) {
            let _ = statement.inner.set(Inner {
                client,
                session: Rc::clone(session),
                connection: RefCell::new(Some(Rc::clone(connection))),
                results: Results::of(prepared),
            });
        }
    }
    made
}

/// Sets the error of the statement and of its connection; true.
fn fail(call: &mut Call<'_>, inner: &Inner, failure: Failure, disconnected: bool) -> Return {
    let this = call.this();
    object::set_slot(this, slot::ERRNO, failure.code);
    object::set_slot(this, slot::ERROR, failure.text.as_slice());
    let mut client = inner.client.shallow_clone();
    if let Some(client) = client.object_mut() {
        super::set_error(client, &failure);
        if disconnected {
            object::set_slot(client, client_slot::CONNECTED, false);
        }
    }
    inner.session.remember(failure);
    call.return_bool(false)
}

/// Runs `work` with the statement's connection, and turns how it ends into the return value and the error properties.
fn with_connection(call: &mut Call<'_>, work: impl FnOnce(&Inner, &Rc<Connection>) -> Result<Zval, Stop>) -> Return {
    let inner = call.native::<Statement>().inner()?;
    let connection = match inner.connection() {
        Ok(connection) => connection,
        Err(failure) => return fail(call, inner, failure, true),
    };
    match work(inner, &connection) {
        Ok(value) => call.return_value(value),
        Err(Stop::Thrown(thrown)) => Err(thrown),
        Err(Stop::Failed(failure)) => fail(call, inner, failure, false),
    }
}

/// As [`with_connection`]; true also sets `affected_rows` and `insert_id`.
fn with_result(call: &mut Call<'_>, work: impl FnOnce(&Inner, &Rc<Connection>) -> Result<Zval, Stop>) -> Return {
    with_connection(call, work)?;
    if !call.result().is_true() {
        return Ok(());
    }
    let inner = call.native::<Statement>().inner()?;
    let outcome = inner.results.outcome.get();
    let (rows, id) = (outcome.affected_rows.cast_signed(), outcome.last_insert_id.cast_signed());
    object::set_slot(call.this(), slot::AFFECTED_ROWS, rows);
    object::set_slot(call.this(), slot::INSERT_ID, id);
    let mut client = inner.client.shallow_clone();
    if let Some(client) = client.object_mut().filter(|client| object::native::<MySQL>(client).is_some()) {
        object::set_slot(client, client_slot::AFFECTED_ROWS, rows);
        object::set_slot(client, client_slot::INSERT_ID, id);
    }
    Ok(())
}

fn bind(execute: &mut Execute, value: &Zval, strict: bool) -> Result<(), Thrown> {
    let value = value.dereference();
    if value.is_null() {
        execute.null();
        return Ok(());
    }
    if strict {
        if let Some(number) = value.long().or_else(|| value.bool().map(i64::from)) {
            execute.int(number);
            return Ok(());
        }
        if let Some(number) = value.double() {
            execute.double(number);
            return Ok(());
        }
    }
    execute.bytes(Text::of(value)?.as_bytes());
    Ok(())
}

fn send(inner: &Inner, parameters: Option<&ZendHashTable>) -> Result<Rc<Connection>, Stop> {
    let connection = inner.session.ready()?;
    let (id, expected) = {
        let prepared = inner.results.prepared.borrow();
        (prepared.id, prepared.parameters)
    };
    let given = parameters.map_or(0, ZendHashTable::len);
    if given != expected {
        let text = format!("Statement#{id} expects {expected} parameter, {given} given.");
        return Err(Error::client(Error::PARAMETERS, text).into());
    }
    let mut execute = Execute::new(connection.buffer(), id, expected);
    if let Some(parameters) = parameters {
        let strict = inner.session.strict.get();
        for value in parameters.values() {
            bind(&mut execute, value, strict)?;
        }
    }
    connection.execute(execute)?;
    Ok(connection)
}

/// `execute($params = null, $timeout = 0)`
pub fn execute(call: &mut Call<'_>) -> Return {
    let parameters = call.array_or_null_arg(0)?;
    let timeout = call.optional(1, 0.0, Call::double_arg)?;
    with_result(call, |inner, _| {
        let connection = send(inner, parameters)?;
        let session = &inner.session;
        if session.defer.get() {
            return Ok(boolean(true));
        }
        session.receive(&connection, &inner.results, session.deadline(timeout))
    })
}

/// `fetch($timeout = 0)`
pub fn fetch(call: &mut Call<'_>) -> Return {
    let timeout = call.optional(0, 0.0, Call::double_arg)?;
    with_connection(call, |inner, connection| {
        if connection.phase() != Phase::ExecuteRows {
            return Ok(Zval::null());
        }
        let row = inner.session.row(connection, &inner.results, inner.session.deadline(timeout))?;
        Ok(row.unwrap_or_else(Zval::null))
    })
}

/// `fetchAll($timeout = 0)`
pub fn fetch_all(call: &mut Call<'_>) -> Return {
    let timeout = call.optional(0, 0.0, Call::double_arg)?;
    with_connection(call, |inner, connection| {
        if connection.phase() != Phase::ExecuteRows {
            return Ok(Array::new().into());
        }
        inner.session.all_rows(connection, &inner.results, inner.session.deadline(timeout))
    })
}

/// `nextResult($timeout = 0)`
pub fn next_result(call: &mut Call<'_>) -> Return {
    let timeout = call.optional(0, 0.0, Call::double_arg)?;
    with_result(call, |inner, connection| {
        let session = &inner.session;
        let phases = [Phase::ExecuteRows, Phase::ExecuteMore];
        session.next_result(connection, &inner.results, phases, session.deadline(timeout))
    })?;
    let value = std::mem::take(call.result());
    *call.result() = call.native::<Statement>().inner()?.session.end_of_results(value);
    Ok(())
}

/// `recv($timeout = 0)`
pub fn recv(call: &mut Call<'_>) -> Return {
    let timeout = call.optional(0, 0.0, Call::double_arg)?;
    // Unlike other calls it does not set `affected_rows`.
    with_connection(call, |inner, connection| match connection.phase() {
        Phase::Idle => Err(Failure::plain(libc::ENOMSG, "no message to receive").into()),
        Phase::Execute => inner.session.receive(connection, &inner.results, inner.session.deadline(timeout)),
        phase if phase.is_execute() => {
            Err(Failure::plain(libc::EPERM, "please use fetch/fetchAll/nextResult to get result").into())
        }
        _ => Err(Failure::plain(libc::EPERM, "please use client to receive data").into()),
    })
}

/// `close()`
pub fn close(call: &mut Call<'_>) -> Return {
    with_connection(call, |inner, _| {
        inner.forget();
        Ok(boolean(true))
    })
}
