//! What hyper lets pass and this server does not: requests that others might understand differently.

use http::request::Parts;
use http::{HeaderMap, Method, Version, header};

/// Whether a request's head is beyond doubt. `has_body`: something follows it.
pub(super) fn is_sound(parts: &Parts, has_body: bool) -> bool {
    has_one_host(parts) && has_target(parts) && (!has_body || is_framed_once(&parts.headers))
}

/// HTTP/1.1 wants exactly one Host (RFC 9112, 3.2); older clients may leave it out.
fn has_one_host(parts: &Parts) -> bool {
    let mut hosts = parts.headers.get_all(header::HOST).iter();
    match hosts.next() {
        Some(host) => hosts.next().is_none() && is_host(host.as_bytes()),
        None => parts.version < Version::HTTP_11,
    }
}

/// A name or an address, and a port perhaps (RFC 9110, 7.2); it may be empty.
fn is_host(host: &[u8]) -> bool {
    let is_sign = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=[]:".contains(byte);
    if !host.iter().all(is_sign) {
        return false;
    }
    let behind_address = host.iter().rposition(|byte| *byte == b']').map_or(host, |end| &host[end + 1..]);
    match behind_address.iter().position(|byte| *byte == b':') {
        Some(colon) => behind_address[colon + 1..].iter().all(u8::is_ascii_digit),
        None => true,
    }
}

/// A path, an absolute address or `*` (RFC 9112, 3.2), with nothing in it that would have to be escaped; a host and a port for CONNECT only, and for that nothing else.
fn has_target(parts: &Parts) -> bool {
    let is_bare_authority = parts.uri.authority().is_some() && parts.uri.scheme().is_none();
    let is_ascii = parts.uri.path_and_query().is_none_or(|target| target.as_str().is_ascii());
    is_ascii && is_bare_authority == (parts.method == Method::CONNECT)
}

/// Chunks, if anything, and once: who undoes more codings may see another end of the body than we do (RFC 9112, 6.3).
fn is_framed_once(headers: &HeaderMap) -> bool {
    let coding = headers.get(header::TRANSFER_ENCODING);
    coding.is_none_or(|coding| coding.as_bytes().eq_ignore_ascii_case(b"chunked"))
}

/// Watches that every line of a head ends with CR LF, where hyper also takes LF alone, and that only one says where the body ends,
/// where hyper leaves out what it does not believe.
///
/// It follows lengths and chunks only as far as it takes to know where the next head begins; whether they are right is hyper's
/// business.
#[derive(Debug, Default)]
pub(super) struct Lines {
    place: Place,
    /// Of a line that has not ended, what came before.
    partial: Vec<u8>,
    length: u64,
    chunked: bool,
    /// A line of this head has said where the body ends; it must stay the only one.
    framed: bool,
}

#[derive(Clone, Copy, Debug, Default)]
enum Place {
    /// In front of a request line.
    #[default]
    Between,
    Head,
    Body(u64),
    Size,
    Trailers,
}

/// Lines that are longer are none that matters here.
const LONGEST: usize = 1024;

impl Lines {
    /// Looks at what has come. False when a head is in doubt.
    pub(super) fn scan(&mut self, mut bytes: &[u8]) -> bool {
        while !bytes.is_empty() {
            if let Place::Body(left) = self.place {
                let count = usize::try_from(left).map_or(bytes.len(), |left| left.min(bytes.len()));
                bytes = &bytes[count..];
                let left = left - count as u64;
                self.place = if left > 0 { Place::Body(left) } else { self.after_body() };
                continue;
            }
            let Some(end) = memchr::memchr(b'\n', bytes) else {
                let room = LONGEST.saturating_sub(self.partial.len());
                self.partial.extend_from_slice(&bytes[bytes.len().saturating_sub(room)..]);
                return true;
            };
            let (line, rest) = (&bytes[..end], &bytes[end + 1..]);
            bytes = rest;
            let ended_well = if self.partial.is_empty() {
                self.line(line)
            } else {
                let mut whole = std::mem::take(&mut self.partial);
                whole.extend_from_slice(line);
                self.line(&whole)
            };
            if !ended_well {
                return false;
            }
        }
        true
    }

    fn after_body(&self) -> Place {
        if self.chunked { Place::Size } else { Place::Between }
    }

    #[inline]
    fn line(&mut self, line: &[u8]) -> bool {
        let Some((b'\r', line)) = line.split_last() else { return false };
        match self.place {
            Place::Between if line.is_empty() => {}
            Place::Between => {
                (self.place, self.length, self.chunked, self.framed) = (Place::Head, 0, false, false);
            }
            Place::Head => match line.first() {
                None if self.chunked => self.place = Place::Size,
                None if self.length > 0 => self.place = Place::Body(self.length),
                None => self.place = Place::Between,
                Some(b'c' | b'C') => {
                    if let Some(value) = value(line, b"content-length:") {
                        self.length = number(value.trim_ascii(), 10);
                        return !std::mem::replace(&mut self.framed, true);
                    }
                }
                Some(b't' | b'T') if value(line, b"transfer-encoding:").is_some() => {
                    self.chunked = true;
                    return !std::mem::replace(&mut self.framed, true);
                }
                Some(_) => {}
            },
            Place::Size => {
                let digits = line.iter().position(|byte| !byte.is_ascii_hexdigit()).unwrap_or(line.len());
                self.place = match number(&line[..digits], 16) {
                    0 => Place::Trailers,
                    size => Place::Body(size.saturating_add(2)),
                };
            }
            Place::Trailers => {
                if line.is_empty() {
                    self.place = Place::Between;
                }
            }
            Place::Body(_) => {}
        }
        true
    }
}

fn value<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let (start, value) = line.split_at_checked(name.len())?;
    start.eq_ignore_ascii_case(name).then_some(value)
}

fn number(digits: &[u8], radix: u32) -> u64 {
    std::str::from_utf8(digits).ok().and_then(|digits| u64::from_str_radix(digits, radix).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts() {
        for host in ["", "a", "a.example", "a:80", "[::1]", "[::1]:80", "127.0.0.1:1", "a_b", "%41", "a:"] {
            assert!(is_host(host.as_bytes()), "{host}");
        }
        for host in ["a b", "a/b", "me@a", "a:b", "[::1]:x", "a?b", "a#b", "a\\b", "\"a\"", "\u{fc}"] {
            assert!(!is_host(host.as_bytes()), "{host}");
        }
    }

    #[test]
    fn bodies_may_have_any_line_breaks() {
        let requests = "POST / HTTP/1.1\r\ncontent-LENGTH: 4 \r\n\r\na\nb\n\
            POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;x\r\n\n\n\n\r\nA\r\n\n123456789\r\n0\r\nX: y\r\n\r\n\
            \r\nGET / HTTP/1.1\r\n\r\n";
        for size in 1..requests.len() {
            let mut lines = Lines::default();
            assert!(requests.as_bytes().chunks(size).all(|piece| lines.scan(piece)), "{size}");
            assert!(matches!(lines.place, Place::Between), "{size}");
            assert!(!lines.scan(b"GET / HTTP/1.1\n"));
        }
    }

    #[test]
    fn heads_may_not() {
        let twice = "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n";
        let both = "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n";
        for head in [twice, both, "GET / HTTP/1.1\n", "\n", "GET / HTTP/1.1\r\nA: b\n", "GET / HTTP/1.1\r\nA: b\r\n\n"]
        {
            for size in 1..=head.len() {
                let mut lines = Lines::default();
                assert!(!head.as_bytes().chunks(size).all(|piece| lines.scan(piece)), "{head:?} {size}");
            }
        }
    }
}
