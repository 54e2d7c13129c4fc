//! Settings of the process: what `swoole_async_set()` and, in part, `Coroutine::set()` and a server's `set()` change.
//!
//! They outlive a request, as in Swoole.

use super::{constants, errors};
use crate::coroutine::{engine, pool};
use crate::log;
use crate::zend::call::{Return, Thrown};
use crate::zend::text::Text;
use crate::zend::{self, ini};
use ext_php_rs::types::{ZendHashTable, Zval};
use std::cell::RefCell;

/// The settings.
pub struct Settings {
    /// Whether warnings of run-time errors are shown; the ini setting unless set.
    display_errors: Option<bool>,
    /// Whether the loop goes on while a signal is listened to.
    pub wait_signal: bool,
    /// Seconds that `dnsLookup()` keeps an answer.
    pub dns_cache_refresh_time: f64,
    /// Whether one of several addresses is picked by chance.
    pub dns_lookup_random: bool,
    /// A name server to ask instead of the system's: its address, and `:port` if that is not 53.
    pub dns_server: Option<String>,
    /// Seconds a host may take to be found.
    pub socket_dns_timeout: f64,
    /// Seconds a connection may take.
    pub socket_connect_timeout: f64,
    /// Seconds a read may take.
    pub socket_read_timeout: f64,
    /// Seconds a write may take.
    pub socket_write_timeout: f64,
    /// Bytes of a socket's buffer; the ini setting unless set.
    pub socket_buffer_size: Option<i64>,
}

thread_local! {
    static SETTINGS: RefCell<Settings> = const {
        RefCell::new(Settings {
            display_errors: None,
            wait_signal: false,
            dns_cache_refresh_time: 60.0,
            dns_lookup_random: false,
            dns_server: None,
            socket_dns_timeout: 60.0,
            socket_connect_timeout: 10.0,
            socket_read_timeout: 60.0,
            socket_write_timeout: 60.0,
            socket_buffer_size: None,
        })
    };
}

/// Reads the settings.
pub fn with<T>(read: impl FnOnce(&Settings) -> T) -> T {
    SETTINGS.with_borrow(read)
}

fn change(write: impl FnOnce(&mut Settings)) {
    SETTINGS.with_borrow_mut(write);
}

/// Whether warnings of run-time errors are shown.
pub fn display_errors() -> bool {
    with(|settings| settings.display_errors).unwrap_or_else(|| ini::boolean(c"swoole.display_errors"))
}

/// Bytes of a socket's buffer.
pub fn socket_buffer_size() -> usize {
    let size = with(|settings| settings.socket_buffer_size);
    let size = size.unwrap_or_else(|| ini::long(c"swoole.socket_buffer_size"));
    usize::try_from(size).unwrap_or(usize::MAX)
}

/// The first of these options that is given and not null.
pub(crate) fn find<'a>(given: &'a ZendHashTable, names: &[&str]) -> Option<&'a Zval> {
    names.iter().find_map(|name| given.get(*name).filter(|value| !value.is_null()))
}

fn truth(given: &ZendHashTable, name: &str) -> Option<bool> {
    find(given, &[name]).map(Zval::coerce_to_bool)
}

fn number(given: &ZendHashTable, name: &str) -> Option<i64> {
    find(given, &[name]).map(zend::to_long)
}

fn text(given: &ZendHashTable, name: &str) -> Result<Option<Text>, Thrown> {
    find(given, &[name]).map(Text::of).transpose()
}

/// Seconds; what is not positive, or too long, means for ever.
fn seconds(given: &ZendHashTable, names: &[&str]) -> Option<f64> {
    const FOR_EVER: f64 = i32::MAX as f64;
    find(given, names)
        .map(zend::to_double)
        .map(|seconds| if seconds <= 0.0 || seconds > FOR_EVER { FOR_EVER } else { seconds })
}

/// A number of bytes. What cannot be read is a fatal error, as in Swoole.
pub(crate) fn size(given: &ZendHashTable, names: &[&str]) -> Option<i64> {
    let value = find(given, names)?;
    match zend::to_size(value) {
        Ok(size) => Some(size),
        Err(words) => {
            let shown = value.zend_str().map_or("".into(), |text| String::from_utf8_lossy(text.as_bytes()));
            // Leaks these two texts: it does not return.
            errors::fatal(&format!("failed to parse '{shown}' to size, Error: {words}"));
            None
        }
    }
}

/// The log refused a setting.
fn log_refused(origin: &str, number: i64, words: &str) {
    errors::set_last(number as i32);
    log::error(log::WARNING, origin, number as i32, words.as_bytes());
}

/// Sets what every kind of `set()` may: log, name server, sockets.
///
/// # Errors
/// A value cannot be converted.
pub fn set_global(given: &ZendHashTable) -> Return {
    super::warn_of_later(given, &["print_backtrace_on_error"]);
    if let Some(name) = text(given, "log_file")?
        && let Err(words) = log::set_file(name.as_bytes())
    {
        log_refused("Logger::open()", constants::SWOOLE_ERROR_SYSTEM_CALL_FAIL, &words);
    }
    if let Some(level) = number(given, "log_level") {
        log::set_level(level);
    }
    if let Some(format) = text(given, "log_date_format")?
        && let Err(words) = log::set_date_format(format.as_bytes())
    {
        log_refused("Logger::set_date_format()", constants::SWOOLE_ERROR_INVALID_PARAMS, &words);
    }
    if let Some(on) = truth(given, "log_date_with_microseconds") {
        log::set_microseconds(on);
    }
    if let Some(rotation) = number(given, "log_rotation") {
        log::set_rotation(rotation);
    }
    if let Some(on) = truth(given, "display_errors") {
        change(|settings| settings.display_errors = Some(on));
    }
    if let Some(server) = text(given, "dns_server")? {
        let server = String::from_utf8_lossy(server.as_bytes()).into_owned();
        change(|settings| settings.dns_server = Some(server));
    }
    set_sockets(given);
    Ok(())
}

fn set_sockets(given: &ZendHashTable) {
    if let Some(time) = seconds(given, &["socket_dns_timeout"]) {
        change(|settings| settings.socket_dns_timeout = time);
    }
    if let Some(time) = seconds(given, &["socket_connect_timeout"]) {
        change(|settings| settings.socket_connect_timeout = time);
    }
    if let Some(time) = seconds(given, &["socket_write_timeout", "socket_send_timeout"]) {
        change(|settings| settings.socket_write_timeout = time);
    }
    if let Some(time) = seconds(given, &["socket_read_timeout", "socket_recv_timeout"]) {
        change(|settings| settings.socket_read_timeout = time);
    }
    if let Some(bytes) = size(given, &["socket_buffer_size"]) {
        change(|settings| settings.socket_buffer_size = Some(bytes));
    }
    if let Some(time) = seconds(given, &["socket_timeout"]) {
        change(|settings| (settings.socket_read_timeout, settings.socket_write_timeout) = (time, time));
    }
}

/// Sets what only `swoole_async_set()` may: name look-up, signals, coroutines of callbacks.
///
/// # Errors
/// None; as [`set_global`].
pub fn set_asynchronous(given: &ZendHashTable) -> Return {
    if let Some(on) = truth(given, "wait_signal") {
        change(|settings| settings.wait_signal = on);
    }
    if let Some(time) = find(given, &["dns_cache_refresh_time"]).map(zend::to_double) {
        change(|settings| settings.dns_cache_refresh_time = time);
    }
    if let Some(on) = truth(given, "dns_lookup_random") {
        change(|settings| settings.dns_lookup_random = on);
    }
    if let Some(threads) = find(given, &["max_thread_num", "aio_worker_num"]).map(zend::to_long) {
        pool::set_most(usize::try_from(threads).unwrap_or(1));
    }
    if let Some(on) = truth(given, "enable_coroutine") {
        engine::set_callbacks_in_coroutines(on);
    }
    Ok(())
}
