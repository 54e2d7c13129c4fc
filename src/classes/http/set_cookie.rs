//! `Set-Cookie` lines, as Swoole writes them.

use crate::zend;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const FORBIDDEN: &[u8] = b",; \t\r\n\x0b\x0c";
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
        if has_any(self.name, FORBIDDEN) || self.name.contains(&b'=') {
            return refuse(&format!(r#"The name cannot contain "=", {FORBIDDEN_IN_WORDS}"#));
        }
        let mut line = self.name.to_vec();
        line.push(b'=');
        if self.value.is_empty() {
            line.extend_from_slice(b"deleted; expires=Thu, 01-Jan-1970 00:00:01 GMT; Max-Age=0");
        } else {
            if self.encode {
                url_encode(self.value, &mut line);
            } else if has_any(self.value, FORBIDDEN) {
                return refuse(&format!("The value cannot contain {FORBIDDEN_IN_WORDS}"));
            } else {
                line.extend_from_slice(self.value);
            }
            if self.expires >= LAST_SECOND {
                return refuse("The expires cannot have a year greater than 9999");
            }
            if self.expires > 0 {
                line.extend_from_slice(lifetime(self.expires).as_bytes());
            }
        }
        for (option, label, value) in [("path", "; path=", self.path), ("domain", "; domain=", self.domain)] {
            if has_any(value, FORBIDDEN) {
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

fn has_any(text: &[u8], bytes: &[u8]) -> bool {
    text.iter().any(|byte| bytes.contains(byte))
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

fn lifetime(expires: i64) -> String {
    let at = UNIX_EPOCH + Duration::from_secs(expires.unsigned_abs());
    let left = at.duration_since(SystemTime::now()).map_or(0, |left| left.as_secs_f64().ceil() as u64);
    // `Tue, 01 Jan 2030 ...` in HTTP's form is `Tue, 01-Jan-2030 ...` here
    let date = httpdate::fmt_http_date(at);
    let (day, rest) = date.split_at(8);
    format!(
        "; expires={}{}; Max-Age={left}",
        day.replacen(' ', "-", 2).replacen(",-", ", ", 1),
        rest.replacen(' ', "-", 1)
    )
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
