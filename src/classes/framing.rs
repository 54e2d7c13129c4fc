//! Settings for packets, read from an array of PHP (`open_eof_check`, `package_length_type`, ...) into `io::framing`.

use super::{errors, settings};
use crate::coroutine::engine;
use crate::io::framing::{DEFAULT_MAX, LONGEST_EOF, LengthFunction, LengthType, Rule, Settings};
use crate::zend::call::Thrown;
use crate::zend::callable::{self, Callable};
use crate::zend::text::Text;
use crate::zend::{self, warning};
use ext_php_rs::types::{ZendHashTable, Zval};
use std::rc::Rc;

/// Who reads the settings: what is wrong and what is left out means different things.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Reader {
    /// A port of a server.
    Port,
    /// `Swoole\Client` and its asynchronous sister.
    Client,
    /// A coroutine's socket, and what is built on it.
    Socket,
}

/// What an offset, or the rest of the header, may be at most in a server.
const LARGEST_OFFSET: i64 = 8176;

/// A port takes packets of so many bytes whatever it is set to.
pub(crate) const LEAST_OF_PORT: i64 = 64 << 10;

/// Changes `settings` to what `given` says; options that it leaves out stay, but for the length of a packet, which all but ports reset.
/// False after a warning about an option that cannot be followed.
///
/// # Errors
/// A value cannot be converted.
pub(crate) fn apply(settings: &mut Settings, given: &ZendHashTable, reader: Reader) -> Result<bool, Thrown> {
    let truth = |name| settings::find(given, &[name]).map(Zval::coerce_to_bool);
    let mut fine = true;
    if let Some(on) = truth("open_eof_check") {
        settings.eof_check = on;
    }
    if let Some(on) = truth("open_eof_split") {
        settings.eof_split = on;
        settings.eof_check |= on;
    }
    if let Some(mark) = settings::find(given, &["package_eof"]).map(Text::of).transpose()? {
        match mark.as_bytes().len() {
            // Neither returns: as in Swoole.
            0 => errors::fatal("package_eof cannot be an empty string"),
            length if length > LONGEST_EOF => errors::fatal("package_eof max length is 8"),
            _ => settings.eof = mark.as_bytes().to_vec(),
        }
    }
    if reader == Reader::Socket
        && let Some(on) = truth("open_fastcgi_protocol")
    {
        settings.length_check = on;
        settings.length.rule = Rule::FastCgi;
    }
    if let Some(on) = truth("open_mqtt_protocol") {
        // A port's other protocols come first.
        if reader != Reader::Port {
            settings.length_check = on;
        }
        if on && !(reader == Reader::Port && settings.length_check) {
            settings.length_check = true;
            settings.length.rule = Rule::Mqtt;
        }
    }
    if let Some(on) = truth("open_length_check") {
        settings.length_check = on;
        if reader != Reader::Port || on && matches!(settings.length.rule, Rule::Mqtt) {
            settings.length.rule = Rule::Field;
        }
    }
    if let Some(text) = settings::find(given, &["package_length_type"]).map(Text::of).transpose()? {
        let code = text.as_bytes().first().copied().unwrap_or(0);
        drop(text);
        match LengthType::from_code(code) {
            Some(kind) => settings.length.kind = kind,
            None => {
                fine = false;
                unknown_type(code, reader);
            }
        }
    }
    if let Some(offset) = settings::find(given, &["package_length_offset"]) {
        settings.length.offset = offset_of(offset, "package_length_offset", reader);
    }
    let body_offset = match reader {
        Reader::Port => settings::find(given, &["package_body_offset", "package_body_start"]),
        _ => settings::find(given, &["package_body_offset"]),
    };
    if let Some(offset) = body_offset {
        settings.length.body_offset = offset_of(offset, "package_body_offset", reader);
    }
    if let Some(value) = settings::find(given, &["package_length_func"]) {
        match Callable::new(value) {
            Some(function) => {
                settings.length.rule = Rule::Function(match reader {
                    Reader::Port => asked_function(function),
                    _ => length_function(function),
                })
            }
            None => {
                errors::warn(&format!("function '{}' is not callable", callable::name(value)));
                if reader == Reader::Client {
                    return Ok(false);
                }
            }
        }
    }
    match settings::size(given, &["package_max_length"]) {
        Some(size) => {
            let least = if reader == Reader::Port { LEAST_OF_PORT } else { 0 };
            settings.max = size.clamp(least, u32::MAX.into()) as usize;
        }
        None if reader == Reader::Port => {}
        None => settings.max = DEFAULT_MAX,
    }
    Ok(fine)
}

fn unknown_type(code: u8, reader: Reader) {
    let name = char::from(code);
    match reader {
        Reader::Port => errors::fatal("unknown package_length_type, see pack(). Link: https://php.net/pack"),
        Reader::Client => errors::fatal(&unknown_text(name)),
        Reader::Socket => errors::warn(&unknown_text(name)),
    }
}

fn unknown_text(name: char) -> String {
    format!("Unknown package_length_type name '{name}', see pack(). Link: https://php.net/pack")
}

fn offset_of(value: &Zval, name: &str, reader: Reader) -> usize {
    let offset = zend::to_long(value).clamp(0, u16::MAX.into());
    if reader == Reader::Port && offset > LARGEST_OFFSET {
        errors::fatal(&format!("'{name}' value is too large"));
    }
    offset as usize
}

/// Asks PHP for the length, where nobody can catch what it throws: that is reported, and the packet counts as malformed.
fn asked_function(function: Callable) -> LengthFunction {
    Rc::new(move |bytes: &[u8]| match engine::ask(&function, &[zend::string(bytes)]) {
        Some(told) => zend::to_long(&told),
        None => -1,
    })
}

/// Asks PHP for the length. What it throws is pending afterwards, and the packet counts as malformed.
fn length_function(function: Callable) -> LengthFunction {
    Rc::new(move |bytes: &[u8]| match function.call(&[zend::string(bytes)]) {
        Ok(told) => zend::to_long(&told),
        Err(Thrown) => {
            if !zend::exception_pending() {
                warning("length function handler error");
            }
            -1
        }
    })
}
