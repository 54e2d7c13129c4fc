//! The head of a request: found in what has come, and beyond doubt.
//!
//! It refuses what RFC 9110 and RFC 9112 say to refuse, and what others might understand differently: lines that end without CR,
//! folded lines, two lines that say where the body ends, two hosts. Whether there has to be one depends on the socket.

use crate::io::http::fields::Line;
use http::{Method, StatusCode, Version};

/// Header lines of a request.
pub(in crate::io::http) const MOST_LINES: usize = 100;

/// Where the end of a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framing {
    Length(u64),
    Chunked,
}

/// A whole head. Places count from the first byte that was looked at.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Start {
    pub(super) method: Method,
    /// Where the target lies.
    pub(super) target: (usize, usize),
    pub(super) version: Version,
    pub(super) framing: Framing,
    /// The client wants to send more afterwards.
    pub(super) keep_alive: bool,
    /// It is of HTTP/1.1, and names no host.
    pub(super) anonymous: bool,
    /// The client waits with the body until it is asked for it.
    pub(super) expects: bool,
    /// Where the head ends.
    pub(super) end: usize,
}

/// What has come is not yet a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Not {
    /// More must come.
    Yet,
    /// HTTP/2 begins here.
    Http2,
    /// It will be none: the answer.
    Ever(StatusCode),
}

const BAD: Not = Not::Ever(StatusCode::BAD_REQUEST);
const TOO_LARGE: Not = Not::Ever(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);

/// What HTTP/2 begins with.
const PREFACE: &[u8] = b"PRI * HTTP/2.0";

/// Reads the head at the beginning of `bytes`; `most` bytes are allowed. Its lines are added to `lines`, which is empty.
pub(super) fn read(bytes: &[u8], most: usize, lines: &mut Vec<Line>) -> Result<Start, Not> {
    match read_all(bytes, lines) {
        Ok(start) if start.end > most => Err(TOO_LARGE),
        Err(Not::Yet) if bytes.len() > most => Err(TOO_LARGE),
        result => result,
    }
}

fn read_all(bytes: &[u8], lines: &mut Vec<Line>) -> Result<Start, Not> {
    let mut at = 0;
    while bytes[at..].starts_with(b"\r\n") {
        at += 2;
    }
    let (method, target, version) = match line(bytes, at) {
        Ok(end) => {
            let start = first_line(&bytes[at..end], at)?;
            at = end + 2;
            start
        }
        Err(Not::Yet) => return Err(check_beginning(&bytes[at..])),
        Err(other) => return Err(other),
    };
    let mut head = Lines { version, host: false, length: None, chunked: false, close: None, expects: false };
    loop {
        if bytes[at..].starts_with(b"\r\n") {
            at += 2;
            break;
        }
        let end = line(bytes, at)?;
        if lines.len() == MOST_LINES {
            return Err(TOO_LARGE);
        }
        let line = split(bytes, at, end).ok_or(BAD)?;
        head.take(line.name(bytes), line.value(bytes)).ok_or(BAD)?;
        lines.push(line);
        at = end + 2;
    }
    let Lines { host, length, chunked, close, expects, .. } = head;
    let is_newer = version == Version::HTTP_11;
    if chunked && (!is_newer || length.is_some()) {
        return Err(BAD);
    }
    let framing = if chunked { Framing::Chunked } else { Framing::Length(length.unwrap_or(0)) };
    let keep_alive = method != Method::CONNECT && !close.unwrap_or(!is_newer);
    let (anonymous, expects) = (is_newer && !host, expects && is_newer);
    Ok(Start { method, target, version, framing, keep_alive, anonymous, expects, end: at })
}

/// Where the line that begins at a place ends: its CR.
#[inline]
fn line(bytes: &[u8], at: usize) -> Result<usize, Not> {
    match memchr::memchr2(b'\r', b'\n', &bytes[at..]) {
        None => Err(Not::Yet),
        Some(length) => match bytes[at + length..] {
            [b'\r'] => Err(Not::Yet),
            [b'\r', b'\n', ..] => Ok(at + length),
            _ => Err(BAD),
        },
    }
}

/// The beginning of a first line: whether it can become one.
#[cold]
fn check_beginning(bytes: &[u8]) -> Not {
    if PREFACE.starts_with(bytes) || bytes == b"\r" {
        return Not::Yet;
    }
    let method = bytes.iter().position(|byte| !is_token(*byte)).unwrap_or(bytes.len());
    match bytes.get(method) {
        Some(b' ')
            if method > 0 && bytes[method + 1..].iter().all(|byte| is_graphic(*byte) || b" \r".contains(byte)) =>
        {
            Not::Yet
        }
        None => Not::Yet,
        Some(_) => BAD,
    }
}

/// Method, target and version.
fn first_line(line: &[u8], at: usize) -> Result<(Method, (usize, usize), Version), Not> {
    let Some((rest, version)) = line.split_last_chunk::<9>() else { return Err(BAD) };
    let version = match version {
        b" HTTP/1.1" => Version::HTTP_11,
        b" HTTP/1.0" => Version::HTTP_10,
        _ if line == PREFACE => return Err(Not::Http2),
        _ => return Err(BAD),
    };
    let (method, space) = if rest.starts_with(b"GET ") {
        (Method::GET, 3)
    } else if rest.starts_with(b"POST ") {
        (Method::POST, 4)
    } else {
        let space = memchr::memchr(b' ', rest).ok_or(BAD)?;
        (Method::from_bytes(&rest[..space]).map_err(|_| BAD)?, space)
    };
    let target = &rest[space + 1..];
    if target.is_empty() || !is_visible(target) {
        return Err(BAD);
    }
    if target.len() > LONGEST_TARGET {
        return Err(Not::Ever(StatusCode::URI_TOO_LONG));
    }
    Ok((method, (at + space + 1, at + rest.len()), version))
}

/// More is no address for the type that holds it.
const LONGEST_TARGET: usize = u16::MAX as usize - 1;

/// The parts of a header line.
#[inline]
fn split(bytes: &[u8], at: usize, end: usize) -> Option<Line> {
    let length = bytes[at..end].iter().position(|byte| !is_token(*byte))?;
    let colon = at + length;
    if length == 0 || bytes[colon] != b':' {
        return None;
    }
    let (mut value, mut last) = (colon + 1, end);
    while value < last && is_space(bytes[value]) {
        value += 1;
    }
    while last > value && is_space(bytes[last - 1]) {
        last -= 1;
    }
    if !is_value(&bytes[value..last]) {
        return None;
    }
    let place = |at: usize| u32::try_from(at).ok();
    Some(Line { start: place(at)?, colon: place(colon)?, value: place(value)?, end: place(last)? })
}

/// What the lines say about the request as a whole.
struct Lines {
    version: Version,
    host: bool,
    length: Option<u64>,
    chunked: bool,
    close: Option<bool>,
    expects: bool,
}

impl Lines {
    /// `None`: this line must not be there.
    #[inline]
    fn take(&mut self, name: &[u8], value: &[u8]) -> Option<()> {
        let is = |word: &[u8]| name.eq_ignore_ascii_case(word);
        match name.len() {
            4 if is(b"host") => {
                let first = !std::mem::replace(&mut self.host, true);
                (first && is_host(value)).then_some(())
            }
            6 if is(b"expect") => {
                self.expects = value.eq_ignore_ascii_case(b"100-continue");
                Some(())
            }
            10 if is(b"connection") => {
                for word in value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii) {
                    if word.eq_ignore_ascii_case(b"close") {
                        self.close = Some(true);
                    } else if self.version == Version::HTTP_10 && word.eq_ignore_ascii_case(b"keep-alive") {
                        self.close.get_or_insert(false);
                    }
                }
                Some(())
            }
            14 if is(b"content-length") => {
                let fits = (1..=18).contains(&value.len()) && value.iter().all(u8::is_ascii_digit);
                if !fits || self.length.is_some() {
                    return None;
                }
                self.length = Some(value.iter().fold(0, |all, digit| all * 10 + u64::from(digit - b'0')));
                Some(())
            }
            17 if is(b"transfer-encoding") => {
                let first = !std::mem::replace(&mut self.chunked, true);
                // who undoes more codings may see another end of the body than we do (RFC 9112, 6.3)
                (first && value.eq_ignore_ascii_case(b"chunked")).then_some(())
            }
            _ => Some(()),
        }
    }
}

/// A name or an address, and a port perhaps (RFC 9110, 7.2); it may be empty.
fn is_host(host: &[u8]) -> bool {
    // what stands behind an address in brackets counts: a colon, and nothing but digits behind it
    let (mut port, mut wrong) = (false, false);
    for byte in host {
        match byte {
            b':' => (wrong, port) = (wrong | port, true),
            b']' => (wrong, port) = (false, false),
            b'0'..=b'9' => {}
            _ if KINDS[usize::from(*byte)] & HOST == 0 => return false,
            _ => wrong |= port,
        }
    }
    !wrong
}

const TOKEN: u8 = 1;
const TEXT: u8 = 2;
const GRAPHIC: u8 = 4;
const HOST: u8 = 8;

/// What each byte may be part of.
const KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let it = byte as u8;
        if it.is_ascii_alphanumeric()
            || matches!(
                it,
                b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'*' | b'+' | b'-' | b'.' | b'^' | b'_' | b'`' | b'|' | b'~'
            )
        {
            kinds[byte] |= TOKEN;
        }
        if it == b'\t' || it >= b' ' && it != 0x7f {
            kinds[byte] |= TEXT;
        }
        if it.is_ascii_graphic() {
            kinds[byte] |= GRAPHIC;
        }
        if it.is_ascii_alphanumeric()
            || matches!(
                it,
                b'-' | b'.'
                    | b'_'
                    | b'~'
                    | b'%'
                    | b'!'
                    | b'$'
                    | b'&'
                    | b'\''
                    | b'('
                    | b')'
                    | b'*'
                    | b'+'
                    | b','
                    | b';'
                    | b'='
                    | b'['
                    | b']'
                    | b':'
            )
        {
            kinds[byte] |= HOST;
        }
        byte += 1;
    }
    kinds
};

/// Whether a byte may be part of a name.
#[inline]
pub(in crate::io::http) fn is_token(byte: u8) -> bool {
    KINDS[usize::from(byte)] & TOKEN != 0
}

/// Whether a byte may be part of a value.
#[inline]
pub(in crate::io::http) fn is_text(byte: u8) -> bool {
    KINDS[usize::from(byte)] & TEXT != 0
}

#[inline]
fn is_graphic(byte: u8) -> bool {
    KINDS[usize::from(byte)] & GRAPHIC != 0
}

/// Each byte the same.
const fn all(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// Whether one of eight bytes is below another one, which is no more than 128.
#[inline]
fn has_below(bytes: u64, limit: u8) -> bool {
    bytes.wrapping_sub(all(limit)) & !bytes & all(0x80) != 0
}

/// Whether all of this may be part of a value.
#[inline]
pub(in crate::io::http) fn is_value(text: &[u8]) -> bool {
    let (eights, rest) = text.as_chunks::<8>();
    let is_plain = |eight: &[u8; 8]| {
        let bytes = u64::from_ne_bytes(*eight);
        !has_below(bytes, b' ') && !has_below(bytes ^ all(0x7f), 1)
    };
    eights.iter().all(|eight| is_plain(eight) || eight.iter().all(|byte| is_text(*byte)))
        && rest.iter().all(|byte| is_text(*byte))
}

/// Whether all of this can be seen.
#[inline]
fn is_visible(text: &[u8]) -> bool {
    let (eights, rest) = text.as_chunks::<8>();
    let is_plain = |eight: &[u8; 8]| {
        let bytes = u64::from_ne_bytes(*eight);
        bytes & all(0x80) == 0 && !has_below(bytes, b'!') && !has_below(bytes ^ all(0x7f), 1)
    };
    eights.iter().all(|eight| is_plain(eight) || eight.iter().all(|byte| is_graphic(*byte)))
        && rest.iter().all(|byte| is_graphic(*byte))
}

#[inline]
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
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
    fn eight_bytes_at_once_are_as_one_by_one() {
        for byte in 0..=255 {
            for at in 0..20 {
                for other in [b'a', b' ', b'~', 0x80, 0xff] {
                    let mut text = [other; 20];
                    text[at] = byte;
                    assert_eq!(is_value(&text), text.iter().all(|byte| is_text(*byte)), "{text:?}");
                    assert_eq!(is_visible(&text), text.iter().all(|byte| is_graphic(*byte)), "{text:?}");
                }
            }
        }
    }

    fn parse(bytes: &[u8]) -> (Result<Start, Not>, Vec<Line>) {
        let mut lines = Vec::new();
        (read(bytes, 1000, &mut lines), lines)
    }

    #[test]
    fn a_head_is_taken_apart() {
        let text = b"\r\nPOST /a?b HTTP/1.1\r\nHost: x\r\nX-A:  b c\t\r\nx-a:\r\nContent-Length: 3\r\nConnection: x, Close\r\n\r\nabc";
        let (start, lines) = parse(text);
        let start = start.unwrap();
        assert_eq!((start.method, &text[start.target.0..start.target.1]), (Method::POST, &b"/a?b"[..]));
        assert_eq!((start.framing, start.keep_alive, start.expects), (Framing::Length(3), false, false));
        assert_eq!((start.end, start.anonymous), (text.len() - 3, false));
        let lines: Vec<_> = lines.iter().map(|line| (line.name(text), line.value(text))).collect();
        assert_eq!(lines[..3], [(&b"Host"[..], &b"x"[..]), (b"X-A", b"b c"), (b"x-a", b"")]);
    }

    #[test]
    fn who_stays() {
        for (version, line, stays) in [
            ("1.1", "A: b", true),
            ("1.1", "Connection: keep-alive", true),
            ("1.1", "Connection: close", false),
            ("1.1", "Connection: keep-alive\r\nConnection: a, close", false),
            ("1.0", "A: b", false),
            ("1.0", "Connection: Keep-Alive", true),
            ("1.0", "Connection: keep-alive, close", false),
            ("1.0", "Connection: close, keep-alive", false),
        ] {
            let text = format!("GET / HTTP/{version}\r\nHost: a\r\n{line}\r\n\r\n");
            assert_eq!(parse(text.as_bytes()).0.unwrap().keep_alive, stays, "{text}");
            let text = text.replace("Host: a", "Other: a");
            assert_eq!(parse(text.as_bytes()).0.unwrap().anonymous, version == "1.1", "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_known_before_all_is_there() {
        for text in [
            "\x16\x03",
            "GET\t",
            "GE(",
            " ",
            "GET /\u{1}",
            "GET / HTTP/1.1\n",
            "GET / HTTP/1.1\rH",
            "GET / HTTP/1.2\r\n",
            "\n",
            "\r\r",
            "GET / HTTP/1.1\r\nA\n",
            "GET / HTTP/1.1\r\n A: b\r\n",
            "GET / HTTP/1.1\r\nA : b\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n",
        ] {
            assert_eq!(parse(text.as_bytes()).0, Err(BAD), "{text:?}");
        }
        assert_eq!(parse(b"PRI * HTTP/2.0\r\n").0, Err(Not::Http2));
        let long = format!("GET / HTTP/1.1\r\nA: {}", "b".repeat(1000));
        assert_eq!(parse(long.as_bytes()).0, Err(TOO_LARGE));
        let many = format!("GET / HTTP/1.1\r\n{}\r\n", "A:\r\n".repeat(MOST_LINES + 1));
        assert_eq!(parse(many.as_bytes()).0, Err(TOO_LARGE));
    }

    #[test]
    fn a_head_in_pieces_is_the_same() {
        let text = b"\r\nPOST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n";
        for length in 0..text.len() {
            assert_eq!(parse(&text[..length]).0, Err(Not::Yet), "{length}");
        }
        let start = parse(text).0.unwrap();
        assert_eq!((start.framing, start.expects, start.end), (Framing::Chunked, true, text.len()));
        assert!((0..15).all(|length| parse(&b"PRI * HTTP/2.0\r\n"[..length]).0 == Err(Not::Yet)));
    }
}
