//! What holds for our parsers whatever they read.
//!
//! Each test takes 256 inputs; `PROPTEST_CASES=10000000 cargo test --release --no-default-features properties` takes as many as there is
//! time for.

use super::multipart::{self, Event};
use super::range::{self, Ranges};
use super::static_files::StaticFiles;
use super::{Coding, Parser, cookies};
use http::HeaderValue;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Bytes put together from pieces that mean something to a parser, and a few that mean nothing.
fn text(pieces: &'static [&'static str], most: usize) -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        8 => select(pieces).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..4),
    ];
    vec(piece, 0..most).prop_map(|pieces| pieces.concat())
}

const FORM: &[&str] = &[
    "\r\n",
    "\r\n--XX",
    "--XX",
    "--",
    "-",
    "\r",
    "\n",
    "\r\n\r\n",
    "\r\n--XX\r\nContent-Disposition: form-data; name=a\r\n\r\n",
    "Content-Disposition: form-data",
    "; name=\"b\"",
    "; filename=\"c\\\"",
    "; filename=d",
    "Content-Type: x/y",
    "XX",
    " ",
    "data",
    "\"",
];

/// The parts of a body, in one shape.
type Shown = Vec<(Vec<u8>, Option<Vec<u8>>, Option<Vec<u8>>, Vec<u8>)>;

fn whole(body: &[u8]) -> Shown {
    let owned = |part: multipart::Part<'_>| {
        let filename = part.filename.map(std::borrow::Cow::into_owned);
        (part.name.into_owned(), filename, part.content_type.map(<[u8]>::to_vec), part.data.to_vec())
    };
    multipart::parts(body, b"XX").into_iter().map(owned).collect()
}

fn in_pieces(body: &[u8], step: usize) -> Shown {
    let mut reader = multipart::Reader::new(b"XX");
    let (mut shown, mut open) = (Shown::new(), None);
    for piece in body.chunks(step) {
        let fed: Result<(), ()> = reader.feed(piece, |event| {
            match event {
                Event::Begin(head) => open = Some((head.name, head.filename, head.content_type, Vec::new())),
                Event::Data(data) => open.as_mut().unwrap().3.extend_from_slice(data),
                Event::End => shown.push(open.take().unwrap()),
            }
            Ok(())
        });
        fed.unwrap();
    }
    shown
}

const REQUEST: &[&str] = &[
    "GET / HTTP/1.1\r\n",
    "POST /a?b=c HTTP/1.0\r\n",
    "\r\n",
    "\n",
    "\r\n\r\n",
    "Content-Length: ",
    "7",
    "0",
    "1f",
    "Host: x\r\n",
    "Transfer-Encoding: chunked\r\n\r\n",
    "Content-Length: 5\r\n\r\n",
    ";x=y",
    "3\r\nabc\r\n",
    "0\r\n\r\n",
    "0\r\nT: x\r\n",
    " ",
    "data",
];

/// How far a request was read, its body, and whether it is complete; `None` for what is no request.
fn fed(bytes: &[u8], step: usize) -> Option<(usize, Vec<u8>, bool)> {
    let mut parser = Parser::default();
    let mut taken = 0;
    for piece in bytes.chunks(step) {
        let (count, _) = parser.feed(piece).ok()?;
        assert!(count <= piece.len());
        taken += count;
        if parser.is_complete() {
            break;
        }
        assert_eq!(count, piece.len());
    }
    assert_eq!(parser.raw(), &bytes[..taken]);
    Some((taken, parser.body().to_vec(), parser.is_complete()))
}

/// Findings are printed, and become tests by hand.
fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn forms_are_read_alike_in_pieces_of_any_size(body in text(FORM, 30), step in 1_usize..40) {
        prop_assert_eq!(in_pieces(&body, step), whole(&body));
    }

    #[test]
    fn boundaries_come_out_of_their_header(kind in text(FORM, 6)) {
        let kind = [b"multipart/form-data; ".to_vec(), kind].concat();
        prop_assert!(multipart::boundary(&kind).is_none_or(|boundary| !boundary.is_empty() && boundary.len() < kind.len()));
    }

    #[test]
    fn cookies_have_names(line in text(&["a", "=", ";", " ", "\t", "b=c", "; ", "\"", "%41"], 20)) {
        for (name, value) in cookies::pairs(&line) {
            prop_assert!(!name.is_empty() && !name.contains(&b'=') && !name.contains(&b';') && !value.contains(&b';'));
        }
    }

    #[test]
    fn ranges_lie_inside(list in text(&["0", "1", "9", "42", "-", ",", " ", "-5", "18446744073709551615"], 20), size: u64) {
        for size in [size, size % 100] {
            if let Ranges::Parts(parts) = range::parse(&[b"bytes=".to_vec(), list.clone()].concat(), size) {
                prop_assert!(!parts.is_empty());
                let mut total = 0_u64;
                for (offset, length) in parts {
                    prop_assert!(length > 0 && offset.checked_add(length).is_some_and(|end| end <= size));
                    total += length;
                }
                prop_assert!(total <= size);
            }
        }
    }

    #[test]
    fn requests_are_read_alike_in_pieces_of_any_size(bytes in text(REQUEST, 20), step in 1_usize..40) {
        prop_assert_eq!(fed(&bytes, step), fed(&bytes, usize::MAX));
    }

    #[test]
    fn codings_are_among_those_named(line in text(&["br", "gzip", "deflate", ",", ";", "q=0", "q=1", " ", "*"], 12)) {
        let Ok(value) = HeaderValue::from_bytes(&line) else { return Ok(()) };
        if let Some(coding) = Coding::accepted(&[("accept-encoding", value.as_bytes())].into_iter().collect()) {
            prop_assert!(String::from_utf8_lossy(&line).contains(coding.name()));
        }
    }

    #[test]
    fn static_paths_stay_below_the_root(path in text(&["/", "..", ".", "%2e", "%2E%2e", "%2f", "%00", "tmp", "src", "\\", "%", "%5c", "+"], 12)) {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src").canonicalize().unwrap();
        let files = StaticFiles { root: root.clone(), ..StaticFiles::default() };
        if let Some(file) = files.resolve(&String::from_utf8_lossy(&path)) {
            let real = file.canonicalize();
            prop_assert!(file.starts_with(&root) && real.is_ok_and(|real| real.starts_with(&root)) || !file.exists(), "{:?}", file);
        }
    }
}
