use super::*;

fn written(head: Head, body: &'static [u8], framing: Framing) -> (String, bool) {
    let mut out = Vec::new();
    let mut body = match body {
        b"" => Body::Empty,
        body => Body::Full(Some(Chunk::Data(Bytes::from_static(body)))),
    };
    let form = head.write(&mut out, &mut body, framing);
    (String::from_utf8(out).unwrap(), form.keep_alive)
}

const PLAIN: Framing = Framing { version: Version::HTTP_11, keep_alive: true, is_head: false };

#[test]
fn lines_stay_as_they_were_added() {
    let mut head = Head::new(StatusCode::OK);
    head.defaults.undated = true;
    for (name, value) in [("x-a", "1"), ("Content-Length", "99"), ("X-B", ""), ("transfer-encoding", "x"), ("x-a", "2")]
    {
        assert!(head.add(name.as_bytes(), value.as_bytes()));
    }
    for (name, value) in [("", "a"), ("a b", "a"), ("a:", "a"), ("a", "a\r\nb: c"), ("a", "\0"), ("a\n", "b")] {
        assert!(!head.add(name.as_bytes(), value.as_bytes()), "{name:?} {value:?}");
    }
    head.append(header::CONTENT_LENGTH, HeaderValue::from_static("3"));
    assert_eq!(head.lines().count(), 4);
    assert_eq!(head.get(&header::CONTENT_LENGTH), Some(&b"3"[..]));
    let other = Head::with_text(head.status(), head.text(), Marks::from_bytes(head.marks().to_bytes()));
    assert_eq!((other.text(), other.marks()), (head.text(), head.marks()));
    let expected =
        "HTTP/1.1 200 OK\r\nx-a: 1\r\nContent-Length: 3\r\nX-B: \r\nx-a: 2\r\nConnection: keep-alive\r\n\r\n";
    assert_eq!(written(head, b"hello", PLAIN), (expected.to_owned(), true));
}

#[test]
fn the_length_is_the_bodys() {
    for (says, body, is_head, expected) in [
        ("5", &b"hello"[..], false, "Content-Length: 5"),
        ("05", b"hello", false, "Content-Length: 05"),
        ("7", b"hello", false, "Content-Length: 5"),
        ("x", b"hello", false, "Content-Length: 5"),
        ("7", b"", false, "Content-Length: 0"),
        ("7", b"", true, "Content-Length: 7"),
        ("7", b"hello", true, "Content-Length: 5"),
    ] {
        let mut head = Head::new(StatusCode::OK);
        head.add(b"Content-Length", says.as_bytes());
        let (text, _) = written(head, body, Framing { is_head, ..PLAIN });
        assert_eq!(text.lines().filter(|line| line.starts_with("Content-L")).collect::<Vec<_>>(), [expected], "{says}");
    }
    let mut head = Head::new(StatusCode::NO_CONTENT);
    head.add(b"Content-Length", b"5");
    assert!(!written(head, b"hello", PLAIN).0.contains("Length"));
}

#[test]
fn who_closes() {
    let mut head = Head::new(StatusCode::OK);
    head.add(b"connection", b"x, Close");
    assert!(!written(head, b"", PLAIN).1);
    assert!(!written(Head::new(StatusCode::OK), b"", Framing { keep_alive: false, ..PLAIN }).1);
    assert!(written(Head::new(StatusCode::OK), b"", Framing { version: Version::HTTP_10, ..PLAIN }).1);
}
