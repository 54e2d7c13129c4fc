//! Certificates and keys in files.

use super::error::Error;
use aes::cipher::{BlockModeDecrypt, KeyIvInit, block_padding::Pkcs7};
use md5::{Digest, Md5};
use pkcs8::EncryptedPrivateKeyInfoRef;
use rustls::pki_types::pem::{PemObject, SectionKind};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use std::path::Path;

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(path).map_err(|error| Error::context(format!("{}: {error}", path.display())))
}

/// The certificates of a file, in its order.
///
/// # Errors
/// The file cannot be read, or one of its certificates is damaged.
pub(super) fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let bytes = read(path)?;
    let found = CertificateDer::pem_slice_iter(&bytes).collect::<Result<Vec<_>, _>>();
    let found = found.map_err(|error| Error::context(format!("{}: {error}", path.display())))?;
    if found.is_empty() {
        return Err(Error::context(format!("{}: no start line", path.display())));
    }
    Ok(found)
}

/// The first private key of a file, with the passphrase's help when it is encrypted.
///
/// # Errors
/// The file cannot be read or has no key, or the passphrase does not open it.
pub(super) fn private_key(path: &Path, passphrase: Option<&[u8]>) -> Result<PrivateKeyDer<'static>, Error> {
    let bytes = read(path)?;
    let failed = |text: &str| Error::context(format!("{}: {text}", path.display()));
    let text = String::from_utf8_lossy(&bytes);
    if let Some(locked) = legacy_section(&text) {
        let passphrase = passphrase.ok_or_else(|| failed("bad password read"))?;
        return open_legacy(&locked, passphrase).ok_or_else(|| failed("bad decrypt"));
    }
    if let Some(sealed) = section(&text, "ENCRYPTED PRIVATE KEY") {
        let passphrase = passphrase.ok_or_else(|| failed("bad password read"))?;
        let sealed = EncryptedPrivateKeyInfoRef::try_from(&sealed[..]).map_err(|_| failed("asn1 decode error"))?;
        let open = sealed.decrypt(passphrase).map_err(|_| failed("bad decrypt"))?;
        return Ok(PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(open.as_bytes().to_vec())));
    }
    PrivateKeyDer::from_pem_slice(&bytes).map_err(|_| failed("no start line"))
}

/// The decoded bytes of the first block with this label.
fn section(text: &str, label: &str) -> Option<Vec<u8>> {
    let begin = format!("-----BEGIN {label}-----");
    let (_, rest) = text.split_once(&begin)?;
    let (body, _) = rest.split_once("-----END ")?;
    decode(body)
}

/// The PEM reader of rustls knows no encrypted keys: it is told that this is a certificate.
fn decode(body: &str) -> Option<Vec<u8>> {
    let framed = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", body.trim());
    let (kind, bytes) = rustls::pki_types::pem::from_buf(&mut framed.as_bytes()).ok()??;
    (kind == SectionKind::Certificate).then_some(bytes)
}

/// A key as OpenSSL encrypted it before PKCS#8.
struct Legacy {
    cipher: String,
    iv: Vec<u8>,
    data: Vec<u8>,
    pkcs1: bool,
}

fn legacy_section(text: &str) -> Option<Legacy> {
    let (kind, body) = ["RSA", "EC"].iter().find_map(|kind| {
        let (_, rest) = text.split_once(&format!("-----BEGIN {kind} PRIVATE KEY-----"))?;
        Some((*kind, rest.split_once("-----END ")?.0))
    })?;
    let body = body.replace('\r', "");
    let (head, data) = body.split_once("\n\n")?;
    let info = head.lines().find_map(|line| line.strip_prefix("DEK-Info:"))?;
    let (cipher, iv) = info.trim().split_once(',')?;
    let iv = (0..iv.len()).step_by(2).map(|at| u8::from_str_radix(iv.get(at..at + 2)?, 16).ok());
    Some(Legacy {
        cipher: cipher.to_owned(),
        iv: iv.collect::<Option<_>>()?,
        data: decode(data)?,
        pkcs1: kind == "RSA",
    })
}

fn open_legacy(locked: &Legacy, passphrase: &[u8]) -> Option<PrivateKeyDer<'static>> {
    let salt = locked.iv.get(..8)?;
    let key = |length: usize| {
        let mut key = Vec::new();
        let mut last = Vec::new();
        while key.len() < length {
            last = Md5::new().chain_update(&last).chain_update(passphrase).chain_update(salt).finalize().to_vec();
            key.extend_from_slice(&last);
        }
        key.truncate(length);
        key
    };
    macro_rules! open {
        ($cipher:ty, $length:literal) => {
            cbc::Decryptor::<$cipher>::new_from_slices(&key($length), &locked.iv)
                .ok()?
                .decrypt_padded_vec::<Pkcs7>(&locked.data)
                .ok()?
        };
    }
    let open = match locked.cipher.as_str() {
        "DES-EDE3-CBC" => open!(des::TdesEde3, 24),
        "AES-128-CBC" => open!(aes::Aes128, 16),
        "AES-192-CBC" => open!(aes::Aes192, 24),
        "AES-256-CBC" => open!(aes::Aes256, 32),
        _ => return None,
    };
    // a wrong passphrase can leave valid padding; a key is a sequence
    (open.first() == Some(&0x30))
        .then(|| if locked.pkcs1 { PrivateKeyDer::Pkcs1(open.into()) } else { PrivateKeyDer::Sec1(open.into()) })
}

/// A certificate as PEM text, as OpenSSL writes it.
pub fn encode(certificate: &CertificateDer<'_>) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(certificate.len() * 3 / 2 + 64);
    text.push_str("-----BEGIN CERTIFICATE-----\n");
    for line in certificate.chunks(48) {
        for three in line.chunks(3) {
            let all = three.iter().fold(0_u32, |all, byte| all << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
            for place in 0..4 {
                let letter = LETTERS[(all >> (18 - 6 * place)) as usize & 63];
                text.push(if place > three.len() { '=' } else { letter as char });
            }
        }
        text.push('\n');
    }
    text.push_str("-----END CERTIFICATE-----\n");
    text
}
