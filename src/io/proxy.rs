//! Proxies: what a client and a proxy say to each other before the connection is through to its target.
//!
//! Only bytes: whoever has the socket sends [`Handshake::take_output`], shows what came to [`Handshake::receive`] and takes as much of it off the
//! socket as that says. What comes behind belongs to the target, which may speak first.

use std::fmt;

/// The longest answer of an HTTP proxy.
const MOST_ANSWER: usize = 64 * 1024;

/// The longest user name, and password, for a SOCKS5 proxy; Swoole's limit (the protocol's is 255).
const MOST_CREDENTIAL: usize = 250;

/// The longest name of a host in SOCKS5.
const MOST_HOST: usize = 255;

const SOCKS_VERSION: u8 = 5;
const NO_AUTHENTICATION: u8 = 0;
const PASSWORD: u8 = 2;
const PASSWORD_VERSION: u8 = 1;
const CONNECT: u8 = 1;
const HOST_NAME: u8 = 3;

/// How a proxy is spoken to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// SOCKS5 (RFC 1928); the proxy looks the target's name up.
    Socks5,
    /// `CONNECT` of HTTP.
    Http,
}

/// A proxy and who we are to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proxy {
    /// How it is spoken to.
    pub kind: Kind,
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// User name and password.
    pub credentials: Option<(Vec<u8>, Vec<u8>)>,
}

impl Proxy {
    /// A proxy; credentials count only when neither is empty.
    ///
    /// # Errors
    /// They are too long for SOCKS5.
    pub fn new(kind: Kind, host: String, port: u16, user: &[u8], password: &[u8]) -> Result<Self, ProxyError> {
        if kind == Kind::Socks5 && user.len().max(password.len()) > MOST_CREDENTIAL {
            return Err(ProxyError::CredentialsTooLong);
        }
        let known = !user.is_empty() && !password.is_empty();
        Ok(Self { kind, host, port, credentials: known.then(|| (user.to_vec(), password.to_vec())) })
    }

    /// `Basic ...`, for the header `Proxy-Authorization` of an HTTP proxy.
    pub fn authorization(&self) -> Option<String> {
        let (user, password) = self.credentials.as_ref()?;
        Some(format!("Basic {}", base64(&[user, b":".as_slice(), password].concat())))
    }
}

/// Why there is no way through the proxy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ProxyError {
    /// User name or password are too long for SOCKS5.
    CredentialsTooLong,
    /// The target's name is too long, empty, or has characters that no name has.
    BadTarget,
    /// It speaks another version of SOCKS.
    Version,
    /// It wants another way of authentication.
    Method,
    /// It knows no such user and password.
    Authentication,
    /// It could not connect, for this reason (RFC 1928, section 6).
    Refused(u8),
    /// It answered no HTTP, or too much.
    BadAnswer,
    /// It answered with this status.
    Status(u16),
}

impl fmt::Display for ProxyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CredentialsTooLong => {
                write!(f, "SOCKS5 username or password is too long, max length is {MOST_CREDENTIAL} bytes")
            }
            Self::BadTarget => write!(f, "the target's host cannot be given to a proxy"),
            Self::Version => f.write_str("SOCKS version is not supported"),
            Self::Method => f.write_str("SOCKS authentication method is not supported"),
            Self::Authentication => f.write_str("SOCKS username/password authentication failed"),
            Self::Refused(reason) => write!(f, "Socks5 server error, reason :{}", reason_text(*reason)),
            Self::BadAnswer => f.write_str("wrong http_proxy response received"),
            Self::Status(status) => write!(f, "the HTTP proxy answered with status {status}"),
        }
    }
}

impl std::error::Error for ProxyError {}

fn reason_text(reason: u8) -> &'static str {
    match reason {
        1 => "General failure",
        2 => "Connection not allowed by ruleset",
        3 => "Network unreachable",
        4 => "Host unreachable",
        5 => "Connection refused by destination host",
        6 => "TTL expired",
        7 => "command not supported / protocol error",
        8 => "address type not supported",
        _ => "Unknown error",
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// What authentication it wants.
    Method,
    /// Whether the password is right.
    Password,
    /// Whether it has connected.
    Connected,
    /// The head of an HTTP answer.
    Http,
    Ready,
}

/// A conversation with a proxy.
#[derive(Debug)]
pub struct Handshake {
    state: State,
    /// To be sent.
    output: Vec<u8>,
    /// An answer that is not whole.
    input: Vec<u8>,
    /// User name and password in SOCKS5's form.
    password: Option<Vec<u8>>,
    /// SOCKS5's request to connect.
    request: Vec<u8>,
}

impl Handshake {
    /// Begins to ask `proxy` for a connection to `host`; HTTP's header `Host` names `shown`.
    ///
    /// # Errors
    /// The names cannot be sent.
    pub fn new(proxy: &Proxy, host: &str, port: u16, shown: &str) -> Result<Self, ProxyError> {
        match proxy.kind {
            Kind::Socks5 => Self::socks5(proxy, host, port),
            Kind::Http => Self::http(proxy, host, port, shown),
        }
    }

    fn socks5(proxy: &Proxy, host: &str, port: u16) -> Result<Self, ProxyError> {
        let length = u8::try_from(host.len()).map_err(|_| ProxyError::BadTarget)?;
        if length == 0 || host.len() > MOST_HOST {
            return Err(ProxyError::BadTarget);
        }
        let method = if proxy.credentials.is_some() { PASSWORD } else { NO_AUTHENTICATION };
        let mut request = vec![SOCKS_VERSION, CONNECT, 0, HOST_NAME, length];
        request.extend_from_slice(host.as_bytes());
        request.extend_from_slice(&port.to_be_bytes());
        let password = proxy.credentials.as_ref().map(|(user, password)| {
            // `Proxy::new` has checked the lengths.
            let parts = [&[PASSWORD_VERSION, user.len() as u8], user.as_slice(), &[password.len() as u8], password];
            parts.concat()
        });
        let output = vec![SOCKS_VERSION, 1, method];
        Ok(Self { state: State::Method, output, input: Vec::new(), password, request })
    }

    fn http(proxy: &Proxy, host: &str, port: u16, shown: &str) -> Result<Self, ProxyError> {
        let unfit = |name: &str| name.is_empty() || name.bytes().any(|byte| byte <= b' ' || byte == 0x7f);
        if unfit(host) || unfit(shown) {
            return Err(ProxyError::BadTarget);
        }
        let (host, shown) = (bracketed(host), bracketed(shown));
        let mut head = format!(
            "CONNECT {host}:{port} HTTP/1.1\r\nHost: {shown}:{port}\r\nUser-Agent: Swoole/6.2.2\r\nProxy-Connection: \
             Keep-Alive\r\n"
        );
        if let Some(words) = proxy.authorization() {
            head += &format!("Proxy-Authorization: {words}\r\n");
        }
        head += "\r\n";
        let output = head.into_bytes();
        Ok(Self { state: State::Http, output, input: Vec::new(), password: None, request: Vec::new() })
    }

    /// What has to be sent now; empty when it is the proxy's turn.
    pub fn take_output(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.output)
    }

    /// Whether the connection is through.
    pub fn ready(&self) -> bool {
        self.state == State::Ready
    }

    /// Looks at bytes that came, and says how many of them are the proxy's.
    ///
    /// # Errors
    /// There is no way through.
    pub fn receive(&mut self, mut bytes: &[u8]) -> Result<usize, ProxyError> {
        let whole = bytes.len();
        while !bytes.is_empty() && self.state != State::Ready {
            let wanted = self.wanted(bytes);
            let (taken, rest) = bytes.split_at(wanted.min(bytes.len()));
            self.input.extend_from_slice(taken);
            bytes = rest;
            self.advance()?;
        }
        Ok(whole - bytes.len())
    }

    /// How many more bytes the proxy's answer has, as far as that is known.
    fn wanted(&self, bytes: &[u8]) -> usize {
        let known = match self.state {
            State::Method | State::Password => 2,
            // Version, reply, reserved, kind of address, and the address's first byte.
            State::Connected if self.input.len() < 5 => 5,
            State::Connected => self.length_of_reply(),
            State::Http => return self.rest_of_head(bytes),
            State::Ready => 0,
        };
        known - self.input.len()
    }

    fn length_of_reply(&self) -> usize {
        const BEHIND: usize = 2;
        match self.input[3] {
            HOST_NAME => 5 + usize::from(self.input[4]) + BEHIND,
            4 => 4 + 16 + BEHIND,
            _ => 4 + 4 + BEHIND,
        }
    }

    /// How many of `bytes` belong to the head of which `input` is the beginning.
    fn rest_of_head(&self, bytes: &[u8]) -> usize {
        let kept = self.input.len().min(3);
        let seam = [&self.input[self.input.len() - kept..], bytes].concat();
        let end = seam.windows(4).position(|window| window == b"\r\n\r\n");
        end.map_or(bytes.len(), |end| end + 4 - kept)
    }

    /// Acts on the answer, if it is whole.
    fn advance(&mut self) -> Result<(), ProxyError> {
        let input = &self.input;
        let next = match self.state {
            State::Method if input.len() == 2 => {
                if input[0] != SOCKS_VERSION {
                    return Err(ProxyError::Version);
                }
                match (&self.password, input[1]) {
                    (Some(password), PASSWORD) => {
                        self.output.clone_from(password);
                        State::Password
                    }
                    (None, NO_AUTHENTICATION) => {
                        self.output = std::mem::take(&mut self.request);
                        State::Connected
                    }
                    _ => return Err(ProxyError::Method),
                }
            }
            State::Password if input.len() == 2 => {
                if input[0] != PASSWORD_VERSION {
                    return Err(ProxyError::Version);
                }
                if input[1] != 0 {
                    return Err(ProxyError::Authentication);
                }
                self.output = std::mem::take(&mut self.request);
                State::Connected
            }
            State::Connected if input.len() >= 2 && (input[0] != SOCKS_VERSION || input[1] != 0) => {
                // A refusal may be shorter than an answer should be.
                return Err(if input[0] == SOCKS_VERSION {
                    ProxyError::Refused(input[1])
                } else {
                    ProxyError::Version
                });
            }
            State::Connected if input.len() >= 5 && input.len() == self.length_of_reply() => State::Ready,
            State::Http if input.ends_with(b"\r\n\r\n") => match status(input) {
                Some(200..=299) => State::Ready,
                Some(status) => return Err(ProxyError::Status(status)),
                None => return Err(ProxyError::BadAnswer),
            },
            State::Http if input.len() > MOST_ANSWER || !begins_like_http(input) => return Err(ProxyError::BadAnswer),
            _ => return Ok(()),
        };
        self.state = next;
        self.input.clear();
        Ok(())
    }
}

/// An IPv6 address as it stands before a port.
fn bracketed(host: &str) -> String {
    if host.contains(':') && !host.starts_with('[') { format!("[{host}]") } else { host.to_owned() }
}

fn begins_like_http(head: &[u8]) -> bool {
    head.iter().zip(b"HTTP/1.").all(|(given, wanted)| given.eq_ignore_ascii_case(wanted))
}

/// The status in the first line of an answer.
fn status(head: &[u8]) -> Option<u16> {
    if !begins_like_http(head) {
        return None;
    }
    let line = head.split(|byte| *byte == b'\r').next()?;
    let mut words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let number = std::str::from_utf8(words.nth(1)?).ok()?;
    if number.len() == 3 { number.parse().ok() } else { None }
}

/// Bytes in base64.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let number = group.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            let digit = DIGITS[(number >> (18 - 6 * place)) as usize & 63];
            text.push(if place <= group.len() { char::from(digit) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn socks(user: &str, password: &str) -> Proxy {
        Proxy::new(Kind::Socks5, "p".into(), 1080, user.as_bytes(), password.as_bytes()).unwrap()
    }

    fn http(user: &str, password: &str) -> Proxy {
        Proxy::new(Kind::Http, "p".into(), 8080, user.as_bytes(), password.as_bytes()).unwrap()
    }

    /// Feeds `bytes` in pieces of `size`; what is the target's is returned.
    fn feed(handshake: &mut Handshake, bytes: &[u8], size: usize) -> Result<Vec<u8>, ProxyError> {
        let mut rest = Vec::new();
        for piece in bytes.chunks(size) {
            let taken = handshake.receive(piece)?;
            rest.extend_from_slice(&piece[taken..]);
        }
        Ok(rest)
    }

    #[test]
    fn socks_without_a_password_in_pieces_of_any_size() {
        for size in 1..20 {
            let mut handshake = Handshake::new(&socks("", "x"), "example.org", 443, "").unwrap();
            assert_eq!(handshake.take_output(), [5, 1, 0]);
            assert!(feed(&mut handshake, &[5, 0], size).unwrap().is_empty());
            assert_eq!(handshake.take_output(), b"\x05\x01\x00\x03\x0bexample.org\x01\xbb");
            let rest = feed(&mut handshake, b"\x05\0\0\x01\x7f\0\0\x01\0\x50hello", size).unwrap();
            assert!(handshake.ready());
            assert_eq!(rest, b"hello");
        }
    }

    #[test]
    fn socks_with_a_password() {
        let mut handshake = Handshake::new(&socks("me", "secret"), "h", 1, "").unwrap();
        assert_eq!(handshake.take_output(), [5, 1, 2]);
        assert_eq!(handshake.receive(&[5, 2]), Ok(2));
        assert_eq!(handshake.take_output(), b"\x01\x02me\x06secret");
        assert_eq!(handshake.receive(&[1, 0]), Ok(2));
        assert_eq!(handshake.take_output(), b"\x05\x01\x00\x03\x01h\x00\x01");
        let reply = [&[5, 0, 0, 3, 4][..], b"name", &[0, 80], b"T"].concat();
        assert_eq!(handshake.receive(&reply), Ok(reply.len() - 1));
        assert!(handshake.ready());
        assert_eq!(handshake.receive(b"more"), Ok(0));
    }

    #[test]
    fn socks_with_an_ipv6_reply() {
        let mut handshake = Handshake::new(&socks("", ""), "h", 1, "").unwrap();
        handshake.receive(&[5, 0]).unwrap();
        let reply = [&[5, 0, 0, 4][..], &[0; 18]].concat();
        assert_eq!(handshake.receive(&reply), Ok(22));
        assert!(handshake.ready());
    }

    #[test]
    fn socks_refuses() {
        let begin = |user| Handshake::new(&socks(user, "p"), "h", 1, "").unwrap();
        assert_eq!(begin("").receive(&[4, 0]), Err(ProxyError::Version));
        assert_eq!(begin("").receive(&[5, 2]), Err(ProxyError::Method));
        assert_eq!(begin("u").receive(&[5, 0]), Err(ProxyError::Method));
        assert_eq!(begin("u").receive(&[5, 0xff]), Err(ProxyError::Method));
        assert_eq!(begin("u").receive(&[5, 2, 1, 1]), Err(ProxyError::Authentication));
        assert_eq!(begin("u").receive(&[5, 2, 5, 0]), Err(ProxyError::Version));
        assert_eq!(begin("").receive(&[5, 0, 5, 5, 0, 1, 0]), Err(ProxyError::Refused(5)));
        let long = "x".repeat(251);
        let refused = Proxy::new(Kind::Socks5, "p".into(), 1, long.as_bytes(), b"");
        assert_eq!(refused, Err(ProxyError::CredentialsTooLong));
        assert!(Handshake::new(&socks("", ""), &"x".repeat(256), 1, "").is_err());
        assert!(Handshake::new(&socks("", ""), "", 1, "").is_err());
    }

    #[test]
    fn http_in_pieces_of_any_size() {
        for size in 1..60 {
            let mut handshake = Handshake::new(&http("user", "pass"), "example.org", 443, "shown").unwrap();
            let request = String::from_utf8(handshake.take_output()).unwrap();
            assert!(request.starts_with("CONNECT example.org:443 HTTP/1.1\r\nHost: shown:443\r\n"), "{request}");
            assert!(request.ends_with("Proxy-Authorization: Basic dXNlcjpwYXNz\r\n\r\n"), "{request}");
            let answer = b"HTTP/1.1 200 OK\r\nVia: x\r\n\r\n220 ready";
            assert_eq!(feed(&mut handshake, answer, size).unwrap(), b"220 ready");
            assert!(handshake.ready());
        }
    }

    #[test]
    fn http_refuses() {
        let begin = || Handshake::new(&http("", ""), "::1", 80, "::1").unwrap();
        let request = String::from_utf8(begin().take_output()).unwrap();
        assert!(request.starts_with("CONNECT [::1]:80 ") && !request.contains("Authorization"), "{request}");
        assert_eq!(begin().receive(b"HTTP/1.1 407 No\r\n\r\n"), Err(ProxyError::Status(407)));
        assert_eq!(begin().receive(b"HTTP/1.1\r\n\r\n"), Err(ProxyError::BadAnswer));
        assert_eq!(begin().receive(b"HTTP/1.1 20000 x\r\n\r\n"), Err(ProxyError::BadAnswer));
        assert_eq!(begin().receive(b"SSH-2.0"), Err(ProxyError::BadAnswer));
        let mut endless = begin();
        let mut outcome = endless.receive(b"HTTP/1.1 200 OK\r\n");
        for _ in 0..MOST_ANSWER {
            outcome = outcome.and_then(|_| endless.receive(b"x: y\r\n"));
        }
        assert_eq!(outcome, Err(ProxyError::BadAnswer));
        for host in ["", "a b", "a\r\nX: y", "a\0b"] {
            assert_eq!(Handshake::new(&http("", ""), host, 80, "x").err(), Some(ProxyError::BadTarget));
            assert_eq!(Handshake::new(&http("", ""), "x", 80, host).err(), Some(ProxyError::BadTarget));
        }
    }

    #[test]
    fn base64_of_every_length() {
        for (plain, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }
}
