use super::*;
use crate::io::framing::{Length, LengthType, Precedence, Settings};
use crate::server::listen::{Kind, ListenPort};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::mpsc;
use std::thread;

/// Answers what comes, and remembers what happened.
#[derive(Default)]
struct Echo {
    hub: RefCell<Option<Hub>>,
    log: RefCell<Vec<String>>,
}

impl Echo {
    fn note(&self, text: String) {
        self.log.borrow_mut().push(text);
    }
}

impl Events for Echo {
    fn connect(&self, origin: Origin) {
        self.note(format!("connect {}", origin.session));
    }

    fn receive(&self, origin: Origin, data: &[u8]) {
        let hub = self.hub.borrow().clone().expect("a hub");
        self.note(format!("receive {}", String::from_utf8_lossy(&data[..data.len().min(20)])));
        match data {
            b"bye" => {
                hub.send(origin.session, b"good bye").expect("sends");
                hub.close(origin.session, false).expect("closes");
                assert_eq!(hub.send(origin.session, b"more"), Err(SendError::NotExist));
            }
            b"much" => {
                hub.send(origin.session, &vec![b'x'; 20 << 20]).expect("sends");
                assert_eq!(hub.send(origin.session, b"more"), Err(SendError::Overflow));
                hub.close(origin.session, false).expect("closes");
                assert_eq!(hub.close(origin.session, false), Err(CloseError::Closed));
            }
            _ => hub.send(origin.session, data).expect("sends"),
        }
    }

    fn message(&self, origin: Origin, message: &Message) {
        let hub = self.hub.borrow().clone().expect("there is one");
        let _ = hub.push(origin.session, message.opcode, message.flags, &message.payload);
    }

    fn broken(&self, _: Origin, failure: &Failure) {
        self.note(failure.to_string());
    }

    fn refused(&self, _: Origin, refusal: Refusal) {
        self.note(format!("refused {refusal}"));
    }

    fn close(&self, origin: Origin, end: End) {
        let hub = self.hub.borrow().clone().expect("a hub");
        assert!(hub.sessions().row(origin.session).is_some(), "it is there while PHP hears of its end");
        self.note(format!("close {} {}", origin.session, end.actively));
    }

    fn buffer_full(&self, _: Origin) {
        self.note("full".to_owned());
    }

    fn buffer_empty(&self, _: Origin) {
        self.note("empty".to_owned());
    }

    fn packet(&self, _: usize, _: Sender, data: &[u8]) {
        self.note(format!("packet {}", String::from_utf8_lossy(data)));
    }

    fn shortage(&self, errno: i32) {
        self.note(format!("shortage {errno}"));
    }

    fn no_tls(&self, _: Option<SocketAddr>, error: &std::io::Error) {
        self.note(format!("no TLS {error}"));
    }

    fn too_many(&self, open: usize) {
        self.note(format!("too many {open}"));
    }
}

/// Serves with these settings while `client` runs on another thread; what happened.
fn serve<T: Send + 'static>(
    settings: PortSettings,
    limit: usize,
    client: impl FnOnce(u16) -> T + Send + 'static,
) -> (T, Vec<String>) {
    let port = ListenPort::bind(Kind::Tcp, "127.0.0.1", 0).expect("binds");
    port.socket().listen(16).expect("listens");
    let events = Rc::new(Echo::default());
    let sessions = Rc::new(Sessions::new(limit).expect("maps"));
    let hub = Hub::new(0, sessions, Rc::clone(&events) as Rc<dyn Events>, true);
    *events.hub.borrow_mut() = Some(hub.clone());
    let (sender, receiver) = mpsc::channel();
    let number = port.port;
    thread::spawn(move || sender.send(client(number)));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let answer = runtime.block_on(async {
        hub.serve_streams(0, port.socket(), Rc::new(settings)).expect("serves");
        for _ in 0..1000 {
            sleep(Duration::from_millis(10)).await;
            if let Ok(answer) = receiver.try_recv() {
                hub.stop_accepting();
                tokio::time::timeout(Duration::from_secs(5), hub.drained()).await.expect("all have ended");
                return answer;
            }
        }
        panic!("the client hangs");
    });
    assert_eq!(hub.sessions().count(), 0);
    let log = events.log.borrow().clone();
    (answer, log)
}

fn connect(port: u16) -> TcpStream {
    let stream = TcpStream::connect(("127.0.0.1", port)).expect("connects");
    stream.set_read_timeout(Some(Duration::from_secs(5))).expect("sets");
    stream
}

fn read_all(mut stream: TcpStream) -> Vec<u8> {
    let mut all = Vec::new();
    stream.read_to_end(&mut all).expect("reads");
    all
}

#[test]
fn answers_and_is_closed_by_either_side() {
    let (answers, log) = serve(PortSettings::default(), 100, |port| {
        let mut first = connect(port);
        first.write_all(b"hello").expect("writes");
        let mut answer = [0; 5];
        first.read_exact(&mut answer).expect("reads");
        drop(first);
        thread::sleep(Duration::from_millis(50));
        let mut second = connect(port);
        second.write_all(b"bye").expect("writes");
        (answer, read_all(second))
    });
    assert_eq!(answers, (*b"hello", b"good bye".to_vec()));
    let expected = ["connect 1", "receive hello", "close 1 false", "connect 2", "receive bye", "close 2 true"];
    assert_eq!(log, expected);
}

#[test]
fn what_was_sent_before_the_end_arrives() {
    let settings = PortSettings { high_watermark: 1 << 20, ..PortSettings::default() };
    let (answer, log) = serve(settings, 100, |port| {
        let mut stream = connect(port);
        stream.write_all(b"much").expect("writes");
        thread::sleep(Duration::from_millis(100));
        read_all(stream)
    });
    assert_eq!(answer.len(), 20 << 20);
    assert_eq!(log, ["connect 1", "receive much", "full", "close 1 true", "empty"]);
}

#[test]
fn packets_are_cut() {
    let length =
        Length { kind: LengthType::from_code(b'N').expect("a code"), offset: 0, body_offset: 4, ..Length::default() };
    let framing = Settings { length_check: true, length, ..Settings::default() }.framing(Precedence::Eof);
    let settings = PortSettings { framing, ..PortSettings::default() };
    let (answer, log) = serve(settings, 100, |port| {
        let mut stream = connect(port);
        for part in [&b"\0\0\0\x02ab\0\0\0\x03c"[..], b"de", b"\xff\xff\xff\xff"] {
            stream.write_all(part).expect("writes");
            thread::sleep(Duration::from_millis(30));
        }
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        answer
    });
    assert_eq!(answer, b"\0\0\0\x02ab\0\0\0\x03cde");
    assert_eq!(log[1..3], ["receive \0\0\0\u{2}ab", "receive \0\0\0\u{3}cde"]);
    assert!(log[3].starts_with("refused"), "{log:?}");
    assert_eq!(log[4..], ["close 1 false"]);
}

#[test]
fn no_more_than_allowed_and_no_silent_ones() {
    let settings = PortSettings { idle: Some(Duration::from_millis(100)), ..PortSettings::default() };
    let (ends, log) = serve(settings, 1, |port| {
        let first = connect(port);
        thread::sleep(Duration::from_millis(30));
        let mut second = connect(port);
        let refused = second.read(&mut [0]).map_or(true, |count| count == 0);
        let mut first = first;
        (refused, first.read(&mut [0]).map_or(true, |count| count == 0))
    });
    assert_eq!(ends, (true, true));
    assert_eq!(log, ["connect 1", "too many 1", "close 1 false"]);
}
