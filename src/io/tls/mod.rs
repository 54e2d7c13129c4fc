//! TLS on rustls, in the terms of Swoole's settings and OpenSSL's words.
//!
//! ```text
//! ServerSettings --build()--> ServerTls   config() for tokio_rustls::TlsAcceptor, reload() while it serves
//! ClientSettings --build()--> ClientTls   config() and server_name() for tokio_rustls::TlsConnector, verify() afterwards
//!                             Session     the same over sockets that block or say `WouldBlock`, without tokio
//! ```
//!
//! Differences from OpenSSL that stay: TLS 1.2 and 1.3 only, no DTLS; RSA keys from 2048 bits; suites with forward secrecy and
//! authenticated encryption only.

mod ciphers;
mod client;
mod error;
mod identity;
mod pem;
mod server;
mod session;
#[cfg(test)]
mod tests;
mod trust;
mod verify;
mod x509;

pub use ciphers::{DTLS, Dialect, TLS_1_2, TLS_1_3};
pub use client::{ClientSettings, ClientTls};
pub use error::{Error, Kind};
pub use identity::Identity;
pub use pem::encode as to_pem;
pub use server::{ServerSettings, ServerTls};
pub use session::{Session, peer_certificate};
pub use trust::{Purpose, Standing, Trust, TrustFiles, check_host};
