//! Requests out of bytes that somebody else receives: a parser without a socket.

use super::{Request, link::Link};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, Version, header};
use std::fmt;
use std::rc::Rc;

/// Header lines that a request may have.
const MOST_HEADERS: usize = 256;

/// Bytes of a head, or of a chunk's size line, after which it counts as endless.
const LONGEST_HEAD: usize = 64 << 10;
const LONGEST_LINE: usize = 4 << 10;

/// What came is no request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invalid;

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an HTTP/1 request")
    }
}

impl std::error::Error for Invalid {}

/// Method, target, version and headers.
#[derive(Debug)]
struct Start {
    method: Method,
    uri: Uri,
    version: Version,
    headers: HeaderMap,
}

/// Takes a request in, in pieces of any size.
#[derive(Debug)]
pub struct Parser {
    /// All that was taken in.
    raw: Vec<u8>,
    stage: Stage,
    body: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Head,
    /// So many bytes of the body are missing.
    Body(u64),
    /// A chunk's size line, from this place in `raw` on.
    Size(usize),
    /// So many bytes of a chunk are missing, its line break among them.
    Chunk(u64),
    /// Lines after the last chunk; the one under way began there.
    Trailers(usize),
    Complete,
    Broken,
}

impl Default for Parser {
    fn default() -> Self {
        Self { raw: Vec::new(), stage: Stage::Head, body: Vec::new() }
    }
}

impl Parser {
    /// The method, as soon as it is there.
    pub fn method(&self) -> Option<&[u8]> {
        let method = &self.raw[..memchr::memchr(b' ', &self.raw)?];
        Method::from_bytes(method).is_ok_and(|_| self.stage != Stage::Broken).then_some(method)
    }

    /// Takes bytes in; how many belong to this request. Once the head is complete it is given, with an empty body.
    ///
    /// # Errors
    /// When they cannot be a request; nothing more is taken in then.
    pub fn feed(&mut self, mut bytes: &[u8]) -> Result<(usize, Option<Request>), Invalid> {
        let given = bytes.len();
        let mut request = None;
        while !bytes.is_empty() && !self.is_complete() {
            let result = match self.stage {
                Stage::Head => self.head(bytes, &mut request),
                Stage::Body(missing) => Ok(self.data(bytes, missing)),
                Stage::Chunk(missing) => self.chunk(bytes, missing),
                Stage::Size(from) => self.line(bytes, from, Self::size),
                Stage::Trailers(from) => self.line(bytes, from, Self::trailer),
                Stage::Complete | Stage::Broken => Err(Invalid),
            };
            match result {
                Ok(taken) => bytes = &bytes[taken..],
                Err(Invalid) => {
                    self.stage = Stage::Broken;
                    return Err(Invalid);
                }
            }
        }
        if self.stage == Stage::Broken { Err(Invalid) } else { Ok((given - bytes.len(), request)) }
    }

    /// Whether the whole request is there.
    pub fn is_complete(&self) -> bool {
        self.stage == Stage::Complete
    }

    /// All that was taken in.
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// The body so far.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    fn head(&mut self, bytes: &[u8], request: &mut Option<Request>) -> Result<usize, Invalid> {
        let before = self.raw.len();
        self.raw.extend_from_slice(bytes);
        // only whole lines are looked at, so that it does not matter in which pieces they come
        let parsed = match memchr::memrchr(b'\n', bytes) {
            Some(last) => parse(&self.raw[..=before + last])?,
            None => None,
        };
        let Some((end, start)) = parsed else {
            return if self.raw.len() > LONGEST_HEAD { Err(Invalid) } else { Ok(bytes.len()) };
        };
        self.raw.truncate(end);
        self.stage = framing(&start, end)?;
        let Start { method, uri, version, headers } = start;
        let link = Rc::new(Link::new(None, None, 0));
        *request = Some(Request {
            method,
            uri,
            version,
            fields: (&headers).into(),
            body: Bytes::new(),
            uploads: None,
            link,
            stream_id: 0,
        });
        Ok(end - before)
    }

    fn data(&mut self, bytes: &[u8], missing: u64) -> usize {
        let count = usize::try_from(missing).map_or(bytes.len(), |missing| missing.min(bytes.len()));
        self.raw.extend_from_slice(&bytes[..count]);
        self.body.extend_from_slice(&bytes[..count]);
        let left = missing - count as u64;
        self.stage = if left == 0 { Stage::Complete } else { Stage::Body(left) };
        count
    }

    /// Bytes of a chunk, of which the last two are a line break.
    fn chunk(&mut self, bytes: &[u8], missing: u64) -> Result<usize, Invalid> {
        let count = usize::try_from(missing).map_or(bytes.len(), |missing| missing.min(bytes.len()));
        for (index, byte) in bytes[..count].iter().enumerate() {
            match missing - index as u64 {
                2 if *byte != b'\r' => return Err(Invalid),
                1 if *byte != b'\n' => return Err(Invalid),
                1 | 2 => {}
                _ => self.body.push(*byte),
            }
        }
        self.raw.extend_from_slice(&bytes[..count]);
        let left = missing - count as u64;
        self.stage = if left == 0 { Stage::Size(self.raw.len()) } else { Stage::Chunk(left) };
        Ok(count)
    }

    /// Takes bytes up to a line's end, which `then` looks at.
    fn line(
        &mut self,
        bytes: &[u8],
        from: usize,
        then: fn(&mut Self, usize, usize) -> Result<(), Invalid>,
    ) -> Result<usize, Invalid> {
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let count = end.map_or(bytes.len(), |end| end + 1);
        self.raw.extend_from_slice(&bytes[..count]);
        if self.raw.len() - from > LONGEST_LINE {
            return Err(Invalid);
        }
        if end.is_some() {
            let end = self.raw.len() - 2;
            if end < from || self.raw[end] != b'\r' {
                return Err(Invalid);
            }
            then(self, from, end)?;
        }
        Ok(count)
    }

    fn size(&mut self, from: usize, end: usize) -> Result<(), Invalid> {
        let line = &self.raw[from..end];
        let digits = line.iter().position(|byte| !byte.is_ascii_hexdigit()).unwrap_or(line.len());
        let (digits, extension) = line.split_at(digits);
        if !matches!(extension.trim_ascii_start().first(), None | Some(b';')) || digits.len() > 15 {
            return Err(Invalid);
        }
        let text = std::str::from_utf8(digits).map_err(|_| Invalid)?;
        self.stage = match u64::from_str_radix(text, 16).map_err(|_| Invalid)? {
            0 => Stage::Trailers(self.raw.len()),
            size => Stage::Chunk(size + 2),
        };
        Ok(())
    }

    fn trailer(&mut self, from: usize, end: usize) -> Result<(), Invalid> {
        self.stage = if from == end { Stage::Complete } else { Stage::Trailers(self.raw.len()) };
        Ok(())
    }
}

fn parse(raw: &[u8]) -> Result<Option<(usize, Start)>, Invalid> {
    let mut lines = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut parsed = httparse::Request::new(&mut lines);
    let httparse::Status::Complete(end) = parsed.parse(raw).map_err(|_| Invalid)? else { return Ok(None) };
    let mut headers = HeaderMap::with_capacity(parsed.headers.len());
    for line in parsed.headers.iter() {
        let name = HeaderName::from_bytes(line.name.as_bytes()).map_err(|_| Invalid)?;
        let value = HeaderValue::from_bytes(line.value).map_err(|_| Invalid)?;
        headers.append(name, value);
    }
    let start = Start {
        method: parsed.method.unwrap_or_default().parse().map_err(|_| Invalid)?,
        uri: parsed.path.unwrap_or_default().parse().map_err(|_| Invalid)?,
        version: if parsed.version == Some(0) { Version::HTTP_10 } else { Version::HTTP_11 },
        headers,
    };
    Ok(Some((end, start)))
}

/// How the body's end is found (RFC 9112, 6.3).
fn framing(start: &Start, end: usize) -> Result<Stage, Invalid> {
    let headers = &start.headers;
    if let Some(coding) = headers.get_all(header::TRANSFER_ENCODING).iter().next_back() {
        let last = coding.as_bytes().rsplit(|byte| *byte == b',').next().unwrap_or_default();
        let fits = last.trim_ascii().eq_ignore_ascii_case(b"chunked") && !headers.contains_key(header::CONTENT_LENGTH);
        return if fits { Ok(Stage::Size(end)) } else { Err(Invalid) };
    }
    let mut lengths = headers.get_all(header::CONTENT_LENGTH).iter();
    let Some(first) = lengths.next() else { return Ok(Stage::Complete) };
    let digits = first.as_bytes();
    if lengths.any(|other| other != first) || !digits.iter().all(u8::is_ascii_digit) {
        return Err(Invalid);
    }
    let text = std::str::from_utf8(digits).map_err(|_| Invalid)?;
    Ok(match text.parse().map_err(|_| Invalid)? {
        0 => Stage::Complete,
        length => Stage::Body(length),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds `bytes` in pieces of `step`; the body, bytes taken and the target.
    fn fed(bytes: &[u8], step: usize) -> Result<(String, usize, String), Invalid> {
        let mut parser = Parser::default();
        let (mut taken, mut target) = (0, String::new());
        for piece in bytes.chunks(step) {
            let (count, request) = parser.feed(piece)?;
            taken += count;
            if let Some(request) = request {
                target = format!("{} {}", request.method, request.uri);
            }
            if parser.is_complete() {
                break;
            }
        }
        assert_eq!(parser.raw(), &bytes[..taken]);
        let complete = if parser.is_complete() { "" } else { "..." };
        Ok((String::from_utf8_lossy(parser.body()).into_owned() + complete, taken, target))
    }

    #[test]
    fn pieces_of_any_size() {
        let length = b"POST /a HTTP/1.1\r\nContent-Length: 5\r\n\r\nhelloGET";
        let chunked = b"POST /c HTTP/1.1\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n3;x=\"y\"\r\nabc\r\n0A\r\n0123456789\r\n0\r\nT: x\r\n\r\nmore";
        for step in 1..=chunked.len() {
            assert_eq!(fed(length, step).unwrap(), ("hello".into(), length.len() - 3, "POST /a".into()), "{step}");
            let expected = ("abc0123456789".into(), chunked.len() - 4, "POST /c".into());
            assert_eq!(fed(chunked, step).unwrap(), expected, "{step}");
            assert_eq!(fed(b"GET / HTTP/1.0\r\n\r\nGET", step).unwrap(), (String::new(), 18, "GET /".into()));
        }
        assert_eq!(fed(&length[..41], 7).unwrap().0, "he...");
    }

    #[test]
    fn what_is_no_request() {
        for bytes in [
            &b"GARBAGE\r\n\r\n"[..],
            b"GET / HTTP/1.1\r\nbad header\r\n\r\n",
            b"GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            b"GET / HTTP/1.1\r\nContent-Length: +1\r\n\r\n",
            b"GET / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
            b"GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"GET / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
            b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
            b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n\r\n",
            b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\nx",
            b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxyz",
            b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1234567890123456\r\n",
        ] {
            for step in [1, 7, 1000] {
                assert_eq!(fed(bytes, step), Err(Invalid), "{} {step}", String::from_utf8_lossy(bytes));
            }
        }
        let mut parser = Parser::default();
        assert!(parser.feed(b"\0\n").is_err());
        assert!(parser.feed(b"").is_err());
        let endless = [b"GET / HTTP/1.1\r\nA: ".to_vec(), vec![b'x'; 70_000]].concat();
        assert_eq!(fed(&endless, 1000), Err(Invalid));
    }
}
