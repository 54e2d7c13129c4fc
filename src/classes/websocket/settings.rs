//! What the arrays given to `set()` say about WebSocket connections.

use crate::classes::settings::{find, size};
use crate::io::websocket::{Compression, Options, Terms};
use crate::zend::call::Thrown;
use crate::zend::text::Text;
use crate::zend::to_long;
use ext_php_rs::types::{ZendHashTable, Zval};

/// Settings of a server's, or a client's, WebSocket connections.
pub(crate) struct Settings {
    /// `websocket_subprotocol`.
    pub(crate) protocol: Option<String>,
    /// `websocket_compression`: what to agree on, if on anything.
    pub(crate) compression: Option<Compression>,
    /// `websocket_mask`.
    mask: Option<bool>,
    deliver_ping: bool,
    deliver_pong: bool,
    deliver_close: bool,
    /// `package_max_length`.
    longest: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            protocol: None,
            compression: None,
            mask: None,
            deliver_ping: false,
            deliver_pong: false,
            deliver_close: false,
            longest: Options::server().longest,
        }
    }
}

impl Settings {
    /// Reads the settings.
    ///
    /// # Errors
    /// A value's conversion threw.
    pub(crate) fn read(given: Option<&ZendHashTable>) -> Result<Self, Thrown> {
        let Some(given) = given else { return Ok(Self::default()) };
        let truth = |name| find(given, &[name]).map(Zval::coerce_to_bool);
        let protocol = match find(given, &["websocket_subprotocol"]) {
            Some(value) => Some(String::from_utf8_lossy(Text::of(value)?.as_bytes()).into_owned()),
            None => None,
        };
        let longest = size(given, &["package_max_length"]).and_then(|size| usize::try_from(size).ok());
        Ok(Self {
            protocol: protocol.filter(|protocol| !protocol.is_empty()),
            compression: find(given, &["websocket_compression"]).and_then(compression),
            mask: truth("websocket_mask"),
            deliver_ping: truth("open_websocket_ping_frame").unwrap_or(false),
            deliver_pong: truth("open_websocket_pong_frame").unwrap_or(false),
            deliver_close: truth("open_websocket_close_frame").unwrap_or(false),
            longest: longest.unwrap_or(Options::server().longest),
        })
    }

    /// Changes what may be set after the handshake.
    pub(crate) fn change(&self, options: &mut Options) {
        options.mask = !options.is_server && self.mask.unwrap_or(true);
        options.longest = self.longest;
        options.deliver_ping = self.deliver_ping;
        options.deliver_pong = self.deliver_pong;
        options.deliver_close = self.deliver_close;
    }

    /// How a connection behaves that has agreed on these terms.
    pub(crate) fn options(&self, is_server: bool, terms: Option<Terms>) -> Options {
        Options {
            is_server,
            // RFC 6455, 5.1: a server must not mask, and Swoole's does not whatever is set
            mask: !is_server && self.mask.unwrap_or(true),
            longest: self.longest,
            terms,
            deliver_ping: self.deliver_ping,
            deliver_pong: self.deliver_pong,
            deliver_close: self.deliver_close,
            check_text: true,
        }
    }
}

/// `true`, or an array with `context_takeover` and `window_bits`.
fn compression(value: &Zval) -> Option<Compression> {
    if !value.coerce_to_bool() {
        return None;
    }
    let mut wanted = Compression::default();
    if let Some(given) = value.array() {
        wanted.takeover = find(given, &["context_takeover"]).is_some_and(Zval::coerce_to_bool);
        if let Some(bits) = find(given, &["window_bits"]).map(to_long) {
            wanted.window_bits = bits.clamp(9, 15) as u8;
        }
    }
    Some(wanted)
}
