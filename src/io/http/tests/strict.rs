//! What RFC 9110 and RFC 9112 say to refuse is refused, and what they allow is taken.

use super::*;

/// A request that must not reach the handler; the answer is an error and the end of the connection.
const REFUSED: &[(&str, &str)] = &[
    ("no host", "GET / HTTP/1.1\r\n\r\n"),
    ("no host with a body", "POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\na"),
    ("two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
    ("the same host twice", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"),
    ("two hosts in one line", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"),
    ("a host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
    ("a host with a space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
    ("a host with a name in front", "GET / HTTP/1.1\r\nHost: me@a\r\n\r\n"),
    ("a host with a bad port", "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n"),
    (
        "length and coding",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ),
    (
        "coding and length",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
    ),
    ("two lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
    ("the same length twice", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nab"),
    ("two lengths in one line", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2, 3\r\n\r\nab"),
    ("a negative length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n"),
    ("a length with a plus", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\na"),
    ("a length in hexadecimal", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x1\r\n\r\na"),
    ("a length of nothing", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n"),
    ("a length with letters", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1a\r\n\r\na"),
    ("a length with a space inside", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1 1\r\n\r\n"),
    ("a length beyond numbers", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n"),
    ("an unknown coding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n"),
    ("chunked not last", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"),
    ("chunked twice", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
    (
        "chunked in two lines",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ),
    (
        "chunked behind a tab that is no space",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
    ),
    ("almost chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
    ("chunked over 1.0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    ("identity", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n"),
    ("an empty coding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\r\n"),
    ("a chunk of no size", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\r\na\r\n0\r\n\r\n"),
    ("a chunk of a bad size", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
    ("a chunk of a negative size", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n"),
    (
        "a chunk of a size with 0x",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n",
    ),
    (
        "a chunk that is too long",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
    ),
    (
        "a chunk without its line break",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab0\r\n\r\n",
    ),
    (
        "a chunk of a size beyond numbers",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
    ),
    ("a size that ends with LF", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\na\r\n0\r\n\r\n"),
    ("a chunk that ends with LF", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\n0\r\n\r\n"),
    ("LF in an extension", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;a\nb\r\na\r\n0\r\n\r\n"),
    ("lines that end with LF", "GET / HTTP/1.1\nHost: a\n\n"),
    ("one line that ends with LF", "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n"),
    ("a request line that ends with LF", "GET / HTTP/1.1\nHost: a\r\n\r\n"),
    ("a head that ends with LF", "GET / HTTP/1.1\r\nHost: a\r\n\n"),
    ("CR in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n"),
    ("CR in a name", "GET / HTTP/1.1\r\nHost: a\r\nX\rY: b\r\n\r\n"),
    ("CR in the request line", "GET /\r HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("lines that end with CR", "GET / HTTP/1.1\rHost: a\r\r"),
    ("a folded line", "GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n"),
    ("a line folded with a tab", "GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n\tb\r\n\r\n"),
    ("a space in front of the first line", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
    ("a space in front of a colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n"),
    ("a space in a name", "GET / HTTP/1.1\r\nHost: a\r\nX Y: b\r\n\r\n"),
    ("no name", "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n"),
    ("no colon", "GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n"),
    ("a name with a bracket", "GET / HTTP/1.1\r\nHost: a\r\nX(: b\r\n\r\n"),
    ("a name beyond ASCII", "GET / HTTP/1.1\r\nHost: a\r\n\u{fc}: b\r\n\r\n"),
    ("NUL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n"),
    ("a bell in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: a\x07b\r\n\r\n"),
    ("DEL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: a\x7fb\r\n\r\n"),
    ("NUL in a name", "GET / HTTP/1.1\r\nHost: a\r\nX\0: b\r\n\r\n"),
    ("NUL in the target", "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("a control character in the target", "GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("a tab in the request line", "GET\t/\tHTTP/1.1\r\nHost: a\r\n\r\n"),
    ("two spaces behind the method", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("two spaces behind the target", "GET /  HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("a space in front", " GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("a space behind the version", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"),
    ("no version", "GET /\r\nHost: a\r\n\r\n"),
    ("no target", "GET HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("an empty request line", " \r\n\r\n"),
    ("a method with a bracket", "GE(T / HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("a method of a colon", ": / HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("version 7.3", "GET / HTTP/7.3\r\nHost: a\r\n\r\n"),
    ("version 2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
    ("version 1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n"),
    ("version 0.9", "GET / HTTP/0.9\r\nHost: a\r\n\r\n"),
    ("version 1", "GET / HTTP/1\r\nHost: a\r\n\r\n"),
    ("version 1.10", "GET / HTTP/1.10\r\nHost: a\r\n\r\n"),
    ("a version in small letters", "GET / http/1.1\r\nHost: a\r\n\r\n"),
    ("a version without its slash", "GET / HTTP1.1\r\nHost: a\r\n\r\n"),
    ("a target that is no path", "GET index.html HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("a fragment in front of the path", "GET #a HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("CONNECT with a path", "CONNECT /a HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("rubbish", "rubbish\r\n\r\n"),
    ("TLS", "\x16\x03\x01\x02\0\x01\0\r\n\r\n"),
];

/// A request that reaches the handler, and what the handler sees.
const TAKEN: &[(&str, &str, &str)] = &[
    ("the plainest", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / "),
    ("1.0 without a host", "GET / HTTP/1.0\r\n\r\n", "GET / "),
    ("1.0 with a body", "POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\nab", "POST / ab"),
    ("an empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", "GET / "),
    ("a host with a port", "GET / HTTP/1.1\r\nHost: a.example:80\r\n\r\n", "GET / "),
    ("a host that is an address", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", "GET / "),
    ("a line break in front", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / "),
    ("two line breaks in front", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / "),
    ("a chunk", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n", "POST / ab"),
    (
        "a coding in capitals",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: CHUNKED\r\n\r\n2\r\nab\r\n0\r\n\r\n",
        "POST / ab",
    ),
    (
        "zeros in front of a size",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0002\r\nab\r\n000\r\n\r\n",
        "POST / ab",
    ),
    (
        "a size in capitals",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nA\r\n0123456789\r\n0\r\n\r\n",
        "POST / 0123456789",
    ),
    (
        "an extension",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\nab\r\n0\r\n\r\n",
        "POST / ab",
    ),
    (
        "an extension in quotes",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2;a=\"b c\"\r\nab\r\n0;d\r\n\r\n",
        "POST / ab",
    ),
    (
        "a trailer",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nX-Sum: 1\r\n\r\n",
        "POST / ab",
    ),
    (
        "two trailers",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX: 1\r\nY: 2\r\n\r\n",
        "POST / a",
    ),
    ("no chunk at all", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "POST / "),
    ("a body of nothing", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", "POST / "),
    ("zeros in front of a length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 02\r\n\r\nab", "POST / ab"),
    ("a body for GET", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab", "GET / ab"),
    ("a method of one's own", "PURGE /a HTTP/1.1\r\nHost: a\r\n\r\n", "PURGE /a "),
    ("a method in small letters", "get /a HTTP/1.1\r\nHost: a\r\n\r\n", "get /a "),
    ("every server", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS * "),
    ("a whole address", "GET http://a/b?c HTTP/1.1\r\nHost: a\r\n\r\n", "GET http://a/b?c "),
    ("a query", "GET /a?b=c&d[]=e HTTP/1.1\r\nHost: a\r\n\r\n", "GET /a?b=c&d[]=e "),
    ("an empty value", "GET / HTTP/1.1\r\nHost: a\r\nX:\r\n\r\n", "GET / "),
    ("a value without a space in front", "GET / HTTP/1.1\r\nHost:a\r\nX:b\r\n\r\n", "GET / "),
    ("a value with spaces around", "GET / HTTP/1.1\r\nHost: \t a \t \r\n\r\n", "GET / "),
    ("a tab in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: a\tb\r\n\r\n", "GET / "),
    ("a value beyond ASCII", "GET / HTTP/1.1\r\nHost: a\r\nX: \u{fc}\r\n\r\n", "GET / "),
    ("a name of every sign", "GET / HTTP/1.1\r\nHost: a\r\n!#$%&'*+-.^_`|~09aZ: b\r\n\r\n", "GET / "),
    (
        "an upgrade that nobody wants",
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x/1\r\n\r\n",
        "GET / ",
    ),
];

#[test]
fn what_is_against_the_rules_is_refused() {
    test(async {
        let calls = Rc::new(Cell::new(0));
        let count = Rc::clone(&calls);
        let server = start(Limits::default(), move |request, responder| {
            count.set(count.get() + 1);
            echo(request, responder);
        });
        let mut wrong = Vec::new();
        for (name, request) in REFUSED {
            let exchange = exchange(&server, request.as_bytes());
            let reply = tokio::time::timeout(std::time::Duration::from_secs(3), exchange).await;
            let reply = reply.unwrap_or_else(|_| "hangs".to_owned());
            let answers = reply.matches("HTTP/1.1 ").count();
            if !reply.starts_with("HTTP/1.1 400 ") || answers != 1 || calls.replace(0) != 0 {
                wrong.push(format!("{name}: {reply:?}"));
            }
        }
        assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), REFUSED.len(), wrong.join("\n"));
    });
}

#[test]
fn what_is_within_the_rules_is_taken() {
    test(async {
        let server = start(Limits::default(), echo);
        let mut wrong = Vec::new();
        for (name, request, seen) in TAKEN {
            // another one behind it shows that it ends where it should
            let both = format!("{request}GET /after HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            let first_only = request.contains("HTTP/1.0");
            let sent = if first_only { request } else { both.as_str() };
            let exchange = exchange(&server, sent.as_bytes());
            let reply = tokio::time::timeout(std::time::Duration::from_secs(3), exchange).await;
            let reply = reply.unwrap_or_else(|_| "hangs".to_owned());
            let is_right = match reply.split_once("GET /after ") {
                Some((first, "")) if !first_only => first.contains(&format!("\r\n\r\n{seen}HTTP/1.1 200 OK")),
                None if first_only => reply.ends_with(&format!("\r\n\r\n{seen}")),
                _ => false,
            };
            if !is_right {
                wrong.push(format!("{name}: {reply:?}"));
            }
        }
        assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), TAKEN.len(), wrong.join("\n"));
    });
}
