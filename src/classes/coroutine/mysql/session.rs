//! What a `MySQL` object and its statements share: the connection, its modes, and how results become PHP values.

use crate::classes::{self, ce};
use crate::coroutine;
use crate::io::mysql::{
    BinaryRow, Columns, Connection, DEFAULT_CHARSET, Error, Fetched, Head, Outcome, Phase, Prepared, TextRow, Value,
};
use crate::zend::array::Array;
use crate::zend::call::Thrown;
use crate::zend::row::{Keys, text, widen};
use crate::zend::{self, string};
use ext_php_rs::types::Zval;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;
use tokio::time::Instant;

/// `SWOOLE_ERROR_CO_HAS_BEEN_BOUND`.
const CO_HAS_BEEN_BOUND: i64 = 10002;

/// Why a call returns false: goes into `errno` and `error`.
#[derive(Clone, Default)]
pub(super) struct Failure {
    pub(super) code: i64,
    pub(super) text: Vec<u8>,
    /// Of this call alone: calls that repeat the last failure do not repeat it.
    passing: bool,
}

impl Failure {
    /// A misuse that has an errno and no SQL state.
    pub(super) fn plain(errno: i32, text: &str) -> Self {
        Self { code: i64::from(errno), text: text.into(), passing: true }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { code: i64::from(error.code), text: error.text(), passing: false }
    }
}

/// How a call can end early.
pub(super) enum Stop {
    /// It returns false.
    Failed(Failure),
    /// An exception was thrown.
    Thrown(Thrown),
}

impl<E: Into<Failure>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl From<Thrown> for Stop {
    fn from(thrown: Thrown) -> Self {
        Self::Thrown(thrown)
    }
}

/// The columns of results, and the PHP keys made from them.
#[derive(Default)]
pub(super) struct Shape {
    keys: Keys,
    version: Option<u64>,
}

impl Shape {
    fn follow(&mut self, columns: &Columns) {
        if self.version != Some(columns.version()) {
            self.keys = Keys::new(columns.iter().map(|column| columns.name(column)));
            self.version = Some(columns.version());
        }
    }
}

/// Where results are read into: the connection's own, for queries, and one of each statement.
#[derive(Default)]
pub(super) struct Results {
    /// The columns, with the statement that gives them; queries use the columns alone.
    pub(super) prepared: RefCell<Prepared>,
    shape: RefCell<Shape>,
    /// The last result without rows.
    pub(super) outcome: Cell<Outcome>,
}

/// The state of a `MySQL` object.
pub(super) struct Session {
    connection: RefCell<Option<Rc<Connection>>>,
    /// The coroutine that waits for the server, and on which connection.
    holder: Cell<Option<(*const Connection, i64)>>,
    /// A coroutine is in `connect()`.
    pub(super) connecting: Cell<bool>,
    pub(super) strict: Cell<bool>,
    pub(super) fetch_mode: Cell<bool>,
    pub(super) defer: Cell<bool>,
    pub(super) charset: Cell<u8>,
    /// Limit of a request that names none.
    pub(super) timeout: Cell<Option<Duration>>,
    /// Results of queries.
    pub(super) results: Results,
    /// The last failure, which a few calls repeat.
    pub(super) last: RefCell<Failure>,
}

impl Results {
    /// For the results of `prepared`.
    pub(super) fn of(prepared: Prepared) -> Self {
        Self { prepared: RefCell::new(prepared), ..Self::default() }
    }
}

impl Session {
    pub(super) fn new() -> Self {
        Self {
            connection: RefCell::new(None),
            holder: Cell::new(None),
            connecting: Cell::new(false),
            strict: Cell::new(false),
            fetch_mode: Cell::new(false),
            defer: Cell::new(false),
            charset: Cell::new(DEFAULT_CHARSET),
            timeout: Cell::new(None),
            results: Results::default(),
            last: RefCell::default(),
        }
    }

    /// Keeps `failure` for the calls that repeat it.
    pub(super) fn remember(&self, failure: Failure) {
        if !failure.passing {
            *self.last.borrow_mut() = failure;
        }
    }

    /// The connection, also while it is being opened.
    pub(super) fn opened(&self) -> Option<Rc<Connection>> {
        let connection = self.connection.borrow();
        connection.as_ref().filter(|connection| connection.is_open() || self.connecting.get()).cloned()
    }

    /// The connection with a session on it.
    ///
    /// # Errors
    /// There is none.
    pub(super) fn connection(&self) -> Result<Rc<Connection>, Error> {
        let connection = self.connection.borrow();
        connection.as_ref().filter(|connection| connection.is_open()).cloned().ok_or_else(Error::not_connected)
    }

    pub(super) fn set_connection(&self, connection: Option<Rc<Connection>>) {
        *self.connection.borrow_mut() = connection;
    }

    /// Closes the connection. Whoever waits for the server goes on at once, with an error.
    pub(super) fn close(&self) {
        let Some(connection) = self.opened() else { return };
        connection.close();
        if let Some((_, holder)) = self.holder.get().filter(|(held, _)| std::ptr::eq(*held, &*connection)) {
            coroutine::engine::scheduler().cancel(holder);
        }
    }

    /// Where the session stands.
    pub(super) fn phase(&self) -> Phase {
        self.connection.borrow().as_ref().map_or(Phase::Closed, |connection| connection.phase())
    }

    /// The connection, when a request may be sent on it from here.
    ///
    /// # Errors
    /// Throws `Swoole\Error` when another coroutine waits for it, or outside of coroutines; fails when it is closed or has unread
    /// results.
    pub(super) fn ready(&self) -> Result<Rc<Connection>, Stop> {
        let connection = self.connection()?;
        self.not_held(&connection)?;
        connection.idle()?;
        classes::current_coroutine()?;
        Ok(connection)
    }

    /// Throws when another coroutine waits for the server.
    fn not_held(&self, connection: &Connection) -> Result<(), Thrown> {
        let Some((_, holder)) = self.holder.get().filter(|(held, _)| std::ptr::eq(*held, connection)) else {
            return Ok(());
        };
        let socket = connection.descriptor().unwrap_or(-1);
        let this = coroutine::current_id().unwrap_or(-1);
        let text = format!(
            "Socket#{socket} has already been bound to another coroutine#{holder}, reading of the same socket in \
             coroutine#{this} at the same time is not allowed"
        );
        zend::throw(ce::swoole_error(), &text, CO_HAS_BEEN_BOUND)
    }

    /// When a request that is given `seconds` (0: the default, less: none) must be answered.
    pub(super) fn deadline(&self, seconds: f64) -> Option<Instant> {
        let limit = if seconds == 0.0 { self.timeout.get() } else { super::super::timeout(seconds) };
        // A time-out too far away to count is none.
        limit.and_then(|limit| Instant::now().checked_add(limit))
    }

    /// Waits in `future` as the coroutine that has `connection`.
    pub(super) fn hold<T>(
        &self,
        connection: &Connection,
        future: impl Future<Output = Result<T, Error>>,
        canceled: impl FnOnce() -> Error,
    ) -> Result<T, Error> {
        self.holder.set(coroutine::current_id().map(|id| (std::ptr::from_ref(connection), id)));
        let outcome = coroutine::wait(future);
        // Unless it was closed meanwhile and another coroutine waits for a new connection.
        if self.holder.get().is_some_and(|(held, _)| std::ptr::eq(held, connection)) {
            self.holder.set(None);
        }
        outcome.unwrap_or_else(|_| Err(canceled()))
    }

    /// Runs `step` until the bytes it needs have arrived.
    fn complete<T>(
        &self,
        connection: &Connection,
        deadline: Option<Instant>,
        mut step: impl FnMut() -> Result<Option<T>, Error>,
    ) -> Result<T, Stop> {
        loop {
            if let Some(done) = step()? {
                return Ok(done);
            }
            self.not_held(connection)?;
            classes::current_coroutine()?;
            self.hold(connection, connection.fill(deadline), || match connection.was_closed() {
                true => Error::connecting(libc::ECANCELED),
                false => Error::gone(Some(libc::ECANCELED)),
            })?;
        }
    }

    /// Receives what a request or the next result gives: true, or the rows.
    pub(super) fn receive(
        &self,
        connection: &Connection,
        results: &Results,
        deadline: Option<Instant>,
    ) -> Result<Zval, Stop> {
        let head =
            self.complete(connection, deadline, || connection.head(&mut results.prepared.borrow_mut().columns))?;
        if let Head::Done(outcome) = head {
            results.outcome.set(outcome);
            return Ok(boolean(true));
        }
        results.shape.borrow_mut().follow(&results.prepared.borrow().columns);
        if self.fetch_mode.get() {
            return Ok(boolean(true));
        }
        self.all_rows(connection, results, deadline)
    }

    /// The next row, or `None` after the last one.
    pub(super) fn row(
        &self,
        connection: &Connection,
        results: &Results,
        deadline: Option<Instant>,
    ) -> Result<Option<Zval>, Stop> {
        let binary = connection.phase().is_execute();
        let strict = self.strict.get();
        let fetched = self.complete(connection, deadline, || {
            let prepared = results.prepared.borrow();
            let columns = &prepared.columns;
            let shape = results.shape.borrow();
            connection.row(|packet| {
                let mut columns = columns.iter();
                let count = columns.len();
                // There are as many columns as keys.
                let mut next = || columns.next().ok_or_else(|| Error::malformed("a row with too many values"));
                if binary {
                    let mut row = BinaryRow::new(packet, count)?;
                    return shape.keys.row(|| Ok(zval(row.next_value(next()?)?)));
                }
                let mut row = TextRow::new(packet);
                shape.keys.row(|| {
                    let column = next()?;
                    Ok(match row.next_text()? {
                        None => Zval::null(),
                        Some(bytes) if strict => zval(Value::typed(column, bytes)),
                        Some(bytes) => text(bytes),
                    })
                })
            })
        })?;
        Ok(match fetched {
            Fetched::Row(row) => Some(row),
            Fetched::End => None,
        })
    }

    /// All rows that are left.
    pub(super) fn all_rows(
        &self,
        connection: &Connection,
        results: &Results,
        deadline: Option<Instant>,
    ) -> Result<Zval, Stop> {
        let mut rows = Array::new();
        while let Some(row) = self.row(connection, results, deadline)? {
            rows.push(row);
        }
        Ok(rows.into())
    }

    /// The next of several results, given the phases in which there are rows left of this one and in which another follows.
    pub(super) fn next_result(
        &self,
        connection: &Connection,
        results: &Results,
        [rows, more]: [Phase; 2],
        deadline: Option<Instant>,
    ) -> Result<Zval, Stop> {
        if connection.phase() == rows {
            self.all_rows(connection, results, deadline)?;
        }
        match connection.phase() {
            phase if phase == more => self.receive(connection, results, deadline),
            Phase::Idle => Ok(Zval::null()),
            _ => Err(self.last.borrow().clone().into()),
        }
    }

    /// What `nextResult()` gives for `value`: a procedure ends with a result of its own, without rows, which is the end here.
    pub(super) fn end_of_results(&self, value: Zval) -> Zval {
        if !value.is_true() || self.phase() != Phase::Idle {
            return value;
        }
        if self.fetch_mode.get() { boolean(false) } else { Zval::null() }
    }

    /// Receives the statement that is being prepared.
    pub(super) fn receive_prepared(
        &self,
        connection: &Connection,
        deadline: Option<Instant>,
    ) -> Result<Prepared, Stop> {
        let mut statement = Prepared::default();
        self.complete(connection, deadline, || connection.prepared(&mut statement))?;
        Ok(statement)
    }
}

pub(super) fn boolean(value: bool) -> Zval {
    let mut zval = Zval::new();
    zval.set_bool(value);
    zval
}

/// A value of a row in PHP.
#[inline]
fn zval(value: Value<'_>) -> Zval {
    match value {
        Value::Null => Zval::null(),
        Value::Bytes(bytes) => text(bytes),
        Value::Int(number) => zend::long(number),
        Value::Unsigned(number) => match i64::try_from(number) {
            Ok(number) => zend::long(number),
            Err(_) => string(number.to_string().as_bytes()),
        },
        Value::Float(number) => double(widen(number)),
        Value::Double(number) => double(number),
        Value::Temporal(temporal) => string(temporal.as_bytes()),
    }
}

fn double(number: f64) -> Zval {
    let mut zval = Zval::new();
    zval.set_double(number);
    zval
}
