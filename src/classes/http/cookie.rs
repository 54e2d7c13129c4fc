//! `Swoole\Http\Cookie`.

use super::set_cookie::SetCookie;
use crate::native_handlers;
use crate::zend::array::Array;
use crate::zend::call::{Call, Return};
use crate::zend::object::Native;
use crate::zend::text::Text;
use crate::zend::{boolean, long, string};
use ext_php_rs::types::Zval;
use std::cell::RefCell;

/// The Rust half of a cookie object.
pub struct Cookie {
    fields: RefCell<Fields>,
}

#[derive(Clone)]
struct Fields {
    name: Option<Text>,
    value: Option<Text>,
    path: Option<Text>,
    domain: Option<Text>,
    same_site: Option<Text>,
    priority: Option<Text>,
    encode: bool,
    expires: i64,
    secure: bool,
    http_only: bool,
    partitioned: bool,
}

impl Fields {
    fn new(encode: bool) -> Self {
        Self {
            name: None,
            value: None,
            path: None,
            domain: None,
            same_site: None,
            priority: None,
            encode,
            expires: 0,
            secure: false,
            http_only: false,
            partitioned: false,
        }
    }
}

fn bytes(text: Option<&Text>) -> &[u8] {
    text.map_or(&[], Text::as_bytes)
}

impl Native for Cookie {
    native_handlers!();

    fn new() -> Self {
        Self { fields: RefCell::new(Fields::new(true)) }
    }
}

impl Cookie {
    /// The line after `Set-Cookie: `. When there cannot be one it warns, and forgets all that it was told, as Swoole's does.
    pub(super) fn line(&self) -> Option<Vec<u8>> {
        // a warning's handler is PHP code that may change this cookie
        let fields = self.fields.borrow().clone();
        let line = SetCookie {
            name: bytes(fields.name.as_ref()),
            value: bytes(fields.value.as_ref()),
            expires: fields.expires,
            path: bytes(fields.path.as_ref()),
            domain: bytes(fields.domain.as_ref()),
            secure: fields.secure,
            http_only: fields.http_only,
            same_site: bytes(fields.same_site.as_ref()),
            priority: bytes(fields.priority.as_ref()),
            partitioned: fields.partitioned,
            encode: fields.encode,
        }
        .line();
        if line.is_none() {
            self.reset();
        }
        line
    }

    fn reset(&self) {
        self.fields.replace(Fields::new(true));
    }
}

fn change(call: &mut Call<'_>, change: impl FnOnce(&mut Fields)) -> Return {
    change(&mut call.native::<Cookie>().fields.borrow_mut());
    let this = call.this_value();
    call.return_value(this)
}

fn with_text(call: &mut Call<'_>, field: fn(&mut Fields) -> &mut Option<Text>) -> Return {
    let text = Text::share(call.str_arg(0)?);
    let text = (!text.as_bytes().is_empty()).then_some(text);
    change(call, |fields| *field(fields) = text)
}

fn with_flag(call: &mut Call<'_>, field: fn(&mut Fields) -> &mut bool) -> Return {
    let set = call.optional(0, false, Call::bool_arg)?;
    change(call, |fields| *field(fields) = set)
}

/// `__construct(bool $encode = true)`
pub fn __construct(call: &mut Call<'_>) -> Return {
    let encode = call.optional(0, true, Call::bool_arg)?;
    call.native::<Cookie>().fields.replace(Fields::new(encode));
    Ok(())
}

/// `withName(string $name): Cookie`
pub fn with_name(call: &mut Call<'_>) -> Return {
    with_text(call, |fields| &mut fields.name)
}

/// `withValue(string $value = ""): Cookie`
pub fn with_value(call: &mut Call<'_>) -> Return {
    with_text(call, |fields| &mut fields.value)
}

/// `withExpires(int $expires = 0): Cookie`
pub fn with_expires(call: &mut Call<'_>) -> Return {
    let expires = call.optional(0, 0, Call::long_arg)?;
    change(call, |fields| fields.expires = expires)
}

/// `withPath(string $path = "/"): Cookie`
pub fn with_path(call: &mut Call<'_>) -> Return {
    with_text(call, |fields| &mut fields.path)
}

/// `withDomain(string $domain = ""): Cookie`
pub fn with_domain(call: &mut Call<'_>) -> Return {
    with_text(call, |fields| &mut fields.domain)
}

/// `withSecure(bool $secure = false): Cookie`
pub fn with_secure(call: &mut Call<'_>) -> Return {
    with_flag(call, |fields| &mut fields.secure)
}

/// `withHttpOnly(bool $httpOnly = false): Cookie`
pub fn with_http_only(call: &mut Call<'_>) -> Return {
    with_flag(call, |fields| &mut fields.http_only)
}

/// `withSameSite(string $sameSite = ""): Cookie`
pub fn with_same_site(call: &mut Call<'_>) -> Return {
    with_text(call, |fields| &mut fields.same_site)
}

/// `withPriority(string $priority = ""): Cookie`
pub fn with_priority(call: &mut Call<'_>) -> Return {
    with_text(call, |fields| &mut fields.priority)
}

/// `withPartitioned(bool $partitioned = false): Cookie`
pub fn with_partitioned(call: &mut Call<'_>) -> Return {
    with_flag(call, |fields| &mut fields.partitioned)
}

/// `toString(): string|false`
pub fn to_string(call: &mut Call<'_>) -> Return {
    match call.native::<Cookie>().line() {
        Some(line) => call.return_bytes(&line),
        None => call.return_bool(false),
    }
}

/// `toArray(): array`
pub fn to_array(call: &mut Call<'_>) -> Return {
    let fields = call.native::<Cookie>().fields.borrow().clone();
    let text = |text: Option<Text>| text.map_or_else(|| string(b""), Zval::from);
    let mut array = Array::new();
    array.set("name", text(fields.name));
    array.set("value", text(fields.value));
    array.set("path", text(fields.path));
    array.set("domain", text(fields.domain));
    array.set("sameSite", text(fields.same_site));
    array.set("priority", text(fields.priority));
    array.set("encode", boolean(fields.encode));
    array.set("expires", long(fields.expires));
    array.set("secure", boolean(fields.secure));
    array.set("httpOnly", boolean(fields.http_only));
    array.set("partitioned", boolean(fields.partitioned));
    call.return_value(array.into())
}

/// `reset(): void`
pub fn reset(call: &mut Call<'_>) -> Return {
    call.native::<Cookie>().reset();
    Ok(())
}
