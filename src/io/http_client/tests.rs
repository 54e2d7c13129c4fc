use super::multipart::{Content, Form, length};
use super::*;
use std::io::Write;

/// What one reply comes to: status, keep-alive, body, trailer lines, and what stands behind it.
#[derive(Debug, PartialEq, Eq)]
struct Whole {
    status: u16,
    keep_alive: bool,
    body: Vec<u8>,
    trailer: usize,
    rest: Vec<u8>,
}

/// Reads a reply that arrives in pieces of this size; `None` when it is not complete.
fn read(bytes: &[u8], size: usize, ends: bool) -> Result<Option<Whole>, Malformed> {
    let mut reply = Reply::new(false);
    let mut whole = Whole { status: 0, keep_alive: false, body: Vec::new(), trailer: 0, rest: Vec::new() };
    let mut pieces = bytes.chunks(size);
    loop {
        match reply.advance()? {
            Event::More => match pieces.next() {
                Some(piece) => {
                    let mut left = piece;
                    while !left.is_empty() {
                        let count = left.len().min(reply.room());
                        reply.put(&left[..count]);
                        left = &left[count..];
                        if !left.is_empty() && !matches!(reply.advance()?, Event::More) {
                            panic!("more than a head before it was read");
                        }
                    }
                }
                None if ends => reply.end()?,
                None => return Ok(None),
            },
            Event::Head(head) => (whole.status, whole.keep_alive) = (head.status, head.keep_alive),
            Event::Data(data) => whole.body.extend_from_slice(data),
            Event::Trailer(head) => whole.trailer = head.lines().count(),
            Event::Done => break,
        }
    }
    whole.rest = reply.rest().to_vec();
    whole.rest.extend(pieces.flatten());
    Ok(Some(whole))
}

fn each_size(text: &str, ends: bool) -> Result<Option<Whole>, Malformed> {
    let whole = read(text.as_bytes(), text.len(), ends);
    for size in [1, 2, 3, 7] {
        assert_eq!(read(text.as_bytes(), size, ends), whole, "{text:?} in pieces of {size}");
    }
    whole
}

fn good(text: &str, ends: bool) -> (u16, bool, String, usize, String) {
    let whole = each_size(text, ends).unwrap().unwrap();
    let words = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (whole.status, whole.keep_alive, words(whole.body), whole.trailer, words(whole.rest))
}

fn body(status: u16, keep_alive: bool, body: &str) -> (u16, bool, String, usize, String) {
    (status, keep_alive, body.into(), 0, String::new())
}

#[test]
fn bodies_of_every_kind() {
    assert_eq!(good("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", false), body(200, true, "abc"));
    assert_eq!(good("HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n", false), body(200, true, ""));
    assert_eq!(good("HTTP/1.1 204 No\r\nContent-Length: 9\r\n\r\n", false), body(204, true, ""));
    assert_eq!(good("HTTP/1.1 304 No\r\nContent-Length: 9\r\n\r\n", false), body(304, true, ""));
    assert_eq!(good("HTTP/1.1 200 OK\r\n\r\nabc", true), body(200, false, "abc"));
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n00A\r\n0123456789\r\n0\r\n";
    assert_eq!(good(&format!("{chunked}\r\n"), false), body(200, true, "abc0123456789"));
    let trailed = good(&format!("{chunked}A: b\r\nC: d\r\n\r\n"), false);
    assert_eq!(trailed, (200, true, "abc0123456789".into(), 2, String::new()));
}

#[test]
fn what_stands_in_front_and_behind() {
    let reply = "HTTP/1.1 103 Hints\r\nA: b\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP";
    assert_eq!(good(reply, false), (200, true, "x".into(), 0, "HTTP".into()));
    assert_eq!(good("HTTP/1.1 101 Now\r\n\r\nframes", false), (101, true, String::new(), 0, "frames".into()));
}

#[test]
fn when_the_connection_stays() {
    let says =
        |version, line: &str| good(&format!("HTTP/{version} 200 OK\r\n{line}Content-Length: 0\r\n\r\n"), false).1;
    assert!(says("1.1", ""));
    assert!(!says("1.1", "Connection: upgrade, Close\r\n"));
    assert!(!says("1.0", ""));
    assert!(says("1.0", "Connection: Keep-Alive\r\n"));
}

#[test]
fn what_is_no_reply() {
    let bad = |text: &str| each_size(text, false).unwrap_err();
    assert_eq!(bad("SSH-2.0"), Malformed::Head);
    assert_eq!(bad("HTTP/1.1 2x0 OK\r\n\r\n"), Malformed::Head);
    assert_eq!(bad("HTTP/3.1 200 OK\r\n\r\n"), Malformed::Head);
    assert_eq!(bad("HTTP/1.1 200 OK\r\nA: b\n\r\n\r\n"), Malformed::Head);
    assert_eq!(bad("HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n"), Malformed::Head);
    assert_eq!(bad("HTTP/1.1 200 OK\r\nA b\r\n\r\n"), Malformed::Head);
    let lines = |lines: &str| bad(&format!("HTTP/1.1 200 OK\r\n{lines}\r\n\r\n"));
    assert_eq!(lines("Content-Length: 3\r\nContent-Length: 3"), Malformed::Length);
    assert_eq!(lines("Content-Length: +3"), Malformed::Length);
    assert_eq!(lines("Content-Length: 99999999999999999999"), Malformed::Length);
    assert_eq!(lines("Content-Length: 3\r\nTransfer-Encoding: chunked"), Malformed::Length);
    let chunk = |text: &str| bad(&format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{text}"));
    for wrong in ["x", "\r\n", "-1\r\n", "1\r\nab", "1 x\r\n", "11111111111111111\r\n", "1\n", "1;\n\r\n"] {
        assert_eq!(chunk(wrong), Malformed::Chunk, "{wrong:?}");
    }
    assert_eq!(chunk(&format!("1;{}", "x".repeat(2000))), Malformed::Chunk);
    assert_eq!(chunk("0\r\nno header\r\n\r\n"), Malformed::Head);
    assert_eq!(bad(&format!("HTTP/1.1 200 OK\r\nA: {}", "x".repeat(70_000))), Malformed::TooLarge);
}

#[test]
fn what_is_cut_short() {
    for text in ["HT", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab"] {
        assert_eq!(each_size(text, true), Err(Malformed::CutShort));
        assert_eq!(each_size(text, false), Ok(None));
    }
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n";
    assert_eq!(each_size(chunked, true), Err(Malformed::CutShort));
}

#[test]
fn a_head_alone() {
    let mut reply = Reply::new(true);
    reply.put(b"HTTP/1.1 200 OK\r\nX-Case: Kept \r\nx-case: again\r\nEmpty:\r\nContent-Length: 9\r\n\r\n");
    let Ok(Event::Head(head)) = reply.advance() else { panic!("no head") };
    let names: Vec<_> = head.lines().map(|(name, _)| String::from_utf8_lossy(name)).collect();
    assert_eq!(names, ["X-Case", "x-case", "Empty", "Content-Length"]);
    assert_eq!(head.all("X-CASE").collect::<Vec<_>>(), [b"Kept".as_slice(), b"again"]);
    assert_eq!(head.get("empty"), Some(b"".as_slice()));
    assert!(matches!(reply.advance(), Ok(Event::Done)));
}

fn decode(coding: Coding, bytes: &[u8], size: usize, limit: u64) -> Result<Vec<u8>, DecodeFailure> {
    let mut decoder = Decoder::new(coding, limit);
    let mut out = Vec::new();
    for piece in bytes.chunks(size) {
        decoder.feed(piece, |part| out.extend_from_slice(part))?;
    }
    Ok(out)
}

#[test]
fn compressed_bodies() {
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    let text = "what comes in goes out ".repeat(500).into_bytes();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
    let mut raw = DeflateEncoder::new(Vec::new(), Compression::default());
    let mut brotli = brotlic::CompressorWriter::new(Vec::new());
    gzip.write_all(&text).unwrap();
    zlib.write_all(&text).unwrap();
    raw.write_all(&text).unwrap();
    brotli.write_all(&text).unwrap();
    let all = [
        (Coding::Gzip, gzip.finish().unwrap()),
        (Coding::Deflate, zlib.finish().unwrap()),
        (Coding::Deflate, raw.finish().unwrap()),
        (Coding::Brotli, brotli.into_inner().unwrap()),
    ];
    for (coding, bytes) in all {
        for size in [1, 5, bytes.len()] {
            assert_eq!(decode(coding, &bytes, size, u64::MAX).as_deref(), Ok(text.as_slice()), "{coding:?}");
        }
        assert_eq!(decode(coding, &bytes, 16, 1000), Err(DecodeFailure::TooLarge), "{coding:?}");
    }
    assert_eq!(decode(Coding::Gzip, b"not gzip at all", 4, 99), Err(DecodeFailure::Broken));
    assert_eq!(Coding::named(b"GZip"), Some(Coding::Gzip));
    assert_eq!(Coding::named(b"identity"), None);
}

#[test]
fn nobody_breaks_out_of_a_head() {
    let mut head = RequestHead::new(b"GET", b"/a b\r\nX: y").unwrap();
    assert_eq!(head.line(b"A", b"b\r\nC: d"), Err(Unsafe));
    assert_eq!(head.line(b"A\r\nC", b"d"), Err(Unsafe));
    assert_eq!(head.line(b"A:", b"d"), Err(Unsafe));
    assert_eq!(head.line(b"", b"d"), Err(Unsafe));
    head.line(b"A", b"b c").unwrap();
    assert_eq!(head.end(), b"GET /a%20b%0D%0AX:%20y HTTP/1.1\r\nA: b c\r\n\r\n");
    assert!(RequestHead::new(b"GET /", b"/").is_err());
    assert!(RequestHead::new(b"", b"/").is_err());
}

#[test]
fn forms_are_as_long_as_they_say() {
    let mut form = Form::new();
    let line = form.content_type();
    let boundary = line.split_once("boundary=").unwrap().1.to_owned();
    form.field(b"a\"b", b"1");
    form.file(b"f", b"n\r\n", b"text/plain", Content::Memory(b"xyz".to_vec()));
    form.file(b"g", b"g", b"x/y", Content::File { path: b"/f".to_vec(), offset: 1, length: 10 });
    let pieces = form.finish();
    let [Content::Memory(first), Content::File { offset: 1, .. }, Content::Memory(last)] = &pieces[..] else {
        panic!("{pieces:?}");
    };
    assert_eq!(length(&pieces), (first.len() + 10 + last.len()) as u64);
    let wanted = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"a%22b\"\r\n\r\n1\r\n--{boundary}\r\nContent-Disposition: \
         form-data; name=\"f\"; filename=\"n%0D%0A\"\r\nContent-Type: text/plain\r\n\r\nxyz\r\n--{boundary}\r\n\
         Content-Disposition: form-data; name=\"g\"; filename=\"g\"\r\nContent-Type: x/y\r\n\r\n"
    );
    assert_eq!(String::from_utf8_lossy(first), wanted);
    assert_eq!(*last, format!("\r\n--{boundary}--\r\n").into_bytes());
}
