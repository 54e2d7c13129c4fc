//! Both sides against each other, in memory, and single frames against the bytes of the RFCs.

use super::frame::{flag, opcode};
use super::handshake::{self, Refusal};
use super::*;
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Version};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

fn headers(lines: &[(&str, &str)]) -> HeaderMap {
    let line = |(name, value): &(&str, &str)| {
        (name.parse::<HeaderName>().expect("a name"), HeaderValue::from_str(value).expect("a value"))
    };
    lines.iter().map(line).collect()
}

const REQUEST: [(&str, &str); 5] = [
    ("host", "localhost"),
    ("connection", "keep-alive, Upgrade"),
    ("upgrade", "WebSocket"),
    ("sec-websocket-version", "13"),
    ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
];

fn accept(lines: &[(&str, &str)]) -> Result<handshake::Accepted, Refusal> {
    handshake::accept(&Method::GET, Version::HTTP_11, &headers(lines), Some("chat"), Some(Compression::default()))
}

#[test]
fn the_key_is_answered_as_in_the_rfc() {
    let accepted = accept(&REQUEST).expect("a good request");
    assert_eq!(accepted.accept.as_deref(), Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    assert_eq!((accepted.protocol, accepted.terms), (None, None));
}

#[test]
fn a_request_that_opens_nothing_is_refused() {
    for (name, value, refusal) in [
        ("connection", "close", Refusal::BadRequest),
        ("upgrade", "h2c", Refusal::BadRequest),
        ("sec-websocket-key", "short", Refusal::BadRequest),
        ("sec-websocket-version", "8", Refusal::Version),
    ] {
        let lines = REQUEST.map(|line| if line.0 == name { (name, value) } else { line });
        assert_eq!(accept(&lines).err(), Some(refusal), "{name}: {value}");
        let left_out: Vec<_> = REQUEST.into_iter().filter(|line| line.0 != name).collect();
        assert_eq!(accept(&left_out).err(), Some(refusal), "no {name}");
    }
    let post = handshake::accept(&Method::POST, Version::HTTP_11, &headers(&REQUEST), None, None);
    assert_eq!(post.err(), Some(Refusal::BadRequest));
}

#[test]
fn a_protocol_is_chosen_only_if_it_was_offered() {
    let mut lines = REQUEST.to_vec();
    lines.push(("sec-websocket-protocol", "soap, chat"));
    assert_eq!(accept(&lines).expect("good").protocol.as_deref(), Some("chat"));
    lines[5].1 = "soap, chatter";
    assert_eq!(accept(&lines).expect("good").protocol, None);
}

#[test]
fn a_client_checks_the_answer() {
    let key = "dGhlIHNhbXBsZSBub25jZQ==";
    let good =
        [("connection", "Upgrade"), ("upgrade", "websocket"), ("sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")];
    assert_eq!(handshake::check(101, &headers(&good), key, None), Ok(None));
    assert!(handshake::check(200, &headers(&good), key, None).is_err());
    assert!(handshake::check(101, &headers(&good), &handshake::new_key(), None).is_err());
    let mut compressed = good.to_vec();
    compressed.push(("sec-websocket-extensions", "permessage-deflate; server_no_context_takeover"));
    assert!(handshake::check(101, &headers(&compressed), key, None).is_err());
    assert!(
        handshake::check(101, &headers(&compressed), key, Some(Compression::default()))
            .is_ok_and(|terms| terms.is_some())
    );
}

#[test]
fn offers_of_compression() {
    let keep = Compression { takeover: true, window_bits: 15 };
    for (offer, answer) in [
        ("permessage-deflate", Some("permessage-deflate")),
        ("x-webkit-deflate-frame, Permessage-Deflate", Some("permessage-deflate")),
        ("permessage-deflate; client_max_window_bits", Some("permessage-deflate")),
        ("permessage-deflate; server_max_window_bits=\"10\"", Some("permessage-deflate; server_max_window_bits=10")),
        ("permessage-deflate; client_max_window_bits=9", Some("permessage-deflate; client_max_window_bits=9")),
        ("permessage-deflate; server_no_context_takeover", Some("permessage-deflate; server_no_context_takeover")),
        ("permessage-deflate; server_max_window_bits=8", None),
        ("permessage-deflate; server_max_window_bits=8, permessage-deflate", Some("permessage-deflate")),
        ("permessage-deflate; server_max_window_bits", None),
        ("permessage-deflate; server_max_window_bits=16", None),
        ("permessage-deflate; server_max_window_bits=010", None),
        ("permessage-deflate; server_no_context_takeover=1", None),
        ("permessage-deflate; server_no_context_takeover; server_no_context_takeover", None),
        ("permessage-deflate; unheard_of", None),
        ("", None),
    ] {
        assert_eq!(keep.choose(offer).map(|chosen| chosen.1).as_deref(), answer, "{offer}");
    }
    let (terms, answer) = Compression::default().choose("permessage-deflate").expect("plain");
    assert_eq!(answer, "permessage-deflate; client_no_context_takeover; server_no_context_takeover");
    assert!(!terms.client_takeover && !terms.server_takeover);
    for bits in 9..=15 {
        for takeover in [true, false] {
            let wanted = Compression { takeover, window_bits: bits };
            let (server, answer) = keep.choose(&wanted.offer()).expect("understood");
            assert_eq!(wanted.agreed(&answer), Ok(server), "{}", wanted.offer());
        }
    }
    assert!(keep.agreed("permessage-deflate; client_max_window_bits=10").is_err());
    assert!(Compression::default().agreed("permessage-deflate").is_err());
}

#[test]
fn frames_are_the_rfcs() {
    assert_eq!(frame::pack(opcode::TEXT, flag::FIN, b"Hello"), b"\x81\x05Hello");
    assert_eq!(frame::pack(opcode::TEXT, 0, b"Hel"), b"\x01\x03Hel");
    assert_eq!(frame::pack(opcode::BINARY, flag::FIN, &[7; 256])[..4], [0x82, 126, 1, 0]);
    assert_eq!(frame::pack(opcode::BINARY, flag::FIN, &[7; 65536])[..10], [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
    assert_eq!(frame::pack(opcode::PING, flag::COMPRESS, b"Hello"), b"\x89\x05Hello");
    let compressed = frame::pack(opcode::TEXT, flag::FIN | flag::COMPRESS, b"Hello");
    assert_eq!(compressed, [0xc1, 0x07, 0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00]);
    let masked = [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
    let (head, payload) = frame::unpack(&masked).expect("whole");
    assert_eq!((head.opcode, head.flags, &payload[..]), (opcode::TEXT, flag::FIN | flag::MASK, &b"Hello"[..]));
    assert!((0..masked.len()).all(|length| frame::unpack(&masked[..length]).is_none()));
    assert!(frame::unpack(&[0x81, 127, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]).is_none());
}

#[test]
fn what_is_taken_at_once_is_what_is_taken_in_pieces() {
    let fin = flag::FIN;
    for kind in 0..=opcode::PONG {
        for flags in [fin, fin | flag::MASK, 0, fin | flag::RSV1, fin | flag::RSV2] {
            for length in [0, 1, 125, 126, 300, 4096, 65_535, 65_536] {
                for byte in [b'x', 0xff] {
                    let mut bytes = Vec::new();
                    frame::write(&mut bytes, kind, flags, &vec![byte; length]);
                    bytes[0] |= (flags & flag::RSV2) << 2;
                    let mut protocol = Protocol::new(Options { longest: 65_535, ..Options::server() });
                    let whole = protocol.whole(&mut BytesMut::from(&bytes[..]));
                    protocol.feed(&bytes);
                    let next = protocol.next(&mut Vec::new());
                    let is_data = matches!(kind, opcode::TEXT | opcode::BINARY);
                    let ordinary = is_data && flags & fin != 0 && flags & (flag::RSV1 | flag::RSV2) == 0;
                    assert_eq!(whole.is_some(), ordinary && matches!(next, Ok(Some(_))), "{kind} {flags} {length}");
                    assert!(whole.is_none_or(|whole| next == Ok(Some(whole))), "{kind} {flags} {length}");
                }
            }
        }
    }
    let mut bytes = Vec::new();
    frame::write(&mut bytes, opcode::TEXT, fin | flag::MASK, b"Hello");
    let mut protocol = Protocol::new(Options::server());
    let refuses = |protocol: &Protocol, bytes: &[u8]| {
        let mut given = BytesMut::from(bytes);
        protocol.whole(&mut given).is_none() && given == bytes
    };
    assert!((0..bytes.len()).all(|length| refuses(&protocol, &bytes[..length])));
    assert!(refuses(&protocol, &[&bytes[..], &bytes[..1]].concat()));
    let mut no_text = Vec::new();
    frame::write(&mut no_text, opcode::TEXT, fin | flag::MASK, b"caf\xc3");
    assert!(refuses(&protocol, &no_text));
    protocol.feed(&bytes[..1]);
    assert!(refuses(&protocol, &bytes));
}

#[test]
fn a_stream_of_http2_needs_no_key() {
    let lines = [("connection", "Upgrade"), ("upgrade", "websocket"), ("sec-websocket-version", "13")];
    let accept = |version| handshake::accept(&Method::GET, version, &headers(&lines), None, None);
    assert!(accept(Version::HTTP_2).is_ok_and(|accepted| accepted.accept.is_none()));
    assert_eq!(accept(Version::HTTP_11).err(), Some(Refusal::BadRequest));
}

#[test]
fn masking_twice_is_nothing() {
    for length in 0..40_u8 {
        let plain: Vec<u8> = (0..length).collect();
        let mut masked = plain.clone();
        super::mask::mask(&mut masked, [1, 2, 3, 4]);
        assert!(
            plain
                .iter()
                .zip(&masked)
                .enumerate()
                .all(|(index, (plain, masked))| plain ^ masked == [1, 2, 3, 4][index % 4])
        );
        super::mask::mask(&mut masked, [1, 2, 3, 4]);
        assert_eq!(masked, plain);
    }
}

/// A client and a server with these terms, without sockets.
struct Pair {
    client: Protocol,
    server: Protocol,
}

impl Pair {
    fn new(terms: Option<Terms>, longest: usize) -> Self {
        Self {
            client: Protocol::new(Options { terms, longest, ..Options::client() }),
            server: Protocol::new(Options { terms, longest, ..Options::server() }),
        }
    }

    /// What the server makes of what the client sends, piece by piece.
    fn carry(&mut self, kind: u8, flags: u8, payload: &[u8], piece: usize) -> Vec<Message> {
        let mut wire = Vec::new();
        self.client.send(kind, flags, payload, &mut wire).expect("sent");
        let mut messages = Vec::new();
        for piece in wire.chunks(piece) {
            self.server.feed(piece);
            while let Some(message) = self.server.next(&mut Vec::new()).expect("good frames") {
                messages.push(message);
            }
        }
        messages
    }
}

fn message(kind: u8, flags: u8, payload: &[u8]) -> Message {
    Message { opcode: kind, flags, payload: Bytes::copy_from_slice(payload) }
}

#[test]
fn messages_of_every_length_arrive_however_they_are_cut() {
    let mut pair = Pair::new(None, 1 << 20);
    for length in [0, 1, 125, 126, 127, 4095, 4096, 65535, 65536, 300_000] {
        let payload = vec![b'x'; length];
        for piece in [1, 7, 4096, 1 << 20] {
            if length > 5000 && piece == 1 {
                continue;
            }
            let messages = pair.carry(opcode::TEXT, flag::FIN, &payload, piece);
            assert_eq!(messages, [message(opcode::TEXT, flag::FIN | flag::MASK, &payload)]);
        }
    }
}

#[test]
fn fragments_become_one_message_with_control_frames_between() {
    let mut pair = Pair::new(None, 1 << 20);
    assert!(pair.carry(opcode::TEXT, 0, "h\u{e9}".as_bytes().split_at(2).0, 1).is_empty());
    pair.server.options_mut().deliver_ping = true;
    assert_eq!(pair.carry(opcode::PING, 0, b"?", 1), [message(opcode::PING, flag::FIN | flag::MASK, b"?")]);
    assert!(pair.carry(opcode::CONTINUATION, 0, "h\u{e9}".as_bytes().split_at(2).1, 1).is_empty());
    let whole = pair.carry(opcode::CONTINUATION, flag::FIN, b"!", 1);
    assert_eq!(whole, [message(opcode::TEXT, flag::FIN | flag::MASK, "h\u{e9}!".as_bytes())]);
}

fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    (0..length).map(|_| next()).collect()
}

#[test]
fn compressed_messages_arrive_whatever_the_terms() {
    for bits in [9, 12, 15] {
        for takeover in [false, true] {
            let terms =
                Terms { server_bits: bits, client_bits: bits, server_takeover: takeover, client_takeover: takeover };
            let mut pair = Pair::new(Some(terms), 1 << 20);
            for length in [1, 5, 125, 126, 1000, 16384, 16385, 40_000, 65_536, 200_000] {
                for payload in [noise(length), b"PHP on Rust; ".iter().copied().cycle().take(length).collect()] {
                    let messages = pair.carry(opcode::BINARY, flag::FIN | flag::COMPRESS, &payload, 5000);
                    let flags = flag::FIN | flag::COMPRESS | flag::RSV1 | flag::MASK;
                    assert_eq!(messages, [message(opcode::BINARY, flags, &payload)], "{length} bytes, {bits} bits");
                }
            }
        }
    }
}

#[test]
fn the_context_is_taken_over_only_where_it_was_agreed_on() {
    let size = |takeover| {
        let terms = Terms { server_bits: 15, client_bits: 15, server_takeover: takeover, client_takeover: takeover };
        let mut server = Protocol::new(Options { terms: Some(terms), ..Options::server() });
        let mut wire = Vec::new();
        server.send(opcode::TEXT, flag::FIN | flag::COMPRESS, b"Hello", &mut wire).expect("sent");
        wire.clear();
        server.send(opcode::TEXT, flag::FIN | flag::COMPRESS, b"Hello", &mut wire).expect("sent");
        wire.len()
    };
    // the second example of RFC 7692, 7.2.3.2: f2 00 11 00 00
    assert_eq!((size(false), size(true)), (2 + 7, 2 + 5));
}

#[test]
fn what_inflates_beyond_the_limit_is_refused() {
    let terms = Terms { server_bits: 15, client_bits: 15, server_takeover: false, client_takeover: false };
    let bomb = frame::pack(opcode::BINARY, flag::FIN | flag::COMPRESS, &vec![0; 64 << 20]);
    assert!(bomb.len() < 70_000);
    let mut server = Protocol::new(Options { terms: Some(terms), ..Options::server() });
    server.feed(&bomb);
    let mut replies = Vec::new();
    assert_eq!(server.next(&mut replies).map_err(|failure| failure.code), Err(close::TOO_BIG));
    assert_eq!(replies[2..4], close::TOO_BIG.to_be_bytes());
    assert_eq!(inflate(&compress(&[0; 1000]), 1000).map(|data| data.len()), Ok(1000));
    assert_eq!(inflate(&compress(&[0; 1001]), 1000), Err(Inflated::TooBig));
    assert_eq!(inflate(b"\xff\xff\xff", 1000), Err(Inflated::Corrupt));
    // a stream that its writer has ended
    assert_eq!(inflate(&[0x4b, 0x04, 0x00], 1000).as_deref(), Ok(&b"a"[..]));
}

#[test]
fn broken_frames_end_the_connection_with_a_code() {
    for (bytes, code) in [
        (&b"\xa1\x00"[..], 1002),
        (b"\xc1\x00", 1002),
        (b"\x83\x00", 1002),
        (b"\x8b\x00", 1002),
        (b"\x80\x00", 1002),
        (b"\x09\x00", 1002),
        (b"\x89\x7e\x00\x7e", 1002),
        (b"\x01\x00\x01\x00", 1002),
        (b"\x81\x02\xc3\x28", 1007),
        (b"\x01\x01\xc3\x80\x01\x28", 1007),
        (b"\x01\x02\xc3\x28", 1007),
        (b"\x81\x01\xc3", 1007),
        (b"\x88\x01\x03", 1002),
        (b"\x88\x02\x03\xed", 1002),
        (b"\x88\x02\x00\x00", 1002),
        (b"\x88\x03\x03\xe8\xff", 1007),
        (b"\x82\x7f\x00\x00\x00\x00\x00\x20\x00\x01", 1009),
    ] {
        let mut server = Protocol::new(Options::server());
        server.feed(bytes);
        let mut replies = Vec::new();
        let failed = server.next(&mut replies).expect_err("broken");
        assert_eq!(failed.code, code, "{bytes:x?}: {failed}");
        assert_eq!(replies[..4], [&[0x88, failed.reason.len() as u8 + 2][..], &code.to_be_bytes()].concat());
        assert!(server.is_over());
        assert_eq!(server.send(opcode::TEXT, flag::FIN, b"", &mut replies), Err(Refused::Closed));
    }
}

#[test]
fn pings_and_close_frames_are_answered_unless_they_are_delivered() {
    let mut server = Protocol::new(Options::server());
    let mut replies = Vec::new();
    server.feed(b"\x89\x01?\x8a\x01!\x88\x05\x03\xe8bye\x81\x01x");
    let closed = server.next(&mut replies).expect("good").expect("the close frame");
    assert_eq!(closed.close(), (close::NORMAL, &b"bye"[..]));
    assert_eq!(replies, b"\x8a\x01?\x88\x05\x03\xe8bye");
    assert_eq!(server.next(&mut replies), Ok(None));

    let options = Options { deliver_ping: true, deliver_pong: true, deliver_close: true, ..Options::server() };
    let (mut server, mut replies) = (Protocol::new(options), Vec::new());
    server.feed(b"\x89\x01?\x8a\x01!\x88\x00");
    let mut next = || server.next(&mut replies).expect("good").map(|message| message.opcode);
    assert_eq!([next(), next(), next(), next()], [Some(opcode::PING), Some(opcode::PONG), Some(opcode::CLOSE), None]);
    assert!(replies.is_empty());
}

impl Transport for DuplexStream {}

fn connected(limit: usize, buffer: usize) -> (std::rc::Rc<Connection<DuplexStream>>, DuplexStream) {
    let (near, far) = duplex(buffer);
    (Connection::over(near, b"\x81\x05early", Options::server(), limit), far)
}

#[tokio::test]
async fn what_came_with_the_handshake_is_the_first_message() {
    let (connection, mut far) = connected(1024, 1024);
    assert_eq!(connection.receive().await.expect("early").payload, "early");
    far.write_all(b"\x81\x04late").await.expect("written");
    assert_eq!(connection.receive().await.expect("late").payload, "late");
    drop(far);
    assert!(matches!(connection.receive().await, Err(Ended::Closed)));
    assert_eq!(connection.send(opcode::TEXT, flag::FIN, b"x"), Err(SendError::Closed));
}

#[tokio::test]
async fn a_queue_has_an_end_and_senders_may_wait_for_it() {
    let (connection, mut far) = connected(1000, 64);
    let send = || connection.send(opcode::BINARY, flag::FIN, &[7; 400]);
    assert_eq!([send(), send(), send()], [Ok(()), Ok(()), Err(SendError::Full)]);
    let reading = async {
        let mut all = vec![0; 3 * 404];
        far.read_exact(&mut all).await.expect("three frames");
        all
    };
    let waiting = async {
        connection.room(400).await.expect("open");
        assert_eq!(send(), Ok(()));
    };
    let (all, ()) = tokio::join!(reading, waiting);
    assert_eq!(all, frame::pack(opcode::BINARY, flag::FIN, &[7; 400]).repeat(3));
}

#[tokio::test]
async fn who_only_pings_gets_some_answers_not_a_queue_without_end() {
    let (near, mut far) = duplex(64 << 10);
    // as servers have it, whose senders look at how much waits themselves
    let connection = Connection::over(near, b"", Options::server(), usize::MAX);
    let ping = frame::pack(opcode::PING, flag::FIN, &[7; 100]);
    let reading = async {
        loop {
            connection.receive().await.expect("open");
            if connection.queued() == 0 {
                break;
            }
        }
    };
    let writing = async {
        for _ in 0..5000 {
            far.write_all(&ping).await.expect("written");
        }
        far.write_all(b"\x81\x04then").await.expect("written");
        // the message is behind all pings
        while connection.queued() == 0 {
            tokio::task::yield_now().await;
        }
        let most = connection.queued();
        assert!(most < 20 << 10, "{most} bytes wait");
        let mut answers = vec![0; 64 << 10];
        far.read_exact(&mut answers).await.expect("what had room");
        let mut rest = [0; 4096];
        while connection.queued() > 0 {
            let count = far.read(&mut rest).await.expect("the rest");
            assert!(count > 0);
        }
        far.write_all(&ping).await.expect("written");
        far.write_all(b"\x81\x04last").await.expect("written");
    };
    tokio::join!(reading, writing);
}

#[tokio::test]
async fn both_directions_end_at_a_close_frame() {
    let (connection, mut far) = connected(1000, 64);
    far.write_all(b"\x88\x02\x03\xe8").await.expect("written");
    assert!(connection.receive().await.is_ok());
    assert!(matches!(connection.receive().await, Err(Ended::Closed)));
    let mut all = Vec::new();
    far.read_to_end(&mut all).await.expect("the socket is closed");
    assert_eq!(all, b"\x88\x02\x03\xe8");
}

#[tokio::test]
async fn closing_sends_what_is_queued_and_ends_who_receives() {
    let (connection, mut far) = connected(1000, 64);
    assert!(connection.receive().await.is_ok());
    connection.send(opcode::BINARY, flag::FIN, &[7; 400]).expect("room");
    let receiving = connection.receive();
    let closing = async {
        connection.close(close::NORMAL, b"done");
        let mut all = Vec::new();
        far.read_to_end(&mut all).await.expect("the socket is closed");
        all
    };
    let (ended, all) = tokio::join!(receiving, closing);
    assert!(matches!(ended, Err(Ended::Closed)));
    assert!(all.ends_with(b"\x88\x06\x03\xe8done"));
    assert_eq!(all.len(), 404 + 8);
}

#[tokio::test]
async fn a_broken_frame_is_answered_before_the_end() {
    let (connection, mut far) = connected(1000, 64);
    far.write_all(b"\x83\x00").await.expect("written");
    assert!(connection.receive().await.is_ok());
    assert!(matches!(connection.receive().await, Err(Ended::Failed(Failure { code: 1002, .. }))));
    let mut all = Vec::new();
    far.read_to_end(&mut all).await.expect("the socket is closed");
    assert_eq!(all[2..4], 1002_u16.to_be_bytes());
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_never_reads_is_left_in_the_end() {
    let (connection, _far) = connected(1000, 64);
    connection.send(opcode::BINARY, flag::FIN, &[7; 400]).expect("room");
    connection.close(close::NORMAL, b"");
    tokio::time::sleep(std::time::Duration::from_secs(10)).await;
    assert_eq!((connection.queued(), connection.is_open()), (0, false));
}

#[tokio::test]
async fn long_messages_come_straight_to_their_place() {
    let (connection, mut far) = connected(1000, 4096);
    assert!(connection.receive().await.is_ok());
    let payload = noise(300_000);
    let bytes = frame::pack(opcode::BINARY, flag::FIN | flag::MASK, &payload);
    let (message, written) = tokio::join!(connection.receive(), far.write_all(&bytes));
    assert!(written.is_ok());
    assert_eq!(message.expect("whole").payload, payload);
}

/// Notes what is queued, and how often something was heard.
struct Notes(std::rc::Rc<std::cell::Cell<(usize, usize)>>);

impl Watcher for Notes {
    fn queued(&self, bytes: usize) {
        self.0.set((bytes, self.0.get().1));
    }

    fn heard(&self) {
        self.0.set((self.0.get().0, self.0.get().1 + 1));
    }

    fn broken(&self, _: &Failure) {}
}

#[tokio::test]
async fn a_socket_may_come_later() {
    let (near, mut far) = duplex(4096);
    let noted = std::rc::Rc::new(std::cell::Cell::new((0, 0)));
    let watcher = Box::new(Notes(std::rc::Rc::clone(&noted)));
    let connection = Connection::without_socket(Options::server(), usize::MAX, watcher);
    connection.send(opcode::TEXT, flag::FIN, b"before").expect("queued");
    assert_eq!(noted.get(), (8, 0));
    let receiving = connection.receive();
    let attaching = async {
        tokio::task::yield_now().await;
        connection.attach(near, b"\x81\x05early");
    };
    let (received, ()) = tokio::join!(receiving, attaching);
    assert_eq!(received.expect("early").payload, "early");
    let mut all = [0; 8];
    far.read_exact(&mut all).await.expect("what was queued");
    assert_eq!((&all[2..], noted.get()), (&b"before"[..], (0, 0)));
    // pings and pongs are signs of life too
    far.write_all(b"\x8a\x00\x81\x04more").await.expect("sent");
    assert_eq!(connection.receive().await.expect("more").payload, "more");
    assert_eq!(noted.get().1, 1);
}

#[test]
fn an_answer_says_the_terms_whoever_made_it() {
    let terms = |answer| Compression::read_answer(answer);
    let narrow = terms("permessage-deflate; client_max_window_bits=10; server_max_window_bits=12").expect("terms");
    assert_eq!((narrow.client_bits, narrow.server_bits), (10, 12));
    assert!(narrow.client_takeover && narrow.server_takeover);
    let alone = terms("permessage-deflate; client_no_context_takeover; server_no_context_takeover").expect("terms");
    assert!(!alone.client_takeover && !alone.server_takeover);
    for wrong in [
        "permessage-deflate; client_max_window_bits",
        "x-webkit-deflate-frame",
        "permessage-deflate; server_max_window_bits=8",
    ] {
        assert_eq!(terms(wrong), None, "{wrong}");
    }
}

#[test]
fn what_cannot_be_compressed_may_be_as_long_as_the_limit_when_inflated() {
    let terms = Compression::read_answer("permessage-deflate").expect("terms");
    let mut noise = 1_u64;
    let message: Vec<u8> = std::iter::repeat_with(|| {
        noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (noise >> 56) as u8
    })
    .take(100_000)
    .collect();
    for (longest, arrives) in [(100_000, true), (99_999, false)] {
        let mut client = Protocol::new(Options { terms: Some(terms), ..Options::client() });
        let mut server = Protocol::new(Options { terms: Some(terms), longest, ..Options::server() });
        let mut bytes = Vec::new();
        client.send(opcode::BINARY, flag::FIN | flag::COMPRESS, &message, &mut bytes).expect("sent");
        assert!(bytes.len() > message.len(), "it was compressed");
        server.feed(&bytes);
        let got = server.next(&mut Vec::new());
        assert_eq!(got.map(|message| message.is_some()), if arrives { Ok(true) } else { Err(Failure::TOO_BIG) });
    }
}

#[test]
fn an_impossible_length_is_answered_with_nothing() {
    let mut server = Protocol::new(Options::server());
    server.feed(&[0x82, 0x7f, 0x80, 0, 0, 0, 0, 0, 0, 1]);
    let mut replies = Vec::new();
    assert_eq!(server.next(&mut replies), Err(Failure::MALFORMED));
    assert!(replies.is_empty() && server.is_over());
}
