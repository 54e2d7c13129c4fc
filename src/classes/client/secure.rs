//! TLS on a client: beginning it later, and what the other side has shown.

use super::connection::Connection;
use super::{Failure, NOTICE, connected, set_error, settings};
use crate::classes::{ce, errors, slots::swoole_client as slot};
use crate::io::client::Secure;
use crate::log;
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::{self, object};
use std::rc::Rc;

/// `enableSSL(?callable $onSslReady = null): bool`
pub fn enable_ssl(call: &mut Call<'_>) -> Return {
    if !call.is_empty() {
        let text = "sync client does not support `onSslReady` callback";
        return zend::throw(ce::swoole_exception(), text, i64::from(errors::INVALID_PARAMS));
    }
    let Some(connection) = connected(call) else { return call.return_bool(false) };
    if !may_secure(call, &connection)? {
        return call.return_bool(false);
    }
    let done = connection.secure();
    if let Err(failure) = done {
        set_error(call.this(), failure);
    }
    call.return_bool(done.is_ok())
}

/// Whether TLS can begin on the connection, whose settings are then in place; or a warning.
///
/// # Errors
/// A setting cannot be converted.
pub(crate) fn may_secure(call: &mut Call<'_>, connection: &Connection) -> Result<bool, Thrown> {
    if !connection.socket.kind().is_tcp() {
        errors::warn("cannot use enableSSL");
        return Ok(false);
    }
    if connection.tls().is_some() {
        errors::warn("SSL has been enabled");
        return Ok(false);
    }
    let given = object::slot(call.this(), slot::SETTING).shallow_clone();
    if let Some(given) = given.array() {
        settings::apply_tls(connection, given)?;
    }
    Ok(true)
}

/// What speaks TLS on the connection, or a warning that nothing does.
fn secured(call: &mut Call<'_>) -> Option<Rc<Secure>> {
    let tls = connected(call)?.tls();
    if tls.is_none() {
        errors::warn("SSL is not ready");
    }
    tls
}

/// `getPeerCert(): string|bool`
pub fn get_peer_cert(call: &mut Call<'_>) -> Return {
    let Some(tls) = secured(call) else { return call.return_bool(false) };
    match tls.peer_certificate() {
        Ok(text) => call.return_bytes(text.as_bytes()),
        Err(error) => {
            set_error(call.this(), Failure(error.code()));
            call.return_bool(false)
        }
    }
}

/// `verifyPeerCert(): bool`
pub fn verify_peer_cert(call: &mut Call<'_>) -> Return {
    let Some(tls) = secured(call) else { return call.return_bool(false) };
    let allow_self_signed = call.optional(0, false, Call::bool_arg)?;
    let verified = tls.verify(allow_self_signed);
    if let Err(error) = &verified {
        errors::set_last(error.code());
        log::error(NOTICE, "Socket::ssl_verify()", error.code(), error.text().as_bytes());
    }
    call.return_bool(verified.is_ok())
}
