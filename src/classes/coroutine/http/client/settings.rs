//! What `set()` takes.

use super::link::Stop;
use super::{Client, Server, slot};
use crate::classes::settings::{find, size};
use crate::classes::tls_settings::{Refused, read_client};
use crate::classes::{ce, errors};
use crate::io::proxy::{Kind, Proxy};
use crate::io::tls::ClientSettings;
use crate::zend::callable::Callable;
use crate::zend::object;
use crate::zend::text::Text;
use crate::zend::{self, call::Thrown};
use ext_php_rs::types::{ZendHashTable, ZendObject, Zval};
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;

/// Notes what requests ask for.
pub(super) fn apply(client: &Client, given: &ZendHashTable) {
    let options = &client.options;
    let seconds = |name| find(given, &[name]).map(zend::to_double);
    let flag = |name| find(given, &[name]).map(Zval::coerce_to_bool);
    if let Some(seconds) = seconds("connect_timeout") {
        options.connect_timeout.set(seconds);
    }
    if let Some(seconds) = seconds("timeout") {
        options.timeout.set(seconds);
    }
    if let Some(retries) = find(given, &["max_retries"]).map(zend::to_long) {
        options.max_retries.set(retries.clamp(0, 255) as u8);
    }
    let flags = [
        ("defer", &options.defer),
        ("lowercase_header", &options.lowercase_header),
        ("keep_alive", &options.keep_alive),
        ("http_compression", &options.http_compression),
        ("body_decompression", &options.body_decompression),
    ];
    for (name, place) in flags {
        if let Some(on) = flag(name) {
            place.set(on);
        }
    }
    if let Some(function) = find(given, &["write_func"]) {
        let callable = Callable::new(function);
        if callable.is_none() {
            errors::warn(&format!("Function '{}' is not callable", zend::callable::name(function)));
        }
        let before = client.write_func.replace(callable.map(Rc::new));
        drop(before);
    }
}

/// Runs `read` over the property `setting`.
fn with_setting<T>(this: &ZendObject, read: impl FnOnce(&ZendHashTable) -> T) -> Option<T> {
    let setting = object::slot(this, slot::SETTING).shallow_clone();
    setting.array().map(read)
}

/// Seconds that sending may take, 0 for the default.
pub(super) fn write_timeout(this: &ZendObject) -> f64 {
    with_setting(this, |given| find(given, &["write_timeout", "timeout"]).map_or(0.0, zend::to_double)).unwrap_or(0.0)
}

/// The largest body that is kept in memory, as the property `setting` says.
pub(crate) fn body_limit(setting: &Zval) -> u64 {
    let given = setting.array().and_then(|given| size(given, &["package_max_length"]));
    let limit = given.filter(|limit| *limit > 0).or_else(|| Some(zend::ini::size(c"memory_limit")));
    limit.and_then(|limit| u64::try_from(limit).ok()).filter(|limit| *limit > 0).unwrap_or(u64::MAX)
}

/// What a connection is opened with.
#[derive(Default)]
pub(crate) struct Connecting {
    pub(super) from: Option<SocketAddr>,
    pub(super) buffer: Option<usize>,
    pub(super) nodelay: bool,
    pub(super) proxy: Option<Proxy>,
    /// What the proxy is told as the name of the target, if that is another.
    pub(super) shown: Option<String>,
    pub(crate) secure: Option<ClientSettings>,
    /// An HTTP proxy has to connect us to the target in any case.
    pub(crate) tunnel: bool,
}

/// Reads the property `setting` of a client.
///
/// # Errors
/// A value's conversion threw, or a setting does not fit the server.
pub(crate) fn connecting(setting: &Zval, server: &Server) -> Result<Connecting, Stop> {
    let read = setting.array().map(|given| read(given, server));
    let mut connecting = read.unwrap_or_else(|| Ok(Connecting { nodelay: true, ..Connecting::default() }))?;
    if server.secure && connecting.secure.is_none() {
        connecting.secure = Some(secure(&ZendHashTable::new(), server)?);
    }
    Ok(connecting)
}

fn text(given: &ZendHashTable, name: &str) -> Result<Option<Vec<u8>>, Thrown> {
    let value = find(given, &[name]).map(Text::of).transpose()?;
    Ok(value.map(|value| value.as_bytes().to_vec()))
}

fn lossy(given: &ZendHashTable, name: &str) -> Result<Option<String>, Thrown> {
    Ok(text(given, name)?.map(|text| String::from_utf8_lossy(&text).into_owned()))
}

fn read(given: &ZendHashTable, server: &Server) -> Result<Connecting, Stop> {
    let port = find(given, &["bind_port"]).map_or(0, zend::to_long).clamp(0, 65535) as u16;
    let from = match lossy(given, "bind_address")? {
        Some(text) => text.parse::<IpAddr>().ok().map(|address| SocketAddr::new(address, port)),
        None => None,
    };
    let buffer = size(given, &["socket_buffer_size"]);
    if buffer.is_some_and(|bytes| bytes <= 0) {
        errors::warn(&format!("socket buffer size must be greater than 0, got {}", buffer.unwrap_or(0)));
    }
    let nodelay = find(given, &["open_tcp_nodelay"]).is_none_or(Zval::coerce_to_bool);
    let secure = if server.secure { Some(self::secure(given, server)?) } else { None };
    Ok(Connecting {
        from,
        buffer: buffer.and_then(|bytes| usize::try_from(bytes).ok()).filter(|bytes| *bytes > 0),
        nodelay,
        proxy: proxy(given, server)?,
        shown: lossy(given, "ssl_host_name")?.filter(|name| !name.is_empty()),
        secure,
        tunnel: false,
    })
}

fn proxy(given: &ZendHashTable, server: &Server) -> Result<Option<Proxy>, Stop> {
    let (kind, host) = match (lossy(given, "socks5_host")?, lossy(given, "http_proxy_host")?) {
        (Some(host), _) => (Kind::Socks5, host),
        (None, Some(host)) => (Kind::Http, host),
        (None, None) => return Ok(None),
    };
    let (word, prefix) = match kind {
        Kind::Socks5 => ("socks5", "socks5"),
        Kind::Http => ("http", "http_proxy"),
    };
    if server.unix {
        let words = format!("Only tcp socket supports {word} proxy settings");
        return Ok(zend::throw(ce::swoole_exception(), &words, i64::from(errors::OPERATION_NOT_SUPPORT))?);
    }
    let Some(port) = find(given, &[&format!("{prefix}_port")]).map(zend::to_long) else {
        errors::warn(&format!("{prefix}_port should not be null"));
        return Ok(None);
    };
    let user = match text(given, &format!("{prefix}_username"))? {
        None if kind == Kind::Http => text(given, "http_proxy_user")?,
        user => user,
    };
    let user = user.unwrap_or_default();
    let password = text(given, &format!("{prefix}_password"))?.unwrap_or_default();
    if !user.is_empty() && password.is_empty() {
        errors::warn(&format!("{prefix}_password should not be null"));
    }
    match Proxy::new(kind, host, port.clamp(0, 65535) as u16, &user, &password) {
        Ok(proxy) => Ok(Some(proxy)),
        Err(error) => {
            errors::warn(&error.to_string());
            Ok(None)
        }
    }
}

/// TLS as these settings say.
fn secure(given: &ZendHashTable, server: &Server) -> Result<ClientSettings, Stop> {
    let mut settings = ClientSettings::default();
    match read_client(given, &mut settings) {
        Ok(()) => {}
        Err(Refused::Thrown(thrown)) => return Err(thrown.into()),
        Err(Refused::Because(words)) => errors::warn(&words),
    }
    if settings.host_name.is_none() && !server.unix {
        settings.host_name = Some(String::from_utf8_lossy(&server.host).into_owned());
        settings.host_is_assumed = true;
    }
    Ok(settings)
}
