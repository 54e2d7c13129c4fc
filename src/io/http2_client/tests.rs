use super::*;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let mut bytes = (payload.len() as u32).to_be_bytes()[1..].to_vec();
    bytes.extend_from_slice(&[kind, flags]);
    bytes.extend_from_slice(&stream.to_be_bytes());
    bytes.extend_from_slice(payload);
    bytes
}

/// A connection that the server has greeted, and what it has to send since.
fn greeted() -> Connection {
    let mut connection = Connection::new();
    assert!(connection.take_output().starts_with(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
    connection.feed(&frame(4, 0, 0, &[])).unwrap();
    assert_eq!(connection.take_output(), frame(4, 1, 0, &[]));
    connection
}

fn asked(connection: &mut Connection) -> u32 {
    let lines = [(b":method".as_slice(), b"GET".as_slice()), (b":path", b"/")];
    let stream = connection.request(lines, true).unwrap();
    assert_eq!(connection.take_output(), frame(1, 5, stream, &[0x82, 0x84]));
    stream
}

#[test]
fn a_request_and_its_reply_in_pieces_of_any_size() {
    let reply = [
        frame(1, 4, 1, &[0x88]),
        frame(6, 0, 0, b"12345678"),
        frame(0, 8, 1, b"\x02abc\0\0"),
        frame(200, 0, 0, b"unknown"),
        frame(1, 1, 1, &[0, 1, b'a']),
        frame(9, 4, 1, &[1, b'b']),
    ];
    for size in 1..30 {
        let mut connection = greeted();
        assert_eq!(asked(&mut connection), 1);
        for piece in reply.concat().chunks(size) {
            connection.feed(piece).unwrap();
        }
        let text = |text: &str| text.as_bytes().to_vec();
        let head = Event::Headers { stream: 1, lines: vec![(text(":status"), text("200"))], end: false };
        assert_eq!(connection.event(), Some(head));
        let data = Event::Data { stream: 1, bytes: text("abc"), size: 6, end: false };
        assert_eq!(connection.event(), Some(data));
        let trailer = Event::Headers { stream: 1, lines: vec![(text("a"), text("b"))], end: true };
        assert_eq!(connection.event(), Some(trailer));
        assert_eq!(connection.event(), None);
        assert_eq!(connection.take_output(), frame(6, 1, 0, b"12345678"));
        assert!(!connection.has(1));
    }
}

#[test]
fn no_more_is_sent_than_there_is_room_for() {
    let mut connection = greeted();
    let lines = [(b":method".as_slice(), b"POST".as_slice())];
    let stream = connection.request(lines, false).unwrap();
    let mut sent = 0;
    while let Flow::Open(most) = connection.flow(stream) {
        connection.data(stream, &vec![0; most], false);
        sent += most;
    }
    assert_eq!((sent, connection.flow(stream)), (65_535, Flow::Shut));
    connection.feed(&frame(8, 0, stream, &[0, 0, 0, 9])).unwrap();
    assert_eq!(connection.flow(stream), Flow::Shut);
    connection.feed(&frame(8, 0, 0, &[0, 0, 1, 0])).unwrap();
    assert_eq!(connection.flow(stream), Flow::Open(9));
    // A smaller window for streams takes room back that was given before.
    connection.feed(&frame(4, 0, 0, &[0, 4, 0, 0, 0, 0])).unwrap();
    assert_eq!(connection.flow(stream), Flow::Shut);
    connection.feed(&frame(3, 0, stream, &[0, 0, 0, 8])).unwrap();
    assert_eq!(connection.flow(stream), Flow::Gone);
    assert_eq!(connection.event(), Some(Event::Reset { stream, code: 8 }));
}

#[test]
fn room_is_made_when_data_is_taken() {
    let mut connection = greeted();
    let stream = asked(&mut connection);
    connection.feed(&frame(1, 4, stream, &[0x88])).unwrap();
    for _ in 0..3 {
        connection.feed(&frame(0, 0, stream, &[0; 16_384])).unwrap();
    }
    assert_eq!(connection.take_output(), b"");
    while connection.event().is_some() {}
    let room = (3 * 16_384u32).to_be_bytes();
    assert_eq!(connection.take_output(), [frame(8, 0, 0, &room), frame(8, 0, stream, &room)].concat());
}

#[test]
fn what_a_server_may_not_do() {
    let broken = |bytes: &[u8]| {
        let mut connection = greeted();
        asked(&mut connection);
        let failure = connection.feed(bytes).unwrap_err();
        let said = connection.take_output();
        assert!(said.ends_with(&frame(7, 0, 0, &[0, 0, 0, 0, 0, 0, 0, failure.code() as u8])), "{said:?}");
        assert_eq!(connection.feed(b""), Err(failure));
        failure
    };
    assert_eq!(broken(&frame(0, 0, 1, b"early")), Failure::Protocol);
    assert_eq!(broken(&frame(1, 4, 3, &[0x88])), Failure::Protocol);
    assert_eq!(broken(&frame(1, 4, 2, &[0x88])), Failure::Protocol);
    assert_eq!(broken(&frame(1, 4, 1, &[0xff, 0x7f])), Failure::Compression);
    assert_eq!(broken(&frame(1, 12, 1, &[9, 0x88])), Failure::Protocol);
    assert_eq!(broken(&frame(9, 4, 1, &[0x88])), Failure::Protocol);
    assert_eq!(broken(&[frame(1, 0, 1, &[]), frame(6, 0, 0, &[0; 8])].concat()), Failure::Protocol);
    assert_eq!(broken(&frame(5, 4, 1, &[0, 0, 0, 2])), Failure::Protocol);
    assert_eq!(broken(&frame(6, 0, 0, &[0; 7])), Failure::FrameSize);
    assert_eq!(broken(&frame(4, 0, 0, &[0; 5])), Failure::FrameSize);
    assert_eq!(broken(&frame(4, 0, 0, &[0, 5, 0, 0, 0, 1])), Failure::Protocol);
    assert_eq!(broken(&frame(4, 0, 0, &[0, 4, 0xff, 0, 0, 0])), Failure::FlowControl);
    assert_eq!(broken(&frame(8, 0, 0, &[0x7f, 0xff, 0xff, 0xff])), Failure::FlowControl);
    assert_eq!(broken(&frame(8, 0, 1, &[0; 4])), Failure::Protocol);
    assert_eq!(broken(&[0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0]), Failure::FrameSize);
    let block = [frame(1, 0, 1, &[]), frame(9, 0, 1, &[0; 16_000]).repeat(20)].concat();
    assert_eq!(broken(&block), Failure::TooMuch);
    assert_eq!(broken(&frame(6, 0, 0, &[0; 8]).repeat(20_000)), Failure::TooMuch);
    assert_eq!(Connection::new().feed(&frame(6, 0, 0, &[0; 8])), Err(Failure::Protocol));
}

#[test]
fn the_server_takes_its_leave() {
    let mut connection = greeted();
    connection.feed(&frame(7, 0, 0, b"\0\0\0\x05\0\0\0\x02words")).unwrap();
    assert_eq!(connection.event(), Some(Event::GoAway { last: 5, code: 2, words: b"words".to_vec() }));
}
