//! `Swoole\Redis\Server`: a server of several processes that speaks Redis's protocol.

use crate::classes::server::Server;
use crate::classes::server::port::callback_of;
use crate::classes::{ce, constants, errors};
use crate::zend::array::{Key, try_each};
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::text::Text;
use crate::zend::{throw, to_long};
use ext_php_rs::types::{ZendHashTable, Zval};
use std::io::Write as _;

/// A command is shorter.
pub(crate) const LONGEST_COMMAND: usize = 64;
/// Bytes of the longest string of a reply.
const LONGEST_STRING: usize = 512 << 20;
/// How deep arrays of a reply may lie in each other.
const DEEPEST: usize = 256;

/// The kinds of replies, which are constants of the class.
mod kind {
    pub(super) const ERROR: i64 = 0;
    pub(super) const NIL: i64 = 1;
    pub(super) const STATUS: i64 = 2;
    pub(super) const INT: i64 = 3;
    pub(super) const STRING: i64 = 4;
    pub(super) const SET: i64 = 5;
    pub(super) const MAP: i64 = 6;
}

/// `setHandler(string $command, callable $callback): bool`
pub fn set_handler(call: &mut Call<'_>) -> Return {
    let command = call.str_arg(0)?.as_bytes();
    if command.is_empty() || command.len() >= LONGEST_COMMAND {
        errors::fatal("invalid command");
        return Err(Thrown);
    }
    let Some(handler) = callback_of(call.value(1).unwrap_or(&Zval::new())) else { return Ok(()) };
    call.native::<Server>().set_redis_handler(command.to_ascii_lowercase(), handler);
    call.return_bool(true)
}

/// `getHandler(string $command): Closure`
pub fn get_handler(call: &mut Call<'_>) -> Return {
    let command = call.str_arg(0)?.as_bytes().to_ascii_lowercase();
    match call.native::<Server>().redis_handler(&command) {
        Some(handler) => call.return_value(handler.value().shallow_clone()),
        None => Ok(()),
    }
}

/// `format(int $type, mixed $value = null): string|false`
pub fn format(call: &mut Call<'_>) -> Return {
    let number = call.long_arg(0)?;
    let mut reply = Vec::new();
    put(&mut reply, number, call.value(1), 0)?;
    call.return_bytes(&reply)
}

fn refuse(words: &str) -> Return {
    throw(ce::swoole_exception(), words, constants::SWOOLE_ERROR_INVALID_PARAMS)
}

fn put(reply: &mut Vec<u8>, number: i64, value: Option<&Zval>, depth: usize) -> Return {
    let needed = || match value {
        Some(value) => Ok(value),
        None => refuse("require more parameters").map(|()| unreachable!("it throws")),
    };
    match number {
        kind::NIL => reply.extend_from_slice(b"$-1\r\n"),
        kind::ERROR => put_line(reply, b'-', b"ERR", value)?,
        kind::STATUS => put_line(reply, b'+', b"OK", value)?,
        kind::INT => put_number(reply, b':', to_long(needed()?)),
        kind::STRING => {
            let text = Text::of(needed()?)?;
            if text.as_bytes().len() > LONGEST_STRING {
                return refuse("the length of given string exceeds the maximum allowed value");
            }
            put_string(reply, text.as_bytes());
        }
        kind::SET | kind::MAP => {
            // Held: a `__toString()` of an element may write to the array, and gets a copy then.
            let held = needed()?.shallow_clone();
            let Some(values) = held.array() else { return refuse("the second parameter should be an array") };
            put_array(reply, number == kind::MAP, values, depth + 1)?;
        }
        _ => return refuse(&format!("Unknown type[{}]", number as i32)),
    }
    Ok(())
}

fn put_number(reply: &mut Vec<u8>, mark: u8, number: i64) {
    reply.push(mark);
    // Writing to memory cannot fail.
    let _ = write!(reply, "{number}\r\n");
}

fn put_string(reply: &mut Vec<u8>, text: &[u8]) {
    put_number(reply, b'$', text.len() as i64);
    reply.extend_from_slice(text);
    reply.extend_from_slice(b"\r\n");
}

/// One line, whatever is in it: what follows would be taken for the next reply.
fn put_line(reply: &mut Vec<u8>, mark: u8, default: &[u8], value: Option<&Zval>) -> Return {
    reply.push(mark);
    match value {
        Some(value) => {
            let text = Text::of(value)?;
            reply.extend(text.as_bytes().iter().map(|byte| if matches!(byte, b'\r' | b'\n') { b' ' } else { *byte }));
        }
        None => reply.extend_from_slice(default),
    }
    reply.extend_from_slice(b"\r\n");
    Ok(())
}

fn put_array(reply: &mut Vec<u8>, with_keys: bool, values: &ZendHashTable, depth: usize) -> Return {
    if depth > DEEPEST {
        return refuse("the arrays are nested too deeply");
    }
    put_number(reply, b'*', values.len() as i64 * if with_keys { 2 } else { 1 });
    try_each(values, |key, item| {
        if with_keys {
            match key {
                Key::Text(name) => put_string(reply, name),
                Key::Number(number) => put_string(reply, number.to_string().as_bytes()),
            }
        }
        put(reply, kind_of(item), Some(item), depth)
    })
}

/// As what an element of an array goes out.
fn kind_of(item: &Zval) -> i64 {
    match item.array() {
        Some(values) if values.has_sequential_keys() => kind::SET,
        Some(_) => kind::MAP,
        None if item.is_long() || item.is_bool() => kind::INT,
        None if item.is_null() => kind::NIL,
        None => kind::STRING,
    }
}
