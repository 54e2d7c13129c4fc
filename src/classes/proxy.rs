//! Proxies of clients: `socks5_host`, `http_proxy_host` and what belongs to them, and Swoole's numbers for their failures.

use super::{constants, errors, settings};
use crate::io::proxy::{Kind, Proxy, ProxyError};
use crate::log;
use crate::zend;
use crate::zend::call::Thrown;
use crate::zend::text::Text;
use ext_php_rs::types::ZendHashTable;

/// What an array of settings says about proxies.
#[derive(Debug)]
pub(crate) enum Given {
    /// Nothing.
    Nothing,
    /// A proxy.
    Proxy(Proxy),
    /// A proxy that cannot be used; the last error is set.
    Refused {
        /// The user was warned.
        warned: bool,
    },
}

/// Reads the settings of a proxy; one of SOCKS5 comes first.
///
/// # Errors
/// A value cannot be converted.
pub(crate) fn given(settings: &ZendHashTable) -> Result<Given, Thrown> {
    let text = |names: &[&str]| settings::find(settings, names).map(Text::of).transpose();
    let (kind, host, port_name, user, password) = if let Some(host) = text(&["socks5_host"])? {
        (Kind::Socks5, host, "socks5_port", text(&["socks5_username"])?, text(&["socks5_password"])?)
    } else if let Some(host) = text(&["http_proxy_host"])? {
        let user = text(&["http_proxy_username", "http_proxy_user"])?;
        (Kind::Http, host, "http_proxy_port", user, text(&["http_proxy_password"])?)
    } else {
        return Ok(Given::Nothing);
    };
    let Some(port) = settings::find(settings, &[port_name]) else {
        errors::warn(&format!("{port_name} should not be null"));
        return Ok(Given::Refused { warned: true });
    };
    let Ok(port) = u16::try_from(zend::to_long(port)) else {
        errors::set_last(errors::BAD_PORT);
        return Ok(Given::Refused { warned: false });
    };
    let bytes = |text: &Option<Text>| text.as_ref().map_or_else(Vec::new, |text| text.as_bytes().to_vec());
    let host = String::from_utf8_lossy(host.as_bytes()).into_owned();
    match Proxy::new(kind, host, port, &bytes(&user), &bytes(&password)) {
        Ok(proxy) => Ok(Given::Proxy(proxy)),
        Err(error) => {
            failed(kind, &error);
            Ok(Given::Refused { warned: false })
        }
    }
}

/// Swoole's number for a failure.
pub(crate) fn number(kind: Kind, error: &ProxyError) -> i32 {
    let number = match (error, kind) {
        (ProxyError::CredentialsTooLong | ProxyError::Authentication, _) => constants::SWOOLE_ERROR_SOCKS5_AUTH_FAILED,
        (ProxyError::Version, _) => constants::SWOOLE_ERROR_SOCKS5_UNSUPPORT_VERSION,
        (ProxyError::Method, _) => constants::SWOOLE_ERROR_SOCKS5_UNSUPPORT_METHOD,
        (ProxyError::Refused(_), _) => constants::SWOOLE_ERROR_SOCKS5_SERVER_ERROR,
        (ProxyError::BadTarget, Kind::Socks5) => constants::SWOOLE_ERROR_SOCKS5_HANDSHAKE_FAILED,
        (ProxyError::BadAnswer, _) => constants::SWOOLE_ERROR_HTTP_PROXY_BAD_RESPONSE,
        (ProxyError::BadTarget | ProxyError::Status(_), _) => constants::SWOOLE_ERROR_HTTP_PROXY_HANDSHAKE_FAILED,
    };
    number as i32
}

/// Swoole's number for a proxy that hangs up, or says nothing.
pub(crate) fn silence(kind: Kind) -> i32 {
    let number = match kind {
        Kind::Socks5 => constants::SWOOLE_ERROR_SOCKS5_HANDSHAKE_FAILED,
        Kind::Http => constants::SWOOLE_ERROR_HTTP_PROXY_HANDSHAKE_FAILED,
    };
    number as i32
}

/// Logs a failure, as Swoole does for SOCKS5, and makes it the last error.
pub(crate) fn failed(kind: Kind, error: &ProxyError) -> i32 {
    /// `SWOOLE_LOG_NOTICE`.
    const NOTICE: i32 = 3;
    let number = number(kind, error);
    errors::set_last(number);
    if kind == Kind::Socks5 {
        log::error(NOTICE, "Socks5Proxy::handshake()", number, error.to_string().as_bytes());
    }
    number
}
