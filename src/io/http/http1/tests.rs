//! However the bytes of requests are cut, the answers are the same.

use super::reader::{MOST_LINES, Not, Start, read};
use crate::io::http::fields::Line;
use crate::io::http::tests::{echo, undated};
use crate::io::http::{Features, Limits, Server, tests};
use proptest::prelude::*;
use std::collections::BTreeSet;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Parts of requests, right and wrong; joined they make pipelines of all kinds.
const PARTS: &[&str] = &[
    "GET /a HTTP/1.1\r\nHost: a\r\n\r\n",
    "HEAD /b?c HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n",
    "POST /d HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
    "POST /e HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0a\r\n0123456789\r\n0\r\nX: y\r\n\r\n",
    "PUT /f HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n",
    "GET /g HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    "\r\n",
    "GET /h HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "POST /i HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
    "POST /j HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\n",
    "GET /k HTTP/1.1\nHost: a\r\n\r\n",
    "GET /l HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
    "x",
];

/// What the server says to these bytes when they come in these pieces, and then no more.
fn answers(bytes: &[u8], cuts: &BTreeSet<usize>) -> String {
    let all = std::cell::RefCell::new(Vec::new());
    tests::test(async {
        let limits = Limits { body: 100, ..Limits::default() };
        let server = Server::new(limits, Features::default(), tests::App(echo));
        let (stream, client) = tokio::net::UnixStream::pair().expect("a pair");
        server.serve_unix(stream, 1, Box::new(()));
        let (mut reading, mut writing) = client.into_split();
        let read = tokio::task::spawn_local(async move {
            let mut all = Vec::new();
            let _ = reading.read_to_end(&mut all).await;
            all
        });
        let mut from = 0;
        for cut in cuts.iter().copied().chain([bytes.len()]) {
            // the server may have ended it
            let _ = writing.write_all(&bytes[from..cut]).await;
            from = cut;
            // so often that the runtime looks for what has come
            for _ in 0..70 {
                tokio::task::yield_now().await;
            }
        }
        drop(writing);
        *all.borrow_mut() = read.await.expect("a reader");
    });
    undated(&String::from_utf8_lossy(&all.borrow()))
}

fn cut(bytes: &[u8], places: &[usize]) -> BTreeSet<usize> {
    places.iter().map(|place| place % (bytes.len() + 1)).collect()
}

fn parsed(bytes: &[u8]) -> (Result<Start, Not>, Vec<Line>) {
    let mut lines = Vec::new();
    (read(bytes, 300, &mut lines), lines)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn answers_do_not_depend_on_cuts(
        parts in prop::collection::vec(prop::sample::select(PARTS), 1..5),
        places in prop::collection::vec(any::<usize>(), 1..12),
    ) {
        let bytes = parts.concat().into_bytes();
        prop_assert_eq!(answers(&bytes, &cut(&bytes, &places)), answers(&bytes, &BTreeSet::new()));
    }
}

proptest! {
    #[test]
    fn a_head_is_what_it_was_when_more_comes(
        parts in prop::collection::vec(prop::sample::select(&[
            "GET", " ", "/", "a", "HTTP/1.1", "HTTP/1.0", "\r\n", "\r", "\n", ":", "Host: a", "Content-Length: 3",
            "Transfer-Encoding: chunked", "\0", "\u{fc}", "PRI * HTTP/2.0", "\t", "GET / HTTP/1.1\r\nHost: a\r\n",
        ][..]), 0..12),
    ) {
        let bytes = parts.concat().into_bytes();
        let (whole, lines) = parsed(&bytes);
        prop_assert!(lines.len() <= MOST_LINES);
        for length in 0..bytes.len() {
            match parsed(&bytes[..length]) {
                (Err(Not::Yet), _) => {}
                (Ok(start), before) => prop_assert_eq!((&Ok(start), &before), (&whole, &lines)),
                (wrong, _) => prop_assert_eq!(&wrong, &whole),
            }
        }
    }

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let (result, _) = parsed(&bytes);
        prop_assert!(result.is_err() || bytes.windows(4).any(|end| end == b"\r\n\r\n"));
    }
}
