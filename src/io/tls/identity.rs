//! A certificate and its key.

use super::error::Error;
use super::pem;
use super::x509::Parts;
use rustls::crypto::CryptoProvider;
use rustls::sign::CertifiedKey;
use std::path::PathBuf;

/// Where a certificate (with those that vouch for it) and its key are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Identity {
    /// The certificate's file, PEM.
    pub cert_file: PathBuf,
    /// The key's file, PEM; it may be the same.
    pub key_file: PathBuf,
    /// What opens the key when it is encrypted.
    pub passphrase: Option<Vec<u8>>,
}

impl Identity {
    /// Whether both files are named.
    pub fn is_complete(&self) -> bool {
        !self.cert_file.as_os_str().is_empty() && !self.key_file.as_os_str().is_empty()
    }

    /// Reads both.
    ///
    /// # Errors
    /// A file cannot be used, or they do not belong together.
    pub(super) fn load(&self, provider: &CryptoProvider) -> Result<CertifiedKey, Error> {
        let certificates = pem::certificates(&self.cert_file)?;
        let key = pem::private_key(&self.key_file, self.passphrase.as_deref())?;
        let key = provider
            .key_provider
            .load_private_key(key)
            .map_err(|error| Error::context(format!("{}: {error}", self.key_file.display())))?;
        let parts = Parts::of(&certificates[0])
            .ok_or_else(|| Error::context(format!("{}: bad certificate", self.cert_file.display())))?;
        if key.public_key().is_some_and(|public| *public != *parts.key()) {
            return Err(Error::context("SSL_CTX_check_private_key() failed, Error: key values mismatch"));
        }
        Ok(CertifiedKey::new(certificates, key))
    }
}
