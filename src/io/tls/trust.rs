//! Whom to believe: trusted certificates, and the judgement on a chain.

use super::error::Error;
use super::pem;
use super::x509::Parts;
use rustls::pki_types::{CertificateDer, ServerName, TrustAnchor, UnixTime};
use std::path::{Path, PathBuf};
use webpki::{EndEntityCert, KeyUsage, RawPublicKeyEntity};

/// Where systems keep the certificates that they trust.
const SYSTEM_FILES: [&str; 5] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
];

/// Where trusted certificates are read from; the system's when nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct TrustFiles {
    /// A file of them.
    pub cafile: Option<PathBuf>,
    /// A folder of such files.
    pub capath: Option<PathBuf>,
}

impl TrustFiles {
    /// The certificates of the file and the folder.
    pub(super) fn read(&self) -> Result<Vec<CertificateDer<'static>>, Error> {
        let mut all = Vec::new();
        if let Some(file) = &self.cafile {
            all.extend(pem::certificates(file)?);
        }
        if let Some(folder) = &self.capath {
            all.extend(folder_certificates(folder));
        }
        if self.cafile.is_none() && self.capath.is_none() {
            all.extend(system_certificates());
        }
        Ok(all)
    }
}

/// Trusted certificates.
#[derive(Debug)]
pub struct Trust {
    anchors: Vec<TrustAnchor<'static>>,
    certificates: Vec<CertificateDer<'static>>,
}

impl Trust {
    /// Reads them.
    ///
    /// # Errors
    /// A file that was named cannot be read. A system without any is no error: then nobody is trusted.
    pub fn load(files: &TrustFiles) -> Result<Self, Error> {
        Ok(Self::of(files.read()?))
    }

    /// These certificates.
    pub fn of(certificates: Vec<CertificateDer<'static>>) -> Self {
        let anchor = |certificate| webpki::anchor_from_trusted_cert(certificate).ok().map(|anchor| anchor.to_owned());
        Self { anchors: certificates.iter().filter_map(anchor).collect(), certificates }
    }

    /// The names of those who are trusted, which a server tells its clients.
    pub(super) fn subjects(&self) -> Vec<rustls::DistinguishedName> {
        let subject = |certificate| Parts::of(certificate).map(|parts| parts.subject);
        let subjects = self.certificates.iter().map(|certificate| &certificate[..]).filter_map(subject);
        subjects.map(rustls::DistinguishedName::in_sequence).collect()
    }

    /// Judges a chain, the peer's own certificate first. `depth` is how many others may stand between it and a trusted one.
    ///
    /// # Errors
    /// It is not trusted, in the words of `X509_verify_cert_error_string`.
    pub fn judge(
        &self,
        chain: &[CertificateDer<'_>],
        purpose: Purpose,
        depth: Option<usize>,
        allow_self_signed: bool,
        now: UnixTime,
    ) -> Result<Standing, Error> {
        let Some((end, others)) = chain.split_first() else {
            return Err(Error::new(super::Kind::EmptyPeerCertificate, "peer did not return a certificate"));
        };
        let parts = Parts::of(end).ok_or_else(|| Error::verify(24, "invalid certificate"))?;
        // webpki takes no certificate for its own anchor; OpenSSL does
        if self.certificates.iter().any(|known| **known == **end) {
            return check_time(&parts, now).map(|()| Standing::Trusted);
        }
        if parts.is_self_issued() {
            return match allow_self_signed {
                true => Ok(Standing::SelfSigned),
                false => Err(Error::verify(18, "self-signed certificate")),
            };
        }
        // webpki takes none of the first version; OpenSSL does
        if parts.is_first_version {
            return self.judge_first_version(&parts, now).map(|()| Standing::Trusted);
        }
        let certificate = EndEntityCert::try_from(end).map_err(|error| refused(&error, others))?;
        let usage = match purpose {
            Purpose::Server => KeyUsage::server_auth(),
            Purpose::Client => KeyUsage::client_auth(),
        };
        let algorithms = webpki::ALL_VERIFICATION_ALGS;
        let path = certificate
            .verify_for_usage(algorithms, &self.anchors, others, now, usage, None, None)
            .map_err(|error| refused(&error, others))?;
        if depth.is_some_and(|depth| path.intermediate_certificates().count() > depth) {
            return Err(Error::verify(22, "certificate chain too long"));
        }
        Ok(Standing::Trusted)
    }
}

impl Trust {
    /// Judges a certificate that has no extensions: somebody who is trusted has to have signed it himself.
    fn judge_first_version(&self, parts: &Parts<'_>, now: UnixTime) -> Result<(), Error> {
        let issuers = self.certificates.iter().filter_map(|known| Parts::of(known));
        let mut issuers = issuers.filter(|known| known.subject == parts.issuer).peekable();
        if issuers.peek().is_none() {
            return Err(Error::verify(20, "unable to get local issuer certificate"));
        }
        let issuer = issuers.find(|issuer| has_signed(issuer, parts));
        let issuer = issuer.ok_or_else(|| Error::verify(7, "certificate signature failure"))?;
        check_time(parts, now)?;
        check_time(&issuer, now)
    }
}

/// Whether the key of `issuer` made the signature of a certificate.
fn has_signed(issuer: &Parts<'_>, parts: &Parts<'_>) -> bool {
    let key = issuer.key();
    let Ok(key) = RawPublicKeyEntity::try_from(&key) else { return false };
    let algorithms = webpki::ALL_VERIFICATION_ALGS.iter();
    let mut algorithms = algorithms.filter(|algorithm| *algorithm.signature_alg_id() == *parts.algorithm);
    algorithms.any(|algorithm| key.verify_signature(*algorithm, parts.signed, parts.signature).is_ok())
}

/// Whether a certificate holds now.
fn check_time(parts: &Parts<'_>, now: UnixTime) -> Result<(), Error> {
    let now = now.as_secs() as i64;
    if now < parts.not_before {
        Err(Error::verify(9, "certificate is not yet valid"))
    } else if now > parts.not_after {
        Err(Error::verify(10, "certificate has expired"))
    } else {
        Ok(())
    }
}

/// Who vouches for a certificate that was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Somebody who is trusted.
    Trusted,
    /// Nobody but itself, which was allowed.
    SelfSigned,
}

/// For whom a certificate speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A server's certificate.
    Server,
    /// A client's certificate.
    Client,
}

/// OpenSSL's words for webpki's reasons.
fn refused(error: &webpki::Error, others: &[CertificateDer<'_>]) -> Error {
    use webpki::Error as E;
    match error {
        E::CertExpired { .. } => Error::verify(10, "certificate has expired"),
        E::CertNotValidYet { .. } => Error::verify(9, "certificate is not yet valid"),
        E::UnknownIssuer if others.iter().filter_map(|other| Parts::of(other)).any(|other| other.is_self_issued()) => {
            Error::verify(19, "self-signed certificate in certificate chain")
        }
        E::UnknownIssuer => Error::verify(20, "unable to get local issuer certificate"),
        E::InvalidSignatureForPublicKey => Error::verify(7, "certificate signature failure"),
        E::MaximumPathDepthExceeded => Error::verify(22, "certificate chain too long"),
        E::RequiredEkuNotFoundContext(_) => Error::verify(26, "unsuitable certificate purpose"),
        E::EndEntityUsedAsCa | E::CaUsedAsEndEntity | E::PathLenConstraintViolated => {
            Error::verify(24, "invalid CA certificate")
        }
        other => Error::verify(1, &format!("unspecified certificate verification error: {other}")),
    }
}

/// Whether a certificate is for this host: its alternative names, or its common name where there are none.
///
/// # Errors
/// It is for another.
pub fn check_host(certificate: &CertificateDer<'_>, host: &str) -> Result<(), Error> {
    let mismatch = || Error::verify(62, "hostname mismatch");
    if let Ok(name) = ServerName::try_from(host)
        && let Ok(end) = EndEntityCert::try_from(certificate)
        && end.verify_is_valid_for_subject_name(&name).is_ok()
    {
        return Ok(());
    }
    let parts = Parts::of(certificate).ok_or_else(mismatch)?;
    let fits = |name: &[u8]| std::str::from_utf8(name).is_ok_and(|name| matches(name, host));
    if parts.common_names().into_iter().any(fits) { Ok(()) } else { Err(mismatch()) }
}

/// Whether `host` is `pattern`, whose first label may have one `*` that stands for any letters.
pub(super) fn matches(pattern: &str, host: &str) -> bool {
    if pattern.eq_ignore_ascii_case(host) {
        return true;
    }
    let Some((before, after)) = pattern.split_once('*') else { return false };
    if before.contains('.') || host.len() < before.len() + after.len() {
        return false;
    }
    let (Some(start), Some(end)) = (host.get(..before.len()), host.get(host.len() - after.len()..)) else {
        return false;
    };
    let between = &host[before.len()..host.len() - after.len()];
    start.eq_ignore_ascii_case(before) && end.eq_ignore_ascii_case(after) && !between.contains('.')
}

/// Every certificate of every file; what is none is passed over.
fn folder_certificates(folder: &Path) -> Vec<CertificateDer<'static>> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| entry.ok()?.path().canonicalize().ok()).collect();
    // most are there twice: under their name and under its hash
    files.sort_unstable();
    files.dedup();
    files.iter().filter_map(|file| pem::certificates(file).ok()).flatten().collect()
}

fn system_certificates() -> Vec<CertificateDer<'static>> {
    let named = |variable| std::env::var_os(variable).map(PathBuf::from);
    if let Some(file) = named("SSL_CERT_FILE") {
        return pem::certificates(&file).unwrap_or_default();
    }
    if let Some(folder) = named("SSL_CERT_DIR") {
        return folder_certificates(&folder);
    }
    SYSTEM_FILES.iter().find_map(|file| pem::certificates(Path::new(file)).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_one_label() {
        assert!(matches("*.example.com", "a.example.com"));
        assert!(matches("w*.example.com", "WWW.example.com"));
        assert!(matches("example.com", "EXAMPLE.com"));
        assert!(!matches("*.example.com", "a.b.example.com"));
        assert!(!matches("*.example.com", "example.com"));
        assert!(!matches("a.*.com", "a.b.com"));
        assert!(!matches("ab*ba", "aba"));
    }
}
