//! Parts of texts as values, and hashes.

use crate::zend;
use crate::zend::call::{Call, Return};
use crate::zend::decode;
use std::ops::Range;

/// `JSON_OBJECT_AS_ARRAY`
const OBJECT_AS_ARRAY: i64 = 1;

/// Which part of a text is meant.
///
/// # Errors
/// It begins outside of the text; why.
fn part(text: &[u8], offset: i64, length: i64) -> Result<Range<usize>, &'static str> {
    if text.is_empty() {
        return Err("Non-empty string required");
    }
    let start = if offset < 0 { offset + text.len() as i64 } else { offset };
    let Ok(start) = usize::try_from(start) else {
        return Err("Offset must be not less than the negative length of the string");
    };
    if start >= text.len() {
        return Err("Offset must be less than the length of the string");
    }
    let left = text.len() - start;
    let length = usize::try_from(length).ok().filter(|length| *length > 0 && *length <= left).unwrap_or(left);
    Ok(start..start + length)
}

/// `swoole_substr_unserialize()`
pub fn swoole_substr_unserialize(call: &mut Call<'_>) -> Return {
    let text = call.str_arg(0)?.as_bytes();
    let offset = call.long_arg(1)?;
    let length = call.optional(2, 0, Call::long_arg)?;
    let options = call.value(3).map(|_| call.array_arg(3)).transpose()?;
    match part(text, offset, length) {
        Ok(range) => {
            decode::unserialize(call.result(), &text[range], options, c"swoole_ext_unserialize");
            Ok(())
        }
        Err(_) => call.return_bool(false),
    }
}

/// `swoole_substr_json_decode()`
pub fn swoole_substr_json_decode(call: &mut Call<'_>) -> Return {
    let text = call.str_arg(0)?.as_bytes();
    let offset = call.long_arg(1)?;
    let length = call.optional(2, 0, Call::long_arg)?;
    let arrays = if call.given(3) { Some(call.bool_arg(3)?) } else { None };
    let depth = call.optional(4, 512, Call::long_arg)?;
    let mut flags = call.optional(5, 0, Call::long_arg)?;
    let range = match part(text, offset, length) {
        Ok(range) => range,
        Err(why) => {
            zend::warning(why);
            return Ok(());
        }
    };
    match arrays {
        Some(true) => flags |= OBJECT_AS_ARRAY,
        Some(false) => flags &= !OBJECT_AS_ARRAY,
        None => {}
    }
    if depth <= 0 {
        zend::warning("Depth must be greater than zero");
    } else if depth > i64::from(i32::MAX) {
        zend::warning(&format!("Depth must be lower than {}", i32::MAX));
    } else {
        decode::json(call.result(), &text[range], flags, depth);
    }
    Ok(())
}

/// `swoole_hashcode()`: the engine's hash of a key (0), or Jenkins' one-at-a-time (1).
pub fn swoole_hashcode(call: &mut Call<'_>) -> Return {
    let text = call.str_arg(0)?.as_bytes();
    match call.optional(1, 0, Call::long_arg)? {
        0 => call.return_long(decode::hash(text)),
        1 => call.return_long(i64::from(one_at_a_time(text))),
        _ => call.return_bool(false),
    }
}

fn one_at_a_time(text: &[u8]) -> u32 {
    let mut hash = 0_u32;
    for byte in text {
        // As a signed byte.
        hash = hash.wrapping_add(*byte as i8 as u32);
        hash = hash.wrapping_add(hash << 10);
        hash ^= hash >> 6;
    }
    hash = hash.wrapping_add(hash << 3);
    hash ^= hash >> 11;
    hash.wrapping_add(hash << 15)
}
