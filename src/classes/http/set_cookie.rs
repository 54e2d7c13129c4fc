//! `Set-Cookie` lines, as Swoole writes them.

use crate::io::http::write_number;
use crate::zend;
use std::cell::Cell;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const FORBIDDEN_IN_WORDS: &str = r#"",", ";", " ", "\t", "\r", "\n", "\013", or "\014""#;

/// The last second of the year 9999.
const LAST_SECOND: i64 = 253_402_300_799;

/// What a line is made of.
pub(super) struct SetCookie<'a> {
    pub(super) name: &'a [u8],
    pub(super) value: &'a [u8],
    pub(super) expires: i64,
    pub(super) path: &'a [u8],
    pub(super) domain: &'a [u8],
    pub(super) secure: bool,
    pub(super) http_only: bool,
    pub(super) same_site: &'a [u8],
    pub(super) priority: &'a [u8],
    pub(super) partitioned: bool,
    /// Whether the value is url-encoded.
    pub(super) encode: bool,
}

impl SetCookie<'_> {
    /// The line after `Set-Cookie: `; `None` after a warning about what is wrong.
    pub(super) fn line(&self) -> Option<Vec<u8>> {
        let refuse = |text: &str| {
            zend::warning(text);
            None
        };
        if self.name.is_empty() {
            return refuse("The name cannot be empty");
        }
        if has_forbidden(self.name) || self.name.contains(&b'=') {
            return refuse(&format!(r#"The name cannot contain "=", {FORBIDDEN_IN_WORDS}"#));
        }
        let mut line = Vec::with_capacity(128 + self.name.len() + self.value.len());
        line.extend_from_slice(self.name);
        line.push(b'=');
        if self.value.is_empty() {
            line.extend_from_slice(b"deleted; expires=Thu, 01-Jan-1970 00:00:01 GMT; Max-Age=0");
        } else {
            if self.encode {
                url_encode(self.value, &mut line);
            } else if has_forbidden(self.value) {
                return refuse(&format!("The value cannot contain {FORBIDDEN_IN_WORDS}"));
            } else {
                line.extend_from_slice(self.value);
            }
            if self.expires >= LAST_SECOND {
                return refuse("The expires cannot have a year greater than 9999");
            }
            if self.expires > 0 {
                add_lifetime(&mut line, self.expires);
            }
        }
        for (option, label, value) in [("path", "; path=", self.path), ("domain", "; domain=", self.domain)] {
            if has_forbidden(value) {
                return refuse(&format!("The {option} option cannot contain {FORBIDDEN_IN_WORDS}"));
            }
            add(&mut line, label, value);
        }
        add_flag(&mut line, "; secure", self.secure);
        add_flag(&mut line, "; HttpOnly", self.http_only);
        add(&mut line, "; SameSite=", self.same_site);
        add(&mut line, "; Priority=", self.priority);
        add_flag(&mut line, "; Partitioned", self.partitioned);
        Some(line)
    }
}

fn has_forbidden(text: &[u8]) -> bool {
    text.iter().any(|byte| matches!(byte, b',' | b';' | b' ' | b'\t' | b'\r' | b'\n' | 0x0b | 0x0c))
}

fn add(line: &mut Vec<u8>, label: &str, value: &[u8]) {
    if !value.is_empty() {
        line.extend_from_slice(label.as_bytes());
        line.extend_from_slice(value);
    }
}

fn add_flag(line: &mut Vec<u8>, label: &str, set: bool) {
    if set {
        line.extend_from_slice(label.as_bytes());
    }
}

/// `; expires=Tue, 01-Jan-2030 00:00:00 GMT; Max-Age=`
type Lifetime = [u8; 48];

thread_local! {
    /// The text of the last expiry: most cookies of one second have the same.
    static LAST: Cell<(i64, Lifetime)> = const { Cell::new((0, [0; 48])) };
}

fn add_lifetime(line: &mut Vec<u8>, expires: i64) {
    let (mut known, mut text) = LAST.get();
    if known != expires {
        let date = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(expires.unsigned_abs()));
        text[..10].copy_from_slice(b"; expires=");
        text[10..39].copy_from_slice(date.as_bytes());
        text[39..].copy_from_slice(b"; Max-Age");
        // HTTP's form has blanks there
        text[17] = b'-';
        text[21] = b'-';
        known = expires;
        LAST.set((known, text));
    }
    line.extend_from_slice(&text);
    line.push(b'=');
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs() as i64);
    write_number(line, (expires - now).max(0).unsigned_abs());
}

/// `urlencode()`.
pub(crate) fn url_encode(text: &[u8], line: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => line.push(*byte),
            b' ' => line.push(b'+'),
            _ => line.extend_from_slice(&[b'%', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]),
        }
    }
}
