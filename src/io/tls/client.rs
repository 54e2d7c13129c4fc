//! The client's side.

use super::ciphers::Dialect;
use super::error::Error;
use super::identity::Identity;
use super::trust::{Purpose, Trust, TrustFiles, check_host};
use super::verify::{OfServers, Rules};
use rustls::ClientConfig;
use rustls::client::{ResolvesClientCert, Resumption};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::CertifiedKey;
use rustls::{RootCertStore, SignatureScheme};
use std::sync::Arc;

/// What a client says about TLS.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ClientSettings {
    /// Its own certificate, for servers that ask for one.
    pub identity: Option<Identity>,
    /// Versions, ciphers, curves.
    pub dialect: Dialect,
    /// Whether the server's certificate must be trusted.
    pub verify_peer: bool,
    /// Whether it may be signed by itself.
    pub allow_self_signed: bool,
    /// How many certificates may stand between the server's and a trusted one.
    pub verify_depth: Option<usize>,
    /// The name to ask for, and which the certificate must be for when `verify_peer` is on.
    pub host_name: Option<String>,
    /// The name is where the connection goes to, not one that was asked for: a certificate that is signed by itself, where that is
    /// allowed, need not have it.
    pub host_is_assumed: bool,
    /// Whether the server is told no name.
    pub disable_sni: bool,
    /// Trusted certificates; the system's when nothing is said.
    pub trust: TrustFiles,
    /// Protocols to agree on, the preferred one first.
    pub alpn: Vec<Vec<u8>>,
}

impl ClientSettings {
    /// Reads the certificates and makes them ready for connections.
    ///
    /// # Errors
    /// A file, a cipher list or a version cannot be used.
    pub fn build(self) -> Result<ClientTls, Error> {
        let provider = self.dialect.provider()?;
        let versions = self.dialect.versions()?;
        let rules = match self.verify_peer {
            false => None,
            true => Some(Rules {
                trust: Arc::new(Trust::load(&self.trust)?),
                allow_self_signed: self.allow_self_signed,
                depth: self.verify_depth,
            }),
        };
        let complete = self.identity.as_ref().filter(|identity| identity.is_complete());
        let identity = complete.map(|identity| identity.load(&provider)).transpose()?;
        let algorithms = provider.signature_verification_algorithms;
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&versions)
            .map_err(|error| Error::context(error.to_string()))?
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth();
        let verifier =
            OfServers { rules, host: self.host_name.clone(), host_is_assumed: self.host_is_assumed, algorithms };
        config.dangerous().set_certificate_verifier(Arc::new(verifier));
        if let Some(identity) = identity {
            config.client_auth_cert_resolver = Arc::new(Always(Arc::new(identity)));
        }
        config.alpn_protocols.clone_from(&self.alpn);
        config.enable_sni = !self.disable_sni && self.host_name.is_some();
        // a store for sessions would be larger than the client
        config.resumption = Resumption::disabled();
        Ok(ClientTls { config: Arc::new(config), settings: self })
    }
}

/// A client's TLS, ready for connections.
#[derive(Debug)]
pub struct ClientTls {
    config: Arc<ClientConfig>,
    settings: ClientSettings,
}

impl ClientTls {
    /// What connections are made with, by `tokio_rustls::TlsConnector` or [`Session`](super::Session).
    pub fn config(&self) -> &Arc<ClientConfig> {
        &self.config
    }

    /// What rustls wants to be told as the server's name; without one it is an address that nobody looks at.
    pub fn server_name(&self) -> ServerName<'static> {
        let named = self.settings.host_name.clone().and_then(|name| ServerName::try_from(name).ok());
        named.unwrap_or_else(|| ServerName::IpAddress(std::net::Ipv4Addr::UNSPECIFIED.into()))
    }

    /// Judges what a server has shown, whatever `verify_peer` says.
    ///
    /// # Errors
    /// It is not trusted, or for another host, or the trusted certificates cannot be read.
    pub fn verify(&self, chain: &[CertificateDer<'_>], allow_self_signed: bool) -> Result<(), Error> {
        let trust = Trust::load(&self.settings.trust)?;
        trust.judge(chain, Purpose::Server, self.settings.verify_depth, allow_self_signed, UnixTime::now())?;
        match (&self.settings.host_name, chain.first()) {
            (Some(host), Some(end)) => check_host(end, host),
            _ => Ok(()),
        }
    }
}

/// Shows its certificate to every server that asks, as OpenSSL does.
#[derive(Debug)]
struct Always(Arc<CertifiedKey>);

impl ResolvesClientCert for Always {
    fn resolve(&self, _hints: &[&[u8]], _schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }

    fn has_certs(&self) -> bool {
        true
    }
}
