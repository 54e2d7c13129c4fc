//! Media types by the ending of a file's name.

use crate::io::mime;
use crate::zend;
use crate::zend::array::Array;
use crate::zend::call::{Call, Return, Thrown};
use std::borrow::Cow;

/// Argument `index` up to its first NUL.
fn text<'a>(call: &Call<'a>, index: usize) -> Result<Cow<'a, str>, Thrown> {
    let bytes = call.str_arg(index)?.as_bytes();
    Ok(String::from_utf8_lossy(bytes.split(|byte| *byte == 0).next().unwrap_or_default()))
}

/// `swoole_mime_type_add()`
pub fn swoole_mime_type_add(call: &mut Call<'_>) -> Return {
    let added = mime::add(&text(call, 0)?, &text(call, 1)?);
    call.return_bool(added)
}

/// `swoole_mime_type_set()`
pub fn swoole_mime_type_set(call: &mut Call<'_>) -> Return {
    mime::set(&text(call, 0)?, &text(call, 1)?);
    Ok(())
}

/// `swoole_mime_type_delete()`
pub fn swoole_mime_type_delete(call: &mut Call<'_>) -> Return {
    let removed = mime::remove(&text(call, 0)?);
    call.return_bool(removed)
}

/// `swoole_mime_type_get()`, `swoole_get_mime_type()`
pub fn swoole_mime_type_get(call: &mut Call<'_>) -> Return {
    let kind = mime::of_file(&text(call, 0)?).unwrap_or(Cow::Borrowed(mime::UNKNOWN));
    call.return_bytes(kind.as_bytes())
}

/// `swoole_mime_type_exists()`
pub fn swoole_mime_type_exists(call: &mut Call<'_>) -> Return {
    let known = mime::of_file(&text(call, 0)?).is_some();
    call.return_bool(known)
}

/// `swoole_mime_type_list()`
pub fn swoole_mime_type_list(call: &mut Call<'_>) -> Return {
    let mut list = Array::new();
    for kind in mime::all() {
        list.push(zend::string(kind.as_bytes()));
    }
    call.return_value(list.into())
}
