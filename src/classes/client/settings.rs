//! What a client's `set()` was given, applied to a connection that is being made.

use super::connection::{Connection, unfit};
use crate::classes::proxy::{self, Given};
use crate::classes::settings::{find, size};
use crate::classes::tls_settings::{self, Refused};
use crate::classes::{errors, framing};
use crate::io::client::Address;
use crate::log;
use crate::zend;
use crate::zend::call::Thrown;
use crate::zend::text::Text;
use ext_php_rs::types::{ZendHashTable, Zval};

/// What became of settings.
#[derive(Clone, Copy)]
pub(super) struct Applied {
    /// The connection can be made. If not, the last error says why.
    pub(super) usable: bool,
    /// Nothing more has to be said about it.
    pub(super) told: bool,
}

/// There were no settings.
pub(super) const NOTHING: Applied = Applied { usable: true, told: true };
const REFUSED: Applied = Applied { usable: false, told: true };

/// Applies all settings.
///
/// # Errors
/// A value cannot be converted.
pub(super) fn apply(connection: &Connection, given: &ZendHashTable) -> Result<Applied, Thrown> {
    let mut packets = connection.settings.borrow().clone();
    if !framing::apply(&mut packets, given, framing::Reader::Client)? {
        return Ok(REFUSED);
    }
    connection.settings.replace(packets);
    connection.adopt_settings();
    if let Some(bytes) = size(given, &["socket_buffer_size"]) {
        let bytes = bytes.clamp(1, i32::MAX.into()) as usize;
        let options = connection.socket.options();
        // Smaller buffers than asked for are still buffers.
        let _ = options.set_send_buffer_size(bytes);
        let _ = options.set_recv_buffer_size(bytes);
        if let Some(background) = &connection.background {
            background.limit.set(bytes);
        }
    }
    if let Some(background) = &connection.background {
        let watermark = |name| size(given, &[name]).map(|bytes| bytes.clamp(0, u32::MAX.into()) as usize);
        background.high.set(watermark("buffer_high_watermark").unwrap_or(0));
        background.low.set(watermark("buffer_low_watermark").unwrap_or(0));
    }
    if !bind(connection, given)? {
        return Ok(REFUSED);
    }
    if find(given, &["open_tcp_nodelay"]).is_none_or(Zval::coerce_to_bool) {
        nodelay(connection);
    }
    match proxy::given(given)? {
        Given::Nothing => {}
        Given::Proxy(found) => *connection.proxy.borrow_mut() = Some(found),
        Given::Refused { warned } => return Ok(Applied { usable: false, told: warned }),
    }
    if connection.wants_tls.get() {
        apply_tls(connection, given)?;
    }
    Ok(NOTHING)
}

/// Applies the settings for TLS. What is wrong with them is a fatal error, as in Swoole.
///
/// # Errors
/// A value cannot be converted.
pub(super) fn apply_tls(connection: &Connection, given: &ZendHashTable) -> Result<(), Thrown> {
    let mut settings = connection.tls_settings.borrow().clone();
    match tls_settings::read_client(given, &mut settings) {
        Ok(()) => {
            connection.tls_settings.replace(settings);
            Ok(())
        }
        Err(Refused::Thrown(thrown)) => Err(thrown),
        Err(Refused::Because(text)) => {
            drop(settings);
            errors::fatal(&text);
            Err(Thrown)
        }
    }
}

/// Gives the socket the address that was asked for. False when it cannot have it.
fn bind(connection: &Connection, given: &ZendHashTable) -> Result<bool, Thrown> {
    let port = find(given, &["bind_port"]).map_or(0, zend::to_long).clamp(0, u16::MAX.into());
    let Some(host) = find(given, &["bind_address"]).map(Text::of).transpose()? else { return Ok(true) };
    if host.as_bytes().is_empty() {
        return Ok(true);
    }
    let address = match Address::parse(connection.socket.kind(), host.as_bytes(), port) {
        Ok(address) => address,
        Err(reason) => {
            errors::set_last(unfit(reason).0);
            return Ok(false);
        }
    };
    if let Err(error) = connection.socket.bind(&address) {
        errors::set_last(error.raw_os_error().unwrap_or(libc::EINVAL));
        return Ok(false);
    }
    Ok(true)
}

/// Sends small pieces at once.
fn nodelay(connection: &Connection) {
    if connection.socket.kind().is_tcp()
        && let Err(error) = connection.socket.options().set_tcp_nodelay(true)
    {
        log::system_warning(
            "Socket::set_tcp_nodelay()",
            "setsockopt(TCP_NODELAY) failed",
            error.raw_os_error().unwrap_or(0),
        );
    }
}
