//! The server's side: settings, and certificates that can be exchanged while it serves.

use super::ciphers::Dialect;
use super::error::Error;
use super::identity::Identity;
use super::trust::{Trust, TrustFiles, matches};
use super::verify::{OfClients, Rules};
use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::crypto::ring::Ticketer;
use rustls::server::{ClientHello, NoServerSessionStorage, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

/// What a listening port says about TLS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerSettings {
    /// Its own certificate, for clients that name no host or an unknown one.
    pub identity: Option<Identity>,
    /// Certificates by host name; the first part of a name may have a `*`.
    pub sni: Vec<(String, Identity)>,
    /// Versions, ciphers, curves.
    pub dialect: Dialect,
    /// Whether a client must show a certificate that is trusted. Only with `client_cert_file`, as in Swoole.
    pub verify_peer: bool,
    /// Whether a client's certificate may be signed by itself.
    pub allow_self_signed: bool,
    /// How many certificates may stand between a client's and a trusted one.
    pub verify_depth: Option<usize>,
    /// Clients are asked for certificates, of those whose certificates are in this file.
    pub client_cert_file: Option<PathBuf>,
    /// More trusted certificates.
    pub trust: TrustFiles,
    /// Protocols to agree on, the preferred one first.
    pub alpn: Vec<Vec<u8>>,
}

impl ServerSettings {
    /// Reads the certificates and makes them ready to serve.
    ///
    /// # Errors
    /// A file, a cipher list or a version cannot be used.
    pub fn build(self) -> Result<ServerTls, Error> {
        let provider = self.dialect.provider()?;
        let versions = self.dialect.versions()?;
        let certificates = Certificates::load(&self, &provider)?;
        let resolver = Arc::new(Resolver { current: RwLock::new(Arc::new(certificates)) });
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(&versions)
            .map_err(|error| Error::context(error.to_string()))?;
        let builder = match &self.client_cert_file {
            None => builder.with_no_client_auth(),
            Some(file) => {
                let mut known = super::pem::certificates(file)?;
                let subjects = Trust::of(known.clone()).subjects();
                if self.trust != TrustFiles::default() {
                    known.extend(self.trust.read()?);
                }
                let rules = self.verify_peer.then(|| Rules {
                    trust: Arc::new(Trust::of(known)),
                    allow_self_signed: self.allow_self_signed,
                    depth: self.verify_depth,
                });
                let algorithms = provider.signature_verification_algorithms;
                builder.with_client_cert_verifier(Arc::new(OfClients { rules, subjects, algorithms }))
            }
        };
        let mut config = builder.with_cert_resolver(Arc::clone(&resolver) as Arc<dyn ResolvesServerCert>);
        config.alpn_protocols.clone_from(&self.alpn);
        // tickets cost the server no memory, and forked workers understand each other's
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.ticketer = Ticketer::new().map_err(|error| Error::context(error.to_string()))?;
        config.send_tls13_tickets = 1;
        Ok(ServerTls { settings: self, config: Arc::new(config), resolver, provider })
    }
}

/// A server's TLS, ready to serve.
#[derive(Debug)]
pub struct ServerTls {
    settings: ServerSettings,
    config: Arc<ServerConfig>,
    resolver: Arc<Resolver>,
    provider: Arc<CryptoProvider>,
}

impl ServerTls {
    /// What connections are made with, by `tokio_rustls::TlsAcceptor` or [`Session`](super::Session).
    pub fn config(&self) -> &Arc<ServerConfig> {
        &self.config
    }

    /// Reads the certificates again. Open connections go on; who connects from now on sees the new ones.
    ///
    /// # Errors
    /// A file cannot be used; then the old certificates stay.
    pub fn reload(&self) -> Result<(), Error> {
        self.resolver.swap(Certificates::load(&self.settings, &self.provider)?);
        Ok(())
    }

    /// Takes other files from now on, as [`reload`](Self::reload) does with the same ones.
    ///
    /// # Errors
    /// A file cannot be used; then the old certificates stay.
    pub fn replace(&mut self, identity: Option<Identity>, sni: Vec<(String, Identity)>) -> Result<(), Error> {
        let settings = ServerSettings { identity, sni, ..self.settings.clone() };
        self.resolver.swap(Certificates::load(&settings, &self.provider)?);
        self.settings = settings;
        Ok(())
    }
}

/// The certificates in use.
#[derive(Debug)]
struct Certificates {
    own: Option<Arc<CertifiedKey>>,
    by_name: Vec<(String, Arc<CertifiedKey>)>,
}

impl Certificates {
    fn load(settings: &ServerSettings, provider: &CryptoProvider) -> Result<Self, Error> {
        let complete = settings.identity.as_ref().filter(|identity| identity.is_complete());
        let own = complete.map(|identity| identity.load(provider)).transpose()?.map(Arc::new);
        let named = |(name, identity): &(String, Identity)| Ok((name.clone(), Arc::new(identity.load(provider)?)));
        let by_name = settings.sni.iter().map(named).collect::<Result<Vec<_>, Error>>()?;
        if own.is_none() && by_name.is_empty() {
            return Err(Error::context("require `ssl_cert_file` and `ssl_key_file` options"));
        }
        Ok(Self { own, by_name })
    }
}

#[derive(Debug)]
struct Resolver {
    current: RwLock<Arc<Certificates>>,
}

impl Resolver {
    fn swap(&self, certificates: Certificates) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(certificates);
    }
}

impl ResolvesServerCert for Resolver {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let current = Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner));
        let named = hello.server_name().and_then(|host| current.by_name.iter().find(|(name, _)| matches(name, host)));
        named.map(|(_, key)| Arc::clone(key)).or_else(|| current.own.clone())
    }
}
