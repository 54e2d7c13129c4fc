//! Query strings and cookies as PHP itself reads them.

use super::array::Array;
use super::{sys, text::Text};
use crate::log;
use ext_php_rs::types::Zval;
use std::ffi::{CStr, CString, c_char};
use std::mem::ManuallyDrop;

unsafe extern "C" {
    // shim.c
    fn steelwool_parse_query(text: *const c_char, length: usize, into: *mut sys::zval);
    fn steelwool_url_decode(text: *mut c_char, length: usize, raw: bool) -> usize;
    fn steelwool_max_input_vars() -> i64;
    fn steelwool_uploaded_add(path: *const c_char, length: usize);
    fn steelwool_uploaded_remove(path: *const c_char, length: usize) -> bool;
    // main/php_variables.h: takes the value over
    fn php_register_variable_ex(name: *const c_char, value: *mut sys::zval, into: *mut sys::zval);
}

/// `max_input_vars`.
pub fn max_vars() -> usize {
    // SAFETY: reads a setting.
    usize::try_from(unsafe { steelwool_max_input_vars() }).unwrap_or(0)
}

/// `$array[name] = value`, with PHP's rules for names such as `a[b][]`.
pub fn register(name: &[u8], value: Zval, array: &mut Array) {
    // a NUL ends the name, as it does in PHP
    let name: Vec<u8> = name.iter().copied().take_while(|byte| *byte != 0).collect();
    let Ok(name) = CString::new(name) else { return };
    let mut value = ManuallyDrop::new(value);
    // SAFETY: PHP takes the value over; the array is ours.
    unsafe { php_register_variable_ex(name.as_ptr(), &mut *value, array.raw()) };
}

/// Makes `is_uploaded_file()` and `move_uploaded_file()` accept this file.
pub fn uploaded(path: &CStr) {
    // SAFETY: the engine copies the path.
    unsafe { steelwool_uploaded_add(path.as_ptr(), path.count_bytes()) };
}

/// Takes [`uploaded`] back; false when the file was moved away meanwhile.
pub fn forget_uploaded(path: &CStr) -> bool {
    // SAFETY: looks into the engine's table.
    unsafe { steelwool_uploaded_remove(path.as_ptr(), path.count_bytes()) }
}

/// `a=1&b[]=2` as an array, with PHP's rules for names, `arg_separator.input` and `max_input_vars`.
pub fn query(text: &[u8]) -> Array {
    let text = &text[..allowed(text)];
    let mut array = Array::new();
    // SAFETY: the shim copies the text; the array is ours.
    unsafe { steelwool_parse_query(text.as_ptr().cast(), text.len(), array.raw()) };
    array
}

/// How much of a query has no more variables than `max_input_vars`; the log hears of the others.
fn allowed(text: &[u8]) -> usize {
    let most = max_vars();
    // a variable takes two bytes: a letter, and what ends it
    if text.len() / 2 < most {
        return text.len();
    }
    let (mut count, mut start) = (0, 0);
    for variable in text.split(|byte| *byte == b'&') {
        count += usize::from(!variable.is_empty());
        if count > most {
            too_many(most);
            return start;
        }
        start += variable.len() + 1;
    }
    text.len()
}

fn too_many(most: usize) {
    let text = format!("Input variables exceeded {most}. To increase the limit change max_input_vars in php.ini.");
    log::warning("swoole_php_treat_data()", &text);
}

/// Adds the pairs of a `Cookie` header to `array`, their values decoded. The first of equal names counts.
pub fn cookies<'a>(pairs: impl Iterator<Item = (&'a [u8], &'a [u8])>, array: &mut Array) {
    let most = max_vars();
    let mut count = 0;
    for (name, value) in pairs {
        count += 1;
        if count > most {
            return too_many(most);
        }
        if is_plain(name) {
            array.set_new(name, raw_url_decode_value(value));
            continue;
        }
        let Ok(c_name) = CString::new(name) else { continue };
        if array.has_symbol(name) {
            continue;
        }
        let mut value = value.to_vec();
        value.push(0);
        // SAFETY: decodes in place, never longer than before, and ends with a NUL; PHP copies name and value.
        unsafe {
            let length = steelwool_url_decode(value.as_mut_ptr().cast(), value.len() - 1, true);
            sys::php_register_variable_safe(c_name.as_ptr(), value.as_ptr().cast(), length, array.raw());
        }
    }
}

/// Whether a variable of this name is the array's element of the same name: nothing in it means anything to PHP.
fn is_plain(name: &[u8]) -> bool {
    !name[0].is_ascii_digit() && name.iter().all(|byte| matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_'))
}

/// `rawurldecode()`, as a value.
fn raw_url_decode_value(text: &[u8]) -> Zval {
    if text.contains(&b'%') { raw_url_decode(text).into() } else { super::string(text) }
}

/// `urldecode()`.
pub fn url_decode(text: &[u8]) -> Text {
    decode(text, false)
}

/// `rawurldecode()`.
pub fn raw_url_decode(text: &[u8]) -> Text {
    decode(text, true)
}

fn decode(text: &[u8], raw: bool) -> Text {
    if !text.iter().any(|byte| matches!(byte, b'%' | b'+')) {
        return Text::new(text);
    }
    let mut copy = text.to_vec();
    copy.push(0);
    // SAFETY: decodes in place, never longer than before.
    let length = unsafe { steelwool_url_decode(copy.as_mut_ptr().cast(), text.len(), raw) };
    Text::new(&copy[..length])
}
