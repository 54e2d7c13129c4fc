//! What both sides say before the first frame (RFC 6455, 4).

use super::extension::{Compression, Terms};
use http::{HeaderMap, HeaderName, Method, Version, header};
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// Bytes of a key, in base64.
const KEY_LENGTH: usize = 24;

/// Why a request does not open a WebSocket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is no opening handshake: 400.
    BadRequest,
    /// It asks for a version other than 13: 426, with `Sec-WebSocket-Version: 13`.
    Version,
}

/// What the server answers a good request with.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// Value of `Sec-WebSocket-Accept`; over HTTP/2 there is none.
    pub accept: Option<String>,
    /// Value of `Sec-WebSocket-Protocol`.
    pub protocol: Option<String>,
    /// Value of `Sec-WebSocket-Extensions`.
    pub extensions: Option<String>,
    /// The terms of compression, if there is to be any.
    pub terms: Option<Terms>,
}

/// The answer to a client's key.
pub fn accept_key(key: &[u8]) -> String {
    derive_accept_key(key)
}

/// A fresh key for a client.
pub fn new_key() -> String {
    generate_key()
}

/// Whether a header that lists words names this one, in any case.
fn names(headers: &HeaderMap, name: HeaderName, word: &str) -> bool {
    headers
        .get_all(name)
        .iter()
        .any(|line| words(line.as_bytes()).any(|other| other.eq_ignore_ascii_case(word.as_bytes())))
}

fn words(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|byte| *byte == b',').map(<[u8]>::trim_ascii)
}

/// All lines of a header as one.
fn joined(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let mut lines = headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
    let first = lines.next()?.to_owned();
    Some(lines.fold(first, |all, line| all + "," + line))
}

/// Whether a request asks for a WebSocket.
pub fn is_upgrade(headers: &HeaderMap) -> bool {
    names(headers, header::CONNECTION, "upgrade") && names(headers, header::UPGRADE, "websocket")
}

/// What the server answers: checks the request, takes the sub-protocol if the client offers it, and agrees on compression.
///
/// # Errors
/// The request is not an opening handshake.
pub fn accept(
    method: &Method,
    version: Version,
    headers: &HeaderMap,
    protocol: Option<&str>,
    compression: Option<Compression>,
) -> Result<Accepted, Refusal> {
    let is_stream = version == Version::HTTP_2;
    if method != Method::GET || !is_stream && version != Version::HTTP_11 || !is_upgrade(headers) {
        return Err(Refusal::BadRequest);
    }
    let mut keys = headers.get_all(header::SEC_WEBSOCKET_KEY).iter();
    let key = match (keys.next(), keys.next()) {
        // a stream needs no proof that the server understands what it was asked (RFC 8441, 5)
        _ if is_stream => None,
        (Some(key), None) if is_key(key.as_bytes()) => Some(key),
        _ => return Err(Refusal::BadRequest),
    };
    if headers.get(header::SEC_WEBSOCKET_VERSION).is_none_or(|version| version.as_bytes().trim_ascii() != b"13") {
        return Err(Refusal::Version);
    }
    let offered = |protocol: &&str| {
        let lines = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL);
        lines.iter().any(|line| words(line.as_bytes()).any(|other| other == protocol.as_bytes()))
    };
    let chosen = compression.and_then(|wanted| wanted.choose(&joined(headers, header::SEC_WEBSOCKET_EXTENSIONS)?));
    let (terms, extensions) = chosen.unzip();
    Ok(Accepted {
        accept: key.map(|key| accept_key(key.as_bytes())),
        protocol: protocol.filter(offered).map(str::to_owned),
        extensions,
        terms,
    })
}

/// Sixteen bytes in base64.
fn is_key(key: &[u8]) -> bool {
    let letter = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    key.len() == KEY_LENGTH && key.ends_with(b"==") && key[..KEY_LENGTH - 2].iter().all(letter)
}

/// A client's look at the answer to its request with `key`: the terms of compression.
///
/// # Errors
/// Says why it is not the start of a WebSocket.
pub fn check(
    status: u16,
    headers: &HeaderMap,
    key: &str,
    compression: Option<Compression>,
) -> Result<Option<Terms>, &'static str> {
    if status != 101 {
        return Err("the server did not switch protocols");
    }
    if !is_upgrade(headers) {
        return Err("the server switched to another protocol");
    }
    let accept = headers.get(header::SEC_WEBSOCKET_ACCEPT).map(|value| value.as_bytes().trim_ascii());
    if accept != Some(accept_key(key.as_bytes()).as_bytes()) {
        return Err("the server's Sec-WebSocket-Accept does not fit the key");
    }
    match (joined(headers, header::SEC_WEBSOCKET_EXTENSIONS), compression) {
        (None, _) => Ok(None),
        (Some(answer), Some(offered)) => offered.agreed(&answer).map(Some),
        (Some(_), None) => Err("the server chose an extension that was not offered"),
    }
}
