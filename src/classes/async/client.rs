//! `Swoole\Async\Client`: a client whose functions the loop calls. What it shares with `Swoole\Client` is inherited.

use crate::classes::client::{self, Callback, Client, Failure};
use crate::classes::{ce, errors, event, slots::swoole_client as slot};
use crate::zend;
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::object;

/// `__construct(int $type)`
pub fn __construct(call: &mut Call<'_>) -> Return {
    let number = call.long_arg(0)?;
    if client::kind_of(number).is_none() {
        return client::unknown_type(call, number);
    }
    object::set_slot(call.this(), slot::TYPE, number);
    Ok(())
}

/// `__destruct()`
pub fn __destruct(call: &mut Call<'_>) -> Return {
    client::abandon_background(call.native::<Client>())
}

/// `on(string $host, callable $callback): bool`
pub fn on(call: &mut Call<'_>) -> Return {
    let name = call.str_arg(0)?.as_bytes();
    let Some(callback) = call.value(1).and_then(event::resolve) else { return Ok(()) };
    // The beginning of a name is enough.
    let known = |full: &str| {
        !name.is_empty() && full.get(..name.len()).is_some_and(|head| head.as_bytes().eq_ignore_ascii_case(name))
    };
    let Some((_, which)) = Callback::NAMED.into_iter().find(|(full, _)| known(full)) else {
        errors::warn(&format!("Unknown event callback type name '{}'", String::from_utf8_lossy(name)));
        return call.return_bool(false);
    };
    object::set_slot(call.this(), which.property().0, callback.value().shallow_clone());
    call.native::<Client>().set_callback(which, callback);
    call.return_bool(true)
}

/// `connect(string $host, int $port = 0, float $timeout = 0.5, int $sock_flag = 0): bool`
pub fn connect(call: &mut Call<'_>) -> Return {
    let host = call.str_arg(0)?.as_bytes();
    let port = call.optional(1, 0, Call::long_arg)?;
    let seconds = call.optional(2, 0.5, Call::double_arg)?;
    let flag = call.optional(3, 0, Call::long_arg)? != 0;
    client::connect_background(call, (host, port), seconds, flag)
}

/// `isConnected(): bool`
pub fn is_connected(call: &mut Call<'_>) -> Return {
    client::is_connected(call)
}

/// `close(bool $force = false): bool`
pub fn close(call: &mut Call<'_>) -> Return {
    match client::close_background(call.native::<Client>())? {
        Some(done) => call.return_bool(done),
        None => {
            errors::warn("client is not connected to the server");
            call.return_bool(false)
        }
    }
}

/// `sleep(): bool`
pub fn sleep(call: &mut Call<'_>) -> Return {
    let Some(connection) = client::connected(call) else { return call.return_bool(false) };
    let done = connection.sleep();
    call.return_bool(done)
}

/// `wakeup(): bool`
pub fn wakeup(call: &mut Call<'_>) -> Return {
    let Some(connection) = client::connected(call) else { return call.return_bool(false) };
    let done = connection.wake();
    call.return_bool(done)
}

/// `pause(): bool`
pub fn pause(call: &mut Call<'_>) -> Return {
    sleep(call)
}

/// `resume(): bool`
pub fn resume(call: &mut Call<'_>) -> Return {
    wakeup(call)
}

/// `enableSSL(?callable $onSslReady = null): bool`
pub fn enable_ssl(call: &mut Call<'_>) -> Return {
    let Some(value) = call.value(0) else {
        let code = i64::from(errors::INVALID_PARAMS);
        return zend::throw(ce::swoole_exception(), "require `onSslReady` callback", code);
    };
    let Some(connection) = client::connected(call) else { return call.return_bool(false) };
    if !client::may_secure(call, &connection)? {
        return call.return_bool(false);
    }
    let Some(callback) = event::resolve(value) else {
        return if zend::exception_pending() { Err(Thrown) } else { call.return_bool(false) };
    };
    object::set_slot(call.this(), Callback::SslReady.property().0, callback.value().shallow_clone());
    call.native::<Client>().set_callback(Callback::SslReady, callback);
    match connection.secure_later() {
        Ok(()) => call.return_bool(true),
        Err(Failure(number)) => {
            client::set_error(call.this(), Failure(number));
            call.return_bool(false)
        }
    }
}
