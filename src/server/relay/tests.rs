use super::*;
use crate::io::http::{
    Carried, Carrier, Closed, Features, Fields, Head, Limits, Link, Next, OpenFile, Part, Request, Responder, Wants,
};
use crate::local_task;
use crate::server::bus::{Bus, Frame, Seat};
use crate::server::endpoint::{Death, Heir};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Version};
use std::future::poll_fn;
use std::io::Write;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

/// Both ends of an exchange.
fn pair(is_head: bool, link: Rc<Link>) -> (Responder<Bytes>, Carrier<Bytes>) {
    let wants = Wants { version: Version::HTTP_11, keep_alive: true, is_head, fields: &Fields::default() };
    Carrier::pair(&Limits::default(), &Features::default(), wants, link)
}

/// One process that is master and worker at the same time: its frames come back to itself.
fn relay(
    method: Method,
    body: &'static [u8],
    handler: impl AsyncFn(Request, Responder<Bytes>) + 'static,
) -> Result<(Head, Vec<u8>, Option<HeaderMap>), Closed> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async move {
        let bus = Rc::new(Bus::new(1).expect("a bus"));
        bus.claim(0);
        let asking = Asking::<Bytes>::new(Rc::clone(&bus), 100);
        let answering = Answering::new(Rc::clone(&bus), 100, Limits::default(), Vec::new());
        let handler = Rc::new(handler);
        {
            let (bus, asking, answering) = (Rc::clone(&bus), Rc::clone(&asking), Rc::clone(&answering));
            local_task::spawn(async move {
                poll_fn(|cx| {
                    let _ = bus.poll_flush(cx);
                    let handle = |frame: Frame<'_>| {
                        if frame.kind >= 103 {
                            return asking.receive(frame);
                        }
                        let Some(arrived) = answering.receive(frame) else { return };
                        let handler = Rc::clone(&handler);
                        local_task::spawn(async move { handler(arrived.request, arrived.responder).await });
                        answering.carry(arrived.ticket).goes_on();
                    };
                    if bus.poll_receive(cx, 64, handle).expect("receives").is_pending() {
                        cx.waker().wake_by_ref();
                    }
                    Poll::<()>::Pending
                })
                .await
            });
        }
        let link = Rc::new(Link::elsewhere(Some("1.2.3.4:5".parse().expect("an address")), None, 77, 0));
        let is_head = method == Method::HEAD;
        let (responder, carrier) = pair(is_head, Rc::clone(&link));
        let fields = [("X-In", "1")].into_iter().collect();
        let (uri, body) = ("/a?b".parse().expect("a target"), Bytes::from_static(body));
        let version = Version::HTTP_11;
        asking.ask(
            0,
            3,
            1.5,
            Request { method, uri, version, fields, body, uploads: None, link, stream_id: 0 },
            responder,
        );
        let reply = async {
            let mut body = Vec::new();
            let mut take = |part: Part<Bytes>| match part {
                Part::Data(bytes) | Part::Bytes(bytes) => body.extend_from_slice(&bytes),
                Part::File(mut range) => {
                    while !range.is_empty() {
                        body.extend(range.read(1000).expect("reads"));
                    }
                }
            };
            match poll_fn(|cx| carrier.poll_reply(cx)).await {
                Carried::Whole(head, parts) => {
                    parts.into_iter().for_each(take);
                    Ok((head, body, None))
                }
                Carried::Released => panic!("the handler still has it"),
                Carried::Started(head) => loop {
                    match poll_fn(|cx| carrier.poll_next(cx)).await? {
                        Next::Part(part) => take(part),
                        Next::End(trailers) => return Ok((head, body, trailers)),
                    }
                },
            }
        };
        let reply = tokio::time::timeout(Duration::from_secs(10), reply).await.expect("in time");
        assert_eq!((asking.count(), answering.count()), (0, 0));
        reply
    })
}

#[test]
fn a_whole_reply() {
    let (head, body, _) = relay(Method::POST, b"in", async |request, responder| {
        assert_eq!((request.method.as_str(), request.uri.to_string().as_str()), ("POST", "/a?b"));
        assert_eq!((&request.body[..], request.link.session.get()), (&b"in"[..], 77));
        assert_eq!(request.fields.get("x-in"), Some(&b"1"[..]));
        let mut head = Head::new(StatusCode::CREATED);
        head.append(http::header::LOCATION, HeaderValue::from_static("/x"));
        responder.reply(head, Some(Bytes::from_static(b"out"))).expect("replies");
    })
    .expect("a reply");
    assert_eq!((head.status(), &body[..]), (StatusCode::CREATED, &b"out"[..]));
    assert_eq!(head.lines().map(|(name, _)| name).collect::<Vec<_>>(), [b"Location"]);
}

#[test]
fn long_pieces_and_trailers() {
    let (_, body, trailers) = relay(Method::GET, b"", async |_, responder| {
        responder.start(Head::new(StatusCode::OK)).expect("starts");
        for number in 0..40_u8 {
            responder.space().await.expect("the client is there");
            responder.push(Bytes::from(vec![number; 50_000])).expect("pushes");
        }
        let mut trailers = HeaderMap::new();
        trailers.append("grpc-status", HeaderValue::from_static("0"));
        responder.finish_with(Some(trailers)).expect("ends");
    })
    .expect("a reply");
    assert_eq!(body.len(), 40 * 50_000);
    assert!(body.chunks(50_000).enumerate().all(|(number, chunk)| chunk.iter().all(|byte| *byte == number as u8)));
    assert_eq!(trailers.expect("trailers")["grpc-status"], "0");
}

#[test]
fn a_long_reply_comes_in_pieces_and_says_how_long_it_is() {
    let (head, body, trailers) = relay(Method::GET, b"", async |_, responder| {
        let body: Vec<u8> = (0..5_000_003_u32).map(|at| (at / 7) as u8).collect();
        responder.reply(Head::new(StatusCode::ACCEPTED), Some(Bytes::from(body))).expect("replies");
    })
    .expect("a reply");
    assert_eq!((head.status(), body.len(), trailers), (StatusCode::ACCEPTED, 5_000_003, None));
    assert!(body.iter().enumerate().all(|(at, byte)| *byte == (at / 7) as u8));
}

#[test]
fn files_and_bytes() {
    let path = std::env::temp_dir().join(format!("steelwool-relay-{}", std::process::id()));
    std::fs::File::create(&path).expect("creates").write_all(b"0123456789").expect("writes");
    let file = OpenFile::open(&path).expect("opens");
    let gone = {
        let other = path.with_extension("gone");
        std::fs::write(&other, b"gone").expect("writes");
        let file = OpenFile::open(&other).expect("opens");
        std::fs::remove_file(other).expect("removes");
        file
    };
    let (_, body, _) = relay(Method::GET, b"", async move |_, responder| {
        let parts = [Part::Bytes(Bytes::from_static(b"<")), Part::File(file.range(2, 3)), Part::File(gone.range(0, 4))];
        responder.reply_parts(Head::new(StatusCode::OK), parts).expect("replies");
    })
    .expect("a reply");
    std::fs::remove_file(path).expect("removes");
    assert_eq!(body, b"<234gone");
}

#[test]
fn a_handler_that_gives_up() {
    let (head, ..) = relay(Method::GET, b"", async |_, _| {}).expect("a reply");
    assert_eq!(head.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let cut = relay(Method::GET, b"", async |_, responder| {
        responder.start(Head::new(StatusCode::OK)).expect("starts");
        responder.push(Bytes::from_static(b"half")).expect("pushes");
    });
    assert_eq!(cut.map(|_| ()), Err(Closed));
}

fn status_of(carrier: &Carrier<Bytes>) -> Option<StatusCode> {
    match carrier.poll_reply(&mut std::task::Context::from_waker(std::task::Waker::noop())) {
        Poll::Ready(Carried::Whole(head, _)) => Some(head.status()),
        Poll::Ready(other) => panic!("{other:?}"),
        Poll::Pending => None,
    }
}

#[test]
fn others_answer_what_a_handler_has_left() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let _entered = runtime.enter();
    let bus = Rc::new(Bus::new(1).expect("a bus"));
    bus.claim(0);
    let asking = Asking::<Bytes>::new(Rc::clone(&bus), 100);
    let link = Rc::new(Link::elsewhere(None, None, 7, 0));
    let (responder, carrier) = pair(false, link);
    responder.release();
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(matches!(carrier.poll_reply(&mut context), Poll::Ready(Carried::Released)));

    let link = Rc::new(Link::elsewhere(None, None, 7, 0));
    let (responder, carrier) = pair(false, link);
    let claim = Claim::new();
    let say = |(kind, head): (u8, Vec<u8>), payload: &[u8]| {
        let payload = [std::io::IoSlice::new(payload)];
        bus.send(0, 100 + kind, &head, &payload).expect("sends");
    };
    say(claim.claim(7), &[]);
    say(claim.reply(&Head::new(StatusCode::CREATED)), b"by another");
    let responder = std::cell::Cell::new(Some(responder));
    let mut told = Vec::new();
    while told.len() < 2 {
        bus.receive(2, |frame| {
            let what = Told::read(100, &frame);
            told.push(what);
            match what {
                Told::Claimed { id, .. } => asking.adopt(&frame, id, responder.take()),
                _ => asking.receive(frame),
            }
        });
    }
    assert_eq!(told, [Told::Claimed { id: claim.id(), session: 7 }, Told::Asking]);
    match carrier.poll_reply(&mut context) {
        Poll::Ready(Carried::Whole(head, parts)) => {
            assert_eq!((head.status(), parts.len()), (StatusCode::CREATED, 1));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(asking.count(), 0);
}

#[test]
fn a_worker_that_dies() {
    let bus = Rc::new(Bus::new(2).expect("a bus"));
    bus.claim(0);
    let asking = Asking::<Bytes>::new(Rc::clone(&bus), 100);
    let ask = || {
        let link = Rc::new(Link::elsewhere(None, None, 1, 0));
        let (responder, carrier) = pair(false, Rc::clone(&link));
        let (method, uri, body) = (Method::GET, "/".parse().expect("a target"), Bytes::new());
        let (version, fields) = (Version::HTTP_11, Fields::default());
        let request = Request { method, uri, version, fields, body, uploads: None, link, stream_id: 0 };
        asking.ask(1, 0, 0.0, request, responder);
        carrier
    };
    let carriers: Vec<_> = (0..3).map(|_| ask()).collect();
    let bad_gateway = Some(StatusCode::BAD_GATEWAY);
    let death =
        |turn, mark, heir| Death { index: 1, seat: Seat { address: 2 + (turn as usize & 1), turn }, mark, heir };
    asking.died(death(2, 9, Heir::Nobody), &[]);
    assert_eq!(asking.count(), 3);
    // It had begun the first one; the second is not among those that its successor has found.
    asking.died(death(0, 1, Heir::Successor), &[]);
    assert_eq!(status_of(&carriers[0]), bad_gateway);
    assert_eq!((status_of(&carriers[1]), status_of(&carriers[2])), (None, None));
    let found = 3_u64.to_ne_bytes();
    asking.receive(Frame {
        kind: 100 + kind::FOUND,
        from: 1,
        back: 2,
        head: &[3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        payload: &found,
    });
    assert_eq!((status_of(&carriers[1]), status_of(&carriers[2])), (bad_gateway, None));
    // It is passed on, and whoever gets it dies at once, again and again.
    asking.died(death(0, 9, Heir::Other), &found);
    for _ in 0..2 {
        assert_eq!(asking.count(), 1);
        asking.died(death(1, 0, Heir::Successor), &[]);
    }
    assert_eq!((asking.count(), status_of(&carriers[2])), (0, bad_gateway));
    let last = ask();
    asking.died(death(0, 0, Heir::Other), &found);
    assert_eq!(status_of(&last), bad_gateway);
    assert_eq!((request(kind::REQUEST, &found), request(kind::MORE, &found)), (Some(3), None));
}

#[test]
fn a_death_travels() {
    for heir in [Heir::Nobody, Heir::Successor, Heir::Other] {
        let death = Death { index: 3, seat: Seat { address: 7, turn: 9 }, mark: u64::MAX, heir };
        assert_eq!(Death::parse(&death.to_bytes()), Some(death));
    }
    assert_eq!(Death::parse(b"short"), None);
}
