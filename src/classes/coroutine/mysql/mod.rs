//! `Swoole\Coroutine\MySQL`.

mod session;
pub mod statement;

use self::session::{Failure, Session, Stop, boolean};
use super::option;
use crate::classes::tls_settings::{self, Refused};
use crate::classes::{self, ce, slots::swoole_coroutine_mysql as slot};
use crate::coroutine;
use crate::io::mysql::{Connection, Endpoint, Error, Options, Phase, charset_number, escape as escape_text};
use crate::io::tls::{ClientSettings, ClientTls};
use crate::native_handlers;
use crate::zend::array::Array;
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::object::{self, Native};
use crate::zend::{self, text::Text};
use ext_php_rs::types::{ZendHashTable, ZendObject, Zval};
use std::cell::RefCell;
use std::net::IpAddr;
use std::rc::Rc;

/// The connection of an object, shared with the statements it prepared.
pub struct MySQL {
    session: Rc<Session>,
    settings: RefCell<Settings>,
}

/// What `connect()` was given; settings left out keep their last value.
#[derive(Clone)]
struct Settings {
    host: Vec<u8>,
    port: u16,
    user: Vec<u8>,
    password: Vec<u8>,
    database: Vec<u8>,
    /// Seconds for `connect()`, when given.
    timeout: Option<f64>,
    /// Whether the connection goes through TLS.
    ssl: bool,
    tls: ClientSettings,
}

/// Seconds for `connect()` when neither it nor `Coroutine::set()` says otherwise.
const CONNECT_TIMEOUT: f64 = 2.0;

impl Native for MySQL {
    native_handlers!();

    fn new() -> Self {
        let settings = Settings {
            host: b"127.0.0.1".to_vec(),
            port: 3306,
            user: b"root".to_vec(),
            password: b"root".to_vec(),
            database: b"test".to_vec(),
            timeout: None,
            ssl: false,
            tls: ClientSettings::default(),
        };
        Self { session: Rc::new(Session::new()), settings: RefCell::new(settings) }
    }
}

impl Drop for MySQL {
    fn drop(&mut self) {
        self.session.close();
    }
}

impl Settings {
    fn endpoint(&self) -> Endpoint {
        let host = String::from_utf8_lossy(&self.host).into_owned();
        match host.strip_prefix("unix:/") {
            Some(path) => Endpoint::Unix(format!("/{}", path.trim_start_matches('/')).into()),
            None => Endpoint::Tcp(host, self.port),
        }
    }

    /// TLS for a connection, if it is to have it. The server's certificate must be for the host unless another name is set.
    fn secured(&self) -> Result<Option<Rc<ClientTls>>, Failure> {
        if !self.ssl {
            return Ok(None);
        }
        let mut settings = self.tls.clone();
        if settings.host_name.is_none()
            && let Endpoint::Tcp(host, _) = self.endpoint()
            && (settings.verify_peer || host.parse::<IpAddr>().is_err())
        {
            settings.host_name = Some(host);
        }
        match settings.build() {
            Ok(tls) => Ok(Some(Rc::new(tls))),
            Err(error) => Err(Error::tls(error.text()).into()),
        }
    }
}

/// Sets `errno` and `error` of a connection or a statement.
fn set_error(object: &mut ZendObject, failure: &Failure) {
    if object::native::<MySQL>(object).is_some() {
        object::set_slot(object, slot::ERRNO, failure.code);
        object::set_slot(object, slot::ERROR, failure.text.as_slice());
    }
}

/// Turns the end of a call into its return value, and its failure into `errno`, `error` and false.
fn finish(call: &mut Call<'_>, outcome: Result<Zval, Stop>) -> Return {
    match outcome {
        Ok(value) => call.return_value(value),
        Err(Stop::Thrown(thrown)) => Err(thrown),
        Err(Stop::Failed(failure)) => {
            set_error(call.this(), &failure);
            call.native::<MySQL>().session.remember(failure);
            call.return_bool(false)
        }
    }
}

/// As [`finish`], for calls that notice a broken connection in `connected`.
fn finish_noticing(call: &mut Call<'_>, outcome: Result<Zval, Stop>) -> Return {
    if matches!(outcome, Err(Stop::Failed(_))) && call.native::<MySQL>().session.opened().is_none() {
        object::set_slot(call.this(), slot::CONNECTED, false);
    }
    finish(call, outcome)
}

/// As [`finish`], for results: true also sets `affected_rows` and `insert_id`.
fn finish_result(call: &mut Call<'_>, outcome: Result<Zval, Stop>) -> Return {
    if outcome.as_ref().is_ok_and(Zval::is_true) {
        let outcome = call.native::<MySQL>().session.results.outcome.get();
        object::set_slot(call.this(), slot::AFFECTED_ROWS, outcome.affected_rows.cast_signed());
        object::set_slot(call.this(), slot::INSERT_ID, outcome.last_insert_id.cast_signed());
    }
    finish(call, outcome)
}

fn exception<T>(message: &str, errno: i32) -> Result<T, Thrown> {
    zend::throw(ce::swoole_coroutine_mysql_exception(), message, i64::from(errno))
}

/// The value of a setting; null counts as left out.
fn setting<'a>(settings: &'a ZendHashTable, name: &str) -> Option<&'a Zval> {
    settings.get(name).filter(|value| !value.is_null())
}

/// The text of a setting, up to a zero byte, where the protocol's strings end.
fn text_setting(settings: &ZendHashTable, name: &str) -> Result<Option<Vec<u8>>, Thrown> {
    let Some(value) = setting(settings, name) else { return Ok(None) };
    Ok(Text::of(value)?.as_bytes().split(|byte| *byte == 0).next().map(<[u8]>::to_vec))
}

fn required(settings: &ZendHashTable, name: &str) -> Result<Vec<u8>, Thrown> {
    match text_setting(settings, name)? {
        Some(text) => Ok(text),
        None => exception(&format!("Parameter [{name}] is required"), libc::EINVAL),
    }
}

impl MySQL {
    fn configure(&self, given: &ZendHashTable) -> Result<(), Thrown> {
        let session = &self.session;
        let mut settings = self.settings.borrow().clone();
        settings.host = required(given, "host")?;
        if let Some(port) = setting(given, "port").and_then(Zval::coerce_to_long) {
            settings.port = port as u16;
        }
        if let Some(ssl) = setting(given, "ssl") {
            settings.ssl = ssl.coerce_to_bool();
        }
        match tls_settings::read_client(given, &mut settings.tls) {
            Ok(()) => {}
            Err(Refused::Thrown(thrown)) => return Err(thrown),
            Err(Refused::Because(text)) => return exception(&text, libc::EINVAL),
        }
        settings.user = required(given, "user")?;
        settings.password = required(given, "password")?;
        settings.database = required(given, "database")?;
        if let Some(seconds) = setting(given, "timeout").and_then(Zval::coerce_to_double) {
            settings.timeout = Some(seconds);
        }
        *self.settings.borrow_mut() = settings;
        if let Some(name) = text_setting(given, "charset")? {
            match charset_number(&name) {
                Some(number) => session.charset.set(number),
                None => {
                    let text = format!("Unknown charset [{}]", String::from_utf8_lossy(&name));
                    return exception(&text, libc::EINVAL);
                }
            }
        }
        if let Some(strict) = setting(given, "strict_type") {
            session.strict.set(strict.coerce_to_bool());
        }
        if let Some(fetch_mode) = setting(given, "fetch_mode") {
            let fetch_mode = fetch_mode.coerce_to_bool();
            if fetch_mode && session.opened().is_some() {
                let text = "Can not use fetch mode after the connection is established";
                let failure = Failure::from(Error::client(libc::ENOTSUP as u32, text));
                return exception(&String::from_utf8_lossy(&failure.text), libc::ENOTSUP);
            }
            session.fetch_mode.set(fetch_mode);
        }
        Ok(())
    }

    fn open(&self) -> Result<(), Stop> {
        let session = &self.session;
        if session.opened().is_some() {
            return Ok(());
        }
        classes::current_coroutine()?;
        let settings = self.settings.borrow().clone();
        let seconds = |name| option(name).and_then(|seconds| seconds.coerce_to_double());
        let limit = settings.timeout.or_else(|| seconds("socket_connect_timeout")).unwrap_or(CONNECT_TIMEOUT);
        let tls = settings.secured()?;
        let options = Options {
            endpoint: settings.endpoint(),
            user: settings.user,
            password: settings.password,
            database: settings.database,
            charset: session.charset.get(),
            timeout: super::timeout(limit),
            tls,
        };
        let default = seconds("socket_read_timeout").or_else(|| seconds("socket_timeout"));
        session.timeout.set(default.and_then(super::timeout));
        let connection = Rc::new(Connection::default());
        session.set_connection(Some(Rc::clone(&connection)));
        session.connecting.set(true);
        let outcome = session.hold(&connection, connection.open(&options), || Error::connecting(libc::ECANCELED));
        session.connecting.set(false);
        Ok(outcome?)
    }
}

/// `__construct()`
pub fn __construct(_call: &mut Call<'_>) -> Return {
    Ok(())
}

/// `__destruct()`
pub fn __destruct(_call: &mut Call<'_>) -> Return {
    Ok(())
}

/// `connect(?array $server_config = null)`
pub fn connect(call: &mut Call<'_>) -> Return {
    let given = call.array_or_null_arg(0)?;
    let mysql = call.native::<MySQL>();
    if let Some(given) = given {
        mysql.configure(given)?;
    }
    match mysql.open() {
        Err(Stop::Thrown(thrown)) => return Err(thrown),
        Err(Stop::Failed(failure)) => {
            object::set_slot(call.this(), slot::CONNECT_ERRNO, failure.code);
            object::set_slot(call.this(), slot::CONNECT_ERROR, failure.text.as_slice());
            mysql.session.remember(failure);
            return call.return_bool(false);
        }
        Ok(()) => {}
    }
    let this = call.this();
    if let Some(given) = given.filter(|given| !given.is_empty()) {
        let mut info = match object::slot(this, slot::SERVER_INFO).array() {
            Some(before) => Array::copy_of(before),
            None => Array::new(),
        };
        info.merge(given);
        object::set_slot(this, slot::SERVER_INFO, Zval::from(info));
    }
    let descriptor = mysql.session.opened().and_then(|connection| connection.descriptor()).unwrap_or(-1);
    object::set_slot(this, slot::SOCK, i64::from(descriptor));
    object::set_slot(this, slot::CONNECTED, true);
    call.return_bool(true)
}

/// `getDefer()`
pub fn get_defer(call: &mut Call<'_>) -> Return {
    let defer = call.native::<MySQL>().session.defer.get();
    call.return_bool(defer)
}

/// `setDefer($defer = true)`
pub fn set_defer(call: &mut Call<'_>) -> Return {
    let defer = call.optional(0, true, Call::bool_arg)?;
    call.native::<MySQL>().session.defer.set(defer);
    call.return_bool(true)
}

fn run(session: &Session, sql: &[u8], timeout: f64) -> Result<Zval, Stop> {
    let connection = session.ready()?;
    connection.query(sql)?;
    if session.defer.get() {
        return Ok(boolean(true));
    }
    session.receive(&connection, &session.results, session.deadline(timeout))
}

/// `query($sql, $timeout = 0)`
pub fn query(call: &mut Call<'_>) -> Return {
    let sql = call.str_arg(0)?;
    let timeout = call.optional(1, 0.0, Call::double_arg)?;
    let outcome = run(&call.native::<MySQL>().session, sql.as_bytes(), timeout);
    finish_result(call, outcome)
}

/// `fetch()`
pub fn fetch(call: &mut Call<'_>) -> Return {
    let timeout = call.optional(0, 0.0, Call::double_arg)?;
    let session = &call.native::<MySQL>().session;
    let outcome = in_rows(session, |connection| {
        let row = session.row(connection, &session.results, session.deadline(timeout))?;
        Ok(row.unwrap_or_else(Zval::null))
    });
    finish_noticing(call, outcome.map(|row| row.unwrap_or_else(Zval::null)))
}

/// `fetchAll()`
pub fn fetch_all(call: &mut Call<'_>) -> Return {
    let timeout = call.optional(0, 0.0, Call::double_arg)?;
    let session = &call.native::<MySQL>().session;
    let outcome =
        in_rows(session, |connection| session.all_rows(connection, &session.results, session.deadline(timeout)));
    finish_noticing(call, outcome.map(|rows| rows.unwrap_or_else(|| Array::new().into())))
}

/// Runs `read` while rows of a query are left; `None` otherwise.
fn in_rows(session: &Session, read: impl FnOnce(&Connection) -> Result<Zval, Stop>) -> Result<Option<Zval>, Stop> {
    match session.connection() {
        // Repeats the last failure.
        Err(_) => Err(session.last.borrow().clone().into()),
        Ok(connection) if connection.phase() == Phase::QueryRows => read(&connection).map(Some),
        Ok(_) => Ok(None),
    }
}

/// `nextResult()`
pub fn next_result(call: &mut Call<'_>) -> Return {
    let timeout = call.optional(0, 0.0, Call::double_arg)?;
    let session = &call.native::<MySQL>().session;
    let outcome = match session.connection() {
        Err(_) => Err(session.last.borrow().clone().into()),
        Ok(connection) => {
            let phases = [Phase::QueryRows, Phase::QueryMore];
            session.next_result(&connection, &session.results, phases, session.deadline(timeout))
        }
    };
    finish_result(call, outcome)?;
    let value = std::mem::take(call.result());
    *call.result() = session.end_of_results(value);
    Ok(())
}

/// `prepare($query, $timeout = 0)`
pub fn prepare(call: &mut Call<'_>) -> Return {
    let sql = call.str_arg(0)?;
    let timeout = call.optional(1, 0.0, Call::double_arg)?;
    let session = &call.native::<MySQL>().session;
    let outcome = session.ready().and_then(|connection| {
        connection.prepare(sql.as_bytes())?;
        if session.defer.get() {
            return Ok(boolean(true));
        }
        receive_statement(call, session, &connection, timeout)
    });
    finish_noticing(call, outcome)
}

fn receive_statement(
    call: &mut Call<'_>,
    session: &Rc<Session>,
    connection: &Rc<Connection>,
    timeout: f64,
) -> Result<Zval, Stop> {
    let prepared = session.receive_prepared(connection, session.deadline(timeout))?;
    Ok(statement::make(call, session, connection, prepared))
}

/// `recv()`
pub fn recv(call: &mut Call<'_>) -> Return {
    let timeout = call.optional(0, 0.0, Call::double_arg)?;
    let session = &call.native::<MySQL>().session;
    let connection = match session.connection() {
        Ok(connection) => connection,
        Err(error) => return finish_noticing(call, Err(error.into())),
    };
    let outcome = match connection.phase() {
        Phase::Idle => Err(Failure::plain(libc::ENOMSG, "no message to receive").into()),
        Phase::Query => session.receive(&connection, &session.results, session.deadline(timeout)),
        Phase::Prepare => receive_statement(call, session, &connection, timeout),
        phase if phase.is_execute() => Err(Failure::plain(libc::EPERM, "please use statement to receive data").into()),
        _ => Err(Failure::plain(libc::EPERM, "please use fetch/fetchAll/nextResult to get result").into()),
    };
    finish(call, outcome)
}

fn transaction(call: &mut Call<'_>, command: &str) -> Return {
    let timeout = call.optional(0, 0.0, Call::double_arg)?;
    let session = &call.native::<MySQL>().session;
    if session.defer.get() {
        let text = format!(
            "you should not query transaction when defer mode is on, if you want, please use `query('{command}')` instead"
        );
        return exception(&text, libc::EPERM);
    }
    let outcome = run(session, command.as_bytes(), timeout);
    finish_result(call, outcome)
}

/// `begin($timeout = 0)`
pub fn begin(call: &mut Call<'_>) -> Return {
    transaction(call, "BEGIN")
}

/// `commit($timeout = 0)`
pub fn commit(call: &mut Call<'_>) -> Return {
    transaction(call, "COMMIT")
}

/// `rollback($timeout = 0)`
pub fn rollback(call: &mut Call<'_>) -> Return {
    transaction(call, "ROLLBACK")
}

/// `escape($string, $flags = 0)`
pub fn escape(call: &mut Call<'_>) -> Return {
    let text = call.str_arg(0)?;
    call.optional(1, 0, Call::long_arg)?;
    let charset = call.native::<MySQL>().session.charset.get();
    call.return_bytes(&escape_text(charset, text.as_bytes()))
}

/// `close()`
pub fn close(call: &mut Call<'_>) -> Return {
    let session = &call.native::<MySQL>().session;
    session.close();
    object::set_slot(call.this(), slot::CONNECTED, false);
    call.return_bool(true)
}

/// `Swoole\Coroutine\MySQL\restore(MySQL $connection, float $timeout = 0): bool`
pub fn coroutine_mysql_restore(call: &mut Call<'_>) -> Return {
    let session = Rc::clone(&call.native_arg::<MySQL>(0, c"Swoole\\Coroutine\\MySQL")?.session);
    let timeout = call.optional(1, 0.0, Call::double_arg)?;
    let fit = restore(&session, timeout)?;
    if !fit {
        session.close();
    }
    call.return_bool(fit)
}

fn restore(session: &Session, timeout: f64) -> Result<bool, Thrown> {
    session.defer.set(false);
    let Ok(connection) = session.connection() else { return Ok(false) };
    if !connection.is_fit() {
        return Ok(false);
    }
    if !connection.in_transaction() {
        return Ok(true);
    }
    if coroutine::current_id().is_none() {
        return Ok(false);
    }
    match run(session, b"ROLLBACK", timeout) {
        Ok(_) => Ok(connection.is_fit() && !connection.in_transaction()),
        Err(Stop::Failed(_)) => Ok(false),
        Err(Stop::Thrown(thrown)) => Err(thrown),
    }
}
