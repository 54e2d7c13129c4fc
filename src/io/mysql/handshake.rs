//! The packets that open a session: greeting, login, and the ways to prove a password.

use super::error::Error;
use super::wire::Cursor;
use mysql_common::{crypto, scramble};
use rustls::pki_types::SubjectPublicKeyInfoDer;
use rustls::pki_types::pem::PemObject;

/// What this client asks of the server.
pub(super) mod capability {
    pub(in super::super) const LONG_PASSWORD: u32 = 1;
    pub(in super::super) const CONNECT_WITH_DB: u32 = 1 << 3;
    pub(in super::super) const PROTOCOL_41: u32 = 1 << 9;
    pub(in super::super) const TLS: u32 = 1 << 11;
    pub(in super::super) const SECURE_CONNECTION: u32 = 1 << 15;
    pub(in super::super) const MULTI_RESULTS: u32 = 1 << 17;
    pub(in super::super) const PLUGIN_AUTH: u32 = 1 << 19;

    pub(in super::super) const ASKED: u32 =
        LONG_PASSWORD | CONNECT_WITH_DB | PROTOCOL_41 | SECURE_CONNECTION | MULTI_RESULTS | PLUGIN_AUTH;
}

/// The longest packet this client accepts, as it tells the server.
const MAX_PACKET: u32 = 1 << 30;

const NONCE: usize = 20;

/// The server's first packet.
pub(super) struct Greeting {
    pub(super) plugin: Vec<u8>,
    pub(super) nonce: Vec<u8>,
    /// Whether the server can speak TLS.
    pub(super) tls: bool,
}

impl Greeting {
    pub(super) fn parse(payload: &[u8]) -> Result<Self, Error> {
        let mut cursor = Cursor::new(payload);
        let version = cursor.u8()?;
        if version != 10 {
            return Err(Error::malformed(&format!("the server speaks protocol {version}, not MySQL's 10")));
        }
        cursor.until_zero();
        cursor.u32()?;
        let mut nonce = cursor.bytes(8)?.to_vec();
        cursor.u8()?;
        let mut capabilities = u32::from(cursor.u16()?);
        let mut plugin = Vec::new();
        if !cursor.rest().is_empty() {
            cursor.bytes(3)?;
            capabilities |= u32::from(cursor.u16()?) << 16;
            let length = usize::from(cursor.u8()?);
            cursor.bytes(10)?;
            if capabilities & capability::SECURE_CONNECTION != 0 {
                nonce.extend_from_slice(cursor.bytes(length.saturating_sub(8).max(13).min(cursor.rest().len()))?);
            }
            if capabilities & capability::PLUGIN_AUTH != 0 {
                plugin = cursor.until_zero().to_vec();
            }
        }
        if capabilities & capability::PROTOCOL_41 == 0 {
            return Err(Error::malformed("the server is older than MySQL 4.1"));
        }
        nonce.truncate(NONCE);
        Ok(Self { plugin, nonce, tls: capabilities & capability::TLS != 0 })
    }
}

/// Who logs in, to what, with which proof.
pub(super) struct Login<'a> {
    pub(super) charset: u8,
    pub(super) tls: bool,
    pub(super) user: &'a [u8],
    pub(super) database: &'a [u8],
    pub(super) plugin: &'a [u8],
    pub(super) proof: &'a [u8],
}

impl Login<'_> {
    /// Appends the part of the login packet that asks for TLS when it is sent alone.
    pub(super) fn begin(&self, out: &mut Vec<u8>) {
        let asked = if self.tls { capability::ASKED | capability::TLS } else { capability::ASKED };
        out.extend_from_slice(&asked.to_le_bytes());
        out.extend_from_slice(&MAX_PACKET.to_le_bytes());
        out.push(self.charset);
        out.extend_from_slice(&[0; 23]);
    }

    /// Appends the payload of the login packet.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        self.begin(out);
        out.extend_from_slice(self.user);
        out.push(0);
        out.push(self.proof.len() as u8);
        out.extend_from_slice(self.proof);
        out.extend_from_slice(self.database);
        out.push(0);
        out.extend_from_slice(self.plugin);
        out.push(0);
    }
}

/// The plugins this client can answer.
pub(super) fn knows(plugin: &[u8]) -> bool {
    matches!(plugin, b"mysql_native_password" | b"caching_sha2_password")
}

/// The password as it is, which only private connections may carry.
pub(super) fn plain_password(password: &[u8]) -> Vec<u8> {
    [password, b"\0"].concat()
}

/// The answer to `nonce` that proves `password`; empty for an empty password.
pub(super) fn proof(plugin: &[u8], nonce: &[u8], password: &[u8]) -> Vec<u8> {
    let nonce = nonce.get(..NONCE).unwrap_or(nonce);
    match plugin {
        b"caching_sha2_password" => scramble::scramble_sha256(nonce, password).map(Vec::from),
        _ => scramble::scramble_native(nonce, password).map(Vec::from),
    }
    .unwrap_or_default()
}

/// The password under the server's RSA key, for a server that has no cached proof of it.
pub(super) fn encrypted_password(key: &[u8], nonce: &[u8], password: &[u8]) -> Result<Vec<u8>, Error> {
    let begins = key.windows(10).position(|window| window == b"-----BEGIN").map(|at| &key[at..]);
    let Some(key) = begins else {
        return Err(Error::malformed("the server's public key is not in PEM"));
    };
    let unreadable = || Error::malformed("the server's public key is unreadable");
    let modulus = SubjectPublicKeyInfoDer::from_pem_slice(key).ok().and_then(|key| modulus_length(&key));
    // What OAEP adds to the password and its end.
    if modulus.ok_or_else(unreadable)? < password.len() + 1 + 42 {
        return Err(Error::malformed("the server's public key is too short for the password"));
    }
    let mut secret = password.to_vec();
    secret.push(0);
    for (byte, mask) in secret.iter_mut().zip(nonce.iter().cycle()) {
        *byte ^= mask;
    }
    // The crate panics on a key it cannot read; here it can, but a server must never take the process down.
    std::panic::catch_unwind(|| crypto::encrypt(&secret, key)).map_err(|_| unreadable())
}

/// How many bytes the modulus of an RSA key in DER has; `None` when it is no such key.
fn modulus_length(key: &[u8]) -> Option<usize> {
    const INTEGER: u8 = 0x02;
    const BITS: u8 = 0x03;
    const SEQUENCE: u8 = 0x30;
    let (key, _) = der(key, SEQUENCE)?;
    let (_, rest) = der(key, SEQUENCE)?;
    let (bits, _) = der(rest, BITS)?;
    let (numbers, _) = der(bits.strip_prefix(&[0])?, SEQUENCE)?;
    let (modulus, rest) = der(numbers, INTEGER)?;
    let (exponent, _) = der(rest, INTEGER)?;
    let modulus = modulus.strip_prefix(&[0]).unwrap_or(modulus);
    let sound = modulus.last().is_some_and(|byte| byte & 1 == 1) && (1..=8).contains(&exponent.len());
    sound.then_some(modulus.len())
}

/// The contents of the value with this tag that `bytes` begins with, and what follows it.
fn der(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let [first, length, rest @ ..] = bytes else { return None };
    let (length, rest) = match *length {
        short @ ..0x80 => (usize::from(short), rest),
        long => {
            let (digits, rest) = rest.split_at_checked(usize::from(long & 0x7f).min(9))?;
            (digits.iter().try_fold(0usize, |sum, digit| sum.checked_mul(256)?.checked_add(usize::from(*digit)))?, rest)
        }
    };
    (*first == tag).then(|| rest.split_at_checked(length)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_greeting_that_is_not_mysql_is_refused() {
        assert!(Greeting::parse(b"-ERR unknown command").is_err());
        assert!(Greeting::parse(b"").is_err());
        assert!(Greeting::parse(&[10]).is_err());
    }

    #[test]
    fn an_unreadable_key_is_an_error() {
        assert!(encrypted_password(b"no key", &[1; 20], b"secret").is_err());
        let broken = b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----";
        assert!(encrypted_password(broken, &[1; 20], b"secret").is_err());
        let key = include_bytes!("../../../tests/mysql-public-key.pem");
        assert_eq!(encrypted_password(key, &[1; 20], &[b'x'; 213]).unwrap().len(), 256);
        assert!(encrypted_password(key, &[1; 20], &[b'x'; 214]).is_err(), "longer than the key can carry");
    }

    #[test]
    fn no_prefix_of_a_key_is_a_key() {
        let pem = include_bytes!("../../../tests/mysql-public-key.pem");
        let key = SubjectPublicKeyInfoDer::from_pem_slice(pem).unwrap();
        assert_eq!(modulus_length(&key), Some(256));
        for end in 0..key.len() {
            assert_eq!(modulus_length(&key[..end]), None);
        }
        for at in 0..40 {
            let mut wrong = key.to_vec();
            wrong[at] ^= 0xff;
            let _ = modulus_length(&wrong);
        }
    }

    #[test]
    fn no_password_needs_no_proof() {
        assert!(proof(b"mysql_native_password", &[1; 20], b"").is_empty());
        assert_eq!(proof(b"mysql_native_password", &[1; 20], b"x").len(), 20);
        assert_eq!(proof(b"caching_sha2_password", &[1; 20], b"x").len(), 32);
    }
}
