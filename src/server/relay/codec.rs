//! Requests and replies as bytes on the bus. Both ends are the same program, so numbers are in its own order.

use crate::io::http::{Coding, Defaults, Fields, Head, Marks, ReasonPhrase};
use bytes::{Buf, Bytes};
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, Version};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// What a worker gets to know about a request, its body apart.
#[derive(Debug, PartialEq)]
pub(super) struct Asked {
    pub(super) id: u64,
    pub(super) session: i64,
    pub(super) port: u16,
    pub(super) stream: u32,
    pub(super) keep_alive: bool,
    pub(super) tls: bool,
    /// The payload is a form that went to the disk.
    pub(super) form: bool,
    pub(super) time: f64,
    pub(super) remote: Option<SocketAddr>,
    pub(super) local: Option<SocketAddr>,
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) version: Version,
    pub(super) fields: Fields,
}

/// Writes values one behind the other.
struct Writer<'a>(&'a mut Vec<u8>);

impl Writer<'_> {
    fn u8(&mut self, value: u8) {
        self.0.push(value);
    }

    fn u16(&mut self, value: u16) {
        self.0.extend_from_slice(&value.to_ne_bytes());
    }

    fn u32(&mut self, value: u32) {
        self.0.extend_from_slice(&value.to_ne_bytes());
    }

    fn u64(&mut self, value: u64) {
        self.0.extend_from_slice(&value.to_ne_bytes());
    }

    fn bytes(&mut self, value: &[u8]) {
        self.u32(value.len() as u32);
        self.0.extend_from_slice(value);
    }

    fn address(&mut self, address: Option<SocketAddr>) {
        match address {
            None => self.u8(0),
            Some(SocketAddr::V4(address)) => {
                self.u8(4);
                self.u16(address.port());
                self.0.extend_from_slice(&address.ip().octets());
            }
            Some(SocketAddr::V6(address)) => {
                self.u8(6);
                self.u16(address.port());
                self.0.extend_from_slice(&address.ip().octets());
            }
        }
    }

    fn headers(&mut self, headers: &HeaderMap) {
        self.u32(headers.len() as u32);
        for (name, value) in headers {
            self.bytes(name.as_str().as_bytes());
            self.bytes(value.as_bytes());
        }
    }
}

/// Takes them out again; strings share the memory of the frame.
struct Reader(Bytes);

impl Reader {
    fn u8(&mut self) -> Option<u8> {
        self.0.try_get_u8().ok()
    }

    fn u16(&mut self) -> Option<u16> {
        self.0.try_get_u16_ne().ok()
    }

    fn u32(&mut self) -> Option<u32> {
        self.0.try_get_u32_ne().ok()
    }

    fn u64(&mut self) -> Option<u64> {
        self.0.try_get_u64_ne().ok()
    }

    fn bytes(&mut self) -> Option<Bytes> {
        let length = self.u32()? as usize;
        (length <= self.0.len()).then(|| self.0.split_to(length))
    }

    fn address(&mut self) -> Option<Option<SocketAddr>> {
        let family = self.u8()?;
        if family == 0 {
            return Some(None);
        }
        let port = self.u16()?;
        let ip: IpAddr = match family {
            4 => {
                let mut octets = [0; 4];
                self.0.try_copy_to_slice(&mut octets).ok()?;
                Ipv4Addr::from(octets).into()
            }
            _ => {
                let mut octets = [0; 16];
                self.0.try_copy_to_slice(&mut octets).ok()?;
                Ipv6Addr::from(octets).into()
            }
        };
        Some(Some(SocketAddr::new(ip, port)))
    }

    fn headers(&mut self, headers: &mut HeaderMap) -> Option<()> {
        for _ in 0..self.u32()? {
            let name = HeaderName::from_bytes(&self.bytes()?).ok()?;
            let value = HeaderValue::from_maybe_shared(self.bytes()?).ok()?;
            headers.append(name, value);
        }
        Some(())
    }
}

fn version_number(version: Version) -> u8 {
    match version {
        Version::HTTP_10 => 10,
        Version::HTTP_2 => 20,
        _ => 11,
    }
}

fn version_of(number: u8) -> Version {
    match number {
        10 => Version::HTTP_10,
        20 => Version::HTTP_2,
        _ => Version::HTTP_11,
    }
}

impl Asked {
    /// Writes it behind what `out` holds.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let mut out = Writer(out);
        out.u64(self.id);
        out.u64(self.session as u64);
        out.u16(self.port);
        out.u32(self.stream);
        out.u8(u8::from(self.keep_alive) | u8::from(self.tls) << 1 | u8::from(self.form) << 2);
        out.u64(self.time.to_bits());
        out.u8(version_number(self.version));
        out.address(self.remote);
        out.address(self.local);
        out.bytes(self.method.as_str().as_bytes());
        let scheme = self.uri.scheme_str().unwrap_or_default();
        out.bytes(scheme.as_bytes());
        out.bytes(self.uri.authority().map_or("", |authority| authority.as_str()).as_bytes());
        out.bytes(self.uri.path_and_query().map_or("", |path| path.as_str()).as_bytes());
        self.fields.encode(out.0);
    }

    /// Reads it; `None` for what nobody has written.
    pub(super) fn read(bytes: Bytes) -> Option<Self> {
        let mut from = Reader(bytes);
        let (id, session, port, stream, flags) =
            (from.u64()?, from.u64()? as i64, from.u16()?, from.u32()?, from.u8()?);
        let (time, version) = (f64::from_bits(from.u64()?), version_of(from.u8()?));
        let (remote, local) = (from.address()?, from.address()?);
        let method = Method::from_bytes(&from.bytes()?).ok()?;
        let (scheme, authority, path) = (from.bytes()?, from.bytes()?, from.bytes()?);
        let mut uri = http::uri::Parts::default();
        if !scheme.is_empty() {
            uri.scheme = Some(scheme.as_ref().try_into().ok()?);
        }
        if !authority.is_empty() {
            uri.authority = Some(http::uri::Authority::from_maybe_shared(authority).ok()?);
        }
        if !path.is_empty() {
            uri.path_and_query = Some(PathAndQuery::from_maybe_shared(path).ok()?);
        }
        let uri = Uri::from_parts(uri).ok()?;
        let fields = Fields::decode(from.0)?;
        let (keep_alive, tls, form) = (flags & 1 != 0, flags & 2 != 0, flags & 4 != 0);
        Some(Self {
            id,
            session,
            port,
            stream,
            keep_alive,
            tls,
            form,
            time,
            remote,
            local,
            method,
            uri,
            version,
            fields,
        })
    }
}

/// Writes the head of a reply.
pub(super) fn write_head(out: &mut Vec<u8>, head: &Head) {
    let mut out = Writer(out);
    out.u16(head.status().as_u16());
    out.u8(head.defaults.to_bits());
    out.u8(head.coding.map_or(0, Coding::number));
    out.bytes(head.reason().map_or(&b""[..], |reason| reason.as_bytes()));
    out.0.extend_from_slice(&head.marks().to_bytes());
    out.0.extend_from_slice(head.text());
}

/// Reads the head of a reply.
pub(super) fn read_head(bytes: Bytes) -> Option<Head> {
    let mut from = Reader(bytes);
    let status = StatusCode::from_u16(from.u16()?).ok()?;
    let (defaults, coding, reason) = (Defaults::from_bits(from.u8()?), Coding::from_number(from.u8()?), from.bytes()?);
    let (marks, text) = from.0.split_first_chunk()?;
    let mut head = Head::with_text(status, text, Marks::from_bytes(*marks));
    (head.defaults, head.coding) = (defaults, coding);
    if !reason.is_empty() {
        head.set_reason(ReasonPhrase::new(&reason)?);
    }
    Some(head)
}

/// Writes the head of a reply whose body comes in pieces, of so many bytes where that is known.
pub(super) fn write_start(out: &mut Vec<u8>, head: &Head, length: Option<u64>) {
    Writer(out).u64(length.unwrap_or(u64::MAX));
    write_head(out, head);
}

/// Reads the head of a reply whose body comes in pieces, and the body's length.
pub(super) fn read_start(bytes: Bytes) -> Option<(Head, Option<u64>)> {
    let mut from = Reader(bytes);
    let length = from.u64()?;
    Some((read_head(from.0)?, (length != u64::MAX).then_some(length)))
}

/// Writes trailers.
pub(super) fn write_trailers(out: &mut Vec<u8>, trailers: &HeaderMap) {
    Writer(out).headers(trailers);
}

/// Reads trailers.
pub(super) fn read_trailers(bytes: Bytes) -> Option<HeaderMap> {
    let mut trailers = HeaderMap::new();
    Reader(bytes).headers(&mut trailers)?;
    Some(trailers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_comes_back() {
        for uri in ["/", "/a/b?c=d&e", "http://example.org:80/x", "*"] {
            let asked = Asked {
                id: 7,
                session: 1 << 33,
                port: 2,
                stream: 9,
                keep_alive: true,
                tls: false,
                form: true,
                time: 1.25,
                remote: Some("1.2.3.4:5".parse().expect("an address")),
                local: Some("[::1]:80".parse().expect("an address")),
                method: Method::from_bytes(b"PURGE").expect("a method"),
                uri: uri.parse().expect("a target"),
                version: Version::HTTP_10,
                fields: [("Host", &b"example.org"[..]), ("x-a", b"1"), ("x-a", b"\xff")].into_iter().collect(),
            };
            let mut bytes = Vec::new();
            asked.write(&mut bytes);
            for length in 0..bytes.len() {
                assert!(Asked::read(Bytes::copy_from_slice(&bytes[..length])).is_none());
            }
            assert_eq!(Asked::read(bytes.into()), Some(asked));
        }
    }

    #[test]
    fn a_reply_comes_back() {
        let mut head = Head::new(StatusCode::NOT_FOUND);
        head.set_reason(ReasonPhrase::new(b"Nowhere").expect("a reason"));
        head.defaults = Defaults { server: true, uncoded: true, ..Defaults::default() };
        head.append(http::header::CONTENT_LENGTH, HeaderValue::from_static("5"));
        head.append(http::header::SET_COOKIE, HeaderValue::from_static("a=b"));
        head.append(http::header::SET_COOKIE, HeaderValue::from_static("c=d"));
        head.coding = Some(Coding::Deflate);
        let mut bytes = Vec::new();
        write_head(&mut bytes, &head);
        let read = read_head(bytes.into()).expect("a head");
        assert_eq!(read.status(), head.status());
        assert_eq!(read.reason().map(ReasonPhrase::as_bytes), Some(&b"Nowhere"[..]));
        assert_eq!((read.defaults, read.coding), (head.defaults, head.coding));
        assert!(read.lines().eq(head.lines()));
        assert!(read_head(Bytes::from_static(b"\x01")).is_none());
    }
}
