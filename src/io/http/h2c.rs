//! A connection that goes on in HTTP/2 because a request of HTTP/1.1 has asked for it (RFC 7540, 3.2).
//!
//! RFC 9113 has given this way up, but curl's `--http2` and some proxies still try it. The request becomes what the client's first stream
//! would have brought: its head is put behind the client's settings, where the `h2` crate reads it like any other.

use super::fields::is_same;
use super::link::Link;
use super::socket::Socket;
use super::{Fields, RequestHead};
use bytes::Bytes;
use http::Version;
use std::io;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const SWITCHING: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";

/// What clients begin with (RFC 9113, 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Bytes of a frame's head.
const FRAME: usize = 9;

/// The largest frame that everybody takes.
const LONGEST: usize = 16_384;

/// Lines that are about the connection it was, or that have another form.
const LEFT_OUT: [&str; 8] =
    ["connection", "host", "http2-settings", "keep-alive", "proxy-connection", "te", "transfer-encoding", "upgrade"];

/// A request that has asked, as the frames of its stream.
#[derive(Debug)]
pub(super) struct Asked(Vec<u8>);

impl Asked {
    /// The request, if it asks to go on in HTTP/2. It has no body.
    pub(super) fn by(head: &RequestHead, link: &Link) -> Option<Self> {
        let fields = &head.fields;
        let mut settings = fields.get_all("http2-settings");
        let value = settings.next()?;
        let asks = settings.next().is_none()
            && are_settings(value)
            && lists(fields, "upgrade", b"h2c")
            && lists(fields, "connection", b"upgrade")
            && lists(fields, "connection", b"http2-settings")
            && head.version == Version::HTTP_11
            && !link.is_tls.get();
        asks.then(|| Self(frames(&head_block(head))))
    }
}

/// Whether a list of words has this one.
fn lists(fields: &Fields, name: &str, word: &[u8]) -> bool {
    let mut words = fields.get_all(name).flat_map(|line| line.split(|byte| *byte == b','));
    words.any(|other| other.trim_ascii().eq_ignore_ascii_case(word))
}

/// Whether this is the payload of a SETTINGS frame in base64url without padding (RFC 7540, 3.2.1).
fn are_settings(value: &[u8]) -> bool {
    let digits = value.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    digits && value.len() % 4 != 1 && (value.len() * 3 / 4).is_multiple_of(6)
}

/// The head as HPACK has it, without its tables: every line a literal (RFC 7541, 6.2.2).
fn head_block(head: &RequestHead) -> Vec<u8> {
    let mut out = Vec::new();
    let mut line = |name: &[u8], value: &[u8]| {
        out.push(0);
        write_text(&mut out, name);
        write_text(&mut out, value);
    };
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    line(b":method", head.method.as_str().as_bytes());
    line(b":scheme", b"http");
    line(b":path", path.as_bytes());
    if let Some(host) = head.fields.get("host") {
        line(b":authority", host);
    }
    for (name, value) in head.fields.iter() {
        if !LEFT_OUT.iter().any(|other| is_same(name, other.as_bytes())) {
            line(&name.to_ascii_lowercase(), value);
        }
    }
    out
}

/// A string of HPACK, not packed (RFC 7541, 5.2).
fn write_text(out: &mut Vec<u8>, text: &[u8]) {
    const MOST: usize = 0x7f;
    if text.len() < MOST {
        out.push(text.len() as u8);
    } else {
        out.push(MOST as u8);
        let mut rest = text.len() - MOST;
        while rest >= 0x80 {
            out.push(rest as u8 | 0x80);
            rest >>= 7;
        }
        out.push(rest as u8);
    }
    out.extend_from_slice(text);
}

/// The head of stream 1, which has nothing else.
fn frames(block: &[u8]) -> Vec<u8> {
    let (headers, continuation) = (1, 9);
    let (end_stream, end_headers) = (1, 4);
    let mut out = Vec::with_capacity(block.len() + 2 * FRAME);
    let last = block.len().div_ceil(LONGEST).saturating_sub(1);
    for (number, piece) in block.chunks(LONGEST).enumerate() {
        let kind = if number == 0 { headers } else { continuation };
        let first = if number == 0 { end_stream } else { 0 };
        let flags = first | if number == last { end_headers } else { 0 };
        out.extend_from_slice(&(piece.len() as u32).to_be_bytes()[1..]);
        out.extend_from_slice(&[kind, flags, 0, 0, 0, 1]);
        out.extend_from_slice(piece);
    }
    out
}

/// Where the client's settings end behind its preface; the error is that something else has come.
fn settings_end(bytes: &[u8]) -> io::Result<Option<usize>> {
    const SETTINGS: u8 = 4;
    let begins = bytes.iter().zip(PREFACE).all(|(one, other)| one == other);
    let head: Option<&[u8; FRAME]> = bytes.get(PREFACE.len()..).and_then(<[u8]>::first_chunk);
    let Some([a, b, c, kind, ..]) = head.filter(|_| begins) else {
        return if begins { Ok(None) } else { Err(io::ErrorKind::InvalidData.into()) };
    };
    let length = u32::from_be_bytes([0, *a, *b, *c]) as usize;
    if *kind != SETTINGS || length > LONGEST {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let end = PREFACE.len() + FRAME + length;
    Ok((bytes.len() >= end).then_some(end))
}

/// Says yes, and waits for the client to begin; `early` is what has come behind its request. The socket gives everything once more, with
/// the request in its place.
///
/// # Errors
/// The client is gone, or speaks something else.
pub(super) async fn switch(mut socket: Socket, early: Bytes, asked: Asked) -> io::Result<Socket> {
    socket.link.heading.start();
    socket.write_all(SWITCHING).await?;
    socket.flush().await?;
    let mut bytes = early.to_vec();
    let end = loop {
        if let Some(end) = settings_end(&bytes)? {
            break end;
        }
        if socket.read_buf(&mut bytes).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    };
    bytes.splice(end..end, asked.0);
    socket.unread(bytes.into());
    Ok(socket)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_texts() {
        for (length, expected) in
            [(0, &[0][..]), (126, &[126]), (127, &[127, 0]), (254, &[127, 127]), (255, &[127, 128, 1])]
        {
            let mut out = Vec::new();
            write_text(&mut out, &vec![b'x'; length]);
            assert_eq!(&out[..out.len() - length], expected, "{length}");
        }
    }

    #[test]
    fn what_settings_are() {
        for (value, are) in [
            ("", true),
            ("AAMAAABkAAQAAP__", true),
            ("AAMAAABk", true),
            ("AAMAAAB", false),
            ("AAMAAABkAA", false),
            ("AAMA=ABk", false),
        ] {
            assert_eq!(are_settings(value.as_bytes()), are, "{value}");
        }
    }

    #[test]
    fn long_heads_are_continued() {
        let text = frames(&vec![0; 2 * LONGEST + 1]);
        assert_eq!((&text[..FRAME], text.len()), (&[0, 64, 0, 1, 1, 0, 0, 0, 1][..], 2 * LONGEST + 1 + 3 * FRAME));
        assert_eq!(text[FRAME + LONGEST..][..FRAME], [0, 64, 0, 9, 0, 0, 0, 0, 1]);
        assert_eq!(text[2 * (FRAME + LONGEST)..], [0, 0, 1, 9, 4, 0, 0, 0, 1, 0]);
    }

    #[test]
    fn where_settings_end() {
        let mut bytes = [PREFACE, &[0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 100]].concat();
        for length in 0..bytes.len() {
            assert_eq!(settings_end(&bytes[..length]).expect("fine"), None);
        }
        bytes.push(0);
        assert_eq!(settings_end(&bytes).expect("fine"), Some(bytes.len() - 1));
        bytes[PREFACE.len() + 3] = 6;
        assert!(settings_end(&bytes).is_err() && settings_end(b"GET").is_err());
    }
}
