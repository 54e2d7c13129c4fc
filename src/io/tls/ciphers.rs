//! Versions, cipher suites and curves, as OpenSSL and Swoole name them.

use super::error::Error;
use rustls::crypto::{CryptoProvider, ring};
use rustls::{CipherSuite, NamedGroup, SupportedCipherSuite, SupportedProtocolVersion, version};
use std::sync::Arc;

/// `SWOOLE_SSL_TLSv1_2`.
pub const TLS_1_2: i64 = 32;
/// `SWOOLE_SSL_TLSv1_3`.
pub const TLS_1_3: i64 = 64;
/// `SWOOLE_SSL_DTLS`, which there is not.
pub const DTLS: i64 = 128;

/// What both sides can choose about how to speak.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Dialect {
    /// A sum of `SWOOLE_SSL_*` bits; 0 means all. What is older than TLS 1.2 is never spoken.
    pub protocols: i64,
    /// A list in OpenSSL's language. It chooses among the suites of TLS 1.2, as in OpenSSL.
    pub ciphers: Option<String>,
    /// Curves by OpenSSL's names with colons between, or `auto`.
    pub curves: Option<String>,
}

impl Dialect {
    /// The versions it allows.
    ///
    /// # Errors
    /// None is left.
    pub(super) fn versions(&self) -> Result<Vec<&'static SupportedProtocolVersion>, Error> {
        if self.protocols & DTLS != 0 {
            return Err(Error::context("DTLS is not supported"));
        }
        let allows = |bit| self.protocols == 0 || self.protocols & bit != 0;
        let mut versions = Vec::with_capacity(2);
        if allows(TLS_1_3) {
            versions.push(&version::TLS13);
        }
        if allows(TLS_1_2) {
            versions.push(&version::TLS12);
        }
        if versions.is_empty() {
            return Err(Error::context("no protocols available: TLS 1.2 and TLS 1.3 are the versions that there are"));
        }
        Ok(versions)
    }

    /// The algorithms it allows.
    ///
    /// # Errors
    /// A list names nothing that there is.
    pub(super) fn provider(&self) -> Result<Arc<CryptoProvider>, Error> {
        let mut provider = ring::default_provider();
        if let Some(list) = self.ciphers.as_deref().filter(|list| !list.is_empty()) {
            provider.cipher_suites = suites(&provider.cipher_suites, list)?;
        }
        if let Some(list) = self.curves.as_deref().filter(|list| !list.is_empty() && *list != "auto") {
            let groups = list.split(':').filter_map(curve);
            let known = std::mem::take(&mut provider.kx_groups);
            provider.kx_groups =
                groups.filter_map(|name| known.iter().copied().find(|group| group.name() == name)).collect();
            if provider.kx_groups.is_empty() {
                return Err(Error::context(format!("SSL_CTX_set1_curves_list(\"{list}\") failed")));
            }
        }
        Ok(Arc::new(provider))
    }
}

fn curve(name: &str) -> Option<NamedGroup> {
    Some(match name.to_ascii_lowercase().as_str() {
        "x25519" => NamedGroup::X25519,
        "p-256" | "prime256v1" | "secp256r1" => NamedGroup::secp256r1,
        "p-384" | "secp384r1" => NamedGroup::secp384r1,
        _ => return None,
    })
}

/// A suite of TLS 1.2 in the terms of OpenSSL's lists.
struct Suite {
    suite: SupportedCipherSuite,
    name: &'static str,
    ecdsa: bool,
    bits: u16,
    chacha: bool,
}

fn describe(suite: SupportedCipherSuite) -> Option<Suite> {
    use CipherSuite as C;
    let (name, ecdsa, bits, chacha) = match suite.suite() {
        C::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 => ("ECDHE-ECDSA-AES256-GCM-SHA384", true, 256, false),
        C::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 => ("ECDHE-ECDSA-AES128-GCM-SHA256", true, 128, false),
        C::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256 => ("ECDHE-ECDSA-CHACHA20-POLY1305", true, 256, true),
        C::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 => ("ECDHE-RSA-AES256-GCM-SHA384", false, 256, false),
        C::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 => ("ECDHE-RSA-AES128-GCM-SHA256", false, 128, false),
        C::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256 => ("ECDHE-RSA-CHACHA20-POLY1305", false, 256, true),
        _ => return None,
    };
    Some(Suite { suite, name, ecdsa, bits, chacha })
}

impl Suite {
    /// Whether it has the property that a word of a list names; all words joined by `+` must hold.
    fn is(&self, words: &str) -> bool {
        words.split('+').all(|word| match word {
            "ALL" | "DEFAULT" | "HIGH" | "ECDHE" | "EECDH" | "kECDHE" | "kEECDH" | "ECDH" | "TLSv1.2" => true,
            "ECDSA" | "aECDSA" => self.ecdsa,
            "aRSA" => !self.ecdsa,
            "FIPS" => !self.chacha,
            "AES" | "AESGCM" => !self.chacha,
            "AES128" => !self.chacha && self.bits == 128,
            "AES256" => !self.chacha && self.bits == 256,
            "CHACHA20" => self.chacha,
            name => name == self.name,
        })
    }
}

/// Those that `list` chooses, in its order; suites of TLS 1.3 stay as they are.
fn suites(known: &[SupportedCipherSuite], list: &str) -> Result<Vec<SupportedCipherSuite>, Error> {
    let all: Vec<Suite> = known.iter().copied().filter_map(describe).collect();
    let mut chosen: Vec<&Suite> = Vec::new();
    let mut banned: Vec<&'static str> = Vec::new();
    for word in list.split([':', ',', ' ', ';']).filter(|word| !word.is_empty()) {
        if let Some(command) = word.strip_prefix('@') {
            if command == "STRENGTH" {
                chosen.sort_by_key(|suite| std::cmp::Reverse(suite.bits));
            }
        } else if let Some(words) = word.strip_prefix('!') {
            chosen.retain(|suite| !suite.is(words));
            banned.extend(all.iter().filter(|suite| suite.is(words)).map(|suite| suite.name));
        } else if let Some(words) = word.strip_prefix('-') {
            chosen.retain(|suite| !suite.is(words));
        } else if let Some(words) = word.strip_prefix('+') {
            let (moved, stay): (Vec<_>, Vec<_>) = chosen.into_iter().partition(|suite| suite.is(words));
            chosen = stay.into_iter().chain(moved).collect();
        } else {
            for suite in all.iter().filter(|suite| suite.is(word)) {
                if !banned.contains(&suite.name) && !chosen.iter().any(|other| other.name == suite.name) {
                    chosen.push(suite);
                }
            }
        }
    }
    if chosen.is_empty() {
        return Err(Error::context(format!("SSL_CTX_set_cipher_list(\"{list}\") failed, Error: no cipher match")));
    }
    let newest = known.iter().copied().filter(|suite| suite.tls13().is_some());
    Ok(newest.chain(chosen.into_iter().map(|suite| suite.suite)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(list: &str) -> Vec<&'static str> {
        let known = ring::default_provider().cipher_suites;
        let chosen = suites(&known, list).unwrap_or_default();
        chosen.into_iter().filter_map(describe).map(|suite| suite.name).collect()
    }

    #[test]
    fn lists_are_read_as_openssl_reads_them() {
        assert_eq!(names("ALL").len(), 6);
        assert_eq!(names("EECDH+AESGCM:EDH+AESGCM:AES256+EECDH:AES256+EDH").len(), 4);
        assert_eq!(names("HIGH:!aNULL:!MD5:!CHACHA20").len(), 4);
        assert_eq!(
            names("ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384"),
            ["ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384"]
        );
        assert_eq!(names("AESGCM:!ECDSA:-AES128"), ["ECDHE-RSA-AES256-GCM-SHA384"]);
        assert_eq!(names("aRSA:+AES256").last(), Some(&"ECDHE-RSA-AES256-GCM-SHA384"));
        assert!(names("!AES:ALL").iter().all(|name| name.contains("CHACHA20")));
        assert!(names("AES128-SHA").is_empty());
        assert!(names("NULL-MD5").is_empty());
    }

    #[test]
    fn versions_follow_the_bits() {
        let versions = |protocols| Dialect { protocols, ..Dialect::default() }.versions().map(|found| found.len());
        assert_eq!(versions(0), Ok(2));
        assert_eq!(versions(TLS_1_2), Ok(1));
        assert_eq!(versions(TLS_1_2 | TLS_1_3 | 8), Ok(2));
        assert!(versions(8).is_err());
        assert!(versions(DTLS).is_err());
    }

    #[test]
    fn curves_have_several_names() {
        let groups = |curves: &str| {
            let dialect = Dialect { curves: Some(curves.to_owned()), ..Dialect::default() };
            dialect.provider().map(|provider| provider.kx_groups.iter().map(|group| group.name()).collect::<Vec<_>>())
        };
        assert_eq!(groups("prime256v1:X25519").unwrap(), [NamedGroup::secp256r1, NamedGroup::X25519]);
        assert_eq!(groups("auto").unwrap().len(), 3);
        assert!(groups("secp112r1").is_err());
    }
}
