//! HTTP/2 by frames made by hand: what RFC 9113 says to refuse, what it allows, and floods.

use super::*;

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const PRIORITY: u8 = 2;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PUSH_PROMISE: u8 = 5;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const WINDOW_UPDATE: u8 = 8;
const CONTINUATION: u8 = 9;

const END_STREAM: u8 = 1;
const ACK: u8 = 1;
const END_HEADERS: u8 = 4;
const PADDED: u8 = 8;
const PRIORITISED: u8 = 32;
const WHOLE: u8 = END_STREAM | END_HEADERS;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// `GET http://a/`
const GET: &[u8] = &[0x82, 0x86, 0x84, 0x41, 1, b'a'];
/// `POST http://a/`
const POST: &[u8] = &[0x83, 0x86, 0x84, 0x41, 1, b'a'];

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = payload.len() as u32;
    [&length.to_be_bytes()[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// A header line that enters no table.
fn line(name: &[u8], value: &[u8]) -> Vec<u8> {
    [&[0, name.len() as u8], name, &[value.len() as u8], value].concat()
}

fn get(stream: u32) -> Vec<u8> {
    frame(HEADERS, WHOLE, stream, GET)
}

fn get_with(lines: &[(&str, &str)]) -> Vec<u8> {
    let lines = lines.iter().flat_map(|(name, value)| line(name.as_bytes(), value.as_bytes()));
    frame(HEADERS, WHOLE, 1, &GET.iter().copied().chain(lines).collect::<Vec<_>>())
}

fn post(length: &str, data: &[u8]) -> Vec<u8> {
    let head = [POST, &line(b"content-length", length.as_bytes())].concat();
    [frame(HEADERS, END_HEADERS, 1, &head), frame(DATA, END_STREAM, 1, data)].concat()
}

fn setting(id: u16, value: u32) -> Vec<u8> {
    frame(SETTINGS, 0, 0, &[&id.to_be_bytes()[..], &value.to_be_bytes()].concat())
}

fn window(stream: u32, size: u32) -> Vec<u8> {
    frame(WINDOW_UPDATE, 0, stream, &size.to_be_bytes())
}

fn ping() -> Vec<u8> {
    frame(PING, 0, 0, b"thelast!")
}

/// What the server said, frame by frame, until the answer to [`ping`] or the end.
async fn said(stream: &mut TcpStream) -> Vec<String> {
    let (mut all, mut pings) = (Vec::new(), 0);
    loop {
        let mut head = [0; 9];
        if stream.read_exact(&mut head).await.is_err() {
            all.push("end".to_owned());
            return all;
        }
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let id = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
        let mut payload = vec![0; length as usize];
        stream.read_exact(&mut payload).await.unwrap();
        let number = |at: usize| u32::from_be_bytes(payload[at..at + 4].try_into().unwrap());
        match head[3] {
            // behind changes of the table's size
            HEADERS => all.push(match payload.iter().copied().find(|byte| byte >> 5 != 1).unwrap_or(0) {
                0x88 => format!("200 on {id}"),
                0x8c => format!("400 on {id}"),
                _ => format!("another status on {id}"),
            }),
            RST_STREAM => all.push(format!("reset {} on {id}", number(0))),
            GOAWAY => all.push(format!("goaway {}", number(4))),
            // what it was given before may be answered after the ping, but not after the next one
            PING if payload == b"thelast!" => {
                pings += 1;
                if pings == 2 {
                    return all;
                }
                let _ = stream.write_all(&ping()).await;
            }
            _ => {}
        }
    }
}

async fn dialogue(server: &Running, frames: &[u8]) -> Vec<String> {
    let mut stream = connect(server).await;
    let bytes = [PREFACE, &frame(SETTINGS, 0, 0, &[]), frames, &ping()].concat();
    stream.write_all(&bytes).await.unwrap();
    tokio::time::timeout(std::time::Duration::from_secs(3), said(&mut stream))
        .await
        .unwrap_or_else(|_| vec!["hangs".into()])
}

/// Name, frames behind the preface and the settings, and what may come of it: one of these.
fn cases() -> Vec<(&'static str, Vec<u8>, &'static [&'static str])> {
    const FINE: &[&str] = &["200 on 1"];
    const PROTOCOL: &[&str] = &["goaway 1"];
    // the code says which rule it was; that the connection ends is what counts
    const SIZE: &[&str] = &["goaway 6", "goaway 1"];
    const CODING: &[&str] = &["goaway 9", "goaway 1"];
    const STREAM_PROTOCOL: &[&str] = &["reset 1 on 1", "goaway 1", "400 on 1"];
    vec![
        ("a request", get(1), FINE),
        ("two requests", [get(1), get(3)].concat(), &["200 on 3"]),
        ("numbers may be left out", get(5), &["200 on 5"]),
        ("a body", post("2", b"ab"), FINE),
        (
            "no body, said by an empty frame",
            [frame(HEADERS, END_HEADERS, 1, POST), frame(DATA, END_STREAM, 1, &[])].concat(),
            FINE,
        ),
        ("padding", frame(HEADERS, WHOLE | PADDED, 1, &[&[2], GET, &[0, 0]].concat()), FINE),
        (
            "padded data",
            [frame(HEADERS, END_HEADERS, 1, POST), frame(DATA, END_STREAM | PADDED, 1, &[1, b'a', 0])].concat(),
            FINE,
        ),
        ("a priority inside", frame(HEADERS, WHOLE | PRIORITISED, 1, &[&[0, 0, 0, 0, 15], GET].concat()), FINE),
        ("a priority frame", [frame(PRIORITY, 0, 1, &[0, 0, 0, 0, 1]), get(1)].concat(), FINE),
        (
            "a head in two frames",
            [frame(HEADERS, END_STREAM, 1, &GET[..3]), frame(CONTINUATION, END_HEADERS, 1, &GET[3..])].concat(),
            FINE,
        ),
        ("an unknown frame", [frame(0x42, 0, 0, b"abc"), get(1)].concat(), FINE),
        ("an unknown setting", [setting(0x42, 1), get(1)].concat(), FINE),
        ("an unknown flag", frame(HEADERS, WHOLE | 0x40, 1, GET), FINE),
        ("settings in between", [setting(3, 5), get(1)].concat(), FINE),
        ("a small table", [setting(1, 0), get(1)].concat(), FINE),
        ("a window for the connection", [window(0, 100), get(1)].concat(), FINE),
        (
            "trailers",
            [
                frame(HEADERS, END_HEADERS, 1, POST),
                frame(DATA, 0, 1, b"a"),
                frame(HEADERS, WHOLE, 1, &line(b"x", b"y")),
            ]
            .concat(),
            FINE,
        ),
        ("te: trailers", get_with(&[("te", "trailers")]), FINE),
        ("a host that is the authority", get_with(&[("host", "a")]), FINE),
        ("several cookies", get_with(&[("cookie", "a=b"), ("cookie", "c=d")]), FINE),
        (
            "the reserved bit",
            {
                let mut bytes = get(1);
                bytes[5] |= 0x80;
                bytes
            },
            FINE,
        ),
        (
            "a reset of an open stream",
            [frame(HEADERS, END_HEADERS, 1, POST), frame(RST_STREAM, 0, 1, &[0, 0, 0, 8]), get(3)].concat(),
            &["200 on 3"],
        ),
        ("the acknowledgement of a ping", [frame(PING, ACK, 0, b"12345678"), get(1)].concat(), FINE),
        ("no settings first", Vec::new(), &[]),
        ("stream 0 for a head", frame(HEADERS, WHOLE, 0, GET), PROTOCOL),
        ("stream 0 for data", frame(DATA, 0, 0, b"a"), PROTOCOL),
        ("stream 0 for a priority", frame(PRIORITY, 0, 0, &[0, 0, 0, 0, 1]), PROTOCOL),
        ("stream 0 for a reset", frame(RST_STREAM, 0, 0, &[0; 4]), PROTOCOL),
        ("stream 0 for a continuation", frame(CONTINUATION, END_HEADERS, 0, GET), PROTOCOL),
        ("a stream for settings", frame(SETTINGS, 0, 1, &[]), PROTOCOL),
        ("a stream for a ping", frame(PING, 0, 1, b"12345678"), PROTOCOL),
        ("a stream for goaway", frame(GOAWAY, 0, 1, &[0; 8]), PROTOCOL),
        ("an even stream", get(2), PROTOCOL),
        ("a lower stream", [get(5), get(3)].concat(), &["goaway 1", "goaway 5", "reset 5 on 3"]),
        ("a head for a stream that is over", [get(1), get(1)].concat(), &["goaway 1", "goaway 5", "reset 5 on 1"]),
        (
            "data for a stream that is over",
            [get(1), frame(DATA, END_STREAM, 1, b"a")].concat(),
            &["reset 5 on 1", "goaway 5", "goaway 1"],
        ),
        ("data for a stream that never was", frame(DATA, END_STREAM, 1, b"a"), &["goaway 1", "goaway 5"]),
        ("a reset for a stream that never was", frame(RST_STREAM, 0, 1, &[0, 0, 0, 8]), PROTOCOL),
        ("a window for a stream that never was", window(1, 1), PROTOCOL),
        ("a promise by a client", frame(PUSH_PROMISE, END_HEADERS, 1, &[&[0, 0, 0, 2], GET].concat()), PROTOCOL),
        ("a continuation of nothing", frame(CONTINUATION, END_HEADERS, 1, GET), PROTOCOL),
        ("a head broken off by a ping", [frame(HEADERS, END_STREAM, 1, &GET[..3]), ping()].concat(), PROTOCOL),
        ("a head broken off by another", [frame(HEADERS, END_STREAM, 1, &GET[..3]), get(3)].concat(), PROTOCOL),
        (
            "a continuation of another",
            [frame(HEADERS, END_STREAM, 1, &GET[..3]), frame(CONTINUATION, END_HEADERS, 3, &GET[3..])].concat(),
            PROTOCOL,
        ),
        ("a window of nothing for the connection", window(0, 0), PROTOCOL),
        (
            "a window of nothing for a stream",
            [frame(HEADERS, END_HEADERS, 1, POST), window(1, 0)].concat(),
            &["reset 1 on 1", "goaway 1"],
        ),
        ("a window too large for the connection", window(0, 0x7fff_ffff), &["goaway 3"]),
        (
            "a window too large for a stream",
            [frame(HEADERS, END_HEADERS, 1, POST), window(1, 0x7fff_ffff)].concat(),
            &["reset 3 on 1", "goaway 3"],
        ),
        ("a setting of too large a window", setting(4, 0x8000_0000), &["goaway 3", "goaway 1"]),
        ("a setting of too small a frame", setting(5, 16_383), PROTOCOL),
        ("a setting of too large a frame", setting(5, 16_777_216), PROTOCOL),
        ("a setting of half a push", setting(2, 2), PROTOCOL),
        ("settings of a wrong size", frame(SETTINGS, 0, 0, &[0; 5]), SIZE),
        ("an acknowledgement that says something", frame(SETTINGS, ACK, 0, &[0; 6]), SIZE),
        ("a ping of a wrong size", frame(PING, 0, 0, b"1234567"), SIZE),
        (
            "a reset of a wrong size",
            [frame(HEADERS, END_HEADERS, 1, POST), frame(RST_STREAM, 0, 1, &[0; 3])].concat(),
            SIZE,
        ),
        ("a priority of a wrong size", frame(PRIORITY, 0, 1, &[0; 4]), &["goaway 6", "goaway 1", "reset 6 on 1"]),
        ("a window of a wrong size", frame(WINDOW_UPDATE, 0, 0, &[0; 3]), SIZE),
        ("a frame that is too long", frame(HEADERS, WHOLE, 1, &vec![0; 16_385]), &["goaway 6"]),
        (
            "padding longer than the frame",
            [frame(HEADERS, END_HEADERS, 1, POST), frame(DATA, END_STREAM | PADDED, 1, &[9, b'a'])].concat(),
            PROTOCOL,
        ),
        ("padding longer than the head", frame(HEADERS, WHOLE | PADDED, 1, &[200, 0x82]), PROTOCOL),
        (
            "a stream that depends on itself",
            frame(HEADERS, WHOLE | PRIORITISED, 1, &[&[0, 0, 0, 1, 15], GET].concat()),
            STREAM_PROTOCOL,
        ),
        ("an index that there is not", frame(HEADERS, WHOLE, 1, &[0xff, 0x80, 0x01]), CODING),
        ("index 0", frame(HEADERS, WHOLE, 1, &[0x80]), CODING),
        ("a text that is cut", frame(HEADERS, WHOLE, 1, &[0x41, 5, b'a']), CODING),
        ("a bad code of letters", frame(HEADERS, WHOLE, 1, &[0x41, 0x84, 0xff, 0xff, 0xff, 0xff]), CODING),
        ("a table larger than allowed", frame(HEADERS, WHOLE, 1, &[&[0x3f, 0xe2, 0x1f][..], GET].concat()), CODING),
        ("a name in capitals", get_with(&[("X-A", "b")]), STREAM_PROTOCOL),
        ("connection", get_with(&[("connection", "close")]), STREAM_PROTOCOL),
        ("transfer-encoding", get_with(&[("transfer-encoding", "chunked")]), STREAM_PROTOCOL),
        ("upgrade", get_with(&[("upgrade", "h2c")]), STREAM_PROTOCOL),
        ("keep-alive", get_with(&[("keep-alive", "1")]), STREAM_PROTOCOL),
        ("proxy-connection", get_with(&[("proxy-connection", "close")]), STREAM_PROTOCOL),
        ("te: gzip", get_with(&[("te", "gzip")]), STREAM_PROTOCOL),
        ("a second path", get_with(&[(":path", "/b")]), STREAM_PROTOCOL),
        ("an unknown pseudo-header", get_with(&[(":x", "y")]), STREAM_PROTOCOL),
        ("a status in a request", get_with(&[(":status", "200")]), STREAM_PROTOCOL),
        (
            "a pseudo-header behind a header",
            frame(HEADERS, WHOLE, 1, &[&line(b"x", b"y"), GET].concat()),
            STREAM_PROTOCOL,
        ),
        ("a line break in a value", get_with(&[("x", "a\r\nb: c")]), STREAM_PROTOCOL),
        ("NUL in a value", get_with(&[("x", "a\0b")]), STREAM_PROTOCOL),
        ("a space in a name", get_with(&[("x y", "z")]), STREAM_PROTOCOL),
        ("an empty name", get_with(&[("", "z")]), STREAM_PROTOCOL),
        ("another host than the authority", get_with(&[("host", "b")]), STREAM_PROTOCOL),
        ("two hosts", get_with(&[("host", "a"), ("host", "a")]), STREAM_PROTOCOL),
        ("no method", frame(HEADERS, WHOLE, 1, &GET[1..]), STREAM_PROTOCOL),
        ("no scheme", frame(HEADERS, WHOLE, 1, &[0x82, 0x84, 0x41, 1, b'a']), STREAM_PROTOCOL),
        ("no path", frame(HEADERS, WHOLE, 1, &[0x82, 0x86, 0x41, 1, b'a']), STREAM_PROTOCOL),
        ("an empty path", frame(HEADERS, WHOLE, 1, &[0x82, 0x86, 0x44, 0, 0x41, 1, b'a']), STREAM_PROTOCOL),
        (
            "a method with a space",
            frame(HEADERS, WHOLE, 1, &[&[0x42, 3][..], b"G T", &GET[1..]].concat()),
            STREAM_PROTOCOL,
        ),
        ("a body longer than its length", post("1", b"ab"), STREAM_PROTOCOL),
        ("a body shorter than its length", post("3", b"ab"), STREAM_PROTOCOL),
        ("a length that is none", post("x", b"ab"), STREAM_PROTOCOL),
        (
            "trailers without an end",
            [frame(HEADERS, END_HEADERS, 1, POST), frame(HEADERS, END_HEADERS, 1, &line(b"x", b"y"))].concat(),
            STREAM_PROTOCOL,
        ),
        // the h2 crate leaves it out instead of refusing it
        (
            "a pseudo-header in trailers",
            [frame(HEADERS, END_HEADERS, 1, POST), frame(HEADERS, WHOLE, 1, &line(b":path", b"/"))].concat(),
            FINE,
        ),
    ]
}

fn with_http2() -> Features {
    Features { http2: Some(Http2Settings::default()), ..Features::default() }
}

#[test]
fn frames_are_taken_or_refused_as_the_rules_say() {
    test(async {
        let server = start_with(Limits::default(), with_http2(), echo);
        let mut wrong = Vec::new();
        for (name, frames, wanted) in cases() {
            let said = dialogue(&server, &frames).await;
            let is_right = wanted.is_empty() || said.iter().any(|word| wanted.contains(&word.as_str()));
            if !is_right || said.contains(&"hangs".to_owned()) {
                wrong.push(format!("{name}: {said:?}, not {wanted:?}"));
            }
        }
        assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases().len(), wrong.join("\n"));
        assert!(dialogue(&server, &get(1)).await.contains(&"200 on 1".to_owned()));
    });
}

/// The frames of a flood's turn.
type Next = fn(u32) -> Vec<u8>;

/// Each sends the same frames again and again.
fn floods() -> Vec<(&'static str, Vec<u8>, Next)> {
    let none = Vec::new();
    let open = frame(HEADERS, END_HEADERS, 1, POST);
    vec![
        ("resets", none.clone(), |n| [get(2 * n + 1), frame(RST_STREAM, 0, 2 * n + 1, &[0, 0, 0, 8])].concat()),
        ("continuations", frame(HEADERS, END_STREAM, 1, GET), |_| frame(CONTINUATION, 0, 1, &[])),
        ("long continuations", frame(HEADERS, END_STREAM, 1, GET), |_| {
            frame(CONTINUATION, 0, 1, &line(b"a-name", &[b'x'; 100]).repeat(100))
        }),
        ("pings", none.clone(), |_| frame(PING, 0, 0, b"12345678")),
        ("settings", none.clone(), |_| setting(3, 100)),
        ("empty data", open.clone(), |_| frame(DATA, 0, 1, &[])),
        ("window updates", open, |_| window(1, 1)),
        ("priorities", none.clone(), |n| frame(PRIORITY, 0, 2 * n + 1, &[0, 0, 0, 0, 1])),
        ("heads that unpack to much", none, |n| {
            // one long line enters the table, then is named again and again
            let long = [&[0x40, 1, b'x', 0x7f, 0x81, 0x1e][..], &[b'y'; 4000]].concat();
            frame(HEADERS, WHOLE, 2 * n + 1, &[GET, &long, &[0xbe; 8000]].concat())
        }),
    ]
}

/// Runs one test in a process of its own, where the memory is its own as well. False in that process.
fn runs_alone(name: &str) -> bool {
    if std::env::var_os("STEELWOOL_TEST_ALONE").is_some() {
        return false;
    }
    let name = format!("io::http::tests::frames::{name}");
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    let output = child.args(["--exact", &name]).env("STEELWOOL_TEST_ALONE", "1").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    true
}

#[test]
fn floods_end_with_the_flooder() {
    if runs_alone("floods_end_with_the_flooder") {
        return;
    }
    test(async {
        let server = start_with(Limits::default(), with_http2(), echo);
        for (name, first, next) in floods() {
            let mut flooder = connect(&server).await;
            let opening = [PREFACE, &frame(SETTINGS, 0, 0, &[]), &first].concat();
            flooder.write_all(&opening).await.unwrap();
            let before = resident();
            let mut sent = 0;
            let flood = async {
                let (mut reader, mut writer) = flooder.split();
                let reading = async {
                    let mut buffer = [0; 4096];
                    while reader.read(&mut buffer).await.is_ok_and(|count| count > 0) {}
                };
                let writing = async {
                    for n in 0..200_000 {
                        sent = n;
                        if writer.write_all(&next(n)).await.is_err() {
                            return;
                        }
                    }
                };
                tokio::select! { () = reading => {}, () = writing => {} }
            };
            let ended = tokio::time::timeout(std::time::Duration::from_secs(10), flood).await;
            assert!(ended.is_ok() && sent < 199_999, "{name}: {sent} were taken");
            let grown = resident().saturating_sub(before);
            assert!(grown < 16 << 20, "{name}: {grown} bytes");
            assert!(dialogue(&server, &get(1)).await.contains(&"200 on 1".to_owned()), "{name}");
        }
    });
}

/// Who asks for much and takes nothing is held back, and cut off in the end.
#[test]
fn replies_wait_for_those_who_do_not_take_them() {
    if runs_alone("replies_wait_for_those_who_do_not_take_them") {
        return;
    }
    test(async {
        let limits = Limits { idle: std::time::Duration::from_millis(400), ..Limits::default() };
        let server = start_with(limits, with_http2(), |_, responder| {
            crate::local_task::spawn(Box::pin(async move {
                responder.start(head(200)).unwrap();
                while responder.space().await.is_ok() {
                    if responder.push(Bytes::from(vec![b'x'; 10_000])).is_err() {
                        return;
                    }
                }
            }));
        });
        let before = resident();
        let mut stream = connect(&server).await;
        let requests: Vec<u8> = (0..100).flat_map(|n| get(2 * n + 1)).collect();
        let bytes = [PREFACE, &setting(4, 1), &requests].concat();
        stream.write_all(&bytes).await.unwrap();
        let mut all = Vec::new();
        let closed = tokio::time::timeout(std::time::Duration::from_secs(5), stream.read_to_end(&mut all)).await;
        assert!(closed.is_ok(), "a client that takes nothing is never cut off");
        assert!(resident().saturating_sub(before) < 16 << 20);
    });
}

/// Bytes of memory that this process has touched, without what it can read again from files.
fn resident() -> usize {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: Vec<usize> = text.split_whitespace().map(|number| number.parse().unwrap()).collect();
    (pages[1] - pages[2]) * 4096
}
