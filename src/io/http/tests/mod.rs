//! A real server on port 0, raw bytes in, exact replies out.

mod frames;
mod strict;

use super::*;
use ::http::{HeaderName, HeaderValue, StatusCode};
use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::LocalSet;

type Answer = Responder<Bytes>;

pub(super) struct App<F>(pub(super) F);

impl<F: Fn(Request, Answer) + 'static> Handler for App<F> {
    type Data = Bytes;

    fn call(&self, request: Request, responder: Answer) {
        (self.0)(request, responder);
    }
}

fn head(status: u16) -> Head {
    let mut head = Head::new(StatusCode::from_u16(status).unwrap());
    head.append(HeaderName::from_static("server"), HeaderValue::from_static("test"));
    head
}

/// Answers with what it was asked.
pub(super) fn echo(request: Request, responder: Answer) {
    let text = format!("{} {} {}", request.method, request.uri, String::from_utf8_lossy(&request.body));
    responder.reply(head(200), Some(Bytes::from(text))).unwrap();
}

struct Running {
    address: SocketAddr,
    /// Dropping it stops the server.
    stop: oneshot::Sender<()>,
    ended: tokio::task::JoinHandle<()>,
}

fn start(limits: Limits, app: impl Fn(Request, Answer) + 'static) -> Running {
    start_with(limits, Features::default(), app)
}

fn start_with(limits: Limits, features: Features, app: impl Fn(Request, Answer) + 'static) -> Running {
    let listener = bind("127.0.0.1", 0, false, 128).unwrap();
    let address = listener.address().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let ended = tokio::task::spawn_local(async move {
        let server = Server::new(limits, features, App(app));
        tokio::select! {
            failed = server.accept(listener) => panic!("{failed:?}"),
            _ = stopped => {}
        }
        server.close();
        server.drained().await;
    });
    Running { address, stop, ended }
}

pub(super) fn test(body: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(LocalSet::new().run_until(body));
}

async fn connect(server: &Running) -> TcpStream {
    TcpStream::connect(server.address).await.unwrap()
}

/// Everything until the server closes, its dates removed.
async fn rest(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    let _ = stream.read_to_end(&mut all).await;
    undated(&String::from_utf8_lossy(&all))
}

/// Exactly one reply with a known length.
async fn one(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&all).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")).unwrap_or("0");
            if body.len() >= length.parse::<usize>().unwrap() {
                return undated(&text);
            }
        }
        let byte = stream.read_u8().await.unwrap();
        all.push(byte);
    }
}

pub(super) fn undated(text: &str) -> String {
    text.split_inclusive("\r\n").filter(|line| !line.starts_with("Date: ")).collect()
}

async fn exchange(server: &Running, bytes: &[u8]) -> String {
    let mut stream = connect(server).await;
    stream.write_all(bytes).await.unwrap();
    rest(&mut stream).await
}

const REFUSED: &str = "Connection: close\r\nContent-Length: 0\r\n\r\n";

#[test]
fn keep_alive_serves_many_requests_on_one_connection() {
    test(async {
        let server = start(Limits::default(), echo);
        let mut stream = connect(&server).await;
        for path in ["/a", "/b?c=d"] {
            stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes()).await.unwrap();
            let body = format!("GET {path} ");
            let length = body.len();
            let expected = format!(
                "HTTP/1.1 200 OK\r\nServer: test\r\nConnection: keep-alive\r\nContent-Length: {length}\r\n\r\n{body}"
            );
            assert_eq!(one(&mut stream).await, expected);
        }
    });
}

#[test]
fn close_ends_the_connection() {
    test(async {
        let server = start(Limits::default(), echo);
        let reply = exchange(&server, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
        assert_eq!(reply, "HTTP/1.1 200 OK\r\nServer: test\r\nConnection: close\r\nContent-Length: 6\r\n\r\nGET / ");
        let reply = exchange(&server, b"GET / HTTP/1.0\r\n\r\n").await;
        assert_eq!(reply, "HTTP/1.0 200 OK\r\nServer: test\r\nConnection: close\r\nContent-Length: 6\r\n\r\nGET / ");
    });
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    test(async {
        let server = start(Limits::default(), echo);
        let reply = exchange(
            &server,
            b"GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\nGET /3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        )
        .await;
        let places: Vec<_> = ["GET /1 ", "GET /2 ", "GET /3 "].iter().map(|body| reply.find(body).unwrap()).collect();
        assert!(places.is_sorted());
    });
}

#[test]
fn a_hundred_requests_at_once() {
    test(async {
        let server = start(Limits::default(), echo);
        let many = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n".repeat(100);
        let reply = exchange(&server, format!("{many}GET /last HTTP/1.0\r\n\r\n").as_bytes()).await;
        assert_eq!(reply.matches("GET /a ").count(), 100);
        assert!(reply.ends_with("GET /last "));
    });
}

#[test]
fn head_has_the_length_and_no_body() {
    test(async {
        let server = start(Limits::default(), echo);
        let reply = exchange(&server, b"HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
        assert_eq!(reply, "HTTP/1.1 200 OK\r\nServer: test\r\nConnection: close\r\nContent-Length: 7\r\n\r\n");
    });
}

#[test]
fn framing_is_not_the_handlers_business() {
    test(async {
        let server = start(Limits::default(), |request, responder| {
            let mut head = head(200);
            let length = if request.uri.path() == "/less" { "3" } else { "99" };
            head.append(HeaderName::from_static("content-length"), HeaderValue::from_static(length));
            head.append(HeaderName::from_static("transfer-encoding"), HeaderValue::from_static("gzip"));
            let body = (request.uri.path() != "/").then(|| Bytes::from_static(b"hello"));
            responder.reply(head, body).unwrap();
        });
        let reply = async |line: &str| {
            exchange(&server, format!("{line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes()).await
        };
        let expected = |length: &str| {
            format!("HTTP/1.1 200 OK\r\nServer: test\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n")
        };
        assert_eq!(reply("GET /less").await, expected("3") + "hel");
        assert_eq!(reply("GET /body").await, expected("5") + "hello");
        assert!(reply("GET /").await.contains("Content-Length: 0\r\n"));
        assert_eq!(reply("HEAD /body").await, expected("5"));
        assert!(reply("HEAD /").await.contains("Content-Length: 99\r\n"));
    });
}

#[test]
fn bodies_arrive_whole() {
    test(async {
        let server = start(Limits::default(), echo);
        let request = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello";
        assert!(exchange(&server, request).await.ends_with("\r\n\r\nPOST / hello"));
        let request = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n\
            3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\n\r\n";
        assert!(exchange(&server, request).await.ends_with("\r\n\r\nPOST / abcdefg"));
        let mut stream = connect(&server).await;
        let head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\nConnection: close\r\n\r\n";
        stream.write_all(head.as_bytes()).await.unwrap();
        for _ in 0..100 {
            stream.write_all(&[b'x'; 1000]).await.unwrap();
        }
        assert_eq!(rest(&mut stream).await.split_once("\r\n\r\nPOST / ").unwrap().1.len(), 100_000);
    });
}

#[test]
fn a_body_that_is_no_body_is_refused() {
    test(async {
        let server = start(Limits::default(), echo);
        for chunks in ["zz\r\n", "3\r\nabcd\r\n", "ffffffffffffffffff\r\n"] {
            let head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
            let reply = exchange(&server, format!("{head}{chunks}").as_bytes()).await;
            assert!(
                reply.starts_with("HTTP/1.1 400 Bad Request\r\n") && reply.ends_with(REFUSED),
                "{chunks:?}: {reply}"
            );
        }
    });
}

#[test]
fn expect_continue_is_answered_before_the_body() {
    test(async {
        let server = start(Limits::default(), echo);
        let mut stream = connect(&server).await;
        let head =
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n";
        stream.write_all(head.as_bytes()).await.unwrap();
        assert_eq!(one(&mut stream).await, "HTTP/1.1 100 Continue\r\n\r\n");
        stream.write_all(b"ok").await.unwrap();
        assert!(rest(&mut stream).await.ends_with("POST / ok"));
    });
}

#[test]
fn a_body_beyond_the_limit_is_refused_unread() {
    test(async {
        let server = start(Limits { body: 1000, ..Limits::default() }, echo);
        let expected = format!("HTTP/1.1 413 Payload Too Large\r\n{REFUSED}");
        let declared = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n";
        assert_eq!(exchange(&server, declared).await, expected);
        let mut chunked = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
        for _ in 0..20 {
            chunked.extend_from_slice(b"64\r\n");
            chunked.extend_from_slice(&[b'x'; 100]);
            chunked.extend_from_slice(b"\r\n");
        }
        assert_eq!(exchange(&server, &chunked).await, expected);
    });
}

#[test]
fn the_refused_client_gets_to_read_the_answer_while_it_sends() {
    test(async {
        let server = start(Limits { body: 1000, ..Limits::default() }, echo);
        let mut stream = connect(&server).await;
        stream.write_all(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000\r\n\r\n").await.unwrap();
        stream.write_all(&vec![b'x'; 4_000_000]).await.unwrap();
        assert!(rest(&mut stream).await.starts_with("HTTP/1.1 413 "));
    });
}

#[test]
fn oversized_heads_are_refused() {
    test(async {
        let server = start(Limits { head: 8192, ..Limits::default() }, echo);
        let long = "y".repeat(20_000);
        let reply = exchange(&server, format!("GET / HTTP/1.1\r\nHost: x\r\nX-Long: {long}\r\n\r\n").as_bytes()).await;
        assert_eq!(reply, format!("HTTP/1.1 431 Request Header Fields Too Large\r\n{REFUSED}"));
        let many = "X: y\r\n".repeat(200);
        let reply = exchange(&server, format!("GET / HTTP/1.1\r\nHost: x\r\n{many}\r\n").as_bytes()).await;
        assert!(reply.starts_with("HTTP/1.1 431 "));
    });
}

#[test]
fn malformed_requests_are_refused() {
    test(async {
        let called = Rc::new(Cell::new(0));
        let count = Rc::clone(&called);
        let server = start(Limits::default(), move |request, responder| {
            count.set(count.get() + 1);
            echo(request, responder);
        });
        let expected = format!("HTTP/1.1 400 Bad Request\r\n{REFUSED}");
        for bad in [
            "GET / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
            "rubbish\r\n\r\n",
            "GET /\x01 HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET / HTTP/9.9\r\nHost: x\r\n\r\n",
            "GET / HTTP/1.1\r\nHost x\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: nonsense\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n",
        ] {
            assert_eq!(exchange(&server, bad.as_bytes()).await, expected, "{bad}");
        }
        assert_eq!(called.get(), 0);
    });
}

#[test]
fn a_reply_may_come_later() {
    test(async {
        let server = start(Limits::default(), |request, responder| {
            crate::local_task::spawn(Box::pin(async move {
                tokio::task::yield_now().await;
                echo(request, responder);
            }));
        });
        let reply = exchange(&server, b"GET /late HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
        assert!(reply.ends_with("GET /late "));
    });
}

#[test]
fn a_dropped_responder_answers_500() {
    test(async {
        let server = start(Limits::default(), |_, responder| drop(responder));
        let reply = exchange(&server, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
        assert_eq!(reply, format!("HTTP/1.1 500 Internal Server Error\r\n{REFUSED}"));
    });
}

#[test]
fn a_client_that_leaves_closes_its_responder_only() {
    test(async {
        let kept: Rc<RefCell<Vec<Answer>>> = Rc::default();
        let keep = Rc::clone(&kept);
        let server = start(Limits::default(), move |_, responder| keep.borrow_mut().push(responder));
        let mut stream = connect(&server).await;
        stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        while kept.borrow().is_empty() {
            tokio::task::yield_now().await;
        }
        assert!(!kept.borrow()[0].is_closed());
        drop(stream);
        while !kept.borrow()[0].is_closed() {
            tokio::task::yield_now().await;
        }
        assert_eq!(kept.borrow()[0].reply(head(200), None), Err(Closed));
        assert!(exchange_is_possible(&server, &kept).await);
    });
}

async fn exchange_is_possible(server: &Running, kept: &RefCell<Vec<Answer>>) -> bool {
    let mut stream = connect(server).await;
    stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    while kept.borrow().len() < 2 {
        tokio::task::yield_now().await;
    }
    kept.borrow()[1].reply(head(204), None).unwrap();
    one(&mut stream).await == "HTTP/1.1 204 No Content\r\nServer: test\r\nConnection: keep-alive\r\n\r\n"
}

#[test]
fn an_incomplete_body_reaches_no_handler() {
    test(async {
        let called = Rc::new(Cell::new(false));
        let flag = Rc::clone(&called);
        let server = start(Limits::default(), move |request, responder| {
            flag.set(request.method == Method::POST);
            echo(request, responder);
        });
        let mut stream = connect(&server).await;
        stream.write_all(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc").await.unwrap();
        drop(stream);
        exchange(&server, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
        assert!(!called.get());
    });
}

#[test]
fn a_stream_goes_out_in_chunks() {
    test(async {
        let server = start(Limits::default(), |_, responder| {
            responder.start(head(200)).unwrap();
            responder.push(Bytes::from_static(b"one")).unwrap();
            responder.push(Bytes::from_static(b"three")).unwrap();
            responder.finish().unwrap();
            assert_eq!(responder.push(Bytes::from_static(b"more")), Err(Closed));
        });
        let reply = exchange(&server, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
        assert_eq!(
            reply,
            "HTTP/1.1 200 OK\r\nServer: test\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n\
             3\r\none\r\n5\r\nthree\r\n0\r\n\r\n"
        );
    });
}

#[test]
fn a_stream_cut_short_has_no_end() {
    test(async {
        let server = start(Limits::default(), |_, responder| {
            responder.start(head(200)).unwrap();
            responder.push(Bytes::from_static(b"one")).unwrap();
        });
        let reply = exchange(&server, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
        assert!(!reply.ends_with("0\r\n\r\n"), "{reply}");
    });
}

#[test]
fn a_slow_reader_stops_the_writer() {
    const PIECES: usize = 2000;
    const PIECE: usize = 10_000;
    test(async {
        let sent = Rc::new(Cell::new(0));
        let count = Rc::clone(&sent);
        let server = start(Limits::default(), move |_, responder| {
            let count = Rc::clone(&count);
            crate::local_task::spawn(Box::pin(async move {
                responder.start(head(200)).unwrap();
                for _ in 0..PIECES {
                    responder.space().await.unwrap();
                    responder.push(Bytes::from(vec![b'x'; PIECE])).unwrap();
                    count.set(count.get() + 1);
                }
                responder.finish().unwrap();
            }));
        });
        let mut stream = connect(&server).await;
        stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
        let mut before = usize::MAX;
        while before != sent.get() {
            before = sent.get();
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        assert!(before > 0 && before < PIECES, "the writer ran ahead of its reader: {before} pieces");
        let body = rest(&mut stream).await;
        assert_eq!(body.matches('x').count(), PIECES * PIECE);
        assert_eq!(sent.get(), PIECES);
    });
}

#[test]
fn a_writer_learns_that_its_reader_is_gone() {
    test(async {
        let failed = Rc::new(Cell::new(false));
        let flag = Rc::clone(&failed);
        let server = start(Limits::default(), move |_, responder| {
            let flag = Rc::clone(&flag);
            crate::local_task::spawn(Box::pin(async move {
                responder.start(head(200)).unwrap();
                while responder.space().await.is_ok() {
                    let _ = responder.push(Bytes::from(vec![b'x'; 10_000]));
                }
                flag.set(responder.is_closed());
            }));
        });
        let mut stream = connect(&server).await;
        stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        stream.read_u8().await.unwrap();
        drop(stream);
        while !failed.get() {
            tokio::task::yield_now().await;
        }
    });
}

#[test]
fn a_request_that_comes_as_its_connection_falls_asleep_is_kept() {
    test(async {
        let kept: Rc<RefCell<Vec<Answer>>> = Rc::default();
        let keep = Rc::clone(&kept);
        let server = Server::new(
            Limits::default(),
            Features::default(),
            App(move |_, responder| keep.borrow_mut().push(responder)),
        );
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (stream, remote) = listener.accept().await.unwrap();
        client.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
        stream.readable().await.unwrap();
        let link = server.serve_tcp(stream, remote, 1, Box::new(()));
        // the sweep finds it idle before its task has read what came
        link.visit(&Limits::default(), Duration::from_secs(1));
        while kept.borrow().is_empty() {
            tokio::task::yield_now().await;
        }
        let replied = kept.borrow()[0].reply(head(200), Some(Bytes::from_static(b"done")));
        assert_eq!(replied, Ok(()));
        assert!(rest(&mut client).await.ends_with("\r\n\r\ndone"));
    });
}

#[test]
fn shutdown_finishes_what_is_in_flight() {
    test(async {
        let kept: Rc<RefCell<Vec<Answer>>> = Rc::default();
        let keep = Rc::clone(&kept);
        let server = start(Limits::default(), move |_, responder| keep.borrow_mut().push(responder));
        let mut idle = connect(&server).await;
        let mut busy = connect(&server).await;
        busy.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        while kept.borrow().is_empty() {
            tokio::task::yield_now().await;
        }
        server.stop.send(()).unwrap();
        assert_eq!(rest(&mut idle).await, "");
        assert!(!server.ended.is_finished());
        kept.borrow()[0].reply(head(200), Some(Bytes::from_static(b"done"))).unwrap();
        let reply = rest(&mut busy).await;
        assert_eq!(reply, "HTTP/1.1 200 OK\r\nServer: test\r\nConnection: close\r\nContent-Length: 4\r\n\r\ndone");
        server.ended.await.unwrap();
        assert!(TcpStream::connect(server.address).await.is_err());
    });
}

#[test]
fn silent_connections_are_closed() {
    test(async {
        let limits = Limits { idle: std::time::Duration::from_millis(80), ..Limits::default() };
        let server = start(limits, echo);
        assert_eq!(exchange(&server, b"").await, "");
        assert_eq!(exchange(&server, b"GET / HTTP/1.1\r\nHo").await, "");
        let reply = exchange(&server, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab").await;
        assert_eq!(reply, "");
    });
}

#[test]
fn listeners_bind_in_every_family() {
    test(async {
        assert_ne!(bind("127.0.0.1", 0, false, 16).unwrap().port(), 0);
        assert_ne!(bind("::1", 0, false, 16).unwrap().port(), 0);
        let first = bind("127.0.0.1", 0, true, 16).unwrap();
        assert!(bind("127.0.0.1", first.port(), false, 16).is_err());
        assert_eq!(bind("name.invalid", 0, false, 16).unwrap_err().kind(), std::io::ErrorKind::InvalidInput);
        assert_eq!(bind("127.0.0.1", first.port(), true, 16).unwrap().port(), first.port());
        let path = std::env::temp_dir().join(format!("steelwool-http-{}.sock", std::process::id()));
        let host = format!("unix:{}", path.display());
        drop(bind(&host, 0, false, 16).unwrap());
        let listener = bind(&host, 0, false, 16).unwrap();
        assert_eq!(listener.port(), 0);
        assert!(bind(&host, 0, false, 16).is_err(), "a live socket file is not taken over");
        tokio::task::spawn_local(async move {
            Server::new(Limits::default(), Features::default(), App(echo)).accept(listener).await
        });
        let mut stream = tokio::net::UnixStream::connect(&path).await.unwrap();
        stream.write_all(b"GET /u HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
        let mut all = String::new();
        stream.read_to_string(&mut all).await.unwrap();
        assert!(all.ends_with("GET /u "));
        std::fs::remove_file(path).unwrap();
    });
}

#[test]
fn an_upgrade_hands_the_socket_over_with_what_came_behind_the_request() {
    test(async {
        let server = start(Limits::default(), |request, responder| {
            if !request.fields.contains("upgrade") {
                return echo(request, responder);
            }
            let mut head = head(101);
            head.append(HeaderName::from_static("upgrade"), HeaderValue::from_static("shout"));
            head.append(HeaderName::from_static("connection"), HeaderValue::from_static("Upgrade"));
            let upgrade = responder.upgrade(head).unwrap();
            crate::local_task::spawn(async move {
                let Upgraded { mut socket, early } = upgrade.await.unwrap();
                let mut said = early.to_vec();
                while said.len() < 10 {
                    said.push(socket.read_u8().await.unwrap());
                }
                socket.write_all(&said.to_ascii_uppercase()).await.unwrap();
            });
        });
        let mut stream = connect(&server).await;
        let request = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: shout\r\n\r\nearly";
        stream.write_all(request).await.unwrap();
        let reply = one(&mut stream).await;
        assert_eq!(
            reply,
            "HTTP/1.1 101 Switching Protocols\r\nServer: test\r\nUpgrade: shout\r\nConnection: Upgrade\r\n\r\n"
        );
        stream.write_all(b"-late").await.unwrap();
        assert_eq!(rest(&mut stream).await, "EARLY-LATE");
    });
}
