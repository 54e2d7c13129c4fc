//! The verifiers that rustls asks during a handshake.

use super::error::Error;
use super::trust::{Purpose, Standing, Trust, check_host};
use super::x509::Parts;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::WebPkiSupportedAlgorithms;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{DigitallySignedStruct, DistinguishedName, SignatureScheme};
use std::sync::Arc;
use webpki::RawPublicKeyEntity;

/// What a chain is judged by.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) trust: Arc<Trust>,
    pub(super) allow_self_signed: bool,
    pub(super) depth: Option<usize>,
}

impl Rules {
    fn judge(
        &self,
        end: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        purpose: Purpose,
        now: UnixTime,
    ) -> Result<Standing, Error> {
        let chain: Vec<CertificateDer<'_>> = std::iter::once(end).chain(others).cloned().collect();
        self.trust.judge(&chain, purpose, self.depth, self.allow_self_signed, now)
    }
}

/// Judges servers; without rules every certificate is accepted, and only that the server has its key is proven.
///
/// That is `ssl_verify_peer` being off, Swoole's default: the connection is then secret from those who listen, not from
/// whoever can put himself between.
#[derive(Debug)]
pub(super) struct OfServers {
    pub(super) rules: Option<Rules>,
    pub(super) host: Option<String>,
    /// The host is what was connected to; nobody said that the certificate has to name it.
    pub(super) host_is_assumed: bool,
    pub(super) algorithms: WebPkiSupportedAlgorithms,
}

/// What both verifiers do about signatures.
macro_rules! signatures {
    () => {
        fn verify_tls12_signature(
            &self,
            message: &[u8],
            certificate: &CertificateDer<'_>,
            signed: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, rustls::Error> {
            check_signature(&self.algorithms, message, certificate, signed)
        }

        fn verify_tls13_signature(
            &self,
            message: &[u8],
            certificate: &CertificateDer<'_>,
            signed: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, rustls::Error> {
            check_signature(&self.algorithms, message, certificate, signed)
        }

        fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
            self.algorithms.supported_schemes()
        }
    };
}

impl ServerCertVerifier for OfServers {
    fn verify_server_cert(
        &self,
        end: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if let Some(rules) = &self.rules {
            let standing = rules.judge(end, others, Purpose::Server, now)?;
            // A name that nobody vouches for says nothing, unless somebody wants to see it.
            let says = standing == Standing::Trusted || !self.host_is_assumed;
            if let Some(host) = self.host.as_ref().filter(|_| says) {
                check_host(end, host)?;
            }
        }
        Ok(ServerCertVerified::assertion())
    }

    signatures!();
}

/// Asks clients for certificates; without rules any is taken, and none as well.
#[derive(Debug)]
pub(super) struct OfClients {
    pub(super) rules: Option<Rules>,
    pub(super) subjects: Vec<DistinguishedName>,
    pub(super) algorithms: WebPkiSupportedAlgorithms,
}

impl ClientCertVerifier for OfClients {
    fn client_auth_mandatory(&self) -> bool {
        self.rules.is_some()
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &self.subjects
    }

    fn verify_client_cert(
        &self,
        end: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        if let Some(rules) = &self.rules {
            rules.judge(end, others, Purpose::Client, now)?;
        }
        Ok(ClientCertVerified::assertion())
    }

    signatures!();
}

/// Whether the peer has the key of its certificate, whatever version of X.509 that is.
fn check_signature(
    algorithms: &WebPkiSupportedAlgorithms,
    message: &[u8],
    certificate: &CertificateDer<'_>,
    signed: &DigitallySignedStruct,
) -> Result<HandshakeSignatureValid, rustls::Error> {
    let bad = || rustls::Error::InvalidCertificate(rustls::CertificateError::BadEncoding);
    let parts = Parts::of(certificate).ok_or_else(bad)?;
    let key = parts.key();
    let key = RawPublicKeyEntity::try_from(&key).map_err(|_| bad())?;
    let (_, choices) = algorithms.mapping.iter().find(|(scheme, _)| *scheme == signed.scheme).ok_or_else(|| {
        rustls::Error::PeerMisbehaved(rustls::PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme)
    })?;
    if choices.iter().any(|choice| key.verify_signature(*choice, message, signed.signature()).is_ok()) {
        Ok(HandshakeSignatureValid::assertion())
    } else {
        Err(rustls::Error::InvalidCertificate(rustls::CertificateError::BadSignature))
    }
}
