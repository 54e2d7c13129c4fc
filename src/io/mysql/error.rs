//! The one error of the MySQL client: MySQL's number, SQL state and text, and the system's errno where there is one.

use std::fmt;
use std::io;

/// The state of errors that have no SQL state of their own.
const GENERAL: [u8; 5] = *b"HY000";

/// What went wrong, in the words and numbers that MySQL's own clients use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// MySQL's error number: the server's, one of the client's (2000 and up), or an errno for misuse of the connection.
    pub code: u32,
    /// The SQL state.
    pub state: [u8; 5],
    /// The text, in the connection's character set.
    pub message: Vec<u8>,
    /// The system's errno, when a system call failed.
    pub os: Option<i32>,
}

impl Error {
    /// Cannot connect, or not connected.
    pub const CONNECTION: u32 = 2002;
    /// The server closed the connection, or it broke.
    pub const GONE: u32 = 2006;
    /// TLS was asked for and did not come about.
    pub const TLS: u32 = 2026;
    /// The server sent something that is not MySQL.
    pub const MALFORMED: u32 = 2027;
    /// The number of parameters does not fit the statement.
    pub const PARAMETERS: u32 = 2034;
    /// The server asks for a way to authenticate that this client does not have.
    pub const UNKNOWN_AUTH: u32 = 2059;

    /// An error of this client, not of the server.
    pub fn client(code: u32, message: impl Into<Vec<u8>>) -> Self {
        Self { code, state: GENERAL, message: message.into(), os: None }
    }

    /// An error of a system call, named by its errno, while there was no session yet.
    pub fn connecting(os: i32) -> Self {
        Self { os: Some(os), ..Self::client(Self::CONNECTION, os_text(os)) }
    }

    /// The name of the server does not resolve.
    pub fn unresolved() -> Self {
        Self::client(Self::CONNECTION, "DNS Lookup resolve failed")
    }

    /// The session broke; `os` is the reason when the system gave one.
    pub fn gone(os: Option<i32>) -> Self {
        let mut message = "MySQL server has gone away".to_owned();
        if let Some(os) = os {
            message.push_str(" due to ");
            message.push_str(&os_text(os));
        }
        Self { os, ..Self::client(Self::GONE, message) }
    }

    /// The connection is closed, or was never made.
    pub fn not_connected() -> Self {
        let text = format!("{} or {}", os_text(libc::ECONNRESET), os_text(libc::ENOTCONN));
        Self { os: Some(libc::ENOTCONN), ..Self::client(Self::CONNECTION, text) }
    }

    /// The port is none.
    pub fn invalid_port(port: u16) -> Self {
        Self::client(Self::CONNECTION, format!("Invalid port [{port}]"))
    }

    /// The session cannot be put under TLS.
    pub fn tls(why: &str) -> Self {
        Self::client(Self::TLS, format!("SSL connection error: {why}"))
    }

    /// The server does not follow the protocol.
    pub fn malformed(what: &str) -> Self {
        Self::client(Self::MALFORMED, what)
    }

    /// The error packet `payload` (which starts with 0xff).
    pub(super) fn from_packet(payload: &[u8]) -> Self {
        let code = payload.get(1..3).map_or(0, |code| u32::from(u16::from_le_bytes([code[0], code[1]])));
        let rest = payload.get(3..).unwrap_or_default();
        // Before the session's abilities are agreed on there is no state.
        let (state, message) = match rest {
            [b'#', a, b, c, d, e, message @ ..] => ([*a, *b, *c, *d, *e], message),
            message => (GENERAL, message),
        };
        Self { code, state, message: message.to_vec(), os: None }
    }

    /// `SQLSTATE[state] [code] message`, as PDO and Swoole show it.
    pub fn text(&self) -> Vec<u8> {
        let mut text = Vec::with_capacity(24 + self.message.len());
        text.extend_from_slice(b"SQLSTATE[");
        text.extend_from_slice(&self.state);
        text.extend_from_slice(format!("] [{}] ", self.code).as_bytes());
        text.extend_from_slice(&self.message);
        text
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&String::from_utf8_lossy(&self.text()))
    }
}

impl std::error::Error for Error {}

/// The system's text for `errno`, without the number that Rust adds.
fn os_text(errno: i32) -> String {
    let text = io::Error::from_raw_os_error(errno).to_string();
    match text.rfind(" (os error") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_those_of_mysql_clients() {
        assert_eq!(Error::connecting(libc::ECONNREFUSED).to_string(), "SQLSTATE[HY000] [2002] Connection refused");
        assert_eq!(
            Error::gone(Some(libc::ETIMEDOUT)).to_string(),
            "SQLSTATE[HY000] [2006] MySQL server has gone away due to Connection timed out"
        );
        let packet = b"\xff\x15\x04#28000Access denied";
        assert_eq!(Error::from_packet(packet).to_string(), "SQLSTATE[28000] [1045] Access denied");
        let early = b"\xff\x10\x04Too many connections";
        assert_eq!(Error::from_packet(early).to_string(), "SQLSTATE[HY000] [1040] Too many connections");
        assert_eq!(Error::from_packet(b"\xff").to_string(), "SQLSTATE[HY000] [0] ");
    }
}
