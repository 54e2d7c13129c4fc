//! What can go wrong with TLS, in OpenSSL's words and with Swoole's numbers.

use rustls::{AlertDescription, PeerIncompatible};
use std::fmt;

/// What failed; each kind has a number of Swoole's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// There is no TLS on this connection.
    NotReady,
    /// The other side showed no certificate.
    EmptyPeerCertificate,
    /// The other side's certificate is not trusted, or is for another name.
    VerifyFailed,
    /// What came is not TLS, or broke its rules.
    BadClient,
    /// No version of the protocol is left to speak.
    BadProtocol,
    /// The connection was closed in the middle.
    Reset,
    /// The handshake came to no end.
    HandshakeFailed,
    /// Certificates, keys or settings cannot be used.
    CreateContextFailed,
    /// A connection cannot be made from the settings.
    CreateSessionFailed,
}

impl Kind {
    /// The number (`SWOOLE_ERROR_SSL_*`).
    pub const fn code(self) -> i32 {
        match self {
            Self::NotReady => 1011,
            Self::EmptyPeerCertificate => 1013,
            Self::VerifyFailed => 1014,
            Self::BadClient => 1015,
            Self::BadProtocol => 1016,
            Self::Reset => 1017,
            Self::HandshakeFailed => 1018,
            Self::CreateContextFailed => 1019,
            Self::CreateSessionFailed => 1020,
        }
    }
}

/// A failure: its kind, and what happened in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What failed.
    pub kind: Kind,
    /// OpenSSL's number of the reason, 0 when it has none.
    pub reason: i32,
    text: String,
}

impl Error {
    pub(super) fn new(kind: Kind, text: impl Into<String>) -> Self {
        Self { kind, reason: 0, text: text.into() }
    }

    /// Settings, certificates or keys cannot be used.
    pub(super) fn context(text: impl Into<String>) -> Self {
        Self::new(Kind::CreateContextFailed, text)
    }

    /// A certificate is refused for one of OpenSSL's reasons (`X509_V_ERR_*`).
    pub(super) fn verify(reason: i32, text: &str) -> Self {
        Self { kind: Kind::VerifyFailed, reason, text: text.to_owned() }
    }

    /// Swoole's number of the error.
    pub const fn code(&self) -> i32 {
        self.kind.code()
    }

    /// What happened.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Error {}

impl From<Error> for rustls::Error {
    fn from(error: Error) -> Self {
        Self::InvalidCertificate(rustls::CertificateError::Other(rustls::OtherError(std::sync::Arc::new(error))))
    }
}

impl From<&rustls::Error> for Error {
    fn from(error: &rustls::Error) -> Self {
        use rustls::Error as E;
        let (kind, reason, text) = match error {
            E::InvalidCertificate(rustls::CertificateError::Other(other)) => {
                return match other.0.downcast_ref::<Self>() {
                    Some(ours) => ours.clone(),
                    None => Self { kind: Kind::VerifyFailed, reason: 134, text: other.to_string() },
                };
            }
            E::InvalidCertificate(_) => (Kind::VerifyFailed, 134, "certificate verify failed".to_owned()),
            E::NoCertificatesPresented => {
                (Kind::EmptyPeerCertificate, 199, "peer did not return a certificate".to_owned())
            }
            E::InvalidMessage(_) => (Kind::BadClient, 267, "wrong version number".to_owned()),
            E::PeerIncompatible(PeerIncompatible::NoCipherSuitesInCommon | PeerIncompatible::NoKxGroupsInCommon) => {
                (Kind::HandshakeFailed, 193, "no shared cipher".to_owned())
            }
            E::PeerIncompatible(
                PeerIncompatible::Tls12NotOffered
                | PeerIncompatible::Tls12NotOfferedOrEnabled
                | PeerIncompatible::Tls13RequiredForQuic
                | PeerIncompatible::ServerDoesNotSupportTls12Or13
                | PeerIncompatible::SupportedVersionsExtensionRequired
                | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
            ) => (Kind::BadProtocol, 258, "unsupported protocol".to_owned()),
            E::NoApplicationProtocol => (Kind::HandshakeFailed, 235, "no application protocol".to_owned()),
            E::DecryptError => (Kind::BadProtocol, 281, "decryption failed or bad record mac".to_owned()),
            E::AlertReceived(alert) => {
                let (reason, text) = alert_words(*alert);
                (Kind::HandshakeFailed, reason, text)
            }
            E::InappropriateMessage { .. } | E::InappropriateHandshakeMessage { .. } => {
                (Kind::BadProtocol, 244, "unexpected message".to_owned())
            }
            other => (Kind::HandshakeFailed, 0, other.to_string()),
        };
        Self { kind, reason, text }
    }
}

impl From<rustls::Error> for Error {
    fn from(error: rustls::Error) -> Self {
        Self::from(&error)
    }
}

impl From<&std::io::Error> for Error {
    fn from(error: &std::io::Error) -> Self {
        if let Some(tls) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            return tls.into();
        }
        match error.kind() {
            std::io::ErrorKind::UnexpectedEof => {
                Self { kind: Kind::Reset, reason: 294, text: "unexpected eof while reading".to_owned() }
            }
            std::io::ErrorKind::ConnectionReset | std::io::ErrorKind::BrokenPipe => {
                Self::new(Kind::Reset, error.to_string())
            }
            _ => Self::new(Kind::HandshakeFailed, error.to_string()),
        }
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::from(&error)
    }
}

/// How OpenSSL calls an alert that the other side has sent.
fn alert_words(alert: AlertDescription) -> (i32, String) {
    let number = u8::from(alert);
    // those that SSL 3 had keep its name
    let family = match number {
        0..=19 | 30 | 40..=47 => "sslv3 alert",
        109..=120 => "tlsv13 alert",
        _ => "tlsv1 alert",
    };
    let debug = format!("{alert:?}");
    let words = match alert {
        AlertDescription::UnknownCA => "unknown ca".to_owned(),
        AlertDescription::BadRecordMac => "bad record mac".to_owned(),
        _ => debug
            .char_indices()
            .flat_map(|(at, letter)| {
                let gap = (at > 0 && letter.is_ascii_uppercase()).then_some(' ');
                gap.into_iter().chain([letter.to_ascii_lowercase()])
            })
            .collect(),
    };
    (1000 + i32::from(number), format!("{family} {words}"))
}
